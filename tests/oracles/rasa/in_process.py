"""Exported projects in Rasa itself, many in one process: loading Rasa costs more than running it.

usage: in_process.py HANDOFF JOBS.jsonl [--most N] [--totals FILE]

Runs in the environment of setup.sh. A job is {"name", "project", "flow", "conversations", "losses"}. Each project is
validated and trained by Rasa (its rules by the RulePolicy); then Rasa's agent takes every message: its slot extraction,
its policies, its tracker. Alone the two wires are left out: what a classifier would say of a message comes with it, and
the project's own actions run here instead of behind HTTP. Held against `handoff replay --each --json`: every request
(node, tier, mode, priority, turn, reasons), the whole path, where it waits, and that a rule of the RulePolicy chose the
action that asked. HANDOFF_DEADLINE (seconds since 1970) ends it early, never before a tenth of the jobs.
"""
import argparse
import asyncio
import collections
import contextlib
import functools
import importlib
import io
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time

os.environ["RASA_MAX_CACHE_SIZE"] = "0"
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True
from check_projects import check  # noqa: E402  (also quiets Rasa)
from hearing import Comparison, plain, read_lines  # noqa: E402

import jsonschema  # noqa: E402
import rasa.model_training  # noqa: E402
import rasa.shared.utils.common  # noqa: E402
from rasa.core.agent import Agent  # noqa: E402
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage  # noqa: E402
from rasa.shared.core.events import ActionExecuted, BotUttered, Event  # noqa: E402
from rasa.utils.endpoints import EndpointConfig  # noqa: E402
from rasa_sdk.executor import ActionExecutor  # noqa: E402

ASK = ("action_handoff", "action_fallback")
SHOWN = 12


def work_out_once(checked={}):
    """Rasa holds each answer of an action server against a schema, and that schema against its own each time, which takes
    three quarters of a message; and it looks up the kinds of its events anew for each event. Here both are done once."""

    def validate(instance, schema):
        key = json.dumps(schema, sort_keys=True)
        if key not in checked:
            kind = jsonschema.validators.validator_for(schema)
            kind.check_schema(schema)
            checked[key] = kind(schema)
        checked[key].validate(instance)

    jsonschema.validate = validate
    look_up = rasa.shared.utils.common.all_subclasses
    events = functools.lru_cache(None)(lambda: look_up(Event))
    rasa.shared.utils.common.all_subclasses = lambda kind: events() if kind is Event else look_up(kind)


class Actions(EndpointConfig):
    """A project's action server without its wire: what would be sent becomes JSON and back all the same."""

    def __init__(self, folder):
        super().__init__("here")
        for name in [name for name in sys.modules if name == "actions" or name.startswith("actions.")]:
            del sys.modules[name]
        sys.path.insert(0, str(folder))
        try:
            module = importlib.import_module("actions.actions")
            importlib.import_module("actions.tape")
            self.names = importlib.import_module("actions.names")
        finally:
            sys.path.pop(0)
        self.executor = ActionExecutor()
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, module.Action) and value is not module.Action:
                self.executor.register_action(value)

    async def request(self, method="post", subpath=None, content_type=None, compress=False, **kwargs):
        return json.loads(json.dumps(await self.executor.run(json.loads(json.dumps(kwargs["json"])))))


class Project:
    """A project, trained and loaded."""

    def __init__(self, folder, loop):
        self.loop = loop
        shutil.copy(HERE / "tape.py", pathlib.Path(folder, "actions", "tape.py"))
        self.actions = Actions(folder)
        with contextlib.redirect_stdout(io.StringIO()):
            model = rasa.model_training.train_core(
                os.path.join(folder, "domain.yml"), os.path.join(folder, "config.yml"), os.path.join(folder, "data"),
                output=os.path.join(folder, "models"), fixed_model_name="model",
            )
        self.agent = Agent.load(model, action_endpoint=self.actions)
        names = self.actions.names
        self.intents = {flow: rasa for rasa, flow in names.INTENTS.items()}
        self.entities = {flow: rasa for rasa, flow in names.ENTITIES.items()}


class Chat:
    """One conversation."""

    def __init__(self, project, sender):
        self.project, self.sender = project, sender

    def wait(self, coroutine):
        return self.project.loop.run_until_complete(coroutine)

    def say(self, turn, metadata):
        project, intent = self.project, turn.get("intent")
        known = intent if isinstance(intent, str) else None
        # What a classifier knows nothing of falls back; now and then there is none at all.
        name = project.intents.get(known, "nlu_fallback" if known else None)
        entities = [
            {"entity": project.entities.get(key, key), "value": value, "extractor": "RegexMessageHandler"}
            for key, value in (turn.get("entities") or {}).items()
            if value is not None
        ]
        text = turn.get("text") if isinstance(turn.get("text"), str) else None
        parse = {"text": text, "intent": {"name": name, "confidence": turn.get("confidence")}, "entities": entities}
        channel = CollectingOutputChannel()
        message = UserMessage(None, channel, self.sender, parse_data=parse, metadata=metadata)
        message.text = text
        self.wait(project.agent.handle_message(message))
        return [entry["custom"] for entry in channel.messages if isinstance(entry.get("custom"), dict)]

    def post(self, events):
        async def update():
            processor = self.project.agent.processor
            async with self.project.agent.lock_store.lock(self.sender):
                tracker = await processor.fetch_tracker_and_update_session(self.sender)
                tracker.update_with_events([Event.from_parameters(event) for event in events], processor.domain)
                await processor.save_tracker(tracker)

        self.wait(update())

    def tracker(self):
        return self.wait(self.project.agent.tracker_store.retrieve(self.sender))

    def state(self):
        tracker = self.tracker()
        self.ruled(tracker)
        return tracker.is_paused(), tracker.get_slot("flow_state")

    def ruled(self, tracker):
        """A request goes out by an action that a rule chose."""
        last = None
        for event in tracker.events:
            if isinstance(event, ActionExecuted):
                last = event
            elif isinstance(event, BotUttered) and (event.data.get("custom") or {}).get("type") == "handoff":
                by_rule = last is not None and last.action_name in ASK and "RulePolicy" in (last.policy or "")
                if not by_rule and event.data["custom"].get("node") is not None:
                    raise AssertionError("a request by %s of %s" % (last and last.action_name, last and last.policy))


def cases_of(job, most):
    """Its conversations, the first of each id; where there are too many, evenly taken from all of them."""
    found = {}
    for case in [case for path in job["conversations"] for case in read_lines(path)]:
        found.setdefault(case["id"], case)
    cases = list(found.values())
    if most and len(cases) > most:
        cases = [cases[index * len(cases) // most] for index in range(most)]
    return cases


def run(job, handoff, loop, most):
    totals = collections.Counter(flows=1)
    refused = check(job["project"])
    project = Project(job["project"], loop)
    comparison = Comparison(handoff, job["flow"], job["losses"], totals)
    failed = comparison.run(cases_of(job, most), lambda ordinal: Chat(project, "case-%d" % ordinal))
    if job["different"]:
        refused.append("the certificate of its policy module: %s" % json.dumps(plain(job["different"])))
    for why in refused:
        totals["refused"] += 1
        failed.insert(0, (why, {"turns": []}, []))
    return totals, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("handoff")
    parser.add_argument("jobs")
    parser.add_argument("--most", type=int, default=0)
    parser.add_argument("--totals")
    asked = parser.parse_args()
    deadline = float(os.environ.get("HANDOFF_DEADLINE", "inf"))
    jobs, totals, shown = read_lines(asked.jobs), collections.Counter(), 0
    work_out_once()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    for done, job in enumerate(jobs):
        if done >= max(len(jobs) // 10, 1) and time.time() > deadline:
            print("rasa in process: stopped by the deadline after %d of %d flows" % (done, len(jobs)))
            break
        begun = time.monotonic()
        try:
            counted, failed = run(job, asked.handoff, loop, asked.most)
        except Exception as error:
            counted, failed = collections.Counter(flows=1, different=1), [("%s: %s" % (type(error).__name__, error), {"turns": []}, [])]
        totals += counted
        for why, case, unheard in failed:
            shown += 1
            if shown <= SHOWN:
                print("FAILED %s %s: %s" % (job["name"], case.get("id", ""), why[:1500]))
                print("  %s %s" % (unheard, json.dumps(plain(case), ensure_ascii=False)[:3000]))
        if asked.totals:
            with open(asked.totals, "a", encoding="utf-8") as out:
                seconds = round(time.monotonic() - begun, 1)
                out.write(json.dumps({"name": job["name"], "seconds": seconds, **counted}) + "\n")
    for what in sorted(totals):
        print("  %5d %s" % (totals[what], what))
    passed = totals["alike"] + totals["alike up to what Rasa cannot hear"]
    bad = totals["different"] + totals["refused"]
    print("rasa in process: %d passed, %d failed" % (passed, bad))
    return 1 if bad or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
