"""An exported agent is spoilt in many ways; the checks must object to each.

usage: mutations.py PROJECT      a project with intents, a trigger that acts once, a question, a call and a handoff
"""

import json
import pathlib
import shutil
import sys
import tempfile

import check
from package import objects

FLOW = "flows/Default Start Flow"


class Project:
    """A copy that may be spoilt."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def edit(self, pattern, change):
        """Changes the first file of the pattern in which `change` does something."""
        for path in sorted(self.folder.glob(pattern)):
            value = json.loads(path.read_text(encoding="utf-8"))
            if change(value):
                path.write_text(json.dumps(value), encoding="utf-8")
                return
        raise LookupError("nothing to spoil in " + pattern)


def first(value, key, change):
    """Changes the first object that has a key."""
    for place in objects(value):
        if key in place:
            place[key] = change(place[key])
            return True
    return False


def edited(pattern, key, change):
    return lambda project: project.edit(pattern, lambda value: first(value, key, change))


def removed(pattern):
    def remove(project):
        sorted(project.folder.glob(pattern))[0].unlink()

    return remove


def renamed(pattern, name):
    def rename(project):
        path = sorted(project.folder.glob(pattern))[0]
        path.rename(path.with_name(name))

    return rename


def condition(holds, change):
    """Changes the first condition of which something holds."""

    def spoil(value):
        for place in objects(value):
            if "condition" in place and holds(place["condition"]):
                place["condition"] = change(place["condition"])
                return True
        return False

    return lambda project: project.edit(FLOW + "/**/*.json", spoil)


def without_handler(pattern, event):
    def spoil(value):
        before = value.get("eventHandlers") or []
        value["eventHandlers"] = [one for one in before if one["event"] != event]
        return len(before) != len(value["eventHandlers"])

    return lambda project: project.edit(pattern, spoil)


def own_id(project):
    files = sorted(project.folder.glob(FLOW + "/pages/*.json"))
    one, other = (json.loads(path.read_text(encoding="utf-8")) for path in files[:2])
    other["name"] = one["name"]
    files[1].write_text(json.dumps(other), encoding="utf-8")


def words_after(value):
    for place in objects(value):
        if any("liveAgentHandoff" in one for one in place.get("messages") or () if isinstance(one, dict)):
            place["messages"].append({"text": {"text": ["One moment."]}})
            return True
    return False


def inside_a_folder(project):
    inner = project.folder / "agent"
    inner.mkdir()
    (project.folder / "agent.json").rename(inner / "agent.json")


def always_first(value):
    routes = value.get("transitionRoutes") or []
    if len(routes) < 2 or any("targetPage" not in route for route in routes):
        return False
    routes[0]["condition"] = "true"
    return True


PAGES = FLOW + "/pages/*.json"
MUTATIONS = {
    "a page that is not there": edited(PAGES, "targetPage", lambda _: "nowhere"),
    "a flow that is not there": edited("agent.json", "startFlow", lambda _: "nowhere"),
    "an intent that is not there": edited("agentTransitionRouteGroups/*.json", "intent", lambda _: "no.such.intent"),
    "a webhook that is not there": edited(PAGES, "webhook", lambda _: "no-such-webhook"),
    "an entity type that is not there": edited(PAGES, "entityType", lambda _: "@nothing"),
    "a route group that is not there": edited(PAGES, "transitionRouteGroups", lambda groups: groups + ["no group"]),
    "a condition of rubbish": condition(lambda c: c != "true", lambda _: "= = AND"),
    "AND beside OR": condition(lambda c: ") AND (" in c, lambda c: c.replace(") AND (", ") OR (", 1)),
    "a parenthesis that is not closed": condition(lambda c: c.startswith("("), lambda c: c[:-1]),
    "a literal on the left": condition(lambda c: c.startswith("$"), lambda c: "1 = " + c.split(" ")[0]),
    "a guard that is gone": condition(lambda c: " < " in c and "!= null" in c, lambda c: c[c.rindex("(") + 1 : -1]),
    "a parameter that nothing sets": condition(lambda c: "handoff_port" in c, lambda c: c.replace("port", "prot")),
    "and in small letters": condition(lambda c: " AND " in c, lambda c: c.replace(" AND ", " and ")),
    "an unknown key": edited("intents/*/*.json", "priority", lambda _: {"of": 1}),
    "an unknown enum value": edited(FLOW + "/*.json", "modelType", lambda _: "MODEL_TYPE_X"),
    "a text for a number": edited(FLOW + "/*.json", "classificationThreshold", lambda _: "high"),
    "a duration as the API has it": edited("webhooks/*.json", "timeout", lambda _: "5s"),
    "a map as the API has it": edited("webhooks/*.json", "requestHeaders", lambda _: {"X-Handoff-Token": ""}),
    "a secret in the export": edited("webhooks/*.json", "value", lambda _: "hunter2"),
    "a time limit that nothing has": edited("webhooks/*.json", "timeout", lambda _: {"seconds": 60}),
    "a page that is gone": removed(FLOW + "/pages/* heard.json"),
    "a file of another name": renamed("intents/fee_dispute/fee_dispute.json", "fee%5Fdispute.json"),
    "agent.json inside a folder": inside_a_folder,
    "two pages with one id": own_id,
    "an id that is none": edited(PAGES, "name", lambda _: "main"),
    "words behind the request": lambda project: project.edit(PAGES, words_after),
    "a webhook that nobody watches": without_handler(FLOW + "/pages/* heard.json", "webhook.error"),
    "a flow that hears no silence": without_handler(FLOW + "/*.json", "sys.no-input-default"),
    "a page that hears nobody": without_handler(FLOW + "/pages/main.json", "sys.no-match-default"),
    "a route that always holds, first": lambda project: project.edit(PAGES, always_first),
    "a page that leads to itself": edited(FLOW + "/pages/greet.json", "targetPage", lambda _: "greet"),
    "a function that is none": edited(FLOW + "/pages/*.json", "value", lambda _: "$sys.func.SUM(1, 2)"),
    "a test of a page that is not there": edited("testCases/*.json", "currentPage", lambda _: {"name": "x", "flow": "y"}),
    "a group of the agent that leads to a page": lambda project: project.edit(
        "agentTransitionRouteGroups/*.json",
        lambda value: value["transitionRoutes"][0].update(targetPage="main") is None,
    ),
    "a file that is no JSON": lambda project: (project.folder / "agent.json").write_text("{", encoding="utf-8"),
    "a file that does not belong there": lambda project: (project.folder / "notes.json").write_text("{}", encoding="utf-8"),
}


def main(folder):
    if check.faults(folder, linted=False):
        print("cx mutations: the project has faults of its own")
        return 1
    missed = []
    for name, spoil in MUTATIONS.items():
        with tempfile.TemporaryDirectory() as place:
            copy = pathlib.Path(place) / "project"
            shutil.copytree(folder, copy)
            try:
                spoil(Project(copy))
            except (LookupError, IndexError) as error:
                missed.append("%s: %s" % (name, error))
                continue
            if not check.faults(copy, linted=False):
                missed.append("%s: nothing objects" % name)
    for name in missed:
        print(name)
    print("cx mutations: %d passed, %d failed" % (len(MUTATIONS) - len(missed), len(missed)))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
