"""Conversations as platforms are told them, and what must be the same in the end."""

import importlib.util
import json
import pathlib
import sys
from decimal import Decimal

# What clients tell is told alike here and in certificates.
sys.path.append(str(pathlib.Path(__file__).resolve().parents[4] / "flows" / "api" / "src" / "certificates"))
from told import AT_REST, NoWords, NotHeard, is_event, plain, words  # noqa: E402,F401

COMPARED = ("node", "tier", "mode", "priority", "at_turn", "reasons")


def read_lines(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line, parse_float=Decimal) for line in lines if line.strip()]


def figure(value):
    """A number as a recogniser gives it; anything else is no figure, for the flow too."""
    return None if value is None or isinstance(value, bool) or not isinstance(value, (int, Decimal)) else float(value)


def left(conversation):
    """Whether the customer leaves, which no platform hears."""
    return any(turn.get("customer") == "left" for turn in conversation["turns"])


def rests(flows, at):
    """Whether a conversation may stay at a card for good: not at one that takes every turn and leads on from each."""
    cards = [flow["nodes"][at] for flow in flows.values() if at in flow["nodes"]]
    return any(
        card["kind"] not in ("listen", "ask") or (card["kind"] == "ask" and not (card.get("filled") and card.get("failed")))
        for card in cards
    )


class Results:
    """The results of calls and the answers of tickets, taken from the events that come next."""

    def __init__(self, turns):
        self.turns = [turn for turn in turns if is_event(turn)]
        self.at = 0

    def peek(self):
        return self.turns[self.at] if self.at < len(self.turns) else None

    def take(self):
        self.at += 1
        return self.turns[self.at - 1]

    def call(self, card, name):
        """The result of a call, if the next event is one; `card` may be empty where the platform does not say it."""
        event = self.peek()
        own = event is not None and "action" in event and event["action"] in (card, name)
        return plain({key: one for key, one in self.take().items() if key != "action"}) if own else None

    def request(self, envelope):
        event = self.peek()
        return plain(self.take()) if event is not None and "handoff" in event else None


def module(name, folder, others=()):
    """A module of an export, with the modules beside it loaded anew."""
    for known in (name, *others):
        sys.modules.pop(known, None)
    sys.path.insert(0, str(folder))
    try:
        spec = importlib.util.spec_from_file_location(name, pathlib.Path(folder, name + ".py"))
        made = importlib.util.module_from_spec(spec)
        sys.modules[name] = made
        spec.loader.exec_module(made)
    finally:
        sys.path.pop(0)
    return made


def wanted_of(expected):
    return [{key: entry.get(key) for key in COMPARED} for entry in expected["handoffs"]]


def requests_of(requests):
    return [{key: entry.get(key) for key in COMPARED} for entry in requests]


def apart(platform, project, chat, conversation, expected, failed=("error",)):
    """What differs between what the studio expects and a conversation that was played, or None. `failed` are the ends that
    an error of the flow has on the platform."""
    wanted, got = wanted_of(expected), requests_of(chat.requests)
    if got != wanted:
        return "requests: the studio has %s, %s %s" % (json.dumps(wanted), platform, json.dumps(got))
    if expected["outcome"]["kind"] == "error":
        return None if chat.ends in failed else "the studio ends with an error, %s does not" % platform
    # A card of a called flow is one card, whoever called.
    at = expected["at"] and expected["at"].rpartition("/")[2]
    place = chat.place()
    if place == AT_REST and at is not None:
        return None if rests(project.policy.FLOWS, at) else "the studio waits at %s, %s rests" % (at, platform)
    if not left(conversation) and place != at:
        return "place: the studio waits at %s, %s at %s" % (expected["at"], platform, place)
    return None
