"""Holds `handoff preview --vcon` against the schema of vCon, and what it says against the preview beside it."""

import json
import pathlib
import subprocess
import sys

from jsonschema import Draft7Validator, FormatChecker

TEMPLATES = pathlib.Path(__file__).resolve().parents[3] / "flows" / "templates"


def run(binary, flow, lines, conversation, *more):
    command = [binary, "preview", str(flow), "--conversation", f"{lines}#{conversation}", *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    return json.loads(done.stdout)


def faults(validator, vcon, preview):
    for error in validator.iter_errors(vcon):
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
    dialog = vcon["dialog"]
    transfers = [one for one in dialog if one["type"] == "transfer"]
    if len(transfers) != len(preview["handoffs"]):
        yield f"{len(transfers)} transfers, {len(preview['handoffs'])} requests"
    said = [one["body"] for one in dialog if one["type"] == "text" and vcon["parties"][one["parties"][0]]["type"] == "bot"]
    spoken = [text for step in preview["steps"] for text in step["said"]]
    if len(said) != len(spoken):
        yield f"the assistant says {len(said)} texts, {len(spoken)} in the preview"
    for one in dialog:
        places = one.get("original", []) + one.get("target_dialog", [])
        if any(dialog[at]["type"] != "text" for at in places):
            yield "a transfer names a dialog that is no text"
        parties = one.get("parties", []) + [one[key] for key in ("transferor", "transferee", "transfer_target") if key in one]
        if any(at >= len(vcon["parties"]) for at in parties):
            yield "a party that is not there"
    reasons = [one["body"] for one in vcon["analysis"] if one.get("schema") == "handoff-reason"]
    for body, handoff in zip(reasons, preview["handoffs"], strict=True):
        names = [reason["name"] for reason in body["reasons"]]
        if names != handoff["reasons"] or body["state"] != handoff["state"]:
            yield f"{names} {body['state']}, not {handoff['reasons']} {handoff['state']}"


def main():
    binary, schema = sys.argv[1:3]
    validator = Draft7Validator(json.loads(pathlib.Path(schema).read_text()), format_checker=FormatChecker())
    if not list(validator.iter_errors({"uuid": 1, "dialog": [{"type": "chat"}]})):
        sys.exit("the schema finds nothing wrong with what is wrong")
    wrong, count = 0, 0
    for flow in sorted(TEMPLATES.glob("*.flow.json")):
        lines = flow.with_name(flow.name.replace(".flow.json", ".conversations.jsonl"))
        for line in lines.read_text().splitlines():
            name = json.loads(line)["id"]
            vcon = run(binary, flow, lines, name, "--vcon", "-")
            for fault in faults(validator, vcon, run(binary, flow, lines, name, "--json")):
                wrong += 1
                print(f"{flow.name}#{name}: {fault}")
            count += 1
    print(f"{count} conversations as vCon, {wrong} faults")
    sys.exit(1 if wrong or count < 20 else 0)


main()
