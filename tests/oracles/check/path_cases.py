"""Random small flows: cycles by structure, and by search of all states which slots can be unset where.

The search knows two slots, filled or not, and decisions on them or on a bool signal of their own; everything else the
flows do has no say in what is asked. So what it finds is exact: `context-incomplete`, `requirement-unproved`,
`path-infeasible`, `node-unreachable` and `endless-loop`.
"""

import json
import os
import random
import tempfile

from base import CALLS, action, ask, decision, flow, handoff, listen, message, setting, ticket
from runner import run


def random_flow(chance):
    count = chance.randint(3, 8)
    names = ["n%d" % number for number in range(count)]
    to = lambda: chance.choice(names + ["main", "g"])
    nodes, signals = {}, {}
    for name in names:
        pick = chance.randint(0, 9)
        if pick < 2:
            node = message(next=to())
        elif pick < 5:
            pick = chance.randint(0, 3)
            if pick == 0:
                signals["crm." + name] = {"type": "bool", "source": "crm"}
            when = ["crm." + name, "has(slots.x)", "!has(slots.y)", "has(slots.x) && has(slots.y)"][pick]
            node = decision((when, to()), else_=to())
        elif pick < 7:
            node = ask(chance.choice("xy"), to(), to())
        elif pick < 9:
            node = setting({chance.choice("xy"): chance.choice([None, "\"a\"", "slots.x", "slots.y"])}, to())
        else:
            node = listen(else_=to())
        nodes[name] = node
    nodes["main"] = listen(("intent == \"fee\"", chance.choice(names)), ("intent == \"cancel\"", to()), else_="sorry")
    nodes["g"] = handoff(context="c2", tier="t2")
    triggers = {"asked": {"within": ["main"]}}
    if chance.random() < 0.2:
        triggers["t"] = {"when": "turn > 9 && has(slots.x)" if chance.random() < 0.5 else "turn > 9", "to": "g", "within": ["main"]}
    return flow(nodes, triggers=triggers, slots={slot: {"type": "text", "entity": slot} for slot in "xy"}, signals=signals,
                contexts={"c2": {"summary": "All", "fields": {"it": {"from": "slots.x", "required": True}}}},
                tiers={"t2": {"title": "Second desk", "requires": "has(slots.y)"}})


def after_turn(state):
    """A turn may fill what is not filled; an entity clears nothing."""
    x, y = state
    return {(a, b) for a in {x, True} for b in {y, True}}


def explored(document):
    """Every (node, x filled, y filled) that can be."""
    nodes, triggers = document["nodes"], document["triggers"]
    seen, todo = set(), [("start", False, False)]

    def go(to, state):
        todo.append((to,) + state)

    while todo:
        place = todo.pop()
        if place in seen:
            continue
        seen.add(place)
        name, state = place[0], (place[1], place[2])
        node = nodes[name]
        kind = node["kind"]
        if kind in ("start", "message"):
            go(node["next"], state)
        elif kind == "decision":
            when = node["branches"][0]["when"]
            held = {"has(slots.x)": state[0], "!has(slots.y)": not state[1], "has(slots.x) && has(slots.y)": all(state)}.get(when)
            if held is not False:
                go(node["branches"][0]["to"], state)
            if held is not True:
                go(node["else"], state)
        elif kind == "set":
            slot, value = list(node["assign"].items())[0]
            filled = {None: False, "\"a\"": True, "slots.x": state[0], "slots.y": state[1]}[value]
            go(node["next"], (filled, state[1]) if slot == "x" else (state[0], filled))
        elif kind == "listen" or kind == "ask":
            if kind == "ask" and state["xy".index(node["slot"])]:
                go(node["filled"], state)
                continue
            for late in after_turn(state):
                for trigger in triggers.values():
                    if name in trigger.get("within", [name]) and (late[0] or "has" not in trigger["when"]):
                        go(trigger["to"], late)
                if kind == "listen":
                    for row in node.get("branches", []):
                        go(row["to"], late)
                    go(node["else"], late)
                else:
                    go(node["filled"] if late["xy".index(node["slot"])] else node["failed"], late)
        elif kind == "handoff":
            # The interesting ones lead only where nothing is asked.
            for port in ("resumed", "resolved", "timeout", "closed", "failed", "sent"):
                if port in node:
                    go(node[port], state)
    return seen


def edges(node, instant):
    kind = node["kind"]
    if kind in ("start", "message", "set"):
        return [node["next"]]
    if kind == "decision":
        return [row["to"] for row in node["branches"]] + [node["else"]]
    if kind == "listen":
        return [] if instant else [row["to"] for row in node.get("branches", [])] + [node["else"]]
    if kind == "ask":
        return [node["filled"]] + ([] if instant else [node["failed"]])
    if kind == "action":
        return [node["ok"]] + ([] if instant else [node["error"], node["timeout"]])
    if kind == "handoff":
        ports = ("closed", "sent") if instant else ("resumed", "resolved", "timeout", "closed", "failed", "sent")
        rows = [row["to"] for row in node.get("overflow", [])]
        return [node[port] for port in ports if port in node] + rows
    return []


def endless(document, places):
    """Whether some cycle of edges can be taken in one step, by structure alone."""
    nodes = document["nodes"]
    cycles = []

    def walk(path):
        for to in edges(nodes[path[-1]], True):
            if to == path[0]:
                cycles.append(list(path))
            elif to not in path and to > path[0]:
                walk(path + [to])

    for name in nodes:
        walk([name])
    for cycle in cycles:
        cleared = {slot for name in cycle if nodes[name]["kind"] == "set" for slot, value in nodes[name]["assign"].items() if value is None}
        if not any(nodes[name]["kind"] == "ask" and nodes[name]["slot"] in cleared for name in cycle):
            return True, cycle
    return False, [cycle for cycle in cycles]


def by_edges(document):
    nodes = document["nodes"]
    seen, todo = set(), ["start"] + [trigger["to"] for trigger in document["triggers"].values()]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += edges(nodes[name], False)
    return seen


def random_loop(chance):
    """Flows of every kind of edge, for cycles alone."""
    names = ["n%d" % number for number in range(chance.randint(3, 7))]
    to = lambda: chance.choice(names + names + ["main"])
    nodes, signals = {}, {}
    for name in names:
        signals["crm." + name] = {"type": "bool", "source": "crm"}
        nodes[name] = chance.choice([
            lambda: message(next=to()), lambda: decision(("crm." + name, to()), else_=to()), lambda: ask(chance.choice("xy"), to(), to()),
            lambda: setting({chance.choice("xy"): chance.choice([None, None, "\"a\""])}, to()), lambda: action(to(), to(), to()),
            lambda: handoff(closed=to(), timeout=to(), resumed=to(), failed=to()), lambda: listen(else_=to()),
            lambda: handoff(overflow=[{"when": "queue.wait > 300", "to": to()}]), lambda: ticket(sent=to(), failed=to()), lambda: action(to(), to(), to())])()
    nodes["main"] = listen(("intent == \"fee\"", chance.choice(names)), ("intent == \"cancel\"", to()), else_="sorry")
    return flow(nodes, slots={slot: {"type": "text", "entity": slot} for slot in "xy"}, signals=signals, calls=CALLS)


def path_cases(binary, seed=1, count=250):
    chance = random.Random(seed)
    cases, passed, failures = [], 0, []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(2 * count):
            document = random_flow(chance) if number < count else random_loop(chance)
            os.makedirs(os.path.join(folder, str(number)))
            path = os.path.join(folder, str(number), "case.flow.json")
            with open(path, "w") as file:
                json.dump(document, file)
            cases.append((path, document, number < count))
        _, out, _ = run(binary, ["check", "--json"] + [case[0] for case in cases])
        flows = {entry["file"]: entry["problems"] for entry in json.loads(out)["flows"]}
    for number, (path, document, search) in enumerate(cases):
        places = by_edges(document)
        loop, cycle = endless(document, places)
        has = {(problem["code"], problem.get("node")) for problem in flows[path]}
        codes = {code for code, _ in has}
        faults = []
        if loop != ("endless-loop" in codes):
            faults.append("endless-loop: wants %s, cycle %s" % (loop, cycle))
        for name in document["nodes"]:
            if (name not in places) != (("node-unreachable", name) in has):
                faults.append("node-unreachable of %s: wants %s" % (name, name not in places))
        if search:
            seen = explored(document)
            wanted = {
                ("context-incomplete", "g"): any(name == "g" and not x for name, x, _ in seen),
                ("requirement-unproved", "g"): any(name == "g" and not y for name, _, y in seen)}
            for name in places:
                wanted["path-infeasible", name] = not any(place[0] == name for place in seen)
            for key, want in wanted.items():
                if want != (key in has):
                    faults.append("%s of %s: wants %s" % (key[0], key[1], want))
        if faults:
            failures.append(("flow %d (seed %d)" % (number, seed), "\n      ".join(faults) + "\n      " + json.dumps(
                {name: {key: value for key, value in node.items() if key not in ("text", "prompt")} for name, node in document["nodes"].items()
                 if name[0] in "nm"}) + json.dumps(document["triggers"])))
        else:
            passed += 1
    return passed, failures
