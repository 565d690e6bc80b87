"""What goes over the wire: how the function reads what Lex and Connect send, and how it writes what they take."""
import json
from decimal import Decimal, InvalidOperation

import policy

# All attributes together, in bytes. Lex V1's page names 12 KB for them; that of V2 names nothing (2026-11-22).
ATTRIBUTES_AT_MOST = 12 * 1024
PAYLOAD_AT_MOST = 6 * 1024
# Calls that the session keeps, however little room there is.
CALLS_AT_LEAST = 4 * 1024
# Of one message, in its characters (a letter outside the first plane counts twice), and how many the bot's branches say.
MESSAGE_AT_MOST = 1000
PARTS_AT_MOST = 4


class Malformed(Exception):
    """What Lex sent cannot be read; the words say where."""


def entry(holder, key, kind, where, default=None):
    """An entry of what Lex sent; absent and null are the same."""
    value = holder.get(key)
    if value is None:
        return default
    if not isinstance(value, kind):
        raise Malformed("%s.%s is %s" % (where, key, type(value).__name__))
    return value


def attributes_of(state):
    attributes = entry(state, "sessionAttributes", dict, "sessionState", {})
    for name, value in attributes.items():
        if not isinstance(value, str):
            raise Malformed("sessionState.sessionAttributes.%s is %s" % (name, type(value).__name__))
    return dict(attributes)


def json_of(attributes, name, kinds, exact=None):
    """An attribute that holds JSON; `exact` is what its decimals become."""
    text = attributes.get(name)
    if not text:
        return None
    try:
        value = json.loads(text, parse_float=exact)
    except (ValueError, TypeError) as error:
        raise Malformed("the attribute %s is no JSON: %s" % (name, error)) from error
    if not isinstance(value, kinds):
        raise Malformed("the attribute %s holds %s" % (name, type(value).__name__))
    return value


def number(value):
    """A number as Lex writes it: a number, a text, or {"score": number}. None for anything else."""
    if isinstance(value, dict):
        value = value.get("score")
    if isinstance(value, str):
        try:
            return policy.number(Decimal(value.strip()))
        except InvalidOperation:
            return None
    return policy.number(value)


def feeling(response):
    """Lex's sentiment as one number from -1 to 1: the score of POSITIVE less that of NEGATIVE. Where there is a label
    without scores, POSITIVE is 1, NEGATIVE is -1, NEUTRAL and MIXED are 0."""
    if not isinstance(response, dict):
        return None
    scores = response.get("sentimentScore")
    if isinstance(scores, dict):
        good, bad = number(scores.get("positive")), number(scores.get("negative"))
        if good is not None and bad is not None:
            return good - bad
    label = response.get("sentiment")
    labels = {"POSITIVE": 1, "NEGATIVE": -1, "NEUTRAL": 0, "MIXED": 0}
    return labels.get(label.upper()) if isinstance(label, str) else None


def typed(text, kind):
    """An attribute's text as a value of the flow; what does not fit stays as it is and counts as unset."""
    if kind in ("number", "integer"):
        value = number(text)
        return text if value is None else value
    if kind == "bool" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    return text


def packed(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def size(text):
    return len(text.encode("utf-8"))


def parted(lines):
    """Lines as messages that Lex takes: parted between words where one is too long, and joined while there is room."""
    parts = []
    for line in lines:
        while line:
            piece, line = beginning(line)
            if parts and fits(parts[-1] + "\n" + piece):
                parts[-1] += "\n" + piece
            elif piece:
                parts.append(piece)
    return parts


def fits(text):
    return len(text.encode("utf-16-le", "surrogatepass")) <= 2 * MESSAGE_AT_MOST


def beginning(line):
    """As much of a line as one message takes, and the rest of it."""
    if fits(line):
        return line, ""
    most = next(end for end in range(MESSAGE_AT_MOST, 0, -1) if fits(line[:end]))
    end = max(line.rfind(gap, 0, most + 1) for gap in (" ", "\n"))
    end = most if end < most // 2 else end
    return line[:end].rstrip(), line[end:].lstrip()


def slots_of(intent):
    """The slots as Lex sent them; what it would not take back is empty."""
    def held(slot):
        value = slot.get("value") if isinstance(slot, dict) else None
        if not isinstance(value, dict) or not isinstance(value.get("interpretedValue"), str):
            return None
        kept = {key: value[key] for key in ("originalValue", "interpretedValue") if isinstance(value.get(key), str)}
        return {"shape": "Scalar", "value": kept}

    return {name: held(slot) for name, slot in (intent.get("slots") or {}).items()}


def answer(attributes, action, intent, lines):
    response = {"sessionState": {"sessionAttributes": attributes, "dialogAction": {"type": action}, "intent": intent}}
    if lines:
        response["messages"] = [{"contentType": "PlainText", "content": line} for line in lines]
    return response


def about(envelope):
    """What the person needs, as attributes."""
    return {
        "handoff_tier": str(envelope["tier"]),
        "handoff_priority": str(envelope["priority"]),
        "handoff_mode": str(envelope["mode"]),
        "handoff_reason": ",".join(envelope["reasons"]),
        "handoff_node": str(envelope["node"]),
        "handoff_summary": str(envelope["summary"] or "")[:MESSAGE_AT_MOST],
        "handoff_payload": payload(envelope),
    }


def payload(envelope):
    """The whole request as JSON. Where it is too big the longest field is cut until it fits, and `cut` names it."""
    kept = dict(envelope)
    fields, cut = dict(kept.get("fields") or {}), list(kept.get("cut", ()))
    while True:
        kept["fields"] = fields
        if cut:
            kept["cut"] = cut
        text = packed(kept)
        if size(text) <= PAYLOAD_AT_MOST or not fields:
            return text
        name = max(fields, key=lambda key: size(packed(fields[key])))
        value = fields[name]
        if isinstance(value, list) and len(value) > 1:
            fields[name] = value[1:]
        elif isinstance(value, str) and len(value) > 200:
            fields[name] = value[: len(value) // 2] + "…"
        else:
            del fields[name]
        if name not in cut:
            cut.append(name)
