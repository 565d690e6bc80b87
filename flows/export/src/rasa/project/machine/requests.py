class Requests(Words):
    """A request to people: out, waiting, taken, back."""

    def enter_handoff(self, edge):
        node, state = self.node(), self.state
        if pending(state) and state["request"]["frames"][-1] == state["frames"][-1]:
            state["where"] = "queue"
            return None
        self.withdraw()
        names = self.names()
        route = next((row for row in node["routes"] if row["when"](names)), {})
        tier = route.get("tier", node["tier"])
        priority = route.get("priority") or node["priority"]
        trigger = state["trigger"]
        state["reasons"] = (
            list(trigger.get("reasons") or [])
            or ([trigger["id"]] if trigger.get("id") else None)
            or [node["reasons"].get(edge, self.prefix() + edge)]
        )
        handoff = {"tier": tier, "priority": priority}
        if node["mode"] in ("ticket", "callback"):
            self.send(handoff)
            state["request"] = None
            return self.port("sent")
        here = self.names(handoff)
        if not here["queue.open"]:
            return self.port("closed")
        return self.overflow(handoff) or self.queue_up(handoff)

    def queue_up(self, handoff):
        self.send(handoff)
        self.state["where"] = "queue"
        return None

    def overflow(self, handoff):
        """The first overflow row that holds: back to the bot, with the place kept or without."""
        node = self.node()
        here = self.names(handoff)
        for index, row in enumerate(node["overflow"]):
            if row["when"](here):
                if row["keep_place"] and self.state["request"] is None:
                    self.send(handoff)
                elif not row["keep_place"]:
                    self.withdraw()
                return self.port("overflow[%d]" % index, row["to"])
        return None

    def send(self, handoff):
        node, state = self.node(), self.state
        tier = handoff["tier"]
        state["sent"][tier] = state["sent"].get(tier, 0) + 1
        state["ref"] = None
        state["waited"] = Decimal(0)
        state["contexts"][self.flow()] = node["context"]
        names = self.names(handoff)
        request = {
            "node": self.full(),
            "flow": self.flow(),
            "frames": [dict(frame) for frame in state["frames"]],
            "tier": tier,
            "priority": handoff["priority"],
            "mode": node["mode"],
            "reasons": list(state["reasons"]),
            "trigger": state["trigger"].get("key"),
            "at_turn": state["turn"],
            "accepted": False,
            "ordinal": sum(state["sent"].values()),
        }
        if node["mode"] in ("ticket", "callback"):
            self.accepted(request)
        state["request"] = request
        self.requests.append(self.envelope(node, request, names))
        if node["say"]:
            self.say(node["say"], names)

    def accepted(self, request):
        """`once: "accepted"` triggers are spent now."""
        request["accepted"] = True
        key = request["trigger"]
        if key and once(key) == "accepted" and key not in self.state["spent"]:
            self.state["spent"].append(key)

    def withdraw(self):
        """A request that nobody has accepted is taken back."""
        if pending(self.state):
            self.withdrawn.append(self.state["request"]["ordinal"])
            self.state["request"] = None

    def envelope(self, node, request, names):
        """What the person gets; one JSON message of the bot."""
        context = FLOWS[self.flow()]["contexts"][node["context"]]
        values = {name: plain(field["from"](names)) for name, field in context["fields"].items()}
        secrets, fields = [], {}
        for name, field in context["fields"].items():
            secrets += secrets_in(values[name], field["redact"])
        for name, field in context["fields"].items():
            value = redacted(values[name], field["redact"])
            if value is not None:
                fields[name] = scrubbed(value, secrets) if field["redact"] == "none" else value
        return {
            "type": "handoff",
            "flow": FLOW,
            "node": request["node"],
            "mode": request["mode"],
            "tier": request["tier"],
            "priority": request["priority"],
            "reasons": request["reasons"],
            "at_turn": request["at_turn"],
            "ordinal": request["ordinal"],
            "target": node["target"],
            "join": node["join"],
            "max_wait": plain(node["max_wait"]),
            "answer_within": plain(node["answer_within"] or FLOWS[self.flow()]["answer_within"].get(request["tier"])),
            "summary": scrubbed(self.text(context["summary"], names, inside=("summary",)), secrets),
            "contact": {key: plain(value(names)) for key, value in node["contact"].items()},
            "screen": {key: scrubbed(self.text(value, names), secrets) for key, value in context["screen"].items()},
            "told": scrubbed(self.text(context["told"], names, inside=("told",)), secrets),
            "fields": fields,
        }

    def at_handoff(self):
        """Bring the run to the handoff node whose request is under way."""
        self.state["frames"] = [dict(frame) for frame in self.state["request"]["frames"]]
        if self.state["where"] != "queue":
            self.state["path"].append(self.full())

    def look_again(self):
        handoff = self.state["request"]
        if not self.names(handoff)["queue.open"]:
            self.withdraw()
            self.leave("closed")
            return
        following = self.overflow(handoff)
        if following is not None:
            self.go(*following)

    def pass_time(self, seconds):
        state = self.state
        if not pending(state):
            return
        state["waited"] = EXACT.add(state["waited"], seconds)
        frame = state["request"]["frames"][-1]
        limit = FLOWS[frame["flow"]]["nodes"][frame["node"]]["max_wait"]
        if limit is not None and state["waited"] > limit:
            here = state["where"] == "queue"
            self.withdraw()
            if here:
                self.leave("timeout")

    def person(self, what, event):
        state, request = self.state, self.state["request"]
        if not request["accepted"]:
            self.at_handoff()
            self.accepted(request)
            state["where"] = "person"
        if what == "accepted":
            return
        for key in ("note", "outcome"):
            state["agent"][key] = fit(event.get(key), {"type": "text"})
        for slot, value in (event.get("slots") or {}).items():
            if slot in FLOWS[self.flow()]["slots"]:
                self.fill(slot, value)
        node = self.node()
        port, to = what, node.get(what)
        if what == "resumed" and event.get("outcome") in node["returns"]:
            port, to = "returns." + event["outcome"], node["returns"][event["outcome"]]
        if to is None:
            return
        state["request"] = None
        self.leave(port, to)


def once(key):
    flow, _, trigger = key.partition(".")
    return next(entry["once"] for entry in FLOWS[flow]["triggers"] if entry["id"] == trigger)
