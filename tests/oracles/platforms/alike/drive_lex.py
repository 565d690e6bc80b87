"""Conversations through an export to Amazon Lex, as the interpreter of Lex plays it with the export's own function.

What a client does stands in the export's README: signals as session attributes, what people did in `handoff_event`, the
session started again with its attributes after a handoff.
"""

import json
import pathlib

import lex
from events import AT_REST, Results, apart, figure, module, plain, words

MODULES = ("policy", "names", "calls", "wire", "handler")


# Lex does not say where: at a way on that is not drawn, for good.


class Project:
    """An export: the bot and its function."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.bot = lex.Bot(self.folder / "bot")
        self.handler = module("handler", self.folder / "lambda", MODULES)
        self.handler.log.disabled = True
        # Conversations have no calendar: what the hour is, nobody knows.
        self.handler.Session.now = lambda session: None
        self.opening = False
        for name in ("wake", "meanwhile"):
            self.before_the_turn(name)
        self.names = self.handler.names
        self.policy = self.handler.policy
        self.map = json.loads((self.folder / "names.json").read_text(encoding="utf-8"))
        self.intents = {flow: own for own, flow in self.names.INTENTS.items()}
        self.kinds = {}
        for slots in self.bot.slots.values():
            for name, slot in slots.items():
                if name in self.names.SLOTS:
                    self.kinds[self.names.SLOTS[name]] = slot["slotTypeName"]

    def before_the_turn(self, name):
        """What the function finds done when it hears a turn happened before that."""
        plainly = getattr(self.handler.Session, name)

        def opens(session, *given):
            self.opening = session.label == "hear"
            plainly(session, *given)
            self.opening = False

        setattr(self.handler.Session, name, opens)


def text_of(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else format(value, "f") if hasattr(value, "as_tuple") else json.dumps(plain(value))


class Chat:
    """One conversation."""

    def __init__(self, project, conversation):
        self.project = project
        self.results = Results(conversation["turns"])
        calls = project.handler.calls
        # What happens after a turn is no answer to what was called and sent before it.
        calls.call = lambda card, name, inputs: None if project.opening else self.results.call(card.partition(".")[2], name)
        calls.call.request = lambda envelope: None if project.opening else self.results.request(envelope)
        attributes = {}
        by_name = {name: attribute for attribute, name in project.names.SIGNALS.items()}
        for key, value in (conversation.get("customer") or {}).items():
            if value is None:
                continue
            if key == "id":
                attributes["customer_id"] = text_of(value)
            elif "customer." + key in by_name:
                attributes[by_name["customer." + key]] = text_of(value)
        self.by_name = by_name
        self.session = lex.Session(project.bot, self.function, conversation["id"], attributes)
        self.waiting = []
        self.welcomed = sum(map(ord, conversation["id"])) % 2 == 0
        self.requests, self.wrong, self.ends = [], [], None

    def function(self, event):
        # What goes over the wire is JSON.
        answer = json.loads(json.dumps(self.project.handler.handler(json.loads(json.dumps(event)), None)))
        attributes = answer["sessionState"].get("sessionAttributes") or {}
        for name, value in attributes.items():
            if not isinstance(value, str):
                self.wrong.append("the attribute %s is no text" % name)
        return answer

    def play(self):
        # The channel may let the bot speak first; where something happens before the first words, it has to,
        # and where signals change with them.
        first = self.results.peek()
        if first is None or first.get("who") != "user" or first.get("signals") or self.welcomed:
            self.put("welcome")
        while self.ends is None:
            event = self.results.peek()
            if event is None:
                break
            if self.waiting and (event.get("signals") or self.answered_next()):
                self.told()  # before signals say more than they did then, and answers come to what is told later
                continue
            self.results.take()
            if event.get("who") == "user":
                self.turn(event)
            elif "action" in event:
                continue  # nobody waited for it
            elif event.get("customer") == "left":
                self.waiting.append(plain(event))
                break  # nobody hears anything any more
            else:
                self.news(event)
        if self.waiting and self.ends is None:
            self.told()
        return self

    def answered_next(self):
        """Whether the event after the next is an answer."""
        after = self.results.turns[self.results.at + 1 : self.results.at + 2]
        return any("action" in event or "handoff" in event for event in after)

    def news(self, event):
        self.waiting.append(plain(event))
        after = self.results.peek()
        if after is not None and ("action" in after or "handoff" in after):
            self.told()  # what follows from it calls at once, or sends

    def state(self):
        text = self.session.attributes.get("handoff_state")
        return (json.loads(text).get("policy") or {}) if text else {}

    def turn(self, turn):
        requests = {}
        for key in ("frustration", "sentiment"):
            if figure(turn.get(key)) is not None:
                requests[key] = text_of(turn[key])
        if isinstance(turn.get("channel"), str):
            requests["channel"] = turn["channel"]
        if turn.get("nlu") == "down":
            requests["nlu"] = "down"
        slots, beside = {}, {}
        for entity, value in (turn.get("entities") or {}).items():
            kind = self.project.kinds.get(entity)
            if value is None:
                continue
            if isinstance(value, str) and kind is not None:
                slots[kind] = value
            beside[entity] = plain(value)
        if beside:
            requests["entities"] = json.dumps(beside)
        for name, value in (turn.get("signals") or {}).items():
            attribute = self.by_name.get(name)
            if attribute is not None and value is None:
                self.session.attributes.pop(attribute, None)
            elif attribute is not None:
                self.session.attributes[attribute] = text_of(value)
        self.carry()
        intent = self.project.intents.get(turn.get("intent"))
        text = words(turn)
        confidence, near = self.sure(intent, turn, requests)
        self.session.recognize(text, intent, confidence, slots, requests=requests, near=near)
        self.heard()

    def sure(self, intent, turn, requests):
        """How sure Lex is of the intent, and of one that it did not choose. What its threshold rules out (an intent below
        it, none above it) is what a recogniser of one's own says."""
        confidence = figure(turn.get("confidence"))
        others = sorted(self.project.intents.values())
        below = confidence is not None and confidence < self.project.bot.threshold
        if confidence is None or (intent is not None and not below):
            return confidence, ()
        if intent is None and below and others:
            return None, [(others[0], confidence)]
        requests["confidence"] = text_of(turn["confidence"])
        return None, ()

    def carry(self):
        """What happened since, for the function to hear first."""
        if self.waiting:
            self.session.attributes["handoff_event"] = json.dumps(self.waiting)
            self.waiting = []

    def told(self):
        """What happened, without a turn of the customer: the session is put to the intent that hears it."""
        self.carry()
        self.put("handed_back")

    def put(self, intent):
        """`PutSession` with an intent."""
        session = self.session
        session.trace, session.messages, session.calls, session.near = [], [], 0, []
        session.text, session.requests, session.annotated = "", {}, {}
        session.understood = session.confidence = session.sentiment = None
        session.ended = False
        session.start(intent)
        self.heard()

    def heard(self):
        session = self.session
        self.wrong += session.wrong
        attributes = session.attributes
        if attributes.get("handoff") == "error":
            self.ends = "error"
        listed = json.loads(attributes.get("handoff_requests") or "[]")
        self.requests += listed
        attributes.pop("handoff_requests", None)
        # A handoff closes the conversation as failed; anything else that closes it is its end.
        if session.ended and session.intent["state"] != "Failed":
            self.ends = self.ends or "end"

    def place(self):
        """The card where the conversation stands, as Lex itself has it: None once it is over."""
        if self.ends is not None:
            return None
        attributes, session = self.session.attributes, self.session
        if session.ended:
            # A person has it, or it waits for one.
            return (self.state().get("frames") or [{"node": attributes.get("handoff_node")}])[-1]["node"]
        if session.action["type"] == "ElicitSlot":
            return self.card(session.intent["name"])
        if attributes.get("handoff_at") == "rest":
            return AT_REST
        return self.card(attributes.get("handoff_at", ""))

    def card(self, name):
        return self.project.names.CARDS.get(name, {}).get("card", name)


def compare(project, conversation, expected):
    """What differs, or None."""
    chat = Chat(project, conversation).play()
    if chat.wrong:
        return "Lex would not take it: %s" % chat.wrong[0]
    return apart("Lex", project, chat, conversation, expected)
