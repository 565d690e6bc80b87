"""Damages an export to Amazon Connect in many ways; the checks have to object to each.
usage: damage.py CATALOGUE PROJECT CFN_LINT"""
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
# Of the template: what stands there, what is written instead.
TEMPLATE = [("AWS::Connect::ContactFlow", "AWS::Connect::ContactFlows"), ("Type: CUSTOMER_QUEUE", "Type: QUEUE"),
            ("InstanceArn: !Ref InstanceArn", "Instance: !Ref InstanceArn"), ("!GetAtt BotAlias.Arn", "!GetAtt Alias.Arn")]


def main(catalogue, project, lint):
    catalogue, missed = json.loads(Path(catalogue).read_text()), []
    for name, damage in DAMAGES:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "project"
            shutil.copytree(project, copy)
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
    print("connect: %d of %d damages found" % (len(DAMAGES) + len(TEMPLATE) - len(missed), len(DAMAGES) + len(TEMPLATE)))
    for one in missed:
        print("not found: " + one)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
