"""Seeded random flows and conversations, made so that guards are met at their edges and people are reached often.

    python3 generate.py SEED FOLDER [CONVERSATIONS]     writes one flow (with its subflows) and its conversations
"""

import json
import os
import random
import sys
from decimal import Decimal
from fractions import Fraction

from generate_conditions import Conditions
from generate_conversations import make_conversations, run_conversations
from vocabulary import CALLS, CLASS_NAMES, HOURS, INTENTS, OUTCOMES, SIGNALS, SLOTS, TIERS

WAITING = ("listen", "ask", "handoff")
KINDS = (
    ["message"] * 3 + ["listen"] * 5 + ["ask"] * 5 + ["decision"] * 4 + ["set"] * 3 + ["action"] * 5 + ["handoff"] * 8
)


def to_json(data, indent=None):
    """JSON with exact decimals, whichever exact type they have."""

    def plain(value):
        if isinstance(value, dict):
            return {key: plain(one) for key, one in value.items()}
        if isinstance(value, (list, tuple)):
            return [plain(one) for one in value]
        if isinstance(value, (Decimal, Fraction)):
            return _Exact(value)
        return value

    class _Exact(float):
        def __new__(cls, value):
            made = float.__new__(cls, value)
            made.exact = decimal_text(value)
            return made

        def __repr__(self):
            return self.exact

    return _dump(plain(data), indent)


def _dump(value, indent, depth=0):
    if isinstance(value, dict) and value:
        parts = [json.dumps(key, ensure_ascii=False) + ": " + _dump(one, indent, depth + 1) for key, one in value.items()]
        return _wrap("{", parts, "}", indent, depth)
    if isinstance(value, list) and value:
        return _wrap("[", [_dump(one, indent, depth + 1) for one in value], "]", indent, depth)
    if hasattr(value, "exact"):
        return value.exact
    return json.dumps(value, ensure_ascii=False)


def _wrap(start, parts, end, indent, depth):
    whole = start + ", ".join(parts) + end
    if indent is None or len(whole) + depth * indent < 110:
        return whole
    pad = " " * (indent * (depth + 1))
    return start + "\n" + ",\n".join(pad + part for part in parts) + "\n" + " " * (indent * depth) + end


def decimal_text(value):
    """The shortest decimal without exponent."""
    value = Fraction(value)
    if value.denominator == 1:
        return str(value.numerator)
    digits = 0
    while (value * 10**digits).denominator != 1 and digits < 30:
        digits += 1
    whole = abs(value * 10**digits)
    text = str(int(whole)).rjust(digits + 1, "0")
    return ("-" if value < 0 else "") + text[:-digits] + "." + text[-digits:]


class FlowMaker:
    """One random flow. `called` are the flows that its subflow nodes may call."""

    def __init__(self, rng, flow_id, size, called, main):
        self.rng = rng
        self.id = flow_id
        self.called = called
        self.main = main
        self.constants = {
            "unsure": {"value": rng.choice([Decimal("0.3"), Decimal("0.5"), Decimal("0.8")]), "min": 0, "max": 1},
            "upset": {"value": Decimal("-0.3"), "min": -1, "max": 1},
            "few": {"value": rng.choice([1, 2])},
            "best": {"value": rng.choice([["gold", "vip"], ["vip"]])},
            "word": {"value": "card"},
            "on": {"value": rng.random() < 0.5},
        }
        self.theme = rng.choice([None, None, "actions", "pending", "scores"])
        weights = KINDS + {"actions": ["action"] * 15, "pending": ["handoff"] * 10}.get(self.theme, [])
        kinds = ["start"] + [rng.choice(weights) for _ in range(size)]
        if called:
            kinds += ["subflow"] * rng.choice([1, 1, 2])
        if rng.random() < 0.15:
            kinds.append("todo")
        if "listen" not in kinds:
            kinds.insert(1, "listen")
        if "handoff" not in kinds:
            kinds.append("handoff")
        middle = kinds[1:]
        rng.shuffle(middle)
        kinds = ["start"] + middle + ["end"] * rng.choice([1, 2])
        self.kinds = {}
        for index, kind in enumerate(kinds):
            self.kinds["start" if kind == "start" else "%s%d" % (kind[0] if kind != "subflow" else "call", index)] = kind
        self.names = list(self.kinds)
        self.calls_of = {name: rng.choice(list(CALLS)) for name, kind in self.kinds.items() if kind == "action"}
        self.groups = {name: rng.choice(["g1", "g2"]) for name in self.names if rng.random() < 0.3}
        self.scores = {}
        self.trigger_ids = ["tr%d" % one for one in range(rng.choice([0, 1, 2, 2, 3, 4]))]
        self.conditions = Conditions(rng, self.calls_of, self.trigger_ids, self.theme)
        self.edges_into = {}

    def chance(self, share):
        return self.rng.random() < share

    # -- edges

    def somewhere(self, source, port, waits):
        """Where a port leads. Ports of nodes that do not wait mostly lead on, so that loops stay rare."""
        place = self.names.index(source) if source in self.names else 0
        others = [name for name in self.names if self.kinds[name] not in ("start", "end", "note")]
        waiting = [name for name in others if self.kinds[name] in WAITING]
        handoffs = [name for name in others if self.kinds[name] == "handoff"]
        later = [name for name in others if self.names.index(name) > place]
        ends = [name for name in self.names if self.kinds[name] == "end"]
        draw = self.rng.random()
        if draw < (0.06 if self.main else 0.2):
            to = self.rng.choice(ends)
        elif draw < 0.2 and "subflow" in self.kinds.values() and self.kinds.get(source) != "subflow":
            to = self.rng.choice([name for name in self.names if self.kinds[name] == "subflow"])
        elif draw < 0.32 and (waits or port in ("next", "branches", "else")):
            to = self.rng.choice(handoffs)
        elif draw < 0.4:
            to = self.rng.choice([name for name in waiting if self.kinds[name] == "listen"])
        elif draw < 0.6 and waits:
            to = self.rng.choice(waiting)
        elif waits or draw > 0.985:
            to = self.rng.choice(others)
        else:
            to = self.rng.choice(later or waiting + ends)
        self.edges_into.setdefault(to, []).append("%s.%s" % (source, port))
        return to

    def port(self, node, name, port, share=0.93, waits=False):
        """Draw a port, or leave it undrawn."""
        if self.chance(share):
            node[port] = self.somewhere(name, port, waits)

    def rows(self, name, port, count, waits, keep_place=False, in_row=False):
        made = []
        for index in range(count):
            row = {"when": self.conditions.condition(in_row), "to": self.somewhere(name, "%s[%d]" % (port, index), waits)}
            if keep_place and self.chance(0.5):
                row["keep_place"] = self.chance(0.9)
            made.append(row)
        return made

    # -- nodes

    def node(self, name):
        kind = self.kinds[name]
        node = {"kind": kind}
        if name in self.groups:
            node["group"] = self.groups[name]
        getattr(self, "make_" + kind)(name, node)
        return node

    def make_start(self, name, node):
        self.port(node, name, "next", 0.995)

    def make_message(self, name, node):
        node["text"] = "says %s {intent|nothing}" % name
        self.port(node, name, "next", 0.97)

    def make_todo(self, name, node):
        node["text"] = "later"
        self.port(node, name, "next", 0.9)

    def make_end(self, name, node):
        node["outcome"] = self.rng.choice(["resolved", "unserved", "o3"])

    def make_branches(self, name, node, waits):
        node["branches"] = self.rows(name, "branches", self.rng.choice([0, 1, 1, 2, 3]), waits)
        self.port(node, name, "else", 0.95, waits)

    def make_listen(self, name, node):
        self.make_branches(name, node, True)
        self.make_idle(name, node)

    def make_decision(self, name, node):
        self.make_branches(name, node, False)

    def make_idle(self, name, node):
        if self.chance(0.4):
            rows = []
            for index in range(self.rng.choice([1, 2, 3])):
                row = {"after": self.rng.choice([0, 30, 60, 60, 120, 90])}
                if self.chance(0.4):
                    row["say"] = "idle %s %d" % (name, index)
                else:
                    row["to"] = self.somewhere(name, "idle[%d]" % index, True)
                rows.append(row)
            node["idle"] = rows

    def make_ask(self, name, node):
        node["slot"] = self.rng.choice([slot for slot in SLOTS if slot != "s_free"])
        node["prompt"] = "asks %s" % name
        if self.chance(0.3):
            node["reprompt"] = "asks %s again" % name
        if self.chance(0.5):
            node["attempts"] = self.rng.choice([1, 2, 3])
        self.make_idle(name, node)
        self.port(node, name, "filled")
        self.port(node, name, "failed", 0.93, True)

    def make_set(self, name, node):
        slots = self.rng.sample(list(SLOTS), self.rng.choice([1, 1, 2, 3]))
        node["assign"] = {slot: self.conditions.assignment(slot) for slot in slots}
        self.port(node, name, "next", 0.97)

    def make_action(self, name, node):
        node["call"] = self.calls_of[name]
        if node["call"] == "crm.look":
            node["inputs"] = {"id": "slots.s_text"}
        node["time_limit"] = 5
        self.port(node, name, "ok", 0.95)
        if self.chance(0.6):
            node["errors"] = {
                code: self.somewhere(name, "errors." + code, True)
                for code in self.rng.sample(list(CALLS[node["call"]]["errors"]), self.rng.choice([1, 2]))
            }
        self.port(node, name, "error", 0.9, True)
        self.port(node, name, "timeout", 0.9, True)

    def make_handoff(self, name, node):
        rng = self.rng
        node["context"] = "c"
        mode = rng.choice(["", "", "transfer", "transfer", "copilot", "ticket", "callback"])
        if mode:
            node["mode"] = mode
        routes = []
        for _ in range(rng.choice([0, 0, 1, 2])):
            row = {"when": self.conditions.condition(False), "tier": rng.choice(TIERS)}
            if self.chance(0.6):
                row["priority"] = rng.choice([1, 2, 3, 4, 5])
            routes.append(row)
        if routes:
            node["routes"] = routes
        node["tier"] = rng.choice(TIERS)
        if self.chance(0.6):
            node["priority"] = rng.choice([1, 2, 3, 4, 5])
        if self.chance(0.6):
            node["max_wait"] = rng.choice([0, 60, 120, 120, 300])
        if self.chance(0.1):
            node["requires"] = "account.locked"
        node["say"] = "hands off at %s" % name
        self.make_waiting(name, node)
        if self.chance(0.5):
            node["overflow"] = self.rows(name, "overflow", rng.choice([1, 1, 2]), False, True, True)
        if mode == "copilot":
            node["assist"] = [{"when": self.conditions.condition(True), "title": "Hint", "suggest": "Try this"}]
        if self.chance(0.4):
            node["returns"] = {
                outcome: {"to": self.somewhere(name, "returns." + outcome, True)}
                for outcome in rng.sample(OUTCOMES, rng.choice([1, 2]))
            }
        for port in ("sent", "resumed", "resolved", "timeout", "closed", "failed"):
            self.port(node, name, port, 0.88, port not in ("sent", "closed"))
        # `escalated` leads to a handoff node.
        if self.chance(0.85):
            node["escalated"] = rng.choice([one for one in self.names if self.kinds[one] == "handoff"])
            self.edges_into.setdefault(node["escalated"], []).append(name + ".escalated")

    def make_waiting(self, name, node):
        if self.chance(0.5):
            node["waiting"] = {"say": [{"after": 60, "every": 120, "text": "still %s" % name}]}
            if self.chance(0.8):
                node["waiting"]["turns"] = self.rows(name, "turns", self.rng.choice([1, 2]), True, True, True)
            node["waiting"]["else_say"] = "noted %s" % name

    def make_subflow(self, name, node):
        flow = self.rng.choice(self.called)
        node["flow"] = flow["id"]
        if self.chance(0.5):
            slots = self.rng.sample(list(flow["slots"]), min(len(flow["slots"]), self.rng.choice([1, 2])))
            # The own slot of this flow is renamed later, a callee's slot of that name is not.
            slots = [slot for slot in slots if self.main or slot != "s_twin"]
            inputs = {slot: self.conditions.assignment(slot if slot in SLOTS else "s_free") for slot in slots}
            node["inputs"] = {slot: text for slot, text in inputs.items() if text is not None}
        outcomes = sorted({one["outcome"] for one in flow["nodes"].values() if one["kind"] == "end"})
        node["outcomes"] = {
            one: self.somewhere(name, "outcomes." + one, False) for one in outcomes if self.chance(0.7)
        }
        self.port(node, name, "else", 0.9)

    # -- triggers

    def trigger(self, name):
        rng = self.rng
        entry = {"when": self.conditions.condition(False)}
        if self.chance(0.5):
            entry["because"] = {}
            for reason in rng.sample(["low", "angry", "late", "vip"], rng.choice([1, 2, 3])):
                when = self.conditions.condition(False)
                entry["because"][reason] = {"when": when, "title": "It is " + reason} if self.chance(0.5) else when
        entry["to"] = self.somewhere(name, "x", True)
        self.edges_into[entry["to"]].pop()
        if self.chance(0.55):
            waiting = [one for one in self.names if self.kinds[one] in ("listen", "ask", "subflow")]
            entry["within"] = rng.choice(
                [
                    ["*"],
                    [rng.choice(waiting)],
                    rng.sample(waiting, min(2, len(waiting))),
                    ["group:" + rng.choice(sorted(set(self.groups.values()) or {"g1"}))] if self.groups else ["*"],
                    ["!group:" + rng.choice(sorted(set(self.groups.values())))] if self.groups else ["*"],
                    ["*", "!" + rng.choice(waiting)],
                ]
            )
        if self.chance(0.5):
            entry["once"] = rng.choice([True, "accepted", "accepted"])
        return entry

    def make_scores(self):
        scores = {}
        for name in ["risk", "heat"][: 2 if self.theme == "scores" else self.rng.choice([0, 1, 2])]:
            scores[name] = {
                "base": self.rng.choice([0, 1, Decimal("0.5")]),
                "min": 0,
                "max": 3,
                "add": [
                    {
                        "when": self.conditions.score_condition(),
                        "points": self.rng.choice([1, 2, Decimal("0.5"), -1, -2, Decimal("0.1"), 3]),
                        "title": "Because",
                    }
                    for _ in range(self.rng.choice([1, 2, 3]))
                ],
            }
            self.conditions.scores.append(name)
        return scores

    def make(self):
        rng = self.rng
        scores = self.make_scores()
        nodes = {name: self.node(name) for name in self.names}
        triggers = {name: self.trigger(name) for name in self.trigger_ids}
        for name, kind in self.kinds.items():
            edges = sorted(set(self.edges_into.get(name, [])))
            if kind == "handoff" and edges and self.chance(0.5):
                chosen = rng.sample(edges, rng.randint(1, len(edges)))
                nodes[name]["reasons"] = {edge: "why_%d" % index for index, edge in enumerate(chosen)}
        if self.chance(0.1):
            nodes["remark"] = {"kind": "note", "text": "Only a note"}
        slots = {name: dict(slot) for name, slot in SLOTS.items()}
        flow = {
            "format": "handoff-flow/1",
            "id": self.id,
            "constants": self.constants,
            "classes": {name: {"title": name, "redact": "mask"} for name in CLASS_NAMES},
            "intents": {name: {"title": name} for name in INTENTS},
            "signals": SIGNALS,
            "scores": scores,
            "slots": slots,
            "calls": CALLS,
            "hours": HOURS,
            "tiers": make_tiers(rng),
            "contexts": {"c": {"summary": "{intent.title}", "told": "what you said", "fields": {"why": {"from": "handoff.reasons"}}}},
            "triggers": triggers,
            "nodes": nodes,
        }
        return {key: value for key, value in flow.items() if value != {}}


def make_tiers(rng):
    tiers = {}
    for name in TIERS:
        tiers[name] = {"title": name}
        if rng.random() < 0.45:
            tiers[name]["hours"] = rng.choice(list(HOURS))
    return tiers


def make_long_flow(rng):
    """A step of about a thousand nodes, with or without something that uses up an event on the way."""
    length = rng.choice([995, 996, 997, 998, 999, 1000])
    names = ["m%d" % index for index in range(length)]
    nodes = {"start": {"kind": "start", "next": names[0]}}
    for index, name in enumerate(names):
        nodes[name] = {"kind": "message", "text": "x", "next": names[index + 1] if index + 1 < length else "main"}
    place = rng.choice(names)
    if rng.random() < 0.7:
        nodes[place] = {"kind": "action", "call": "crm.write", "ok": nodes[place]["next"], "error": "main", "timeout": "h"}
    branch = {"when": 'intent == "cancel"', "to": names[rng.choice([0, 1, 2])]}
    nodes["main"] = {"kind": "listen", "branches": [branch], "else": "h"}
    nodes["h"] = {"kind": "handoff", "context": "c", "tier": "t1", "resumed": names[rng.choice([0, 1])]}
    flow = {"format": "handoff-flow/1", "id": "main", "classes": {"financial": {}}, "intents": {name: {} for name in INTENTS}}
    return dict(flow, calls=CALLS, tiers={"t1": {}}, slots=SLOTS, signals=SIGNALS, contexts={"c": {"summary": "x"}}, nodes=nodes)


def make_flows(seed):
    """The main flow first, then the flows that it calls; all valid, and seldom dull."""
    if seed % 40 == 39:
        return [make_long_flow(random.Random("long %s" % seed))]
    for attempt in range(40):
        rng = random.Random("flows %s %s" % (seed, attempt))
        flows = _draw_flows(rng)
        if is_lively(flows, seed, rng.random() < 0.03):
            return flows
    return flows


def is_lively(flows, seed, may_loop):
    """Whether some conversations reach a person, move about, and do not end in an endless step."""
    machines = run_conversations(flows, "lively %s" % seed, 12, True)
    handoffs = sum(bool(machine.requests) for _, machine in machines)
    errors = sum(len(machine.path) > 900 for _, machine in machines)
    moves = sum(len(set(machine.path)) >= 5 for _, machine in machines)
    return handoffs >= 5 and moves >= 4 and (errors == 0 or may_loop)


def _draw_flows(rng):
    called = []
    if rng.random() < 0.4:
        inner = []
        if rng.random() < 0.3:
            inner = [_with_own_slot(rng, FlowMaker(rng, "sub2", rng.choice([3, 5]), [], False).make())]
        sub1 = FlowMaker(rng, "sub1", rng.choice([3, 5, 7]), inner, False).make()
        called = [_with_own_slot(rng, sub1)] + inner
    main = FlowMaker(rng, "main", rng.choice([5, 8, 11, 15, 20]), called, True).make()
    for flow in called:
        flow["tiers"] = main["tiers"]
    return [main] + called


def _with_own_slot(rng, flow):
    """Half of the called flows have a slot that no caller has."""
    if rng.random() < 0.5:
        return flow

    def renamed(value):
        if isinstance(value, str):
            return value.replace("s_twin", "s_own_" + flow["id"])
        if isinstance(value, dict):
            return {renamed(key): renamed(one) for key, one in value.items()}
        return [renamed(one) for one in value] if isinstance(value, list) else value

    return renamed(flow)


def write_flows(folder, flows):
    for flow in flows:
        with open(os.path.join(folder, flow["id"] + ".flow.json"), "w", encoding="utf-8") as file:
            file.write(to_json(flow, 2) + "\n")
    return os.path.join(folder, flows[0]["id"] + ".flow.json")


def main(arguments):
    if len(arguments) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    seed, folder = int(arguments[0]), arguments[1]
    flows = make_flows(seed)
    write_flows(folder, flows)
    lines = make_conversations(flows, seed, int(arguments[2]) if len(arguments) == 3 else 20)
    with open(os.path.join(folder, "all.conversations.jsonl"), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
