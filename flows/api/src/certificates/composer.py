"""Conversations through the dialogs of an export to Composer. Whoever plays is channel and hub at once, as the README of the export
asks of them: what is known is told in the data of a message, word of the queue and of people is `handoff.status`."""

import json

import adaptive
from told import is_event, plain

TOLD = ("intent", "confidence", "sentiment", "frustration", "channel", "nlu", "entities", "signals")
STATUS = {"ok": 200, "timeout": 504, "error": 422}


class Project:
    """An export."""

    def __init__(self, files):
        trees = {path: json.loads(text) for path, text in files.items() if path.endswith((".dialog", ".json", ".botproj"))}
        self.bot, self.names = adaptive.Bot(trees), trees["names.json"]

    @classmethod
    def of(cls, files, documents, main):
        """The export as the studio hands it over."""
        return cls(files)

    def decide(self, told):
        """What came of a conversation: its requests and where it waits."""
        player = Player(self, told)
        player.play()
        return player.told()


class Player:
    """One conversation."""

    def __init__(self, project, told):
        self.project, self.conversation = project, plain(told)
        self.turns, self.at = [turn for turn in self.conversation["turns"] if is_event(turn)], 0
        self.queue, self.shut, self.waited = {}, {}, 0
        self.talk = adaptive.Conversation(project.bot, self.http)

    @property
    def where(self):
        return self.talk.memory.get("where")

    def peek(self):
        return self.turns[self.at] if self.at < len(self.turns) else {}

    def http(self, url, headers, body):
        """The result of a call, if the next event is one."""
        card, call, event = headers.get("X-Handoff-Card", ""), self.project.names["calls"].get(url.rpartition("/")[2]), {"status": "ok"}
        if "action" in self.peek() and self.peek()["action"] in (card.rpartition("/")[2], card, call):
            event = self.peek()
            self.at += 1
        content = {key: event[key] for key in ("data", "code", "message") if event.get(key) is not None}
        return STATUS.get(event.get("status", "ok"), 200), content

    def play(self):
        customer = {"handoff": {"customer": self.conversation.get("customer") or {}}}
        self.send({"type": "conversationUpdate", "membersAdded": [{"id": "customer"}], "channelData": customer})
        while self.at < len(self.turns):
            turn = self.turns[self.at]
            self.at += 1
            if turn.get("customer") == "left" or self.where in ("end", "error"):
                return
            if turn.get("who") == "user":
                self.customer(turn)
            elif "queue" in turn:
                self.queued(turn)
            elif "clock" in turn:
                self.passed(turn)
            elif "handoff" in turn:
                self.hub(turn)
            elif "agent" in turn:
                self.person(turn)

    def send(self, activity):
        before = len(self.talk.requests)
        conversation, bot = {"id": self.conversation["id"]}, {"id": "bot"}
        self.talk.activity({"channelId": "test", "conversation": conversation, "recipient": bot, **activity})
        if len(self.talk.requests) > before:
            self.waited = 0
        # A hub answers every ticket; where the conversation says nothing of it, it has arrived.
        while self.where == "asked":
            answer = {"handoff": "sent"}
            if "handoff" in self.peek():
                answer = self.peek()
                self.at += 1
            self.status({"state": "failed" if answer["handoff"] == "failed" else "accepted", "ref": answer.get("ref")})

    def status(self, value):
        known = {key: one for key, one in value.items() if one is not None}
        self.send({"type": "event", "name": "handoff.status", "value": known})

    def customer(self, turn):
        told = {key: turn[key] for key in TOLD if key in turn}
        # What a turn does not say is not known of it, whatever a recognizer would make of the words.
        for key in ("intent", "confidence", "sentiment", "channel"):
            told.setdefault(key, None)
        told["entities"] = told.get("entities") or {}
        for kind in ("entities", "signals"):
            if told.get(kind):
                told[kind] = self.named(kind, told[kind])
        if self.queue:
            told["queue"] = self.named("tiers", self.queue)
        self.queue = {}
        said = {"text": turn["text"]} if turn.get("text") is not None else {}
        self.send({"type": "message", "channelData": {"handoff": told}, **said})

    def named(self, kind, values):
        """What is told, by the names that a project has where two differ in upper and lower case alone."""
        known = {own: key for key, own in self.project.names.get(kind, {}).items()}
        shared = {own for own in known for other in known if other != own and other.lower() == own.lower()}
        return {known[key] if key in shared else key: value for key, value in values.items()}

    def queued(self, turn):
        figures = {key: one for key, one in turn.items() if key not in ("queue", "t")}
        self.queue[turn["queue"]] = {**self.queue.get(turn["queue"], {}), **figures}
        if "open" in figures:
            self.shut[turn["queue"]] = figures["open"] is False
        self.send({"type": "event", "name": "handoff.queue", "channelData": {"handoff": {"queue": self.named("tiers", self.queue)}}})
        self.queue = {}
        if self.where == "waiting" and self.shut.get(self.talk.requests[-1]["tier"]):
            self.status({"state": "failed", "reason": "closed"})

    def passed(self, turn):
        if self.where != "waiting" or not isinstance(turn["clock"], (int, float)):
            return
        self.waited += turn["clock"]
        most = self.talk.requests[-1].get("max_wait")
        if most is not None and self.waited > most:
            self.status({"state": "failed", "reason": "timeout"})

    def hub(self, turn):
        if turn["handoff"] in ("failed", "sent"):
            self.status({"state": turn["handoff"], "ref": turn.get("ref") if turn["handoff"] == "sent" else None})

    def person(self, turn):
        state, told = turn["agent"], {key: turn.get(key) for key in ("name", "note", "outcome", "slots")}
        if state in ("resumed", "resolved", "escalated"):
            self.status({"state": "completed", "ended": state, **told})
        else:
            self.status({"state": state, "name": told["name"]})

    def told(self):
        memory, names = self.talk.memory, self.project.names["flows"]
        flows = {names[key]: node for key, node in (memory.get("at") or {}).items() if node}
        return {
            "handoffs": self.talk.requests,
            "where": self.where if self.where in ("end", "error") else "open",
            "places": sorted(flows.values()),
            "state": self.where,
            "outcome": memory.get("outcome"),
            "flows": flows,
        }
