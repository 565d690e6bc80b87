"""All behaviours of a small flow: every state that some events lead to, by format.md section 4.

A state is a card with all that later cards can ask about. What a turn, a queue, a person or a call may say is drawn from
few values, enough to tell apart all that the guards of `draw.py` tell apart. Two readings of what is *expected*:
strictly, a person may clear slots and a call may leave out its outputs and its code; leniently, they do not.
"""

import itertools
import os
import sys
from collections import deque, namedtuple

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "reference"))

import conditions  # noqa: E402
from fractions import Fraction  # noqa: E402
from values import UNSET  # noqa: E402

State = namedtuple("State", "node mode x y g code act found trig pend att spent intent conf open wait")
TOO_MANY = 12000
# Where the state has what a condition reads, and what is always so.
FIELDS = {name: State._fields.index(field) for name, field in {
    "crm.g": "g", "slots.x": "x", "slots.y": "y", "confidence": "conf", "intent": "intent", "trigger.id": "trig", "error.code": "code",
    "error.action": "act", "call.found": "found", "queue.t1.open": "open", "queue.t1.wait": "wait", "queue.wait": "wait",
    "attempts": "att"}.items()}
GIVEN = {"priority": 3, "const.on": True, "const.sure": "0.8", "turn": 1}
# The handoff of a caller.
ELSEWHERE = "elsewhere"


def meant(name, value):
    """A value as conditions know it."""
    if value is None:
        return UNSET
    number = type(value) is int or name in ("confidence", "const.sure")
    return Fraction(value) if number else value


class TooLarge(Exception):
    """More states than are worth the time."""


class Explorer:
    def __init__(self, document, lenient, called=False):
        self.called = called
        self.document, self.nodes, self.lenient = document, document["nodes"], lenient
        self.text = text = str(document["nodes"]) + str(document["triggers"]) + str(document["tiers"])
        # One text for each that is spoken of, and one more. Where two slots are compared, those that are only ever given
        # count too, and there are two more, so that both can be none of these and still differ.
        both = "slots.x == slots.y" in text
        given = ("a" if both and "const.word" in text else "") + ("ab" if both and "call.found" in text else "")
        self.fills = tuple(letter for letter in "ab" if '"%s"' % letter in text or letter in given) + (("c", "d") if both else ("c",))
        # Those that are spoken of, one that is not, and none.
        every = ("fee", "cancel", "request_human")
        self.intents = tuple(i for i in every if i in text) + tuple(i for i in every if i not in text)[:1] + ("none",)
        self.confs = (None, "0.4", "0.6", "0.9") if "confidence" in text else (None,)
        self.gs = (None, True, False) if "crm.g" in text else (None,)
        self.waits = (0, 400) if "wait >" in text else (0,)
        # Guards that are asked when a customer speaks find everything new; what only they ask need not be remembered.
        later = [row["when"] for node in self.nodes.values() if node["kind"] == "decision" for row in node["branches"]]
        later += [row["when"] for node in self.nodes.values() for row in node.get("overflow", [])]
        later = str(later + [tier.get("requires") for tier in document["tiers"].values()])
        self.forgets = {key: value for key, word, value in (
            ("intent", "intent", "none"), ("conf", "confidence", None), ("g", "crm.g", None), ("att", "attempts", 0),
            ("code", "error.code", None), ("act", "error.action", None), ("wait", "wait", 0)) if word not in later}
        if "attempts" in self.text:
            self.forgets.pop("att", None)
        for key, word in (("code", "error.code"), ("act", "error.action"), ("trig", "trigger.id"), ("found", "call.found")):
            if word in self.text:
                self.forgets.pop(key, None)
            else:
                self.forgets[key] = None
        self.later = later
        self.signals = {name: self.signals_at(node) for name, node in self.nodes.items() if node["kind"] in ("listen", "ask", "handoff")}
        # The requests and the spent triggers with which a call can be left.
        self.left = []
        self.faded = {}
        self.known = {}
        self.parsed = {}
        self.seen = {}
        self.todo = deque()
        self.taken = {}
        self.fired = set()
        self.faults = set()
        # (card, port) that runs take and that is not drawn.
        self.rests = set()

    def signals_at(self, node):
        """What can be said there, as far as something there or later asks."""
        asked = self.later + str(node) + str(self.document["triggers"] if node["kind"] != "handoff" else "")
        some = lambda word, values, default: values if word in asked else (default,)
        return [
            dict(open=queue_open, wait=wait, intent=intent, conf=conf, g=g)
            for queue_open in some("queue.t1.open", (True, False), True) for wait in some("wait >", self.waits, 0)
            for intent in some("intent", self.intents, "none") for conf in some("confidence", self.confs, None)
            for g in some("crm.g", self.gs, None)]

    # -- conditions

    def holds(self, when, s, row=False):
        if when not in self.parsed:
            expression = conditions.parse(when)
            self.parsed[when] = expression, tuple(sorted(conditions.names(expression)))
        names = self.parsed[when][1]
        values = tuple(self.read(name, s) for name in names)
        key = when, values
        if key not in self.known:
            table = {name: meant(name, value) for name, value in zip(names, values)}
            self.known[key] = conditions.holds(when, lambda name: table[name])
        return self.known[key]

    def read(self, name, s):
        if name == "handoff.pending":
            return s.pend is not None
        return s[FIELDS[name]] if name in FIELDS else GIVEN[name]

    # -- moving

    def run(self):
        for start in self.starts():
            self.put(start, None, 0)
        while self.todo:
            state = self.todo.popleft()
            distance = self.seen[state][1]
            if self.called and self.may_leave(state):
                self.leave_with(state.pend, state.spent)
            for more, port, next_state in self.next(state):
                if port is not None:
                    self.taken.setdefault((state.node, port), state)
                self.put(next_state, state, distance + more)
        return self

    def plain(self, state):
        """The state without what nothing asks any more."""
        key = state.node, state.mode
        if key not in self.faded:
            self.faded[key] = self.fades(*key)
        values = list(state)
        for place, value in self.faded[key]:
            values[place] = value
        return State._make(values)

    def fades(self, node, mode):
        """What is put for that, by its place."""
        kind, values = self.nodes[node]["kind"], dict(self.forgets)
        if mode in "wp" or kind == "listen":
            # What is said is heard anew before anything asks; queues speak again.
            values.update(intent="none", conf=None, g=None, open=True, wait=0)
        # An `ask` that is filled goes on with what was said before.
        if mode == "w" and kind == "ask":
            values.pop("att", None)
        return [(State._fields.index(name), value) for name, value in values.items()]

    def leave_with(self, pend, spent):
        if (spent or pend not in (None, ELSEWHERE)) and (pend, spent) not in self.left:
            self.left.append((pend, spent))
            for start in self.starts():
                self.put(start, None, 0)
            if pend not in (None, ELSEWHERE):
                # A person accepts it later, whatever the caller has done meanwhile.
                for state in self.anything():
                    self.put(state._replace(node=pend, mode="p", spent=spent), None, 0)

    def may_leave(self, state):
        """Where a called flow ends, or waits so that a trigger of the caller can take the run away."""
        kind = self.nodes[state.node]["kind"]
        return kind in ("end", "listen") and state.mode == "e" or kind == "ask" and state.mode == "w"

    def anything(self):
        """What a caller can leave: slots, errors, triggers, tries, and what a call of before has found."""
        start = State("start", "e", None, None, None, None, None, None, None, None, 0, frozenset(), "none", None, True, 0)
        slots = (None,) + self.fills
        outputs = (None, "a", "b") if "call.found" in self.text else (None,)
        keys = ("x", "y", "code", "act", "trig", "att", "found")
        values = itertools.product(slots, slots, (None, "E1", "E2"), (None, "call", "other"), (None, "asked", "other"), (0, 1), outputs)
        return sorted({self.plain(start._replace(**dict(zip(keys, some)))) for some in values}, key=str)

    def starts(self):
        """By itself a flow starts with nothing; a flow that another calls finds its slots, errors, triggers and requests.
        Called again it finds its own triggers spent, and its own request still out."""
        start = State("start", "e", None, None, None, None, None, None, None, None, 0, frozenset(), "none", None, True, 0)
        if not self.called:
            return [start]
        starts = [one._replace(pend=pend) for one in self.anything() if one.found is None for pend in (None, ELSEWHERE)]
        heard = [dict(intent=intent, conf=conf, g=g, open=queue_open, wait=wait) for intent in self.intents for conf in self.confs
                 for g in self.gs for queue_open in ((True, False) if "queue.t1.open" in self.text else (True,)) for wait in self.waits]
        free = [one for one in starts if one.pend is None]
        for pend, spent in sorted(self.left, key=str):
            starts += [one._replace(pend=out, spent=spent) for out in {None, ELSEWHERE, pend} for one in free]
        plain = sorted({self.plain(one) for one in starts}, key=str)
        return plain if self.nodes["start"].get("next") == "main" else [one._replace(**said) for one in plain for said in heard]

    def put(self, state, before, distance):
        state = self.plain(state)
        if state in self.seen and self.seen[state][1] <= distance:
            return
        self.seen[state] = before, distance
        if len(self.seen) > TOO_MANY:
            raise TooLarge()
        if before is not None and distance == self.seen[before][1]:
            self.todo.appendleft(state)
        else:
            self.todo.append(state)

    def go(self, s, node, port, to, **changes):
        """One step by a port; where it is not drawn the run rests, and only a request that is kept can go on."""
        if to is not None:
            yield 1, port, s._replace(node=to, mode="e", **changes)
            return
        self.rests.add((s.node, port))
        yield 0, None, s._replace(mode="r", **changes)

    def next(self, s):
        node = self.nodes[s.node]
        kind = node["kind"]
        if s.mode == "p":
            return self.person(s, node)
        if s.mode == "w":
            return self.waiting(s, node)
        if s.mode == "r":
            return self.away(s)
        return getattr(self, "enter_" + kind)(s, node)

    def enter_start(self, s, node):
        return self.go(s, node, "next", node.get("next"))

    enter_message = enter_start

    def enter_end(self, s, node):
        return ()

    def enter_set(self, s, node):
        for slot, source in node["assign"].items():
            value = {None: None, "\"a\"": "a", "\"b\"": "b", "slots.x": s.x, "slots.y": s.y, "call.found": s.found, "const.word": "a"}[source]
            s = s._replace(**{slot: value})
        return self.go(s, node, "next", node.get("next"))

    def enter_decision(self, s, node):
        for index, row in enumerate(node["branches"]):
            if self.holds(row["when"], s):
                return self.go(s, node, "branches[%d]" % index, row["to"])
        if "else" not in node:
            self.faults.add(s.node)
            return iter(())
        return self.go(s, node, "else", node["else"])

    def enter_action(self, s, node):
        own = lambda found, code, act: {"found": found, "code": code, "act": act}
        for found in (("a", "b") if self.lenient else (None, "a", "b")):
            yield from self.go(s, node, "ok", node.get("ok"), **own(found, None, None))
        for found in (None, "a"):
            yield from self.go(s, node, "timeout", node.get("timeout"), **own(found, None, s.node))
            for code in ("E1", "E2") if self.lenient else ("E1", "E2", None):
                port = "errors.E1" if code == "E1" and "errors" in node else "error"
                to = node["errors"]["E1"] if port == "errors.E1" else node.get("error")
                yield from self.go(s, node, port, to, **own(found, code, s.node))

    # -- turns

    def turns(self, s):
        for x in (s.x,) + tuple(fill for fill in self.fills if fill != s.x):
            for y in (s.y,) + tuple(fill for fill in self.fills if fill != s.y):
                for signals in self.signals[s.node]:
                    yield s._replace(x=x, y=y, **signals)

    def heard(self, s):
        """Turns that no trigger takes, and where triggers lead."""
        for late in self.turns(s):
            for name, trigger in self.document["triggers"].items():
                within = trigger.get("within", ["*"])
                if ("*" in within or s.node in within) and name not in s.spent and self.holds(trigger["when"], late):
                    self.fired.add(name)
                    spent = s.spent | {name} if trigger.get("once") else s.spent
                    yield None, (1, "trigger." + name, late._replace(node=trigger["to"], mode="e", trig=name, spent=spent))
                    break
            else:
                yield late, None

    def enter_listen(self, s, node):
        s = s._replace(trig=None)
        yield from self.away(s)
        for late, fired in self.heard(s):
            if fired:
                yield fired
                continue
            yield from self.enter_decision(late, node)

    def enter_ask(self, s, node):
        slot = node["slot"]
        if getattr(s, slot) is not None:
            yield from self.go(s, node, "filled", node.get("filled"))
            return
        yield 0, None, s._replace(mode="w", att=0)

    def waiting(self, s, node):
        if node["kind"] == "handoff":
            yield from self.queued(s, node)
            return
        yield from self.away(s)
        for late, fired in self.heard(s):
            if fired:
                yield fired
            elif getattr(late, node["slot"]) is not None:
                yield from self.go(late, node, "filled", node.get("filled"))
            elif s.att + 1 >= node.get("attempts", 2):
                yield from self.go(late, node, "failed", node.get("failed"), att=s.att + 1)
            else:
                yield 0, None, late._replace(att=s.att + 1)

    # -- people

    def away(self, s):
        """A request that was kept may end, or be accepted."""
        if s.pend is not None:
            yield 0, None, s._replace(pend=None)
            if s.pend != ELSEWHERE:
                yield 1, None, s._replace(node=s.pend, mode="p", pend=None)

    def enter_handoff(self, s, node):
        if s.pend == s.node:
            yield 0, None, s._replace(mode="w")
            return
        s = s._replace(pend=None)
        if node.get("mode") == "ticket":
            yield from self.go(s, node, "sent", node.get("sent"))
            yield from self.go(s, node, "failed", node.get("failed"))
            return
        if "queue.t1.open" not in self.text or not s.open:
            yield from self.go(s, node, "closed", node.get("closed"), open=False)
        if "queue.t1.open" not in self.text or s.open:
            for index, row in enumerate(node.get("overflow", [])):
                if self.holds(row["when"], s):
                    yield from self.go(s, node, "overflow[%d]" % index, row["to"], pend=s.node if row["keep_place"] else None)
                    break
            else:
                yield 0, None, s._replace(mode="w", pend=s.node)

    def queued(self, s, node):
        """The customer waits here: turns change what is known, and whatever happens next finds it so."""
        yield 0, None, s._replace(mode="p", pend=None)
        for late in self.turns(s):
            yield 0, None, late
            yield from self.go(late, node, "closed", node.get("closed"), pend=None, open=False)
            for port in ("timeout", "failed"):
                yield from self.go(late, node, port, node.get(port), pend=None)
            if late.open:
                yield from self.row(late, node, "overflow[%d]", node.get("overflow", []))
            yield from self.row(late, node, "turns[%d]", node.get("waiting", {}).get("turns", []))

    def row(self, s, node, port, rows):
        for index, row in enumerate(rows):
            if self.holds(row["when"], s):
                yield from self.go(s, node, port % index, row["to"], pend=s.node if row["keep_place"] else None)
                break

    def person(self, s, node):
        for late in self.turns(s):
            yield from self.go(late, node, "failed", node.get("failed"))
        # They fill slots, and where nothing else is expected clear them.
        none = lambda value: (None,) if not self.lenient or value is None else ()
        for signals in self.signals[s.node]:
            for x in self.fills + none(s.x):
                for y in self.fills + none(s.y):
                    after = s._replace(x=x, y=y, **signals)
                    for port in ("resumed", "resolved"):
                        # Where it is not drawn the person keeps the conversation.
                        if port in node:
                            yield from self.go(after, node, port, node[port])
                        else:
                            yield 0, None, after
                    for name, row in node.get("returns", {}).items():
                        yield from self.go(after, node, "returns." + name, row["to"])

    # -- what was found

    def entries(self, node):
        """The states in which a card is entered, those with fewer cards on the way first."""
        found = [(distance, state) for state, (_, distance) in self.seen.items() if state.node == node and state.mode == "e"]
        return [state for _, state in sorted(found, key=lambda pair: pair[0])]

    def follows(self, path):
        """The states at the end of runs that enter exactly these cards."""
        here = {state for state in self.starts() if state.node == path[0]}
        for target in path[1:]:
            reached, todo, done = set(), list(here), set(here)
            while todo:
                for more, _, state in self.next(todo.pop()):
                    if more == 0:
                        state = self.plain(state)
                        if state not in done:
                            done.add(state)
                            todo.append(state)
                    elif state.node == target:
                        reached.add(self.plain(state))
            here = reached
        return here
