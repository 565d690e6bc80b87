"""Checks exported agents: the vendor's messages, references and conditions, cxlint. One line a project.

usage: check.py PROJECT [PROJECT ..]      those named generated-.. are of flows that were drawn at random: cxlint objects
                                          to cards that nothing leads to, and so does nobody here
"""

import pathlib
import shutil
import sys
import tempfile

import lint
import messages
import references
from package import BESIDE, Agent


def faults(folder, linted=True):
    agent = Agent(folder)
    drawn = pathlib.Path(folder).name.startswith("generated-")
    found = messages.faults(agent) + references.faults(agent, not drawn)
    if linted and not drawn and not found:
        with tempfile.TemporaryDirectory() as alone:
            copy = pathlib.Path(alone) / "agent"
            shutil.copytree(folder, copy)
            for name in BESIDE:
                path = copy / name.rstrip("/")
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
            found += lint.faults(copy)
    return found


def main(folders):
    passed = failed = 0
    for folder in folders:
        found = faults(folder)
        passed, failed = passed + (not found), failed + bool(found)
        for fault in found[:10]:
            print("%s: %s" % (pathlib.Path(folder).name, fault))
    print("cx check: %d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
