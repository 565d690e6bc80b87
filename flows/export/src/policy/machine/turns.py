class Machine(Nodes):
    """One conversation while one event is taken."""

    def __init__(self, state, call, transcript):
        self.state = {**new_state(), **thaw(state)} if state else new_state()
        self.call = call
        self.transcript = self.state["transcript"] if transcript is None else list(transcript)
        self.said = []
        self.suggested = []
        self.requests = []
        self.withdrawn = []
        self.entered = 0
        self.port_taken = None

    def stand(self, frames):
        """Where the platform stands, which may have carried out cards of its own since the last time."""
        state = self.state
        if frames is None:
            return
        before, state["frames"] = state["frames"], [{"flow": flow, "node": node} for flow, node in frames]
        kind = self.node()["kind"]
        if kind in ("listen", "ask") and not (state["where"] == "rest" and state["frames"] == before):
            if kind == "listen":
                state["trigger"] = {}
            if state["frames"] != before:
                state["silent"] = Decimal(0)
            state["where"] = kind

    def keep(self):
        """The state as JSON, with as many lines of what was said as this flow can send."""
        lines = self.state["transcript"]
        if LINES is not None:
            del lines[: max(0, len(lines) - LINES)]
        return freeze(self.state)

    def fill(self, slot, value, flow=None):
        document = FLOWS[flow or self.flow()]
        key = document["slots"].get(slot, slot)
        fitting = None if value is None else fit(value, SLOTS[key])
        if fitting is None:
            self.remember(key, self.state["slots"].pop(key, None))
        else:
            self.hold(key, fitting)

    def hold(self, key, value):
        """A slot has a value now."""
        before = self.state["slots"].get(key)
        if before != value:
            self.remember(key, before)
        self.state["slots"][key] = value

    def remember(self, key, value):
        """What a slot with a class held is kept back later, too."""
        if key in KEPT_BACK and value is not None:
            held = self.state.setdefault("held", {}).setdefault(key, [])
            if value not in held:
                held.append(value)

    def known(self, message):
        """What is known of the time, the customer and the queues, before anything else happens. Where nobody tells what
        time it is, every tier is open until a queue says otherwise."""
        if "now" in message:
            self.state["moment"] = moment_of(message["now"])
        if "conversation" in message:
            self.signal("conversation.id", message["conversation"], {"type": "text"})
        if isinstance(message.get("customer"), dict):
            for key, value in message["customer"].items():
                self.signal("customer." + key, value, {"type": "text"} if key == "id" else None)
        if isinstance(message.get("queue"), dict):
            for tier, figures in message["queue"].items():
                self.queue_figures(tier, figures)

    def signal(self, name, value, otherwise=None):
        """Sets what the flow declares; `otherwise` is the type of what every flow has."""
        kind = SIGNALS.get(name, otherwise)
        if kind is None:
            return
        fitting = None if value is None else fit(value, kind)
        if fitting is None:
            self.state["signals"].pop(name, None)
        else:
            self.state["signals"][name] = fitting

    def queue_figures(self, tier, figures):
        kept = self.state["queue"].setdefault(tier, {})
        for field, kind in QUEUE_FIELDS.items():
            if field in figures:
                value = fit(figures[field], kind)
                if value is None:
                    kept.pop(field, None)
                else:
                    kept[field] = value

    def read(self, message):
        """Step 1 of a turn: signals, counters, slots."""
        state, down = self.state, message.get("nlu") == "down"
        intent = message.get("intent")
        if down or intent not in INTENTS:
            intent = "none"
        basic = {"intent": intent, "nlu.ok": not down}
        for name in ("text", "channel"):
            basic[name] = fit(message.get(name), {"type": "text"})
        for name, low in (("confidence", 0), ("sentiment", -1), ("frustration", 0)):
            basic[name] = fit(message.get(name), {"type": "number", "min": Decimal(low), "max": Decimal(1)})
        if down:
            basic["confidence"] = None
        state["basic"] = basic
        for name, value in (message.get("signals") or {}).items():
            self.signal(name, value)
        state["turn"] += 1
        state["repeats"] = state["repeats"] + 1 if intent == state["last_intent"] else 1
        state["no_match"] = state["no_match"] + 1 if intent == "none" else 0
        state["last_intent"] = intent
        state["silent"], state["idled"] = Decimal(0), []
        state["moods"] = (state["moods"] + [[state["turn"], basic["sentiment"]]])[-3:]
        running = {frame["flow"] for frame in state["frames"]}
        for entity, value in (message.get("entities") or {}).items():
            for flow in running:
                for slot in FLOWS[flow]["entities"].get(entity, ()):
                    key = FLOWS[flow]["slots"][slot]
                    fitting = None if value is None else fit(value, SLOTS[key])
                    if fitting is not None:
                        self.hold(key, fitting)
        if basic["text"] is not None:
            self.transcript.append({"who": "user", "text": basic["text"]})

    def fires(self):
        """Step 2: the first trigger that takes the turn, the innermost flow's first; the row of it, or None."""
        if self.state["where"] not in ("listen", "ask"):
            return None
        frames = self.state["frames"]
        for depth in range(len(frames) - 1, -1, -1):
            frame = frames[depth]
            document = FLOWS[frame["flow"]]
            names = Names(self, frame["flow"])
            for trigger in document["triggers"]:
                key = frame["flow"] + "." + trigger["id"]
                if key in self.state["spent"] or not reaches(trigger["within"], document, frame["node"]):
                    continue
                if not trigger["when"](names):
                    continue
                reasons = [name for name, when in trigger["because"] if when(names)]
                if trigger["because"] and not reasons:
                    continue
                self.state["trigger"] = {
                    "id": trigger["id"],
                    "key": key,
                    "reasons": reasons,
                    "text": self.state["basic"].get("text"),
                }
                if trigger["once"] is True:
                    self.state["spent"].append(key)
                del frames[depth + 1 :]
                return trigger
        return None

    def open(self):
        start = next(key for key, entry in FLOWS[FLOW]["nodes"].items() if entry["kind"] == "start")
        self.state["frames"] = [{"flow": FLOW, "node": start}]
        return start, ""

    def turn(self):
        """Step 3: the card that waits takes the turn."""
        where = self.state["where"]
        if where == "queue":
            return self.turn_in_queue()
        if where == "person":
            self.suggest()
        if where not in ("listen", "ask"):
            # With a person the bot is silent; at rest nothing acts any more.
            return None
        node = self.node()
        if node["kind"] != "ask":
            return self.branch()
        if self.names()["slots." + node["slot"]] is not None:
            return self.port("filled")
        self.state["attempts"] += 1
        if self.state["attempts"] >= node["attempts"]:
            return self.port("failed")
        self.say(node["reprompt"])
        return None

    def customer(self, message):
        """A customer's turn, all three steps of it."""
        self.read(message)
        trigger = self.fires()
        return (trigger["to"], "trigger." + trigger["id"]) if trigger else self.turn()

    def event(self, event):
        """What the clock, a person or the contact centre did, in the words of the studio's conversations."""
        state, request = self.state, self.state["request"]
        what = event.get("agent")
        if "queue" in event:
            self.queue_figures(event["queue"], event)
            return self.look_again() if state["where"] == "queue" else None
        if "clock" in event:
            return self.pass_time(number(event["clock"]) or Decimal(0), event.get("quiet") is True)
        if event.get("customer") == "left":
            self.withdraw()
            state["where"] = "end"
            return None
        if "handoff" in event:
            if event["handoff"] == "sent" and request:
                state["ref"] = fit(event.get("ref"), {"type": "text"})
            elif event["handoff"] == "failed" and request:
                state["request"] = None
                if state["where"] in ("queue", "person"):
                    return self.port("failed")
        elif what and request:
            if "name" in event:
                state["agent"]["name"] = fit(event["name"], {"type": "text"})
            if what in ("accepted", "resumed", "resolved", "escalated"):
                return self.person(what, event)
        return None


def reaches(within, document, node):
    """Whether a trigger looks at this node: `*`, a node's id, `group:x`, each with `!` to take it out."""

    def names_it(entry):
        if entry.startswith("group:"):
            return document["nodes"][node].get("group") == entry[len("group:") :]
        return entry == "*" or entry == node

    wanted = [entry for entry in within if not entry.startswith("!")]
    if not any(names_it(entry) for entry in wanted) and (wanted or not within):
        return False
    return not any(names_it(entry[1:]) for entry in within if entry.startswith("!"))
