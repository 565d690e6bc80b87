"""What in_process.py wrote with --totals, as the page RESULTS.md.

usage: results.py TOTALS.jsonl WHEN COMMIT MOST REST.txt >RESULTS.md     REST.txt: what drive.py printed
"""
import collections
import json
import platform
import sys

import rasa.version

UNHEARD = {
    "after the last words": "People or the contact centre did something after the customer's last message: Rasa acts on "
    "it with the next one, which never comes",
    "before the first words": "Something other than news of a queue happened before the customer had said a word: Rasa's "
    "channels speak only when spoken to",
    "silence": "Time passed while the bot listened: Rasa has no clock",
    "words in the queue": "The customer spoke while waiting for a person: a paused bot says nothing",
    "news of the queue": "A queue told news while the customer waited: a paused bot hears of it when it is handed back",
}
HEAD = """# Random flows and the shipped ones in Rasa

What `tests/oracles/rasa` found on {when}, at {commit}: Rasa Open Source {rasa}, Python {python}. Written by `results.py`.

## {flows} random flows in one process
Seeds {first} to {last} of `tests/oracles/reference/generate.py`, without those that nobody exports (cards to be decided,
steps that may never end, and each fortieth, a step of a thousand cards). Each project was validated by Rasa and its rules
trained by Rasa's RulePolicy; then Rasa's own agent took the messages of up to {most} conversations of each: edges of the
flow's conditions, real-looking conversations, and those with a calendar once more with their time. Held against
`handoff replay`: every request (node, tier, mode, priority, turn, reasons), the whole path, where the conversation waits,
and that a rule of the RulePolicy chose the action that asked. Calls, tickets and callbacks were answered as the
conversation says.

```
handoff=target/release/handoff
python jobs.py $handoff /tmp/flows --flows {flows} >jobs && python in_process.py $handoff jobs --most 40 --totals totals
```

| conversations | |
| ---: | --- |
"""


def main(totals, when, commit, most, rest):
    with open(totals, encoding="utf-8") as lines:
        flows = [json.loads(line) for line in lines]
    count = collections.Counter()
    for flow in flows:
        count.update({key: value for key, value in flow.items() if isinstance(value, int)})
    seeds = sorted(int(flow["name"].rpartition("-")[2]) for flow in flows)
    print(
        HEAD.format(
            when=when, commit=commit, rasa=rasa.version.__version__, python=platform.python_version(), flows=len(flows),
            first=seeds[0], last=seeds[-1], most=most,
        ),
        end="",
    )
    print("| %d | alike from beginning to end |" % count["alike"])
    print("| %d | otherwise where Rasa cannot hear, as a loss of the export declares |" % count["otherwise as declared"])
    print("| %d | of these, alike up to there |" % count["alike up to what Rasa cannot hear"])
    print("| %d | without a word of the customer before that: nothing is sent to Rasa |" % count["without a word of the customer"])
    print("| %d | different |" % count["different"])
    print("| %d | projects that Rasa refused, or whose policy module decided otherwise |" % count["refused"])
    print("\nWhat Rasa could not hear in the %d, several of it in some:\n" % count["otherwise as declared"])
    print("| conversations | what |\n| ---: | --- |")
    for key, words in UNHEARD.items():
        print("| %d | %s |" % (count["unheard: " + key], words))
    print("\n## The shipped flows over REST\n\n```")
    with open(rest, encoding="utf-8") as lines:
        print(lines.read().rstrip())
    print("```\n\n## Flow by flow\nSeed: alike / otherwise as declared / alike up to there / without a word.\n\n```")
    row = []
    for seed, flow in sorted((int(flow["name"].rpartition("-")[2]), flow) for flow in flows):
        keys = ("alike", "otherwise as declared", "alike up to what Rasa cannot hear", "without a word of the customer")
        row.append("%4d: %-12s" % (seed, "/".join(str(flow.get(key, 0)) for key in keys)))
        if len(row) == 6:
            print("  ".join(row).rstrip())
            row = []
    print("  ".join(row).rstrip())
    print("```")


if __name__ == "__main__":
    main(*sys.argv[1:6])
