"""An exported CALM project: its flows, patterns and domain, their references and conditions. What may stand in them is
from Rasa's pages and from what rasa-pro 3.21.0 refused and let through when its loader was called as a library.

usage: project.py PROJECT [PROJECT ..]
"""

import pathlib
import re
import sys

import pypred
import yaml

STEPS = ("action", "collect", "link", "call", "set_slots", "noop")
FLOW_KEYS = {"name", "description", "steps", "if", "nlu_trigger", "run_pattern_completed", "always_include_in_prompt", "persisted_slots"}
STEP_KEYS = {"id", "next", "metadata", *STEPS}
SLOT = re.compile(r"slots\.([A-Za-z_][A-Za-z0-9_]*)")
TYPES = ("bool", "float", "text", "list", "any", "categorical")
WANTED = ("pattern_human_handoff", "pattern_cannot_handle", "pattern_internal_error")


class Project:
    """The files, read."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.domain, self.config, self.nlu = (self.read(name) for name in ("domain.yml", "config.yml", "data/nlu.yml"))
        self.flows = {**self.read("data/flows.yml")["flows"], **self.read("data/patterns.yml")["flows"]}

    def read(self, name):
        return yaml.safe_load((self.folder / name).read_text(encoding="utf-8"))

    def intents(self):
        return [one if isinstance(one, str) else next(iter(one)) for one in self.domain["intents"]]

    def triggers(self):
        """Which flow an intent starts."""
        for name, flow in self.flows.items():
            for trigger in flow.get("nlu_trigger", ()):
                yield trigger["intent"]["name"], name


def holds(condition, slots):
    """Whether a condition holds; one that cannot be worked out does not, as Rasa has it."""
    try:
        return bool(pypred.Predicate(condition).evaluate({"slots": slots}))
    except (TypeError, ValueError, AttributeError):
        return False


def of_condition(condition, domain):
    """What is wrong with a condition."""
    predicate = pypred.Predicate(condition)
    if not predicate.is_valid():
        yield "%r is no condition: %s" % (condition, predicate.errors())
        return
    named = set(SLOT.findall(condition))
    for slot in named:
        if slot not in domain["slots"]:
            yield "%r asks for the slot %s, which there is not" % (condition, slot)
        if "slots.%s is not null" % slot not in condition:
            yield "%r compares %s without asking whether it has a value" % (condition, slot)
    if not named:
        yield "%r asks for no slot" % condition


def of_flow(project, name, flow):
    """What is wrong with a flow."""
    unknown = set(flow) - FLOW_KEYS
    if unknown or not flow.get("description") or not flow.get("steps"):
        yield "keys %s, a description and steps are due" % sorted(unknown)
        return
    steps = flow["steps"]
    ids = [step.get("id") for step in steps if step.get("id")]
    if len(ids) != len(set(ids)):
        yield "a step stands twice"
    reached, targets = {ids[0] if ids else None}, []
    for at, step in enumerate(steps):
        kinds = [kind for kind in STEPS if kind in step]
        if len(kinds) != 1 or set(step) - STEP_KEYS:
            yield "step %d is %s with %s" % (at, kinds, sorted(set(step) - STEP_KEYS))
            continue
        kind = kinds[0]
        if kind == "action" and step["action"] not in [*project.domain["actions"], *project.domain["responses"]]:
            yield "no action %s" % step["action"]
        if kind in ("link", "call") and step[kind] not in project.flows:
            yield "no flow %s" % step[kind]
        if kind == "link" and "next" in step:
            yield "a link goes nowhere else"
        if kind != "link" and "next" not in step:
            yield "step %d does not say where it leads" % at
        following = step.get("next", [])
        for row in following if isinstance(following, list) else [{"else": following}]:
            if "if" in row:
                yield from of_condition(row["if"], project.domain)
            targets.append(row.get("then", row.get("else")))
        if isinstance(following, list) and following and "else" not in following[-1]:
            yield "step %d leads nowhere when no condition holds" % at
    for target in targets:
        if target != "END" and target not in ids:
            yield "no step %s" % target
        reached.add(target)
    for one in ids:
        if one not in reached:
            yield "nothing leads to the step %s" % one


def faults(folder):
    """Everything that is wrong with a project."""
    try:
        project = Project(folder)
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        return ["it cannot be read: %s" % error]
    found = []
    for name, flow in project.flows.items():
        found += ["%s: %s" % (name, fault) for fault in of_flow(project, name, flow)]
    descriptions = [flow.get("description") for flow in project.flows.values()]
    if len(descriptions) != len(set(descriptions)):
        found.append("two flows have the same description")
    started = dict(project.triggers())
    for intent in project.intents():
        if intent not in started:
            found.append("no flow is started by %s" % intent)
    found += ["the domain has no intent %s" % intent for intent in started if intent not in project.intents()]
    found += ["there is no %s" % name for name in WANTED if name not in project.flows]
    steps = (project.flows.get("pattern_human_handoff") or {}).get("steps", [])
    if not any(str(step.get("action", "")).startswith("action_") for step in steps):
        found.append("pattern_human_handoff hands over to nobody")
    for name, slot in project.domain["slots"].items():
        if slot.get("type") not in TYPES or not slot.get("mappings"):
            found.append("the slot %s is of no type or has no mapping" % name)
        for mapping in slot.get("mappings") or ():
            action = mapping.get("run_action_every_turn")
            if action is not None and action not in project.domain["actions"]:
                found.append("the slot %s runs %s, which there is not" % (name, action))
    pipeline = [part["name"] for part in project.config["pipeline"]]
    if "NLUCommandAdapter" not in pipeline or [one["name"] for one in project.config["policies"]] != ["FlowPolicy"]:
        found.append("intents start no flows")
    taught = [one["intent"] for one in project.nlu["nlu"] or () if "intent" in one]
    found += ["examples of %s, which is no intent" % intent for intent in taught if intent not in project.intents()]
    return found


def main(folders):
    failed = 0
    for folder in folders:
        found = faults(folder)
        failed += bool(found)
        for fault in found[:10]:
            print("%s: %s" % (pathlib.Path(folder).name, fault))
    print("calm: %d projects, %d failed" % (len(folders), failed))
    return 1 if failed or not folders else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
