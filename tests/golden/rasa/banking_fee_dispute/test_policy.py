"""What policy.py must answer, as the studio answers it: run `python3 -m unittest` in this folder.

Every condition stands at its boundaries: at each bound, just below, just above, in each of its regions, and unset.
9 of 9 conditions, 4000 cases at the most; 32 of 32 conversations, 200 at the most.
Written by Handoff Studio; change the flow and export again rather than this file.
"""
import unittest
from decimal import Decimal

from actions import policy

# What is compared of a request.
REQUEST = ("node", "tier", "mode", "priority", "at_turn", "reasons")


class Given(policy.Names):
    """Names with these values; constants are the flow's, and every other name is unset."""

    def __init__(self, flow, values):
        super().__init__(None, flow)
        self.values = values

    def __getitem__(self, name):
        first, _, rest = name.partition(".")
        return policy.FLOWS[self.flow]["constants"].get(rest) if first == "const" else self.values.get(name)


class Boundaries(unittest.TestCase):
    """Each condition by itself."""

    def holds(self, name, flow, cases):
        for given, expected in cases:
            with self.subTest(condition=name, given=given):
                self.assertIs(policy.CONDITIONS[name](Given(flow, given)), expected)

    def test_trigger_uncertain_dispute_when(self):
        'intent == "fee_dispute"'
        self.holds("trigger_uncertain_dispute_when", "banking_fee_dispute", [
            ({}, False),
            ({"intent": "fee_dispute"}, True),
            ({"intent": "request_human"}, False),
        ])

    def test_trigger_uncertain_dispute_because_low_confidence(self):
        """confidence < const.unsure"""
        self.holds("trigger_uncertain_dispute_because_low_confidence", "banking_fee_dispute", [
            ({}, False),
            ({"confidence": Decimal("0.75")}, True),
            ({"confidence": Decimal("0.8")}, False),
            ({"confidence": Decimal("0.799999999")}, True),
            ({"confidence": Decimal("0.800000001")}, False),
            ({"confidence": Decimal("0.85")}, False),
            ({"confidence": Decimal("0")}, True),
            ({"confidence": Decimal("1")}, False),
        ])

    def test_trigger_uncertain_dispute_because_negative_sentiment(self):
        """sentiment < const.upset"""
        self.holds("trigger_uncertain_dispute_because_negative_sentiment", "banking_fee_dispute", [
            ({}, False),
            ({"sentiment": Decimal("-0.35")}, True),
            ({"sentiment": Decimal("-0.3")}, False),
            ({"sentiment": Decimal("-0.300000001")}, True),
            ({"sentiment": Decimal("-0.299999999")}, False),
            ({"sentiment": Decimal("-0.25")}, False),
            ({"sentiment": Decimal("0")}, False),
            ({"sentiment": Decimal("1")}, False),
            ({"sentiment": Decimal("-1")}, True),
        ])

    def test_trigger_asked_for_person_when(self):
        'intent == "request_human"'
        self.holds("trigger_asked_for_person_when", "banking_fee_dispute", [
            ({}, False),
            ({"intent": "request_human"}, True),
            ({"intent": "fee_dispute"}, False),
        ])

    def test_main_branch_0(self):
        'intent == "fee_dispute"'
        self.holds("main_branch_0", "banking_fee_dispute", [
            ({}, False),
            ({"intent": "fee_dispute"}, True),
            ({"intent": "request_human"}, False),
        ])

    def test_sure_enough_branch_0(self):
        """look_up.confidence < const.unsure"""
        self.holds("sure_enough_branch_0", "banking_fee_dispute", [
            ({}, False),
            ({"look_up.confidence": Decimal("0.75")}, True),
            ({"look_up.confidence": Decimal("0.8")}, False),
            ({"look_up.confidence": Decimal("0.799999999")}, True),
            ({"look_up.confidence": Decimal("0.800000001")}, False),
            ({"look_up.confidence": Decimal("0.85")}, False),
            ({"look_up.confidence": Decimal("0")}, True),
            ({"look_up.confidence": Decimal("1")}, False),
        ])

    def test_to_tier1_route_0(self):
        """customer.tier == "vip" && queue.tier2.open"""
        self.holds("to_tier1_route_0", "banking_fee_dispute", [
            ({}, False),
            ({"customer.tier": "vip", "queue.tier2.open": True}, True),
            ({"customer.tier": "standard", "queue.tier2.open": True}, False),
            ({"queue.tier2.open": True}, False),
            ({"customer.tier": "vip", "queue.tier2.open": False}, False),
            ({"customer.tier": "vip"}, False),
            ({"customer.tier": "standard"}, False),
            ({"queue.tier2.open": False}, False),
        ])

    def test_to_tier1_overflow_0(self):
        """queue.wait > 300 && priority >= 3 && !(trigger.id == "asked_for_person")"""
        self.holds("to_tier1_overflow_0", "banking_fee_dispute", [
            ({}, False),
            ({"priority": Decimal("3"), "queue.wait": Decimal("301")}, True),
            ({"priority": Decimal("3"), "queue.wait": Decimal("300")}, False),
            ({"priority": Decimal("3"), "queue.wait": Decimal("299.999999999")}, False),
            ({"priority": Decimal("3"), "queue.wait": Decimal("300.000000001")}, True),
            ({"priority": Decimal("3"), "queue.wait": Decimal("299")}, False),
            ({"priority": Decimal("3")}, False),
            ({"priority": Decimal("3"), "queue.wait": Decimal("0")}, False),
            ({"priority": Decimal("3"), "queue.wait": Decimal("1")}, False),
            ({"priority": Decimal("3"), "queue.wait": Decimal("86400")}, True),
            ({"priority": Decimal("2"), "queue.wait": Decimal("301")}, False),
            ({"priority": Decimal("4"), "queue.wait": Decimal("301")}, True),
            ({"queue.wait": Decimal("301")}, False),
            ({"priority": Decimal("1"), "queue.wait": Decimal("301")}, False),
            ({"priority": Decimal("5"), "queue.wait": Decimal("301")}, True),
            ({"priority": Decimal("3"), "queue.wait": Decimal("301"), "trigger.id": "asked_for_person"}, False),
            ({"priority": Decimal("3"), "queue.wait": Decimal("301"), "trigger.id": "something else"}, True),
            ({"queue.wait": Decimal("300")}, False),
            ({"queue.wait": Decimal("299.999999999")}, False),
            ({"queue.wait": Decimal("300.000000001")}, False),
            ({"queue.wait": Decimal("299")}, False),
            ({"queue.wait": Decimal("0")}, False),
            ({"queue.wait": Decimal("1")}, False),
            ({"queue.wait": Decimal("86400")}, False),
            ({"priority": Decimal("2")}, False),
            ({"priority": Decimal("4")}, False),
            ({"priority": Decimal("1")}, False),
            ({"priority": Decimal("5")}, False),
            ({"trigger.id": "asked_for_person"}, False),
            ({"trigger.id": "something else"}, False),
        ])

    def test_to_tier1_turn_0(self):
        'intent == "cancel"'
        self.holds("to_tier1_turn_0", "banking_fee_dispute", [
            ({}, False),
            ({"intent": "cancel"}, True),
            ({"intent": "fee_dispute"}, False),
        ])


CONVERSATIONS = [
    {
        "id": "fee-1",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-77", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "Why was I charged a $25 fee?",
                "intent": "fee_dispute",
                "confidence": Decimal("0.62"),
                "sentiment": Decimal("-0.45"),
            },
            {"queue": "tier1", "wait": 240, "open": True, "available": 0, "position": 4},
            {"handoff": "sent", "ref": "ZD-1042"},
            {"clock": 70},
            {
                "who": "user",
                "text": "Hello? Anyone there?",
                "intent": "none",
                "confidence": Decimal("0.4"),
                "sentiment": Decimal("-0.2"),
            },
            {"agent": "accepted", "name": "Cards desk"},
            {
                "who": "agent",
                "text": "Hello, I can see the charge. That was the monthly fee; I have refunded it.",
            },
            {
                "who": "user",
                "text": "Thank you!",
                "intent": "none",
                "confidence": Decimal("0.5"),
                "sentiment": Decimal("0.6"),
            },
            {"agent": "resolved", "note": "Monthly fee refunded as a courtesy.", "outcome": "refunded"},
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 1,
                "reasons": ["low_confidence", "negative_sentiment"],
            },
        ],
        "path": ["start", "greet", "main", "to_tier1", "solved"],
        "at": None,
    },
    {
        "id": "fee-explained",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-101", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "Why was I charged a fee when I paid with card?",
                "intent": "fee_dispute",
                "confidence": Decimal("0.97"),
                "sentiment": Decimal("-0.2023"),
            },
            {"who": "bot", "text": "Which charge is it?"},
            {
                "who": "user",
                "text": "It is the one called AV-5845",
                "intent": "none",
                "confidence": Decimal("0.55"),
                "sentiment": 0,
                "entities": {"transaction_id": "AV-5845"},
            },
            {
                "action": "look_up",
                "status": "ok",
                "data": {
                    "explanation": "the 1.5 % fee for card payments in another currency",
                    "confidence": Decimal("0.93"),
                },
            },
        ],
        "requests": [],
        "path": ["start", "greet", "main", "ask_txn", "look_up", "sure_enough", "explain", "solved"],
        "at": None,
    },
    {
        "id": "fee-explained-default",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-102", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "There is a £2 charge, AV-5845, what is it?",
                "intent": "fee_dispute",
                "confidence": Decimal("0.9"),
                "sentiment": 0,
                "entities": {"transaction_id": "AV-5845"},
            },
            {"action": "charges.explain", "status": "ok", "data": {"confidence": Decimal("0.99")}},
        ],
        "requests": [],
        "path": ["start", "greet", "main", "ask_txn", "look_up", "sure_enough", "explain", "solved"],
        "at": None,
    },
    {
        "id": "fee-vip",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-9", "tier": "vip"},
        "turns": [
            {
                "who": "user",
                "text": "I was charged for something I didn't expect",
                "intent": "fee_dispute",
                "confidence": Decimal("0.71"),
                "sentiment": Decimal("-0.2023"),
            },
            {"handoff": "sent", "ref": "ZD-1043"},
            {"queue": "tier2", "wait": 20, "open": True, "available": 1, "position": 1},
            {"agent": "accepted", "name": "VIP desk"},
            {"who": "agent", "text": "Good morning, let me look at that with you."},
            {"agent": "resolved", "note": "Annual card fee explained.", "outcome": "explained"},
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier2",
                "mode": "transfer",
                "priority": 1,
                "at_turn": 1,
                "reasons": ["low_confidence"],
            },
        ],
        "path": ["start", "greet", "main", "to_tier1", "solved"],
        "at": None,
    },
    {
        "id": "fee-upset-only",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-103", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "I am not okay with this fee, it is outrageous!",
                "intent": "fee_dispute",
                "confidence": Decimal("0.95"),
                "sentiment": Decimal("-0.71"),
            },
            {"handoff": "sent", "ref": "ZD-1044"},
            {"agent": "accepted", "name": "Cards desk"},
            {"who": "agent", "text": "I am sorry about that. It will be back in your account tomorrow."},
            {"agent": "resumed", "note": "Refund booked.", "outcome": "refunded"},
            {
                "who": "user",
                "text": "Great, nothing else",
                "intent": "cancel",
                "confidence": Decimal("0.9"),
                "sentiment": Decimal("0.5"),
            },
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 1,
                "reasons": ["negative_sentiment"],
            },
        ],
        "path": ["start", "greet", "main", "to_tier1", "after_agent", "main", "clarify", "main"],
        "at": "main",
    },
    {
        "id": "fee-boundary-stays",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-104", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "What is this €1 fee in my statement?",
                "intent": "fee_dispute",
                "confidence": Decimal("0.8"),
                "sentiment": Decimal("-0.3"),
            },
        ],
        "requests": [],
        "path": ["start", "greet", "main", "ask_txn"],
        "at": "ask_txn",
    },
    {
        "id": "fee-asked-for-person",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-105", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "Let me talk to someone",
                "intent": "request_human",
                "confidence": Decimal("0.98"),
                "sentiment": 0,
            },
            {"queue": "tier1", "wait": 600, "open": True, "available": 0, "position": 9},
            {"clock": 60},
            {"agent": "accepted", "name": "Cards desk"},
            {"who": "agent", "text": "Hello, what can I do for you?"},
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 1,
                "reasons": ["asked_for_person"],
            },
        ],
        "path": ["start", "greet", "main", "to_tier1"],
        "at": "to_tier1",
    },
    {
        "id": "fee-place-kept",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-106", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "I got double charged for a payment so how do I fix that?",
                "intent": "fee_dispute",
                "confidence": Decimal("0.79"),
                "sentiment": Decimal("-0.2023"),
            },
            {"handoff": "sent", "ref": "ZD-1045"},
            {"queue": "tier1", "wait": 480, "open": True, "available": 0, "position": 7},
            {"who": "bot", "text": "You keep your place in the queue; meanwhile, let me try to help."},
            {
                "who": "user",
                "text": "The charge is AV-5845",
                "intent": "fee_dispute",
                "confidence": Decimal("0.91"),
                "sentiment": 0,
                "entities": {"transaction_id": "AV-5845"},
            },
            {
                "action": "look_up",
                "status": "ok",
                "data": {
                    "explanation": "one payment and one reservation that falls away by itself",
                    "confidence": Decimal("0.96"),
                },
            },
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 1,
                "reasons": ["low_confidence"],
            },
        ],
        "path": [
            "start",
            "greet",
            "main",
            "to_tier1",
            "please_wait",
            "main",
            "ask_txn",
            "look_up",
            "sure_enough",
            "explain",
            "solved",
        ],
        "at": None,
    },
    {
        "id": "fee-place-kept-accepted",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-107", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "Why am I being charged twice for a restaurant?",
                "intent": "fee_dispute",
                "confidence": Decimal("0.66"),
                "sentiment": Decimal("-0.2"),
            },
            {"queue": "tier1", "wait": 420, "open": True, "available": 0, "position": 5},
            {
                "who": "user",
                "text": "Fine, I will wait",
                "intent": "none",
                "confidence": Decimal("0.5"),
                "sentiment": Decimal("-0.1"),
            },
            {"clock": 200},
            {"agent": "accepted", "name": "Cards desk"},
            {"who": "agent", "text": "Hello, I have it open."},
            {"agent": "resolved", "note": "Second charge cancelled.", "outcome": "refunded"},
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 1,
                "reasons": ["low_confidence"],
            },
        ],
        "path": [
            "start",
            "greet",
            "main",
            "to_tier1",
            "please_wait",
            "main",
            "clarify",
            "main",
            "to_tier1",
            "solved",
        ],
        "at": None,
    },
    {
        "id": "fee-place-kept-back-to-the-wait",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-108", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "Why is there more then one charge on my card?",
                "intent": "fee_dispute",
                "confidence": Decimal("0.7"),
                "sentiment": Decimal("-0.1"),
            },
            {"queue": "tier1", "wait": 420, "open": True, "available": 0, "position": 5},
            {
                "who": "user",
                "text": "I would rather wait for the person",
                "intent": "request_human",
                "confidence": Decimal("0.95"),
                "sentiment": Decimal("-0.1"),
            },
            {"clock": 120},
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 1,
                "reasons": ["low_confidence"],
            },
        ],
        "path": ["start", "greet", "main", "to_tier1", "please_wait", "main", "to_tier1"],
        "at": "to_tier1",
    },
    {
        "id": "fee-cancelled-while-waiting",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-109", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "Can someone check a fee for me? I do not understand it",
                "intent": "fee_dispute",
                "confidence": Decimal("0.61"),
                "sentiment": 0,
            },
            {"handoff": "sent", "ref": "ZD-1046"},
            {"clock": 30},
            {
                "who": "user",
                "text": "never mind",
                "intent": "cancel",
                "confidence": Decimal("0.97"),
                "sentiment": 0,
            },
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 1,
                "reasons": ["low_confidence"],
            },
        ],
        "path": ["start", "greet", "main", "to_tier1", "main"],
        "at": "main",
    },
    {
        "id": "fee-timeout-callback",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-110", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "This charge is wrong and I am furious",
                "intent": "fee_dispute",
                "confidence": Decimal("0.9"),
                "sentiment": Decimal("-0.8"),
            },
            {"handoff": "sent", "ref": "ZD-1047"},
            {"clock": 600},
            {"clock": 301},
            {"who": "bot", "text": "Nobody is free right now. Which number may we call you back on?"},
            {
                "who": "user",
                "text": "Call me on +44 20 7946 0018",
                "intent": "none",
                "confidence": Decimal("0.6"),
                "sentiment": Decimal("-0.3"),
                "entities": {"phone": "+44 20 7946 0018"},
            },
            {"handoff": "sent", "ref": "ZD-1048"},
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 1,
                "reasons": ["negative_sentiment"],
            },
            {
                "node": "call_back",
                "tier": "tier1",
                "mode": "callback",
                "priority": 3,
                "at_turn": 2,
                "reasons": ["negative_sentiment"],
            },
        ],
        "path": ["start", "greet", "main", "to_tier1", "ask_phone", "call_back", "promised", "called_back"],
        "at": None,
    },
    {
        "id": "fee-closed-callback",
        "start": "2026-11-22T11:00:00Z",
        "customer": {"id": "c-111", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "I want to talk to a human being",
                "intent": "request_human",
                "confidence": Decimal("0.99"),
                "sentiment": Decimal("-0.1"),
            },
            {"who": "bot", "text": "Nobody is free right now. Which number may we call you back on?"},
            {
                "who": "user",
                "text": "+44 20 7946 0111",
                "intent": "none",
                "confidence": Decimal("0.6"),
                "sentiment": 0,
                "entities": {"phone": "+44 20 7946 0111"},
            },
        ],
        "requests": [
            {
                "node": "call_back",
                "tier": "tier1",
                "mode": "callback",
                "priority": 3,
                "at_turn": 2,
                "reasons": ["asked_for_person"],
            },
        ],
        "path": ["start", "greet", "main", "to_tier1", "ask_phone", "call_back", "promised", "called_back"],
        "at": None,
    },
    {
        "id": "fee-closed-vip",
        "start": "2026-11-22T11:00:00Z",
        "customer": {"id": "c-10", "tier": "vip"},
        "turns": [
            {
                "who": "user",
                "text": "There is an extra charge that I was not told about",
                "intent": "fee_dispute",
                "confidence": Decimal("0.75"),
                "sentiment": Decimal("-0.2"),
            },
            {
                "who": "user",
                "text": "+44 20 7946 0222",
                "intent": "none",
                "confidence": Decimal("0.6"),
                "sentiment": 0,
                "entities": {"phone": "+44 20 7946 0222"},
            },
        ],
        "requests": [
            {
                "node": "call_back",
                "tier": "tier1",
                "mode": "callback",
                "priority": 3,
                "at_turn": 2,
                "reasons": ["low_confidence"],
            },
        ],
        "path": ["start", "greet", "main", "to_tier1", "ask_phone", "call_back", "promised", "called_back"],
        "at": None,
    },
    {
        "id": "fee-closed-no-number",
        "start": "2026-11-22T11:00:00Z",
        "customer": {"id": "c-112", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "Why so many fees on my statement? Ridiculous!",
                "intent": "fee_dispute",
                "confidence": Decimal("0.92"),
                "sentiment": Decimal("-0.6"),
            },
            {
                "who": "user",
                "text": "I am not giving you my number",
                "intent": "none",
                "confidence": Decimal("0.5"),
                "sentiment": Decimal("-0.4"),
            },
            {
                "who": "user",
                "text": "No.",
                "intent": "none",
                "confidence": Decimal("0.5"),
                "sentiment": Decimal("-0.4"),
            },
        ],
        "requests": [],
        "path": ["start", "greet", "main", "to_tier1", "ask_phone", "gone"],
        "at": None,
    },
    {
        "id": "fee-charge-not-given",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-113", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "Why was a charged a fee for using the card?",
                "intent": "fee_dispute",
                "confidence": 1,
                "sentiment": Decimal("-0.2023"),
            },
            {
                "who": "user",
                "text": "The one on my card",
                "intent": "fee_dispute",
                "confidence": Decimal("0.9"),
                "sentiment": Decimal("-0.1"),
            },
            {
                "who": "user",
                "text": "I do not know which one",
                "intent": "none",
                "confidence": Decimal("0.5"),
                "sentiment": Decimal("-0.2"),
            },
            {"handoff": "sent", "ref": "ZD-1049"},
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 3,
                "reasons": ["charge_not_given"],
            },
        ],
        "path": ["start", "greet", "main", "ask_txn", "to_tier1"],
        "at": "to_tier1",
    },
    {
        "id": "fee-lookup-error",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-114", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "I took cash and got charged a fee",
                "intent": "fee_dispute",
                "confidence": 1,
                "sentiment": Decimal("-0.2023"),
            },
            {
                "who": "user",
                "text": "AV-5845",
                "intent": "none",
                "confidence": Decimal("0.4"),
                "sentiment": 0,
                "entities": {"transaction_id": "AV-5845"},
            },
            {"action": "look_up", "status": "error", "code": "ERR_NOT_FOUND", "message": "no such charge"},
            {"handoff": "sent", "ref": "ZD-1050"},
            {"agent": "accepted", "name": "Cards desk"},
            {"who": "agent", "text": "I found it under another number."},
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 2,
                "reasons": ["lookup_failed"],
            },
        ],
        "path": ["start", "greet", "main", "ask_txn", "look_up", "to_tier1"],
        "at": "to_tier1",
    },
    {
        "id": "fee-lookup-timeout",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-115", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "Why was there a fee for my transfer? It is AV-5845",
                "intent": "fee_dispute",
                "confidence": Decimal("0.9993"),
                "sentiment": 0,
                "entities": {"transaction_id": "AV-5845"},
            },
            {"action": "look_up", "status": "timeout"},
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 1,
                "reasons": ["lookup_failed"],
            },
        ],
        "path": ["start", "greet", "main", "ask_txn", "look_up", "to_tier1"],
        "at": "to_tier1",
    },
    {
        "id": "fee-unsure-of-charge",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-116", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "Is there supposed to be a fee for the transfer I made?",
                "intent": "fee_dispute",
                "confidence": Decimal("0.9781"),
                "sentiment": 0,
            },
            {
                "who": "user",
                "text": "AV-5845",
                "intent": "none",
                "confidence": Decimal("0.5"),
                "sentiment": 0,
                "entities": {"transaction_id": "AV-5845"},
            },
            {
                "action": "look_up",
                "status": "ok",
                "data": {"explanation": "an adjustment", "confidence": Decimal("0.41")},
            },
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 2,
                "reasons": ["unsure_of_charge"],
            },
        ],
        "path": ["start", "greet", "main", "ask_txn", "look_up", "sure_enough", "to_tier1"],
        "at": "to_tier1",
    },
    {
        "id": "fee-escalated",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-117", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "More fees, this time for withdrawing my own cash. Why are you robbing me?",
                "intent": "fee_dispute",
                "confidence": Decimal("0.8378"),
                "sentiment": Decimal("-0.62"),
            },
            {"agent": "accepted", "name": "Cards desk"},
            {"who": "agent", "text": "Let me bring in a specialist."},
            {"agent": "escalated", "note": "Wants all cash fees of this year back; beyond my limit."},
            {"handoff": "sent", "ref": "ZD-1051"},
            {"agent": "accepted", "name": "VIP desk"},
            {"agent": "resumed", "note": "Half of the fees refunded.", "outcome": "agreed"},
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 1,
                "reasons": ["negative_sentiment"],
            },
            {
                "node": "to_vip",
                "tier": "tier2",
                "mode": "transfer",
                "priority": 1,
                "at_turn": 1,
                "reasons": ["negative_sentiment"],
            },
        ],
        "path": ["start", "greet", "main", "to_tier1", "to_vip", "after_agent", "main"],
        "at": "main",
    },
    {
        "id": "fee-request-failed",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-118", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "The fee of yesterday is a mistake, I am sure",
                "intent": "fee_dispute",
                "confidence": Decimal("0.6"),
                "sentiment": Decimal("-0.2"),
            },
            {"handoff": "failed"},
            {
                "who": "user",
                "text": "+44 20 7946 0333",
                "intent": "none",
                "confidence": Decimal("0.6"),
                "sentiment": 0,
                "entities": {"phone": "+44 20 7946 0333"},
            },
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 1,
                "reasons": ["low_confidence"],
            },
            {
                "node": "call_back",
                "tier": "tier1",
                "mode": "callback",
                "priority": 3,
                "at_turn": 2,
                "reasons": ["low_confidence"],
            },
        ],
        "path": ["start", "greet", "main", "to_tier1", "ask_phone", "call_back", "promised", "called_back"],
        "at": None,
    },
    {
        "id": "fee-customer-leaves",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-119", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "Is there any way to see the fees of last year?",
                "intent": "none",
                "confidence": Decimal("0.5"),
                "sentiment": 0,
            },
            {"customer": "left"},
        ],
        "requests": [],
        "path": ["start", "greet", "main", "clarify", "main"],
        "at": None,
    },
    {
        "id": "fee-escalated-resolved",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-120", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "I see that I have been charged multiple times for the same transaction.",
                "intent": "fee_dispute",
                "confidence": Decimal("0.9994"),
                "sentiment": Decimal("-0.41"),
            },
            {"agent": "accepted", "name": "Cards desk"},
            {"who": "agent", "text": "Let me bring in a specialist."},
            {"agent": "escalated", "note": "Three identical charges."},
            {"handoff": "sent", "ref": "ZD-1060"},
            {"agent": "accepted", "name": "VIP desk"},
            {"agent": "resolved", "note": "Two of three refunded.", "outcome": "refunded"},
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 1,
                "reasons": ["negative_sentiment"],
            },
            {
                "node": "to_vip",
                "tier": "tier2",
                "mode": "transfer",
                "priority": 1,
                "at_turn": 1,
                "reasons": ["negative_sentiment"],
            },
        ],
        "path": ["start", "greet", "main", "to_tier1", "to_vip", "solved"],
        "at": None,
    },
    {
        "id": "fee-escalated-nobody-there",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-121", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "I see that I have been charged multiple times for the same transaction.",
                "intent": "fee_dispute",
                "confidence": Decimal("0.9994"),
                "sentiment": Decimal("-0.41"),
            },
            {"agent": "accepted", "name": "Cards desk"},
            {"who": "agent", "text": "Let me bring in a specialist."},
            {"agent": "escalated", "note": "Three identical charges."},
            {"handoff": "sent", "ref": "ZD-1061"},
            {"clock": 601},
            {
                "who": "user",
                "text": "+44 20 7946 0444",
                "intent": "none",
                "confidence": Decimal("0.5"),
                "sentiment": Decimal("-0.2"),
                "entities": {"phone": "+44 20 7946 0444"},
            },
            {"handoff": "failed"},
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 1,
                "reasons": ["negative_sentiment"],
            },
            {
                "node": "to_vip",
                "tier": "tier2",
                "mode": "transfer",
                "priority": 1,
                "at_turn": 1,
                "reasons": ["negative_sentiment"],
            },
            {
                "node": "call_back",
                "tier": "tier1",
                "mode": "callback",
                "priority": 3,
                "at_turn": 2,
                "reasons": ["negative_sentiment"],
            },
        ],
        "path": ["start", "greet", "main", "to_tier1", "to_vip", "ask_phone", "call_back", "gone"],
        "at": None,
    },
    {
        "id": "fee-escalated-desk-closed",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-122", "tier": "standard"},
        "turns": [
            {"queue": "tier2", "wait": 0, "open": False},
            {
                "who": "user",
                "text": "I see that I have been charged multiple times for the same transaction.",
                "intent": "fee_dispute",
                "confidence": Decimal("0.9994"),
                "sentiment": Decimal("-0.41"),
            },
            {"agent": "accepted", "name": "Cards desk"},
            {"who": "agent", "text": "Let me bring in a specialist."},
            {"agent": "escalated", "note": "Three identical charges."},
            {
                "who": "user",
                "text": "+44 20 7946 0555",
                "intent": "none",
                "confidence": Decimal("0.5"),
                "sentiment": Decimal("-0.2"),
                "entities": {"phone": "+44 20 7946 0555"},
            },
            {"handoff": "sent", "ref": "ZD-1062"},
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 1,
                "reasons": ["negative_sentiment"],
            },
            {
                "node": "call_back",
                "tier": "tier1",
                "mode": "callback",
                "priority": 3,
                "at_turn": 2,
                "reasons": ["negative_sentiment"],
            },
        ],
        "path": [
            "start",
            "greet",
            "main",
            "to_tier1",
            "to_vip",
            "ask_phone",
            "call_back",
            "promised",
            "called_back",
        ],
        "at": None,
    },
    {
        "id": "fee-escalated-request-failed",
        "start": "2026-11-23T09:00:00Z",
        "customer": {"id": "c-123", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "I see that I have been charged multiple times for the same transaction.",
                "intent": "fee_dispute",
                "confidence": Decimal("0.9994"),
                "sentiment": Decimal("-0.41"),
            },
            {"agent": "accepted", "name": "Cards desk"},
            {"who": "agent", "text": "Let me bring in a specialist."},
            {"agent": "escalated", "note": "Three identical charges."},
            {"handoff": "failed"},
            {
                "who": "user",
                "text": "+44 20 7946 0666",
                "intent": "none",
                "confidence": Decimal("0.5"),
                "sentiment": Decimal("-0.2"),
                "entities": {"phone": "+44 20 7946 0666"},
            },
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 1,
                "reasons": ["negative_sentiment"],
            },
            {
                "node": "to_vip",
                "tier": "tier2",
                "mode": "transfer",
                "priority": 1,
                "at_turn": 1,
                "reasons": ["negative_sentiment"],
            },
            {
                "node": "call_back",
                "tier": "tier1",
                "mode": "callback",
                "priority": 3,
                "at_turn": 2,
                "reasons": ["negative_sentiment"],
            },
        ],
        "path": [
            "start",
            "greet",
            "main",
            "to_tier1",
            "to_vip",
            "ask_phone",
            "call_back",
            "promised",
            "called_back",
        ],
        "at": None,
    },
    {
        "id": "banking77-test-800",
        "start": None,
        "customer": {"id": "c-800", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "I payed with a card and was charged an extra fee",
                "intent": "fee_dispute",
                "confidence": 1,
                "sentiment": Decimal("-0.2023"),
            },
        ],
        "requests": [],
        "path": ["start", "greet", "main", "ask_txn"],
        "at": "ask_txn",
    },
    {
        "id": "banking77-test-192",
        "start": None,
        "customer": {"id": "c-192", "tier": "gold"},
        "turns": [
            {
                "who": "user",
                "text": "Can you help me with a weird charge?  It's a pound charge that never goes away from the statement view on the app I'm using.  It's not described as anything but \"Pending\", and that status has never changed during the last two days.",
                "intent": "fee_dispute",
                "confidence": Decimal("0.756"),
                "sentiment": Decimal("0.128"),
            },
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 1,
                "reasons": ["low_confidence"],
            },
        ],
        "path": ["start", "greet", "main", "to_tier1"],
        "at": "to_tier1",
    },
    {
        "id": "banking77-test-198",
        "start": None,
        "customer": {"id": "c-198", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "I'm quite confused as to what is going on. There is some odd extra pound charge on my statement in the app that's just listed as pending and doesn't go away since a couple days.",
                "intent": "fee_dispute",
                "confidence": Decimal("0.6337"),
                "sentiment": Decimal("-0.5984"),
            },
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 1,
                "reasons": ["low_confidence", "negative_sentiment"],
            },
        ],
        "path": ["start", "greet", "main", "to_tier1"],
        "at": "to_tier1",
    },
    {
        "id": "banking77-test-2916",
        "start": None,
        "customer": {"id": "c-2916", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "I had a wrong fee charged at this ATM.",
                "intent": "fee_dispute",
                "confidence": Decimal("0.9999"),
                "sentiment": Decimal("-0.5994"),
            },
        ],
        "requests": [
            {
                "node": "to_tier1",
                "tier": "tier1",
                "mode": "transfer",
                "priority": 3,
                "at_turn": 1,
                "reasons": ["negative_sentiment"],
            },
        ],
        "path": ["start", "greet", "main", "to_tier1"],
        "at": "to_tier1",
    },
    {
        "id": "banking77-test-2776",
        "start": None,
        "customer": {"id": "c-2776", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "How much is a cross currency exchange, and can I check to see if I have any discounts available?",
                "intent": "fee_dispute",
                "confidence": Decimal("0.8"),
                "sentiment": 0,
            },
        ],
        "requests": [],
        "path": ["start", "greet", "main", "ask_txn"],
        "at": "ask_txn",
    },
    {
        "id": "banking77-test-0",
        "start": None,
        "customer": {"id": "c-0", "tier": "standard"},
        "turns": [
            {
                "who": "user",
                "text": "How do I locate my card?",
                "intent": "none",
                "confidence": Decimal("0.9266"),
                "sentiment": 0,
            },
        ],
        "requests": [],
        "path": ["start", "greet", "main", "clarify", "main"],
        "at": "main",
    },
]


class Tape:
    """The events of a conversation; a call takes its result from the next one, and so does a ticket."""

    def __init__(self, turns):
        self.turns = [turn for turn in turns if turn and turn.get("who") not in ("bot", "agent")]

    def __call__(self, card, name, inputs):
        fits = self.turns and self.turns[0].get("action") in (card.partition(".")[2], name)
        return self.turns.pop(0) if fits else None

    def request(self, envelope):
        return self.turns.pop(0) if self.turns and "handoff" in self.turns[0] else None


class Conversations(unittest.TestCase):
    """Whole conversations, with what the studio makes of them: requests, path, and where they wait."""

    maxDiff = None

    def test_conversations(self):
        for told in CONVERSATIONS:
            with self.subTest(conversation=told["id"]):
                self.assertEqual(self.played(told), {key: told[key] for key in ("requests", "path", "at")})

    def played(self, told):
        tape, state, requests = Tape(told["turns"]), None, []
        event = {"conversation": told["id"], "customer": told["customer"], "now": told["start"]}
        while event is not None:
            state, result = policy.take(state, event, tape)
            requests += [{key: request[key] for key in REQUEST} for request in result["requests"]]
            event = tape.turns.pop(0) if tape.turns and state["where"] not in ("end", "error") else None
        over = state["where"] in ("end", "error")
        return {"requests": requests, "path": state["path"], "at": None if over else result["at"]}


if __name__ == "__main__":
    unittest.main()
