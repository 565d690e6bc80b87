"""Exports to Copilot Studio, played by the interpreter of topics that certificates are made with, and held against what the
studio makes of the same turns."""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
CERTIFICATES = HERE.parents[3] / "flows" / "api" / "src" / "certificates"
sys.path[:0] = [str(HERE), str(HERE.parent / "alike"), str(HERE.parent.parent / "reference"), str(CERTIFICATES)]
import copilot  # noqa: E402
import powerfx  # noqa: E402
import workspace  # noqa: E402
from copilot import Chat  # noqa: E402,F401
from events import AT_REST, COMPARED  # noqa: E402


def Project(folder, flow):
    """An export and the flows that it was made of, read by other readers than those of a certificate."""
    names = json.loads((pathlib.Path(folder) / "names.json").read_text(encoding="utf-8"))
    documents, waiting = {}, [pathlib.Path(flow)]
    while waiting:
        path = waiting.pop()
        document = json.loads(path.read_text(encoding="utf-8"), parse_float=powerfx.Decimal)
        if document["id"] in documents:
            continue
        documents[document["id"]] = document
        called = (node["flow"] for node in document["nodes"].values() if node["kind"] == "subflow")
        waiting += [path.parent / (name + ".flow.json") for name in called]
    main = json.loads(pathlib.Path(flow).read_text(encoding="utf-8"))["id"]
    return copilot.Project(workspace.Workspace(folder), names, documents, main)


def requests(listed):
    """What is compared of requests: reasons as one text, as a topic has them."""
    made = [{key: entry.get(key) for key in COMPARED} for entry in listed]
    return [{**one, "reasons": one["reasons"] if isinstance(one["reasons"], str) else ", ".join(one["reasons"])} for one in made]


def stays(project, at):
    """Whether a conversation may stay at a card for good."""
    cards = [document["nodes"][at] for document in project.documents.values() if at in document["nodes"]]
    return any(card["kind"] not in ("listen",) for card in cards)


def apart(project, chat, expected):
    """What differs, or None."""
    wanted, got = requests(expected["handoffs"]), requests(chat.requests)
    if wanted != got:
        return "requests: the studio has %s, the topics %s" % (json.dumps(wanted), json.dumps(got))
    failed = chat.talk.globals.get("outcome") == "error" and chat.talk.ended
    if expected["outcome"]["kind"] == "error":
        return None if failed else "the studio ends with an error, the topics do not"
    at, place = expected["at"] and expected["at"].rpartition("/")[2], chat.place()
    if place == AT_REST and at is not None:
        return None if stays(project, at) else "the studio waits at %s, the topics rest" % at
    gone = expected["at"] is None and any(turn.get("customer") == "left" for turn in chat.told["turns"])
    if not gone and place != at:
        return "place: the studio waits at %s, the topics at %s" % (expected["at"], place)
    return None


def keeps_place(project, expected):
    """The card that asked people and went on with the place kept, which is a declared loss of it; None where none did."""
    path = [card.rpartition("/")[2] for card in expected["path"]]
    asked = {entry["node"].rpartition("/")[2] for entry in expected["handoffs"]}
    for card, following in zip(path, path[1:]):
        for document in project.documents.values():
            rows = document["nodes"].get(card, {}).get("overflow", ())
            if card in asked and any(row.get("keep_place") and row["to"] == following for row in rows):
                return card
    return None
