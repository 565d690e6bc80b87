"""Guards judged one by one and as a list: impossible, shadowed, overlap, gap, else, beside; and the texts of conditions."""

from base import flow, guards, listen
from runner import Case


def listed(name, branches, otherwise=None, expect="", **more):
    """expect: words such as `impossible:1 shadowed:0 gap overlap:1 else always:0 duplicate:1`; nothing else may be."""
    names = {"impossible": "branch-impossible", "shadowed": "branch-shadowed", "overlap": "branch-overlap",
             "gap": "branch-gap", "else": "else-unreachable", "always": "always-true", "duplicate": "duplicate-guard",
             "unanalysed": "not-analysed"}
    must, said = [], set()
    for word in expect.split():
        code, _, row = word.partition(":")
        code = names[code]
        said.add(code)
        want = {"node": "d"}
        if code == "branch-gap":
            want["path"] = "/nodes/d"
        elif row:
            want["under"] = "/nodes/d/branches/" + row
        must.append((code, want))
    cases = []
    for kind in more.pop("kinds", ("listen", "decision")):
        never = tuple(code for code in names.values() if code not in said)
        cases.append(Case("%s (%s)" % (name, kind), guards(branches, otherwise, kind=kind, **more), must, never,
                          may=("path-infeasible", "request-refused")))
    return cases


CASES = []
for arguments in [
    # gaps
    ("gap: halves of confidence leave unset", ["confidence < 0.5", "confidence >= 0.5"], None, "gap"),
    ("no gap: unset is taken", ["confidence < 0.5", "confidence >= 0.5", "!has(confidence)"], None, ""),
    ("no gap: a negation takes unset", ["confidence >= 0.5", "!(confidence >= 0.5)"], None, ""),
    ("gap: one point", ["confidence < 0.5", "confidence > 0.5", "!has(confidence)"], None, "gap"),
    ("gap: integers are not dense, 5 is missing", ["crm.i < 5", "crm.i > 5", "!has(crm.i)"], None, "gap"),
    ("no gap: between two integers is nothing", ["crm.i <= 5", "crm.i >= 6", "!has(crm.i)"], None, ""),
    ("gap: between two numbers is always one", ["crm.n <= 5", "crm.n >= 6", "!has(crm.n)"], None, "gap"),
    ("gap: an enum left unset", ["crm.e == \"a\"", "crm.e in [\"b\", \"c\"]"], None, "gap"),
    ("no gap: an enum and its unset", ["crm.e == \"a\"", "crm.e in [\"b\", \"c\"]", "!has(crm.e)"], None, ""),
    ("gap: != is false for unset", ["crm.e == \"a\"", "crm.e != \"a\""], None, "gap"),
    ("no gap: the negation of ==", ["crm.e == \"a\"", "!(crm.e == \"a\")"], None, ""),
    ("no gap: a bool never unset", ["nlu.ok", "!nlu.ok"], None, ""),
    ("no gap: a bool that may be unset", ["crm.b", "!crm.b"], None, ""),
    ("gap: a bool compared twice", ["crm.b == true", "crm.b == false"], None, "gap"),
    ("gap: a bool != ", ["crm.b", "crm.b != true"], None, "gap"),
    ("gap: text cannot be listed", ["crm.t == \"a\"", "crm.t != \"a\""], None, "gap"),
    ("no gap: text by prefix and its negation", ["crm.t.startsWith(\"a\")", "!crm.t.startsWith(\"a\")"], None, ""),
    ("gap: integers that are never unset", ["turn < 3", "turn > 3"], None, "gap"),
    ("no gap: integers that are never unset", ["turn < 3", "turn >= 3"], None, ""),
    ("no gap: a number never unset", ["queue.t1.wait <= 300", "queue.t1.wait > 300"], None, ""),
    ("gap: two signals", ["confidence >= 0.5 && crm.b", "!(confidence >= 0.5)"], None, "gap"),
    ("no gap: two signals", ["confidence >= 0.5 && crm.b", "!(confidence >= 0.5)", "!crm.b && confidence >= 0.2"],
     None, "overlap:2"),
    ("gap: a constant", ["confidence < const.k", "confidence > const.k", "!has(confidence)"], None, "gap"),
    ("no gap: a constant", ["confidence < const.k", "!(confidence < const.k)"], None, ""),
    ("no gap: the ends of the range", ["confidence == 0", "confidence > 0", "!has(confidence)"], None, ""),
    ("no gap: De Morgan", ["crm.b && nlu.ok", "!crm.b || !nlu.ok"], None, ""),
    ("no gap: has or not", ["has(crm.t)", "!has(crm.t)"], None, ""),
    ("gap: has alone", ["has(crm.t)"], None, "gap"),
    # impossible
    ("impossible: two halves", ["confidence < 0.4 && confidence > 0.6"], "q", "impossible:0"),
    ("impossible: open interval of integers", ["crm.i > 3 && crm.i < 4"], "q", "impossible:0"),
    ("possible: open interval of numbers", ["crm.n > 3 && crm.n < 4"], "q", ""),
    ("impossible: two values at once", ["crm.e == \"a\" && crm.e == \"b\""], "q", "impossible:0"),
    ("impossible: a value and unset", ["crm.n > 3 && !has(crm.n)"], "q", "impossible:0"),
    ("impossible: != and unset", ["crm.e != \"a\" && !has(crm.e)"], "q", "impossible:0"),
    ("possible: a negation and unset", ["!(crm.e == \"a\") && !has(crm.e)"], "q", ""),
    ("impossible: a never unset name without a value", ["!has(turn)"], "q", "impossible:0"),
    ("impossible: false", ["false"], "q", "impossible:0"),
    ("impossible: prefixes", ["crm.t.startsWith(\"ab\") && crm.t.startsWith(\"b\")"], "q", "impossible:0"),
    ("possible: prefixes of one another", ["crm.t.startsWith(\"ab\") && crm.t.startsWith(\"a\")"], "q", ""),
    ("impossible: suffixes", ["crm.t.endsWith(\"ab\") && crm.t.endsWith(\"a\")"], "q", "impossible:0"),
    ("possible: prefix and suffix", ["crm.t.startsWith(\"ab\") && crm.t.endsWith(\"ba\")"], "q", ""),
    ("impossible: equality and containment", ["crm.t == \"abc\" && crm.t.contains(\"d\")"], "q", "impossible:0"),
    ("possible: equality and containment", ["crm.t == \"abc\" && crm.t.contains(\"bc\")"], "q", ""),
    ("impossible: a prefix contains it", ["crm.t.startsWith(\"abc\") && !crm.t.contains(\"b\")"], "q", "impossible:0"),
    ("impossible: below the range", ["confidence < 0"], "q", "impossible:0"),
    ("impossible: above the range", ["confidence > 1"], "q", "impossible:0"),
    ("possible: the end of the range", ["confidence >= 1"], "q", ""),
    ("impossible: in an empty cut", ["crm.e in [\"a\", \"b\"] && crm.e == \"c\""], "q", "impossible:0"),
    ("impossible: in a constant list", ["crm.e in const.some && crm.e == \"c\""], "q", "impossible:0"),
    ("possible: in a constant list", ["crm.e in const.some && crm.e != \"a\""], "q", ""),
    ("impossible: all values excluded", ["crm.e != \"a\" && crm.e != \"b\" && crm.e != \"c\""], "q", "impossible:0"),
    ("possible: all values excluded by negation", ["!(crm.e == \"a\") && !(crm.e == \"b\") && !(crm.e == \"c\")"],
     "q", ""),
    ("impossible: a constant turned round", ["const.k < confidence && confidence < 0.5"], "q", "impossible:0"),
    ("impossible: exact decimals", ["confidence > 0.1 && confidence < 0.10"], "q", "impossible:0"),
    ("possible: very near", ["confidence > 0.1 && confidence < 0.1000001"], "q", ""),
    ("impossible: b and not b", ["crm.b && !crm.b"], "q", "impossible:0"),
    ("impossible: both bools of an unset one", ["crm.b == false && !has(crm.b)"], "q", "impossible:0"),
    # shadowed
    ("shadowed: a part of the earlier", ["confidence < 0.8", "confidence < 0.5"], "r", "shadowed:1"),
    ("not shadowed: wider", [("confidence < 0.5", "p"), ("confidence < 0.8", "q")], "r", "overlap:1"),
    ("shadowed by two together", ["confidence < 0.5", "confidence >= 0.5", "has(confidence)"], "s", "shadowed:2"),
    ("shadowed: decimals written otherwise", ["confidence < 0.80", "confidence < 0.8"], "r",
     "shadowed:1 duplicate:1"),
    ("not shadowed: the point between", ["confidence < 0.5", "confidence <= 0.5"], "r", "overlap:1"),
    ("shadowed: integers", ["crm.i > 4", "crm.i >= 6"], "r", "shadowed:1"),
    ("not shadowed: numbers", ["crm.n > 4", "crm.n >= 4"], "r", "overlap:1"),
    ("shadowed: the same guard", ["crm.b", "crm.b"], "r", "shadowed:1 duplicate:1"),
    ("shadowed: after true", ["true", "crm.b"], "r", "shadowed:1 else always:0"),
    ("shadowed: after a tautology", ["crm.b || !crm.b", "nlu.ok"], "r", "shadowed:1 else always:0"),
    ("shadowed: enum values", ["crm.e in [\"a\", \"b\"]", "crm.e == \"b\""], "r", "shadowed:1"),
    ("shadowed: containment", ["crm.t.contains(\"b\")", "crm.t.startsWith(\"abc\")"], "r", "shadowed:1"),
    ("not shadowed: containment", ["crm.t.startsWith(\"b\")", "crm.t.contains(\"b\")"], "r", "overlap:1"),
    ("shadowed: a conjunction of it", ["crm.b", "crm.b && nlu.ok"], "r", "shadowed:1"),
    ("not shadowed: unset is left", ["crm.n <= 3", "!(crm.n > 3)"], "r", "overlap:1"),
    ("shadowed: unset is no part of it", ["!(crm.n > 3)", "crm.n <= 3"], "r", "shadowed:1"),
    ("impossible goes before shadowed", ["crm.b", "crm.b && !crm.b"], "r", "impossible:1"),
    # overlap
    ("overlap: two signals", ["confidence > 0.5", "crm.b"], "r", "overlap:1"),
    ("no overlap: the same place", [("confidence > 0.5", "p"), ("crm.b", "p")], "r", ""),
    ("no overlap: apart", ["confidence > 0.5", "confidence < 0.5"], "r", ""),
    ("no overlap: touching open", ["confidence > 0.5", "confidence <= 0.5"], "r", ""),
    ("overlap: touching closed", ["confidence >= 0.5", "confidence <= 0.5"], "r", "overlap:1"),
    ("overlap: texts", ["crm.t.contains(\"a\")", "crm.t.contains(\"b\")"], "r", "overlap:1"),
    ("no overlap: texts", ["crm.t == \"a\"", "crm.t == \"b\""], "r", ""),
    # else
    ("else: bool both ways", ["nlu.ok", "!nlu.ok"], "r", "else"),
    ("else: confidence and its negation", ["confidence > 0.5", "!(confidence > 0.5)"], "r", "else"),
    ("else still there for unset", ["confidence > 0.5", "confidence <= 0.5"], "r", ""),
    ("else still there for an unset bool", ["crm.b == true", "crm.b == false"], "r", ""),
    ("else: turn is never unset", ["turn < 2", "turn >= 2"], "r", "else"),
    ("else: enum with its unset", ["crm.e in [\"a\", \"b\", \"c\"]", "!has(crm.e)"], "r", "else"),
    ("always-true beside else", ["crm.b || !crm.b"], "r", "else always:0"),
    ("always-true: has of what is never unset", ["has(turn)"], "r", "else always:0"),
    ("not always: has of what may be unset", ["has(crm.n)"], "r", ""),
    ("always-true: within the range", ["turn >= 0"], "r", "else always:0"),
    ("not always: within the range, but unset", ["confidence >= 0"], "r", ""),
    # not analysed
    ("not analysed: two names", ["crm.n > crm.m"], "q", "unanalysed"),
    ("not analysed: arithmetic", ["crm.n + 1 > 3"], "q", "unanalysed"),
    ("not analysed: arithmetic with a factor", ["crm.n * 2 > 3"], "q", "unanalysed"),
    ("not analysed: two texts", ["crm.t == text"], "q", "unanalysed"),
    ("not analysed: nothing claimed without else", ["crm.n > crm.m", "crm.n <= crm.m", "!has(crm.n) || !has(crm.m)"],
     None, "unanalysed"),
    ("analysed: a constant is no name", ["crm.n > const.five"], "q", ""),
    ("analysed: constant first", ["5 > crm.n"], "q", ""),
    ("analysed: nesting", ["!(!(crm.n > 5 && !(crm.b || nlu.ok)))"], "q", ""),
    ("not analysed: a contradiction of names is not claimed", ["crm.n > crm.m && crm.n < crm.m"], "q", "unanalysed"),
    # duplicates: order of operands is another text but the same condition
    ("duplicate: spaces", ["crm.n>5", "crm.n > 5"], "r", "duplicate:1 shadowed:1"),
    ("no duplicate: bounds differ", ["crm.n > 5", "crm.n > 6"], "r", "shadowed:1"),
]:
    CASES += listed(*arguments)

# intents: `none` is one of them, and intent is never unset
for arguments in [
    ("gap: none is left", ["intent == \"fee\"", "intent == \"cancel\"", "intent == \"request_human\""], None, "gap"),
    ("no gap: none is there", ["intent in [\"fee\", \"cancel\"]", "intent in [\"request_human\", \"none\"]"], None, ""),
    ("no gap: != of what is never unset", ["intent == \"fee\"", "intent != \"fee\""], None, ""),
    ("impossible: intent unset", ["!has(intent)"], "q", "impossible:0"),
    ("else: all intents", ["intent == \"none\"", "intent != \"none\""], "r", "else"),
    ("shadowed: intents", ["intent != \"none\"", "intent == \"fee\""], "r", "shadowed:1"),
]:
    CASES += listed(*arguments, kinds=("listen",))

# defaults of severity, and the override
CASES += [
    Case("severity: gap is an error", guards(["crm.b"]), [("branch-gap", {"severity": "error"})], exit=1),
    Case("severity: impossible is an error", guards(["crm.b && !crm.b"], "q"),
         [("branch-impossible", {"severity": "error", "path": ("/nodes/d/branches/0", "/nodes/d/branches/0/when")})],
         may=("path-infeasible",), exit=1),
    Case("severity: shadowed is an error", guards(["crm.b", "crm.b && nlu.ok"], "r"),
         [("branch-shadowed", {"severity": "error", "path": ("/nodes/d/branches/1", "/nodes/d/branches/1/when")})],
         may=("path-infeasible",), exit=1),
    Case("severity: overlap is info, exit 0", guards(["crm.b", "nlu.ok"], "r"),
         [("branch-overlap", {"severity": "info"})], exit=0),
    Case("severity: else is info, exit 0", guards([("nlu.ok", "p"), ("!nlu.ok", "p")], "p"),
         [("else-unreachable", {"severity": "info"})], exit=0),
    Case("severity: not-analysed is info, exit 0", guards(["crm.n > crm.m"], "q"),
         [("not-analysed", {"severity": "info"})], exit=0),
    Case("checks: gap off", guards(["crm.b"], checks={"branch-gap": "off"}), never=("branch-gap",), exit=0),
    Case("checks: gap as a warning", guards(["crm.b"], checks={"branch-gap": "warning"}),
         [("branch-gap", {"severity": "warning"})], exit=0),
    Case("checks: gap as info", guards(["crm.b"], checks={"branch-gap": "info"}),
         [("branch-gap", {"severity": "info"})], exit=0),
    Case("checks: overlap as an error", guards(["crm.b", "nlu.ok"], "r", checks={"branch-overlap": "error"}),
         [("branch-overlap", {"severity": "error"})], exit=1),
    Case("checks: duplicate-guard off leaves shadowed",
         guards(["crm.b", "crm.b"], "r", checks={"duplicate-guard": "off"}), ["branch-shadowed"],
         never=("duplicate-guard",), may=("path-infeasible",), exit=1),
    Case("severity: duplicate and always-true are warnings", guards(["true", "true"], "r"),
         [("duplicate-guard", {"severity": "warning"}), ("always-true", {"severity": "warning"}), "branch-shadowed",
          ("else-unreachable", {"severity": "info"})], may=("path-infeasible",)),
]


# The text of a condition: names, types, values and the characters at fault
def faulty(name, when, code, span=None, kind="decision", **more):
    want = {"path": "/nodes/d/branches/0/when", "severity": "error"}
    if span is not None:
        want["span"] = list(span)
    return Case("text: " + name, guards([when], "q", kind=kind, **more), [(code, want)], exact=False, exit=1)


def fine(name, when, **more):
    return Case("text fine: " + name, guards([when], "q", **more),
                never=("syntax", "type-mismatch", "unknown-name", "value-out-of-range"),
                may=("always-true", "branch-impossible", "path-infeasible"))


def of(text, part, occurrence=0):
    """The span of a part in UTF-16 units."""
    place = -1
    for _ in range(occurrence + 1):
        place = text.index(part, place + 1)
    start = len(text[:place].encode("utf-16-le")) // 2
    return start, start + len(part.encode("utf-16-le")) // 2


for name, when, code, part in [
    ("an unknown name", "foo > 1", "unknown-name", "foo"),
    ("an unknown dotted name", "crm.b && shop.open", "unknown-name", "shop.open"),
    ("an unknown slot", "slots.nothing == \"a\"", "unknown-name", "slots.nothing"),
    ("an unknown constant", "confidence < const.nothing", "unknown-name", "const.nothing"),
    ("an unknown tier", "queue.t9.open", "unknown-name", "queue.t9.open"),
    ("an emoji before the fault", "text == \"😀\" && foo > 1", "unknown-name", "foo"),
    ("two emoji before the fault", "text == \"😀😀\" || text == 'é' || foo", "unknown-name", "foo"),
    ("an unknown name in has", "has(foo)", "unknown-name", "foo"),
    ("an enum's missing value", "crm.e == \"d\"", ("value-out-of-range", "type-mismatch"), "\"d\""),
    ("an enum's missing value in a list", "crm.e in [\"a\", \"d\"]", ("value-out-of-range", "type-mismatch"), "\"d\""),
    ("an intent that is not declared", "intent == \"nope\"", ("value-out-of-range", "unknown-name"), "\"nope\""),
    ("an emoji before a missing value", "text == \"😀\" && crm.e == \"d\"", ("value-out-of-range", "type-mismatch"),
     "\"d\""),
    ("a number it can never meet", "confidence == 1.5", "value-out-of-range", "1.5"),
    ("a number above the range", "confidence > 1.5", "value-out-of-range", "1.5"),
    ("a whole number compared with half", "crm.i == 2.5", "value-out-of-range", "2.5"),
    ("a number below the range", "sentiment < -2", "value-out-of-range", "-2"),
    ("a negative turn", "turn == -1", "value-out-of-range", "-1"),
    ("text and number", "text == 3", "type-mismatch", None),
    ("number and text", "confidence > \"a\"", "type-mismatch", None),
    ("bool and text", "crm.b == \"true\"", "type-mismatch", None),
    ("bool and number", "crm.b == 1", "type-mismatch", None),
    ("less on text", "text < \"a\"", "type-mismatch", None),
    ("less on an enum", "crm.e < \"b\"", "type-mismatch", None),
    ("less on bools", "crm.b < true", "type-mismatch", None),
    ("a number alone", "confidence", "type-mismatch", None),
    ("a text alone", "text", "type-mismatch", None),
    ("a number and-ed", "confidence && crm.b", "type-mismatch", None),
    ("not of a number", "!confidence", "type-mismatch", None),
    ("startsWith of a number", "confidence.startsWith(\"a\")", "type-mismatch", None),
    ("a list of two types", "crm.e in [\"a\", 1]", "type-mismatch", None),
    ("a number literal alone", "1", "type-mismatch", None),
    ("nothing", "", "syntax", None),
    ("half", "confidence >", "syntax", None),
    ("one equals sign", "confidence = 1", "syntax", None),
    ("chained relations", "0 < confidence < 1", "syntax", None),
    ("an open bracket", "(crm.b", "syntax", None),
    ("an open text", "text == \"a", "syntax", None),
    ("null", "text == null", "syntax", None),
    ("a ternary", "crm.b ? true : false", "syntax", None),
    ("an exponent", "crm.n > 1e3", "syntax", None),
    ("hex", "crm.i > 0x1", "syntax", None),
    ("division", "crm.n / 2 > 1", "syntax", None),
    ("and in words", "crm.b and nlu.ok", "syntax", None),
    ("two conditions", "crm.b nlu.ok", "syntax", None),
    ("size", "size(text) > 1", ("syntax", "unknown-name"), None),
    ("matches", "text.matches(\"a\")", ("syntax", "unknown-name"), None),
    ("a list outside in", "[1] == [1]", ("syntax", "type-mismatch"), None),
    ("two names multiplied", "crm.n * crm.m > 1", ("syntax", "type-mismatch"), None),
    ("priority outside a handoff's rows", "priority > 2", "unknown-name", "priority"),
    ("queue.wait outside a handoff's rows", "queue.wait > 2", "unknown-name", "queue.wait"),
    ("an emoji before a syntax fault", "text == \"😀\" ? true : false", "syntax", None),
]:
    CASES.append(faulty(name, when, code, of(when, part) if part else None))

for name, when in [
    ("single quotes", "text == 'it is'"),
    ("escapes", "text == \"a\\n\\t\\\"\\u00e9\\x41\\101\\U0001F600\""),
    ("no spaces", "confidence<0.5&&crm.b"),
    ("bool alone", "crm.b"),
    ("constant first", "0.5 > confidence"),
    ("text functions", "text.startsWith(\"a\") || text.endsWith('b') || text.contains(\"c\")"),
    ("in with numbers", "crm.i in [1, 2, 3]"),
    ("in with texts", "text in [\"a\", \"b\"]"),
    ("in a constant", "crm.e in const.some"),
    ("in with bools", "crm.b in [true]"),
    ("arithmetic", "crm.n + 2 * crm.m - 1 > 3"),
    ("negative literals", "sentiment < -0.5"),
    ("3.0 is whole", "crm.i == 3.0"),
    ("the sixth decimal", "confidence < 0.123456"),
    ("an enum with a constant text", "crm.e == const.word"),
    ("has of each kind", "has(text) && has(error.code) && has(agent.outcome) && has(handoff.ref)"),
    ("tier words", "queue.t1.open && queue.t1.wait < 10 && handoffs.t1 < 2 && handoffs < 2"),
    ("counters", "turn > 1 && repeats > 2 && no_match > 1 && attempts > 1"),
    ("trigger and channel", "trigger.id == \"a\" || channel == \"web\" || sentiment_trend < -0.1"),
    ("handoff.pending", "handoff.pending || nlu.ok"),
    ("the range's end", "confidence <= 1 && confidence >= 0"),
    ("an emoji", "text.contains(\"😀\")"),
    ("customer.id", "customer.id == \"x\" || conversation.id == \"y\""),
]:
    CASES.append(fine(name, when))

CASES += [
    Case("text fine: an action's output", flow(
        {"main": listen(("look.found == \"yes\"", "h"), else_="sorry"),
         "start": {"kind": "start", "next": "look"},
         "look": {"kind": "action", "call": "c1", "inputs": {}, "time_limit": 5, "ok": "main", "error": "sorry",
                  "timeout": "sorry"}},
        calls={"c1": {"inputs": {}, "outputs": {"found": "text"}, "errors": {}, "repeat": "safe"}})),
    Case("text: an output that the call does not have", flow(
        {"main": listen(("look.lost == \"yes\"", "h"), else_="sorry"),
         "start": {"kind": "start", "next": "look"},
         "look": {"kind": "action", "call": "c1", "inputs": {}, "time_limit": 5, "ok": "main", "error": "sorry",
                  "timeout": "sorry"}},
        calls={"c1": {"inputs": {}, "outputs": {"found": "text"}, "errors": {}, "repeat": "safe"}}),
         [("unknown-name", {"span": [0, 9], "path": "/nodes/main/branches/0/when"})], exact=False),
    Case("text fine: not x == y with a warning", guards(["!crm.b == true"], "q"),
         never=("syntax", "type-mismatch"), exact=False,
         test=lambda problems: [] if any(p["severity"] == "warning" and p.get("path", "").startswith("/nodes/d/branches/0")
                                         for p in problems) else ["wants a warning of `!x == y`"]),
]
