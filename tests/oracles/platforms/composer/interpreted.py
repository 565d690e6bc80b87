"""The interpreter of adaptive dialogs that certificates are made with, held against the adaptive runtime itself: both play the same
conversations with the same projects, and must ask, tell, keep and wait alike.

usage: interpreted.py HANDOFF [--edges E]
"""

import argparse
import json
import pathlib
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[3]
sys.path[:0] = [str(HERE), str(HERE.parent / "alike"), str(ROOT / "flows" / "api" / "src" / "certificates")]
import composer  # noqa: E402
from compare import CASES, TEMPLATES, run  # noqa: E402
from events import read_lines  # noqa: E402

ALIKE = HERE.parent / "alike" / "cases"
ODD = ("everything", "plain", "queues", "queues_order")
CLOCK = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
# A turn may pass many cards, each a call within the other.
sys.setrecursionlimit(20_000)


def interpreted(folder, cases):
    """What the interpreter makes of each conversation."""
    files = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()}
    project = composer.Project(files)
    for told in cases:
        try:
            yield told["id"], project.decide(told)
        except Exception as error:
            yield told["id"], {"broke": "%s: %s" % (type(error).__name__, error)}


def known(value):
    """Without what is not there, and without the clock."""
    if isinstance(value, str):
        return CLOCK.sub("now", value)
    if isinstance(value, dict):
        return {key: known(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [known(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def apart(mine, theirs):
    """What the runtime and the interpreter make otherwise of a conversation, or None."""
    if "broke" in theirs or "broke" in mine:
        both = "broke" in theirs and "broke" in mine
        return None if both else "the runtime %s, the interpreter %s" % (theirs.get("broke", "goes on"), mine.get("broke", "goes on"))
    pairs = {"requests": (theirs["requests"], mine["handoffs"]), "where": (theirs["where"], mine["state"])}
    pairs.update({key: (theirs[key], mine[key]) for key in ("outcome", "flows")})
    for what, (wanted, got) in pairs.items():
        if known(wanted) != known(got):
            return "%s: the runtime %s, the interpreter %s" % (what, json.dumps(known(wanted)), json.dumps(known(got)))
    return None


def played(folder, lines):
    done = run(["node", HERE / "play.cjs", folder, lines])
    return {one["id"]: one for one in map(json.loads, done.stdout.splitlines())}


def held(folder, lines, cases):
    """(alike, what differs) of one project."""
    theirs, found, alike = played(folder, lines), [], 0
    for identity, mine in interpreted(folder, cases):
        why = apart(mine, theirs.get(identity, {"broke": "it does not load"}))
        alike += why is None
        found += [] if why is None else ["%s: %s" % (identity, why)]
    return alike, found


def subjects():
    for folder, names in ((ROOT / "flows" / "templates", TEMPLATES), (ALIKE, CASES), (ROOT / "tests" / "platforms", ODD)):
        for name in names:
            yield name, folder / (name + ".flow.json"), folder / (name + ".conversations.jsonl")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("handoff")
    parser.add_argument("--edges", type=int, default=30)
    asked = parser.parse_args()
    alike, different = 0, 0
    with tempfile.TemporaryDirectory(prefix="handoff-interpreted-") as folder:
        for name, flow, real in subjects():
            out, lines = pathlib.Path(folder) / name, pathlib.Path(folder) / (name + ".jsonl")
            told = ["--conversations", real] if real.exists() else []
            certificate = pathlib.Path(folder) / (name + ".json")
            wanted = ["--certificate", certificate, "--cases", lines, "--edges", asked.edges, *told]
            run([asked.handoff, "export", flow, "--to", "composer", "--out", out, *wanted])
            same, found = held(out, lines, read_lines(lines))
            certified = json.loads(certificate.read_text(encoding="utf-8"))
            if certified["result"] != "alike":
                found.append("its certificate: %s %s" % (certified["result"], json.dumps(certified["differences"][:1])))
            alike, different = alike + same, different + len(found)
            for why in found[:3]:
                print("FAILED %s: %s" % (name, why[:1500]))
    print("the interpreter of certificates: %d conversations as in the adaptive runtime, %d otherwise" % (alike, different))
    return 1 if different or alike < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
