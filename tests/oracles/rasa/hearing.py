"""Conversations as Rasa hears them, what must be the same in the end, and what Rasa cannot hear.

A channel tells Rasa what the customer says, with its signals and the news of the queues as metadata. A connector tells it
what people and the contact centre did: at once that a person accepted where the bot goes on, and the rest when it hands
the conversation back (README of the export). Rasa has no clock, says nothing while it is paused, and acts only on
messages: an event that it cannot be told of in time is noted with its place, so that the conversation can be held against
the studio up to there and what comes after it against the losses that the export declares.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
from datetime import datetime, timezone

# At the end of the path: Rasa's own modules come first.
sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "platforms" / "alike"))
from events import plain, read_lines, requests_of, wanted_of  # noqa: E402

HAND_BACKS = ("resumed", "resolved", "escalated")
OVER = ("end", "error")
# What a loss means, by what it was that Rasa could not be told in time.
DECLARES = {
    "silence": ("of silence",),
    "words in the queue": ("while waiting",),
    "news of the queue": ("overflow while waiting", "closes while"),
    "before the first words": ("before the customer speaks",),
    "after the last words": ("hands back", "the wait ends", "closes while", "overflow while", "of silence", "requests to"),
}


class Unsaid(Exception):
    """A turn that the channel cannot say; the words say why."""


def is_event(turn):
    """What happens, without the lines of the bot and of people."""
    if turn.get("who") in ("bot", "agent"):
        return False
    known = any(key in turn for key in ("queue", "clock", "handoff", "agent", "action"))
    return turn.get("who") == "user" or turn.get("customer") == "left" or known


def moment_of(text):
    """A conversation's start in seconds since 1970, or None."""
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except (AttributeError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return int(moment.timestamp())


def seconds_of(value):
    """What a clock says; anything but a number is nothing."""
    return 0 if isinstance(value, bool) or not isinstance(value, (int, float)) else value


class Telling:
    """One conversation told to Rasa through `chat`, which has `say(turn, metadata)` (gives the bot's custom messages),
    `post(events)` for the tracker, and `state()` (whether it is paused, and where the flow stands)."""

    def __init__(self, chat, conversation):
        self.chat = chat
        self.events = plain(conversation["turns"])
        self.customer = plain(conversation.get("customer") or {})
        self.now = moment_of(conversation.get("start"))
        self.back, self.queue = [], {}
        self.requests, self.envelopes, self.unheard = [], {}, []
        self.paused, self.flow_state, self.left, self.said = False, None, False, 0
        for index, event in enumerate(self.events):
            if self.left or self.over() or (self.said and self.anew()):
                break
            if index not in self.used():
                self.take(index, event)
        if self.back and not self.over():
            self.miss(self.back[0]["n"], "after the last words")

    def over(self):
        return self.flow_state is not None and self.flow_state["where"] in OVER

    def anew(self):
        """Whether the flow ended while people had the conversation: the next message then began it anew."""
        return self.flow_state["turn"] < self.said

    def used(self):
        return (self.flow_state or {}).get("tape") or ()

    def miss(self, index, what):
        """Notes it at the first event that Rasa does not know of by then."""
        self.unheard.append((min([index] + [event["n"] for event in self.back]), what))

    def take(self, index, event):
        if event.get("who") == "user":
            self.turn(index, event)
        elif event.get("customer") == "left":
            self.left = True
        elif "action" not in event:
            self.meanwhile(index, event)

    def request(self):
        """The request that people have or will have, as the connector knows it."""
        request = (self.flow_state or {}).get("request")
        return request and {**self.envelopes.get(request["ordinal"], {}), **request}

    def meanwhile(self, index, event):
        told = {**event, "n": index, "now": self.now}
        if "clock" in event and self.now is not None:
            self.now += seconds_of(event["clock"])
        if self.flow_state is None:
            if "queue" not in event or self.contradicts(event):
                self.miss(index, "before the first words")
            if "queue" in event:
                self.news(told)
            return
        if not self.paused and not self.request():
            if "clock" in event:
                self.miss(index, "silence")
            elif "queue" in event:
                self.news(told)
            return
        self.back.append(told)
        if event.get("agent") == "accepted" and not self.paused:
            self.chat.post([{"event": "pause"}])
            self.paused = True

    def news(self, event):
        """The next message tells what a queue said last."""
        tier = self.queue.setdefault(event["queue"], {})
        tier.update({key: value for key, value in event.items() if key not in ("queue", "now", "t")})

    def contradicts(self, event):
        """Whether the next message cannot tell both this and what the queue said before."""
        known = self.queue.get(event["queue"], {})
        return any(key in known and known[key] != value for key, value in event.items() if key not in ("queue", "t"))

    def ends(self):
        """Whether a connector hands back: a person or the contact centre did, the queue closed, or the wait is over."""
        request = self.request() or {}
        accepted, limit = request.get("accepted"), request.get("max_wait")
        waited = float((self.flow_state.get("waited") or {}).get("$number") or 0)
        for event in self.back:
            accepted = accepted or event.get("agent") == "accepted"
            waited += seconds_of(event.get("clock", 0))
            if event.get("agent") in HAND_BACKS or event.get("handoff") == "failed":
                return True
            closed = event.get("queue") == request.get("tier") and event.get("open") is False
            if not accepted and (closed or (limit is not None and waited > limit)):
                return True
        return False

    def turn(self, index, turn):
        metadata = {key: turn[key] for key in ("sentiment", "frustration", "channel", "signals", "nlu") if turn.get(key) is not None}
        metadata.update(now=self.now, tape=self.events, n=index)
        if self.flow_state is None:
            metadata["customer"] = self.customer
        if self.paused and not self.ends():
            for event in self.back:
                if "queue" in event:
                    self.miss(event["n"], "news of the queue")
            self.miss(index, "words in the queue")
        elif self.back:
            self.chat.post(
                [{"event": "slot", "name": "handed_back", "value": self.back}, {"event": "resume"}, {"event": "action", "name": "action_listen"}]
            )
            self.back = []
        if self.queue:
            metadata["queue"], self.queue = self.queue, {}
        for custom in self.chat.say(turn, metadata):
            if custom.get("type") == "handoff" and custom.get("node") is not None:
                self.requests.append(custom)
                self.envelopes[custom["ordinal"]] = custom
        self.said += 1
        self.paused, self.flow_state = self.chat.state()


def difference(told, wanted):
    """What Rasa did otherwise than the studio, or None."""
    got, want = requests_of(told.requests), wanted_of(wanted)
    if told.anew() and wanted["at"] is None and got[: len(want)] == want:
        return None
    if got != want:
        return "requests: the studio has %s, Rasa %s" % (json.dumps(want), json.dumps(got))
    state = told.flow_state
    if state["path"] != wanted["path"]:
        return "path: the studio has %s, Rasa %s" % (wanted["path"], state["path"])
    if told.left:
        return None
    at = None
    if state["where"] not in OVER:
        at = "/".join(frame["node"] for frame in state["frames"])
    return None if at == wanted["at"] else "place: the studio waits at %s, Rasa at %s" % (wanted["at"], at)


def declared(told, wanted, losses):
    """The loss that says what Rasa cannot hear of this conversation."""
    on_the_way = {entry.rpartition("/")[2] for entry in wanted["path"]}
    phrases = {phrase for _, what in told.unheard for phrase in DECLARES[what]}
    for loss in losses:
        here = "node" not in loss or loss["node"].rpartition("/")[2] in on_the_way
        if here and any(phrase in loss["meant"] for phrase in phrases):
            return loss
    return None


def replay(handoff, flow, conversations):
    """What the studio does with each conversation, by its id."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "cases.conversations.jsonl")
        file.write_text("".join(json.dumps(plain(one), ensure_ascii=False) + "\n" for one in conversations), encoding="utf-8")
        done = subprocess.run(
            [str(handoff), "replay", str(flow), str(file), "--no-fill", "--each", "--json"], capture_output=True, text=True, check=False
        )
    if done.returncode not in (0, 1):
        raise SystemExit("handoff replay ended with %d:\n%s" % (done.returncode, done.stderr))
    return {line["id"]: line for line in map(json.loads, done.stdout.splitlines())}


def events_only(conversation):
    """As it is replayed and told: nothing but what happens."""
    kept = {key: conversation[key] for key in ("id", "start", "customer") if key in conversation}
    return {**kept, "turns": [turn for turn in conversation["turns"] if isinstance(turn, dict) and is_event(turn)]}


class Comparison:
    """Conversations of one flow held against the studio."""

    def __init__(self, handoff, flow, losses, totals):
        self.handoff, self.flow, self.losses, self.totals = handoff, flow, losses, totals
        self.failed = []

    def run(self, conversations, start, stop=lambda: False):
        """`start(ordinal)` gives a new chat. Ends early where `stop()` says so."""
        cases = [events_only(one) for one in conversations]
        cut = self.part(cases, start, stop, 0)
        if cut:
            self.part(cut, start, lambda: False, len(cases))
        self.failed.sort(key=lambda one: len(one[1]["turns"]))
        return self.failed

    def part(self, cases, start, stop, first):
        """Gives the conversations that were not heard whole, cut where Rasa stopped hearing."""
        expected, cut = replay(self.handoff, self.flow, cases), []
        for ordinal, case in enumerate(cases, first):
            wanted = expected.get(case["id"])
            if stop():
                break
            if wanted is None or not any(turn.get("who") == "user" for turn in case["turns"]):
                self.totals["without a word of the customer"] += 1
                continue
            try:
                told = Telling(start(ordinal), case)
            except Unsaid as why:
                self.totals["not said: %s" % why] += 1
                continue
            if told.said == 0:
                self.totals["without a word of the customer"] += 1
                continue
            why = difference(told, wanted)
            if why is None:
                self.totals["alike" if first == 0 else "alike up to what Rasa cannot hear"] += 1
            elif first == 0 and told.unheard and declared(told, wanted, self.losses):
                self.totals["otherwise as declared"] += 1
                for _, what in {(0, what) for _, what in told.unheard}:
                    self.totals["unheard: %s" % what] += 1
                until = min(index for index, _ in told.unheard)
                cut.append({**case, "id": "%s~%d" % (case["id"], until), "turns": case["turns"][:until]})
            else:
                self.totals["different"] += 1
                self.failed.append((why, case, told.unheard))
        return cut
