"""What the function makes of Connect's events, those too that it cannot read. Run: python3 -m unittest"""
import copy
import json
import logging
import unittest

import connect
import handler as lex
import names
import policy

logging.disable(logging.CRITICAL)


def event(card="told", attributes=None, **parameters):
    """An event as Connect sends it."""
    return {
        "Name": "ContactFlowEvent",
        "Details": {
            "ContactData": {
                "Attributes": attributes or {},
                "Channel": "CHAT",
                "ContactId": "00000000-0000-0000-0000-000000000000",
                "InitialContactId": "00000000-0000-0000-0000-000000000000",
                "InitiationMethod": "API",
                "Queue": None,
            },
            "Parameters": {"card": card, **parameters},
        },
    }


def turn(attributes, intent="FallbackIntent", text="hello"):
    """A turn as Lex sends it, with every attribute that the flow passes along."""
    heard = {"name": intent, "slots": {}, "state": "InProgress", "confirmationState": "None"}
    return {
        "messageVersion": "1.0",
        "invocationSource": "DialogCodeHook",
        "invocationLabel": "hear",
        "inputTranscript": text,
        "sessionId": "a-session",
        "interpretations": [{"intent": heard, "nluConfidence": 0.9, "interpretationSource": "Lex"}],
        "sessionState": {"sessionAttributes": attributes, "intent": heard},
    }


class Answers(unittest.TestCase):
    def answer(self, sent):
        before = copy.deepcopy(sent)
        answer = connect.handler(sent)
        self.assertEqual(sent, before, "the event is only read")
        self.assertTrue(all(isinstance(name, str) and isinstance(value, str) for name, value in answer.items()))
        self.assertLessEqual(len(json.dumps(answer).encode()), 2 * connect.ANSWER_AT_MOST)
        return answer

    def asks(self, sent):
        answer = self.answer(sent)
        self.assertEqual((answer["handoff_turn"], answer["handoff"]), ("error", "error"))
        self.assertTrue(answer["handoff_reason"] and answer["handoff_error"])

    def test_a_conversation_begins(self):
        answer = self.answer(event())
        self.assertEqual((answer["handoff_turn"], answer["handoff_port"]), ("goes", "start"))
        self.assertIsInstance(json.loads(answer["handoff_state"])["policy"], dict)

    def test_empty_attributes_are_none(self):
        begun = self.answer(event())
        state = turn({**begun, "handoff_v_no_such_name": "", "handoff_at": "", "handoff_queue": ""})
        attributes = connect.handler(state)["sessionState"]["sessionAttributes"]
        self.assertNotEqual(attributes["handoff_turn"], "error")

    def test_what_the_bot_would_say_is_left_to_the_flow(self):
        self.assertNotIn("messages", connect.handler(turn(self.answer(event()))))

    def test_what_cannot_be_read_asks_a_person(self):
        for broken in (
            {"Details": None},
            {"Details": []},
            {"Details": {"Parameters": {"card": "no_such_card"}}},
            {"Details": {"ContactData": {"Attributes": {"handoff_state": 7}}, "Parameters": {"card": "told"}}},
            event(attributes={"handoff_state": "no JSON"}),
            event(attributes={"handoff_state": '{"policy": []}'}),
            event(attributes={"handoff_event": "[1]"}),
            event(attributes={"handoff_queue": '{"tier": 1}'}),
            event("waiting", {"handoff_state": "{"}),
        ):
            with self.subTest(json.dumps(broken)[:80]):
                self.asks(broken)

    def test_a_turn_that_cannot_be_read_asks_a_person(self):
        for broken in (None, [], {}, {"sessionState": {}}, {"sessionState": {"sessionAttributes": {"a": 1}}}):
            with self.subTest(repr(broken)):
                attributes = connect.handler(broken)["sessionState"]["sessionAttributes"]
                self.assertEqual((attributes["handoff_turn"], attributes["handoff"]), ("error", "error"))

    def test_every_card_of_the_function_answers_or_says_why_not(self):
        begun = self.answer(event())
        for card in names.CARDS:
            with self.subTest(card):
                answer = self.answer(event(card, begun))
                self.assertIn(answer["handoff_turn"], ("goes", "queue", "end", "error"))

    def handoffs(self, *modes):
        """Handoff cards of the flow itself, with their nodes."""
        for card, about in names.CARDS.items():
            node = policy.FLOWS[about["flow"]]["nodes"][about["card"]]
            if node["kind"] == "handoff" and about["flow"] == policy.FLOW and node["mode"] in modes:
                yield card, node

    def known(self, tiers, **figures):
        """Parameters with what Connect says of these tiers' queues."""
        marks = [mark for mark, tier in names.TIERS.items() if tier in tiers]
        return {"handoff_queue_%s_%s" % (mark, name): value for mark in marks for name, value in figures.items()}

    def joined(self):
        """Every handoff that a customer waits for, with what the flow knows then."""
        begun = self.answer(event())
        for card, node in self.handoffs("transfer", "copilot"):
            tiers = {row["tier"] for row in node["routes"]} | {node["tier"]}
            shut = self.answer(event(card, begun, **self.known(tiers, open="false")))
            self.assertNotEqual(shut["handoff_turn"], "queue")
            free = {"open": "true", "available": "2", "ahead": "0", "oldest": "0"}
            open_ = self.answer(event(card, begun, **self.known(tiers, **free)))
            self.assertIn(open_["handoff_turn"], ("queue", "goes"))
            if open_["handoff_turn"] == "queue":
                self.assertIn(open_["handoff_tier"], tiers)
                self.assertTrue(open_["handoff_payload"] and open_["handoff_whisper"] is not None)
                yield card, node, open_

    def test_every_handoff_takes_the_figures_of_its_queues(self):
        for card, node, joined in self.joined():
            with self.subTest(card):
                waits = self.answer(event("waiting", joined, waited="1", available="0", ahead="3", oldest="1"))
                self.assertIn(waits["handoff_turn"], ("queue", "elsewhere", "end"))

    def test_nothing_is_done_twice_while_somebody_waits(self):
        made, call = [], connect.calls.call
        connect.calls.call = lambda card, name, inputs: made.append(card) or {"status": "error"}
        connect.calls.call.request = lambda envelope: made.append(envelope["node"]) and None
        try:
            for card, node, attributes in self.joined():
                made.clear()
                looks = []
                with self.subTest(card):
                    for _ in range(8):
                        before = attributes["handoff_withdrawn"] if "handoff_withdrawn" in attributes else ""
                        attributes = self.answer(event("waiting", attributes, waited="600", available="0", ahead="9", oldest="9000"))
                        if attributes["handoff_turn"] == "end" or attributes.get("handoff_withdrawn", "") != before:
                            looks = []  # that was another request, or the end
                        looks.append(len(made))
                        if attributes["handoff_turn"] == "end":
                            break
                        if attributes["handoff_turn"] == "elsewhere":
                            # Its queue does not take the customer.
                            attributes = self.answer(event("waiting", attributes, moved="false"))
                            self.assertEqual(attributes["handoff_turn"], "queue")
                    if attributes["handoff_turn"] == "end":
                        self.assertEqual(json.loads(attributes["handoff_state"])["policy"]["where"], "end")
                        continue
                    self.assertEqual(looks[-1], looks[max(0, len(looks) - 3)], "what leads nowhere is tried once")
                    state = json.loads(attributes["handoff_state"])["policy"]
                    self.assertEqual((state["where"], state["request"]["tier"]), ("queue", attributes["handoff_tier"]))
        finally:
            connect.calls.call = call

    def test_the_requests_of_a_long_wait_have_room(self):
        for card, node, joined in self.joined():
            with self.subTest(card):
                before = [{"ordinal": -number, "summary": "x" * 90} for number in range(400, 0, -1)]
                held = {**joined, "handoff_requests": json.dumps(before), "handoff_withdrawn": json.dumps([-1, -2])}
                waits = self.answer(event("waiting", held, waited="1", available="0", ahead="3", oldest="1"))
                self.assertNotEqual(waits["handoff_turn"], "error")
                self.assertLessEqual(len(waits["handoff_requests"]), connect.REQUESTS_AT_MOST)
                kept = [request["ordinal"] for request in json.loads(waits["handoff_requests"])]
                self.assertNotIn(-400, kept)
                self.assertNotIn(-2, kept)
                self.assertTrue(kept[-1] >= -1 and -3 in kept)

    def test_a_look_that_fails_leaves_the_person_what_they_need(self):
        waiting = connect.Call.waiting
        connect.Call.waiting = lambda call: {"handoff_payload": "x" * connect.ANSWER_AT_MOST}
        try:
            for card, node, joined in self.joined():
                with self.subTest(card):
                    answer = self.answer(event("waiting", joined, waited="1"))
                    self.assertEqual(answer["handoff_turn"], "error")
                    for name in connect.ABOUT + ("handoff_state",):
                        if joined.get(name):
                            self.assertEqual(answer.get(name), joined[name], name)
        finally:
            connect.Call.waiting = waiting

    def test_a_callback_is_decided_when_connect_has_tried_it(self):
        begun = self.answer(event())
        for card, node in self.handoffs("callback"):
            with self.subTest(card):
                asked = self.answer(event(card, begun, wanted="callback"))
                self.assertEqual((asked["handoff_turn"], asked["handoff_state"]), ("goes", begun["handoff_state"]))
                self.assertIn(asked["handoff_tier"], [row["tier"] for row in node["routes"]] + [node["tier"]])
                for tried in ("sent", "failed"):
                    answer = self.answer(event(card, {**begun, **asked}, callback=tried))
                    self.assertEqual(answer["handoff_port"], tried if node.get(tried) else "rest")

    def test_an_answer_is_taken_where_it_is_asked_for(self):
        begun = self.answer(event())
        for card, about in names.CARDS.items():
            document = policy.FLOWS[about["flow"]]
            node = document["nodes"][about["card"]]
            entities = [entity for entity, slots in document["entities"].items() if slots and node.get("slot") in slots]
            if node["kind"] != "ask" or about["flow"] != policy.FLOW or not entities or entities[0] not in names.OPEN:
                continue
            slot = next(slot for slot, entity in names.SLOTS.items() if entity == entities[0])
            for intent, entity in names.ANSWERS.items():
                with self.subTest("%s, %s" % (card, intent)):
                    heard = turn({**begun, "handoff_at": card}, intent, "TX-1")
                    own = next(name for name, known in names.SLOTS.items() if known == entity)
                    heard["sessionState"]["intent"]["slots"] = {own: {"value": {"interpretedValue": "TX-1"}}}
                    connect.handler(heard)
                    session = connect.Turn(heard)
                    session.wake()
                    if session.state["where"] == "ask" and entity in names.OPEN:
                        self.assertEqual(session.entities(), {entities[0]: "TX-1"}, slot)
                    session.state["where"] = "listen"
                    self.assertEqual({name for name in session.entities() if name in names.OPEN}, set())


if __name__ == "__main__":
    unittest.main()
