"""Section 2, signals: what every name is worth at a moment of a run."""

from datetime import datetime, timedelta, timezone
from fractions import Fraction

import conditions
import hours
from values import UNSET, fit, is_number, mapping

TEXT = {"type": "text"}
CONFIDENCE = {"type": "number", "min": 0, "max": 1}
SENTIMENT = {"type": "number", "min": -1, "max": 1}
FRUSTRATION = {"type": "number", "min": 0, "max": 1}
WAIT = {"type": "number", "min": 0, "max": 86400}
BOOL = {"type": "bool"}
COUNT = {"type": "integer"}


class Cell:
    """The place of one slot's value; a caller and its subflow may hold the same one."""

    def __init__(self):
        self.value = UNSET


class Frame:
    """A flow that runs: the main one, or one that a subflow node called."""

    def __init__(self, flow, caller=None, caller_node=None):
        self.flow = flow
        self.caller_node = caller_node
        self.prefix = "" if caller is None else caller.prefix + caller_node + "/"
        self.outputs = {}
        self.slots = {}
        for name, slot in flow.part("slots").items():
            # Slots of the same name and type are shared with the caller.
            shared = caller is not None and name in caller.slots
            if shared and (caller.flow.part("slots")[name].get("type") or "text") == (slot.get("type") or "text"):
                self.slots[name] = caller.slots[name]
            else:
                self.slots[name] = Cell()

    def set_slot(self, name, value):
        """A value that does not fit makes the slot unset."""
        self.slots[name].value = fit(value, self.flow.part("slots")[name])


class Signals:
    """Everything that is known outside of the slots and outputs."""

    def __init__(self, flow, conversation):
        self.flow = flow
        self.now = {}
        self.declared = {}
        self.queues = {}
        self.requests = {}
        self.turn = self.repeats = self.no_match = self.attempts = 0
        self.intent = "none"
        self.nlu_ok = True
        self.moods = []
        self.texts = {"conversation.id": conversation["id"]}
        self.start = None
        self.elapsed = Fraction(0)
        if conversation.get("start") is not None:
            self.start = read_instant(conversation["start"])
        for key, value in (conversation.get("customer") or {}).items():
            # `customer` keys become `customer.<key>`.
            if key == "id":
                self.texts["customer.id"] = fit(value, TEXT)
            self.tell("customer." + key, value)

    # -- a customer's turn, step 1

    def tell(self, name, value):
        """Set a signal from outside; what no flow declares is nobody's."""
        self.declared[name] = value

    def hear(self, line):
        """The signals of a customer's turn; absent or null is unset."""
        down = line.get("nlu") == "down"
        self.nlu_ok = not down
        for name, kind in (
            ("text", TEXT),
            ("channel", TEXT),
            ("confidence", CONFIDENCE),
            ("sentiment", SENTIMENT),
            ("frustration", FRUSTRATION),
        ):
            self.now[name] = fit(line.get(name), kind)
        if down:
            self.now["confidence"] = UNSET
        intent = line.get("intent")
        # An intent that the flow does not declare counts as `none`; so does none at all.
        if down or not isinstance(intent, str) or intent not in self.flow.part("intents"):
            intent = "none"
        for name, value in mapping(line.get("signals")).items():
            self.tell(name, value)
        # Counters: the turn, turns in a row with the same intent, turns in a row with `none`.
        self.repeats = self.repeats + 1 if self.turn > 0 and intent == self.intent else 1
        self.no_match = self.no_match + 1 if intent == "none" else 0
        self.turn += 1
        self.intent = intent
        self.moods.append(self.now["sentiment"])

    # -- queues and time

    def instant(self):
        begin = self.start or datetime(1970, 1, 1, tzinfo=timezone.utc)
        return begin + timedelta(microseconds=int(self.elapsed * 1000000))

    def queue_says(self, event):
        """Keys that are absent keep their value."""
        queue = self.queues.setdefault(event["queue"], {})
        for key, kind in (("wait", WAIT), ("open", BOOL), ("available", COUNT), ("position", COUNT), ("opens_at", TEXT)):
            if key in event:
                queue[key] = fit(event[key], kind)

    def queue(self, flow, tier, what):
        value = self.queues.get(tier, {}).get(what, UNSET)
        if what == "wait" and value is UNSET:
            return Fraction(0)
        if what == "open" and value is UNSET:
            return self.open_by_hours(flow, tier)
        return value

    def open_by_hours(self, flow, tier):
        """Before any word of the queue: the tier's hours when the conversation has a start, else open."""
        calendar = flow.part("hours").get((flow.part("tiers").get(tier) or {}).get("hours"))
        if self.start is None or calendar is None:
            return True
        return hours.is_open(calendar, self.instant())

    def trend(self):
        """Least-squares slope of the sentiment over the last three turns, at least two of them having one."""
        count = len(self.moods)
        points = [(Fraction(x), self.moods[x]) for x in range(max(0, count - 3), count) if self.moods[x] is not UNSET]
        if len(points) < 2:
            return UNSET
        middle_x = sum(x for x, _ in points) / len(points)
        middle_y = sum(y for _, y in points) / len(points)
        above = sum((x - middle_x) * (y - middle_y) for x, y in points)
        below = sum((x - middle_x) ** 2 for x, _ in points)
        return above / below

    # -- reading a name

    def read(self, name, frame, pending, row=None):
        """The value of a name in a frame. `row` is (tier, priority) in a handoff's rows."""
        if name in ("text", "channel", "confidence", "sentiment", "frustration"):
            return self.now.get(name, UNSET)
        if name == "intent":
            return self.intent
        if name == "sentiment_trend":
            return self.trend()
        if name in ("turn", "repeats", "no_match", "attempts"):
            return Fraction(getattr(self, name))
        if name == "handoffs":
            return Fraction(sum(self.requests.values()))
        if name == "nlu.ok":
            return self.nlu_ok
        if name == "handoff.pending":
            return pending is not None
        if name == "waited":
            return pending.waited if pending is not None else Fraction(0)
        if row is not None and name == "priority":
            return Fraction(row[1])
        if row is not None and name in ("queue.wait", "queue.open", "queue.available", "queue.position"):
            return self.queue(frame.flow, row[0], name[len("queue."):])
        if name in frame.flow.part("signals"):
            return fit(self.declared.get(name), frame.flow.part("signals")[name])
        if name in frame.flow.part("scores"):
            return self.score(frame.flow.part("scores")[name], frame, pending)
        head, _, rest = name.partition(".")
        if head == "const":
            return _constant(frame.flow.part("constants")[rest])
        if head == "slots":
            return frame.slots[rest].value
        if head == "handoffs":
            return Fraction(self.requests.get(rest, 0))
        if head == "queue":
            tier, _, what = rest.rpartition(".")
            return self.queue(frame.flow, tier, what)
        if head in frame.flow.nodes:
            return frame.outputs.get(head, {}).get(rest, UNSET)
        return self.texts.get(name, UNSET)

    def score(self, score, frame, pending):
        """clamp(base + points of each row that holds), computed whenever it is read."""
        total = score["base"]
        for row in score["add"]:
            if conditions.holds(row["when"], lambda name: self.read(name, frame, pending)):
                total += row["points"]
        return max(score["min"], min(score["max"], total))


def _constant(entry):
    value = entry["value"]
    return Fraction(value) if is_number(value) else value


def read_instant(text):
    instant = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return instant if instant.tzinfo else instant.replace(tzinfo=timezone.utc)
