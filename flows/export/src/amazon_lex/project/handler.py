"""The bot's Lambda function. Lex goes from card to card; this function hears each turn, says which trigger takes it, sets
the attributes that Lex's branches read, and carries out the cards that Lex cannot. What it knows stands in the session
attribute `handoff_state`; nothing is kept here.

The decisions stand in policy.py, the names in names.py, the calls to your systems in calls.py, what Lex writes is read in
wire.py. The way in is `handler(event, context)`; the label of a call (`invocationLabel`) says what is wanted: `hear`, `told`,
or a card.
"""
import logging
import time
from decimal import Decimal

import calls
import names
import policy
from wire import (ATTRIBUTES_AT_MOST, CALLS_AT_LEAST, MESSAGE_AT_MOST, PARTS_AT_MOST, PAYLOAD_AT_MOST, Malformed,
                  about, answer, attributes_of, entry, feeling, json_of, number, packed, parted, size, slots_of, typed)

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)

# What one call sets for the steps that follow it, and the next call forgets. What begins otherwise is the channel's.
WORDS = ("handoff_said", "handoff_again")
PASSING = tuple(name + end for name in WORDS for end in ("", "_2", "_3", "_4")) + (
    "handoff_fired", "handoff_port", "handoff_attempts", "handoff_outcome")
PREFIXES = ("handoff_c_", "handoff_v_", "handoff_has_")
HANDOFF = ("handoff", "handoff_tier", "handoff_priority", "handoff_mode", "handoff_reason", "handoff_node",
           "handoff_summary", "handoff_payload", "handoff_error")
PLACES = {(card["flow"], card["card"]): name for name, card in names.CARDS.items()}


def handler(event, context=None, kind=None):
    """Answers one call of Lex. Whatever goes wrong, a person is asked. `kind` is a session that knows more."""
    try:
        session = (kind or Session)(event)
    except Malformed as error:
        log.error("an event that cannot be read: %s", error)
        return asks_a_person(event, "event_not_understood", str(error))
    try:
        return session.answer()
    except Malformed as error:
        log.error("the session cannot be read: %s", error)
        return asks_a_person(event, "session_not_understood", str(error))
    except Exception as error:
        log.exception("the turn could not be taken through the flow")
        return asks_a_person(event, "function_failed", "%s: %s" % (type(error).__name__, error))


class Session:
    """One call of Lex."""

    def __init__(self, event):
        if not isinstance(event, dict):
            raise Malformed("the event is %s" % type(event).__name__)
        self.event = event
        lex = entry(event, "sessionState", dict, "event")
        if lex is None:
            raise Malformed("the event has no sessionState")
        self.intent = entry(lex, "intent", dict, "sessionState")
        if self.intent is None or not isinstance(self.intent.get("name"), str):
            raise Malformed("sessionState has no intent with a name")
        entry(self.intent, "slots", dict, "sessionState.intent")
        self.attributes = attributes_of(lex)
        self.interpretations = entry(event, "interpretations", list, "event", [])
        self.request = entry(event, "requestAttributes", dict, "event", {})
        self.label = entry(event, "invocationLabel", str, "event", "hear")
        if self.label not in ("hear", "told") and self.label not in names.CARDS:
            raise Malformed("nothing is known of the invocationLabel %r" % self.label)
        kept = json_of(self.attributes, "handoff_state", dict) or {}
        self.state = kept.get("policy")
        if self.state is not None and not (isinstance(self.state, dict) and isinstance(self.state.get("frames"), list)):
            raise Malformed("the attribute handoff_state holds no state")
        self.next = kept.pop("next", None)
        self.dropped = set(kept.pop("dropped", ()))  # of what the session had no room for the oldest
        self.beside = {name: value for name, value in kept.items() if name != "policy"}  # of a platform around the bot
        self.at = self.attributes.get("handoff_at")
        self.flags = {}
        self.said, self.suggested, self.sent, self.withdrawn = [], [], [], []
        self.passing, self.call = {}, calls.call

    def answer(self):
        if self.label == "hear":
            return self.hear()
        if self.label == "told":
            return self.told()
        return self.carry_out()

    # What Lex calls for.

    def hear(self):
        """A customer's turn: what is known of it, and which trigger takes it."""
        self.wake()
        self.meanwhile(False)
        if self.state["where"] in ("end", "error"):
            return self.over()
        stands = {"listen": "listen", "ask": "ask", "queue": "handoff", "person": "handoff"}.get(self.state["where"])
        if stands not in (None, self.kind()):
            raise Malformed("the conversation broke off at %s" % self.here())
        self.state = policy.hear(self.state, self.turn())
        self.state, fired = policy.fires(self.state)
        if fired:
            self.next = [fired["frames"], fired["edge"]]
            self.passing["handoff_fired"] = names.TRIGGERS["%s.%s" % (fired["flow"], fired["trigger"])]
        elif self.state["where"] in ("listen", "ask"):
            self.chooses()
        elif self.state["where"] in ("queue", "person"):
            self.state, result = policy.turn(self.state, None, self.call)
            self.take_note(result)
            if not result["to"]:
                return self.close()
            self.moves(result)
        return self.goes_on()

    def told(self):
        """A person or the contact centre has news (`handoff_event`), without a turn of the customer."""
        self.wake()
        self.meanwhile(True)
        if self.state["where"] in ("end", "error"):
            return self.over()
        if self.state["where"] in ("queue", "person") and "handoff_port" not in self.passing:
            return self.close()
        return self.goes_on()

    def carry_out(self):
        """A card that Lex has come to."""
        card = names.CARDS[self.label]
        if self.state is None:
            raise Malformed("%s is entered, but the session has no state" % self.label)
        frames, edge = self.follow(self.label)
        if card["by"] != "function":
            self.state, result = policy.enter(self.state, frames, edge)
            self.next = [result["frames"], result["edge"]] if result["to"] else None
            self.flagged()
            return self.goes_on()
        self.state, result = policy.enter(self.state, frames, edge, self.call)
        self.take_note(result)
        where = result["where"]
        if where == "error":
            return self.over()
        if where in ("queue", "person"):
            return self.close()
        if result["to"]:
            self.moves(result)
        elif where in ("rest", "end"):
            self.passing["handoff_port"] = where
        if where == "rest":
            self.at = "rest"  # an `end` of a called flow leads on by this alone
        if where == "end":
            self.passing["handoff_outcome"] = result["outcome"]
        return self.goes_on()

    # Where the conversation stands.

    def wake(self):
        """Brings what the function knows up to where Lex stands, before anything new is known."""
        if self.state is not None:
            self.follow(None)
            ended, news = self.state["where"] == "end", self.attributes.get("handoff_event")
            if self.state["where"] == "error" or ended and not (self.label == "told" and news):
                self.state = None
        fresh = self.state is None
        if fresh:
            self.state, self.next, self.at, self.dropped = policy.new_state(), None, None, set()
        customer = {"id": self.attributes["customer_id"]} if self.attributes.get("customer_id") else {}
        news = {"conversation": entry(self.event, "sessionId", str, "event", ""), "customer": customer}
        if self.now():
            news["now"] = self.now()
        self.state, _ = policy.told(self.state, news)
        self.state = policy.mirror(self.state, None, signals=self.signals())
        self.figures(calls.queues(self.attributes) or json_of(self.attributes, "handoff_queue", dict, Decimal) or {})
        if fresh:
            nodes = policy.FLOWS[policy.FLOW]["nodes"].items()
            start = [[policy.FLOW, next(card for card, node in nodes if node["kind"] == "start")]]
            if self.label == "told" and not self.attributes.get("handoff_event"):
                self.next, self.passing["handoff_port"] = [start, ""], "start"
            else:
                self.run(start, "")

    def now(self):
        """The time by which tiers are open, in seconds since 1970; a channel may tell another one, or none."""
        told = self.request.get("now")
        return int(time.time()) if told is None else number(told) or told

    def figures(self, figures):
        for tier, known in figures.items():
            if not isinstance(known, dict):
                raise Malformed("of the queue %s nothing but a map is understood" % tier)
            self.state, result = policy.told(self.state, {**known, "queue": tier}, None, self.call)
            self.take_note(result)
            if result["to"]:
                self.run(result["frames"], result["edge"])

    def run(self, frames, edge):
        """From here on until a card waits, all of it here: nobody has spoken that Lex could answer."""
        self.state, result = policy.run(self.state, frames, edge, self.call)
        self.take_note(result)
        self.next = None
        if self.state["where"] in ("listen", "ask"):
            self.at = self.here()

    def meanwhile(self, lex_goes_on):
        """What was told since. Lex itself goes on from the last of it, where it can."""
        told = json_of(self.attributes, "handoff_event", (dict, list), Decimal) or []
        self.attributes.pop("handoff_event", None)
        told = [told] if isinstance(told, dict) else told
        for index, event in enumerate(told):
            if not isinstance(event, dict):
                raise Malformed("the attribute handoff_event holds %s in its list" % type(event).__name__)
            self.state, result = policy.told(self.state, event, None, self.call)
            self.take_note(result)
            if not result["to"]:
                continue
            last = index == len(told) - 1
            if lex_goes_on and last and self.kind() == "handoff":
                self.moves(result)
            else:
                self.run(result["frames"], result["edge"])

    def follow(self, target):
        """Follows the way that Lex went on its own since the last call, card by card: it decides as the policy does. Gives
        the frames and the edge by which `target` is entered; without a target, to where Lex waits."""
        following, self.next = self.next, None
        for _ in range(policy.STEPS_AT_MOST):
            if following is None:
                break
            frames, edge = following
            name = PLACES.get(tuple(frames[-1]))
            if name == target:
                return frames, edge
            if name is None or names.CARDS[name]["by"] == "function":
                break
            self.state, result = policy.enter(self.state, frames, edge)
            following = (result["frames"], result["edge"]) if result["to"] else None
        if target is not None:
            return self.jump(target), ""
        if self.at == "rest":
            self.state["where"] = "rest"
        elif self.at in names.CARDS and self.at != self.here():
            self.state, _ = policy.enter(self.state, self.jump(self.at), "")
        return None

    def jump(self, name):
        """Lex stands at a card to which no known way leads: Lex is believed."""
        card = names.CARDS[name]
        frames = [[frame["flow"], frame["node"]] for frame in self.state["frames"]]
        flows = [flow for flow, _ in frames]
        if card["flow"] not in flows:
            raise Malformed("Lex is at %s, in a flow that nobody called" % name)
        log.warning("Lex is at %s, the policy was at %s", name, frames[-1])
        return frames[: flows.index(card["flow"])] + [[card["flow"], card["card"]]]

    def here(self):
        frame = self.state["frames"][-1]
        return PLACES.get((frame["flow"], frame["node"]))

    def kind(self):
        frame = self.state["frames"][-1]
        return policy.FLOWS[frame["flow"]]["nodes"][frame["node"]]["kind"]

    def moves(self, result):
        """The policy has left a card by a port; Lex goes there."""
        self.next = [result["frames"], result["edge"]]
        self.at = self.here()
        deeper = len(result["frames"]) > len(self.state["frames"]) or result["port"] is None
        port = "into" if deeper else result["port"]
        self.passing["handoff_port"] = names.CARDS.get(self.at, {}).get("words", {}).get(port, port)

    def chooses(self):
        """The card that waits takes the turn: Lex chooses on its own, and the policy knows what."""
        _, result = policy.turn(self.state)
        self.next = [result["frames"], result["edge"]] if result["to"] else None
        if self.state["where"] == "ask":
            self.asked()
        else:
            self.flagged()

    def asked(self):
        """The card asks for a slot: one more try has failed, unless it is filled now."""
        frame = self.state["frames"][-1]
        card = policy.FLOWS[frame["flow"]]["nodes"][frame["node"]]
        if policy.slots(self.state)[card["slot"]] is not None:
            return
        tries = self.state["attempts"] + 1
        self.state = policy.mirror(self.state, None, attempts=tries)
        if tries < card["attempts"]:
            line = policy.say(self.state, None, card["reprompt"])
            self.state = policy.said(self.state, line)
            if names.CARDS[self.here()].get("says_again") and line.strip():
                self.speaks("handoff_again", [line])

    def flagged(self):
        """The flags that the branches of this card read."""
        flags = names.CARDS.get(self.here(), {}).get("flags")
        held = policy.holds(self.state, None, list(flags.values())) if flags else {}
        self.flags = {attribute: "true" if held[name] else "false" for attribute, name in (flags or {}).items()}

    # What is known of the turn.

    def turn(self):
        """The turn as the policy reads it."""
        top = self.interpretations[0] if self.interpretations else {}
        mine = [one for one in self.interpretations if isinstance(one, dict) and self.is_mine(one)]
        feelings = [one.get("sentimentResponse") for one in mine + [top] if isinstance(one, dict)]
        sentiment = next((feeling(one) for one in feelings if feeling(one) is not None), None)
        if "sentiment" in self.request:
            sentiment = number(self.request["sentiment"])
        event = {
            "who": "user",
            "text": entry(self.event, "inputTranscript", str, "event"),
            "intent": names.INTENTS.get(self.intent["name"], "none"),
            "confidence": self.confidence(mine),
            "sentiment": sentiment,
            "frustration": number(self.request.get("frustration")),
            "channel": self.request.get("channel") or self.request.get("x-amz-lex:channels:platform"),
            "entities": self.entities(),
        }
        if self.request.get("nlu") == "down":
            event["nlu"] = "down"
        return event

    def is_mine(self, interpretation):
        intent = interpretation.get("intent")
        return isinstance(intent, dict) and intent.get("name") == self.intent["name"]

    def confidence(self, mine):
        """How sure Lex is of the intent that takes the turn. Its fallback and a question have no confidence of their own:
        there it is that of the customer's intent which came nearest, as the list is in the order of confidence
        (docs.aws.amazon.com/lexv2/latest/dg/using-intent-confidence-scores.html, 2026-11-22)."""
        if "confidence" in self.request:
            return number(self.request["confidence"])
        near = mine if self.intent["name"] in names.INTENTS else [
            one for one in self.interpretations if isinstance(one, dict) and self.of_customer(one)]
        return number(near[0].get("nluConfidence")) if near else None

    @staticmethod
    def of_customer(interpretation):
        intent = interpretation.get("intent")
        return isinstance(intent, dict) and intent.get("name") in list(names.INTENTS)

    def entities(self):
        """What the slots took; a channel with a recogniser of its own may tell more."""
        found = dict(json_of(self.request, "entities", dict, Decimal) or {})
        for slot, value in (self.intent.get("slots") or {}).items():
            entity = names.SLOTS.get(slot)
            held = value.get("value") if isinstance(value, dict) else None
            text = held.get("interpretedValue") if isinstance(held, dict) else None
            if entity is not None and isinstance(text, str):
                found[entity] = typed(text, names.KINDS.get(entity, "text"))
        return found

    def signals(self):
        """What the channel says of its signals; what it does not say, or no longer, is unset."""
        told = self.attributes
        return {name: typed(told[attribute], policy.SIGNALS[name]["type"]) if attribute in told else None
                for attribute, name in names.SIGNALS.items()}

    # Answers.

    def take_note(self, result):
        self.said += [line for line in result["said"] if line.strip()]
        self.suggested += result["suggested"]
        self.sent += [self.shortened(envelope) for envelope in result["requests"]]
        self.withdrawn += result["withdrawn"]

    def goes_on(self):
        """Lex decides what is next."""
        if self.state["where"] == "rest" and "handoff_port" not in self.passing:
            self.at = "rest"
        self.speaks("handoff_said", self.said)
        return self.answered(self.written(), "Delegate", "InProgress")

    def messages(self, lines):
        """What is said, as the messages that say it."""
        return parted(lines)

    def speaks(self, name, lines):
        """Attributes with what is said: one for each message."""
        parts = self.messages(lines)
        if len(parts) > PARTS_AT_MOST:
            log.error("of what is said the last %d characters are left out", sum(map(len, parts[PARTS_AT_MOST:])))
        for index, part in enumerate(parts[:PARTS_AT_MOST]):
            self.passing[name + ("_%d" % (index + 1) if index else "")] = part

    def shortened(self, envelope):
        """A request that names its fields of which the oldest is gone (`cut`)."""
        *calls_, card = envelope["node"].split("/")
        flow = policy.FLOW
        for call in calls_:
            flow = policy.FLOWS[flow]["nodes"][call]["flow"]
        sources = names.SOURCES.get(flow, {}).get(policy.FLOWS[flow]["nodes"][card]["context"], {})
        cut = []
        for field, (part, most) in sources.items():
            held = envelope["fields"].get(field)
            whole = most is not None and isinstance(held, list) and len(held) >= most
            if part in self.dropped and held is not None and not whole:
                cut.append(field)
        return {**envelope, "cut": cut} if cut else envelope

    def close(self):
        """A person takes over: the conversation ends for Lex, as failed."""
        attributes = self.written()
        request = self.state["request"] or {}
        for name in ("tier", "priority", "mode", "node"):
            attributes.setdefault("handoff_" + name, str(request.get(name, "")))
        attributes.setdefault("handoff_reason", ",".join(request.get("reasons", ())))
        attributes.update({"handoff": "true", "handoff_at": self.here() or ""})
        return self.answered(attributes, "Close", "Failed", self.messages(self.said))

    def over(self):
        """The run is over before the turn was heard, or it cannot go on."""
        if self.state["where"] == "error":
            return asks_a_person(self.event, "flow_error", "the flow cannot go on at %s" % self.here(), self.written())
        self.passing["handoff_outcome"] = self.state["outcome"] or ""
        return self.answered(self.written(), "Close", "Fulfilled", self.messages(self.said))

    def written(self):
        """The attributes: what others set, what the branches read, and what is kept for the next call."""
        waits = self.state.get("request")
        gone = PASSING + ("handoff", "handoff_error", "handoff_state") + (() if waits else HANDOFF)
        kept = {name: value for name, value in self.attributes.items()
                if name not in gone and not name.startswith(PREFIXES)}
        if self.label in ("hear", "told"):
            for name in ("handoff_requests", "handoff_withdrawn", "handoff_suggested"):
                kept.pop(name, None)
        lists = {"handoff_requests": self.sent, "handoff_withdrawn": self.withdrawn, "handoff_suggested": self.suggested}
        for name, new in lists.items():
            if new:
                kept[name] = packed((json_of(kept, name, list) or []) + new)
        if waits and self.sent:
            kept.update(about(self.sent[-1]))
        kept.pop("handoff_at", None)
        if self.at is not None:
            kept["handoff_at"] = self.at
        kept.update({name: value for name, value in self.passing.items() if value is not None})
        if self.state["frames"] or self.next:
            kept.update(self.read())
        self.keep(kept)
        return kept

    def read(self):
        """What the bot's branches read: values, presences, flags, failed tries."""
        machine = policy.Machine(self.state, policy.assume_ok, None)
        if not self.state["frames"]:
            machine.stand(self.next[0])  # about to begin: the first cards may choose already
        flow, known, found = machine.flow(), machine.names(), {"handoff_attempts": str(self.state["attempts"])}
        for attribute, name in names.VALUES.get(flow, {}).items():
            if known.has(name):
                found[attribute] = policy.in_words(known[name])
        for attribute, name in names.PRESENT.get(flow, {}).items():
            if known.has(name):
                found[attribute] = "true"
        return {**found, **self.flags}

    def keep(self, attributes):
        """The policy's state; of a long conversation the oldest lines, cards and calls are left out, and it is known of what."""
        def whole():
            kept = {"policy": self.state, "next": self.next, **self.beside}
            return packed({**kept, "dropped": sorted(self.dropped)} if self.dropped else kept)

        payload_to_come = max(0, PAYLOAD_AT_MOST - size(attributes.get("handoff_payload", "")))
        room = ATTRIBUTES_AT_MOST - sum(size(name) + size(value) for name, value in attributes.items()) - payload_to_come
        for part in ("transcript", "path", "tried"):
            lines, least = self.state.get(part), CALLS_AT_LEAST if part == "tried" else 0
            while isinstance(lines, list) and len(lines) > 1 and size(whole()) > room and size(packed(lines)) > least:
                del lines[0]
                self.dropped.add(part)
        attributes["handoff_state"] = whole()

    def answered(self, attributes, action, outcome, lines=()):
        intent = {"name": self.intent["name"], "slots": slots_of(self.intent), "state": outcome}
        if self.intent.get("confirmationState") in ("Confirmed", "Denied", "None"):
            intent["confirmationState"] = self.intent["confirmationState"]
        return answer(attributes, action, intent, lines)


def asks_a_person(event, reason, why, attributes=None):
    """The bot cannot go on: a person is asked, and told what happened."""
    lex = event.get("sessionState") if isinstance(event, dict) else None
    lex = lex if isinstance(lex, dict) else {}
    given = lex.get("sessionAttributes") if isinstance(lex.get("sessionAttributes"), dict) else {}
    kept = {str(name): value for name, value in (attributes or given).items() if isinstance(value, str)}
    for name in HANDOFF:
        kept.pop(name, None)
    kept.update({"handoff": "error", "handoff_priority": "3", "handoff_reason": reason, "handoff_error": why[:MESSAGE_AT_MOST]})
    if names.FIRST_TIER:
        kept["handoff_tier"] = names.FIRST_TIER
    intent = lex.get("intent") if isinstance(lex.get("intent"), dict) else {}
    name = intent.get("name") if isinstance(intent.get("name"), str) else "FallbackIntent"
    return answer(kept, "Close", {"name": name, "state": "Failed"}, [names.SORRY])
