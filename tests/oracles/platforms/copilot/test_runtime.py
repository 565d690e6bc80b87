"""The reader of Power Fx and the interpreter of topics, on formulas whose value Microsoft's pages give and on topics that
Microsoft ships."""

import os
import pathlib
import unittest
from decimal import Decimal

import powerfx
import topics
import workspace
import yaml

SHARED = os.environ.get("HANDOFF_SHARED")


def fx(source, **scopes):
    return powerfx.evaluate(powerfx.read(source), {"Global": scopes, "Topic": {}, "System": {}})


class Formulas(unittest.TestCase):
    def test_blanks(self):
        for source, value in (
            ("IsBlank(Blank())", True), ('IsBlank("")', True), ('"" = Blank()', False), ("Global.x = Blank()", True),
            ("Global.x < 5", True), ("Global.x = 0", False), ('Global.x <> "a"', True), ("If(Global.x, 1, 2)", Decimal(2)),
            ("If(false, 1)", None), ("Global.x.y", None), ("IsBlank(0)", False),
        ):
            self.assertEqual(fx(source, x=None), value, source)

    def test_texts(self):
        for source, value in (
            ('"a" = "A"', False), ('"a" in "BAB"', True), ('"a" exactin "BAB"', False), ('Left("abc", 2)', "ab"),
            ('Right("abc", 0)', ""), ('Mid("abc", 2)', "bc"), ('Find("c", "abc")', Decimal(3)), ('Find("z", "abc")', None),
            ('"say ""hi"""', 'say "hi"'), ('Len("ab") & "!"', "2!"), ('Concatenate("a", Blank(), 1.50)', "a1.5"),
            ('Switch("b", "a", 1, "b", 2)', Decimal(2)), ('Switch("c", "a", 1)', None), ("Char(123)", "{"),
        ):
            self.assertEqual(fx(source), value, source)

    def test_what_binds_first(self):
        for source, value in (
            ("1 + 2 * 3", Decimal(7)), ("!false && false", False), ("true || false && false", True), ('"a" & "b" = "ab"', True),
            ("-2 + 3", Decimal(1)), ("RoundUp(1.1, 0)", Decimal(2)), ("Int(-1.5)", Decimal(-2)), ("0.1 + 0.2 = 0.3", True),
            ("Max(0, Min(1, 5))", Decimal(1)),
        ):
            self.assertEqual(fx(source), value, source)

    def test_what_cannot_be_read(self):
        for source in ("1 +", "(1", "a == b", "If(1)", "Nothing(1)", "1 2", '"a', "{a 1}", "x &&& y", "'a"):
            with self.assertRaises(powerfx.Unreadable, msg=source):
                powerfx.read(source)

    def test_templates(self):
        self.assertEqual(powerfx.template("a {Global.x}!")[1], powerfx.read("Global.x"))
        for text in ("{", "}", "a }", "{a"):
            with self.assertRaises(powerfx.Unreadable, msg=text):
                powerfx.template(text)


TOPICS = {
    "Start": "{kind: OnConversationStart, id: main, actions: [{kind: SendActivity, id: a, activity: Hi}]}",
    "Ask": "{kind: OnRecognizedIntent, id: main, actions: [{kind: Question, id: a, variable: 'init:Topic.n', prompt: How many, "
    "repeatCount: 1, defaultValue: =0, entity: NumberPrebuiltEntity}, {kind: SendActivity, id: b, activity: 'n {Topic.n}'}]}",
    "Fallback": "{kind: OnUnknownIntent, id: main, actions: [{kind: BeginDialog, id: a, dialog: x.topic.Help}, "
    "{kind: SendActivity, id: b, activity: back}]}",
    "Help": "{kind: OnRedirect, id: main, actions: [{kind: SendActivity, id: a, activity: help}]}",
    "Escalate": "{kind: OnEscalate, id: main, actions: [{kind: TransferConversationV2, id: a, transferType: {kind: TransferToAgent, "
    "messageToAgent: now, context: {kind: AutomaticTransferContext, variables: Topic}}}, {kind: SendActivity, id: b, activity: no}]}",
}


class Small:
    """A workspace that is written here."""

    schema = "x"
    variables = {}

    def __init__(self):
        self.topics = {name: {"kind": "AdaptiveDialog", "beginDialog": yaml.safe_load(text)} for name, text in TOPICS.items()}


class Topics(unittest.TestCase):
    def setUp(self):
        self.talk = topics.Conversation(Small(), lambda *_: (200, {}))

    def test_a_question_is_asked_again_and_goes_on(self):
        self.talk.begin()
        self.talk.message("count", "Ask")
        self.talk.message("well")
        self.talk.message("three", answer=Decimal(3))
        self.talk.message("count", "Ask")
        self.talk.message("well")
        self.talk.message("well")
        self.assertEqual(self.talk.said, ["Hi", "How many", "How many", "n 3", "How many", "How many", "n 0"])

    def test_another_topic_comes_back(self):
        self.talk.message("what")
        self.assertEqual(self.talk.said, ["help", "back"])

    def test_an_intent_interrupts_and_a_transfer_ends(self):
        self.talk.message("count", "Ask")
        self.talk.message("a person", "Escalate")
        self.assertEqual((self.talk.said, self.talk.transfer["message"], self.talk.ended), (["How many"], "now", True))

    @unittest.skipUnless(SHARED, "the shared material is not there")
    def test_the_topics_that_microsoft_ships_are_read(self):
        folder = pathlib.Path(SHARED, "platforms", "data", "copilot-studio")
        schema = workspace.Schema(folder / "bot.schema.yaml-authoring.json")
        read = 0
        for path in [*folder.glob("templates/*.yml"), *folder.glob("workspace/topics/*.yml"), *folder.glob("topics/*.yml")]:
            text = path.read_text(encoding="utf-8").replace("_REPLACE", "_x").replace("<AGENT_SCHEMA>", "agent")
            document = workspace.plain(yaml.safe_load(text))
            if document.get("modelDescription", "") is None:
                self.assertNotEqual(schema.faults("AdaptiveDialog", document), [], path)
                continue
            self.assertEqual(schema.faults("AdaptiveDialog", document), [], path)
            read += 1
        self.assertGreater(read, 12)


if __name__ == "__main__":
    unittest.main()
