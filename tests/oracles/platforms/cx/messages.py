"""Every file against the vendor's own messages (google-cloud-dialogflow-cx, v3beta1), strictly.

What an export writes otherwise than the API is undone first: durations and times as objects, maps as lists of key and
value, and the few keys that only exports have. Any other key, enum value or type is a fault.
"""

import datetime
import json

from google.cloud import dialogflowcx_v3beta1
from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor

from package import MESSAGES

# Keys of exports alone that this exporter writes, by message.
EXPORT_ONLY = {
    "ResponseMessage": {"languageCode"},
    "Intent": {"numTrainingPhrases"},
    "Intent.TrainingPhrase": {"languageCode"},
    "Intent.TrainingPhrase.Part": {"auto"},
    "EntityType.Entity": {"languageCode"},
    "Page": {"flow"},
}
PACKAGE = "google.cloud.dialogflow.cx.v3beta1."


def faults(agent):
    found = list(agent.unreadable)
    for file in agent.files:
        message = getattr(dialogflowcx_v3beta1.types, MESSAGES.get(file.kind, ""), None)
        if message is None:
            found.append("%s: no file of an agent stands here" % file.path)
            continue
        kind = message.pb()
        converted = convert(file.value, kind.DESCRIPTOR, file.path, found)
        try:
            json_format.Parse(json.dumps(converted), kind())
        except json_format.ParseError as error:
            found.append("%s: %s" % (file.path, str(error)[:200]))
    return found


def convert(value, descriptor, where, found):
    """A value of the export as the API writes it."""
    name = descriptor.full_name
    if name == "google.protobuf.Duration":
        if not isinstance(value, dict):
            found.append("%s: a duration is written as {seconds}" % where)
            return value
        return "%d.%09ds" % (value.get("seconds", 0), value.get("nanos", 0))
    if name == "google.protobuf.Timestamp":
        if not isinstance(value, dict):
            found.append("%s: a time is written as {seconds, nanos}" % where)
            return value
        moment = datetime.datetime.fromtimestamp(value.get("seconds", 0), datetime.timezone.utc)
        return moment.strftime("%Y-%m-%dT%H:%M:%S") + ".%09dZ" % value.get("nanos", 0)
    if name.startswith("google.protobuf.") or not isinstance(value, dict):
        return value
    fields = {field.json_name: field for field in descriptor.fields}
    out = {}
    for key, inner in value.items():
        field = fields.get(key)
        place = "%s: %s" % (where.split(": ")[0], name.removeprefix(PACKAGE) + "." + key)
        if field is None:
            if key not in EXPORT_ONLY.get(name.removeprefix(PACKAGE), ()):
                found.append("%s is no key" % place)
            continue
        out[key] = of_field(inner, field, place, found)
    return out


def of_field(value, field, place, found):
    if field.type != FieldDescriptor.TYPE_MESSAGE:
        return value
    if field.message_type.GetOptions().map_entry:
        if not isinstance(value, list):
            found.append("%s: a map is written as [{key, value}]" % place)
            return value
        return {entry["key"]: entry.get("value", "") for entry in value}
    if isinstance(value, list):
        return [convert(one, field.message_type, place, found) for one in value]
    return convert(value, field.message_type, place, found)
