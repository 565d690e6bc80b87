"""Exports to Amazon Lex, held against everything that can be known of them without an account."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import mutations
import references
import shapes

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.normpath(os.path.join(HERE, "../../../.."))
TOOLS = os.path.dirname(sys.executable)
LINTED = {}
# What leads on from a card, beside what hangs on the clock: Lex has none.
PORTS = ("next", "else", "filled", "failed", "ok", "error", "timeout", "sent", "closed", "resumed", "resolved", "escalated", "to")


def export(binary, flow, folder):
    done = subprocess.run([binary, "export", flow, "--to", "amazon-lex", "--out", folder], capture_output=True, text=True)
    return None if done.returncode == 0 else (done.stderr or done.stdout).strip()


def led_to(flow, folder):
    """Cards of the flow itself that its own arrows lead to and that no step of the bot enters."""
    with open(flow, encoding="utf-8") as file:
        document = json.load(file)
    if any(node["kind"] == "subflow" for node in document["nodes"].values()):
        return []
    seen = set()

    def targets(value):
        if isinstance(value, dict):
            for key, one in value.items():
                if key in PORTS and isinstance(one, str):
                    yield one
                elif key in ("errors",) and isinstance(one, dict):
                    yield from one.values()
                elif key in ("branches", "overflow", "waiting", "turns", "returns"):
                    yield from targets(one)
                elif isinstance(one, dict) and key not in ("assign", "inputs", "contact", "reasons"):
                    yield from targets(one)
        elif isinstance(value, list):
            for one in value:
                yield from targets(one)

    ahead = [name for name, node in document["nodes"].items() if node["kind"] == "start"]
    ahead += [trigger["to"] for trigger in document.get("triggers", {}).values()]
    while ahead:
        name = ahead.pop()
        if name in document["nodes"] and name not in seen:
            seen.add(name)
            ahead += list(targets(document["nodes"][name]))
    with open(os.path.join(folder, "names.json"), encoding="utf-8") as file:
        cards = {card: intent for intent, card in json.load(file)["cards"].items()}
    _, intents, _ = references.load(os.path.join(folder, "bot"))
    leads, ignored = {}, []
    for name, (intent, slots) in intents.items():
        leads[name] = set()
        for step in references.holders([intent, slots], "dialogAction"):
            ignored += list(references.wrong_step(name, step, intents, leads))
    entered, ahead = set(), ["FallbackIntent", "welcome", "handed_back"]
    while ahead:
        name = ahead.pop()
        if name not in entered:
            entered.add(name)
            ahead += leads.get(name, ())
    return ["no step leads to the card %s" % card for card in sorted(seen) if cards.get(card) not in entered]


def linted(template):
    """What cfn-lint says; the same words are looked at once."""
    with open(template, encoding="utf-8") as file:
        text = file.read()
    # Two templates differ in the bot's name and language alone.
    text = "\n".join(line for line in text.splitlines() if "The bot " not in line and "Default: " not in line)
    if text not in LINTED:
        lint = subprocess.run([os.path.join(TOOLS, "cfn-lint"), "--template", template], capture_output=True, text=True)
        said = " ".join((lint.stdout + lint.stderr).split())
        LINTED[text] = ["cfn-lint: %s" % said[:400]] if lint.returncode else []
    return LINTED[text]


def objections(folder, schema, steps, seed, flow=None):
    """Everything that the checks have against an export, and figures."""
    found, figures = shapes.check(os.path.join(folder, "bot"))
    counts = {"files": figures}
    wrong, counts["steps"] = references.check(os.path.join(folder, "bot"))
    found += wrong
    if flow:
        found += led_to(flow, folder)
    found += linted(os.path.join(folder, "cloudformation.yaml"))
    ran = subprocess.run(
        [sys.executable, os.path.join(HERE, "answers.py"), folder, schema, str(steps), str(seed)],
        capture_output=True, text=True, cwd=folder)
    if ran.returncode:
        found.append("the function: %s" % ran.stderr.strip()[-400:])
    else:
        told = json.loads(ran.stdout)
        found += told.pop("wrong")
        counts.update(told)
    own = subprocess.run([sys.executable, "-m", "unittest", "-q"], capture_output=True, text=True, cwd=os.path.join(folder, "lambda"))
    if own.returncode:
        found.append("its own tests: %s" % own.stderr.strip()[-400:])
    return found, counts


def flows(work, count, seed, deadline):
    shipped = []
    for folder in ("flows/templates", "tests/platforms"):
        for name in sorted(os.listdir(os.path.join(ROOT, folder))):
            if name.endswith(".flow.json"):
                shipped.append(os.path.join(ROOT, folder, name))
    yield from shipped
    generate = os.path.join(ROOT, "tests/oracles/reference/generate.py")
    for number in range(count):
        if deadline and time.time() > deadline and number >= count // 5:
            return
        folder = os.path.join(work, "flow-%d" % number)
        os.mkdir(folder)
        subprocess.run([sys.executable, generate, str(seed + number), folder, "1"], check=True, capture_output=True)
        for name in sorted(os.listdir(folder)):
            if name.endswith(".flow.json"):
                yield os.path.join(folder, name)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("schemas")
    parser.add_argument("--flows", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    schema = os.path.join(given.schemas, "LexCodeHookResponseSchema.json")
    deadline = float(os.environ.get("HANDOFF_DEADLINE", 0))
    passed, failed, sums = 0, 0, {}
    with tempfile.TemporaryDirectory() as work:
        for number, flow in enumerate(flows(work, given.flows, given.seed, deadline)):
            folder = os.path.join(work, "export-%d" % number)
            refused = export(given.binary, flow, folder)
            if refused is not None and "not decided yet" in refused:
                continue
            if refused is not None:
                found, counts = ["not exported: %s" % refused], {}
            else:
                found, counts = objections(folder, schema, 120, given.seed + number, flow)
            for name, count in counts.items():
                sums[name] = sums.get(name, 0) + count
            passed, failed = (passed + 1, failed) if not found else (passed, failed + 1)
            for one in found[:10]:
                print("%s: %s" % (os.path.relpath(flow, ROOT) if flow.startswith(ROOT) else os.path.basename(flow), one))
            shutil.rmtree(folder, ignore_errors=True)
        print("lex: exports %d passed, %d failed; %s" % (passed, failed, ", ".join("%d %s" % (n, k) for k, n in sums.items())))
        passed, missed = spoilt(given, schema, work)
    print("lex: spoilt exports %d objected to, %d not" % (passed, missed))
    return 1 if failed or missed else 0


def spoilt(given, schema, work):
    flow = os.path.join(ROOT, "tests/platforms/everything.flow.json")
    whole = os.path.join(work, "whole")
    export(given.binary, flow, whole)
    passed = missed = 0
    for name, mutate in mutations.MUTATIONS.items():
        folder = os.path.join(work, "spoilt")
        shutil.copytree(whole, folder)
        changed = mutate(folder)
        found, _ = objections(folder, schema, 60, 1, flow) if changed else ([], {})
        passed, missed = (passed + 1, missed) if found else (passed, missed + 1)
        if not found:
            print("lex: nothing is objected to: %s%s" % (name, "" if changed else " (nothing was changed)"))
        shutil.rmtree(folder)
    return passed, missed


if __name__ == "__main__":
    sys.exit(main())
