"""`handoff fmt` against the writer of canonical.py, on random documents."""

import copy
import json
import os
import random
import tempfile
from decimal import Decimal

import canonical
from base import CALLS, flow, handoff
from runner import run

WORDS = "fee charge account äöü ñ “quoted” a\\b \"q\" tab\there new\nline / café 中文 </script> thanks please wait".split(" ")


def words(random, most=12):
    return " ".join(random.choice(WORDS) for _ in range(random.randint(0, most)))


def anything(random, depth=0):
    pick = random.randint(0, 9 if depth < 3 else 6)
    if pick < 3:
        return words(random)
    if pick == 3:
        return random.choice([True, False, None])
    if pick == 4:
        return random.randint(-10 ** 14, 10 ** 14)
    if pick < 7:
        return random.choice([Decimal("0.5"), Decimal("-12.25"), Decimal("0.000000001"), Decimal("100000.5"), 0, 7])
    if pick == 7:
        return [anything(random, depth + 1) for _ in range(random.randint(0, 6))]
    return {"k%d %s" % (index, words(random, 1)): anything(random, depth + 1) for index in range(random.randint(0, 6))}


def optional(random, entry, more):
    for key, value in more.items():
        if random.random() < 0.4:
            entry[key] = value() if callable(value) else value
    return entry


def common(random):
    return {"title": lambda: words(random, 6), "why": lambda: words(random, 14), "owner": "team", "link": "https://example.com/a/b",
            "tags": lambda: ["one", "two"], "was": lambda: ["old_name"]}


def extras(random, entry):
    if random.random() < 0.3:
        entry["x_" + random.choice("abc")] = anything(random)
    if random.random() < 0.2:
        entry["zz unknown"] = anything(random)
    return entry


def random_document(random):
    document = flow()
    note = lambda: words(random, 14)
    optional(random, document, {
        "$schema": "handoff-flow-1.schema.json", "description": note, "why": note, "owner": "team", "tags": ["a", "b"],
        "constants": {"k": {"value": Decimal("0.80"), "min": 0, "max": 1, "title": "K"}},
        "classes": lambda: {"pii": optional(random, {"title": "Personal", "redact": "mask"}, {"retain_days": 90, "basis": "contract", "why": note})},
        "signals": lambda: {"crm.e": optional(random, {"type": "enum", "values": ["a", "b"], "source": "crm"}, common(random))},
        "scores": {"s": {"base": 1, "min": 0, "max": 9, "add": [{"when": "turn > 3", "points": 2, "title": "Long"}]}},
        "slots": lambda: {"x": optional(random, {"type": "text"}, dict(common(random), entity="x", min=Decimal("1.50")))},
        "calls": lambda: {"look": optional(random, copy.deepcopy(CALLS["look"]), common(random))},
        "hours": {"office": {"zone": "Europe/London", "open": ["Mon-Fri 08:00-20:00", "Sat 09:00-17:00"], "closed": ["2026-12-25"],
                             "special": {"2026-12-24": ["08:00-12:00"]}}},
        "targets": {"zendesk": {"tiers": {"t1": {"group_id": "{{g}}"}}, "fields": {"why": "tags"}, "priority": {"1": "urgent", "3": "normal"},
                                "too_big": {"last": "shorten"}}},
        "checks": {"dead-end": "off"}, "layout": lambda: {"start": [0, 0], "main": [random.randint(-900, 900), Decimal("12.5")]}})
    document["nodes"]["h"] = optional(random, handoff(), {
        "routes": [{"when": "turn > 3", "tier": "t1", "priority": 2}], "priority": 3, "join": "warm", "assist": [
            {"when": "turn > 3", "title": "Try", "suggest": note(), "call": "look"}],
        "reasons": {"main.branches[0]": "fee"}, "returns": {"again": {"title": "Again", "to": "back"}},
        "waiting": lambda: {"say": [{"after": 60, "every": 120, "text": note()}], "turns": [{"when": "turn > 9", "to": "back", "keep_place": True}],
                            "else_say": note()},
        "overflow": [{"when": "queue.wait > 300", "to": "later", "keep_place": True}], "group": "people", "why": note, "tags": ["x"]})
    for number in range(random.randint(0, 6)):
        node = random.choice([
            {"kind": "message", "text": note(), "next": "main"}, {"kind": "ask", "slot": "x", "prompt": note(), "reprompt": note(), "attempts": 2,
             "idle": [{"after": 60, "say": note()}], "filled": "main", "failed": "later"},
            {"kind": "decision", "branches": [{"when": "turn > %d" % row, "to": "main"} for row in range(random.randint(0, 5))], "else": "main"},
            {"kind": "set", "assign": {"x": "\"a\"", "y": None}, "next": "main"},
            {"kind": "action", "call": "look", "inputs": {}, "time_limit": 5, "ok": "main", "errors": {"E1": "main"}, "error": "main", "timeout": "main"},
            {"kind": "subflow", "flow": "other", "inputs": {"y": "\"a\""}, "outcomes": {"done": "main"}, "else": "main"},
            {"kind": "todo", "text": note(), "next": "main"}, {"kind": "note", "text": note()},
            {"kind": "listen", "idle": [{"after": 5, "to": "main"}], "branches": [], "else": "main"}])
        document["nodes"]["n%d" % number] = optional(random, node, dict(common(random), group="g"))
    for node in document["nodes"].values():
        extras(random, node)
    for part in ("tiers", "contexts", "triggers", "slots", "signals"):
        for entry in document.get(part, {}).values():
            extras(random, entry)
    extras(random, document)
    for node in document["nodes"].values():
        if random.random() < 0.2:
            # Around the edge of a line.
            node["x_pad"] = "p" * random.randint(20, 90)
    return document


SHAPED = set(canonical.ENTRIES) | {"nodes"}


def shuffle(random, document):
    known = [key for key in document if key in canonical.TOP]
    unknown = [key for key in document if key not in canonical.TOP]
    random.shuffle(known)
    keys = known + unknown
    result = {key: document[key] for key in keys}
    for part in SHAPED:
        if part in result:
            orders = {}
            for name, entry in result[part].items():
                if part == "nodes":
                    fields, ports = canonical.NODES[entry["kind"]]
                    shape = ("kind " + canonical.COMMON + " group " + fields + " " + ports).split()
                else:
                    shape = canonical.ENTRIES[part].split()
                first = [key for key in entry if key in shape]
                random.shuffle(first)
                rest = [key for key in entry if key not in shape]
                # Unknown keys keep their order wherever they stand.
                for key in rest:
                    first.insert(len(first), key)
                orders[name] = {key: entry[key] for key in first}
            result[part] = orders
    return result


class Exact(float):
    """A number printed as its author wrote it."""

    def __new__(cls, value):
        made = float.__new__(cls, value)
        made.text = str(value) if "E" not in str(value) else format(value, "f")
        return made

    def __repr__(self):
        return self.text


def dumped(value, indent=None):
    def plain(value):
        if isinstance(value, Decimal):
            return Exact(value)
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        if isinstance(value, list):
            return [plain(item) for item in value]
        return value
    return json.dumps(plain(value), ensure_ascii=random.random() < 0.3, indent=indent)


def equal(left, right):
    """The same JSON, the order of keys aside."""
    parse = lambda text: json.loads(text, parse_float=Decimal, parse_int=Decimal)
    return parse(left) == parse(right)


def first_difference(wanted, has):
    for number, (left, right) in enumerate(zip(wanted.split("\n"), has.split("\n")), 1):
        if left != right:
            return "line %d:\n        wants %s\n        has   %s" % (number, left[:300], right[:300])
    return "lengths differ"


def fmt_cases(binary, templates, seed=1, count=250):
    chance = random.Random(seed)
    passed, failures = 0, []

    def expect(name, holds, fault=""):
        nonlocal passed
        if holds:
            passed += 1
        else:
            failures.append(("fmt: " + name, fault))

    with tempfile.TemporaryDirectory() as folder:
        paths, wanted, written = [], [], []
        for index in range(count):
            document = random_document(chance)
            wanted.append(canonical.canonical(copy.deepcopy(document)))
            text = dumped(shuffle(chance, document), chance.choice([None, 1, 4]))
            written.append(text)
            sub = os.path.join(folder, str(index))
            os.makedirs(sub)
            paths.append(os.path.join(sub, "case.flow.json"))
            with open(paths[-1], "w", encoding="utf-8") as file:
                file.write(text)
        read = lambda path: open(path, encoding="utf-8", newline="").read()
        code, _, _ = run(binary, ["fmt", "--check"] + paths)
        expect("--check of what is not canonical exits 1", code == 1, "exit %s" % code)
        expect("--check writes nothing", all(read(path) == text for path, text in zip(paths, written)))
        code, out, err = run(binary, ["fmt"] + paths)
        expect("in place, exit 0", code == 0, "exit %s %s" % (code, err[-500:]))
        for index, (path, want) in enumerate(zip(paths, wanted)):
            has = read(path)
            expect("random document %d (seed %d)" % (index, seed), has == want, first_difference(want, has))
            expect("nothing lost %d" % index, equal(has, want))
        code, _, _ = run(binary, ["fmt", "--check"] + paths)
        expect("--check of what is canonical exits 0", code == 0, "exit %s" % code)
        before = [read(path) for path in paths[:20]]
        run(binary, ["fmt"] + paths[:20])
        expect("idempotent", before == [read(path) for path in paths[:20]])
        for index in range(3):
            code, out, _ = run(binary, ["fmt", "-"], written[index])
            expect("`-` filters %d" % index, code == 0 and out == wanted[index], "exit %s\n%s" % (code, first_difference(wanted[index], out)))
        broken = os.path.join(folder, "broken.flow.json")
        for name, text in [("not JSON", "{ \"a\": "), ("a duplicate key", "{ \"format\": \"handoff-flow/1\", \"id\": \"a\", \"id\": \"a\", \"nodes\": {} }"),
                           ("too new", "{ \"format\": \"handoff-flow/9\", \"id\": \"a\", \"nodes\": {} }"),
                           ("an unknown need", "{ \"format\": \"handoff-flow/1\", \"needs\": [\"x\"], \"id\": \"a\", \"nodes\": {} }")]:
            with open(broken, "w") as file:
                file.write(text)
            code, _, _ = run(binary, ["fmt", broken])
            expect("refuses " + name + " and writes nothing", code != 0 and read(broken) == text, "exit %s" % code)
        numbers = '{"format":"handoff-flow/1","id":"a","nodes":{"start":{"kind":"start"}},"x_n":[1.0,0.80,1e3,1.5e-3,-0.0,0.123456789,123456789012345,-7,100,1E2]}'
        code, out, _ = run(binary, ["fmt", "-"], numbers)
        expect("numbers", "\"x_n\": [1, 0.8, 1000, 0.0015, 0, 0.123456789, 123456789012345, -7, 100, 100]" in out, out)
        text = '{"format":"handoff-flow/1","id":"a","nodes":{"start":{"kind":"start"}},"x_s":"\\u00e9\\/\\u007f\\ud83d\\ude00\\t\\"\\\\"}'
        code, out, _ = run(binary, ["fmt", "-"], text)
        expect("strings", "\"x_s\": \"é/\x7f😀\\t\\\"\\\\\"" in out, out)
        tiny = '{"nodes":{},"id":"a","format":"handoff-flow/1"}'
        code, out, _ = run(binary, ["fmt", "-"], tiny)
        expect("a whole document on one line", out == '{ "format": "handoff-flow/1", "id": "a", "nodes": {} }\n', out)
        for width in (99, 100, 101):
            # One entry of the whole document whose line has exactly so many columns, with and without a comma after it.
            for last in (True, False):
                head = '  "x_w": [1, "'
                item = {"x_w": [1, "p" * (width - len(head) - 2)]}
                document = {"format": "handoff-flow/1", "id": "a", "nodes": {}, "x_a": "p" * 90}
                document.update(item if last else dict(item, x_z=1))
                want = canonical.canonical(copy.deepcopy(document))
                code, out, _ = run(binary, ["fmt", "-"], json.dumps(document))
                expect("%d columns%s" % (width, "" if last else " and a comma"), out == want, first_difference(want, out))
        for path in templates:
            text = read(path)
            own = canonical.canonical(json.loads(text, parse_float=Decimal))
            expect("the writer agrees on " + os.path.basename(path), own == text, first_difference(own, text))
            code, out, _ = run(binary, ["fmt", "-"], json.dumps(json.loads(text)))
            expect("from one line: " + os.path.basename(path), out == text, first_difference(text, out))
            crlf = text.replace("\n", "\r\n")
            code, out, _ = run(binary, ["fmt", "-"], crlf)
            expect("from CRLF: " + os.path.basename(path), out == text, first_difference(text, out))
    return passed, failures
