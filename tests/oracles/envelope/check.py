"""Holds envelopes and what comes back against their published JSON Schemas, closed to keys that these do not name.

Closed, a key that is written and not published is found; with every key required, one that is published and not written.
"""

import copy
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile

from jsonschema import Draft202012Validator, FormatChecker

ROOT = pathlib.Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "flows" / "templates"
RULES = ["none", "mask", "hash", "drop", "block"]
SOURCES = [
    "intent", "confidence", "alternatives(2)", "sentiment", "sentiment_trend", "sentiments()", "frustration", "entities()",
    "slots.amount", "slots.known", "customer.tier", "error.code", "error.message", "error.action", "actions()",
    "transcript.all()", "path()", "people()", "channel",
]


FORMATS = FormatChecker()


@FORMATS.checks("date-time", raises=ValueError)
def is_moment(text):
    """As `YYYY-MM-DDTHH:MM:SSZ`."""
    return not isinstance(text, str) or bool(datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


def closed(schema):
    """The schema, refusing every key that an object does not name."""
    if isinstance(schema, dict):
        schema = {key: closed(value) for key, value in schema.items()}
        if "properties" in schema:
            schema["additionalProperties"] = False
        return schema
    return [closed(item) for item in schema] if isinstance(schema, list) else schema


def validator(binary, name):
    published = (ROOT / "docs" / "manual" / f"handoff-{name}-1.schema.json").read_text()
    printed = subprocess.run([binary, "schema", name], capture_output=True, text=True, check=True).stdout
    if printed != published:
        sys.exit(f"`handoff schema {name}` prints another schema than the one that is published")
    schema = json.loads(published)
    Draft202012Validator.check_schema(schema)
    return schema["$id"], Draft202012Validator(closed(schema), format_checker=FORMATS)


def handoffs(binary, flow, lines):
    for line in lines.read_text().splitlines():
        name = json.loads(line)["id"]
        for key in ("", "a key of the environment"):
            command = [binary, "preview", str(flow), "--conversation", f"{lines}#{name}", "--json"]
            env = {"HANDOFF_KEYS_FILE": "", "HANDOFF_HASH_KEY": key}
            done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
            if done.returncode not in (0, 1):
                sys.exit(f"{' '.join(command)}: {done.stderr}")
            for handoff in json.loads(done.stdout)["handoffs"]:
                yield f"{flow.name}#{name}", handoff


def everything(folder, rule):
    """A flow that sends every part, redacted by one rule, with a call that fails and a person who was there before."""
    fields = {f"f{at}": {"from": source, "redact": rule, "class": "own"} for at, source in enumerate(SOURCES)}
    flow = {
        "format": "handoff-flow/1", "id": rule,
        "classes": {"own": {"title": "Own", "basis": "contract", "retain_days": 3}},
        "intents": {"fee": {"title": "A fee", "examples": ["the fee"]}, "other": {"examples": ["other"]}},
        "signals": {"customer.tier": {"type": "text", "source": "the CRM"}},
        "slots": {"amount": {"type": "number", "entity": "amount"}, "known": {"type": "bool"}},
        "calls": {"look": {"inputs": {"amount": "number"}, "outputs": {"score": "number"}}},
        "tiers": {"people": {"title": "People", "skills": ["fees"], "sees": ["own"], "slo": {"answer_within": 60, "share": 0.8}}},
        "contexts": {"all": {"fields": fields, "summary": "{intent.title}"}},
        "nodes": {
            "begin": {"kind": "start", "next": "wait"},
            "wait": {"kind": "listen", "else": "try"},
            "try": {"kind": "action", "call": "look", "inputs": {"amount": "slots.amount"}, "ok": "person", "error": "person"},
            "person": {"kind": "handoff", "tier": "people", "context": "all", "mode": "transfer", "resumed": "wait"},
        },
    }
    turn = {"who": "user", "text": "the fee", "intent": "fee", "confidence": 0.6, "sentiment": -0.4, "channel": "web",
            "alternatives": [{"intent": "other", "confidence": 0.2}], "entities": {"amount": 12}, "slots": {"known": True}}
    failed = {"call": "look", "status": "error", "code": "E1", "message": "no"}
    turns = [turn, failed, {"agent": "accepted", "name": "Ann"}, {"agent": "resumed", "note": "done", "name": "Ann"}, turn, failed]
    (folder / "environments.json").write_text("{}")
    path, lines = folder / f"{rule}.flow.json", folder / f"{rule}.conversations.jsonl"
    path.write_text(json.dumps(flow))
    lines.write_text(json.dumps({"id": "c", "customer": {"id": "C-1", "tier": "vip"}, "turns": turns}) + "\n")
    return path, lines


def broken(value):
    """The same with one thing wrong at a time."""
    for key in value:
        less = copy.deepcopy(value)
        del less[key]
        yield f"without {key}", less
    yield "with another key", {**value, "another": 1}
    yield "of a wrong type", {**value, "conversation": 7}
    yield "at no time", {**value, "time": "today"}


def main():
    binary = sys.argv[1]
    ids, schemas = {}, {}
    for name in ("envelope", "resume"):
        ids[name], schemas[name] = validator(binary, name)
    flows = [(flow, flow.with_name(flow.name.replace(".flow.json", ".conversations.jsonl"))) for flow in sorted(TEMPLATES.glob("*.flow.json"))]
    wrong, counts, seen, filled = 0, {"envelope": 0, "resume": 0}, {}, set()
    with tempfile.TemporaryDirectory() as folder:
        flows += [everything(pathlib.Path(folder), rule) for rule in RULES]
        for where, handoff in (found for flow in flows for found in handoffs(binary, *flow)):
            data = [("envelope", handoff["envelope"])]
            for event in handoff["events"]:
                name = "envelope" if event["type"] == "handoff.requested.v1" else "resume"
                if event["dataschema"] != ids[name]:
                    sys.exit(f"{where}: {event['type']} names {event['dataschema']}, not {ids[name]}")
                if "data" in event:
                    data.append((name, event["data"]))
            for name, value in data:
                counts[name] += 1
                seen.setdefault(name, value)
                for error in schemas[name].iter_errors(value):
                    wrong += 1
                    print(f"{where}: {name}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
            for key, value in handoff["envelope"].items():
                if value not in (None, [], {}, ""):
                    filled.add(key)
    for name in schemas:
        for what, value in broken(seen[name]):
            if schemas[name].is_valid(value):
                wrong += 1
                print(f"an {name} {what} is not found to be wrong")
    never = [key for key in json.loads((ROOT / "docs/manual/handoff-envelope-1.schema.json").read_text())["properties"] if key not in filled]
    print(f"{counts['envelope']} envelopes, {counts['resume']} that come back, {wrong} faults; never filled: {', '.join(never) or 'none'}")
    sys.exit(1 if wrong or counts["envelope"] < 100 or counts["resume"] < 50 else 0)


main()
