"""Conversations through the topics of an export to Copilot Studio, as its README says that a client tells them: up to the
transfer, after which the conversation is the hub's."""

import json

import blocks
import powerfx
import topics
from told import AT_REST, NotHeard, is_event, plain, words

FIGURES = ("open", "wait", "available", "position", "opens_at")


class Workspace:
    """The topics of an export, from its files by their paths; `read` reads one."""

    def __init__(self, files, read=blocks.read):
        self.settings = read(files["settings.mcs.yml"])
        self.schema = self.settings["schemaName"]
        parts = {"topics": {}, "entities": {}, "variables": {}}
        for path, text in files.items():
            folder, _, name = path.partition("/")
            if folder in parts and name.endswith(".mcs.yml"):
                parts[folder][name[: -len(".mcs.yml")]] = read(text)
        self.topics, self.entities, self.variables = parts["topics"], parts["entities"], parts["variables"]


class Project:
    """An export and the flows that it was made of, by their ids."""

    def __init__(self, workspace, names, documents, main):
        self.workspace, self.names, self.documents, self.main = workspace, names, documents, main
        self.variables = {key: name for name, key in self.names["variables"].items()}
        self.topics = {key: name for name, key in self.names["topics"].items()}

    @classmethod
    def of(cls, files, documents, main):
        """The export as the studio hands it over."""
        return cls(Workspace(files), json.loads(files["names.json"]), documents, main)

    def decide(self, told):
        """What came of a conversation: its requests, where it waits, and how many of its turns were heard."""
        chat = Chat(self, told).play()
        place, ended = chat.place(), chat.talk.ended and chat.talk.transfer is None
        failed = chat.talk.globals.get("outcome") == "error"
        return {
            "handoffs": chat.requests,
            "where": ("error" if failed else "end") if ended else "open",
            "places": [] if place in (None, AT_REST) else [place],
            "rests": place == AT_REST,
            "heard": len(chat.cut()["turns"]),
        }

    def intent(self, name):
        """The topic that recognises an intent of the flow; None for one that it does not know."""
        if name not in self.documents[self.main].get("intents", {}) or name == "none":
            return None
        own = self.topics["intent " + name]
        return own if own in self.workspace.topics else "Escalate"

    def slots(self, flow, entity):
        declared = self.documents[flow].get("slots", {})
        return [(name, slot) for name, slot in declared.items() if slot.get("entity") == entity]


def mood(moods, turn):
    """The slope of the last three turns' sentiments, where two of them have one."""
    known = [(x, y) for x, y in moods if y is not None and x > turn - 3]
    if len(known) < 2:
        return None
    n = len(known)
    x, y = sum(a for a, _ in known) / powerfx.Decimal(n), sum(b for _, b in known) / powerfx.Decimal(n)
    down = sum((a - x) ** 2 for a, _ in known)
    return sum((a - x) * (b - y) for a, b in known) / down


def figure(value, low, high):
    number = isinstance(value, (int, powerfx.Decimal)) and not isinstance(value, bool)
    return powerfx.Decimal(value) if number and low <= value <= high else None


class Chat:
    """One conversation."""

    def __init__(self, project, told):
        self.project, self.told = project, told
        self.events = [(at, turn) for at, turn in enumerate(told["turns"]) if is_event(turn)]
        self.at, self.requests, self.moods, self.queue = 0, [], [], {}
        self.turn, self.taken = 0, 0
        self.talk = topics.Conversation(project.workspace, self.http, told["id"])

    def next(self, wanted):
        if self.at < len(self.events) and wanted(self.events[self.at][1]):
            self.at += 1
            self.taken = self.events[self.at - 1][0] + 1
            return self.events[self.at - 1][1]
        return None

    def http(self, method, url, body, limit):
        if url.endswith("/calls"):
            event = self.next(lambda one: one.get("action") in (body["card"], body["call"]))
            return 200, plain({key: one for key, one in (event or {"status": "ok"}).items() if key != "action"})
        self.ask(body)
        event = self.next(lambda one: "handoff" in one)
        return 200, {"status": event["handoff"], "ref": event.get("ref")} if event else {"status": "sent"}

    def ask(self, said):
        made = {key: said.get("handoff_" + key) for key in ("node", "tier", "mode", "priority", "reasons")}
        self.requests.append({**made, "priority": plain(made["priority"]), "at_turn": plain(said.get("handoff_turn"))})

    def play(self):
        customer = self.told.get("customer") or {}
        known = {"own customer_id" if key == "id" else "signal customer." + key: value for key, value in customer.items()}
        self.talk.begin(self.data(known))
        while self.at < len(self.events) and not self.talk.ended:
            event = self.next(lambda one: True)
            if event.get("who") == "user":
                self.say(event)
            elif "queue" in event:
                figures = {"queue %s %s" % (event["queue"], key): event[key] for key in FIGURES if key in event}
                self.queue |= figures
                if any(value is None for value in figures.values()):
                    raise NotHeard("a figure of a queue that is taken back")
            elif "clock" in event and self.silence():
                raise NotHeard("silence, which is a clock of the platform's own: a declared loss")
            elif event.get("customer") == "left":
                break
            if self.talk.transfer is not None and len(self.requests) == len(set(map(id, self.requests))):
                break
        if self.talk.transfer is not None:
            self.ask(self.talk.transfer["context"])
        return self

    def silence(self):
        nodes = [document["nodes"].get(self.place()) for document in self.project.documents.values()]
        return any(node and node.get("idle") for node in nodes)

    def data(self, known):
        names = self.project.variables
        told = {names[key]: value for key, value in known.items() if key in names and value is not None}
        return {"handoff": told} if told else None

    def say(self, turn):
        text = words(turn)
        self.turn += 1
        down = turn.get("nlu") == "down"
        intent = None if down else self.project.intent(turn.get("intent"))
        known = {**self.queue}
        self.queue = {}
        for name, low in (("confidence", 0), ("sentiment", -1), ("frustration", 0)):
            known["own " + name] = figure(turn.get(name), low, 1)
        if down:
            known["own confidence"], known["own nlu_ok"] = None, False
        known["own channel"] = turn.get("channel") if isinstance(turn.get("channel"), str) else None
        self.moods.append((self.turn, known["own sentiment"]))
        known["own sentiment_trend"] = mood(self.moods, self.turn)
        for name, value in (turn.get("signals") or {}).items():
            if value is None or not self.fits(name, value):
                raise NotHeard("a signal that is taken back")
            known["signal " + name] = value
        answer = self.entities(turn, intent, known)
        self.talk.message(text, intent, answer, self.data(known))

    def fits(self, name, value):
        kinds = [document.get("signals", {}).get(name) for document in self.project.documents.values()]
        for kind in filter(None, kinds):
            text = kind["type"] in ("text", "enum")
            if text != isinstance(value, str) or (kind["type"] == "bool") != isinstance(value, bool):
                return False
        return True

    def running(self):
        """The flows that the conversation is inside of, by the variables of the export."""
        names, values = self.project.variables, self.talk.globals
        return [flow for flow in self.project.documents if flow == self.project.main or values.get(names.get("in " + flow)) is not None]

    def entities(self, turn, intent, known):
        """What the question that waits is answered by; everything else is told."""
        answer, question = None, self.talk.question
        for entity, value in (turn.get("entities") or {}).items():
            if value is None:
                continue
            asked = question is not None and intent is None and self.asks(question, entity)
            for flow in self.running():
                for name, slot in self.project.slots(flow, entity):
                    if not self.right(slot, value):
                        continue
                    if asked and flow == self.asking():
                        answer = powerfx.Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
                    else:
                        known["slot " + self.key(flow, name)] = value
        return answer

    @staticmethod
    def right(slot, value):
        kind = slot["type"]
        if kind == "bool":
            return isinstance(value, bool)
        if kind in ("text", "enum"):
            return isinstance(value, str) and (kind == "text" or value in slot["values"])
        if isinstance(value, bool) or not isinstance(value, (int, powerfx.Decimal)):
            return False
        whole = kind != "integer" or value == int(value)
        return whole and slot.get("min", value) <= value <= slot.get("max", value)

    def asking(self):
        at = self.talk.globals.get("at") or ""
        return at.partition("/")[0] if "/" in at else self.project.main

    def asks(self, question, entity):
        place = self.place()
        document = self.project.documents[self.asking()]
        node = document["nodes"].get(place, {})
        return node.get("kind") == "ask" and document["slots"][node["slot"]].get("entity") == entity

    def key(self, flow, name):
        """Slots of one name and type are one slot of the run; the order is that of the flows."""
        documents = list(self.order())
        seen, made = {}, {}
        for document in documents:
            for slot, declared in document.get("slots", {}).items():
                kind = json.dumps({k: declared.get(k) for k in ("type", "values", "min", "max")}, default=str, sort_keys=True)
                number = 1
                while True:
                    key = slot if number == 1 else "%s/%d" % (slot, number)
                    if seen.setdefault(key, kind) == kind:
                        break
                    number += 1
                made[document["id"], slot] = key
        return made[flow, name]

    def order(self):
        found = [self.project.main]
        for flow in found:
            for node in self.project.documents[flow]["nodes"].values():
                if node["kind"] == "subflow" and node["flow"] not in found:
                    found.append(node["flow"])
        return [self.project.documents[flow] for flow in found]

    def place(self):
        """The card where the conversation waits."""
        if self.talk.transfer is not None:
            return self.requests[-1]["node"].rpartition("/")[2] if self.requests else None
        at = self.talk.globals.get("at")
        if self.talk.ended:
            return None
        return AT_REST if at == AT_REST else (at or "").rpartition("/")[2]

    def cut(self):
        """The conversation as far as the export heard it."""
        if self.talk.transfer is None:
            return self.told
        return {**self.told, "turns": self.told["turns"][: self.taken]}
