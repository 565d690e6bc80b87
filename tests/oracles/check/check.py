"""All of it: check.py BINARY [SEED]. Prints each failure and `N passed, N failed`."""

import glob
import os
import sys

import analysis_cases
import cases_conditions
import cases_loops
import cases_people
import cases_validity
import cli_cases
import evaluation_cases
import fmt_cases
import path_cases
from runner import run_cases


def main(arguments):
    if not 1 <= len(arguments) <= 2:
        print("check.py BINARY [SEED]", file=sys.stderr)
        return 2
    binary = os.path.abspath(arguments[0])
    seed = int(arguments[1]) if len(arguments) > 1 else 1
    here = os.path.dirname(os.path.abspath(__file__))
    templates = sorted(glob.glob(os.path.join(here, "..", "..", "..", "flows", "templates", "*.flow.json")))
    templates += sorted(glob.glob(os.path.join(here, "..", "reference", "sample", "*.flow.json")))
    passed, failed = 0, 0
    for name, result in [
        ("guards", lambda: run_cases(binary, cases_conditions.CASES)),
        ("loops", lambda: run_cases(binary, cases_loops.CASES)),
        ("people", lambda: run_cases(binary, cases_people.CASES)),
        ("validity", lambda: run_cases(binary, cases_validity.CASES)),
        ("command", lambda: cli_cases.cli_cases(binary)),
        ("fmt", lambda: fmt_cases.fmt_cases(binary, templates, seed)),
        ("conditions", lambda: evaluation_cases.evaluation_cases(binary, seed)),
        ("analysis", lambda: analysis_cases.analysis_cases(binary, seed)),
        ("paths", lambda: path_cases.path_cases(binary, seed)),
    ]:
        good, failures = result()
        passed, failed = passed + good, failed + len(failures)
        print("%s: %d passed, %d failed" % (name, good, len(failures)))
        for case, fault in failures:
            print("  - %s\n      %s" % (case, fault))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
