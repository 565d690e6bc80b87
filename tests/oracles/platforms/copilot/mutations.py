"""Exports that were spoilt on purpose: the schema, the references, the formulas or the comparison must object to each."""

import json
import pathlib
import shutil

import drive
import workspace
import yaml
from compare import run
from events import NotHeard, plain, read_lines


def first(value, holds):
    """The first map of a tree of which something holds."""
    if isinstance(value, dict):
        if holds(value):
            return value
        value = list(value.values())
    for one in value if isinstance(value, list) else ():
        found = first(one, holds)
        if found is not None:
            return found
    return None


def of_kind(kind):
    return lambda one: one.get("kind") == kind


class Spoilt:
    """A copy that may be spoilt."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def edit(self, holds, change, pattern="topics/*.mcs.yml"):
        for path in sorted(self.folder.glob(pattern)):
            document = yaml.safe_load(path.read_text(encoding="utf-8"))
            place = first(document, holds)
            if place is not None:
                change(place)
                path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), encoding="utf-8")
                return
        raise LookupError("nothing to spoil")

    def remove(self, pattern):
        next(iter(sorted(self.folder.glob(pattern)))).unlink()


def to(key, value):
    def change(place):
        place[key] = value(place[key]) if callable(value) else value

    return change


def without(key):
    return lambda place: place.pop(key)


def edits(holds, change, pattern="topics/*.mcs.yml"):
    return lambda spoilt: spoilt.edit(holds, change, pattern)


def has(key, part=""):
    return lambda one: isinstance(one.get(key), str) and part in one[key] and one[key].startswith("=")


TRANSFER = "topics/to_tier1.mcs.yml"
# The files object.
STATIC = {
    "another kind of action": edits(of_kind("SendActivity"), to("kind", "SendActivities")),
    "a condition that is missing": edits(lambda one: "condition" in one and "actions" in one, without("condition")),
    "a misspelt key": edits(of_kind("Question"), lambda one: one.update(variabel=one.pop("variable"))),
    "a method that is none": edits(of_kind("HttpRequestAction"), to("method", "Fetch")),
    "an id twice": edits(lambda one: isinstance(one.get("actions"), list) and len(one["actions"]) > 1, lambda one: one["actions"][1].update(id=one["actions"][0]["id"])),
    "a topic that is not there": edits(of_kind("BeginDialog"), to("dialog", lambda name: name + "x")),
    "a topic that is gone": lambda spoilt: spoilt.remove("topics/ask_*_heard.mcs.yml"),
    "a variable without its file": lambda spoilt: spoilt.remove("variables/handoff_tier.mcs.yml"),
    "an entity that is gone": lambda spoilt: spoilt.remove("entities/*.mcs.yml"),
    "a variable of no scope": edits(of_kind("SetVariable"), to("variable", "Local.x")),
    "a variable of a topic that nothing sets": edits(has("condition"), to("condition", "=Topic.nowhere = 1")),
    "a parenthesis that is not closed": edits(has("condition", "Global.at"), to("condition", lambda text: text + " && (true")),
    "a function that is none": edits(has("value"), to("value", "=Sqrt2(1)")),
    "CEL instead of Power Fx": edits(has("condition", "="), to("condition", '=Global.at == "main"')),
    "a brace in a message": edits(of_kind("SendActivity"), to("activity", "{open")),
    "no topic for no intent": lambda spoilt: spoilt.remove("topics/Fallback.mcs.yml"),
    "an entity of no kind": edits(of_kind("RegexEntity"), to("kind", "RegexThing"), "entities/*.mcs.yml"),
}
# The conversations part.
PLAYED = {
    "a bound that moved": edits(has("condition", "confidence < "), to("condition", lambda text: text.replace("confidence < 0", "confidence <= 0"))),
    "an unset value that is not looked for": edits(has("condition", "confidence < "), to("condition", lambda text: text.replace("!IsBlank(Global.confidence) && ", ""))),
    "another tier": edits(lambda one: one.get("variable") == "Global.handoff_tier", to("value", '="nobody"'), TRANSFER),
    "another priority": edits(lambda one: one.get("variable") == "Global.handoff_priority", to("value", "=5"), TRANSFER),
    "reasons that are forgotten": edits(lambda one: one.get("variable") == "Global.handoff_reasons", to("value", '=""'), TRANSFER),
    "a turn that is not counted": edits(lambda one: one.get("variable") == "Global.turn" and "+" in one["value"], to("value", "=Global.turn")),
    "tries that are not counted": edits(lambda one: one.get("variable") == "Global.attempts" and "+" in one["value"], to("value", "=0"), "topics/ask_txn_heard.mcs.yml"),
    "another intent": edits(lambda one: one.get("variable") == "Global.intent" and one["value"] != '="none"', to("value", '="none"')),
    "a branch that is never taken": edits(has("condition"), to("condition", "=false"), "topics/main_heard.mcs.yml"),
    "another place to wait": edits(lambda one: one.get("variable") == "Global.at" and '"main"' in one["value"], to("value", '="elsewhere"')),
    "no transfer": edits(of_kind("TransferConversationV2"), lambda one: (one.clear(), one.update(kind="EndConversation", id="gone"))),
}


def differs(handoff, folder, flow, lines, work):
    """Whether any conversation is decided otherwise than the studio decides it."""
    project, played = drive.Project(folder, flow), []
    for told in read_lines(lines):
        try:
            played.append(drive.Chat(project, told).play())
        except NotHeard:
            continue
        except Exception:
            return True
    cut = work / "spoilt.jsonl"
    cut.write_text("".join(json.dumps(plain(chat.cut())) + "\n" for chat in played), encoding="utf-8")
    replayed = run([handoff, "replay", flow, cut, "--no-fill", "--each", "--json"])
    expected = {entry["id"]: entry for entry in map(json.loads, replayed.stdout.splitlines())}
    wrong = (drive.apart(project, chat, expected[chat.told["id"]]) for chat in played if not drive.keeps_place(project, expected[chat.told["id"]]))
    return any(why is not None for why in wrong)


def objections(schema, handoff, templates, _):
    """Whether every spoilt export is objected to."""
    import tempfile

    missed = 0
    with tempfile.TemporaryDirectory(prefix="handoff-spoilt-") as folder:
        work = pathlib.Path(folder)
        flow, sound, lines = templates / "banking_fee_dispute.flow.json", work / "sound", work / "cases.jsonl"
        run([handoff, "export", flow, "--to", "copilot-studio", "--out", sound, "--certificate", work / "c.json", "--cases", lines, "--edges", 300])
        if workspace.faults(schema, sound) or differs(handoff, sound, flow, lines, work):
            print("the sound export is objected to")
            return False
        for name, spoil in {**STATIC, **PLAYED}.items():
            copy = work / "copy"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(sound, copy)
            spoil(Spoilt(copy))
            found = workspace.faults(schema, copy)
            objected = bool(found) if name in STATIC else differs(handoff, copy, flow, lines, work)
            if not objected:
                missed += 1
                print("nothing objects to %s" % name)
    print("spoilt exports: %d of %d objected to" % (len(STATIC) + len(PLAYED) - missed, len(STATIC) + len(PLAYED)))
    return not missed
