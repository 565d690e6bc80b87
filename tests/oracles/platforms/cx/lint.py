"""cxlint, the community's linter, on one agent: everything that it says but what every agent gets.

R004 says that Default Negative Intent has no training phrases; every exported agent has that. R004 and R005 also count
phrases (fewer than 20, than 50): how many examples an intent has is the flow's own matter, not the exporter's. Two findings
are the linter's own errors and are looked at again here: R013 takes a route group of the agent, which it does not know, for
a page without a way on; R007 compares an utterance with phrases of which it has put only one side in small letters.
"""

import os
import re
import subprocess
import sys

from package import Agent

KINDS = (
    "agent_name entity_type_name flow_name intent_head_name intent_generic_name intent_confirmation_name "
    "intent_escalation_name page_generic_name page_with_form_name page_with_webhook_name test_case_name webhook_name"
).split()
KNOWN = ("R004", "R005")
FINDING = re.compile(r"\s*(R\d{3}): (.*)")
UTTERANCE = re.compile(r"\[Utterance: (.*) \| Intent: (.*?)\s*\]")
COLOURS = re.compile(r"\x1b\][^\x1b]*\x1b\\|\x1b\[[0-9;]*m")


def faults(folder):
    """What it finds in the agent's files, which must stand alone in the folder. It prints, so it runs by itself."""
    ran = subprocess.run(
        [sys.executable, __file__, str(folder)],
        env={**os.environ, "COLUMNS": "2000"},
        capture_output=True,
        text=True,
        check=False,
    )
    text = COLOURS.sub("", ran.stdout)
    if ran.returncode or "Webhooks linted" not in text:
        return ["cxlint did not come to its end: " + ran.stderr.strip()[-300:]]
    agent = Agent(folder)
    found = (FINDING.match(line) for line in text.splitlines())
    return [
        "%s %s" % (one.group(1), one.group(2).strip())
        for one in found
        if one and one.group(1) not in KNOWN and not mistaken(agent, *one.groups())
    ]


def mistaken(agent, rule, words):
    """Whether the linter errs."""
    if rule == "R013":
        return words.rpartition(" : ")[2].strip() in agent.called("agentTransitionRouteGroups")
    said = UTTERANCE.search(words)
    if rule != "R007" or not said:
        return False
    phrases = {
        "".join(part["text"] for part in phrase["parts"])
        for file in agent.of("intents/trainingPhrases")
        if file.path.split("/")[1] == said.group(2)
        for phrase in file.value["trainingPhrases"]
    }
    return said.group(1) in phrases


if __name__ == "__main__":
    from cxlint.cxlint import CxLint

    CxLint(agent_type="chat", naming_conventions={kind: ".*" for kind in KINDS}, verbose=False).lint_agent(sys.argv[1])
