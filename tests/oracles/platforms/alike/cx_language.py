"""Dialogflow CX: conditions, system functions and references in texts.

Facts: "Conditions reference" (cloud.google.com/dialogflow/cx/docs/reference/condition, 2026-04-13): the left side is a
reference, the right side is cast to the type of the left, `:` is a substring search on strings and `=` on the rest, AND
and OR may not be mixed without parentheses, `null` and "" may be tested, `true` always holds. Function calls on the left
and bare words on the right occur in agents as exported (`$sys.func.COUNT($flow.x) = 0`, `$page.params.status = FINAL`).
"""

import json
import re

TOKEN = re.compile(
    r"""\s*(?:
        (?P<ref>\$[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_-]*)*(?:\[\d+\])*(?:\.[A-Za-z_][A-Za-z0-9_-]*)*)
      | (?P<string>"(?:\\.|[^"\\])*")
      | (?P<op><=|>=|!=|=|<|>|:)
      | (?P<punct>[(),])
      | (?P<word>[^\s()=!<>:,"$]+)
    )""",
    re.X,
)
REFERENCE = re.compile(r"\$[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*(?:-+[A-Za-z0-9_]+)*)+(?:\[\d+\])*")


class ConditionError(ValueError):
    """A condition that Dialogflow CX would not take."""


class FunctionError(ValueError):
    """A system function that cannot answer."""


def tokens(text):
    found, at = [], 0
    while at < len(text):
        if not text[at:].strip():
            break
        match = TOKEN.match(text, at)
        if not match or match.end() == at:
            raise ConditionError("cannot read %r at %d" % (text, at))
        found.append((match.lastgroup, match.group(match.lastgroup)))
        at = match.end()
    return found


class Parser:
    """A condition as nested tuples."""

    def __init__(self, text):
        self.text = text
        self.tokens = tokens(text)
        self.at = 0

    def peek(self, ahead=0):
        at = self.at + ahead
        return self.tokens[at] if at < len(self.tokens) else (None, None)

    def take(self):
        token = self.peek()
        self.at += 1
        return token

    def fail(self, why):
        raise ConditionError("%s in %r" % (why, self.text))

    def whole(self):
        made = self.expression()
        if self.at != len(self.tokens):
            self.fail("unexpected %r" % (self.peek()[1],))
        return made

    def expression(self):
        parts, joint = [self.term()], None
        while self.peek() in (("word", "AND"), ("word", "OR")):
            word = self.take()[1]
            if joint and word != joint:
                self.fail("AND and OR mixed without parentheses")
            joint = word
            parts.append(self.term())
        return parts[0] if joint is None else (joint, parts)

    def term(self):
        kind, value = self.peek()
        if (kind, value) == ("word", "NOT"):
            self.take()
            return ("NOT", self.term())
        if (kind, value) == ("punct", "("):
            self.take()
            made = self.expression()
            if self.take() != ("punct", ")"):
                self.fail("a parenthesis is not closed")
            return made
        if kind == "word" and value in ("true", "false") and self.peek(1)[0] != "op":
            self.take()
            return ("constant", value == "true")
        return self.comparison()

    def comparison(self):
        left = self.operand()
        if left[0] not in ("ref", "call"):
            self.fail("the left side is no reference")
        kind, op = self.take()
        if kind != "op":
            self.fail("no comparison")
        return ("compare", op, left, self.operand())

    def operand(self):
        kind, value = self.take()
        if kind == "ref":
            if value.startswith("$sys.func."):
                return self.call(value[len("$sys.func.") :])
            return ("ref", value)
        if kind == "string":
            return ("literal", unquoted(value))
        if kind == "word" and value not in ("AND", "OR", "NOT"):
            return ("word", value)
        return self.fail("no value")

    def call(self, name):
        if self.take() != ("punct", "("):
            self.fail("%s without its arguments" % name)
        given = []
        while self.peek() != ("punct", ")"):
            given.append(self.operand())
            if self.peek() == ("punct", ","):
                self.take()
            elif self.peek() != ("punct", ")"):
                self.fail("arguments of %s" % name)
        self.take()
        return ("call", name, given)


def unquoted(text):
    return re.sub(r"\\(.)", r"\1", text[1:-1])


PARSED = {}


def parse(text):
    """The condition, or a `ConditionError`."""
    if text not in PARSED:
        PARSED[text] = Parser(text).whole()
    return PARSED[text]


def holds(text, scope):
    """Whether a condition holds; `scope` answers `lookup(reference)`."""
    return decide(parse(text), scope)


def decide(made, scope):
    kind = made[0]
    if kind == "AND":
        return all(decide(part, scope) for part in made[1])
    if kind == "OR":
        return any(decide(part, scope) for part in made[1])
    if kind == "NOT":
        return not decide(made[1], scope)
    if kind == "constant":
        return made[1]
    _, op, left, right = made
    return compare(op, value_of(left, scope), right, scope)


def value_of(made, scope):
    if made[0] == "ref":
        return scope.lookup(made[1])
    if made[0] == "literal":
        return made[1]
    if made[0] == "word":
        return word_value(made[1])
    return function(made[1], [value_of(one, scope) for one in made[2]], scope)


def word_value(word):
    if word in ("true", "false"):
        return word == "true"
    if word == "null":
        return None
    try:
        return float(word)
    except ValueError:
        return word


def compare(op, left, right_made, scope):
    right = value_of(right_made, scope)
    # A value that is not there equals null alone; it is not below, above or within anything.
    if left is None or right is None:
        same = left is None and right is None
        return same if op in ("=", ":") else (not same if op == "!=" else False)
    left, right = cast(left, right)
    if right is None:
        return op == "!="
    if op == ":":
        return right in left if isinstance(left, str) else left == right
    if op == "=":
        return left == right
    if op == "!=":
        return left != right
    if isinstance(left, bool) or isinstance(left, (list, dict)):
        return False
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[op]


def cast(left, right):
    """The right side in the type of the left; None where it has no such value."""
    if isinstance(left, bool):
        known = {"true": True, "false": False}
        return left, right if isinstance(right, bool) else known.get(str(right).lower())
    if isinstance(left, (int, float)):
        try:
            return float(left), None if isinstance(right, bool) else float(right)
        except (TypeError, ValueError):
            return left, None
    if isinstance(left, str):
        return left, text_of(right)
    return left, right


def text_of(value):
    """A value as it stands in a text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def number(value, name):
    if isinstance(value, bool) or value is None:
        raise FunctionError("%s: %r is no number" % (name, value))
    try:
        return float(value)
    except (TypeError, ValueError):
        raise FunctionError("%s: %r is no number" % (name, value)) from None


def function(name, given, scope):
    """A system function. Names from the reference of system functions and from exported agents."""
    made = FUNCTIONS.get(name)
    if made is None:
        raise FunctionError("no function is named %s" % name)
    if name == "IF":
        condition, yes, no = given
        return yes if holds(text_of(condition), scope) else no
    try:
        return made(*given)
    except (TypeError, IndexError, KeyError, AttributeError) as error:
        raise FunctionError("%s: %s" % (name, error)) from None


def _sum(*given):
    return sum(number(one, "ADD") for one in given)


def _product(*given):
    whole = 1.0
    for one in given:
        whole *= number(one, "MULTIPLY")
    return whole


def _round(value, digits=0.0):
    return float(round(number(value, "ROUND"), int(digits)))


def _field(value, *names):
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _mid(text, begin, end=None):
    text = text_of(text)
    return text[int(begin) : int(end) if end is not None else None]


def _object(text):
    try:
        return json.loads(text_of(text))
    except ValueError:
        raise FunctionError("TO_OBJECT: no JSON") from None


FUNCTIONS = {
    "ADD": _sum,
    "MINUS": lambda a, b: number(a, "MINUS") - number(b, "MINUS"),
    "MULTIPLY": _product,
    "DIVIDE": lambda a, b: number(a, "DIVIDE") / number(b, "DIVIDE"),
    "ROUND": _round,
    "IF": True,
    "TO_TEXT": text_of,
    "TO_NUMBER": lambda a: number(a, "TO_NUMBER"),
    "TO_OBJECT": _object,
    "LEN": lambda a: float(len(text_of(a))),
    "COUNT": lambda a: float(len(a)) if isinstance(a, list) else (0.0 if a is None else 1.0),
    "LOWER": lambda a: text_of(a).lower(),
    "UPPER": lambda a: text_of(a).upper(),
    "CONCATENATE": lambda *a: "".join(text_of(one) for one in a),
    "APPEND": lambda a, *b: (a if isinstance(a, list) else ([] if a is None else [a])) + list(b),
    "CONTAIN": lambda a, b: b in a if isinstance(a, list) else text_of(b) in text_of(a),
    "GET": lambda a, at: a[int(at)],
    "GET_FIELD": _field,
    "NESTED_FIELD": lambda a, path: _field(a, *text_of(path).split(".")),
    "MID": _mid,
    "JOIN": lambda sep, *a: text_of(sep).join(text_of(one) for one in (a[0] if isinstance(a[0], list) else a)),
    "SPLIT": lambda a, sep: text_of(a).split(text_of(sep)),
    "SUBSTITUTE": lambda a, b, c: text_of(a).replace(text_of(b), text_of(c)),
    "IDENTITY": lambda a: a,
    "UNIQUE": lambda a: [one for at, one in enumerate(a) if one not in a[:at]],
    "REMOVE": lambda a, b: [one for one in a if one != b],
    "MATCH": lambda a, pattern: re.fullmatch(text_of(pattern), text_of(a)) is not None,
}


def filled(value, scope):
    """A preset or a text: a lone reference or call keeps its type, anything else is text with references filled in."""
    if isinstance(value, list):
        return [filled(one, scope) for one in value]
    if isinstance(value, dict):
        return {key: filled(one, scope) for key, one in value.items()}
    if not isinstance(value, str) or "$" not in value:
        return value
    whole = alone(value)
    if whole is not None:
        return value_of(whole, scope)
    return in_text(value, scope)


def alone(text):
    """The reference or call that is the whole text."""
    stripped = text.strip()
    if not stripped.startswith("$"):
        return None
    try:
        parser = Parser(stripped)
        made = parser.operand()
    except ConditionError:
        return None
    return made if parser.at == len(parser.tokens) and made[0] in ("ref", "call") else None


def in_text(text, scope):
    made, at = "", 0
    while True:
        start = text.find("$", at)
        if start < 0:
            return made + text[at:]
        made += text[at:start]
        if text.startswith("$sys.func.", start):
            end = closing(text, start)
            whole = alone(text[start:end])
            made += text_of(value_of(whole, scope)) if whole else text[start:end]
            at = end
            continue
        match = REFERENCE.match(text, start)
        if match:
            made += text_of(scope.lookup(match.group()))
            at = match.end()
        else:
            made += "$"
            at = start + 1


def closing(text, start):
    """After the parenthesis that closes a call."""
    depth, quoted, at = 0, False, start
    while at < len(text):
        letter = text[at]
        if quoted:
            at += letter == "\\"
            quoted = letter != '"'
        elif letter == '"':
            quoted = True
        elif letter in "()":
            depth += 1 if letter == "(" else -1
            if depth == 0:
                return at + 1
        at += 1
    return len(text)
