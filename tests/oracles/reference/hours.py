"""Calendars (section 2, `hours`): whether a calendar is open at an instant."""

import re
from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def _minutes(text):
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def _span(text):
    start, end = text.split("-")
    return _minutes(start), _minutes(end)


def _days(text):
    """`Mon`, `Mon-Fri`, `Sat-Mon` and lists of these with commas."""
    days = set()
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        day = DAYS.index(first)
        end = DAYS.index(last or first)
        days.add(day)
        while day != end:
            day = (day + 1) % 7
            days.add(day)
    return days


def _spans_of(calendar, day):
    """The opening spans that begin on a local date, in minutes from its midnight."""
    name = day.isoformat()
    if name in calendar.get("special", {}):
        return [_span(text) for text in calendar["special"][name]]
    if name in calendar.get("closed", []):
        return []
    spans = []
    for row in calendar.get("open", []):
        days, span = re.fullmatch(r"\s*(.*?)\s+(\S+)\s*", row).groups()
        if day.weekday() in _days(days):
            spans.append(_span(span))
    return spans


def is_open(calendar, instant):
    """Open from the first minute of a span to just before its last; a span past midnight runs into the next day."""
    local = instant.astimezone(ZoneInfo(calendar["zone"]) if calendar.get("zone") else timezone.utc)
    now = local.hour * 60 + local.minute
    for start, end in _spans_of(calendar, local.date()):
        if start <= now < end or (end <= start and now >= start):
            return True
    for start, end in _spans_of(calendar, local.date() - timedelta(days=1)):
        if end <= start and now < end:
            return True
    return False
