"""Random lists of guards, from a seed: what a list may ask about, and documents that hold many lists."""

import random

# Every flow has these, and what the format's table says of them.
BUILT_IN = {
    "intent": {"type": "enum", "values": ["fee", "cancel", "help", "none"], "never_unset": True},
    "confidence": {"type": "number", "min": 0, "max": 1},
    "sentiment": {"type": "number", "min": -1, "max": 1},
}
DECLARED = {
    "crm.tier": {"type": "enum", "values": ["standard", "gold", "vip"], "source": "crm"},
    "crm.land": {"type": "enum", "values": ["at", "be", "ch", "de", "es", "fr", "it"], "source": "crm"},
    "crm.age": {"type": "integer", "min": 0, "max": 120, "source": "crm"},
    "crm.calls": {"type": "integer", "min": -3, "max": 3, "source": "crm"},
    "crm.any": {"type": "integer", "source": "crm"},
    "crm.score": {"type": "number", "min": 0, "max": 10, "source": "crm"},
    "crm.spent": {"type": "number", "source": "crm"},
    "crm.flag": {"type": "bool", "source": "crm"},
    "crm.open": {"type": "bool", "source": "crm"},
    "crm.word": {"type": "text", "source": "crm"},
    "crm.note": {"type": "text", "source": "crm"},
}
CONSTANTS = {
    "half": {"value": 0.5},
    "many": {"value": 4},
    "best": {"value": ["gold", "vip"]},
    "odd": {"value": [1, 3, -1]},
    "word": {"value": "ab"},
}
SIGNALS = {**BUILT_IN, **DECLARED}
WORDS = ["", "a", "b", "ab", "ba", "aa", "aba", "bab", "abb", "refund"]
NUMBERS = {
    "confidence": ["0", "0.2", "0.25", "0.5", "0.8", "0.85", "1", "const.half"],
    "sentiment": ["-1", "-0.5", "-0.3", "0", "0.3", "1", "const.half"],
    "crm.age": ["0", "1", "17", "18", "18.5", "65", "120", "const.many"],
    "crm.calls": ["-3", "-1", "0", "0.5", "1", "2", "3"],
    "crm.any": ["-7", "0", "3", "4", "4.5", "1000000", "const.many"],
    "crm.score": ["0", "0.125", "3", "3.5", "3.55", "7.5", "10", "const.many"],
    "crm.spent": ["-0.01", "0", "0.01", "99.99", "100", "123456.789"],
}
COMPARISONS = ["==", "!=", "<", "<=", ">", ">="]
SWAPPED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def quoted(text):
    return '"%s"' % text


def never(name, sign, at):
    """Whether the format calls the comparison an error, since the number can never meet it."""
    signal = SIGNALS[name]
    value = float(CONSTANTS[at[6:]]["value"] if at.startswith("const.") else at)
    if sign in ("==", "!=") and signal["type"] == "integer" and value != int(value):
        return True
    least, most = signal.get("min"), signal.get("max")
    return (sign == "<" and least is not None and value <= least) or (sign == ">" and most is not None and value >= most)


class Guards:
    """One list: a few names, and guards about them."""

    def __init__(self, seed, with_text):
        self.random = random.Random(seed)
        names = [name for name, signal in SIGNALS.items() if signal["type"] != "text"]
        self.names = self.random.sample(names, self.random.randint(1, 4))
        if with_text:
            self.names = self.names[:2] + self.random.sample(["crm.word", "crm.note"], self.random.choice([1, 1, 2]))
        # One list in twelve has a guard that the format leaves out of the analysis.
        self.with_free = self.random.random() < 1 / 12
        count = self.random.choice([1, 2, 2, 3, 3, 4, 5, 6, 8])
        self.guards = [self.guard() for _ in range(count)]
        self.complete()
        self.to = [self.random.choice("pqr") for _ in self.guards]
        self.has_else = self.random.random() < 0.5

    def complete(self):
        """Random guards seldom take everything: now and then the last one takes what the others leave, nearly."""
        kind = self.random.random()
        if kind < 0.25:
            rest = ["!(%s)" % guard for guard in self.guards]
            if kind < 0.08 and len(rest) > 1:
                rest.pop(self.random.randrange(len(rest)))
            self.guards.append(" && ".join(rest))
        elif kind < 0.45:
            self.guards += self.halves(self.random.choice(self.names))
        elif kind < 0.55:
            again = self.random.choice(self.guards)
            self.guards.append("!(!(%s))" % again if self.random.random() < 0.5 else again)

    def halves(self, name):
        """What an author writes who means to take every case of one name; some forget unset or an end."""
        kind = SIGNALS[name]["type"]
        unset = ["!has(%s)" % name] if self.random.random() < 0.6 else []
        if kind in ("integer", "number"):
            at = self.random.choice(NUMBERS[name])
            low, high = self.random.choice([("<", ">="), ("<=", ">"), ("<", ">")])
            if never(name, low, at) or never(name, high, at):
                return self.halves(name)
            return ["%s %s %s" % (name, low, at), "%s %s %s" % (name, high, at)] + unset
        if kind == "bool":
            return self.random.choice([[name, "!" + name], [name + " == true", name + " == false"] + unset])
        if kind == "enum":
            values = SIGNALS[name]["values"]
            cut = self.random.randint(1, len(values) - 1)
            lists = [values[:cut], values[cut:]]
            return ["%s in [%s]" % (name, ", ".join(map(quoted, part))) for part in lists] + unset
        word = self.random.choice(WORDS)
        return [self.text_test(name, word), "!(%s)" % self.text_test(name, word)]

    def guard(self):
        if self.with_free and self.random.random() < 0.5:
            return self.free()
        return self.expression(self.random.choice([0, 0, 1, 1, 1, 2]))

    def free(self):
        two = self.random.choice([
            "confidence > sentiment", "crm.score + 1 > crm.spent", "crm.age * 2 < 30", "crm.flag == crm.open",
            "crm.calls - crm.any == 0"])
        return self.random.choice([two, "%s && %s" % (two, self.atom()), "%s || %s" % (self.atom(), two)])

    def expression(self, depth):
        if depth == 0:
            return self.atom()
        parts = [self.expression(depth - 1) for _ in range(self.random.choice([1, 2, 2, 3]))]
        if len(parts) == 1:
            return "!(%s)" % parts[0] if self.random.random() < 0.5 else parts[0]
        sign = self.random.choice([" && ", " && ", " || "])
        return sign.join("(%s)" % part for part in parts)

    def atom(self):
        name = self.random.choice(self.names)
        signal = SIGNALS[name]
        if self.random.random() < 0.12:
            return self.random.choice(["has(%s)", "!has(%s)"]) % name
        return {"bool": self.bool, "enum": self.enum, "text": self.text}.get(signal["type"], self.number)(name)

    def bool(self, name):
        kinds = ["%s", "!%s", "%s == true", "%s != true", "false == %s", "%s in [true]"]
        if self.random.random() < 0.15:
            return "(%s) %s %s" % (self.number("confidence"), self.random.choice(["==", "!="]), name)
        return self.random.choice(kinds) % name

    def enum(self, name):
        values = SIGNALS[name]["values"]
        kind = self.random.random()
        if kind < 0.3:
            some = self.random.sample(values, self.random.randint(1, len(values)))
            return "%s in [%s]" % (name, ", ".join(map(quoted, some)))
        if kind < 0.36 and name == "crm.tier":
            return "crm.tier in const.best"
        if kind < 0.42:
            return '%s.%s("%s")' % (name, self.random.choice(["startsWith", "endsWith", "contains"]),
                                    self.random.choice(values)[:2])
        return "%s %s %s" % (name, self.random.choice(["==", "==", "!="]), quoted(self.random.choice(values)))

    def number(self, name):
        at, sign = self.random.choice(NUMBERS[name]), self.random.choice(COMPARISONS)
        if never(name, sign, at):
            return self.number(name)
        kind = self.random.random()
        if kind < 0.1 and name == "crm.calls":
            return "crm.calls in const.odd"
        if kind < 0.2:
            some = [other for other in self.random.sample(NUMBERS[name], 3) if not never(name, "==", other)]
            return "%s in [%s]" % (name, ", ".join(some or ["1"]))
        if kind < 0.35:
            return "%s %s %s" % (at, SWAPPED[sign], name)
        return "%s %s %s" % (name, sign, at)

    def text(self, name):
        return self.text_test(name, self.random.choice(WORDS))

    def text_test(self, name, word):
        test = self.random.choice(["startsWith", "endsWith", "contains", "==", "!=", "in", "const"])
        if test in ("==", "!="):
            return '%s %s "%s"' % (name, test, word)
        if test == "in":
            return '%s in ["%s", "%s"]' % (name, word, self.random.choice(WORDS))
        if test == "const":
            return self.random.choice(["%s == const.word", "%s.startsWith(const.word)", "%s != const.word"]) % name
        return '%s.%s("%s")' % (name, test, word)


def names_in(guards):
    text = " ".join(guards)
    return [name for name in SIGNALS if name in text]


def signals(lists):
    used = {name for guards in lists for name in names_in(guards)}
    return {name: signal for name, signal in DECLARED.items() if name in used}


def common(lists, flow_id):
    text = " ".join(guard for guards in lists for guard in guards)
    intents = {name: {"title": name, "examples": ["%s it" % name, "%s that" % name]} for name in ("fee", "cancel", "help")}
    constants = {name: value for name, value in CONSTANTS.items() if "const." + name in text}
    document = {"format": "handoff-flow/1", "id": flow_id, "intents": intents, "signals": signals(lists)}
    return dict(document, constants=constants) if constants else document


def branches_flow(flow_id, lists):
    """One document for many lists: after the customer's turn `route` leads to the list that `case.number` names."""
    document = common([one.guards for one in lists], flow_id)
    document["signals"]["case.number"] = {"type": "integer", "min": 0, "max": 10000, "source": "crm"}
    nodes = {
        "start": {"kind": "start", "next": "turn_of_customer"},
        "turn_of_customer": {"kind": "listen", "else": "route"},
        "route": {"kind": "decision", "else": "over", "branches": [
            {"when": "case.number == %d" % at, "to": "list_%d" % at} for at in range(len(lists))]},
        "over": {"kind": "end", "outcome": "over"},
    }
    for at, one in enumerate(lists):
        rows = [{"when": guard, "to": "to_%d_%s" % (at, to)} for guard, to in zip(one.guards, one.to)]
        nodes["list_%d" % at] = {"kind": "decision", "branches": rows}
        if one.has_else:
            nodes["list_%d" % at]["else"] = "to_%d_else" % at
        for to in sorted(set(one.to)) + (["else"] if one.has_else else []):
            nodes["to_%d_%s" % (at, to)] = {"kind": "message", "text": "All right.", "next": "over"}
    return dict(document, nodes=nodes)


def triggers_flow(flow_id, one):
    """One list as triggers: in the order of the document the first that holds fires."""
    document = common([one.guards], flow_id)
    document["triggers"] = {"t%d" % at: {"when": guard, "to": "went"} for at, guard in enumerate(one.guards)}
    document["nodes"] = {
        "start": {"kind": "start", "next": "turn_of_customer"},
        "turn_of_customer": {"kind": "listen", "else": "turn_of_customer"},
        "went": {"kind": "message", "text": "All right.", "next": "over"},
        "over": {"kind": "end", "outcome": "over"},
    }
    return document


def constant(name):
    return CONSTANTS[name[len("const."):]]["value"]
