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
        self.assertEqual((answer["turn"], answer["handoff"]), ("error", "error"))
        self.assertTrue(answer["handoff_reason"] and answer["handoff_error"])

    def test_a_conversation_begins(self):
        answer = self.answer(event())
        self.assertEqual((answer["turn"], answer["port"]), ("goes", "start"))
        self.assertIsInstance(json.loads(answer["handoff_state"])["policy"], dict)

    def test_empty_attributes_are_none(self):
        begun = self.answer(event())
        state = turn({**begun, "e_no_such_card": "", "at": "", "handoff_queue": ""})
        attributes = connect.handler(state)["sessionState"]["sessionAttributes"]
        self.assertNotEqual(attributes["turn"], "error")

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
                self.assertEqual((attributes["turn"], attributes["handoff"]), ("error", "error"))

    def test_every_card_of_the_function_answers_or_says_why_not(self):
        begun = self.answer(event())
        for card in names.CARDS:
            with self.subTest(card):
                answer = self.answer(event(card, begun))
                self.assertIn(answer["turn"], ("goes", "queue", "end", "error"))

    def test_every_handoff_takes_the_figures_of_its_queue(self):
        begun = self.answer(event())
        for card, about in names.CARDS.items():
            node = policy.FLOWS[about["flow"]]["nodes"][about["card"]]
            if node["kind"] != "handoff" or about["flow"] != policy.FLOW or node["mode"] not in ("transfer", "copilot"):
                continue
            with self.subTest(card):
                tier = self.answer(event(card, begun, wanted="tier"))["handoff_tier"]
                self.assertIn(tier, [row["tier"] for row in node["routes"]] + [node["tier"]])
                shut = self.answer(event(card, begun, tier=tier, open="false"))
                self.assertNotEqual(shut["turn"], "queue")
                open_ = self.answer(event(card, begun, tier=tier, open="true", available="2", ahead="0", oldest="0"))
                self.assertIn(open_["turn"], ("queue", "goes"))
                if open_["turn"] == "queue":
                    self.assertEqual(open_["handoff_tier"], tier)
                    self.assertTrue(open_["handoff_payload"] and open_["handoff_whisper"] is not None)
                    waits = self.answer(event("waiting", open_, waited="1", available="0", ahead="3", oldest="1"))
                    self.assertIn(waits["turn"], ("queue", "elsewhere"))


if __name__ == "__main__":
    unittest.main()
