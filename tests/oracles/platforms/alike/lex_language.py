"""Amazon Lex V2: expressions of conditional branches.

Facts: "Add conditions to branch conversations" (docs.aws.amazon.com/lexv2/latest/dg/paths-branching.html, 2026-11): the
left side is `{slot}`, `[session attribute]`, `((request attribute))` or a JSON path `$.…`, the right side a constant;
`= != < <= > >=`, AND/&&, OR/||, NOT/!; `{slots} CONTAINS "x"`; functions fn.IS_SET, fn.COUNT, fn.LENGTH; strings are
compared without regard to case; an expression on an attribute that is not set is not valid and is not evaluated.
"""

import re

TOKEN = re.compile(
    r"""\s*(?:
        (?P<fn>fn\.(?:IS_SET|COUNT|LENGTH))
      | (?P<request>\(\([^()]+\)\))
      | (?P<attribute>\[[^\]]+\])
      | (?P<slot>\{[^}]+\})
      | (?P<path>\$\.[A-Za-z0-9_.\[\]]+)
      | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<op><=|>=|!=|=|<|>)
      | (?P<joint>&&|\|\||!)
      | (?P<punct>[()])
      | (?P<word>[A-Za-z]+)
    )""",
    re.X,
)
OPERANDS = ("attribute", "slot", "request", "path")


class ExpressionError(ValueError):
    """An expression that Lex would not take."""


class NotSet(Exception):
    """Something in the expression is not set: it is not evaluated."""


def tokens(text):
    if len(text) > 1024:
        raise ExpressionError("longer than 1024: %r" % text[:60])
    found, at = [], 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if not match:
            raise ExpressionError("cannot read %r at %d" % (text, at))
        kind, value = match.lastgroup, match.group(match.lastgroup)
        value = {"&&": "AND", "||": "OR", "!": "NOT"}.get(value, value) if kind == "joint" else value
        kind = "word" if kind == "joint" else kind
        # `((a = 1) AND …)` opens two parentheses and names no request attribute.
        if kind == "request" and not re.fullmatch(r"\(\([\w.:-]+\)\)", value):
            kind, value, end = "punct", "(", match.start(kind) + 1
            found.append((kind, value))
            at = end
            continue
        found.append((kind, value))
        at = match.end()
    return found


class Parser:
    """An expression as nested tuples; AND binds closer than OR."""

    def __init__(self, text):
        self.text = text
        self.tokens = tokens(text)
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else (None, None)

    def take(self):
        token = self.peek()
        self.at += 1
        return token

    def fail(self, why):
        raise ExpressionError("%s in %r" % (why, self.text))

    def whole(self):
        made = self.either()
        if self.at != len(self.tokens):
            self.fail("unexpected %r" % (self.peek()[1],))
        return made

    def either(self):
        parts = [self.both()]
        while self.peek() == ("word", "OR"):
            self.take()
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else ("OR", parts)

    def both(self):
        parts = [self.one()]
        while self.peek() == ("word", "AND"):
            self.take()
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else ("AND", parts)

    def one(self):
        kind, value = self.peek()
        if (kind, value) == ("word", "NOT"):
            self.take()
            return ("NOT", self.one())
        if (kind, value) == ("punct", "("):
            self.take()
            made = self.either()
            self.close()
            return made
        left = self.left()
        kind, value = self.peek()
        if kind == "op" or (kind, value) == ("word", "CONTAINS"):
            self.take()
            return ("compare", value, left, self.constant())
        if left[0] == "IS_SET":
            return left
        return self.fail("no comparison")

    def left(self):
        kind, value = self.take()
        if kind == "fn":
            if self.take() != ("punct", "("):
                self.fail("%s without its argument" % value)
            inner, name = self.take()
            if inner not in OPERANDS:
                self.fail("%s of no attribute" % value)
            self.close()
            return (value[len("fn.") :], (inner, name))
        if kind not in OPERANDS:
            self.fail("the left side is no attribute")
        return (kind, value)

    def constant(self):
        kind, value = self.take()
        if kind == "string":
            return re.sub(r"\\(.)", r"\1", value[1:-1])
        if kind == "number":
            return float(value)
        if kind == "word" and value in ("true", "false"):
            return value
        return self.fail("the right side is no constant")

    def close(self):
        if self.take() != ("punct", ")"):
            self.fail("a parenthesis is not closed")


PARSED = {}


def parse(text):
    """The expression, or an `ExpressionError`."""
    if text not in PARSED:
        PARSED[text] = Parser(text).whole()
    return PARSED[text]


def holds(text, scope):
    """Whether an expression holds; one that meets something not set is not evaluated and so does not."""
    try:
        return decide(parse(text), scope)
    except NotSet:
        return False


def decide(made, scope):
    kind = made[0]
    if kind == "AND":
        return all(decide(part, scope) for part in made[1])
    if kind == "OR":
        return any(decide(part, scope) for part in made[1])
    if kind == "NOT":
        return not decide(made[1], scope)
    if kind == "IS_SET":
        return scope.attribute(*made[1]) is not None
    _, op, left, right = made
    return compare(op, value_of(left, scope), right)


def value_of(left, scope):
    if left[0] == "IS_SET":
        return "true" if scope.attribute(*left[1]) is not None else "false"
    if left[0] in ("COUNT", "LENGTH"):
        value = scope.attribute(*left[1])
        if value is None:
            raise NotSet
        return str(len(value))
    value = scope.attribute(*left)
    if value is None:
        raise NotSet
    return value


def compare(op, left, right):
    if op == "CONTAINS":
        return isinstance(left, list) and str(right).lower() in [str(one).lower() for one in left]
    if isinstance(right, float) or op not in ("=", "!="):
        try:
            left, right = float(left), float(right)
        except (TypeError, ValueError):
            return op == "!="
    else:
        left, right = str(left).lower(), str(right).lower()
    return {
        "=": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[op]
