"""Sections 5 to 7: a file of conversations, each answered as `replay --each --json` answers it.

    python3 replay.py FLOW FILE       one line a conversation, the summary on standard error
"""

import json
import sys

from document import Invalid, read_flow_file
from machine import Machine
from signals import read_instant
from values import UNSET, Unreadable, as_json, is_number, read_json
import texts

AGENT_WORDS = ("accepted", "declined", "resumed", "resolved", "escalated", "used", "ran")


def is_line(element):
    """`bot` and `agent` lines are no events."""
    return element.get("who") in ("bot", "agent")


def is_event(element):
    """Whether the machine knows this element of `turns`; any other is skipped as if absent."""
    if not isinstance(element, dict):
        return False
    if "who" in element:
        return element["who"] == "user"
    if "queue" in element:
        return isinstance(element["queue"], str)
    if "clock" in element:
        return is_number(element["clock"]) and element["clock"] >= 0
    if "handoff" in element:
        return element["handoff"] in ("sent", "failed")
    if "agent" in element:
        return element["agent"] in AGENT_WORDS
    if "action" in element:
        return isinstance(element["action"], str) and element.get("status") in (None, "ok", "error", "timeout")
    return element.get("customer") == "left"


class Turns:
    """The events of a conversation, in order."""

    def __init__(self, turns):
        self.events = [element for element in turns if is_event(element)]
        self.place = 0

    def peek(self):
        return self.events[self.place] if self.place < len(self.events) else None

    def take(self):
        event = self.peek()
        self.place += 1
        return event


def replay(flow, conversation):
    """Run one conversation to the end of its events."""
    return Machine(flow, conversation, Turns(conversation["turns"])).run()


def answer(machine, conversation, line):
    return {
        "id": conversation["id"],
        "line": line,
        "outcome": machine.outcome(),
        "handoffs": [request.as_json() for request in machine.requests],
        "at": machine.at(),
        "path": machine.path,
    }


def meets(machine, expected):
    """Section 5, `expect`: handoff (keys of the first handoff of the outcome, or false), end, open, said."""
    outcome = machine.outcome()
    if "handoff" in expected and not _meets_handoff(machine, outcome, expected["handoff"]):
        return False
    if "end" in expected and (outcome["kind"] != "end" or outcome["outcome"] != expected["end"]):
        return False
    if "open" in expected and (outcome["kind"] != "open" or outcome["node"] != expected["open"]):
        return False
    return all(any(text in said for said in machine.said) for text in expected.get("said", []))


def _meets_handoff(machine, outcome, expected):
    if expected is False:
        return outcome["kind"] != "handoff"
    if outcome["kind"] != "handoff" or not isinstance(expected, dict):
        return False
    for key, value in expected.items():
        if key in ("payload", "absent"):
            continue
        if as_json(value) != outcome.get(key):
            return False
    payload = payload_at_the_end(machine, outcome["node"])
    for key, value in expected.get("payload", {}).items():
        if key not in payload or payload[key] != as_json(value):
            return False
    return not any(payload.get(key) is not None for key in expected.get("absent", []))


def payload_at_the_end(machine, node):
    """The fields of the context that are plain names; enough for expectations that name such fields."""
    request = [one for one in machine.requests if one.name == node][0]
    fields = request.frames[-1].flow.part("contexts").get(request.entry["context"], {}).get("fields", {})
    payload = {}
    for name, field in fields.items():
        if field["from"] == "handoff.reasons":
            payload[name] = list(request.reasons)
            continue
        value = texts.value_of(field["from"], machine, None)
        if value is not UNSET:
            payload[name] = as_json(value)
    return payload


def conversations_of(text):
    """(line number, conversation or None) of every line that is not blank; None cannot be read."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            conversation = read_json(line)
        except Unreadable:
            conversation = None
        if not isinstance(conversation, dict) or not isinstance(conversation.get("id"), str):
            conversation = None
        elif not isinstance(conversation.get("turns"), list) or not _header_reads(conversation):
            conversation = None
        yield number, conversation


def _header_reads(conversation):
    """`start` is an instant and `customer` has keys, where they are there."""
    start = conversation.get("start")
    try:
        return (start is None or bool(read_instant(start))) and isinstance(conversation.get("customer") or {}, dict)
    except (ValueError, AttributeError):
        return False


def replay_text(flow, text):
    """Every answer, and the summary that goes beside them."""
    answers, seen, failed = [], set(), []
    bad_lines, passed = [], 0
    for number, conversation in conversations_of(text):
        # A conversation whose id was seen is not replayed.
        if conversation is None or conversation["id"] in seen:
            bad_lines.append(number)
            continue
        seen.add(conversation["id"])
        if any(not isinstance(one, dict) or not (is_line(one) or is_event(one)) for one in conversation["turns"]):
            bad_lines.append(number)
        machine = replay(flow, conversation)
        answers.append(answer(machine, conversation, number))
        if isinstance(conversation.get("expect"), dict):
            if meets(machine, conversation["expect"]):
                passed += 1
            else:
                failed.append(conversation["id"])
    return answers, {"expect": {"passed": passed, "failed": failed}, "lines": bad_lines}


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        flow = read_flow_file(arguments[0])
        with open(arguments[1], encoding="utf-8") as file:
            text = file.read()
    except (Unreadable, OSError) as problem:
        print(problem, file=sys.stderr)
        return 2
    except Invalid as problem:
        print(problem, file=sys.stderr)
        return 1
    answers, summary = replay_text(flow, text)
    for one in answers:
        print(json.dumps(one, ensure_ascii=False))
    print(json.dumps(summary), file=sys.stderr)
    return 1 if summary["expect"]["failed"] or summary["lines"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
