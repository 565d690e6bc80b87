"""The set-up files of a flow against the requests of the same flow: what is sent is what was set up."""

import json

from jsonschema import Draft7Validator

from limits import body_of, compact

# TaskRouter documentation, workflow configuration (2026-11-22); at most 1,038,576 bytes by the overlay.
WORKFLOW_BYTES = 1038576
_TARGETS = {"type": "array", "minItems": 1, "items": {
    "type": "object", "required": ["queue"], "additionalProperties": False,
    "properties": {"queue": {"type": "string", "pattern": "^WQ[0-9a-fA-F]{32}$"}, "expression": {"type": "string"},
                   "priority": {"type": "integer"}, "timeout": {"type": "integer"}}}}
WORKFLOW = {"type": "object", "required": ["task_routing"], "additionalProperties": False, "properties": {"task_routing": {
    "type": "object", "required": ["filters", "default_filter"], "additionalProperties": False, "properties": {
        "default_filter": {"type": "object", "required": ["queue"]},
        "filters": {"type": "array", "items": {
            "type": "object", "required": ["filter_friendly_name", "expression", "targets"], "additionalProperties": False,
            "properties": {"filter_friendly_name": {"type": "string"}, "expression": {"type": "string"},
                           "targets": _TARGETS}}}}}}}


def _read(folder, name):
    return json.loads((folder / name).read_text(encoding="utf-8"))


def faults(folder, flow, requests):
    """What is wrong with the files below `folder`; `requests` are the first ones of each target that fit."""
    found = []
    schema = _read(folder, "genesys/participant-data.schema.json")
    Draft7Validator.check_schema(schema)
    value = _read(folder, "bot-framework/handoff-value.schema.json")
    Draft7Validator.check_schema(value)
    for request in requests.get("genesys", []):
        body = body_of(request)
        data = body.get("data") or body.get("parameters") or body["channel"]["metadata"]["customAttributes"]
        found += [f"participant data: {e.message[:200]}" for e in Draft7Validator(schema).iter_errors(data)]
    for request in requests.get("bot-framework", []):
        found += [f"value: {e.message[:200]}" for e in Draft7Validator(value).iter_errors(body_of(request)["value"])]
    names = {entry["name"] for entry in _read(folder, "amazon-connect/attributes.json")["attributes"]}
    for request in requests.get("amazon-connect", []):
        found += [f"attribute {key} is not set up" for key in body_of(request)["Attributes"] if key not in names]
    workflow = _read(folder, "twilio-flex/workflow.json")
    found += [f"workflow: {e.json_path} {e.message[:200]}" for e in Draft7Validator(WORKFLOW).iter_errors(workflow)]
    tiers = [entry["expression"] for entry in workflow["task_routing"]["filters"]]
    found += [f"workflow: no filter for {tier}" for tier in flow["tiers"] if f'tier == "{tier}"' not in tiers]
    if len(compact(workflow).encode()) > WORKFLOW_BYTES:
        found.append("the workflow is too large")
    return found
