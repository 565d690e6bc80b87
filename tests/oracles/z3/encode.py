"""Conditions for Z3, written from section 3 of the format alone.

Each name that can be unset is a pair: whether it is set, and its value. A comparison with an unset value is false whatever
the operator; `!`, `&&` and `||` are plain Boolean on the results; an unset bool counts as false where a condition is
wanted. Enums are numbers of their values; numbers are reals, whole numbers integers, texts strings.
"""

import os
import sys
from fractions import Fraction

import z3

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "reference"))
from conditions import names, parse  # noqa: E402

TRUE, FALSE = z3.BoolVal(True), z3.BoolVal(False)


class Value:
    """A value as Z3 sees it: whether it is set, its term, what kind it is, and an enum's values."""

    def __init__(self, known, term, kind, values=()):
        self.known, self.term, self.kind, self.values = known, term, kind, values


def literal(value):
    if isinstance(value, bool):
        return Value(TRUE, z3.BoolVal(value), "bool")
    if isinstance(value, str):
        return Value(TRUE, value, "word")
    return Value(TRUE, z3.RealVal(Fraction(str(value))), "number")


class Names:
    """The names of a list, and what is always so of them."""

    def __init__(self, signals, constants):
        self.signals, self.constants, self.values, self.facts = signals, constants, {}, []

    def value(self, name):
        if name.startswith("const."):
            return literal(self.constants(name))
        if name not in self.values:
            self.values[name] = self.declared(name, self.signals[name])
        return self.values[name]

    def declared(self, name, signal):
        known = TRUE if signal.get("never_unset") else z3.Bool("set " + name)
        kind = signal["type"]
        if kind == "bool":
            return Value(known, z3.Bool(name), "bool")
        if kind == "text":
            return Value(known, z3.String(name), "text")
        if kind == "enum":
            term = z3.Int(name)
            self.facts.append(z3.And(term >= 0, term < len(signal["values"])))
            return Value(known, term, "enum", signal["values"])
        whole = z3.Int(name) if kind == "integer" else z3.Real(name)
        term = z3.ToReal(whole) if kind == "integer" else whole
        for bound, sign in (("min", lambda at: term >= at), ("max", lambda at: term <= at)):
            if bound in signal:
                self.facts.append(sign(z3.RealVal(Fraction(str(signal[bound])))))
        return Value(known, term, "number")

    def condition(self, expression):
        """The expression where a condition is wanted."""
        kind = expression[0]
        if kind == "has":
            return self.value(expression[1]).known
        if kind == "not":
            return z3.Not(self.condition(expression[1]))
        if kind == "and":
            return z3.And(self.condition(expression[1]), self.condition(expression[2]))
        if kind == "or":
            return z3.Or(self.condition(expression[1]), self.condition(expression[2]))
        if kind == "compare":
            return compared(expression[1], self.operand(expression[2]), self.operand(expression[3]))
        if kind == "in":
            item = self.operand(expression[1])
            return z3.Or([compared("==", item, element) for element in self.elements(expression[2])] + [FALSE])
        if kind == "text":
            return self.asked(expression[1], self.operand(expression[2]), self.operand(expression[3]))
        value = self.operand(expression)
        return z3.And(value.known, value.term)

    def elements(self, expression):
        if expression[0] == "list":
            return [self.operand(item) for item in expression[1]]
        return [literal(item) for item in self.constants(expression[1])]

    def operand(self, expression):
        """The expression where a value is wanted."""
        kind = expression[0]
        if kind == "value":
            return literal(expression[1])
        if kind == "name":
            return self.value(expression[1])
        if kind == "minus":
            inner = self.operand(expression[1])
            return Value(inner.known, -inner.term, "number")
        if kind in ("add", "subtract", "times"):
            left, right = self.operand(expression[1]), self.operand(expression[2])
            term = {"add": lambda: left.term + right.term, "subtract": lambda: left.term - right.term,
                    "times": lambda: left.term * right.term}[kind]()
            return Value(z3.And(left.known, right.known), term, "number")
        return Value(TRUE, self.condition(expression), "bool")

    @staticmethod
    def asked(test, text, part):
        if text.kind == "enum":
            right = {"startsWith": str.startswith, "endsWith": str.endswith, "contains": str.__contains__}[test]
            among = [text.term == at for at, value in enumerate(text.values) if right(value, part.term)]
            return z3.And(text.known, z3.Or(among + [FALSE]))
        word = z3.StringVal(part.term) if part.kind == "word" else part.term
        holds = {"startsWith": lambda: z3.PrefixOf(word, text.term), "endsWith": lambda: z3.SuffixOf(word, text.term),
                 "contains": lambda: z3.Contains(text.term, word)}[test]()
        return z3.And(text.known, part.known, holds)


def compared(sign, left, right):
    if left.kind == "word" and right.kind != "word":
        left, right = right, left
    if left.kind == "enum" and right.kind == "word":
        same = left.term == left.values.index(right.term) if right.term in left.values else FALSE
    elif left.kind == "text" and right.kind == "word":
        same = left.term == z3.StringVal(right.term)
    elif sign in ("==", "!="):
        same = left.term == right.term
    else:
        # Only numbers have an order, and only words were swapped.
        order = {"<": lambda: left.term < right.term, "<=": lambda: left.term <= right.term,
                 ">": lambda: left.term > right.term, ">=": lambda: left.term >= right.term}[sign]()
        return z3.And(left.known, right.known, order)
    return z3.And(left.known, right.known, z3.Not(same) if sign == "!=" else same)


def analysed(text):
    """Whether the format has the condition analysed: no two names compared, no arithmetic on names."""
    return not leaves_out(parse(text))


def named(expression):
    return any(not name.startswith("const.") for name in names(expression))


def leaves_out(expression):
    kind = expression[0]
    if kind in ("add", "subtract", "times", "minus"):
        return named(expression)
    if kind in ("compare", "text"):
        left, right = expression[2], expression[3]
        if left[0] == "name" and right[0] == "name" and named(left) and named(right):
            return True
    return any(leaves_out(part) for part in expression[1:] if isinstance(part, tuple))
