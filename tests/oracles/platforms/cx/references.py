"""What no vendor's tool looks at: references, conditions, and the rules that hold an exported agent together."""

import re
import urllib.parse
import uuid

import language
from package import SYMBOLS, objects

PLAIN = re.compile(r"[A-Za-z0-9 ._-]")
FIXED = {
    "flows": {"Default Start Flow": "00000000-0000-0000-0000-000000000000"},
    "intents": {
        "Default Welcome Intent": "00000000-0000-0000-0000-000000000000",
        "Default Negative Intent": "00000000-0000-0000-0000-000000000001",
    },
}
# What the service writes, beside what the routes set.
SERVICE = {
    "handoff_port",
    "handoff_unwind",
    "handoff_at",
    "handoff_state",
    "handoff_tier",
    "handoff_priority",
    "handoff_reasons",
    "handoff_request",
}


def faults(agent, sound=True):
    """Everything that is wrong. A flow that is not sound, such as one that was drawn at random, may have cards that
    nothing leads to and branches behind one that always holds; so has its agent."""
    found = []
    for check in (start, names, ids, routes, conditions, values, pages, webhooks, tests):
        found += check(agent)
    return found + (order_of_routes(agent) + reachable(agent) if sound else [])


def start(agent):
    """The agent itself."""
    file = next((file for file in agent.files if file.path == "agent.json"), None)
    if file is None:
        return ["agent.json is missing at the root"]
    if file.value.get("startFlow") not in agent.flows():
        return ["agent.json: startFlow %r is no flow" % file.value.get("startFlow")]
    return []


def encoded(name):
    return "".join(c if PLAIN.match(c) else "".join("%%%02x" % byte for byte in c.encode()) for c in name)


def names(agent):
    """File names are display names, percent-encoded; none differ in case alone."""
    found, seen = [], {}
    for file in agent.files:
        if file.name is None:
            continue
        if file.stem != encoded(file.name):
            found.append("%s: the file of %r is named %r" % (file.path, file.name, encoded(file.name)))
        key = (file.kind, file.flow if file.kind != "flows" else None, file.name.lower())
        if seen.setdefault(key, file.path) != file.path:
            found.append("%s: %s differs in upper and lower case alone" % (file.path, seen[key]))
    for kind, fixed in FIXED.items():
        for name, known in fixed.items():
            own = next((file.value.get("name") for file in agent.of(kind) if file.name == name), None)
            if own != known:
                found.append("%s %s has the id %s and not %s" % (kind, name, own, known))
    return found


def ids(agent):
    """Every name of the API is a UUID that no other thing of its kind has."""
    found, seen = [], {}
    for file in agent.files:
        for place in objects(file.value):
            name = place.get("name")
            if not isinstance(name, str) or "flow" in place or list(place) == ["name"]:
                continue
            try:
                uuid.UUID(name)
            except ValueError:
                found.append("%s: %r is no UUID" % (file.path, name))
                continue
            key = (file.kind, name)
            if key in seen:
                found.append("%s: the id %s is that of %s" % (file.path, name, seen[key]))
            seen[key] = file.path
    return found


def routes(agent):
    """Everything that is named is there."""
    found = []
    intents, flows = agent.called("intents"), agent.flows()
    webhooks, entities = agent.called("webhooks"), agent.called("entityTypes")
    for file in agent.files:
        of_agent = file.kind == "agentTransitionRouteGroups"
        if file.flow is None and not of_agent and file.kind != "intents":
            continue
        own = agent.called("flows/pages", file.flow) if file.flow else set()
        groups = agent.groups(file.flow) if file.flow else {}
        checks = (
            ("targetPage", lambda name: name in own or name in SYMBOLS),
            ("targetFlow", lambda name: name in flows),
            ("intent", lambda name: name in intents),
            ("webhook", lambda name: name in webhooks),
            ("entityType", lambda name: name.startswith("@sys.") or name[1:] in entities),
        )
        for place in objects(file.value):
            for key, known in checks:
                name = place.get(key)
                if isinstance(name, str) and not known(name):
                    found.append("%s: %s %r is not in the agent" % (file.path, key, name))
            for name in place.get("transitionRouteGroups") or ():
                if name not in groups:
                    found.append("%s: the route group %r is not in the agent" % (file.path, name))
            if "webhook" in place and not place.get("tag"):
                found.append("%s: a webhook is called without a tag" % file.path)
            if "targetPage" in place and "targetFlow" in place:
                found.append("%s: a route leads to two places" % file.path)
    return found


def set_somewhere(agent):
    """Session parameters that have a value sooner or later."""
    known = set(SERVICE) | set(agent.names.get("parameters") or ())
    for file in agent.files:
        for place in objects(file.value):
            if "parameter" in place:
                known.add(place["parameter"])
        for parameter in (file.value.get("form") or {}).get("parameters") or ():
            known.add(parameter["displayName"])
    return known


def conditions(agent):
    """Every condition can be read, names what is known, and guards what may be unset."""
    found, known = [], set_somewhere(agent)
    unsettable = set(agent.names.get("parameters") or ())
    for file in agent.files:
        for place in objects(file.value):
            condition = place.get("condition")
            if condition is None:
                continue
            try:
                tree = language.parse(condition)
            except language.Wrong as error:
                found.append("%s: the condition %r %s" % (file.path, condition, error))
                continue
            for name in sorted(language.parameters(tree) - known):
                found.append("%s: nothing sets the parameter %r" % (file.path, name))
            for name in language.guarded(tree, unsettable):
                found.append("%s: %r may be unset in %r" % (file.path, name, condition))
    return found


def values(agent):
    """Parameters are set to plain values or to functions that are known."""
    found = []
    for file in agent.files:
        for place in objects(file.value):
            value = place.get("value")
            if "parameter" in place and isinstance(value, str) and value.startswith("$"):
                if not language.VALUE.fullmatch(value):
                    found.append("%s: %s is set to %r" % (file.path, place["parameter"], value))
    return found


def pages(agent):
    """What every page and flow needs so that nobody waits for nothing."""
    found = []
    for file in agent.of("flows"):
        events = {handler["event"] for handler in file.value.get("eventHandlers") or ()}
        for event in ("sys.no-match-default", "sys.no-input-default", "webhook.error"):
            if event not in events:
                found.append("%s: no handler of %s" % (file.path, event))
        threshold = (file.value.get("nluSettings") or {}).get("classificationThreshold")
        if not isinstance(threshold, (int, float)) or not 0 <= threshold <= 1:
            found.append("%s: the threshold is %r" % (file.path, threshold))
    for file in agent.of("flows/pages"):
        own = file.value.get("transitionRoutes") or []
        handlers = file.value.get("eventHandlers") or []
        events = {handler["event"] for handler in handlers}
        if "webhook" in (file.value.get("entryFulfillment") or {}) and "webhook.error" not in events:
            found.append("%s: a webhook that fails leaves the customer here" % file.path)
        routes_of = own + [
            route
            for name in file.value.get("transitionRouteGroups") or ()
            for route in (agent.groups(file.flow)[name].value["transitionRoutes"] if name in agent.groups(file.flow) else ())
        ]
        leads = [route for route in routes_of if "targetPage" in route or "targetFlow" in route]
        sure = any(route.get("condition") == "true" for route in leads)
        calls = any("targetFlow" in route for route in leads)
        waits = not sure and "sys.no-match-default" in events
        if not sure and not waits and not calls:
            found.append("%s: neither waits nor leads anywhere in any case" % file.path)
        if waits and not any(route.get("condition") == "$session.params.heard = true" for route in leads):
            found.append("%s: waits and hears nothing" % file.path)
    for file in agent.files:
        for place in objects(file.value):
            found += order(file, place.get("messages"))
    return found


def order_of_routes(agent):
    """Nothing stands behind a route that always holds, unless that calls a flow, and no page leads to itself for sure."""
    found = []
    for file in agent.of("flows/pages"):
        leads = [route for route in file.value.get("transitionRoutes") or () if "targetPage" in route or "targetFlow" in route]
        sure = [route for route in leads if route.get("condition") == "true"]
        if sure and sure[0] is not leads[-1] and "targetFlow" not in sure[0]:
            found.append("%s: routes behind the one that always holds" % file.path)
        if any(route.get("targetPage") == file.name for route in sure):
            found.append("%s: leads to itself" % file.path)
    return found


def order(file, messages):
    """Words stand before the request, or they are swallowed."""
    kinds = ["text" if "text" in message else "other" for message in messages or () if isinstance(message, dict)]
    asked = [i for i, message in enumerate(messages or ()) if "liveAgentHandoff" in message]
    return ["%s: words behind liveAgentHandoff" % file.path for i in asked[:1] if "text" in kinds[i:]]


def reachable(agent):
    """Every page is entered from the start page of its flow."""
    found = []
    for flow in agent.of("flows"):
        groups = agent.groups(flow.name)
        own = {file.name: file for file in agent.of("flows/pages", flow.name)}
        seen, ahead = set(), [flow]
        while ahead:
            file = ahead.pop()
            targets = {place.get("targetPage") for place in objects(file.value)}
            for name in file.value.get("transitionRouteGroups") or ():
                if name in groups:
                    targets |= {place.get("targetPage") for place in objects(groups[name].value)}
            for name in sorted((targets & set(own)) - seen):
                seen.add(name)
                ahead.append(own[name])
        found += ["%s: no page leads here" % own[name].path for name in sorted(set(own) - seen)]
        linked = {name for file in [flow, *own.values()] for name in file.value.get("transitionRouteGroups") or ()}
        for file in agent.of("flows/transitionRouteGroups", flow.name):
            if file.name not in linked:
                found.append("%s: no page has this route group" % file.path)
    for file in agent.of("agentTransitionRouteGroups"):
        for place in objects(file.value):
            if place.get("targetPage") is not None and place["targetPage"] not in SYMBOLS:
                found.append("%s: a group of the agent leads to the page %r" % (file.path, place["targetPage"]))
    return found


def webhooks(agent):
    """Time limits as the platform has them; a header for the secret, and no secret."""
    found = []
    for file in agent.of("webhooks"):
        limit = file.value.get("timeout")
        seconds = limit.get("seconds") if isinstance(limit, dict) else None
        if not isinstance(seconds, int) or not 1 <= seconds <= 30:
            found.append("%s: the time limit is %r" % (file.path, seconds))
        headers = file.value["genericWebService"].get("requestHeaders")
        headers = {one["key"]: one.get("value", "") for one in headers} if isinstance(headers, list) else {}
        if headers.get("X-Handoff-Token") != "":
            found.append("%s: X-Handoff-Token is to be there and empty" % file.path)
    return found


def tests(agent):
    """Test cases name flows, pages and intents that are there."""
    found = []
    for file in agent.of("testCases"):
        if (file.value.get("testConfig") or {}).get("flow") not in agent.flows():
            found.append("%s: tests no flow of the agent" % file.path)
        for tag in file.value.get("tags") or ():
            if not tag.startswith("#") or len(tag) > 30:
                found.append("%s: the tag %r" % (file.path, tag))
        for turn in file.value.get("testCaseConversationTurns") or ():
            out = turn.get("virtualAgentOutput") or {}
            page, intent = out.get("currentPage"), out.get("triggeredIntent")
            if page and page["name"] not in agent.called("flows/pages", page["flow"]):
                found.append("%s: the page %r is not in the agent" % (file.path, page["name"]))
            if intent and intent["name"] not in agent.called("intents"):
                found.append("%s: the intent %r is not in the agent" % (file.path, intent["name"]))
    return found
