"""Flow documents: reading them with their subflows, and the part of validity that keeps the machine from stumbling."""

import os

import conditions
from values import Unreadable, read_json

KINDS = "start message listen ask decision set action handoff subflow end todo note".split()
REQUIRED = {
    "message": ["text"],
    "ask": ["slot", "prompt"],
    "action": ["call"],
    "handoff": ["context", "tier"],
    "subflow": ["flow"],
    "end": ["outcome"],
    "todo": ["text"],
    "note": ["text"],
}
# Section 2, table of kinds: the ports that are a plain key of the entry.
PLAIN_PORTS = {
    "start": ["next"],
    "message": ["next"],
    "listen": ["else"],
    "ask": ["filled", "failed"],
    "decision": ["else"],
    "set": ["next"],
    "action": ["ok", "error", "timeout"],
    "handoff": ["sent", "resumed", "resolved", "escalated", "timeout", "closed", "failed"],
    "subflow": ["else"],
    "todo": ["next"],
}
ALWAYS = (
    "text channel intent confidence sentiment frustration sentiment_trend turn repeats no_match attempts handoffs "
    "nlu.ok handoff.pending waited error.code error.action error.message agent.note agent.outcome agent.name "
    "handoff.ref trigger.id trigger.text customer.id conversation.id"
).split()
IN_ROWS = ["priority", "queue.wait", "queue.open", "queue.available", "queue.position"]
OF_A_TIER = ["wait", "open", "available", "position", "opens_at"]


class Invalid(Exception):
    """The flow is not valid in the sense of section 4."""


class Flow:
    """One document, with the flows that its subflow nodes call."""

    def __init__(self, data):
        self.data = data
        self.id = data["id"]
        self.nodes = data["nodes"]
        self.called = {}

    def part(self, key):
        return self.data.get(key) or {}

    @property
    def start(self):
        return [name for name, node in self.nodes.items() if node["kind"] == "start"][0]


def read_flow(data, find):
    """A Flow from its data. `find(id)` gives the data of a flow in the same folder."""
    return _read(data, find, ())


def read_flow_file(path):
    folder = os.path.dirname(os.path.abspath(path))

    def find(flow_id):
        try:
            with open(os.path.join(folder, flow_id + ".flow.json"), encoding="utf-8") as file:
                return read_json(file.read())
        except OSError:
            raise Invalid("subflow-missing " + flow_id)

    with open(path, encoding="utf-8") as file:
        return read_flow(read_json(file.read()), find)


def _read(data, find, callers):
    if not isinstance(data, dict) or data.get("format") != "handoff-flow/1":
        raise Unreadable("not a flow of this format")
    flow = Flow(data)
    check(flow)
    if flow.id in callers:
        raise Invalid("subflow-recursion " + flow.id)
    # Section 2, subflows: depth at most 25.
    if len(callers) > 25:
        raise Invalid("subflows too deep")
    for node in flow.nodes.values():
        if node["kind"] == "subflow" and node["flow"] not in flow.called:
            flow.called[node["flow"]] = _read(find(node["flow"]), find, callers + (flow.id,))
    return flow


def because_of(trigger):
    """The `because` of a trigger as (name, condition), in order."""
    return [
        (name, entry["when"] if isinstance(entry, dict) else entry)
        for name, entry in (trigger.get("because") or {}).items()
    ]


def is_within(within, here, group):
    """A node id, `group:` of it or `*` names it; a `!` entry excludes; `!` entries alone start from `*`."""
    entries = within if within is not None else ["*"]
    names = ["*", here] + (["group:" + group] if group is not None else [])
    if any(entry.startswith("!") and entry[1:] in names for entry in entries):
        return False
    wanted = [entry for entry in entries if not entry.startswith("!")]
    if not wanted:
        return bool(entries)
    return any(entry in names for entry in wanted)


def targets_of(node):
    """Every node id that an entry names as the place to go on at."""
    found = [node[port] for port in PLAIN_PORTS.get(node["kind"], []) if node.get(port) is not None]
    for key in ("branches", "idle", "overflow"):
        found += [row["to"] for row in node.get(key) or [] if row.get("to") is not None]
    found += [row["to"] for row in (node.get("waiting") or {}).get("turns") or []]
    found += [row["to"] for row in (node.get("returns") or {}).values()]
    for key in ("errors", "outcomes"):
        found += [to for to in (node.get(key) or {}).values() if to is not None]
    return found


def expressions_of(node):
    """Every (expression, stands in a row of a handoff) of a node that the machine reads."""
    found = []
    for key in ("branches", "routes"):
        found += [(row["when"], False) for row in node.get(key) or []]
    for key in ("overflow", "assist"):
        found += [(row["when"], True) for row in node.get(key) or []]
    found += [(row["when"], True) for row in (node.get("waiting") or {}).get("turns") or []]
    for key in ("assign", "inputs"):
        found += [(text, False) for text in (node.get(key) or {}).values() if text is not None]
    return found


def known(flow, name, in_row):
    """Whether a name exists where it stands (section 2, signals that every flow has)."""
    if name in ALWAYS or name in flow.part("signals") or name in flow.part("scores"):
        return True
    if in_row and name in IN_ROWS:
        return True
    head, _, rest = name.partition(".")
    if head == "const":
        return rest in flow.part("constants")
    if head == "slots":
        return rest in flow.part("slots")
    if head == "handoffs":
        return rest in flow.part("tiers")
    if head == "queue":
        tier, _, what = rest.rpartition(".")
        return tier in flow.part("tiers") and what in OF_A_TIER
    node = flow.nodes.get(head)
    if node is not None and node["kind"] == "action":
        return rest in (flow.part("calls").get(node["call"]) or {}).get("outputs", {})
    return False


def check(flow):
    """Raise Invalid for what section 4 calls not valid, as far as this reading looks."""
    for name, node in flow.nodes.items():
        if node.get("kind") not in KINDS:
            raise Invalid("unknown-kind " + name)
        for key in REQUIRED.get(node["kind"], []):
            if key not in node:
                raise Invalid("missing-field %s.%s" % (name, key))
    if sum(node["kind"] == "start" for node in flow.nodes.values()) != 1:
        raise Invalid("no-start or two-starts")
    for name, node in flow.nodes.items():
        _check_node(flow, name, node)
    for name, trigger in flow.part("triggers").items():
        if "when" not in trigger or "to" not in trigger:
            raise Invalid("missing-field " + name)
        _check_target(flow, name, trigger["to"])
        _check_expression(flow, name, trigger["when"], False)
        for _, text in because_of(trigger):
            _check_expression(flow, name, text, False)
        for entry in trigger.get("within") or []:
            entry = entry.lstrip("!")
            if entry != "*" and not entry.startswith("group:") and entry not in flow.nodes:
                raise Invalid("unknown-name %s within %s" % (entry, name))
    for name, tier in flow.part("tiers").items():
        if tier.get("hours") is not None and tier["hours"] not in flow.part("hours"):
            raise Invalid("unknown-name hours of " + name)
    for name, score in flow.part("scores").items():
        for row in score["add"]:
            _check_expression(flow, name, row["when"], False)


def _check_node(flow, name, node):
    kind = node["kind"]
    if kind == "ask" and node["slot"] not in flow.part("slots"):
        raise Invalid("unknown-name slot of " + name)
    if kind == "action" and node["call"] not in flow.part("calls"):
        raise Invalid("unknown-name call of " + name)
    if kind == "handoff":
        tiers = [node["tier"]] + [row["tier"] for row in node.get("routes") or []]
        if any(tier not in flow.part("tiers") for tier in tiers) or node["context"] not in flow.part("contexts"):
            raise Invalid("unknown-name tier or context of " + name)
    if kind == "set" and any(slot not in flow.part("slots") for slot in node.get("assign") or {}):
        raise Invalid("unknown-name slot of " + name)
    for target in targets_of(node):
        _check_target(flow, name, target)
    for text, in_row in expressions_of(node):
        _check_expression(flow, name, text, in_row)


def _check_target(flow, where, target):
    if target not in flow.nodes or flow.nodes[target]["kind"] == "note":
        raise Invalid("unknown-name %s at %s" % (target, where))


def _check_expression(flow, where, text, in_row):
    try:
        expression = conditions.parse(text)
    except conditions.BadCondition as problem:
        raise Invalid("syntax at %s: %s" % (where, problem))
    for name in conditions.names(expression):
        if not known(flow, name, in_row):
            raise Invalid("unknown-name %s at %s" % (name, where))
