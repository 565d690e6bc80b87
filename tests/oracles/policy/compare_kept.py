"""What a generated policy module sends of a conversation, word for word, against the studio's envelope of it: what is kept
back, addresses, units of another language.

usage: compare_kept.py PROJECT FLOW.flow.json CONVERSATIONS --handoff BINARY
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
from decimal import Decimal

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from tape import load, plain, whole  # noqa: E402


def previewed(asked, name):
    done = subprocess.run(
        [asked.handoff, "preview", asked.flow, "--conversation", "%s#%s" % (asked.conversations, name), "--no-fill", "--json"],
        capture_output=True, text=True, check=True,
    )
    return json.loads(done.stdout)


def lines(value):
    """Without moments and who said it, which a module does not note as an envelope does."""
    if isinstance(value, dict):
        return {key: lines(entry) for key, entry in value.items() if key not in ("at", "who")}
    return [lines(entry) for entry in value] if isinstance(value, list) else value


def of_studio(made):
    envelopes = [entry["envelope"] for entry in made["handoffs"]]
    sent = [{key: envelope[key] for key in ("summary", "told", "screen")} | {"fields": envelope["payload"]} for envelope in envelopes]
    return {"said": [text for step in made["steps"] for text in step["said"]], "sent": lines(sent)}


def others(made):
    """Places in which the studio finds something that a module has no recogniser for."""
    for at, entry in enumerate(made["handoffs"]):
        for one in entry["envelope"]["redacted"]:
            if one.get("kind") not in (None, "card", "iban"):
                yield at, one["field"], one.get("part")


def without_others(sent, places):
    """The same without those places: a line of a conversation, or a text as a whole."""
    for at, field, part in places:
        row = re.match(r"\[(\d+)\]", part or "")
        holder = sent[at] if field in sent[at] else sent[at]["fields"]
        if row and isinstance(holder.get(field), list):
            holder[field][int(row.group(1))] = None
        else:
            holder[field] = None


def of_module(done):
    sent = [{"summary": one["summary"], "told": one["told"] or None, "screen": one["screen"].get("open"), "fields": one["fields"]}
            for one in done["requests"]]
    return {"said": done["said"], "sent": lines(sent)}


def differences(wanted, got, place=""):
    """Where two values differ, each with what the studio and what the module has."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        for key in {**wanted, **got}:
            yield from differences(wanted.get(key), got.get(key), "%s.%s" % (place, key))
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for at, pair in enumerate(zip(wanted, got)):
            yield from differences(*pair, "%s[%d]" % (place, at))
    elif wanted != got:
        yield "  %s: the studio %s, the module %s" % (place, json.dumps(wanted, ensure_ascii=False), json.dumps(got, ensure_ascii=False))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("project")
    parser.add_argument("flow")
    parser.add_argument("conversations")
    parser.add_argument("--handoff", required=True)
    asked = parser.parse_args()
    policy, failed, count = load(asked.project), 0, 0
    for line in pathlib.Path(asked.conversations).read_text(encoding="utf-8").splitlines():
        case = json.loads(line, parse_float=Decimal)
        _, done = whole(policy, plain(case))
        made = previewed(asked, case["id"])
        wanted, got = of_studio(made), of_module(done)
        if len(wanted["sent"]) == len(got["sent"]):
            places = list(others(made))
            for side in (wanted, got):
                without_others(side["sent"], places)
        count += 1
        if wanted != got:
            failed += 1
            print("FAILED %s\n%s" % (case["id"], "\n".join(differences(wanted, got))))
    print("policy: %d of %d conversations are sent alike" % (count - failed, count))
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
