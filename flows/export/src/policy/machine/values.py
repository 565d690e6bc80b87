# --- The machine: the same in every export ---------------------------------------------------------
#
# Numbers are exact decimals. None means "unset": a comparison with an unset value is False whatever the operator,
# arithmetic with one is unset, and `not`, `and`, `or` work on the results. A value that does not fit its type or
# range counts as unset.


EXACT = Context(prec=400, Emin=-9999, Emax=9999)
STEPS_AT_MOST = 1000
QUEUE_FIELDS = {
    "open": {"type": "bool"},
    "wait": {"type": "number", "min": Decimal(0), "max": Decimal(86400)},
    "available": {"type": "integer"},
    "position": {"type": "integer"},
    "opens_at": {"type": "text"},
}


def number(value):
    """The exact decimal of a number, or None for anything else. True and False are no numbers."""
    if isinstance(value, bool):
        return None
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return number(Decimal(repr(value)))
    return None


def fit(value, kind):
    """The value if it fits the type, else None."""
    name = kind["type"]
    if name == "bool":
        return value if isinstance(value, bool) else None
    if name == "text":
        return value if isinstance(value, str) else None
    if name == "enum":
        return value if isinstance(value, str) and value in kind["values"] else None
    exact = number(value)
    if exact is None or (name == "integer" and exact != exact.to_integral_value()):
        return None
    low, high = kind.get("min"), kind.get("max")
    if (low is not None and exact < low) or (high is not None and exact > high):
        return None
    return exact


def seconds(text):
    """A moment such as 2026-11-23T09:00:00Z in seconds since 1970; one without a zone is in UTC."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return calendar.timegm((moment if moment.tzinfo is None else moment.astimezone(timezone.utc)).timetuple())


def moment_of(told):
    """A moment as it is told, or None: seconds since 1970, or a text."""
    try:
        return Decimal(seconds(told)) if isinstance(told, str) else number(told)
    except ValueError:
        return None


def equal(a, b):
    return a is not None and b is not None and isinstance(a, bool) == isinstance(b, bool) and a == b


def differs(a, b):
    return a is not None and b is not None and not equal(a, b)


def less(a, b):
    return a is not None and b is not None and a < b


def at_most(a, b):
    return a is not None and b is not None and a <= b


def greater(a, b):
    return a is not None and b is not None and a > b


def at_least(a, b):
    return a is not None and b is not None and a >= b


def one_of(a, values):
    return any(equal(a, value) for value in values or ())


def starts_with(a, b):
    return a is not None and b is not None and a.startswith(b)


def ends_with(a, b):
    return a is not None and b is not None and a.endswith(b)


def contains(a, b):
    return a is not None and b is not None and b in a


def plus(a, b):
    return None if a is None or b is None else held(EXACT.add(a, b))


def minus(a, b):
    return None if a is None or b is None else held(EXACT.subtract(a, b))


def times(a, b):
    return None if a is None or b is None else held(EXACT.multiply(a, b))


def held(result):
    """A result of more than 38 digits is no number of the studio's either: unset."""
    _, digits, exponent = result.normalize(EXACT).as_tuple()
    return result if len(digits) + max(exponent, 0) <= 38 and exponent >= -120 else None


def negative(a):
    return None if a is None else EXACT.minus(a)


def freeze(value):
    """State as plain JSON: an exact number becomes {"$number": "0.8"}."""
    if isinstance(value, Decimal):
        return {"$number": format(value, "f")}
    if isinstance(value, dict):
        return {key: freeze(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [freeze(entry) for entry in value]
    return value


def thaw(value):
    """The way back from `freeze`."""
    if isinstance(value, dict):
        if set(value) == {"$number"}:
            return Decimal(value["$number"])
        return {key: thaw(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [thaw(entry) for entry in value]
    return value


def plain(value):
    """A value for a payload: exact numbers become JSON numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return value


def in_words(value):
    """A value as it stands in a sentence; "" when unset."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        text = format(value, "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return "0" if text in ("", "-0") else text
    if isinstance(value, (list, tuple)):
        return ", ".join(in_words(entry) for entry in value)
    if isinstance(value, dict):
        return ": ".join(in_words(entry) for entry in value.values())
    return str(value)
