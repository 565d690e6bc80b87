"""Holds exports to Amazon Connect against a catalogue of the flow language (connect-actions.json: which actions there are,
where they may run, their parameters, results and errors), and against themselves: every reference leads to a block, every
block is reached, every placeholder is filled in, and where a conversation is several flows each transfer arrives, without
what only the flow before it knew. usage: check.py CATALOGUE PROJECT ..."""
import json
import re
import sys
from pathlib import Path

PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
REFERENCE = re.compile(r"^\$\.(Attributes|External|Lex\.SessionAttributes|Metrics\.(Queue|Agents)(\.[A-Za-z]+)*)\.[A-Za-z0-9_]+$")
OPERATORS = {"Equals", "NumberLessThan", "NumberLessOrEqualTo", "NumberGreaterThan", "NumberGreaterOrEqualTo",
             "TextContains", "TextStartsWith", "TextEndsWith"}
# Results that the catalogue names for no action.
RESULTS = {"MessageParticipantIteratively": {"MessagesInterrupted"}, "Wait": {"WaitCompleted"}}
TYPES = {"main": "CONTACT_FLOW", "waiting": "CUSTOMER_QUEUE", "whisper": "AGENT_WHISPER", "back": "CONTACT_FLOW"}
# What a large conversation has beside: where its parts are, and these.
PARTS = re.compile(r"^(ways|part-[1-9][0-9]*)$")
# Characters of a flow's content (`AWS::Connect::ContactFlow` in CloudFormation's schema).
SIZE_AT_MOST = 256_000
# Blocks of a flow, and what may be a name of one (flow-language-example and flow-language-actions of the developer guide).
BLOCKS_AT_MOST = 250
NAME = re.compile(r"[^%:(\\/)=$,;\[\]{}\x00-\x1f]{1,50}")
NO_NAMES = {"__proto__", "constructor", "__defineGetter__", "__defineSetter__", "toString", "hasOwnProperty",
            "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "valueOf"}
# What is there of an answer once a block of this kind has given it; nothing promises that it outlives a transfer.
GIVES = {"$.External": "InvokeLambdaFunction", "$.Lex": "ConnectParticipantWithLexBot", "$.Metrics": "GetMetricData"}


def texts(value, where):
    """Every text below a value, and a finding for whatever is no text."""
    if isinstance(value, str):
        yield value, None
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, "%s.%s" % (where, key))
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, where)
    else:
        yield "", "%s is %s and no text" % (where, type(value).__name__)


def action_findings(catalogue, action, kind, known):
    entry = catalogue["actions"].get(action.get("Type"))
    where = "%s (%s)" % (action.get("Identifier"), action.get("Type"))
    if entry is None:
        yield where + ": no such action"
        return
    parameters, transitions = action.get("Parameters", {}), action.get("Transitions", {})
    allowed = entry["in"] if isinstance(entry["in"], list) else catalogue["groups"].get(entry["in"])
    if allowed is not None and kind not in allowed:
        yield "%s: not in a %s" % (where, kind)
    for name in parameters:
        if name not in entry["params"]:
            yield "%s: no parameter %s" % (where, name)
    for group in entry.get("exactlyOneOf", []):
        if sum(name in parameters for name in group) != 1:
            yield "%s: wants exactly one of %s" % (where, ", ".join(group))
    for name, values in entry.get("enum", {}).items():
        if parameters.get(name) not in values:
            yield "%s: %s is %r" % (where, name, parameters.get(name))
    for name, (low, high) in entry.get("range", {}).items():
        if name in parameters and not (str(parameters[name]).isdigit() and low <= int(parameters[name]) <= high):
            yield "%s: %s is %r" % (where, name, parameters[name])
    if "EventHooks" in parameters and len(parameters["EventHooks"]) != 1:
        yield "%s: sets %d hooks" % (where, len(parameters["EventHooks"]))
    timer = parameters.get("LexTimeoutSeconds")
    if timer is not None and not (set(timer) == {"Text"} and timer["Text"].isdigit() and 60 <= int(timer["Text"]) <= 604800):
        yield "%s: a timer of %r" % (where, timer)
    for text, finding in texts(parameters, "Parameters"):
        if finding:
            yield "%s: %s" % (where, finding)
        if text.startswith("$.") and not REFERENCE.match(text):
            yield "%s: %r refers to nothing" % (where, text)
        if text == "" and action["Type"] in ("MessageParticipant", "ConnectParticipantWithLexBot"):
            yield "%s: says nothing" % where
    errors = [error["ErrorType"] for error in transitions.get("Errors", [])]
    for error in entry["required"]:
        if error not in errors:
            yield "%s: does not say what follows %s" % (where, error)
    for error in errors:
        if error not in entry["errors"]:
            yield "%s: has no error %s" % (where, error)
    if len(errors) != len(set(errors)):
        yield "%s: says twice what follows an error" % where
    following = [transitions["NextAction"]] if "NextAction" in transitions else []
    following += [one["NextAction"] for one in transitions.get("Errors", []) + transitions.get("Conditions", [])]
    for to in following:
        if to not in known:
            yield "%s: leads to %r, which is not there" % (where, to)
    if entry.get("terminal") and following:
        yield "%s: is the end and leads on" % where
    if entry.get("next") is True and "NextAction" not in transitions:
        yield "%s: leads nowhere" % where
    conditions = [one["Condition"] for one in transitions.get("Conditions", [])]
    if len(conditions) < entry.get("minConditions", 0):
        yield "%s: compares with nothing" % where
    results = set(entry.get("conditionOperands", ())) or RESULTS.get(action["Type"])
    named = {operand for condition in conditions for operand in condition["Operands"]}
    if results and named != results:
        yield "%s: its results are %s" % (where, ", ".join(sorted(results)))
    for condition in conditions:
        if condition["Operator"] not in OPERATORS or len(condition["Operands"]) != 1:
            yield "%s: compares by %r" % (where, condition)
        if condition["Operator"].startswith("Number") and not re.fullmatch(r"-?\d+(\.\d+)?", condition["Operands"][0]):
            yield "%s: %r is no number" % (where, condition["Operands"][0])
    operands = [(condition["Operator"], operand) for condition in conditions for operand in condition["Operands"]]
    if len(operands) != len(set(operands)):
        yield "%s: compares twice with the same" % where


def flow_findings(catalogue, flow, kind):
    if flow.get("Version") != catalogue["version"]:
        yield "the version is %r" % flow.get("Version")
    actions = flow.get("Actions", [])
    ids = [action.get("Identifier") for action in actions]
    if len(ids) != len(set(ids)):
        yield "an Identifier stands twice"
    for action in actions:
        yield from action_findings(catalogue, action, kind, set(ids))
    positions = flow.get("Metadata", {}).get("ActionMetadata", {})
    for name in set(ids) ^ set(positions):
        yield "%s: has a block or a position, and not both" % name
    spots = [(spot["position"]["x"], spot["position"]["y"]) for spot in positions.values()]
    if len(spots) != len(set(spots)):
        yield "two blocks lie on one another"
    by_id, reached, todo = {action["Identifier"]: action for action in actions}, set(), [flow.get("StartAction")]
    while todo:
        at = todo.pop()
        if at in reached or at not in by_id:
            continue
        reached.add(at)
        transitions = by_id[at]["Transitions"]
        todo += [transitions["NextAction"]] if "NextAction" in transitions else []
        todo += [one["NextAction"] for one in transitions.get("Errors", []) + transitions.get("Conditions", [])]
    for name in set(ids) - reached:
        yield "%s: is reached by nothing" % name
    if flow.get("StartAction") not in ids:
        yield "the start is not there"
    if not any(catalogue["actions"].get(action["Type"], {}).get("terminal") for action in actions):
        yield "nothing ends it"
    if len(actions) > BLOCKS_AT_MOST:
        yield "%d blocks" % len(actions)
    for name in ids:
        if not NAME.fullmatch(str(name)) or name in NO_NAMES:
            yield "%r is no name of a block" % name
    yield from unanswered(flow, by_id)
    if len(json.dumps(flow, separators=(",", ":"), ensure_ascii=False)) > SIZE_AT_MOST:
        yield "larger than a flow may be"


def unanswered(flow, by_id):
    """Blocks that read an answer which was not given since the flow began."""
    for place, giver in GIVES.items():
        seen, todo = set(), [flow.get("StartAction")]
        while todo:
            at = todo.pop()
            if at in seen or at not in by_id:
                continue
            seen.add(at)
            action = by_id[at]
            if any(text.startswith(place + ".") for text, _ in texts(action.get("Parameters", {}), "")):
                yield "%s: reads %s before it is there" % (at, place)
            transitions = action["Transitions"]
            rows = transitions.get("Conditions", [])
            if action["Type"] != giver:
                rows = rows + transitions.get("Errors", [])
                todo += [transitions["NextAction"]] if "NextAction" in transitions else []
                todo += [one["NextAction"] for one in rows]


def entries(flow, attribute):
    """What a flow begins with for each value of an attribute."""
    first = next((one for one in flow["Actions"] if one["Identifier"] == flow["StartAction"]), {})
    if first.get("Parameters", {}).get("ComparisonValue") != "$.Attributes." + attribute:
        return {}
    rows = first["Transitions"].get("Conditions", [])
    return {row["Condition"]["Operands"][0]: row["NextAction"] for row in rows}


def part_findings(flows):
    """Each transfer between parts arrives."""
    parts = {name: flow for name, flow in flows.items() if name.startswith("part-")}
    if not parts and "ways" not in flows:
        return
    ways = flows.get("ways", {"Actions": [], "StartAction": None})
    goes = {one["Identifier"]: one["Parameters"].get("ContactFlowId") for one in ways["Actions"] if one["Type"] == "TransferToFlow"}
    for part, block in entries(ways, "handoff_part").items():
        if part not in parts or goes.get(block) != "${Part%sFlowArn}" % part.partition("-")[2]:
            yield "ways: %s leads to %s" % (part, goes.get(block))
    for part in set(parts) - set(entries(ways, "handoff_part")):
        yield "ways: nothing leads to %s" % part
    entered = set()
    for name, flow in flows.items():
        by_id = {one["Identifier"]: one for one in flow["Actions"]}
        for action in flow["Actions"]:
            noted = action.get("Parameters", {}).get("Attributes", {})
            if "handoff_part" not in noted and "handoff_enters" not in noted:
                continue
            part, block = noted.get("handoff_part"), noted.get("handoff_enters")
            entered.add((part, block))
            if block not in entries(parts.get(part, ways), "handoff_enters"):
                yield "%s: %s goes on at %s of %s, which does not begin there" % (name, action["Identifier"], block, part)
            after = by_id.get(action["Transitions"].get("NextAction"), {})
            if after.get("Type") != "TransferToFlow":
                yield "%s: %s does not transfer" % (name, action["Identifier"])
            elif after["Parameters"]["ContactFlowId"] not in ("${WaysFlowArn}", "$.Attributes.handoff_ways"):
                yield "%s: %s transfers to %s" % (name, action["Identifier"], after["Parameters"]["ContactFlowId"])
            if name == "main" and noted.get("handoff_ways") != "${WaysFlowArn}":
                yield "main: nothing notes where the parts are"
    for part, flow in parts.items():
        for block in entries(flow, "handoff_enters"):
            if (part, block) not in entered:
                yield "%s: nobody goes on at %s" % (part, block)


def resource(name):
    return "".join(word[:1].upper() + word[1:] for word in name.split("-")) + "Flow"


def project_findings(catalogue, project):
    """Every finding of one export, each with its file."""
    templates = [path.read_text() for path in sorted(project.glob("*.yaml"))]
    kinds = {path.stem: "CONTACT_FLOW" for path in project.glob("flows/*.json") if PARTS.match(path.stem)} | TYPES
    flows = {}
    cards = set(json.loads((project / "names.json").read_text())["blocks"])
    for name, kind in kinds.items():
        path = project / "flows" / (name + ".json")
        try:
            flow = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            yield "%s: %s" % (path.name, error)
            continue
        flows[name] = flow
        for finding in flow_findings(catalogue, flow, kind):
            yield "%s: %s" % (path.name, finding)
        own = [text for text in templates if re.search(r"^  %s:$" % resource(name), text, re.MULTILINE)]
        if len(own) != 1:
            yield "%s: %d templates install it" % (path.name, len(own))
        template = "".join(own)
        for text, _ in texts(flow, ""):
            for placeholder in PLACEHOLDER.findall(text):
                filled = re.search(r"^\s+(- )?%s:" % re.escape(placeholder), template, re.MULTILINE)
                if not filled or not placeholder.isalnum():
                    yield "%s: nobody fills in ${%s}" % (path.name, placeholder)
        for action in flow["Actions"]:
            given = action.get("Parameters", {}).get("LambdaInvocationAttributes", {})
            noted = action.get("Parameters", {}).get("Attributes", {}).get("handoff_card")
            if noted is not None and noted not in cards:
                yield "%s: %s is about %r" % (path.name, action["Identifier"], noted)
            if action["Type"] == "InvokeLambdaFunction" and given.get("card") not in cards | {"told", "waiting", "$.Attributes.handoff_card"}:
                yield "%s: %s asks the function for %r" % (path.name, action["Identifier"], given.get("card"))
    yield from part_findings(flows)


def main(catalogue, *projects):
    catalogue, findings, flows = json.loads(Path(catalogue).read_text()), 0, 0
    for project in map(Path, projects):
        for finding in project_findings(catalogue, project):
            findings += 1
            print("%s: %s" % (project.name, finding))
        flows += len(list(project.glob("flows/*.json")))
    print("connect: %d flows of %d projects, %d findings" % (flows, len(projects), findings))
    return 1 if findings or not projects else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
