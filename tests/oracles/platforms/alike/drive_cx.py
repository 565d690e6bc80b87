"""Conversations through an export to Dialogflow CX, as the interpreter of CX plays it with the export's own service, called
over HTTP on this machine.

What a client does stands in the export's README: the event `handoff-begin`, what it knows in `queryParams.payload`, what
people did as events with `handoff_data`.
"""

import http.client
import json
import logging
import pathlib
import socket
import threading
from http.server import ThreadingHTTPServer

import cx
import cx_agent
from events import AT_REST, Results, apart, figure, module, plain, words

MODULES = ("policy", "names", "systems", "adapter", "service")

# Calls of a project that go over the wire.
OVER_HTTP = 60


class Project:
    """An export: the agent and its service."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.agent = cx_agent.Agent(self.folder)
        self.service = module("service", self.folder / "webhook", MODULES)
        logging.getLogger("handoff").disabled = True
        self.systems, self.policy = self.service.adapter.systems, self.service.adapter.policy
        self.map = json.loads((self.folder / "names.json").read_text(encoding="utf-8"))
        self.intents = {flow: own for own, flow in self.map["intents"].items()}
        self.entities = {flow: "@" + own for own, flow in self.map["entities"].items()}
        self.by_parameter = {}
        for flow in self.policy.FLOWS.values():
            for entity, slots in flow["entities"].items():
                for slot in slots:
                    self.by_parameter[self.service.adapter.names.SLOTS[flow["slots"][slot]]] = entity
        # Whether anything hangs on the very words of a turn.
        written = (self.folder / "webhook" / "policy.py").read_text(encoding="utf-8")
        self.reads_words = 's["text"]' in written or 's["trigger.text"]' in written
        quick = type("Quick", (self.service.Handler,), {"disable_nagle_algorithm": True})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), quick)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.wire = http.client.HTTPConnection(*self.server.server_address[:2], timeout=30)
        self.wire.connect()
        self.calls = 0
        self.wire.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self):
        self.wire.close()
        self.server.shutdown()
        self.server.server_close()

    def webhook(self, name, request):
        """One call, as Dialogflow makes it: the first ones over HTTP, the others with the same bytes."""
        body = json.dumps(request)
        self.calls += 1
        if self.calls > OVER_HTTP:
            status, answer = self.service.respond(body.encode(), None)
            return self.read(status, json.dumps(answer))
        self.wire.request("POST", "/cx", body, {"Content-Type": "application/json"})
        answer = self.wire.getresponse()
        return self.read(answer.status, answer.read().decode("utf-8", "replace"))

    @staticmethod
    def read(status, text):
        if status != 200:
            kinds = {400: "bad-request", 401: "rejected", 403: "rejected", 404: "not-found"}
            raise cx.WebhookFailed(kinds.get(status, "unavailable"), text[:300])
        return json.loads(text)


class Chat:
    """One conversation."""

    def __init__(self, project, conversation):
        self.project = project
        self.results = Results(conversation["turns"])
        project.systems.call = self.call
        project.systems.request = self.results.request
        self.session = cx.Session(project.agent, self.webhook, conversation["id"])
        self.customer = {key: plain(one) for key, one in (conversation.get("customer") or {}).items() if one is not None}
        self.queue = {}
        self.requests, self.wrong, self.ends, self.errors = [], [], None, []

    def webhook(self, name, request):
        self.tag = request["fulfillmentInfo"]["tag"]
        try:
            return self.project.webhook(name, request)
        except cx.WebhookFailed as failed:
            self.errors.append(str(failed))
            raise

    def call(self, name, inputs):
        # The tag says which card calls: "enter NODE FLOW".
        return self.results.call(self.tag.split(" ")[1], name) or {"status": "ok"}

    def play(self):
        self.heard(self.detect(event="handoff-begin", payload={"customer": self.customer}))
        while self.ends is None:
            event = self.results.peek()
            if event is None:
                break
            self.results.take()
            if event.get("who") == "user":
                self.turn(event)
            elif "action" in event:
                continue  # nobody waited for it
            elif event.get("customer") == "left":
                break  # nobody hears anything any more
            else:
                self.news(event)
        return self

    def detect(self, payload, **given):
        # Conversations have no calendar: what the hour is, nobody knows.
        return self.session.detect(payload={**payload, "now": None}, **given)

    def state(self):
        text = self.session.params.get("handoff_state")
        return (json.loads(text).get("policy") or {}) if text else {}

    def news(self, event):
        state = self.state()
        waits = state.get("where") in ("queue", "person")
        if "queue" in event and not waits:
            figures = {key: plain(one) for key, one in event.items() if key not in ("queue", "t")}
            self.queue.setdefault(event["queue"], {}).update(figures)
            return
        kind = event.get("agent") or event.get("handoff") or ("queue" if "queue" in event else "clock")
        silence = kind == "clock" and self.rows_of_silence()
        if kind in ("used", "ran") or not (waits or state.get("request") or silence):
            return
        data = {key: plain(one) for key, one in event.items() if key not in ("agent", "handoff", "queue", "clock", "t")}
        if kind == "queue":
            data["tier"] = event["queue"]
        if kind == "clock":
            data["seconds"] = plain(event["clock"])
        self.heard(self.detect(event="handoff-" + kind, parameters={"handoff_data": data}, payload={}))

    def rows_of_silence(self):
        """Whether the card where the session is has anything to say or do about silence."""
        node = self.place()
        return any(flow["nodes"].get(node, {}).get("idle") for flow in self.project.policy.FLOWS.values())

    def turn(self, turn):
        # What is known of the customer now, no longer what was known at the beginning.
        for name, value in (turn.get("signals") or {}).items():
            scope, _, key = name.partition(".")
            if scope == "customer" and key in self.customer and key != "id":
                self.customer[key] = plain(value)
        payload = {"customer": {key: value for key, value in self.customer.items() if value is not None}}
        if figure(turn.get("frustration")) is not None:
            payload["frustration"] = figure(turn["frustration"])
        for key in ("channel", "nlu", "signals"):
            if turn.get(key) is not None:
                payload[key] = plain(turn[key])
        entities = {key: plain(one) for key, one in (turn.get("entities") or {}).items() if one is not None}
        if self.queue:
            payload["queue"], self.queue = self.queue, {}
        text = words(turn)
        annotations = {self.project.entities[key]: one for key, one in entities.items() if key in self.project.entities}
        found = self.answer(turn, entities, annotations)
        if found is None:
            # What a recogniser of one's own found, nothing too.
            payload["entities"] = entities
        else:
            text = found
        intent, confidence = self.project.intents.get(turn.get("intent")), figure(turn.get("confidence"))
        if confidence is not None and (intent is None or confidence < self.session.flow.threshold):
            # CX says how sure it is of a matched intent, which lies above its threshold: this is a recogniser of one's own.
            payload["confidence"], confidence = confidence, None
        feeling = figure(turn.get("sentiment"))
        sentiment = None if feeling is None else {"score": feeling, "magnitude": abs(feeling)}
        self.heard(
            self.detect(
                text=text,
                intent=intent,
                confidence=confidence,
                annotations=annotations,
                sentiment=sentiment,
                payload=payload,
            )
        )

    def answer(self, turn, entities, annotations):
        """The words in which the agent itself finds these entities; None where it does not, or a condition reads words."""
        asked = self.session.asked()
        entity = self.project.by_parameter.get(asked["displayName"]) if asked else None
        if entity is None or set(entities) != {entity} or turn.get("intent") in self.project.intents:
            return None
        value = entities[entity]
        if asked["entityType"] != "@sys.any":
            annotations[asked["entityType"]] = value
            return words(turn)
        said = isinstance(value, str) and value.strip() and not self.project.reads_words
        return value if said else None

    def heard(self, answer):
        self.wrong += answer.wrong
        told = [one["handoff_request"] for one in answer.payloads if "handoff_request" in one]
        self.requests += told
        # What reaches a person says the same of the request as the request itself.
        for metadata in answer.handoffs:
            request = metadata.get("request")
            if isinstance(request, dict) and metadata.get("tier") != request.get("tier"):
                self.wrong.append("liveAgentHandoff goes to %s, its request to %s" % (metadata.get("tier"), request.get("tier")))
        asked = [one for one in told if one["mode"] in ("transfer", "copilot")]
        if len(answer.handoffs) != len(asked):
            self.wrong.append("%d requests to people, %d liveAgentHandoff" % (len(asked), len(answer.handoffs)))
        if self.session.ended:
            self.ends = self.session.ended

    def place(self):
        """The card of the page where the session is; None once it is over."""
        if self.ends is not None:
            return None
        session = self.session
        pages = self.project.map["pages"].get(session.flow.name, {})
        name = session.page.name
        while name not in pages and " " in name:
            name = name.rpartition(" ")[0]
        if name in pages:
            return pages[name].rpartition("/")[2]
        return AT_REST


def compare(project, conversation, expected):
    """What differs, or None."""
    chat = Chat(project, conversation).play()
    if chat.errors and expected["outcome"]["kind"] != "error":
        return "the service: %s" % chat.errors[0]
    if chat.wrong:
        return "CX would not take it: %s" % chat.wrong[0]
    return apart("CX", project, chat, conversation, expected, failed=("escalated", "flow.failed"))
