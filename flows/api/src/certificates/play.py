"""Plays conversations with an export, by an interpreter of what its platform does: `python3 -c THIS FOLDER PLATFORM`, where the folder
has the modules beside this one and the export as `export.json`; one conversation a line, one decision a line back, after a first
line that says what ran."""

import importlib
import json
import pathlib
import platform
import sys
import threading
from decimal import Decimal

sys.path.insert(0, sys.argv[1])


def shown(value):
    """Numbers as the studio writes them."""
    if isinstance(value, (float, Decimal)):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, dict):
        return {key: shown(one) for key, one in value.items()}
    return [shown(one) for one in value] if isinstance(value, list) else value


def main():
    from told import NotHeard

    export = json.loads(pathlib.Path(sys.argv[1], "export.json").read_text(encoding="utf-8"))
    flows = {path: text for path, text in export.items() if path.startswith("source/") and path.endswith(".flow.json")}
    documents = (json.loads(text, parse_float=Decimal) for text in flows.values())
    documents = {document["id"]: document for document in documents}
    project = importlib.import_module(sys.argv[2]).Project.of(export, documents, json.loads(export["source/files.json"])["flow"])
    print(json.dumps({"by": "Python " + platform.python_version()}))
    for line in sys.stdin:
        conversation = json.loads(line, parse_float=Decimal)
        try:
            made = project.decide(conversation)
        except NotHeard as why:
            made = {"unheard": str(why)}
        except Exception as error:
            made = {"broke": "%s: %s" % (type(error).__name__, error)}
        print(json.dumps({"id": conversation["id"], **shown(made)}), flush=True)


# A turn may pass many cards, each a call within the other.
sys.setrecursionlimit(40_000)
threading.stack_size(256 * 1024 * 1024)
player = threading.Thread(target=main)
player.start()
player.join()
