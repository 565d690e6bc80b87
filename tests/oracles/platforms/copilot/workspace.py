"""A workspace of Copilot Studio: its files, Microsoft's schema, references and formulas.

usage: workspace.py SCHEMA WORKSPACE [WORKSPACE ..]
"""

import json
import pathlib
import re
import sys

import blocks
import jsonschema_rs
import powerfx
import yaml

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
# Where a formula may stand without `=`, and where a text is a template.
TEMPLATES = ("activity", "prompt", "messageToAgent", "text")


TYPES = {"array", "boolean", "integer", "null", "number", "object", "string"}


def readable(schema):
    """The schema without types that JSON Schema does not have: Microsoft's file names one of its own, `Language`."""
    if isinstance(schema, list):
        return [readable(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    own = schema.get("type")
    return {key: readable(one) for key, one in schema.items() if not (key == "type" and isinstance(own, str) and own not in TYPES)}


class Schema:
    """Microsoft's schema of what may stand in a file."""

    def __init__(self, path):
        self.whole = readable(json.loads(pathlib.Path(path).read_text(encoding="utf-8")))
        self.known = {}

    def faults(self, kind, document):
        if kind not in self.whole["definitions"]:
            return ["there is no kind %s" % kind]
        if kind not in self.known:
            reference = {"$ref": "#/definitions/%s" % kind, "definitions": self.whole["definitions"]}
            self.known[kind] = jsonschema_rs.validator_for(reference)
        checker = self.known[kind]
        if checker.is_valid(document):
            return []
        return ["%s at %s" % (error.message[:200], "/".join(map(str, error.instance_path))) for error in checker.iter_errors(document)][:3]

    def of_kinds(self, document, path="$"):
        """The faults of each part that names its kind, so that the words are about the very part."""
        found = []
        if isinstance(document, dict):
            for key, one in document.items():
                found += self.of_kinds(one, path + "." + str(key))
            kind = document.get("kind")
            if isinstance(kind, str) and kind in self.whole["definitions"]:
                if not found:
                    found += ["%s %s: %s" % (path, kind, fault) for fault in self.faults(kind, document)]
            elif isinstance(kind, str):
                found.append("%s: there is no kind %s" % (path, kind))
        elif isinstance(document, list):
            for at, one in enumerate(document):
                found += self.of_kinds(one, "%s[%d]" % (path, at))
        return found


class Workspace:
    """The files, read."""

    def __init__(self, folder, written=False):
        """`written` by an export, which certificates have a reader for."""
        self.folder, self.written = pathlib.Path(folder), written
        self.settings = self.read("settings.mcs.yml")
        self.agent = self.read("agent.mcs.yml")
        self.schema = self.settings["schemaName"]
        self.topics = self.all("topics")
        self.entities = self.all("entities")
        self.variables = self.all("variables")

    def read(self, path):
        text = (self.folder / path).read_text(encoding="utf-8")
        tree = yaml.safe_load(text)
        if self.written and blocks.read(text) != tree:
            raise ValueError("the reader of certificates reads %s otherwise" % path)
        return tree

    def all(self, folder):
        paths = sorted((self.folder / folder).glob("*.mcs.yml"))
        return {path.name[: -len(".mcs.yml")]: self.read(path.relative_to(self.folder)) for path in paths}


def plain(document):
    """Without what the extension alone reads."""
    return {key: value for key, value in document.items() if key != "mcs.metadata"}


def actions(value):
    """Every action of a topic, with those inside of conditions."""
    if isinstance(value, dict):
        if "kind" in value and "id" in value and not value["kind"].startswith("On"):
            yield value
        for one in value.values():
            yield from actions(one)
    elif isinstance(value, list):
        for one in value:
            yield from actions(one)


def ids(value):
    if isinstance(value, dict):
        if "id" in value:
            yield value["id"]
        for key, one in value.items():
            if key not in ("items",):
                yield from ids(one)
    elif isinstance(value, list):
        for one in value:
            yield from ids(one)


def trees(value, key=None):
    """Every formula and every template of a topic, read."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from trees(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from trees(one, key)
    elif isinstance(value, str) and key in TEMPLATES:
        yield from (part for part in powerfx.template(value) if not isinstance(part, str))
    elif isinstance(value, str) and value.startswith("="):
        yield powerfx.read(value[1:])


def sets(topic):
    """The variables that a topic sets, each with its scope."""
    for action in actions(topic):
        for key in ("variable", "response"):
            if isinstance(action.get(key), str):
                yield action[key].removeprefix("init:")
        handling = action.get("errorHandling") or {}
        yield from (handling[key] for key in ("statusCode", "errorResponseBody") if key in handling)


def faults_of_topic(workspace, name, topic):
    found, known = [], set(ids(topic["beginDialog"]))
    listed = list(ids(topic["beginDialog"]))
    if len(listed) != len(known):
        found.append("an id stands twice")
    for action in actions(topic):
        kind = action["kind"]
        if kind in ("BeginDialog", "ReplaceDialog"):
            target = action["dialog"].removeprefix(workspace.schema + ".topic.")
            if target not in workspace.topics:
                found.append("no topic %s" % action["dialog"])
        if kind == "GotoAction" and action["actionId"] not in known:
            found.append("no action %s" % action["actionId"])
        if kind == "Question" and isinstance(action["entity"], dict):
            entity = action["entity"]["entityId"].removeprefix(workspace.schema + ".entity.")
            wanted = action["entity"]["kind"].removesuffix("Reference")
            if workspace.entities.get(entity, {}).get("kind") != wanted:
                found.append("no %s %s" % (wanted, action["entity"]["entityId"]))
    own = set(sets(topic))
    for variable in own:
        scope, _, rest = variable.partition(".")
        if scope not in ("Global", "Topic") or not NAME.match(rest):
            found.append("%s is no variable" % variable)
        if scope == "Global" and rest not in workspace.variables:
            found.append("no variable %s" % variable)
    try:
        for tree in trees(topic):
            for scope, variable in powerfx.names(tree):
                if scope not in powerfx.SCOPES:
                    found.append("no name %s" % scope)
                elif scope == "Global" and variable not in workspace.variables:
                    found.append("no variable Global.%s" % variable)
                elif scope == "Topic" and "Topic.%s" % variable not in own:
                    found.append("Topic.%s is set nowhere" % variable)
    except powerfx.Unreadable as error:
        found.append("a formula cannot be read: %s" % error)
    return ["%s: %s" % (name, fault) for fault in found]


def faults(schema, folder):
    """Everything that is wrong with a workspace."""
    try:
        workspace = Workspace(folder)
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        return ["it cannot be read: %s" % error]
    found = []
    for name, topic in workspace.topics.items():
        if not isinstance(topic, dict) or topic.get("kind") != "AdaptiveDialog":
            found.append("%s is no topic" % name)
            continue
        wrong = schema.faults("AdaptiveDialog", plain(topic))
        found += ["%s: %s" % (name, fault) for fault in (schema.of_kinds(plain(topic)) or wrong) if wrong]
        if not wrong:
            found += faults_of_topic(workspace, name, topic)
    for name, entity in workspace.entities.items():
        found += ["entity %s: %s" % (name, fault) for fault in schema.faults(entity["kind"], plain(entity))]
    for name, variable in workspace.variables.items():
        found += ["variable %s: %s" % (name, fault) for fault in schema.faults("Variable", plain(variable))]
        if variable.get("name") != name:
            found.append("variable %s is called %s in its file" % (name, variable.get("name")))
    kinds = [topic["beginDialog"]["kind"] for topic in workspace.topics.values() if "beginDialog" in (topic or {})]
    for kind in ("OnConversationStart", "OnUnknownIntent", "OnEscalate"):
        if kinds.count(kind) != 1:
            found.append("%d topics of %s" % (kinds.count(kind), kind))
    return found


def main(arguments):
    schema, failed = Schema(arguments[0]), 0
    for folder in arguments[1:]:
        found = faults(schema, folder)
        failed += bool(found)
        for fault in found[:10]:
            print("%s: %s" % (pathlib.Path(folder).name, fault))
    print("copilot: %d workspaces, %d failed" % (len(arguments) - 1, failed))
    return 1 if failed or len(arguments) < 2 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
