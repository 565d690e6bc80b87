"""Runs the table of cases against a built `handoff`, in one call where it can."""

import concurrent.futures
import json
import os
import subprocess
import tempfile


class Case:
    """One document and what `check --json` has to say of it.

    must: (code, {field: value}) that have to be there; a code may be a tuple of codes of which one will do.
    never: codes that may not be there. may: further codes of error or warning severity that are left open.
    exact: no other code of error or warning severity.
    """

    def __init__(self, name, document, must=(), never=(), may=(), exact=True, files=None, exit=None, test=None):
        self.name, self.document = name, document
        self.must = [(item, {}) if isinstance(item, str) or all(isinstance(part, str) for part in item) else item
                     for item in must]
        self.never, self.may, self.exact = never, may, exact
        self.files, self.exit, self.test = files or {}, exit, test

    def faults(self, problems):
        faults, explained = [], set(self.may)
        for code, wanted in self.must:
            codes = (code,) if isinstance(code, str) else code
            explained.update(codes)
            found = [problem for problem in problems if problem["code"] in codes]
            if not found:
                faults.append("wants %s" % "/".join(codes))
            elif wanted and not any(fits(problem, wanted) for problem in found):
                faults.append("wants %s with %s, has %s" % ("/".join(codes), json.dumps(wanted), brief(found)))
        for problem in problems:
            if problem["code"] in self.never:
                faults.append("must not have " + brief([problem]))
            elif self.exact and problem["severity"] != "info" and problem["code"] not in explained:
                faults.append("has besides " + brief([problem]))
        if self.test:
            faults += self.test(problems) or []
        return faults


def fits(problem, wanted):
    for key, value in wanted.items():
        has = problem.get(key)
        if key == "under":
            if not problem.get("path", "").startswith(value):
                return False
        elif isinstance(value, (set, tuple)):
            if has not in value:
                return False
        elif has != value:
            return False
    return True


def brief(problems):
    return "; ".join(json.dumps({key: value for key, value in problem.items() if key not in ("fix",)},
                                ensure_ascii=False)[:400] for problem in problems)


def run(binary, arguments, text=None, folder=None):
    done = subprocess.run([binary] + arguments, input=None if text is None else text.encode("utf-8"),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder)
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def written(case, folder):
    os.makedirs(folder)
    document = case.document
    identity = document.get("id") if isinstance(document, dict) else None
    name = identity if isinstance(identity, str) and identity.isidentifier() else "case"
    path = os.path.join(folder, name + ".flow.json")
    for extra, content in dict(case.files, **{path: document}).items():
        with open(os.path.join(folder, extra), "wb") as file:
            if isinstance(content, bytes):
                file.write(content)
            elif isinstance(content, str):
                file.write(content.encode("utf-8"))
            else:
                file.write(json.dumps(content, ensure_ascii=False, indent=2).encode("utf-8"))
    return path


def run_cases(binary, cases, verbose=False):
    """(passed, [(name, fault)])"""
    passed, failures = 0, []
    with tempfile.TemporaryDirectory() as folder:
        paths = [written(case, os.path.join(folder, str(index))) for index, case in enumerate(cases)]
        code, out, err = run(binary, ["check", "--json"] + paths)
        flows = {flow["file"]: flow for flow in json.loads(out)["flows"]}
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            single = list(pool.map(lambda pair: run(binary, ["check", "--json", pair[1]])[0]
                                   if pair[0].exit is not None else None, zip(cases, paths)))
        for case, path, status in zip(cases, paths, single):
            if path not in flows:
                failures.append((case.name, "not among the flows of the answer"))
                continue
            problems = flows[path]["problems"]
            faults = case.faults(problems)
            if case.exit is not None and status not in (case.exit if isinstance(case.exit, tuple) else (case.exit,)):
                faults.append("exit %s, wants %s" % (status, case.exit))
            if flows[path]["ok"] != (not any(problem["severity"] == "error" for problem in problems)):
                faults.append("ok does not go with the problems")
            if faults:
                failures.append((case.name, "\n      ".join(faults)))
            else:
                passed += 1
    return passed, failures
