"""CALM projects played: their own action server on loopback, and their flows walked as Rasa walks them. What a channel tells
and what is compared is the same as for Rasa Open Source (tests/oracles/rasa/hearing.py)."""

import contextlib
import importlib.util
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import project

ROOT = pathlib.Path(__file__).resolve().parents[4]
RASA = ROOT / "tests" / "oracles" / "rasa"
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
STEPS_AT_MOST = 50
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1", "PYTHONWARNINGS": "ignore"}


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Bot:
    """A project and its action server, whose calls are answered by the conversation."""

    def __init__(self, folder, work, log):
        self.folder = pathlib.Path(work) / "served"
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(folder, self.folder)
        shutil.copy(RASA / "tape.py", self.folder / "actions" / "tape.py")
        # The server hands its actions to another process, which loads their own module alone.
        with (self.folder / "actions" / "actions.py").open("a", encoding="utf-8") as actions:
            actions.write("\n\nfrom actions import tape  # noqa: E402,F401\n")
        self.project = project.Project(folder)
        self.started = dict(self.project.triggers())
        spec = importlib.util.spec_from_file_location("names", self.folder / "actions" / "names.py")
        self.names = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.names)
        self.port, self.log = free_port(), log
        self.server = None

    def __enter__(self):
        command = [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "-p", str(self.port)]
        self.server = subprocess.Popen(command, cwd=self.folder, env={**os.environ, **QUIET}, stdout=self.log, stderr=self.log)
        until = time.monotonic() + 120
        while time.monotonic() < until:
            if self.server.poll() is not None:
                raise SystemExit("the action server ended at once")
            try:
                OPENER.open("http://127.0.0.1:%d/health" % self.port, timeout=5).read()
                return self
            except (OSError, urllib.error.URLError):
                time.sleep(0.2)
        raise SystemExit("the action server did not answer")

    def __exit__(self, *_):
        if self.server.poll() is None:
            self.server.terminate()
            try:
                self.server.wait(10)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()

    def act(self, name, tracker):
        body = json.dumps({"next_action": name, "sender_id": tracker["sender_id"], "tracker": tracker, "domain": {}, "version": "3.21.0"})
        asked = urllib.request.Request("http://127.0.0.1:%d/webhook" % self.port, body.encode(), {"Content-Type": "application/json"})
        with OPENER.open(asked, timeout=60) as answer:
            return json.loads(answer.read())


class Chat:
    """One conversation: a tracker, and the flows."""

    def __init__(self, bot, sender):
        self.bot, self.count = bot, 0
        slots = {name: None for name in bot.project.domain["slots"]}
        self.tracker = {
            "sender_id": sender, "slots": slots, "latest_message": {}, "events": [], "paused": False, "followup_action": None,
            "active_loop": {}, "latest_action_name": None, "latest_event_time": None, "latest_input_channel": "rest",
        }

    def post(self, events):
        for event in events:
            self.note(event)

    def note(self, event):
        if event["event"] == "slot":
            self.tracker["slots"][event["name"]] = event["value"]
        elif event["event"] in ("pause", "resume"):
            self.tracker["paused"] = event["event"] == "pause"
        self.tracker["events"].append(event)

    def state(self):
        return self.tracker["paused"], self.tracker["slots"]["flow_state"]

    def say(self, turn, metadata):
        names = self.bot.names
        known = {flow: rasa for rasa, flow in names.INTENTS.items()}
        entity = {flow: rasa for rasa, flow in names.ENTITIES.items()}
        intent = {"name": known.get(turn.get("intent"), "nlu_fallback"), "confidence": turn.get("confidence")}
        found = [{"entity": entity.get(key, key), "value": one} for key, one in (turn.get("entities") or {}).items() if one is not None]
        self.count += 1
        message = {"text": turn.get("text"), "intent": intent, "entities": found, "metadata": metadata, "message_id": "m%d" % self.count}
        self.tracker["latest_message"] = message
        self.note({"event": "user", "text": turn.get("text"), "parse_data": message})
        self.told = []
        for slot in self.bot.project.domain["slots"].values():
            for mapping in slot["mappings"]:
                if "run_action_every_turn" in mapping:
                    self.act(mapping["run_action_every_turn"])
        if not self.tracker["paused"]:
            self.walk(self.bot.started.get(intent["name"], "pattern_cannot_handle"))
        return self.told

    def act(self, name):
        if name in self.bot.project.domain["responses"]:
            for variation in self.bot.project.domain["responses"][name][:1]:
                self.told += [variation["custom"]] if "custom" in variation else []
            return
        answer = self.bot.act(name, self.tracker)
        for response in answer["responses"]:
            if response.get("custom"):
                self.told.append(response["custom"])
            if response.get("text"):
                self.note({"event": "bot", "text": response["text"]})
        self.post(answer["events"])

    def walk(self, name):
        """A flow from its first step to its end; a link goes on with another one."""
        steps = self.bot.project.flows[name]["steps"]
        at, count = 0, 0
        while at is not None:
            count += 1
            if count > STEPS_AT_MOST:
                raise RuntimeError("steps without an end")
            step = steps[at]
            if "link" in step:
                self.walk(step["link"])
                return
            if "action" in step:
                self.act(step["action"])
            at = self.following(steps, step.get("next", "END"))

    def following(self, steps, leads):
        rows = leads if isinstance(leads, list) else [{"else": leads}]
        for row in rows:
            if "else" in row or project.holds(row["if"], self.tracker["slots"]):
                to = row.get("then", row.get("else"))
                return None if to == "END" else next(at for at, step in enumerate(steps) if step.get("id") == to)
        raise RuntimeError("no way on from a step")
