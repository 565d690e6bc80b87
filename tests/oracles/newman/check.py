"""Collections of `handoff preview --postman`: valid by Postman's schema, without a secret, and run by newman.

    python check.py BINARY DESCRIPTIONS NEWMAN

Every request that newman sends arrives at a server of this process, which holds it against the vendor's description and
against the bytes of the preview, and answers what later requests need. Exit 0 when all collections pass, and when those
fail whose server refuses or is not there.
"""

import http.server
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

from jsonschema import Draft7Validator

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "targets"))

import samples  # noqa: E402
from check import ROOT, fill, unrolled  # noqa: E402
from limits import body_of  # noqa: E402
from vendors import Vendors  # noqa: E402


def answer(keeps):
    """An answer that has a value at each of these pointers."""
    whole = {}
    for name, pointer in keeps.items():
        steps, at = pointer.split("/")[1:], whole
        for step in steps[:-1]:
            at = at.setdefault(step, {})
        at[steps[-1]] = samples.ANSWERS[name]
    return lists(whole)


def lists(value):
    """Objects whose names are 0, 1, … or `[key=value]` are lists."""
    if not isinstance(value, dict):
        return value
    if value and all(name.isdigit() for name in value):
        return [lists(value[name]) for name in sorted(value, key=int)]
    own = {name: re.fullmatch(r"\[(.+?)=(.*)\]", name) for name in value}
    if value and all(own.values()):
        # Somebody else stands first: the item is found by what it has.
        wanted = [{**lists(value[name]), found[1]: found[2]} for name, found in own.items()]
        return [{key: "another" for key in wanted[0]}, *wanted]
    return {name: lists(inner) for name, inner in value.items()}


class Desk(http.server.BaseHTTPRequestHandler):
    """A contact centre: what it expects is the preview, what it takes is what the vendor describes."""

    vendors, expected, faults, arrived, refuses = None, {}, [], 0, False

    def serve(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        job, host, rest = self.path[1:].split("/", 2)
        Desk.arrived += 1
        if Desk.refuses:
            return self.reply(500, {})
        wanted = Desk.expected[job]
        url = f"{wanted['hosts'][int(host)]}/{rest}"
        kind = self.headers.get("Content-Type") if body else None
        request = {"method": self.command, "url": url, "body": body, "content_type": kind,
                   "headers": dict(self.headers.items())}
        faults = self.vendors.faults(request)
        known = [r for r in wanted["requests"] if (r["method"], r["url"]) == (self.command, url)]
        if not any(same(request, r) for r in known):
            faults.append("no request of the preview")
        asks = "/authorization/unauthenticated/" not in url  # a token for somebody whom nobody knows
        if wanted["signed"] and asks and not self.headers.get("Authorization") and not self.headers.get("X-Amz-Bearer"):
            faults.append("nobody says who asks")
        for fault in faults:
            Desk.faults.append(f"{job}: {self.command} {url}: {fault}")
        return self.reply(400 if faults else 200, answer(known[0]["keeps"]) if known else {})

    def reply(self, status, value):
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve


def same(request, wanted):
    """A form is the same to the byte; in JSON a brace may be written as its escape."""
    if wanted["content_type"] == "application/json" and wanted["body"]:
        return body_of(request) == body_of(wanted)
    return request["body"] == wanted["body"]


def conversations(binary, flows):
    """One conversation of each template and each mode in which it hands off."""
    for flow, _, lines in flows:
        path, modes = flow.with_suffix(".jsonl"), set()
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        for conversation in lines:
            where = f"{path}#{conversation['id']}"
            command = [binary, "preview", str(flow), "--conversation", where, "--env", "dev", "--json"]
            preview = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
            new = {handoff["mode"] for handoff in preview["handoffs"]} - modes
            if new:
                modes |= new
                yield flow, where, preview


def job(number, name, target, preview, environment, port):
    """What newman runs, and what the server expects of it."""
    requests, signed = [], False
    for handoff in preview["handoffs"]:
        first = handoff["requests"].get(target)
        for start in (first, first["wait"]["request"], first["withdraw"]["request"]) if first else ():
            for request in unrolled(start):
                requests.append(fill(request, []))
                signed = signed or "Authorization" in request["headers"]
    values = {entry["key"]: entry for entry in environment["values"]}
    bases = [key for key in values if key == "base" or key.startswith("base_")]
    given = {key: f"http://127.0.0.1:{port}/{number}/{at}" for at, key in enumerate(bases)}
    given.update({key: f"{key}-value" for key, entry in values.items() if entry["type"] == "secret"})
    hosts = [values[key]["value"] for key in bases]
    return given, {"hosts": hosts, "requests": requests, "signed": signed, "name": name}


def main():
    binary, descriptions, newman = sys.argv[1:4]
    schema = json.loads((pathlib.Path(descriptions) / "postman-collection-v2.1.0.schema.json").read_text(encoding="utf-8"))
    Draft7Validator.check_schema(schema)
    valid = Draft7Validator(schema)
    faults, jobs, folders = [], [], 0
    Desk.vendors = Vendors(descriptions)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        flows = list(samples.prepare(ROOT / "flows" / "templates", folder))
        for flow, where, preview in conversations(binary, flows):
            out = folder / f"postman-{folders}"
            folders += 1
            command = [binary, "preview", str(flow), "--conversation", where, "--env", "dev", "--json", "--postman", str(out)]
            subprocess.run(command, capture_output=True, check=False)
            for path in sorted(out.glob("*.postman_collection.json")):
                target = path.name.split(".")[0]
                collection = json.loads(path.read_text(encoding="utf-8"))
                environment_path = out / f"{target}.postman_environment.json"
                environment = json.loads(environment_path.read_text(encoding="utf-8"))
                faults += [f"{path.name}: {e.json_path} {e.message[:200]}" for e in valid.iter_errors(collection)]
                secrets = [entry for entry in environment["values"] if entry["type"] == "secret"]
                if any(entry["value"] for entry in secrets) or not secrets:
                    faults.append(f"{path.name}: secrets are filled in, or there is none")
                number = str(len(jobs))
                given, expected = job(number, path.name, target, preview, environment, server.server_port)
                Desk.expected[number] = expected
                jobs.append({"name": f"{flow.name} {path.name}", "collection": str(path),
                             "environment": str(environment_path), "values": given})
        broken = {**collection, "item": [{"name": "no request", "request": {"method": 7}}]}
        if valid.is_valid(broken) or valid.is_valid({**collection, "info": {}}):
            faults.append("a broken collection is valid")
        ran = drive(newman, jobs, folder)
        faults += Desk.faults
        for one in ran:
            if one.get("error") or one["failures"]:
                faults.append(f"{one['name']}: {one.get('error') or one['failures'][:3]}")
        requests, arrived = sum(one.get("requests", 0) for one in ran), Desk.arrived
        assertions = sum(one.get("assertions", 0) for one in ran)
        faults += must_fail(newman, jobs, folder, server)
    server.shutdown()
    for fault in faults[:20]:
        print(f"FAILED {fault}")
    print(f"newman: {len(jobs)} collections of {folders} conversations valid, {requests} requests sent, {arrived} arrived, "
          f"{assertions} assertions")
    print(f"newman: {len(jobs)} passed, {len(faults)} failed" if not faults else f"newman: {len(faults)} failed")
    return 1 if faults or not jobs or arrived < requests else 0


def drive(newman, jobs, folder):
    path = folder / "jobs.json"
    path.write_text(json.dumps(jobs), encoding="utf-8")
    script = pathlib.Path(__file__).with_name("drive.cjs")
    done = subprocess.run(["node", str(script), newman, str(path)], capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr[-2000:])
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def must_fail(newman, jobs, folder, server):
    """A server that refuses, and one that is not there, fail every collection."""
    some, faults = jobs[:8], []
    Desk.refuses = True
    gone = [{**one, "values": {**one["values"], **{k: "http://127.0.0.1:9/" for k in one["values"] if k.startswith("base")}}}
            for one in some[:1]]
    for one in drive(newman, [*some, *gone], folder):
        if not one.get("error") and not one["failures"]:
            faults.append(f"{one['name']}: passes although its server refuses")
    Desk.refuses = False
    return faults


if __name__ == "__main__":
    sys.exit(main())
