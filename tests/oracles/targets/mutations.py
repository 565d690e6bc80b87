"""Requests that are broken on purpose: each must be refused, or the check is worth nothing."""

import json
import urllib.parse


def _json(change):
    def broken(request):
        body = json.loads(request["body"])
        change(body)
        request["body"] = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return broken


def _form(change):
    def broken(request):
        fields = dict(urllib.parse.parse_qsl(request["body"], keep_blank_values=True))
        change(fields)
        request["body"] = urllib.parse.urlencode(fields)
    return broken


def _routing(change):
    def inner(fields):
        routing = json.loads(fields["Routing"])
        change(routing["properties"])
        fields["Routing"] = json.dumps(routing, ensure_ascii=False, separators=(",", ":"))
    return _form(inner)


def _set(*path, to):
    def change(body):
        for step in path[:-1]:
            body = body[step]
        body[path[-1]] = to
    return change


def _gone(*path):
    def change(body):
        for step in path[:-1]:
            body = body[step]
        del body[path[-1]]
    return change


def _method(request):
    request["method"] = "DELETE"


def _url(old, new):
    def broken(request):
        assert old in request["url"], request["url"]
        request["url"] = request["url"].replace(old, new)
    return broken


def _kind(request):
    request["content_type"] = "text/plain"


# (part of the address of the request, what is done to it)
MUTATIONS = [
    ("zendesk.com/api/v2/tickets", "no ticket", _json(_set("ticket", to=[]))),
    ("zendesk.com/api/v2/tickets", "another priority", _json(_set("ticket", "priority", to="at once"))),
    ("zendesk.com/api/v2/tickets", "a name nobody knows", _json(_set("ticket", "colour", to="red"))),
    ("zendesk.com/api/v2/tickets", "a field without its id", _json(_set("ticket", "custom_fields", to=[{"value": 1}]))),
    ("zendesk.com/api/v2/tickets", "a comment too long", _json(_set("ticket", "comment", "body", to="x" * 65001))),
    ("/passControl", "an object in metadata", _json(_set("metadata", "x", to={"a": 1}))),
    ("/passControl", "metadata too large", _json(_set("metadata", "x", to="é" * 2048))),
    ("/passControl", "nobody to pass to", _json(_gone("switchboardIntegration"))),
    ("/iamessage/api/v2/conversation", "a number among the attributes", _json(_set("routingAttributes", "x", to=1))),
    ("/access-token", "another platform", _json(_set("platform", to="Desk"))),
    ("/message", "a message without its id", _json(_gone("message", "id"))),
    ("/v5.3.0/sessions/", "a transfer that neither succeeds nor fails", _json(_set("message", "type", to="transferred"))),
    ("/v5.3.0/sessions/", "a message without its number", _json(_gone("message", "sequenceId"))),
    ("/sobjects/Case/", "a number for a subject", _json(_set("Subject", to=1))),
    ("/sobjects/Case/", "a subject too long", _json(_set("Subject", to="x" * 256))),
    ("/sobjects/Case/", "a description too long", _json(_set("Description", to="é" * 16001))),
    ("/sobjects/Case/", "a name nobody knows", _json(_set("Colour", to="red"))),
    ("/v1/Interactions", "no channel", _form(_gone("Channel"))),
    ("/v1/Interactions", "a workspace that is none", _routing(_set("workspace_sid", to="WS1"))),
    ("/v1/Interactions", "a priority in words", _routing(_set("priority", to="high"))),
    ("/v1/Interactions", "attributes in a text", _routing(_set("attributes", to="{}"))),
    ("/v1/Interactions", "attributes too long", _routing(_set("attributes", "x", to="é" * 4096))),
    ("/v1/Interactions", "another form", _kind),
    ("/Tasks", "a timeout too long", _form(_set("Timeout", to="1209601"))),
    ("/Tasks", "a workflow that is none", _form(_set("WorkflowSid", to="{{workflow_sid}}"))),
    ("/Tasks", "a name nobody knows", _form(_set("Colour", to="red"))),
    ("/inbound/open/message", "text that is none", _json(_set("text", to=1))),
    ("/inbound/open/message", "a number among attributes", _json(_set("channel", "metadata", "customAttributes", "n", to=1))),
    ("/inbound/open/message", "another kind of id", _json(_set("channel", "from", "idType", to="Passport"))),
    ("/inbound/open/message", "an attribute too long", _json(_set("channel", "metadata", "customAttributes", "n", to="x" * 257))),
    ("/inbound/open/message", "a name nobody knows", _json(_set("channel", "colour", to="red"))),
    ("/inbound/open/message", "attributes too many", _json(_set("channel", "metadata", "customAttributes", to={f"a{n}": "" for n in range(51)}))),
    ("/attributes", "attributes in a list", _json(_set("attributes", to=[]))),
    ("/conversations/callbacks", "nobody to call", _json(_set("callbackNumbers", to=[]))),
    ("/contact/chat", "no flow", _json(_gone("ContactFlowId"))),
    ("/contact/chat", "a dot in a key", _json(_set("Attributes", "a.b", to="1"))),
    ("/contact/chat", "a name too long", _json(_set("ParticipantDetails", "DisplayName", to="x" * 257))),
    ("/contact/chat", "attributes too large", _json(_set("Attributes", "x", to="é" * 16384))),
    ("/contact/chat", "a message too large", _json(_set("InitialMessage", "Content", to="é" * 8193))),
    ("/contact/chat", "a name nobody knows", _json(_set("Colour", to="red"))),
    ("/contact/chat", "another method", _method),
    ("/contact/task", "another kind of reference", _json(_set("References", to={"a": {"Type": "PIGEON", "Value": "b"}}))),
    ("/contact/task", "a description too long", _json(_set("Description", to="x" * 4097))),
    ("/routing-data", "a priority of nothing", _json(_set("QueuePriority", to=0))),
    ("/metrics/contact", "a metric nobody has", _json(_set("Metrics", to=[{"Name": 7}]))),
    ("/metrics/contact", "an instance that is none", _json(_set("InstanceId", to="i-1"))),
    ("/activities", "another event", _json(_set("name", to="handoff.begin"))),
    ("/activities", "a value that is none", _json(_set("value", to="help"))),
    ("/activities", "a transcript of nothing", _json(_set("attachments", to=[{"name": "Transcript"}]))),
    ("/activities", "another place", _url("/v3/", "/v9/")),
]
