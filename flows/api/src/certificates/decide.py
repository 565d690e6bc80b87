"""Runs a generated policy module on conversations: `python3 -c THIS policy.py`, one conversation a line, one decision a
line back, after a first line that says what ran."""
import importlib.util
import json
import platform
import sys
from decimal import Decimal


def load(path):
    spec = importlib.util.spec_from_file_location("policy", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Tape:
    """The events of a conversation; a call takes its result from them, a ticket its answer, lines that were said aside."""

    def __init__(self, turns):
        self.turns, self.next = turns, 0

    def peek(self):
        at = self.next
        while at < len(self.turns) and self.turns[at].get("who") in ("bot", "agent"):
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


def decide(policy, conversation):
    tape, requests, state = Tape(conversation["turns"]), [], None
    event = {"customer": conversation.get("customer") or {}, "conversation": conversation["id"]}
    while event is not None:
        state, result = policy.take(state, event, tape)
        requests += result["requests"]
        event = None if state["where"] in ("end", "error") else tape.event()
    now, place = policy.thaw(state), None
    if now["where"] not in ("end", "error"):
        place = "/".join(frame["node"] for frame in now["frames"])
    return {"id": conversation["id"], "handoffs": requests, "path": now["path"], "at": place, "where": now["where"]}


def main():
    policy = load(sys.argv[1])
    print(json.dumps({"by": "Python " + platform.python_version()}))
    for line in sys.stdin:
        conversation = json.loads(line, parse_float=Decimal)
        try:
            made = decide(policy, conversation)
        except Exception as error:
            made = {"id": conversation["id"], "broke": "%s: %s" % (type(error).__name__, error)}
        print(json.dumps(made, default=str))


main()
