"""The value of `handoff.initiate`, held against the studio's own envelope of the same request."""

import json
import re


def lost_words(folder):
    """What is only said while somebody waits for a person, which the export declares that it does not say."""
    patterns = []
    for path in folder.glob("*.flow.json"):
        for card in json.loads(path.read_text(encoding="utf-8"))["nodes"].values():
            waiting = card.get("waiting") or {}
            texts = [row["text"] for row in waiting.get("say") or []] + [waiting.get("else_say") or ""]
            parts = [re.split(r"\{[^}]*\}", text) for text in texts if text]
            patterns += [".*".join(map(re.escape, part)) for part in parts]
    return re.compile("|".join(patterns) or "(?!)", re.S)


def told_alike(envelope, value, lost):
    """What the envelope and the value of the event say otherwise, or None."""
    hidden = {entry["field"] for entry in envelope["redacted"] if entry.get("kind")}
    reasons = [reason["name"] for reason in envelope["reasons"]]
    pairs = {key: (envelope[key], value.get(key)) for key in ("flow", "node", "mode", "tier", "priority", "at_turn",
                                                              "ordinal", "join", "answer_within", "told")}
    pairs["reasons"] = (reasons, value["reasons"])
    pairs["contact"] = (envelope["contact"], value.get("contact") or {})
    for key in {"summary", "screen"} - hidden:
        pairs[key] = (envelope[key], value.get(key))
    fields = value.get("fields") or {}
    for name in (set(fields) | set(envelope["payload"])) - hidden:
        pairs["fields." + name] = plain(envelope["payload"].get(name)), plain(fields.get(name))
    for key, (mine, theirs) in pairs.items():
        if is_said(mine) and is_said(theirs):
            # What a person says goes past the bot.
            mine = [line for line in mine if line["who"] != "agent" and not lost.fullmatch(line["text"])]
            theirs = theirs[len(theirs) - len(mine):]
        if mine != theirs:
            return "%s: the envelope has %s, the bot %s" % (key, json.dumps(mine), json.dumps(theirs))
    return None


def plain(value):
    """Without moments, which the bot does not note, and without what is not known."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items() if one is not None and key != "at"}
    return [plain(one) for one in value] if isinstance(value, list) else value


def is_said(value):
    return isinstance(value, list) and all(isinstance(line, dict) and {"who", "text"} <= set(line) for line in value)
