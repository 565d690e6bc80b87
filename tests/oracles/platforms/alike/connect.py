"""A small reference interpreter of Amazon Connect flows: one contact in the flows of one export.

Read from the vendor's pages, not from any exporter:
- Actions in the Amazon Connect Flow Language (docs.aws.amazon.com/connect/latest/APIReference/flow-language-actions.html):
  parameters, conditions and errors of each action; the first condition that holds is taken, else the error
  NoMatchingCondition, else NextAction.
- Check contact attributes (…/adminguide/check-contact-attributes.html): conditions in order; comparisons respect case; a
  value that is not there equals nothing.
- Set working queue before the transfer; whoever waits is in the CUSTOMER_QUEUE flow that the event hook names.
- TransferToFlow (…/APIReference/flow-control-actions-transfertoflow.html): the other flow runs from its beginning. The
  contact's attributes, queue and hooks stay; flow attributes do not, and what the last function, bot or metrics said is not
  there any more either, as no page promises it.
- A flow has 250 actions at the most (…/devguide/flow-language-example.html), an identifier 50 characters.

What stands outside (the bot, functions, hours, metrics, queues, people) is asked for: `run` is a generator that yields
questions and is sent the answers.
"""

import json
import pathlib
import re

STEPS = 2000
PATH = re.compile(r"\$\.[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_-]+|\['[^']+'\])*")
OPERATORS = {
    "Equals": lambda a, b: a == b,
    "TextStartsWith": lambda a, b: a.startswith(b),
    "TextEndsWith": lambda a, b: a.endswith(b),
    "TextContains": lambda a, b: b in a,
    "NumberGreaterThan": lambda a, b: float(a) > float(b),
    "NumberGreaterOrEqualTo": lambda a, b: float(a) >= float(b),
    "NumberLessThan": lambda a, b: float(a) < float(b),
    "NumberLessOrEqualTo": lambda a, b: float(a) <= float(b),
}
WAITS = ("ConnectParticipantWithLexBot", "Wait")
# Ends of a run of a flow.
ENDS = ("DisconnectParticipant", "EndFlowExecution", "EndFlowModuleExecution")


class BrokenFlow(ValueError):
    """A flow that Connect would refuse."""


def content_of(document):
    """The flow itself, however it is wrapped: as content, or as the text in an API answer or a template."""
    inner = document.get("ContactFlow") if isinstance(document.get("ContactFlow"), dict) else {}
    for found in (document, document.get("Content"), inner.get("Content")):
        if isinstance(found, str):
            found = json.loads(found)
        if isinstance(found, dict) and "Actions" in found:
            return found
    return None


class Flow:
    """One flow: its actions by identifier."""

    def __init__(self, name, document):
        made = content_of(document)
        if made is None:
            raise BrokenFlow("%s holds no flow" % name)
        self.name = name
        self.type = document.get("Type") or (made.get("Metadata") or {}).get("type")
        self.start = made["StartAction"]
        self.actions = {one["Identifier"]: one for one in made["Actions"]}
        wrong = []
        if len(self.actions) != len(made["Actions"]):
            wrong.append("two actions of one identifier")
        if len(self.actions) > 250 or any(len(one) > 50 for one in self.actions):
            wrong.append("%d actions, or an identifier that is too long" % len(self.actions))
        for to in [self.start, *(to for one in made["Actions"] for to in leads(one))]:
            if to not in self.actions:
                wrong.append("no action %s" % to)
        if wrong:
            raise BrokenFlow("%s: %s" % (name, "; ".join(wrong)))


def leads(action):
    after = action.get("Transitions") or {}
    found = [after["NextAction"]] if "NextAction" in after else []
    return found + [one["NextAction"] for key in ("Conditions", "Errors") for one in after.get(key) or []]


def read_flows(folder):
    """Every flow below a folder, by the name of its file."""
    found = {}
    for path in sorted(pathlib.Path(folder).rglob("*.json")):
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            continue
        if isinstance(document, dict) and content_of(document):
            found[path.stem] = Flow(path.stem, document)
    return found


class Contact:
    """A contact: what is known of it, and the flow that runs."""

    def __init__(self, flows, attributes=None, channel="CHAT"):
        self.flows = flows
        self.data = {
            "Attributes": dict(attributes or {}),
            "FlowAttributes": {},
            "External": {},
            "Lex": {},
            "Metrics": {},
            "Queue": {},
            "Channel": channel,
        }
        self.hooks = {}
        self.queue = None
        self.priority = None
        self.callback = None
        self.loops = {}
        self.said, self.trace = [], []

    # -- values

    def lookup(self, path):
        value = self.data
        for part in re.findall(r"\.([A-Za-z0-9_-]+)|\['([^']+)'\]", path[1:]):
            name = part[0] or part[1]
            value = value.get(name) if isinstance(value, dict) else None
        return value

    def value(self, text):
        """A parameter: a lone path gives what it names, anything else is text with paths filled in."""
        if not isinstance(text, str):
            return text
        if PATH.fullmatch(text):
            found = self.lookup(text)
            return None if found is None else as_text(found)
        return PATH.sub(lambda match: as_text(self.lookup(match.group())), text)

    # -- running

    def flow_named(self, name):
        found = self.flows.get(name)
        if found is None:
            hits = [one for key, one in self.flows.items() if re.search(r"(?<![\w-])%s(?![\w-])" % re.escape(key), str(name))]
            found = hits[0] if len(hits) == 1 else None
        return found

    def run(self, flow):
        """Runs a flow to its end; gives how it ended."""
        at = flow.start
        steps = 0
        while steps < STEPS:
            action = flow.actions[at]
            self.trace.append((flow.name, at, action["Type"]))
            kind = action["Type"]
            # Where it waits for the customer or for time to pass, it does not run in circles.
            steps = 0 if kind in WAITS else steps + 1
            if kind in ENDS:
                return kind
            result = yield from self.act(kind, action.get("Parameters") or {}, flow, at)
            if isinstance(result, Left):
                if result.flow is None:
                    return result.how
                flow, at = result.flow, result.flow.start
                continue
            at = self.onward(action, result, flow)
            if at is None:
                return "ends at %s" % kind
        raise BrokenFlow("%s: more than %d actions without an end" % (flow.name, STEPS))

    def onward(self, action, result, flow):
        after = action.get("Transitions") or {}
        errors = {one["ErrorType"]: one["NextAction"] for one in after.get("Errors") or []}
        if isinstance(result, Failed):
            if result.kind in errors:
                return errors[result.kind]
            if "NoMatchingError" in errors:
                return errors["NoMatchingError"]
            raise BrokenFlow("%s: nothing is drawn for %s of %s" % (flow.name, result.kind, action["Identifier"]))
        conditions = after.get("Conditions") or []
        if conditions or isinstance(result, Value):
            given = None if result is None else result.text
            for one in conditions:
                if self.matches(one["Condition"], given):
                    return one["NextAction"]
            if conditions and "NoMatchingCondition" in errors:
                return errors["NoMatchingCondition"]
        return after.get("NextAction")

    def matches(self, condition, given):
        if given is None:
            return False
        try:
            return all(OPERATORS[condition["Operator"]](given, self.value(one)) for one in condition["Operands"])
        except (TypeError, ValueError):
            return False

    def act(self, kind, given, flow, at):
        do = getattr(self, "do_" + kind, None)
        if do is None:
            raise BrokenFlow("%s: %s is not played here" % (flow.name, kind))
        result = do(given, flow, at)
        if hasattr(result, "send"):
            result = yield from result
        return result

    # -- actions that answer at once

    def do_MessageParticipant(self, given, flow, at):
        self.said.append(self.value(given.get("Text") or given.get("SSML") or ""))

    def do_UpdateContactAttributes(self, given, flow, at):
        for name, value in given["Attributes"].items():
            value = self.value(value)
            if value is None:
                self.data["Attributes"].pop(name, None)
            else:
                self.data["Attributes"][name] = value

    def do_UpdateFlowAttributes(self, given, flow, at):
        for name, value in given["FlowAttributes"].items():
            self.data["FlowAttributes"][name] = self.value(value["Value"])

    def do_UpdateContactEventHooks(self, given, flow, at):
        for name, value in given["EventHooks"].items():
            self.hooks[name] = self.value(value)

    def do_UpdateContactTargetQueue(self, given, flow, at):
        self.queue = self.value(given.get("QueueId"))
        if not self.queue:
            return Failed("NoMatchingError")
        self.data["Queue"] = {"ARN": self.queue, "Name": self.queue}
        return None

    def do_UpdateContactRoutingBehavior(self, given, flow, at):
        self.priority = self.value(given.get("QueuePriority"))

    def do_UpdateContactCallbackNumber(self, given, flow, at):
        number = self.value(given["CallbackNumber"])
        if not number:
            return Failed("InvalidCallbackNumber")
        self.callback = number
        return None

    def do_Compare(self, given, flow, at):
        return Value(self.value(given["ComparisonValue"]))

    def do_Loop(self, given, flow, at):
        # Counts how often this block was entered; after the last round it starts anew.
        done = self.loops.get((flow.name, at), 0)
        if done >= int(self.value(given["LoopCount"])):
            self.loops[(flow.name, at)] = 0
            return Value("DoneLooping")
        self.loops[(flow.name, at)] = done + 1
        return Value("ContinueLooping")

    def do_TransferToFlow(self, given, flow, at):
        to = self.flow_named(self.value(given["ContactFlowId"]))
        if to is None or to.type not in (None, "CONTACT_FLOW", "contactFlow", "AGENT_TRANSFER", "agentTransfer", "QUEUE_TRANSFER", "queueTransfer"):
            return Failed("NoMatchingError")
        self.data.update({"FlowAttributes": {}, "External": {}, "Lex": {}, "Metrics": {}})
        return Left(to)

    def silent(self, given, flow, at):
        return None

    do_UpdateFlowLoggingBehavior = do_UpdateContactTextToSpeechVoice = do_UpdateContactRecordingBehavior = silent
    do_UpdateContactData = do_CreateWisdomSession = do_UpdateContactMediaStreamingBehavior = silent

    # -- actions that ask what stands outside

    def do_InvokeFlowModule(self, given, flow, at):
        module = self.flow_named(self.value(given["FlowModuleId"]))
        if module is None:
            return Failed("NoMatchingError")
        how = yield from self.run(module)
        return None if how == "EndFlowModuleExecution" else Left(None, how)

    def do_ConnectParticipantWithLexBot(self, given, flow, at):
        attributes = {name: self.value(value) for name, value in (given.get("LexSessionAttributes") or {}).items()}
        self.said.append(self.value(given.get("Text") or ""))
        pause = self.value((given.get("LexTimeoutSeconds") or {}).get("Text"))
        answer = yield ("lex", self.value((given.get("LexV2Bot") or {}).get("AliasArn")), attributes, pause)
        if answer.get("timeout"):
            return Failed("InputTimeLimitExceeded")
        if answer.get("failed"):
            return Failed("NoMatchingError")
        self.data["Lex"] = {
            "IntentName": answer["intent"],
            "SessionAttributes": dict(answer.get("attributes") or {}),
            "Slots": dict(answer.get("slots") or {}),
            "DialogState": answer.get("state"),
        }
        return Value(answer["intent"])

    def do_InvokeLambdaFunction(self, given, flow, at):
        inputs = {name: self.value(value) for name, value in (given.get("LambdaInvocationAttributes") or {}).items()}
        answer = yield ("lambda", self.value(given["LambdaFunctionARN"]), self.lambda_event(inputs))
        if not isinstance(answer, dict):
            return Failed("NoMatchingError")
        kind = (given.get("ResponseValidation") or {}).get("ResponseType", "STRING_MAP")
        if kind == "STRING_MAP" and any(isinstance(one, (dict, list)) for one in answer.values()):
            return Failed("NoMatchingError")
        self.data["External"] = {name: one if isinstance(one, (dict, list)) else as_text(one) for name, one in answer.items()}
        return None

    def lambda_event(self, inputs):
        """The event of a flow's function (…/adminguide/connect-lambda-functions.html)."""
        return {
            "Name": "ContactFlowEvent",
            "Details": {
                "ContactData": {
                    "Attributes": dict(self.data["Attributes"]),
                    "Channel": self.data["Channel"],
                    "ContactId": "00000000-0000-4000-8000-000000000001",
                    "InitialContactId": "00000000-0000-4000-8000-000000000001",
                    "InitiationMethod": "API",
                    "InstanceARN": "arn:aws:connect:us-east-1:111122223333:instance/i",
                    "Queue": {"ARN": self.queue, "Name": self.queue} if self.queue else None,
                    "CustomerEndpoint": None,
                    "SystemEndpoint": None,
                },
                "Parameters": inputs,
            },
        }

    def do_CheckHoursOfOperation(self, given, flow, at):
        answer = yield ("hours", self.value(given.get("HoursOfOperationId")), self.queue)
        return Failed("NoMatchingError") if answer is None else Value("True" if answer else "False")

    def do_CheckMetricData(self, given, flow, at):
        answer = yield ("metric", given["MetricType"], self.value(given.get("QueueId")) or self.queue)
        return Failed("NoMatchingError") if answer is None else Value(as_text(answer))

    def do_GetMetricData(self, given, flow, at):
        answer = yield ("metrics", self.value(given.get("QueueId")) or self.queue)
        if answer is None:
            return Failed("NoMatchingError")
        self.data["Metrics"] = answer
        return None

    def do_GetParticipantInput(self, given, flow, at):
        self.said.append(self.value(given.get("Text") or ""))
        answer = yield ("input", given)
        if answer is None:
            return Failed("InputTimeLimitExceeded")
        self.data["StoredCustomerInput"] = answer
        return Value(answer)

    def do_TransferContactToQueue(self, given, flow, at):
        if not self.queue:
            return Failed("NoMatchingError")
        answer = yield ("queue", self.queue, self.hooks.get("CustomerQueue"))
        if answer in ("QueueAtCapacity", "NoMatchingError"):
            return Failed(answer)
        return None if answer == "next" else Left(None, "queued")

    def do_DequeueContactAndTransferToQueue(self, given, flow, at):
        wanted = self.value(given.get("QueueId"))
        answer = yield ("requeue", wanted)
        if answer in ("QueueAtCapacity", "NoMatchingError"):
            return Failed(answer)
        self.queue = wanted
        return Left(None, "requeued")

    def do_CreateCallbackContact(self, given, flow, at):
        queue = self.value(given.get("QueueId")) or self.queue
        answer = yield ("callback", queue, self.callback)
        return Failed("NoMatchingError") if answer is False else None

    def do_MessageParticipantIteratively(self, given, flow, at):
        answer = yield ("iterate", [self.value(one.get("Text") or "") for one in given["Messages"]], given.get("InterruptFrequencySeconds"))
        return Value(answer) if isinstance(answer, str) else answer

    def do_Wait(self, given, flow, at):
        answer = yield ("wait", self.value(given.get("TimeLimitSeconds")), given.get("Events") or [])
        return Value(answer) if answer else None


class Value:
    """What the conditions of an action look at."""

    def __init__(self, text):
        self.text = text


class Failed:
    """An error of an action."""

    def __init__(self, kind):
        self.kind = kind


class Left:
    """The flow is left: for another one, or for good."""

    def __init__(self, flow=None, how=None):
        self.flow = flow
        self.how = how


def as_text(value):
    """Every value of Connect is text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
