"""Conversations through an export to Amazon Connect, as the interpreter of Connect plays it with the export's own function
and its bot that listens.

What stands outside is told as the export's README says: signals as attributes of the contact, the figures of queues by
`queues` of its function, what people did in `handoff_event` of the flow that follows them. While a customer waits or talks with a person, Connect's own
flow of the queue and the person have the contact: what happens then is not played (declared losses), and counted.
"""

import json
import pathlib

import connect
from drive_lex import text_of
from events import AT_REST, BeforeWords, Results, apart, figure, module, plain, words

MODULES = ("policy", "names", "calls", "handler", "connect")


class WithPeople(BeforeWords):
    """Something happens while the contact is in a queue or with a person."""


FALLBACK = "FallbackIntent"


class Project:
    """An export: the flows, the bot's names, and the function."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.flows = connect.read_flows(folder / "flows")
        self.function = module("connect", folder / "lambda", MODULES)
        self.lex = self.function.lex
        self.lex.log.disabled = self.function.log.disabled = True
        # Conversations have no calendar: what the hour is, nobody knows.
        self.lex.Session.now = lambda session: None
        self.names, self.policy = self.lex.names, self.lex.policy
        self.map = json.loads((folder / "names.json").read_text(encoding="utf-8"))
        self.intents = {own: name for name, own in self.names.INTENTS.items()}
        self.tiers = self.map["queues"]


class Chat:
    """One conversation."""

    def __init__(self, project, conversation):
        self.project = project
        self.results = Results(conversation["turns"])
        calls = project.lex.calls
        calls.call = lambda card, name, inputs: self.results.call(card.partition(".")[2], name)
        calls.call.request = self.results.request
        calls.queues = lambda attributes: self.queues
        note = project.function.lex.Session.__dict__.get("plain_note") or project.lex.Session.take_note
        project.lex.Session.plain_note = note
        chat = self

        def take_note(session, result):
            note(session, result)
            chat.requests += result["requests"]

        project.lex.Session.take_note = take_note
        self.by_name = {name: attribute for attribute, name in project.names.SIGNALS.items()}
        attributes = {}
        for key, value in (conversation.get("customer") or {}).items():
            if value is None:
                continue
            if key == "id":
                attributes["customer_id"] = text_of(value)
            elif "customer." + key in self.by_name:
                attributes[self.by_name["customer." + key]] = text_of(value)
        self.contact = connect.Contact(project.flows, attributes)
        self.queues, self.waiting = {}, []
        self.requests, self.ends, self.queued, self.asked = [], None, False, None

    @property
    def attributes(self):
        return self.contact.data["Attributes"]

    def play(self):
        first = next((event for event in self.results.turns if "queue" not in event), None)
        if first is None or first.get("who") != "user":
            raise BeforeWords("before the first words")
        self.goes("main")
        while self.ends is None:
            event = self.results.peek()
            if event is None:
                break
            self.results.take()
            if event.get("customer") == "left":
                break
            if "action" in event:
                continue  # nobody waited for it
            if "queue" in event:
                self.figures(event)
                if self.queued:
                    raise WithPeople("news of a queue during the wait")
            elif event.get("who") == "user":
                if self.queued:
                    raise WithPeople("words while waiting, or to a person")
                self.turn(event)
            elif "agent" in event and self.queued:
                self.person(event)
            elif "clock" in event and not self.queued:
                raise WithPeople("silence")
            else:
                raise WithPeople("the wait")
        return self

    def figures(self, event):
        """What the contact centre says of its queues."""
        known = self.queues.setdefault(event["queue"], {})
        known.update({key: plain(value) for key, value in event.items() if key != "queue"})

    def person(self, event):
        """What a person did is told when they are done."""
        self.waiting.append(plain(event))
        if event["agent"] == "accepted":
            return
        self.attributes["handoff_event"] = json.dumps(self.waiting)
        self.waiting = []
        self.goes("main")

    def goes(self, name):
        """Enters a flow of the contact."""
        self.queued = False
        self.running = self.contact.run(self.project.flows[name])
        self.answer(None)

    def answer(self, answer):
        """Sends an answer, and answers what can be, until the customer is asked or the contact is elsewhere."""
        try:
            asked = self.running.send(answer)
            while True:
                kind = asked[0]
                if kind == "lex":
                    self.asked = asked
                    return
                asked = self.running.send(self.outside(kind, asked))
        except StopIteration as stopped:
            self.asked = None
            if self.attributes.get("handoff") == "error":
                self.ends = "error"
            elif stopped.value == "queued":
                self.queued = True
            else:
                self.ends = "end"

    def outside(self, kind, asked):
        if kind == "lambda":
            # What goes over the wire is JSON.
            return json.loads(json.dumps(self.project.function.handler(json.loads(json.dumps(asked[2])))))
        if kind == "hours":
            return self.queues.get(self.tier(asked[2]), {}).get("open", True) is not False
        if kind == "metrics":
            return None  # `queues` of the function says more
        if kind == "queue":
            return None
        if kind == "callback":
            return True
        raise ValueError("nobody answers %s" % (asked,))

    def tier(self, queue):
        return self.project.tiers.get(str(queue).strip("${}"))

    def turn(self, turn):
        text = words(turn)
        _, _, given = self.asked
        attributes = {name: value for name, value in given.items() if value is not None}
        for name, value in (turn.get("signals") or {}).items():
            attribute = self.by_name.get(name)
            if attribute is None:
                continue
            attributes.pop(attribute, None)
            self.attributes.pop(attribute, None)
            if value is not None:
                attributes[attribute] = self.attributes[attribute] = text_of(value)
        requests = {key: text_of(turn[key]) for key in ("frustration", "sentiment") if figure(turn.get(key)) is not None}
        if isinstance(turn.get("channel"), str):
            requests["channel"] = turn["channel"]
        if turn.get("nlu") == "down":
            requests["nlu"] = "down"
        beside = {entity: plain(value) for entity, value in (turn.get("entities") or {}).items() if value is not None}
        if beside:
            requests["entities"] = json.dumps(beside)
        intent = self.project.intents.get(turn.get("intent"), FALLBACK)
        heard = {"name": intent, "slots": {}, "state": "InProgress"}
        listed = [{"intent": heard, "interpretationSource": "Lex"}]
        if figure(turn.get("confidence")) is not None:
            # Lex's fallback has no confidence; what came nearest stands behind it.
            if intent == FALLBACK and self.project.intents:
                near = {"name": sorted(self.project.intents.values())[0], "slots": {}, "state": "ReadyForFulfillment"}
                listed.append({"intent": near, "interpretationSource": "Lex"})
            listed[-1]["nluConfidence"] = figure(turn["confidence"])
        event = {
            "messageVersion": "1.0", "invocationSource": "DialogCodeHook", "invocationLabel": "hear", "inputMode": "Text",
            "inputTranscript": text, "sessionId": "00000000-0000-4000-8000-000000000001", "interpretations": listed,
            "requestAttributes": requests, "sessionState": {"sessionAttributes": attributes, "intent": heard},
        }
        answer = self.project.function.handler(json.loads(json.dumps(event)))
        state = json.loads(json.dumps(answer))["sessionState"]
        self.answer({"intent": intent, "attributes": state["sessionAttributes"], "state": state["intent"]["state"]})

    def place(self):
        if self.ends is not None:
            return None
        at = self.attributes.get("at", "")
        if at == "rest":
            return AT_REST
        return self.project.names.CARDS.get(at, {}).get("card", at)


def compare(project, conversation, expected):
    """What differs, or None."""
    chat = Chat(project, conversation).play()
    return apart("Connect", project, chat, conversation, expected)
