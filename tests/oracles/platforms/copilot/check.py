"""Exports to Copilot Studio: Microsoft's schema, references, formulas; every template, the flows of tests/platforms and
random ones, played and held against the studio; then spoilt exports, to which the checks must object.

usage: check.py HANDOFF SCHEMA [--flows N] [--seed S] [--edges E] [--seconds T] [--at-least N]
"""

import argparse
import collections
import json
import os
import pathlib
import sys
import tempfile
import time

import drive
import mutations
import workspace
from compare import CASES, TEMPLATES, goes_round, has_todo, run
from events import NotHeard, plain, read_lines
from generate import make_conversations, make_flows, write_flows

ROOT = pathlib.Path(__file__).resolve().parents[4]
ALIKE = ROOT / "tests" / "oracles" / "platforms" / "alike" / "cases"
ODD = ("everything", "plain", "queues", "queues_order")
# A turn may pass many topics, each a generator within the other.
sys.setrecursionlimit(20_000)


def subjects(asked, work):
    """(name, flow document, conversations or None), the drawn ones first."""
    for folder, names in ((ALIKE, CASES), (ROOT / "flows" / "templates", TEMPLATES)):
        for name in names:
            yield name, folder / (name + ".flow.json"), folder / (name + ".conversations.jsonl")
    for name in ODD:
        yield name, ROOT / "tests" / "platforms" / (name + ".flow.json"), None
    seed, made = asked.seed, 0
    while made < asked.flows:
        seed += 1
        if seed % 40 == 39:
            continue  # a step of a thousand cards
        folder = work / ("flow-%d" % seed)
        folder.mkdir()
        flows = make_flows(seed)
        main = pathlib.Path(write_flows(str(folder), flows))
        if has_todo(folder) or goes_round(asked, main):
            continue
        file = folder / "real.conversations.jsonl"
        file.write_text("\n".join(make_conversations(flows, seed, 20)) + "\n", encoding="utf-8")
        made += 1
        yield folder.name, main, file


class Totals(collections.Counter):
    """What was compared."""

    def fail(self, name, why, told=None):
        self["different"] += 1
        if self["different"] <= 12:
            print("FAILED %s: %s" % (name, why[:1500]), flush=True)
            if told is not None:
                print("  %s" % json.dumps(plain(told), ensure_ascii=False)[:2500])


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def exported(asked, flow, real, out, lines):
    """Whether a flow was exported; with the conversations at its edges where any are wanted."""
    told = ["--conversations", real] if real else []
    arguments = [asked.handoff, "export", flow, "--to", "copilot-studio", "--out", out, "--json"]
    done = run([*arguments, "--certificate", out.with_suffix(".json"), "--cases", lines, "--edges", asked.edges, *told])
    return done if done.returncode not in (0, 1) or not (out / "settings.mcs.yml").exists() else None


def played(project, cases):
    """Each conversation as the topics play it, and what the platform cannot hear."""
    found, unheard, wrong = [], collections.Counter(), []
    for told in cases:
        chat = None
        try:
            chat = drive.Chat(project, told)
            found.append((told, chat.play()))
        except NotHeard as why:
            unheard["not said: %s" % why] += 1
        except Exception as error:
            wrong.append((told, "%s: %s" % (type(error).__name__, error)))
    return found, unheard, wrong


def one(asked, schema, name, flow, real, work, totals):
    out, lines = work / (name + "-copilot"), work / (name + ".jsonl")
    refused = exported(asked, flow, real, out, lines)
    if refused is not None:
        totals.fail(name, "the export failed: %s" % (refused.stderr.strip() or refused.stdout)[:600])
        return
    totals["flows"] += 1
    for fault in workspace.faults(schema, out)[:5]:
        totals.fail(name, fault)
    again = work / (name + "-again")
    run([asked.handoff, "export", flow, "--to", "copilot-studio", "--out", again])
    if files(out) != files(again):
        totals.fail(name, "the same flow gave other files")
    certificate = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))
    if certificate["result"] != "alike":
        totals.fail(name, "its certificate: %s %s" % (certificate["result"], json.dumps(certificate["differences"][:1])))
    try:
        workspace.Workspace(out, written=True)
    except ValueError as why:
        totals.fail(name, str(why))
    project, cases = drive.Project(out, flow), read_lines(lines)
    found, unheard, wrong = played(project, cases)
    totals.update(unheard)
    for told, why in wrong[:3]:
        totals.fail(name, why, told)
    cut = work / (name + ".cut.jsonl")
    text = "".join(json.dumps(plain(chat.cut()), ensure_ascii=False) + "\n" for _, chat in found)
    cut.write_text(text, encoding="utf-8")
    replayed = run([asked.handoff, "replay", flow, cut, "--no-fill", "--each", "--json"])
    expected = {entry["id"]: entry for entry in map(json.loads, replayed.stdout.splitlines())}
    for told, chat in found:
        why = drive.apart(project, chat, expected[told["id"]])
        if why is None:
            totals["alike"] += 1
            totals["up to a transfer"] += chat.talk.transfer is not None
        elif drive.keeps_place(project, expected[told["id"]]):
            totals["a place that is kept, a declared loss"] += 1
        else:
            totals.fail(name, why, chat.cut())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("handoff")
    parser.add_argument("schema")
    parser.add_argument("--flows", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--edges", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--at-least", type=int, default=1)
    asked = parser.parse_args()
    schema, totals = workspace.Schema(asked.schema), Totals()
    begun, deadline = time.time(), float(os.environ.get("HANDOFF_DEADLINE", "inf"))
    with tempfile.TemporaryDirectory(prefix="handoff-copilot-") as folder:
        work = pathlib.Path(folder)
        for name, flow, real in subjects(asked, work):
            drawn = name.startswith("flow-")
            if drawn and totals["flows"] >= 20 and (time.time() > deadline or time.time() - begun > asked.seconds):
                print("no more time after %d flows" % totals["flows"])
                break
            one(asked, schema, name, flow, real, work, totals)
        spoilt = mutations.objections(schema, asked.handoff, ROOT / "flows" / "templates", work)
    for what, count in sorted(totals.items()):
        print("%8d %s" % (count, what))
    if totals["alike"] < asked.at_least:
        print("only %d conversations were alike, at least %d are due" % (totals["alike"], asked.at_least))
    return 1 if totals["different"] or not spoilt or totals["alike"] < asked.at_least else 0


if __name__ == "__main__":
    sys.exit(main())
