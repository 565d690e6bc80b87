"""Exports spoilt in one place each: every one of these has to be objected to."""

import json
import os
import re
import shutil


def files(folder, name):
    for place, _, found in sorted(os.walk(folder)):
        for one in sorted(found):
            if one == name:
                yield os.path.join(place, one)


def change(path, how):
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    if how(document) is False:
        return False
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document, file)
    return True


def first(folder, name, how):
    return any(change(path, how) for path in files(os.path.join(folder, "bot"), name))


def deep(document, wanted, how):
    """The first object with that key that `how` changes."""
    if isinstance(document, dict):
        if wanted in document and how(document) is not False:
            return True
        return any(deep(one, wanted, how) for one in document.values())
    if isinstance(document, list):
        return any(deep(one, wanted, how) for one in document)
    return False


def step(kind, how):
    def inner(document):
        def at(holder):
            action = holder["dialogAction"]
            return how(holder) if action and action["type"] == kind else False

        return True if deep(document, "dialogAction", at) else False

    return lambda folder: first(folder, "Intent.json", inner)


def condition(how):
    def inner(document):
        def at(holder):
            changed = how(holder["expressionString"])
            if changed == holder["expressionString"]:
                return False
            holder["expressionString"] = changed

        return True if deep(document, "expressionString", at) else False

    return lambda folder: first(folder, "Intent.json", inner)


def put(holder, key, value):
    holder[key] = value


def five(document):
    def at(holder):
        branches = holder["conditionalBranches"]
        holder["conditionalBranches"] = [{**branches[0], "name": "b%d" % i} for i in range(5)]

    return True if deep(document, "conditionalBranches", at) else False


def no_default(document):
    return True if deep(document, "defaultBranch", lambda holder: holder.pop("defaultBranch") and None) else False


def empty_message(document):
    return True if deep(document, "plainTextMessage", lambda holder: put(holder["plainTextMessage"], "value", "")) else False


def long_message(document):
    return True if deep(document, "plainTextMessage", lambda holder: put(holder["plainTextMessage"], "value", "x" * 1001)) else False


def numeric_attribute(document):
    def at(holder):
        if not holder["sessionAttributes"]:
            return False
        key = next(iter(holder["sessionAttributes"]))
        holder["sessionAttributes"][key] = 1

    return True if deep(document, "sessionAttributes", at) else False


def remove(folder, pick):
    for path in files(os.path.join(folder, "bot"), "Intent.json"):
        if pick(os.path.basename(os.path.dirname(path))):
            shutil.rmtree(os.path.dirname(path))
            return True
    return False


def text(name, before, after):
    def inner(folder):
        path = os.path.join(folder, name)
        with open(path, encoding="utf-8") as file:
            found = file.read()
        changed = re.sub(before, after, found, count=1)
        with open(path, "w", encoding="utf-8") as file:
            file.write(changed)
        return changed != found

    return inner


def intent(how):
    return lambda folder: first(folder, "Intent.json", how)


def file(name, how):
    return lambda folder: first(folder, name, how)


def switched_off(document):
    if not (document["dialogCodeHook"] or {}).get("enabled"):
        return False
    document["dialogCodeHook"]["enabled"] = False


MUTATIONS = {
    "a step to an intent that is not there": step("StartIntent", lambda holder: put(holder["intent"], "name", "card_nowhere")),
    "a step to no intent": step("StartIntent", lambda holder: put(holder["intent"], "name", None)),
    "a slot that is not there": step("ElicitSlot", lambda holder: put(holder["dialogAction"], "slotToElicit", "nothing")),
    "a kind of step that Lex does not have": step("StartIntent", lambda holder: put(holder["dialogAction"], "type", "GoToIntent")),
    "an intent without its folder": lambda folder: remove(folder, lambda name: name.startswith("card_")),
    "the rest of a choice is gone": lambda folder: remove(folder, lambda name: "-more-" in name),
    "no fallback intent": lambda folder: remove(folder, lambda name: name == "FallbackIntent"),
    "a comparison without its guard": condition(lambda text_: re.sub(r"fn\.IS_SET\(\[\w+\]\) AND ", "", text_)),
    "a condition that does not end": condition(lambda text_: text_ + " AND"),
    "an operator that Lex does not have": condition(lambda text_: text_.replace(" = ", " == ")),
    "an attribute on the right": condition(lambda text_: re.sub(r'= "[^"]*"', "= [at]", text_)),
    "a function that Lex does not have": condition(lambda text_: text_.replace("fn.IS_SET", "fn.IS_EMPTY")),
    "a condition that is too long": condition(lambda text_: " OR ".join([text_] * 80)),
    "five branches": intent(five),
    "no default branch": intent(no_default),
    "a message without words": intent(empty_message),
    "a message that is too long": intent(long_message),
    "an attribute that is a number": intent(numeric_attribute),
    "an illegal name": intent(lambda document: put(document, "name", "card__x_")),
    "a key that the API does not have": intent(lambda document: put(document, "colour", "red")),
    "the function is switched off": intent(switched_off),
    "the manifest of the guide's page": file("Manifest.json", lambda document: put(document["metaData"], "schemaVersion", "1.0")),
    "a session that is too long": file("Bot.json", lambda document: put(document, "idleSessionTTLInSeconds", 90000)),
    "a threshold above one": file("BotLocale.json", lambda document: put(document, "nluConfidenceThreshold", 1.5)),
    "a strategy that Lex does not have": file("SlotType.json", lambda document: put(document["valueSelectionSetting"], "resolutionStrategy", "BEST")),
    "a slot type that is not there": file("Slot.json", lambda document: put(document, "slotTypeName", "Nothing")),
    "too many tries": file("Slot.json", lambda document: False if not document["valueElicitationSetting"]["promptSpecification"] else put(document["valueElicitationSetting"]["promptSpecification"], "maxRetries", 9)),
    "a template with an unknown key": text("cloudformation.yaml", "BotAliasName:", "AliasName:"),
    "a template with an unknown reference": text("cloudformation.yaml", "!Ref BotName", "!Ref BotNam"),
    "a function that answers with another action": text("lambda/wire.py", '"dialogAction": \\{"type": action\\}', '"dialogAction": {"type": "Continue"}'),
    "a function that leaves a key out": text("lambda/wire.py", '"sessionAttributes": attributes, ', ""),
    "a function that fails": text("lambda/handler.py", "def entities\\(self\\):", "def entities(self, more):"),
}
