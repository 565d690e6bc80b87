"""A small flow without any problem, and ways to vary it."""

import copy

INTENTS = {
    "fee": {"title": "Disputes a fee", "examples": ["Why was I charged a fee?", "this charge is wrong"]},
    "cancel": {"title": "Changes their mind", "examples": ["never mind", "forget about it"]},
    "request_human": {"title": "Asks for a person", "examples": ["Let me talk to someone", "a real human please"]},
}


def handoff(**keys):
    """A transfer with every port that a careful author draws; a key of None takes that one away."""
    node = {
        "kind": "handoff", "context": "c", "tier": "t1", "max_wait": 600, "say": "One moment, please.",
        "resumed": "back", "resolved": "bye", "timeout": "later", "closed": "later", "failed": "later",
    }
    node.update(keys)
    return {key: value for key, value in node.items() if value is not None}


def ticket(**keys):
    node = {"kind": "handoff", "context": "c", "mode": "ticket", "tier": "t1", "sent": "bye", "failed": "gone"}
    node.update(keys)
    return {key: value for key, value in node.items() if value is not None}


def message(text="All right.", next="main", **keys):
    node = dict({"kind": "message", "text": text}, **keys)
    if next:
        node["next"] = next
    return node


def listen(*branches, **keys):
    node = {"kind": "listen"}
    if branches:
        node["branches"] = [{"when": when, "to": to} for when, to in branches]
    if "else_" in keys:
        node["else"] = keys.pop("else_")
    node.update(keys)
    return node


def decision(*branches, **keys):
    return dict(listen(*branches, **keys), kind="decision")


def ask(slot="x", filled="main", failed="sorry", **keys):
    return dict({"kind": "ask", "slot": slot, "prompt": "Which one is it?", "filled": filled, "failed": failed}, **keys)


def setting(assign, next="main"):
    return {"kind": "set", "assign": assign, "next": next}


def action(ok="main", error="sorry", timeout="sorry", **keys):
    node = dict({"kind": "action", "call": "look", "inputs": {}, "time_limit": 5, "ok": ok, "error": error,
                 "timeout": timeout}, **keys)
    return {key: value for key, value in node.items() if value is not None}


def end(outcome="resolved"):
    return {"kind": "end", "outcome": outcome}


CALLS = {"look": {"inputs": {}, "outputs": {"found": "text"}, "errors": {"E1": "Not there"}, "repeat": "safe"}}


def base():
    return copy.deepcopy({
        "format": "handoff-flow/1",
        "id": "case",
        "title": "Case",
        "locale": "en",
        "intents": INTENTS,
        "tiers": {"t1": {"title": "General desk"}},
        "contexts": {"c": {"summary": "About {intent.title}", "fields": {
            "why": {"from": "handoff.reasons", "required": True},
            "last": {"from": "transcript.last(5)", "required": True}}}},
        "triggers": {"asked": {"title": "Asked for a person", "when": "intent == \"request_human\"", "to": "h"}},
        "nodes": {
            "start": {"kind": "start", "next": "main"},
            "main": listen(("intent == \"fee\"", "h"), else_="sorry"),
            "sorry": message("Sorry, could you put that another way?"),
            "h": handoff(),
            "back": message("Is there anything else?"),
            "later": ticket(),
            "bye": end(),
            "gone": end("unserved"),
        },
    })


def merge(target, changes):
    """Changes over a document: None takes a key away, an object goes into the object there, unless it is Whole."""
    for key, value in changes.items():
        if value is None:
            target.pop(key, None)
        elif isinstance(value, Whole):
            target[key] = copy.deepcopy(dict(value))
        elif isinstance(value, dict) and isinstance(target.get(key), dict) and "kind" not in value:
            merge(target[key], value)
        else:
            target[key] = copy.deepcopy(value)
    return target


class Whole(dict):
    """An object that replaces the one there."""


def flow(nodes=None, **top):
    """The base with changed nodes and changed top-level entries."""
    document = base()
    merge(document, top)
    merge(document["nodes"], nodes or {})
    return document


TARGETS = ("p", "q", "r", "s", "t", "u")
SIGNALS = {
    "crm.b": {"type": "bool", "source": "crm"},
    "crm.n": {"type": "number", "min": 0, "max": 10, "source": "crm"},
    "crm.m": {"type": "number", "min": 0, "max": 10, "source": "crm"},
    "crm.i": {"type": "integer", "min": 0, "max": 10, "source": "crm"},
    "crm.e": {"type": "enum", "values": ["a", "b", "c"], "source": "crm"},
    "crm.t": {"type": "text", "source": "crm"},
}
CONSTANTS = {
    "k": {"value": 0.5, "min": 0, "max": 1, "title": "Half"},
    "five": {"value": 5, "min": 0, "max": 10, "title": "Five"},
    "some": {"value": ["a", "b"], "title": "Some"},
    "word": {"value": "a", "title": "A word"},
}


def guards(branches, otherwise=None, kind="listen", **top):
    """A flow whose first waiting node `d` has these guards; each goes to its own message, or to the one given."""
    rows, used = [], []
    for index, branch in enumerate(branches):
        when, to = branch if isinstance(branch, tuple) else (branch, TARGETS[index])
        rows.append({"when": when, "to": to})
        used.append(to)
    node = {"kind": kind, "branches": rows}
    if otherwise:
        node["else"] = otherwise
        used.append(otherwise)
    nodes = {"start": {"kind": "start", "next": "d"}, "d": node,
             "main": listen(("intent == \"request_human\"", "h"), else_="sorry")}
    for number, name in enumerate(dict.fromkeys(used)):
        nodes[name] = message("All right, that is number %d." % number)
    signals = {}
    text = " ".join(row["when"] for row in rows)
    for name, declared in SIGNALS.items():
        if name in text:
            signals[name] = declared
    constants = {name: value for name, value in CONSTANTS.items() if "const." + name in text}
    more = dict(top)
    document = flow(nodes, triggers=None)
    if signals:
        merge(document, {"signals": signals})
    if constants:
        merge(document, {"constants": constants})
    merge(document, more)
    return document
