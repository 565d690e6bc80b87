"""The vendors' descriptions: which request is which operation, and what is wrong with it."""

import json
import pathlib
import re
import urllib.parse

import botocore.model
import botocore.serialize
import botocore.validate

import own
from shapes import Document, pointer


def _ticket_field(document):
    """`{id, value}` is what the documentation says and what tickets read back; the description asks for the definition."""
    fields = {"type": "array", "items": {"type": "object", "required": ["id", "value"], "additionalProperties": False,
              "properties": {"id": {"type": "integer"}, "value": {}}}}
    for name in ("TicketCreateInput", "TicketUpdateInput"):
        document["components"]["schemas"][name]["properties"]["custom_fields"] = fields


def _requester(document):
    """A new ticket can name its requester: the Tickets API's own page on creating tickets; `TicketObject` has the id alone."""
    requester = {"type": "object", "required": ["name"], "additionalProperties": False,
                 "properties": {"name": {"type": "string", "minLength": 1}, "email": {"type": "string"}}}
    document["components"]["schemas"]["TicketCreateInput"]["properties"]["requester"] = requester


def _custom_attributes(document):
    """Flows read `channel.metadata.customAttributes` of a first message (two integrations use it); the SDK has `subType`."""
    document["definitions"]["ConversationChannelMetadata"]["properties"]["customAttributes"] = {
        "type": "object", "additionalProperties": {"type": "string"}}


def _flat(document):
    """The description says in words that metadata is flat: texts, numbers and booleans."""
    metadata = document["components"]["schemas"]["metadata"]
    metadata["additionalProperties"] = {"type": ["string", "number", "boolean"]}


def _typed_json(document):
    """Twilio leaves what a field of JSON holds open; its documentation does not."""
    interaction = document["paths"]["/v1/Interactions"]["post"]["requestBody"]["content"]
    properties = interaction["application/x-www-form-urlencoded"]["schema"]["properties"]
    sid = lambda prefix: {"type": "string", "pattern": f"^{prefix}[0-9a-fA-F]{{32}}$"}
    properties["Channel"] = {"type": "object", "required": ["type", "initiated_by"], "additionalProperties": False,
        "properties": {"type": {"$ref": "#/components/schemas/interaction_channel_enum_type"},
                       "initiated_by": {"enum": ["customer", "agent", "api"]},
                       "properties": {"type": "object", "additionalProperties": False,
                                      "properties": {"media_channel_sid": sid("CH")}},
                       "participants": {"type": "array"}}}
    properties["Routing"] = {"type": "object", "required": ["properties"], "additionalProperties": False, "properties": {
        "properties": {"type": "object", "required": ["workspace_sid", "attributes"], "additionalProperties": False,
            "properties": {"workspace_sid": sid("WS"), "workflow_sid": sid("WW"), "queue_sid": sid("WQ"),
                "worker_sid": sid("WK"), "task_channel_sid": sid("TC"), "task_channel_unique_name": {"type": "string"},
                "priority": {"type": "integer", "minimum": 0, "maximum": 2147483647},
                "timeout": {"type": "integer", "minimum": 0, "maximum": 1209600}, "attributes": {"type": "object"}}}}}
    channel = document["paths"]["/v1/Interactions/{InteractionSid}/Channels/{Sid}"]["post"]["requestBody"]["content"]
    channel["application/x-www-form-urlencoded"]["schema"]["properties"]["Routing"] = {
        "type": "object", "properties": {"status": {"enum": ["closed"]}}, "additionalProperties": False}


# Where a description is wrong or open, and what says so. Nothing else is changed.
PATCHES = {
    "zendesk-support": [("custom_fields of a ticket are {id, value}: Tickets API documentation", _ticket_field),
                        ("requester{name,email} of a new ticket: Tickets API documentation", _requester)],
    "zendesk-sunco": [("metadata holds texts, numbers and booleans: prose of the description itself", _flat)],
    "genesys": [("customAttributes beside subType: vendor integrations, not in SDK 269", _custom_attributes)],
    "twilio-flex": [("Channel and Routing are JSON of a known form: Interactions API documentation", _typed_json)],
}
FILES = {
    "zendesk-support": "zendesk-support-2.0.0.trim.openapi.json",
    "zendesk-sunco": "zendesk-sunco-17.12.1.trim.openapi.json",
    "einstein": "einstein-bots-runtime-5.3.0.openapi.json",
    "twilio-flex": "twilio_flex_v1.trim.openapi.json",
    "twilio-taskrouter": "twilio_taskrouter_v1.trim.openapi.json",
    "twilio-conversations": "twilio_conversations_v1.trim.openapi.json",
    "genesys": "genesys-cloud.sdk-269.0.0.trim.schema.json",
}
AWS = {
    "connect": "amazon-connect.botocore-1.44.5.trim.service-2.json",
    "participant": "amazon-connectparticipant.botocore-1.44.5.trim.service-2.json",
}
# Which host is whose; the group is the path as the description writes it.
HOSTS = [
    (r"https://[^/]+\.zendesk\.com/sc(/.*)", "zendesk-sunco"),
    (r"https://[^/]+\.zendesk\.com(/.*)", "zendesk-support"),
    (r"https://flex-api\.twilio\.com(/.*)", "twilio-flex"),
    (r"https://taskrouter\.twilio\.com(/.*)", "twilio-taskrouter"),
    (r"https://conversations\.twilio\.com(/.*)", "twilio-conversations"),
    (r"https://runtime-api-[a-z-]+\.prod\.chatbots\.sfdc\.sh(/.*)", "einstein"),
    (r"https://participant\.connect\.[a-z0-9-]+\.amazonaws\.com(/.*)", "participant"),
    (r"https://connect\.[a-z0-9-]+\.amazonaws\.com(/.*)", "connect"),
    (r"https://api\.[^/]+(/api/v2/.*)", "genesys"),
]


# What a request may have that says of itself that it does not fit.
TOO_MUCH = "too much: "


class Vendors:
    """All descriptions."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.documents = {name: Document(folder / file, PATCHES.get(name, ())) for name, file in FILES.items()}
        read = lambda file: json.loads((folder / file).read_text(encoding="utf-8"))
        self.services = {name: botocore.model.ServiceModel(read(file), name) for name, file in AWS.items()}
        self.seen = {}

    def faults(self, request, count=True):
        """What is wrong with a request by the description of its operation; names of answers are filled in before."""
        for pattern, name in HOSTS:
            found = re.fullmatch(pattern, request["url"])
            if found:
                path, _, query = found.group(1).partition("?")
                operation = self._operation(name, request, path, query)
                break
        else:
            operation = None
        if operation is None:
            operation = own.faults(request)
        label, faults = operation
        if count:
            self.seen[label] = self.seen.get(label, 0) + 1
        return faults

    def _operation(self, name, request, path, query):
        if name in self.services:
            return self._aws(name, request, path, query)
        if name == "genesys":
            return self._genesys(request, path)
        return self._openapi(name, request, path, query)

    def _openapi(self, name, request, path, query):
        document = self.documents[name]
        for template, methods in document.json["paths"].items():
            values = _match(template, path)
            method = methods.get(request["method"].lower())
            if values is None or method is None:
                continue
            parameters = [_resolved(document.json, p) for p in [*methods.get("parameters", []), *method.get("parameters", [])]]
            faults = []
            for parameter in parameters:
                if parameter["in"] == "path" and parameter["name"] in values:
                    faults += _parameter(parameter, values[parameter["name"]])
            known = {p["name"]: p for p in parameters if p["in"] == "query"}
            for key, value in urllib.parse.parse_qsl(query, keep_blank_values=True):
                faults += _parameter(known[key], value) if key in known else [f"query {key}: the description has none"]
            faults += self._body(name, document, method, template, request)
            return f"{name} {request['method']} {template}", faults
        return None

    def _body(self, name, document, method, template, request):
        body = _resolved(document.json, method.get("requestBody", {}))
        content = body.get("content", {})
        if not content:
            return [f"a body where {name} takes none"] if request["body"] else []
        kind = request["content_type"]
        if kind not in content:
            return [f"{name} takes {', '.join(content)}, not {kind}"]
        where = f"#/paths/{template.replace('~', '~0').replace('/', '~1')}/{request['method'].lower()}/requestBody"
        if "$ref" in method["requestBody"]:
            where = method["requestBody"]["$ref"]
        ref = f"{where}/content/{kind.replace('/', '~1')}/schema"
        if kind == "application/json":
            return document.faults(ref, json.loads(request["body"]))
        value, faults = _form(pointer(document.json, ref), document.json, request["body"])
        return faults + document.faults(ref, value)

    def _genesys(self, request, path):
        path = path.split("?")[0]
        for endpoint, definition in self.documents["genesys"].json["x-endpoints"].items():
            method, template = endpoint.split(" ")[:2]
            if method == request["method"] and _match(template, path) is not None:
                if method == "GET":
                    return f"genesys {method} {template}", []
                faults = self.documents["genesys"].faults(f"#/definitions/{definition}", json.loads(request["body"]))
                return f"genesys {method} {template}", faults
        return None

    def _aws(self, name, request, path, query):
        service = self.services[name]
        for operation_name in service.operation_names:
            operation = service.operation_model(operation_name)
            values = _match(operation.http["requestUri"], path)
            if operation.http["method"] != request["method"] or values is None or query:
                continue
            params = {**json.loads(request["body"] or "{}"), **values}
            members = operation.input_shape.members
            for member, shape in members.items():
                if shape.serialization.get("location") == "header":
                    header = shape.serialization["name"]
                    if header in request["headers"]:
                        params[member] = request["headers"][header]
            report = botocore.validate.ParamValidator().validate(params, operation.input_shape)
            faults = [report.generate_report()] if report.has_errors() else []
            _within(operation.input_shape, params, "", faults)
            if not faults:
                made = botocore.serialize.create_serializer("rest-json").serialize_to_request(params, operation)
                if json.loads(made["body"] or "{}") != json.loads(request["body"] or "{}"):
                    faults.append(f"botocore writes another body: {made['body'][:200]}")
                if made["url_path"] != path:
                    faults.append(f"botocore writes another path: {made['url_path']}")
            return f"{name} {operation_name}", faults
        return None


def _resolved(document, node):
    return pointer(document, node["$ref"]) if "$ref" in node else node


def _match(template, path):
    names = re.findall(r"{([^}]+)}", template)
    pattern = re.sub(r"\\{[^}]+\\}", "([^/]+)", re.escape(template))
    found = re.fullmatch(pattern, path)
    return None if found is None else dict(zip(names, map(urllib.parse.unquote, found.groups())))


def _parameter(parameter, value):
    schema = parameter.get("schema", {})
    faults = []
    if "pattern" in schema and not re.search(schema["pattern"], value):
        faults.append(f"{parameter['name']}: {value} is not {schema['pattern']}")
    if schema.get("type") == "integer" and not value.lstrip("-").isdigit():
        faults.append(f"{parameter['name']}: {value} is no whole number")
    return faults


def _form(schema, document, body):
    """A form as an object: numbers are texts there, and JSON too."""
    value, faults = {}, []
    for key, text in urllib.parse.parse_qsl(body, keep_blank_values=True, strict_parsing=True):
        if key in value:
            faults.append(f"{key} stands twice")
        kind = _resolved(document, schema["properties"].get(key, {}))
        if kind.get("type") in ("integer", "number") and text.lstrip("-").isdigit():
            value[key] = int(text)
        elif kind.get("type") == "object":
            value[key] = json.loads(text)
        else:
            value[key] = text
    return value, faults


def _within(shape, value, path, faults):
    """The lengths, ranges and patterns that botocore describes and its own validator lets pass."""
    metadata = shape.metadata
    if shape.type_name == "string" and isinstance(value, str):
        most = metadata.get("max")
        if most is not None and len(value) > most:
            faults.append(f"{TOO_MUCH}{path}: {len(value)} characters, at most {most}")
        if "pattern" in metadata and not re.search(_python(metadata["pattern"]), value):
            faults.append(f"{path}: not {metadata['pattern']}")
        if "enum" in metadata and value not in metadata["enum"]:
            faults.append(f"{path}: {value[:40]} is none of {metadata['enum']}")
    elif shape.type_name == "structure" and isinstance(value, dict):
        for name, inner in value.items():
            if name in shape.members:
                _within(shape.members[name], inner, f"{path}/{name}", faults)
    elif shape.type_name == "map" and isinstance(value, dict):
        for name, inner in value.items():
            _within(shape.key, name, f"{path}/{name}", faults)
            _within(shape.value, inner, f"{path}/{name}", faults)
    elif shape.type_name == "list" and isinstance(value, list):
        if "max" in metadata and len(value) > metadata["max"]:
            faults.append(f"{path}: {len(value)} entries, at most {metadata['max']}")
        for inner in value:
            _within(shape.member, inner, f"{path}/0", faults)
    elif shape.type_name in ("integer", "long") and isinstance(value, int):
        if "max" in metadata and value > metadata["max"]:
            faults.append(f"{path}: {value}, at most {metadata['max']}")


def _python(pattern):
    # \P{C}: no control characters; Python's re has no such classes.
    return pattern.replace(r"\P{C}", r"[^\x00-\x1f]")
