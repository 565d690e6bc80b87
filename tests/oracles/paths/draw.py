"""Random flows of up to twelve cards, with few enough values that every behaviour can be enumerated, and random conversations."""

FEE = "intent == \"fee\""
CANCEL = "intent == \"cancel\""
GUARDS = [
    "crm.g", "!crm.g", "has(crm.g)", "has(slots.x)", "!has(slots.y)", "has(slots.x) && has(slots.y)", "slots.x == \"a\"",
    "slots.x != \"a\"", "slots.y == \"a\" || slots.x == \"b\"", "slots.y in [\"a\", \"b\"]", "confidence < 0.5",
    "confidence >= 0.5 && confidence < 0.8", "!(confidence > 0.8)", FEE, CANCEL, "intent != \"none\"", "has(trigger.id)",
    "trigger.id == \"asked\"", "error.code == \"E1\"", "has(error.code)", "error.action == \"call\"", "has(call.found)",
    "handoff.pending", "!handoff.pending && has(slots.x)", "queue.t1.open", "queue.t1.wait > 300", "attempts > 0",
    "slots.x == slots.y", "const.on", "confidence > const.sure",
]
ASSIGNED = [None, "\"a\"", "\"b\"", "slots.x", "slots.y", "call.found", "const.word"]
OVERFLOW = ["queue.wait > 300", "slots.x == \"a\"", "!(trigger.id == \"asked\") && queue.wait > 300", "has(slots.y)", "priority > 3"]


def draw(chance):
    """A flow document."""
    names = ["n%d" % number for number in range(chance.randint(2, 7))]
    # Few kinds of guards in one flow meet more often.
    guards = chance.sample(GUARDS, chance.randint(2, 5))
    every = names + ["main", "g", "end"]
    to = lambda: chance.choice(every)
    nodes = {"start": {"kind": "start", "next": "main" if chance.random() < 0.9 else chance.choice(names)}}
    for name in names:
        nodes[name] = one(chance, to, guards)
    if any("call." in guard or "error." in guard for guard in guards) or chance.random() < 0.2:
        nodes["call"] = {"kind": "action", "call": "look", "inputs": {}, "time_limit": 5, "ok": to(), "error": to(), "timeout": to()}
        if chance.random() < 0.5:
            nodes["call"]["errors"] = {"E1": to()}
        every.append("call")
        nodes[chance.choice(names)] = {"kind": "message", "text": "One moment.", "next": "call"}
    nodes["main"] = {"kind": "listen", "branches": [{"when": FEE, "to": chance.choice(names)}, {"when": chance.choice(guards + [CANCEL]), "to": to()}],
                     "else": chance.choice(names)}
    nodes["g"] = handoff(chance, to) if chance.random() < 0.6 else {"kind": "handoff", "mode": "ticket", "context": "c", "tier": "t1", "sent": "end", "failed": to()}
    nodes["end"] = {"kind": "end", "outcome": "done"}
    nodes = {name: without_calls(node) if "call" not in nodes else node for name, node in nodes.items()}
    if chance.random() < 0.3:
        undraw(chance, nodes)
    triggers = {}
    if chance.random() < 0.7:
        triggers["asked"] = {"when": "intent == \"request_human\"", "to": chance.choice(["g", "g", to()]), "within": chance.choice([["*"], ["main"]])}
    if chance.random() < 0.3:
        triggers["t"] = {"when": chance.choice([guard for guard in guards if "call" not in guard] or [CANCEL]), "to": to(), "within": ["main"], "once": chance.choice([True, False])}
        if not triggers["t"]["once"]:
            del triggers["t"]["once"]
    tier = {"title": "Desk"}
    if chance.random() < 0.5:
        tier["requires"] = chance.choice(["has(slots.y)", "slots.y == \"a\"", "crm.g", "has(slots.x) && has(slots.y)"])
    return {
        "format": "handoff-flow/1", "id": "case", "locale": "en",
        "constants": {"on": {"value": True}, "sure": {"value": 0.8}, "word": {"value": "a"}},
        "intents": {"fee": {"title": "Fee", "examples": ["a fee"]}, "cancel": {"title": "Cancel", "examples": ["never mind"]},
                    "request_human": {"title": "Asks for a person", "examples": ["a person please"]}},
        "signals": {"crm.g": {"type": "bool", "source": "crm"}},
        "slots": {"x": {"type": "text", "entity": "x"}, "y": {"type": "text", "entity": "y"}},
        "calls": {"look": {"inputs": {}, "outputs": {"found": "text"}, "errors": {"E1": "Not there"}, "repeat": "safe"}},
        "tiers": {"t1": tier},
        "contexts": {"c": {"told": "it", "fields": {"it": {"from": "slots.x", "required": True}}}},
        "triggers": triggers, "nodes": nodes,
    }


def undraw(chance, nodes):
    """Takes a port or two away."""
    drawn = [(name, port) for name, node in nodes.items() for port in node
             if name != "start" and port in ("next", "else", "filled", "failed", "ok", "error", "timeout", "sent", "resumed", "resolved", "closed")]
    for name, port in chance.sample(drawn, chance.randint(1, 2)):
        del nodes[name][port]


def one(chance, to, guards):
    pick = chance.random()
    if pick < 0.12:
        return {"kind": "message", "text": "All right.", "next": to()}
    if pick < 0.45:
        rows = [{"when": guard, "to": to()} for guard in chance.sample(guards, chance.randint(1, min(2, len(guards))))]
        return {"kind": "decision", "branches": rows, "else": to()}
    if pick < 0.6:
        return {"kind": "ask", "slot": chance.choice("xy"), "prompt": "Which?", "attempts": chance.randint(1, 2), "filled": to(), "failed": to()}
    if pick < 0.8:
        return {"kind": "set", "assign": {slot: chance.choice(ASSIGNED) for slot in chance.sample("xy", chance.randint(1, 2))}, "next": to()}
    if pick < 0.9:
        return {"kind": "listen", "branches": [{"when": chance.choice(guards), "to": to()}], "else": to()}
    return handoff(chance, to)


def handoff(chance, to):
    node = {"kind": "handoff", "context": "c", "tier": "t1", "max_wait": 600, "say": "One moment."}
    for port in ("resumed", "resolved", "timeout", "closed", "failed"):
        node[port] = chance.choice(["main", to()])
    if chance.random() < 0.4:
        node["overflow"] = [{"when": chance.choice(OVERFLOW), "to": to(), "keep_place": chance.random() < 0.5}]
    if chance.random() < 0.3:
        node["waiting"] = {"turns": [{"when": chance.choice([CANCEL, "confidence < 0.5", "has(slots.y)"]), "to": to(), "keep_place": chance.random() < 0.5}]}
    if chance.random() < 0.3:
        node["returns"] = {"rerun": {"title": "Again", "to": to()}}
    return node


def without_calls(node):
    """The same without what only an action gives."""
    known = lambda when: "call" not in when
    if "branches" in node:
        rows = [row for row in node["branches"] if known(row["when"])]
        return dict(node, branches=rows or [{"when": FEE, "to": node["branches"][0]["to"]}])
    if node["kind"] == "set":
        return dict(node, assign={slot: "\"b\"" if source == "call.found" else source for slot, source in node["assign"].items()})
    return node


def conversation(chance, number):
    """Events that the flows of `draw` know, in any order."""
    kinds = [
        lambda: turn(chance), lambda: turn(chance), lambda: turn(chance),
        lambda: {"queue": "t1", "open": chance.random() < 0.7, "wait": chance.choice([0, 400])},
        lambda: {"clock": chance.choice([60, 700])},
        lambda: {"handoff": chance.choice(["sent", "failed"])},
        lambda: {"agent": chance.choice(["accepted", "resumed", "resolved"]), "outcome": chance.choice(["rerun", None]),
                 "slots": chance.choice([{}, {"x": "a"}, {"y": None}, {"x": None, "y": "b"}])},
        lambda: dict({"action": "call"}, **chance.choice([
            {"data": {"found": "a"}}, {"status": "ok"}, {"status": "error", "code": "E1"}, {"status": "error", "code": "E2"},
            {"status": "error"}, {"status": "timeout"}])),
    ]
    return {"id": "c%d" % number, "turns": [chance.choice(kinds)() for _ in range(chance.randint(1, 10))]}


def turn(chance):
    found = {"who": "user", "text": "Well.", "intent": chance.choice(["fee", "cancel", "request_human", "none"]),
             "confidence": chance.choice([None, 0.4, 0.6, 0.9]), "sentiment": None, "entities": {}, "signals": {}}
    for slot in "xy":
        if chance.random() < 0.4:
            found["entities"][slot] = chance.choice("abc")
    if chance.random() < 0.6:
        found["signals"]["crm.g"] = chance.choice([True, False, None])
    return found
