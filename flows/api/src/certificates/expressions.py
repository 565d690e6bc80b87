"""Adaptive expressions as far as exports to Composer use them: a reader and an evaluator, written from Microsoft's page of their
prebuilt functions and tried against adaptive-expressions itself.

A value that is not there is None. A comparison that fails is false within a condition, as the runtime takes it.
"""

import json
import math
import re
import sys
from urllib.parse import quote

TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'(?:[^'\\]|\\.)*')|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"""
    r"""|(?P<sign>\|\||&&|==|!=|<=|>=|[<>!+\-*/.,()\[\]]))""",
    re.S,
)
LEVELS = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "/"))
SIGNS = {"n": "\n", "r": "\r", "t": "\t"}
KNOWN = {}


class Unreadable(Exception):
    """An expression that the runtime would refuse."""


class Failed(Exception):
    """An expression without a value: what it is given is of another type."""


def tokens(source):
    at, found = 0, []
    while source[at:].strip():
        match = TOKEN.match(source, at)
        if match is None:
            raise Unreadable("at %r" % source[at : at + 20])
        found.append((match.lastgroup, match.group(match.lastgroup)))
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
        return kind == "sign" and text in signs

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
        while self.is_next(".", "["):
            if self.next()[1] == ".":
                kind, name = self.next()
                if kind != "name":
                    raise Unreadable("%r is no property" % name)
                tree = ("of", tree, ("value", name))
            else:
                tree = ("of", tree, self.level(0))
                self.want("]")
        return tree

    def primary(self):
        kind, text = self.next()
        if kind == "number":
            return ("value", float(text) if "." in text else int(text))
        if kind == "text":
            return ("value", re.sub(r"\\(.)", lambda found: SIGNS.get(found.group(1), found.group(1)), text[1:-1], flags=re.S))
        if kind == "name" and self.is_next("("):
            self.next()
            return self.call(text)
        if kind == "name":
            words = {"true": True, "false": False, "null": None}
            return ("value", words[text]) if text in words else ("name", text)
        if text == "(":
            tree = self.level(0)
            self.want(")")
            return tree
        raise Unreadable("%r begins nothing" % text)

    def call(self, name):
        given = []
        while not self.is_next(")"):
            given.append(self.level(0))
            if not self.is_next(")"):
                self.want(",")
        self.want(")")
        if name not in PLAIN and name not in LAZY:
            raise Unreadable("no function %s" % name)
        return ("call", name, given)


def read(source):
    """The tree of an expression; what follows the `=`."""
    if source not in KNOWN:
        KNOWN[source] = Reader(source).whole()
    return KNOWN[source]


def held(holder, key):
    """A property, whatever the case of its letters, or an item."""
    if isinstance(holder, list) and isinstance(key, int) and not isinstance(key, bool):
        if not 0 <= key < len(holder):
            raise Failed("no item %s" % key)
        return holder[key]
    if not isinstance(holder, dict):
        return None
    if key in holder:
        return holder[key]
    same = (one for one in holder if isinstance(key, str) and one.lower() == key.lower())
    return holder.get(next(same, None))


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def same(left, right):
    if is_number(left) and is_number(right):
        return abs(left - right) < sys.float_info.epsilon
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return type(left) is type(right) and left == right


def truth(value):
    """A number is true, too, be it nought; what is not there is not."""
    return value is not None and value is not False


def holds(tree, memory):
    """Whether a condition holds; one that fails does not."""
    try:
        return truth(evaluate(tree, memory))
    except Failed:
        return False


def evaluate(tree, memory):
    """What an expression gives. `memory` has the scopes by their names."""
    kind = tree[0]
    if kind == "value":
        return tree[1]
    if kind == "name":
        return memory.get(tree[1])
    if kind == "of":
        holder = evaluate(tree[1], memory)
        return None if holder is None else held(holder, evaluate(tree[2], memory))
    if kind == "one":
        if tree[1] == "!":
            return not holds(tree[2], memory)
        return -number(evaluate(tree[2], memory))
    if kind == "call":
        name, given = tree[1], tree[2]
        return LAZY[name](given, memory) if name in LAZY else PLAIN[name](*(evaluate(one, memory) for one in given))
    sign = tree[1]
    if sign == "&&":
        return holds(tree[2], memory) and holds(tree[3], memory)
    if sign == "||":
        return holds(tree[2], memory) or holds(tree[3], memory)
    left, right = evaluate(tree[2], memory), evaluate(tree[3], memory)
    if sign in ("==", "!="):
        return same(left, right) == (sign == "==")
    return ordered(sign, left, right) if sign in ("<", "<=", ">", ">=") else calculated(sign, left, right)


def ordered(sign, left, right):
    if not (is_number(left) and is_number(right)) and not (isinstance(left, str) and isinstance(right, str)):
        raise Failed("%r and %r are not compared" % (left, right))
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign]


def calculated(sign, left, right):
    if sign == "+" and (isinstance(left, str) or isinstance(right, str)):
        return words(left) + words(right)
    left, right = number(left), number(right)
    if sign == "/":
        raise Failed("no export divides")
    return {"+": left + right, "-": left - right, "*": left * right}[sign]


def number(value):
    if not is_number(value):
        raise Failed("%r is no number" % (value,))
    return value


def text(value):
    if value is not None and not isinstance(value, str):
        raise Failed("%r is no text" % (value,))
    return value or ""


def listed(value):
    if not isinstance(value, list):
        raise Failed("%r is no list" % (value,))
    return value


def words(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else str(value) if is_number(value) else stringified(value)


def stringified(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def contains(holder, sought):
    if isinstance(holder, str):
        return isinstance(sought, str) and sought in holder
    if isinstance(holder, list):
        return any(same(one, sought) for one in holder)
    return isinstance(holder, dict) and isinstance(sought, str) and any(key.lower() == sought.lower() for key in holder)


def rounded(value, places=0):
    power = 10**places
    whole = math.floor(number(value) * power + 0.5)
    return whole / power if places else whole


def united(*lists):
    found = []
    for one in (item for each in lists for item in listed(each)):
        if not any(same(one, known) for known in found):
            found.append(one)
    return found


def with_property(holder, key, value):
    made = dict(holder)
    if value is None:
        made.pop(key, None)
    else:
        made[key] = value
    return made


def part(value, begin, count):
    if begin < 0 or begin + count > len(text(value)):
        raise Failed("there are not so many characters")
    return value[begin : begin + count]


def sublist(value, begin, end=None):
    return listed(value)[begin:end]


def replaced(value, old, new):
    if not old:
        raise Failed("nothing is replaced")
    return text(value).replace(old, text(new))


def of_pattern(value, pattern, new):
    """Every place of a pattern, in large and small letters; `$1` is its first part, `$$` a dollar."""
    if not pattern:
        raise Failed("nothing is replaced")

    def put(found):
        return re.sub(r"\$([$\d])", lambda one: "$" if one.group(1) == "$" else found.group(int(one.group(1))) or "", text(new))

    return re.sub(text(pattern), put, text(value), flags=re.IGNORECASE)


def split(value, sign):
    return text(value).split(sign)


def chosen(given, memory):
    return evaluate(given[1] if holds(given[0], memory) else given[2], memory)


def each(given, memory):
    items, name = evaluate(given[0], memory), given[1][1]
    return [evaluate(given[2], {**memory, name: item}) for item in listed(items)]


def those(given, memory):
    items, name = evaluate(given[0], memory), given[1][1]
    return [item for item in listed(items) if holds(given[2], {**memory, name: item})]


def exists(given, memory):
    try:
        return evaluate(given[0], memory) is not None
    except Failed:
        return False


LAZY = {"if": chosen, "foreach": each, "where": those, "exists": exists}
PLAIN = {
    "ceiling": lambda value: math.ceil(number(value)),
    "coalesce": lambda *values: next((value for value in values if value is not None), None),
    "concat": lambda *values: "".join(words(value) for value in values),
    "contains": contains,
    "count": lambda value: len(value) if isinstance(value, (list, dict, str)) else len(listed(value)),
    "createArray": lambda *values: list(values),
    "endsWith": lambda value, end: text(value).endswith(text(end)),
    "first": lambda value: value[0] if isinstance(value, (list, str)) and value else None,
    "formatNumber": lambda value, places, _: "{:,.{}f}".format(number(value), places),
    "isBoolean": lambda value: isinstance(value, bool),
    "isFloat": lambda value: is_number(value) and value != int(value),
    "isInteger": lambda value: is_number(value) and value == int(value),
    "isString": lambda value: isinstance(value, str),
    "join": lambda values, sign: sign.join(words(value) for value in listed(values)),
    "json": lambda value: json.loads(text(value)),
    "jsonStringify": stringified,
    "length": lambda value: len(text(value).encode("utf-16-le")) // 2,
    "max": lambda *values: max(number(value) for value in values),
    "min": lambda *values: min(number(value) for value in values),
    "replace": replaced,
    "replaceIgnoreCase": of_pattern,
    "round": rounded,
    "setProperty": with_property,
    "split": split,
    "startsWith": lambda value, begin: text(value).startswith(text(begin)),
    "subArray": sublist,
    "substring": part,
    "toLower": lambda value: text(value).lower(),
    "toUpper": lambda value: text(value).upper(),
    "union": united,
    "uriComponent": lambda value: quote(text(value), safe="!'()*-._~"),
    "utcNow": lambda: "2026-11-23T00:00:00.000Z",
}
