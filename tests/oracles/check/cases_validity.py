"""Whether a document reads and is valid: the codes of section 4, unknown keys, placeholders, names, severities, exits."""

import json

from base import CALLS, action, ask, base, end, flow, handoff, listen, message, setting
from runner import Case

CASES = [Case("the base is clean", flow(), exit=0)]


def invalid(name, document, code, may=(), exact=False, exit=1, files=None, **want):
    want.setdefault("severity", "error")
    CASES.append(Case("%s: %s" % (code if isinstance(code, str) else "/".join(code), name), document, [(code, want)],
                      may=may, exact=exact, exit=exit, files=files))


def clean(name, document, never=(), may=(), exact=True, exit=0, files=None):
    CASES.append(Case("valid: " + name, document, never=never, may=may, exact=exact, exit=exit, files=files))


def without(*path):
    document = base()
    place = document
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return document


def text_of(document):
    return json.dumps(document, ensure_ascii=False, indent=2)


# the document reads
for name, text in [("nothing", ""), ("cut off", text_of(base())[:-5]), ("a comma too many", "{\"a\": 1,}"), ("words", "flow"),
                   ("a comment", "{ /* no */ }"), ("single quotes", "{'a': 1}"), ("two values", "{} {}")]:
    CASES.append(Case("not-json: " + name, text, [("not-json", {"severity": "error"})], exit=2,
                      test=lambda problems: [] if all(isinstance(p.get("line"), int) and isinstance(p.get("column"), int)
                                                      for p in problems) else ["wants line and column"]))
CASES.append(Case("not-json: not UTF-8", b"{\"format\": \"handoff-flow/1\", \"id\": \"\xff\"}", ["not-json"], exit=2))
CASES.append(Case("not-json: the line", "{\n  \"a\": 1,\n  b\n}\n", [("not-json", {"line": 3})], exit=2))
for name, old, new in [
    ("at the top", "\"title\": \"Case\"", "\"title\": \"Case\", \"title\": \"Other\""),
    ("a node", "\"bye\": {", "\"bye\": { \"kind\": \"end\", \"outcome\": \"resolved\" }, \"bye\": {"),
    ("in a node", "\"outcome\": \"unserved\"", "\"outcome\": \"unserved\", \"outcome\": \"unserved\""),
    ("written with an escape", "\"title\": \"Case\"", "\"title\": \"Case\", \"t\\u0069tle\": \"Other\""),
]:
    CASES.append(Case("duplicate-key: " + name, text_of(base()).replace(old, new, 1), [("duplicate-key", {"severity": "error"})],
                      exit=(1, 2), exact=False))
for name, value in [("another name", "other/1"), ("a number", 1), ("nothing", ""), ("no number", "handoff-flow/x")]:
    invalid(name, flow(format=value), "wrong-format", exit=(1, 2))
invalid("none", without("format"), ("wrong-format", "missing-field"), exit=(1, 2))
for name, value in [("two", "handoff-flow/2"), ("ninety-nine", "handoff-flow/99")]:
    invalid(name, flow(format=value), "too-new", exit=(1, 2))
invalid("an unknown need", flow(needs=["telepathy"]), "too-new", exit=(1, 2))
clean("no needs", flow(needs=[]))

# start
invalid("no start", flow({"start": None}), "no-start")
invalid("empty nodes", {"format": "handoff-flow/1", "id": "case", "nodes": {}}, "no-start")
invalid("two starts", flow({"start2": {"kind": "start", "next": "main"}}), "two-starts")
invalid("three starts", flow({"s2": {"kind": "start", "next": "main"}, "s3": {"kind": "start", "next": "main"}}), "two-starts")

# ids
for name, identity in [("a blank", "my node"), ("a digit first", "1st"), ("a hyphen", "a-b"), ("a dot", "a.b"), ("in", "in"), ("true", "true"),
                       ("false", "false"), ("null", "null"), ("a CEL word", "package"), ("another CEL word", "while"), ("an umlaut", "grün"),
                       ("too long", "a" * 65), ("a slash", "a/b"), ("nothing", ""), ("an emoji", "😀")]:
    invalid("a node, " + name, flow({identity: message(), "sorry": message("Sorry?", next=identity)}), "bad-id")
invalid("a slot", flow(slots={"a b": {"type": "text", "entity": "x"}}), "bad-id")
invalid("a tier", flow(tiers={"t-2": {"title": "Second"}}), "bad-id")
invalid("a trigger", flow(triggers={"t 2": {"when": "turn > 9", "to": "h"}}), "bad-id")
invalid("a because", flow(triggers={"t": {"when": "turn > 9", "because": {"low confidence": "turn > 10"}, "to": "h"}}), "bad-id")
invalid("a constant", flow(constants={"9k": {"value": 1, "title": "Nine"}}), "bad-id")
invalid("a context", flow(contexts={"c 2": {"summary": "x", "fields": {}}}), "bad-id")
invalid("an output", flow(calls={"k": {"inputs": {}, "outputs": {"a b": "text"}, "errors": {}, "repeat": "safe"}}), "bad-id")
invalid("a part of a signal", flow(signals={"crm.a-b": {"type": "text", "source": "crm"}}), "bad-id")
for head in ("slots", "queue", "agent", "trigger", "error", "handoff", "handoffs", "const"):
    invalid("a signal that begins with " + head, flow(signals={head + ".zz": {"type": "text", "source": "crm"}}), "bad-id")
invalid("a signal that begins with a node", flow(signals={"main.zz": {"type": "text", "source": "crm"}}), "bad-id")
clean("an id of 64", flow({"a" * 64: message(), "sorry": message("Sorry?", next="a" * 64)}))
clean("an underscore first", flow({"_a": message(), "sorry": message("Sorry?", next="_a")}))
clean("inner words of CEL as parts", flow({"inn": message(), "sorry": message("Sorry?", next="inn")}))
clean("any text for an intent", flow(intents={"Frag' nach Gebühren (1)": {"title": "Fees", "examples": ["Gebühren?", "was kostet das"]}}))
clean("any text for a call", flow({"sorry": dict(action(error="main", timeout="main"), call="a b/c")}, calls={"a b/c": CALLS["look"]}))

# kinds
for kind in ("jump", "Message", "", "listenn"):
    invalid("kind " + repr(kind), flow({"sorry": {"kind": kind, "text": "x"}}), "unknown-kind", node="sorry")
invalid("no kind", dict(
    base(), nodes=dict(base()["nodes"], sorry={"text": "Sorry?", "next": "main"})), ("unknown-kind", "missing-field"))

# required fields
AN_ASK = {"main": listen(("intent == \"fee\"", "h"), ("intent == \"cancel\"", "a"), else_="sorry")}
SLOTS = {"x": {"type": "text", "entity": "x"}}


def lacking(node, *keys):
    node = dict(node)
    for key in keys:
        node.pop(key)
    return node


for name, node, key, top in [
    ("message.text", message(), "text", {}),
    ("ask.slot", ask(), "slot", {"slots": SLOTS}),
    ("ask.prompt", ask(), "prompt", {"slots": SLOTS}),
    ("action.call", action(), "call", {"calls": CALLS}),
    ("handoff.context", handoff(), "context", {}),
    ("handoff.tier", handoff(), "tier", {}),
    ("subflow.flow", {"kind": "subflow", "flow": "other", "else": "main"}, "flow", {}),
    ("end.outcome", end(), "outcome", {}),
    ("todo.text", {"kind": "todo", "text": "x", "next": "main"}, "text", {}),
    ("note.text", {"kind": "note", "text": "x"}, "text", {}),
]:
    invalid(name, flow(dict(AN_ASK, a=lacking(node, key)), **top), "missing-field", node="a")
invalid("when of a branch", flow({"main": {"kind": "listen", "branches": [{"to": "h"}], "else": "sorry"}}), "missing-field", node="main")
invalid("to of a branch", flow({"main": {"kind": "listen", "branches": [{"when": "intent == \"fee\""}], "else": "sorry"}}), "missing-field",
        node="main")
invalid("when of an overflow row", flow({"h": handoff(overflow=[{"to": "later"}])}), "missing-field", node="h")
invalid("to of an overflow row", flow({"h": handoff(overflow=[{"when": "queue.wait > 9"}])}), "missing-field", node="h")
invalid("when of a route", flow({"h": handoff(routes=[{"tier": "t1"}])}), "missing-field", node="h")
invalid("when of a trigger", flow(triggers={"t": {"to": "h"}}), "missing-field", trigger="t")
invalid("to of a trigger", flow(triggers={"t": {"when": "turn > 9"}}), "missing-field", trigger="t")
invalid("to of a turns row", flow({"h": handoff(waiting={"turns": [{"when": "turn > 9"}]})}), "missing-field", node="h")
for key in ("base", "min", "max", "add"):
    score = {"base": 1, "min": 0, "max": 10, "add": [{"when": "turn > 3", "points": 1, "title": "Long"}]}
    score.pop(key)
    invalid("score." + key, flow(scores={"s": score}), "missing-field")
invalid("id", without("id"), "missing-field", exit=(1, 2))
invalid("nodes", without("nodes"), "missing-field", exit=(1, 2))
clean("ports are never required", flow({"h": handoff(resumed=None, resolved=None)}), may=("node-unreachable",))
for name, document in [("message", flow(dict(AN_ASK, a=message(next=None)))), ("ask", flow(dict(AN_ASK, a={"kind": "ask", "slot": "x", "prompt": "P?"}), slots=SLOTS)),
                       ("start", flow({"start": {"kind": "start"}})), ("listen", flow({"main": {"kind": "listen"}}))]:
    clean("no ports: " + name, document, never=("missing-field",), exact=False, exit=(0, 1))

# names
for name, document, want in [
    ("next", flow({"sorry": message("Sorry?", next="nowhere")}), {"path": "/nodes/sorry/next", "node": "sorry"}),
    ("else", flow({"main": listen(("intent == \"fee\"", "h"), else_="nowhere")}), {"path": "/nodes/main/else"}),
    ("a branch's to", flow({"main": listen(("intent == \"fee\"", "nowhere"), else_="sorry")}), {"path": "/nodes/main/branches/0/to"}),
    ("a handoff's port", flow({"h": handoff(closed="nowhere")}), {"path": "/nodes/h/closed"}),
    ("a handoff's tier", flow({"h": handoff(tier="t9")}), {"path": "/nodes/h/tier"}),
    ("a handoff's context", flow({"h": handoff(context="c9")}), {"path": "/nodes/h/context"}),
    ("a handoff's target", flow({"h": handoff(target="zendesk")}), {"path": "/nodes/h/target"}),
    ("a route's tier", flow({"h": handoff(routes=[{"when": "turn > 3", "tier": "t9"}])}), {"path": "/nodes/h/routes/0/tier"}),
    ("an overflow's to", flow({"h": handoff(overflow=[{"when": "queue.wait > 3", "to": "nowhere"}])}), {"path": "/nodes/h/overflow/0/to"}),
    ("a trigger's to", flow(triggers={"t": {"when": "turn > 9", "to": "nowhere"}}), {"path": "/triggers/t/to", "trigger": "t"}),
    ("a trigger's within", flow(triggers={"t": {"when": "turn > 9", "to": "h", "within": ["nowhere"]}}), {"path": "/triggers/t/within/0"}),
    ("an ask's slot", flow(dict(AN_ASK, a=ask("nothing"))), {"path": "/nodes/a/slot"}),
    ("an action's call", flow(dict(AN_ASK, a=action())), {"path": "/nodes/a/call"}),
    ("a set's slot", flow(dict(AN_ASK, a=setting({"nothing": "\"a\""}))), {"under": "/nodes/a/assign"}),
    ("a set's expression", flow(dict(AN_ASK, a=setting({"x": "nothing"})), slots=SLOTS), {"path": "/nodes/a/assign/x", "span": [0, 7]}),
    ("an action's input", flow(dict(AN_ASK, a=action(inputs={"id": "nothing"})), calls=dict(look=dict(CALLS["look"], inputs={"id": "text"}))),
     {"path": "/nodes/a/inputs/id", "span": [0, 7]}),
    ("a tier's hours", flow(tiers={"t1": {"hours": "office"}}), {"path": "/tiers/t1/hours"}),
    ("a slot's class", flow(slots={"x": {"type": "text", "entity": "x", "class": "pii"}}), {"path": "/slots/x/class"}),
    ("a tier's sees", flow(tiers={"t1": {"sees": ["pii"]}}), {"under": "/tiers/t1/sees"}),
    ("a field's class", flow(contexts={"c": {"fields": {"it": {"from": "intent", "class": "pii"}}}}), {"path": "/contexts/c/fields/it/class"}),
    ("a field's from", flow(contexts={"c": {"fields": {"it": {"from": "nothing"}}}}), {"path": "/contexts/c/fields/it/from", "span": [0, 7]}),
    ("a context's extends", flow(contexts={"c": {"extends": "nothing"}}), {"path": "/contexts/c/extends"}),
    ("a trigger's when", flow(triggers={"t": {"when": "nothing", "to": "h"}}), {"path": "/triggers/t/when", "span": [0, 7]}),
    ("a because", flow(triggers={"t": {"when": "turn > 9", "because": {"b": "nothing"}, "to": "h"}}), {"path": "/triggers/t/because/b", "span": [0, 7]}),
    ("a because's when", flow(triggers={"t": {"when": "turn > 9", "because": {"b": {"when": "nothing", "title": "B"}}, "to": "h"}}),
     {"path": "/triggers/t/because/b/when", "span": [0, 7]}),
    ("an overflow's when", flow({"h": handoff(overflow=[{"when": "nothing", "to": "later"}])}), {"path": "/nodes/h/overflow/0/when"}),
    ("a score's when", flow(scores={"s": {"base": 1, "min": 0, "max": 9, "add": [{"when": "nothing", "points": 1, "title": "N"}]}}),
     {"path": "/scores/s/add/0/when"}),
    ("a score below", flow(scores={"s": {"base": 1, "min": 0, "max": 9, "add": [{"when": "z > 3", "points": 1, "title": "N"}]},
                                  "z": {"base": 1, "min": 0, "max": 9, "add": [{"when": "turn > 3", "points": 1, "title": "N"}]}}),
     {"path": "/scores/s/add/0/when", "span": [0, 1]}),
    ("a placeholder", flow({"sorry": message("Sorry, {nothing|friend}?")}), {"path": "/nodes/sorry/text"}),
    ("a placeholder of an ask", flow(dict(AN_ASK, a=dict(ask(), prompt="Which, {nothing|friend}?")), slots=SLOTS), {"path": "/nodes/a/prompt"}),
    ("a placeholder of a handoff", flow({"h": handoff(say="Dear {nothing|friend}.")}), {"path": "/nodes/h/say"}),
    ("a placeholder of a summary", flow(contexts={"c": {"summary": "{nothing|x}"}}), {"path": "/contexts/c/summary"}),
    ("an idle's to", flow({"main": listen(("intent == \"fee\"", "h"), else_="sorry", idle=[{"after": 9, "to": "nowhere"}])}), {"path": "/nodes/main/idle/0/to"}),
    ("a tier's requires", flow(tiers={"t1": {"requires": "nothing"}}), {"path": "/tiers/t1/requires"}),
    ("a handoff's requires", flow({"h": handoff(requires="nothing")}), {"path": "/nodes/h/requires"}),
]:
    invalid(name, document, "unknown-name", **want)
invalid("escalated leads to a message", flow({"h": handoff(escalated="back")}), ("type-mismatch", "unknown-name", "unknown-kind"))
for name, text, part in [("a text with an emoji before", "😀 Sorry, {nothing|x}?", "nothing"), ("two emoji", "😀😀{nothing}", "nothing")]:
    start = len(text[:text.index(part)].encode("utf-16-le")) // 2
    invalid("span in " + name, flow({"sorry": message(text)}), "unknown-name", path="/nodes/sorry/text",
            span=([start, start + 7], ))
    CASES[-1].must = [("unknown-name", {})]
    CASES[-1].test = (lambda start, text: lambda problems: [] if any(
        p.get("span") and p["span"][0] in (start, start - 1) and p["span"][1] >= start + 7 for p in problems
        if p["code"] == "unknown-name") else ["wants a span at %d" % start])(start, text)
for name, text in [("not closed", "Sorry, {turn"), ("not opened", "Sorry, turn}"), ("an unknown format", "It is {turn:hours}."),
                   ("an expression", "It is {turn + 1}."), ("nothing in it", "It is {}.")]:
    CASES.append(Case("placeholder: " + name, flow({"sorry": message(text)}), [(("syntax", "unknown-name", "type-mismatch", "value-out-of-range"),
                                                                             {"path": "/nodes/sorry/text", "severity": "error"})], exact=False))
for name, text in [("a signal", "Turn {turn}."), ("a fallback", "Hello {channel|there}."), ("a format", "About {queue.t1.wait:minutes}."),
                   ("braces", "A {{brace}} here."), ("a fallback of blanks", "Hello {channel| }."), ("seconds", "About {queue.t1.wait:seconds|a few} s."),
                   ("upper", "Dear {channel:upper|friend}.")]:
    clean("a text with " + name, flow({"sorry": message(text)}))
CASES += [
    Case("placeholder-unset: a name that may be unset", flow({"sorry": message("Hello {customer.id}.")}),
         [("placeholder-unset", {"severity": "warning", "path": "/nodes/sorry/text"})], exit=0),
    Case("no placeholder-unset: with a fallback", flow({"sorry": message("Hello {customer.id|there}.")}), never=("placeholder-unset",)),
    Case("no placeholder-unset: never unset", flow({"sorry": message("Turn {turn}.")}), never=("placeholder-unset",)),
]

# types of expressions
for name, document, want in [
    ("a set of another type", flow(dict(AN_ASK, a=setting({"n": "\"a\""})), slots={"n": {"type": "number", "min": 0, "max": 9, "entity": "n"}}),
     {"path": "/nodes/a/assign/n"}),
    ("an input of another type", flow(dict(AN_ASK, a=action(inputs={"id": "turn"})), calls=dict(look=dict(CALLS["look"], inputs={"id": "text"}))),
     {"path": "/nodes/a/inputs/id"}),
    ("a trigger's when of a number", flow(triggers={"t": {"when": "turn", "to": "h"}}), {"path": "/triggers/t/when"}),
    ("a route's when of a text", flow({"h": handoff(routes=[{"when": "text", "tier": "t1"}])}), {"path": "/nodes/h/routes/0/when"}),
    ("a text that is a number", flow({"sorry": dict(message(), text=5)}), {"path": "/nodes/sorry/text"}),
    ("branches that are no list", flow({"main": {"kind": "listen", "branches": "x", "else": "sorry"}}), {"path": "/nodes/main/branches"}),
    ("next that is a number", flow({"sorry": dict(message(), next=5)}), {"path": "/nodes/sorry/next"}),
    ("max_wait that is a text", flow({"h": handoff(max_wait="long")}), {"path": "/nodes/h/max_wait"}),
    ("nodes that are a list", dict(base(), nodes=[]), {}),
    ("a when that is a bool", flow({"main": {"kind": "listen", "branches": [{"when": True, "to": "h"}], "else": "sorry"}}),
     {"path": "/nodes/main/branches/0/when"}),
]:
    invalid(name, document, "type-mismatch", exit=(1, 2) if name.startswith("nodes") else 1, **want)
for name, document, want in [
    ("a set above the range", flow(dict(AN_ASK, a=setting({"n": "12"})), slots={"n": {"type": "number", "min": 0, "max": 9, "entity": "n"}}),
     {"path": "/nodes/a/assign/n"}),
    ("a set of an enum", flow(dict(AN_ASK, a=setting({"e": "\"z\""})), slots={"e": {"type": "enum", "values": ["a", "b"], "entity": "e"}}),
     {"path": "/nodes/a/assign/e"}),
    ("a constant above its range", flow(constants={"k": {"value": 2, "min": 0, "max": 1, "title": "K"}}), {"under": "/constants/k"}),
    ("priority 9", flow({"h": handoff(priority=9)}), {"path": "/nodes/h/priority"}),
    ("priority 0", flow({"h": handoff(priority=0)}), {"path": "/nodes/h/priority"}),
    ("a route's priority", flow({"h": handoff(routes=[{"when": "turn > 3", "tier": "t1", "priority": 6}])}), {"path": "/nodes/h/routes/0/priority"}),
]:
    invalid(name, document, ("value-out-of-range", "type-mismatch"), **want)
for name, document in [("an unknown mode", flow({"h": handoff(mode="teleport")})), ("an unknown redact", flow(classes={"p": {"title": "P", "redact": "blur"}})),
                       ("an unknown type", flow(slots={"x": {"type": "colour", "entity": "x"}})), ("an unknown repeat", flow(calls={"k": dict(CALLS["look"], repeat="often")})),
                       ("an unknown join", flow({"h": handoff(join="hot")}))]:
    CASES.append(Case("a word that is none: " + name, document, [(("value-out-of-range", "type-mismatch", "unknown-kind", "unknown-name"), {"severity": "error"})],
                      exact=False, exit=1))

# a handoff's own words
clean("priority and queue.wait in overflow", flow({"h": handoff(overflow=[{"when": "priority >= 3 && queue.wait > 9 && queue.open", "to": "later"}])}))
clean("queue.wait in say and waiting", flow({"h": handoff(say="About {queue.wait:minutes|a few} minutes.", waiting={
    "say": [{"after": 60, "every": 60, "text": "About {queue.wait:minutes} minutes."}], "turns": [{"when": "queue.wait > 900 && intent == \"cancel\"", "to": "back"}]})}))
invalid("queue.wait in a route", flow({"h": handoff(routes=[{"when": "queue.wait > 9", "tier": "t1"}])}), "unknown-name", path="/nodes/h/routes/0/when")
invalid("priority in a trigger", flow(triggers={"t": {"when": "priority > 2", "to": "h"}}), "unknown-name")
clean("scores above", flow(scores={"z": {"base": 1, "min": 0, "max": 9, "add": [{"when": "turn > 3", "points": 1, "title": "N"}]},
                                   "s": {"base": 1, "min": 0, "max": 9, "add": [{"when": "z > 3", "points": 1, "title": "N"}]}},
                           triggers={"t": {"when": "s > 4", "to": "h"}}), exact=False, never=("unknown-name",))

# subflows
CALLED = {"format": "handoff-flow/1", "id": "other", "nodes": {"start": {"kind": "start", "next": "l"}, "l": listen(else_="e"), "e": end("done")}}
A_SUB = dict(AN_ASK, a={"kind": "subflow", "flow": "other", "outcomes": {"done": "main"}, "else": "main"})
invalid("not there", flow(A_SUB), "subflow-missing", node="a", path="/nodes/a/flow")
invalid("itself", flow(dict(AN_ASK, a={"kind": "subflow", "flow": "case", "else": "main"})), "subflow-recursion", node="a")
invalid("each other", flow(A_SUB), "subflow-recursion", files={"other.flow.json": dict(CALLED, nodes=dict(
    CALLED["nodes"], l={"kind": "subflow", "flow": "case", "else": "e"}))})
invalid("round three", flow(A_SUB), "subflow-recursion", files={
    "other.flow.json": dict(CALLED, nodes=dict(CALLED["nodes"], l={"kind": "subflow", "flow": "third", "else": "e"})),
    "third.flow.json": dict(CALLED, id="third", nodes=dict(CALLED["nodes"], l={"kind": "subflow", "flow": "case", "else": "e"}))})
clean("a subflow", flow(A_SUB), files={"other.flow.json": CALLED}, may=("no-way-to-a-person",))
clean("the same subflow twice", flow(dict(A_SUB, sorry={"kind": "subflow", "flow": "other", "else": "main"})), files={"other.flow.json": CALLED},
      never=("subflow-recursion",), may=("no-way-to-a-person",))
invalid("an input that the callee does not have", flow(dict(AN_ASK, a=dict(A_SUB["a"], inputs={"nothing": "\"a\""}))), "unknown-name", node="a",
        files={"other.flow.json": CALLED})
clean("an input", flow(dict(AN_ASK, a=dict(A_SUB["a"], inputs={"y": "\"a\""}))), exact=False, files={
    "other.flow.json": dict(CALLED, slots={"y": {"type": "text", "entity": "y"}})})

# unknown keys, reserved ones, ids of files
for name, document, path in [
    ("at the top", flow(colour="red"), "/colour"),
    ("in a node", flow({"sorry": message(colour="red")}), "/nodes/sorry/colour"),
    ("in a branch", flow({"main": {"kind": "listen", "branches": [{"when": "intent == \"fee\"", "to": "h", "colour": 1}], "else": "sorry"}}), "/nodes/main/branches/0/colour"),
    ("in a tier", flow(tiers={"t1": {"colour": "red"}}), "/tiers/t1/colour"),
    ("a port of another kind", flow({"sorry": message(filled="main")}), "/nodes/sorry/filled"),
    ("in a field", flow(contexts={"c": {"fields": {"why": {"colour": "red"}}}}), "/contexts/c/fields/why/colour"),
    ("in a trigger", flow(triggers={"asked": {"colour": "red"}}), "/triggers/asked/colour"),
]:
    CASES.append(Case("unknown-key: " + name, document, [("unknown-key", {"severity": "warning", "path": path})], exit=0))
clean("x_ keys", flow({"sorry": message(x_colour="red")}, x_top={"a": 1}, tiers={"t1": {"x_y": 1}}))
for name, document in [
    ("kind assistant", flow(dict(AN_ASK, a={"kind": "assistant"}))),
    ("choices", flow({"main": listen(("intent == \"fee\"", "h"), else_="sorry", choices=["a"])})),
    ("expand", flow({"h": handoff(expand=True)})), ("skills", flow({"h": handoff(skills=["a"])})), ("prefer", flow({"h": handoff(prefer="a")})),
    ("goals", flow(goals=[])), ("end.record", flow({"bye": dict(end(), record=True)})), ("uses", flow(uses=["x"])),
    ("locales", flow(locales=["de"])), ("channels", flow({"sorry": message(channels=["web"])})), ("variants", flow({"sorry": message(variants=["x"])})),
]:
    CASES.append(Case("not-yet: " + name, document, [("not-yet", {"severity": "info"})], exit=0,
                      may=("dead-end", "no-way-to-a-person", "node-unreachable") if "assistant" in name else ()))
CASES.append(Case("an id other than the file's name", dict(base(), id="case"), exit=0))

# severities
CASES += [
    Case("checks: an unknown key off", flow(colour="red", checks={"unknown-key": "off"}), never=("unknown-key",), exit=0),
    Case("checks: an unknown key as an error", flow(colour="red", checks={"unknown-key": "error"}), [("unknown-key", {"severity": "error"})], exit=1),
    Case("checks: dead-end as an error", flow(dict(AN_ASK, a=message(next=None)), checks={"dead-end": "error"}),
         [("dead-end", {"severity": "error"})], may=("no-way-to-a-person",), exit=1),
    Case("checks: handoff-without-closed off", flow({"h": handoff(closed=None)}, checks={"handoff-without-closed": "off"}),
         never=("handoff-without-closed",), exit=0),
    Case("checks: endless-loop as a warning", flow(dict(AN_ASK, a=message(next="a")), checks={"endless-loop": "warning"}),
         [("endless-loop", {"severity": "warning"})], exact=False, exit=(0, 1)),
    Case("a warning alone: exit 0", flow({"h": handoff(closed=None)}), [("handoff-without-closed", {"severity": "warning"})], exit=0),
]
