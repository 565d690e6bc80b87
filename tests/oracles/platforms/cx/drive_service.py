"""The service of an exported agent, started on this machine and asked as Dialogflow CX asks it.

usage: drive_service.py PROJECT      the export of banking_fee_dispute

The requests are WebhookRequests as the vendor's page has them; every request and every answer is also read by the vendor's
own messages. What is no request must be answered with an error that says why, never with a decision.
"""

import http.client
import json
import os
import pathlib
import socket
import subprocess
import sys
import time

from google.cloud import dialogflowcx_v3beta1
from google.protobuf import json_format

FLOW = "banking_fee_dispute"
TOKEN = "of-this-run"
SESSION = "projects/p/locations/global/agents/a/sessions/s-1"


class Service:
    """The service as a process."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        settings = {**os.environ, "HOST": "127.0.0.1", "PORT": str(self.port), "HANDOFF_TOKEN": TOKEN}
        self.process = subprocess.Popen(
            [sys.executable, "service.py"], cwd=folder, env=settings, stderr=subprocess.DEVNULL
        )
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the service did not start")

    def send(self, body, path="/cx", method="POST", token=TOKEN):
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        wire.request(method, path, body, {"Content-Type": "application/json", "X-Handoff-Token": token})
        answer = wire.getresponse()
        text = answer.read()
        wire.close()
        return answer.status, json.loads(text or b"{}")

    def answers(self, body, path):
        """How often it answers to one POST."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as wire:
            head = "POST %s HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n" % (path, len(body))
            wire.sendall(head.encode() + body)
            wire.shutdown(socket.SHUT_WR)
            heard = b""
            while part := wire.recv(65536):
                heard += part
        return heard.count(b"HTTP/1.1 ")


def read(kind, value):
    """A value by the vendor's message; what is no part of it is a fault."""
    json_format.Parse(json.dumps(value), kind.pb()())


class Talk:
    """One session of the agent: parameters that travel."""

    def __init__(self, service):
        self.service, self.parameters = service, {}

    def ask(self, tag, sets=None, **more):
        self.parameters.update(sets or {})
        request = {
            "detectIntentResponseId": "d-1",
            "languageCode": "en",
            "fulfillmentInfo": {"tag": "%s %s" % (tag, FLOW)},
            "pageInfo": {"currentPage": SESSION + "/pages/x", "displayName": "main"},
            "sessionInfo": {"session": SESSION, "parameters": self.parameters},
            **more,
        }
        read(dialogflowcx_v3beta1.types.WebhookRequest, request)
        status, answer = self.service.send(json.dumps(request))
        if status != 200:
            return status, answer, []
        read(dialogflowcx_v3beta1.types.WebhookResponse, answer)
        self.parameters = {
            key: value
            for key, value in {**self.parameters, **answer["sessionInfo"]["parameters"]}.items()
            if value is not None
        }
        return status, answer, (answer.get("fulfillmentResponse") or {}).get("messages") or []


def cases(service):
    """(what, whether it is so), one after the other."""
    yield from a_conversation(service)
    yield from boundaries(service)
    yield from no_requests(service)
    yield "the service is healthy", service.send(None, "/healthz", "GET", "")[0] == 200
    yield "elsewhere is nothing", service.send(b"{}", "/elsewhere")[0] == 404
    yield "what is sent elsewhere is no request", service.answers(b"POST /cx HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", "/elsewhere") == 1
    yield "without the token nothing is answered", service.send(b"{}", token="")[0] == 401
    yield "with another token nothing is answered", service.send(b"{}", token="other")[0] == 401


UNSURE = {"text": "Why was I charged?", "intentInfo": {"displayName": "fee_dispute", "confidence": 0.62}}
OPEN = {"payload": {"now": "2026-11-23T09:00:00Z", "queue": {"tier1": {"open": True, "wait": 60}}}}


def a_conversation(service):
    talk = Talk(service)
    begun = {"handoff_trail": ";begin;start.next;greet.next", "intent": "fee_dispute", "heard": True}
    status, _, _ = talk.ask("hear main", begun, sentimentAnalysisResult={"score": -0.45, "magnitude": 0.9}, **UNSURE, **OPEN)
    yield "a turn is heard", status == 200
    yield "what happened is taken in", talk.parameters["handoff_trail"] == ""
    yield "the confidence is judged", talk.parameters["holds_trigger_uncertain_dispute_because_low_confidence"] is True
    del talk.parameters["heard"]  # as the route of the page does
    status, _, messages = talk.ask("enter to_tier1", {"handoff_trail": ";trigger.uncertain_dispute"}, **OPEN)
    request = talk.parameters.get("handoff_request") or {}
    yield "a person is asked", (status, talk.parameters.get("handoff_port")) == (200, "requested")
    yield "for these reasons", request.get("reasons") == ["low_confidence", "negative_sentiment"]
    yield "with the words of the customer", request.get("fields", {}).get("last_messages", [{}])[-1]["text"] == UNSURE["text"]
    yield "the customer hears it first", list(messages[0]) == ["text"] and list(messages[1]) == ["payload"]
    talk.ask("news to_tier1", {"handoff_event": "accepted", "handoff_data": {"name": "desk 7"}})
    yield "a person accepts", talk.parameters.get("spent_banking_fee_dispute_uncertain_dispute") is True
    talk.ask("news to_tier1", {"handoff_event": "resumed", "handoff_data": {"note": "Refunded."}})
    yield "and hands back", talk.parameters.get("handoff_port") == "resumed"
    yield "an event that is none is refused", talk.ask("news to_tier1", {"handoff_event": "danced"})[0] == 400


def boundaries(service):
    """The bound of the flow is 0.8; a figure that is not there holds nothing."""
    for confidence, expected in ((0.79, True), (0.8, False), (0.81, False), (None, False)):
        talk = Talk(service)
        told = {} if confidence is None else {"intentInfo": {"displayName": "fee_dispute", "confidence": confidence}}
        talk.ask("hear main", {"handoff_trail": ";begin;start.next;greet.next", "intent": "fee_dispute"}, text="?", **told)
        held = talk.parameters["holds_trigger_uncertain_dispute_because_low_confidence"]
        yield "confidence %s" % confidence, held is expected
    talk = Talk(service)
    trail = {"handoff_trail": ";begin;start.next;greet.next", "intent": "none"}
    late = {"payload": {"now": "2026-11-22T03:00:00Z"}}
    talk.ask("hear main", trail, text="a person, please", **late)
    talk.ask("enter to_tier1", {"handoff_trail": ";trigger.asked_for_person"}, **late)
    yield "at night the queue is closed", talk.parameters.get("handoff_port") == "closed"


def no_requests(service):
    good = {
        "fulfillmentInfo": {"tag": "hear main " + FLOW},
        "sessionInfo": {"session": SESSION, "parameters": {"intent": "none"}},
        "text": "hello",
    }

    def spoilt(**changes):
        return json.dumps({**good, **changes}).encode()

    def parameters(**held):
        return spoilt(sessionInfo={"session": SESSION, "parameters": held})

    bad = {
        "nothing": b"",
        "no JSON": b"{",
        "no UTF-8": b"\xff\xfe",
        "a list": b"[]",
        "a number": b"7",
        "an empty object": b"{}",
        "endless brackets": b"[" * 100000,
        "no tag": spoilt(fulfillmentInfo={}),
        "a tag that is no text": spoilt(fulfillmentInfo={"tag": 7}),
        "a tag of another agent": spoilt(fulfillmentInfo={"tag": "book a flight"}),
        "a card that is not there": spoilt(fulfillmentInfo={"tag": "hear nobody " + FLOW}),
        "a flow that is not there": spoilt(fulfillmentInfo={"tag": "hear main nowhere"}),
        "a row that is not there": spoilt(fulfillmentInfo={"tag": "idle[9] main " + FLOW}),
        "parameters that are none": spoilt(sessionInfo={"parameters": []}),
        "a session that is none": spoilt(sessionInfo="s-1"),
        "a state that is none": parameters(handoff_state="{}"),
        "a state of numbers": parameters(handoff_state=7),
        "a trail that is none": parameters(handoff_trail=["main.else"]),
        "a trail to nowhere": parameters(handoff_trail=";begin;nobody.next"),
        "a trigger that is none": parameters(handoff_trail=";begin;start.next;trigger.nothing"),
        "a confidence in words": spoilt(intentInfo={"confidence": "high"}),
        "a mood in words": spoilt(sentimentAnalysisResult={"score": "low"}),
        "a payload that is none": spoilt(payload="x"),
        "queues that are none": spoilt(payload={"queue": {"tier1": "open"}}),
        "a time that is none": spoilt(payload={"now": 7}),
    }
    for what, body in bad.items():
        status, answer = service.send(body)
        decided = "sessionInfo" in answer or "fulfillmentResponse" in answer
        yield "%s is refused and says why (%d)" % (what, status), status == 400 and bool(answer.get("error")) and not decided


def main(folder):
    service = Service(pathlib.Path(folder) / "webhook")
    passed = failed = 0
    try:
        for what, holds in cases(service):
            passed, failed = passed + bool(holds), failed + (not holds)
            if not holds:
                print("not so: " + what)
    finally:
        service.process.terminate()
        service.process.wait()
    print("cx service: %d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
