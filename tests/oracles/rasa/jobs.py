"""Flows exported as Rasa projects: a job a line for drive.py and in_process.py.

usage: jobs.py HANDOFF FOLDER [--templates] [--corners] [--flows N] [--seed S] [--edges E] [--conversations C]

--templates are the four shipped flows, --corners those in `corners/`, the others are drawn at random. A flow's conversations are its edges and its real
ones (`handoff export --certificate --cases`), and those of the latter that say when they happen once more with their time;
the banking template has those beside this file, too.
"""
import argparse
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "platforms" / "alike"), str(HERE.parent / "reference")]
sys.dont_write_bytecode = True
from compare import goes_round, has_todo, run  # noqa: E402
from generate import make_conversations, make_flows, write_flows  # noqa: E402

TEMPLATES = ("banking_fee_dispute", "clinic_triage", "commerce_vip", "saas_copilot")
FEES, OTHERS = 60, 20


def exported(asked, name, flow, real):
    """The export of a flow and its conversations, as a job; None and why where it cannot be exported."""
    folder = asked.folder / name
    folder.mkdir(parents=True, exist_ok=True)
    project, certificate, cases = folder / "project", folder / "certificate.json", folder / "cases.jsonl"
    done = run(
        [asked.handoff, "export", flow, "--to", "rasa", "--out", project, "--json", "--certificate", certificate]
        + ["--cases", cases, "--edges", asked.edges, "--conversations", real]
    )
    if done.returncode not in (0, 1) or not certificate.exists():
        raise SystemExit("%s: the export failed: %s" % (name, done.stderr or done.stdout))
    told = json.loads(certificate.read_text(encoding="utf-8"))
    lines = cases.read_text(encoding="utf-8").splitlines()
    for line in pathlib.Path(real).read_text(encoding="utf-8").splitlines():
        timed = json.loads(line)
        if timed.get("start"):
            lines.append(line.replace(json.dumps(timed["id"]), json.dumps("timed-" + timed["id"]), 1))
    cases.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {
        "name": name,
        "project": str(project),
        "flow": str(flow),
        "conversations": [str(cases)],
        "losses": json.loads(done.stdout)["losses"],
        "different": told["differences"][:1] if told["result"] != "alike" else [],
    }


def templates(asked):
    """The shipped flows, as `drawn` gives random ones."""
    folder = HERE.parents[2] / "flows" / "templates"
    for name in TEMPLATES:
        yield name, folder / (name + ".flow.json"), folder / (name + ".conversations.jsonl")


def corners(asked):
    """Small flows for what was once decided otherwise."""
    for flow in sorted((HERE / "corners").glob("*.flow.json")):
        name = flow.name.partition(".")[0]
        yield name, flow, flow.with_name(name + ".conversations.jsonl")


def of_banking(asked):
    """The edges of the banking flow as people wrote them, and some of its customers' questions: most are not about a fee and
    stay with the bot, so those that are come first."""
    lines = (HERE / "banking.conversations.jsonl").read_text(encoding="utf-8").splitlines()
    fees = [line for line in lines if json.loads(line)["turns"][0]["intent"] == "fee_dispute"]
    others = [line for line in lines if json.loads(line)["turns"][0]["intent"] != "fee_dispute"]
    file = asked.folder / "banking.conversations.jsonl"
    file.write_text("\n".join(fees[:FEES] + others[:OTHERS]) + "\n", encoding="utf-8")
    return [str(HERE / "boundaries.conversations.jsonl"), str(file)]


def drawn(asked):
    """(name, flow, conversations) of as many flows as are asked for, those left out that nobody exports."""
    seed = asked.seed - 1
    made = 0
    while made < asked.flows:
        seed += 1
        if seed % 40 == 39:
            continue  # a step of a thousand cards: those are the reference's own subject
        folder = asked.folder / ("flow-%d" % seed)
        folder.mkdir(parents=True)
        flows = make_flows(seed)
        main = pathlib.Path(write_flows(str(folder), flows))
        if has_todo(folder) or goes_round(asked, main):
            continue
        real = folder / "real.conversations.jsonl"
        real.write_text("\n".join(make_conversations(flows, seed, asked.conversations)) + "\n", encoding="utf-8")
        made += 1
        yield folder.name, main, real


def wanted(asked):
    yield from templates(asked) if asked.templates else ()
    yield from corners(asked) if asked.corners else ()
    yield from drawn(asked)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("handoff")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--templates", action="store_true")
    parser.add_argument("--corners", action="store_true")
    parser.add_argument("--flows", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--edges", type=int, default=60)
    parser.add_argument("--conversations", type=int, default=20)
    asked = parser.parse_args()
    for name, flow, real in wanted(asked):
        job = exported(asked, name, flow, real)
        if name == "banking_fee_dispute":
            job["conversations"] += of_banking(asked)
        print(json.dumps(job))
    return 0


if __name__ == "__main__":
    sys.exit(main())
