"""What an exported project makes of the calls that somebody fills in: errors, time limits, tickets that cannot be made.

The export is that of the banking flow in the golden files; nothing of Rasa is needed.
"""
import importlib.util
import logging
import pathlib
import sys
import time
import unittest

sys.dont_write_bytecode = True
GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "golden" / "rasa" / "banking_fee_dispute"


def load():
    spec = importlib.util.spec_from_file_location("calls", GOLDEN / "actions" / "calls.py")
    calls = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(calls)
    return calls


class Calls(unittest.TestCase):
    def setUp(self):
        logging.disable(logging.CRITICAL)
        self.calls = load()

    def answered(self, function, limit=None):
        self.calls.CALLS["charges.explain"] = function
        self.calls.LIMITS["banking_fee_dispute.look_up"] = limit
        return self.calls.call("banking_fee_dispute.look_up", "charges.explain", {"id": "TX1"})

    def test_what_is_not_written_counts_as_done(self):
        self.assertIsNone(self.calls.call("banking_fee_dispute.look_up", "charges.explain", {}))

    def test_an_answer_is_given_on(self):
        self.assertEqual(self.answered(lambda inputs: {"status": "ok", "data": inputs}), {"status": "ok", "data": {"id": "TX1"}})

    def test_an_exception_is_an_error(self):
        self.assertEqual(self.answered(lambda inputs: 1 / 0)["status"], "error")

    def test_what_takes_too_long_is_a_timeout(self):
        self.assertEqual(self.answered(lambda inputs: time.sleep(0.3), 0.01), {"status": "timeout"})

    def test_a_request_counts_as_sent_until_it_is_written(self):
        self.assertIsNone(self.calls.call.request({"node": "call_back"}))

    def test_a_request_that_cannot_be_made_has_failed(self):
        def broken(handoff):
            raise OSError("no such desk")

        self.calls.request = broken
        self.assertEqual(self.calls.call.request({"node": "call_back"}), {"handoff": "failed"})


if __name__ == "__main__":
    unittest.main()
