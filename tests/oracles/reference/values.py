"""Values of the format: exact numbers, the unset value, and what fits a declared type."""

import json
from fractions import Fraction


class Unset:
    """The one value that means: this name has no value now."""

    def __repr__(self):
        return "UNSET"

    def __bool__(self):
        raise TypeError("ask `value is UNSET`, never whether it is true")


UNSET = Unset()


class Unreadable(Exception):
    """A document or a line that cannot be read."""


def _no_duplicates(pairs):
    # Section 1, canonical form: duplicate keys are an error.
    result = {}
    for key, value in pairs:
        if key in result:
            raise Unreadable("duplicate key " + key)
        result[key] = value
    return result


def read_json(text):
    """JSON with every number as a Fraction (section 3: exact decimals, never binary floating point)."""
    try:
        return json.loads(
            text,
            parse_float=Fraction,
            parse_int=Fraction,
            parse_constant=_no_constant,
            object_pairs_hook=_no_duplicates,
        )
    except (ValueError, RecursionError) as problem:
        raise Unreadable(str(problem))


def _no_constant(word):
    raise Unreadable(word + " is not JSON")


def is_number(value):
    return isinstance(value, Fraction) or (isinstance(value, int) and not isinstance(value, bool))


def fit(value, declared):
    """The value where it fits the declared type, range and values; else UNSET (section 3, exact decimals item).

    `declared` is a mapping with `type` and perhaps `min`, `max`, `values`. None (JSON null) is never a value.
    """
    kind = declared.get("type", "text")
    if value is None or value is UNSET:
        return UNSET
    if kind == "bool":
        return value if isinstance(value, bool) else UNSET
    if kind == "text":
        return value if isinstance(value, str) else UNSET
    if kind == "enum":
        return value if isinstance(value, str) and value in declared.get("values", []) else UNSET
    if kind in ("integer", "number"):
        if not is_number(value):
            return UNSET
        # 3.0 is an integer.
        if kind == "integer" and Fraction(value).denominator != 1:
            return UNSET
        if declared.get("min") is not None and value < declared["min"]:
            return UNSET
        if declared.get("max") is not None and value > declared["max"]:
            return UNSET
        return Fraction(value)
    return UNSET


def mapping(value):
    """The value where it is an object; anything else is none."""
    return value if isinstance(value, dict) else {}


def as_json(value):
    """A value as plain JSON types, for printing and for comparing with an expectation."""
    if value is UNSET:
        return None
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    if isinstance(value, list):
        return [as_json(item) for item in value]
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    return value


def as_words(value):
    """A value as it stands in a text that a person reads (section 2, texts): lists join with a comma."""
    if value is UNSET or value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(as_words(item) for item in value)
    if is_number(value):
        value = Fraction(value)
        if value.denominator == 1:
            return str(value.numerator)
        digits = format(float(value), ".9f").rstrip("0")
        return digits
    return value
