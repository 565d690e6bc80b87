"""The limits that no description enforces, measured on the exact text that is sent."""

import json
import pathlib
import re
import urllib.parse


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def body_of(request):
    """A body as JSON; a form as its fields, JSON within it read."""
    if not request["body"]:
        return {}
    if request["content_type"] == "application/x-www-form-urlencoded":
        fields = dict(urllib.parse.parse_qsl(request["body"], keep_blank_values=True))
        return {key: json.loads(text) if text[:1] in "{[" else text for key, text in fields.items()}
    return json.loads(request["body"])


def _at(value, *path):
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return [] if value is None else [value]


def _task(request, body):
    if request["url"].endswith("/v1/Interactions"):
        return _at(body, "Routing", "properties", "attributes")
    return _at(body, "Attributes") if "/Tasks" in request["url"] else []


def _participant(request, body):
    if "api." not in request["url"].split("/")[2]:
        return []
    found = _at(body, "channel", "metadata", "customAttributes") + _at(body, "attributes") + _at(body, "data")
    return found + _at(body, "parameters")


def _of(part, *path):
    return lambda request, body: _at(body, *path) if part in request["url"] else []


def _references(request, body):
    if "/contact/task" not in request["url"]:
        return []
    return [text for name, entry in body.get("References", {}).items() for text in (name, entry["Value"])]


_CONTACT = "amazonaws.com/contact/"
# (target, object, field) of a row of the overlay: what it measures of a request.
MEASURES = {
    ("zendesk.sunco", "passControl|offerControl|releaseControl|acceptControl", "metadata"):
        lambda request, body: [compact(m) for m in _at(body, "metadata")] if "Control" in request["url"] else [],
    ("zendesk.sunco", "request", "json body"):
        lambda request, body: [request["body"]] if "/sc/v2/" in request["url"] else [],
    ("zendesk.sunco", "message.text", "content.text"): _of("/sc/v2/", "content", "text"),
    ("zendesk.tickets", "comment", "body"): _of("/api/v2/tickets", "ticket", "comment", "body"),
    ("salesforce.case", "Case", "Subject"): _of("/sobjects/Case/", "Subject"),
    ("salesforce.case", "Case", "Description"): _of("/sobjects/Case/", "Description"),
    ("salesforce.case", "Case", "SuppliedName|SuppliedCompany"):
        lambda request, body: _at(body, "SuppliedName") + _at(body, "SuppliedCompany")
        if "/sobjects/Case/" in request["url"] else [],
    ("salesforce.case", "CaseComment", "CommentBody"): _of("/sobjects/CaseComment", "CommentBody"),
    ("salesforce.interaction", "conversationHistory", "entries per call"):
        lambda request, body: [len(e) for e in _at(body, "conversationEntries")],
    ("salesforce.interaction", "conversationHistory", "participants per call"):
        lambda request, body: [len(e) for e in _at(body, "conversationParticipants")],
    ("salesforce.interaction", "conversationHistory", "channelAddressIdentifier|conversationIdentifier"):
        lambda request, body: _at(body, "channelAddressIdentifier") + _at(body, "conversationIdentifier")
        if "conversationHistory" in request["url"] else [],
    ("twilio.taskrouter", "Task", "Attributes (whole JSON string, whitespace counts)"):
        lambda request, body: [compact(a) for a in _task(request, body)],
    ("twilio.taskrouter", "Task", "Timeout"): lambda request, body: [int(t) for t in _at(body, "Timeout")],
    ("twilio.taskrouter", "Task", "Priority"):
        lambda request, body: [int(p) for p in _at(body, "Routing", "properties", "priority") + _at(body, "Priority")]
        if "twilio.com" in request["url"] else [],
    ("twilio.conversations", "Conversation", "Attributes"):
        lambda request, body: [compact(a) for a in _at(body, "Attributes")]
        if "conversations.twilio.com" in request["url"] else [],
    ("genesys", "bot flow Set Participant Data", "attribute value"):
        lambda request, body: [value for data in _participant(request, body) for value in data.values()],
    ("genesys", "bot flow Set Participant Data", "attributes per session"):
        lambda request, body: [len(data) for data in _participant(request, body)],
    ("connect", "contact", "Attributes total"):
        lambda request, body: [sum(len((k + v).encode()) for k, v in a.items()) for a in _at(body, "Attributes")]
        if _CONTACT in request["url"] else [],
    ("connect", "contact", "Attributes key"):
        lambda request, body: [key for a in _at(body, "Attributes") for key in a] if _CONTACT in request["url"] else [],
    ("connect", "StartChatContact", "InitialMessage.Content"): _of(_CONTACT, "InitialMessage", "Content"),
    ("connect", "StartChatContact", "ParticipantDetails.DisplayName"): _of(_CONTACT, "ParticipantDetails", "DisplayName"),
    ("connect", "StartChatContact", "ClientToken"): _of(_CONTACT, "ClientToken"),
    ("connect", "StartTaskContact", "Name"): _of(_CONTACT, "Name"),
    ("connect", "StartTaskContact", "Description"): _of(_CONTACT, "Description"),
    ("connect", "StartTaskContact", "References key|value"): _references,
}
# Rows that no single request can pass or break.
ELSEWHERE = {
    ("zendesk.sunco", "switchboardIntegration", "messageHistoryCount"): "set once at the switchboard, not by a request",
    ("zendesk.sunco", "switchboard", "integrations"): "set once at the switchboard, not by a request",
    ("zendesk.sunco", "conversation", "messages"): "grows over a conversation",
    ("zendesk.tickets", "ticket", "comments"): "grows over a ticket",
    ("zendesk.tickets", "ticket", "custom_fields[]"): "the patch of the description says it",
    ("salesforce.miaw", "authorization", "access tokens"): "a rate",
    ("salesforce.miaw", "org", "active enhanced sessions"): "of the whole org",
    ("salesforce.miaw", "conversation", "routingAttributes"): "the administrator's own number: the set-up file gives it",
    ("twilio.taskrouter", "Workflow", "Configuration"): "a set-up file: setups.py",
    ("twilio.studio", "send-to-flex", "attributes"): "no request goes through Studio",
    ("twilio.flex", "WebChats", "PreEngagementData"): "no request starts a web chat",
    ("twilio.conversations", "Message", "Attributes"): "no message is written",
    ("twilio.conversations", "Message", "Body inbound|chat"): "no message is written",
    ("genesys", "platform API", "requests per minute per OAuth client"): "a rate",
    ("connect", "StartChatContact", "ChatDurationInMinutes"): "never sent: the account's own holds",
    ("connect", "StartChatContact", "rate/burst per second"): "a rate",
}


class Limits:
    """The overlay; every row is measured or says why not."""

    def __init__(self, folder):
        rows = json.loads((pathlib.Path(folder) / "limits-overlay.json").read_text(encoding="utf-8"))["limits"]
        self.rows, self.odd = [], []
        for row in rows:
            key = (row["target"], row["object"], row["field"])
            if key in MEASURES:
                self.rows.append((row, MEASURES[key]))
            elif key not in ELSEWHERE:
                self.odd.append(f"{key}: the overlay has a limit that is not measured")
        self.measured = {}

    def faults(self, request):
        """Which limits a request passes."""
        faults, body = [], body_of(request)
        if not isinstance(body, dict):
            return faults
        for row, measure in self.rows:
            for value in measure(request, body):
                if not isinstance(value, (int, str)):
                    value = compact(value)
                name = f"{row['target']} {row['object']} {row['field']}"
                self.measured[name] = self.measured.get(name, 0) + 1
                if not _holds(row, value):
                    shown = value if isinstance(value, int) else f"{len(value)} characters"
                    faults.append(f"{name}: {shown}, limit {row['limit']} {row['unit']}")
        return faults


def _holds(row, value):
    unit, limit = row["unit"], row["limit"]
    if unit == "regex":
        return re.fullmatch(limit, value) is not None
    if isinstance(value, int):
        return value <= limit
    return (len(value.encode()) if unit == "bytes" else len(value)) <= limit
