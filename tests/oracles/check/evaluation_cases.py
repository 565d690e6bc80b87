"""Random conditions with random values: section 3 evaluated by the reference against the binary, by replay."""

import json
import os
import random
import sys
import tempfile
from fractions import Fraction

from base import base, decision, listen, message
from runner import run

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "reference"))
import conditions  # noqa: E402
from values import UNSET  # noqa: E402

NAMES = {
    "crm.n": "number", "crm.m": "number", "crm.i": "integer", "crm.j": "integer", "slots.n": "number", "confidence": "unit", "sentiment": "unit",
    "crm.b": "bool", "crm.c": "bool", "slots.b": "bool", "nlu.ok": "bool", "crm.t": "text", "crm.u": "text", "slots.t": "text", "text": "text",
    "channel": "text", "crm.e": "enum", "crm.f": "enum", "slots.e": "enum",
}
TEXTS = ["", "a", "b", "ab", "Ab", "ba", "äb", "😀", "a\"b", "a\\b", "line\nfeed", "é", "e\u0301", "z"]
NUMBERS = ["0", "1", "2", "0.1", "0.2", "0.3", "0.30", "2.5", "10", "100.25", "0.000000001", "999999999999999"]
ENUM = ["a", "b", "ab"]


def of(chance, kind):
    return chance.choice([name for name, type_ in NAMES.items() if type_ == kind])


def quoted(chance, text):
    if "\n" not in text and "\\" not in text and "'" not in text and chance.random() < 0.3:
        return "'" + text + "'"
    out = json.dumps(text, ensure_ascii=False)
    if chance.random() < 0.2:
        out = '"' + "".join("\\u%04x" % ord(letter) if ord(letter) < 65536 else "\\U%08x" % ord(letter) for letter in text) + '"'
    return out


def number(chance, depth=0):
    pick = chance.random()
    if depth > 1 or pick < 0.45:
        return chance.choice([of(chance, "number")] * 3 + ([of(chance, "integer"), of(chance, "unit")] if depth == 0 else []))
    if pick < 0.65:
        return chance.choice(NUMBERS)
    if pick < 0.72:
        return "-" + chance.choice(NUMBERS[1:])
    if pick < 0.86:
        return "%s %s %s" % (number(chance, 2), chance.choice("+-"), number(chance, 2))
    if pick < 0.93:
        return "%s * %s" % (chance.choice(["2", "0.5", "0.1", "3"]), of(chance, "number"))
    return "(%s + %s) * %s" % (of(chance, "number"), chance.choice(NUMBERS), chance.choice(["2", "0.1"]))


def condition(chance, depth=0):
    pick = chance.random()
    if depth < 3 and pick < 0.45:
        if pick < 0.12:
            return "!" + chance.choice(["(%s)" % condition(chance, depth + 1), of(chance, "bool"), "(%s)" % condition(chance, depth + 1)])
        left, right = condition(chance, depth + 1), condition(chance, depth + 1)
        sign = chance.choice(["&&", "||"])
        return chance.choice(["%s %s %s", "(%s) %s (%s)", "%s%s%s"]) % (left, sign, right)
    pick = chance.randint(0, 11)
    if pick == 0:
        return of(chance, "bool")
    if pick == 1:
        return "has(%s)" % chance.choice(list(NAMES))
    if pick in (2, 3, 4):
        left = number(chance)
        while not any(name in left for name in NAMES):
            left = number(chance)
        if left in ("confidence", "sentiment"):
            return "%s %s %s" % (left, chance.choice(conditions.RELATIONS), chance.choice(["0.1", "0.3", "0.30", "0.5", of(chance, "number")]))
        if left in ("crm.i", "crm.j"):
            return "%s %s %s" % (left, chance.choice(conditions.RELATIONS), chance.choice(["0", "1", "2.0", "10", of(chance, "number"), of(chance, "integer")]))
        return "%s %s %s" % (left, chance.choice(conditions.RELATIONS), number(chance))
    if pick == 5:
        return "%s %s %s" % (of(chance, "text"), chance.choice(["==", "!="]), chance.choice([quoted(chance, chance.choice(TEXTS)), of(chance, "text")]))
    if pick == 6:
        return "%s.%s(%s)" % (of(chance, "text"), chance.choice(conditions.TEXT_FUNCTIONS), quoted(chance, chance.choice(TEXTS)))
    if pick == 7:
        return "%s %s %s" % (of(chance, "enum"), chance.choice(["==", "!="]), chance.choice([json.dumps(chance.choice(ENUM)), of(chance, "enum")]))
    if pick == 8:
        return "%s %s %s" % (of(chance, "bool"), chance.choice(["==", "!="]), chance.choice(["true", "false", of(chance, "bool")]))
    if pick == 9:
        return "%s in [%s]" % (of(chance, "enum"), ", ".join(json.dumps(item) for item in chance.sample(ENUM, 2)))
    if pick == 10:
        return "%s in [%s]" % (of(chance, "text"), ", ".join([quoted(chance, chance.choice(TEXTS)), chance.choice([of(chance, "text"), "\"b\""])]))
    return "%s in [%s]" % (of(chance, "number"), ", ".join([chance.choice(NUMBERS), chance.choice(NUMBERS)]))


def random_value(chance, kind):
    if chance.random() < 0.25:
        return None
    if kind == "bool":
        return chance.choice([True, False])
    if kind == "text":
        return chance.choice(TEXTS)
    if kind == "enum":
        return chance.choice(ENUM)
    if kind == "integer":
        return chance.choice(["0", "1", "2", "3.0", "10", "-4"])
    if kind == "unit":
        return chance.choice(["0.1", "0.3", "0.5", "1", "0", "0.30"])
    return chance.choice(NUMBERS + ["-2.5"])


class Raw(float):
    """A number printed as written."""

    def __new__(cls, text):
        made = float.__new__(cls, text)
        made.text = text
        return made

    def __repr__(self):
        return self.text


FIXED = [
    "crm.n + 0.2 == 0.3", "0.1 + 0.2 == 0.3 && has(crm.n)", "!crm.b == true", "!crm.b == false", "!has(crm.n) == crm.b", "crm.b == crm.b",
    "crm.n == crm.n", "crm.n != crm.n", "!(crm.n > 3)", "crm.n <= 3", "crm.n - crm.n == 0", "!!crm.b", "crm.b || !crm.b",
    "crm.b && nlu.ok || crm.c", "crm.b || nlu.ok && crm.c", "(crm.b || nlu.ok) && crm.c", "crm.t == crm.u || !has(crm.t)",
    "crm.t.startsWith(\"\")", "crm.t.contains(\"\")", "crm.t.endsWith(\"\")", "crm.t.startsWith(crm.u)", "crm.t in [crm.u, \"a\"]",
    "crm.n in [crm.m, 1]", "crm.b in [true]", "crm.b in [crm.c, false]", "(crm.n > 1) == crm.b", "(crm.n > 1) != (crm.m > 1)", "crm.n - 1 - 1 == 0.5",
    "crm.n - (1 - 1) == 2.5", "crm.n * 2 + 1 > 3", "1 + 2 * crm.n > 3", "crm.n > -1 && -1 < crm.m", "crm.e == crm.f", "crm.e in [crm.f, \"b\"]",
    "crm.t == \"\\u0065\\u0301\"", "crm.t == \"\\x61\\142\"", "crm.t == '\\'' || crm.t == \"\\101b\"", "slots.b", "!slots.b", "slots.e != \"a\"",
    "crm.n == 0.10", "crm.i == 3.0", "crm.i == 3", "true", "crm.n > 2 && !(crm.n > 2) || has(crm.n)", "crm . n > 1", "has( crm.n )",
]


def evaluation_cases(binary, seed=1, flows=4, per_flow=200, turns=25):
    chance = random.Random(seed)
    passed, failures = 0, []
    types = {"unit": "number"}
    for flow_number in range(flows):
        texts = (FIXED if flow_number == 0 else []) + [condition(chance) for _ in range(per_flow)]
        document = base()
        nodes = {"start": {"kind": "start", "next": "main"}, "main": listen(else_="d0"), "h": document["nodes"]["h"], "later": document["nodes"]["later"],
                 "back": document["nodes"]["back"], "bye": document["nodes"]["bye"], "gone": document["nodes"]["gone"]}
        for index, text in enumerate(texts):
            after = "d%d" % (index + 1) if index + 1 < len(texts) else "main"
            nodes["d%d" % index] = decision((text, "y%d" % index), else_=after)
            nodes["y%d" % index] = message("Yes.", next=after)
        document["nodes"] = nodes
        document["triggers"] = {}
        signals, slots = {}, {}
        for name, kind in NAMES.items():
            entry = {"type": types.get(kind, kind)}
            if kind == "enum":
                entry["values"] = ENUM
            if name.startswith("crm."):
                signals[name] = dict(entry, source="crm")
            elif name.startswith("slots."):
                slots[name[6:]] = dict(entry, entity=name[6:])
        document["signals"], document["slots"] = signals, slots
        lines, wanted = [], []
        known = {name: UNSET for name in NAMES}
        events = []
        for _ in range(turns):
            line = {"who": "user", "signals": {}, "entities": {}, "intent": None, "confidence": None, "sentiment": None}
            for name, kind in NAMES.items():
                value = random_value(chance, kind)
                exact = UNSET if value is None else Fraction(value) if kind in ("number", "integer", "unit") else value
                written = None if value is None else Raw(value) if kind in ("number", "integer", "unit") else value
                if name.startswith("crm."):
                    line["signals"][name] = written
                    known[name] = exact
                elif name.startswith("slots."):
                    if value is not None:
                        line["entities"][name[6:]] = written
                        known[name] = exact
                elif name == "nlu.ok":
                    known[name] = True
                    if value is False:
                        line["nlu"] = "down"
                        known[name] = False
                else:
                    line[name] = written
                    known[name] = exact
            if not known["nlu.ok"]:
                known["confidence"] = UNSET
            events.append(line)
            wanted.append([conditions.holds(text, known.__getitem__) for text in texts])
            lines.append(dict(known))
        with tempfile.TemporaryDirectory() as folder:
            path, talk = os.path.join(folder, "case.flow.json"), os.path.join(folder, "a.conversations.jsonl")
            with open(path, "w") as file:
                json.dump(document, file, ensure_ascii=False)
            with open(talk, "w") as file:
                file.write(json.dumps({"id": "a", "turns": events}, ensure_ascii=False) + "\n")
            code, out, err = run(binary, ["replay", path, talk, "--each", "--json", "--no-fill"])
            if code != 0 or not out.strip():
                _, said, _ = run(binary, ["check", "--json", path])
                errors = [problem for problem in json.loads(said)["flows"][0]["problems"] if problem["severity"] == "error" and "/branches/" in problem["path"]
                          and problem["code"] in ("syntax", "unknown-name", "type-mismatch", "value-out-of-range")]
                failures.append(("conditions %d (seed %d)" % (flow_number, seed), "exit %s %s\n      %s" % (code, err[-300:], "\n      ".join(
                    "%s: %s %s" % (texts[int(problem["node"][1:])], problem["code"], problem["message"]) for problem in errors))))
                continue
            steps = json.loads(out.strip().split("\n")[0])["path"]
        taken, current = [], None
        for node in steps:
            if node == "d0":
                current = set()
                taken.append(current)
            if node[0] == "y" and current is not None:
                current.add(int(node[1:]))
        if len(taken) != turns:
            failures.append(("conditions %d" % flow_number, "%d turns in the path, wants %d" % (len(taken), turns)))
            continue
        for turn, (want, has) in enumerate(zip(wanted, taken)):
            for index, text in enumerate(texts):
                if want[index] == (index in has):
                    passed += 1
                else:
                    read = {name: str(lines[turn][name]) for name in conditions.names(conditions.parse(text)) if name in lines[turn]}
                    failures.append(("condition %s" % text, "with %s wants %s" % (read, want[index])))
    return passed, failures
