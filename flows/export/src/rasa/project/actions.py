"""The action server: what the bot says and does. The decisions stand in policy.py; calls to your systems in calls.py.

action_read_signals runs on every message, before Rasa chooses an action. It takes the message through the flow and
puts the result into slots; rules and flows only look at `needs_handoff`. action_reply and action_handoff then say and send
what was decided. Nothing is decided twice, so the reasons of a handoff cannot change after it.
"""
import json
import logging
import re
from datetime import datetime, timezone
from typing import Any, Dict, List, Optional, Text

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ConversationPaused, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import calls, names, policy

log = logging.getLogger(__name__)
SLASH = re.compile(r"^/(?P<name>[^{@]+)(@(?P<confidence>[0-9.]+))?\s*(?P<entities>\{.*\})?\s*$", re.DOTALL)
Events = List[Dict[Text, Any]]


def understood(message: Dict[Text, Any]) -> Dict[Text, Any]:
    """Rasa's reading of a message. A `/intent@confidence{entities}` whose intent the domain does not have is left by
    Rasa to the classifier, which makes something of its letters; here it is read as it was meant."""
    slash = SLASH.match(message.get("text") or "")
    if slash is None or slash.group("name").strip() in names.INTENTS:
        return message
    try:
        confidence = float(slash.group("confidence") or 1)
        found = json.loads(slash.group("entities") or "{}")
    except ValueError:
        return message
    entities = [{"entity": name, "value": value} for name, value in found.items()]
    return {**message, "intent": {"name": None, "confidence": confidence}, "entities": entities}


def confidence_of(message: Dict[Text, Any]) -> Optional[float]:
    """The classifier's confidence. Sums of floats may end a hair outside of 0 to 1."""
    value = (message.get("intent") or {}).get("confidence")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return min(max(value, 0.0), 1.0) if -1e-6 < value < 1 + 1e-6 else value


def intent_of(message: Dict[Text, Any]) -> Text:
    """The flow's intent; "none" for the fallback, and for an intent that the flow does not declare."""
    return names.INTENTS.get((message.get("intent") or {}).get("name"), "none")


def entity_value(entity: Dict[Text, Any]) -> Any:
    """A value as the slot wants it. What was found in a text is text; a slot of numbers wants a number."""
    value, extractor = entity.get("value"), entity.get("extractor")
    if isinstance(value, str) and extractor not in (None, "RegexMessageHandler"):
        if entity.get("entity") in names.NUMBERS:
            try:
                return float(value)
            except ValueError:
                return None
    return value


def event_of(tracker: Tracker) -> Dict[Text, Any]:
    """The customer's message as the policy reads it."""
    message = understood(tracker.latest_message or {})
    told = message.get("metadata") or {}
    entities = {
        names.ENTITIES.get(entity.get("entity"), entity.get("entity")): entity_value(entity)
        for entity in message.get("entities") or []
    }
    event = {
        "who": "user",
        "conversation": tracker.sender_id,
        "text": message.get("text"),
        "intent": intent_of(message),
        "confidence": confidence_of(message),
        "entities": entities,
        "channel": told.get("channel"),
        # A test says what time it is; null is a time that nobody knows.
        "now": told["now"] if "now" in told else datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    for key in ("sentiment", "frustration", "nlu", "signals", "customer", "queue"):
        if told.get(key) is not None:
            event[key] = told[key]
    return event


def over(state: Optional[Dict[Text, Any]]) -> bool:
    """Whether the next message begins the flow."""
    return state is None or state["where"] in ("end", "error")


def under_way(state: Optional[Dict[Text, Any]]) -> Optional[int]:
    """The request for which the customer waits, or that a person has."""
    waits = state is not None and state["where"] in ("queue", "person") and state["request"]
    return state["request"]["ordinal"] if waits else None


def hands_back(event: Dict[Text, Any]) -> bool:
    """Whether a person handed back. Where the flow says nothing of it, the conversation stays with the person."""
    return event.get("agent") in ("resumed", "resolved", "escalated")


def transcript_of(tracker: Tracker) -> List[Dict[Text, Text]]:
    """What was said up to this message, which the policy adds itself."""
    lines = [
        {"who": "user" if event["event"] == "user" else "bot", "text": event["text"]}
        for event in tracker.events
        if event.get("event") in ("user", "bot") and event.get("text")
    ]
    if lines and lines[-1]["who"] == "user":
        lines.pop()
    return lines


class ActionReadSignals(Action):
    """Runs inside action_extract_slots, on every message, before any rule."""

    def name(self) -> Text:
        return "action_read_signals"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict) -> Events:
        message_id = (tracker.latest_message or {}).get("message_id")
        state = tracker.get_slot("flow_state")
        if state and message_id and state.get("message_id") == message_id:
            return []  # Rasa asks twice now and then; a message is taken once.
        try:
            state, result = self.take(tracker, state)
        except Exception:
            log.exception("the message could not be taken through the flow; a colleague is asked")
            return [SlotSet("needs_handoff", None)]
        state["message_id"] = message_id
        event = event_of(tracker)
        # A flow that cannot go on has decided nothing, unless it asked people on the way.
        undecided = result["where"] == "error" and not result["requests"]
        slots = [
            SlotSet("flow_state", state),
            SlotSet("turn_result", result),
            SlotSet("needs_handoff", None if undecided else result["needs_handoff"]),
            SlotSet("last_confidence", event["confidence"]),
            SlotSet("sentiment_score", event.get("sentiment")),
        ]
        if not tracker.is_paused():
            slots.append(SlotSet("handed_back", None))
        if result["requests"]:
            request = result["requests"][-1]
            slots.append(SlotSet("handoff_reasons", request["reasons"]))
            slots.append(SlotSet("handoff_tier", request["tier"]))
            slots.append(SlotSet("handoff_node", request["node"]))
        return slots

    def take(self, tracker: Tracker, state: Optional[Dict[Text, Any]]):
        """The message, and before it what people did since the last one."""
        event, transcript, results = event_of(tracker), transcript_of(tracker), []
        if tracker.is_paused():
            # Rasa says nothing while it is paused, so nothing is decided either: the message is only heard.
            return policy.told(policy.hear(state, event, None, transcript), {})

        def taken(state, event):
            state, result = policy.take(state, event, calls.call, transcript)
            results.append(result)
            return state

        before, told = under_way(state), self.meanwhile(tracker, state, event["now"])
        for earlier in told:
            state = taken(state, earlier)
        if before is not None and under_way(state) == before and not any(map(hands_back, told)):
            # Resumed without a word on how the handoff ended: it was handed back.
            state = taken(state, {"agent": "resumed"})
        if over(state):
            # The flow begins, and then hears what was said to begin it.
            state = taken(None, {key: event[key] for key in ("conversation", "customer", "now") if key in event})
        for tier, figures in event.pop("queue", {}).items():
            if not over(state) and isinstance(figures, dict):
                state = taken(state, {**figures, "queue": tier})
        if not over(state):
            state = taken(state, event)
        result = results.pop()
        for earlier in reversed(results):
            for key in ("said", "requests", "withdrawn"):
                result[key] = earlier[key] + result[key]
            result["needs_handoff"] = result["needs_handoff"] or bool(earlier["requests"])
        return state, result

    def meanwhile(self, tracker: Tracker, state: Optional[Dict[Text, Any]], now: Optional[Text]) -> Events:
        """What the connector told with the hand-back; it counts as of now, unless it says when."""
        told = tracker.get_slot("handed_back")
        if not state or told is None:
            return []
        events = [event for event in (told if isinstance(told, list) else [told]) if isinstance(event, dict)]
        # It is too late for what would have been said during the wait.
        return [{**({} if "clock" in event else {"now": now}), **event, "quiet": True} for event in events]


def tell(dispatcher: CollectingDispatcher, result: Dict[Text, Any]) -> None:
    """Say the words, then send each request as a message of its own."""
    for line in result["said"]:
        if line.strip():
            dispatcher.utter_message(text=line)
    for ordinal in result["withdrawn"]:
        dispatcher.utter_message(json_message={"type": "handoff_withdrawn", "ordinal": ordinal})
    for request in result["requests"]:
        dispatcher.utter_message(json_message=request)


def done(paused: bool) -> Events:
    """The turn is over: the next one must be decided anew, and a stale decision must never be acted on."""
    events = [SlotSet("needs_handoff", None), SlotSet("turn_result", None)]
    return events + [ConversationPaused()] if paused else events


class ActionReply(Action):
    """The bot keeps the conversation."""

    def name(self) -> Text:
        return "action_reply"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict) -> Events:
        result = tracker.get_slot("turn_result")
        if not result:
            return done(False)
        tell(dispatcher, result)
        # A flow that says nothing of a hand-back leaves the conversation with the person.
        return done(result["paused"])


class ActionHandoff(Action):
    """A person is asked. The bot falls silent unless the flow goes on (a ticket, a callback, a place kept)."""

    def name(self) -> Text:
        return "action_handoff"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict) -> Events:
        result = tracker.get_slot("turn_result")
        if not result:
            dispatcher.utter_message(response="utter_ask_a_colleague")
            return done(True)
        tell(dispatcher, result)
        return done(result["paused"])


class ActionFallback(Action):
    """Where no rule fits, the decision is the same one: it was made before any rule was looked at."""

    def name(self) -> Text:
        return "action_fallback"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict) -> Events:
        decided = tracker.get_slot("needs_handoff")
        if decided is None:
            dispatcher.utter_message(response="utter_ask_a_colleague")
            events = done(True)
        else:
            action = ActionHandoff() if decided else ActionReply()
            events = await action.run(dispatcher, tracker, domain)
        return events + [FollowupAction("action_listen")]
