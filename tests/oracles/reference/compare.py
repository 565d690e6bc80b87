"""Two readings of the format, compared: the reference here and `handoff replay --each --json --no-fill`.

    python3 compare.py BINARY [--flows N] [--conversations M] [--seed S] [--tidy] [--keep FOLDER] [--show N]

Every flow is run over its conversations by both; id, line, outcome, handoffs, at and path must be equal, and so must
the expectations that fail. Each difference is made as small as it goes before it is printed. HANDOFF_DEADLINE (seconds
since 1970) stops the run early, though never before a fifth of the flows have been compared.
Exit 0 when all agree, 1 when not, 2 when the binary does not run.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from document import read_flow
from generate import make_flows, to_json, write_flows
from generate_conversations import make_conversations
from replay import replay_text
from shrink import shrink
from values import read_json

KEYS = ("id", "line", "outcome", "handoffs", "at", "path")


class Refused(Exception):
    """The binary gave no answers."""


def of_binary(binary, folder, flows, lines):
    """(answers by id, failed expectations or None) of the binary."""
    path = write_flows(folder, flows)
    file_name = os.path.join(folder, "all.conversations.jsonl")
    with open(file_name, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    done = subprocess.run(
        [binary, "replay", path, file_name, "--each", "--json", "--no-fill"], capture_output=True, text=True, timeout=120
    )
    answers = {}
    for line in done.stdout.splitlines():
        try:
            answer = json.loads(line)
        except ValueError:
            raise Refused("a line that is not JSON: " + line[:300])
        if isinstance(answer, dict) and "outcome" in answer:
            answers[answer["id"]] = {key: answer.get(key, "(no such key)") for key in KEYS}
    if done.returncode not in (0, 1) or not answers:
        raise Refused("exit %d\n%s%s" % (done.returncode, done.stdout[:1500], done.stderr[:1500]))
    return answers, failed_expectations(done.stderr)


def failed_expectations(text):
    """The ids that the summary on standard error names, where it is found as JSON."""
    start = text.find('{"conversations"')
    for candidate in [text[start:] if start >= 0 else ""] + text.splitlines():
        try:
            return json.loads(candidate)["expect"]["failed"]
        except (ValueError, KeyError, TypeError):
            continue
    return None


def of_reference(flows, lines):
    data = [read_json(to_json(flow)) for flow in flows]
    flow = read_flow(data[0], {one["id"]: one for one in data}.__getitem__)
    answers, summary = replay_text(flow, "\n".join(lines))
    return {answer["id"]: answer for answer in answers}, summary["expect"]["failed"]


def same(expected, found):
    """Equal in every key of the reference; a binary may say more inside."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(key in found and same(one, found[key]) for key, one in expected.items())
    if isinstance(expected, list):
        return isinstance(found, list) and len(expected) == len(found) and all(map(same, expected, found))
    return expected == found and isinstance(expected, bool) == isinstance(found, bool)


def what_differs(expected, found):
    return [key for key in KEYS if not same(expected[key], found[key])]


def cut(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) < 1500 else text[:700] + " … " + text[-700:]


class Comparison:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.deadline = float(os.environ.get("HANDOFF_DEADLINE") or "inf")
        self.passed = self.failed = self.flows_run = self.refused = 0
        self.shown = {}

    def run(self):
        floor = max(1, self.options.flows // 5)
        with ThreadPoolExecutor(2) as pool:
            waiting = []
            for number in range(self.options.flows):
                if time.time() > self.deadline and number >= floor:
                    break
                waiting.append(pool.submit(self.answers, self.options.seed + number))
                if len(waiting) == 2:
                    self.judge(*waiting.pop(0).result())
            for one in waiting:
                self.judge(*one.result())

    def answers(self, seed):
        flows = make_flows(seed)
        lines = make_conversations(flows, seed, self.options.conversations, self.options.tidy)
        folder = os.path.join(self.folder, "flow%d" % seed)
        os.makedirs(folder, exist_ok=True)
        try:
            theirs = of_binary(self.options.binary, folder, flows, lines)
        except Refused as problem:
            theirs = problem
        return seed, flows, lines, of_reference(flows, lines), theirs

    def judge(self, seed, flows, lines, ours, theirs):
        self.flows_run += 1
        if isinstance(theirs, Refused):
            self.refused += 1
            self.failed += len(ours[0])
            if self.refused <= self.options.show:
                print("\n== flow of seed %d: no answers\n%s" % (seed, theirs))
            return
        for name, expected in ours[0].items():
            found = theirs[0].get(name)
            differing = what_differs(expected, found) if found is not None else ["missing"]
            if found is not None and not differing and theirs[1] is not None:
                if (name in ours[1]) != (name in theirs[1]):
                    differing = ["expect"]
            if differing:
                self.failed += 1
                self.report(seed, flows, lines[expected["line"] - 1], differing)
            else:
                self.passed += 1
        for name in set(theirs[0]) - set(ours[0]):
            self.failed += 1
            print("\n== flow of seed %d: an answer that nobody asked for: %s" % (seed, name))

    # -- showing

    def report(self, seed, flows, line, differing):
        kind = ",".join(differing)
        self.shown[seed] = self.shown.get(seed, 0) + 1
        if self.shown[seed] > 1 or len(self.shown) > self.options.show:
            return
        small = read_json(line)
        stop = min(time.time() + self.options.shrink_seconds, max(self.deadline, time.time() + 2))
        small_flows, small = shrink(flows, small, self.still_differs, stop)
        ours, theirs = self.pair(small_flows, small)
        print("\n== seed %d differs in %s; as small as it goes:" % (seed, kind))
        for flow in small_flows:
            print(to_json(flow, 2))
        print(to_json(small))
        for key in KEYS:
            mark = "" if theirs is not None and same(ours[key], theirs[key]) else "   <-- differs"
            print("  %-9s reference %s" % (key, cut(ours[key])))
            if mark:
                print("  %-9s binary    %s%s" % (key, cut(theirs[key]) if theirs is not None else "nothing", mark))
        sys.stdout.flush()

    def pair(self, flows, conversation):
        lines = [to_json(conversation)]
        ours, our_failed = of_reference(flows, lines)
        folder = os.path.join(self.folder, "small")
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        theirs, their_failed = of_binary(self.options.binary, folder, flows, lines)
        name = conversation["id"]
        expected, found = ours[name], theirs.get(name)
        if found is not None and their_failed is not None:
            expected, found = dict(expected, expect=bool(our_failed)), dict(found, expect=bool(their_failed))
        return expected, found

    def still_differs(self, flows, conversation):
        """Whether both still find it valid and still answer differently."""
        try:
            expected, found = self.pair(flows, conversation)
        except Exception:
            # Whatever one of the two cannot read is no smaller case of the same difference.
            return False
        if found is None:
            return False
        return bool(what_differs(expected, found)) or expected.get("expect") != found.get("expect")


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("binary")
    parser.add_argument("--flows", type=int, default=200)
    parser.add_argument("--conversations", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tidy", action="store_true", help="no unknown elements, duplicate ids or unfit queue words")
    parser.add_argument("--keep", help="leave the compared files in this folder")
    parser.add_argument("--show", type=int, default=5, help="how many differences to shrink and print")
    parser.add_argument("--shrink-seconds", type=float, default=30)
    options = parser.parse_args(arguments)
    if not os.access(options.binary, os.X_OK):
        print("no such program: " + options.binary, file=sys.stderr)
        return 2
    started = time.time()
    folder = options.keep or tempfile.mkdtemp(prefix="handoff-compare-")
    try:
        comparison = Comparison(options, folder)
        comparison.run()
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print(
        "\n%d flows (%d refused), %d conversations, seed %d, %.0f s"
        % (
            comparison.flows_run,
            comparison.refused,
            comparison.passed + comparison.failed,
            options.seed,
            time.time() - started,
        )
    )
    print("%d passed, %d failed" % (comparison.passed, comparison.failed))
    return 1 if comparison.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
