"""Exports to Composer, run by the adaptive runtime itself and held against the flow they were made of.

usage: runs_alike.py HANDOFF [--flows N] [--seed S] [--edges E] [--template NAME ..]

For each flow `handoff export --certificate --cases` writes the conversations at its edges, `handoff replay --each` and
`handoff preview` say what the flow does with them, and play.cjs plays the exported project. Both must send the same requests
(node, tier, mode, priority, turn, reasons) and wait at the same card; of a template, the value of `handoff.initiate` must
also say what our own envelope says. A conversation in which something happens that the export declares a loss is played up
to that moment; anything else that differs fails.
"""

import argparse
import concurrent.futures
import json
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ALIKE = HERE.parent / "alike"
sys.path[:0] = [str(ALIKE), str(HERE)]
from compare import TEMPLATES, run, subjects  # noqa: E402
from envelopes import lost_words, told_alike  # noqa: E402

COMPARED = ("node", "tier", "mode", "priority", "at_turn", "reasons")
# Ports of what only happens in a queue or to a clock, with a word of the loss that says so.
LOSSES = {"overflow": "overflow while waiting", "turns": "while waiting", "idle": "of silence"}
SHOWN = 10


class Subject:
    """One flow, exported, with its conversations."""

    def __init__(self, asked, name, flow, real, work):
        self.asked, self.name, self.flow, self.work = asked, name, flow, work / name
        self.work.mkdir(parents=True, exist_ok=True)
        self.out, self.lines = self.work / "composer", self.work / "cases.jsonl"
        certificate = self.work / "certificate.json"
        wanted = ["--edges", asked.edges, "--conversations", real]
        made = run([asked.handoff, "export", flow, "--to", "rasa", "--out", self.work / "rasa",
                    "--certificate", certificate, "--cases", self.lines, *wanted])
        if not self.lines.exists():
            raise RuntimeError("no cases: %s" % made.stderr[:500])
        told = run([asked.handoff, "export", flow, "--to", "composer", "--out", self.out, "--json", "--conversations", real])
        self.losses = json.loads(told.stdout)["losses"]
        self.cases = {case["id"]: case for case in map(json.loads, self.lines.read_text(encoding="utf-8").splitlines())}

    def played(self, cases, name="cases"):
        """What the runtime does with conversations, and what the flow does."""
        file = self.work / (name + ".jsonl")
        file.write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
        done = run(["node", HERE / "play.cjs", self.out, file])
        got = {one["id"]: one for one in map(json.loads, done.stdout.splitlines())}
        if len(got) != len(cases):
            raise RuntimeError("the runtime: %s" % (done.stderr.strip() or "no answer")[:900])
        replayed = run([self.asked.handoff, "replay", self.flow, file, "--no-fill", "--each", "--json"])
        wanted = {one["id"]: one for one in map(json.loads, replayed.stdout.splitlines())}
        return got, wanted

    def preview(self, case):
        file = self.work / "one.jsonl"
        file.write_text(json.dumps(case) + "\n", encoding="utf-8")
        done = run([self.asked.handoff, "preview", self.flow, "--conversation", file, "--no-fill", "--json"])
        return json.loads(done.stdout)

    def declared(self, node, port):
        """Whether a loss of the card says that this does not happen there."""
        word = LOSSES.get(port.partition("[")[0])
        card = node.rpartition("/")[2]
        own = (loss for loss in self.losses if loss.get("node", "").rpartition("/")[2] == card)
        return word is not None and any(word in loss["meant"] for loss in own)

    def up_to_a_loss(self, case):
        """The conversation up to the first thing that the export declares a loss, and which; None where there is none."""
        for step in self.preview(case)["steps"]:
            if step.get("port") and self.declared(step["node"], step["port"]):
                return {**case, "turns": case["turns"][: max(step["event"], 0)]}, step["event"] < 0
        return None


def requests(entries):
    return [{key: entry.get(key) for key in COMPARED} for entry in entries]


def apart(case, got, wanted):
    """What differs, or None."""
    if "broke" in got:
        return "it broke: %s" % got["broke"]
    mine, theirs = requests(wanted["handoffs"]), requests(got["requests"])
    if mine != theirs:
        return "requests: the flow %s, the bot %s" % (json.dumps(mine), json.dumps(theirs))
    kind, where = wanted["outcome"]["kind"], got["where"]
    if kind == "error":
        return None if where == "error" else "the flow ends with an error, the bot is %s" % where
    if any(turn.get("customer") == "left" for turn in case["turns"]):
        return None  # no platform hears that
    at = wanted["at"]
    if at is None:
        return None if where == "end" else "the flow has ended, the bot is %s" % where
    at = at.rpartition("/")[2]
    if at not in got["flows"].values():
        return "the flow waits at %s, the bot at %s (%s)" % (wanted["at"], got["flows"], where)
    return None


def one(asked, name, flow, real, work):
    """A flow: how many conversations were compared, cut at a loss, and what differs."""
    try:
        subject = Subject(asked, name, flow, real, work)
        counts, failures = {"alike": 0, "up to a loss": 0, "values": 0}, []
        whole, cut, lost = list(subject.cases.values()), [], lost_words(pathlib.Path(flow).parent)
        got, wanted = subject.played(whole)
        for case in whole:
            why = apart(case, got[case["id"]], wanted[case["id"]])
            shorter = subject.up_to_a_loss(case) if why else None
            if why is None:
                counts["alike"] += 1
                if name in TEMPLATES and got[case["id"]]["requests"]:
                    for request, value in zip(subject.preview(case)["handoffs"], got[case["id"]]["requests"]):
                        differs = told_alike(request["envelope"], value, lost)
                        counts["values"] += 1
                        if differs:
                            failures.append(("handoff.initiate: " + differs, case))
            elif shorter:
                # Nothing is left of a conversation that a loss begins.
                counts["up to a loss"] += shorter[1]
                cut += [] if shorter[1] else [shorter[0]]
            else:
                failures.append((why, case))
        if cut:
            got, wanted = subject.played(cut, "cut")
            for case in cut:
                why = apart(case, got[case["id"]], wanted[case["id"]])
                counts["up to a loss"] += 1
                if why:
                    failures.append((why + " (before a loss)", case))
        return name, counts, failures
    except (RuntimeError, ValueError, KeyError) as error:
        return name, {}, [("%s: %s" % (type(error).__name__, error), None)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("handoff")
    parser.add_argument("--flows", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--edges", type=int, default=60)
    parser.add_argument("--conversations", type=int, default=10)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--template", action="append")
    parser.add_argument("--no-templates", action="store_true")
    parser.add_argument("--part", type=int, default=0)
    parser.add_argument("--parts", type=int, default=1)
    parser.add_argument("--templates", type=pathlib.Path, default=HERE.parents[3] / "flows" / "templates")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="handoff-composer-") as folder:
        work = pathlib.Path(folder)
        if asked.template:
            chosen = [(n, asked.templates / (n + ".flow.json"), asked.templates / (n + ".conversations.jsonl"))
                      for n in asked.template]
        else:
            chosen = subjects(asked, work)
        with concurrent.futures.ThreadPoolExecutor(asked.processes) as pool:
            results = list(pool.map(lambda subject: one(asked, *subject, work / "made"), chosen))
    wrong, totals = 0, {}
    for name, counts, failures in results:
        print("%-22s %s" % (name, ", ".join("%d %s" % (count, key) for key, count in counts.items())))
        for why, case in sorted(failures, key=lambda one: len(json.dumps(one[1])))[:SHOWN]:
            print("FAILED %s: %s\n  %s" % (name, why[:1200], json.dumps(case)[:2500]))
        wrong += len(failures)
        for key, count in counts.items():
            totals[key] = totals.get(key, 0) + count
    print("Composer runs alike: %d flows, %s, %d different" % (
        len(results), ", ".join("%d %s" % (count, key) for key, count in sorted(totals.items())), wrong))
    return 1 if wrong or not totals.get("alike") else 0


if __name__ == "__main__":
    sys.exit(main())
