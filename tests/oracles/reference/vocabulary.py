"""What generated flows talk about: the names, their types, and the numbers that guards and conversations meet at."""

from decimal import Decimal as D

INTENTS = ["fee_dispute", "request_human", "cancel", "greeting", "refund"]
TIERS = ["t1", "t2", "t3"]
CLASS_NAMES = ["financial", "health"]
ERRORS = ["E1", "E2", "ERR_NOT_FOUND"]
OUTCOMES = ["rerun", "done", "again"]
WORDS = ["card", "my card", "late", "fee", "", "a fee, late", "Ünïcode 🙂 text", "CARD"]

SIGNALS = {
    "customer.tier": {"type": "enum", "values": ["standard", "gold", "vip"], "source": "crm"},
    "customer.ltv": {"type": "number", "min": 0, "max": 1000, "source": "crm"},
    "account.locked": {"type": "bool", "source": "crm"},
    "case.kind": {"type": "text", "source": "crm"},
    "case.count": {"type": "integer", "min": 0, "max": 5, "source": "crm"},
}
SLOTS = {
    "s_text": {"type": "text", "entity": "e_text", "class": "financial"},
    "s_enum": {"type": "enum", "entity": "e_enum", "values": ["a", "b", "c"]},
    "s_int": {"type": "integer", "entity": "e_int", "min": 0, "max": 5},
    "s_num": {"type": "number", "entity": "e_num", "min": -1, "max": 1},
    "s_flag": {"type": "bool", "entity": "e_flag"},
    "s_twin": {"type": "text", "entity": "e_text"},
    "s_free": {"type": "text"},
}
CALLS = {
    "crm.look": {
        "inputs": {"id": "text"},
        "outputs": {"found": "bool", "amount": "number", "note": "text", "count": "integer"},
        "errors": {"E1": "First", "E2": "Second", "ERR_NOT_FOUND": "Third"},
        "repeat": "safe",
    },
    "crm.write": {"inputs": {}, "outputs": {"note": "text", "amount": "number"}, "errors": {"E1": "First", "E2": "Second"}, "repeat": "never"},
}
HOURS = {
    "office": {
        "zone": "Europe/London",
        "open": ["Mon-Fri 08:00-20:00", "Sat 09:00-17:00"],
        "closed": ["2026-12-25"],
        "special": {"2026-12-24": ["08:00-12:00"]},
    },
    "coast": {"zone": "America/Los_Angeles", "open": ["Mon-Sun 09:00-12:00", "Mon-Fri 13:00-17:30"]},
    "lists": {"zone": "Asia/Kolkata", "open": ["Mon,Wed,Fri 00:00-24:00"], "special": {"2026-11-24": ["10:00-11:00"]}},
}
# Instants near the edges of those calendars, in winter and in summer time.
STARTS = [
    "2026-11-23T09:00:00Z",
    "2026-11-23T07:59:30Z",
    "2026-11-23T19:59:30Z",
    "2026-11-23T20:00:00Z",
    "2026-11-22T12:00:00Z",
    "2026-12-24T11:59:59Z",
    "2026-12-25T10:00:00Z",
    "2026-06-15T06:59:00Z",
    "2026-06-15T18:58:00Z",
    "2026-11-23T16:59:00Z",
    "2026-11-24T01:29:30Z",
    "2026-03-29T00:59:00Z",
    "2026-11-28T16:58:00Z",
]

# name -> (type, interesting numbers); the numbers lie in the name's range.
NUMBERS = {
    "confidence": [D("0"), D("0.3"), D("0.5"), D("0.8"), D("1")],
    "sentiment": [D("-1"), D("-0.3"), D("0"), D("0.5"), D("1")],
    "frustration": [D("0"), D("0.4"), D("0.7"), D("1")],
    "sentiment_trend": [D("-0.5"), D("0"), D("0.15"), D("0.3")],
    "customer.ltv": [D("0"), D("99.5"), D("500"), D("1000")],
    "slots.s_num": [D("-1"), D("-0.3"), D("0.1"), D("0.5"), D("1")],
}
INTEGERS = {
    "turn": [1, 2, 3, 4],
    "repeats": [1, 2, 3],
    "no_match": [0, 1, 2],
    "attempts": [0, 1, 2],
    "handoffs": [0, 1, 2, 3],
    "handoffs.t1": [0, 1, 2],
    "case.count": [0, 2, 5],
    "slots.s_int": [0, 1, 3, 5],
}
SECONDS = {"waited": [0, 30, 60, 120]}
for _tier in TIERS:
    SECONDS["queue.%s.wait" % _tier] = [0, 60, 300, 420]
BOOLS = ["nlu.ok", "handoff.pending", "account.locked", "slots.s_flag"]
ENUMS = {
    "customer.tier": ["standard", "gold", "vip"],
    "slots.s_enum": ["a", "b", "c"],
}
TEXTS = {
    "text": WORDS,
    "channel": ["chat", "voice"],
    "error.code": ERRORS,
    "error.message": ["no such charge", "broken"],
    "agent.note": ["noted", "again"],
    "agent.outcome": OUTCOMES,
    "agent.name": ["desk 7", "desk 8"],
    "handoff.ref": ["ZD-1", "ZD-2"],
    "trigger.text": WORDS,
    "slots.s_text": ["card", "fee", "late"],
    "slots.s_twin": ["card", "fee", "late"],
    "slots.s_free": ["card", "fee", "done"],
    "case.kind": ["card", "loan"],
    "customer.id": ["c-77", "c-78"],
}
