"""Hold a generated policy module, alone, against `handoff replay --each --json`, and its pieces against the whole.

usage: compare_policy.py PROJECT FLOW.flow.json --handoff BINARY [--conversations FILE ..] [--random N] [--seed S]

PROJECT is a policy.py, or a folder with actions/policy.py in it. Every conversation is taken through the module event by
event, and once more as a platform does it that walks the cards itself (`hear`, `fires`, `turn`, `enter`, `told`); both
must say, ask and keep the same. Then the studio replays it, and every request (node, tier, mode, priority, turn,
reasons), the whole path, and where the run stands at the end are compared; of some conversations also every word that is
said to the customer and suggested to the person. Random conversations are drawn around every number that stands in the
flow: at it, just below, just above, and unset.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
from decimal import Decimal

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from dice import Dice  # noqa: E402
from tape import encode, load, pieces, plain, whole  # noqa: E402

COMPARED = ("node", "tier", "mode", "priority", "at_turn", "reasons")


def handoff(binary, verb, *arguments):
    """The lines of JSON that the studio prints."""
    done = subprocess.run([binary, verb, *arguments, "--json"], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit("handoff %s ended with %d:\n%s" % (verb, done.returncode, done.stderr))
    return map(json.loads, done.stdout.splitlines())


def replay(binary, flow, file):
    return {line["id"]: line for line in handoff(binary, "replay", flow, str(file), "--each")}


def words(binary, flow, file, conversation):
    """What the studio says to the customer, and what it suggests to the person."""
    named = "%s#%s" % (file, conversation)
    (preview,) = handoff(binary, "preview", flow, "--conversation", named, "--target", "zendesk")
    return {key: [text for step in preview["steps"] for text in step[key]] for key in ("said", "suggested")}


def difference(policy, requests, state, wanted):
    state = policy.thaw(state)
    got = [{key: request[key] for key in COMPARED} for request in requests]
    want = [{key: entry.get(key) for key in COMPARED} for entry in wanted["handoffs"]]
    if got != want:
        return "requests: the studio has %s, the policy %s" % (json.dumps(want), json.dumps(got))
    if state["path"] != wanted["path"]:
        return "path: the studio has %s, the policy %s" % (wanted["path"], state["path"])
    if wanted["outcome"]["kind"] == "error":
        return None if state["where"] == "error" else "the studio ends with an error, the policy does not"
    at = None
    if state["where"] not in ("end", "error"):
        at = "".join(f["node"] + "/" for f in state["frames"][:-1]) + state["frames"][-1]["node"]
    if at != wanted["at"]:
        return "place: the studio waits at %s, the policy at %s" % (wanted["at"], at)
    return None


def apart(policy, case):
    """Where the pieces do otherwise than the whole."""
    (state, done), (own, own_done) = whole(policy, case), pieces(policy, case)
    for key, value in done.items():
        if own_done[key] != value:
            return "%s: whole %s, in pieces %s" % (key, json.dumps(value), json.dumps(own_done[key]))
    for key, value in state.items():
        if own.get(key) != json.loads(json.dumps(value)):
            return "state %s: whole %s, in pieces %s" % (key, json.dumps(value), json.dumps(own.get(key)))
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("project")
    parser.add_argument("flow")
    parser.add_argument("--handoff", required=True)
    parser.add_argument("--conversations", nargs="*", default=[])
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--words", type=int, default=60)
    parser.add_argument("--seed", type=int, default=20261122)
    asked = parser.parse_args()
    policy = load(asked.project)
    document = json.loads(pathlib.Path(asked.flow).read_text(encoding="utf-8"), parse_float=Decimal)
    cases = []
    for path in asked.conversations:
        with open(path, encoding="utf-8") as lines:
            cases += [json.loads(line, parse_float=Decimal) for line in lines if line.strip()]
    dice = Dice(policy, document, asked.seed)
    cases += [dice.conversation(ordinal) for ordinal in range(asked.random)]
    played = {}
    for case in cases:
        case = plain(case)
        played[case["id"]] = (*whole(policy, case), case)
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "cases.conversations.jsonl")
        file.write_text("".join(encode(case) + "\n" for _, _, case in played.values()), encoding="utf-8")
        wanted = replay(asked.handoff, asked.flow, file)
        # Those that are told apart by their words alone lie anywhere among them.
        every = max(len(played) // max(asked.words, 1), 1)
        heard = {name: words(asked.handoff, asked.flow, file, name) for name in list(played)[::every]}
    failed = handed = 0
    for name, (state, done, case) in played.items():
        handed += bool(done["requests"])
        why = difference(policy, done["requests"], state, wanted[name]) if name in wanted else "the studio did not replay it"
        for key, texts in heard.get(name, {}).items():
            if not why and texts != done[key]:
                why = "%s: the studio has %s, the policy %s" % (key, json.dumps(texts), json.dumps(done[key]))
        why = why or apart(policy, case)
        if why:
            failed += 1
            if failed <= 10:
                print("FAILED %s: %s\n  %s" % (name, why, encode(case)))
    print("%d of %d conversations ask a person" % (handed, len(played)))
    print("policy alone: %d passed, %d failed" % (len(played) - failed, failed))
    return 1 if failed or not played else 0


if __name__ == "__main__":
    sys.exit(main())
