"""Random conversations about a flow: values near every number that stands in it, at it, just below, just above, unset."""
import random
import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from tape import encode

TINY = Decimal("0.000000001")


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
        event = {"agent": self.random.choice(["accepted", "declined", "resumed", "resolved", "escalated"])}
        if self.chance(0.3):
            event["name"] = "desk 7"
        if self.chance(0.2):
            event["slots"] = {
                name: self.value(kind) for name, kind in self.policy.SLOTS.items() if "/" not in name and self.chance(0.5)
            }
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
            if self.chance(0.15):
                turns.append({"clock": abs(self.number(0, 2000, True))})
            if self.chance(0.1):
                turns.append({"handoff": self.random.choice(["failed", "sent"]), "ref": "R-1"})
            if self.chance(0.03):
                turns.append({"customer": "left"})
        told = {"id": "random-%d" % ordinal, "customer": customer, "turns": turns}
        if self.chance(0.5):
            # In and out of hours, at the days when clocks change too.
            day = self.random.choice([date(2026, 3, 28), date(2026, 10, 24), date(2026, 12, 23), date(2026, 6, 1)])
            moment = datetime(day.year, day.month, day.day) + timedelta(minutes=self.random.randrange(0, 5 * 1440))
            told["start"] = moment.isoformat() + "Z"
        return told
