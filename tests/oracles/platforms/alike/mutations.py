"""Exports corrupted on purpose: something must object to each.

usage: mutations.py HANDOFF [TEMPLATES]

The banking template is exported to each platform that has an interpreter; every corruption below is made in a copy of its
own. It is objected to when the interpreter refuses to load it, or when a conversation at an edge comes out otherwise.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.setrecursionlimit(20_000)
from compare import DRIVERS  # noqa: E402
from events import NotHeard, read_lines  # noqa: E402

FLOW = "banking_fee_dispute"
FLOOR = 30


class Unchanged(Exception):
    """A corruption that found nothing to corrupt."""


def edit(folder, pattern, change):
    """Changes the first JSON file that `change` says it changed."""
    for path in sorted(pathlib.Path(folder).glob(pattern)):
        document = json.loads(path.read_text(encoding="utf-8"))
        if change(document):
            path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
            return
    raise Unchanged(pattern)


def text(folder, pattern, old, new, count=1):
    """Replaces text in the first file that has it."""
    for path in sorted(pathlib.Path(folder).glob(pattern)):
        before = path.read_text(encoding="utf-8")
        after = re.sub(old, new, before, count=count)
        if after != before:
            path.write_text(after, encoding="utf-8")
            return
    raise Unchanged("%s in %s" % (old, pattern))


def remove(folder, pattern):
    found = sorted(pathlib.Path(folder).glob(pattern))
    if not found:
        raise Unchanged(pattern)
    shutil.rmtree(found[0]) if found[0].is_dir() else found[0].unlink()


def inside(value, key):
    """Every object that has this key."""
    if isinstance(value, dict):
        if key in value:
            yield value
        for one in value.values():
            yield from inside(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from inside(one, key)


def first(key, fits, change):
    """A change of the first object with a key whose value fits."""

    def changing(document):
        for found in inside(document, key):
            if fits(found[key]):
                change(found)
                return True
        return False

    return changing


def put(key, value):
    return lambda found: found.__setitem__(key, value)


def has(part):
    return lambda value: isinstance(value, str) and part in value


def anything(value):
    return bool(value)


PAGES = "flows/*/pages/*.json"
GROUPS = "flows/*/transitionRouteGroups/*.json"
CX = [
    ("a page that is not there", lambda f: edit(f, PAGES, first("targetPage", anything, put("targetPage", "no such page")))),
    ("an intent that is not there", lambda f: edit(f, "agentTransitionRouteGroups/*.json", first("intent", anything, put("intent", "nobody says this")))),
    ("a webhook that is not there", lambda f: edit(f, PAGES, first("webhook", anything, put("webhook", "elsewhere")))),
    ("a route group that is not there", lambda f: edit(f, PAGES, first("transitionRouteGroups", anything, put("transitionRouteGroups", ["gone"])))),
    ("an entity type that is not there", lambda f: edit(f, PAGES, first("entityType", anything, put("entityType", "@gone")))),
    ("a start flow that is not there", lambda f: edit(f, "agent.json", first("startFlow", anything, put("startFlow", "Gone")))),
    ("a file under another name", lambda f: next(pathlib.Path(f).glob("intents/fee_dispute/fee_dispute.json")).rename(f / "intents/fee_dispute/other.json")),
    ("a page lost", lambda f: remove(f, "flows/*/pages/explain.json")),
    ("an intent lost", lambda f: remove(f, "intents/request_human")),
    ("AND mixed with OR", lambda f: edit(f, GROUPS, first("condition", has(") AND ("), lambda r: r.__setitem__("condition", r["condition"] + " OR $session.params.x = 1")))),
    ("a broken condition", lambda f: edit(f, PAGES, first("condition", has("$session"), put("condition", "= = AND")))),
    ("a condition turned round", lambda f: text(f, GROUPS, r"< -0\.3", "> -0.3")),
    ("an edge moved", lambda f: text(f, GROUPS, r"< -0\.3", "<= -0.3")),
    ("a threshold moved", lambda f: text(f, GROUPS, r"< -0\.3", "< -0.35")),
    ("a flag that nobody sets", lambda f: text(f, GROUPS, "holds_trigger_uncertain_dispute_because_low_confidence", "holds_nothing")),
    ("routes in another order", lambda f: edit(f, GROUPS, lambda d: len(d["transitionRoutes"]) > 1 and not d["transitionRoutes"].reverse())),
    ("the other branch", lambda f: text(f, "flows/*/transitionRouteGroups/main turn.json", r'"targetPage": "ask_txn"', '"targetPage": "clarify"')),
    ("a handoff that nobody hears", lambda f: text(f, "flows/*/pages/to_tier1 requested.json", '"liveAgentHandoff"', '"conversationSuccess"')),
    ("a page without its webhook", lambda f: edit(f, "flows/*/pages/to_tier1.json", first("webhook", anything, lambda d: d.pop("webhook")))),
    ("a tag that the service does not know", lambda f: text(f, "flows/*/pages/to_tier1.json", '"enter to_tier1 ', '"entered to_tier1 ')),
    ("a preset lost", lambda f: edit(f, "agentTransitionRouteGroups/*.json", first("setParameterActions", anything, lambda d: d.pop("setParameterActions")))),
    ("the policy's threshold", lambda f: text(f, "webhook/policy.py", r'"0\.8"', '"0.7"')),
    ("the policy's comparison", lambda f: text(f, "webhook/policy.py", r"Decimal\('0\.8'\)|Decimal\(\"0\.8\"\)", 'Decimal("0.75")')),
]
INTENTS = "bot/*/BotLocales/*/Intents/*/Intent.json"
SLOTS = "bot/*/BotLocales/*/Intents/*/Slots/*/Slot.json"


def branch_fits(branches):
    return bool(branches)


LEX = [
    ("no manifest", lambda f: remove(f, "bot/Manifest.json")),
    ("no fallback", lambda f: remove(f, "bot/*/BotLocales/*/Intents/FallbackIntent")),
    ("an intent lost", lambda f: remove(f, "bot/*/BotLocales/*/Intents/request_human")),
    ("a card lost", lambda f: remove(f, "bot/*/BotLocales/*/Intents/card_explain")),
    ("a next intent that is not there", lambda f: edit(f, INTENTS, first("type", has("StartIntent"), put("type", "StartIntents")))),
    ("a fifth branch", lambda f: edit(f, INTENTS, first("conditionalBranches", branch_fits, lambda d: d.__setitem__("conditionalBranches", (d["conditionalBranches"] * 5)[:5])))),
    ("no default branch", lambda f: edit(f, INTENTS, first("defaultBranch", anything, put("defaultBranch", None)))),
    ("an attribute compared with an attribute", lambda f: edit(f, INTENTS, first("expressionString", anything, put("expressionString", "[a] = [b]")))),
    ("a function that Lex has not", lambda f: text(f, INTENTS, r"fn\.IS_SET", "fn.IS_THERE")),
    ("an attribute that is no text", lambda f: edit(f, INTENTS, first("sessionAttributes", anything, put("sessionAttributes", {"a": 1})))),
    ("a slot that is not there", lambda f: edit(f, INTENTS, first("slotToElicit", anything, put("slotToElicit", "nothing")))),
    ("a slot type that is not there", lambda f: edit(f, SLOTS, first("slotTypeName", anything, put("slotTypeName", "Gone")))),
    ("one more try", lambda f: edit(f, SLOTS.replace("Intents/*", "Intents/card_ask_txn"), first("maxRetries", lambda v: v is not None, lambda d: d.__setitem__("maxRetries", int(d["maxRetries"]) + 1)))),
    ("steps in another order", lambda f: edit(f, INTENTS.replace("*/Intent.json", "heard_main/Intent.json"), first("defaultBranch", anything, lambda d: d["defaultBranch"].__setitem__("nextStep", d["conditionalBranches"][0]["nextStep"])))),
    ("a code hook switched off", lambda f: edit(f, INTENTS.replace("*/Intent.json", "fee_dispute/Intent.json"), first("enableCodeHookInvocation", anything, put("enableCodeHookInvocation", False)))),
    ("another label", lambda f: text(f, INTENTS, '"invocationLabel": "card_to_tier1"', '"invocationLabel": "card_to_vip"')),
    ("the policy's threshold", lambda f: text(f, "lambda/policy.py", r"Decimal\('0\.8'\)|Decimal\(\"0\.8\"\)", 'Decimal("0.75")')),
    ("an intent under another name", lambda f: text(f, "lambda/names.py", '"fee_dispute": "fee_dispute"', '"fee_dispute": "cancel"')),
    ("a function that forgets", lambda f: text(f, "lambda/handler.py", r"(\n    def keep\(self, attributes\):\n)", r"\1        return\n")),
]


def block(change, kind=None, name=None, flow="main"):
    """A change of the first block of a kind or a name."""

    def changing(document):
        for found in document["Actions"]:
            if (kind is None or found["Type"] == kind) and (name is None or re.fullmatch(name, found["Identifier"])):
                before = json.dumps(found)
                change(found)
                if json.dumps(found) != before:
                    return True
        return False

    return lambda folder: edit(folder, "flows/%s.json" % flow, changing)


def leads(to):
    return lambda found: found["Transitions"].__setitem__("NextAction", to)


def result(of, to):
    """Another way for one result of a block."""

    def change(found):
        for one in found["Transitions"].get("Conditions", []):
            if one["Condition"]["Operands"] == [of]:
                one["NextAction"] = to

    return change


def keeps(name, value):
    """Another value for an attribute that is kept; None keeps it no more."""

    def change(found):
        held = found["Parameters"].get("Attributes", {})
        if name in held and value is None:
            del held[name]
        elif name in held:
            held[name] = value

    return change



LAMBDA, NOTES, HEARS = "InvokeLambdaFunction", "UpdateContactAttributes", "ConnectParticipantWithLexBot"
CONNECT = [
    ("a block lost", lambda f: edit(f, "flows/main.json", lambda d: bool(d["Actions"].pop(3)))),
    ("a start that is not there", lambda f: edit(f, "flows/main.json", lambda d: d.__setitem__("StartAction", "nowhere") is None)),
    ("a way to nowhere", block(leads("nowhere"), "Compare")),
    ("two blocks of one name", lambda f: edit(f, "flows/main.json", lambda d: d["Actions"].append(d["Actions"][0]) is None)),
    ("a flow of the wait that is not there", lambda f: remove(f, "flows/waiting.json")),
    ("a whisper that is not there", lambda f: remove(f, "flows/whisper.json")),
    ("another flow for the wait", block(lambda b: b["Parameters"]["EventHooks"].__setitem__("CustomerQueue", "${WhisperFlowArn}"), "UpdateContactEventHooks")),
    ("a whisper of something else", block(lambda b: b["Parameters"].__setitem__("Text", "$.Attributes.handoff_payload"), "MessageParticipant", flow="whisper")),
    ("a person who comes back to nothing", block(lambda b: b["Parameters"].__setitem__("ContactFlowId", "${GoneFlowArn}"), "TransferToFlow", flow="back")),
    ("a person who comes back to the wait", block(lambda b: b["Parameters"].__setitem__("ContactFlowId", "${QueueFlowArn}"), "TransferToFlow", flow="back")),
    ("an intent lost", lambda f: remove(f, "bot/*/BotLocales/*/Intents/request_human")),
    ("no fallback", lambda f: remove(f, "bot/*/BotLocales/*/Intents/FallbackIntent")),
    ("an answer that nobody hears", lambda f: edit(f, "bot/*/BotLocales/*/Intents/answer_transaction_id/Intent.json", first("utterance", anything, put("utterance", "transaction")))),
    ("an answer of another slot", lambda f: text(f, "lambda/names.py", r'"transaction_id": "transaction_id"', '"transaction_id": "phone"')),
    ("an answer that is never asked for", lambda f: text(f, "lambda/connect.py", r'if self.state\["where"\] != "ask":', "if True:")),
    ("a bot that does not ask its function", lambda f: edit(f, "bot/*/BotLocales/*/Intents/fee_dispute/Intent.json", first("enableCodeHookInvocation", anything, put("enableCodeHookInvocation", False)))),
    ("a state that is not passed along", block(keeps("handoff_state", "$.External.handoff_at"), NOTES, "card_.*-kept")),
    ("a turn of which nothing is kept", block(keeps("handoff_state", "$.Attributes.handoff_state"), NOTES, "card_main-heard-kept")),
    ("a state that is not kept", block(keeps("handoff_state", None), NOTES, ".*-heard-kept")),
    ("a state of something else", block(keeps("handoff_state", "$.Attributes.handoff_at"), NOTES, "begins-kept")),
    ("a trigger that leads elsewhere", block(lambda b: b["Transitions"]["Conditions"][0].__setitem__("NextAction", "rest"), "Compare", ".*-fired")),
    ("a turn that no trigger takes and nothing else", block(lambda b: [one.__setitem__("NextAction", "rest") for one in b["Transitions"]["Errors"]], "Compare", "card_main-heard-fired")),
    ("the other branch", block(lambda b: b["Transitions"]["Conditions"].reverse() or [one.__setitem__("NextAction", b["Transitions"]["NextAction"]) for one in b["Transitions"]["Conditions"]], "Compare", "card_main-when-.*")),
    ("a card that asks for another one", block(keeps("handoff_card", "card_explain"), NOTES, "card_to_tier1")),
    ("the queue of another tier", block(lambda b: b["Parameters"].__setitem__("QueueId", "${QueueArnNobody}"), "UpdateContactTargetQueue", "queue.*")),
    ("no queue", block(leads("goodbye"), "UpdateContactTargetQueue", "queue.*")),
    ("no priority", block(lambda b: b["Transitions"].__setitem__("Conditions", b["Transitions"]["Conditions"][:0]), "Compare", "priority")),
    ("the highest priority for all", block(lambda b: b["Parameters"].__setitem__("QueuePriority", "9"), "UpdateContactRoutingBehavior")),
    ("a transfer that does not come", block(result("queue", "goodbye"), "Compare", "asked")),
    ("an attempt less", block(lambda b: [one["Condition"].__setitem__("Operands", ["1"]) for one in b["Transitions"]["Conditions"]], "Compare", "card_ask_txn-tried")),
    ("a question that is filled at once", block(lambda b: b["Transitions"]["Conditions"][0].__setitem__("NextAction", b["Transitions"]["NextAction"]), "Compare", "card_ask_txn-took")),
    ("the policy's threshold", lambda f: text(f, "lambda/policy.py", r"Decimal\('0\.8'\)|Decimal\(\"0\.8\"\)", 'Decimal("0.75")')),
    ("an intent under another name", lambda f: text(f, "lambda/names.py", '"fee_dispute": "fee_dispute"', '"fee_dispute": "cancel"')),
    ("a function that forgets", lambda f: text(f, "lambda/handler.py", r"(\n    def keep\(self, attributes\):\n)", r"\1        return\n")),
]


LISTS = {"dialogflow-cx": CX, "amazon-lex": LEX, "amazon-connect": CONNECT}


def objection(platform, folder, cases, expected):
    """What objects to an export; None where nothing does."""
    import importlib

    driver = importlib.import_module(DRIVERS[platform])
    try:
        project = driver.Project(folder)
    except Exception as error:
        return "not loaded: %s" % error
    try:
        for conversation in cases:
            try:
                why = driver.compare(project, conversation, expected[conversation["id"]])
            except NotHeard:
                continue
            except Exception as error:
                why = "%s: %s" % (type(error).__name__, error)
            if why:
                return "%s: %s" % (conversation["id"], why)
    finally:
        if hasattr(project, "close"):
            project.close()
    return None


def main(handoff, templates):
    flow = pathlib.Path(templates, FLOW + ".flow.json")
    objected = missed = stale = 0
    with tempfile.TemporaryDirectory(prefix="handoff-mutations-") as folder:
        work = pathlib.Path(folder)
        for platform, mutations in LISTS.items():
            out, lines = work / platform, work / "cases.jsonl"
            arguments = [handoff, "export", flow, "--to", platform, "--out", out, "--cases", lines, "--edges", "400"]
            arguments += ["--conversations", pathlib.Path(templates, FLOW + ".conversations.jsonl")]
            done = subprocess.run([str(one) for one in arguments], capture_output=True, text=True, check=False)
            if "is not built yet" in done.stderr:
                continue
            replay = [handoff, "replay", flow, lines, "--no-fill", "--each", "--json"]
            each = subprocess.run([str(one) for one in replay], capture_output=True, text=True, check=False).stdout
            expected = {entry["id"]: entry for entry in map(json.loads, each.splitlines())}
            cases = read_lines(lines)
            if objection(platform, out, cases, expected):
                print("FAILED %s: the export itself is objected to" % platform)
                missed += 1
                continue
            for name, mutate in mutations:
                copy = work / "copy"
                shutil.copytree(out, copy)
                try:
                    mutate(copy)
                    why = objection(platform, copy, cases, expected)
                    objected, missed = objected + bool(why), missed + (not why)
                    if not why:
                        print("FAILED %s: nothing objects to: %s" % (platform, name))
                except Unchanged as nothing:
                    print("stale %s: %s (%s)" % (platform, name, nothing))
                    stale += 1
                shutil.rmtree(copy)
    print("mutations: %d objected to, %d not, %d found nothing to corrupt" % (objected, missed, stale))
    return 1 if missed or stale or objected < FLOOR else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else str(HERE.parents[3] / "flows" / "templates")))
