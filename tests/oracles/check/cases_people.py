"""What the flow owes the customer and the person: a way, a request, a payload, classes, requirements, seconds."""

from base import CALLS, action, ask, decision, flow, guards, handoff, listen, message, setting, ticket
from runner import Case

CASES = []
SLOT = {"x": {"type": "text", "entity": "x"}}
ASKED = "intent == \"request_human\""


def two(code, bad, name, document, severity="error", may=(), exact=True, files=None, **want):
    CASES.append(Case(("%s: " if bad else "no %s: ") % code + name, document,
                      [(code, dict({"severity": severity}, **want))] if bad else [],
                      never=() if bad else (code,), may=may, exact=exact, files=files))


# no-way-to-a-person
NWP = "no-way-to-a-person"
lonely = flow({"main": listen(("intent == \"fee\"", "bye"), else_="sorry"), "h": None, "later": None, "back": None,
               "gone": None}, triggers=None, contexts=None, tiers=None)
two(NWP, True, "a flow without any handoff", lonely)
two(NWP, True, "a listen that leads nowhere else", flow(
    {"main": listen(("intent == \"fee\"", "h"), ("intent == \"cancel\"", "trap"), else_="sorry"),
     "trap": listen(else_="again"), "again": message("Tell me more.", next="trap")}, triggers=None))
two(NWP, True, "a trigger that is not for that place", flow(
    {"main": listen(("intent == \"fee\"", "h"), ("intent == \"cancel\"", "trap"), else_="sorry"),
     "trap": listen(else_="again"), "again": message("Tell me more.", next="trap")},
    triggers={"asked": {"when": ASKED, "to": "h", "within": ["!trap"]}}))
two(NWP, False, "a trigger from anywhere", flow(
    {"main": listen(("intent == \"fee\"", "h"), ("intent == \"cancel\"", "trap"), else_="sorry"),
     "trap": listen(else_="again"), "again": message("Tell me more.", next="trap")}))
two(NWP, False, "the base", flow())
two(NWP, False, "by edges alone", flow(triggers=None))
two(NWP, False, "a ticket is a person too", flow(
    {"main": listen(("intent == \"fee\"", "later"), else_="sorry"), "h": None, "back": None},
    triggers={"asked": {"to": "later"}}))
two(NWP, False, "in a subflow", flow(
    {"main": listen(("intent == \"fee\"", "sub"), else_="sorry"), "h": None, "back": None, "later": None,
     "gone": None, "sub": {"kind": "subflow", "flow": "other", "else": "bye"}}, triggers=None, tiers=None, contexts=None),
    files={"other.flow.json": dict(flow(
        {"start": {"kind": "start", "next": "h"}, "main": None, "sorry": None, "back": None,
         "h": handoff(resumed="bye")}, triggers=None), id="other")})

# handoff-without-*
for port in ("timeout", "closed", "failed"):
    code = "handoff-without-" + port
    two(code, True, "not drawn", flow({"h": handoff(**{port: None})}), "warning", node="h")
    two(code, False, "drawn", flow(), "warning")
    two(code, True, "of a copilot", flow({"h": handoff(mode="copilot", **{port: None})}), "warning", node="h")
    two(code, True, "a second handoff", flow({"main": listen(("intent == \"fee\"", "h"), ("intent == \"cancel\"", "h2"), else_="sorry"),
                                              "h2": handoff(**{port: None})}), "warning", node="h2")
for mode in ("ticket", "callback"):
    two("handoff-without-failed", True, "of a " + mode, flow({"later": ticket(mode=mode, failed=None), "gone": None}), "warning",
        node="later")
    two("handoff-without-timeout", False, "of a " + mode, flow({"later": ticket(mode=mode)}), "warning")
    two("handoff-without-closed", False, "of a " + mode, flow({"later": ticket(mode=mode)}), "warning")

# request-refused
RR = "request-refused"
BUSY = message("Everyone is busy, so let me try to help.")
two(RR, True, "closed leads back", flow({"h": handoff(closed="a"), "a": BUSY}))
two(RR, True, "overflow leads back without place kept", flow(
    {"h": handoff(overflow=[{"when": "queue.wait > 300", "to": "a"}]), "a": BUSY}))
two(RR, True, "timeout leads back", flow({"h": handoff(timeout="a"), "a": BUSY}))
two(RR, True, "asked in a branch", flow({"main": listen((ASKED, "h"), else_="sorry"), "h": handoff(closed="a"), "a": BUSY},
                                        triggers=None))
two(RR, True, "overflow of some cases only", flow(
    {"h": handoff(overflow=[{"when": "queue.wait > 300 && turn > 2", "to": "a"}]), "a": BUSY}))
two(RR, True, "straight back to listening", flow({"h": handoff(closed="main")}))
two(RR, False, "place kept", flow(
    {"h": handoff(overflow=[{"when": "queue.wait > 300", "to": "a", "keep_place": True}]), "a": message("You keep your place.")}))
two(RR, False, "a ticket", flow())
two(RR, False, "a callback", flow({"h": handoff(closed="ask"), "ask": ask("x", "call", "gone"),
                                   "call": ticket(mode="callback", contact={"phone": "slots.x"})}, slots=SLOT))
two(RR, False, "overflow to a ticket", flow({"h": handoff(overflow=[{"when": "queue.wait > 300", "to": "later"}])}))
two(RR, True, "back to a listen of the same kind elsewhere", flow(
    {"h": handoff(closed="a"), "a": message("Everyone is busy.", next="l2"), "l2": listen(else_="sorry")}))
two(RR, True, "no other way than the trigger", flow({"main": listen(else_="sorry"), "h": handoff(closed="a"), "a": BUSY}))
two(RR, False, "a choice", flow(
    {"h": handoff(closed="a"), "a": message("Nobody is free. Shall we write to you, or may I go on helping?", next="l2"),
     "l2": listen(("intent == \"cancel\"", "main"), else_="later")}))
two(RR, False, "nobody asked", flow({"h": handoff(closed="a"), "a": BUSY}, triggers=None))
two(RR, False, "not for those who ask", flow(
    {"h": handoff(overflow=[{"when": "queue.wait > 300 && trigger.id != \"asked\" && has(trigger.id)", "to": "a"}]), "a": BUSY}),
    may=("path-infeasible",))
two(RR, False, "the customer's own word while waiting", flow(
    {"h": handoff(waiting={"turns": [{"when": "intent == \"cancel\"", "to": "a"}]}), "a": message("As you like.")}))

# promise-without-request
PR = "promise-without-request"
for number, text in enumerate(["We will call you back today.", "A colleague will call you back within the hour.",
                               "I am connecting you with a colleague now.",
                               "Our team will get back to you by email.", "I'm transferring you to an agent."]):
    two(PR, True, "no request, " + text, flow(
        {"main": listen(("intent == \"fee\"", "h"), ("intent == \"cancel\"", "a"), else_="sorry"), "a": message(text)}), node="a")
two(PR, True, "closed, and promised all the same", flow(
    {"h": handoff(closed="a"), "a": message("We will call you back today.", next="bye")}), may=(RR,), node="a")
two(PR, False, "after the ticket was sent", flow({"later": ticket(sent="a"), "a": message("We will call you back today.", next="bye")}))
two(PR, False, "a question", flow(
    {"main": listen(("intent == \"fee\"", "h"), ("intent == \"cancel\"", "a"), else_="sorry"),
     "a": message("Would you like me to connect you with a colleague?")}))
two(PR, False, "other words", flow(
    {"main": listen(("intent == \"fee\"", "h"), ("intent == \"cancel\"", "a"), else_="sorry"),
     "a": message("Fees are charged on the first of the month.")}))
two(PR, False, "place kept", flow(
    {"h": handoff(overflow=[{"when": "queue.wait > 300", "to": "a", "keep_place": True}]),
     "a": message("A colleague will be with you soon; you keep your place.")}))
two(PR, False, "say of the handoff", flow({"h": handoff(say="I am connecting you with a colleague.")}))
two(PR, True, "on one of two ways", flow(
    {"main": listen(("intent == \"fee\"", "h"), ("intent == \"cancel\"", "a"), else_="sorry"), "later": ticket(sent="a"),
     "a": message("We will call you back today.", next="bye")}), node="a")
two(PR, True, "the ticket failed", flow({"later": ticket(failed="a"), "a": message("We will call you back today.", next="gone")}), node="a")

# signal-without-source
SW = "signal-without-source"
two(SW, True, "read in a guard", guards(["acc.n > 3"], "q", signals={"acc.n": {"type": "number", "min": 0, "max": 10}}))
two(SW, True, "read in a trigger", flow(signals={"acc.b": {"type": "bool"}},
                                        triggers={"t": {"when": "acc.b", "to": "h"}}))
two(SW, True, "read in a route", flow({"h": handoff(routes=[{"when": "acc.b", "tier": "t2"}])}, signals={"acc.b": {"type": "bool"}},
                                      tiers={"t2": {"title": "Second desk"}}))
two(SW, False, "with a source", guards(["crm.n > 3"], "q"))
two(SW, False, "a slot", guards(["slots.x == \"a\""], "q", slots=SLOT))
two(SW, False, "a built-in one", guards(["confidence > 0.5"], "q"))

# context-incomplete
CI = "context-incomplete"


def needs(source, nodes=None, required=True, **top):
    field = {"from": source}
    if required is not None:
        field["required"] = required
    return flow(nodes, contexts={"c2": {"summary": "All", "fields": {"it": field}}}, **top)


def WITH(**ports):
    return dict({"main": listen(("intent == \"fee\"", "h"), ("intent == \"cancel\"", "a"), else_="sorry"),
                                    "g": handoff(context="c2", **ports)})
two(CI, True, "a slot that nobody asked for", needs("slots.x", dict(WITH(), a=message("Right.", next="g")), slots=SLOT), node="g")
two(CI, True, "ask's failed", needs("slots.x", dict(WITH(), a=ask(filled="g", failed="g")), slots=SLOT), node="g")
two(CI, False, "ask's filled", needs("slots.x", dict(WITH(), a=ask(filled="g", failed="main")), slots=SLOT))
two(CI, False, "not required", needs("slots.x", dict(WITH(), a=ask(filled="g", failed="g")), required=None, slots=SLOT))
two(CI, False, "required is false", needs("slots.x", dict(WITH(), a=ask(filled="g", failed="g")), required=False, slots=SLOT))
two(CI, True, "cleared after it was filled", needs("slots.x", dict(
    WITH(), a=ask(filled="b", failed="main"), b=setting({"x": None}, "g")), slots=SLOT), node="g")
two(CI, False, "set to a text", needs("slots.x", dict(WITH(), a=setting({"x": "\"a\""}, "g")), slots=SLOT))
two(CI, False, "set to a constant", needs("slots.x", dict(WITH(), a=setting({"x": "const.w"}, "g")), slots=SLOT,
                                          constants={"w": {"value": "a", "title": "W"}}))
two(CI, True, "set to a name that may be unset", needs("slots.x", dict(WITH(), a=setting({"x": "text"}, "b"), b=setting({"x": "agent.note"}, "g")), slots=SLOT),
    node="g")
two(CI, False, "cleared and set again", needs("slots.x", dict(
    WITH(), a=setting({"x": None, }, "b"), b=setting({"x": "\"a\""}, "g")), slots=SLOT))
two(CI, True, "filled on one of two ways", needs("slots.x", dict(
    WITH(), a=decision(("turn > 3", "b"), else_="g"), b=ask(filled="g", failed="main")), slots=SLOT), node="g")
two(CI, False, "filled on both ways", needs("slots.x", dict(
    WITH(), a=decision(("turn > 3", "b"), else_="c"), b=ask(filled="g", failed="main"), c=setting({"x": "\"a\""}, "g")), slots=SLOT))
two(CI, False, "has asked for it", needs("slots.x", dict(WITH(), a=decision(("has(slots.x)", "g"), else_="main")), slots=SLOT))
two(CI, False, "a comparison asked for it", needs("slots.x", dict(WITH(), a=decision(("slots.x == \"a\"", "g"), else_="main")), slots=SLOT))
two(CI, True, "a negated comparison did not", needs("slots.x", dict(
    WITH(), a=decision(("!(slots.x == \"a\")", "g"), else_="main")), slots=SLOT), node="g")
two(CI, True, "an action's output after its error", needs("a.found", dict(WITH(), a=action(ok="main", error="g")), calls=CALLS), node="g")
two(CI, True, "an action's output after its timeout", needs("a.found", dict(WITH(), a=action(ok="main", timeout="g")), calls=CALLS), node="g")
two(CI, True, "confidence may be unset", needs("confidence", dict(WITH(), a=message("Right.", next="g"))), node="g")
two(CI, True, "a declared signal may be unset", needs("crm.n", dict(WITH(), a=message("Right.", next="g")),
                                                      signals={"crm.n": {"type": "number", "min": 0, "max": 9, "source": "crm"}}), node="g")
two(CI, True, "by a trigger, past the ask", needs("slots.x", {
    "main": listen(("intent == \"fee\"", "h"), ("intent == \"cancel\"", "a"), else_="sorry"),
    "a": ask(filled="g", failed="main"), "g": handoff(context="c2")}, slots=SLOT,
    triggers={"t": {"when": "turn > 9", "to": "g"}}), node="g")
for source in ("intent", "handoff.reasons", "transcript.last(5)", "transcript.all()", "\"gold\"", "turn", "queue.t1.wait", "nlu.ok",
               "handoffs", "repeats"):
    two(CI, False, "always there: " + source, needs(source, dict(WITH(), a=message("Right.", next="g"))))
two(CI, True, "through extends", flow(dict(WITH(), a=message("Right.", next="g"), g=handoff(context="c3")), slots=SLOT,
                                      contexts={"c2": {"summary": "All", "fields": {"it": {"from": "slots.x", "required": True}}},
                                                "c3": {"extends": "c2", "summary": "More", "fields": {}}}), node="g")
two(CI, False, "a context that no handoff uses", needs("slots.x", {"main": listen(("intent == \"fee\"", "h"), ("intent == \"cancel\"", "a"), else_="sorry"),
                                                                  "a": ask(filled="h", failed="h")}, slots=SLOT))

# class-leak
CL = "class-leak"


def classed(redact="none", sees=None, field=None, slot_class="pii", more=None, **top):
    tiers = {"t1": {"title": "General desk"}}
    if sees is not None:
        tiers["t1"]["sees"] = sees
    slot = {"type": "text", "entity": "x"}
    if slot_class:
        slot["class"] = slot_class
    entry = {"from": "slots.x"}
    if slot_class:
        entry["class"] = slot_class
    entry.update(field or {})
    nodes = {"main": listen(("intent == \"fee\"", "h"), ("intent == \"cancel\"", "a"), else_="sorry"),
             "a": ask(filled="g", failed="main"), "g": handoff(context="c2")}
    nodes.update(more or {})
    return flow(nodes, slots={"x": slot}, tiers=tiers,
                classes={"pii": {"title": "Personal", "redact": redact}, "other": {"title": "Other", "redact": "none"}},
                contexts={"c2": {"summary": "All", "fields": {"it": entry}}}, **top)


two(CL, True, "a tier that sees another class", classed(sees=["other"]))
two(CL, True, "a tier that sees nothing", classed(sees=[]))
two(CL, False, "a tier that sees it", classed(sees=["pii"]))
two(CL, False, "a tier that sees both", classed(sees=["other", "pii"]))
two(CL, False, "no class at all", classed(slot_class=None, sees=["other"]))
two(CL, True, "the field's own class", classed(slot_class=None, field={"class": "pii"}, sees=["other"]))
two(CL, False, "the field's own class, seen", classed(slot_class=None, field={"class": "pii"}, sees=["pii"]))
two(CL, False, "dropped", classed(sees=["other"], field={"redact": "drop"}))
two(CL, False, "dropped by its class", classed(redact="drop", sees=["other"]))
two(CL, True, "a route to a tier that does not see it", classed(
    sees=["pii"], more={"g": handoff(context="c2", routes=[{"when": "turn > 5", "tier": "t2"}])}), exact=False)
CASES[-1].document["tiers"]["t2"] = {"title": "Second desk", "sees": ["other"]}
two(CL, False, "a route to a tier that sees it", classed(
    sees=["pii"], more={"g": handoff(context="c2", routes=[{"when": "turn > 5", "tier": "t2"}])}))
CASES[-1].document["tiers"]["t2"] = {"title": "Second desk", "sees": ["pii"]}
two(CL, True, "copied into another slot's field, text of the summary", classed(sees=["other"], field={"from": "intent"}), exact=False)
CASES[-1].document["contexts"]["c2"]["summary"] = "Card {slots.x|none}"
two(CL, False, "in a message to the customer", classed(sees=["pii"], more={"back": message("Your number was {slots.x|none}.")}))

# requirement-unproved
RU = "requirement-unproved"


def required(when, nodes, slots=None, **top):
    return flow(dict({"main": listen(("intent == \"fee\"", "h"), ("intent == \"cancel\"", "a"), else_="sorry"),
                      "g": handoff(tier="t2")}, **nodes),
                tiers={"t2": {"title": "Second desk", "requires": when}},
                slots=slots or {"v": {"type": "bool", "entity": "v"}}, **top)


two(RU, True, "nothing asked", required("slots.v", {"a": message("Right.", next="g")}), node="g")
two(RU, False, "asked for by a decision", required("slots.v", {"a": decision(("slots.v", "g"), else_="main")}))
two(RU, True, "the else of it", required("slots.v", {"a": decision(("slots.v", "main"), else_="g")}), node="g")
two(RU, True, "on one of two ways", required("slots.v", {"a": decision(("slots.v", "g"), ("turn > 3", "g"), else_="main")}), node="g")
two(RU, False, "set before", required("slots.v", {"a": setting({"v": "true"}, "g")}))
two(RU, True, "proved and then cleared", required("slots.v", {"a": decision(("slots.v", "b"), else_="main"), "b": setting({"v": None}, "g")}),
    node="g")
two(RU, False, "a stronger guard", required("turn > 3", {"a": decision(("turn > 5", "g"), else_="main")}, slots={}))
two(RU, True, "a weaker guard", required("turn > 5", {"a": decision(("turn > 3", "g"), else_="main")}, slots={}), node="g")
two(RU, True, "filled is not true", required("slots.v", {"a": ask("v", filled="g", failed="main")}), node="g")
two(RU, False, "has, after filled", required("has(slots.v)", {"a": ask("v", filled="g", failed="main")}))
two(RU, True, "has, after failed", required("has(slots.v)", {"a": ask("v", filled="main", failed="g")}), node="g")
two(RU, False, "else proves it", required("slots.v", {"a": decision(("!slots.v", "main"), else_="g")}))
two(RU, True, "a route's tier", required("slots.v", {"a": message("Right.", next="g"),
                                                     "g": handoff(routes=[{"when": "turn > 3", "tier": "t2"}])}), node="g")
two(RU, False, "a route that asks for it", required("slots.v", {"a": message("Right.", next="g"),
                                                                "g": handoff(routes=[{"when": "slots.v", "tier": "t2"}])}))
two(RU, True, "the handoff's own", flow({"h": handoff(requires="slots.v")}, slots={"v": {"type": "bool", "entity": "v"}}), node="h")
two(RU, False, "the handoff's own, asked for", flow(
    {"main": listen(("intent == \"fee\" && slots.v", "h"), else_="sorry"), "h": handoff(requires="slots.v")},
    slots={"v": {"type": "bool", "entity": "v"}}, triggers={"asked": {"when": ASKED + " && slots.v"}}))
two(RU, True, "by a trigger", required("slots.v", {"a": decision(("slots.v", "g"), else_="main")},
                                       triggers={"t": {"when": "turn > 9", "to": "g"}}), node="g")
two(RU, False, "by a trigger that asks for it", required("slots.v", {"a": decision(("slots.v", "g"), else_="main")},
                                                         triggers={"t": {"when": "turn > 9 && slots.v", "to": "g"}}))

two(RU, False, "filled, and another ask since", flow(
    {"main": listen(("intent == \"fee\"", "h"), ("intent == \"cancel\"", "a"), else_="sorry"), "a": ask("x", "b", "main"),
     "b": ask("y", "g", "g"), "g": handoff(requires="has(slots.x)")}, slots=dict(SLOT, y={"type": "text", "entity": "y"})))
two(RU, False, "filled, and a listen since", flow(
    {"main": listen(("intent == \"fee\"", "h"), ("intent == \"cancel\"", "a"), else_="sorry"), "a": ask("x", "b", "main"),
     "b": listen(else_="g"), "g": handoff(requires="has(slots.x)")}, slots=SLOT))

# slo-unreachable
SU = "slo-unreachable"


def slow(nodes, within=60, calls=CALLS, **top):
    return flow(dict({"main": listen(("intent == \"fee\"", "h"), ("intent == \"cancel\"", "a"), else_="sorry"),
                      "g": handoff(tier="t2")}, **nodes), calls=calls,
                tiers={"t2": {"title": "Second desk", "slo": {"answer_within": within, "share": 0.9}}}, **top)


two(SU, True, "an action's time limit", slow({"a": action(ok="g", time_limit=61)}), "warning")
two(SU, False, "exactly the time", slow({"a": action(ok="g", time_limit=60)}), "warning")
two(SU, False, "well within", slow({"a": action(ok="g", time_limit=5)}), "warning")
two(SU, True, "two actions together", slow({"a": action(ok="b", time_limit=31), "b": action(ok="g", time_limit=30)}), "warning")
two(SU, False, "two actions within", slow({"a": action(ok="b", time_limit=30), "b": action(ok="g", time_limit=30)}), "warning")
two(SU, True, "an action's timeout", slow({"a": action(ok="main", timeout="g", time_limit=61)}), "warning")
two(SU, True, "another queue first", slow({"a": message("Right.", next="f"), "f": handoff(max_wait=300, timeout="g")}), "warning")
two(SU, False, "another queue, short", slow({"a": message("Right.", next="f"), "f": handoff(max_wait=60, timeout="g")}), "warning")
two(SU, True, "another queue and an action", slow({"a": action(ok="f", time_limit=30), "f": handoff(max_wait=31, timeout="g")}), "warning")
two(SU, False, "closed takes no time", slow({"a": message("Right.", next="f"), "f": handoff(max_wait=300, closed="g")}), "warning")
two(SU, False, "no slo", slow({"a": action(ok="h", time_limit=300), "g": None}), "warning")
two(SU, True, "the longer of two ways", slow({"a": decision(("turn > 3", "b"), else_="g"), "b": action(ok="g", time_limit=90)}), "warning")
two(SU, True, "a route's tier", slow({"a": action(ok="g", time_limit=90), "g": handoff(routes=[{"when": "turn > 3", "tier": "t2"}])}),
    "warning")

# closed-while-open and internal words: what the names say beyond doubt
two("closed-while-open", False, "only where it is closed", flow({"h": handoff(closed="a"), "a": message("Our office is closed right now.", next="later")}),
    "warning")
two("closed-while-open", False, "other words", flow(), "warning")
for text in ("Routing you with reason low_confidence.", "The lookup said {error.code|nothing}.", "Your reasons: {reasons}."):
    two("internal-words-to-customer", True, text, flow({"sorry": message(text)}), exact=False)
for text in ("Please log in with your e-mail address.", "That will be 4 pounds, all right?", "Sorry, could you put that another way?",
             "Call us on 020 7946 0000 or visit https://example.com/help_me."):
    two("internal-words-to-customer", False, text, flow({"sorry": message(text)}), exact=False)
