"""JSON Schema over a description, and what it leaves open: names that it does not know."""

import json
import pathlib

from jsonschema import Draft7Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7


def pointer(document, ref):
    """What `#/a/b` leads to."""
    at = document
    for step in ref.removeprefix("#/").split("/"):
        at = at[step.replace("~1", "/").replace("~0", "~")]
    return at


def nullable(node):
    """OpenAPI 3.0 writes `nullable`, which JSON Schema does not know."""
    if isinstance(node, dict):
        if node.pop("nullable", False):
            if isinstance(node.get("type"), str):
                node["type"] = [node["type"], "null"]
            if "enum" in node and None not in node["enum"]:
                node["enum"].append(None)
        for value in node.values():
            nullable(value)
    elif isinstance(node, list):
        for value in node:
            nullable(value)


class Document:
    """A description whose schemas refer to each other."""

    def __init__(self, path, patches=()):
        self.json = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
        for _, patch in patches:
            patch(self.json)
        nullable(self.json)
        resource = Resource(contents=self.json, specification=DRAFT7)
        self.registry = Registry().with_resource("urn:description", resource)

    def faults(self, ref, value):
        """What is wrong with a value by the schema at `ref` (`#/…`), names that it does not know included."""
        schema = {"$ref": f"urn:description{ref}"}
        validator = Draft7Validator(schema, registry=self.registry, format_checker=FormatChecker())
        faults = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(value)]
        self.unknown({"$ref": ref}, value, "", faults)
        return faults

    def known(self, schema, seen=()):
        """The properties that a schema knows, and whether others may stand beside them."""
        if "$ref" in schema:
            ref = schema["$ref"]
            return ({}, True) if ref in seen else self.known(pointer(self.json, ref), (*seen, ref))
        properties = dict(schema.get("properties", {}))
        free = not properties and not any(k in schema for k in ("allOf", "oneOf", "anyOf"))
        free = schema.get("additionalProperties", free) is not False and "additionalProperties" in schema or free
        for key in ("allOf", "oneOf", "anyOf"):
            for part in schema.get(key, []):
                more, open_ = self.known(part, seen)
                properties.update(more)
                free = free or open_
        return properties, free

    def unknown(self, schema, value, path, faults):
        """Descriptions leave objects open; a name that they do not know is still one that nobody reads."""
        if isinstance(value, dict):
            properties, free = self.known(schema)
            for name, inner in value.items():
                if properties.get(name, {}).get("readOnly"):
                    faults.append(f"{path}/{name}: only the vendor writes this")
                elif name in properties:
                    self.unknown(properties[name], inner, f"{path}/{name}", faults)
                elif not free:
                    faults.append(f"{path}/{name}: the description does not know this name")
        elif isinstance(value, list):
            while "$ref" in schema:
                schema = pointer(self.json, schema["$ref"])
            for inner in value:
                self.unknown(schema.get("items", {}), inner, f"{path}/0", faults)
