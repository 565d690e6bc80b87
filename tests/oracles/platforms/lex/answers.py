"""The function of an export, driven with Lex's events: every answer is valid under the vendor's schema, and what cannot be
read asks a person. Each export has its own modules, so it runs in a process of its own.

    python answers.py EXPORT SCHEMA STEPS SEED
"""

import copy
import json
import logging
import os
import random
import sys

from jsonschema import Draft201909Validator

logging.disable(logging.CRITICAL)
SPOILT = (None, 0, True, "", "x", [], {}, [1], {"x": None})


def event(label, intent, slots, attributes, request, confidence, sentiment):
    """As docs.aws.amazon.com/lexv2/latest/dg/lambda-input-format has it, with a number for the confidence or a score."""
    found = {"name": intent, "slots": slots, "state": "InProgress", "confirmationState": "None"}
    top = {"intent": copy.deepcopy(found), "interpretationSource": "Lex"}
    if confidence is not None:
        top["nluConfidence"] = confidence
    if sentiment is not None:
        top["sentimentResponse"] = sentiment
    return {
        "messageVersion": "1.0",
        "invocationSource": "DialogCodeHook",
        "inputMode": "Text",
        "responseContentType": "text/plain; charset=utf-8",
        "sessionId": "a-session",
        "inputTranscript": "Why was I charged?",
        "invocationLabel": label,
        "bot": {"id": "ABCDEFGHIJ", "name": "b", "aliasId": "TSTALIASID", "aliasName": "a", "localeId": "en_US", "version": "1"},
        "interpretations": [top, {"intent": {"name": "FallbackIntent", "slots": {}}, "interpretationSource": "Lex"}],
        "proposedNextState": {"dialogAction": {"type": "None"}, "intent": copy.deepcopy(found), "prompt": {"attempt": "Initial"}},
        "requestAttributes": request,
        "sessionState": {
            "activeContexts": [],
            "sessionAttributes": attributes,
            "intent": found,
            "originatingRequestId": "00000000-0000-0000-0000-000000000000",
        },
        "transcriptions": [{"transcription": "Why was I charged?", "transcriptionConfidence": 1.0, "resolvedContext": {"intent": intent}, "resolvedSlots": {}}],
    }


def drawn(random_, names, label, attributes):
    intent = label if label in names.CARDS else random_.choice([*names.INTENTS, "FallbackIntent"])
    slots = {}
    for slot in names.SLOTS:
        value = random_.choice((None, "7", "true", "yes", "AB-1", "gold"))
        kept = {"interpretedValue": value, "originalValue": value, "resolvedValues": [value]}
        slots[slot] = None if value is None else {"shape": "Scalar", "value": kept}
    share = random_.random()
    confidence = random_.choice((None, round(share, 2), {"score": round(share, 2)}))
    scores = {"positive": round(share / 2, 2), "negative": round(1 - share, 2), "neutral": 0.0, "mixed": 0.0}
    sentiment = random_.choice((None, {"sentiment": "NEGATIVE", "sentimentScore": scores}))
    request = {"now": random_.choice(("", "2026-11-23T09:00:00Z"))}
    if label == "told" and attributes:
        news = ({"agent": "accepted"}, {"agent": "resumed"}, {"handoff": "failed"}, {"clock": 500}, {"agent": "resolved"})
        attributes = {**attributes, "handoff_event": json.dumps(random_.choice(news))}
    return event(label, intent, slots, attributes, request, confidence, sentiment)


def spoil(random_, sent):
    """One place of an event becomes something else, or is gone."""
    places = []

    def walk(value):
        if isinstance(value, (dict, list)):
            for key in list(value) if isinstance(value, dict) else range(len(value)):
                places.append((value, key))
                walk(value[key])

    walk(sent)
    holder, key = random_.choice(places)
    if random_.random() < 0.3:
        del holder[key]
    else:
        holder[key] = copy.deepcopy(random_.choice(SPOILT))
    return sent


def main(export, schema, steps, seed):
    sys.path.insert(0, os.path.join(export, "lambda"))
    import handler
    import names

    with open(schema, encoding="utf-8") as file:
        validator = Draft201909Validator(json.load(file))
    wrong, count, spoilt, closed = [], 0, 0, 0

    def answer(sent):
        nonlocal count
        count += 1
        given = handler.handler(sent, None)
        shown = sent.get("invocationLabel") if isinstance(sent, dict) else sent
        for error in validator.iter_errors(given):
            wrong.append("the answer to %r: %s" % (shown, error.message))
        state = given["sessionState"]
        size = sum(len(key.encode()) + len(value.encode()) for key, value in state["sessionAttributes"].items())
        if size > handler.ATTRIBUTES_AT_MOST * 2:
            wrong.append("the answer to %r has %d bytes of attributes" % (shown, size))
        failed = state["intent"]["state"] == "Failed"
        if failed and state["sessionAttributes"].get("handoff") not in ("true", "error"):
            wrong.append("the answer to %r fails without a word on why" % shown)
        if state["sessionAttributes"].get("handoff_reason") == "function_failed":
            wrong.append("the answer to %r: %s" % (shown, state["sessionAttributes"]["handoff_error"]))
        return state

    random_ = random.Random(seed)
    labels = ["hear", "hear", "hear", "told"] + list(names.CARDS)
    attributes = {}
    for _ in range(steps):
        label = random_.choice(labels) if attributes else random_.choice(("hear", "told"))
        state = answer(drawn(random_, names, label, attributes))
        attributes = state["sessionAttributes"]
        if state["dialogAction"]["type"] == "Close":
            closed += 1
            if random_.random() < 0.7:
                attributes = {}
    kept = len(wrong)
    for _ in range(steps // 2):
        sent = spoil(random_, drawn(random_, names, "hear", {}))
        state = answer(sent)
        spoilt += state["sessionAttributes"].get("handoff_reason") in ("event_not_understood", "session_not_understood")
    for sent in SPOILT:
        state = answer(sent)
        if (state["dialogAction"]["type"], state["intent"]["state"]) != ("Close", "Failed"):
            wrong.append("the event %r is taken for one" % (sent,))
    del wrong[kept + 20 :]
    print(json.dumps({"answers": count, "closed": closed, "not_understood": spoilt, "wrong": wrong[:40]}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
