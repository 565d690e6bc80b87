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
