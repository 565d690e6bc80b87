"""A small reference interpreter of Dialogflow CX: one session with one agent.

Read from the vendor's pages, not from any exporter:
- life of a page (docs.cloud.google.com/dialogflow/cx/docs/concept/page): entry fulfillment; form parameters are filled
  beforehand; handlers in scope are evaluated; the next missing parameter is asked for unless a reprompt was followed;
  the turn is sent; what is heard fills the asked parameter; handlers again.
- scope (…/concept/handler): routes of the flow count on its start page, elsewhere only those with an intent; routes and
  handlers of the page, handlers of the flow, and those of the parameter that is being filled count always.
- order (reference of `Page.transitionRoutes` and `.transitionRouteGroups`): with an intent: page, its groups, flow, its
  groups; then with a condition alone: page, its groups (on a start page the flow and its groups). Groups of the flow come
  before those of the agent. The first that passes and leads away ends the evaluation.
- fulfillment (reference of `Fulfillment`): parameters are set before the webhook is called; static messages are queued
  before it, its own messages after.
- hand-off (docs.cloud.google.com/agent-assist/docs/handoff-cx): END_FLOW_WITH_HUMAN_ESCALATION ends the flow; with an
  empty stack the session ends and goes to a person, else the caller gets `flow.failed.human-escalation`.
"""

import uuid

from cx_agent import START
from cx_language import ConditionError, FunctionError, filled, holds, in_text

STACK = 25  # flow stack limit, release note of 2023-01-30
STEPS = 1000
FAILED = {
    "END_FLOW_WITH_FAILURE": "flow.failed",
    "END_FLOW_WITH_CANCELLATION": "flow.cancelled",
    "END_FLOW_WITH_HUMAN_ESCALATION": "flow.failed.human-escalation",
}


class WebhookFailed(Exception):
    """A webhook that did not answer well; `kind` as in the events `webhook.error.<kind>`."""

    def __init__(self, kind, why=""):
        super().__init__("%s: %s" % (kind, why))
        self.kind = kind


class Answer:
    """What one request to a session gives."""

    def __init__(self):
        self.messages = []
        self.texts = []
        self.handoffs = []
        self.payloads = []
        self.trace = []
        self.wrong = []
        self.webhooks = 0


class Session:
    """A conversation with an agent. `webhook(name, request)` answers with the response or raises `WebhookFailed`."""

    def __init__(self, agent, webhook, session_id="session"):
        self.agent = agent
        self.webhook = webhook
        self.id = session_id
        self.params = {}
        self.start(agent.flows[agent.about["startFlow"]])
        self.stack = []
        self.ended = None
        self.request = {}
        self.intent_params = {}
        self.matched = self.last_matched = None
        self.answer = Answer()
        self.entered = False

    def start(self, flow):
        self.flow = flow
        self.page = flow.start
        self.previous = None
        self.flow_params = {}
        self.forget_form()

    def forget_form(self):
        self.form = {}
        self.form_states = {}
        self.just_collected = set()
        self.counts = {"sys.no-match": 0, "sys.no-input": 0}

    # -- references

    def lookup(self, reference):
        parts, indexes = reference[1:].split("["), []
        head = parts[0]
        rest = reference[len(head) + 1 :]
        while rest.startswith("["):
            close = rest.index("]")
            indexes.append(int(rest[1:close]))
            rest = rest[close + 1 :]
        value = self.plain_lookup(head)
        for index in indexes:
            value = value[index] if isinstance(value, list) and index < len(value) else None
        for part in rest.strip(".").split(".") if rest.strip(".") else []:
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def plain_lookup(self, path):
        scope, _, name = path.partition(".")
        if path.startswith("session.params."):
            return self.within(self.params, path[len("session.params.") :])
        if scope == "flow":
            return self.within(self.flow_params, name)
        if path == "page.params.status":
            return "FINAL" if self.page.form and not self.missing() else "UPDATED" if self.just_collected else "EMPTY"
        if path.startswith("page.params."):
            name = path[len("page.params.") :]
            if name.endswith(".status"):
                return self.param_status(name[: -len(".status")])
            return self.within(self.form, name)
        if path.startswith("intent.params."):
            name, _, form = path[len("intent.params.") :].partition(".")
            found = self.intent_params.get(name)
            return None if found is None else found.get(form or "resolved")
        if scope == "request":
            return self.within(self.request, name)
        raise ConditionError("no reference is named $%s" % path)

    @staticmethod
    def within(held, name):
        if name in held:
            return held[name]
        value = held
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def param_status(self, name):
        if name in self.just_collected:
            return "UPDATED"
        return self.form_states.get(name) or ("FILLED" if self.form.get(name) is not None else "EMPTY")

    def set(self, name, value):
        value = as_struct(value)
        if name.startswith("$flow."):
            put(self.flow_params, name[len("$flow.") :], value)
            return
        name = name.removeprefix("$session.params.").removeprefix("$page.params.")
        put(self.params, name, value)
        # A form parameter of the name of a session parameter takes its value while the page is active.
        if any(one["displayName"] == name for one in self.page.form):
            put(self.form, name, value)

    # -- one request

    def detect(self, text=None, intent=None, confidence=None, annotations=None, event=None, parameters=None,
               sentiment=None, payload=None, no_input=False):
        """One request. `intent` and `annotations` ({entity type: value}) are what understanding the text gave."""
        self.answer = Answer()
        if self.ended:
            self.answer.wrong.append("the session has ended")
            return self.answer
        self.entered = False
        for name, value in (parameters or {}).items():
            self.set(name, value)
        self.request = {"user-utterance": text, "payload": payload or {}}
        self.request["sentiment"] = {"succeeded": sentiment is not None, **(sentiment or {})}
        self.heard = {"text": text, "event": event, "confidence": confidence, "payload": payload or {}}
        self.sentiment = sentiment
        self.intent_params = {}
        self.matched = None
        self.just_collected = set()
        try:
            if event is not None:
                self.on_event(event)
            elif no_input:
                self.on_builtin("sys.no-input")
            else:
                self.on_text(text, intent, confidence, annotations or {})
        except (ConditionError, FunctionError) as error:
            self.answer.wrong.append(str(error))
        return self.answer

    def on_event(self, event):
        handler = self.handler([event])
        if handler is None:
            self.answer.wrong.append("nobody handles the event %s" % event)
            return
        self.go_on(handler, "event " + event)

    def on_text(self, text, intent, confidence, annotations):
        routes = self.intent_routes()
        allowed = {route["intent"] for _, route in routes}
        known = self.agent.intents.get(intent)
        sure = confidence is None or confidence >= self.flow.threshold
        if known and not known.get("isFallback") and intent in allowed and sure:
            self.matched, self.last_matched = intent, (intent, confidence)
            self.counts = dict.fromkeys(self.counts, 0)
            self.take_intent_params(known, annotations)
            passing = [(level, route) for level, route in routes if route["intent"] == intent and self.passes(route)]
            self.fill(annotations, text, False)
            if passing:
                level, route = passing[0]
                self.go_on(route, "%s intent %s" % (level, intent))
            else:
                self.loop()
            return
        if self.fill(annotations, text, True):
            self.counts = dict.fromkeys(self.counts, 0)
            self.loop()
            return
        self.on_builtin("sys.no-match")

    def on_builtin(self, kind):
        """No match or no input: numbered handlers first, then the default, from the parameter outwards."""
        self.counts[kind] += 1
        events = ["%s-%d" % (kind, self.counts[kind]), kind + "-default"]
        handler, prompted = self.handler(events, True)
        if handler is not None:
            self.go_on(handler, handler["event"], prompted)
        else:
            self.loop()

    def handler(self, events, level=False):
        asked = self.asked()
        reprompts = (asked or {}).get("fillBehavior", {}).get("repromptEventHandlers") or []
        for place, handlers in (("parameter", reprompts), ("page", self.page.handlers), ("flow", self.flow.start.handlers)):
            for event in events:
                for one in handlers:
                    if one["event"] == event:
                        return (one, place == "parameter") if level else one
        return (None, False) if level else None

    # -- forms

    def missing(self):
        return [one for one in self.page.form if one.get("required") and self.form.get(one["displayName"]) is None]

    def asked(self):
        return next(iter(self.missing()), None)

    def prefill(self):
        for one in self.page.form:
            name = one["displayName"]
            if self.params.get(name) is not None:
                self.form[name] = self.params[name]
            elif one.get("defaultValue") is not None and self.form.get(name) is None:
                self.form[name] = as_struct(one["defaultValue"])
                self.params[name] = self.form[name]

    def fill(self, annotations, text, whole):
        """Fills the asked parameter and others of the form that the text speaks of; whether the asked one was."""
        asked = self.asked()
        hit = False
        for one in self.page.form:
            kind, name = one["entityType"], one["displayName"]
            given = annotations.get(kind)
            if given is None and whole and one is asked and kind == "@sys.any":
                given = text
            if given is None:
                continue
            value = self.agent.entity_value(kind, given)
            if value is None:
                continue
            self.form[name] = as_struct(value)
            self.params[name] = self.form[name]
            self.form_states.pop(name, None)
            self.just_collected.add(name)
            hit = hit or one is asked
        return hit

    def take_intent_params(self, intent, annotations):
        for one in intent.get("parameters") or []:
            given = annotations.get(one["entityType"])
            value = None if given is None else self.agent.entity_value(one["entityType"], given)
            if value is not None:
                self.intent_params[one["id"]] = {"original": given, "resolved": as_struct(value)}
                self.params[one["id"]] = as_struct(value)

    # -- routes

    def group(self, name):
        return self.flow.groups[name] if name in self.flow.groups else self.agent.groups[name]

    def groups_of(self, state):
        names = sorted(state.groups, key=lambda name: name not in self.flow.groups)
        return [route for name in names for route in self.group(name)]

    def intent_routes(self):
        found = [("page", one) for one in self.page.routes]
        found += [("page group", one) for one in self.groups_of(self.page)]
        if self.page is not self.flow.start:
            found += [("flow", one) for one in self.flow.start.routes]
            found += [("flow group", one) for one in self.groups_of(self.flow.start)]
        return [(level, one) for level, one in found if one.get("intent")]

    def condition_routes(self):
        return [one for one in [*self.page.routes, *self.groups_of(self.page)] if not one.get("intent")]

    def passes(self, route):
        condition = route.get("condition")
        return condition in (None, "") or holds(condition, self)

    def go_on(self, handler, why, prompted=False):
        """Calls a handler and follows it; where it leads nowhere the page goes on."""
        if not self.call(handler, why):
            self.loop(prompted)

    def call(self, handler, why):
        """Calls a handler; whether the session has moved."""
        self.answer.trace.append((self.flow.name, self.page.name, why))
        if len(self.answer.trace) > STEPS:
            raise ConditionError("more than %d handlers in one turn" % STEPS)
        if self.fulfil(handler.get("triggerFulfillment") or {}):
            return True
        if handler.get("targetFlow"):
            self.to_flow(handler["targetFlow"])
            return True
        if handler.get("targetPage"):
            self.to_page(handler["targetPage"])
            return True
        return False

    def loop(self, prompted=False):
        """Conditions of the page, then the prompt for what is missing."""
        if self.ended:
            return
        self.prefill()
        for route in self.condition_routes():
            if self.passes(route) and self.call(route, route["condition"]):
                return
        asked = self.asked()
        if asked is None or prompted:
            return
        prompt = (asked.get("fillBehavior") or {}).get("initialPromptFulfillment") or {}
        self.answer.trace.append((self.flow.name, self.page.name, "asks " + asked["displayName"]))
        self.fulfil(prompt)

    # -- transitions

    def to_flow(self, name):
        if len(self.stack) >= STACK:
            raise ConditionError("more than %d flows in the stack" % STACK)
        kept = (self.flow, self.page, self.previous, self.flow_params, self.form, self.form_states)
        self.stack.append(kept)
        self.start(self.agent.flows[name])
        self.loop()

    def to_page(self, name):
        if name == "Current Page":
            self.enter(self.page, False)
        elif name == "Previous Page":
            self.enter(self.previous or self.flow.start)
        elif name == "End Session":
            self.ended = "end"
        elif name == "End Flow" or name in FAILED:
            self.end_flow(FAILED.get(name))
        else:
            self.enter(self.flow.page(name))

    def enter(self, page, fresh=True):
        if fresh:
            self.previous, self.page = self.page, page
            self.forget_form()
        self.answer.trace.append((self.flow.name, page.name, "enters"))
        if len(self.answer.trace) > STEPS:
            raise ConditionError("more than %d steps in one turn" % STEPS)
        if not self.fulfil(page.entry):
            self.loop()

    def end_flow(self, event):
        if not self.stack:
            self.ended = "escalated" if event == FAILED["END_FLOW_WITH_HUMAN_ESCALATION"] else (event or "end")
            return
        self.flow, self.page, self.previous, self.flow_params, self.form, self.form_states = self.stack.pop()
        handler = self.handler([event, "flow.failed"] if event else []) if event else None
        if handler is not None:
            self.go_on(handler, "event " + handler["event"])
        else:
            self.loop()

    # -- fulfillment

    def fulfil(self, fulfillment):
        """Carries out a fulfillment; whether it moved the session (the webhook said where, or its failure did)."""
        for action in fulfillment.get("setParameterActions") or []:
            self.set(action["parameter"], filled(action.get("value"), self))
        for message in fulfillment.get("messages") or []:
            self.say(message)
        for cascade in fulfillment.get("conditionalCases") or []:
            self.conditional(cascade)
        if not fulfillment.get("webhook"):
            return False
        try:
            self.answer.webhooks += 1
            response = self.webhook(fulfillment["webhook"], self.webhook_request(fulfillment.get("tag", "")))
        except WebhookFailed as failed:
            return self.webhook_failed(failed)
        return self.webhook_answered(response)

    def say(self, message):
        message = {key: one for key, one in message.items() if key != "languageCode"}
        if "text" in message:
            # One of the variants is said; the first, so that a run can be repeated.
            said = in_text(message["text"]["text"][0], self)
            message = {"text": {"text": [said]}}
            self.answer.texts.append(said)
        else:
            message = filled(message, self)
        self.answer.messages.append(message)
        if "liveAgentHandoff" in message:
            self.answer.handoffs.append(message["liveAgentHandoff"].get("metadata") or {})
        if "payload" in message:
            self.answer.payloads.append(message["payload"])

    def conditional(self, cascade):
        for case in cascade.get("cases") or []:
            condition = case.get("condition")
            if condition in (None, "") or holds(condition, self):
                for content in case.get("caseContent") or []:
                    if "message" in content:
                        self.say(content["message"])
                    if "additionalCases" in content:
                        self.conditional(content["additionalCases"])
                return

    def webhook_request(self, tag):
        flow = "projects/p/locations/global/agents/a/flows/%s" % self.flow.id
        page = "START_PAGE" if self.page.name == START else self.page.id
        request = {
            "detectIntentResponseId": str(uuid.uuid5(uuid.NAMESPACE_OID, "%s %s" % (self.id, len(self.answer.trace)))),
            "pageInfo": {"currentPage": "%s/pages/%s" % (flow, page), "displayName": self.page.name},
            "sessionInfo": {
                "session": "projects/p/locations/global/agents/a/sessions/%s" % self.id,
                "parameters": as_json(self.params),
            },
            "fulfillmentInfo": {"tag": tag},
            "languageCode": self.agent.language,
            "messages": [],
        }
        if self.page.form:
            request["pageInfo"]["formInfo"] = {"parameterInfo": [self.parameter_info(one) for one in self.page.form]}
        if self.heard["event"] is not None:
            request["triggerEvent"] = self.heard["event"]
        elif self.heard["text"] is not None:
            request["text"] = self.heard["text"]
        if self.last_matched:
            # The last one, of an earlier turn too (reference of `WebhookRequest.IntentInfo`).
            name, confidence = self.last_matched
            request["intentInfo"] = {
                "lastMatchedIntent": "projects/p/locations/global/agents/a/intents/%s" % self.agent.intents[name]["name"],
                "displayName": name,
            }
            # Dialogflow always has one; a test may ask what happens without.
            if confidence is not None:
                request["intentInfo"]["confidence"] = float(confidence)
            if self.intent_params:
                request["intentInfo"]["parameters"] = {
                    name: {"originalValue": str(one["original"]), "resolvedValue": as_json(one["resolved"])}
                    for name, one in self.intent_params.items()
                }
        if self.sentiment is not None:
            # A nought is the default of the field and is left out of the JSON.
            request["sentimentAnalysisResult"] = {key: one for key, one in self.sentiment.items() if one}
        if self.heard["payload"]:
            request["payload"] = self.heard["payload"]
        return request

    def parameter_info(self, one):
        name = one["displayName"]
        value = self.form.get(name)
        made = {"displayName": name, "required": bool(one.get("required"))}
        made["state"] = self.form_states.get(name) or ("FILLED" if value is not None else "EMPTY")
        if value is not None:
            made["value"] = as_json(value)
        if name in self.just_collected:
            made["justCollected"] = True
        return made

    def webhook_failed(self, failed):
        self.answer.trace.append((self.flow.name, self.page.name, "webhook.error." + failed.kind))
        handler = self.handler(["webhook.error." + failed.kind, "webhook.error"])
        if handler is None:
            self.answer.wrong.append("nobody handles webhook.error.%s" % failed.kind)
            return False
        return self.call(handler, "event " + handler["event"])

    def webhook_answered(self, response):
        for name, value in ((response.get("sessionInfo") or {}).get("parameters") or {}).items():
            self.set(name, value)
        infos = ((response.get("pageInfo") or {}).get("formInfo") or {}).get("parameterInfo") or []
        for info in infos:
            name = info["displayName"]
            if info.get("state") in ("INVALID", "EMPTY"):
                self.form_states[name] = info["state"]
                self.form.pop(name, None)
                self.params.pop(name, None)
            elif "value" in info:
                self.form[name] = as_struct(info["value"])
                self.params[name] = self.form[name]
        spoken = response.get("fulfillmentResponse") or {}
        if spoken.get("mergeBehavior") == "REPLACE":
            self.answer.messages, self.answer.texts = [], []
        for message in spoken.get("messages") or []:
            self.say(message)
        if response.get("targetPage"):
            self.to_page(self.page_named(response["targetPage"]))
            return True
        if response.get("targetFlow"):
            wanted = response["targetFlow"].rsplit("/", 1)[-1]
            names = [flow.name for flow in self.agent.flows.values() if flow.id == wanted]
            if not names:
                raise ConditionError("the webhook answers with the flow %s, which is not there" % wanted)
            self.to_flow(names[0])
            return True
        return False

    def page_named(self, resource):
        wanted = resource.rsplit("/", 1)[-1]
        symbolic = {"START_PAGE": START, "END_FLOW": "End Flow", "END_SESSION": "End Session"}
        if wanted in symbolic or wanted in FAILED:
            return symbolic.get(wanted, wanted)
        for page in self.flow.pages.values():
            if page.id == wanted:
                return page.name
        raise ConditionError("the webhook answers with the page %s, which is not in %s" % (wanted, self.flow.name))


def put(held, name, value):
    if value is None:
        held.pop(name, None)
    else:
        held[name] = value


def as_struct(value):
    """As `google.protobuf.Struct` keeps it: every number is a double."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        return [as_struct(one) for one in value]
    if isinstance(value, dict):
        return {key: as_struct(one) for key, one in value.items()}
    return float(value)


def as_json(value):
    """A struct as JSON: whole doubles without a fraction."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [as_json(one) for one in value]
    if isinstance(value, dict):
        return {key: as_json(one) for key, one in value.items()}
    return value
