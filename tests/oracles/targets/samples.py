"""Flows and conversations whose handoffs are rendered: the templates as they are, and with extreme things in them."""

import json
import pathlib

ENVIRONMENT = {
    "workspace_sid": "WS" + "0a" * 16, "workflow_sid": "WW" + "1b" * 16, "queue_sid": "WQ" + "2c" * 16,
    "conversation_sid": "CH" + "6a" * 16,
    "genesys_region": "mypurecloud.ie", "genesys_integration_id": "7c5f9a30-0000-4000-8000-000000000001",
    "queue_id": "7c5f9a30-0000-4000-8000-000000000002",
    "aws_region": "eu-west-2", "connect_instance_id": "7c5f9a30-0000-4000-8000-000000000003",
    "connect_flow_id": "7c5f9a30-0000-4000-8000-000000000004",
    "sunshine_app": "5f0c9a300000000000000001", "bot_integration": "5f0c9a300000000000000002",
    "salesforce_domain": "acme", "salesforce_org": "00D000000000001", "es_developer_name": "Web_Client",
    "channel_definition": "Acme_Channel", "einstein_host": "runtime-api-eu-west.prod.chatbots.sfdc.sh",
    "bot_service_url": "https://smba.example.com/emea", "bot_id": "28:handoff-bot",
}
# What an answer gives, as a request that follows would have it.
ANSWERS = {
    "interaction_sid": "KD" + "3d" * 16, "channel_sid": "UO" + "4e" * 16, "task_sid": "WT" + "5f" * 16,
    "genesys_conversation_id": "7c5f9a30-0000-4000-8000-000000000005",
    "participant_id": "7c5f9a30-0000-4000-8000-000000000006", "contact_id": "7c5f9a30-0000-4000-8000-000000000007",
    "participant_token": "token", "ticket_id": "4711",
    "case_id": "500000000000001AAA", "access_token": "token", "conversation_identifier": "7c5f9a30-0000-4000-8000-000000000008",
    "work_item": "0Mw000000000001AAA", "routing_id": "0JR000000000001AAA",
}
TIERS = {
    "twilio-flex": {"queue_sid": "{{queue_sid}}"},
    "genesys": {"queue_id": "{{queue_id}}"},
    "amazon-connect": {"queue_id": "{{queue_id}}"},
    "bot-framework": {"Skill": "cards"},
    "sunshine": {"group_id": "3600123"},
    "salesforce-case": {"OwnerId": "00G000000000001AAA"},
    "salesforce-messaging": {"einstein_session": "57904eb6-5352-4c5e-adf6-5f100572cf5d"},
}
PLACES = {
    "zendesk": ["note", "tags", "subject", "requester.name", "custom_fields.3700101", "metadata.x"],
    "twilio-flex": ["attributes.a.b", "attributes.x", "conversation.y", "customerName", "customerAddress"],
    "genesys": ["attributes.x", "text", "from.nickname", "from.firstName", "from.email"],
    "amazon-connect": ["attributes.x", "attributes.a.b", "message", "DisplayName", "CustomerId"],
    "sunshine": ["metadata.x", "dataCapture.ticketField.3700101", "dataCapture.systemField.tags",
                 "dataCapture.systemField.requester.name"],
    "salesforce-messaging": ["routingAttributes.X", "message"],
    "salesforce-case": ["Description", "Subject", "SuppliedName", "SuppliedCompany", "Extra__c"],
    "bot-framework": ["value.a.b", "Context.x", "MessageToAgent", "Transcript"],
}
SPICE = ["é", "💬", "\"", "\\", "\n", "{{workspace_sid}}", "{{x}}", "&", "%41", "+", "</script>", " ", "\u0000", "\u202e"]


def prepare(templates, folder):
    """The templates with ids for every target beside them; pairs of a flow and its conversations."""
    environment = json.loads((templates / "environments.json").read_text(encoding="utf-8"))
    environment["dev"].update(ENVIRONMENT)
    (folder / "environments.json").write_text(json.dumps(environment), encoding="utf-8")
    for path in sorted(templates.glob("*.flow.json")):
        flow = json.loads(path.read_text(encoding="utf-8"))
        for target, ids in TIERS.items():
            tiers = {tier: dict(ids) for tier in flow.get("tiers", {})}
            flow["targets"].setdefault(target, {"tiers": tiers})
        made = folder / path.name
        made.write_text(json.dumps(flow, ensure_ascii=False), encoding="utf-8")
        lines = path.with_name(path.name.replace(".flow.json", ".conversations.jsonl"))
        yield made, flow, [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines() if line.strip()]


def long_text(random):
    word = "".join(random.choice(SPICE + list("abcdefg h")) for _ in range(random.randint(1, 12)))
    return word * random.choice([1, 1, 3, 30, 300, 900])


def extreme(random, flow, conversation):
    """A flow that sends more than any contact centre takes, and a conversation in which much is said."""
    flow, conversation = json.loads(json.dumps(flow)), json.loads(json.dumps(conversation))
    more = {
        "everything_said": "transcript.all()", "tried": "actions()", "way": "path()", "before": "people()",
        "found": "entities()", "when": "now()", "marks": "[\"" + "\", \"".join("mnop") + "\"]",
    }
    for number in range(random.choice([0, 0, 5, 55])):
        more[f"extra_{number}"] = json.dumps("x" * random.choice([0, 3, 300]))
    names = random.sample(sorted(more), random.randint(1, len(more)))
    for context in flow["contexts"].values():
        context["fields"].update({name: {"from": more[name]} for name in names})
        if random.random() < 0.5:
            context["summary"] = long_text(random).replace("{", "(").replace("}", ")") or "x"
    fields = [name for context in flow["contexts"].values() for name in context["fields"]]
    for target, places in PLACES.items():
        setup = flow["targets"][target]
        if target != "zendesk":
            setup["fields"] = {name: random.choice(places) for name in fields if random.random() < 0.2}
        policies = ["drop", "shorten", "link", "keep"]
        setup["too_big"] = {name: random.choice(policies) for name in sorted(set(fields)) if random.random() < 0.8}
    if random.random() < 0.5:
        for ids in flow["targets"]["salesforce-messaging"]["tiers"].values():
            ids |= {"channelAddressIdentifier": "9c0f1c5e-0000-4000-8000-000000000009", "queueId": "00G000000000001AAA"}
            if random.random() < 0.5:
                ids["flowId"] = "300000000000001AAA"
    if random.random() < 0.3:
        for ids in flow["targets"]["salesforce-case"]["tiers"].values():
            ids |= {"ServiceChannelId": "0N9000000000001AAA", "skills": ["0C5000000000001AAA", "0C5000000000002AAA"]}
    if random.random() < 0.3:
        for ids in flow["targets"]["genesys"]["tiers"].values():
            ids["bot_id"] = "bot-1"
    for turn in conversation["turns"]:
        if "text" in turn and random.random() < 0.6:
            turn["text"] = long_text(random)
            if turn.get("who") == "user":
                turn.setdefault("intent", None)
                turn.setdefault("sentiment", None)
    return flow, conversation
