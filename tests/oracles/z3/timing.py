"""How long Z3 takes for the questions that `cargo bench -p flow-conditions --bench guards` times, on the same guards.

    python timing.py SECONDS FLOW…

The gap is one question: whether the denial of all guards can be satisfied. Overlaps are one question a pair, asked until
the seconds are over; what is left is told, and how long all would take at that pace. Times are those on the core: a busy
machine does not lengthen them.
"""

import json
import sys
import time

import z3

import encode


def gap(terms, facts, seconds):
    solver = z3.Solver()
    # By the clock: the limit is for a machine that does other things too.
    solver.set("timeout", int(seconds * 10_000))
    solver.add(facts)
    began = time.process_time()
    solver.add([z3.Not(term) for term in terms])
    answer = solver.check()
    took = time.process_time() - began
    return {"sat": "a gap", "unsat": "no gap"}.get(str(answer), "no answer within the limit"), took


def overlaps(terms, facts, seconds):
    solver = z3.Solver()
    solver.add(facts)
    began, asked, found = time.process_time(), 0, 0
    for later in range(len(terms)):
        for earlier in range(later):
            if time.process_time() - began > seconds:
                return asked, found, time.process_time() - began
            asked += 1
            solver.push()
            solver.add(terms[earlier], terms[later])
            found += solver.check() == z3.sat
            solver.pop()
    return asked, found, time.process_time() - began


def main(seconds, paths):
    print("Z3 %s, at most %g s a figure" % (z3.get_version_string(), seconds))
    for path in paths:
        with open(path, encoding="utf-8") as file:
            flow = json.load(file)
        guards = [branch["when"] for branch in flow["nodes"]["pick"]["branches"]]
        names = encode.Names(flow["signals"], None)
        terms = [names.condition(encode.parse(guard)) for guard in guards]
        print("%d guards, %d attributes, %s" % (len(guards), len(flow["signals"]), path))
        answer, took = gap(terms, names.facts, seconds)
        print("  gap                  %10.0f ms  %s" % (took * 1000, answer))
        asked, found, took = overlaps(terms, names.facts, seconds)
        pairs = len(guards) * (len(guards) - 1) // 2
        rest = "" if asked == pairs else "; all would take %.0f s at that pace" % (took * pairs / max(asked, 1))
        print("  all pairs            %10.0f ms  %d of %d pairs, %d overlaps%s" % (took * 1000, asked, pairs, found, rest))
        sys.stdout.flush()


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2:])
