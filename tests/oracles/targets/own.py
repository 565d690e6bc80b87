"""Operations of which no machine-readable description is to be had: written down here, each with what says so."""

import json
import re

import salesforce
from jsonschema import Draft7Validator, FormatChecker

TEXT = {"type": "string"}
TEXTS = {"type": "object", "additionalProperties": TEXT}


def _object(properties, required=()):
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


_ACTIVITY = _object(
    {"type": {"const": "message"}, "timestamp": {"type": "string", "format": "date-time"},
     "from": _object({"id": TEXT, "name": TEXT, "role": {"enum": ["user", "bot"]}}, ["id", "role"]),
     "conversation": _object({"id": TEXT}, ["id"]), "text": TEXT},
    ["type", "from", "conversation", "text"],
)

_SALESFORCE = r"https://[a-z0-9-]+\.my\.salesforce\.com/services/data/v\d+\.0"
_CUSTOM = {"anyOf": [TEXT, {"type": "number"}, {"type": "boolean"}, {"type": "null"}]}

# (label, what says so, method, address, schema of the body or None)
OPERATIONS = [
    (
        "bot-framework handoff.initiate",
        "learn.microsoft.com, transition to a human; botbuilder-js eventFactory.ts (2026-11-22)",
        "POST", r"https?://[^?]+/v3/conversations/[^/?]+/activities",
        _object(
            {"type": {"const": "event"}, "name": {"const": "handoff.initiate"}, "locale": TEXT,
             "timestamp": {"type": "string", "format": "date-time"},
             "from": _object({"id": {"type": "string", "minLength": 1}, "role": {"const": "bot"}}, ["id"]),
             "conversation": _object({"id": {"type": "string", "minLength": 1}}, ["id"]), "value": {"type": "object"},
             "attachments": {"type": "array", "items": _object(
                 {"name": {"const": "Transcript"}, "contentType": {"const": "application/json"},
                  "content": _object({"activities": {"type": "array", "items": _ACTIVITY}}, ["activities"])},
                 ["name", "contentType", "content"])}},
            ["type", "name", "from", "conversation", "value"],
        ),
    ),
    (
        "zendesk GET /api/v2/agent_availabilities",
        "developer.zendesk.com, Agent Availability API (2026-11-22); not in the description",
        "GET", r"https://[^/]+\.zendesk\.com/api/v2/agent_availabilities\?filter%5Bchannel_status%5D=[a-z%0-9A-Z]+", None,
    ),
    (
        "salesforce PATCH /sobjects/Case/{external id}",
        "Salesforce object reference, Case; REST API, upsert by external id (2026-11-22)",
        "PATCH", _SALESFORCE + r"/sobjects/Case/[A-Za-z0-9_]+__c/[^/?]+",
        {"type": "object", "additionalProperties": False, "patternProperties": {r"^[A-Za-z][A-Za-z0-9_]*__c$": _CUSTOM},
         "properties": {"Subject": TEXT, "Description": TEXT, "SuppliedName": TEXT, "SuppliedEmail": TEXT,
                        "SuppliedPhone": TEXT, "SuppliedCompany": TEXT, "Origin": TEXT, "Status": TEXT, "Type": TEXT,
                        "Priority": TEXT, "OwnerId": {"type": "string", "pattern": "^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$"},
                        "RecordTypeId": TEXT, "ContactId": TEXT, "AccountId": TEXT, "Language": TEXT}},
    ),
    (
        "salesforce POST /sobjects/Task",
        "Salesforce object reference, Task (2026-11-22)",
        "POST", _SALESFORCE + r"/sobjects/Task",
        _object({"WhatId": {"type": "string", "pattern": "^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$"}, "OwnerId": TEXT,
                 "Subject": {"type": "string", "maxLength": 255}, "Description": TEXT, "TaskSubtype": {"enum": ["Call", "Task", "Email"]},
                 "Status": TEXT, "Priority": TEXT, "ActivityDate": {"type": "string", "format": "date"}}, ["Subject"]),
    ),
    (
        "salesforce POST /sobjects/PendingServiceRouting",
        "Salesforce object reference, PendingServiceRouting (2026-11-22)",
        "POST", _SALESFORCE + r"/sobjects/(PendingServiceRouting|SkillRequirement|CaseComment)",
        {"type": "object"},
    ),
    (
        "salesforce GET /query",
        "Salesforce REST API, Query (2026-11-22)",
        "GET", _SALESFORCE + r"/query\?q=SELECT%20[A-Za-z0-9%_.-]+", None,
    ),
    (
        "genesys POST /api/v2/conversations/callbacks",
        "PureCloudPlatformClientV2 269.0.0, CreateCallbackCommand",
        "POST", r"https://api\.[^/]+/api/v2/conversations/callbacks",
        _object(
            {"scriptId": TEXT, "queueId": {"type": "string", "minLength": 1}, "routingData": {"type": "object"},
             "callbackUserName": TEXT, "callbackNumbers": {"type": "array", "items": TEXT, "minItems": 1},
             "callbackScheduledTime": {"type": "string", "format": "date-time"}, "countryCode": TEXT,
             "validateCallbackNumbers": {"type": "boolean"}, "data": TEXTS, "callerId": TEXT, "callerIdName": TEXT},
            ["callbackNumbers", "queueId"],
        ),
    ),
    (
        "genesys GET /api/v2/conversations/messages/{conversationId}",
        "PureCloudPlatformClientV2 269.0.0, get_conversations_message",
        "GET", r"https://api\.[^/]+/api/v2/conversations/messages/[^/?]+", None,
    ),
    (
        "genesys PATCH /api/v2/conversations/messages/{conversationId}/participants/{participantId}",
        "PureCloudPlatformClientV2 269.0.0, MediaParticipantRequest",
        "PATCH", r"https://api\.[^/]+/api/v2/conversations/messages/[^/?]+/participants/[^/?]+",
        _object({"state": {"const": "disconnected"}}, ["state"]),
    ),
    (
        "genesys PATCH /api/v2/conversations/callbacks/{conversationId}",
        "PureCloudPlatformClientV2 269.0.0, patch_conversations_callback (Conversation)",
        "PATCH", r"https://api\.[^/]+/api/v2/conversations/callbacks/[^/?]+",
        _object({"state": {"const": "disconnected"}}, ["state"]),
    ),
    (
        "genesys GET estimatedwaittime of a callback",
        "PureCloudPlatformClientV2 269.0.0, EstimatedWaitTimePredictions",
        "GET", r"https://api\.[^/]+/api/v2/routing/queues/[^/?]+/mediatypes/(message|callback)/estimatedwaittime", None,
    ),
    *salesforce.OPERATIONS,
]


def faults(request):
    """The label of a request's operation and what is wrong with it; one that is nowhere described is wrong."""
    for label, _, method, address, schema in OPERATIONS:
        if method != request["method"] or not re.fullmatch(address, request["url"]):
            continue
        if schema is None:
            return label, (["a body where none is taken"] if request["body"] else [])
        if request["content_type"] != "application/json":
            return label, [f"takes application/json, not {request['content_type']}"]
        validator = Draft7Validator(schema, format_checker=FormatChecker())
        errors = validator.iter_errors(json.loads(request["body"]))
        return label, [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in errors]
    return "undescribed", [f"{request['method']} {request['url']}: nothing describes this"]
