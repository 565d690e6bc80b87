"""Damages an export to Amazon Connect in many ways; the checks have to object to each.
usage: damage.py CATALOGUE PROJECT PARTED CFN_LINT"""
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from check import project_findings


def block(flow, kind):
    return next(action for action in flow["Actions"] if action["Type"] == kind)


def drop_error(kind, error):
    def damage(flow):
        transitions = block(flow, kind)["Transitions"]
        transitions["Errors"] = [one for one in transitions["Errors"] if one["ErrorType"] != error]
    return damage


def lead_astray(flow):
    block(flow, "Compare")["Transitions"]["NextAction"] = "nowhere"


def misname(flow):
    block(flow, "MessageParticipant")["Type"] = "PlayPrompt"


def number(flow):
    block(flow, "InvokeLambdaFunction")["Parameters"]["InvocationTimeLimitSeconds"] = 8


def too_long(flow):
    block(flow, "InvokeLambdaFunction")["Parameters"]["InvocationTimeLimitSeconds"] = "30"


def two_texts(flow):
    block(flow, "MessageParticipant")["Parameters"]["SSML"] = "<speak>a</speak>"


def no_hours(flow):
    block(flow, "CheckHoursOfOperation")["Transitions"]["Conditions"].pop()


def unknown_parameter(flow):
    block(flow, "TransferContactToQueue")["Parameters"]["QueueId"] = "${QueueArnTier1}"


def unknown_placeholder(flow):
    block(flow, "UpdateContactTargetQueue")["Parameters"]["QueueId"] = "${QueueArnNobody}"


def unknown_card(flow):
    block(flow, "InvokeLambdaFunction")["Parameters"]["LambdaInvocationAttributes"]["card"] = "card_nobody"


def twice(flow):
    flow["Actions"].append(flow["Actions"][0])


def lost_start(flow):
    flow["StartAction"] = "nowhere"


def old_version(flow):
    flow["Version"] = "2018-01-01"


def no_comparison(flow):
    block(flow, "Compare")["Transitions"]["Conditions"] = []


def bad_reference(flow):
    block(flow, "Compare")["Parameters"]["ComparisonValue"] = "$.Nothing"


def end_leads_on(flow):
    block(flow, "DisconnectParticipant")["Transitions"]["NextAction"] = flow["StartAction"]


def queue_in_a_whisper(flow):
    flow["Actions"][0]["Type"] = "TransferContactToQueue"


def two_hooks(flow):
    block(flow, "UpdateContactEventHooks")["Parameters"]["EventHooks"]["CustomerWhisper"] = "${WhisperFlowArn}"


def short_timer(flow):
    block(flow, "ConnectParticipantWithLexBot")["Parameters"]["LexTimeoutSeconds"] = {"Text": "30"}


def too_big(flow):
    block(flow, "MessageParticipant")["Parameters"]["Text"] = "x" * 256_000


def half_a_placeholder(flow):
    block(flow, "CheckHoursOfOperation")["Parameters"]["HoursOfOperationId"] = "${HoursArnTier1_2}"


def island(flow):
    flow["Actions"].append({"Identifier": "island", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}})
    flow["Metadata"]["ActionMetadata"]["island"] = {"position": {"x": -1, "y": -1}}


def no_position(flow):
    flow["Metadata"]["ActionMetadata"].popitem()


DAMAGES = [
    ("main", drop_error("TransferContactToQueue", "QueueAtCapacity")),
    ("main", drop_error("ConnectParticipantWithLexBot", "NoMatchingCondition")),
    ("main", drop_error("UpdateContactTargetQueue", "NoMatchingError")),
    ("waiting", drop_error("DequeueContactAndTransferToQueue", "QueueAtCapacity")),
    ("main", lead_astray), ("main", misname), ("main", number), ("main", too_long), ("main", two_texts),
    ("main", no_hours), ("main", unknown_parameter), ("main", unknown_placeholder), ("main", unknown_card),
    ("main", twice), ("main", lost_start), ("main", old_version), ("main", no_comparison), ("main", bad_reference),
    ("main", end_leads_on), ("main", two_hooks), ("main", short_timer), ("main", too_big), ("main", half_a_placeholder),
    ("whisper", queue_in_a_whisper), ("back", island), ("waiting", no_position),
]
def noted(flow):
    return next(action for action in flow["Actions"] if "handoff_enters" in action["Parameters"].get("Attributes", {}))


def another_part(flow):
    attributes = noted(flow)["Parameters"]["Attributes"]
    attributes["handoff_part"] = "part-1" if attributes["handoff_part"] != "part-1" else "part-2"


def another_block(flow):
    noted(flow)["Parameters"]["Attributes"]["handoff_enters"] = "goodbye"


def no_transfer(flow):
    noted(flow)["Transitions"]["NextAction"] = "goodbye"


def lost_part(flow):
    block(flow, "Compare")["Transitions"]["Conditions"].pop()


def swapped_parts(flow):
    one, other = (action["Parameters"] for action in flow["Actions"] if action["Type"] == "TransferToFlow")
    one["ContactFlowId"], other["ContactFlowId"] = other["ContactFlowId"], one["ContactFlowId"]


def late_answer(flow):
    first = next(action for action in flow["Actions"] if action["Identifier"] == flow["StartAction"])
    late = next(action for action in flow["Actions"] if "$.External.handoff_speaks" in json.dumps(action["Parameters"]))
    first["Transitions"]["Conditions"][0]["NextAction"] = late["Identifier"]


def unknown_ways(flow):
    del noted(flow)["Parameters"]["Attributes"]["handoff_ways"]


def long_name(flow):
    text = json.dumps(flow).replace('"goodbye"', '"%s"' % ("x" * 51))
    flow.clear()
    flow.update(json.loads(text))


def many_blocks(flow):
    for at in range(250):
        flow["Actions"].append({**block(flow, "DisconnectParticipant"), "Identifier": "end %d" % at})
        flow["Metadata"]["ActionMetadata"]["end %d" % at] = {"position": {"x": -1, "y": at}}
    conditions = block(flow, "Compare")["Transitions"]["Conditions"]
    conditions += [{**conditions[0], "NextAction": "end %d" % at, "Condition": {"Operator": "Equals", "Operands": [str(at)]}} for at in range(250)]


# Of a conversation that is several flows.
PARTED = [
    ("part-1", another_part), ("part-1", another_block), ("part-2", no_transfer), ("ways", lost_part), ("ways", swapped_parts),
    ("part-2", late_answer), ("main", unknown_ways), ("part-1", long_name), ("part-2", many_blocks),
]
# Of the template: what stands there, what is written instead.
TEMPLATE = [("AWS::Connect::ContactFlow", "AWS::Connect::ContactFlows"), ("Type: CUSTOMER_QUEUE", "Type: QUEUE"),
            ("InstanceArn: !Ref InstanceArn", "Instance: !Ref InstanceArn"), ("!GetAtt BotAlias.Arn", "!GetAtt Alias.Arn")]


def main(catalogue, project, parted, lint):
    catalogue, missed = json.loads(Path(catalogue).read_text()), []
    for whole, (name, damage) in [(project, one) for one in DAMAGES] + [(parted, one) for one in PARTED]:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "project"
            shutil.copytree(whole, copy)
            path = copy / "flows" / (name + ".json")
            flow = json.loads(path.read_text())
            damage(flow)
            path.write_text(json.dumps(flow))
            if not list(project_findings(catalogue, copy)):
                missed.append("%s in %s" % (getattr(damage, "__name__", damage), name))
    whole = (Path(project) / "cloudformation.yaml").read_text()
    for old, new in TEMPLATE:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "template.yaml"
            path.write_text(whole.replace(old, new, 1))
            if old not in whole or subprocess.run([lint, "-t", str(path)], capture_output=True).returncode == 0:
                missed.append("%s in the template" % new)
    all_of_them = len(DAMAGES) + len(PARTED) + len(TEMPLATE)
    print("connect: %d of %d damages found" % (all_of_them - len(missed), all_of_them))
    for one in missed:
        print("not found: " + one)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
