"""The condition language of Dialogflow CX, and the values that parameters are set to: a parser of its own.

Read from the page on conditions (2026-04-13): a reference on the left, `: = != < <= > >=`, a literal, `null` or another
reference on the right; AND, OR and NOT in capitals; AND and OR side by side only with parentheses; true and false.
"""

import re

TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"\\]*")|(?P<number>-?\d+(?:\.\d+)?)(?![\w.])|(?P<ref>\$[A-Za-z][\w.\-]*)|(?P<op>!=|<=|>=|[:=<>])
    |(?P<paren>[()])|(?P<word>[A-Za-z]+))""",
    re.VERBOSE,
)
PARAMETER = re.compile(r"\$session\.params\.([A-Za-z_][\w\-]*)")
REFERENCES = (
    PARAMETER,
    re.compile(r"\$page\.params\.status"),
    re.compile(r"\$request\.sentiment\.(?:score|magnitude|succeeded)"),
    re.compile(r"\$request\.user-utterance"),
)
VALUE = re.compile(
    r"\$session\.params\.[A-Za-z_][\w\-]*"
    r"|\$sys\.func\.ADD\(\$session\.params\.[A-Za-z_][\w\-]*, -?\d+\)"
    r"|\$sys\.func\.CONCATENATE\(\$session\.params\.[A-Za-z_][\w\-]*, \"[^\"\\$]*\"\)"
)


class Wrong(Exception):
    """What is wrong with a condition."""


def parse(text):
    """A condition as a tree: ("and", ..), ("or", ..), ("not", x), ("is", ref, op, kind, value) or a bool."""
    tokens, at = [], 0
    while text[at:].strip():
        found = TOKEN.match(text, at)
        if not found:
            raise Wrong("cannot be read at %r" % text[at : at + 20])
        tokens.append((found.lastgroup, found.group(found.lastgroup)))
        at = found.end()
    tree, rest = several(tokens)
    if rest:
        raise Wrong("goes on with %r" % rest[0][1])
    return tree


def several(tokens):
    first, tokens = single(tokens)
    parts, word = [first], None
    while tokens and tokens[0] in (("word", "AND"), ("word", "OR")):
        if word not in (None, tokens[0][1]):
            raise Wrong("mixes AND and OR without parentheses")
        word = tokens[0][1]
        part, tokens = single(tokens[1:])
        parts.append(part)
    return (parts[0] if word is None else (word.lower(), *parts)), tokens


def single(tokens):
    if not tokens:
        raise Wrong("ends too early")
    (kind, text), rest = tokens[0], tokens[1:]
    if (kind, text) == ("word", "NOT"):
        inner, rest = single(rest)
        return ("not", inner), rest
    if text == "(":
        inner, rest = several(rest)
        if not rest or rest[0][1] != ")":
            raise Wrong("a parenthesis is not closed")
        return inner, rest[1:]
    if kind == "word" and text in ("true", "false"):
        return text == "true", rest
    if kind != "ref" or not any(known.fullmatch(text) for known in REFERENCES):
        raise Wrong("has %r where a reference stands" % text)
    if len(rest) < 2 or rest[0][0] != "op":
        raise Wrong("compares %s with nothing" % text)
    op, (right, value) = rest[0][1], rest[1]
    if right == "word" and value not in ("true", "false", "null"):
        raise Wrong("compares with the word %r" % value)
    if right in ("op", "paren"):
        raise Wrong("compares %s with %r" % (text, value))
    if right == "ref" and not any(known.fullmatch(value) for known in REFERENCES):
        raise Wrong("compares with %r" % value)
    if right == "word" and op not in ("=", "!="):
        raise Wrong("orders %s and %s" % (text, value))
    return ("is", text, op, right, value), rest[2:]


def parameters(tree):
    """The session parameters of a condition."""
    if isinstance(tree, bool):
        return set()
    if tree[0] == "is":
        both = (PARAMETER.fullmatch(side) for side in (tree[1], tree[4]) if side.startswith("$"))
        return {found.group(1) for found in both if found}
    return set().union(*(parameters(part) for part in tree[1:]))


def guarded(tree, unsettable, sure=frozenset()):
    """Every comparison of a parameter that may be unset, with nothing that says what then. `sure` are those known to be
    set here. `= true` and `= false` are false for what is not there."""
    if isinstance(tree, bool):
        return []
    if tree[0] == "not":
        return guarded(tree[1], unsettable, sure)
    if tree[0] == "is":
        found = PARAMETER.fullmatch(tree[1])
        plain = tree[3] == "word" and (tree[4] == "null" or tree[2] == "=")
        return [found.group(1)] if found and found.group(1) in unsettable - sure and not plain else []
    wanted = "!=" if tree[0] == "and" else "="
    told = {
        PARAMETER.fullmatch(part[1]).group(1)
        for part in tree[1:]
        if not isinstance(part, bool) and part[0] == "is" and part[2:] == (wanted, "word", "null")
        and PARAMETER.fullmatch(part[1])
    }
    return [name for part in tree[1:] for name in guarded(part, unsettable, sure | told)]
