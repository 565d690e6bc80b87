"""The interpreters on packages whose answers are known, and on agents, bots and flows as vendors' tools export them."""

import glob
import json
import os
import pathlib
import tempfile
import unittest

import connect
import cx
import cx_agent
import cx_language
import lex
import lex_language
from mini import (
    action,
    branches,
    connect_flow,
    cx_agent as write_agent,
    cx_page,
    cx_parameter,
    event,
    hook,
    lex_bot,
    preset,
    response,
    route,
    step,
    text,
)

SHARED = os.environ.get("HANDOFF_SHARED")


class Params:
    """A scope of a few parameters."""

    def __init__(self, **params):
        self.params = params

    def lookup(self, reference):
        return self.params.get(reference.removeprefix("$session.params."))


class CxConditions(unittest.TestCase):
    def holds(self, condition, **params):
        return cx_language.holds(condition, Params(**params))

    def test_the_right_side_has_the_type_of_the_left(self):
        self.assertTrue(self.holds('$session.params.n < "0.8"', n=0.79))
        self.assertFalse(self.holds("$session.params.n < 0.8", n=0.8))
        self.assertTrue(self.holds("$session.params.s < 10", s="09"))  # text: by letters
        self.assertTrue(self.holds("$session.params.b = true", b=True))
        self.assertFalse(self.holds("$session.params.b = true", b=False))

    def test_what_is_not_there_equals_null_alone(self):
        self.assertTrue(self.holds("$session.params.x = null"))
        self.assertFalse(self.holds("$session.params.x < 1"))
        self.assertTrue(self.holds('$session.params.x != "vip"'))
        self.assertFalse(self.holds('$session.params.x = ""'))

    def test_and_with_or_needs_parentheses(self):
        mixed = "$session.params.a = 1 AND $session.params.b = 1 OR $session.params.c = 1"
        with self.assertRaises(cx_language.ConditionError):
            self.holds(mixed, c=1.0)
        self.assertTrue(self.holds(mixed.replace("$session.params.a", "($session.params.a").replace("b = 1", "b = 1)"), c=1.0))

    def test_the_left_side_is_a_reference(self):
        for bad in ("1 = $session.params.a", "= = AND", "$session.params.a = ", "true AND", "$session.params.a"):
            with self.assertRaises(cx_language.ConditionError, msg=bad):
                self.holds(bad)

    def test_functions_and_texts(self):
        scope = Params(turns=2.0, list=["a", "b"], name="Ada")
        self.assertEqual(cx_language.filled("$sys.func.ADD($session.params.turns, 1)", scope), 3.0)
        self.assertTrue(self.holds("$sys.func.COUNT($session.params.list) > 1", list=["a", "b"]))
        self.assertEqual(cx_language.filled("Hello $session.params.name.", scope), "Hello Ada.")
        with self.assertRaises(cx_language.FunctionError):
            cx_language.filled("$sys.func.ADD($session.params.nothing, 1)", scope)
        self.assertTrue(self.holds('$session.params.name : "da"', name="Ada"))
        self.assertFalse(self.holds('$session.params.name : "DA"', name="Ada"))


class CxSessions(unittest.TestCase):
    def session(self, *arguments, webhook=None, **more):
        folder = tempfile.mkdtemp()
        write_agent(folder, *arguments, **more)
        return cx.Session(cx_agent.Agent(folder), webhook or (lambda name, request: {}))

    def test_intents_before_conditions_and_the_page_before_the_flow(self):
        page = cx_page("Fee", routes=[route("a", "P2", condition="true"), route("b", "P1", intent="ask")])
        flow = ([route("c", "P2", intent="ask"), route("d", "Fee", intent="fee")], [], [], [page, cx_page("P1"), cx_page("P2")], {})
        session = self.session({"Main": flow}, ["ask", "fee"])
        session.detect("x", intent="fee")
        self.assertEqual(session.page.name, "P2")  # `true` fires on entering
        session = self.session({"Main": flow}, ["ask", "fee"])
        session.page = session.flow.pages["Fee"]
        session.detect("x", intent="ask")
        self.assertEqual(session.page.name, "P1")

    def test_conditions_of_the_flow_count_on_its_start_page_alone(self):
        flow = ([route("a", "B", condition="$session.params.go = true"), route("b", "A", intent="x")], [event("sys.no-match-default")], [], [cx_page("A"), cx_page("B")], {})
        session = self.session({"Main": flow}, ["x"])
        session.detect("x", intent="x")
        session.detect("y", parameters={"go": True})
        self.assertEqual(session.page.name, "A")
        again = self.session({"Main": flow}, ["x"])
        again.detect("y", parameters={"go": True})
        self.assertEqual(again.page.name, "B")

    def test_groups_of_the_flow_come_before_those_of_the_agent(self):
        flow = ([], [], ["agent", "own"], [cx_page("A"), cx_page("B")], {"own": [route("o", "A", intent="x")]})
        session = self.session({"Main": flow}, ["x"], groups={"agent": [route("g", None, intent="x", flow="Main")]})
        session.detect("x", intent="x")
        self.assertEqual(session.page.name, "A")

    def test_a_form_asks_reprompts_gives_up_and_ends(self):
        reprompts = [event("sys.no-match-1", messages=[text("once more")]), event("sys.no-match-default", "Gone")]
        form = [cx_parameter("id", "@charge", "Which?", reprompts)]
        page = cx_page("Ask", form=form, routes=[route("f", "Done", condition='$page.params.status = "FINAL"')])
        flow = ([route("r", "Ask", intent="fee")], [], [], [page, cx_page("Done"), cx_page("Gone")], {})
        make = lambda: self.session({"Main": flow}, ["fee"], entities={"charge": ("KIND_REGEXP", [("TX[0-9]+", [])])})
        session = make()
        self.assertEqual(session.detect("x", intent="fee").texts, ["Which?"])
        self.assertEqual(session.detect("hm").texts, ["once more"])
        session.detect("TX1", annotations={"@charge": "TX1"})
        self.assertEqual((session.page.name, session.params["id"]), ("Done", "TX1"))
        session = make()
        for line in ("x", "hm", "hm"):
            session.detect(line, intent="fee" if line == "x" else None)
        self.assertEqual(session.page.name, "Gone")

    def test_presets_come_before_the_webhook_and_its_failure_is_an_event(self):
        seen = []

        def webhook(name, request):
            seen.append(request)
            if len(seen) == 2:
                raise cx.WebhookFailed("timeout")
            return {"sessionInfo": {"parameters": {"port": "ok", "turns": None}}}

        entry = {"setParameterActions": [preset("turns", "$sys.func.ADD(1, 1)")], "webhook": "policy", "tag": "turn"}
        page = cx_page("Call", entry, routes=[route("p", "Good", condition='$session.params.port = "ok"')], events=[event("webhook.error", "Bad")])
        flow = ([route("r", "Call", intent="x")], [], [], [page, cx_page("Good"), cx_page("Bad")], {})
        session = self.session({"Main": flow}, ["x"], webhook=webhook)
        session.detect("hello", intent="x", confidence=0.62, sentiment={"score": -0.5, "magnitude": 1.0})
        self.assertEqual((session.page.name, session.params), ("Good", {"port": "ok"}))
        request = seen[0]
        self.assertEqual(request["fulfillmentInfo"], {"tag": "turn"})
        self.assertEqual((request["text"], request["sessionInfo"]["parameters"]), ("hello", {"turns": 2}))
        self.assertEqual(request["intentInfo"]["confidence"], 0.62)
        self.assertEqual(request["sentimentAnalysisResult"]["score"], -0.5)
        again = self.session({"Main": flow}, ["x"], webhook=webhook)
        again.detect("hello", intent="x")
        self.assertEqual(again.page.name, "Bad")

    def test_an_escalation_ends_the_session_or_tells_the_caller(self):
        away = [route("e", "END_FLOW_WITH_HUMAN_ESCALATION", intent="x", messages=[{"liveAgentHandoff": {"metadata": {"tier": "$session.params.tier"}}}])]
        session = self.session({"Main": (away, [], [], [], {})}, ["x"])
        answer = session.detect("x", intent="x", parameters={"tier": "vip"})
        self.assertEqual((session.ended, answer.handoffs), ("escalated", [{"tier": "vip"}]))
        outer = ([route("s", None, intent="y", flow="Sub")], [event("flow.failed.human-escalation", "Told")], [], [cx_page("Told")], {})
        session = self.session({"Main": outer, "Sub": (away, [], [], [], {})}, ["x", "y"])
        session.detect("y", intent="y")
        session.detect("x", intent="x")
        self.assertEqual((session.ended, session.flow.name, session.page.name), (None, "Main", "Told"))

    def test_a_reference_that_leads_nowhere_is_refused(self):
        for broken in (route("r", "Nowhere", intent="x"), route("r", "A", intent="y"), route("r", None, condition="true", flow="Z")):
            with self.assertRaises(cx_agent.BrokenAgent):
                self.session({"Main": ([broken], [], [], [cx_page("A")], {})}, ["x"])


class Slots:
    def __init__(self, **held):
        self.held = held

    def attribute(self, kind, name):
        return self.held.get(name.strip("[]{}"))


class LexExpressions(unittest.TestCase):
    def holds(self, expression, **held):
        return lex_language.holds(expression, Slots(**held))

    def test_what_is_not_set_is_not_evaluated(self):
        self.assertFalse(self.holds('[x] != "a"'))
        self.assertFalse(self.holds('NOT ([x] = "a")'))
        self.assertFalse(self.holds('[x] = "a" OR fn.IS_SET([y])', y="1"))
        self.assertTrue(self.holds('(!fn.IS_SET([x]) OR [x] = "") AND (!fn.IS_SET([y]) OR [y] != "true")'))
        self.assertTrue(self.holds('fn.IS_SET([y]) AND [y] = "1"', y="1"))

    def test_case_does_not_count_and_numbers_are_numbers(self):
        self.assertTrue(self.holds('{tier} = "VIP"', tier="vip"))
        self.assertTrue(self.holds("{n} < 10", n="9"))
        self.assertFalse(self.holds("{n} > 7", n="7"))
        self.assertTrue(self.holds("{n} >= 7", n="7"))

    def test_the_right_side_is_a_constant(self):
        for bad in ("[a] = [b]", "[a] + 1 = 2", '"a" = [a]', "[a]", "fn.SQRT([a]) = 1", "[a] =", '([a] = "1"', "x" * 1025):
            with self.assertRaises(lex_language.ExpressionError, msg=bad):
                self.holds(bad)


class LexSessions(unittest.TestCase):
    def bot(self, intents, types=None):
        folder = tempfile.mkdtemp()
        lex_bot(folder, intents, types)
        return lex.Bot(folder)

    def ladder(self):
        setting = {"nextStep": step("EvaluateConditional")}
        setting["conditional"] = branches(
            step("StartIntent", intent="Human"),
            ("First", '!fn.IS_SET([miss]) OR [miss] = "0"', step("ElicitIntent", attributes={"miss": "1"}), "Again?"),
            ("Second", '[miss] = "1"', step("ElicitIntent", attributes={"miss": "2"}), "Sorry?"),
        )
        human = {"initialResponse": response("A colleague comes."), "nextStep": step("EndConversation", attributes={"handoff": "true"})}
        return {"FallbackIntent": (setting, {}), "Human": (human, {})}

    def test_a_ladder_of_misses_ends_with_a_person(self):
        session = lex.Session(self.bot(self.ladder()))
        self.assertEqual(session.recognize("?").messages, ["Again?"])
        self.assertEqual(session.recognize("??").messages, ["Sorry?"])
        session.recognize("???")
        self.assertEqual((session.ended, session.attributes["handoff"], session.intent["name"]), (True, "true", "Human"))

    def test_a_slot_is_asked_for_as_often_as_said(self):
        types = {"Charge": ("TOP_RESOLUTION", [("TX1", ["one"])])}
        capture = {"captureNextStep": step("EndConversation"), "failureNextStep": step("StartIntent", intent="FallbackIntent")}
        intents = {**self.ladder(), "Fee": ({"nextStep": step("ElicitSlot", slot="id")}, {"id": ("Charge", "Which?", 1, capture)})}
        session = lex.Session(self.bot(intents, types))
        self.assertEqual(session.recognize("x", intent="Fee", confidence=0.9).messages, ["Which?"])
        self.assertEqual(session.recognize("hm").messages, ["Which?"])
        self.assertEqual(session.recognize("hm").intent["name"], "FallbackIntent")
        session = lex.Session(self.bot(intents, types))
        session.recognize("x", intent="Fee", confidence=0.9)
        session.recognize("one", slots={"Charge": "ONE"})
        self.assertEqual((session.ended, session.slot_part("id"), session.slot_part("id.original")), (True, "TX1", "ONE"))
        session = lex.Session(self.bot(intents, types))
        session.recognize("x", intent="Fee", confidence=0.9)
        self.assertEqual(session.recognize("a person", intent="Human", confidence=0.9).intent["name"], "Human")

    def test_a_code_hook_decides_and_its_failures_have_their_own_path(self):
        good, bad = step("EndConversation", attributes={"path": "good"}), step("EndConversation", attributes={"path": "bad"})
        late = step("EndConversation", attributes={"path": "late"})
        setting = {"nextStep": step("InvokeDialogCodeHook"), "codeHook": hook("fee", good, bad, late)}
        intents = {**self.ladder(), "Fee": (setting, {})}
        seen = []

        def answering(kind, state="InProgress"):
            def function(given):
                seen.append(given)
                intent = {**given["sessionState"]["intent"], "state": state}
                return {"sessionState": {"dialogAction": {"type": kind}, "intent": intent, "sessionAttributes": {"x": "1"}}}

            return function

        def failing(timeout):
            def function(given):
                raise lex.LambdaFailed("broke", timeout)

            return function

        for function, path in (
            (answering("Delegate"), "good"),
            (answering("Delegate", "Failed"), "bad"),
            (failing(False), "bad"),
            (failing(True), "late"),
            (answering("Close", "Failed"), None),
        ):
            session = lex.Session(self.bot(intents), function)
            session.recognize("why", intent="Fee", confidence=0.62)
            self.assertEqual((session.attributes.get("path"), session.ended), (path, True))
        self.assertEqual(seen[0]["invocationLabel"], "fee")
        self.assertEqual(seen[0]["interpretations"][0]["nluConfidence"], 0.62)
        self.assertEqual((seen[0]["invocationSource"], seen[0]["inputTranscript"]), ("DialogCodeHook", "why"))

    def test_a_bot_that_could_not_be_imported_is_refused(self):
        five = branches(step("EndConversation"), *[("B%d" % at, "fn.IS_SET([a])", step("EndConversation"), None) for at in range(5)])
        for setting in (
            {"nextStep": step("EvaluateConditional"), "conditional": five},
            {"nextStep": step("StartIntent", intent="Nobody")},
            {"nextStep": step("ElicitSlot", slot="none")},
            {"nextStep": step("EndConversation", attributes={"a": 1})},
            {"conditional": branches(step("EndConversation"), ("A", "[a] = [b]", step("EndConversation"), None))},
        ):
            with self.assertRaises(lex.BrokenBot):
                self.bot({**self.ladder(), "Bad": (setting, {})})


class ConnectContacts(unittest.TestCase):
    def flow(self):
        return connect.Flow(
            "main",
            connect_flow(
                action("queue", "UpdateContactTargetQueue", {"QueueId": "${QueueArn_tier1}"}, "hours", errors=[("NoMatchingError", "bye")]),
                action("hours", "CheckHoursOfOperation", {}, "bye", [("Equals", "True", "lex"), ("Equals", "False", "bye")], [("NoMatchingError", "bye")]),
                action("lex", "ConnectParticipantWithLexBot", {"Text": "Hi", "LexV2Bot": {"AliasArn": "bot"}}, "bye", [("Equals", "Human", "tier")], [("NoMatchingCondition", "bye"), ("NoMatchingError", "bye")]),
                action("tier", "Compare", {"ComparisonValue": "$.Lex.SessionAttributes.tier"}, None, [("Equals", "vip", "vip")], [("NoMatchingCondition", "put")]),
                action("vip", "UpdateContactTargetQueue", {"QueueId": "${QueueArn_vip}"}, "put", errors=[("NoMatchingError", "bye")]),
                action("put", "UpdateContactAttributes", {"Attributes": {"why": "$.Lex.SessionAttributes.why", "both": "for $.Queue.Name"}}, "go", errors=[("NoMatchingError", "bye")]),
                action("go", "TransferContactToQueue", {}, "bye", errors=[("QueueAtCapacity", "bye"), ("NoMatchingError", "bye")]),
                action("bye", "DisconnectParticipant"),
            ),
        )

    def play(self, answers):
        contact, asked = connect.Contact({}), []
        run = contact.run(self.flow())
        try:
            question = next(run)
            while True:
                asked.append(question[:2])
                question = run.send(answers.get(question[0]))
        except StopIteration as ended:
            return contact, ended.value, asked

    def lex(self, intent, **attributes):
        return {"intent": intent, "attributes": attributes}

    def test_hours_then_bot_then_queue(self):
        contact, how, asked = self.play({"hours": True, "lex": self.lex("Human", tier="vip", why="low"), "queue": "queued"})
        self.assertEqual((how, contact.queue), ("queued", "${QueueArn_vip}"))
        self.assertEqual(contact.data["Attributes"], {"why": "low", "both": "for ${QueueArn_vip}"})

    def test_case_counts_and_nothing_equals_nothing(self):
        for attributes in ({"tier": "VIP"}, {}):
            contact, _, _ = self.play({"hours": True, "lex": self.lex("Human", **attributes), "queue": "queued"})
            self.assertEqual(contact.queue, "${QueueArn_tier1}")

    def test_errors_have_their_branch(self):
        self.assertEqual(self.play({"hours": False})[1], "DisconnectParticipant")
        self.assertEqual(self.play({})[1], "DisconnectParticipant")
        self.assertEqual(self.play({"hours": True, "lex": self.lex("Other")})[1], "DisconnectParticipant")
        full = {"hours": True, "lex": self.lex("Human"), "queue": "QueueAtCapacity"}
        self.assertEqual(self.play(full)[1], "DisconnectParticipant")

    def test_a_target_that_is_not_there_is_refused(self):
        with self.assertRaises(connect.BrokenFlow):
            connect.Flow("bad", connect_flow(action("a", "MessageParticipant", {"Text": "x"}, "b")))

    def test_a_flow_that_is_too_large_is_refused(self):
        many = [action("a%d" % at, "MessageParticipant", {"Text": "x"}, "end") for at in range(250)]
        with self.assertRaises(connect.BrokenFlow):
            connect.Flow("many", connect_flow(*many, action("end", "DisconnectParticipant")))
        with self.assertRaises(connect.BrokenFlow):
            connect.Flow("long", connect_flow(action("a" * 51, "DisconnectParticipant")))

    def test_a_transfer_keeps_the_contact_and_forgets_what_was_answered(self):
        first = connect_flow(
            action("ask", "InvokeLambdaFunction", {"LambdaFunctionARN": "f"}, "note", errors=[("NoMatchingError", "end")]),
            action("note", "UpdateContactAttributes", {"Attributes": {"kept": "$.External.a", "next": "second"}}, "queue", errors=[("NoMatchingError", "end")]),
            action("queue", "UpdateContactTargetQueue", {"QueueId": "q"}, "go", errors=[("NoMatchingError", "end")]),
            action("go", "TransferToFlow", {"ContactFlowId": "$.Attributes.next"}, "end", errors=[("NoMatchingError", "end")]),
            action("end", "DisconnectParticipant"),
        )
        second = connect_flow(action("say", "MessageParticipant", {"Text": "$.Attributes.kept and $.External.a."}, "end"), action("end", "DisconnectParticipant"))
        flows = {"first": connect.Flow("first", first), "second": connect.Flow("second", second)}
        contact = connect.Contact(flows)
        run = contact.run(flows["first"])
        self.assertEqual(next(run)[0], "lambda")
        with self.assertRaises(StopIteration):
            run.send({"a": "b"})
        self.assertEqual((contact.said, contact.queue), (["b and ."], "q"))


@unittest.skipUnless(SHARED, "the samples stand beside the checkout")
class Samples(unittest.TestCase):
    """Nobody wrote these for the interpreters."""

    def test_agents_are_read_and_every_condition_parses(self):
        seen = conditions = 0
        for folder in sorted(glob.glob(SHARED + "/platforms/data/cx-agents/*")):
            agent = cx_agent.Agent(folder)
            session, heard = cx.Session(agent, lambda name, request: {}), 0
            for intent in agent.intents:
                heard += not session.ended
                session.detect("x", intent=intent, confidence=0.9)
            seen += 1
            for file in pathlib.Path(folder).rglob("*.json"):
                for condition in conditions_in(json.loads(file.read_text(encoding="utf-8"))):
                    cx_language.parse(condition)
                    conditions += 1
        self.assertGreaterEqual(seen, 4)
        self.assertGreater(conditions, 200)

    def test_bots_are_read_and_the_ladder_of_the_reminder_climbs(self):
        bots = [lex.Bot(folder) for folder in sorted(glob.glob(SHARED + "/platforms/data/lex-bots/*"))]
        self.assertGreaterEqual(len(bots), 5)
        reminder = next(bot for bot in bots if bot.about["name"] == "ReminderBot")
        session, counts = lex.Session(reminder, lambda given: None), []
        for _ in range(3):
            session.recognize("?")
            counts.append(session.attributes.get("fallback-count"))
        self.assertEqual(counts, ["1", "2", "3"])

    def test_flows_run_to_an_end(self):
        flows = connect.read_flows(SHARED + "/platforms/data/connect-flows")
        answers = {"lex": {"intent": "Sales"}, "lambda": {}, "hours": True, "metric": 2, "metrics": {}, "queue": "queued", "input": "1"}
        for name, flow in flows.items():
            run = connect.Contact(flows).run(flow)
            with self.assertRaises(StopIteration, msg=name):
                question = next(run)
                while True:
                    question = run.send(answers.get(question[0]))
        self.assertGreaterEqual(len(flows), 20)


def conditions_in(value):
    if isinstance(value, dict):
        for key, one in value.items():
            if key == "condition" and isinstance(one, str) and one:
                yield one
            yield from conditions_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from conditions_in(one)


if __name__ == "__main__":
    unittest.main()
