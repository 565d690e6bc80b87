def assume_ok(card, name, inputs):
    """What the preview assumes of a call that nobody answers."""
    return {"status": "ok"}


def result_of(machine, following=None):
    """What one step led to. `to` is the card to enter next, with `frames` and `edge`; without one the run waits."""
    after = machine.state
    frames = [[frame["flow"], frame["node"]] for frame in after["frames"]]
    if following:
        frames[-1][1] = following[0]
    where = "moving" if following else after["where"]
    return {
        "port": machine.port_taken,
        "to": following[0] if following else None,
        "edge": following[1] if following else "",
        "frames": frames,
        "said": machine.said,
        "suggested": machine.suggested,
        "requests": machine.requests,
        "withdrawn": machine.withdrawn,
        "needs_handoff": bool(machine.requests) or where in ("queue", "error"),
        "paused": where in ("queue", "person"),
        "where": where,
        "at": machine.full() if after["frames"] else None,
        "outcome": after["outcome"],
    }


def fails(machine, step):
    """What a step gives; where the flow cannot go on, the run ends in an error."""
    try:
        return step()
    except Ended:
        machine.state["where"] = "error"
        return None


def begun_anew(state, event):
    """None for a customer who comes back after the end."""
    over = state is not None and state["where"] in ("end", "error")
    return None if over and event.get("who") == "user" else state


# The way in, piece by piece, for a platform that says where the conversation is. `state` is None for a new conversation;
# every function gives back a new one, plain JSON. `frames` says where the platform stands: [[flow, card], ..], the flow
# itself first; None is where the state stands. `transcript` are the lines so far; None leaves keeping them to the state.


def hear(state, event, frames=None, transcript=None):
    """Step 1 of a customer's turn: what is known of it. Nothing is decided."""
    machine = Machine(begun_anew(state, event), assume_ok, transcript)
    machine.known(event)
    machine.stand(frames)
    machine.read(event)
    return machine.keep()


def fires(state, frames=None):
    """Step 2: the first trigger that takes the turn, or None. Its `frames` and `edge` are what `enter` wants."""
    machine = Machine(state, assume_ok, None)
    machine.stand(frames)
    trigger = machine.fires()
    if trigger is None:
        return machine.keep(), None
    stack = [[frame["flow"], frame["node"]] for frame in machine.state["frames"]]
    stack[-1][1] = trigger["to"]
    return machine.keep(), {
        "trigger": trigger["id"],
        "flow": stack[-1][0],
        "to": trigger["to"],
        "edge": "trigger." + trigger["id"],
        "reasons": list(machine.state["trigger"]["reasons"]),
        "frames": stack,
    }


def turn(state, frames=None, call=assume_ok, transcript=None):
    """Step 3: the card that waits takes the turn that was heard."""
    machine = Machine(state, call, transcript)
    machine.stand(frames)
    following = fails(machine, machine.turn)
    return machine.keep(), result_of(machine, following)


def enter(state, frames, edge="", call=assume_ok, transcript=None):
    """Carries out one card, the last of `frames`, entered by `edge` ("card.port", or "trigger.ID")."""
    machine = placed(state, frames, call, transcript)
    following = fails(machine, lambda: machine.enter(frames[-1][1], edge))
    return machine.keep(), result_of(machine, following)


def run(state, frames, edge="", call=assume_ok, transcript=None):
    """Carries out cards from here on until one waits."""
    machine = placed(state, frames, call, transcript)
    fails(machine, lambda: machine.go((frames[-1][1], edge)))
    return machine.keep(), result_of(machine)


def placed(state, frames, call, transcript):
    """A machine that is about to enter the last card."""
    machine = Machine(state, call, transcript)
    machine.state["frames"] = [{"flow": flow, "node": node} for flow, node in frames]
    return machine


def told(state, event, frames=None, call=assume_ok, transcript=None):
    """What was not said by the customer: the clock, a queue, a person, the contact centre. It does not run on."""
    machine = Machine(state, call, transcript)
    machine.known(event)
    machine.stand(frames)
    over = machine.state["where"] in ("end", "error")
    following = None if over else fails(machine, lambda: machine.event(event))
    return machine.keep(), result_of(machine, following)


def holds(state, frames=None, names=None, handoff=None):
    """Which of the named conditions hold; all of the current flow's where no names are given. `handoff` is the
    {"tier": .., "priority": ..} of which `queue.wait` and the like speak: that of the card where the run stands."""
    machine = Machine(state, assume_ok, None)
    machine.stand(frames)
    flow = machine.flow()
    here = machine.names(handoff or machine.asked())
    wanted = CONDITIONS_OF[flow] if names is None else names
    own = set(CONDITIONS_OF[flow])
    others = {name: Names(machine, key) for key in FLOWS if key != flow for name in CONDITIONS_OF[key]} if names else {}
    return {name: bool(CONDITIONS[name](here if name in own else others[name])) for name in wanted}


def say(state, frames, text, handoff=None):
    """A text with its values."""
    machine = Machine(state, assume_ok, None)
    machine.stand(frames)
    return machine.text(text, machine.names(handoff or machine.asked()))


def said(state, line):
    """The platform itself said this line: it joins the transcript."""
    machine = Machine(state, assume_ok, None)
    machine.transcript.append({"who": "bot", "text": line})
    return machine.keep()


def mirror(state, frames=None, slots=None, attempts=None, signals=None):
    """What the platform holds itself: slots of the current flow, failed tries, signals. None in them is unset."""
    machine = Machine(state, assume_ok, None)
    machine.stand(frames)
    for slot, value in (slots or {}).items():
        if slot in FLOWS[machine.flow()]["slots"]:
            machine.fill(slot, value)
    for name, value in (signals or {}).items():
        machine.signal(name, value)
    if attempts is not None:
        machine.state["attempts"] = int(attempts)
    return machine.keep()


def slots(state, frames=None):
    """The slots of the current flow as plain JSON; None is unset."""
    machine = Machine(state, assume_ok, None)
    machine.stand(frames)
    held = machine.state["slots"]
    return {slot: plain(held.get(key)) for slot, key in FLOWS[machine.flow()]["slots"].items()}


def take(state, event, call=assume_ok, transcript=None):
    """One event of a conversation, whole. Returns the state after it, and what to do about it.

    `event` is a customer's turn (`{"who": "user", "intent": ..}`) or what a person did (`{"agent": "resumed",
    "outcome": ..}`); its "now" is the time by which tiers are open. `call` makes the flow's calls; where it has a `request`, that sends tickets and callbacks.
    """
    machine = Machine(begun_anew(state, event), call, transcript)
    machine.known(event)

    def steps():
        if machine.state["where"] == "new":
            machine.go(machine.open())
        machine.entered = 0
        if machine.state["where"] not in ("end", "error"):
            machine.go(machine.customer(event) if event.get("who") == "user" else machine.event(event))

    fails(machine, steps)
    return machine.keep(), result_of(machine)
