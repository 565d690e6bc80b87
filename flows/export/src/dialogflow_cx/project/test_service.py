"""The service as the agent calls it, and what is no request."""
import json
import unittest

import adapter
import policy
import service

CARDS = policy.FLOWS[policy.FLOW]["nodes"]
WAITS = next((key for key, card in CARDS.items() if card["kind"] in ("listen", "ask")), None)
PEOPLE = next((key for key, card in CARDS.items() if card["kind"] == "handoff"), None)


def request(tag, **parameters):
    session = {"session": "projects/p/locations/l/agents/a/sessions/s-1", "parameters": parameters}
    return {"fulfillmentInfo": {"tag": tag}, "sessionInfo": session, "text": "hello"}


def ask(body):
    return service.respond(json.dumps(body).encode(), "")


class Service(unittest.TestCase):
    @unittest.skipIf(WAITS is None, "nothing waits in this flow")
    def test_a_turn_is_heard(self):
        status, answer = ask(request("hear %s %s" % (WAITS, policy.FLOW), intent="none", heard=True))
        self.assertEqual(status, 200, answer)
        kept = json.loads(answer["sessionInfo"]["parameters"]["handoff_state"])
        self.assertEqual(kept["policy"]["turn"], 1)

    @unittest.skipIf(PEOPLE is None, "no person is asked in this flow")
    def test_a_person_is_asked(self):
        status, answer = ask(request("enter %s %s" % (PEOPLE, policy.FLOW), handoff_trail=";begin"))
        self.assertEqual(status, 200, answer)
        self.assertIn("handoff_port", answer["sessionInfo"]["parameters"])

    def test_what_is_no_request_is_said(self):
        tag = "hear %s %s" % (WAITS or next(iter(CARDS)), policy.FLOW)
        bad = [
            (b"", "not JSON"),
            (b"\xff", "not JSON"),
            (b"[]", "not an object"),
            (b"{}", "fulfillmentInfo.tag"),
            (json.dumps(request("dance now please")).encode(), "none of this agent's"),
            (json.dumps(request("hear nobody nowhere")).encode(), "not here"),
            (json.dumps(request(tag, handoff_state="{")).encode(), "handoff_state"),
            (json.dumps(request(tag, handoff_trail=7)).encode(), "handoff_trail"),
            (json.dumps({**request(tag), "intentInfo": {"confidence": "high"}}).encode(), "intentInfo.confidence"),
            (json.dumps({**request(tag), "sentimentAnalysisResult": []}).encode(), "sentimentAnalysisResult"),
        ]
        for body, words in bad:
            with self.subTest(body=body):
                status, answer = service.respond(body, "")
                self.assertEqual(status, 400)
                self.assertIn(words, answer["error"])

    def test_numbers_are_not_bools(self):
        with self.assertRaises(adapter.Refused):
            adapter.measured(True, "a figure")


if __name__ == "__main__":
    unittest.main()
