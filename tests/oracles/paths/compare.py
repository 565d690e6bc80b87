"""compare.py BINARY [FLOWS] [SEED]: what `check` claims of random flows against all that they can do.

What refutes a claim, and what counts as missed:
  path-infeasible N      a run that enters N, by itself or called by another flow; missed where edges lead to N and no run does
  infeasible edge        a run that takes it; missed where a run comes to its card and none takes it
  branch-*, else-*       a run that takes that branch
  trigger-shadowed       a run in which it fires
  context-incomplete N   no run enters N with the field unset, or none by the way shown, or a shorter way does; missed
                         where a run does (calls and people are taken to give what they are expected to)
  requirement-unproved N the same for the requirement of its tier (whatever calls and people leave out)
  no-way-to-a-person N   a way of edges that runs take, from N to a handoff; missed where there is none
  node-unreachable N     an edge or a trigger that leads there from the start
  branch-gap N           missed where a run finds no branch and no else there
  dead-end N, handoff-without-* N
                         a port that is drawn; missed where a run takes one that is not, and they do not say so of that card
Conditions that compare two names are not analysed, so that flows with one may claim and miss what hangs on it; a trigger
that may be spent is taken to be, so that flows with one may miss what it would have taken.
And so that the runs are those of the product: the cards that `replay` enters in random conversations are such a run.
The flows of `cases`, each with its conversations, are judged before any is drawn.
"""

import concurrent.futures
import json
import os
import random
import subprocess
import sys
import tempfile
import time

from draw import conversation, draw
from explore import Explorer, TooLarge

BATCH, FLOOR, RUNS, TOGETHER = 100, 100, 5, 10
PORTS = ("next", "else", "filled", "failed", "ok", "error", "timeout", "sent", "resumed", "resolved", "closed")


def edges(node):
    """(port, to) of a card."""
    found = [(port, node[port]) for port in PORTS if port in node]
    for key, rows in (("branches", node.get("branches")), ("overflow", node.get("overflow")), ("turns", node.get("waiting", {}).get("turns"))):
        found += [("%s[%d]" % (key, index), row["to"]) for index, row in enumerate(rows or [])]
    found += [("errors." + code, to) for code, to in node.get("errors", {}).items()]
    return found + [("returns." + name, row["to"]) for name, row in node.get("returns", {}).items()]


def by_edges(document, takes=lambda node, port: True, fires=lambda trigger: True):
    seen, todo = set(), ["start"]
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        node = document["nodes"][name]
        todo += [to for port, to in edges(node) if takes(name, port)]
        if node["kind"] in ("listen", "ask"):
            for trigger, entry in document["triggers"].items():
                if fires(trigger) and ("*" in entry["within"] or name in entry["within"]):
                    todo.append(entry["to"])
    return seen


def to_a_person(document, runs):
    """The cards from which edges that runs take lead to a handoff."""
    nodes = document["nodes"]
    can = {name for name, node in nodes.items() if node["kind"] == "handoff"}
    grown = True
    while grown:
        grown = False
        for name, node in nodes.items():
            if name in can:
                continue
            leads = any(to in can and (name, port) in runs.taken for port, to in edges(node))
            if node["kind"] in ("listen", "ask"):
                leads |= any(trigger in runs.fired and entry["to"] in can and ("*" in entry["within"] or name in entry["within"])
                             for trigger, entry in document["triggers"].items())
            if leads:
                can.add(name)
                grown = True
    return can


def judge(document, report):
    """(faults, how many claims were held against runs)."""
    nodes, problems = document["nodes"], report["problems"]
    errors = [p for p in problems if p["severity"] == "error" and p["code"] in ("unknown-name", "type-mismatch", "syntax")]
    if errors:
        return ["not valid: %s" % errors[0]], 0, None
    strict, lenient = Explorer(document, False).run(), Explorer(document, True).run()
    called = Explorer(document, False, called=True).run()
    faults, claims = [], 0
    exact = nodes["start"].get("next") == "main" and "slots.x == slots.y" not in strict.text and "'once'" not in strict.text and "endless-loop" not in {p["code"] for p in problems}
    entered = {state.node for state in strict.seen}
    possible = {state.node for state in called.seen}
    linked = by_edges(document)
    has = {(p["code"], p.get("node")): p for p in problems}

    def compare(code, name, claimed, holds):
        nonlocal claims
        claims += 1
        if claimed and not holds:
            faults.append("%s of %s is refuted" % (code, name))
        elif holds and not claimed and exact:
            faults.append("%s of %s is missed" % (code, name))

    for name in nodes:
        compare("node-unreachable", name, ("node-unreachable", name) in has, name not in linked)
        if name in linked:
            compare("path-infeasible", name, ("path-infeasible", name) in has, name not in possible)
    idle = {(edge["node"], edge["port"]) for edge in report.get("infeasible", [])}
    for name in linked:
        for port, _ in edges(nodes[name]):
            compare("infeasible edge", (name, port), (name, port) in idle, (name, port) not in called.taken)
    for p in problems:
        place = p["path"].split("/")
        if p["code"] in ("branch-impossible", "branch-shadowed", "else-unreachable") and place[3] in ("branches", "else", "overflow"):
            port = "else" if place[3] == "else" else "%s[%s]" % (place[3], place[4])
            claims += 1
            if (place[2], port) in called.taken:
                faults.append("%s of %s.%s is refuted" % (p["code"], place[2], port))
        if p["code"] == "trigger-shadowed":
            claims += 1
            if p["trigger"] in called.fired:
                faults.append("trigger-shadowed of %s is refuted" % p["trigger"])
    ends(document, strict, called, problems, compare, faults)
    can = to_a_person(document, called)
    for name, node in nodes.items():
        if name in entered and node["kind"] in ("listen", "ask"):
            compare("no-way-to-a-person", name, ("no-way-to-a-person", name) in has, name not in can)
        if name in entered and node["kind"] == "handoff":
            people(document, name, strict, lenient, problems, compare, faults, exact)
    return faults, claims, strict


def ends(document, strict, called, problems, compare, faults):
    """Ports that lead nowhere, and cards where no branch holds."""
    told = {(p["code"], p.get("node")) for p in problems}
    for name in strict.faults:
        compare("branch-gap", name, ("branch-gap", name) in told, True)
    of_port = {"timeout": "handoff-without-timeout", "closed": "handoff-without-closed", "failed": "handoff-without-failed"}
    for name, port in strict.rests:
        handoff = document["nodes"][name]["kind"] == "handoff"
        code = of_port.get(port, "dead-end") if handoff else "dead-end"
        compare("%s (%s)" % (code, port), name, (code, name) in told, True)
    for code, name in told:
        node = document["nodes"].get(name, {})
        port = {code: port for port, code in of_port.items()}.get(code)
        if code.startswith("handoff-without-") and port in node:
            faults.append("%s of %s is refuted" % (code, name))
        drawn = {"message": ["next"], "set": ["next"], "start": ["next"], "ask": ["filled", "failed"], "action": ["ok", "error", "timeout"]}
        if code == "dead-end" and all(port in node for port in drawn.get(node.get("kind"), ["sent"])):
            faults.append("dead-end of %s is refuted" % name)


def people(document, name, strict, lenient, problems, compare, faults, exact):
    requires = document["tiers"]["t1"].get("requires")
    parts = requires.split(" && ") if requires else []
    wanted = [("context-incomplete", "slots.x", lenient, lambda state: state.x is None)]
    wanted += [("requirement-unproved", part, strict, lambda state, part=part: not strict.holds(part, state)) for part in parts]
    for code, part, runs, lacks in wanted:
        found = [p for p in problems if p["code"] == code and p.get("node") == name and (code[0] == "c" or "`%s`" % part in p["message"])]
        bad = [state for state in runs.entries(name) if state.pend != name and lacks(state)]
        compare("%s (%s)" % (code, part), name, bool(found), bool(bad))
        if found and bad and exact:
            path = found[0].get("path_to_it")
            shortest = runs.seen[bad[0]][1] + 1
            if path is None or not any(lacks(state) and state.pend != name for state in runs.follows(path)):
                faults.append("%s (%s) of %s: no run on %s" % (code, part, name, path))
            elif len(path) > shortest:
                faults.append("%s (%s) of %s: %s, and there is a way of %d cards" % (code, part, name, path, shortest))


def one(job):
    document, report, paths = job
    try:
        faults, claims, runs = judge(document, report)
    except TooLarge:
        return None
    for path in paths if runs else []:
        if not runs.follows(path):
            faults.append("replay enters %s, and no run was found that does" % path)
    return faults, claims + len(paths)


def kept(binary):
    """The flows that were once judged wrongly, and what became of them."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases")
    for file in sorted(file for file in os.listdir(folder) if file.endswith(".flow.json")):
        path = os.path.join(folder, file)
        with open(path) as text:
            document = json.load(text)
        out = subprocess.run([binary, "check", "--json", path], capture_output=True, text=True).stdout
        paths = entered(binary, path, path.replace(".flow.json", ".conversations.jsonl"))
        yield file, document, one((document, json.loads(out)["flows"][0], paths))


def several(job):
    """What became of some flows, each with its conversations."""
    binary, flows = job
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, (document, conversations) in enumerate(flows):
            place = os.path.join(folder, str(number))
            os.makedirs(place)
            paths.append(os.path.join(place, "case.flow.json"))
            with open(paths[-1], "w") as file:
                json.dump(document, file)
            with open(os.path.join(place, "case.conversations.jsonl"), "w") as file:
                file.writelines(json.dumps(one) + "\n" for one in conversations)
        out = subprocess.run([binary, "check", "--json"] + paths, capture_output=True, text=True).stdout
        reports = json.loads(out)["flows"]
        entries = [entered(binary, path, path.replace(".flow.json", ".conversations.jsonl")) for path in paths]
        return [one((document, report, runs)) for (document, _), report, runs in zip(flows, reports, entries)]


def entered(binary, path, conversations):
    out = subprocess.run([binary, "replay", path, conversations, "--each", "--json", "--no-fill"], capture_output=True, text=True).stdout
    # A run that goes round without end says no more than the cycle.
    return [path for path in (json.loads(line)["path"] for line in out.splitlines()) if len(path) < 100]


def main(arguments):
    if not 1 <= len(arguments) <= 3:
        print(__doc__.splitlines()[0], file=sys.stderr)
        return 2
    binary = os.path.abspath(arguments[0])
    wanted = int(arguments[1]) if len(arguments) > 1 else 2000
    seed = int(arguments[2]) if len(arguments) > 2 else 1
    deadline = float(os.environ.get("HANDOFF_DEADLINE", "inf"))
    chance = random.Random(seed)
    drawn = large = claims = 0
    failures = []
    for file, document, result in kept(binary):
        if result is None or result[0]:
            failures.append((file, document, result[0] if result else ["too large to enumerate"]))
    with concurrent.futures.ProcessPoolExecutor() as pool:
        while drawn < wanted and (drawn < FLOOR or time.time() < deadline):
            documents = [draw(chance) for _ in range(min(BATCH, wanted - drawn))]
            flows = [(document, [conversation(chance, number) for number in range(RUNS)]) for document in documents]
            jobs = [(binary, flows[at:at + TOGETHER]) for at in range(0, len(flows), TOGETHER)]
            for number, result in enumerate(result for some in pool.map(several, jobs) for result in some):
                if result is None:
                    large += 1
                    continue
                claims += result[1]
                if result[0]:
                    failures.append((drawn + number, documents[number], result[0]))
            drawn += len(documents)
    for number, document, faults in failures[:10]:
        print("flow %s (seed %d)" % (number, seed))
        for fault in faults:
            print("  - " + fault)
        print("    " + json.dumps({"nodes": document["nodes"], "triggers": document["triggers"], "tiers": document["tiers"]}))
    print("%d flows (floor %d, seed %d), %d too large to enumerate, %d claims, silences and replays held against all runs, %d flows wrong"
          % (drawn, FLOOR, seed, large, claims, len(failures)))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
