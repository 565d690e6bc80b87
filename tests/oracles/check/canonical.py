"""The canonical form, written anew from section 1: key order, the 100 columns, numbers, strings."""

from decimal import Decimal

COMMON = "title why owner link tags was"
TOP = ("$schema format needs id title description why owner tags locale constants classes intents signals scores slots calls "
       "hours tiers contexts targets triggers nodes checks layout").split()
ROW = {"branches": "when to", "idle": "after say to", "routes": "when tier priority", "overflow": "when to keep_place",
       "turns": "when to keep_place", "say": "after every text", "assist": "when title suggest call", "add": "when points title"}
NODES = {
    "start": ("", "next"), "message": ("text", "next"), "listen": ("idle", "branches else"),
    "ask": ("slot prompt reprompt attempts idle", "filled failed"), "decision": ("", "branches else"),
    "set": ("assign", "next"), "action": ("call inputs time_limit", "ok errors error timeout"),
    "handoff": ("context target mode routes tier priority max_wait answer_within join contact requires reasons say waiting "
                "overflow assist returns", "sent resumed resolved escalated timeout closed failed"),
    "subflow": ("flow inputs", "outcomes else"), "end": ("outcome", ""), "todo": ("text", "next"), "note": ("text", ""),
}
ENTRIES = {
    "constants": "value min max title", "classes": COMMON + " redact retain_days basis requires", "intents": COMMON + " examples",
    "signals": COMMON + " type min max values source", "scores": COMMON + " base min max add",
    "slots": COMMON + " type entity class values min max", "calls": COMMON + " inputs outputs errors repeat",
    "hours": COMMON + " zone open closed special",
    "tiers": COMMON + " skills hours sees requires agents handle_time patience slo",
    "contexts": COMMON + " summary told fields screen extends", "targets": COMMON + " tiers fields priority too_big",
    "triggers": COMMON + " when because to within once",
}


def ordered(value, keys):
    """An object with these keys first, in this order; anything else as it is."""
    if not isinstance(value, dict):
        return value
    first = {key: value[key] for key in (keys.split() if isinstance(keys, str) else keys) if key in value}
    first.update((key, item) for key, item in value.items() if key not in first)
    return first


def each(value, function):
    return {key: function(item) for key, item in value.items()} if isinstance(value, dict) else value


def rows(node, key):
    if isinstance(node, dict) and isinstance(node.get(key), list):
        node[key] = [ordered(row, ROW[key]) for row in node[key]]


def node_ordered(node):
    if not isinstance(node, dict) or node.get("kind") not in NODES:
        return node
    fields, ports = NODES[node["kind"]]
    node = ordered(node, "kind " + COMMON + " group " + fields + " " + ports)
    kind = node["kind"]
    known = (fields + " " + ports).split()
    for key in ("branches", "idle", "routes", "overflow", "assist"):
        if key in known:
            rows(node, key)
    if kind == "handoff":
        if isinstance(node.get("waiting"), dict):
            node["waiting"] = ordered(node["waiting"], "say turns else_say")
            rows(node["waiting"], "say")
            rows(node["waiting"], "turns")
        if "returns" in node:
            node["returns"] = each(node["returns"], lambda row: ordered(row, "title to"))
    return node


def document_ordered(document):
    document = ordered(document, TOP)
    for name, keys in ENTRIES.items():
        if name in document:
            document[name] = each(document[name], lambda entry: ordered(entry, keys))
    for score in (document.get("scores") or {}).values():
        rows(score, "add")
    for tier in (document.get("tiers") or {}).values():
        if "slo" in tier:
            tier["slo"] = ordered(tier["slo"], "answer_within share")
    for context in (document.get("contexts") or {}).values():
        if "fields" in context:
            context["fields"] = each(context["fields"], lambda field: ordered(field, "from required class redact"))
    for trigger in (document.get("triggers") or {}).values():
        if "because" in trigger:
            trigger["because"] = each(trigger["because"], lambda one: ordered(one, "when title"))
    if "nodes" in document:
        document["nodes"] = each(document["nodes"], node_ordered)
    return document


def string(text):
    out = ['"']
    for letter in text:
        if letter in "\"\\":
            out.append("\\" + letter)
        elif letter == "\n":
            out.append("\\n")
        elif letter == "\t":
            out.append("\\t")
        elif letter == "\r":
            out.append("\\r")
        elif letter == "\b":
            out.append("\\b")
        elif letter == "\f":
            out.append("\\f")
        elif ord(letter) < 32:
            out.append("\\u%04x" % ord(letter))
        else:
            out.append(letter)
    return "".join(out) + '"'


def number(value):
    if isinstance(value, int):
        return str(value)
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def scalar(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return string(value)
    if isinstance(value, (int, Decimal, float)):
        return number(Decimal(str(value)) if isinstance(value, float) else value)
    return None


def one_line(value):
    single = scalar(value)
    if single is not None:
        return single
    if isinstance(value, dict):
        return "{ " + ", ".join(string(key) + ": " + one_line(item) for key, item in value.items()) + " }" if value else "{}"
    return "[" + ", ".join(one_line(item) for item in value) + "]"


def block(value, indent, used):
    """`used`: the columns that the indent and the key take already."""
    text = one_line(value)
    if scalar(value) is not None or used + len(text) <= 100:
        return text
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        lines = []
        for key, item in value.items():
            head = inner + string(key) + ": "
            lines.append(head + block(item, indent + 2, len(head)))
        return "{\n" + ",\n".join(lines) + "\n" + " " * indent + "}"
    lines = [inner + block(item, indent + 2, indent + 2) for item in value]
    return "[\n" + ",\n".join(lines) + "\n" + " " * indent + "]"


def canonical(document):
    return block(document_ordered(document), 0, 0) + "\n"
