"""Random conditions and expressions that type-check, with numbers at the edges that conversations meet."""

from decimal import Decimal

from vocabulary import BOOLS, CALLS, ENUMS, INTEGERS, INTENTS, NUMBERS, SECONDS, SLOTS, TEXTS, TIERS


def quoted(text):
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"')


class Conditions:
    def __init__(self, rng, calls_of, trigger_ids, theme=None):
        self.rng = rng
        self.theme = theme
        self.scores = []
        self.trigger_ids = trigger_ids
        self.outputs = {"number": [], "bool": [], "text": [], "integer": []}
        for node, call in calls_of.items():
            for output, kind in CALLS[call]["outputs"].items():
                self.outputs[kind].append("%s.%s" % (node, output))

    def pick(self, options):
        return self.rng.choice(list(options))

    def condition(self, in_row, depth=2):
        """Any condition; `in_row` for the rows of a handoff, which know the queue."""
        draw = self.rng.random()
        if depth == 0 or draw < 0.45:
            return self.atom(in_row)
        if draw < 0.68:
            return "%s || %s" % (self.condition(in_row, depth - 1), self.condition(in_row, depth - 1))
        if draw < 0.86:
            return "(%s) && (%s)" % (self.condition(in_row, depth - 1), self.condition(in_row, depth - 1))
        if draw < 0.97:
            return "!(%s)" % self.condition(in_row, depth - 1)
        return "true"

    def score_condition(self):
        """Scores may use signals, slots, constants and scores above them; no outputs of nodes."""
        if self.rng.random() < 0.5:
            return self.pick(["turn >= 1", 'intent != "none"', "sentiment <= 0", "customer.ltv > 99.5", "frustration > 0.4", "nlu.ok"])
        kept, self.outputs = self.outputs, {"number": [], "bool": [], "text": [], "integer": []}
        made = self.condition(False, 1)
        self.outputs = kept
        return made

    def atom(self, in_row):
        draw = self.rng.random()
        if in_row and draw < 0.45:
            return self.queue_atom()
        themed = {"actions": self.error_atom, "pending": self.pending_atom, "scores": self.score_atom}.get(self.theme)
        if themed is not None and self.rng.random() < 0.5 and (self.scores or self.theme != "scores"):
            return themed()
        kinds = [self.intent_atom] * 5 + [self.number_atom] * 6 + [self.integer_atom] * 5 + [self.bool_atom] * 3
        kinds += [self.enum_atom] * 3 + [self.text_atom] * 4 + [self.has_atom] * 2 + [self.sum_atom, self.two_names]
        kinds += [self.error_atom, self.pending_atom] + [self.score_atom] * (2 if self.scores else 0)
        return self.pick(kinds)()

    def relation(self, name, number):
        sign = self.pick(["<", "<=", ">", ">=", "==", "!="])
        if self.rng.random() < 0.15:
            return "%s %s %s" % (number, sign, name)
        return "%s %s %s" % (name, sign, number)

    def queue_atom(self):
        draw = self.pick(["priority", "queue.wait", "queue.open", "queue.available", "queue.position", "waited", "in"])
        if draw == "queue.open":
            return self.pick(["queue.open", "!queue.open", "queue.open == true"])
        if draw == "in":
            return "priority in [1, 2, %d]" % self.pick([3, 4])
        numbers = {
            "priority": [1, 2, 3, 4, 5],
            "queue.wait": [0, 60, 300, 420],
            "waited": [0, 30, 60, 120],
            "queue.available": [0, 1, 2],
            "queue.position": [1, 2, 4],
        }[draw]
        return self.relation(draw, self.pick(numbers))

    def intent_atom(self):
        draw = self.rng.random()
        if draw < 0.6:
            return "intent == %s" % quoted(self.pick(INTENTS + ["none"]))
        if draw < 0.75:
            return "intent != %s" % quoted(self.pick(INTENTS))
        return "intent in [%s]" % ", ".join(quoted(one) for one in self.rng.sample(INTENTS, 2))

    def number_atom(self):
        draw = self.rng.random()
        if draw < 0.1:
            return self.pick(["confidence < const.unsure", "sentiment < const.upset", "sentiment <= const.upset"])
        if draw < 0.2 and self.outputs["number"]:
            return self.relation(self.pick(self.outputs["number"]), self.pick([0, "0.5", 25, "-1"]))
        if draw < 0.5:
            name = self.pick(SECONDS)
            return self.relation(name, self.pick(SECONDS[name]))
        name = self.pick(NUMBERS)
        return self.relation(name, self.pick(NUMBERS[name]))

    def score_atom(self):
        return self.relation(self.pick(self.scores), self.pick([0, "0.5", 1, 2, "2.5", 3]))

    def error_atom(self):
        nodes = sorted({name.split(".")[0] for names in self.outputs.values() for name in names})
        options = ["has(error.code)", "has(error.message)", "has(error.action)", 'error.code == "E1"', 'error.code != "E2"']
        return self.pick(options + ["error.action == %s" % quoted(node) for node in nodes])

    def pending_atom(self):
        return self.pick(["handoff.pending", "!handoff.pending", "waited > 0", "handoff.pending && waited >= 60", "has(handoff.ref)"])

    def integer_atom(self):
        draw = self.rng.random()
        if draw < 0.1:
            return self.relation(self.pick(["turn", "no_match", "attempts", "repeats"]), "const.few")
        if draw < 0.2:
            return self.relation("queue.%s.%s" % (self.pick(TIERS), self.pick(["available", "position"])), self.pick([0, 1, 2]))
        if draw < 0.3 and self.outputs["integer"]:
            return self.relation(self.pick(self.outputs["integer"]), self.pick([0, 1, 2]))
        name = self.pick(INTEGERS)
        if draw > 0.9:
            return "%s in [%s]" % (name, ", ".join(str(one) for one in INTEGERS[name][:2]))
        return self.relation(name, self.pick(INTEGERS[name]))

    def bool_name(self):
        return self.pick(BOOLS + self.outputs["bool"] + ["queue.%s.open" % self.pick(TIERS), "const.on"])

    def bool_atom(self):
        name = self.bool_name()
        return self.pick(["%s", "%s", "!%s", "%s == true", "%s == false", "%s != true", "(!%s) == true"]) % name

    def enum_atom(self):
        name = self.pick(ENUMS)
        values = ENUMS[name]
        draw = self.rng.random()
        if name == "customer.tier" and draw < 0.2:
            return "customer.tier in const.best"
        if draw < 0.7:
            return "%s %s %s" % (name, self.pick(["==", "==", "!="]), quoted(self.pick(values)))
        return "%s in [%s]" % (name, ", ".join(quoted(one) for one in values[:2]))

    def text_atom(self):
        if self.rng.random() < 0.2 and self.trigger_ids:
            return "trigger.id %s %s" % (self.pick(["==", "!="]), quoted(self.pick(self.trigger_ids)))
        name = self.pick(list(TEXTS) + self.outputs["text"])
        words = TEXTS.get(name, ["card", "done"])
        word = self.pick(words)
        draw = self.rng.random()
        if draw < 0.4:
            return "%s %s %s" % (name, self.pick(["==", "==", "!="]), quoted(word))
        if draw < 0.5:
            return "%s in [%s]" % (name, ", ".join(quoted(one) for one in words[:2]))
        if draw < 0.6:
            return "%s == const.word" % name
        function = self.pick(["startsWith", "endsWith", "contains"])
        return "%s.%s(%s)" % (name, function, quoted(word[: self.pick([1, 2, 9])] or "a"))

    def has_atom(self):
        names = list(NUMBERS) + list(ENUMS) + list(TEXTS) + BOOLS + ["trigger.id", "error.action", "queue.t1.available", "intent"]
        for more in self.outputs.values():
            names += more
        return self.pick(["has(%s)", "has(%s)", "!has(%s)"]) % self.pick(names)

    def sum_atom(self):
        return self.pick(
            [
                "confidence + frustration > 0.8",
                "slots.s_num - 0.1 >= 0",
                "2 * slots.s_int - 1 >= 5",
                "0.1 + 0.2 == 0.3",
                "turn - attempts > 1",
                "sentiment * -1 > 0.3",
                "-sentiment >= 0.3",
                "waited + 60 > 60",
                "customer.ltv - 0.5 == 99",
                "slots.s_num + slots.s_num == 1",
            ]
        )

    def two_names(self):
        return self.pick(
            [
                "sentiment < confidence",
                "slots.s_text == slots.s_twin",
                "slots.s_text != slots.s_free",
                "case.kind == slots.s_text",
                "slots.s_int == case.count",
                "frustration >= confidence",
                "queue.t1.wait < queue.t2.wait",
                "handoffs > handoffs.t2",
                "trigger.text == text",
            ]
        )

    def assignment(self, slot):
        """An expression of the slot's type, or None for null."""
        if self.rng.random() < 0.2:
            return None
        kind = SLOTS[slot]["type"]
        if kind == "text":
            return self.pick(
                ["slots.s_text", "slots.s_twin", "slots.s_free", "text", "case.kind", '"fee"', '"card"', "trigger.id", "channel"]
                + ["agent.note", "error.code", "const.word"]
                + self.outputs["text"]
            )
        if kind == "enum":
            return self.pick(["slots.s_enum", '"a"', '"b"', '"c"'])
        if kind == "integer":
            return self.pick(
                ["slots.s_int", "slots.s_int + 1", "slots.s_int - 1", "turn", "attempts", "case.count", "2", "0", "const.few"]
                + ["handoffs", "2 * slots.s_int", "queue.t1.available"]
                + self.outputs["integer"]
            )
        if kind == "number":
            return self.pick(
                ["slots.s_num", "confidence", "sentiment", "slots.s_num + 0.1", "slots.s_num - 0.1", "frustration", "0.5", "-1"]
                + ["-slots.s_num", "2 * slots.s_num", "const.upset", "sentiment_trend"]
                + self.outputs["number"]
            )
        return self.pick(
            ["true", "false", "account.locked", "slots.s_flag", "!slots.s_flag", "confidence > 0.5", "has(slots.s_text)", "nlu.ok"]
            + ["account.locked && nlu.ok", "const.on"]
            + self.outputs["bool"]
        )


assert all(isinstance(number, Decimal) for numbers in NUMBERS.values() for number in numbers)
