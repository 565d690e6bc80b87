"""Section 4: what a flow means, one event after the other.

Events are pulled from a source with `peek()` and `take()`, both None at the end. `bot` and `agent` lines and unknown
elements never come out of a source: the first are no events, the others are skipped as if absent.
"""

from fractions import Fraction

import conditions
from document import because_of, is_within
from handoffs import Edge, Request
from signals import TEXT, Frame, Signals
from texts import render
from values import UNSET, fit, mapping


class Machine:
    def __init__(self, flow, conversation, source):
        self.signals = Signals(flow, conversation)
        self.source = source
        self.frames = [Frame(flow)]
        self.node = None
        self.path = []
        self.requests = []
        self.under_way = None
        self.resting = False
        self.outcome_of_end = None
        self.entered = 0
        self.spent = set()
        self.fired = None
        self.fired_once_accepted = False
        self.reasons_of_trigger = []
        self.idle_seconds = Fraction(0)
        self.idle_done = set()
        self.said = []
        self.edges = []

    # -- small words

    @property
    def frame(self):
        return self.frames[-1]

    def full(self, node):
        return self.frame.prefix + node

    def node_entry(self, node):
        return self.frame.flow.nodes[node]

    @property
    def kind(self):
        return self.node_entry(self.node)["kind"]

    @property
    def ended(self):
        return self.outcome_of_end is not None

    @property
    def pending(self):
        """The request that is out and that nobody has accepted."""
        request = self.under_way
        return request if request is not None and request.state == "requested" else None

    @property
    def person_has_it(self):
        return self.under_way is not None and self.under_way.state == "accepted"

    def waits_at_its_handoff(self):
        """The customer waits at the handoff node whose request is pending."""
        return self.pending is not None and not self.resting and self.full(self.node) == self.pending.name

    def read(self, name, frame=None, row=None):
        return self.signals.read(name, frame or self.frame, self.pending, row)

    def holds(self, condition, row=None, frame=None):
        return conditions.holds(condition, lambda name: self.read(name, frame, row))

    def value(self, expression, frame):
        return conditions.value(expression, lambda name: self.read(name, frame))

    def say(self, text, row=None):
        if text is not None:
            self.said.append(render(text, self, row))

    # -- the whole run

    def run(self):
        """A run starts at `start` and goes on to the first waiting node; then event by event."""
        self.go(self.frame.flow.start, None)
        while True:
            event = self.source.take()
            if event is None:
                return self
            if not self.ended:
                self.used_an_event()
                self.handle(event)

    def used_an_event(self):
        self.entered = 0

    def handle(self, event):
        if event.get("who") == "user":
            self.customers_turn(event)
        elif "queue" in event:
            self.queue_event(event)
        elif "clock" in event:
            self.clock_event(event)
        elif "handoff" in event:
            self.handoff_event(event)
        elif "agent" in event:
            self.agent_event(event)
        elif event.get("customer") == "left":
            # Ends the run and withdraws what is pending.
            self.withdraw()
            self.end("abandoned")
        # An `action` event that nobody waits for is ignored.

    def end(self, kind, **more):
        self.outcome_of_end = {"kind": kind, "node": self.full(self.node), "at_turn": self.signals.turn}
        self.outcome_of_end.update(more)

    # -- moving

    def go(self, node, edge):
        """Nodes run until one waits or ends."""
        step = (node, edge)
        while step is not None:
            step = self.enter(*step)

    def arrive(self, node):
        """Every entry is listed; a 1,001st without using up an event is a runtime error that names the node."""
        self.node = node
        self.resting = False
        self.path.append(self.full(node))
        self.entered += 1

    def leave(self, port, to):
        """Take a port of the current node: the next step, or None where it is not drawn and the run rests for good."""
        edge = Edge(self.node, self.full(self.node), port)
        if to is None:
            self.resting = True
            return None
        self.edges.append(edge.full)
        return (to, edge)

    def enter(self, node, edge):
        self.arrive(node)
        if self.entered > 1000:
            self.end("error")
            return None
        entry = self.node_entry(node)
        return getattr(self, "enter_" + entry["kind"])(entry, edge)

    # -- the nodes that do not wait

    def enter_start(self, entry, edge):
        return self.leave("next", entry.get("next"))

    def enter_message(self, entry, edge):
        self.say(entry["text"])
        return self.leave("next", entry.get("next"))

    def enter_todo(self, entry, edge):
        return self.leave("next", entry.get("next"))

    def enter_decision(self, entry, edge):
        return self.branch(entry)

    def branch(self, entry):
        """The first branch that holds, else `else`; a needed `else` that is absent is a runtime error."""
        for index, row in enumerate(entry.get("branches") or []):
            if self.holds(row["when"]):
                return self.leave("branches[%d]" % index, row["to"])
        if entry.get("else") is None:
            self.end("error")
            return None
        return self.leave("else", entry["else"])

    def enter_set(self, entry, edge):
        """In order; null or an unset value clears the slot."""
        for slot, expression in (entry.get("assign") or {}).items():
            self.frame.set_slot(slot, UNSET if expression is None else self.value(expression, self.frame))
        return self.leave("next", entry.get("next"))

    def enter_end(self, entry, edge):
        outcome = entry["outcome"]
        if len(self.frames) == 1:
            # Ends the run and withdraws what is pending.
            self.withdraw()
            self.end("end", outcome=outcome)
            return None
        # In a called flow it ends the call; an outcome that is not drawn takes `else`.
        self.node = self.frame.caller_node
        self.frames = self.frames[:-1]
        call = self.node_entry(self.node)
        to = (call.get("outcomes") or {}).get(outcome)
        if to is not None:
            return self.leave("outcomes." + outcome, to)
        return self.leave("else", call.get("else"))

    def enter_subflow(self, entry, edge):
        """`inputs`, read in the caller, set the callee's slots first."""
        caller = self.frame
        frame = Frame(caller.flow.called[entry["flow"]], caller, self.node)
        for slot, expression in (entry.get("inputs") or {}).items():
            frame.set_slot(slot, self.value(expression, caller))
        self.frames = self.frames + [frame]
        return (frame.flow.start, None)

    # -- action

    def enter_action(self, entry, edge):
        """The next event is its result where it names the node or its call; else the call is assumed ok."""
        outputs = self.frame.outputs[self.node] = {}
        texts = self.signals.texts
        event = self.source.peek()
        status, event = self._result(entry, event)
        for name, kind in (self.frame.flow.part("calls")[entry["call"]].get("outputs") or {}).items():
            declared = kind if isinstance(kind, dict) else {"type": kind}
            # `data` fills outputs with any status.
            outputs[name] = fit(mapping(event.get("data")).get(name), declared)
        for name in ("error.code", "error.action", "error.message"):
            texts[name] = UNSET
        if status == "ok":
            return self.leave("ok", entry.get("ok"))
        texts["error.action"] = self.node
        if status == "timeout":
            return self.leave("timeout", entry.get("timeout"))
        code = texts["error.code"] = fit(event.get("code"), TEXT)
        texts["error.message"] = fit(event.get("message"), TEXT)
        to = None if code is UNSET else (entry.get("errors") or {}).get(code)
        if to is not None:
            return self.leave("errors." + code, to)
        return self.leave("error", entry.get("error"))

    def _result(self, entry, event):
        if event is None or event.get("action") not in (self.node, self.full(self.node), entry["call"]):
            return "ok", {}
        self.source.take()
        self.used_an_event()
        status = event.get("status")
        return ("ok" if status is None else status), event

    # -- listen and ask

    def enter_listen(self, entry, edge):
        self.idle_seconds = Fraction(0)
        # The trigger's names stay until the run comes to rest at a `listen`.
        self.fired = None
        self.reasons_of_trigger = []
        self.signals.texts["trigger.id"] = UNSET
        self.signals.texts["trigger.text"] = UNSET
        return None

    def enter_ask(self, entry, edge):
        """Filled: goes on at once. Else attempts is 0, it says its prompt and waits."""
        self.idle_seconds = Fraction(0)
        if self.frame.slots[entry["slot"]].value is not UNSET:
            return self.leave("filled", entry.get("filled"))
        self.signals.attempts = 0
        self.say(entry["prompt"])
        return None

    def waiting_node_takes_turn(self):
        entry = self.node_entry(self.node)
        if self.kind == "listen":
            return self.branch(entry)
        if self.frame.slots[entry["slot"]].value is not UNSET:
            return self.leave("filled", entry.get("filled"))
        # A turn that leaves the slot unfilled raises attempts by one.
        self.signals.attempts += 1
        if self.signals.attempts >= entry.get("attempts", 2):
            return self.leave("failed", entry.get("failed"))
        self.say(entry.get("reprompt") or entry["prompt"])
        return None

    def proceed(self, step):
        """Go on where a port led somewhere."""
        if step is not None:
            self.go(*step)

    # -- a customer's turn

    def customers_turn(self, line):
        # 1. Signals, counters, entities.
        self.signals.hear(line)
        self.fill_slots(mapping(line.get("entities")))
        self.idle_seconds = Fraction(0)
        self.idle_done = set()
        if self.resting or self.person_has_it:
            return
        # 2. At a handoff only its own rows; else triggers.
        if self.waits_at_its_handoff():
            self.turn_while_waiting()
        elif not self.fire_a_trigger():
            # 3. The waiting node.
            self.proceed(self.waiting_node_takes_turn())

    def fill_slots(self, entities):
        """Entities fill the slots whose `entity` they are; null is not there, one that does not fit is ignored."""
        for frame in self.frames:
            for name, slot in frame.flow.part("slots").items():
                if slot.get("entity") is not None and slot["entity"] in entities:
                    value = fit(entities[slot["entity"]], slot)
                    if value is not UNSET:
                        frame.slots[name].value = value

    def fire_a_trigger(self):
        """The callee's triggers come before the caller's; a caller's trigger unwinds the call."""
        for depth in range(len(self.frames) - 1, -1, -1):
            frame = self.frames[depth]
            # In a caller's eyes the run is at its subflow node.
            here = self.node if frame is self.frame else self.frames[depth + 1].caller_node
            for name, trigger in frame.flow.part("triggers").items():
                reasons = self.why_it_fires(frame, here, name, trigger)
                if reasons is not None:
                    self.frames = self.frames[: depth + 1]
                    self.fired = (frame.flow.id, name)
                    self.fired_once_accepted = trigger.get("once") == "accepted"
                    self.reasons_of_trigger = reasons
                    self.signals.texts["trigger.id"] = name
                    self.signals.texts["trigger.text"] = self.signals.now["text"]
                    if trigger.get("once") is True:
                        self.spent.add(self.fired)
                    self.edges.append("trigger." + name)
                    self.go(trigger["to"], None)
                    return True
        return False

    def why_it_fires(self, frame, here, name, trigger):
        """The names of all its `because` that hold, or None where it does not fire."""
        if not is_within(trigger.get("within"), here, frame.flow.nodes[here].get("group")):
            return None
        if (frame.flow.id, name) in self.spent or not self.holds(trigger["when"], frame=frame):
            return None
        because = because_of(trigger)
        reasons = [reason for reason, condition in because if self.holds(condition, frame=frame)]
        return reasons if reasons or not because else None

    # -- idle

    def clock_event(self, event):
        seconds = Fraction(event["clock"])
        self.signals.elapsed += seconds
        request = self.pending
        if request is not None:
            at_node = self.waits_at_its_handoff()
            before = request.waited
            request.waited += seconds
            limit = request.entry.get("max_wait")
            if limit is not None and request.waited > limit:
                self.withdraw()
                if at_node:
                    # One clock event leaves at most one node.
                    self.proceed(self.leave("timeout", request.entry.get("timeout")))
                    return
            elif at_node:
                self.waiting_words(request, before)
        if not self.resting and not self.person_has_it and self.kind in ("listen", "ask"):
            self.idle(seconds)

    def idle(self, seconds):
        """Rows in order, each once until the next customer turn, one not yet due holding up none."""
        self.idle_seconds += seconds
        name = self.full(self.node)
        for index, row in enumerate(self.node_entry(self.node).get("idle") or []):
            if self.idle_seconds < row["after"] or (name, index) in self.idle_done:
                continue
            self.idle_done.add((name, index))
            self.say(row.get("say"))
            if row.get("to") is not None:
                self.proceed(self.leave("idle[%d]" % index, row["to"]))
                return

    # -- handoff: entry

    def enter_handoff(self, entry, edge):
        pending = self.pending
        if pending is not None and pending.name == self.full(self.node):
            # Goes back to the same request; nothing is said again and nothing looked at.
            pending.frames = list(self.frames)
            return None
        self.withdraw()
        tier, priority = entry["tier"], entry.get("priority")
        for row in entry.get("routes") or []:
            if self.holds(row["when"]):
                tier = row["tier"]
                priority = row["priority"] if row.get("priority") is not None else priority
                break
        priority = 3 if priority is None else int(priority)
        self.reasons = self.reasons_on_entry(entry, edge)
        if entry.get("mode") in ("ticket", "callback"):
            return self.ticket(entry, tier, priority)
        row = (tier, priority)
        if not self.signals.queue(self.frame.flow, tier, "open"):
            return self.leave("closed", entry.get("closed"))
        for index, over in enumerate(entry.get("overflow") or []):
            if self.holds(over["when"], row):
                if over.get("keep_place"):
                    self.send(tier, priority)
                return self.leave("overflow[%d]" % index, over["to"])
        self.send(tier, priority)
        self.say(entry.get("say"), row)
        return None

    def reasons_on_entry(self, entry, edge):
        """The trigger's reasons, else its id, else the name that the node gives the edge, else the edge."""
        if self.reasons_of_trigger:
            return list(self.reasons_of_trigger)
        if self.fired is not None:
            return [self.fired[1]]
        if edge is None:
            return []
        return [(entry.get("reasons") or {}).get(edge.local, edge.full)]

    def send(self, tier, priority):
        """The request goes out."""
        request = Request(self, self.node, tier, priority, self.reasons)
        self.requests.append(request)
        self.signals.requests[tier] = self.signals.requests.get(tier, 0) + 1
        self.signals.texts["handoff.ref"] = UNSET
        self.under_way = request
        return request

    def ticket(self, entry, tier, priority):
        """Ticket or callback: the next event is the answer where it is a handoff event, else it is assumed sent."""
        request = self.send(tier, priority)
        self.say(entry.get("say"), (tier, priority))
        event = self.source.peek()
        answer = {"handoff": "sent"}
        if event is not None and "handoff" in event:
            answer = self.source.take()
            self.used_an_event()
        # It is no longer under way, whatever the answer.
        self.under_way = None
        if answer["handoff"] == "failed":
            request.state = "failed"
            return self.leave("failed", entry.get("failed"))
        request.state = "sent"
        self.signals.texts["handoff.ref"] = fit(answer.get("ref"), TEXT)
        self.spend_accepted(request)
        return self.leave("sent", entry.get("sent"))

    def spend_accepted(self, request):
        """`once: "accepted"`: spent when a handoff that went out under this trigger is accepted or sent."""
        if request.trigger is not None and request.spends_trigger:
            self.spent.add(request.trigger)

    def withdraw(self):
        if self.pending is not None:
            self.pending.state = "withdrawn"
            self.under_way = None

    # -- handoff: while a request is pending

    def row_of(self, request):
        return (request.tier, request.priority)

    def queue_event(self, event):
        """After each, of any tier, at the node: closed, else overflow again."""
        self.signals.queue_says(event)
        if not self.waits_at_its_handoff():
            return
        request = self.pending
        if not self.signals.queue(self.frame.flow, request.tier, "open"):
            self.withdraw()
            self.proceed(self.leave("closed", request.entry.get("closed")))
            return
        self.take_a_row(request, "overflow", request.entry.get("overflow") or [])

    def take_a_row(self, request, port, rows):
        """Leaving by a row withdraws the request unless that row keeps the place. Whether a row was taken."""
        for index, row in enumerate(rows):
            if self.holds(row["when"], self.row_of(request)):
                if not row.get("keep_place"):
                    self.withdraw()
                self.proceed(self.leave("%s[%d]" % (port, index), row["to"]))
                return True
        return False

    def turn_while_waiting(self):
        request = self.pending
        waiting = request.entry.get("waiting") or {}
        if not self.take_a_row(request, "turns", waiting.get("turns") or []):
            self.say(waiting.get("else_say"), self.row_of(request))

    def waiting_words(self, request, before):
        """Rows speak at `after` and then `every` so many seconds."""
        for row in (request.entry.get("waiting") or {}).get("say") or []:
            due = row["after"]
            while due <= request.waited:
                if due > before:
                    self.say(row["text"], self.row_of(request))
                if not row.get("every"):
                    break
                due += row["every"]

    def handoff_event(self, event):
        request = self.under_way
        if request is None:
            return
        if event["handoff"] == "sent":
            self.signals.texts["handoff.ref"] = fit(event.get("ref"), TEXT)
            return
        at_node = self.waits_at_its_handoff() or self.person_has_it
        request.state = "failed"
        self.under_way = None
        if at_node:
            self.proceed(self.leave("failed", request.entry.get("failed")))

    # -- handoff: the person

    def agent_event(self, event):
        request = self.under_way
        if request is None:
            return
        if "name" in event:
            self.signals.texts["agent.name"] = fit(event["name"], TEXT)
        what = event["agent"]
        if what in ("accepted", "resumed", "resolved", "escalated"):
            self.accept(request)
        if what in ("resumed", "resolved", "escalated"):
            self.hand_back(request, what, event)

    def accept(self, request):
        """Wherever the run is, it is brought to the handoff node: a person has it."""
        if request.state == "accepted":
            return
        at_node = self.waits_at_its_handoff()
        request.state = "accepted"
        self.spend_accepted(request)
        if not at_node:
            self.frames = list(request.frames)
            self.arrive(request.node)

    def hand_back(self, request, what, event):
        outcome = fit(event.get("outcome"), TEXT)
        self.signals.texts["agent.note"] = fit(event.get("note"), TEXT)
        self.signals.texts["agent.outcome"] = outcome
        for slot, value in mapping(event.get("slots")).items():
            if slot in self.frame.slots:
                self.frame.set_slot(slot, value)
        port, to = what, request.entry.get(what)
        returns = request.entry.get("returns") or {}
        if what == "resumed" and outcome is not UNSET and outcome in returns:
            port, to = "returns." + outcome, returns[outcome]["to"]
        # Not drawn: the event did its setting and the person keeps the conversation.
        if to is not None:
            self.under_way = None
            self.proceed(self.leave(port, to))

    # -- the answer

    def outcome(self):
        """The first handoff neither withdrawn nor failed; else the end; else where it is open."""
        for request in self.requests:
            if request.state not in ("withdrawn", "failed"):
                return dict(request.as_json(), kind="handoff")
        if self.ended:
            return self.outcome_of_end
        return {"kind": "open", "node": self.full(self.node), "at_turn": self.signals.turn}

    def at(self):
        return None if self.ended else self.full(self.node)
