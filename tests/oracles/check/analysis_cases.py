"""Random lists of guards: what section 7 says of them, found by trying every case that can differ, against the binary.

Every witness is tried as well: with all values of the signals that it leaves out.
"""

import itertools
import json
import os
import random
import sys
import tempfile
import warnings
from fractions import Fraction

from base import guards
from runner import run

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "reference"))
import conditions  # noqa: E402

CONSTANTS = {"const.k": Fraction(1, 2), "const.five": Fraction(5), "const.some": ["a", "b"], "const.word": "a"}
NUMBERS = {"confidence": [Fraction(number, 10) for number in (0, 3, 5, 8, 10)], "queue.t1.wait": [Fraction(0), Fraction(60), Fraction(300)],
           "crm.n": [Fraction(0), Fraction(5), Fraction(15, 2), Fraction(10)], "sentiment": [Fraction(-1), Fraction(-3, 10), Fraction(0), Fraction(1)]}
WHOLE = {"crm.i": [0, 1, 4, 5, 6, 10], "handoffs": [0, 1, 2, 3]}
RANGES = {"confidence": (0, 1), "queue.t1.wait": (0, 86400), "crm.n": (0, 10), "sentiment": (-1, 1), "crm.i": (0, 10), "handoffs": (0, 100000)}
NEVER_UNSET = {"queue.t1.wait", "handoffs", "nlu.ok", "intent", "queue.t1.open"}
WORDS = ["a", "b", "ab", "ba"]


def spread(name):
    """Every value of a name that can make a difference, `None` for unset."""
    if name in NUMBERS:
        low, high = (Fraction(end) for end in RANGES[name])
        points = sorted(set(NUMBERS[name] + [Fraction(1, 2)] if name == "confidence" else NUMBERS[name] + [Fraction(5)] if name == "crm.n" else NUMBERS[name]) | {low, high})
        values = points + [(left + right) / 2 for left, right in zip(points, points[1:])]
    elif name in WHOLE:
        values = [Fraction(value) for value in sorted(set(range(0, 11)) | ({100000} if name == "handoffs" else set()))]
    elif name == "crm.e":
        values = ["a", "b", "c"]
    elif name == "intent":
        values = ["fee", "cancel", "request_human", "none"]
    elif name == "crm.t":
        values = ["".join(letters) for length in range(6) for letters in itertools.product("abz", repeat=length)]
    else:
        values = [True, False]
    return values + ([] if name in NEVER_UNSET else [None])


def literal(value):
    if isinstance(value, str):
        return json.dumps(value)
    text = "%.9f" % float(value)
    return text.rstrip("0").rstrip(".")


def atom(chance, names):
    name = chance.choice(names)
    if chance.random() < 0.1:
        return "has(%s)" % name
    if name in NUMBERS or name in WHOLE:
        value = chance.choice(NUMBERS.get(name) or WHOLE[name])
        text = literal(value)
        if name == "confidence" and value == Fraction(1, 2) and chance.random() < 0.4:
            text = "const.k"
        if name == "crm.n" and value == 5 and chance.random() < 0.4:
            text = "const.five"
        if chance.random() < 0.12:
            return "%s in [%s]" % (name, ", ".join(literal(item) for item in chance.sample(NUMBERS.get(name) or WHOLE[name], 2)))
        sign = chance.choice(conditions.RELATIONS)
        return "%s %s %s" % ((name, sign, text) if chance.random() < 0.85 else (text, sign, name))
    if name in ("crm.e", "intent"):
        values = [value for value in spread(name) if value]
        pick = chance.random()
        if pick < 0.3:
            return "%s in [%s]" % (name, ", ".join(literal(item) for item in chance.sample(values, chance.randint(1, len(values)))))
        if pick < 0.4 and name == "crm.e":
            return "crm.e in const.some"
        return "%s %s %s" % (name, chance.choice(["==", "!="]), literal(chance.choice(values)))
    if name == "crm.t":
        word = literal(chance.choice(WORDS))
        pick = chance.random()
        if pick < 0.35:
            return "crm.t %s %s" % (chance.choice(["==", "!="]), word)
        if pick < 0.45:
            return "crm.t in [%s]" % ", ".join(literal(item) for item in chance.sample(WORDS, 2))
        return "crm.t.%s(%s)" % (chance.choice(conditions.TEXT_FUNCTIONS), word)
    return chance.choice(["%s", "!%s", "%s == true", "%s == false", "%s != true", "!(%s)"]) % name


def guard(chance, names, depth=0):
    pick = chance.random()
    if depth > 2 or pick < 0.4:
        return atom(chance, names)
    if pick < 0.55:
        return "!(%s)" % guard(chance, names, depth + 1)
    return "(%s) %s (%s)" % (guard(chance, names, depth + 1), chance.choice(["&&", "||"]), guard(chance, names, depth + 1))


def compiled(text):
    """A guard as a Python function of the values, for speed; unset is None."""
    def code(tree):
        kind = tree[0]
        if kind == "value":
            return repr(tree[1])
        if kind == "name":
            return repr(CONSTANTS[tree[1]]) if tree[1] in CONSTANTS else "v[%r]" % tree[1]
        if kind == "has":
            return "(%s is not None)" % code(("name", tree[1]))
        if kind == "minus":
            return "(-%s)" % code(tree[1])
        if kind == "not":
            return "(not %s)" % code(tree[1])
        if kind in ("and", "or"):
            return "(bool(%s) %s bool(%s))" % (code(tree[1]), kind, code(tree[2]))
        if kind == "compare":
            left, right = code(tree[2]), code(tree[3])
            return "(%s is not None and %s is not None and %s %s %s)" % (left, right, left, tree[1], right)
        if kind == "in":
            return "(%s is not None and %s in %s)" % (code(tree[1]), code(tree[1]), code(tree[2]))
        if kind == "list":
            return "[" + ", ".join(code(item) for item in tree[1]) + "]"
        if kind == "text":
            left, right = code(tree[2]), code(tree[3])
            call = "%s in %s" % (right, left) if tree[1] == "contains" else "%s.%s(%s)" % (left, tree[1].lower(), right)
            return "(%s is not None and %s)" % (left, call)
        raise ValueError(kind)

    tree = conditions.parse(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        function = eval("lambda v: " + code(tree), {"Fraction": Fraction})  # noqa: S307 (our own text)
    return function, [name for name in dict.fromkeys(conditions.names(tree)) if name not in CONSTANTS]


def judged(branches, tos, otherwise):
    """What holds of the list: words with their branch, as `expected`, and those left open."""
    functions, names = [], []
    for branch in branches:
        function, read = compiled(branch)
        functions.append(function)
        names += [name for name in read if name not in names]
    count = len(functions)
    possible, free, always = [False] * count, [False] * count, [True] * count
    both, left = set(), False
    for values in itertools.product(*(spread(name) for name in names)):
        holds = [bool(function(dict(zip(names, values)))) for function in functions]
        taken = False
        for index, held in enumerate(holds):
            if held:
                possible[index] = True
                free[index] = free[index] or not taken
                for other in range(index):
                    if holds[other] and tos[other] != tos[index]:
                        both.add(index)
                taken = True
            else:
                always[index] = False
        left = left or not taken
    expected = set()
    for index in range(count):
        if not possible[index]:
            expected.add(("branch-impossible", index))
        elif not free[index]:
            expected.add(("branch-shadowed", index))
        elif index in both:
            expected.add(("branch-overlap", index))
        if always[index]:
            expected.add(("always-true", index))
    if left and not otherwise:
        expected.add(("branch-gap", None))
    if not left and otherwise:
        expected.add(("else-unreachable", None))
    # A branch that is never taken may be said to overlap too; `always-true` beside others is said of any.
    leave = {("branch-overlap", index) for index in range(count) if not free[index]}
    return expected, leave, functions, names


def as_value(value):
    return Fraction(str(value)) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def witness_fault(problem, index, tos, functions, names, chance):
    """Why a witness is none, or None. Signals that it leaves out may have any value."""
    witness = {name: as_value(value) for name, value in (problem.get("witness") or {}).items()}
    for name, value in witness.items():
        if name in NEVER_UNSET and value is None:
            return "%s is never unset" % name
        if name in RANGES and value is not None and not RANGES[name][0] <= value <= RANGES[name][1]:
            return "%s is out of its range" % name
        if name in WHOLE and value is not None and value.denominator != 1:
            return "%s is whole" % name
        if name in ("crm.e", "intent") and value not in spread(name):
            return "%s has no such value" % name
    code = problem["code"]
    if code not in ("branch-gap", "branch-overlap"):
        return None
    if problem.get("witness") is None:
        return "there is none" if code == "branch-gap" else None
    open_names = [name for name in names if name not in witness]
    choices = [spread(name) for name in open_names]
    for _ in range(60 if open_names else 1):
        values = dict(witness, **{name: chance.choice(values) for name, values in zip(open_names, choices)})
        holds = [bool(function(values)) for function in functions]
        if code == "branch-gap" and any(holds):
            return "branch %d takes %s" % (holds.index(True), values)
        if code == "branch-overlap" and not (holds[index] and any(holds[other] and tos[other] != tos[index] for other in range(index))):
            return "not both hold for %s" % values
    return None


GROUPS = [["confidence", "crm.b"], ["crm.i", "crm.e"], ["crm.n", "nlu.ok", "crm.b"], ["crm.t"], ["crm.t", "crm.b"], ["queue.t1.wait", "crm.e"],
          ["confidence"], ["crm.i"], ["handoffs", "queue.t1.open"], ["intent", "confidence"], ["intent", "crm.b", "nlu.ok"], ["sentiment", "crm.e"],
          ["crm.n", "confidence"]]


def analysis_cases(binary, seed=1, count=500):
    chance = random.Random(seed)
    lists, passed, failures = [], 0, []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            names = chance.choice(GROUPS)
            size = chance.randint(1, 4)
            tos = [chance.choice(["p", "q", "r"]) for _ in range(size)]
            branches = [guard(chance, names) for _ in range(size)]
            if size > 1 and chance.random() < 0.3:
                # Complements make gaps rare enough to be interesting.
                branches[-1] = "!(%s)" % " || ".join("(%s)" % branch for branch in branches[:-1])
            otherwise = chance.choice([None, "s"])
            kind = "listen" if "intent" in names else chance.choice(["listen", "decision"])
            sub = os.path.join(folder, str(number))
            os.makedirs(sub)
            path = os.path.join(sub, "case.flow.json")
            with open(path, "w") as file:
                json.dump(guards(list(zip(branches, tos)), otherwise, kind=kind), file)
            lists.append((path, branches, tos, otherwise))
        _, out, _ = run(binary, ["check", "--json"] + [entry[0] for entry in lists])
        flows = {flow["file"]: flow for flow in json.loads(out)["flows"]}
    for number, (path, branches, tos, otherwise) in enumerate(lists):
        expected, leave, functions, names = judged(branches, tos, otherwise)
        has, faults = set(), []
        for problem in flows[path]["problems"]:
            if problem["code"] not in ("branch-impossible", "branch-shadowed", "branch-overlap", "always-true", "branch-gap", "else-unreachable"):
                if problem["severity"] != "info" and problem["code"] not in ("path-infeasible", "duplicate-guard", "node-unreachable", "no-way-to-a-person", "request-refused"):
                    faults.append("has besides %s %s" % (problem["code"], problem.get("message")))
                continue
            if problem.get("node") != "d":
                continue
            parts = problem.get("path", "").split("/")
            index = int(parts[4]) if len(parts) > 4 and parts[3] == "branches" else None
            if (problem["code"], index) in has:
                faults.append("twice: %s %s" % (problem["code"], index))
            has.add((problem["code"], index))
            fault = witness_fault(problem, index, tos, functions, names, chance)
            if fault:
                faults.append("witness %s of %s: %s" % (json.dumps(problem.get("witness")), problem["code"], fault))
        if expected - has:
            faults.append("wants " + str(sorted(expected - has, key=str)))
        if has - expected - leave:
            faults.append("must not have " + str(sorted(has - expected - leave, key=str)))
        if faults:
            failures.append(("guards %d (seed %d)" % (number, seed), "%s -> %s else %s\n      %s" % (branches, tos, otherwise, "\n      ".join(faults))))
        else:
            passed += 1
    return passed, failures
