"""Salesforce messaging: Messaging for In-App and Web v2 and the Interaction Service v1, of which no description is published."""

TEXT = {"type": "string"}
FILLED = {"type": "string", "minLength": 1}
TEXTS = {"type": "object", "additionalProperties": TEXT}
UUID = {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
HOST = r"https://[A-Za-z0-9-]+\.my\.salesforce-scrt\.com"


def _object(properties, required=None):
    needed = list(properties) if required is None else list(required)
    return {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}


_MESSAGE = {"id": UUID, "messageType": {"const": "StaticContentMessage"},
            "staticContent": _object({"formatType": {"const": "Text"}, "text": TEXT})}
_PARTICIPANT = _object({"subject": FILLED, "role": {"enum": ["EndUser", "Chatbot", "Agent"]}, "appType": FILLED})
_ENTRY = _object({"clientTimestamp": {"type": "string", "pattern": "^-?[0-9]+$"}, "sender": _PARTICIPANT,
                  "entryPayload": _object({"entryType": {"const": "Message"}, "id": UUID, "abstractMessage": _object(_MESSAGE)})})
_WEB = "developer.salesforce.com, Messaging for In-App and Web API v2 (2026-11-22)"
_SERVICE = "developer.salesforce.com, Interaction Service API reference, 63.0 (2026-11-22)"

_RECORDS = "Salesforce object reference, PendingServiceRouting (2026-11-22)"
_ROUTING = r"https://[A-Za-z0-9-]+\.my\.salesforce\.com/services/data/v\d+\.0/sobjects/PendingServiceRouting/[A-Za-z0-9]{15,18}"

OPERATIONS = [
    ("salesforce PATCH /sobjects/PendingServiceRouting/{id}", _RECORDS, "PATCH", _ROUTING,
     _object({"IsReadyForRouting": {"const": True}})),
    ("salesforce DELETE /sobjects/PendingServiceRouting/{id}", _RECORDS, "DELETE", _ROUTING, None),
    ("salesforce messaging access token", _WEB, "POST", HOST + r"/iamessage/api/v2/authorization/unauthenticated/access-token",
     _object({"orgId": {"type": "string", "pattern": "^00D[A-Za-z0-9]{12}$"}, "esDeveloperName": FILLED,
              "capabilitiesVersion": {"const": "1"}, "platform": {"const": "Web"}})),
    ("salesforce messaging conversation", _WEB, "POST", HOST + r"/iamessage/api/v2/conversation",
     _object({"conversationId": UUID, "esDeveloperName": FILLED, "routingAttributes": TEXTS})),
    ("salesforce messaging message", _WEB, "POST", HOST + r"/iamessage/api/v2/conversation/[0-9a-f-]{36}/message",
     _object({"message": _object(_MESSAGE), "esDeveloperName": FILLED, "isNewMessagingSession": {"type": "boolean"},
              "routingAttributes": TEXTS})),
    ("salesforce messaging end of a conversation", _WEB, "DELETE",
     HOST + r"/iamessage/api/v2/conversation/[0-9a-f-]{36}\?esDeveloperName=[^&]+", None),
    ("salesforce interaction conversation", _SERVICE, "POST", HOST + r"/api/v1/conversation",
     _object({"channelAddressIdentifier": {"type": "string", "minLength": 1, "maxLength": 240},
              "participants": {"type": "array", "minItems": 1, "items": _PARTICIPANT}})),
    ("salesforce interaction conversationHistory", _SERVICE, "POST", HOST + r"/api/v1/conversationHistory",
     _object({"channelAddressIdentifier": {"type": "string", "minLength": 1, "maxLength": 240},
              "conversationIdentifier": {"type": "string", "minLength": 1, "maxLength": 240},
              "conversationParticipants": {"type": "array", "minItems": 1, "maxItems": 3, "items": _object(
                  {"displayName": FILLED, "participant": _PARTICIPANT, "joinedTime": TEXT})},
              "conversationEntries": {"type": "array", "minItems": 1, "maxItems": 5, "items": _ENTRY}})),
    ("salesforce interaction route", _SERVICE, "POST", HOST + r"/api/v1/route",
     _object({"conversationIdentifier": FILLED, "workItemId": FILLED, "routingType": {"enum": ["Initial", "Transfer"]},
              "routingInfo": {"oneOf": [_object({"flow": _object({"flowId": FILLED, "queueId": FILLED}, ["flowId"])}),
                                        _object({"queueId": FILLED})]},
              "routingAttributes": TEXTS}, ["conversationIdentifier", "workItemId", "routingType"])),
    ("salesforce interaction end of a route", _SERVICE, "DELETE", HOST + r"/api/v1/route",
     _object({"conversationIdentifier": FILLED})),
]
