"""YAML as exports write it: blocks of maps and lists, a scalar a line, plain or in double quotes; no anchors, no comments."""

import re

ESCAPED = re.compile(r'\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))', re.S)
SIGNS = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
WHOLE = re.compile(r"-?\d+\Z")


class Unreadable(Exception):
    """A line that no export writes."""


def unescaped(found):
    code = found.group(1) or found.group(2) or found.group(3)
    return chr(int(code, 16)) if code else SIGNS.get(found.group(4), found.group(4))


def scalar(text):
    if text in ("[]", "{}"):
        return [] if text == "[]" else {}
    if text in ("true", "false"):
        return text == "true"
    if WHOLE.match(text):
        return int(text)
    if text.startswith('"'):
        if QUOTED.fullmatch(text) is None:
            raise Unreadable(text)
        return ESCAPED.sub(unescaped, text[1:-1])
    return text


def entry(text):
    """A key, and what stands behind it on its line."""
    if text.startswith('"'):
        end = QUOTED.match(text).end()
        if text[end : end + 1] != ":":
            raise Unreadable(text)
        return scalar(text[:end]), text[end + 1 :].strip()
    key, colon, rest = text.partition(": ") if ": " in text else (text[:-1], text[-1:], "")
    if not colon or not key:
        raise Unreadable(text)
    return key, rest


def read(text):
    """The tree of a file."""
    lines = [(len(line) - len(line.lstrip(" ")), line.strip(" ")) for line in text.split("\n") if line.strip(" ")]
    tree, at = block(lines, 0) if lines else (None, 0)
    if at != len(lines):
        raise Unreadable(lines[at][1])
    return tree


def block(lines, at):
    """The map or list that begins at a line, and the line behind it."""
    indent, first = lines[at]
    if first.startswith("- "):
        return listed(lines, at, indent)
    if len(lines) == 1 and not re.search(r":( |\Z)", QUOTED.sub("", first)):
        return scalar(first), 1
    found = {}
    while at < len(lines) and lines[at][0] == indent and not lines[at][1].startswith("- "):
        key, rest = entry(lines[at][1])
        at += 1
        if rest:
            found[key] = scalar(rest)
        else:
            found[key], at = block(lines, at)
    return found, at


def listed(lines, at, indent):
    found = []
    while at < len(lines) and lines[at][0] == indent and lines[at][1].startswith("- "):
        item = lines[at][1][2:]
        if not item.startswith(('"', "{", "[")) and re.search(r":( |\Z)", item) or QUOTED.match(item) and ":" in item[QUOTED.match(item).end() :]:
            # The first entry of a map stands behind the dash.
            lines[at] = (indent + 2, item)
            one, at = block(lines, at)
        else:
            one, at = scalar(item), at + 1
        found.append(one)
    return found, at
