"""Beside the actions of an exported project while it is tested: its calls, tickets and callbacks are answered by the
conversation, as the studio's interpreter answers them.

The metadata of a message holds all events of the conversation (`tape`) and which of them the message is (`n`); an event
told with a hand-back says its own `n`. Whatever asks for an answer gets the event that comes next, if it is one; which of
them were used stands in the state, under `tape`, where the driver reads it.
"""
from actions import actions, calls, policy

take_message, take_event = actions.ActionReadSignals.take, policy.take


class Tape:
    """The conversation while one message of it is taken."""

    events, used, own, at = [], set(), None, 0

    def next(self):
        known = self.events[self.at] if self.at < len(self.events) and self.at not in self.used else {}
        return known if "who" not in known else {}

    def use(self):
        self.used.add(self.at)
        self.at += 1
        return self.events[self.at - 1]


tape = Tape()


def message(self, tracker, state):
    told = tracker.latest_message.get("metadata") or {}
    tape.events, tape.own = told.get("tape") or [], told.get("n")
    tape.used = set((state or {}).get("tape") or ())
    state, result = take_message(self, tracker, state)
    state["tape"] = sorted(tape.used)
    return state, result


def event(state, event, call=None, transcript=None):
    own = tape.own if event.get("who") == "user" else event.get("n")
    if own is None:
        # The flow begins, or something happens of which the conversation says nothing.
        tape.at = 0 if state is None else len(tape.events)
    elif own in tape.used:
        return policy.told(state, {})
    else:
        tape.at = own + 1
    return take_event(state, event, call, transcript)


def answer(card, name, inputs):
    fits = tape.next().get("action") in (card.partition(".")[2], name)
    return {key: value for key, value in tape.use().items() if key != "action"} if fits else None


def answer_request(handoff):
    return tape.use() if "handoff" in tape.next() else None


answer.request = answer_request
calls.call = answer
actions.ActionReadSignals.take = message
policy.take = event
