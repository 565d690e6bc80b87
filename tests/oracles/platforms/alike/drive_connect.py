"""Conversations through an export to Amazon Connect, as the interpreter of Connect plays it with the export's own function
and its own bot that listens, which the interpreter of Lex plays.

What stands outside is told as the export's README says: signals as attributes of the contact, the figures of queues by
`queues` of its function, what people did in `handoff_event` before the disconnect flow. While a customer waits, Connect's
flow of the queue has the contact: time passes there by the looks that it takes. From the first event on of which a loss
says that Connect does otherwise, what follows may differ; what went before may not, and nobody may ever stand in another
queue than the flow chose.
"""

import json
import pathlib

import connect
import lex
from drive_lex import text_of
from events import AT_REST, COMPARED, NotHeard, NoWords, Results, apart, figure, module, plain, requests_of, words

MODULES = ("policy", "names", "calls", "wire", "handler", "connect")
# What the placeholders of flows stand for.
ARNS = {"MainFlowArn": "main", "QueueFlowArn": "waiting", "WhisperFlowArn": "whisper", "WaysFlowArn": "ways"}


class WithPeople(NotHeard):
    """Something happened of which a loss says that Connect does otherwise, and what followed differs."""


FALLBACK = "FallbackIntent"


class Project:
    """An export: the flows, the bot, and the function of both."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.flows = connect.read_flows(folder / "flows")
        parts = {"Part%sFlowArn" % name.partition("-")[2]: name for name in self.flows if name.startswith("part-")}
        arns = {arn: name for arn, name in {**ARNS, **parts}.items() if name in self.flows}
        self.flows.update({"${%s}" % arn: self.flows[name] for arn, name in arns.items()})
        self.bot = lex.Bot(folder / "bot")
        self.function = module("connect", folder / "lambda", MODULES)
        self.lex = self.function.lex
        self.lex.log.disabled = self.function.log.disabled = True
        # Conversations have no calendar: what the hour is, nobody knows.
        self.lex.Session.now = lambda session: None
        self.names, self.policy = self.lex.names, self.lex.policy
        self.map = json.loads((folder / "names.json").read_text(encoding="utf-8"))
        self.intents = {own: name for name, own in self.names.INTENTS.items()}
        self.tiers = self.map["queues"]
        self.slots = {entity: slot for slot, entity in self.names.SLOTS.items()}

    def call(self, event):
        """What goes over the wire is JSON."""
        return json.loads(json.dumps(self.function.handler(json.loads(json.dumps(event)))))


def spoken(value, kind):
    """An entity's value as words that Lex's slot can make it of; None where there are none."""
    if kind == "number":
        fits = figure(value) is not None
    else:
        fits = isinstance(value, bool) if kind == "bool" else isinstance(value, str) and value != ""
    return text_of(value) if fits else None


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
        self.queues, self.news = {}, []
        self.requests, self.ends, self.queued, self.asked = [], None, False, None
        # What is played of the wait, of silence, and what went wrong; the first event that a loss speaks of, and how many
        # requests there were by then.
        self.wait, self.waits, self.early, self.quiet, self.wrong, self.since, self.sent = None, None, 0, 0, [], None, 0

    @property
    def attributes(self):
        return self.contact.data["Attributes"]

    def play(self):
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
            self.event(event)
        return self

    def event(self, event):
        if "queue" in event:
            self.figures(event)
            if self.queued:
                self.otherwise("news of a queue during the wait")
                self.next_look()
        elif event.get("who") == "user":
            if self.queued:
                self.otherwise("words while waiting, or to a person")
            else:
                self.turn(event)
        elif "agent" in event and self.queued:
            self.person(event)
        elif "clock" in event and self.queued:
            self.otherwise("the wait")
            seconds = figure(event["clock"]) or 0
            early = min(self.early, seconds)
            self.early -= early
            self.looks(seconds - early)
        elif "clock" in event:
            self.otherwise("silence")
            self.silence(figure(event["clock"]) or 0)
        else:
            self.otherwise("the wait")

    def otherwise(self, why):
        """From here on a loss says that Connect does otherwise."""
        if self.since is None:
            self.since, self.sent = why, len(self.requests)

    def figures(self, event):
        """What the contact centre says of its queues."""
        known = self.queues.setdefault(event["queue"], {})
        known.update({key: plain(value) for key, value in event.items() if key != "queue"})

    def person(self, event):
        """A person hears the whisper when they take the contact; what they did is told when they are done."""
        self.news.append(plain(event))
        if event["agent"] == "accepted":
            before = len(self.contact.said)
            for _ in self.contact.run(self.contact.flow_named(self.contact.hooks.get("AgentWhisper"))):
                self.wrong.append("the whisper asks something")
            if self.contact.said[before:] != [self.attributes.get("handoff_whisper", "")]:
                self.wrong.append("the person hears %s" % self.contact.said[before:])
            return
        if self.news != [{"agent": "resolved"}]:
            # A connector that knows more says so; the flow says "resolved" by itself.
            self.attributes["handoff_event"] = json.dumps(self.news)
        self.news = []
        self.goes("back")

    # The wait.

    def next_look(self):
        """News are known at the next look: its time passes before the studio's clock says so."""
        self.looks(0)
        if self.queued and self.waits is not None:
            self.early += self.waits - self.quiet
            self.looks(self.waits - self.quiet)

    def looks(self, seconds):
        """So much time passes in the flow of the queue."""
        self.quiet += seconds
        try:
            if self.wait is None:
                self.wait = self.contact.run(self.contact.flow_named(self.contact.hooks.get("CustomerQueue")))
                self.waits = self.waited(next(self.wait))
            while self.waits is not None and self.quiet >= self.waits:
                self.quiet -= self.waits
                self.waits = self.waited(self.wait.send("WaitCompleted"))
        except StopIteration as stopped:
            self.wait = None
            if stopped.value == "requeued":
                self.looks(0)
            elif stopped.value == "DisconnectParticipant":
                self.queued, self.ends = False, "end"
            else:
                self.wrong.append("the flow of the queue ends: %s" % stopped.value)

    def waited(self, asked):
        """Answers the flow of the queue until it waits again; for how long."""
        while asked[0] != "wait":
            if asked[0] == "iterate":
                answer = connect.Failed("NoMatchingError")  # prompts in a loop are for the telephone
            else:
                answer = None if asked[0] == "requeue" else self.outside(asked[0], asked)
            asked = self.wait.send(answer)
        return int(asked[1])

    def silence(self, seconds):
        """The customer says nothing for so long."""
        self.quiet += seconds
        while self.asked is not None and self.asked[3] and self.quiet >= int(self.asked[3]):
            self.quiet -= int(self.asked[3])
            self.answer({"timeout": True})

    def goes(self, name):
        """Enters a flow of the contact."""
        self.queued, self.wait, self.waits, self.quiet, self.early = False, None, None, 0, 0
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
                self.queued, self.quiet = True, 0
            else:
                self.ends = "end"

    def outside(self, kind, asked):
        if kind == "lambda":
            answer = self.project.call(asked[2])
            self.astray(answer)
            return answer
        if kind == "hours":
            return None  # `queues` of the function says whether it is open
        if kind == "metrics":
            return None  # and more than Connect knows
        if kind == "queue":
            self.stands_right()
            # A queue that is full or gone refuses the contact.
            event = self.results.peek()
            refused = event is not None and event.get("handoff") == "failed"
            return "QueueAtCapacity" if refused and self.results.take() else None
        if kind == "callback":
            event = self.results.peek()
            failed = event is not None and event.get("handoff") == "failed"
            return False if failed and self.results.take() else True
        raise ValueError("nobody answers %s" % (asked,))

    def stands_right(self):
        """The contact joins the queue of the request, with its priority."""
        request = self.requests[-1] if self.requests else {}
        queue = self.tier(self.contact.queue)
        if queue != request.get("tier") and self.attributes.get("handoff") != "error":
            self.wrong.append("the request is of the tier %s, the contact joins %s" % (request.get("tier"), queue))
        elif self.attributes.get("handoff") != "error" and self.contact.priority != str(request.get("priority")):
            self.wrong.append("the request's priority is %s, the contact's %s" % (request.get("priority"), self.contact.priority))

    def astray(self, answer):
        """During the wait the contact is in the queue of the tier that is noted, unless it is on its way to another."""
        if self.queued and answer.get("handoff_turn") == "queue" and answer.get("handoff_tier") != self.tier(self.contact.queue):
            self.wrong.append("the contact waits for %s, in the queue of %s" % (answer.get("handoff_tier"), self.tier(self.contact.queue)))

    def tier(self, queue):
        return self.project.tiers.get(str(queue).strip("${}"))

    def turn(self, turn):
        text = words(turn)
        self.quiet = 0
        attributes = {name: value for name, value in self.asked[2].items() if value is not None}
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
        slots = {}
        for entity, value in (turn.get("entities") or {}).items():
            if value == "":
                raise NoWords("a value without words")
            said = spoken(value, self.project.names.KINDS.get(entity))
            if entity in self.project.slots and said is not None:
                slots[self.project.slots[entity]] = said
        session = lex.Session(self.project.bot, self.bot(figure(turn.get("confidence"))), "s", attributes)
        session.recognize(text, self.project.intents.get(turn.get("intent")), None, slots, requests=requests)
        self.wrong += session.wrong
        self.unasked(turn, session.intent["name"])
        self.answer({"intent": session.intent["name"], "attributes": session.attributes, "state": session.intent["state"]})

    def unasked(self, turn, intent):
        """A value in a turn without an intent counts where a question asks for it: elsewhere nothing of the bot looks for
        it, or it is not told from any other words, as the losses say of its slot."""
        at = self.project.names.CARDS.get(self.attributes.get("handoff_at"), {})
        document = self.project.policy.FLOWS.get(at.get("flow"), {"nodes": {}, "entities": {}})
        slot = document["nodes"].get(at.get("card"), {}).get("slot")
        for entity, value in (turn.get("entities") or {}).items():
            asked = slot is not None and slot in document["entities"].get(entity, ())
            if intent not in self.project.names.INTENTS and value is not None and not asked:
                self.otherwise("a value that no question asks for")

    def bot(self, confidence):
        """The bot's function, told how sure Lex is of what it heard."""

        def function(event):
            listed = event["interpretations"]
            if confidence is not None and listed[0]["intent"]["name"] not in self.project.names.INTENTS and self.project.intents:
                # Lex's fallback has no confidence; what came nearest stands behind it.
                near = {"name": sorted(self.project.intents.values())[0], "slots": {}, "state": "ReadyForFulfillment"}
                listed.append({"intent": near, "interpretationSource": "Lex"})
            if confidence is not None:
                listed[-1]["nluConfidence"] = confidence
            return self.project.call(event)

        return function

    def place(self):
        if self.ends is not None:
            return None
        at = self.attributes.get("handoff_at", "")
        if at == "rest":
            return AT_REST
        return self.project.names.CARDS.get(at, {}).get("card", at)


def compare(project, conversation, expected):
    """What differs, or None."""
    chat = Chat(project, conversation).play()
    if chat.wrong:
        return chat.wrong[0]
    why = apart("Connect", project, chat, conversation, expected)
    if why is not None and chat.since is not None:
        wanted = [{key: entry.get(key) for key in COMPARED} for entry in expected["handoffs"]]
        if requests_of(chat.requests)[: chat.sent] == wanted[: chat.sent]:
            raise WithPeople(chat.since)
    return why
