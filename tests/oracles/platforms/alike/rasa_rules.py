"""Exported Rasa projects through Rasa's own rule policy, many in one process: loading it costs more than running it.

usage: rasa_rules.py JOBS.jsonl     one job a line: {"project", "conversations", "expected"} (paths)

Runs in the environment of tests/oracles/rasa/setup.sh. For every turn the project's own `action_read_signals` fills the
slots as Rasa's slot extraction would, Rasa's RulePolicy (trained on the project's rules) chooses the actions until it
listens again, and the project's actions are run. Held against `handoff replay --each --json`: every request (node, tier,
mode, priority, turn, reasons), and that it was `action_handoff` that sent it.
"""

import asyncio
import importlib
import json
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "rasa"))
from check_projects import importer_of  # noqa: E402  (also quiets Rasa)
from drive import COMPARED, HAND_BACKS, names_of  # noqa: E402

from rasa.core.policies.rule_policy import RulePolicy  # noqa: E402
from rasa.engine.graph import ExecutionContext, GraphSchema  # noqa: E402
from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402
from rasa.engine.storage.resource import Resource  # noqa: E402
from rasa.shared.core.domain import SessionConfig  # noqa: E402, F401
from rasa.shared.core.events import (  # noqa: E402
    ActionExecuted,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    FollowupAction,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.generator import TrainingDataGenerator  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity  # noqa: E402
from rasa_sdk import Tracker  # noqa: E402
from rasa_sdk.executor import CollectingDispatcher  # noqa: E402

MOST_ACTIONS = 6


class Project:
    """A project's rules, trained, and its actions."""

    def __init__(self, folder, storage):
        importer = importer_of(folder, "data")
        self.domain = importer.get_domain()
        trackers = TrainingDataGenerator(
            importer.get_stories(), self.domain, remove_duplicates=False, augmentation_factor=0
        ).generate()
        settings = next(p for p in importer.get_config()["policies"] if p["name"] == "RulePolicy")
        config = {**RulePolicy.get_default_config(), **{k: v for k, v in settings.items() if k != "name"}}
        store = LocalModelStorage(pathlib.Path(storage))
        self.rules = RulePolicy(config, store, Resource("rules"), ExecutionContext(GraphSchema({})))
        self.rules.train(trackers, self.domain)
        self.actions = self.load(folder)

    @staticmethod
    def load(folder):
        for name in [name for name in sys.modules if name == "actions" or name.startswith("actions.")]:
            del sys.modules[name]
        sys.path.insert(0, str(folder))
        try:
            module = importlib.import_module("actions.actions")
        finally:
            sys.path.pop(0)
        results = []

        def answer(card, name, inputs):
            fits = results and results[0]["action"] in (card.partition(".")[2], name)
            return results.pop(0) if fits else None

        module.calls.call = answer
        found = {"results": results}
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, module.Action) and value is not module.Action:
                found[value().name()] = value()
        return found


class Chat:
    """One conversation."""

    def __init__(self, project, sender):
        self.project = project
        self.tracker = DialogueStateTracker(sender, project.domain.slots)
        self.tracker.update(ActionExecuted("action_listen"))
        self.sent, self.by = [], []

    def run(self, action):
        """A project's own action, as the action server runs it."""
        state = self.tracker.current_state(EventVerbosity.ALL)
        seen = Tracker(
            state["sender_id"], state["slots"], state["latest_message"], state["events"], state["paused"], None, {}, None
        )
        dispatcher = CollectingDispatcher()
        domain = self.project.domain.as_dict()
        events = asyncio.run(self.project.actions[action].run(dispatcher, seen, domain))
        return dispatcher.messages, events

    def take(self, events):
        follow = None
        for event in events:
            if event["event"] == "slot":
                self.tracker.update(SlotSet(event["name"], event["value"]), self.project.domain)
            elif event["event"] == "pause":
                self.tracker.update(ConversationPaused())
            elif event["event"] == "followup":
                follow = event["name"]
                self.tracker.update(FollowupAction(follow))
        return follow

    def hand_back(self, back):
        self.tracker.update(SlotSet("handed_back", back), self.project.domain)
        self.tracker.update(ConversationResumed())
        self.tracker.update(ActionExecuted("action_listen"))

    def say(self, turn, ordinal, names, told):
        to_rasa = {flow: rasa for rasa, flow in names.INTENTS.items()}
        entity = {flow: rasa for rasa, flow in names.ENTITIES.items()}
        intent = to_rasa.get(turn.get("intent"), turn.get("intent"))
        declared = intent in self.project.domain.intents
        found = [
            {"entity": entity.get(key, key), "value": value, "extractor": "RegexMessageHandler"}
            for key, value in (turn.get("entities") or {}).items()
            if value is not None
        ]
        sure = turn.get("confidence")
        parse = {"intent": {"name": intent if declared else None, "confidence": sure}, "entities": found}
        text = turn.get("text") if isinstance(turn.get("text"), str) else "…"
        message = UserUttered(text, parse["intent"], found, parse_data=parse, metadata=told, message_id="m%d" % ordinal)
        self.tracker.update(message, self.project.domain)
        _, events = self.run("action_read_signals")
        self.take(events)
        if self.tracker.is_paused():
            return
        for _ in range(MOST_ACTIONS):
            action = self.next_action()
            if action == "action_listen":
                self.tracker.update(ActionExecuted("action_listen"), self.project.domain)
                return
            messages, events = self.run(action) if action in self.project.actions else ([], [])
            self.tracker.update(ActionExecuted(action), self.project.domain)
            for message in messages:
                self.tracker.update(BotUttered(message.get("text"), {}), self.project.domain)
                custom = message.get("custom")
                if isinstance(custom, dict) and custom.get("type") == "handoff":
                    self.sent.append(custom)
                    self.by.append(action)
            self.take(events)
            if self.tracker.is_paused():
                return
        raise RuntimeError("no rule listens after %d actions" % MOST_ACTIONS)

    def next_action(self):
        if self.tracker.followup_action:
            name = self.tracker.followup_action
            self.tracker.clear_followup_action()
            return name
        prediction = self.project.rules.predict_action_probabilities(self.tracker, self.project.domain)
        scores = prediction.probabilities
        best = max(range(len(scores)), key=scores.__getitem__)
        return self.project.domain.action_names_or_texts[best]


def read_lines(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def heard(conversation):
    """For each turn of the customer: its metadata, the results of its calls, and what people did before it. None where
    something happens that Rasa has no way of hearing: time that passes, news of a queue after the first turn."""
    sent, queue, back = [], {}, []
    for turn in conversation["turns"]:
        if turn.get("who") == "user":
            told = {key: turn[key] for key in ("sentiment", "frustration", "channel", "signals", "nlu") if turn.get(key) is not None}
            told["customer"] = conversation.get("customer") or {}
            if queue:
                told["queue"], queue = queue, {}
            ended = any(event.get("agent") in HAND_BACKS or event.get("handoff") == "failed" for event in back)
            if any("clock" in event or "queue" in event for event in back) and not ended:
                return None
            sent.append((turn, told, [], back if ended else []))
            back = [] if ended else back
        elif "action" in turn and sent and not back:
            sent[-1][2].append(turn)
        elif "queue" in turn and not back:
            queue[turn["queue"]] = {key: value for key, value in turn.items() if key not in ("queue", "t")}
        elif sent and any(turn.get(key) is not None for key in ("agent", "handoff", "clock", "queue")):
            back.append(turn)
        elif turn.get("who") not in ("bot", "agent"):
            return None
    heard_at_the_end = queue or any(event.get("agent") != "accepted" for event in back)
    return None if heard_at_the_end else sent


def play(project, names, conversation):
    """The requests of a conversation in Rasa; None where it has events that Rasa has no way of hearing."""
    sent = heard(conversation)
    if sent is None:
        return None
    chat = Chat(project, conversation["id"])
    for ordinal, (turn, told, results, back) in enumerate(sent):
        if back:
            chat.hand_back(back)
        elif "queue" in told and chat.tracker.is_paused():
            return None  # a wait that Rasa is told nothing about
        project.actions["results"][:] = results
        chat.say(turn, ordinal, names, told)
    return chat


def compare(job):
    with tempfile.TemporaryDirectory() as storage:
        project, names = Project(job["project"], storage), names_of(job["project"])
        expected = {line["id"]: line for line in read_lines(job["expected"])}
        passed, skipped, failed = 0, 0, []
        for conversation in read_lines(job["conversations"]):
            wanted = expected.get(conversation["id"])
            chat = play(project, names, conversation) if wanted else None
            if chat is None:
                skipped += 1
                continue
            got = [{key: entry.get(key) for key in COMPARED} for entry in chat.sent]
            want = [{key: entry.get(key) for key in COMPARED} for entry in wanted["handoffs"]]
            by_rule = all(by in ("action_handoff", "action_fallback") for by in chat.by)
            # After an end the studio is done; in Rasa the next message begins anew.
            if by_rule and (got == want or (wanted["at"] is None and got[: len(want)] == want)):
                passed += 1
            else:
                failed.append((len(conversation["turns"]), conversation, want, got, chat.by))
        return passed, skipped, sorted(failed, key=lambda one: one[0])


def main(path):
    totals = [0, 0, 0]
    for job in read_lines(path):
        try:
            passed, skipped, failed = compare(job)
        except Exception as error:
            print("FAILED %s: %s: %s" % (job["project"], type(error).__name__, error))
            totals[1] += 1
            continue
        for _, conversation, want, got, by in failed[:2]:
            print("FAILED %s %s: expected %s, Rasa sent %s by %s" % (job["project"], conversation["id"], json.dumps(want), json.dumps(got), by))
            print("  " + json.dumps(conversation, ensure_ascii=False))
        totals = [totals[0] + passed, totals[1] + len(failed), totals[2] + skipped]
    print("rasa rules: %d passed, %d failed, %d not heard by Rasa" % tuple(totals))
    return 1 if totals[1] or not totals[0] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
