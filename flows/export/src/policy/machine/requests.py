FILED = ("ticket", "callback")


class Requests(Words):
    """A request to people: out, waiting, taken, back."""

    def enter_handoff(self, edge):
        node, state = self.node(), self.state
        if pending(state) and state["request"]["frames"] == state["frames"]:
            state["where"] = "queue"
            return None
        self.withdraw()
        handoff = self.routed()
        trigger = state["trigger"]
        state["reasons"] = (
            list(trigger.get("reasons") or [])
            or ([trigger["id"]] if trigger.get("id") else None)
            or [node["reasons"].get(edge, self.prefix() + edge)]
        )
        if node["mode"] in FILED:
            return self.sent(handoff)
        here = self.names(handoff)
        if not here["queue.open"]:
            return self.port("closed")
        return self.overflow(handoff) or self.queue_up(handoff)

    def routed(self):
        """The tier and the priority that the card chooses now."""
        node, names = self.node(), self.names()
        route = next((row for row in node["routes"] if row["when"](names)), {})
        return {"tier": route.get("tier", node["tier"]), "priority": route.get("priority") or node["priority"]}

    def asked(self):
        """The request of the card where the run stands: the one that is out, else as it would go out now."""
        if self.node()["kind"] != "handoff":
            return None
        request = self.state["request"]
        return request if request and request["frames"] == self.state["frames"] else self.routed()

    def sent(self, handoff):
        """A ticket or a callback. Whoever makes the flow's calls may answer with what the event would say."""
        request, send = self.send(handoff), getattr(self.call, "request", None)
        self.say_now([self.node()["say"]], handoff)
        answer = send(self.requests[-1]) if send else None
        if answer is not None:
            self.entered = 0
        if answer and answer.get("handoff") == "failed":
            return self.port("failed")
        if answer and answer.get("handoff") == "sent":
            self.state["ref"] = fit(answer.get("ref"), {"type": "text"})
        self.accepted(request)
        return self.port("sent")

    def queue_up(self, handoff):
        waiting = self.node()["waiting"]["say"]
        self.send(handoff)
        # What is said after no time at all is said now.
        self.say_now([self.node()["say"]] + [row["text"] for row in waiting if row["after"] == 0], handoff)
        self.state["where"] = "queue"
        return None

    def say_now(self, texts, handoff):
        for text in filter(None, texts):
            self.say(text, self.names(handoff))

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
        # A ticket is out and done with: nobody waits for it.
        state["request"] = None if node["mode"] in FILED else request
        self.requests.append(self.envelope(node, request, names))
        return request

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
        secrets, fields = self.secrets(context, values), {}
        for name, field in context["fields"].items():
            value = redacted(values[name], field["redact"])
            if value is not None:
                sent = field["redact"] != "none" or field.get("as_is")
                fields[name] = value if sent else scrubbed(value, secrets, label(name))
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
            "contact": {key: scrubbed(plain(value(names)), (), label(key), True) for key, value in node["contact"].items()},
            "screen": self.screen(context["screen"], names, secrets),
            "told": scrubbed(self.text(context["told"], names, inside=("told",)), secrets),
            "fields": fields,
        }

    def secrets(self, context, values):
        """What may stand nowhere as it is: what its field keeps back, and what slots with a class hold or held before, but
        for what a field sends on purpose."""
        found = []
        for name, field in context["fields"].items():
            found += secrets_in(values[name], field["redact"])
        held, before = self.state["slots"], self.state.get("held", {})
        for document in FLOWS.values():
            for slot, how in document.get("kept_back", {}).items():
                key = document["slots"][slot]
                now = [] if slot in context.get("open", ()) else [held.get(key)]
                for value in now + before.get(key, []):
                    found += secrets_in(plain(value), how)
        return found

    def screen(self, texts, names, secrets):
        """What opens for the person: an address of the web, to which values add no parts of their own, or nothing."""
        shown = {}
        for key, text in texts.items():
            web = text.startswith(("https://", "http://"))
            in_part = (lambda words: encoded(words, scrubbed(words, secrets))) if web else str
            address = scrubbed(self.text(text, names, change=in_part), secrets)
            if re.match("(?i)https?://", address):
                shown[key] = address
        return shown

    def at_handoff(self):
        """Bring the run to the handoff node whose request is under way."""
        self.state["frames"] = [dict(frame) for frame in self.state["request"]["frames"]]
        if self.state["where"] != "queue":
            self.arrive()

    def look_again(self):
        handoff = self.state["request"]
        if not self.names(handoff)["queue.open"]:
            self.withdraw()
            return self.port("closed")
        return self.overflow(handoff)

    def turn_in_queue(self):
        """What the customer says while waiting for a person."""
        node, request = self.node(), self.state["request"]
        here = self.names(request)
        for index, row in enumerate(node["waiting"]["turns"]):
            if row["when"](here):
                if not row["keep_place"]:
                    self.withdraw()
                return self.port("turns[%d]" % index, row["to"])
        if node["waiting"]["else_say"]:
            self.say(node["waiting"]["else_say"], here)
        return None

    def suggest(self):
        """To the person who has the conversation, in a co-pilot: the rows that hold."""
        node = self.node()
        if node["mode"] != "copilot":
            return
        here = self.names(self.state["request"])
        for row in node["assist"]:
            if row["when"](here):
                self.suggested.append(self.text(row["suggest"], here))

    def pass_time(self, seconds, quiet):
        """So many seconds pass; what follows of it. `quiet`: it is too late for the words of the wait."""
        state = self.state
        state["silent"] = EXACT.add(state["silent"], seconds)
        if state["moment"] is not None:
            state["moment"] = EXACT.add(state["moment"], seconds)
        if pending(state):
            before, here = state["waited"], state["where"] == "queue"
            state["waited"] = EXACT.add(before, seconds)
            frame = state["request"]["frames"][-1]
            node = FLOWS[frame["flow"]]["nodes"][frame["node"]]
            over = node["max_wait"] is not None and state["waited"] > node["max_wait"]
            if here and not quiet:
                self.waiting_words(node["waiting"]["say"], before, node["max_wait"] if over else state["waited"])
            if over:
                self.withdraw()
                if here:
                    return self.port("timeout")
        return self.idle() if state["where"] in ("listen", "ask") else None

    def waiting_words(self, rows, before, until):
        """What is said between two moments of waiting, in the order of its time."""
        due = []
        for index, row in enumerate(rows):
            moment, every = row["after"], row["every"]
            if every and moment < before:
                # However often it is said, what is over is not gone through one by one.
                moment = EXACT.add(moment, EXACT.multiply(every, EXACT.divide_int(EXACT.subtract(before, moment), every)))
            while moment <= until and len(due) < STEPS_AT_MOST:
                if moment > before:
                    due.append((moment, index))
                if not every:
                    break
                moment = EXACT.add(moment, every)
        for _, index in sorted(due):
            self.say(rows[index]["text"], self.names(self.state["request"]))

    def idle(self):
        """Silence: each row acts once until the customer says something."""
        card = self.flow() + "." + self.node_id()
        for index, row in enumerate(self.node().get("idle", ())):
            key = "%s.%d" % (card, index)
            if self.state["silent"] < row["after"] or key in self.state["idled"]:
                continue
            self.state["idled"].append(key)
            if row["say"]:
                self.say(row["say"])
            if row["to"]:
                return self.port("idle[%d]" % index, row["to"])
        return None

    def person(self, what, event):
        """A person accepts, or hands back; handing back implies that they had accepted."""
        state, request = self.state, self.state["request"]
        if not request["accepted"]:
            self.at_handoff()
            self.accepted(request)
            state["where"] = "person"
            self.suggest()
        if what == "accepted":
            return None
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
            return None
        state["request"] = None
        return self.port(port, to)


def once(key):
    flow, _, trigger = key.partition(".")
    return next(entry["once"] for entry in FLOWS[flow]["triggers"] if entry["id"] == trigger)
