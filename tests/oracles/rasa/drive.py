"""Run exported Rasa projects for real and hold their conversations against `handoff replay --each --json`.

usage: drive.py HANDOFF JOBS.jsonl [--most N]      runs in the environment of setup.sh

A job is {"name", "project", "flow", "conversations": [FILE, ..], "losses"}. The projects are validated and trained in one process,
held against their own test stories by Rasa's `test core`, and served by `rasa run` one after the other, each with its own
action server, all on loopback with free ports. A customer's turn goes over the REST channel as
/intent@confidence{entities} with its signals as metadata, what people did as tracker events. What is compared: every
request (node, tier, mode, priority, turn, reasons), the path, and where it waits. Before that the behaviour that has no
conversation: the pause, the way back, frozen reasons, the hours, and what happens when the action server is down. --most
is the number of a job's conversations, evenly taken from all of them; HANDOFF_DEADLINE (seconds since 1970) ends a job
early, never before a tenth of them.
"""
import argparse
import asyncio
import collections
import contextlib
import importlib.util
import io
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True
from check_projects import check as refused_by_rasa  # noqa: E402  (also quiets Rasa)
from hearing import Comparison, Telling, Unsaid, events_only, plain, read_lines, replay  # noqa: E402

import rasa.model_testing  # noqa: E402
import rasa.model_training  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "NO_PROXY": "127.0.0.1",
    "no_proxy": "127.0.0.1",
}
SHOWN = 10
CONFIDENT = 0.9
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def request(method, url, body=None, seconds=120):
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    with OPENER.open(asked, timeout=seconds) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def end(process):
    if process and process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Bot:
    """One Rasa server, which serves one project after the other. Leaves nothing running behind."""

    def __init__(self, folder, log):
        self.folder, self.log = pathlib.Path(folder), log
        self.rasa_port, self.action_port = free_port(), free_port()
        self.actions = self.rasa = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        end(self.rasa)
        end(self.actions)

    def run(self, folder, *arguments):
        command = [sys.executable, "-m", *arguments]
        return subprocess.Popen(command, cwd=folder, env={**os.environ, **QUIET}, stdout=self.log, stderr=self.log)

    def serve(self, project, model):
        """Loads a project; the first one starts the server."""
        end(self.actions)
        self.actions = self.run(project, "rasa_sdk", "--actions", "actions", "-p", str(self.action_port))
        if self.rasa is None:
            endpoints = self.folder / "endpoints.yml"
            endpoints.write_text('action_endpoint:\n  url: "http://127.0.0.1:%d/webhook"\n' % self.action_port)
            self.rasa = self.run(
                project, "rasa", "run", "--enable-api", "-i", "127.0.0.1", "-p", str(self.rasa_port),
                "--model", model, "--endpoints", str(endpoints),
            )
            self.wait_for(self.rasa_port, "/status", self.rasa)
        else:
            request("PUT", self.url("/model"), {"model_file": model}, 600)
        self.wait_for(self.action_port, "/health", self.actions)

    def wait_for(self, port, path, process):
        until = time.monotonic() + 600
        while time.monotonic() < until:
            if process.poll() is not None:
                raise SystemExit("a server ended at once: %s" % self.log.name)
            try:
                request("GET", "http://127.0.0.1:%d%s" % (port, path), seconds=5)
                return
            except (OSError, urllib.error.URLError):
                time.sleep(0.5)
        raise SystemExit("a server did not answer: %s" % self.log.name)

    def url(self, path):
        return "http://127.0.0.1:%d%s" % (self.rasa_port, path)

    def say(self, sender, message, metadata=None, clock=False):
        """`clock`: by the action server's own; else at the time that the metadata says, or at none."""
        metadata = {**({} if clock else {"now": None}), **(metadata or {})}
        body = {"sender": sender, "message": message, "metadata": metadata}
        return request("POST", self.url("/webhooks/rest/webhook"), body)

    def tracker(self, sender):
        return request("GET", self.url("/conversations/%s/tracker?include_events=NONE" % sender))

    def post(self, sender, events):
        return request("POST", self.url("/conversations/%s/tracker/events" % sender), events)

    def hand_back(self, sender, event):
        events = [
            {"event": "slot", "name": "handed_back", "value": event},
            {"event": "resume"},
            {"event": "action", "name": "action_listen"},
        ]
        return self.post(sender, events)


def names_of(project):
    spec = importlib.util.spec_from_file_location("names", pathlib.Path(project, "actions", "names.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def message_of(turn, names):
    """The turn as a REST message. The channel always has a confidence, and Rasa reads it in digits alone."""
    if turn.get("confidence") is None:
        raise Unsaid("no confidence")
    written = repr(turn["confidence"])
    if not isinstance(turn["confidence"], (int, float)) or "e" in written or written.startswith("-"):
        raise Unsaid("a confidence that no classifier gives")
    to_rasa = {flow: rasa for rasa, flow in names.INTENTS.items()}
    entity = {flow: rasa for rasa, flow in names.ENTITIES.items()}
    entities = {entity.get(key, key): value for key, value in (turn.get("entities") or {}).items() if value is not None}
    intent = to_rasa.get(turn.get("intent"), turn.get("intent") or "nlu_fallback")
    return "/%s@%s%s" % (intent, written, json.dumps(entities) if entities else "")


class Chat:
    """One conversation over REST."""

    def __init__(self, bot, names, sender):
        self.bot, self.names, self.sender = bot, names, sender

    def say(self, turn, metadata):
        return customs(self.bot.say(self.sender, message_of(turn, self.names), metadata))

    def post(self, events):
        self.bot.post(self.sender, events)

    def state(self):
        tracker = self.bot.tracker(self.sender)
        return tracker["paused"], tracker["slots"]["flow_state"]


def customs(messages):
    return [entry["custom"] for entry in messages if isinstance(entry.get("custom"), dict)]


def requests_in(messages):
    return [entry for entry in customs(messages) if entry.get("type") == "handoff"]


def behave(bot, handing):
    """What no conversation shows. `handing` is a message that is handed off at once, and its reasons."""
    checks = []
    message, told, reasons = handing

    def check(title, holds, detail=""):
        checks.append((title, bool(holds), detail))

    first = bot.say("pause", message, told)
    check("a handoff is sent", requests_in(first), first)
    check("the conversation is paused", bot.tracker("pause")["paused"])
    after = bot.say("pause", message, {**told, "sentiment": 1})
    check("a paused bot says nothing", after == [], after)
    slots = bot.tracker("pause")["slots"]
    check("reasons are frozen", slots["handoff_reasons"] == reasons, slots["handoff_reasons"])
    bot.hand_back("pause", {"agent": "resumed", "outcome": None, "note": "all clear"})
    calm = bot.say("pause", "/nothing_of_the_kind@0.99", {"sentiment": 0.5})
    check("after the hand-back the bot answers", calm and not requests_in(calm), calm)
    check("after the hand-back nothing is paused", not bot.tracker("pause")["paused"])
    unknown = bot.say("unknown", "/nothing_of_the_kind@0.99", {"sentiment": 0.5})
    check("an undeclared intent takes the fallback", unknown and not requests_in(unknown), unknown)
    bot.say("clock", message, {**told, "now": "2026-11-23T15:00:00Z"})
    check("on a Monday in the afternoon a person is asked", bot.tracker("clock")["paused"])
    bot.say("sunday", message, {**told, "now": "2026-11-22T08:00:00Z"})
    check("early on a Sunday nobody is waited for", not bot.tracker("sunday")["paused"])
    bot.say("today", message, {key: value for key, value in told.items() if key != "now"}, clock=True)
    check("it knows what time it is", bot.tracker("today")["slots"]["flow_state"]["moment"] is not None)
    bot.say("outage", "/nothing_of_the_kind@0.99", {"sentiment": 0.5})
    bot.actions.terminate()
    bot.actions.wait(10)
    for sender, said in (("outage", message), ("outage-new", message), ("outage-odd", "/nothing_of_the_kind@0.9")):
        down = bot.say(sender, said, told)
        asked = requests_in(down)
        check("without the action server a colleague is asked (%s)" % sender, asked, down)
        check("and the reason says so (%s)" % sender, asked and asked[0].get("reasons") == ["bot_unavailable"], down)
    return checks


def trained(project):
    """The model of a project, trained as `rasa train` does it, and whether Rasa's own test agrees with the test stories."""
    os.environ["RASA_CACHE_DIRECTORY"] = str(project / ".rasa" / "cache")
    paths = [str(project / name) for name in ("domain.yml", "config.yml", "data")]
    with contextlib.redirect_stdout(io.StringIO()):
        model = rasa.model_training.train(
            *paths[:2], [paths[2]], output=str(project / "models"), fixed_model_name="model"
        ).model
        asked = rasa.model_testing.test_core(
            model, str(project / "tests"), str(project / "results"), {"fail_on_prediction_errors": True, "errors": False}
        )
        try:
            asyncio.run(asked)
            return model, True
        except Exception as error:
            return model, repr(error)


def first_handoff(conversations, expected, names):
    """A conversation that is handed off at its first turn and waits for a person."""
    for conversation in map(events_only, conversations):
        wanted, turns = expected.get(conversation["id"]), plain(conversation["turns"])
        if not wanted or "start" in conversation or len(turns) != 1 or turns[0].get("who") != "user":
            continue
        requests = wanted["handoffs"]
        if len(requests) == 1 and requests[0]["mode"] in ("transfer", "copilot") and wanted["at"] == requests[0]["node"]:
            told = {key: turns[0][key] for key in ("sentiment", "frustration", "channel", "signals") if turns[0].get(key) is not None}
            told["customer"] = plain(conversation.get("customer") or {})
            try:
                return message_of(turns[0], names), told, requests[0]["reasons"]
            except Unsaid:
                continue
    return None


def sure(case):
    """A classifier always has a confidence: where a conversation has none, the same one is told to both sides."""

    def told(turn):
        unsaid = turn.get("who") == "user" and turn.get("confidence") is None
        return {**turn, "confidence": CONFIDENT} if unsaid else turn

    return {**case, "turns": [told(turn) for turn in case["turns"]]}


def few(cases, most):
    """So many of them, evenly taken."""
    return [cases[index * len(cases) // most] for index in range(most)] if most and len(cases) > most else cases


def drive(asked, job, bot, folder):
    project = pathlib.Path(folder, job["name"])
    shutil.copytree(job["project"], project)
    names, deadline = names_of(project), float(os.environ.get("HANDOFF_DEADLINE", "inf"))
    model, agrees = trained(project)
    refused = refused_by_rasa(job["project"])
    checks = [("Rasa validates it", not refused, refused)]
    checks.append(("rasa test core agrees with the test stories", agrees is True, agrees))
    bot.serve(project, model)
    found = {}
    for path in job["conversations"]:
        for case in read_lines(path):
            found.setdefault(case["id"], sure(case))
    cases = list(found.values())
    handing = first_handoff(cases, replay(asked.handoff, job["flow"], cases), names)
    if handing is not None:
        checks += behave(bot, handing)
    shutil.copy(HERE / "tape.py", project / "actions" / "tape.py")
    bot.serve(project, model)
    totals, cases, started = collections.Counter(), few(cases, asked.most), []

    def start(ordinal):
        started.append(ordinal)
        return Chat(bot, names, "%s-%d" % (job["name"], ordinal))

    def stop():
        return len(started) >= len(cases) // 10 and time.time() > deadline

    failed = Comparison(asked.handoff, job["flow"], job["losses"], totals).run(cases, start, stop)
    print("%s over REST: %d of %d conversations; %s" % (
        job["name"], min(len(started), len(cases)), len(found), ", ".join("%d %s" % (totals[key], key) for key in sorted(totals))
    ), flush=True)
    return totals, failed, checks


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("handoff")
    parser.add_argument("jobs")
    parser.add_argument("--most", type=int, default=0)
    asked = parser.parse_args()
    good = bad = shown = 0
    with tempfile.TemporaryDirectory(prefix="handoff-rasa-") as folder:
        log_path = pathlib.Path(tempfile.gettempdir(), "handoff-rasa-drive.log")
        with open(log_path, "w", encoding="utf-8") as log, Bot(folder, log) as bot:
            for job in read_lines(asked.jobs):
                totals, failed, checks = drive(asked, job, bot, folder)
                good += totals["alike"] + totals["alike up to what Rasa cannot hear"] + sum(holds for _, holds, _ in checks)
                bad += len(failed) + sum(not holds for _, holds, _ in checks)
                for why, case, unheard in failed:
                    shown += 1
                    if shown <= SHOWN:
                        print("FAILED %s %s: %s\n  %s %s" % (job["name"], case["id"], why[:1500], unheard, json.dumps(plain(case))[:3000]))
                for title, holds, detail in checks:
                    if not holds:
                        print("FAILED %s: %s: %s" % (job["name"], title, json.dumps(detail)))
    print("rasa over REST: %d passed, %d failed" % (good, bad))
    return 1 if bad or not good else 0


if __name__ == "__main__":
    sys.exit(main())
