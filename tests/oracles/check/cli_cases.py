"""`check` as a command: several files, standard input, exit codes, the keys of the answer, and what fixes and paths are."""

import json
import os
import tempfile

from base import flow, guards, handoff, message
from runner import run


def cli_cases(binary):
    passed, failures = 0, []

    def expect(name, holds, fault=""):
        nonlocal passed
        if holds:
            passed += 1
        else:
            failures.append(("check: " + name, fault))

    with tempfile.TemporaryDirectory() as folder:
        def file(name, document):
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8") as out:
                out.write(document if isinstance(document, str) else json.dumps(document, ensure_ascii=False))
            return path

        good = file("case.flow.json", flow())
        warned = file("warned.flow.json", dict(flow({"h": handoff(closed=None)}), id="warned"))
        bad = file("bad.flow.json", dict(guards(["crm.b"]), id="bad"))
        broken = file("broken.flow.json", "{")
        other = file("other_name.flow.json", flow())
        missing = os.path.join(folder, "missing.flow.json")

        def check(*arguments, **more):
            code, out, err = run(binary, ["check", "--json"] + list(arguments), **more)
            try:
                return code, json.loads(out)
            except ValueError:
                return code, None

        code, answer = check(good)
        entry = answer["flows"][0]
        expect("a clean flow", code == 0 and entry["ok"] is True and entry["id"] == "case" and entry["file"] == good and isinstance(entry["problems"], list), str(answer))
        code, answer = check(good, warned)
        expect("two good ones, exit 0", code == 0 and [entry["file"] for entry in answer["flows"]] == [good, warned], "%s %s" % (code, answer))
        expect("a warning is ok", answer["flows"][1]["ok"] is True)
        code, answer = check(good, bad, warned)
        expect("one bad of three, exit 1, in order", code == 1 and [entry["ok"] for entry in answer["flows"]] == [True, False, True], str(code))
        code, answer = check(good, broken, bad)
        expect("one that does not parse, exit 2, the rest is read", code == 2 and answer is not None and {good, broken, bad} <= {entry["file"] for entry in answer["flows"]}, str(code))
        code, answer = check(missing)
        expect("a file that is not there, exit 2", code == 2, str(code))
        code, answer = check(good, missing)
        expect("one of two is not there, exit 2", code == 2 and answer is not None and any(entry["file"] == good for entry in answer["flows"]), "%s %s" % (code, answer))
        code, answer = check("-", text=open(good, encoding="utf-8").read())
        expect("standard input", code == 0 and answer["flows"][0]["ok"] is True and answer["flows"][0]["id"] == "case", "%s %s" % (code, answer))
        code, answer = check("-", text=open(bad, encoding="utf-8").read())
        expect("standard input with an error", code == 1 and any(problem["code"] == "branch-gap" for problem in answer["flows"][0]["problems"]), str(code))
        code, answer = check("-", text="{")
        expect("standard input that does not parse", code == 2 and answer["flows"][0]["problems"][0]["code"] == "not-json", str(code))
        code, answer = check(other)
        expect("an id other than the file's name is a warning", code == 0 and [problem["severity"] for problem in answer["flows"][0]["problems"] if problem["severity"] != "info"] == ["warning"], str(answer))
        for arguments in (["check"], ["check", "--json"], ["check", "--nonsense", good], ["chekc", good], []):
            code, out, err = run(binary, arguments)
            expect("wrong use: %s" % arguments, code == 2, str(code))
        code, out, err = run(binary, ["check", bad])
        expect("without --json, exit 1 and words", code == 1 and "branch-gap" in out + err, str(code))
        code, out, err = run(binary, ["check", good])
        expect("without --json, exit 0", code == 0, str(code))
        code, answer = check(bad)
        gap = [problem for problem in answer["flows"][0]["problems"] if problem["code"] == "branch-gap"]
        expect("one problem a gap, with its keys", len(gap) == 1 and gap[0]["path"] == "/nodes/d" and gap[0]["node"] == "d" and isinstance(gap[0]["message"], str)
               and gap[0].get("witness") in ({"crm.b": None}, {"crm.b": False}), str(gap))
        first = run(binary, ["check", "--json", bad, warned])[1]
        expect("the same answer twice", first == run(binary, ["check", "--json", bad, warned])[1])
        marked = file("bom.flow.json", "\ufeff" + json.dumps(dict(flow(), id="bom")))
        code, answer = check(marked)
        expect("an answer to a file that begins with a mark", answer is not None, str(code))
        spanned = dict(flow({"sorry": message("Sorry?")}, triggers={"t": {"when": "text == \"😀é\" && nothing", "to": "h"}}), id="spanned")
        code, answer = check(file("spanned.flow.json", spanned))
        found = [problem for problem in answer["flows"][0]["problems"] if problem["code"] == "unknown-name"]
        expect("a span in a trigger after an emoji", found and found[0]["span"] == [17, 24] and found[0]["trigger"] == "t" and found[0]["path"] == "/triggers/t/when", str(found))
        escaped = dict(flow({"main": {"kind": "listen", "branches": [{"when": "intent == \"a/b~c\"", "to": "h"}], "else": "sorry"}}), id="escaped")
        escaped["calls"] = {"a/b~c": {"inputs": {}, "outputs": {"a b": "text"}, "errors": {}, "repeat": "safe"}}
        code, answer = check(file("escaped.flow.json", escaped))
        found = [problem["path"] for problem in answer["flows"][0]["problems"] if problem["code"] == "bad-id"]
        expect("a path is a JSON pointer", found and found[0].startswith("/calls/a~1b~0c"), str(found))
    return passed, failures
