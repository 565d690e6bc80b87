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
# Requests that are kept during a wait: the other attributes of the contact have room beside them.
REQUESTS_AT_MOST = 16 * 1024
# What the person needs, as attributes.
ABOUT = ("handoff_tier", "handoff_priority", "handoff_mode", "handoff_reason", "handoff_node", "handoff_summary",
         "handoff_payload", "handoff_whisper")
# What is known of a queue: the flow's word, Connect's, and what is added to Connect's figure.
FIGURES = (("available", "available", 0), ("wait", "oldest", 0), ("position", "ahead", 1))


def of_queue(mark):
    """The attributes that the flow notes what Connect says of a queue in, by what it is."""
    return [(name, "handoff_queue_%s_%s" % (mark, name)) for name in ("open", "available", "ahead", "oldest")]


# What the flow notes for itself: of queues, and how it goes from one part to another.
OF_FLOW = {attribute for mark in names.TIERS for _, attribute in of_queue(mark)} | {
    "handoff_ways", "handoff_part", "handoff_enters"}


def handler(event, context=None):
    """Answers one call. Whatever goes wrong, the flow is told to ask a person."""
    if isinstance(event, dict) and "Details" in event:
        return of_connect(event)
    return of_lex(event)


class Turn(lex.Session):
    """One call, of the bot or of Connect."""

    def messages(self, lines):
        """What is said, as one text: a block says texts of any length."""
        return ["\n".join(lines)] if lines else []

    def entities(self):
        """What the slots took. An answer that is nothing but words of any kind counts where the flow asks for one: any
        words look like that value."""
        found = super().entities()
        own = names.ANSWERS.get(self.intent["name"])
        if own is None:
            return found
        wanted = self.wanted()
        said = found.get(own)
        found = {entity: value for entity, value in found.items() if entity not in names.OPEN or entity == wanted}
        # Of two such values the bot cannot tell which of them it heard.
        if own in names.OPEN and wanted in names.OPEN and wanted not in found and said is not None:
            found[wanted] = said
        return found

    def wanted(self):
        """The entity that a question asks for at this moment."""
        if self.state["where"] != "ask":
            return None
        frame = self.state["frames"][-1]
        document = policy.FLOWS[frame["flow"]]
        slot = document["nodes"][frame["node"]]["slot"]
        return next((entity for entity, slots in document["entities"].items() if slot in slots), None)


# The bot's turn.


def of_lex(event):
    """Connect passes every attribute along, those too that are not there, as empty texts."""
    state = event.get("sessionState") if isinstance(event, dict) else None
    held = state.get("sessionAttributes") if isinstance(state, dict) else None
    if isinstance(held, dict):
        kept = {name: value for name, value in held.items() if value != ""}
        event = {**event, "sessionState": {**state, "sessionAttributes": kept}}
    response = lex.handler(event, kind=Turn)
    response["sessionState"]["sessionAttributes"] = told_to_flow(response)
    # What is said is said by the flow, not by the bot.
    response.pop("messages", None)
    return response


def told_to_flow(response):
    """The attributes of an answer, with what the flow does next (`handoff_turn`) and whether it speaks
    first, or the function has failed (`handoff_speaks`)."""
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
        attributes["handoff_said"] = "\n".join(lines)
    attributes["handoff_turn"] = turn
    if turn == "error" or attributes.get("handoff_said"):
        attributes["handoff_speaks"] = "error" if turn == "error" else "true"
    if turn == "queue":
        attributes["handoff_whisper"] = attributes.get("handoff_summary") or attributes.get("handoff_reason", "")
    return attributes


# Connect's own calls.


def of_connect(event):
    call = None
    try:
        call = Call(event)
        answer = call.answer()
    except lex.Malformed as error:
        log.error("an event of Connect that cannot be read: %s", error)
        return failed(call, "event_not_understood", str(error))
    except Exception as error:
        log.exception("the card could not be carried out")
        return failed(call, "function_failed", "%s: %s" % (type(error).__name__, error))
    size = sum(lex.size(name) + lex.size(value) for name, value in answer.items())
    if size > ANSWER_AT_MOST:
        why = "%d bytes, of which Connect takes %d" % (size, ANSWER_AT_MOST)
        log.error("an answer too long: %s", why)
        return failed(call, "answer_too_long", why)
    return answer


def failed(call, reason, why):
    """A person is asked. Whoever waits for one already goes on waiting, with everything that the person needs: the flow
    would forget what the answer does not name."""
    known = call.noted() if call is not None and call.card == "waiting" else {}
    return {**error_of(reason, why), **known}


def error_of(reason, why):
    return {"handoff_turn": "error", "handoff_speaks": "error", "handoff": "error", "handoff_reason": reason, "handoff_error": why[: lex.MESSAGE_AT_MOST]}


class Call:
    """One call of Connect."""

    def __init__(self, event):
        details = lex.entry(event, "Details", dict, "event", {})
        self.contact = lex.entry(details, "ContactData", dict, "Details", {})
        self.parameters = lex.entry(details, "Parameters", dict, "Details", {})
        held = lex.entry(self.contact, "Attributes", dict, "Details.ContactData", {})
        # A reference to nothing is null or an empty text.
        self.parameters = {name: value for name, value in self.parameters.items() if value not in (None, "")}
        self.attributes = {name: value for name, value in held.items() if value not in (None, "") and name not in OF_FLOW}
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
        self.figures(session)
        if self.parameters.get("wanted") == "callback":
            return {**self.noted(), "handoff_turn": "goes", **self.callback(session)}
        return self.answered(session)

    def noted(self):
        """What the flow knows already, as an answer that changes nothing."""
        passing = lex.PASSING + ("handoff_speaks", "handoff_turn")
        return {name: value for name, value in self.attributes.items() if name not in passing}

    def session(self, label):
        """The call as one of Lex, without a turn."""
        given = {"sessionAttributes": self.attributes, "intent": {"name": "FallbackIntent", "slots": {}}}
        event = {"sessionState": given, "sessionId": self.contact.get("ContactId") or "", "invocationLabel": label,
                 "interpretations": [], "requestAttributes": {"now": self.attributes.get("handoff_now")}}
        session = Turn(event)
        session.call = self.made()
        return session

    def made(self):
        """The calls to your systems. Of a callback Connect has tried already whether it can be made."""
        def call(card, name, inputs):
            return calls.call(card, name, inputs)

        def request(envelope):
            if envelope["mode"] == "callback" and self.parameters.get("callback") == "failed":
                return {"handoff": "failed"}
            send = getattr(calls.call, "request", None)
            return send(envelope) if send else None

        call.request = request
        return call

    def answered(self, session):
        answer = told_to_flow(session.answer())
        if session.sent:
            answer.update(lex.about(session.sent[-1]))
        return answer

    def callback(self, session):
        """Whom a callback would ask, and by which number. Connect tries it first; the card is carried out when it is known
        what came of that."""
        frames, _ = session.follow(self.card)
        card = names.CARDS[self.card]
        node = policy.FLOWS[card["flow"]]["nodes"][card["card"]]
        machine = policy.Machine(session.state, policy.assume_ok, None)
        machine.stand(frames)
        handoff = machine.routed()
        known = machine.names(handoff)
        contact = {key: policy.plain(value(known)) for key, value in node["contact"].items()}
        number = contact.get("phone") or next((value for value in contact.values() if value), "")
        # Without a number of its own a callback goes to the one that the contact came from.
        numbered = {"handoff_contact": str(number), "handoff_numbered": "true"} if number else {}
        return {"handoff_tier": handoff["tier"], **numbered}

    def figures(self, session):
        """What Connect knows of the queues that the card looks at."""
        if session.state is None:
            return
        machine = policy.Machine(session.state, policy.assume_ok, None)
        for mark, tier in names.TIERS.items():
            given = {name: self.parameters.get(attribute) for name, attribute in of_queue(mark)}
            if any(given.values()):
                machine.queue_figures(tier, self.measured(tier, given))
        session.state = machine.keep()

    def measured(self, tier, given):
        """Whether the tier is open is Connect's to say. The wait is that of whoever waits longest, and the place is
        behind everybody: Connect names neither. What your contact centre tells (`calls.queues`) stands before them."""
        found = {"open": given["open"] == "true"} if given.get("open") in ("true", "false") else {}
        for name, parameter, more in FIGURES:
            value = lex.number(given.get(parameter) or None)
            if value is not None:
                found[name] = value + more
        told = calls.queues(self.attributes) or lex.json_of(self.attributes, "handoff_queue", dict, Decimal) or {}
        known = told.get(tier)
        if isinstance(known, dict):
            found.update(known)
        return found

    def waiting(self):
        """A look at the queue. Connect can go on to another queue from there and nowhere else: what would lead elsewhere
        is left to the person, and the customer goes on waiting."""
        session = self.session("told")
        if session.state is None or session.state["request"] is None:
            raise lex.Malformed("somebody waits, but the contact has no handoff_state with a request")
        wait = Wait(session)
        stood = session.beside.pop("stood", None)
        tier = self.attributes.get("handoff_tier", "")
        moves = "queue"
        if self.parameters.get("moved") == "false":
            wait.back(stood)
        else:
            clock = policy.number(lex.number(self.parameters.get("waited")) or 0)
            for event in ({"queue": tier, **self.measured(tier, self.parameters)}, {"clock": clock}):
                moves = wait.looks(event, tier)
                if moves != "queue":
                    break
        answer = told_to_flow(session.over() if moves == "end" else session.close())
        if moves == "queue":
            # The person is still asked what they were asked; a request beside it changes nothing of that.
            about = self.attributes if wait.again is None else told_about(wait.again)
            answer.update({name: about[name] for name in ABOUT if name in about})
        for name in ("handoff_requests", "handoff_withdrawn"):
            new = lex.json_of(answer, name, list) or []
            all_of_them = (lex.json_of(self.attributes, name, list) or []) + new
            if all_of_them:
                answer[name] = lex.packed(all_of_them)
        shorten(answer)
        answer["handoff_turn"] = moves
        return answer


def shorten(answer):
    """Of the requests of a long wait those go for which there is no room, the oldest first: withdrawn ones before all others,
    the newest never."""
    asked = lex.json_of(answer, "handoff_requests", list) or []
    gone = set(lex.json_of(answer, "handoff_withdrawn", list) or [])
    room = REQUESTS_AT_MOST - lex.size(lex.packed(asked))
    if room >= 0:
        return
    for request in sorted(asked[:-1], key=lambda request: request["ordinal"] not in gone):
        if room >= 0:
            break
        room += lex.size(lex.packed(request)) + 1
        asked.remove(request)
    log.warning("of the requests of a long wait the last %d are kept", len(asked))
    answer["handoff_requests"] = lex.packed(asked)


def told_about(envelope):
    about = lex.about(envelope)
    return {**about, "handoff_whisper": about["handoff_summary"] or about["handoff_reason"]}


class Wait:
    """What follows of a look at the queue. Nothing is called and nothing is sent before it is clear that it leads to another
    request or to the end; what leads elsewhere is refused, for as long as this request is out."""

    def __init__(self, session):
        self.session = session
        # What the person is asked, where it is told anew.
        self.again = None

    def looks(self, event, tier):
        """Takes one event of the wait. Gives where it leads: `queue` is this one, `elsewhere` another, `end` the end."""
        session, before = self.session, self.session.state
        after, result = policy.told(before, event)
        if result["where"] == "queue":
            session.state = after
            session.take_note(result)
            return "queue"
        port = result["port"]
        if port in self.refused() or not self.reaches(after, result):
            self.stays(event)
            return "queue"
        session.state, result = policy.told(before, event, None, session.call)
        session.take_note(result)
        session.state, result = policy.run(session.state, result["frames"], result["edge"], session.call)
        session.take_note(result)
        request = before["request"]
        if session.state["where"] == "end":
            return "end"
        if self.asks_anew(session.state, request):
            if session.state["request"]["tier"] == tier:
                self.again = session.sent[-1]  # the same people are asked for something else
                return "queue"
            session.beside["stood"] = {"request": request, "waited": before["waited"], "port": port}
            return "elsewhere"
        # What was called has answered otherwise: it stays done, and the customer stays where they are.
        done = {name: session.state[name] for name in ("sent", "tried", "outputs", "slots", "spent", "transcript")}
        session.state, session.withdrawn = {**before, **done}, []
        self.refuse(port)
        self.stays(event)
        return "queue"

    @staticmethod
    def asks_anew(after, request):
        """Whether another request is out than before."""
        return after["where"] == "queue" and after["request"]["ordinal"] != request["ordinal"]

    def reaches(self, after, result):
        """Whether this way leads to another request or to the end, as far as can be told without calling anything. A callback
        on the way is Connect's to try first, which it cannot from here."""
        if not result["to"]:
            return False
        after, result = policy.run(after, result["frames"], result["edge"])
        if any(envelope["mode"] == "callback" for envelope in result["requests"]):
            return False
        return after["where"] == "end" or self.asks_anew(after, self.session.state["request"])

    def stays(self, event):
        """The customer goes on waiting: figures are known, time passes and is spoken of, and nothing else follows."""
        machine = policy.Machine(self.session.state, policy.assume_ok, None)
        state = machine.state
        if "queue" in event:
            machine.queue_figures(event["queue"], event)
        else:
            before = state["waited"]
            for name in ("waited", "silent") + (("moment",) if state["moment"] is not None else ()):
                state[name] = policy.EXACT.add(state[name], event["clock"])
            frame = state["request"]["frames"][-1]
            node = policy.FLOWS[frame["flow"]]["nodes"][frame["node"]]
            machine.waiting_words(node["waiting"]["say"], before, state["waited"])
        self.session.state = machine.keep()
        self.session.said += [line for line in machine.said if line.strip()]

    def refused(self):
        known = self.session.beside.get("refused") or {}
        return known.get("ports", []) if known.get("ordinal") == self.session.state["request"]["ordinal"] else []

    def refuse(self, port):
        ports = self.refused() + [port]
        self.session.beside["refused"] = {"ordinal": self.session.state["request"]["ordinal"], "ports": ports}

    def back(self, stood):
        """The other queue did not take the customer, who is still in the one before."""
        if not isinstance(stood, dict):
            return
        session, request = self.session, stood["request"]
        session.withdrawn.append(session.state["request"]["ordinal"])
        place = {"frames": request["frames"], "where": "queue", "request": request, "waited": stood["waited"]}
        session.state = {**session.state, **place, "reasons": request["reasons"]}
        self.refuse(stood["port"])
        machine = policy.Machine(session.state, policy.assume_ok, None)
        self.again = machine.envelope(machine.node(), request, machine.names(request))
