"""Exports to Composer that were spoilt on purpose: something must object to each.

usage: mutations.py HANDOFF SDK_SCHEMA

The banking template is exported; every corruption below is made in a copy of its own. It is objected to when sound.cjs finds
something, or when a conversation at an edge comes out otherwise in the adaptive runtime. What the runtime objects to, the interpreter of
certificates must object to as well.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from interpreted import interpreted, known
from spoilt import SPOILT, Unchanged

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "alike"))
from events import read_lines  # noqa: E402

TEMPLATES = HERE.parents[3] / "flows" / "templates"
FLOW = "banking_fee_dispute"
EDGES = "30"
UNSURE = {"who": "user", "text": "hm", "intent": "fee_dispute", "confidence": 0.5}
# A trigger that is spent once a person has accepted, tried again.
AGAIN = {"id": "again", "turns": [UNSURE, {"agent": "accepted"}, {"agent": "resumed"}, UNSURE]}


def run(arguments):
    return subprocess.run([str(one) for one in arguments], capture_output=True, text=True, check=False)


def played(folder, cases):
    """What the runtime does, a conversation after the other; None where it does not load the project."""
    command = ["node", HERE / "play.cjs", folder, cases]
    with subprocess.Popen([str(one) for one in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            for line in process.stdout:
                yield json.loads(line)
            if process.wait():
                yield None
        finally:
            process.kill()


def objection(folder, cases, schema, expected):
    """What objects to a spoilt export, or None."""
    sound = run(["node", HERE / "sound.cjs", schema, folder])
    if sound.returncode:
        return "sound.cjs: " + (sound.stdout.splitlines() or sound.stderr.splitlines() or [""])[0][:110]
    plays = played(folder, cases)
    for mine, theirs in zip(expected, plays):
        if theirs is None:
            return "the runtime does not load it"
        if mine != theirs:
            plays.close()
            return "the runtime: %s" % mine["id"]
    return None


def certified(folder, cases):
    """What the interpreter of certificates makes of each conversation."""
    try:
        return known(dict(interpreted(folder, read_lines(cases))))
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)


def main():
    binary, schema = sys.argv[1:3]
    missed = 0
    with tempfile.TemporaryDirectory(prefix="handoff-spoilt-") as folder:
        work = pathlib.Path(folder)
        flow, cases = TEMPLATES / (FLOW + ".flow.json"), work / "cases.jsonl"
        real = TEMPLATES / (FLOW + ".conversations.jsonl")
        run([binary, "export", flow, "--to", "rasa", "--out", work / "rasa", "--certificate", work / "c.json",
             "--cases", cases, "--edges", EDGES, "--conversations", real])
        with cases.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(AGAIN) + "\n")
        run([binary, "export", flow, "--to", "composer", "--out", work / "sound"])
        expected = list(played(work / "sound", cases))
        if not expected or None in expected or any("broke" in one for one in expected):
            print("the export itself does not run")
            return 1
        sound = certified(work / "sound", cases)
        for name, spoil in SPOILT.items():
            copy = work / "spoilt"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(work / "sound", copy)
            try:
                spoil(copy)
                why = objection(copy, cases, schema, expected)
                if why is not None and why.startswith("the runtime") and certified(copy, cases) == sound:
                    why = None
                    name += " (the interpreter does not object)"
            except Unchanged as nothing:
                why = None
                name += " (nothing to spoil: %s)" % nothing
            missed += why is None
            print("%-40s %s" % (name, why or "NOBODY OBJECTS"))
    print("spoilt exports to Composer: %d, %d missed" % (len(SPOILT), missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
