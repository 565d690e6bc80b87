"""A Dialogflow CX agent, read from the folder of its package; every reference must lead somewhere.

Facts: layout and names as in exported agents (Apache-2.0 samples of Google, read 2026-11-22): file names are display
names with everything but ASCII letters, digits, space, `.`, `_`, `-` percent-encoded in lower-case hex; references are
display names; the symbolic pages are the eight below.
"""

import json
import pathlib
import urllib.parse

START = "Start Page"
SYMBOLIC = {
    START,
    "Current Page",
    "Previous Page",
    "End Flow",
    "End Session",
    "END_FLOW_WITH_FAILURE",
    "END_FLOW_WITH_CANCELLATION",
    "END_FLOW_WITH_HUMAN_ESCALATION",
}


class BrokenAgent(ValueError):
    """An agent that could not be restored, with everything that is wrong."""


def read(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


class State:
    """A page, or the start page of a flow: its handlers, and what is said and asked there."""

    def __init__(self, flow, name, document):
        self.flow = flow
        self.name = name
        self.id = document["name"]
        self.entry = document.get("entryFulfillment") or {}
        self.form = (document.get("form") or {}).get("parameters") or []
        self.routes = document.get("transitionRoutes") or []
        self.groups = document.get("transitionRouteGroups") or []
        self.handlers = document.get("eventHandlers") or []


class FlowOf:
    """A flow of an agent."""

    def __init__(self, name, document):
        self.name = name
        self.id = document["name"]
        self.start = State(self, START, {**document, "entryFulfillment": {}, "form": {}})
        self.pages = {}
        self.groups = {}
        self.threshold = (document.get("nluSettings") or {}).get("classificationThreshold", 0.3)

    def page(self, name):
        return self.start if name == START else self.pages[name]


class Agent:
    """Everything that a session needs of an agent."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.wrong = []
        self.about = read(self.folder / "agent.json")
        self.language = self.about["defaultLanguageCode"]
        self.flows, self.groups, self.intents, self.entities, self.webhooks = {}, {}, {}, {}, {}
        for path in sorted((self.folder / "flows").glob("*/*.json")):
            self.read_flow(path)
        for path in sorted((self.folder / "agentTransitionRouteGroups").glob("*.json")):
            self.groups[self.named(path)["displayName"]] = read(path)["transitionRoutes"]
        for path in sorted((self.folder / "intents").glob("*/*.json")):
            self.intents[self.named(path)["displayName"]] = read(path)
        for path in sorted((self.folder / "entityTypes").glob("*/*.json")):
            self.read_entity(path)
        for path in sorted((self.folder / "webhooks").glob("*.json")):
            self.webhooks[self.named(path)["displayName"]] = read(path)
        if self.about.get("startFlow") not in self.flows:
            self.wrong.append("startFlow %r" % self.about.get("startFlow"))
        self.resolve()
        if self.wrong:
            raise BrokenAgent("; ".join(self.wrong))

    def named(self, path):
        document = read(path)
        if urllib.parse.unquote(path.stem) != document.get("displayName"):
            self.wrong.append("%s holds %r" % (path.name, document.get("displayName")))
        return document

    def read_flow(self, path):
        document = self.named(path)
        flow = FlowOf(document["displayName"], document)
        self.flows[flow.name] = flow
        for page in sorted((path.parent / "pages").glob("*.json")):
            found = self.named(page)
            flow.pages[found["displayName"]] = State(flow, found["displayName"], found)
        for group in sorted((path.parent / "transitionRouteGroups").glob("*.json")):
            found = self.named(group)
            flow.groups[found["displayName"]] = found["transitionRoutes"]

    def read_entity(self, path):
        document = self.named(path)
        entries = []
        for file in sorted((path.parent / "entities").glob("*.json")):
            entries += read(file)["entities"]
        self.entities[document["displayName"]] = (document["kind"], entries, document)

    # -- references

    def resolve(self):
        for flow in self.flows.values():
            for state in [flow.start, *flow.pages.values()]:
                where = "%s/%s" % (flow.name, state.name)
                for group in state.groups:
                    if group not in flow.groups and group not in self.groups:
                        self.wrong.append("%s: route group %r" % (where, group))
                self.look(flow, where, state.entry)
                self.look(flow, where, state.form)
                self.look(flow, where, state.routes)
                self.look(flow, where, state.handlers)
            for group, routes in flow.groups.items():
                self.look(flow, "%s/%s" % (flow.name, group), routes)
        for group, routes in self.groups.items():
            self.look(None, group, routes)
        for name, intent in self.intents.items():
            self.look(None, name, intent)

    def look(self, flow, where, value):
        if isinstance(value, list):
            for one in value:
                self.look(flow, where, one)
        if not isinstance(value, dict):
            return
        for key, one in value.items():
            if isinstance(one, str) and not self.known(flow, key, one):
                self.wrong.append("%s: %s %r" % (where, key, one))
            self.look(flow, where, one)

    def known(self, flow, key, name):
        if key == "targetPage":
            return name in SYMBOLIC or (flow is not None and name in flow.pages)
        if key == "targetFlow":
            return name in self.flows
        if key == "intent":
            return name in self.intents
        if key == "webhook":
            return name in self.webhooks
        if key == "entityType":
            return name.startswith("@sys.") or (name.startswith("@") and name[1:] in self.entities)
        return True

    # -- entities

    def entity_value(self, kind, text):
        """What an entity type makes of a piece of text (None: it does not match)."""
        if kind.startswith("@sys."):
            return self.system_value(kind[len("@sys.") :], text)
        how, entries, document = self.entities[kind[1:]]
        if how == "KIND_REGEXP":
            import re

            return text if any(re.fullmatch(entry["value"], str(text)) for entry in entries) else None
        for entry in entries:
            words = [entry["value"], *(entry.get("synonyms") or [])]
            if str(text).lower() in [word.lower() for word in words]:
                return entry["value"]
        open_ended = document.get("autoExpansionMode") == "AUTO_EXPANSION_MODE_DEFAULT"
        return text if open_ended else None

    @staticmethod
    def system_value(kind, value):
        if kind in ("number", "number-integer", "cardinal"):
            try:
                made = float(value)
            except (TypeError, ValueError):
                return None
            return made if not (kind == "number-integer" and not made.is_integer()) else None
        return value
