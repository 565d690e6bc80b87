"""A request that went out, and the edge by which a node was entered."""

from fractions import Fraction


class Request:
    """A handoff whose request went out."""

    def __init__(self, machine, node, tier, priority, reasons):
        self.frames = list(machine.frames)
        self.node = node
        self.name = machine.full(node)
        self.entry = machine.node_entry(node)
        self.tier = tier
        self.priority = priority
        self.reasons = reasons
        self.mode = self.entry.get("mode") or "transfer"
        self.state = "requested"
        self.at_turn = machine.signals.turn
        self.waited = Fraction(0)
        # For `once: "accepted"`: the trigger whose id stood when the request went out.
        self.trigger = machine.fired
        self.spends_trigger = machine.fired_once_accepted

    def as_json(self):
        return {
            "node": self.name,
            "tier": self.tier,
            "mode": self.mode,
            "state": self.state,
            "priority": self.priority,
            "at_turn": self.at_turn,
            "reasons": list(self.reasons),
        }


class Edge:
    """The way by which a node was entered: `<node>.<port>`."""

    def __init__(self, node, name, port):
        self.local = "%s.%s" % (node, port)
        self.full = "%s.%s" % (name, port)
