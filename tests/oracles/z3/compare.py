"""What `handoff check --json` claims about random lists of guards, held against Z3, and each case it shows against two
interpreters: the reference's and `handoff replay`.

    python compare.py BINARY [--sets N] [--seed S] [--skip M] [--keep FOLDER]

HANDOFF_DEADLINE (seconds since 1970) stops it early, never before a tenth of the sets. Exit 0 when all agree.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter

import z3

import encode
from conditions import holds
from lists import CONSTANTS, SIGNALS, Guards, branches_flow, constant, names_in, triggers_flow
from values import UNSET, fit, read_json

LISTS_A_FLOW = 20
FLOWS_A_RUN = 10
# Every so many-th list also stands as triggers.
TRIGGERS_EVERY = 5
# How long Z3 may work on a question: on the core, since a busy machine makes the clock run on; and by the clock.
MOST_WORK, MOST_WAIT = 1.0, 15.0
ABOUT_ROWS = ("branch-impossible", "branch-shadowed", "branch-overlap", "always-true", "duplicate-guard")


class NoAnswer(Exception):
    """Z3 did not answer in time."""


class Proved:
    """What Z3 says of a list. Guards that the format leaves out of the analysis are in it with their real meaning."""

    def __init__(self, one):
        names = encode.Names(SIGNALS, constant)
        guards = [names.condition(encode.parse(guard)) for guard in one.guards]
        self.solver = z3.Solver()
        self.solver.set("timeout", int(MOST_WAIT * 1000))
        self.solver.add(names.facts)
        self.marks = [z3.Bool("guard %d" % at) for at in range(len(guards))]
        self.solver.add([mark == guard for mark, guard in zip(self.marks, guards)])
        # Which guards hold in each model found so far: one model answers many questions.
        self.models = []
        self.analysed = [encode.analysed(guard) for guard in one.guards]
        self.sure = [at for at, analysed in enumerate(self.analysed) if analysed]
        self.possible = {at: self.can([at], []) for at in self.sure}
        self.always = {at: not self.can([], [at]) for at in self.sure}
        earlier = {at: [other for other in self.sure if other < at] for at in self.sure}
        self.shadowed = {at: self.possible[at] and not self.can([at], earlier[at]) for at in self.sure}
        able = [at for at in self.sure if self.possible[at]]
        self.meet = {(a, b) for b in able for a in able if a < b and self.can([a, b], [])}
        self.same = {(a, b) for a, b in self.meet if not self.can([a], [b]) and not self.can([b], [a])}
        everyone = list(range(len(guards)))
        self.gap = self.can([], everyone)
        self.covered = not self.can([], self.sure)

    def can(self, yes, no):
        if any(all(model[at] for at in yes) and not any(model[at] for at in no) for model in self.models):
            return True
        began = time.process_time()
        answer = self.solver.check([self.marks[at] for at in yes] + [z3.Not(self.marks[at]) for at in no])
        if answer == z3.unknown or time.process_time() - began > MOST_WORK:
            raise NoAnswer()
        if answer == z3.sat:
            found = self.solver.model()
            self.models.append([z3.is_true(found.eval(mark, model_completion=True)) for mark in self.marks])
        return answer == z3.sat


class Comparison:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.deadline = float(os.environ.get("HANDOFF_DEADLINE") or "inf")
        self.random = random.Random(options.seed)
        self.counts, self.verdicts, self.differences = Counter(), Counter(), []

    def run(self):
        number, last = self.options.skip, self.options.skip + self.options.sets
        while number < last:
            if time.time() > self.deadline and number >= self.options.skip + self.options.sets // 10:
                break
            lists = []
            while len(lists) < LISTS_A_FLOW * FLOWS_A_RUN and number < last:
                number += 1
                lists.append(Guards("%d %d" % (self.options.seed, number), with_text=number % 4 == 0))
            self.batch(lists)

    def differs(self, one, what):
        self.differences.append(what)
        if len(self.differences) <= self.options.show:
            print("\n== %s\n%s" % (what, "\n".join("  %d  %s -> %s" % (at + 1, guard, to) for at, (guard, to) in
                                                    enumerate(zip(one.guards, one.to)))))
            print("  else" if one.has_else else "  no else")
            sys.stdout.flush()

    def binary(self, *arguments):
        done = subprocess.run([self.options.binary, *arguments], capture_output=True, text=True, timeout=300)
        if done.returncode not in (0, 1):
            raise SystemExit("%s ended with %d\n%s" % (" ".join(arguments[:2]), done.returncode, done.stderr[:2000]))
        return done.stdout

    def write(self, document):
        path = os.path.join(self.folder, document["id"] + ".flow.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=2)
        return path

    def batch(self, lists):
        flows, triggers = [], []
        for at in range(0, len(lists), LISTS_A_FLOW):
            part = lists[at:at + LISTS_A_FLOW]
            flows.append((part, self.write(branches_flow("lists_%d" % len(flows), part))))
        for at in range(0, len(lists), TRIGGERS_EVERY):
            triggers.append((lists[at], self.write(triggers_flow("triggers_%d" % len(triggers), lists[at]))))
        paths = [path for _, path in flows + triggers]
        answers = json.loads(self.binary("check", "--json", *paths), parse_float=str, parse_int=str)["flows"]
        proofs = {id(one): self.proved(one) for one in lists}
        for (part, path), answer in zip(flows, answers):
            self.check_flow(part, path, answer["problems"], proofs)
        for (one, _), answer in zip(triggers, answers[len(flows):]):
            if proofs[id(one)] is not None:
                self.check_triggers(one, answer["problems"], proofs[id(one)])

    def proved(self, one):
        texts = any(SIGNALS[name]["type"] == "text" for name in names_in(one.guards))
        self.counts["sets"] += 1
        self.counts["sets with text"] += texts
        try:
            return Proved(one)
        except NoAnswer:
            self.counts["sets without an answer"] += 1
            self.counts["sets with text without an answer"] += texts
            return None

    def check_flow(self, part, path, problems, proofs):
        cases = []
        for at, one in enumerate(part):
            node = "/nodes/list_%d" % at
            own = [p for p in problems if p["path"] == node or p["path"].startswith(node + "/")]
            for problem in own:
                if problem["code"] in ("value-out-of-range", "type-mismatch", "unknown-name", "not-a-condition"):
                    self.differs(one, "the list itself is refused: " + problem["message"])
            if proofs[id(one)] is not None:
                self.check_list(one, own, proofs[id(one)], node)
            for problem in own:
                cases += self.case(one, at, problem)
        self.replay(path, cases)

    def check_list(self, one, problems, proved, node):
        rows = {code: set() for code in ABOUT_ROWS + ("not-analysed",)}
        for problem in problems:
            place = problem["path"][len(node):].split("/")
            if problem["code"] in rows and len(place) > 2:
                rows[problem["code"]].add(int(place[2]))
        codes = {problem["code"] for problem in problems}
        sure, all_sure = proved.sure, len(proved.sure) == len(one.guards)
        elsewhere = {b for a, b in proved.meet if one.to[a] != one.to[b] and not proved.shadowed[b]}
        self.same(one, "not analysed", {at for at in range(len(one.guards)) if at not in sure}, rows["not-analysed"])
        self.same(one, "impossible", {at for at in sure if not proved.possible[at]}, rows["branch-impossible"])
        self.same(one, "shadowed", {at for at in sure if proved.shadowed[at]}, rows["branch-shadowed"])
        self.same(one, "overlap", elsewhere, rows["branch-overlap"])
        self.same(one, "always", {at for at in sure if proved.always[at]}, rows["always-true"])
        self.same(one, "the same as an earlier one", {b for _, b in proved.same}, rows["duplicate-guard"])
        if one.has_else:
            self.same(one, "else unreachable", proved.covered, "else-unreachable" in codes)
        elif all_sure:
            self.same(one, "gap", proved.gap, "branch-gap" in codes)
        elif "branch-gap" in codes and not proved.gap:
            self.differs(one, "a gap is claimed, and there is none")

    def same(self, one, what, proved, claimed):
        self.verdicts[what, "compared"] += 1
        self.verdicts[what, "found"] += bool(proved)
        if proved != claimed:
            self.differs(one, "%s: Z3 says %s, the program says %s" % (what, proved, claimed))

    def check_triggers(self, one, problems, proved):
        claimed = {"trigger-impossible": set(), "trigger-shadowed": set()}
        for problem in problems:
            if problem["code"] in claimed:
                claimed[problem["code"]].add(int(problem["path"].split("/")[2][1:]))
        self.same(one, "trigger impossible", {at for at in proved.sure if not proved.possible[at]},
                  claimed["trigger-impossible"])
        self.same(one, "trigger shadowed", {at for at in proved.sure if proved.shadowed[at]}, claimed["trigger-shadowed"])

    def case(self, one, at, problem):
        """Holds a case that is shown against the reference, with three ways to fill what it leaves open."""
        if problem["code"] not in ("branch-gap", "branch-overlap"):
            return []
        self.counts["cases shown"] += 1
        witness = {name: read_json(json.dumps(value) if isinstance(value, bool) or value is None else number(value))
                   if not isinstance(value, str) or is_number(name) else value
                   for name, value in problem["witness"].items()}
        cases = []
        for _ in range(3):
            values = {name: self.any_value(name) for name in names_in(one.guards)}
            for name, value in witness.items():
                values[name] = UNSET if value is None else value
                if value is not None and fit(value, SIGNALS[name]) is UNSET:
                    self.differs(one, "%s is no value of %s" % (value, name))
            read = lambda name: constant_value(name) if name.startswith("const.") else values[name]
            held = [row for row, guard in enumerate(one.guards) if holds(guard, read)]
            if problem["code"] == "branch-gap":
                right = not held
            else:
                row = int(problem["path"].split("/")[4])
                right = row in held and any(one.to[other] != one.to[row] for other in held if other < row)
            if not right:
                self.differs(one, "%s shows %s, where rows %s hold" % (problem["code"], problem["witness"], held))
            to = "to_%d_%s" % (at, one.to[held[0]]) if held else None
            cases.append((one, at, values, to))
        return cases

    def any_value(self, name):
        signal = SIGNALS[name]
        if self.random.random() < 0.2 and not signal.get("never_unset"):
            return UNSET
        if signal["type"] == "bool":
            return self.random.random() < 0.5
        if signal["type"] == "enum":
            return self.random.choice(signal["values"])
        if signal["type"] == "text":
            return self.random.choice(["", "a", "ab", "bab", "something else", "a refund, please"])
        low, high = signal.get("min", -1000), signal.get("max", 1000)
        return read_json(str(self.random.choice([low, high, (low + high) // 2])))

    def replay(self, path, cases):
        """Every case as a conversation: the run goes where the reference says, and breaks off in a gap."""
        if not cases:
            return
        lines = []
        for number, (_, at, values, _) in enumerate(cases):
            turn, signals = {"who": "user", "text": "Hello", "intent": "none", "confidence": None, "sentiment": None}, {}
            for name, value in values.items():
                (turn if name in turn else signals)[name] = None if value is UNSET else value
            turn["signals"] = {name: value for name, value in signals.items() if value is not None}
            turn["signals"]["case.number"] = at
            lines.append(json.dumps({"id": str(number), "turns": [turn]}, default=exact))
        file_name = path.replace(".flow.json", ".conversations.jsonl")
        with open(file_name, "w", encoding="utf-8") as file:
            file.write("\n".join(lines).replace('"<', "").replace('>"', "") + "\n")
        answers = {}
        for line in self.binary("replay", path, file_name, "--each", "--json", "--no-fill").splitlines():
            answer = json.loads(line)
            if "id" in answer:
                answers[answer["id"]] = answer
        for number, (one, at, values, to) in enumerate(cases):
            self.counts["cases replayed"] += 1
            answer = answers.get(str(number), {})
            after = answer.get("path", [])[4:5]
            stuck = answer.get("outcome", {}).get("kind") == "error" and answer["outcome"].get("node") == "list_%d" % at
            if (to is None and not stuck) or (to is not None and after != [to]):
                self.differs(one, "the reference goes to %s, replay %s with %s" % (to, json.dumps(answer), values))


def is_number(name):
    return SIGNALS[name]["type"] in ("integer", "number")


def number(text):
    return text if isinstance(text, str) else json.dumps(text)


def exact(value):
    """A number as it must stand in the file: json would round it."""
    whole, part = divmod(abs(value.numerator) * 10 ** 40 // value.denominator, 10 ** 40)
    digits = ("%d.%040d" % (whole, part)).rstrip("0").rstrip(".")
    return "<%s%s>" % ("-" if value < 0 else "", digits)


def constant_value(name):
    return read_json(json.dumps(CONSTANTS[name[len("const."):]]["value"]))


def report(comparison, options, seconds):
    counts, verdicts = comparison.counts, comparison.verdicts
    texts, silent = counts["sets with text"], counts["sets with text without an answer"]
    share = 100.0 * (texts - silent) / texts if texts else 100.0
    print("%d sets, seed %d, Z3 %s" % (counts["sets"], options.seed, z3.get_version_string()))
    print("%d of them with text, of which Z3 answered %.1f %% within %g s of work a question; %d sets without an answer in all" %
          (texts, share, MOST_WORK, counts["sets without an answer"]))
    for what in dict.fromkeys(what for what, _ in verdicts):
        print("  %-26s compared %6d, there %6d" % (what, verdicts[what, "compared"], verdicts[what, "found"]))
    print("%d cases shown, %d runs replayed" % (counts["cases shown"], counts["cases replayed"]))
    print("%d differences, %.0f s" % (len(comparison.differences), seconds))
    return 1 if comparison.differences or share < 90 or not counts["cases shown"] else 0


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--sets", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--skip", type=int, default=0, help="begin behind so many sets of the seed")
    parser.add_argument("--keep", help="leave the documents in this folder")
    parser.add_argument("--show", type=int, default=5, help="how many differences to print")
    options = parser.parse_args(arguments)
    folder = options.keep or tempfile.mkdtemp(prefix="handoff-z3-")
    os.makedirs(folder, exist_ok=True)
    began = time.time()
    comparison = Comparison(options, folder)
    try:
        comparison.run()
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    return report(comparison, options, time.time() - began)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
