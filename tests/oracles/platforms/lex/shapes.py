"""The files of a bot as requests of Lex's model API, and what the API's own description says of them.

An export writes the API's shapes with some names of its own; the way back is taken first.
"""

import json
import os
import re

import botocore.session
from botocore.validate import ParamValidator

MODEL = botocore.session.get_session().get_service_model("lexv2-models")
KEYS = {
    "messageGroupsList": "messageGroups",
    "buttonsList": "buttons",
    "isActive": "active",
    "nluConfidenceThreshold": "nluIntentConfidenceThreshold",
}
STRATEGIES = {"ORIGINAL_VALUE": "OriginalValue", "TOP_RESOLUTION": "TopResolution", "CONCATENATION": "Concatenation"}
BOT = {"botId": "ABCDEFGHIJ", "botVersion": "DRAFT", "localeId": "en_US"}
EXPORT_ONLY = ("identifier", "version")


def plain(value):
    """Without nulls, with the API's names."""
    if isinstance(value, dict):
        found = {}
        for key, one in value.items():
            if one is None or key == "intentsInScope":
                continue
            found[KEYS.get(key, key)] = STRATEGIES.get(one, one) if key == "resolutionStrategy" else plain(one)
        return found
    if isinstance(value, list):
        return [plain(one) for one in value if one is not None]
    return value


def request(name, document):
    """The operation that makes what a file describes, and its parameters."""
    found = {key: one for key, one in plain(document).items() if key not in EXPORT_ONLY}
    own = found.pop("name", None)
    if name == "Bot.json":
        return "CreateBot", {**found, "botName": own, "roleArn": "arn:aws:iam::123456789012:role/x"}
    if name == "BotLocale.json":
        return "CreateBotLocale", {**found, **BOT}
    if name == "Intent.json":
        found.pop("slotPriorities", None)
        return "CreateIntent", {**found, "intentName": own, **BOT}
    if name == "Slot.json":
        found["slotTypeId"] = found.pop("slotTypeName", None)
        return "CreateSlot", {**found, "slotName": own, "intentId": "ABCDEFGHIJ", **BOT}
    return "CreateSlotType", {**found, "slotTypeName": own, **BOT}


def patterns(value, shape, where, found):
    """What ParamValidator does not look at: the values of enums, patterns, and what is too much."""
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        for key, one in value.items():
            if key in shape.members:
                patterns(one, shape.members[key], "%s.%s" % (where, key), found)
            else:
                found.append("%s: the API has no %s" % (where, key))
    elif kind == "map" and isinstance(value, dict):
        for key, one in value.items():
            patterns(key, shape.key, "%s key" % where, found)
            patterns(one, shape.value, "%s[%s]" % (where, key), found)
    elif kind == "list" and isinstance(value, list):
        for index, one in enumerate(value):
            patterns(one, shape.member, "%s[%d]" % (where, index), found)
        most = shape.metadata.get("max")
        if most is not None and len(value) > most:
            found.append("%s: %d entries, %d at the most" % (where, len(value), most))
    elif kind in ("integer", "long", "float", "double"):
        most = shape.metadata.get("max")
        if most is not None and value > most:
            found.append("%s: %s, %s at the most" % (where, value, most))
    elif kind == "string" and isinstance(value, str):
        if shape.enum and value not in shape.enum:
            found.append("%s: %r is none of %s" % (where, value, ", ".join(shape.enum)))
        pattern = shape.metadata.get("pattern")
        if pattern and not re.search(pattern, value):
            found.append("%s: %r does not match %s" % (where, value, pattern))
        most = shape.metadata.get("max")
        if most is not None and len(value.encode("utf-16-le")) // 2 > most:
            found.append("%s: longer than %d" % (where, most))


def check(folder):
    """Everything that is wrong with the files of a bot, and how many were looked at."""
    found, count = [], 0
    for place, _, files in sorted(os.walk(folder)):
        for name in sorted(files):
            path = os.path.join(place, name)
            with open(path, encoding="utf-8") as file:
                document = json.load(file)
            shown = os.path.relpath(path, folder)
            if name == "Manifest.json":
                expected = {"metaData": {"schemaVersion": "1", "fileFormat": "LexJson", "resourceType": "BOT"}}
                if document != expected:
                    found.append("%s: not the manifest of a bot" % shown)
                continue
            if name not in ("Bot.json", "BotLocale.json", "Intent.json", "Slot.json", "SlotType.json"):
                found.append("%s: no file of a bot" % shown)
                continue
            operation, parameters = request(name, document)
            shape = MODEL.operation_model(operation).input_shape
            report = ParamValidator().validate(parameters, shape)
            if report.has_errors():
                found.append("%s: %s" % (shown, report.generate_report().replace("\n", "; ")))
            own = []
            patterns(parameters, shape, operation, own)
            found.extend("%s: %s" % (shown, one) for one in own)
            count += 1
    return found, count
