"""Conversations put through a generated policy module: whole events, and piece by piece as a platform does it."""
import importlib.util
import json
import pathlib
from decimal import Decimal

# What `take` gives of one event, and what its pieces give together.
LISTS = ("said", "suggested", "requests", "withdrawn")


def load(path):
    """The module of a project folder, or of a file."""
    path = pathlib.Path(path)
    path = path if path.suffix == ".py" else path / "actions" / "policy.py"
    spec = importlib.util.spec_from_file_location("policy", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def encode(value):
    """JSON with exact numbers."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%s: %s" % (json.dumps(key), encode(entry)) for key, entry in value.items())
    if isinstance(value, (list, tuple)):
        return "[%s]" % ", ".join(encode(entry) for entry in value)
    return json.dumps(value)


def known(turn):
    """Whether this is an element of `turns` that the format has; any other counts as absent."""
    return isinstance(turn, dict) and (
        turn.get("who") in ("user", "bot", "agent") or any(key in turn for key in ("queue", "clock", "handoff", "agent", "action"))
        or turn.get("customer") == "left"
    )


class Tape:
    """The events of a conversation; an action takes its result from the tape, a ticket its answer."""

    def __init__(self, conversation):
        self.turns, self.next = conversation["turns"], 0

    def is_line(self, turn):
        return turn.get("who") in ("bot", "agent")

    def peek(self):
        at = self.next
        while at < len(self.turns) and self.is_line(self.turns[at]):
            at += 1
        return at, (self.turns[at] if at < len(self.turns) else None)

    def event(self):
        at, event = self.peek()
        self.next = at + 1
        return event

    def __call__(self, card, name, inputs):
        event = self.peek()[1]
        fitting = event is not None and event.get("action") in (card.partition(".")[2], name)
        return self.event() if fitting else None

    def request(self, envelope):
        event = self.peek()[1]
        return self.event() if event is not None and "handoff" in event else None


def begin(conversation):
    event = {"customer": conversation.get("customer") or {}, "conversation": conversation["id"]}
    return {**event, "now": conversation["start"]} if conversation.get("start") else event


def whole(policy, conversation):
    """Each event by `take`: the state at the end, and what was said, asked and taken back."""
    tape, done = Tape(conversation), {key: [] for key in LISTS}
    event, state = begin(conversation), None
    while event is not None:
        state, result = policy.take(state, event, tape)
        for key in LISTS:
            done[key] += result[key]
        event = None if state["where"] in ("end", "error") else tape.event()
    return state, done


class Platform:
    """A platform that knows where the conversation is and asks the module for each step of each event."""

    def __init__(self, policy, conversation):
        self.policy, self.tape, self.done = policy, Tape(conversation), {key: [] for key in LISTS}
        self.state, self.frames = None, None

    def led_to(self, state, result):
        # Between two steps the state is text that a platform carries along.
        self.state, self.frames = json.loads(json.dumps(state)), result["frames"]
        for key in LISTS:
            self.done[key] += result[key]
        return result

    def walk(self, result):
        """Enter cards until one waits; the thousand-and-first without an event is too much."""
        entered, used = 0, self.tape.next
        while result["to"] is not None:
            if self.tape.next != used:
                entered, used = 0, self.tape.next
            entered += 1
            if entered > 1000:
                # It is entered, and then the run is over.
                self.state["where"] = "error"
                node = {"flow": result["frames"][-1][0], "node": result["to"]}
                self.state["frames"] = [{"flow": f, "node": n} for f, n in result["frames"][:-1]] + [node]
                prefix = "".join(n + "/" for _, n in result["frames"][:-1])
                self.state["path"].append(prefix + result["to"])
                return
            result = self.led_to(*self.policy.enter(self.state, result["frames"], result["edge"], self.tape))

    def start(self, event):
        nodes = self.policy.FLOWS[self.policy.FLOW]["nodes"]
        start = next(name for name, node in nodes.items() if node["kind"] == "start")
        self.frames = [[self.policy.FLOW, start]]
        self.led_to(*self.policy.told(None, event, self.frames))
        self.walk({"to": start, "frames": self.frames, "edge": ""})

    def customer(self, event):
        self.state = self.policy.hear(self.state, event, self.frames)
        state, fired = self.policy.fires(self.state, self.frames)
        if fired is not None:
            self.state = state
            self.walk(fired)
            return
        held = self.first_that_holds()
        result = self.led_to(*self.policy.turn(state, self.frames, self.tape))
        if held is not None and result["where"] != "error":
            assert result["port"] == held, (held, result["port"])
        self.walk(result)

    def first_that_holds(self):
        """Where the platform listens: the port that it would take by the named conditions alone."""
        flow, card = self.frames[-1]
        node = self.policy.FLOWS[flow]["nodes"][card]
        if node["kind"] != "listen" or self.state["where"] != "listen":
            return None
        holds = self.policy.holds(self.state, self.frames)
        rows = [index for index, row in enumerate(node["branches"]) if holds[row["when"].__name__]]
        return "branches[%d]" % rows[0] if rows else "else"


def pieces(policy, conversation):
    """The same by its pieces."""
    platform = Platform(policy, conversation)
    platform.start(begin(conversation))
    while platform.state["where"] not in ("end", "error"):
        event = platform.tape.event()
        if event is None:
            break
        if event.get("who") == "user":
            platform.customer(event)
        else:
            platform.walk(platform.led_to(*policy.told(platform.state, event, platform.frames, platform.tape)))
    return platform.state, platform.done


def plain(conversation):
    """As the studio replays it, with nothing filled in."""
    turns = []
    for turn in conversation["turns"]:
        if turn.get("who") == "user":
            turn = {**turn}
            for key in ("intent", "sentiment", "confidence"):
                turn.setdefault(key, None)
        if known(turn):
            turns.append(turn)
    kept = {key: conversation[key] for key in ("id", "start", "customer") if key in conversation}
    return {**kept, "turns": turns}
