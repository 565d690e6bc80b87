"""Ways to spoil an export to Composer of the banking template: each changes one thing in a copy of it."""

import json

FLOW = "banking_fee_dispute"


class Unchanged(Exception):
    """A corruption that found nothing to corrupt."""


def nodes(value):
    """Every object below a value."""
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(one)


def edit(folder, file, change):
    """Changes the first object of a file that `change` says it changed."""
    path = next(folder.rglob(file))
    document = json.loads(path.read_text(encoding="utf-8"))
    if not any(change(node) for node in nodes(document)):
        raise Unchanged(file)
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def text(folder, file, old, new):
    path = next(folder.rglob(file))
    before = path.read_text(encoding="utf-8")
    if old not in before:
        raise Unchanged("%s in %s" % (old, file))
    path.write_text(before.replace(old, new, 1), encoding="utf-8")


def renamed(key, new):
    return lambda node: key in node and not node.update({new: node.pop(key)})


def without(kind, key):
    return lambda node: node.get("$kind") == kind and key in node and node.pop(key) is not None


def dropped(folder, file, mark):
    """Takes out the action of a mark."""
    path = next(folder.rglob(file))
    document = json.loads(path.read_text(encoding="utf-8"))
    for node in nodes(document):
        for key in ("actions", "elseActions", "triggers"):
            kept = [one for one in node.get(key) or [] if one["$designer"]["id"] != mark]
            if len(kept) != len(node.get(key) or []):
                node[key] = kept
                path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
                return
    raise Unchanged(mark)


def swapped(folder):
    """The flow's triggers in another order, each with the priority of the other."""
    path = folder / (FLOW + ".dialog")
    document = json.loads(path.read_text(encoding="utf-8"))
    by_mark = {one["$designer"]["id"]: one for one in document["triggers"]}
    own, taken = by_mark["trigger.uncertain_dispute"], by_mark["main.taken"]
    own["priority"], taken["priority"] = taken["priority"], own["priority"]
    document["triggers"].sort(key=lambda one: one["priority"])
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


ROOT = FLOW + ".dialog"
SPOILT = {
    "a kind that is none": lambda f: text(f, "to_tier1.dialog", "Microsoft.SendHandoffActivity", "Microsoft.SendHandof"),
    "a property that is none": lambda f: edit(f, "ask_txn.dialog", renamed("url", "uri")),
    "no condition": lambda f: edit(f, "main.dialog", without("Microsoft.IfCondition", "condition")),
    "an expression that does not parse": lambda f: text(f, "ask_txn.dialog", "< 0.8", "< < 0.8"),
    "a template that is not there": lambda f: text(f, FLOW + ".en-us.lg", "# SendActivity_ask_txn_prompt", "# SendActivity_other"),
    "a template that does not parse": lambda f: text(f, FLOW + ".en-us.lg", "- Nobody is free", "- ${Nobody is free"),
    "a dialog that is not there": lambda f: text(f, "main.dialog", '"dialog": "ask_txn"', '"dialog": "ask"'),
    "no FirstSelector": lambda f: text(f, ROOT, "Microsoft.FirstSelector", "Microsoft.MostSpecificSelector"),
    "one priority twice": lambda f: text(f, ROOT, '"priority": 5', '"priority": 4'),
    "a trigger behind the card that waits": swapped,
    "a bound that includes": lambda f: text(f, ROOT, "confidence < 0.8", "confidence <= 0.8"),
    "another bound": lambda f: text(f, "ask_txn.dialog", "< 0.8", "< 0.3"),
    "no guard and the opposite": lambda f: text(
        f,
        ROOT,
        "exists(conversation.heard.sentiment) && (conversation.heard.sentiment < (-0.3))",
        "!(conversation.heard.sentiment >= (-0.3))",
    ),
    "another tier": lambda f: text(f, "to_tier1.dialog", "'tier2', 'tier1'", "'tier1', 'tier1'"),
    "another priority": lambda f: text(f, "to_vip.dialog", '"value": "=1"', '"value": "=2"'),
    "a reason of another name": lambda f: text(f, "to_tier1.dialog", "charge_not_given", "charge_given"),
    "one more try": lambda f: text(f, "ask_txn.dialog", "conversation.count.attempts >= 2", "conversation.count.attempts >= 3"),
    "a turn that is not counted": lambda f: text(f, "heard.dialog", "=conversation.count.turn + 1", "=conversation.count.turn"),
    "a slot that is not filled": lambda f: text(f, "heard.dialog", '"conversation.slots.transaction_id"', '"conversation.slots.other"'),
    "a signal that is not heard": lambda f: text(f, "told.dialog", '"conversation.signals.customer_tier"', '"conversation.signals.other"'),
    "a request that is not sent": lambda f: dropped(f, "to_tier1.dialog", "to_tier1.initiate"),
    "a request without its tier": lambda f: text(f, "to_tier1.dialog", '"dialog.handoff.tier"', '"dialog.handoff.team"'),
    "a queue that is always open": lambda f: text(f, "to_vip.dialog", "tier].open, true) == true", "tier].open, true) != 3"),
    "an answer that is always one": lambda f: text(f, "ask_txn.dialog", "turn.answer.statusCode < 300", "turn.answer.statusCode < 900"),
    "a failure that is no failure": lambda f: text(f, "to_tier1.dialog", "dialog.status == 'failed'", "dialog.status == 'lost'"),
    "a ticket that does not wait": lambda f: text(f, "call_back.dialog", "=dialog.handoff", "=dialog.other"),
    "no way back from a person": lambda f: text(f, "to_tier1.dialog", "dialog.status == 'resumed'", "dialog.status == 'back'"),
    "once is for ever": lambda f: text(f, ROOT, "'accepted trigger.uncertain_dispute'", "'trigger.uncertain_dispute'"),
}
