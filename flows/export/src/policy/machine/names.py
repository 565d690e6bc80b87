def new_state():
    """A conversation before its first event."""
    return {
        "flow": FLOW,
        "frames": [],
        "where": "new",
        "turn": 0,
        "repeats": 0,
        "no_match": 0,
        "attempts": 0,
        "last_intent": None,
        "basic": {"intent": "none", "nlu.ok": True},
        "moods": [],
        "signals": {},
        "slots": {},
        "outputs": {},
        "error": {},
        "agent": {},
        "trigger": {},
        "spent": [],
        "queue": {},
        "sent": {},
        "request": None,
        "reasons": [],
        "contexts": {},
        "ref": None,
        "waited": Decimal(0),
        "tried": [],
        "path": [],
        "outcome": None,
        "silent": Decimal(0),
        "idled": [],
        "moment": None,
        "transcript": [],
    }


class Names:
    """What every name of a flow means at this moment; None when it is unset."""

    def __init__(self, machine, flow, handoff=None):
        self.machine, self.flow, self.handoff = machine, flow, handoff

    def __getitem__(self, name):
        state = self.machine.state
        document = FLOWS[self.flow]
        if name in document["scores"]:
            return self.score(document["scores"][name])
        if name in ("text", "channel", "intent", "confidence", "sentiment", "frustration", "nlu.ok"):
            return state["basic"].get(name)
        if name in ("turn", "repeats", "no_match", "attempts"):
            return Decimal(state[name])
        if name == "sentiment_trend":
            return trend(state["moods"], state["turn"])
        if name == "handoffs":
            return Decimal(sum(state["sent"].values()))
        if name == "waited":
            return state["waited"] if pending(state) else Decimal(0)
        if name == "priority":
            return Decimal(self.handoff["priority"]) if self.handoff else None
        first, _, rest = name.partition(".")
        if first == "const":
            return document["constants"].get(rest)
        if first == "slots":
            return state["slots"].get(document["slots"].get(rest, rest))
        if first == "handoffs":
            return Decimal(state["sent"].get(rest, 0))
        if first == "queue":
            return self.queue(rest)
        if first in ("error", "agent", "trigger"):
            return state[first].get(rest)
        if first == "handoff":
            return {"ref": state["ref"], "pending": pending(state), "reasons": state["reasons"]}.get(rest)
        if rest and document["nodes"].get(first, {}).get("kind") == "action":
            return state["outputs"].get(self.flow + "." + first, {}).get(rest)
        if name == "flow.revision":
            return REVISION
        return state["signals"].get(name)

    def score(self, score):
        total = score["base"]
        for row in score["add"]:
            if row["when"](self):
                total = EXACT.add(total, row["points"])
        return min(max(total, score["min"]), score["max"])

    def queue(self, name):
        tier, _, field = name.rpartition(".")
        if not tier:
            if self.handoff is None:
                return None
            tier = self.handoff["tier"]
        known = self.machine.state["queue"].get(tier, {})
        if field == "open" and field not in known:
            moment = self.machine.state["moment"]
            return moment is None or is_open(tier, moment)
        return known.get(field, Decimal(0) if field == "wait" else None)

    def has(self, name):
        return self[name] is not None

    def call(self, function, *arguments):
        """The payload-only functions."""
        return self.machine.payload_function(self, function, arguments)


def pending(state):
    """Whether a request is out and nobody has accepted it."""
    return bool(state["request"]) and not state["request"]["accepted"]


def trend(moods, turn):
    """Least-squares slope of the sentiment over the last three turns."""
    points = [(x, y) for x, y in moods if x > turn - 3 and y is not None]
    if len(points) < 2:
        return None
    (first, low), (last, high) = points[0], points[-1]
    # With two or three neighbouring turns the slope is the rise over the run: the middle one cancels out.
    rise = EXACT.subtract(high, low)
    return rise if last - first == 1 else EXACT.multiply(rise, Decimal("0.5"))


class Ended(Exception):
    """The run cannot go on: a branch is missing, or it turned in circles."""
