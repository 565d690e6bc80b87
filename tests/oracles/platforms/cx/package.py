"""An exported agent as its files: what each file is, and the names in it."""

import json
import pathlib
import urllib.parse

# The vendor's message of each kind of file, by the folder that it stands in.
MESSAGES = {
    "agent": "Agent",
    "agentTransitionRouteGroups": "TransitionRouteGroup",
    "entityTypes": "EntityType",
    "entityTypes/entities": "EntityType",
    "flows": "Flow",
    "flows/pages": "Page",
    "flows/transitionRouteGroups": "TransitionRouteGroup",
    "intents": "Intent",
    "intents/trainingPhrases": "Intent",
    "testCases": "TestCase",
    "webhooks": "Webhook",
}
# What stands beside the agent in an export, and is no part of what is restored.
BESIDE = ("README.md", "names.json", "source/", "webhook/", ".handoff-export")
SYMBOLS = (
    "Start Page",
    "Current Page",
    "Previous Page",
    "End Flow",
    "End Session",
    "END_FLOW_WITH_FAILURE",
    "END_FLOW_WITH_CANCELLATION",
    "END_FLOW_WITH_HUMAN_ESCALATION",
)


class File:
    """One file of the agent."""

    def __init__(self, path, value):
        self.path, self.value = path, value
        parts = path.split("/")
        self.stem = parts[-1][: -len(".json")]
        if path == "agent.json":
            self.kind = "agent"
        elif len(parts) >= 4:
            self.kind = parts[0] + "/" + parts[2]
        else:
            self.kind = parts[0]
        self.flow = urllib.parse.unquote(parts[1]) if parts[0] == "flows" and len(parts) > 2 else None

    @property
    def name(self):
        return self.value.get("displayName")


class Agent:
    """Every file of an exported agent."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.files, self.unreadable = [], []
        for path in sorted(self.folder.rglob("*")):
            inside = path.relative_to(self.folder).as_posix()
            if path.is_dir() or inside.startswith(BESIDE):
                continue
            try:
                self.files.append(File(inside, json.loads(path.read_text(encoding="utf-8"))))
            except ValueError as error:
                self.unreadable.append("%s: %s" % (inside, error))
        names = self.folder / "names.json"
        self.names = json.loads(names.read_text(encoding="utf-8")) if names.exists() else {}

    def of(self, kind, flow=None):
        return [file for file in self.files if file.kind == kind and (flow is None or file.flow == flow)]

    def called(self, kind, flow=None):
        return {file.name for file in self.of(kind, flow)}

    def flows(self):
        return self.called("flows")

    def groups(self, flow):
        """The route groups that a flow may link, by name."""
        own = {file.name: file for file in self.of("flows/transitionRouteGroups", flow)}
        return {**{file.name: file for file in self.of("agentTransitionRouteGroups")}, **own}


def walk(value, visit):
    """Every object inside a value."""
    if isinstance(value, dict):
        visit(value)
        for inner in value.values():
            walk(inner, visit)
    elif isinstance(value, list):
        for inner in value:
            walk(inner, visit)


def objects(value):
    found = []
    walk(value, found.append)
    return found
