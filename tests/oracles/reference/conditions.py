"""Section 3: the conditions. A parser for the CEL profile, and its evaluation with unset values.

An expression is parsed into tuples:
  ("value", v)  ("name", n)  ("not", a)  ("minus", a)  ("and", a, b)  ("or", a, b)
  ("compare", op, a, b)  ("in", a, [items] or name expression)  ("has", n)  ("text", function, a, b)
  ("add", a, b)  ("subtract", a, b)  ("times", a, b)  ("list", [items])  ("call", name, [items])
"""

import re
from fractions import Fraction

from values import UNSET


class BadCondition(Exception):
    """The text is not an expression of the profile."""


TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\s*\.\s*[A-Za-z_][A-Za-z0-9_]*)*)"
    r"|(?P<string>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
    r"|(?P<sign>&&|\|\||==|!=|<=|>=|[<>!+\-*()\[\],]))"
)
RELATIONS = ("==", "!=", "<", "<=", ">", ">=")
TEXT_FUNCTIONS = ("startsWith", "endsWith", "contains")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


def _string(token):
    """CEL's escapes."""

    def one(match):
        escape = match.group(1)
        if escape[0] in "xX":
            return chr(int(escape[1:], 16))
        if escape[0] in "uU":
            return chr(int(escape[1:], 16))
        if escape[0] in "0123":
            return chr(int(escape, 8))
        return ESCAPES.get(escape, escape)

    return re.sub(r"\\([xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2}|.)", one, token[1:-1])


def _tokens(text):
    tokens, place = [], 0
    text = text.rstrip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if not match:
            raise BadCondition("at %d of %r" % (place, text))
        kind = match.lastgroup
        value = match.group(kind)
        tokens.append((kind, re.sub(r"\s", "", value) if kind == "name" else value))
        place = match.end()
    return tokens


class _Parser:
    def __init__(self, text):
        self.text = text
        self.tokens = _tokens(text)
        self.place = 0

    def peek(self):
        return self.tokens[self.place] if self.place < len(self.tokens) else ("end", "")

    def take(self):
        token = self.peek()
        self.place += 1
        return token

    def sign(self, *signs):
        kind, value = self.peek()
        if kind == "sign" and value in signs:
            self.place += 1
            return value
        return None

    def need(self, sign):
        if not self.sign(sign):
            raise BadCondition("%r wanted in %r" % (sign, self.text))

    def whole(self):
        result = self.either()
        if self.peek()[0] != "end":
            raise BadCondition("more than one expression in %r" % self.text)
        return result

    def either(self):
        left = self.both()
        while self.sign("||"):
            left = ("or", left, self.both())
        return left

    def both(self):
        left = self.relation()
        while self.sign("&&"):
            left = ("and", left, self.relation())
        return left

    def relation(self):
        # Relations do not chain.
        left = self.sum()
        sign = self.sign(*RELATIONS)
        if sign:
            return ("compare", sign, left, self.sum())
        if self.peek() == ("name", "in"):
            self.take()
            return ("in", left, self.sum())
        return left

    def sum(self):
        left = self.product()
        while True:
            if self.sign("+"):
                left = ("add", left, self.product())
            elif self.sign("-"):
                left = ("subtract", left, self.product())
            else:
                return left

    def product(self):
        left = self.unary()
        while self.sign("*"):
            left = ("times", left, self.unary())
        return left

    def unary(self):
        # `!` binds closer than `==`, as in CEL.
        if self.sign("!"):
            return ("not", self.unary())
        if self.sign("-"):
            return ("minus", self.unary())
        return self.primary()

    def items(self, closing):
        items = []
        if not self.sign(closing):
            items.append(self.either())
            while self.sign(","):
                items.append(self.either())
            self.need(closing)
        return items

    def primary(self):
        kind, value = self.take()
        if kind == "number":
            return ("value", Fraction(value))
        if kind == "string":
            return ("value", _string(value))
        if kind == "sign" and value == "(":
            inner = self.either()
            self.need(")")
            return inner
        if kind == "sign" and value == "[":
            return ("list", self.items("]"))
        if kind == "name":
            if value in ("true", "false"):
                return ("value", value == "true")
            if value in ("in", "null"):
                raise BadCondition("%s cannot stand here in %r" % (value, self.text))
            return self.named(value)
        raise BadCondition("%r ends or breaks off" % self.text)

    def named(self, name):
        if not self.sign("("):
            return ("name", name)
        items = self.items(")")
        head, _, last = name.rpartition(".")
        if name == "has" and len(items) == 1 and items[0][0] == "name":
            return ("has", items[0][1])
        if head and last in TEXT_FUNCTIONS and len(items) == 1:
            return ("text", last, ("name", head), items[0])
        return ("call", name, items)


_parsed = {}


def parse(text):
    """The expression that a text says; remembered, since the same text always says the same."""
    if text not in _parsed:
        _parsed[text] = _Parser(text).whole()
    return _parsed[text]


def names(expression):
    """Every name that an expression reads."""
    kind = expression[0]
    if kind in ("name", "has"):
        return [expression[1]]
    found = []
    for part in expression[1:]:
        if isinstance(part, tuple):
            found += names(part)
        elif isinstance(part, list):
            for item in part:
                found += names(item)
    return found


def value_of(expression, read):
    """The value of an expression, UNSET included. `read(name)` gives a name's value."""
    kind = expression[0]
    if kind == "value":
        return expression[1]
    if kind == "name":
        return read(expression[1])
    if kind == "has":
        return read(expression[1]) is not UNSET
    # `!`, `&&` and `||` are plain Boolean on what holds.
    if kind == "not":
        return not _holds(expression[1], read)
    if kind == "and":
        return _holds(expression[1], read) and _holds(expression[2], read)
    if kind == "or":
        return _holds(expression[1], read) or _holds(expression[2], read)
    if kind == "compare":
        return _compare(expression[1], value_of(expression[2], read), value_of(expression[3], read))
    if kind == "in":
        return _among(value_of(expression[1], read), expression[2], read)
    if kind == "text":
        return _text(expression[1], value_of(expression[2], read), value_of(expression[3], read))
    if kind == "list":
        return [value_of(item, read) for item in expression[1]]
    if kind == "minus":
        inner = value_of(expression[1], read)
        return UNSET if inner is UNSET else -inner
    if kind in ("add", "subtract", "times"):
        # Arithmetic with an unset value is unset.
        left, right = value_of(expression[1], read), value_of(expression[2], read)
        if left is UNSET or right is UNSET:
            return UNSET
        return {"add": lambda: left + right, "subtract": lambda: left - right, "times": lambda: left * right}[kind]()
    raise BadCondition("no value for " + kind)


def _holds(expression, read):
    # An unset bool counts as false where a condition is wanted.
    value = value_of(expression, read)
    return False if value is UNSET else value is True


def _compare(sign, left, right):
    # A comparison with an unset value on either side is false, whatever the operator.
    if left is UNSET or right is UNSET:
        return False
    if sign == "==":
        return _same(left, right)
    if sign == "!=":
        return not _same(left, right)
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign]


def _same(left, right):
    # Python holds True == 1; the format has bools and numbers apart.
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def _among(value, items, read):
    # False for an unset value; an unset element equals nothing.
    if value is UNSET:
        return False
    elements = value_of(items, read)
    return any(element is not UNSET and _same(value, element) for element in elements)


def _text(function, value, part):
    if value is UNSET or part is UNSET:
        return False
    if function == "startsWith":
        return value.startswith(part)
    if function == "endsWith":
        return value.endswith(part)
    return part in value


def holds(text, read):
    """Whether a condition holds."""
    return _holds(parse(text), read)


def value(text, read):
    """The value of an expression."""
    return value_of(parse(text), read)
