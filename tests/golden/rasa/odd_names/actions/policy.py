"""What the flow "A 'quoted' / title: ${HOME} {{x}} " decides: when the bot goes on, when a person takes over, and why.

Plain Python, standard library only: no platform in here, nothing is read from outside and nothing is kept. The way in
is at the end: `take(state, event)` for a platform that leaves everything to it, and for one that walks the cards itself
`hear`, `fires`, `turn`, `enter`, `told` and `holds`. First comes what is this flow's own, then the machine that every
export has.
Written by Handoff Studio; change the flow and export again rather than this file.
"""
import calendar
import hashlib
import hmac
import json
import os
import re
from bisect import bisect_right
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from urllib.parse import quote

FLOW = "odd_names"
REVISION = "2a8e93494e3e"
# So many lines of what was said can this flow send; None is all of them.
LINES = 2

# --- Conditions and expressions ----------------------------------------------------------------------


def context_c_f(s):
    "\"a'b\\\"c\\\\d\\n\""
    return "a'b\"c\\d\n"


def context_c_g(s):
    """[slots.amount, transcript.last(2)]"""
    return [s["slots.amount"], s.call("transcript.last", Decimal("2"))]


def trigger_t1_when(s):
    "intent == \"a@b{c}\" || (intent in [\"fee-dispute\", 'fee dispute'] && !flag && slots.amount * 2 - 1 >= 0.5 && !has(slots.color) && text.startsWith(\"x\\u0041'\\\"\"))"
    return (
        equal(s["intent"], "a@b{c}")
        or (one_of(s["intent"], ["fee-dispute", "fee dispute"]) and not (s["flag"] is True) and at_least(minus(times(s["slots.amount"], Decimal("2")), Decimal("1")), Decimal("0.5")) and not s.has("slots.color") and starts_with(s["text"], "xA'\""))
    )


def l_branch_0(s):
    'intent == "日本"'
    return equal(s["intent"], "日本")


def a_input_a_b(s):
    '"q"'
    return "q"


def s_assign_amount(s):
    """slots.amount + 1"""
    return plus(s["slots.amount"], Decimal("1"))


def h_contact_x_y(s):
    """slots.n"""
    return s["slots.n"]


# --- The flow ----------------------------------------------------------------------------------------

INTENTS = ["fee-dispute", "fee dispute", "restart", "日本", "a@b{c}"]

SIGNALS = {"flag": {"type": "bool"}}

SLOTS = {
    "amount": {"type": "number", "min": Decimal("0"), "max": Decimal("100")},
    "color": {"type": "enum", "values": ['red: "dark"', "blue"]},
    "n": {"type": "integer"},
}

KEPT_BACK = []

CALLS = {"odd_names.do it!": {"x": {"type": "bool"}}}

HOURS = {}
ZONES = {}

FLOWS = {
    "odd_names": {
        "constants": {},
        "intents": {
            "fee-dispute": "fee-dispute",
            "fee dispute": "fee dispute",
            "restart": "restart",
            "日本": "日本",
            "a@b{c}": "a@b{c}",
        },
        "slots": {"amount": "amount", "color": "color", "n": "n"},
        "entities": {"the amount": ["amount"], "the-color": ["color"], "the_color": ["n"]},
        "titles": {},
        "answer_within": {},
        "scores": {},
        "contexts": {
            "c": {
                "summary": "{reasons}\x00 ${{HOME}}",
                "told": None,
                "fields": {
                    "f": {"from": context_c_f, "redact": "none"},
                    "g": {"from": context_c_g, "redact": "none"},
                },
                "screen": {},
            },
        },
        "triggers": [
            {"id": "t1", "when": trigger_t1_when, "because": [], "to": "h", "within": ["*"], "once": None},
        ],
        "nodes": {
            "start": {"kind": "start", "next": "m"},
            "m": {
                "kind": "message",
                "text": "\"Olá\" ' \\ {{braces}} \u202e {slots.amount|nada}",
                "next": "l",
            },
            "l": {"kind": "listen", "branches": [{"when": l_branch_0, "to": "a"}], "else": "l2"},
            "l2": {"kind": "message", "text": "x", "next": "l"},
            "a": {
                "kind": "action",
                "call": "do it!",
                "inputs": {"a_b": a_input_a_b},
                "errors": {'E"1': "h"},
                "ok": "s",
                "error": "h",
            },
            "s": {"kind": "set", "assign": [("amount", s_assign_amount), ("color", None)], "next": "e"},
            "e": {"kind": "end", "outcome": 'done "x"'},
            "h": {
                "kind": "handoff",
                "mode": "transfer",
                "context": "c",
                "target": None,
                "routes": [],
                "tier": "t",
                "priority": 3,
                "max_wait": None,
                "answer_within": None,
                "join": None,
                "contact": {"x_y": h_contact_x_y},
                "reasons": {},
                "say": None,
                "waiting": {"say": [], "turns": [], "else_say": None},
                "overflow": [],
                "assist": [],
                "returns": {},
                "failed": "e",
            },
            "n": {"kind": "note"},
        },
    },
}

CONDITIONS = {"trigger_t1_when": trigger_t1_when, "l_branch_0": l_branch_0}
CONDITIONS_OF = {"odd_names": ["trigger_t1_when", "l_branch_0"]}

# --- The machine: the same in every export ---------------------------------------------------------
#
# Numbers are exact decimals. None means "unset": a comparison with an unset value is False whatever the operator,
# arithmetic with one is unset, and `not`, `and`, `or` work on the results. A value that does not fit its type or
# range counts as unset.


EXACT = Context(prec=400, Emin=-9999, Emax=9999)
STEPS_AT_MOST = 1000
QUEUE_FIELDS = {
    "open": {"type": "bool"},
    "wait": {"type": "number", "min": Decimal(0), "max": Decimal(86400)},
    "available": {"type": "integer"},
    "position": {"type": "integer"},
    "opens_at": {"type": "text"},
}


def number(value):
    """The exact decimal of a number, or None for anything else. True and False are no numbers."""
    if isinstance(value, bool):
        return None
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return number(Decimal(repr(value)))
    return None


def fit(value, kind):
    """The value if it fits the type, else None."""
    name = kind["type"]
    if name == "bool":
        return value if isinstance(value, bool) else None
    if name == "text":
        return value if isinstance(value, str) else None
    if name == "enum":
        return value if isinstance(value, str) and value in kind["values"] else None
    exact = number(value)
    if exact is None or (name == "integer" and exact != exact.to_integral_value()):
        return None
    low, high = kind.get("min"), kind.get("max")
    if (low is not None and exact < low) or (high is not None and exact > high):
        return None
    return exact


def seconds(text):
    """A moment such as 2026-11-23T09:00:00Z in seconds since 1970; one without a zone is in UTC."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return calendar.timegm((moment if moment.tzinfo is None else moment.astimezone(timezone.utc)).timetuple())


def moment_of(told):
    """A moment as it is told, or None: seconds since 1970, or a text."""
    try:
        return Decimal(seconds(told)) if isinstance(told, str) else number(told)
    except ValueError:
        return None


def equal(a, b):
    return a is not None and b is not None and isinstance(a, bool) == isinstance(b, bool) and a == b


def differs(a, b):
    return a is not None and b is not None and not equal(a, b)


def less(a, b):
    return a is not None and b is not None and a < b


def at_most(a, b):
    return a is not None and b is not None and a <= b


def greater(a, b):
    return a is not None and b is not None and a > b


def at_least(a, b):
    return a is not None and b is not None and a >= b


def one_of(a, values):
    return any(equal(a, value) for value in values or ())


def starts_with(a, b):
    return a is not None and b is not None and a.startswith(b)


def ends_with(a, b):
    return a is not None and b is not None and a.endswith(b)


def contains(a, b):
    return a is not None and b is not None and b in a


def plus(a, b):
    return None if a is None or b is None else held(EXACT.add(a, b))


def minus(a, b):
    return None if a is None or b is None else held(EXACT.subtract(a, b))


def times(a, b):
    return None if a is None or b is None else held(EXACT.multiply(a, b))


def held(result):
    """A result of more than 38 digits is no number of the studio's either: unset."""
    _, digits, exponent = result.normalize(EXACT).as_tuple()
    return result if len(digits) + max(exponent, 0) <= 38 and exponent >= -120 else None


def negative(a):
    return None if a is None else EXACT.minus(a)


def freeze(value):
    """State as plain JSON: an exact number becomes {"$number": "0.8"}."""
    if isinstance(value, Decimal):
        return {"$number": format(value, "f")}
    if isinstance(value, dict):
        return {key: freeze(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [freeze(entry) for entry in value]
    return value


def thaw(value):
    """The way back from `freeze`."""
    if isinstance(value, dict):
        if set(value) == {"$number"}:
            return Decimal(value["$number"])
        return {key: thaw(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [thaw(entry) for entry in value]
    return value


def plain(value):
    """A value for a payload: exact numbers become JSON numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return value


def in_words(value):
    """A value as it stands in a sentence; "" when unset."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        text = format(value, "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text in ("", "-0") else text
    if isinstance(value, (list, tuple)):
        return ", ".join(in_words(entry) for entry in value)
    if isinstance(value, dict):
        return ": ".join(in_words(entry) for entry in value.values())
    return str(value)


EPOCH = date(1970, 1, 1)
# Since when local time is so many seconds ahead of UTC, by zone.
OFFSETS = {
    zone: [
        (seconds(moment), int(ahead)) for moment, _, ahead in (change.partition("Z") for change in changes.split())
    ]
    for zone, changes in ZONES.items()
}


def is_open(tier, moment):
    """Whether a tier is open by its hours; one without hours is. `moment` is in seconds since 1970, UTC."""
    hours = HOURS.get(tier)
    if hours is None:
        return True
    moment = int(moment.to_integral_value(ROUND_FLOOR))
    offsets = OFFSETS[hours["zone"]]
    local = moment + offsets[max(bisect_right(offsets, (moment, 86400)), 1) - 1][1]
    day, minute = local // 86400, local % 86400 // 60
    # A stretch that ends where it starts, or before, reaches into the next day.
    today = any(minute >= start and (minute < end or end <= start) for start, end in stretches(hours, day))
    return today or any(end <= start and minute < end for start, end in stretches(hours, day - 1))


def stretches(hours, day):
    """When it is open on a day since 1970, in minutes from midnight."""
    try:
        written = (EPOCH + timedelta(days=day)).isoformat()
    except OverflowError:
        return ()
    # 1970 began on a Thursday.
    return hours["days"].get(written, hours["week"][(day + 3) % 7])


def new_state():
    """A conversation before its first event."""
    return {
        "flow": FLOW,
        "frames": [],
        "where": "new",
        "turn": 0,
        "repeats": 0,
        "no_match": 0,
        "attempts": 0,
        "last_intent": None,
        "basic": {"intent": "none", "nlu.ok": True},
        "moods": [],
        "signals": {},
        "slots": {},
        "outputs": {},
        "error": {},
        "agent": {},
        "trigger": {},
        "spent": [],
        "queue": {},
        "sent": {},
        "request": None,
        "reasons": [],
        "contexts": {},
        "ref": None,
        "waited": Decimal(0),
        "tried": [],
        "path": [],
        "outcome": None,
        "silent": Decimal(0),
        "idled": [],
        "moment": None,
        "transcript": [],
    }


class Names:
    """What every name of a flow means at this moment; None when it is unset."""

    def __init__(self, machine, flow, handoff=None):
        self.machine, self.flow, self.handoff = machine, flow, handoff

    def __getitem__(self, name):
        state = self.machine.state
        document = FLOWS[self.flow]
        if name in document["scores"]:
            return self.score(document["scores"][name])
        if name in ("text", "channel", "intent", "confidence", "sentiment", "frustration", "nlu.ok"):
            return state["basic"].get(name)
        if name in ("turn", "repeats", "no_match", "attempts"):
            return Decimal(state[name])
        if name == "sentiment_trend":
            return trend(state["moods"], state["turn"])
        if name == "handoffs":
            return Decimal(sum(state["sent"].values()))
        if name == "waited":
            return state["waited"] if pending(state) else Decimal(0)
        if name == "priority":
            return Decimal(self.handoff["priority"]) if self.handoff else None
        first, _, rest = name.partition(".")
        if first == "const":
            return document["constants"].get(rest)
        if first == "slots":
            return state["slots"].get(document["slots"].get(rest, rest))
        if first == "handoffs":
            return Decimal(state["sent"].get(rest, 0))
        if first == "queue":
            return self.queue(rest)
        if first in ("error", "agent", "trigger"):
            return state[first].get(rest)
        if first == "handoff":
            return {"ref": state["ref"], "pending": pending(state), "reasons": state["reasons"]}.get(rest)
        if rest and document["nodes"].get(first, {}).get("kind") == "action":
            return state["outputs"].get(self.flow + "." + first, {}).get(rest)
        if name == "flow.revision":
            return REVISION
        return state["signals"].get(name)

    def score(self, score):
        total = score["base"]
        for row in score["add"]:
            if row["when"](self):
                total = EXACT.add(total, row["points"])
        return min(max(total, score["min"]), score["max"])

    def queue(self, name):
        tier, _, field = name.rpartition(".")
        if not tier:
            if self.handoff is None:
                return None
            tier = self.handoff["tier"]
        known = self.machine.state["queue"].get(tier, {})
        if field == "open" and field not in known:
            moment = self.machine.state["moment"]
            return moment is None or is_open(tier, moment)
        return known.get(field, Decimal(0) if field == "wait" else None)

    def has(self, name):
        return self[name] is not None

    def call(self, function, *arguments):
        """The payload-only functions."""
        return self.machine.payload_function(self, function, arguments)


def pending(state):
    """Whether a request is out and nobody has accepted it."""
    return bool(state["request"]) and not state["request"]["accepted"]


def trend(moods, turn):
    """Least-squares slope of the sentiment over the last three turns."""
    points = [(x, y) for x, y in moods if x > turn - 3 and y is not None]
    if len(points) < 2:
        return None
    (first, low), (last, high) = points[0], points[-1]
    # With two or three neighbouring turns the slope is the rise over the run: the middle one cancels out.
    rise = EXACT.subtract(high, low)
    return rise if last - first == 1 else EXACT.multiply(rise, Decimal("0.5"))


class Ended(Exception):
    """The run cannot go on: a branch is missing, or it turned in circles."""


# Characters of an account by country (SWIFT's registry of IBANs, release 99, 2024).
IBANS = {pair[:2].encode(): int(pair[2:]) for pair in """
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18
FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20
LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24
SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30""".split()}
CARD_WORDS = ("card", "visa", "mastercard", "amex", "karte", "kreditkarte", "pan", "credit", "debit")
# Bytes within which such a word says that a number is one of a card.
NEAR_CARD = 40
CARD_MOST = 19
# Bytes of the line before that are looked at.
LINE_BEFORE = 160
CARD_SIGNS = frozenset(b" \t\n\r\f-./_,|\\:;*+")
IBAN_SIGNS = frozenset(b" \t\n\r-./_,")
FIRST_DIGITS = (0xFF10, 0x660, 0x6F0, 0x966)
UNSEEN = re.compile("[\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff\\ufe00-\\ufe0f\\u20e3]")
DASH = re.compile("[\\u2010-\\u2015\\u2043\\u2212\\ufe58\\ufe63\\uff0d]")


def as_plain(sign):
    """A sign as numbers are read: digits of any script as those of ASCII, spaces and dashes as the plain ones; "" for
    one that nobody sees."""
    if sign < "\x80":
        return sign
    if UNSEEN.match(sign):
        return ""
    if DASH.match(sign):
        return "-"
    if sign.isspace():
        return " "
    code = ord(sign)
    if 0x1D7CE <= code <= 0x1D7FF:
        return str((code - 0x1D7CE) % 10)
    return next((str(code - first) for first in FIRST_DIGITS if 0 <= code - first < 10), sign)


def is_digit(byte):
    return byte is not None and 48 <= byte <= 57


def is_letter(byte):
    return byte is not None and (65 <= byte <= 90 or 97 <= byte <= 122)


def of_brand(digits):
    """Whether the digits are of a brand's range and length (ranges as the brands publish them, 2026-11-22)."""
    two, three, four, six = (int("".join(map(str, digits[:count]))) for count in (2, 3, 4, 6))
    length = len(digits)
    return (
        digits[0] == 4 and length in (13, 16, 19)
        or length == 16 and (51 <= two <= 55 or 2221 <= four <= 2720)
        or length == 15 and two in (34, 37)
        or length == 14 and (300 <= three <= 305 or three == 309 or two in (36, 38, 39))
        or 16 <= length <= 19 and two == 36
        or length >= 16 and (four == 6011 or 644 <= three <= 649 or two == 65 or 622126 <= six <= 622925)
        or length >= 16 and (3528 <= four <= 3589 or two == 62)
        or length >= 13 and (four in (5018, 5020, 5038, 5893, 6304, 6759) or 6761 <= four <= 6763)
    )


def luhn(digits):
    """Whether the last digit is the check digit of a card."""
    doubled = (digit * 2 if place % 2 else digit for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


class Numbers:
    """The numbers of cards and accounts (IBAN) in a text, as the studio finds them."""

    def __init__(self, text):
        self.data, self.places, self.signs = bytearray(), [], []
        for at, sign in enumerate(text):
            plain_sign = as_plain(sign)
            piece = plain_sign.encode("utf-8", "replace")
            self.data += piece
            self.places += [at] * len(piece)
            self.signs += [plain_sign] * len(piece)
        plain_text = self.data.decode("utf-8", "replace")
        words_said = (found for found in re.finditer(r"[^\W_]+", plain_text) if found.group().lower() in CARD_WORDS)
        self.said = [len(plain_text[: found.end()].encode("utf-8", "replace")) for found in words_said]

    def byte(self, at):
        return self.data[at] if 0 <= at < len(self.data) else None

    def holds(self, at):
        """Whether what stands there keeps a number beside it from being one of its own."""
        byte = self.byte(at)
        if byte is None or byte < 0x80:
            return byte is not None and (is_digit(byte) or is_letter(byte) or byte == 95)
        return self.signs[at].isalnum() and self.signs[at] < "\u2e80"

    def is_point(self, at):
        return self.byte(at) in (44, 46)

    def closes_number(self, at):
        return not self.holds(at) and not (self.is_point(at) and is_digit(self.byte(at + 1)))

    def near_card(self, at):
        last = max((end for end in self.said if end <= at), default=None)
        return last is not None and at - last <= NEAR_CARD

    def begins_card(self, at):
        """Not within a longer number, and not behind the letters of a reference such as `TX-`, unless a word says so."""
        if self.holds(at - 1) or self.byte(at - 1) == 43 or self.is_point(at - 1) and is_digit(self.byte(at - 2)):
            return False
        return not (self.byte(at - 1) in (35, 45) and is_letter(self.byte(at - 2))) or self.near_card(at)

    def end_of(self, at, most, fits):
        last = min(at + most, len(self.data))
        while at < last and fits(self.data[at]):
            at += 1
        return at

    def card(self, start):
        """Where the longest card that begins here ends."""
        digits, groups, even, listed, best, at = [], [], True, False, None, start
        said = self.near_card(start)
        while True:
            end = self.end_of(at, CARD_MOST + 1, is_digit)
            if end == at or len(digits) + end - at > CARD_MOST:
                return best
            groups.append(end - at)
            digits += [byte - 48 for byte in self.data[at:end]]
            # Nobody has sums with a fraction of so many digits in groups of four.
            apart = not self.holds(end) if len(groups) >= 3 else self.closes_number(end)
            if len(digits) >= 13 and apart and of_brand(digits) and luhn(digits) and (said or usual(groups, even, listed)):
                best = end
            at = self.end_of(end, 4, CARD_SIGNS.__contains__)
            between = bytes(self.data[end:at])
            even = even and between in (b" ", b"-")
            listed = listed or bool(between.strip(b" \t\r\n"))
            if not between:
                return best

    def iban(self, start):
        """Where the account that begins here ends."""
        head = bytes(self.data[start : start + 4])
        length = IBANS.get(head[:2].upper()) if len(head) == 4 and head[2:].isdigit() else None
        if length is None:
            return None
        found, signs, at = [], 0, start
        while len(found) < length:
            byte = self.byte(at)
            if is_digit(byte) or is_letter(byte):
                found.append(chr(byte).upper())
                signs = 0
            elif byte in IBAN_SIGNS and signs < 3:
                signs += 1
            else:
                return None
            at += 1
        value = int("".join(str(int(sign, 36)) for sign in found[4:] + found[:4]))
        return at if value % 97 == 1 and not self.holds(at) else None

    def found(self):
        """First and last place of each, in order and apart, and whether it is a card."""
        all_found, past = [], 0
        for at, byte in enumerate(self.data):
            if at >= past and is_digit(byte) and not is_digit(self.byte(at - 1)) and self.begins_card(at):
                past = self.card(at) or past
                if past > at:
                    all_found.append((at, past, True))
        past = 0
        for at, byte in enumerate(self.data):
            if at >= past and is_letter(byte) and not self.holds(at - 1):
                past = self.iban(at) or past
                if past > at:
                    all_found.append((at, past, False))
        apart = []
        for start, end, is_card in sorted(all_found, key=lambda one: (one[0], not one[2])):
            if apart and start < apart[-1][1]:
                start, end, is_card = apart[-1][0], max(end, apart[-1][1]), is_card or apart[-1][2]
                apart.pop()
            apart.append((start, end, is_card))
        return [(self.places[start], self.places[end - 1] + 1, is_card) for start, end, is_card in apart]


def usual(groups, even, listed):
    """Whether cards are written in such groups."""
    last, before = groups[-1], groups[:-1]

    def of(size):
        return last <= size and all(group == size for group in before)

    parted = even and groups[0] >= 4 and min(groups) >= 2
    printed = groups in ([4, 6, 4], [4, 6, 5])
    single = of(1) and not listed and sum(groups) >= 15
    return len(groups) == 1 or parted or of(4) or of(8) or printed or single


def numbers_in(text, before=""):
    """The numbers of cards and accounts in a text; `before` is the line before it, or what it is called."""
    if not re.search(r"\d", text):
        return []
    # No character is cut.
    line = before.encode("utf-8", "replace")[-LINE_BEFORE:].decode("utf-8", "ignore") + "\n" if before else ""
    every = [(start - len(line), end - len(line), is_card) for start, end, is_card in Numbers(line + text).found()]
    # A card that begins in the line before ends here.
    return [(max(start, 0), end, is_card) for start, end, is_card in every if end > 0 and (start >= 0 or is_card)]


def label(name):
    """A name as the words that stand before its value."""
    spelt = re.sub(r"(?<=[^\W_])(?=[A-Z])(?<=[a-z0-9])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    found = [re.sub(r"(?<=.)[0-9]+$", "", word) if not word.isdigit() else word for word in re.findall(r"[^\W_]+", spelt)]
    return " ".join(found) + ":" if found else ""


PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^}]*)\}")


# One of them and several, in English and in German.
UNITS = {
    "minutes": (("minute", "minutes"), ("Minute", "Minuten")),
    "seconds": (("second", "seconds"), ("Sekunde", "Sekunden")),
}


def in_form(value, form, german=False):
    """A value as a text shows it; "" when unset."""
    if value is None:
        return ""
    if form in UNITS and isinstance(value, Decimal):
        seconds = value / 60 if form == "minutes" else value
        count = in_words(seconds.to_integral_value(ROUND_CEILING))
        return "%s %s" % (count, UNITS[form][german][count != "1"])
    if form == "date" and isinstance(value, str):
        return re.split("[T ]", value)[0]
    words = in_words(value)
    return words.upper() if form == "upper" else words


FAILED = "<REDACTION_FAILED>"
# Bytes of a key; with a shorter one, which somebody could guess, nothing is hashed.
KEY_AT_LEAST = 16


def masked(text):
    """Four asterisks, and the last four characters of a long text."""
    return "****" + (text[-4:] if len(text) > 8 else "")


def scalars(value, change):
    """The value with each text, number or bool in it changed."""
    if isinstance(value, dict):
        return {key: scalars(entry, change) for key, entry in value.items()}
    if isinstance(value, list):
        return [scalars(entry, change) for entry in value]
    return None if value is None else change(in_words(value))


def redacted(value, how):
    """Classified data as the person may see it; what cannot be done as told is not sent at all."""
    if value is None or how == "none":
        return value
    if how == "mask":
        return scalars(value, masked)
    if how in ("drop", "block"):
        return None
    key = os.fsencode(os.environ.get("HANDOFF_HASH_KEY", ""))
    if how != "hash" or len(key) < KEY_AT_LEAST:
        return FAILED
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def secrets_in(value, how):
    """The texts that may stand nowhere else in what goes out, and what stands in their place."""
    found = []

    def note(text):
        if len(text) >= 4:
            instead = {"mask": masked(text), "drop": "[left out]", "block": "[blocked]"}
            found.append((text, instead.get(how, FAILED)))
        return text

    if how != "none":
        scalars(value, note)
    return found


# What may stand between the characters of a number, and what nobody sees.
SIGN = "[\\s.,/_\\u00b7\\-\\u2010-\\u2015\\u2043\\u2212\\ufe58\\ufe63\\uff0d\\u00ad\\u200b-\\u200f\\u2060-\\u206f\\ufeff]"
# Characters from which on a value with digits is found however it is parted.
PARTED = 6


def mention(text):
    """A secret where it stands as a word of its own, in large or small letters; one with digits however it is parted."""
    whole = re.sub(SIGN, "", text)
    parts = whole if len(whole) >= PARTED and re.search("[0-9]", whole) else [text]
    body = (SIGN + "{0,3}").join(re.escape(part) for part in parts)
    before, after = ("" if re.match(r"[\W_]", end) else r"[^\W_]" for end in (parts[0][0], parts[-1][-1]))
    return re.compile((before and "(?<!%s)" % before) + body + (after and "(?!%s)" % after), re.IGNORECASE)


def hidden(text, secrets, before="", only_cards=False):
    """A text without the secrets and without the numbers of cards and accounts. What is declared comes first; a number that
    is more than that has the whole."""
    longest = sorted(secrets, key=lambda secret: -len(secret[0]))
    every = [(*one.span(), instead) for secret, instead in longest for one in mention(secret).finditer(text)]
    declared = []
    for one in sorted(every, key=lambda one: (one[0], -one[1])):
        if not declared or one[0] >= declared[-1][1]:
            declared.append(one)
    changes = [
        (start, end, masked(text[start:end]))
        for start, end, is_card in numbers_in(text, before)
        if (is_card or not only_cards) and not any(one[0] <= start and end <= one[1] for one in declared)
    ]
    changes += [one for one in declared if not any(one[0] < end and start < one[1] for start, end, _ in changes)]
    for start, end, instead in sorted(changes, reverse=True):
        text = text[:start] + instead + text[end:]
    return text


# Digits from which on a number could be a card.
CARD_AT_LEAST = 13


def scrubbed(value, secrets, before="", only_cards=False):
    """Texts without what is kept back, wherever it is mentioned. `before` is what a value is called, or the line before."""
    if isinstance(value, dict):
        called = next((value[key] for key in ("name", "key", "field", "id", "label") if isinstance(value.get(key), str)), None)
        names = {key: called if key == "value" and called is not None else key for key in value}
        return {key: scrubbed(entry, secrets, label(names[key]), only_cards) for key, entry in value.items()}
    if isinstance(value, list):
        return lines_scrubbed(value, secrets, before, only_cards)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        text = in_words(Decimal(value)) if isinstance(value, int) else in_words(value)
        clean = hidden(text, (), before, only_cards) if len(text) >= CARD_AT_LEAST else text
        return next((instead for secret, instead in secrets if secret == text), value if clean == text else clean)
    return hidden(value, secrets, before, only_cards) if isinstance(value, str) else value


def lines_scrubbed(items, secrets, before, only_cards):
    """The items of a list; what was said in one is what stands before the next."""
    clean, said = [], before
    for item in items:
        if isinstance(item, dict) and "who" in item and isinstance(item.get("text"), str):
            own = {key: scrubbed(entry, secrets, said if key == "text" else "", only_cards) for key, entry in item.items()}
            clean.append(own)
            said = item["text"]
        else:
            clean.append(scrubbed(item, secrets, before, only_cards))
    return clean


def encoded(words, clean):
    """A value as a part of an address; what stands for a secret can be read in it."""
    return quote(clean, safe="" if clean == words else "*[]").replace("~", "%7E")


class Words:
    """What is said to the customer and to the person."""

    def say(self, template, names=None):
        line = self.text(template, names or self.names())
        self.said.append(line)
        self.transcript.append({"who": "bot", "text": line})

    def text(self, template, names, inside=(), change=str):
        """A text with its values, each with what `change` makes of it; `{{` and `}}` are braces. `inside` are the texts
        that may not name themselves."""
        german = FLOWS[names.flow].get("german", False)

        def put(found):
            if found.group(0) in ("{{", "}}"):
                return found.group(0)[0]
            head, _, fallback = found.group(1).partition("|")
            name, _, form = head.partition(":")
            name = name.strip()
            if inside and name in ("summary", "told"):
                return ""
            return change(in_form(self.named(name, names), form.strip(), german)) or fallback

        return PLACEHOLDER.sub(put, template or "")

    def named(self, name, names):
        if name == "intent.title":
            intent = names["intent"]
            return FLOWS[FLOW]["intents"].get(intent)
        if name == "reasons":
            titles = FLOWS[names.flow]["titles"]
            return ", ".join(titles.get(reason, reason.replace("_", " ")) for reason in self.state["reasons"])
        if name in ("summary", "told"):
            return self.of_context(name, names)
        return names[name]

    def of_context(self, name, names):
        """A text of the context in question: this handoff's, else that of the flow's last request."""
        here = self.node().get("context") or self.state["contexts"].get(names.flow)
        context = FLOWS[names.flow]["contexts"].get(here, {})
        return self.text(context.get(name), names, inside=(name,))

    def payload_function(self, names, function, arguments):
        state = self.state
        if function == "transcript.last":
            count = int(arguments[0])
            return self.transcript[-count:] if count > 0 else []
        if function == "transcript.all":
            return self.transcript
        if function == "summary":
            return self.of_context("summary", names)
        if function == "entities":
            return {slot: value for slot, value in state["slots"].items() if value is not None}
        if function == "actions":
            return state["tried"]
        if function == "path":
            return state["path"]
        if function == "people":
            return [state["agent"]["name"]] if state["agent"].get("name") else []
        # What only a platform with these figures could give: alternatives() and now().
        return None


FILED = ("ticket", "callback")


class Requests(Words):
    """A request to people: out, waiting, taken, back."""

    def enter_handoff(self, edge):
        node, state = self.node(), self.state
        if pending(state) and state["request"]["frames"] == state["frames"]:
            state["where"] = "queue"
            return None
        self.withdraw()
        handoff = self.routed()
        trigger = state["trigger"]
        state["reasons"] = (
            list(trigger.get("reasons") or [])
            or ([trigger["id"]] if trigger.get("id") else None)
            or [node["reasons"].get(edge, self.prefix() + edge)]
        )
        if node["mode"] in FILED:
            return self.sent(handoff)
        here = self.names(handoff)
        if not here["queue.open"]:
            return self.port("closed")
        return self.overflow(handoff) or self.queue_up(handoff)

    def routed(self):
        """The tier and the priority that the card chooses now."""
        node, names = self.node(), self.names()
        route = next((row for row in node["routes"] if row["when"](names)), {})
        return {"tier": route.get("tier", node["tier"]), "priority": route.get("priority") or node["priority"]}

    def asked(self):
        """The request of the card where the run stands: the one that is out, else as it would go out now."""
        if self.node()["kind"] != "handoff":
            return None
        request = self.state["request"]
        return request if request and request["frames"] == self.state["frames"] else self.routed()

    def sent(self, handoff):
        """A ticket or a callback. Whoever makes the flow's calls may answer with what the event would say."""
        request, send = self.send(handoff), getattr(self.call, "request", None)
        self.say_now([self.node()["say"]], handoff)
        answer = send(self.requests[-1]) if send else None
        if answer is not None:
            self.entered = 0
        if answer and answer.get("handoff") == "failed":
            return self.port("failed")
        if answer and answer.get("handoff") == "sent":
            self.state["ref"] = fit(answer.get("ref"), {"type": "text"})
        self.accepted(request)
        return self.port("sent")

    def queue_up(self, handoff):
        waiting = self.node()["waiting"]["say"]
        self.send(handoff)
        # What is said after no time at all is said now.
        self.say_now([self.node()["say"]] + [row["text"] for row in waiting if row["after"] == 0], handoff)
        self.state["where"] = "queue"
        return None

    def say_now(self, texts, handoff):
        for text in filter(None, texts):
            self.say(text, self.names(handoff))

    def overflow(self, handoff):
        """The first overflow row that holds: back to the bot, with the place kept or without."""
        node = self.node()
        here = self.names(handoff)
        for index, row in enumerate(node["overflow"]):
            if row["when"](here):
                if row["keep_place"] and self.state["request"] is None:
                    self.send(handoff)
                elif not row["keep_place"]:
                    self.withdraw()
                return self.port("overflow[%d]" % index, row["to"])
        return None

    def send(self, handoff):
        node, state = self.node(), self.state
        tier = handoff["tier"]
        state["sent"][tier] = state["sent"].get(tier, 0) + 1
        state["ref"] = None
        state["waited"] = Decimal(0)
        state["contexts"][self.flow()] = node["context"]
        names = self.names(handoff)
        request = {
            "node": self.full(),
            "flow": self.flow(),
            "frames": [dict(frame) for frame in state["frames"]],
            "tier": tier,
            "priority": handoff["priority"],
            "mode": node["mode"],
            "reasons": list(state["reasons"]),
            "trigger": state["trigger"].get("key"),
            "at_turn": state["turn"],
            "accepted": False,
            "ordinal": sum(state["sent"].values()),
        }
        # A ticket is out and done with: nobody waits for it.
        state["request"] = None if node["mode"] in FILED else request
        self.requests.append(self.envelope(node, request, names))
        return request

    def accepted(self, request):
        """`once: "accepted"` triggers are spent now."""
        request["accepted"] = True
        key = request["trigger"]
        if key and once(key) == "accepted" and key not in self.state["spent"]:
            self.state["spent"].append(key)

    def withdraw(self):
        """A request that nobody has accepted is taken back."""
        if pending(self.state):
            self.withdrawn.append(self.state["request"]["ordinal"])
            self.state["request"] = None

    def envelope(self, node, request, names):
        """What the person gets; one JSON message of the bot."""
        context = FLOWS[self.flow()]["contexts"][node["context"]]
        values = {name: plain(field["from"](names)) for name, field in context["fields"].items()}
        secrets, fields = self.secrets(context, values), {}
        for name, field in context["fields"].items():
            value = redacted(values[name], field["redact"])
            if value is not None:
                sent = field["redact"] != "none" or field.get("as_is")
                fields[name] = value if sent else scrubbed(value, secrets, label(name))
        return {
            "type": "handoff",
            "flow": FLOW,
            "node": request["node"],
            "mode": request["mode"],
            "tier": request["tier"],
            "priority": request["priority"],
            "reasons": request["reasons"],
            "at_turn": request["at_turn"],
            "ordinal": request["ordinal"],
            "target": node["target"],
            "join": node["join"],
            "max_wait": plain(node["max_wait"]),
            "answer_within": plain(node["answer_within"] or FLOWS[self.flow()]["answer_within"].get(request["tier"])),
            "summary": scrubbed(self.text(context["summary"], names, inside=("summary",)), secrets),
            "contact": {key: scrubbed(plain(value(names)), (), label(key), True) for key, value in node["contact"].items()},
            "screen": self.screen(context["screen"], names, secrets),
            "told": scrubbed(self.text(context["told"], names, inside=("told",)), secrets),
            "fields": fields,
        }

    def secrets(self, context, values):
        """What may stand nowhere as it is: what its field keeps back, and what slots with a class hold or held before, but
        for what a field sends on purpose."""
        found = []
        for name, field in context["fields"].items():
            found += secrets_in(values[name], field["redact"])
        held, before = self.state["slots"], self.state.get("held", {})
        for document in FLOWS.values():
            for slot, how in document.get("kept_back", {}).items():
                key = document["slots"][slot]
                now = [] if slot in context.get("open", ()) else [held.get(key)]
                for value in now + before.get(key, []):
                    found += secrets_in(plain(value), how)
        return found

    def screen(self, texts, names, secrets):
        """What opens for the person: an address of the web, to which values add no parts of their own, or nothing."""
        shown = {}
        for key, text in texts.items():
            web = text.startswith(("https://", "http://"))
            in_part = (lambda words: encoded(words, scrubbed(words, secrets))) if web else str
            address = scrubbed(self.text(text, names, change=in_part), secrets)
            if re.match("(?i)https?://", address):
                shown[key] = address
        return shown

    def at_handoff(self):
        """Bring the run to the handoff node whose request is under way."""
        self.state["frames"] = [dict(frame) for frame in self.state["request"]["frames"]]
        if self.state["where"] != "queue":
            self.arrive()

    def look_again(self):
        handoff = self.state["request"]
        if not self.names(handoff)["queue.open"]:
            self.withdraw()
            return self.port("closed")
        return self.overflow(handoff)

    def turn_in_queue(self):
        """What the customer says while waiting for a person."""
        node, request = self.node(), self.state["request"]
        here = self.names(request)
        for index, row in enumerate(node["waiting"]["turns"]):
            if row["when"](here):
                if not row["keep_place"]:
                    self.withdraw()
                return self.port("turns[%d]" % index, row["to"])
        if node["waiting"]["else_say"]:
            self.say(node["waiting"]["else_say"], here)
        return None

    def suggest(self):
        """To the person who has the conversation, in a co-pilot: the rows that hold."""
        node = self.node()
        if node["mode"] != "copilot":
            return
        here = self.names(self.state["request"])
        for row in node["assist"]:
            if row["when"](here):
                self.suggested.append(self.text(row["suggest"], here))

    def pass_time(self, seconds, quiet):
        """So many seconds pass; what follows of it. `quiet`: it is too late for the words of the wait."""
        state = self.state
        state["silent"] = EXACT.add(state["silent"], seconds)
        if state["moment"] is not None:
            state["moment"] = EXACT.add(state["moment"], seconds)
        if pending(state):
            before, here = state["waited"], state["where"] == "queue"
            state["waited"] = EXACT.add(before, seconds)
            frame = state["request"]["frames"][-1]
            node = FLOWS[frame["flow"]]["nodes"][frame["node"]]
            over = node["max_wait"] is not None and state["waited"] > node["max_wait"]
            if here and not quiet:
                self.waiting_words(node["waiting"]["say"], before, node["max_wait"] if over else state["waited"])
            if over:
                self.withdraw()
                if here:
                    return self.port("timeout")
        return self.idle() if state["where"] in ("listen", "ask") else None

    def waiting_words(self, rows, before, until):
        """What is said between two moments of waiting, in the order of its time."""
        due = []
        for index, row in enumerate(rows):
            moment, every = row["after"], row["every"]
            if every and moment < before:
                # However often it is said, what is over is not gone through one by one.
                moment = EXACT.add(moment, EXACT.multiply(every, EXACT.divide_int(EXACT.subtract(before, moment), every)))
            while moment <= until and len(due) < STEPS_AT_MOST:
                if moment > before:
                    due.append((moment, index))
                if not every:
                    break
                moment = EXACT.add(moment, every)
        for _, index in sorted(due):
            self.say(rows[index]["text"], self.names(self.state["request"]))

    def idle(self):
        """Silence: each row acts once until the customer says something."""
        card = self.flow() + "." + self.node_id()
        for index, row in enumerate(self.node().get("idle", ())):
            key = "%s.%d" % (card, index)
            if self.state["silent"] < row["after"] or key in self.state["idled"]:
                continue
            self.state["idled"].append(key)
            if row["say"]:
                self.say(row["say"])
            if row["to"]:
                return self.port("idle[%d]" % index, row["to"])
        return None

    def person(self, what, event):
        """A person accepts, or hands back; handing back implies that they had accepted."""
        state, request = self.state, self.state["request"]
        if not request["accepted"]:
            self.at_handoff()
            self.accepted(request)
            state["where"] = "person"
            self.suggest()
        if what == "accepted":
            return None
        for key in ("note", "outcome"):
            state["agent"][key] = fit(event.get(key), {"type": "text"})
        for slot, value in (event.get("slots") or {}).items():
            if slot in FLOWS[self.flow()]["slots"]:
                self.fill(slot, value)
        node = self.node()
        port, to = what, node.get(what)
        if what == "resumed" and event.get("outcome") in node["returns"]:
            port, to = "returns." + event["outcome"], node["returns"][event["outcome"]]
        if to is None:
            return None
        state["request"] = None
        return self.port(port, to)


def once(key):
    flow, _, trigger = key.partition(".")
    return next(entry["once"] for entry in FLOWS[flow]["triggers"] if entry["id"] == trigger)


class Nodes(Requests):
    """Going from card to card until one waits."""

    def flow(self):
        return self.state["frames"][-1]["flow"]

    def node_id(self):
        return self.state["frames"][-1]["node"]

    def node(self):
        return FLOWS[self.flow()]["nodes"][self.node_id()]

    def prefix(self):
        """The names of the subflow cards that the run is inside of, each with a slash."""
        return "".join(frame["node"] + "/" for frame in self.state["frames"][:-1])

    def full(self):
        return self.prefix() + self.node_id()

    def names(self, handoff=None):
        return Names(self, self.flow(), handoff)

    # Moving on.

    def arrive(self):
        """Note that a card was entered."""
        self.state["path"].append(self.full())
        self.state["silent"] = Decimal(0)
        self.entered += 1

    def enter(self, to, edge):
        """Carry out one card. Gives what is to be entered next and by which edge, or None where the card waits."""
        self.state["frames"][-1]["node"] = to
        self.port_taken = None
        self.arrive()
        if self.entered > STEPS_AT_MOST:
            raise Ended(self.full())
        return getattr(self, "enter_" + self.node()["kind"])(edge)

    def go(self, following):
        """Enter cards until one waits."""
        while following is not None:
            following = self.enter(*following)

    def port(self, port, target=None):
        """Leave by a port: what is to be entered next. One that is not drawn leaves the run at rest here for good."""
        to = target if target is not None else self.node().get(port)
        self.port_taken = port
        if to is None:
            self.state["where"] = "rest"
            return None
        return to, self.node_id() + "." + port

    def branch(self):
        node = self.node()
        names = self.names()
        for index, row in enumerate(node["branches"]):
            if row["when"](names):
                return self.port("branches[%d]" % index, row["to"])
        if node.get("else") is None:
            raise Ended(self.full())
        return self.port("else")

    # One method for each kind of node.

    def enter_start(self, edge):
        return self.port("next")

    def enter_message(self, edge):
        self.say(self.node()["text"])
        return self.port("next")

    def enter_listen(self, edge):
        self.state["where"] = "listen"
        self.state["trigger"] = {}
        return None

    def enter_ask(self, edge):
        node = self.node()
        if self.names()["slots." + node["slot"]] is not None:
            return self.port("filled")
        self.state["attempts"] = 0
        self.say(node["prompt"])
        self.state["where"] = "ask"
        return None

    def enter_decision(self, edge):
        return self.branch()

    def enter_set(self, edge):
        for slot, expression in self.node()["assign"]:
            self.fill(slot, None if expression is None else expression(self.names()))
        return self.port("next")

    def enter_action(self, edge):
        node, state = self.node(), self.state
        card = self.flow() + "." + self.node_id()
        state["outputs"][card] = {}
        inputs = {name: expression(self.names()) for name, expression in node["inputs"].items()}
        result = self.call(card, node["call"], plain(inputs))
        if result is None:
            result = {"status": "ok"}
        else:
            self.entered = 0
        kinds = CALLS.get(self.flow() + "." + node["call"], {})
        for name, value in (result.get("data") or {}).items():
            if name in kinds and fit(value, kinds[name]) is not None:
                state["outputs"][card][name] = fit(value, kinds[name])
        status = result.get("status", "ok")
        state["tried"].append({"call": node["call"], "status": status, "inputs": plain(inputs)})
        if status == "timeout":
            state["error"] = {"action": self.node_id()}
            return self.port("timeout")
        if status == "error":
            code, message = (fit(result.get(key), {"type": "text"}) for key in ("code", "message"))
            state["error"] = {"action": self.node_id(), "code": code, "message": message}
            if code in node["errors"]:
                return self.port("errors." + code, node["errors"][code])
            return self.port("error")
        state["error"] = {}
        return self.port("ok")

    def enter_subflow(self, edge):
        node, names = self.node(), self.names()
        called = node["flow"]
        values = [(slot, expression(names)) for slot, expression in node["inputs"].items()]
        self.forget_own(called)
        for slot, value in values:
            self.fill(slot, value, called)
        start = next(key for key, entry in FLOWS[called]["nodes"].items() if entry["kind"] == "start")
        self.state["frames"].append({"flow": called, "node": start})
        return start, edge

    def forget_own(self, called):
        """What a called flow has for itself alone begins unset at every call."""
        running = {frame["flow"] for frame in self.state["frames"]}
        shared = {key for flow in running for key in FLOWS[flow]["slots"].values()}
        for key in FLOWS[called]["slots"].values():
            if key not in shared:
                self.remember(key, self.state["slots"].pop(key, None))
        for node in FLOWS[called]["nodes"]:
            self.state["outputs"].pop(called + "." + node, None)

    def enter_note(self, edge):
        self.state["where"] = "rest"
        return None

    def enter_end(self, edge):
        outcome = self.node()["outcome"]
        if len(self.state["frames"]) == 1:
            self.withdraw()
            self.state["where"] = "end"
            self.state["outcome"] = outcome
            return None
        self.state["frames"].pop()
        to = self.node()["outcomes"].get(outcome)
        return self.port("else") if to is None else self.port("outcomes." + outcome, to)


class Machine(Nodes):
    """One conversation while one event is taken."""

    def __init__(self, state, call, transcript):
        self.state = {**new_state(), **thaw(state)} if state else new_state()
        self.call = call
        self.transcript = self.state["transcript"] if transcript is None else list(transcript)
        self.said = []
        self.suggested = []
        self.requests = []
        self.withdrawn = []
        self.entered = 0
        self.port_taken = None

    def stand(self, frames):
        """Where the platform stands, which may have carried out cards of its own since the last time."""
        state = self.state
        if frames is None:
            return
        before, state["frames"] = state["frames"], [{"flow": flow, "node": node} for flow, node in frames]
        kind = self.node()["kind"]
        if kind in ("listen", "ask") and not (state["where"] == "rest" and state["frames"] == before):
            if kind == "listen":
                state["trigger"] = {}
            if state["frames"] != before:
                state["silent"] = Decimal(0)
            state["where"] = kind

    def keep(self):
        """The state as JSON, with as many lines of what was said as this flow can send."""
        lines = self.state["transcript"]
        if LINES is not None:
            del lines[: max(0, len(lines) - LINES)]
        return freeze(self.state)

    def fill(self, slot, value, flow=None):
        document = FLOWS[flow or self.flow()]
        key = document["slots"].get(slot, slot)
        fitting = None if value is None else fit(value, SLOTS[key])
        if fitting is None:
            self.remember(key, self.state["slots"].pop(key, None))
        else:
            self.hold(key, fitting)

    def hold(self, key, value):
        """A slot has a value now."""
        before = self.state["slots"].get(key)
        if before != value:
            self.remember(key, before)
        self.state["slots"][key] = value

    def remember(self, key, value):
        """What a slot with a class held is kept back later, too."""
        if key in KEPT_BACK and value is not None:
            held = self.state.setdefault("held", {}).setdefault(key, [])
            if value not in held:
                held.append(value)

    def known(self, message):
        """What is known of the time, the customer and the queues, before anything else happens. Where nobody tells what
        time it is, every tier is open until a queue says otherwise."""
        if "now" in message:
            self.state["moment"] = moment_of(message["now"])
        if "conversation" in message:
            self.signal("conversation.id", message["conversation"], {"type": "text"})
        if isinstance(message.get("customer"), dict):
            for key, value in message["customer"].items():
                self.signal("customer." + key, value, {"type": "text"} if key == "id" else None)
        if isinstance(message.get("queue"), dict):
            for tier, figures in message["queue"].items():
                self.queue_figures(tier, figures)

    def signal(self, name, value, otherwise=None):
        """Sets what the flow declares; `otherwise` is the type of what every flow has."""
        kind = SIGNALS.get(name, otherwise)
        if kind is None:
            return
        fitting = None if value is None else fit(value, kind)
        if fitting is None:
            self.state["signals"].pop(name, None)
        else:
            self.state["signals"][name] = fitting

    def queue_figures(self, tier, figures):
        kept = self.state["queue"].setdefault(tier, {})
        for field, kind in QUEUE_FIELDS.items():
            if field in figures:
                value = fit(figures[field], kind)
                if value is None:
                    kept.pop(field, None)
                else:
                    kept[field] = value

    def read(self, message):
        """Step 1 of a turn: signals, counters, slots."""
        state, down = self.state, message.get("nlu") == "down"
        intent = message.get("intent")
        if down or intent not in INTENTS:
            intent = "none"
        basic = {"intent": intent, "nlu.ok": not down}
        for name in ("text", "channel"):
            basic[name] = fit(message.get(name), {"type": "text"})
        for name, low in (("confidence", 0), ("sentiment", -1), ("frustration", 0)):
            basic[name] = fit(message.get(name), {"type": "number", "min": Decimal(low), "max": Decimal(1)})
        if down:
            basic["confidence"] = None
        state["basic"] = basic
        for name, value in (message.get("signals") or {}).items():
            self.signal(name, value)
        state["turn"] += 1
        state["repeats"] = state["repeats"] + 1 if intent == state["last_intent"] else 1
        state["no_match"] = state["no_match"] + 1 if intent == "none" else 0
        state["last_intent"] = intent
        state["silent"], state["idled"] = Decimal(0), []
        state["moods"] = (state["moods"] + [[state["turn"], basic["sentiment"]]])[-3:]
        running = {frame["flow"] for frame in state["frames"]}
        for entity, value in (message.get("entities") or {}).items():
            for flow in running:
                for slot in FLOWS[flow]["entities"].get(entity, ()):
                    key = FLOWS[flow]["slots"][slot]
                    fitting = None if value is None else fit(value, SLOTS[key])
                    if fitting is not None:
                        self.hold(key, fitting)
        if basic["text"] is not None:
            self.transcript.append({"who": "user", "text": basic["text"]})

    def fires(self):
        """Step 2: the first trigger that takes the turn, the innermost flow's first; the row of it, or None."""
        if self.state["where"] not in ("listen", "ask"):
            return None
        frames = self.state["frames"]
        for depth in range(len(frames) - 1, -1, -1):
            frame = frames[depth]
            document = FLOWS[frame["flow"]]
            names = Names(self, frame["flow"])
            for trigger in document["triggers"]:
                key = frame["flow"] + "." + trigger["id"]
                if key in self.state["spent"] or not reaches(trigger["within"], document, frame["node"]):
                    continue
                if not trigger["when"](names):
                    continue
                reasons = [name for name, when in trigger["because"] if when(names)]
                if trigger["because"] and not reasons:
                    continue
                self.state["trigger"] = {
                    "id": trigger["id"],
                    "key": key,
                    "reasons": reasons,
                    "text": self.state["basic"].get("text"),
                }
                if trigger["once"] is True:
                    self.state["spent"].append(key)
                del frames[depth + 1 :]
                return trigger
        return None

    def open(self):
        start = next(key for key, entry in FLOWS[FLOW]["nodes"].items() if entry["kind"] == "start")
        self.state["frames"] = [{"flow": FLOW, "node": start}]
        return start, ""

    def turn(self):
        """Step 3: the card that waits takes the turn."""
        where = self.state["where"]
        if where == "queue":
            return self.turn_in_queue()
        if where == "person":
            self.suggest()
        if where not in ("listen", "ask"):
            # With a person the bot is silent; at rest nothing acts any more.
            return None
        node = self.node()
        if node["kind"] != "ask":
            return self.branch()
        if self.names()["slots." + node["slot"]] is not None:
            return self.port("filled")
        self.state["attempts"] += 1
        if self.state["attempts"] >= node["attempts"]:
            return self.port("failed")
        self.say(node["reprompt"])
        return None

    def customer(self, message):
        """A customer's turn, all three steps of it."""
        self.read(message)
        trigger = self.fires()
        return (trigger["to"], "trigger." + trigger["id"]) if trigger else self.turn()

    def event(self, event):
        """What the clock, a person or the contact centre did, in the words of the studio's conversations."""
        state, request = self.state, self.state["request"]
        what = event.get("agent")
        if "queue" in event:
            self.queue_figures(event["queue"], event)
            return self.look_again() if state["where"] == "queue" else None
        if "clock" in event:
            return self.pass_time(number(event["clock"]) or Decimal(0), event.get("quiet") is True)
        if event.get("customer") == "left":
            self.withdraw()
            state["where"] = "end"
            return None
        if "handoff" in event:
            if event["handoff"] == "sent" and request:
                state["ref"] = fit(event.get("ref"), {"type": "text"})
            elif event["handoff"] == "failed" and request:
                state["request"] = None
                if state["where"] in ("queue", "person"):
                    return self.port("failed")
        elif what and request:
            if "name" in event:
                state["agent"]["name"] = fit(event["name"], {"type": "text"})
            if what in ("accepted", "resumed", "resolved", "escalated"):
                return self.person(what, event)
        return None


def reaches(within, document, node):
    """Whether a trigger looks at this node: `*`, a node's id, `group:x`, each with `!` to take it out."""

    def names_it(entry):
        if entry.startswith("group:"):
            return document["nodes"][node].get("group") == entry[len("group:") :]
        return entry == "*" or entry == node

    wanted = [entry for entry in within if not entry.startswith("!")]
    if not any(names_it(entry) for entry in wanted) and (wanted or not within):
        return False
    return not any(names_it(entry[1:]) for entry in within if entry.startswith("!"))


def assume_ok(card, name, inputs):
    """What the preview assumes of a call that nobody answers."""
    return {"status": "ok"}


def result_of(machine, following=None):
    """What one step led to. `to` is the card to enter next, with `frames` and `edge`; without one the run waits."""
    after = machine.state
    frames = [[frame["flow"], frame["node"]] for frame in after["frames"]]
    if following:
        frames[-1][1] = following[0]
    where = "moving" if following else after["where"]
    return {
        "port": machine.port_taken,
        "to": following[0] if following else None,
        "edge": following[1] if following else "",
        "frames": frames,
        "said": machine.said,
        "suggested": machine.suggested,
        "requests": machine.requests,
        "withdrawn": machine.withdrawn,
        "needs_handoff": bool(machine.requests) or where in ("queue", "error"),
        "paused": where in ("queue", "person"),
        "where": where,
        "at": machine.full() if after["frames"] else None,
        "outcome": after["outcome"],
    }


def fails(machine, step):
    """What a step gives; where the flow cannot go on, the run ends in an error."""
    try:
        return step()
    except Ended:
        machine.state["where"] = "error"
        return None


def begun_anew(state, event):
    """None for a customer who comes back after the end."""
    over = state is not None and state["where"] in ("end", "error")
    return None if over and event.get("who") == "user" else state


# The way in, piece by piece, for a platform that says where the conversation is. `state` is None for a new conversation;
# every function gives back a new one, plain JSON. `frames` says where the platform stands: [[flow, card], ..], the flow
# itself first; None is where the state stands. `transcript` are the lines so far; None leaves keeping them to the state.


def hear(state, event, frames=None, transcript=None):
    """Step 1 of a customer's turn: what is known of it. Nothing is decided."""
    machine = Machine(begun_anew(state, event), assume_ok, transcript)
    machine.known(event)
    machine.stand(frames)
    machine.read(event)
    return machine.keep()


def fires(state, frames=None):
    """Step 2: the first trigger that takes the turn, or None. Its `frames` and `edge` are what `enter` wants."""
    machine = Machine(state, assume_ok, None)
    machine.stand(frames)
    trigger = machine.fires()
    if trigger is None:
        return machine.keep(), None
    stack = [[frame["flow"], frame["node"]] for frame in machine.state["frames"]]
    stack[-1][1] = trigger["to"]
    return machine.keep(), {
        "trigger": trigger["id"],
        "flow": stack[-1][0],
        "to": trigger["to"],
        "edge": "trigger." + trigger["id"],
        "reasons": list(machine.state["trigger"]["reasons"]),
        "frames": stack,
    }


def turn(state, frames=None, call=assume_ok, transcript=None):
    """Step 3: the card that waits takes the turn that was heard."""
    machine = Machine(state, call, transcript)
    machine.stand(frames)
    following = fails(machine, machine.turn)
    return machine.keep(), result_of(machine, following)


def enter(state, frames, edge="", call=assume_ok, transcript=None):
    """Carries out one card, the last of `frames`, entered by `edge` ("card.port", or "trigger.ID")."""
    machine = placed(state, frames, call, transcript)
    following = fails(machine, lambda: machine.enter(frames[-1][1], edge))
    return machine.keep(), result_of(machine, following)


def run(state, frames, edge="", call=assume_ok, transcript=None):
    """Carries out cards from here on until one waits."""
    machine = placed(state, frames, call, transcript)
    fails(machine, lambda: machine.go((frames[-1][1], edge)))
    return machine.keep(), result_of(machine)


def placed(state, frames, call, transcript):
    """A machine that is about to enter the last card."""
    machine = Machine(state, call, transcript)
    machine.state["frames"] = [{"flow": flow, "node": node} for flow, node in frames]
    return machine


def told(state, event, frames=None, call=assume_ok, transcript=None):
    """What was not said by the customer: the clock, a queue, a person, the contact centre. It does not run on."""
    machine = Machine(state, call, transcript)
    machine.known(event)
    machine.stand(frames)
    over = machine.state["where"] in ("end", "error")
    following = None if over else fails(machine, lambda: machine.event(event))
    return machine.keep(), result_of(machine, following)


def holds(state, frames=None, names=None, handoff=None):
    """Which of the named conditions hold; all of the current flow's where no names are given. `handoff` is the
    {"tier": .., "priority": ..} of which `queue.wait` and the like speak: that of the card where the run stands."""
    machine = Machine(state, assume_ok, None)
    machine.stand(frames)
    flow = machine.flow()
    here = machine.names(handoff or machine.asked())
    wanted = CONDITIONS_OF[flow] if names is None else names
    own = set(CONDITIONS_OF[flow])
    others = {name: Names(machine, key) for key in FLOWS if key != flow for name in CONDITIONS_OF[key]} if names else {}
    return {name: bool(CONDITIONS[name](here if name in own else others[name])) for name in wanted}


def say(state, frames, text, handoff=None):
    """A text with its values."""
    machine = Machine(state, assume_ok, None)
    machine.stand(frames)
    return machine.text(text, machine.names(handoff or machine.asked()))


def said(state, line):
    """The platform itself said this line: it joins the transcript."""
    machine = Machine(state, assume_ok, None)
    machine.transcript.append({"who": "bot", "text": line})
    return machine.keep()


def mirror(state, frames=None, slots=None, attempts=None, signals=None):
    """What the platform holds itself: slots of the current flow, failed tries, signals. None in them is unset."""
    machine = Machine(state, assume_ok, None)
    machine.stand(frames)
    for slot, value in (slots or {}).items():
        if slot in FLOWS[machine.flow()]["slots"]:
            machine.fill(slot, value)
    for name, value in (signals or {}).items():
        machine.signal(name, value)
    if attempts is not None:
        machine.state["attempts"] = int(attempts)
    return machine.keep()


def slots(state, frames=None):
    """The slots of the current flow as plain JSON; None is unset."""
    machine = Machine(state, assume_ok, None)
    machine.stand(frames)
    held = machine.state["slots"]
    return {slot: plain(held.get(key)) for slot, key in FLOWS[machine.flow()]["slots"].items()}


def take(state, event, call=assume_ok, transcript=None):
    """One event of a conversation, whole. Returns the state after it, and what to do about it.

    `event` is a customer's turn (`{"who": "user", "intent": ..}`) or what a person did (`{"agent": "resumed",
    "outcome": ..}`); its "now" is the time by which tiers are open. `call` makes the flow's calls; where it has a `request`, that sends tickets and callbacks.
    """
    machine = Machine(begun_anew(state, event), call, transcript)
    machine.known(event)

    def steps():
        if machine.state["where"] == "new":
            machine.go(machine.open())
        machine.entered = 0
        if machine.state["where"] not in ("end", "error"):
            machine.go(machine.customer(event) if event.get("who") == "user" else machine.event(event))

    fails(machine, steps)
    return machine.keep(), result_of(machine)
