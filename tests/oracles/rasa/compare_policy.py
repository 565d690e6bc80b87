"""Hold the generated actions/policy.py, alone and without Rasa, against `handoff replay --each --json`.

usage: compare_policy.py PROJECT FLOW.flow.json --handoff BINARY [--conversations FILE ..] [--random N] [--seed S]

Every conversation is first taken through the policy and cut before the first event that Rasa has no way of hearing;
the rest is written out again, replayed by the studio, and compared: every request (node, tier, mode, priority, turn,
reasons), the whole path, and where the run stands at the end. Random conversations are drawn around every number that
stands in the flow: at it, just below, just above, and unset.
"""
import argparse
import importlib.util
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
from decimal import Decimal

COMPARED = ("node", "tier", "mode", "priority", "at_turn", "reasons")
TINY = Decimal("0.000000001")


def load(project):
    spec = importlib.util.spec_from_file_location("policy", pathlib.Path(project, "actions", "policy.py"))
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
    """The events of a conversation; an action takes its result from the tape."""

    def __init__(self, conversation):
        self.turns, self.next = conversation["turns"], 0

    def is_line(self, turn):
        return turn.get("who") in ("bot", "agent")

    def peek(self):
        at = self.next
        while at < len(self.turns) and self.is_line(self.turns[at]):
            at += 1
        return at, (self.turns[at] if at < len(self.turns) else None)

    def call(self, card, name, inputs):
        at, event = self.peek()
        if event is None or event.get("action") not in (card.partition(".")[2], name):
            return None
        self.next = at + 1
        return event


def play(policy, conversation):
    """The policy's requests, path and place; and how many turns of the conversation Rasa hears."""
    tape, state, requests = Tape(conversation), None, []
    customer = {"customer": conversation.get("customer") or {}, "conversation": conversation["id"]}
    state, result = policy.take(None, {**customer}, tape.call)
    while True:
        requests += result["requests"]
        heard = tape.next
        at, event = tape.peek()
        if event is None:
            return requests, state, len(tape.turns)
        before = policy.thaw(state)
        if lost(before, event, result):
            return requests, state, heard
        tape.next = at + 1
        if before["where"] in ("end", "error"):
            result = {**result, "requests": []}
            continue
        if event.get("customer") == "left":
            return requests, state, heard
        state, result = policy.take(state, event, tape.call)


def lost(state, event, result):
    """What Rasa has no way of hearing, or is told by other means."""
    where = state["where"]
    if where == "queue" and event.get("who") == "user":
        return True  # waiting rows
    if where in ("listen", "ask") and "clock" in event:
        return True  # idle rows
    if "customer" in event:
        return True
    answered = any(r["mode"] in ("ticket", "callback") for r in result["requests"])
    return answered and "handoff" in event


def plain(conversation):
    """As the studio replays it: no calendar, nothing filled in."""
    turns = []
    for turn in conversation["turns"]:
        if turn.get("who") == "user":
            turn = {**turn}
            for key in ("intent", "sentiment", "confidence"):
                turn.setdefault(key, None)
        if known(turn):
            turns.append(turn)
    kept = {key: conversation[key] for key in ("id", "customer") if key in conversation}
    return {**kept, "turns": turns}


def replay(binary, flow, conversations):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "cases.conversations.jsonl")
        file.write_text("".join(encode(c) + "\n" for c in conversations), encoding="utf-8")
        done = subprocess.run(
            [binary, "replay", flow, str(file), "--each", "--json"], capture_output=True, text=True, check=False
        )
    if done.returncode not in (0, 1):
        raise SystemExit("handoff replay ended with %d:\n%s" % (done.returncode, done.stderr))
    return {line["id"]: line for line in map(json.loads, done.stdout.splitlines())}


def difference(policy, requests, state, wanted):
    state = policy.thaw(state)
    got = [{key: request[key] for key in COMPARED} for request in requests]
    want = [{key: entry.get(key) for key in COMPARED} for entry in wanted["handoffs"]]
    if got != want:
        return "requests: the studio has %s, the policy %s" % (json.dumps(want), json.dumps(got))
    if state["path"] != wanted["path"]:
        return "path: the studio has %s, the policy %s" % (wanted["path"], state["path"])
    if wanted["outcome"]["kind"] == "error":
        return None if state["where"] == "error" else "the studio ends with an error, the policy does not"
    at = None
    if state["where"] not in ("end", "error"):
        at = "".join(f["node"] + "/" for f in state["frames"][:-1]) + state["frames"][-1]["node"]
    if at != wanted["at"]:
        return "place: the studio waits at %s, the policy at %s" % (wanted["at"], at)
    return None


# Random conversations.


def numbers_in(text):
    return sorted({Decimal(found) for found in re.findall(r"-?\d+(?:\.\d+)?", text)})


class Dice:
    """Values of the flow's names, most of them near a number that stands in it."""

    def __init__(self, policy, document, seed):
        self.random = random.Random(seed)
        self.policy = policy
        conditions = encode({key: document.get(key) for key in ("constants", "scores", "triggers", "nodes")})
        self.bounds = numbers_in(conditions)
        self.intents = list(policy.INTENTS)
        self.entities = {
            entity: policy.SLOTS[flow["slots"][slots[0]]]
            for flow in policy.FLOWS.values()
            for entity, slots in flow["entities"].items()
        }
        self.tiers = list(document.get("tiers") or {})
        self.calls = [
            (name, node["call"]) for name, node in (document.get("nodes") or {}).items() if node["kind"] == "action"
        ]
        self.outputs = {key.partition(".")[2]: kinds for key, kinds in policy.CALLS.items()}
        self.errors = {name: list(call.get("errors") or {}) for name, call in (document.get("calls") or {}).items()}

    def chance(self, share):
        return self.random.random() < share

    def number(self, low, high, whole=False):
        low, high = Decimal(low), Decimal(high)
        near = [bound for bound in self.bounds if low <= bound <= high]
        if near and self.chance(0.7):
            value = self.random.choice(near) + self.random.choice([0, TINY, -TINY, 1, -1]) * (1 if not whole else 1)
        else:
            value = low + (high - low) * Decimal(self.random.randrange(0, 10001)) / 10000
        value = value.quantize(Decimal(1)) if whole else value.quantize(TINY)
        return value if self.chance(0.05) else min(max(value, low), high)

    def value(self, kind):
        name = kind["type"]
        if self.chance(0.1):
            return None
        if name == "bool":
            return self.chance(0.5)
        if name == "enum":
            return self.random.choice(kind["values"]) if self.chance(0.95) else "no such value"
        if name == "text":
            return self.random.choice(["", "TX1", "a-7", "ERR_PERM_004"])
        return self.number(kind.get("min", -10), kind.get("max", 100), name == "integer")

    def signals(self):
        own = [name for name in self.policy.SIGNALS if not name.startswith(("customer.", "conversation."))]
        return {name: self.value(self.policy.SIGNALS[name]) for name in own if self.chance(0.5)}

    def turn(self):
        turn = {"who": "user", "text": self.random.choice(["hello", "it is wrong", "a person please"])}
        turn["intent"] = self.random.choice([*self.intents * 3, "none", "nobody declares this", None])
        for name, low in (("confidence", 0), ("sentiment", -1), ("frustration", 0)):
            turn[name] = None if self.chance(0.15) else self.number(low, 1)
        turn["entities"] = {name: self.value(kind) for name, kind in self.entities.items() if self.chance(0.3)}
        if self.chance(0.6):
            turn["signals"] = self.signals()
        return turn

    def queue(self):
        event = {"queue": self.random.choice(self.tiers)}
        for key, value in (
            ("wait", self.number(0, 1000)),
            ("open", self.chance(0.8)),
            ("available", self.number(0, 5, True)),
            ("position", self.number(0, 9, True)),
        ):
            if self.chance(0.6):
                event[key] = value
        return event

    def action(self):
        name, call = self.random.choice(self.calls)
        event = {"action": self.random.choice([name, call]), "status": self.random.choice(["ok", "ok", "error", "timeout"])}
        if event["status"] == "error":
            event["code"] = self.random.choice([*self.errors.get(call, []), "ERR_OTHER"])
        event["data"] = {key: self.value(kind) for key, kind in self.outputs.get(call, {}).items() if self.chance(0.7)}
        return event

    def agent(self):
        event = {"agent": self.random.choice(["accepted", "resumed", "resolved", "escalated"])}
        outcomes = [o for f in self.policy.FLOWS.values() for n in f["nodes"].values() for o in n.get("returns", {})]
        if outcomes and self.chance(0.6):
            event["outcome"] = self.random.choice(outcomes)
        return event

    def conversation(self, ordinal):
        customer = {
            name[len("customer.") :]: self.value(kind)
            for name, kind in self.policy.SIGNALS.items()
            if name.startswith("customer.") and self.chance(0.6)
        }
        turns = []
        for _ in range(self.random.randrange(1, 7)):
            roll = self.random.random()
            if roll < 0.15 and self.tiers:
                turns.append(self.queue())
            turns.append(self.turn())
            if self.calls and self.chance(0.5):
                turns.append(self.action())
            if self.chance(0.2):
                turns.append(self.agent())
            if self.chance(0.05):
                turns.append({"clock": self.number(0, 2000, True)})
            if self.chance(0.05):
                turns.append({"handoff": self.random.choice(["failed", "sent"])})
        return {"id": "random-%d" % ordinal, "customer": customer, "turns": turns}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("project")
    parser.add_argument("flow")
    parser.add_argument("--handoff", required=True)
    parser.add_argument("--conversations", nargs="*", default=[])
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--seed", type=int, default=20261122)
    asked = parser.parse_args()
    policy = load(asked.project)
    document = json.loads(pathlib.Path(asked.flow).read_text(encoding="utf-8"), parse_float=Decimal)
    cases = []
    for path in asked.conversations:
        with open(path, encoding="utf-8") as lines:
            cases += [json.loads(line, parse_float=Decimal) for line in lines if line.strip()]
    dice = Dice(policy, document, asked.seed)
    cases += [dice.conversation(ordinal) for ordinal in range(asked.random)]
    played = {}
    for case in cases:
        case = plain(case)
        requests, state, heard = play(policy, case)
        played[case["id"]] = (requests, state, {**case, "turns": case["turns"][:heard]})
    wanted = replay(asked.handoff, asked.flow, [entry[2] for entry in played.values()])
    failed = handed = 0
    for name, (requests, state, case) in played.items():
        handed += bool(requests)
        why = difference(policy, requests, state, wanted[name]) if name in wanted else "the studio did not replay it"
        if why:
            failed += 1
            if failed <= 10:
                print("FAILED %s: %s\n  %s" % (name, why, encode(case)))
    print("%d of %d conversations ask a person" % (handed, len(played)))
    print("policy alone: %d passed, %d failed" % (len(played) - failed, failed))
    return 1 if failed or not played else 0


if __name__ == "__main__":
    sys.exit(main())
