"""What a bot's files name is there, every condition can be read, every intent is led to."""

import json
import os
import re

TOKEN = re.compile(r'\s*(fn\.IS_SET|fn\.COUNT|fn\.LENGTH|AND\b|OR\b|NOT\b|&&|\|\||!=|<=|>=|=|<|>|!|\(|\)|\[[^\]\s]+\]|\{[^}\s]+\}|"[^"]*"|-?\d+(?:\.\d+)?)')
NEXT = ("StartIntent", "ElicitIntent", "ElicitSlot", "EvaluateConditional", "InvokeDialogCodeHook", "EndConversation")


class Unreadable(Exception):
    """A condition that Lex does not read."""


class Condition:
    """Reads one condition; `guarded` are the comparisons that stand behind no `fn.IS_SET` of the same reference."""

    def __init__(self, text):
        self.tokens, place = [], 0
        while text[place:].strip():
            found = TOKEN.match(text, place)
            if not found:
                raise Unreadable("nothing is known of %r" % text[place : place + 20])
            self.tokens.append(found.group(1))
            place = found.end()
        self.place, self.references, self.unguarded = 0, set(), []
        self.either(set())
        if self.place != len(self.tokens):
            raise Unreadable("%r stands after its end" % self.tokens[self.place])

    def peek(self):
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def take(self, *wanted):
        token = self.peek()
        if token is None or (wanted and token not in wanted):
            raise Unreadable("%s where %s is wanted" % (token, " or ".join(wanted) or "more"))
        self.place += 1
        return token

    def either(self, set_here):
        self.both(set(set_here))
        while self.peek() in ("OR", "||"):
            self.take()
            self.both(set(set_here))

    def both(self, set_here):
        self.part(set_here)
        while self.peek() in ("AND", "&&"):
            self.take()
            self.part(set_here)

    def part(self, set_here):
        token = self.take()
        if token in ("NOT", "!"):
            self.part(set(set_here))
        elif token == "(":
            self.either(set_here)
            self.take(")")
        elif token == "fn.IS_SET":
            self.take("(")
            set_here.add(self.reference(self.take()))
            self.take(")")
        else:
            reference = self.reference(token)
            self.take("=", "!=", "<", "<=", ">", ">=")
            constant = self.take()
            if not (constant.startswith('"') or re.fullmatch(r"-?\d+(\.\d+)?", constant)):
                raise Unreadable("%s is no constant" % constant)
            if reference not in set_here:
                self.unguarded.append(reference)

    def reference(self, token):
        if not token.startswith(("[", "{")):
            raise Unreadable("%s is no reference" % token)
        self.references.add(token)
        return token


def load(folder):
    """Intents with their slots, slot types, and what is wrong with the tree itself."""
    found, intents, types = [], {}, {}
    bots = [name for name in os.listdir(folder) if os.path.isdir(os.path.join(folder, name))]
    if len(bots) != 1 or not os.path.isfile(os.path.join(folder, "Manifest.json")):
        return ["no manifest, or not one bot"], intents, types
    root = os.path.join(folder, bots[0], "BotLocales")
    for place, _, files in sorted(os.walk(os.path.join(folder, bots[0]))):
        for name in files:
            path = os.path.join(place, name)
            with open(path, encoding="utf-8") as file:
                document = json.load(file)
            named = document.get("identifier") if name == "BotLocale.json" else document.get("name")
            if named != os.path.basename(place):
                found.append("%s: its folder has another name than %s" % (os.path.relpath(path, folder), named))
            parts = os.path.relpath(path, root).split(os.sep)
            if name == "Intent.json":
                intents.setdefault(parts[2], ({}, {}))[0].update(document)
            elif name == "Slot.json":
                intents.setdefault(parts[2], ({}, {}))[1][parts[4]] = document
            elif name == "SlotType.json":
                types[parts[2]] = document
    if "FallbackIntent" not in intents:
        found.append("there is no FallbackIntent")
    return found, intents, types


def inside(value, key):
    """Every entry of that key, wherever it stands."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name == key:
                yield one
            yield from inside(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from inside(one, key)


def holders(value, key):
    """Every object that has that key."""
    if isinstance(value, dict):
        if key in value:
            yield value
        for one in value.values():
            yield from holders(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from holders(one, key)


def check(folder):
    """Everything that is wrong, and how many steps were looked at."""
    found, intents, types = load(folder)
    leads, count = {}, 0
    lines = {}
    for name, (intent, slots) in intents.items():
        leads[name] = set()
        for step in holders([intent, slots], "dialogAction"):
            count += 1
            found += list(wrong_step(name, step, intents, leads))
        for setting in [intent.get("initialResponseSetting")] + [slot["valueElicitationSetting"].get("slotCaptureSetting") for slot in slots.values()]:
            found += ["%s: %s" % (name, one) for one in unanswered(setting)]
        for text in inside([intent, slots], "expressionString"):
            found += ["%s: %s" % (name, one) for one in wrong_condition(text)]
        for order in intent.get("slotPriorities") or ():
            if order["slotName"] not in slots:
                found.append("%s: no slot %s" % (name, order["slotName"]))
        for slot in slots.values():
            kind = slot["slotTypeName"]
            if not kind.startswith("AMAZON.") and kind not in types:
                found.append("%s: no slot type %s" % (name, kind))
        for line in intent.get("sampleUtterances") or ():
            text = line["utterance"].lower()
            if lines.setdefault(text, name) != name:
                found.append("%s: the utterance %r is of %s too" % (name, text, lines[text]))
        needs = list(inside([intent, slots], "enableCodeHookInvocation"))
        if any(needs) and not (intent.get("dialogCodeHook") or {}).get("enabled"):
            found.append("%s: asks the function, which is switched off" % name)
    return found + unled(intents, leads), count


def wrong_step(name, step, intents, leads):
    action = step["dialogAction"]
    if action is None:
        return
    target = (step.get("intent") or {}).get("name")
    if action["type"] not in NEXT:
        yield "%s: goes on by %s" % (name, action["type"])
    if action["type"] == "StartIntent":
        if target not in intents:
            yield "%s: starts %s, which is not there" % (name, target)
        leads[name].add(target)
    if action["type"] == "ElicitSlot":
        of = intents.get(target or name, ({}, {}))[1]
        if action["slotToElicit"] not in of:
            yield "%s: asks for the slot %s, which is not there" % (name, action["slotToElicit"])
        leads[name].add(target or name)


def unanswered(setting):
    """A step that evaluates conditions has some, one that asks the function has a call."""
    if not setting:
        return
    pairs = [("nextStep", "conditional"), ("captureNextStep", "captureConditional"), ("failureNextStep", "failureConditional"),
             ("successNextStep", "successConditional"), ("timeoutNextStep", "timeoutConditional")]
    for step, conditional in pairs:
        for holder in holders(setting, step):
            kind = ((holder[step] or {}).get("dialogAction") or {}).get("type")
            if kind == "EvaluateConditional" and not holder.get(conditional):
                yield "%s evaluates conditions that are not there" % step
            if kind == "InvokeDialogCodeHook" and not holder.get("codeHook"):
                yield "%s asks the function, and no call is there" % step
    for choice in list(inside(setting, "conditionalBranches")):
        if not 1 <= len(choice) <= 4:
            yield "%d branches" % len(choice)
        if len({branch["name"] for branch in choice}) != len(choice):
            yield "two branches of one name"


def wrong_condition(text):
    try:
        read = Condition(text)
    except Unreadable as error:
        yield "%r cannot be read: %s" % (text, error)
        return
    for reference in read.unguarded:
        yield "%r compares %s, which may be unset" % (text, reference)


def unled(intents, leads):
    """Intents that no utterance, no channel and no step leads to. Cards that the flow itself leads nowhere to are left."""
    begin = [name for name, (intent, _) in intents.items()
             if intent.get("sampleUtterances") or intent.get("parentIntentSignature")
             or ((intent.get("initialResponseSetting") or {}).get("codeHook") or {}).get("invocationLabel") in ("hear", "told")]
    seen, ahead = set(), list(begin)
    while ahead:
        name = ahead.pop()
        if name not in seen and name in leads:
            seen.add(name)
            ahead.extend(leads[name])
    chains = [name for name in intents if name not in seen and "-more-" in name and name.split("-more-")[0] in seen]
    return ["%s: the rest of a choice that nothing leads to" % name for name in chains]
