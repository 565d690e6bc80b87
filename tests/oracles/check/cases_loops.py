"""Cycles, long steps, ping-pong, dead ends and what cannot be reached."""

from base import CALLS, action, ask, decision, end, flow, handoff, listen, message, setting, ticket
from runner import Case

SLOT = {"slots": {"x": {"type": "text", "entity": "x"}}}
FROM_MAIN = {"main": listen(("intent == \"fee\"", "h"), ("intent == \"cancel\"", "a"), else_="sorry")}


def walk(nodes, **top):
    """`a` is where the interesting part begins."""
    return flow(dict(FROM_MAIN, **nodes), **top)


CASES = []


def endless(name, nodes, may=(), **top):
    CASES.append(Case("endless: " + name, walk(nodes, **top), [("endless-loop", {"severity": "error"})],
                      may=("node-unreachable", "path-infeasible", "dead-end", "no-way-to-a-person") + tuple(may), exit=1))


def bounded(name, nodes, may=(), **top):
    CASES.append(Case("not endless: " + name, walk(nodes, **top), never=("endless-loop",), may=may))


endless("one message", {"a": message(next="a")})
endless("two messages", {"a": message(next="b"), "b": message("Well.", next="a")})
endless("a decision that would end it", {"a": decision(("turn < 3", "b"), else_="main"), "b": message(next="a")})
endless("a decision's else to itself", {"a": decision(("turn < 3", "main"), else_="a")})
endless("a set and a decision", {"a": setting({"x": "\"a\""}, "b"), "b": decision(("slots.x == \"b\"", "main"), else_="a")},
        **SLOT)
endless("an action's ok", {"a": action(ok="a")}, calls=CALLS)
endless("an action's ok through a decision", {"a": action(ok="b"), "b": decision(("a.found == \"y\"", "main"), else_="a")},
        calls=CALLS)
endless("filled of an ask", {"a": ask(filled="b"), "b": message(next="a")}, **SLOT)
endless("filled of an ask, another slot cleared", {"a": ask(filled="b"), "b": setting({"y": None}, "a")},
        slots={"x": {"type": "text", "entity": "x"}, "y": {"type": "text", "entity": "y"}}, may=("unused-slot",))
endless("filled of an ask, its slot set", {"a": ask(filled="b"), "b": setting({"x": "\"again\""}, "a")}, **SLOT)
endless("filled of an ask, cleared on one of two ways back",
        {"a": ask(filled="b"), "b": decision(("turn > 3", "c"), else_="d"), "c": setting({"x": None}, "a"),
         "d": message(next="a")}, **SLOT)
endless("a ticket's sent", {"a": ticket(sent="b"), "b": message(next="a")})
endless("a handoff's closed", {"h": handoff(closed="a"), "a": message("One moment.", next="h")}, may=("request-refused",))
endless("a handoff's overflow", {"h": handoff(overflow=[{"when": "queue.wait > 300", "to": "a"}]),
                                 "a": message("One moment.", next="h")}, may=("request-refused",))
endless("a todo", {"a": {"kind": "todo", "text": "Later", "next": "a"}})
endless("a cycle that nothing leads to by value",
        {"a": decision(("confidence > 0.5 && confidence < 0.4", "b"), else_="main"), "b": message(next="c"),
         "c": message("Well.", next="b")}, may=("branch-impossible",))
endless("a trigger leads into it", {"main": listen(("intent == \"fee\"", "h"), else_="sorry"), "a": message(next="a")},
        triggers={"t": {"when": "intent == \"cancel\"", "to": "a"}})
endless("a set alone", {"a": setting({"x": "\"a\""}, "a")}, **SLOT)
endless("a subflow that waits nowhere",
        {"a": {"kind": "subflow", "flow": "other", "outcomes": {"done": "a"}, "else": "main"}})
CASES[-1].files = {"other.flow.json": {"format": "handoff-flow/1", "id": "other", "nodes": {
    "start": {"kind": "start", "next": "m"}, "m": message("Well.", next="e"), "e": end("done")}}}
endless("a decision's two branches each to a cycle", {"a": decision(("turn < 3", "b"), else_="c"), "b": message(next="a"),
                                                     "c": message("Well.", next="a")})
endless("the first step", {"start": {"kind": "start", "next": "a"}, "main": listen(("intent == \"fee\"", "h"), else_="sorry"),
                           "a": message(next="b"), "b": decision(("turn == 0", "a"), else_="main")})

bounded("leaving a listen", {"a": message(next="main")})
bounded("failed of an ask", {"a": ask(filled="main", failed="b"), "b": message("Let us try again.", next="a")}, **SLOT)
bounded("filled of an ask whose slot is cleared", {"a": ask(filled="b", failed="main"), "b": setting({"x": None}, "a")}, **SLOT)
bounded("filled of an ask whose slot is cleared, further on",
        {"a": ask(filled="b", failed="main"), "b": message(next="c"),
         "c": decision(("turn > 3", "main"), else_="d"), "d": setting({"x": None}, "a")}, **SLOT)
bounded("an action's error", {"a": action(ok="main", error="b"), "b": message("Again.", next="a")}, calls=CALLS)
bounded("an action's timeout", {"a": action(ok="main", timeout="a")}, calls=CALLS, may=("slo-unreachable",))
bounded("an action's errors", {"a": action(ok="main", errors={"E1": "a"})}, calls=CALLS)
bounded("a handoff's timeout", {"h": handoff(timeout="a"), "a": message("Let me try again.", next="h")},
        may=("request-refused", "promise-without-request"))
bounded("a handoff's failed", {"h": handoff(failed="a"), "a": message("Once more.", next="h")},
        may=("request-refused", "promise-without-request"))
bounded("a handoff's resumed", {"h": handoff(resumed="a"), "a": message("Once more.", next="h")},
        may=("ping-pong", "node-unreachable"))
bounded("a handoff's resolved", {"h": handoff(resolved="a"), "a": message("Once more.", next="h")})
bounded("a handoff's returns", {"h": handoff(returns={"rerun": {"title": "Rerun", "to": "a"}}),
                                "a": message("Once more.", next="h")}, may=("ping-pong",))
bounded("a handoff's turns", {"h": handoff(waiting={"turns": [{"when": "intent == \"cancel\"", "to": "a"}]}),
                              "a": message("Once more.", next="h")})
bounded("a handoff's escalated", {"a": message(), "h": handoff(escalated="h2"), "h2": handoff(escalated="h", overflow=[])},
        may=("ping-pong",))
bounded("idle of a listen", {"main": listen(("intent == \"fee\"", "h"), else_="sorry", idle=[{"after": 60, "to": "a"}]),
                             "a": message("Still there?", next="main")})
bounded("idle of an ask", {"a": dict(ask(filled="main", failed="main"), idle=[{"after": 60, "to": "b"}]),
                           "b": message("Still there?", next="a")}, **SLOT)
bounded("a ticket's failed", {"a": ticket(failed="b"), "b": message("Once more.", next="a")})
bounded("a cycle through a listen and much else",
        {"a": message(next="b"), "b": decision(("turn < 5", "c"), else_="h"), "c": listen(else_="a")})


# too long a step
def chain(count, last="main", first="n1"):
    nodes = {}
    for number in range(1, count + 1):
        nodes["n%d" % number] = message("Part %d." % number, next="n%d" % (number + 1) if number < count else last)
    nodes["main"] = listen(("intent == \"fee\"", "h"), ("intent == \"cancel\"", first), else_="sorry")
    return nodes


for count, bad in ((900, False), (999, False), (1000, True), (1100, True)):
    # A turn at `main` is used up by leaving it: then `count` messages and `main` again are entered.
    case = Case("too long: %d nodes after a turn" % count, flow(chain(count)),
                [("too-long-a-step", {"severity": "error"})] if bad else [],
                never=() if bad else ("too-long-a-step",))
    CASES.append(case)
CASES.append(Case("too long: not where a turn lies between",
                  flow(dict(chain(1100), n500=listen(else_="n501"))), never=("too-long-a-step",)))
CASES.append(Case("too long: not where an ask lies between that is cleared before", flow(
    dict(chain(1100), n500=setting({"x": None}, "n501"), n501=ask(filled="n502", failed="n502")), **SLOT),
    exact=False))
CASES.append(Case("too long: after resumed", flow(dict(chain(1100), h=handoff(resumed="n1"),
                                                     main=listen(("intent == \"fee\"", "h"), else_="sorry"))),
                  ["too-long-a-step"], may=("node-unreachable",)))
CASES.append(Case("too long: the longer of two ways", flow(dict(
    chain(1100), n1=decision(("turn > 3", "main"), else_="n2"))), ["too-long-a-step"]))
CASES.append(Case("too long: not with a cycle of another kind", flow(dict(chain(5))), never=("too-long-a-step",)))


# ping-pong
def pong(name, nodes, bad, may=(), **top):
    CASES.append(Case(("ping-pong: " if bad else "no ping-pong: ") + name, walk(nodes, **top),
                      [("ping-pong", {"severity": "warning"})] if bad else [],
                      never=() if bad else ("ping-pong",), may=("node-unreachable",) + tuple(may)))


NO_A = {"main": listen(("intent == \"fee\"", "h"), else_="sorry")}
pong("resumed to itself", dict(NO_A, h=handoff(resumed="h")), True)
pong("resumed through a message", dict(NO_A, h=handoff(resumed="a"), a=message("Once more.", next="h")), True)
pong("returns", dict(NO_A, h=handoff(returns={"rerun": {"title": "Rerun", "to": "a"}}), a=message("Once more.", next="h")), True)
pong("two handoffs", dict(NO_A, h=handoff(resumed="h2"), h2=handoff(resumed="h")), True)
pong("escalated and back", dict(NO_A, h=handoff(escalated="h2"), h2=handoff(escalated="h")), True)
pong("escalated, and resumed back", dict(NO_A, h=handoff(escalated="h2"), h2=handoff(resumed="h")), True)
pong("through an action's error", dict(NO_A, h=handoff(resumed="a"), a=action(ok="main", error="h")), True, calls=CALLS)
pong("through a decision", dict(NO_A, h=handoff(resumed="a"), a=decision(("agent.outcome == \"again\"", "h"), else_="main")), True)
pong("resumed to another handoff and on", dict(NO_A, h=handoff(resumed="h2"), h2=handoff()), False)
pong("a turn between", dict(NO_A, h=handoff(resumed="a"), a=listen(else_="h")), False)
pong("the base", {"a": message()}, False)
pong("escalated, then to a listen", dict(NO_A, h=handoff(escalated="h2"), h2=handoff(resumed="back")), False)
pong("resolved", dict(NO_A, h=handoff(resolved="a"), a=message("Once more.", next="h")), False)
pong("timeout alone", dict(NO_A, h=handoff(timeout="h2"), h2=handoff(timeout="h")), False, may=("request-refused",))
pong("an ask whose slot is cleared before", dict(
    NO_A, h=handoff(resumed="a"), a=setting({"x": None}, "b"), b=ask(filled="h", failed="h")), False, **SLOT)


# dead ends, what no edge reaches, what no values reach
def one(name, nodes, code, bad, want=None, may=(), exact=True, **top):
    CASES.append(Case(("%s: " if bad else "no %s: ") % code + name, walk(nodes, **top),
                      [(code, dict({"severity": "warning"}, **(want or {})))] if bad else [],
                      never=() if bad else (code,), may=may, exact=exact))


one("a message without next", {"a": message(next=None)}, "dead-end", True, {"node": "a"}, may=("no-way-to-a-person",))
one("a set without next", {"a": {"kind": "set", "assign": {"x": None}}}, "dead-end", True, {"node": "a"},
    may=("no-way-to-a-person", "unused-slot"), **SLOT)
one("an ask without ports", {"a": {"kind": "ask", "slot": "x", "prompt": "Which?"}}, "dead-end", True, {"node": "a"},
    may=("no-way-to-a-person",), **SLOT)
one("an action without ports", {"a": {"kind": "action", "call": "look", "inputs": {}, "time_limit": 5}}, "dead-end", True,
    {"node": "a"}, may=("no-way-to-a-person", "error-code-unhandled"), calls=CALLS)
one("a subflow without ports", {"a": {"kind": "subflow", "flow": "other"}}, "dead-end", True, {"node": "a"},
    may=("no-way-to-a-person",))
CASES[-1].files = {"other.flow.json": {"format": "handoff-flow/1", "id": "other", "nodes": {
    "start": {"kind": "start", "next": "e"}, "e": end("done")}}}
one("start without next", {"start": {"kind": "start"}}, "dead-end", True, {"node": "start"}, exact=False)
one("an end", {"a": end()}, "dead-end", False)
one("a note", {"a": message(), "n": {"kind": "note", "text": "Remember the fees."}}, "dead-end", False)
one("a handoff without escalated, returns and resumed", {"a": message(), "h": handoff(resumed=None, resolved=None)},
    "dead-end", False, may=("node-unreachable",))
one("a ticket", {"a": ticket()}, "dead-end", False)

one("an island", {"a": message(), "i": message()}, "node-unreachable", True, {"node": "i"})
one("an end that nothing leads to", {"a": message(), "i": end()}, "node-unreachable", True, {"node": "i"})
one("a handoff that nothing leads to", {"a": message(), "i": ticket()}, "node-unreachable", True, {"node": "i"})
one("a note", {"a": message(), "n": {"kind": "note", "text": "Remember the fees."}}, "node-unreachable", False)
one("only by a trigger", {"a": message(), "i": message()}, "node-unreachable", False,
    triggers={"t": {"when": "turn > 9", "to": "i"}})
one("only by idle", {"a": listen(else_="main", idle=[{"after": 60, "to": "i"}]), "i": message("Still there?")},
    "node-unreachable", False)
one("only by overflow", {"a": message(), "h": handoff(overflow=[{"when": "queue.wait > 9", "to": "i", "keep_place": True}]),
                         "i": message("You keep your place.")}, "node-unreachable", False)
one("only by turns", {"a": message(), "h": handoff(waiting={"turns": [{"when": "intent == \"cancel\"", "to": "i"}]}),
                      "i": message("As you like.")}, "node-unreachable", False)
one("only by returns", {"a": message(), "h": handoff(returns={"z": {"title": "Z", "to": "i"}}), "i": message()},
    "node-unreachable", False)
one("only by an error's code", {"a": action(errors={"E1": "i"}), "i": message()}, "node-unreachable", False, calls=CALLS)
one("only by an outcome", {"a": {"kind": "subflow", "flow": "other", "outcomes": {"done": "i"}, "else": "main"},
                           "i": message()}, "node-unreachable", False)
CASES[-1].files = {"other.flow.json": {"format": "handoff-flow/1", "id": "other", "nodes": {
    "start": {"kind": "start", "next": "e"}, "e": end("done")}}}

one("a guard that nothing satisfies", {"a": decision(("confidence > 0.5 && confidence < 0.4", "i"), else_="main"),
                                       "i": message()}, "path-infeasible", True, {"node": "i"}, may=("branch-impossible",))
one("a shadowed branch", {"a": decision(("turn > 2", "main"), ("turn > 3", "i"), else_="sorry"), "i": message()},
    "path-infeasible", True, {"node": "i"}, may=("branch-shadowed",))
one("two decisions that exclude one another",
    {"a": decision(("confidence > 0.8", "b"), else_="main"), "b": decision(("confidence < 0.5", "i"), else_="main"),
     "i": message()}, "path-infeasible", True, {"node": "i"})
one("an else that is not left", {"a": decision(("nlu.ok", "main"), ("!nlu.ok", "sorry"), else_="i"), "i": message()},
    "path-infeasible", True, {"node": "i"})
one("a way only from where nothing leads", {"a": setting({"x": "\"a\""}, "b"), "b": decision(("has(slots.x)", "main"), else_="i"),
                                            "i": message(), "island": listen(else_="b")}, "path-infeasible", True, {"node": "i"},
    may=("node-unreachable", "no-way-to-a-person"), **SLOT)
one("two decisions with a turn between",
    {"a": decision(("confidence > 0.8", "b"), else_="main"), "b": listen(else_="c"),
     "c": decision(("confidence < 0.5", "i"), else_="main"), "i": message()}, "path-infeasible", False)
one("two decisions with a set between",
    {"a": decision(("slots.x == \"a\"", "b"), else_="main"), "b": setting({"x": "\"b\""}, "c"),
     "c": decision(("slots.x == \"b\"", "i"), else_="main"), "i": message()}, "path-infeasible", False, **SLOT)
one("two ways, one of them open",
    {"a": decision(("confidence > 0.8", "b"), else_="c"), "b": decision(("confidence < 0.5", "i"), else_="main"),
     "c": message(next="i"), "i": message("Well.")}, "path-infeasible", False)
one("a slot filled between", {"a": decision(("!has(slots.x)", "b"), else_="main"), "b": ask(filled="c", failed="main"),
                              "c": decision(("has(slots.x)", "i"), else_="main"), "i": message()},
    "path-infeasible", False, **SLOT)
one("an action's output between",
    {"a": decision(("!has(b.found)", "b"), else_="main"), "b": action(ok="c"),
     "c": decision(("b.found == \"y\"", "i"), else_="main"), "i": message()}, "path-infeasible", False, calls=CALLS)

# triggers
CASES += [
    Case("trigger-shadowed: a narrower one after a wider", flow(triggers={"t": {"when": "intent == \"request_human\" && turn > 2", "to": "h"}}),
         [("trigger-shadowed", {"severity": "warning", "trigger": "t"})]),
    Case("trigger-shadowed: the same condition", flow(triggers={"t": {"when": "intent == \"request_human\"", "to": "later"}}),
         [("trigger-shadowed", {"trigger": "t"})], may=("duplicate-guard",)),
    Case("no trigger-shadowed: a wider one after", flow(triggers={"t": {"when": "intent in [\"request_human\", \"cancel\"]", "to": "h"}}),
         never=("trigger-shadowed",)),
    Case("no trigger-shadowed: the first is spent", flow(triggers={
        "asked": {"when": "intent == \"request_human\"", "to": "h", "once": True},
        "t": {"when": "intent == \"request_human\" && turn > 2", "to": "h"}}), never=("trigger-shadowed",)),
    Case("no trigger-shadowed: once accepted", flow(triggers={
        "asked": {"when": "intent == \"request_human\"", "to": "h", "once": "accepted"},
        "t": {"when": "intent == \"request_human\" && turn > 2", "to": "h"}}), never=("trigger-shadowed",)),
    Case("no trigger-shadowed: elsewhere", flow({"main": listen(("intent == \"fee\"", "h"), ("intent == \"cancel\"", "l2"), else_="sorry"),
                                               "l2": listen(else_="main")}, triggers={
        "asked": {"when": "intent == \"request_human\"", "to": "h", "within": ["main"]},
        "t": {"when": "intent == \"request_human\"", "to": "h"}}), never=("trigger-shadowed",)),
    Case("no trigger-shadowed: a because that need not hold", flow(triggers={
        "asked": {"when": "intent == \"request_human\"", "because": {"b1": "sentiment < 0"}, "to": "h"},
        "t": {"when": "intent == \"request_human\"", "to": "h"}}), never=("trigger-shadowed",)),
    Case("trigger-shadowed: by a because that always holds", flow(triggers={
        "asked": {"when": "intent == \"request_human\"", "because": {"b1": "sentiment < 0", "b2": "!(sentiment < 0)"}, "to": "h"},
        "t": {"when": "intent == \"request_human\"", "to": "h"}}), [("trigger-shadowed", {"trigger": "t"})], exact=False),
]
