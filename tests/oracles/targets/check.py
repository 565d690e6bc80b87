"""Every request of every handoff of every template and of random extreme ones, held against what the vendors describe.

    python check.py BINARY DESCRIPTIONS [--samples N] [--seed S]

Exit 0 when all are taken as they are, every limit of the overlay is measured or says why not, and every request that is
broken on purpose is refused.
"""

import argparse
import copy
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

import mutations
import samples
import setups
from limits import Limits
from vendors import PATCHES, TOO_MUCH, Vendors

ROOT = pathlib.Path(__file__).resolve().parents[3]


class Check:
    def __init__(self, binary, descriptions):
        self.binary, self.vendors, self.limits = binary, Vendors(descriptions), Limits(descriptions)
        self.requests, self.over, self.cut, self.handoffs, self.failed = 0, 0, 0, 0, 0
        self.kinds, self.seen, self.of_flow, self.setups = {}, [], {}, 0

    def preview(self, flow, lines, identity=""):
        command = [self.binary, "preview", str(flow), "--conversation", f"{lines}{identity}", "--env", "dev", "--json"]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        if done.returncode > 1 or not done.stdout:
            self.fault(f"{flow.name}{identity}", [f"preview fails: {done.stderr[:300]}"])
            return
        for number, handoff in enumerate(json.loads(done.stdout)["handoffs"]):
            self.handoffs += 1
            for target, request in handoff["requests"].items():
                self.seen.append(request)
                if request["fits"]:
                    self.of_flow.setdefault(flow.name, {}).setdefault(target, []).append(request)
                self.target(f"{flow.name}{identity} handoff {number} {target}", target, request)

    def target(self, where, target, first):
        for request in unrolled(first):
            self.request(f"{where} {request['method']} {request['url']}", request)
        wait, back = first["wait"], first["withdraw"]
        for request in [*unrolled(wait["request"]), *unrolled(back["request"])]:
            self.request(f"{where} {request['method']} {request['url']}", request)
        if (back["request"] is None) == (back["why_not"] is None):
            self.fault(where, ["withdrawal is neither a request nor impossible"])
        secret = [name for name, value in first["headers"].items() if name == "Authorization" and value]
        if secret:
            self.fault(where, ["a secret in a header"])

    def request(self, where, request):
        self.requests += 1
        self.cut += len(request["cut"])
        faults = self.says(request)
        filled = fill(request, faults)
        found = self.vendors.faults(filled) + [TOO_MUCH + fault for fault in self.limits.faults(filled)]
        if not request["fits"]:
            self.over += 1
            found = [fault for fault in found if not fault.startswith(TOO_MUCH)]
        faults += found
        self.fault(where, faults)

    @staticmethod
    def says(request):
        """What the preview says of the request itself."""
        faults, size = [], len(request["body"].encode())
        if request["bytes"] != size:
            faults.append(f"says {request['bytes']} bytes, has {size}")
        if request["missing"]:
            faults.append(f"names without a value: {', '.join(request['missing'])}")
        fits = all(meter["used"] <= meter["most"] for meter in request["meters"])
        if request["fits"] != (fits and (not request["limited"] or size <= request["limit"])):
            faults.append("says that it fits, or not, against its own meters")
        if (request["headers"].get("Content-Type") or None) != request["content_type"]:
            faults.append("another Content-Type than its own header")
        return faults

    def setup(self, made, flow, lines, out):
        """The set-up files of a template, against what it sent."""
        command = [self.binary, "preview", str(made), "--conversation", str(lines), "--env", "dev", "--json", "--setup", str(out)]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        if done.returncode > 1:
            self.fault(f"{made.name} set-up", [done.stderr[:300]])
            return
        self.setups += sum(1 for path in out.rglob("*") if path.is_file() and not path.name.startswith("."))
        self.fault(f"{made.name} set-up", setups.faults(out, flow, self.of_flow.get(made.name, {})))

    def broken_setup(self, folder, made, flow, _):
        """A set-up file that forgets what is sent must be refused too."""
        out = folder / f"setup-{made.name}"
        path = out / "genesys" / "participant-data.schema.json"
        schema = json.loads(path.read_text(encoding="utf-8"))
        del schema["properties"]["handoff_id"]
        path.write_text(json.dumps(schema), encoding="utf-8")
        if not setups.faults(out, flow, self.of_flow.get(made.name, {})):
            self.fault("mutation of a set-up file", ["a broken file is taken"])

    def fault(self, where, faults):
        if faults:
            self.failed += 1
            kind = re.sub(r"[0-9]+", "0", faults[0])
            self.kinds[kind] = self.kinds.get(kind, 0) + 1
            if self.kinds[kind] <= 2 and len(self.kinds) <= 30:
                print(f"FAILED {where[:300]}")
                for fault in faults[:5]:
                    print(f"    {fault[:500]}")

    def broken(self, templates):
        """Every mutation of a request that was seen must be refused."""
        refused = 0
        whole = [r for first in templates for start in (first, first["wait"]["request"]) for r in unrolled(start)]
        for part, what, change in mutations.MUTATIONS:
            request = next((r for r in whole if part in r["url"] and r["body"] and r["fits"]), None)
            if request is None:
                self.fault(f"mutation {part}: {what}", ["no such request was seen"])
                continue
            request = fill(copy.deepcopy(request), [])
            if self.vendors.faults(request, count=False) or self.limits.faults(request):
                self.fault(f"mutation {part}: {what}", ["is refused before it is broken"])
            change(request)
            if self.vendors.faults(request, count=False) or self.limits.faults(request):
                refused += 1
            else:
                self.fault(f"mutation {part}: {what}", ["a broken request is taken"])
        return refused


def unrolled(request):
    """A request and all that follow it."""
    if request is None:
        return
    yield request
    for following in request["then"]:
        yield from unrolled(following)


def fill(request, faults):
    """Names that answers give, filled in; any other that is left is a fault. A secret has none."""
    filled = copy.deepcopy(request)

    def value(found):
        name = found.group(1)
        if name in samples.ANSWERS:
            return samples.ANSWERS[name]
        faults.append(f"{{{{{name}}}}} is left in {request['url']}")
        return found.group(0)

    filled["url"] = re.sub(r"{{([^{}]+)}}", value, filled["url"])
    known = "|".join(map(re.escape, samples.ANSWERS))
    filled["body"] = re.sub(rf"(?:{{{{|%7B%7B)({known})(?:}}}}|%7D%7D)", lambda m: samples.ANSWERS[m.group(1)], filled["body"])
    return filled


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("binary")
    arguments.add_argument("descriptions")
    arguments.add_argument("--samples", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    wanted = arguments.parse_args()
    deadline = float(os.environ.get("HANDOFF_DEADLINE", "inf"))
    check, draw = Check(wanted.binary, wanted.descriptions), random.Random(wanted.seed)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        flows = list(samples.prepare(ROOT / "flows" / "templates", folder))
        for made, flow, conversations in flows:
            lines = made.with_suffix(".jsonl")
            lines.write_text("".join(json.dumps(c) + "\n" for c in conversations), encoding="utf-8")
            for conversation in conversations:
                check.preview(made, lines, f"#{conversation['id']}")
            check.setup(made, flow, lines, folder / f"setup-{made.name}")
        check.broken_setup(folder, *flows[0])
        whole, drawn = check.requests, 0
        templates = list(check.seen)
        while drawn < wanted.samples and (drawn < wanted.samples // 10 or time.time() < deadline):
            _, flow, conversations = draw.choice(flows)
            flow, conversation = samples.extreme(draw, flow, draw.choice(conversations))
            made, lines = folder / f"{flow['id']}.flow.json", folder / "extreme.jsonl"
            made.write_text(json.dumps(flow, ensure_ascii=False), encoding="utf-8")
            lines.write_text(json.dumps(conversation) + "\n", encoding="utf-8")
            check.preview(made, lines)
            drawn += 1
    for odd in check.limits.odd:
        check.fault("limits overlay", [odd])
    refused = check.broken(templates)
    summary(check, whole, drawn, refused)
    return 1 if check.failed else 0


def summary(check, whole, drawn, refused):
    for name, patches in PATCHES.items():
        for why, _ in patches:
            print(f"targets: description of {name} patched: {why}")
    for label, count in sorted(check.vendors.seen.items()):
        print(f"targets: {count:6} {label}")
    print(f"targets: {len(check.limits.measured)} limits measured, {sum(check.limits.measured.values())} times")
    print(
        f"targets: {check.handoffs} handoffs, {whole} requests of templates, {check.requests - whole} of {drawn} extreme "
        f"conversations ({check.over} say that they do not fit, {check.cut} fields cut); "
        f"{refused} of {len(mutations.MUTATIONS)} broken requests refused"
    )
    print(f"targets: {check.setups} set-up files held against what is sent")
    print(f"targets: {check.requests - check.failed} passed, {check.failed} failed")


if __name__ == "__main__":
    sys.exit(main())
