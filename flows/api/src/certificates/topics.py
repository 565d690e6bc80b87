"""Topics as Copilot Studio plays them, from Microsoft's pages (trigger, question, condition, variable, HTTP request, redirect,
escalate; looked up 2026-11-23) and the topics that Microsoft ships. It knows nothing of how an export is made.

- A message begins the topic whose intent was recognised, else the one of `OnUnknownIntent`; while a question waits, it is
  the answer, unless an intent is recognised and the question may be interrupted.
- A topic that cancels others leaves nothing of them; `BeginDialog` comes back when the other topic is over.
- A question with no repetition that no entity answers goes on with its default value.
- `Topic.` variables are those of one run of a topic, `Global.` ones of the conversation.
"""

import powerfx

ACTIONS_AT_MOST = 60_000
DEEPEST = 40


class Restart(Exception):
    """A topic begins that cancels all others."""

    def __init__(self, name):
        super().__init__(name)
        self.name = name


class Over(Exception):
    """The conversation is over for the bot."""


class Wrong(Exception):
    """What the platform would not take."""


def kept(value, kind):
    """A told value as the type of a property, blank where it is of another."""
    name = kind if isinstance(kind, str) else kind["kind"]
    if name == "Record":
        if not isinstance(value, dict):
            return None
        return {key: kept(value.get(key), one) for key, one in kind["properties"].items()}
    if name == "Boolean":
        return value if isinstance(value, bool) else None
    if name == "Number":
        return powerfx.Decimal(str(value)) if isinstance(value, (int, float, powerfx.Decimal)) and not isinstance(value, bool) else None
    return value if isinstance(value, str) else None


class Conversation:
    """One customer. `http(method, url, body, limit)` answers requests: a status and a body."""

    def __init__(self, workspace, http, identity="c"):
        self.workspace, self.http, self.identity = workspace, http, identity
        self.globals = {name: self.default(one) for name, one in workspace.variables.items()}
        self.said, self.transfer, self.ended = [], None, False
        self.running, self.question, self.activity = None, None, {}
        self.count = self.depth = 0
        self.kinds = {}
        for name, topic in workspace.topics.items():
            self.kinds.setdefault(topic["beginDialog"]["kind"], []).append(name)

    @staticmethod
    def default(variable):
        value = variable.get("defaultValue")
        return powerfx.Decimal(str(value)) if isinstance(value, (int, float)) and not isinstance(value, bool) else value

    # What happens.

    def begin(self, told=None):
        self.activity = {"Text": None, "ChannelData": told}
        for name in self.kinds.get("OnConversationStart", ()):
            self.play(name)

    def message(self, text, intent=None, answer=None, told=None):
        """A message. `intent` is the topic that recognises it, `answer` what an entity finds for the question that waits."""
        if self.ended:
            return
        self.activity = {"Text": text, "ChannelData": told}
        if self.question is not None and (intent is None or not self.interruptible()):
            self.go(answer)
        else:
            self.running = self.question = None
            self.play(intent or self.kinds["OnUnknownIntent"][0])

    def interruptible(self):
        return (self.question.get("interruptionPolicy") or {}).get("allowInterruption", True)

    def play(self, name):
        self.running = self.topic(name, 0)
        self.go(None)

    def go(self, answer):
        first = True
        while True:
            try:
                self.question = self.running.send(None if first and self.question is None else answer)
                return
            except StopIteration:
                self.running = self.question = None
                return
            except Restart as restart:
                self.running, self.question, first = self.topic(restart.name, 0), None, True
            except Over:
                self.running = self.question = None
                self.ended = True
                return

    # Topics and actions.

    def topic(self, name, depth):
        topic = self.workspace.topics.get(name)
        if topic is None:
            raise Wrong("no topic %s" % name)
        if depth > DEEPEST:
            raise Wrong("topics begin each other without an end")
        self.depth = max(self.depth, depth)
        yield from self.actions(topic["beginDialog"].get("actions") or [], {}, depth)

    def scopes(self, own):
        system = {"Activity": self.activity, "Conversation": {"Id": self.identity}}
        return {"Global": self.globals, "Topic": own, "System": system, "DateTimeFormat": {"UTC": "UTC"}}

    def value(self, source, own):
        if isinstance(source, str) and source.startswith("="):
            return powerfx.evaluate(powerfx.read(source[1:]), self.scopes(own))
        if isinstance(source, (int, float)) and not isinstance(source, bool):
            return powerfx.Decimal(str(source))
        return source

    def words(self, source, own):
        parts = powerfx.template(source)
        return "".join(one if isinstance(one, str) else powerfx.words(powerfx.evaluate(one, self.scopes(own))) for one in parts)

    def put(self, variable, value, own):
        scope, _, name = variable.removeprefix("init:").partition(".")
        if scope == "Global" and name not in self.globals:
            raise Wrong("no variable %s" % variable)
        (self.globals if scope == "Global" else own)[name] = value

    def actions(self, listed, own, depth):
        for action in listed:
            self.count += 1
            if self.count > ACTIONS_AT_MOST:
                raise Wrong("actions without an end")
            handler = getattr(self, "do_" + action["kind"], None)
            if handler is None:
                raise Wrong("no action %s" % action["kind"])
            yield from handler(action, own, depth) or ()

    def do_SetVariable(self, action, own, depth):
        self.put(action["variable"], self.value(action["value"], own), own)

    def do_SendActivity(self, action, own, depth):
        activity = action["activity"]
        self.said.append(self.words(activity if isinstance(activity, str) else activity["text"][0], own))

    def do_ConditionGroup(self, action, own, depth):
        for item in action["conditions"]:
            if powerfx.truth(self.value(item["condition"], own)):
                return self.actions(item.get("actions") or [], own, depth)
        return self.actions(action.get("elseActions") or [], own, depth)

    def do_BeginDialog(self, action, own, depth):
        name = action["dialog"].removeprefix(self.workspace.schema + ".topic.")
        topic = self.workspace.topics.get(name)
        if topic is not None and "CancelOtherTopics" in topic.get("startBehavior", ""):
            raise Restart(name)
        return self.topic(name, depth + 1)

    def do_Question(self, action, own, depth):
        own_name = action["variable"].removeprefix("init:")
        tries = 0
        while True:
            self.said.append(self.words(action["prompt"], own))
            answer = yield action
            if answer is not None or tries >= action.get("repeatCount", 2):
                break
            tries += 1
        self.put(own_name, self.value(action.get("defaultValue"), own) if answer is None else answer, own)

    def do_ParseValue(self, action, own, depth):
        self.put(action["variable"], kept(self.value(action["value"], own), action["valueType"]), own)

    def do_HttpRequestAction(self, action, own, depth):
        body = self.value((action.get("body") or {}).get("content"), own)
        url = self.value(action["url"], own)
        limit = self.value(action.get("requestTimeoutInMilliseconds", 30_000), own)
        status, answer = self.http(action.get("method", "Get"), url, body, limit)
        if 200 <= status < 300:
            self.put(action["response"], kept(answer, action["responseSchema"]), own)
            return
        handling = action.get("errorHandling") or {}
        if handling.get("kind") != "ContinueOnErrorBehavior":
            raise Over
        self.put(handling["statusCode"], powerfx.Decimal(status), own)
        self.put(handling["errorResponseBody"], None, own)

    def do_TransferConversationV2(self, action, own, depth):
        to = action["transferType"]
        which = to["context"].get("variables", "All")
        context = dict(own) if which == "Topic" else {**self.globals, **own}
        self.transfer = {"context": context, "message": self.words(to["messageToAgent"], own)}
        raise Over

    def do_EndConversation(self, action, own, depth):
        raise Over
