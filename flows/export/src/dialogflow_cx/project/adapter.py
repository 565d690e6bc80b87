"""Dialogflow CX's webhook requests in the words of the policy, and its answers in theirs.

The agent says where the conversation is. What it did by itself since the last request stands in one parameter as the ways
that were taken (";main.branches[0];trigger.asked"); the policy walks them after it, and then answers what it is asked:

    hear NODE FLOW      a customer's turn; which of the conditions hold that the agent has no words for
    decide NODE FLOW    the same, before a decision
    enter NODE FLOW     carry the card out, and say by which port it is left
    request NODE FLOW   the same for a handoff whose words the agent says itself
    again NODE FLOW     the question once more
    news NODE FLOW      what people or their queue did, or what the customer says meanwhile
    into NODE FLOW      back into a called flow, to a request of it that news are of
    rest NODE FLOW      a turn that nothing acts on
    idle[N] NODE FLOW   the words for silence
"""
import datetime
import json
import re

import names
import policy
import systems

TAG = re.compile(r"(hear|decide|enter|request|again|news|into|rest|idle\[\d+\]) (\S+) (.+)", re.DOTALL)
ROW = re.compile(r"(\w+)\[(\d+)\]")
NUMBERED = ("errors", "returns", "outcomes")


class Refused(Exception):
    """A request that is none: the message says what is wrong with it."""


def held(value, kind, what):
    """A value of this kind; nothing else is guessed at."""
    if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
        wanted = {dict: "an object", str: "a text", list: "a list"}.get(kind, "a number")
        raise Refused("%s is not %s" % (what, wanted))
    return value


def part(request, key):
    """An object of the request; an absent one is empty."""
    value = request.get(key)
    return {} if value is None else held(value, dict, key)


def measured(value, what):
    """A figure, or None. Sums of floats may end a hair outside of 0 to 1."""
    if value is None:
        return None
    value = held(value, (int, float), what)
    return min(max(value, 0.0), 1.0) if -1e-6 < value < 1 + 1e-6 else value


class Calls:
    """The flow's calls, made by systems.py."""

    def __call__(self, card, name, inputs):
        return systems.call(name, inputs)

    def request(self, envelope):
        return systems.request(envelope)


class Replayed:
    """A card that the agent carried out, or left because the service did not answer: nothing is called again."""

    def __init__(self, port):
        self.port = port

    def __call__(self, card, name, inputs):
        return {"status": self.port if self.port in ("error", "timeout") else "ok"}


def following(result):
    """Where a step leads: the stack of cards with the one to enter at its end, and the way."""
    return (result["frames"], result["edge"]) if result["to"] else None


def leads(card, port):
    """Where a port of a card leads; None where it is not drawn."""
    row = ROW.fullmatch(port)
    if not row:
        return card.get(port)
    kind, index = row.group(1), int(row.group(2))
    rows = card["waiting"]["turns"] if kind == "turns" else card.get(kind)
    rows = list(rows.values()) if isinstance(rows, dict) else rows
    if not rows or index >= len(rows):
        return None
    return rows[index]["to"] if isinstance(rows[index], dict) else rows[index]


class Session:
    """One request: the state before it, what is done, the answer."""

    def __init__(self, request):
        self.request = held(request, dict, "the request")
        session = part(request, "sessionInfo")
        self.session = session.get("session")
        self.parameters = part(session, "parameters")
        tag = part(request, "fulfillmentInfo").get("tag")
        asked = TAG.fullmatch(held(tag, str, "fulfillmentInfo.tag"))
        if not asked:
            raise Refused("fulfillmentInfo.tag is none of this agent's: %r" % tag[:100])
        self.verb, self.node, self.flow = asked.groups()
        if self.flow not in policy.FLOWS:
            raise Refused("fulfillmentInfo.tag names a flow that is not here: %r" % self.flow[:100])
        if self.node != "-" and self.node not in policy.FLOWS[self.flow]["nodes"]:
            raise Refused("fulfillmentInfo.tag names a card that is not here: %r" % self.node[:100])
        self.state, self.next = self.kept()
        self.said, self.extra, self.set = [], [], {}

    def kept(self):
        """The state, and the card that the agent is about to carry out."""
        text = self.parameters.get("handoff_state")
        if text is None:
            return None, None
        try:
            kept = json.loads(held(text, str, "handoff_state"))
            state, ahead = kept["policy"], kept["next"]
            if state is not None and state.get("frames"):  # before the first card there are none
                policy.slots(state)
        except Refused:
            raise
        except Exception as error:
            raise Refused("handoff_state is not what this service wrote: %s" % error) from error
        return state, tuple(ahead) if ahead else None

    # What the agent did by itself.

    def follow(self):
        trail = self.parameters.get("handoff_trail")
        for step in held(trail, str, "handoff_trail").split(";") if trail is not None else ():
            if step:
                self.walk(step)

    def walk(self, step):
        if step == "begin":
            cards = policy.FLOWS[policy.FLOW]["nodes"]
            start = next(key for key, card in cards.items() if card["kind"] == "start")
            self.state, self.next = None, ([[policy.FLOW, start]], "")
            self.absorb()
            return
        node, _, port = step.partition(".")
        if self.next is not None:
            self.carry_out(Replayed(port))
        if node == "trigger":
            self.fired(port)
            return
        if self.next is None and not port.startswith("idle["):
            self.state, result = policy.turn(self.state)
            self.next = following(result)
        if port == "again":
            self.next = None
        elif self.next is None or self.next[1] != step:
            self.next = self.told_by_agent(node, port)

    def fired(self, trigger):
        self.state, fired = policy.fires(self.state)
        if fired is not None and fired["trigger"] == trigger:
            self.next = (fired["frames"], fired["edge"])
            return
        # The agent decides; the service goes where it went.
        frames = self.frames()
        for depth in range(len(frames), 0, -1):
            rows = policy.FLOWS[frames[depth - 1][0]]["triggers"]
            to = next((row["to"] for row in rows if row["id"] == trigger), None)
            if to is not None:
                self.next = (frames[: depth - 1] + [[frames[depth - 1][0], to]], "trigger." + trigger)
                return
        raise Refused("handoff_trail names a trigger that is not here: %r" % trigger[:100])

    def told_by_agent(self, node, port):
        frames = self.frames()
        flow = frames[-1][0]
        card = policy.FLOWS[flow]["nodes"].get(node)
        if card is None:
            raise Refused("handoff_trail names a card that is not here: %r" % node[:100])
        to = leads(card, port)
        return (frames[:-1] + [[flow, to]], node + "." + port) if to else None

    def frames(self):
        frames = [[frame["flow"], frame["node"]] for frame in (self.state or {}).get("frames") or ()]
        return frames or [[self.flow, self.node]]

    def carry_out(self, call):
        """The card that is next."""
        frames, edge = self.next
        self.state, result = policy.enter(self.state, frames, edge, call)
        self.next = following(result)
        return result

    def ahead(self):
        """Be at the card where the agent waits."""
        if self.next is not None:
            self.carry_out(Replayed(""))

    # What the agent asks.

    def answer(self):
        self.follow()
        self.absorb()
        verb = self.verb.partition("[")[0]
        getattr(self, "on_" + verb)()
        return self.written()

    def on_hear(self):
        self.ahead()
        self.listen()
        self.hold()
        unwind = None
        if len(self.frames()) > 1:
            _, fired = policy.fires(self.state)
            if fired is not None and fired["flow"] != self.flow:
                unwind = fired["flow"] + "." + fired["trigger"]
        self.set["handoff_unwind"] = unwind

    def on_rest(self):
        self.ahead()
        self.listen()

    def listen(self):
        standing = None if self.state and self.state.get("frames") else [[self.flow, self.node]]
        self.state = policy.hear(self.state, self.event(), standing)
        if self.state["basic"]["intent"] == "none":
            self.set["intent"] = "none"  # the client says that nothing can be understood

    def hold(self, frames=None):
        """The conditions that this card asks for."""
        asked = names.ASKED.get(self.flow + "." + self.node)
        if asked:
            for name, holds in policy.holds(self.state, frames, asked).items():
                self.set[names.HOLDS[name]] = holds

    def on_decide(self):
        self.queues()
        frames = self.next[0] if self.next else self.frames()
        self.hold(frames)

    def on_enter(self):
        self.queues()
        if self.next is None:
            self.next = (self.frames()[:-1] + [[self.flow, self.node]], "")
        result = self.carry_out(Calls())
        self.told(result)
        if self.parameters.get("handoff_at") is not None:
            self.set["handoff_at"] = None
        card = policy.FLOWS[self.flow]["nodes"][self.node]
        port = self.port(result)
        if card["kind"] == "handoff" and port is None and result["where"] == "queue":
            port = "requested" if result["requests"] else "waits"
        self.set["handoff_port"] = port

    def on_request(self):
        self.on_enter()
        if self.set.get("handoff_port") == "requested":
            self.said = []

    def on_again(self):
        self.state, result = policy.turn(self.state)
        self.next = following(result)
        self.told(result)

    def on_into(self):
        """The way into a called flow, to the card of its request that news have brought the customer to."""
        frames = self.brought_to()
        inner = [at + 1 for at, frame in enumerate(frames) if frame[0] == self.flow and at + 1 < len(frames)]
        self.set["handoff_at"] = frames[inner[0]][1] if inner else None

    def brought_to(self):
        """The stack of cards with the one at its end that news have to do with."""
        if self.next is None:
            return self.frames()
        frames, edge = self.next
        return frames[:-1] + [[frames[-1][0], edge.partition(".")[0]]]

    def on_news(self):
        self.ahead()
        stood = self.frames()
        if self.parameters.get("heard") is True:
            self.listen()
            self.state, result = policy.turn(self.state)
        else:
            self.state, result = policy.told(self.state, self.happened(), None, Calls())
        self.next = following(result)
        self.told(result)
        port = self.port(result)
        if port is not None and result["to"] is None and result["where"] == "rest":
            port = "rest"
        self.set["handoff_port"] = port if port == "rest" or self.next else None
        there, depth = self.brought_to(), 0
        while depth + 1 < min(len(stood), len(there)) and stood[depth] == there[depth]:
            depth += 1
        flow, card = there[depth]
        brought = self.next is not None or result["where"] in ("queue", "person", "rest")
        # The request may be one of a calling flow, and the agent leaves this one then; or of one that is called no more.
        self.set["handoff_at"] = card if brought and depth + 1 == len(stood) else None
        self.set["handoff_unwind"] = "%s.at.%s" % (flow, card) if brought and depth + 1 < len(stood) else None
        self.set["handoff_event"] = self.set["handoff_data"] = None

    def on_idle(self):
        rows = policy.FLOWS[self.flow]["nodes"].get(self.node, {}).get("idle") or []
        row = int(self.verb[5:-1])
        if row >= len(rows) or not rows[row]["say"]:
            raise Refused("fulfillmentInfo.tag names a row that is not here: %r" % self.verb[:100])
        self.ahead()
        line = policy.say(self.state, None, rows[row]["say"])
        self.state = policy.said(self.state, line)
        self.said.append(line)

    def told(self, result):
        """What a step said and sent."""
        self.said += result["said"]
        if result["outcome"] is not None:
            self.set["outcome"] = result["outcome"]
        for request in result["requests"]:
            self.extra.append({"handoff_request": request})
            self.set["handoff_request"] = request
            self.set["handoff_tier"] = request["tier"]
            self.set["handoff_priority"] = request["priority"]
            self.set["handoff_reasons"] = ", ".join(request["reasons"])
        self.extra += [{"handoff_withdrawn": ordinal} for ordinal in result["withdrawn"]]
        self.extra += [{"handoff_suggestion": line} for line in result.get("suggested") or ()]

    def port(self, result):
        """The port as the agent's routes name it: rows of a map by their number."""
        port = result["port"]
        kind, _, key = (port or "").partition(".")
        if kind in NUMBERED and key:
            flow, card = result["frames"][-1][0], result["edge"].partition(".")[0]
            rows = policy.FLOWS[flow]["nodes"][card][kind]
            return "%s[%d]" % (kind, list(rows).index(key))
        return port

    # What is known.

    def event(self):
        """The customer's turn."""
        request, payload = self.request, part(self.request, "payload")
        intent = self.parameters.get("intent")
        mood = request.get("sentimentAnalysisResult")
        if mood is not None:
            # A score of nought is left out of the request.
            mood = held(mood, dict, "sentimentAnalysisResult").get("score", 0)
            mood = held(mood, (int, float), "sentimentAnalysisResult.score")
        event = {
            "who": "user",
            "now": self.now(),
            "text": request.get("text") or request.get("transcript"),
            "intent": intent if isinstance(intent, str) else "none",
            "confidence": self.confidence(),
            "sentiment": mood,
            "entities": self.entities(),
            "signals": self.signals(),
            "customer": self.customer(payload),
        }
        if isinstance(self.session, str):
            event["conversation"] = self.session.rpartition("/")[2]
        for key in ("frustration", "nlu", "channel"):
            if payload.get(key) is not None:
                event[key] = payload[key]
        # A recogniser of the client's own finds what no intent and no form of the agent asks for.
        for key in ("signals", "entities"):
            event[key].update(part(payload, key))
        event["queue"] = {**(systems.check_queue(names.TIERS) or {}), **part(payload, "queue")}
        for tier, figures in event["queue"].items():
            held(figures, dict, "the figures of " + tier)
        return event

    def confidence(self):
        """How sure the agent is of the intent that takes the turn. The request names the intent that was matched last, of
        an earlier turn too: a turn that matches none has no confidence, unless the client tells one."""
        told = part(self.request, "payload").get("confidence")
        if told is not None:
            return measured(told, "payload.confidence")
        last = measured(part(self.request, "intentInfo").get("confidence"), "intentInfo.confidence")
        return None if self.parameters.get("intent") in (None, "none") else last

    def entities(self):
        """What the agent found since: parameters of slots that differ from what the policy knows."""
        found, told = {}, dict(self.parameters)
        # To a question for free text all is an answer that matches no intent; a recogniser of the client's own knows better.
        better = names.FREE if part(self.request, "payload").get("entities") is not None else ()
        for key, value in part(part(self.request, "intentInfo"), "parameters").items():
            if isinstance(value, dict) and value.get("resolvedValue") is not None:
                told[key] = value["resolvedValue"]
        known = self.slots()
        for flow in {frame[0] for frame in self.frames()}:
            document = policy.FLOWS[flow]
            for entity, slots in document["entities"].items():
                for slot in slots if entity not in better else ():
                    key = document["slots"][slot]
                    value = told.get(names.SLOTS[key])
                    if value is not None and value != known.get(key):
                        found[entity] = typed(value, policy.SLOTS[key])
        return found

    def absorb(self):
        """Signals that the client has set since, and who the customer is."""
        payload = part(self.request, "payload")
        about = {"customer": self.customer(payload)}
        if isinstance(self.session, str):
            about["conversation"] = self.session.rpartition("/")[2]
        self.state, _ = policy.told(self.state, about)
        told = {"customer." + key: value for key, value in part(payload, "customer").items()}
        told = {**self.signals(), **told, **part(payload, "signals")}
        if told:
            self.state = policy.mirror(self.state, signals=told)

    def customer(self, payload):
        """What the client says of the customer, of whom the id may also stand in a parameter."""
        told = self.parameters.get(names.SIGNALS.get("customer.id"))
        return {**({} if told is None else {"id": told}), **part(payload, "customer")}

    def slots(self):
        held_now = policy.thaw((self.state or {}).get("slots") or {})
        return {key: policy.plain(value) for key, value in held_now.items()}

    def signals(self):
        known = {name: policy.plain(value) for name, value in policy.thaw((self.state or {}).get("signals") or {}).items()}
        told = {}
        for name, parameter in names.SIGNALS.items():
            if name in policy.SIGNALS and parameter in self.parameters:
                value = self.parameters[parameter]
                if value != known.get(name):
                    told[name] = typed(value, policy.SIGNALS[name])
        return told

    def queues(self):
        """What time it is, and what the contact centre says of its queues now."""
        self.state, _ = policy.told(self.state, {"now": self.now()}) if self.state else (None, None)
        if self.state is None or self.state.get("where") in ("queue", "person"):
            return
        for tier, figures in (systems.check_queue(names.TIERS) or {}).items():
            self.state, _ = policy.told(self.state, {**figures, "queue": tier})

    def now(self):
        """This moment; a test says which in `payload.now`, where null is a moment that nobody knows."""
        payload = part(self.request, "payload")
        if "now" in payload:
            return None if payload["now"] is None else held(payload["now"], str, "payload.now")
        return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    def happened(self):
        """What the integration's event says, in the words of the studio's conversations."""
        what = self.parameters.get("handoff_event")
        data = self.parameters.get("handoff_data")
        data = {} if data is None else held(data, dict, "handoff_data")
        request = (self.state or {}).get("request") or {}
        if what in ("sent", "failed"):
            return {"handoff": what, **data}
        if what in ("closed", "queue"):
            tier = data.get("tier") or request.get("tier")
            return {**data, "queue": tier, **({"open": False} if what == "closed" else {})}
        if what == "clock":
            return {"clock": held(data.get("seconds"), (int, float), "handoff_data.seconds")}
        if what == "timeout":
            return {"clock": self.left_to_wait(request)}
        if what in ("accepted", "declined", "resumed", "resolved", "escalated"):
            return {"agent": what, **data}
        raise Refused("handoff_event is none of this agent's: %r" % (what,))

    def left_to_wait(self, request):
        """Seconds after which the wait has been too long."""
        if not request:
            return 0
        frame = request["frames"][-1]
        limit = policy.FLOWS[frame["flow"]]["nodes"][frame["node"]]["max_wait"]
        waited = policy.plain(policy.thaw(self.state.get("waited", 0)))
        return max(0, policy.plain(limit) - waited) + 1 if limit is not None else 0

    # The answer.

    def written(self):
        messages = [{"text": {"text": [line]}} for line in self.said if line.strip()]
        messages += [{"payload": payload} for payload in self.extra]
        self.set["handoff_trail"] = ""
        self.set["handoff_state"] = json.dumps({"policy": self.state, "next": self.next}, separators=(",", ":"))
        answer = {"sessionInfo": {"parameters": {**self.mirrored(), **self.set}}}
        if messages:
            answer["fulfillmentResponse"] = {"messages": messages}
        return answer

    def mirrored(self):
        """What the agent's own conditions look at, where it differs from what the agent has."""
        state, wanted = self.state or {}, {}
        slots, known = self.slots(), policy.thaw(state.get("signals") or {})
        outputs, error = policy.thaw(state.get("outputs") or {}), state.get("error") or {}
        for key, parameter in names.SLOTS.items():
            wanted[parameter] = slots.get(key)
        for name, parameter in names.SIGNALS.items():
            wanted[parameter] = policy.plain(known.get(name))
        for card, own in names.OUTPUTS.items():
            for name, parameter in own.items():
                wanted[parameter] = policy.plain((outputs.get(card) or {}).get(name))
        for key, parameter in names.ERRORS.items():
            wanted[parameter] = error.get(key)
        for key, parameter in names.SPENT.items():
            wanted[parameter] = True if key in (state.get("spent") or ()) else None
        return {key: value for key, value in wanted.items() if self.parameters.get(key) != value}


def typed(value, kind):
    """A value as the policy wants it: what was found in a text is text."""
    if isinstance(value, str) and kind["type"] == "bool":
        return {"true": True, "false": False}.get(value.lower(), value)
    if isinstance(value, str) and kind["type"] in ("integer", "number"):
        try:
            return float(value)
        except ValueError:
            return value
    return value


def answer(request):
    """The answer to one webhook request, a WebhookResponse. Raises Refused for what is none."""
    return Session(request).answer()
