"""Run an exported Rasa project for real and hold its conversations against `handoff replay --each --json`.

usage: drive.py PROJECT --conversations FILE [FILE ..] --expected EACH.jsonl [EACH.jsonl ..] [--limit N]

The project is copied, trained, and served with its own action server, all on loopback with free ports. Each customer
turn goes over the REST channel as /intent@confidence{entities} with its signals as metadata. What is compared, request
by request: node, tier, mode, priority, turn and reasons, and that nothing else was sent. Then the behaviour that has no
conversation: the pause, the way back, frozen reasons, and what happens when the action server is down.
"""
import argparse
import contextlib
import importlib.util
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

QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "NO_PROXY": "127.0.0.1",
    "no_proxy": "127.0.0.1",
}
COMPARED = ("node", "tier", "mode", "priority", "at_turn", "reasons")
HAND_BACKS = ("resumed", "resolved", "escalated")
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def request(method, url, body=None, seconds=60):
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    with OPENER.open(asked, timeout=seconds) as answer:
        text = answer.read()
    return json.loads(text) if text else None


class Bot:
    """One served project. Leaves nothing running behind."""

    def __init__(self, project, log):
        self.folder, self.log = project, log
        self.rasa_port, self.action_port = free_port(), free_port()
        self.actions = self.rasa = None

    def __enter__(self):
        try:
            self.train()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in (self.rasa, self.actions):
            if process and process.poll() is None:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()

    def tool(self, *arguments):
        return [sys.executable, "-m", *arguments]

    def train(self):
        command = self.tool("rasa", "train", "--fixed-model-name", "model", "--quiet")
        done = subprocess.run(command, cwd=self.folder, env={**os.environ, **QUIET}, stdout=self.log, stderr=self.log)
        if done.returncode != 0:
            raise SystemExit("rasa train failed: %s" % self.log.name)

    def test(self):
        """Rasa's own test of the stories that the flow's conversations became."""
        command = self.tool("rasa", "test", "core", "-m", "models/model.tar.gz", "--stories", "tests")
        command.append("--fail-on-prediction-errors")
        done = subprocess.run(command, cwd=self.folder, env={**os.environ, **QUIET}, stdout=self.log, stderr=self.log)
        return done.returncode == 0

    def start(self):
        endpoints = pathlib.Path(self.folder, "endpoints.yml")
        endpoints.write_text('action_endpoint:\n  url: "http://127.0.0.1:%d/webhook"\n' % self.action_port)
        common = {"cwd": self.folder, "env": {**os.environ, **QUIET}, "stdout": self.log, "stderr": self.log}
        self.actions = subprocess.Popen(
            self.tool("rasa_sdk", "--actions", "actions", "-p", str(self.action_port)), **common
        )
        self.rasa = subprocess.Popen(
            self.tool(
                "rasa", "run", "--enable-api", "-i", "127.0.0.1", "-p", str(self.rasa_port),
                "--model", "models/model.tar.gz", "--endpoints", "endpoints.yml",
            ),
            **common,
        )
        self.wait_for(self.action_port, "/health", self.actions)
        self.wait_for(self.rasa_port, "/status", self.rasa)

    def wait_for(self, port, path, process):
        until = time.monotonic() + 240
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

    def say(self, sender, message, metadata=None):
        body = {"sender": sender, "message": message, "metadata": metadata or {}}
        return request("POST", self.url("/webhooks/rest/webhook"), body)

    def tracker(self, sender):
        return request("GET", self.url("/conversations/%s/tracker?include_events=NONE" % sender))

    def hand_back(self, sender, event):
        events = [
            {"event": "slot", "name": "handed_back", "value": event},
            {"event": "resume"},
            {"event": "action", "name": "action_listen"},
        ]
        return request("POST", self.url("/conversations/%s/tracker/events" % sender), events)


def names_of(project):
    spec = importlib.util.spec_from_file_location("names", pathlib.Path(project, "actions", "names.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def spoken(turn, names):
    """The turn as a REST message and its metadata; None where Rasa cannot be told (it always has a confidence)."""
    if turn.get("confidence") is None or not isinstance(turn.get("intent"), str):
        return None
    to_rasa = {flow: rasa for rasa, flow in names.INTENTS.items()}
    entity = {flow: rasa for rasa, flow in names.ENTITIES.items()}
    entities = {entity.get(key, key): value for key, value in (turn.get("entities") or {}).items() if value is not None}
    written = repr(turn["confidence"])
    if "e" in written or written.startswith("-"):
        return None
    intent = to_rasa.get(turn["intent"], turn["intent"])
    message = "/%s@%s%s" % (intent, written, json.dumps(entities) if entities else "")
    told = {key: turn[key] for key in ("sentiment", "frustration", "channel", "signals") if turn.get(key) is not None}
    return message, told


def script(conversation, names):
    """What to send, or None: a conversation with events that Rasa has no way of hearing."""
    sent, queue, back = [], {}, []
    for turn in conversation["turns"]:
        if turn.get("who") == "user":
            said = spoken(turn, names)
            if said is None or turn.get("nlu") == "down":
                return None
            message, told = said
            told["customer"] = conversation.get("customer") or {}
            if queue:
                told["queue"], queue = queue, {}
            ended = any(event.get("agent") in HAND_BACKS or event.get("handoff") == "failed" for event in back)
            if any("clock" in event or "queue" in event for event in back) and not ended:
                return None
            sent.append((message, told, back if ended else []))
            back = [] if ended else back
        elif "queue" in turn and not sent:
            queue[turn["queue"]] = {key: value for key, value in turn.items() if key not in ("queue", "t")}
        elif sent and any(turn.get(key) is not None for key in ("agent", "handoff", "clock", "queue")):
            back.append(turn)
        elif turn.get("who") not in ("bot", "agent"):
            return None
    return None if any(event.get("agent") != "accepted" for event in back) else sent


def requests_in(messages):
    return [m["custom"] for m in messages if isinstance(m.get("custom"), dict) and m["custom"].get("type") == "handoff"]


def drive(bot, names, conversations, expected, limit):
    passed, failed, skipped = 0, [], 0
    for conversation in conversations:
        wanted = expected.get(conversation["id"])
        sent = script(conversation, names)
        if wanted is None or sent is None:
            skipped += 1
            continue
        if limit and passed + len(failed) >= limit:
            break
        sender = "case-%d" % (passed + len(failed))
        seen = []
        for message, told, back in sent:
            if back:
                bot.hand_back(sender, back)
            seen += requests_in(bot.say(sender, message, told))
        got = [{key: entry.get(key) for key in COMPARED} for entry in seen]
        want = [{key: entry.get(key) for key in COMPARED} for entry in wanted["handoffs"]]
        # After an end the studio is done; in Rasa the next message begins anew.
        if got == want or (wanted["at"] is None and got[: len(want)] == want):
            passed += 1
        else:
            failed.append((conversation["id"], "expected %s, Rasa did %s" % (json.dumps(want), json.dumps(got))))
    return passed, failed, skipped


def behave(bot, names, handing):
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
    bot.say("outage", "/nothing_of_the_kind@0.99", {"sentiment": 0.5})
    bot.actions.terminate()
    bot.actions.wait(10)
    for sender, said in (("outage", message), ("outage-new", message), ("outage-odd", "/nothing_of_the_kind@0.9")):
        down = bot.say(sender, said, told)
        asked = requests_in(down)
        check("without the action server a colleague is asked (%s)" % sender, asked, down)
        check("and the reason says so (%s)" % sender, asked and asked[0].get("reasons") == ["bot_unavailable"], down)
    return checks


def read_lines(paths):
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                if line.strip():
                    yield json.loads(line)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("project")
    parser.add_argument("--conversations", nargs="+", required=True)
    parser.add_argument("--expected", nargs="+", required=True)
    parser.add_argument("--limit", type=int, default=0)
    asked = parser.parse_args()
    expected = {line["id"]: line for line in read_lines(asked.expected)}
    conversations = list(read_lines(asked.conversations))
    with tempfile.TemporaryDirectory(prefix="handoff-rasa-") as folder:
        project = pathlib.Path(folder, "project")
        shutil.copytree(asked.project, project)
        names = names_of(project)
        log_path = pathlib.Path(tempfile.gettempdir(), "handoff-rasa-drive.log")
        with open(log_path, "w", encoding="utf-8") as log, Bot(str(project), log) as bot:
            passed, failed, skipped = drive(bot, names, conversations, expected, asked.limit)
            handing = first_handoff(conversations, expected, names)
            checks = behave(bot, names, handing) if handing else []
            checks.append(("rasa test core agrees with the test stories", bot.test(), log_path.name))
    for conversation, why in failed:
        print("FAILED %s: %s" % (conversation, why))
    for title, holds, detail in checks:
        if not holds:
            print("FAILED %s: %s" % (title, json.dumps(detail)))
    good = passed + sum(holds for _, holds, _ in checks)
    bad = len(failed) + sum(not holds for _, holds, _ in checks)
    if skipped:
        print("%d conversations need what REST cannot send; not driven" % skipped)
    print("rasa drive: %d passed, %d failed" % (good, bad))
    return 1 if bad or not passed else 0


def first_handoff(conversations, expected, names):
    """A conversation that is handed off at its first turn and waits for a person."""
    for conversation in conversations:
        wanted, sent = expected.get(conversation["id"]), script(conversation, names)
        if not wanted or not sent or len(sent) != 1:
            continue
        requests = wanted["handoffs"]
        if len(requests) == 1 and requests[0]["mode"] in ("transfer", "copilot") and wanted["at"] == requests[0]["node"]:
            message, told, _ = sent[0]
            return message, told, requests[0]["reasons"]
    return None


if __name__ == "__main__":
    sys.exit(main())
