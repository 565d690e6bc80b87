"""Hold what a generated policy module makes of the hash key against what the studio makes of it.

usage: compare_keys.py PROJECT FLOW.flow.json CONVERSATIONS#ID --handoff BINARY --field FIELD --value VALUE

Keys of every length around the shortest that is taken, and of letters that take more bytes than characters. One that the
studio refuses hashes nothing.
"""
import argparse
import json
import os
import subprocess
import sys

from tape import load

KEYS = ("", "k", "k" * 15, "k" * 16, "0123456789abcdef" * 4, "ä" * 7, "ä" * 8)


def sent(asked, key):
    """The field as the studio sends it; None where it refuses the key."""
    done = subprocess.run(
        [asked.handoff, "preview", asked.flow, "--conversation", asked.conversation, "--json"],
        env={**os.environ, "HANDOFF_HASH_KEY": key, "HANDOFF_KEYS_FILE": ""}, capture_output=True, text=True, check=False,
    )
    if done.returncode == 2 and "HANDOFF_HASH_KEY" in done.stderr:
        return None
    return json.loads(done.stdout)["handoffs"][0]["envelope"]["payload"][asked.field]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("project")
    parser.add_argument("flow")
    parser.add_argument("conversation")
    parser.add_argument("--handoff", required=True)
    parser.add_argument("--field", required=True)
    parser.add_argument("--value", required=True)
    asked = parser.parse_args()
    policy, failed = load(asked.project), 0
    for key in KEYS:
        os.environ["HANDOFF_HASH_KEY"] = key
        own, wanted = policy.redacted(asked.value, "hash"), sent(asked, key) or policy.FAILED
        if own != wanted:
            failed += 1
            print("FAILED with a key of %d bytes: the studio sends %s, the policy %s" % (len(key.encode()), wanted, own))
    print("keys: %d passed, %d failed" % (len(KEYS) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
