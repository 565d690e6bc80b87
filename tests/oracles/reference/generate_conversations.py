"""Random conversations, made while the reference runs: each next element is chosen by where the run is.

Whatever is chosen is only input; the answer to it comes from a plain replay of the finished line.
"""

import random
from decimal import Decimal
from fractions import Fraction

from document import read_flow
from machine import Machine
from values import read_json
from vocabulary import ERRORS, INTENTS, NUMBERS, OUTCOMES, SIGNALS, SLOTS, STARTS, TEXTS, TIERS

UNFIT = [True, "gold?", -7, Decimal("1000000.5"), None, [], {"a": 1}]
CENT = Decimal("0.01")


class Guided:
    """A source of events that makes them up as they are asked for, and keeps the whole list of turns."""

    def __init__(self, rng, budget, tidy):
        self.rng = rng
        self.budget = budget
        self.tidy = tidy
        self.turns = []
        self.waiting = None
        self.machine = None
        self.asked_by_node = False

    # -- as the machine sees it

    def peek(self):
        if self.waiting is None:
            self.waiting = self.make(True)
        return self.waiting

    def take(self):
        event = self.waiting if self.waiting is not None else self.make(False)
        self.waiting = None
        return event

    def make(self, by_node):
        if self.budget <= 0:
            return None
        self.budget -= 1
        self.noise()
        event = self.for_node() if by_node else self.for_rest()
        if event is None:
            self.budget = 0
            return None
        from generate import to_json

        self.turns.append(event)
        # The machine gets what a reader of the file gets.
        return read_json(to_json(event))

    # -- choosing

    def chance(self, share):
        return self.rng.random() < share

    def pick(self, options):
        return self.rng.choice(list(options))

    def noise(self):
        if self.chance(0.08):
            self.turns.append({"who": self.pick(["bot", "agent"]), "text": "As it was said."})
        if not self.tidy and self.chance(0.03):
            self.turns.append(self.pick([{"dance": 1}, {"who": "parrot", "text": "hi"}, {"customer": "arrived"}]))

    def for_node(self):
        """A node looks for its answer: mostly it gets one."""
        machine = self.machine
        if machine.kind == "action" and self.chance(0.75):
            node = machine.node
            return self.action_event(self.pick([node, machine.node_entry(node)["call"]]), machine.node_entry(node)["call"])
        if machine.kind == "handoff" and self.chance(0.6):
            return self.handoff_event(0.4)
        return self.anything()

    def for_rest(self):
        machine = self.machine
        if machine.ended:
            return self.anything() if self.chance(0.4) else None
        if machine.person_has_it:
            return self.weighted([(self.hand_back, 55), (self.user, 14), (self.anything, 20), (self.accepted, 5)])
        if machine.waits_at_its_handoff():
            return self.weighted(
                [
                    (self.queue, 28),
                    (self.clock, 22),
                    (self.user, 18),
                    (self.accepted, 12),
                    (self.hand_back, 8),
                    (lambda: self.handoff_event(0.5), 8),
                    (self.anything, 6),
                ]
            )
        if machine.pending is not None:
            return self.weighted(
                [
                    (self.user, 44),
                    (self.accepted, 12),
                    (self.hand_back, 6),
                    (self.queue, 8),
                    (self.clock, 16),
                    (lambda: self.handoff_event(0.7), 6),
                    (self.anything, 8),
                ]
            )
        if machine.resting:
            return self.weighted([(self.user, 3), (self.clock, 1), (self.anything, 2), (self.stop, 2)])
        return self.weighted([(self.user, 76), (self.clock, 9), (self.queue, 8), (self.anything, 7)])

    def weighted(self, options):
        makers = [maker for maker, _ in options]
        return self.rng.choices(makers, [weight for _, weight in options])[0]()

    def stop(self):
        return None

    def anything(self):
        return self.weighted(
            [
                (self.user, 6),
                (self.clock, 4),
                (self.queue, 5),
                (self.accepted, 2),
                (self.hand_back, 2),
                (lambda: self.handoff_event(0.5), 2),
                (self.left, 1),
                (lambda: self.action_event(self.pick(["crm.look", "nobody", "crm.write"]), "crm.look"), 2),
                (lambda: {"agent": self.pick(["declined", "used", "ran"]), "name": "desk 8"}, 1),
            ]
        )

    # -- the events

    def left(self):
        return {"customer": "left"}

    def near(self, numbers, low=None, high=None):
        """One of the numbers, or just beside it, or anything."""
        number = Decimal(self.pick(numbers))
        draw = self.rng.random()
        if draw < 0.25:
            number += CENT
        elif draw < 0.5:
            number -= CENT
        elif draw < 0.6 and low is not None:
            number = Decimal(self.rng.randint(int(low * 100), int(high * 100))) / 100
        if low is not None and not self.chance(0.04):
            number = max(Decimal(low), min(Decimal(high), number))
        return number

    def user(self):
        line = {"who": "user"}
        if self.chance(0.85):
            line["text"] = self.pick(TEXTS["text"])
        draw = self.rng.random()
        if draw < 0.85:
            line["intent"] = self.pick(INTENTS)
        elif draw < 0.95:
            line["intent"] = self.pick(["none", "weather", None, ""])
        for name, low, high, share in (("confidence", 0, 1, 0.8), ("sentiment", -1, 1, 0.75), ("frustration", 0, 1, 0.5)):
            if self.chance(share):
                line[name] = self.near(NUMBERS[name], low, high)
            elif self.chance(0.3):
                line[name] = self.pick(UNFIT)
        if self.chance(0.3):
            line["channel"] = self.pick(["chat", "voice", None])
        if self.chance(0.06):
            line["nlu"] = "down"
        if self.chance(0.35):
            line["signals"] = self.signals()
        entities = self.entities()
        if entities or self.chance(0.2):
            line["entities"] = entities
        if self.chance(0.05):
            line["t"] = 3
        return line

    def signals(self):
        made = {}
        for name in self.rng.sample(list(SIGNALS), self.pick([1, 2])):
            made[name] = self.value_for(SIGNALS[name])
        if self.chance(0.1):
            made[self.pick(["nobody.knows", "confidence", "customer.id"])] = 1
        return made

    def value_for(self, declared):
        if self.chance(0.12):
            return self.pick(UNFIT)
        kind = declared["type"]
        if kind == "bool":
            return self.chance(0.5)
        if kind == "enum":
            return self.pick(declared["values"])
        if kind == "text":
            return self.pick(["card", "fee", "late", "done", "loan", "card fee", ""])
        low, high = declared.get("min", -5), declared.get("max", 30)
        if kind == "integer":
            return self.pick([low, high, 0, 1, 2, 3, Decimal("3.0"), Decimal("1.5"), high + 1])
        return self.near([low, high, 0, Decimal("0.1"), Decimal("0.5"), Decimal("99.5")], low, high)

    def entities(self):
        made = {}
        machine = self.machine
        slots = list(SLOTS.values())
        if not machine.ended and machine.kind == "ask" and self.chance(0.45):
            made[machine.frame.flow.part("slots")[machine.node_entry(machine.node)["slot"]]["entity"]] = None
        if self.chance(0.12):
            entity = self.pick(slots).get("entity")
            if entity is not None:
                made[entity] = None
        for entity in list(made):
            slot = self.pick([one for one in slots if one.get("entity") == entity])
            made[entity] = self.value_for(slot)
        if self.chance(0.05):
            made["e_nobody"] = "x"
        return made

    def clock(self):
        """Often exactly as long as something still takes, or one second beside."""
        machine = self.machine
        due = [0, 30, 60, 61, 120, 3600, Decimal("0.5"), 40000]
        if not machine.ended:
            if machine.pending is not None and machine.pending.entry.get("max_wait") is not None:
                left = machine.pending.entry["max_wait"] - machine.pending.waited
                due += [left, left, left + 1, left + Fraction(1, 2)]
            if machine.kind in ("listen", "ask"):
                for row in machine.node_entry(machine.node).get("idle") or []:
                    left = row["after"] - machine.idle_seconds
                    due += [left, left, left - 1]
        return {"clock": max(self.pick(due), 0)}

    def queue(self):
        machine = self.machine
        tier = self.pick(TIERS)
        if machine.pending is not None and self.chance(0.7):
            tier = machine.pending.tier
        event = {"queue": tier}
        if self.chance(0.7):
            event["wait"] = self.pick([0, 59, 60, 61, 300, 301, Decimal("300.5"), 420, 419, 86400])
        if self.chance(0.55):
            event["open"] = self.chance(0.75)
        if self.chance(0.4):
            event["available"] = self.pick([0, 1, 2])
        if self.chance(0.4):
            event["position"] = self.pick([1, 2, 3, 4])
        if self.chance(0.1):
            event["opens_at"] = "tomorrow"
        if not self.tidy and self.chance(0.04):
            event[self.pick(["wait", "open", "available", "position"])] = self.pick(UNFIT)
        return event

    def accepted(self):
        event = {"agent": "accepted"}
        if self.chance(0.6):
            event["name"] = self.pick(TEXTS["agent.name"])
        return event

    def hand_back(self):
        event = {"agent": self.pick(["resumed"] * 4 + ["resolved", "escalated"])}
        if self.chance(0.7):
            event["outcome"] = self.pick(OUTCOMES + [None, "other"])
            request = self.machine.under_way
            if request is not None and request.entry.get("returns") and self.chance(0.6):
                event["outcome"] = self.pick(request.entry["returns"])
        if self.chance(0.5):
            event["note"] = self.pick(TEXTS["agent.note"])
        if self.chance(0.4):
            names = self.rng.sample(list(SLOTS), self.pick([1, 2]))
            event["slots"] = {name: None if self.chance(0.3) else self.value_for(SLOTS[name]) for name in names}
        if self.chance(0.2):
            event["name"] = "desk 8"
        return event

    def handoff_event(self, share_sent):
        event = {"handoff": "sent" if self.chance(share_sent) else "failed"}
        if event["handoff"] == "sent" and self.chance(0.7):
            event["ref"] = self.pick(TEXTS["handoff.ref"])
        return event

    def action_event(self, name, call):
        event = {"action": name}
        draw = self.rng.random()
        if draw < 0.25:
            event["status"] = "ok"
        elif draw < 0.6:
            event["status"] = "error"
            if self.chance(0.9):
                drawn = {} if self.machine.ended else self.machine.node_entry(self.machine.node).get("errors")
                event["code"] = self.pick(drawn if drawn and self.chance(0.5) else ERRORS + ["E9"])
            if self.chance(0.5):
                event["message"] = self.pick(TEXTS["error.message"])
        elif draw < 0.85:
            event["status"] = "timeout"
        if self.chance(0.6):
            data = {"note": self.pick(["card", "done", 3]), "amount": self.near([0, Decimal("0.5"), 25, -1])}
            if call == "crm.look":
                data.update({"found": self.pick([True, False, None]), "count": self.pick([0, 1, 2, Decimal("1.5")])})
            event["data"] = {key: value for key, value in data.items() if self.chance(0.8)}
        return event


def make_conversation(rng, flow, name, tidy):
    header = {"id": name}
    if rng.random() < 0.55:
        header["start"] = rng.choice(STARTS)
    if rng.random() < 0.7:
        customer = {"id": "c-77", "tier": rng.choice(["standard", "gold", "vip", "wood"]), "ltv": rng.choice([0, 500, Decimal("99.5"), -1])}
        header["customer"] = {key: value for key, value in customer.items() if rng.random() < 0.8}
    source = Guided(rng, rng.choice([3, 6, 9, 14, 22]), tidy)
    machine = Machine(flow, header, source)
    source.machine = machine
    machine.run()
    header["turns"] = source.turns
    return header, machine


def expectation(rng, machine):
    """An `expect` that holds or, half the time, one that does not (as the reference sees it)."""
    outcome = machine.outcome()
    expected = {}
    if outcome["kind"] == "handoff":
        keys = rng.sample(["tier", "at_turn", "reasons", "state", "priority", "node"], 2)
        expected["handoff"] = {key: outcome[key] for key in keys}
    else:
        expected["handoff"] = False
        if outcome["kind"] == "end":
            expected["end"] = outcome["outcome"]
        if outcome["kind"] == "open":
            expected["open"] = outcome["node"]
    draw = rng.random()
    if draw < 0.2:
        expected["end"] = "never"
    elif draw < 0.4:
        expected["open"] = "nowhere"
    elif draw < 0.5:
        expected["handoff"] = {"tier": "t9"}
    return expected


def run_conversations(flows, seed, count, tidy=False):
    """Conversations for these flows, each with the machine that it was made with."""
    from generate import to_json

    rng = random.Random("conversations %s" % seed)
    data = [read_json(to_json(flow)) for flow in flows]
    flow = read_flow(data[0], {one["id"]: one for one in data}.__getitem__)
    made = []
    for index in range(count):
        # Now and then an id that was seen: that line is not replayed.
        name = "c%d" % (index if tidy or rng.random() > 0.02 else max(0, index - 1))
        conversation, machine = make_conversation(rng, flow, name, tidy)
        if rng.random() < 0.4:
            conversation["expect"] = expectation(rng, machine)
        made.append((conversation, machine))
    return made


def make_conversations(flows, seed, count, tidy=False):
    """Lines of a conversations file for these flows."""
    from generate import to_json

    return [to_json(conversation) for conversation, _ in run_conversations(flows, seed, count, tidy)]
