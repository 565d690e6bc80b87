"""Conversations as a client tells them to a platform: what is an event, and what no platform hears."""

from decimal import Decimal

# Where no card is left to wait at.
AT_REST = "at rest"


class NotHeard(Exception):
    """An event that the platform has no way of hearing; the words say which."""


class NoWords(NotHeard):
    """A turn without words, which nobody can say on a channel of text."""


def words(turn):
    """What the customer says."""
    if not isinstance(turn.get("text"), str) or not turn["text"]:
        raise NoWords("a turn without words")
    return turn["text"]


def plain(value):
    """Exact numbers as a client would send them."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value


def is_event(turn):
    return turn.get("who") == "user" or turn.get("customer") == "left" or any(
        key in turn for key in ("queue", "clock", "handoff", "agent", "action")
    ) and turn.get("who") not in ("bot", "agent")
