"""What the function makes of Lex's events, those too that it cannot read. Run: python3 -m unittest"""
import copy
import json
import logging
import unittest

import handler
import names
import policy
import wire

logging.disable(logging.CRITICAL)
STATES = ("Failed", "Fulfilled", "InProgress", "ReadyForFulfillment")


def event(intent="FallbackIntent", label="hear", attributes=None, **more):
    """An event as Lex sends it."""
    found = {
        "messageVersion": "1.0",
        "invocationSource": "DialogCodeHook",
        "inputMode": "Text",
        "responseContentType": "text/plain; charset=utf-8",
        "sessionId": "a-session",
        "inputTranscript": "hello",
        "invocationLabel": label,
        "bot": {"id": "ABCDEFGHIJ", "name": "bot", "aliasId": "TSTALIASID", "localeId": "en_US", "version": "DRAFT"},
        "interpretations": [{
            "intent": {"name": intent, "slots": {}, "state": "InProgress", "confirmationState": "None"},
            "nluConfidence": 0.9,
            "interpretationSource": "Lex",
        }],
        "proposedNextState": {"dialogAction": {"type": "None"}, "intent": {"name": intent, "slots": {}}},
        "requestAttributes": {},
        "sessionState": {
            "sessionAttributes": attributes or {},
            "activeContexts": [],
            "intent": {"name": intent, "slots": {}, "state": "InProgress", "confirmationState": "None"},
            "originatingRequestId": "00000000-0000-0000-0000-000000000000",
        },
        "transcriptions": [],
    }
    found.update(more)
    return found


class Answers(unittest.TestCase):
    def answer(self, sent):
        before = copy.deepcopy(sent)
        answer = handler.handler(sent)
        self.assertEqual(sent, before, "the event is only read")
        state = answer["sessionState"]
        self.assertIn(state["dialogAction"]["type"], ("Delegate", "Close"))
        self.assertIn(state["intent"]["state"], STATES)
        self.assertTrue(all(isinstance(value, str) for value in state["sessionAttributes"].values()))
        json.dumps(answer)
        return answer

    def asks(self, sent, reason):
        state = self.answer(sent)["sessionState"]
        self.assertEqual((state["dialogAction"]["type"], state["intent"]["state"]), ("Close", "Failed"))
        self.assertEqual(state["sessionAttributes"]["handoff"], "error")
        self.assertEqual(state["sessionAttributes"]["handoff_reason"], reason)
        self.assertEqual(state["sessionAttributes"].get("handoff_tier"), names.FIRST_TIER)
        self.assertTrue(state["sessionAttributes"]["handoff_error"])

    def test_every_intent_is_heard(self):
        for intent in [*names.INTENTS, "FallbackIntent"]:
            state = self.answer(event(intent))["sessionState"]
            self.assertNotEqual(state["sessionAttributes"].get("handoff"), "error", intent)
            self.assertIn("handoff_state", state["sessionAttributes"])

    def test_what_is_kept_is_read_again(self):
        attributes = {"mine": "stays"}
        for _ in range(3):
            state = self.answer(event(attributes=attributes))["sessionState"]
            attributes = state["sessionAttributes"]
            self.assertEqual(attributes["mine"], "stays")
            if state["dialogAction"]["type"] == "Close":
                return
        self.assertGreaterEqual(json.loads(attributes["handoff_state"])["policy"]["turn"], 1)

    def test_confidence_is_a_number_or_a_score(self):
        for value in (0.5, "0.5", {"score": 0.5}):
            self.assertEqual(str(handler.number(value)), "0.5")
        for value in (None, True, "much", {"score": None}, [], float("nan")):
            self.assertIsNone(handler.number(value))

    def test_what_is_not_recognised_is_as_sure_as_what_came_nearest(self):
        near = [{"intent": {"name": name}, "nluConfidence": {"score": 0.2}} for name in names.INTENTS]
        first = [{"intent": {"name": "FallbackIntent"}}]
        for listed, expected in ((first + near, "0.2" if near else "None"), (first, "None"), ([], "None")):
            session = handler.Session(event("FallbackIntent", interpretations=listed))
            self.assertEqual(str(session.turn()["confidence"]), expected)
        session = handler.Session(event("FallbackIntent", interpretations=first + near, requestAttributes={"confidence": "0.7"}))
        self.assertEqual(str(session.turn()["confidence"]), "0.7")

    def test_sentiment_is_the_good_less_the_bad(self):
        scores = {"positive": 0.1, "negative": 0.7, "neutral": 0.2, "mixed": 0}
        self.assertEqual(str(handler.feeling({"sentiment": "NEGATIVE", "sentimentScore": scores})), "-0.6")
        self.assertEqual([handler.feeling({"sentiment": label}) for label in ("POSITIVE", "NEGATIVE", "MIXED")], [1, -1, 0])
        self.assertIsNone(handler.feeling(None))

    def test_what_cannot_be_read_asks_a_person(self):
        wrong = [
            None, [], "text", {}, {"sessionState": None}, {"sessionState": []}, {"sessionState": {}},
            {"sessionState": {"intent": None}}, {"sessionState": {"intent": {"name": 7}}},
            event(interpretations="none"), event(requestAttributes=[]), event(invocationLabel=3),
            event(label="card_that_is_not_there"), event(attributes={"x": 1}), event(attributes={"handoff_state": "{"}),
            event(attributes={"handoff_state": "[]"}), event(attributes={"handoff_state": '{"policy": {"frames": 3}}'}),
        ]
        for sent in wrong:
            with self.subTest(sent=sent):
                self.asks(sent, "event_not_understood")
        for attributes in ({"handoff_event": "no json"}, {"handoff_event": "[3]"}, {"handoff_queue": '{"t": 3}'}):
            with self.subTest(attributes=attributes):
                self.asks(event(attributes=attributes), "session_not_understood")

    def test_what_fails_asks_a_person(self):
        state = {**policy.new_state(), "frames": [{"flow": "nowhere", "node": "x"}], "where": "listen"}
        kept = json.dumps({"policy": policy.freeze(state)})
        self.asks(event(attributes={"handoff_state": kept}), "function_failed")

    def test_no_card_is_entered_without_a_state(self):
        for card in names.CARDS:
            self.asks(event(label=card), "session_not_understood")

    def test_attributes_of_the_channel_stay(self):
        mine = {name: "mine" for name in ("at", "port", "said", "e_mail", "c_customer_no", "v_id", "has_account", "turn")}
        attributes = mine
        for _ in range(2):
            attributes = self.answer(event(attributes=attributes))["sessionState"]["sessionAttributes"]
            self.assertEqual({name: attributes.get(name) for name in mine}, mine)

    def test_the_first_words_after_an_end_are_heard(self):
        fresh = self.answer(event())["sessionState"]
        for name, card in names.CARDS.items():
            node = policy.FLOWS[card["flow"]]["nodes"][card["card"]]
            if node["kind"] != "end" or card["by"] != "lex":
                continue
            with self.subTest(name):
                kept = json.loads(fresh["sessionAttributes"]["handoff_state"])
                kept["next"] = [[[card["flow"], card["card"]]], ""]
                attributes = {"handoff_state": json.dumps(kept), "handoff_at": name}
                state = self.answer(event(attributes=attributes))["sessionState"]
                self.assertEqual(state["dialogAction"], fresh["dialogAction"])
                self.assertEqual(state["sessionAttributes"], fresh["sessionAttributes"])

    def test_what_is_too_long_for_a_message_is_said_in_several(self):
        words = " ".join("word%d" % at for at in range(400))
        for lines in ([words], ["short", words, "short"], ["x" * 2400], ["\U0001f600" * 700], ["a" * 600, "b" * 600]):
            parts = wire.parted(lines)
            self.assertTrue(all(wire.fits(part) and part.strip() for part in parts))
            self.assertEqual("".join("".join(parts).split()), "".join("".join(lines).split()))
        self.assertEqual(wire.parted(["one", "two"]), ["one\ntwo"])
        self.assertEqual(wire.parted(["a" * 600, "b" * 600]), ["a" * 600, "b" * 600])
        session = handler.Session(event())
        session.speaks("handoff_said", [words])
        held = [session.passing[name] for name in handler.PASSING if name.startswith("handoff_said") and name in session.passing]
        self.assertEqual(" ".join(held), words)

    def test_calls_are_kept_however_little_room_there_is(self):
        session = handler.Session(event())
        tried = [{"call": "c", "status": "ok", "inputs": {"at": at}} for at in range(40)]
        session.state = {**policy.freeze(policy.new_state()), "tried": tried, "path": ["card"] * 4000}
        session.keep({"handoff_said": "x" * handler.ATTRIBUTES_AT_MOST})
        self.assertEqual((session.state["tried"], len(session.state["path"])), (tried, 1))
        session.state["tried"] = tried * 9
        session.keep({})
        self.assertLess(len(session.state["tried"]), len(tried) * 9)

    def test_it_is_known_what_the_session_has_no_room_for(self):
        session = handler.Session(event())
        session.state = {**policy.freeze(policy.new_state()), "transcript": [{"who": "user", "text": "x" * 200}] * 60}
        kept = {}
        session.keep(kept)
        again = handler.Session(event(attributes=kept))
        self.assertEqual(again.dropped, {"transcript"})
        for flow, contexts in names.SOURCES.items():
            for card, node in policy.FLOWS[flow]["nodes"].items():
                fields = contexts.get(node.get("context"), {})
                if node["kind"] != "handoff" or flow != policy.FLOW or not fields:
                    continue
                sent = again.shortened({"node": card, "fields": {field: ["x"] for field in fields}})
                short = [field for field, (part, most) in fields.items() if part == "transcript" and most != 1]
                self.assertEqual(sent.get("cut", []), short)

    def test_a_payload_is_cut_until_it_fits(self):
        envelope = {"fields": {"lines": [{"text": "a" * 500}] * 40, "long": "b" * 9000, "short": "c"}}
        cut = wire.payload(envelope)
        self.assertLessEqual(len(cut.encode()), handler.PAYLOAD_AT_MOST)
        self.assertEqual(sorted(json.loads(cut)["cut"]), ["lines", "long"])
        self.assertEqual(json.loads(cut)["fields"]["short"], "c")


if __name__ == "__main__":
    unittest.main()
