"""Imports of real projects, and of the shipped flows' own exports.

usage: hold.py HANDOFF DATA

Of each project below DATA: the import ends by itself and gives a flow that is valid; every value of its files is read, told
or left out for a reason that is told (counted here from the files themselves); every text that customers hear or say is in
the flow or in a note; the flow exports to its own platform again, and that export imported is the same flow. Of each shipped
flow and each platform: the export imported decides every conversation at the edges of the flow's
conditions as the flow does, and exports to the same bytes again.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
PLATFORMS = ("dialogflow-cx", "amazon-lex", "amazon-connect", "rasa", "rasa-calm", "composer", "copilot-studio")
TEMPLATES = ("banking_fee_dispute", "clinic_triage", "commerce_vip", "saas_copilot")
GROUPS = {"cx-agents": "dialogflow-cx", "lex-bots": "amazon-lex", "connect-flows": "amazon-connect"}
VALIDITY = set(
    "not-json duplicate-key wrong-format too-new no-start two-starts bad-id unknown-kind missing-field unknown-name "
    "type-mismatch value-out-of-range syntax subflow-missing subflow-recursion".split()
)
SECONDS = 20
failures = []


def fail(where, why):
    failures.append("FAILED %s: %s" % (where, why))
    print(failures[-1], flush=True)


def run(*arguments):
    return subprocess.run([str(one) for one in arguments], capture_output=True, text=True, timeout=120, check=False)


def unfolded(json_value):
    """A flow of Connect stands as text within its file."""
    for holder in (json_value, json_value.get("ContactFlow") if isinstance(json_value, dict) else None):
        if isinstance(holder, dict) and isinstance(holder.get("Content"), str):
            try:
                return {**json_value, "Content": json.loads(holder["Content"])} if holder is json_value else {
                    **json_value, "ContactFlow": {**holder, "Content": json.loads(holder["Content"])}}
            except ValueError:
                pass
    return json_value


def elements(value):
    if isinstance(value, dict):
        return sum(elements(inner) for inner in value.values())
    if isinstance(value, list):
        return sum(elements(inner) for inner in value)
    return 0 if value is None else 1


def spoken(value, path=()):
    """The texts that customers hear or say."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from spoken(inner, (*path, key))
    elif isinstance(value, list):
        for inner in value:
            yield from spoken(inner, path)
    elif isinstance(value, str):
        heard = path[-2:] in (("text", "text"), ("plainTextMessage", "value"), ("Parameters", "Text"))
        said = path[-1:] == ("utterance",) or path[-1:] == ("synonyms",)
        if heard or said:
            yield value


def flat(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from flat(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from flat(inner)
    elif isinstance(value, str):
        yield value


def project(handoff, path, platform, work):
    name = "%s/%s" % (path.parent.name, path.name)
    flow = work / ("%s.flow.json" % path.stem.replace(" ", "_"))
    begun = time.monotonic()
    done = run(handoff, "import", path, "--out", flow, "--force", "--json")
    seconds = time.monotonic() - begun
    if done.returncode not in (0, 1) or not done.stdout.strip():
        return fail(name, "exit %d: %s" % (done.returncode, done.stderr[-500:]))
    told = json.loads(done.stdout)
    if seconds > SECONDS:
        fail(name, "it takes %.1f s" % seconds)
    if told["format"] != platform:
        fail(name, "taken for %s" % told["format"])
    if (done.returncode == 0) != all(note["understood"] for note in told["notes"]):
        fail(name, "exit %d does not say whether something was not understood" % done.returncode)
    wrong = [problem for problem in told["check"]["problems"] if problem["code"] in VALIDITY and problem["severity"] == "error"]
    if wrong:
        fail(name, "not valid: %s" % json.dumps(wrong[0])[:400])
    unread = {note["file"] for note in told["notes"] if note["what"] == "the file is not read"}
    counted, texts = 0, []
    base = path if path.is_dir() else path.parent
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if not file.is_file():
            continue
        place = file.relative_to(base).as_posix()
        if file.suffix == ".json" and place not in unread:
            content = unfolded(json.loads(file.read_text(encoding="utf-8-sig")))
            counted += elements(content)
            texts += [(place, text) for text in spoken(content)]
        else:
            counted += 1
    tally = told["tally"]
    if tally["elements"] != counted:
        fail(name, "%d values are counted, %d are there" % (tally["elements"], counted))
    if tally["read"] + tally["noted"] + tally["left_out"] != tally["elements"]:
        fail(name, "the tally does not add up: %s" % tally)
    document = json.loads(flow.read_text())
    there = "\n".join(flat(document)).replace("{{", "{").replace("}}", "}") + "\n".join(note["what"] for note in told["notes"])
    skipped = {note["file"] for note in told["notes"] if note["code"] == "not-read"}
    for place, text in texts:
        pieces = [piece.strip() for piece in re.split(r"\$[\w.\[\]-]+|\{[\w-]+\}|\[[\w-]+\]", text)]
        if place not in skipped and any(piece and piece not in there for piece in pieces):
            fail(name, "%s: a text is lost: %r" % (place, text[:120]))
    out = work / ("%s-out" % path.stem)
    done = run(handoff, "export", flow, "--to", platform, "--out", out, "--force")
    if done.returncode != 0:
        return fail(name, "it does not export to %s again: %s" % (platform, done.stderr[-300:]))
    again = work / "again" / flow.name
    again.parent.mkdir(exist_ok=True)
    done = run(handoff, "import", out, "--out", again, "--force")
    if done.returncode != 0 or again.read_bytes() != flow.read_bytes():
        fail(name, "its own export does not come back as it was: %s" % done.stderr[-300:])
    counts = "%d cards, %d ways stuck" % (told["cards"], told["stuck"])
    print("%-48s %6d values: %6d read, %5d told, %5d left out; %s; %.2f s" % (
        name, counted, tally["read"], tally["noted"], tally["left_out"], counts, seconds), flush=True)


def own(handoff, template, platform, work):
    name = "%s of %s" % (platform, template)
    flow, folder = ROOT / "flows/templates" / ("%s.flow.json" % template), work / ("%s-%s" % (platform, template))
    cases = work / "cases.conversations.jsonl"
    done = run(handoff, "export", flow, "--to", platform, "--out", folder, "--cases", cases, "--edges", 200)
    if done.returncode != 0:
        return fail(name, done.stderr[-300:])
    back = work / "back" / flow.name
    back.parent.mkdir(exist_ok=True)
    done = run(handoff, "import", folder, "--out", back, "--force")
    if done.returncode != 0:
        return fail(name, "exit %d: %s" % (done.returncode, done.stderr[-300:]))
    before, after = (run(handoff, "replay", one, cases, "--each", "--json").stdout for one in (flow, back))
    if before != after or not before:
        fail(name, "it decides otherwise")
    twice = work / ("%s-%s-twice" % (platform, template))
    run(handoff, "export", back, "--to", platform, "--out", twice, "--conversations", flow.parent / ("%s.conversations.jsonl" % template))
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.read_bytes() != (twice / file.relative_to(folder)).read_bytes():
            fail(name, "%s is another file when it is exported again" % file.relative_to(folder))
    print("%-48s %d conversations alike" % (name, before.count("\n")), flush=True)


def main():
    handoff, data = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        seen = 0
        for group, platform in GROUPS.items():
            for path in sorted((data / group).iterdir()):
                if path.is_dir() and path.name not in ("queues", "hoop"):
                    project(handoff, path, platform, work)
                    seen += 1
        if seen < 13:
            fail("data", "only %d projects are there" % seen)
        for platform in PLATFORMS:
            for template in TEMPLATES:
                own(handoff, template, platform, work)
    print("%d failures" % len(failures))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
