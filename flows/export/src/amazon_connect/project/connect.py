"""The function of the contact flow and of its bot. Connect goes from block to block; the bot hears one turn at a time; this
function hears each turn, and carries out the cards that Connect has no words for.

The way in is `handler(event, context)`: an event of Lex goes to handler.py as it is; one of Connect
(`Details.Parameters.card`) names a card, `told` (a conversation begins, or there is news), or `waiting` (a look at the
queue during the wait). The answer is a flat map of texts, which the flow keeps as attributes of the contact.
"""
import json
import logging
from decimal import Decimal

import calls
import handler as lex
import names
import policy

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)

# All of an answer, in bytes (docs.aws.amazon.com/connect, 2026-11-22).
ANSWER_AT_MOST = 32 * 1024


def handler(event, context=None):
    """Answers one call. Whatever goes wrong, the flow is told to ask a person."""
    if isinstance(event, dict) and "Details" in event:
        return of_connect(event)
    return of_lex(event)


# The bot's turn.


def of_lex(event):
    """Connect passes every attribute along, those too that are not there, as empty texts."""
    state = event.get("sessionState") if isinstance(event, dict) else None
    held = state.get("sessionAttributes") if isinstance(state, dict) else None
    if isinstance(held, dict):
        kept = {name: value for name, value in held.items() if value != ""}
        event = {**event, "sessionState": {**state, "sessionAttributes": kept}}
    response = lex.handler(event)
    response["sessionState"]["sessionAttributes"] = told_to_flow(response)
    # What is said is said by the flow, not by the bot.
    response.pop("messages", None)
    return response


def told_to_flow(response):
    """The attributes of an answer, with what the flow does next (`turn`) and whether it speaks first (`speaks`)."""
    state = response["sessionState"]
    attributes = dict(state["sessionAttributes"])
    if state["dialogAction"]["type"] != "Close":
        turn = "goes"
    elif state["intent"]["state"] == "Fulfilled":
        turn = "end"
    else:
        turn = "error" if attributes.get("handoff") == "error" else "queue"
    lines = [message["content"] for message in response.get("messages", [])]
    if lines and turn != "error":
        attributes["said"] = "\n".join(lines)
    attributes["turn"] = turn
    if attributes.get("said"):
        attributes["speaks"] = "true"
    if turn == "queue":
        attributes["handoff_whisper"] = attributes.get("handoff_summary") or attributes.get("handoff_reason", "")
    return attributes


# Connect's own calls.


def of_connect(event):
    try:
        call = Call(event)
        answer = call.answer()
    except lex.Malformed as error:
        log.error("an event of Connect that cannot be read: %s", error)
        return failed("event_not_understood", str(error))
    except Exception as error:
        log.exception("the card could not be carried out")
        return failed("function_failed", "%s: %s" % (type(error).__name__, error))
    size = sum(lex.size(name) + lex.size(value) for name, value in answer.items())
    if size > ANSWER_AT_MOST:
        return failed("answer_too_long", "%d bytes, of which Connect takes %d" % (size, ANSWER_AT_MOST))
    return answer


def failed(reason, why):
    return {"turn": "error", "handoff": "error", "handoff_reason": reason, "handoff_error": why[: lex.MESSAGE_AT_MOST]}


class Call:
    """One call of Connect."""

    def __init__(self, event):
        details = lex.entry(event, "Details", dict, "event", {})
        self.contact = lex.entry(details, "ContactData", dict, "Details", {})
        self.parameters = lex.entry(details, "Parameters", dict, "Details", {})
        held = lex.entry(self.contact, "Attributes", dict, "Details.ContactData", {})
        # A reference to nothing is null or an empty text.
        self.parameters = {name: value for name, value in self.parameters.items() if value not in (None, "")}
        self.attributes = {name: value for name, value in held.items() if value not in (None, "")}
        for where, texts in (("Parameters", self.parameters), ("ContactData.Attributes", self.attributes)):
            for name, value in texts.items():
                if not isinstance(value, str):
                    raise lex.Malformed("Details.%s.%s is %s" % (where, name, type(value).__name__))
        self.card = self.parameters.get("card")
        if self.card not in ("told", "waiting") and self.card not in names.CARDS:
            raise lex.Malformed("Details.Parameters.card is %r, and no card is named so" % self.card)

    def answer(self):
        if self.card == "waiting":
            return self.waiting()
        if self.card == "told":
            if self.parameters.get("told"):
                self.attributes["handoff_event"] = self.parameters["told"]
            return self.answered(self.session("told"))
        session = self.session(self.card)
        if self.parameters.get("wanted") == "tier":
            passing = lex.PASSING + ("speaks", "turn")
            kept = {name: value for name, value in self.attributes.items() if name not in passing}
            return {**kept, "turn": "goes", "handoff_tier": self.tier(session)}
        if "tier" in self.parameters:
            self.figures(session)
        return self.answered(session)

    def session(self, label):
        """The call as one of Lex, without a turn."""
        given = {"sessionAttributes": self.attributes, "intent": {"name": "FallbackIntent", "slots": {}}}
        event = {"sessionState": given, "sessionId": self.contact.get("ContactId") or "", "invocationLabel": label,
                 "interpretations": [], "requestAttributes": {"now": self.attributes.get("now")}}
        return lex.Session(event)

    def answered(self, session):
        answer = told_to_flow(session.answer())
        if session.sent:
            answer.update(lex.about(session.sent[-1]))
            contact = session.sent[-1]["contact"]
            number = contact.get("phone") or next((value for value in contact.values() if value), "")
            # Without a number of its own a callback goes to the one that the contact came from.
            answer.update({"handoff_contact": str(number), "handoff_numbered": "true"} if number else {})
        return answer

    def tier(self, session):
        """The tier that a handoff asks, by its rows. The next call finds the same way here."""
        frames, _ = session.follow(self.card)
        card = names.CARDS[self.card]
        node = policy.FLOWS[card["flow"]]["nodes"][card["card"]]
        machine = policy.Machine(session.state, policy.assume_ok, None)
        machine.stand(frames)
        known = machine.names()
        return next((row["tier"] for row in node["routes"] if row["when"](known)), node["tier"])

    def figures(self, session):
        """What Connect knows of the queue."""
        session.state, _ = policy.told(session.state, {"queue": self.parameters["tier"], **self.measured()})

    def measured(self):
        """Whether the tier is open is Connect's to say. The wait is that of whoever waits longest, and the place is
        behind everybody: Connect names neither. What your contact centre tells (`calls.queues`) stands before them."""
        found = {}
        if self.parameters.get("open"):
            found["open"] = self.parameters["open"] == "true"
        for name, parameter, more in (("available", "available", 0), ("wait", "oldest", 0), ("position", "ahead", 1)):
            value = lex.number(self.parameters.get(parameter) or None)
            if value is not None:
                found[name] = value + more
        told = calls.queues(self.attributes) or lex.json_of(self.attributes, "handoff_queue", dict, Decimal) or {}
        known = told.get(self.parameters.get("tier") or self.attributes.get("handoff_tier"))
        if isinstance(known, dict):
            found.update(known)
        return found

    def waiting(self):
        """A look at the queue. Connect can go on to another queue from there and nowhere else: what would lead elsewhere
        is left to the person, and the customer goes on waiting."""
        session = self.session("told")
        if session.state is None:
            raise lex.Malformed("somebody waits, but the contact has no handoff_state")
        before = session.state
        tier = self.attributes.get("handoff_tier", "")
        for event in ({"queue": tier, **self.measured()}, {"clock": lex.number(self.parameters.get("waited")) or 0}):
            session.state, result = policy.told(session.state, event, None, calls.call)
            session.take_note(result)
            if result["to"]:
                session.state, result = policy.run(session.state, result["frames"], result["edge"], calls.call)
                session.take_note(result)
                break
        asked = session.sent[-1] if session.sent else None
        if session.state["where"] != "queue" or (asked and asked["tier"] == tier):
            session.state, _ = policy.told(before, {"clock": 0, "quiet": True})
            asked, session.sent, session.said = None, [], []
        answer = told_to_flow(session.close())
        if asked is None:
            answer.update({name: value for name, value in self.attributes.items() if name.startswith("handoff")
                           and name != "handoff_state"})
        answer["turn"] = "elsewhere" if asked else "queue"
        return answer
