"""Power Fx as far as topics use it: a reader and an evaluator, written from the pages of Power Fx on learn.microsoft.com
(operators, data types, Blank/Coalesce/IsBlank, If/Switch, Left/Mid/Right, Find, Text, looked up 2026-11-23).

Blank is None. Numbers are exact here; what a topic counts with, no page says.
"""

import re
from decimal import ROUND_UP, Context, Decimal

EXACT = Context(prec=400)
TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>"(?:[^"]|"")*")|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|'(?P<quoted>(?:[^']|'')+)'"""
    r"""|(?P<sign>\|\||&&|<>|<=|>=|[=<>!&+\-*/^%.,:(){}\[\]]))""",
    re.S,
)
# The least binding first. `in` binds less than a comparison, `&` more.
LEVELS = (("||",), ("&&",), ("in", "exactin"), ("=", "<>", "<", "<=", ">", ">="), ("&",), ("+", "-"), ("*", "/"))
FUNCTIONS = {
    "Blank": (0, 0), "Char": (1, 1), "Concatenate": (1, None), "Find": (2, 3), "If": (2, None), "Int": (1, 1),
    "IsBlank": (1, 1), "Left": (2, 2), "Len": (1, 1), "Max": (1, None), "Mid": (2, 3), "Min": (1, None), "Now": (0, 0),
    "Right": (2, 2), "RoundUp": (2, 2), "Substitute": (3, 3), "Switch": (3, None), "Text": (1, 3), "Upper": (1, 1),
}
SCOPES = ("Global", "Topic", "System", "DateTimeFormat")


class Unreadable(Exception):
    """A formula that Power Fx would refuse."""


def tokens(source):
    at, found = 0, []
    while source[at:].strip():
        match = TOKEN.match(source, at)
        if match is None:
            raise Unreadable("at %r" % source[at : at + 20])
        kind = match.lastgroup
        found.append((kind, match.group(kind)))
        at = match.end()
    return found + [("end", "")]


class Reader:
    """A tree of tuples: (kind, ..)."""

    def __init__(self, source):
        self.tokens, self.at = tokens(source), 0

    def next(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def is_next(self, *signs):
        kind, text = self.tokens[self.at]
        return text in signs and (kind == "sign" or (kind == "name" and text in ("in", "exactin")))

    def want(self, sign):
        if not self.is_next(sign):
            raise Unreadable("%r where %r is due" % (self.tokens[self.at][1], sign))
        self.next()

    def whole(self):
        tree = self.level(0)
        if self.tokens[self.at][0] != "end":
            raise Unreadable("%r after the end" % self.tokens[self.at][1])
        return tree

    def level(self, depth):
        if depth == len(LEVELS):
            return self.unary()
        left = self.level(depth + 1)
        while self.is_next(*LEVELS[depth]):
            sign = self.next()[1]
            left = ("two", sign, left, self.level(depth + 1))
        return left

    def unary(self):
        if self.is_next("!", "-"):
            return ("one", self.next()[1], self.unary())
        tree = self.primary()
        while self.is_next("."):
            self.next()
            kind, name = self.next()
            if kind not in ("name", "quoted"):
                raise Unreadable("%r is no field" % name)
            tree = ("field", tree, name.replace("''", "'"))
        return tree

    def several(self, end):
        found = []
        while not self.is_next(end):
            found.append(self.level(0))
            if not self.is_next(end):
                self.want(",")
        self.want(end)
        return found

    def primary(self):
        kind, text = self.next()
        if kind == "number":
            return ("value", Decimal(text))
        if kind == "text":
            return ("value", text[1:-1].replace('""', '"'))
        if kind == "name" and text in ("true", "false"):
            return ("value", text == "true")
        if kind == "name" and self.is_next("("):
            self.next()
            return self.call(text, self.several(")"))
        if kind in ("name", "quoted"):
            return ("name", text)
        if text == "(":
            tree = self.level(0)
            self.want(")")
            return tree
        if text == "{":
            return self.record()
        if text == "[":
            return ("table", self.several("]"))
        raise Unreadable("%r begins nothing" % text)

    def call(self, name, given):
        if name not in FUNCTIONS:
            raise Unreadable("no function %s" % name)
        least, most = FUNCTIONS[name]
        if len(given) < least or (most is not None and len(given) > most):
            raise Unreadable("%s with %d arguments" % (name, len(given)))
        return ("call", name, given)

    def record(self):
        fields = []
        while not self.is_next("}"):
            kind, name = self.next()
            if kind not in ("name", "quoted"):
                raise Unreadable("%r is no field" % name)
            self.want(":")
            fields.append((name.replace("''", "'"), self.level(0)))
            if not self.is_next("}"):
                self.want(",")
        self.want("}")
        return ("record", fields)


def read(source):
    """The tree of a formula; what follows the `=`."""
    return Reader(source).whole()


def template(text):
    """A text of a message: literal parts and trees, in order."""
    parts, at = [], 0
    while at < len(text):
        open_ = text.find("{", at)
        if open_ < 0:
            open_ = len(text)
        if "}" in text[at:open_]:
            raise Unreadable("a brace closes nothing")
        if open_ > at:
            parts.append(text[at:open_])
        if open_ == len(text):
            break
        close = text.find("}", open_)
        if close < 0:
            raise Unreadable("a brace is not closed")
        parts.append(read(text[open_ + 1 : close]))
        at = close + 1
    return parts


def names(tree):
    """Every variable of a tree, as (scope, name)."""
    kind = tree[0]
    if kind == "field" and tree[1] == ("name", tree[1][1]) and tree[1][0] == "name":
        yield tree[1][1], tree[2]
    elif kind == "name":
        yield tree[1], None
    elif kind == "field":
        yield from names(tree[1])
    elif kind == "one":
        yield from names(tree[2])
    elif kind == "two":
        yield from names(tree[2])
        yield from names(tree[3])
    elif kind == "call":
        for one in tree[2]:
            yield from names(one)
    elif kind == "record":
        for _, one in tree[1]:
            yield from names(one)
    elif kind == "table":
        for one in tree[1]:
            yield from names(one)


def figure(value):
    if value is None:
        return Decimal(0)
    if isinstance(value, bool) or not isinstance(value, Decimal):
        raise Unreadable("%r is no number" % (value,))
    return value


def words(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, str):
        return value
    raise Unreadable("%r is no text" % (value,))


def truth(value):
    if value is None:
        return False
    if not isinstance(value, bool):
        raise Unreadable("%r is neither true nor false" % (value,))
    return value


def same(left, right):
    if left is None or right is None:
        return left is None and right is None
    if type(left) is not type(right):
        raise Unreadable("%r and %r are not compared" % (left, right))
    return left == right


def evaluate(tree, scopes):
    """What a formula gives. `scopes` are the variables by scope."""
    kind = tree[0]
    if kind == "value":
        return tree[1]
    if kind == "name":
        if tree[1] not in scopes:
            raise Unreadable("no name %s" % tree[1])
        return scopes[tree[1]]
    if kind == "field":
        holder = evaluate(tree[1], scopes)
        return None if holder is None else holder.get(tree[2])
    if kind == "one":
        value = evaluate(tree[2], scopes)
        return not truth(value) if tree[1] == "!" else -figure(value)
    if kind == "record":
        return {name: evaluate(one, scopes) for name, one in tree[1]}
    if kind == "table":
        return [evaluate(one, scopes) for one in tree[1]]
    if kind == "call":
        return called(tree[1], tree[2], scopes)
    return joined(tree[1], tree[2], tree[3], scopes)


def joined(sign, left, right, scopes):
    if sign == "&&":
        return truth(evaluate(left, scopes)) and truth(evaluate(right, scopes))
    if sign == "||":
        return truth(evaluate(left, scopes)) or truth(evaluate(right, scopes))
    a, b = evaluate(left, scopes), evaluate(right, scopes)
    if sign in ("=", "<>"):
        return same(a, b) == (sign == "=")
    if sign == "&":
        return words(a) + words(b)
    if sign == "exactin":
        return words(a) in words(b)
    if sign == "in":
        return words(a).lower() in words(b).lower()
    a, b = figure(a), figure(b)
    if sign in ("<", "<=", ">", ">="):
        return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[sign]
    if sign == "/":
        return a / b
    return {"+": EXACT.add, "-": EXACT.subtract, "*": EXACT.multiply}[sign](a, b)


def called(name, given, scopes):
    if name in ("If", "Switch"):
        return chosen(name, given, scopes)
    values = [evaluate(one, scopes) for one in given]
    if name in ("Max", "Min"):
        figures = [figure(value) for value in values if value is not None]
        return (max if name == "Max" else min)(figures) if figures else None
    return ONE_BY_ONE[name](*values)


def chosen(name, given, scopes):
    if name == "If":
        at = 0
        while at + 1 < len(given):
            if truth(evaluate(given[at], scopes)):
                return evaluate(given[at + 1], scopes)
            at += 2
        return evaluate(given[at], scopes) if at < len(given) else None
    subject, at = evaluate(given[0], scopes), 1
    while at + 1 < len(given):
        if same(subject, evaluate(given[at], scopes)):
            return evaluate(given[at + 1], scopes)
        at += 2
    return evaluate(given[at], scopes) if at < len(given) else None


def find(sought, text, begin=Decimal(1)):
    at = words(text).find(words(sought), int(figure(begin)) - 1)
    return None if at < 0 else Decimal(at + 1)


def part(text, begin, count=None):
    text, begin = words(text), int(figure(begin)) - 1
    return text[begin:] if count is None else text[begin : begin + int(figure(count))]


def right(text, count):
    count = int(figure(count))
    return words(text)[-count:] if count else ""


ONE_BY_ONE = {
    "Blank": lambda: None,
    "Char": lambda code: chr(int(figure(code))),
    "Concatenate": lambda *parts: "".join(words(one) for one in parts),
    "Find": find,
    "Int": lambda value: None if value is None else figure(value).to_integral_value("ROUND_FLOOR"),
    "IsBlank": lambda value: value is None or value == "",
    "Left": lambda text, count: words(text)[: int(figure(count))],
    "Len": lambda text: Decimal(len(words(text).encode("utf-16-le")) // 2),
    "Mid": part,
    "Now": lambda: "2026-11-23T00:00:00Z",
    "Right": right,
    "RoundUp": lambda value, places: figure(value).quantize(Decimal(1).scaleb(-int(figure(places))), ROUND_UP, EXACT),
    "Substitute": lambda text, old, new: words(text).replace(words(old), words(new)) if words(old) else words(text),
    "Text": lambda value, *form: words(value),
    "Upper": lambda text: words(text).upper(),
}
