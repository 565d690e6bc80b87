class Nodes(Requests):
    """Going from card to card until one waits."""

    def flow(self):
        return self.state["frames"][-1]["flow"]

    def node_id(self):
        return self.state["frames"][-1]["node"]

    def node(self):
        return FLOWS[self.flow()]["nodes"][self.node_id()]

    def prefix(self):
        """The names of the subflow cards that the run is inside of, each with a slash."""
        return "".join(frame["node"] + "/" for frame in self.state["frames"][:-1])

    def full(self):
        return self.prefix() + self.node_id()

    def names(self, handoff=None):
        return Names(self, self.flow(), handoff)

    # Moving on.

    def arrive(self):
        """Note that a card was entered."""
        self.state["path"].append(self.full())
        self.state["silent"] = Decimal(0)
        self.entered += 1

    def enter(self, to, edge):
        """Carry out one card. Gives what is to be entered next and by which edge, or None where the card waits."""
        self.state["frames"][-1]["node"] = to
        self.port_taken = None
        self.arrive()
        if self.entered > STEPS_AT_MOST:
            raise Ended(self.full())
        return getattr(self, "enter_" + self.node()["kind"])(edge)

    def go(self, following):
        """Enter cards until one waits."""
        while following is not None:
            following = self.enter(*following)

    def port(self, port, target=None):
        """Leave by a port: what is to be entered next. One that is not drawn leaves the run at rest here for good."""
        to = target if target is not None else self.node().get(port)
        self.port_taken = port
        if to is None:
            self.state["where"] = "rest"
            return None
        return to, self.node_id() + "." + port

    def branch(self):
        node = self.node()
        names = self.names()
        for index, row in enumerate(node["branches"]):
            if row["when"](names):
                return self.port("branches[%d]" % index, row["to"])
        if node.get("else") is None:
            raise Ended(self.full())
        return self.port("else")

    # One method for each kind of node.

    def enter_start(self, edge):
        return self.port("next")

    def enter_message(self, edge):
        self.say(self.node()["text"])
        return self.port("next")

    def enter_listen(self, edge):
        self.state["where"] = "listen"
        self.state["trigger"] = {}
        return None

    def enter_ask(self, edge):
        node = self.node()
        if self.names()["slots." + node["slot"]] is not None:
            return self.port("filled")
        self.state["attempts"] = 0
        self.say(node["prompt"])
        self.state["where"] = "ask"
        return None

    def enter_decision(self, edge):
        return self.branch()

    def enter_set(self, edge):
        for slot, expression in self.node()["assign"]:
            self.fill(slot, None if expression is None else expression(self.names()))
        return self.port("next")

    def enter_action(self, edge):
        node, state = self.node(), self.state
        card = self.flow() + "." + self.node_id()
        state["outputs"][card] = {}
        inputs = {name: expression(self.names()) for name, expression in node["inputs"].items()}
        result = self.call(card, node["call"], plain(inputs))
        if result is None:
            result = {"status": "ok"}
        else:
            self.entered = 0
        kinds = CALLS.get(self.flow() + "." + node["call"], {})
        for name, value in (result.get("data") or {}).items():
            if name in kinds and fit(value, kinds[name]) is not None:
                state["outputs"][card][name] = fit(value, kinds[name])
        status = result.get("status", "ok")
        state["tried"].append({"call": node["call"], "status": status, "inputs": plain(inputs)})
        if status == "timeout":
            state["error"] = {"action": self.node_id()}
            return self.port("timeout")
        if status == "error":
            code, message = (fit(result.get(key), {"type": "text"}) for key in ("code", "message"))
            state["error"] = {"action": self.node_id(), "code": code, "message": message}
            if code in node["errors"]:
                return self.port("errors." + code, node["errors"][code])
            return self.port("error")
        state["error"] = {}
        return self.port("ok")

    def enter_subflow(self, edge):
        node, names = self.node(), self.names()
        called = node["flow"]
        values = [(slot, expression(names)) for slot, expression in node["inputs"].items()]
        self.forget_own(called)
        for slot, value in values:
            self.fill(slot, value, called)
        start = next(key for key, entry in FLOWS[called]["nodes"].items() if entry["kind"] == "start")
        self.state["frames"].append({"flow": called, "node": start})
        return start, edge

    def forget_own(self, called):
        """What a called flow has for itself alone begins unset at every call."""
        running = {frame["flow"] for frame in self.state["frames"]}
        shared = {key for flow in running for key in FLOWS[flow]["slots"].values()}
        for key in FLOWS[called]["slots"].values():
            if key not in shared:
                self.remember(key, self.state["slots"].pop(key, None))
        for node in FLOWS[called]["nodes"]:
            self.state["outputs"].pop(called + "." + node, None)

    def enter_note(self, edge):
        self.state["where"] = "rest"
        return None

    def enter_end(self, edge):
        outcome = self.node()["outcome"]
        if len(self.state["frames"]) == 1:
            self.withdraw()
            self.state["where"] = "end"
            self.state["outcome"] = outcome
            return None
        self.state["frames"].pop()
        to = self.node()["outcomes"].get(outcome)
        return self.port("else") if to is None else self.port("outcomes." + outcome, to)
