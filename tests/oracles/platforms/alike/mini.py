"""Small packages written by hand, whose answers are known: what the interpreters are tested on."""

import json
import pathlib
import urllib.parse
import uuid


def write(root, path, document):
    file = pathlib.Path(root, path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def identity(text):
    return str(uuid.uuid5(uuid.NAMESPACE_URL, text))


def encoded(name):
    """A file name of a CX package."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c in " ._-") else urllib.parse.quote(c).lower() for c in name)
    return kept.replace("~", "%7e")


def text(line):
    return {"text": {"text": [line]}, "languageCode": "en"}


def route(name, to=None, intent=None, condition=None, flow=None, **fulfillment):
    made = {"name": identity("route " + name), "triggerFulfillment": fulfillment}
    for key, value in (("intent", intent), ("condition", condition), ("targetPage", to), ("targetFlow", flow)):
        if value is not None:
            made[key] = value
    return made


def event(name, to=None, **fulfillment):
    made = {"name": identity("event " + name + str(to)), "event": name, "triggerFulfillment": fulfillment}
    return {**made, "targetPage": to} if to else made


def preset(name, value):
    return {"parameter": name, "value": value}


def cx_page(name, entry=None, form=(), routes=(), events=(), groups=()):
    made = {"name": identity("page " + name), "displayName": name, "form": {"parameters": list(form)}}
    made["entryFulfillment"] = entry or {}
    return {**made, "transitionRoutes": list(routes), "eventHandlers": list(events), "transitionRouteGroups": list(groups)}


def cx_parameter(name, kind, prompt, reprompts=(), required=True):
    behaviour = {"initialPromptFulfillment": {"messages": [text(prompt)]}, "repromptEventHandlers": list(reprompts)}
    return {"displayName": name, "entityType": kind, "required": required, "fillBehavior": behaviour}


def cx_agent(root, flows, intents=(), groups=None, webhooks=("policy",), entities=None):
    """`flows`: {name: (routes, events, groups of the start page, pages, groups of the flow)}; the first one starts."""
    write(root, "agent.json", {"defaultLanguageCode": "en", "timeZone": "Europe/London", "startFlow": next(iter(flows))})
    for name, (routes, events, named, pages, own) in flows.items():
        home = "flows/%s/" % encoded(name)
        document = {"name": identity("flow " + name), "displayName": name, "transitionRoutes": routes, "eventHandlers": events}
        document |= {"transitionRouteGroups": named, "nluSettings": {"modelType": "MODEL_TYPE_ADVANCED", "classificationThreshold": 0.3}}
        write(root, home + encoded(name) + ".json", document)
        for page in pages:
            write(root, home + "pages/%s.json" % encoded(page["displayName"]), page)
        for group, inside in own.items():
            made = {"name": identity("group " + group), "displayName": group, "transitionRoutes": inside}
            write(root, home + "transitionRouteGroups/%s.json" % encoded(group), made)
    for group, inside in (groups or {}).items():
        made = {"name": identity("group " + group), "displayName": group, "transitionRoutes": inside}
        write(root, "agentTransitionRouteGroups/%s.json" % encoded(group), made)
    for name in intents:
        made = {"name": identity("intent " + name), "displayName": name, "priority": 500000}
        write(root, "intents/%s/%s.json" % (encoded(name), encoded(name)), made)
    for name in webhooks:
        made = {"name": identity("webhook " + name), "displayName": name, "genericWebService": {"uri": "https://example.invalid/"}}
        write(root, "webhooks/%s.json" % encoded(name), made)
    for name, (kind, entries) in (entities or {}).items():
        home = "entityTypes/%s/" % encoded(name)
        write(root, home + encoded(name) + ".json", {"name": identity("entity " + name), "displayName": name, "kind": kind})
        listed = [{"value": value, "synonyms": words, "languageCode": "en"} for value, words in entries]
        write(root, home + "entities/en.json", {"entities": listed})


# -- Lex


def step(kind=None, slot=None, intent=None, attributes=None):
    action = {"type": kind, "slotToElicit": slot, "suppressNextMessage": None} if kind else None
    return {"dialogAction": action, "intent": {"name": intent, "slots": {}}, "sessionAttributes": attributes or {}}


def response(line):
    plain = {"plainTextMessage": {"value": line}, "customPayload": None, "ssmlMessage": None, "imageResponseCard": None}
    return {"messageGroupsList": [{"message": plain, "variations": None}], "allowInterrupt": True}


def branches(default, *rows):
    """`rows`: (name, expression, next step, words)."""
    made = [
        {"name": name, "condition": {"expressionString": when}, "nextStep": to, "response": response(line) if line else None}
        for name, when, to, line in rows
    ]
    return {"isActive": True, "conditionalBranches": made, "defaultBranch": {"nextStep": default, "response": None}}


def hook(label, success, failure, timeout=None):
    after = {"successNextStep": success, "failureNextStep": failure, "timeoutNextStep": timeout or failure}
    return {"isActive": True, "enableCodeHookInvocation": True, "invocationLabel": label, "postCodeHookSpecification": after}


def lex_bot(root, intents, types=None):
    """`intents`: {name: (initial response setting, {slot: (type, prompt, retries, capture setting)})}."""
    write(root, "Manifest.json", {"metaData": {"schemaVersion": "1", "fileFormat": "LexJson", "resourceType": "BOT"}})
    write(root, "Mini/Bot.json", {"name": "Mini", "version": "DRAFT", "identifier": "MINI"})
    home = "Mini/BotLocales/en_US/"
    write(root, home + "BotLocale.json", {"name": "English (US)", "identifier": "en_US", "nluConfidenceThreshold": 0.4})
    for name, (initial, slots) in intents.items():
        signature = "AMAZON.FallbackIntent" if name == "FallbackIntent" else None
        made = {"name": name, "parentIntentSignature": signature, "initialResponseSetting": initial}
        made["slotPriorities"] = [{"priority": at, "slotName": slot} for at, slot in enumerate(slots)]
        write(root, home + "Intents/%s/Intent.json" % name, made)
        for slot, (kind, prompt, retries, capture) in slots.items():
            setting = {"slotConstraint": "Required", "promptSpecification": {**response(prompt), "maxRetries": retries}}
            setting["slotCaptureSetting"] = capture
            made = {"name": slot, "slotTypeName": kind, "valueElicitationSetting": setting}
            write(root, home + "Intents/%s/Slots/%s/Slot.json" % (name, slot), made)
    for name, (strategy, values) in (types or {}).items():
        listed = [{"sampleValue": {"value": one}, "synonyms": [{"value": w} for w in words]} for one, words in values]
        made = {"name": name, "slotTypeValues": listed, "valueSelectionSetting": {"resolutionStrategy": strategy}}
        write(root, home + "SlotTypes/%s/SlotType.json" % name, made)


# -- Connect


def action(identifier, kind, parameters=None, to=None, conditions=(), errors=()):
    after = {"NextAction": to} if to else {}
    if conditions:
        after["Conditions"] = [
            {"NextAction": target, "Condition": {"Operator": operator, "Operands": [operand]}}
            for operator, operand, target in conditions
        ]
    if errors:
        after["Errors"] = [{"ErrorType": one, "NextAction": target} for one, target in errors]
    return {"Identifier": identifier, "Type": kind, "Parameters": parameters or {}, "Transitions": after}


def connect_flow(*actions):
    return {"Version": "2019-10-30", "StartAction": actions[0]["Identifier"], "Metadata": {}, "Actions": list(actions)}
