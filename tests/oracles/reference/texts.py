"""Section 2, texts: `{name}`, `{name|fallback}`, `{name:minutes|fallback}`, and `{{` `}}` for braces."""

import re
from datetime import datetime, timedelta, timezone
from fractions import Fraction

import conditions
from document import Invalid
from values import UNSET, as_words, is_number

PLACE = re.compile(r"\{\{|\}\}|\{([^{}|:]*)(?::([a-z]+))?(?:\|([^{}]*))?\}")


def render(text, machine, row=None):
    """The text as the customer hears it; a name without a value says its fallback, or nothing."""

    def one(match):
        if match.group(0) in ("{{", "}}"):
            return match.group(0)[0]
        value = value_of(match.group(1).strip(), machine, row)
        if value is UNSET or value == "" or value == []:
            return match.group(3) or ""
        return shaped(value, match.group(2))

    return PLACE.sub(one, text)


def value_of(name, machine, row):
    entry = machine.node_entry(machine.node)
    context = machine.frame.flow.part("contexts").get(entry.get("context"), {})
    if name == "told":
        return context.get("told", UNSET)
    if name == "summary":
        return render(context["summary"], machine, row) if "summary" in context else UNSET
    if name == "reasons":
        return [title_of(reason, machine) for reason in getattr(machine, "reasons", [])]
    if name in ("handoff.reasons", "trigger.reasons"):
        return list(machine.reasons_of_trigger if name.startswith("trigger") else getattr(machine, "reasons", []))
    if name == "intent.title":
        intent = machine.signals.intent
        return machine.frame.flow.part("intents").get(intent, {}).get("title", intent)
    try:
        return machine.read(name, None, row)
    except (KeyError, conditions.BadCondition, Invalid):
        return UNSET


def title_of(reason, machine):
    """`{reasons}` are titles: of a trigger's `because`, else of the trigger, else the name itself."""
    for trigger_id, trigger in machine.frame.flow.part("triggers").items():
        because = (trigger.get("because") or {}).get(reason)
        if isinstance(because, dict) and because.get("title"):
            return because["title"]
        if trigger_id == reason and trigger.get("title"):
            return trigger["title"]
    return reason


def shaped(value, shape):
    if shape == "upper":
        return as_words(value).upper()
    if shape in ("minutes", "seconds", "date") and is_number(value):
        if shape == "date":
            return (datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=int(value))).date().isoformat()
        whole = Fraction(value) / (60 if shape == "minutes" else 1)
        return str(-((-whole.numerator) // whole.denominator))
    return as_words(value)
