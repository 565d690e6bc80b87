"""What policy.py must answer, as the studio answers it: run `python3 -m unittest` in this folder.

Every condition stands at its boundaries: at each bound, just below, just above, in each of its regions, and unset.
2 of 2 conditions, 4000 cases at the most; 0 of 0 conversations, 200 at the most.
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

    def test_trigger_t1_when(self):
        "intent == \"a@b{c}\" || (intent in [\"fee-dispute\", 'fee dispute'] && !flag && slots.amount * 2 - 1 >= 0.5 && !has(slots.color) && text.startsWith(\"x\\u0041'\\\"\"))"
        self.holds("trigger_t1_when", "odd_names", [
            ({}, False),
            ({"flag": True, "intent": "fee-dispute", "slots.amount": Decimal("50"), "slots.color": 'red: "dark"', "text": "something else"}, False),
            ({"flag": False, "intent": "fee dispute", "text": "xA'\" "}, False),
            ({"intent": "a@b{c}", "slots.amount": Decimal("0"), "slots.color": 'red: "dark"'}, True),
            ({"flag": True, "intent": "restart", "slots.amount": Decimal("1"), "text": "something else"}, False),
            ({"flag": True, "intent": "fee-dispute", "slots.amount": Decimal("1"), "text": "something else"}, False),
            ({"flag": True, "intent": "fee dispute", "slots.amount": Decimal("1"), "text": "something else"}, False),
            ({"flag": True, "intent": "a@b{c}", "slots.amount": Decimal("1"), "text": "something else"}, True),
            ({"flag": True, "slots.amount": Decimal("1"), "text": "something else"}, False),
            ({"flag": False, "intent": "restart", "slots.amount": Decimal("1"), "text": "something else"}, False),
            ({"intent": "restart", "slots.amount": Decimal("1"), "text": "something else"}, False),
            ({"flag": True, "intent": "restart", "slots.amount": Decimal("0.75"), "text": "something else"}, False),
            ({"flag": True, "intent": "restart", "slots.amount": Decimal("0.749999999"), "text": "something else"}, False),
            ({"flag": True, "intent": "restart", "slots.amount": Decimal("0.750000001"), "text": "something else"}, False),
            ({"flag": True, "intent": "restart", "slots.amount": Decimal("50"), "text": "something else"}, False),
            ({"flag": True, "intent": "restart", "text": "something else"}, False),
            ({"flag": True, "intent": "restart", "slots.amount": Decimal("0"), "text": "something else"}, False),
            ({"flag": True, "intent": "restart", "slots.amount": Decimal("100"), "text": "something else"}, False),
            ({"flag": True, "intent": "restart", "slots.amount": Decimal("1"), "slots.color": 'red: "dark"', "text": "something else"}, False),
            ({"flag": True, "intent": "restart", "slots.amount": Decimal("1"), "text": "xA'\" "}, False),
            ({"flag": True, "intent": "restart", "slots.amount": Decimal("1")}, False),
            ({"intent": "fee-dispute", "slots.amount": Decimal("0"), "slots.color": 'red: "dark"'}, False),
            ({"intent": "fee dispute", "slots.amount": Decimal("0"), "slots.color": 'red: "dark"'}, False),
            ({"intent": "restart", "slots.amount": Decimal("0"), "slots.color": 'red: "dark"'}, False),
            ({"slots.amount": Decimal("0"), "slots.color": 'red: "dark"'}, False),
            ({"flag": True, "intent": "a@b{c}", "slots.amount": Decimal("0"), "slots.color": 'red: "dark"'}, True),
            ({"flag": False, "intent": "a@b{c}", "slots.amount": Decimal("0"), "slots.color": 'red: "dark"'}, True),
            ({"intent": "a@b{c}", "slots.amount": Decimal("0.75"), "slots.color": 'red: "dark"'}, True),
            ({"intent": "a@b{c}", "slots.amount": Decimal("0.749999999"), "slots.color": 'red: "dark"'}, True),
            ({"intent": "a@b{c}", "slots.amount": Decimal("0.750000001"), "slots.color": 'red: "dark"'}, True),
            ({"intent": "a@b{c}", "slots.amount": Decimal("50"), "slots.color": 'red: "dark"'}, True),
            ({"intent": "a@b{c}", "slots.color": 'red: "dark"'}, True),
            ({"intent": "a@b{c}", "slots.amount": Decimal("1"), "slots.color": 'red: "dark"'}, True),
            ({"intent": "a@b{c}", "slots.amount": Decimal("100"), "slots.color": 'red: "dark"'}, True),
            ({"intent": "a@b{c}", "slots.amount": Decimal("0")}, True),
            ({"intent": "a@b{c}", "slots.amount": Decimal("0"), "slots.color": 'red: "dark"', "text": "something else"}, True),
            ({"intent": "a@b{c}", "slots.amount": Decimal("0"), "slots.color": 'red: "dark"', "text": "xA'\" "}, True),
            ({"flag": False, "intent": "fee-dispute", "text": "xA'\" "}, False),
            ({"flag": False, "intent": "a@b{c}", "text": "xA'\" "}, True),
            ({"flag": False, "intent": "restart", "text": "xA'\" "}, False),
            ({"flag": False, "text": "xA'\" "}, False),
            ({"flag": True, "intent": "fee dispute", "text": "xA'\" "}, False),
            ({"intent": "fee dispute", "text": "xA'\" "}, False),
            ({"flag": False, "intent": "fee dispute", "slots.amount": Decimal("0.75"), "text": "xA'\" "}, True),
            ({"flag": False, "intent": "fee dispute", "slots.amount": Decimal("0.749999999"), "text": "xA'\" "}, False),
            ({"flag": False, "intent": "fee dispute", "slots.amount": Decimal("0.750000001"), "text": "xA'\" "}, True),
            ({"flag": False, "intent": "fee dispute", "slots.amount": Decimal("50"), "text": "xA'\" "}, True),
            ({"flag": False, "intent": "fee dispute", "slots.amount": Decimal("0"), "text": "xA'\" "}, False),
            ({"flag": False, "intent": "fee dispute", "slots.amount": Decimal("1"), "text": "xA'\" "}, True),
            ({"flag": False, "intent": "fee dispute", "slots.amount": Decimal("100"), "text": "xA'\" "}, True),
            ({"flag": False, "intent": "fee dispute", "slots.color": 'red: "dark"', "text": "xA'\" "}, False),
            ({"flag": False, "intent": "fee dispute", "text": "something else"}, False),
            ({"flag": False, "intent": "fee dispute"}, False),
            ({"flag": True, "intent": "fee dispute", "slots.amount": Decimal("50"), "slots.color": 'red: "dark"', "text": "something else"}, False),
            ({"flag": True, "intent": "a@b{c}", "slots.amount": Decimal("50"), "slots.color": 'red: "dark"', "text": "something else"}, True),
            ({"flag": True, "intent": "restart", "slots.amount": Decimal("50"), "slots.color": 'red: "dark"', "text": "something else"}, False),
            ({"flag": True, "slots.amount": Decimal("50"), "slots.color": 'red: "dark"', "text": "something else"}, False),
            ({"flag": False, "intent": "fee-dispute", "slots.amount": Decimal("50"), "slots.color": 'red: "dark"', "text": "something else"}, False),
            ({"intent": "fee-dispute", "slots.amount": Decimal("50"), "slots.color": 'red: "dark"', "text": "something else"}, False),
            ({"flag": True, "intent": "fee-dispute", "slots.amount": Decimal("0.75"), "slots.color": 'red: "dark"', "text": "something else"}, False),
        ])

    def test_l_branch_0(self):
        'intent == "日本"'
        self.holds("l_branch_0", "odd_names", [
            ({}, False),
            ({"intent": "日本"}, True),
            ({"intent": "fee-dispute"}, False),
        ])


CONVERSATIONS = []


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
