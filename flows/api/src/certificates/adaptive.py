"""Adaptive dialogs as the runtime of Bot Framework carries them out, as far as exports to Composer use them: written from Microsoft's
pages of triggers, actions and memory and from sdk.schema, and tried against the runtime itself.

- The first trigger that is about an event and whose condition holds takes it: the selector is `FirstSelector`.
- A dialog that is replaced does not go on, one that was begun comes back; an event that is raised is looked at at once.
- `conversation` lasts, `turn` is of one activity, `dialog` of one run of a dialog.
"""

import copy
import re

import expressions

ACTIONS_AT_MOST = 60_000
DEEPEST = 400
PLACED = re.compile(r"\$\{([^}]*)\}")
WORD = re.compile(r"[^.\[\]]+")


class Wrong(Exception):
    """What the runtime would not take."""


class Replaced(Exception):
    """The dialog goes on in another one."""

    def __init__(self, dialog, options):
        super().__init__(dialog)
        self.dialog, self.options = dialog, options


class Bot:
    """A project: its dialogs by their names, and its settings."""

    def __init__(self, files):
        self.dialogs, self.settings = {}, {}
        for path, document in files.items():
            name = path.rpartition("/")[2]
            if name.endswith(".dialog") and not name.endswith(".test.dialog"):
                self.dialogs[name[: -len(".dialog")]] = document
            elif path == "settings/appsettings.json":
                self.settings = document
        self.root = next(path.rpartition(".")[0] for path in files if path.endswith(".botproj"))


class Conversation:
    """One conversation. `http(url, headers, body)` answers requests: a status and a body."""

    def __init__(self, bot, http):
        self.bot, self.http = bot, http
        self.memory, self.requests = {}, []
        self.turn, self.count, self.depth = {}, 0, 0

    def activity(self, activity):
        """Something happens: a message, an event, somebody comes."""
        self.turn, self.count = {"activity": activity, "recognized": {"intent": "None", "score": 1.0, "entities": {}}}, 0
        root = self.bot.dialogs[self.bot.root]
        if root.get("selector", {}).get("$kind") != "Microsoft.FirstSelector":
            raise Wrong("the order of the triggers is not told")
        kinds = {"message": "recognizedIntent", "event": "event", "conversationUpdate": "conversationUpdate"}
        self.taken(kinds[activity["type"]], root, {})

    def taken(self, event, root, own):
        """The first trigger that is about an event takes it."""
        for trigger in sorted(root["triggers"], key=lambda one: one["priority"]):
            kind = trigger["$kind"].removeprefix("Microsoft.")
            about = {"OnConversationUpdateActivity": "conversationUpdate", "OnEventActivity": "event"}.get(kind, trigger.get("event"))
            if about == event and self.is_so(trigger.get("condition", "true"), own):
                self.actions(trigger["actions"], own)
                return

    # Memory.

    def scopes(self, own):
        return {"conversation": self.memory, "turn": self.turn, "dialog": own, "settings": self.bot.settings}

    def is_so(self, source, own):
        return expressions.holds(expressions.read(source.removeprefix("=")), self.scopes(own))

    def value(self, source, own):
        if isinstance(source, str) and source.startswith("="):
            try:
                return expressions.evaluate(expressions.read(source[1:]), self.scopes(own))
            except expressions.Failed as why:
                raise Wrong("%s: %s" % (why, source[:300])) from why
        return source

    def filled(self, source, own):
        return PLACED.sub(lambda found: expressions.words(self.value("=" + found.group(1), own)), source)

    def place(self, source, own):
        """Where a property is: what holds it, and its key."""
        *way, key = WORD.findall(self.filled(source, own))
        holder = self.scopes(own)
        for name in way:
            inner = holder.get(name)
            if not isinstance(inner, dict):
                inner = holder[name] = {}
            holder = inner
        return holder, key

    # Dialogs and actions.

    def dialog(self, name, options):
        self.depth += 1
        if self.depth > DEEPEST:
            raise Wrong("dialogs begin each other without an end")
        while True:
            document = self.bot.dialogs.get(name)
            if document is None:
                raise Wrong("no dialog %s" % name)
            begins = [one for one in document["triggers"] if one["$kind"] == "Microsoft.OnBeginDialog"]
            try:
                for trigger in begins:
                    self.actions(trigger["actions"], dict(options))
                break
            except Replaced as replaced:
                name, options = replaced.dialog, replaced.options
        self.depth -= 1

    def actions(self, listed, own):
        for action in listed:
            self.count += 1
            if self.count > ACTIONS_AT_MOST:
                raise Wrong("actions without an end")
            handler = getattr(self, "do_" + action["$kind"].removeprefix("Microsoft."), None)
            if handler is None:
                raise Wrong("no action %s" % action["$kind"])
            handler(action, own)

    def options(self, action, own):
        return {key: self.value(source, own) for key, source in (action.get("options") or {}).items()}

    def do_SetProperties(self, action, own):
        for one in action["assignments"]:
            value = self.value(one["value"], own)
            holder, key = self.place(one["property"], own)
            holder[key] = value

    def do_DeleteProperties(self, action, own):
        for source in action["properties"]:
            holder, key = self.place(source, own)
            holder.pop(key, None)

    def do_EditArray(self, action, own):
        if action["changeType"] != "push":
            raise Wrong("no change %s" % action["changeType"])
        holder, key = self.place(action["itemsProperty"], own)
        if not isinstance(holder.get(key), list):
            holder[key] = []
        holder[key].append(self.value(action["value"], own))

    def do_IfCondition(self, action, own):
        self.actions(action["actions"] if self.is_so(action["condition"], own) else action.get("elseActions", ()), own)

    def do_BeginDialog(self, action, own):
        self.dialog(action["dialog"], self.options(action, own))

    def do_ReplaceDialog(self, action, own):
        raise Replaced(action["dialog"], self.options(action, own))

    def do_EmitEvent(self, action, own):
        self.taken(action["eventName"], self.bot.dialogs[self.bot.root], own)

    def do_SendActivity(self, action, own):
        """What is said decides nothing."""

    def do_SendHandoffActivity(self, action, own):
        self.requests.append(copy.deepcopy(self.value(action["context"], own)))

    def do_HttpRequest(self, action, own):
        status, content = self.http(self.filled(action["url"], own), action.get("headers") or {}, self.value(action.get("body"), own))
        holder, key = self.place(action["resultProperty"], own)
        holder[key] = {"statusCode": status, "content": content}
