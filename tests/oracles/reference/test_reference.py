"""The reference against sentences of the format that are worked out by hand.

    python3 -m unittest -q        in this folder
"""

import json
import os
import unittest
from fractions import Fraction

import conditions
import hours
from document import read_flow, read_flow_file
from generate import decimal_text, make_flows, to_json
from generate_conversations import make_conversations
from replay import replay_text
from signals import read_instant
from values import UNSET, fit, read_json

BASE = {
    "format": "handoff-flow/1",
    "id": "main",
    "intents": {"person": {}, "cancel": {}},
    "signals": {"vip": {"type": "bool"}},
    "slots": {"phone": {"type": "text", "entity": "phone"}, "count": {"type": "integer", "min": 0, "max": 3, "entity": "n"}},
    "calls": {"look": {"inputs": {}, "outputs": {"sure": "number"}, "errors": {}, "repeat": "safe"}},
    "hours": {"office": {"zone": "Europe/London", "open": ["Mon-Fri 08:00-20:00"]}},
    "tiers": {"t1": {"hours": "office"}, "t2": {}},
    "contexts": {"c": {"summary": "x"}},
}
START = {"kind": "start", "next": "main"}
LISTEN = {"kind": "listen", "branches": [{"when": 'intent == "person"', "to": "h"}], "else": "main"}
END = {"kind": "end", "outcome": "done"}
ENOUGH = {"resumed": "main", "resolved": "end", "timeout": "end", "closed": "end", "failed": "end", "escalated": "h"}


def handoff(**more):
    return dict({"kind": "handoff", "context": "c", "tier": "t2", **ENOUGH}, **more)


def run(nodes, turns, others=(), header=None, **more):
    """The answer to one conversation in a flow of these nodes; start, main, h and end are there already."""
    flow = dict(BASE, **more)
    flow["nodes"] = dict({"start": START, "main": LISTEN, "h": handoff(), "end": END}, **nodes)
    data = read_json(json.dumps(flow))
    found = {one["id"]: read_json(json.dumps(dict(BASE, **one))) for one in others}
    conversation = dict({"id": "c", "turns": turns}, **(header or {}))
    answers, _ = replay_text(read_flow(data, found.__getitem__), json.dumps(conversation))
    return answers[0]


PERSON = {"who": "user", "text": "person", "intent": "person"}
HELLO = {"who": "user", "text": "hello"}


class Conditions(unittest.TestCase):
    def holds(self, text, **names):
        return conditions.holds(text, lambda name: names.get(name.replace(".", "_"), UNSET))

    def test_unset(self):
        self.assertTrue(self.holds("!(x > 3)"))
        for text in ("x <= 3", "x != 3", "x == y", "x in [1]", "x", 'x.contains("")', "has(x)", "x + 1 > 0", "x == true"):
            self.assertFalse(self.holds(text), text)
        self.assertTrue(self.holds("(!x) == true"))
        self.assertTrue(self.holds("!x == true"))
        self.assertFalse(self.holds("x in [y, 1]", x=Fraction(2)))

    def test_exact(self):
        self.assertTrue(self.holds("0.1 + 0.2 == 0.3"))
        self.assertTrue(self.holds("0.80 == x", x=Fraction("0.8")))
        self.assertTrue(self.holds("1 + 2 * 3 - 4 == 3 && -x == -0.8", x=Fraction("0.8")))
        self.assertTrue(self.holds("true || false && false"))
        self.assertFalse(self.holds("true == x", x=Fraction(1)))

    def test_text(self):
        self.assertTrue(self.holds(r'a.b == "\u00e9\n\"" ', a_b='é\n"'))
        self.assertTrue(self.holds("a.startsWith('ca') && a.endsWith(\"d\") && a.contains('r')", a="card"))

    def test_not_in_the_profile(self):
        for text in ("1 < x < 3", "x ? 1 : 2", "null", "", "(x", "x &&", "x = 1", "x / 2"):
            with self.assertRaises(conditions.BadCondition, msg=text):
                conditions.parse(text)

    def test_fit(self):
        self.assertEqual(fit(Fraction("3.0"), {"type": "integer"}), 3)
        for value, declared in (
            (Fraction("1.5"), {"type": "integer"}),
            ("3", {"type": "number"}),
            (True, {"type": "integer"}),
            (Fraction(2), {"type": "number", "max": 1}),
            ("x", {"type": "enum", "values": ["y"]}),
            (Fraction(1), {"type": "text"}),
        ):
            self.assertIs(fit(value, declared), UNSET)


class Calendars(unittest.TestCase):
    def open(self, text, **more):
        return hours.is_open(dict(BASE["hours"]["office"], **more), read_instant(text))

    def test_edges(self):
        self.assertTrue(self.open("2026-11-23T08:00:00Z"))
        self.assertFalse(self.open("2026-11-23T07:59:59Z"))
        self.assertFalse(self.open("2026-11-23T20:00:00Z"))
        # Summer time in London.
        self.assertTrue(self.open("2026-06-15T07:00:00Z"))
        self.assertFalse(self.open("2026-06-15T19:00:00Z"))

    def test_special_days(self):
        self.assertFalse(self.open("2026-11-23T09:00:00Z", closed=["2026-11-23"]))
        self.assertTrue(self.open("2026-11-23T21:00:00Z", special={"2026-11-23": ["21:00-24:00"]}))
        self.assertFalse(self.open("2026-11-23T09:00:00Z", special={"2026-11-23": []}))


class Runs(unittest.TestCase):
    def test_listen_and_handoff(self):
        answer = run({}, [HELLO, PERSON])
        self.assertEqual(answer["path"], ["start", "main", "main", "h"])
        self.assertEqual(
            answer["outcome"],
            {
                "kind": "handoff",
                "node": "h",
                "tier": "t2",
                "mode": "transfer",
                "state": "requested",
                "priority": 3,
                "at_turn": 2,
                "reasons": ["main.branches[0]"],
            },
        )
        self.assertEqual(answer["at"], "h")

    def test_person(self):
        answer = run({}, [PERSON, {"agent": "accepted"}, HELLO, {"agent": "resumed"}, {"customer": "left"}])
        self.assertEqual(answer["outcome"]["state"], "accepted")
        self.assertEqual(answer["path"], ["start", "main", "h", "main"])
        self.assertIsNone(answer["at"])

    def test_undrawn_resumed_keeps_the_person(self):
        answer = run({"h": handoff(resumed=None)}, [PERSON, {"agent": "resumed"}, {"agent": "resolved"}])
        self.assertEqual(answer["path"], ["start", "main", "h", "end"])

    def test_left_withdraws(self):
        answer = run({}, [PERSON, {"customer": "left"}])
        self.assertEqual(answer["handoffs"][0]["state"], "withdrawn")
        self.assertEqual(answer["outcome"], {"kind": "abandoned", "node": "h", "at_turn": 1})

    def test_hours_and_queue(self):
        node = {"h": handoff(tier="t1")}
        late = {"header": {"start": "2026-11-23T22:00:00Z"}}
        self.assertEqual(run(node, [PERSON], **late)["outcome"]["kind"], "end")
        self.assertEqual(run(node, [PERSON])["outcome"]["kind"], "handoff")
        told = [{"queue": "t1", "open": True}, PERSON, {"queue": "t1", "open": False}]
        self.assertEqual(run(node, told[:2], **late)["outcome"]["kind"], "handoff")
        self.assertEqual(run(node, told, **late)["handoffs"][0]["state"], "withdrawn")
        self.assertEqual(run(node, [{"queue": "t1", "wait": 5}, PERSON], **late)["outcome"]["kind"], "end")
        self.assertEqual(run(node, [{"clock": 36000}, PERSON], **late)["outcome"]["kind"], "handoff")

    def test_max_wait(self):
        node = {"h": handoff(max_wait=60)}
        self.assertEqual(run(node, [PERSON, {"clock": 60}])["at"], "h")
        self.assertEqual(run(node, [PERSON, {"clock": 60}, {"clock": 0.5}])["outcome"]["kind"], "end")

    def test_place_kept_and_gone_back_to(self):
        node = {"h": handoff(overflow=[{"when": "queue.wait > 300", "to": "main", "keep_place": True}])}
        answer = run(node, [{"queue": "t2", "wait": 301}, PERSON, HELLO, PERSON, {"agent": "accepted"}])
        self.assertEqual(answer["path"], ["start", "main", "h", "main", "main", "h"])
        self.assertEqual(len(answer["handoffs"]), 1)
        brought = run(node, [{"queue": "t2", "wait": 301}, PERSON, {"agent": "accepted"}])
        self.assertEqual(brought["path"], ["start", "main", "h", "main", "h"])

    def test_one_at_a_time(self):
        node = {
            "h": handoff(overflow=[{"when": "true", "to": "other", "keep_place": True}]),
            "other": handoff(),
        }
        answer = run(node, [PERSON])
        self.assertEqual([one["state"] for one in answer["handoffs"]], ["withdrawn", "requested"])
        self.assertEqual(answer["outcome"]["node"], "other")
        self.assertEqual(answer["outcome"]["reasons"], ["h.overflow[0]"])

    def test_ticket(self):
        node = {"h": handoff(mode="ticket", sent="main", failed="end")}
        self.assertEqual(run(node, [PERSON])["outcome"]["state"], "sent")
        self.assertEqual(run(node, [PERSON, {"handoff": "failed"}])["outcome"]["kind"], "end")
        lines = [PERSON, {"who": "bot", "text": "x"}, {"dance": 1}, {"handoff": "failed"}]
        self.assertEqual(run(node, lines)["outcome"]["kind"], "end")
        self.assertEqual(run(node, [PERSON, {"clock": 1}, {"handoff": "failed"}])["at"], "main")

    def test_action(self):
        node = {
            "start": {"kind": "start", "next": "a"},
            "a": {"kind": "action", "call": "look", "ok": "d", "errors": {"E": "end"}, "error": "main", "timeout": "h"},
            "d": {"kind": "decision", "branches": [{"when": "a.sure > 0.5", "to": "end"}], "else": "main"},
        }
        self.assertEqual(run(node, [])["path"], ["start", "a", "d", "main"])
        self.assertEqual(run(node, [{"action": "look", "data": {"sure": 0.6}}])["path"][-1], "end")
        self.assertEqual(run(node, [{"action": "other", "data": {"sure": 0.6}}])["path"][-1], "main")
        self.assertEqual(run(node, [{"action": "a", "status": "error", "code": "E"}])["path"], ["start", "a", "end"])
        self.assertEqual(run(node, [{"action": "a", "status": "error", "code": "F"}])["path"], ["start", "a", "main"])
        self.assertEqual(run(node, [{"action": "a", "status": "timeout"}])["outcome"]["reasons"], ["a.timeout"])

    def test_ask(self):
        node = {
            "start": {"kind": "start", "next": "ask"},
            "ask": {"kind": "ask", "slot": "count", "prompt": "How many?", "filled": "end", "failed": "h"},
        }
        self.assertEqual(run(node, [HELLO])["at"], "ask")
        self.assertEqual(run(node, [HELLO, HELLO])["at"], "h")
        self.assertEqual(run(node, [dict(HELLO, entities={"n": 4}), dict(HELLO, entities={"n": "2"})])["at"], "h")
        self.assertEqual(run(node, [dict(HELLO, entities={"n": 3.0})])["outcome"]["kind"], "end")

    def test_idle(self):
        listen = dict(LISTEN, idle=[{"after": 60, "to": "m"}, {"after": 30, "to": "end"}])
        node = {"main": listen, "m": {"kind": "message", "text": "there?", "next": "main"}}
        self.assertEqual(run(node, [{"clock": 30}])["outcome"]["kind"], "end")
        self.assertEqual(run(node, [{"clock": 60}])["path"], ["start", "main", "m", "main"])
        # Each row once until the next customer turn, and entering starts at 0.
        self.assertEqual(run(node, [{"clock": 60}, {"clock": 29}])["at"], "main")
        self.assertEqual(run(node, [{"clock": 29}, HELLO, {"clock": 29}])["at"], "main")

    def test_trigger(self):
        trigger = {
            "when": "turn >= 1",
            "because": {"a": "vip", "b": {"when": "no_match > 1"}, "c": "turn == 2"},
            "to": "h",
            "once": "accepted",
        }
        turns = [HELLO, HELLO, {"agent": "resumed"}, HELLO]
        answer = run({}, turns, triggers={"t": trigger})
        self.assertEqual(answer["outcome"]["reasons"], ["b", "c"])
        self.assertEqual(answer["path"], ["start", "main", "main", "h", "main", "main"])
        again = run({}, [HELLO, HELLO, {"handoff": "failed"}], triggers={"t": trigger})
        self.assertEqual(again["outcome"]["kind"], "end")
        outside = run({}, turns, triggers={"t": dict(trigger, within=["!main"])})
        self.assertEqual(outside["handoffs"], [])

    def test_undrawn_port_rests_for_good(self):
        node = {"main": dict(LISTEN, **{"else": "m"}), "m": {"kind": "message", "text": "x"}}
        answer = run(node, [HELLO, PERSON], triggers={"t": {"when": "turn > 1", "to": "h"}})
        self.assertEqual(answer["outcome"], {"kind": "open", "node": "m", "at_turn": 2})

    def test_needed_else_and_endless_step(self):
        self.assertEqual(run({"main": dict(LISTEN, **{"else": None})}, [HELLO])["outcome"]["kind"], "error")
        loop = {"kind": "message", "text": "x", "next": "loop"}
        answer = run({"start": {"kind": "start", "next": "loop"}, "loop": loop}, [HELLO])
        self.assertEqual(answer["outcome"], {"kind": "error", "node": "loop", "at_turn": 0})
        self.assertEqual(len(answer["path"]), 1001)

    def test_subflow(self):
        callee = {
            "id": "sub",
            "nodes": {
                "start": {"kind": "start", "next": "ask"},
                "ask": {"kind": "ask", "slot": "phone", "prompt": "?", "filled": "end", "failed": "h"},
                "h": {"kind": "handoff", "context": "c", "tier": "t2"},
                "end": {"kind": "end", "outcome": "known"},
            },
        }
        node = {
            "start": {"kind": "start", "next": "call"},
            "call": {"kind": "subflow", "flow": "sub", "outcomes": {"known": "h"}, "else": "main"},
        }
        filled = run(node, [dict(HELLO, entities={"phone": "1"})], others=[callee])
        self.assertEqual(filled["path"], ["start", "call", "call/start", "call/ask", "call/end", "h"])
        self.assertEqual(filled["outcome"]["reasons"], ["call.outcomes.known"])
        failed = run(node, [HELLO, HELLO], others=[callee])
        self.assertEqual(failed["outcome"]["node"], "call/h")
        caller = run(node, [HELLO], others=[callee], triggers={"t": {"when": "true", "to": "h", "within": ["call"]}})
        self.assertEqual(caller["path"], ["start", "call", "call/start", "call/ask", "h"])
        self.assertEqual(caller["outcome"]["reasons"], ["t"])

    def test_trend_and_counters(self):
        def at(condition, turns):
            trigger = {"t": {"when": condition, "to": "end"}}
            return run({}, turns, triggers=trigger)["outcome"]["kind"] == "end"

        def mood(value):
            return {"who": "user", "intent": "cancel", "sentiment": value}

        self.assertTrue(at("sentiment_trend == -0.4", [mood(0.5), mood(0.2), mood(-0.3)]))
        self.assertTrue(at("sentiment_trend == -0.4", [mood(0.5), HELLO, mood(-0.3)]))
        self.assertFalse(at("has(sentiment_trend)", [mood(0.5), HELLO, HELLO, mood(0.1)]))
        self.assertTrue(at("repeats == 2 && no_match == 2", [mood(0), HELLO, HELLO]))
        self.assertTrue(at('intent == "none" && turn == 1', [{"who": "user", "intent": "weather"}]))
        self.assertTrue(at("!nlu.ok && !has(confidence) && no_match == 1", [dict(PERSON, nlu="down", confidence=1)]))

    def test_lines(self):
        data = read_json(json.dumps(dict(BASE, nodes={"start": START, "main": LISTEN, "h": handoff(), "end": END})))
        good = '{"id":"a","turns":[],"expect":{"open":"main","handoff":false}}'
        text = "\n".join([good, "{", good, '{"id":"b","turns":[{"x":1}],"expect":{"end":"x"}}'])
        answers, summary = replay_text(read_flow(data, {}.get), text)
        self.assertEqual([one["line"] for one in answers], [1, 4])
        self.assertEqual(summary, {"expect": {"passed": 1, "failed": ["b"]}, "lines": [2, 3, 4]})


class Documented(unittest.TestCase):
    def test_fee_1(self):
        """The flow and the conversation that the format shows."""
        folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sample")
        flow = read_flow_file(os.path.join(folder, "banking_fee_dispute.flow.json"))
        with open(os.path.join(folder, "fee.conversations.jsonl"), encoding="utf-8") as file:
            answers, summary = replay_text(flow, file.read())
        self.assertEqual(summary, {"expect": {"passed": 1, "failed": []}, "lines": []})
        self.assertEqual(answers[0]["outcome"]["reasons"], ["low_confidence", "negative_sentiment"])
        self.assertEqual(
            answers[0]["path"],
            ["start", "greet", "main", "to_tier1", "please_wait", "main", "to_tier1", "after_agent", "main"],
        )


class Generated(unittest.TestCase):
    def test_same_seed_same_bytes(self):
        once = [to_json(flow) for flow in make_flows(5)] + make_conversations(make_flows(5), 5, 5)
        again = [to_json(flow) for flow in make_flows(5)] + make_conversations(make_flows(5), 5, 5)
        self.assertEqual(once, again)

    def test_decimals(self):
        self.assertEqual([decimal_text(Fraction(one)) for one in ("-0.3", "3.0", "0.05", "-12.5")], ["-0.3", "3", "0.05", "-12.5"])


if __name__ == "__main__":
    unittest.main()
