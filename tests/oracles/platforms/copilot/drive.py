"""Conversations through a workspace, as its README says that a client tells them: up to the transfer, after which the
conversation is the hub's. What the studio makes of the same turns is asked of the studio."""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "alike"), str(HERE.parent.parent / "reference")]
import powerfx  # noqa: E402
import topics  # noqa: E402
import workspace  # noqa: E402
from events import AT_REST, COMPARED, NotHeard, is_event, plain, words  # noqa: E402

FIGURES = ("open", "wait", "available", "position", "opens_at")


class Project:
    """An export and the flows that it was made of."""

    def __init__(self, folder, flow):
        self.workspace = workspace.Workspace(folder)
        self.names = json.loads((pathlib.Path(folder) / "names.json").read_text(encoding="utf-8"))
        self.variables = {key: name for name, key in self.names["variables"].items()}
        self.topics = {key: name for name, key in self.names["topics"].items()}
        self.documents, waiting = {}, [pathlib.Path(flow)]
        while waiting:
            path = waiting.pop()
            document = json.loads(path.read_text(encoding="utf-8"), parse_float=powerfx.Decimal)
            if document["id"] in self.documents:
                continue
            self.documents[document["id"]] = document
            called = (node["flow"] for node in document["nodes"].values() if node["kind"] == "subflow")
            waiting += [path.parent / (name + ".flow.json") for name in called]
        self.main = json.loads(pathlib.Path(flow).read_text(encoding="utf-8"))["id"]

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


def requests(listed):
    """What is compared of requests: reasons as one text, as a topic has them."""
    made = [{key: entry.get(key) for key in COMPARED} for entry in listed]
    return [{**one, "reasons": one["reasons"] if isinstance(one["reasons"], str) else ", ".join(one["reasons"])} for one in made]


def stays(project, at):
    """Whether a conversation may stay at a card for good."""
    cards = [document["nodes"][at] for document in project.documents.values() if at in document["nodes"]]
    return any(card["kind"] not in ("listen",) for card in cards)


def apart(project, chat, expected):
    """What differs, or None."""
    wanted, got = requests(expected["handoffs"]), requests(chat.requests)
    if wanted != got:
        return "requests: the studio has %s, the topics %s" % (json.dumps(wanted), json.dumps(got))
    failed = chat.talk.globals.get("outcome") == "error" and chat.talk.ended
    if expected["outcome"]["kind"] == "error":
        return None if failed else "the studio ends with an error, the topics do not"
    at, place = expected["at"] and expected["at"].rpartition("/")[2], chat.place()
    if place == AT_REST and at is not None:
        return None if stays(project, at) else "the studio waits at %s, the topics rest" % at
    gone = expected["at"] is None and any(turn.get("customer") == "left" for turn in chat.told["turns"])
    if not gone and place != at:
        return "place: the studio waits at %s, the topics at %s" % (expected["at"], place)
    return None


def keeps_place(project, expected):
    """The card that asked people and went on with the place kept, which is a declared loss of it; None where none did."""
    path = [card.rpartition("/")[2] for card in expected["path"]]
    asked = {entry["node"].rpartition("/")[2] for entry in expected["handoffs"]}
    for card, following in zip(path, path[1:]):
        for document in project.documents.values():
            rows = document["nodes"].get(card, {}).get("overflow", ())
            if card in asked and any(row.get("keep_place") and row["to"] == following for row in rows):
                return card
    return None
