"""Exports held against the flow they were made of: cases that once differed, every template and seeded random flows, on
every edge of their conditions and on real conversations.

usage: compare.py HANDOFF [--flows N] [--seed S] [--floor N] [--seconds T] [--at-least N] [--edges E] [--processes P]
                  [--platform P ..] [--templates FOLDER] [--no-templates]
                  [--part I --parts N] [--log FILE]

For each flow and platform `handoff export --certificate --cases` writes the export, the conversations, and what its policy
module does with them; `handoff replay --each` says what the flow does; an interpreter of the platform plays the export
itself. Both must send the same requests (node, tier, mode, priority, turn, reasons) and wait at the same card. Rasa's projects
are run by Rasa itself elsewhere; here it is their policy module. The cases, the templates and --floor random flows are always
played; after --seconds, or past HANDOFF_DEADLINE (seconds since 1970), no other flow is begun. --at-least fails where fewer
comparisons than that were made by the interpreters. --part plays every Nth of the flows alone, --log keeps what was compared
of each flow as a line of JSON.
"""

import argparse
import collections
import concurrent.futures
import importlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "reference")]
from events import NotHeard, plain, read_lines  # noqa: E402
from generate import make_conversations, make_flows, write_flows  # noqa: E402

DRIVERS = {"dialogflow-cx": "drive_cx", "amazon-lex": "drive_lex", "amazon-connect": "drive_connect"}
PLATFORMS = ("rasa", *DRIVERS)
CASES = ("rests", "known", "kept", "gone", "same", "waits")
TEMPLATES = ("banking_fee_dispute", "clinic_triage", "commerce_vip", "saas_copilot")
SHOWN = 12
# A turn may pass many cards, each a call within the other.
sys.setrecursionlimit(20_000)


class Totals:
    """What was compared."""

    def __init__(self):
        self.counts = {name: collections.Counter() for name in PLATFORMS}
        self.failures = []

    def add(self, platform, what, count=1):
        self.counts[platform][what] += count

    def fail(self, platform, flow, why, conversation=None):
        self.add(platform, "different")
        told = None if conversation is None else json.dumps(plain(conversation), ensure_ascii=False)[:3000]
        self.failures.append(("FAILED %s, %s: %s" % (platform, flow, why[:1500]), told))

    def take(self, others):
        """Adds what was compared elsewhere."""
        for platform, count in others.counts.items():
            self.counts[platform].update(count)
        for why, told in others.failures[: max(0, SHOWN - len(self.failures))]:
            print(why if told is None else "%s\n  %s" % (why, told), flush=True)
        self.failures += others.failures

    def of(self, *what):
        return sum(count[key] for count in self.counts.values() for key in what)

    def told(self):
        where = collections.Counter(why.partition(": ")[0] for why, _ in self.failures)
        for place, count in sorted(where.items()) if len(self.failures) > SHOWN else ():
            print("%s: %d times" % (place, count))
        for platform, count in self.counts.items():
            if count:
                print("%-15s %s" % (platform, ", ".join("%d %s" % (count[key], key) for key in sorted(count))))


def run(arguments):
    return subprocess.run([str(one) for one in arguments], capture_output=True, text=True, check=False)


def has_todo(folder):
    flows = [json.loads(path.read_text(encoding="utf-8")) for path in pathlib.Path(folder).glob("*.flow.json")]
    return any(node["kind"] == "todo" for flow in flows for node in flow["nodes"].values())


def goes_round(asked, flow):
    """Whether a step may not end: a platform stops such a run by its own limits, and nobody exports it on purpose."""
    found = json.loads(run([asked.handoff, "check", flow, "--json"]).stdout)["flows"][0]["problems"]
    return any(problem["code"] in ("endless-loop", "too-long-a-step") for problem in found)


def subjects(asked, work):
    """(name, flow document, conversations): what was once mended, the templates, then random flows that can be exported."""
    for folder, names in () if asked.no_templates else ((HERE / "cases", CASES), (asked.templates, TEMPLATES)):
        for name in names:
            yield name, folder / (name + ".flow.json"), folder / (name + ".conversations.jsonl")
    seed, made = asked.seed, 0
    while made < asked.flows:
        seed += 1
        if seed % 40 == 39:
            continue  # a step of a thousand cards: those are the reference's own subject
        folder = work / ("flow-%d" % seed)
        folder.mkdir()
        flows = make_flows(seed)
        main = pathlib.Path(write_flows(str(folder), flows))
        if has_todo(folder) or goes_round(asked, main):
            continue
        lines = make_conversations(flows, seed, asked.conversations)
        file = folder / "real.conversations.jsonl"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        made += 1
        if made % asked.parts == asked.part:
            yield folder.name, main, file


def drive(platform, name, out, cases, expected, totals):
    driver = importlib.import_module(DRIVERS[platform])
    try:
        project = driver.Project(out)
    except Exception as error:
        totals.fail(platform, name, "the interpreter cannot load it: %s: %s" % (type(error).__name__, error))
        return
    found = []
    for conversation in cases:
        wanted = expected[conversation["id"]]
        try:
            why = driver.compare(project, conversation, wanted)
        except NotHeard as unheard:
            totals.add(platform, "not said: %s" % unheard)
            continue
        except Exception as error:
            why = "%s: %s" % (type(error).__name__, error)
        if why is None:
            totals.add(platform, "alike")
        else:
            found.append((len(conversation["turns"]), why, conversation))
    if hasattr(project, "close"):
        project.close()
    found.sort(key=lambda one: one[0])
    for _, why, conversation in found:
        totals.fail(platform, name, why, conversation)


def one(asked, name, flow, real, work):
    """One flow on every platform: what was compared."""
    totals = Totals()
    expected = cases = None
    for platform in asked.platform:
        out, certificate, lines = work / (name + "-" + platform), work / (name + ".json"), work / (name + ".jsonl")
        arguments = [asked.handoff, "export", flow, "--to", platform, "--out", out, "--json", "--certificate", certificate]
        done = run([*arguments, "--cases", lines, "--edges", asked.edges, "--conversations", real])
        if "is not built yet" in done.stderr:
            totals.add(platform, "not built")
            continue
        if done.returncode not in (0, 1) or not certificate.exists():
            totals.fail(platform, name, "the export failed: %s" % (done.stderr.strip() or done.stdout)[:600])
            continue
        told = json.loads(certificate.read_text(encoding="utf-8"))
        if told["result"] != "alike":
            totals.fail(platform, name, "its policy module: %s %s" % (told["result"], json.dumps(told["differences"][:1])))
        totals.add(platform, "flows")
        totals.add(platform, "of the policy module", told["cases"]["total"])
        if expected is None:
            replayed = run([asked.handoff, "replay", flow, lines, "--no-fill", "--each", "--json"])
            expected = {entry["id"]: entry for entry in map(json.loads, replayed.stdout.splitlines())}
            cases = read_lines(lines)
        if platform in DRIVERS:
            drive(platform, name, out, cases, expected, totals)
        certificate.unlink()
        shutil.rmtree(out, ignore_errors=True)
    return totals


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("handoff")
    parser.add_argument("--flows", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--floor", type=int)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--at-least", type=int, default=1)
    parser.add_argument("--edges", type=int, default=300)
    parser.add_argument("--conversations", type=int, default=20)
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--platform", action="append")
    parser.add_argument("--templates", type=pathlib.Path, default=HERE.parents[3] / "flows" / "templates")
    parser.add_argument("--no-templates", action="store_true")
    parser.add_argument("--work", type=pathlib.Path)
    parser.add_argument("--part", type=int, default=0)
    parser.add_argument("--parts", type=int, default=1)
    parser.add_argument("--log", type=pathlib.Path)
    asked = parser.parse_args()
    asked.platform = asked.platform or list(PLATFORMS)
    with tempfile.TemporaryDirectory(prefix="handoff-alike-") as folder:
        work = asked.work or pathlib.Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        totals, done = everything(asked, work)
    totals.told()
    different, played = totals.of("different"), totals.of("alike", "different")
    compared = played + totals.of("of the policy module")
    random_flows = [int(name.rpartition("-")[2]) for name in done if name not in CASES + TEMPLATES]
    seeds = " (seeds %d to %d)" % (min(random_flows), max(random_flows)) if random_flows else ""
    flows = "%d drawn and %d random flows%s" % (len(done) - len(random_flows), len(random_flows), seeds)
    print("exports decide alike: %s, %d comparisons, %d different" % (flows, compared, different))
    if played < asked.at_least:
        print("only %d comparisons by the interpreters, at least %d are due" % (played, asked.at_least))
    return 1 if different or played < asked.at_least else 0


def everything(asked, work):
    """Every flow, some at a time: what was compared, and the names of the flows."""
    begun, deadline = time.time(), float(os.environ.get("HANDOFF_DEADLINE", "inf"))
    floor = asked.flows // 10 if asked.floor is None else asked.floor
    floor = min(floor, asked.flows) + (0 if asked.no_templates else len(CASES) + len(TEMPLATES))
    totals, done, running = Totals(), [], {}

    def collect(wanted):
        """Takes what is finished, until no more than so many run."""
        while len(running) > wanted:
            for ended in concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED).done:
                name = running.pop(ended)
                own = ended.result()
                totals.take(own)
                if asked.log:
                    with asked.log.open("a", encoding="utf-8") as log:
                        log.write(json.dumps({"flow": name, "counts": own.counts}) + "\n")

    with concurrent.futures.ProcessPoolExecutor(asked.processes) as pool:
        for name, flow, real in subjects(asked, work):
            if len(done) >= floor and (time.time() > deadline or time.time() - begun > asked.seconds):
                print("no more time after %d flows" % len(done))
                break
            collect(asked.processes - 1)
            done.append(name)
            running[pool.submit(one, asked, name, flow, real, work)] = name
        collect(0)
    return totals, done


if __name__ == "__main__":
    sys.exit(main())
