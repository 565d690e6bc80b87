"""Exports held against the flow they were made of: every template and seeded random flows, on every edge of their
conditions and on real conversations.

usage: compare.py HANDOFF [--flows N] [--seed S] [--edges E] [--platform P ..] [--templates FOLDER] [--rasa FILE]

For each flow and platform `handoff export --certificate --cases` writes the export, the conversations, and what its policy
module does with them; `handoff replay --each` says what the flow does; an interpreter of the platform plays the export
itself. Both must send the same requests (node, tier, mode, priority, turn, reasons) and wait at the same card, or a loss
of that card declares the difference. --rasa writes a job a line for rasa_rules.py. HANDOFF_DEADLINE (seconds since 1970)
ends it early, never before the templates and a tenth of the flows.
"""

import argparse
import collections
import importlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "reference")]
from events import BeforeWords, NotHeard, NoWords, plain, read_lines  # noqa: E402
from generate import make_conversations, make_flows, write_flows  # noqa: E402

DRIVERS = {"dialogflow-cx": "drive_cx", "amazon-lex": "drive_lex", "amazon-connect": "drive_connect"}
PLATFORMS = ("rasa", *DRIVERS)
TEMPLATES = ("banking_fee_dispute", "clinic_triage", "commerce_vip", "saas_copilot")
SHOWN = 12
# A turn may pass many cards, each a call within the other.
sys.setrecursionlimit(20_000)


class Totals:
    """What was compared."""

    def __init__(self):
        self.counts = {name: collections.Counter() for name in PLATFORMS}
        self.shown = 0

    def add(self, platform, what, count=1):
        self.counts[platform][what] += count

    def fail(self, platform, flow, why, conversation=None):
        self.add(platform, "different")
        self.shown += 1
        if self.shown <= SHOWN:
            print("FAILED %s, %s: %s" % (platform, flow, why[:1500]))
            if conversation is not None:
                print("  " + json.dumps(plain(conversation), ensure_ascii=False)[:3000])

    def told(self):
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
    """(name, flow document, conversations): the templates, then random flows that can be exported."""
    for name in TEMPLATES:
        yield name, asked.templates / (name + ".flow.json"), asked.templates / (name + ".conversations.jsonl")
    seed = made = 0
    while made < asked.flows:
        seed += 1
        if (asked.seed + seed) % 40 == 39:
            continue  # a step of a thousand cards: those are the reference's own subject
        folder = work / ("flow-%d" % (asked.seed + seed))
        folder.mkdir()
        flows = make_flows(asked.seed + seed)
        main = pathlib.Path(write_flows(str(folder), flows))
        if has_todo(folder) or goes_round(asked, main):
            continue
        lines = make_conversations(flows, asked.seed + seed, asked.conversations)
        file = folder / "real.conversations.jsonl"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        made += 1
        yield folder.name, main, file


def covered(conversation, expected, losses):
    """The loss that declares what happens in a conversation: silence where it says that silence is not carried as meant."""
    if not any("clock" in turn for turn in conversation["turns"]):
        return None
    on_the_way = {entry.rpartition("/")[2] for entry in expected["path"]}
    for loss in losses:
        node = loss.get("node", "").rpartition("/")[2]
        if node in on_the_way and ("silence" in loss["meant"] or "the wait" in loss["meant"] or "waiting" in loss["meant"]):
            return loss
    return None


def drive(platform, name, out, cases, expected, losses, totals):
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
        except (NoWords, BeforeWords) as unheard:
            totals.add(platform, "not said: %s" % unheard)
            continue
        except NotHeard as unheard:
            if covered(conversation, wanted, losses):
                totals.add(platform, "not heard, as declared")
                continue
            why = "no way in for: %s; and no loss declares it" % unheard
        except Exception as error:
            why = "%s: %s" % (type(error).__name__, error)
        if why is None:
            totals.add(platform, "alike")
        elif covered(conversation, wanted, losses):
            totals.add(platform, "different as declared")
        else:
            found.append((len(conversation["turns"]), why, conversation))
    if hasattr(project, "close"):
        project.close()
    found.sort(key=lambda one: one[0])
    for _, why, conversation in found:
        totals.fail(platform, name, why, conversation)


def one(asked, name, flow, real, work, totals, jobs):
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
        if platform == "rasa":
            each, own = work / (name + ".each"), work / (name + ".cases.jsonl")
            each.write_text("".join(json.dumps(entry) + "\n" for entry in expected.values()), encoding="utf-8")
            own.write_bytes(lines.read_bytes())
            jobs.append({"project": str(out), "conversations": str(own), "expected": str(each)})
        else:
            losses = json.loads(done.stdout)["losses"]
            drive(platform, name, out, cases, expected, losses, totals)
        certificate.unlink()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("handoff")
    parser.add_argument("--flows", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--edges", type=int, default=300)
    parser.add_argument("--conversations", type=int, default=20)
    parser.add_argument("--platform", action="append")
    parser.add_argument("--templates", type=pathlib.Path, default=HERE.parents[3] / "flows" / "templates")
    parser.add_argument("--work", type=pathlib.Path)
    parser.add_argument("--rasa", type=pathlib.Path)
    asked = parser.parse_args()
    asked.platform = asked.platform or list(PLATFORMS)
    deadline = float(os.environ.get("HANDOFF_DEADLINE", "inf"))
    totals, jobs, done = Totals(), [], 0
    with tempfile.TemporaryDirectory(prefix="handoff-alike-") as folder:
        work = asked.work or pathlib.Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        for name, flow, real in subjects(asked, work):
            floor = len(TEMPLATES) + asked.flows // 10
            if done >= floor and time.time() > deadline:
                print("stopped by the deadline after %d flows" % done)
                break
            one(asked, name, flow, real, work, totals, jobs)
            done += 1
        if asked.rasa:
            asked.rasa.write_text("".join(json.dumps(job) + "\n" for job in jobs), encoding="utf-8")
    totals.told()
    different = sum(count["different"] for count in totals.counts.values())
    alike = sum(count["alike"] + count["of the policy module"] for count in totals.counts.values())
    print("exports decide alike: %d flows, %d comparisons, %d different" % (done, alike + different, different))
    return 1 if different or not alike else 0


if __name__ == "__main__":
    sys.exit(main())
