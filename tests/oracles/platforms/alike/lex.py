"""A small reference interpreter of Amazon Lex V2: one session with one bot and locale.

Read from the vendor's pages (docs.aws.amazon.com/lexv2/latest/dg, 2026-11), not from any exporter:
- paths-nextstep.html: a stage has a response, values to set, and a next step; by default initial response, slots by
  priority, confirmation, fulfillment, closing response, end. Types as in `DialogAction` of the model.
- ConditionalSpecification: branches in order, the first that holds; at most four; otherwise the default branch.
- paths-code-hook.html: after a code hook the success, the failure (the function broke, or gave the state Failed) or the
  timeout path of the hook is followed; a dialog action other than Delegate in the function's answer is carried out.
- SlotCaptureSetting: what follows a captured value, and what follows when the tries are used up (1 + maxRetries).
- AMAZON.FallbackIntent takes what no intent matches; an utterance of another intent switches to it.
- using-intent-confidence-scores.html and `nluIntentConfidenceThreshold` of the model: interpretations stand in the order of
  their confidence; the fallback has none, and is put before those that lie below the threshold.
"""

import copy
import json
import pathlib

from lex_language import ExpressionError, holds, parse

STEPS = 500
TYPES = {
    "ElicitIntent",
    "StartIntent",
    "ElicitSlot",
    "EvaluateConditional",
    "InvokeDialogCodeHook",
    "ConfirmIntent",
    "FulfillIntent",
    "CloseIntent",
    "EndConversation",
}


class BrokenBot(ValueError):
    """A bot that could not be imported, with everything that is wrong."""


class LambdaFailed(Exception):
    """A function that broke; `timeout` where it was too slow."""

    def __init__(self, why, timeout=False):
        super().__init__(why)
        self.timeout = timeout


def read(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


class Bot:
    """A bot's locale, from the folder of its export."""

    def __init__(self, folder, locale=None):
        folder = pathlib.Path(folder)
        self.wrong = []
        read(folder / "Manifest.json")
        homes = [path.parent for path in sorted(folder.glob("*/Bot.json"))]
        if len(homes) != 1:
            raise BrokenBot("%d bots in %s" % (len(homes), folder))
        self.about = read(homes[0] / "Bot.json")
        locales = {path.name: path for path in sorted((homes[0] / "BotLocales").iterdir())}
        self.locale = locale or next(iter(locales))
        home = locales[self.locale]
        self.settings = read(home / "BotLocale.json")
        self.threshold = self.settings.get("nluConfidenceThreshold") or 0.0
        self.types = {one["name"]: one for one in map(read, sorted(home.glob("SlotTypes/*/SlotType.json")))}
        self.intents, self.slots = {}, {}
        for path in sorted(home.glob("Intents/*/Intent.json")):
            intent = read(path)
            self.intents[intent["name"]] = intent
            slots = {one["name"]: one for one in map(read, sorted(path.parent.glob("Slots/*/Slot.json")))}
            self.slots[intent["name"]] = slots
        fallback = [n for n, one in self.intents.items() if one.get("parentIntentSignature") == "AMAZON.FallbackIntent"]
        self.fallback = fallback[0] if fallback else None
        if self.fallback is None:
            self.wrong.append("no FallbackIntent in %s" % self.locale)
        self.check()
        if self.wrong:
            raise BrokenBot("; ".join(self.wrong))

    def check(self):
        for name, intent in self.intents.items():
            for one in intent.get("slotPriorities") or []:
                if one["slotName"] not in self.slots[name]:
                    self.wrong.append("%s: slot %s" % (name, one["slotName"]))
            self.look(name, intent)
            for slot in self.slots[name].values():
                kind = slot["slotTypeName"]
                if kind not in self.types and not kind.startswith("AMAZON."):
                    self.wrong.append("%s.%s: slot type %s" % (name, slot["name"], kind))
                self.look(name, slot)

    def look(self, intent, value):
        if isinstance(value, list):
            for one in value:
                self.look(intent, one)
        if not isinstance(value, dict):
            return
        if "conditionalBranches" in value:
            self.look_conditional(intent, value)
        action = value.get("dialogAction")
        if isinstance(action, dict) and "type" in action:
            to = (value.get("intent") or {}).get("name") or intent
            if to not in self.intents:
                self.wrong.append("%s: next intent %s" % (intent, to))
            elif action["type"] not in TYPES:
                self.wrong.append("%s: dialog action %s" % (intent, action["type"]))
            elif action["type"] == "ElicitSlot" and action.get("slotToElicit") not in self.slots[to]:
                self.wrong.append("%s: slot to elicit %s of %s" % (intent, action.get("slotToElicit"), to))
            for key, one in (value.get("sessionAttributes") or {}).items():
                if not isinstance(one, str):
                    self.wrong.append("%s: attribute %s is no text" % (intent, key))
        for one in value.values():
            self.look(intent, one)

    def look_conditional(self, intent, value):
        if not 1 <= len(value["conditionalBranches"] or []) <= 4:
            self.wrong.append("%s: %d branches" % (intent, len(value["conditionalBranches"] or [])))
        if not value.get("defaultBranch"):
            self.wrong.append("%s: no default branch" % intent)
        for branch in value["conditionalBranches"] or []:
            try:
                parse(branch["condition"]["expressionString"])
            except ExpressionError as error:
                self.wrong.append("%s: %s" % (intent, error))

    def value(self, slot, text):
        """What a slot type makes of a text: (interpreted, resolved values), or None."""
        kind = self.types.get(slot["slotTypeName"])
        if kind is None or kind.get("parentSlotTypeSignature"):
            pattern = ((kind or {}).get("valueSelectionSetting") or {}).get("regexFilter")
            if pattern:
                import re

                if not re.fullmatch(pattern["pattern"], text):
                    return None
            return text, [text]
        for entry in kind.get("slotTypeValues") or []:
            words = [entry["sampleValue"]["value"], *(one["value"] for one in entry.get("synonyms") or [])]
            if text.lower() in [word.lower() for word in words]:
                return entry["sampleValue"]["value"], [entry["sampleValue"]["value"]]
        strategy = (kind.get("valueSelectionSetting") or {}).get("resolutionStrategy")
        return (text, []) if strategy == "ORIGINAL_VALUE" else None


class Session:
    """A conversation with a bot. `function(event)` answers as the Lambda does, or raises `LambdaFailed`."""

    def __init__(self, bot, function=None, session_id="session", attributes=None):
        self.bot = bot
        self.function = function
        self.id = session_id
        self.attributes = dict(attributes or {})
        self.action = {"type": "ElicitIntent"}
        self.intent = None
        self.contexts = []
        self.ended = False
        self.tries = 0
        self.trace, self.wrong, self.messages, self.calls = [], [], [], 0
        self.near = []

    # -- what expressions and texts read

    def attribute(self, kind, name):
        if kind == "attribute":
            return self.attributes.get(name[1:-1])
        if kind == "request":
            return self.requests.get(name[2:-2])
        if kind == "slot":
            return self.slot_part(name[1:-1])
        if name == "$.inputTranscript":
            return self.text
        if name == "$.inputMode":
            return "Text"
        if name.startswith("$.transcriptions[0].transcriptionConfidence"):
            return "1.0"
        raise ExpressionError("no such path: %s" % name)

    def slot_part(self, name):
        name, _, part = name.partition(".")
        held = ((self.intent or {}).get("slots") or {}).get(name)
        if not held or not held.get("value"):
            return None
        part = {"": "interpretedValue", "interpreted": "interpretedValue", "original": "originalValue"}.get(part, part)
        if part == "resolved":
            return next(iter(held["value"].get("resolvedValues") or []), None)
        return held["value"].get(part)

    # -- one request

    def recognize(
        self, text="", intent=None, confidence=None, slots=None, sentiment=None, requests=None, attributes=None, near=()
    ):
        """One utterance. `intent` and `slots` ({slot or its type: text}) are what understanding it gave; `near` are other intents
        and their confidence, the surest first."""
        self.near = list(near)
        self.trace, self.wrong, self.messages, self.calls = [], [], [], 0
        self.text, self.requests, self.heard = text, dict(requests or {}), {}
        self.sentiment, self.confidence = sentiment, confidence
        self.attributes.update(attributes or {})
        if self.ended:
            # A closed session starts anew with the next utterance; its attributes live on until it times out.
            self.ended, self.intent, self.action = False, None, {"type": "ElicitIntent"}
        self.annotated = dict(slots or {})
        try:
            self.hear(intent, confidence)
        except ExpressionError as error:
            self.wrong.append(str(error))
        return self

    def hear(self, intent, confidence):
        known = intent in self.bot.intents and intent != self.bot.fallback
        if known and confidence is not None and confidence < self.bot.threshold:
            known = False
            self.near.insert(0, (intent, confidence))
        self.understood = intent if known else None
        if self.action["type"] == "ElicitSlot" and (not known or intent == self.intent["name"]):
            self.on_slot(self.action["slotToElicit"])
            return
        if self.action["type"] == "ConfirmIntent" and (not known or intent == self.intent["name"]):
            self.wrong.append("confirmation is not played here")
            return
        self.start(intent if known else self.bare() or self.bot.fallback, True)

    def bare(self):
        """The intent of which the words are an utterance that is nothing but a slot (`{slot}`), if there is one."""
        for name, intent in self.bot.intents.items():
            for line in intent.get("sampleUtterances") or []:
                slot = self.bot.slots[name].get(line["utterance"].strip().removeprefix("{").removesuffix("}"))
                text = self.said_for(slot) if slot and line["utterance"].strip().startswith("{") else None
                if text is not None and self.bot.value(slot, str(text)) is not None:
                    return name
        return None

    def start(self, name, heard=False, skip=False):
        """An intent begins: its slots from the utterance, then its initial response."""
        self.intent = {"name": name, "state": "InProgress", "confirmationState": "None", "slots": {}}
        self.tries = 0
        for slot in self.bot.slots[name].values():
            self.intent["slots"][slot["name"]] = None
            if heard:
                self.capture(slot)
        self.log("intent " + name)
        setting = self.bot.intents[name].get("initialResponseSetting") or {}
        self.stage(setting, "initialResponse", "nextStep", "conditional", self.next_slot, skip)

    def said_for(self, slot):
        """What understanding the words gave for a slot: by its name, or by its type."""
        return self.annotated.get(slot["name"], self.annotated.get(slot["slotTypeName"]))

    def capture(self, slot):
        """Fills a slot from the utterance; whether it did."""
        text = self.said_for(slot)
        if text is None and slot["slotTypeName"] == "AMAZON.FreeFormInput" and self.action.get("slotToElicit") == slot["name"]:
            text = self.text
        value = None if text is None else self.bot.value(slot, str(text))
        if value is None:
            return False
        filled = {"originalValue": str(text), "interpretedValue": value[0], "resolvedValues": value[1]}
        self.intent["slots"][slot["name"]] = {"shape": "Scalar", "value": filled}
        return True

    def on_slot(self, name):
        asked = self.bot.slots[self.intent["name"]][name]
        hit = [slot["name"] for slot in self.bot.slots[self.intent["name"]].values() if self.capture(slot)]
        setting = (asked["valueElicitationSetting"].get("slotCaptureSetting")) or {}
        if name in hit:
            self.tries = 0
            self.log("captured " + name)
            self.stage(setting, "captureResponse", "captureNextStep", "captureConditional", self.next_slot)
            return
        self.tries += 1
        prompt = asked["valueElicitationSetting"].get("promptSpecification") or {}
        if self.tries <= int(prompt.get("maxRetries") or 0):
            hook = setting.get("elicitationCodeHook") or {}
            self.log("asks again " + name)
            if hook.get("enableCodeHookInvocation"):
                self.ask(name, False)
                self.invoke(hook, "DialogCodeHook", lambda: None)
            else:
                self.say(prompt)
            return
        self.tries = 0
        self.log("gives up " + name)
        self.stage(setting, "failureResponse", "failureNextStep", "failureConditional", self.fail)

    def fail(self):
        self.intent["state"] = "Failed"
        self.end("Close")

    # -- stages

    def log(self, what):
        self.trace.append(what)
        if len(self.trace) > STEPS:
            raise ExpressionError("more than %d steps in one turn" % STEPS)

    def say(self, response):
        for group in (response or {}).get("messageGroupsList") or []:
            message = group["message"]
            plain = message.get("plainTextMessage") or message.get("ssmlMessage") or message.get("customPayload")
            if plain:
                self.messages.append(self.in_text(plain["value"]))

    def in_text(self, text):
        import re

        def put(match):
            kind = "slot" if match.group().startswith("{") else "attribute"
            found = self.attribute(kind, match.group())
            return "" if found is None else str(found)

        return re.sub(r"\{[\w.-]+\}|\[[\w.:-]+\]", put, text)

    def stage(self, setting, response, step, conditional, default, skip=False):
        """A response, then the next step of the stage; its conditions or its code hook where the step says so."""
        if not skip:
            self.say(setting.get(response))
        self.follow(setting.get(step), setting.get(conditional), setting.get("codeHook"), default)

    def follow(self, step, conditional, hook, default):
        self.set_values(step)
        action = (step or {}).get("dialogAction") or {}
        kind = action.get("type")
        if kind is None:
            if conditional and conditional.get("isActive"):
                self.branch(conditional, hook, default)
            elif hook and hook.get("isActive") and hook.get("enableCodeHookInvocation"):
                self.code_hook(hook, default)
            else:
                default()
            return
        self.log(kind)
        if kind == "EvaluateConditional":
            if conditional and conditional.get("isActive"):
                self.branch(conditional, hook, default)
            else:
                default()
        elif kind == "InvokeDialogCodeHook":
            self.code_hook(hook or {}, default)
        else:
            self.act(kind, action, step)

    def set_values(self, step):
        if not step:
            return
        self.attributes.update(step.get("sessionAttributes") or {})
        named = step.get("intent") or {}
        if not named.get("name") or named["name"] == (self.intent or {}).get("name"):
            self.put_slots(named.get("slots") or {})

    def put_slots(self, slots):
        for name, one in slots.items():
            value = (one or {}).get("value")
            if value is None or value.get("interpretedValue") is None:
                self.intent["slots"][name] = None
            else:
                text = value["interpretedValue"]
                held = {"originalValue": text, "interpretedValue": text, "resolvedValues": [text]}
                self.intent["slots"][name] = {"shape": "Scalar", "value": held}

    def branch(self, conditional, hook, default):
        for one in conditional.get("conditionalBranches") or []:
            if holds(one["condition"]["expressionString"], self):
                self.log("branch " + one["name"])
                chosen = one
                break
        else:
            self.log("default branch")
            chosen = conditional["defaultBranch"]
        self.say(chosen.get("response"))
        self.follow(chosen.get("nextStep"), None, hook, default)

    def act(self, kind, action, step):
        named = (step or {}).get("intent") or {}
        if named.get("name") and named["name"] != (self.intent or {}).get("name") and kind in ("StartIntent", "ElicitSlot"):
            if kind == "StartIntent":
                self.start(named["name"], skip=bool(action.get("suppressNextMessage")))
                return
            self.intent = {"name": named["name"], "state": "InProgress", "confirmationState": "None"}
            self.intent["slots"] = dict.fromkeys(self.bot.slots[named["name"]])
            self.put_slots(named.get("slots") or {})
        if kind == "StartIntent":
            self.start(self.intent["name"], skip=bool(action.get("suppressNextMessage")))
        elif kind == "ElicitSlot":
            self.ask(action["slotToElicit"], not action.get("suppressNextMessage"))
        elif kind == "ElicitIntent":
            self.action = {"type": "ElicitIntent"}
        elif kind == "FulfillIntent":
            self.fulfill()
        elif kind == "CloseIntent":
            self.close()
        elif kind == "EndConversation":
            self.end("EndConversation")
        else:
            self.wrong.append("%s is not played here" % kind)

    def ask(self, name, aloud=True):
        self.action = {"type": "ElicitSlot", "slotToElicit": name}
        self.log("asks " + name)
        if aloud:
            slot = self.bot.slots[self.intent["name"]][name]
            self.say(slot["valueElicitationSetting"].get("promptSpecification"))

    def next_slot(self):
        """By default: the next required slot that is missing, else on to fulfillment."""
        ranked = sorted(self.bot.intents[self.intent["name"]].get("slotPriorities") or [], key=lambda one: one["priority"])
        for one in ranked:
            slot = self.bot.slots[self.intent["name"]][one["slotName"]]
            required = slot["valueElicitationSetting"]["slotConstraint"] == "Required"
            if required and not self.intent["slots"].get(one["slotName"]):
                self.ask(one["slotName"])
                return
        self.fulfill()

    def fulfill(self):
        self.log("fulfillment")
        self.intent["state"] = "ReadyForFulfillment"
        hook = self.bot.intents[self.intent["name"]].get("fulfillmentCodeHook") or {}
        if not hook.get("enabled") or hook.get("isActive") is False:
            self.close()
            return
        spec = hook.get("postFulfillmentStatusSpecification") or {}
        self.invoke({"invocationLabel": None}, "FulfillmentCodeHook", self.close, spec, "Fulfilled")

    def close(self):
        self.log("closing")
        if self.intent["state"] in ("InProgress", "ReadyForFulfillment"):
            self.intent["state"] = "Fulfilled" if self.intent["state"] == "InProgress" else self.intent["state"]
        setting = self.bot.intents[self.intent["name"]].get("intentClosingSetting") or {}
        if setting.get("isActive") is False:
            setting = {}
        self.stage(setting, "closingResponse", "nextStep", "conditional", lambda: self.end("Close"))

    def end(self, kind):
        self.action = {"type": kind}
        self.ended = True

    # -- code hooks

    def code_hook(self, hook, default):
        if not (hook.get("isActive") and hook.get("enableCodeHookInvocation")):
            self.wrong.append("a next step invokes a code hook that is not active")
            default()
            return
        self.invoke(hook, "DialogCodeHook", default, hook.get("postCodeHookSpecification") or {})

    def invoke(self, hook, source, default, spec=None, state=None):
        spec = spec or {}
        self.calls += 1
        self.log("calls %s %s" % (source, hook.get("invocationLabel")))
        try:
            answer = self.function(self.event(hook.get("invocationLabel"), source))
        except LambdaFailed as failed:
            path = "timeout" if failed.timeout else "failure"
            self.log(path)
            self.post(spec, path, self.fail)
            return
        self.take_answer(answer)
        kind = answer["sessionState"]["dialogAction"]["type"]
        if kind == "Delegate":
            path = "failure" if self.intent["state"] == "Failed" else "success"
            if state and path == "success":
                self.intent["state"] = state
            self.log(path)
            self.post(spec, path, self.fail if path == "failure" else default)
        elif kind == "Close":
            self.end("Close")
        elif kind == "ElicitSlot":
            self.ask(answer["sessionState"]["dialogAction"]["slotToElicit"], not answer.get("messages"))
        elif kind == "ElicitIntent":
            self.action = {"type": "ElicitIntent"}
        else:
            self.wrong.append("the function answers with %s" % kind)

    def post(self, spec, path, default):
        self.stage(
            {**spec, "codeHook": None}, path + "Response", path + "NextStep", path + "Conditional", default
        )

    def take_answer(self, answer):
        state = answer["sessionState"]
        if state.get("sessionAttributes") is not None:
            self.attributes = dict(state["sessionAttributes"])
        intent = state.get("intent")
        if intent:
            if intent["name"] not in self.bot.intents:
                raise ExpressionError("the function answers with the intent %s" % intent["name"])
            if intent["name"] != self.intent["name"]:
                self.log("intent " + intent["name"])
            merged = dict.fromkeys(self.bot.slots[intent["name"]])
            merged.update(copy.deepcopy(intent.get("slots") or {}))
            self.intent = {"confirmationState": "None", "state": "InProgress", **copy.deepcopy(intent), "slots": merged}
        for message in answer.get("messages") or []:
            self.messages.append(message.get("content", ""))

    def other(self, near):
        """An interpretation that Lex did not choose."""
        intent, confidence = near
        state = {"name": intent, "state": "ReadyForFulfillment", "confirmationState": "None"}
        state["slots"] = dict.fromkeys(self.bot.slots[intent])
        return {"intent": state, "interpretationSource": "Lex", "nluConfidence": float(confidence)}

    def event(self, label, source):
        intent = copy.deepcopy(self.intent)
        interpretation = {"intent": intent, "interpretationSource": "Lex"}
        if self.understood == intent["name"] and self.confidence is not None:
            interpretation["nluConfidence"] = float(self.confidence)
        if self.sentiment:
            interpretation["sentimentResponse"] = self.sentiment
        event = {
            "messageVersion": "1.0",
            "invocationSource": source,
            "inputMode": "Text",
            "responseContentType": "text/plain; charset=utf-8",
            "sessionId": self.id,
            "inputTranscript": self.text,
            "bot": {
                "id": "BOTID12345",
                "name": self.bot.about["name"],
                "localeId": self.bot.locale,
                "version": "DRAFT",
                "aliasId": "TSTALIASID",
                "aliasName": "TestBotAlias",
            },
            "interpretations": [interpretation, *map(self.other, self.near)],
            "proposedNextState": {"dialogAction": dict(self.action), "intent": copy.deepcopy(self.intent)},
            "requestAttributes": dict(self.requests),
            "sessionState": {
                "sessionAttributes": dict(self.attributes),
                "activeContexts": [],
                "intent": copy.deepcopy(self.intent),
                "originatingRequestId": "0b6b0c5e-0000-4000-8000-000000000000",
            },
            "transcriptions": [
                {"transcription": self.text, "transcriptionConfidence": 1.0, "resolvedContext": {"intent": intent["name"]}, "resolvedSlots": {}}
            ],
        }
        if label:
            event["invocationLabel"] = label
        return event
