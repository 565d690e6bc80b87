//! Copilot Studio agents.

mod common;

use std::path::Path;

use common::{folder, imported, project, shared};
use flow_import::{Code, Project, import};
use flow_model::flow::Kind;

const PAY: &str = "mcs.metadata:
  componentName: Pay a bill
kind: AdaptiveDialog
beginDialog:
  kind: OnRecognizedIntent
  id: main
  intent:
    displayName: Pay a bill
    triggerQueries:
      - I want to pay
      - pay my bill
  actions:
    - kind: SendActivity
      id: hello
      activity:
        text:
          - Hello {Global.name}, a {bill} of {Text(Topic.amount)}.
          - Hi!
        quickReplies:
          - Yes
    - kind: Question
      id: ask
      variable: init:Topic.amount
      prompt: How much?
      unrecognizedPrompt: A number, please.
      entity: NumberPrebuiltEntity
      alwaysPrompt: true
      repeatCount: 1
    - kind: Question
      id: which
      variable: init:Topic.which
      prompt: Which one?
      entity:
        kind: EmbeddedEntity
        definition:
          kind: ClosedListEntity
          items:
            - id: Card
              displayName: Card
              synonyms: [plastic]
            - id: Loan
              displayName: My loan
    - kind: ConditionGroup
      id: cases
      conditions:
        - id: first
          condition: =Topic.amount > 1000 && !IsBlank(Global.name)
          actions:
            - kind: BeginDialog
              id: up
              dialog: agent.topic.Escalate
        - id: second
          condition: =Topic.which = 'agent.topic.Pay.main.question_which'.Loan
          actions:
            - kind: GotoAction
              id: back
              actionId: ask
        - id: third
          condition: =CountRows(Topic.table) > 2
          actions:
            - kind: EndConversation
              id: over
      elseActions:
        - kind: SetVariable
          id: set_one
          variable: Global.paid
          value: =Topic.amount + 1
        - kind: SetVariable
          id: set_two
          variable: Global.size
          value: =If(Topic.amount > 10, \"big\", \"small\")
    - kind: HttpRequestAction
      id: call
      method: Post
      url: =Concatenate(Env.host, \"/pay\")
      errorHandling:
        kind: ContinueOnErrorBehavior
        statusCode: Topic.status
      requestTimeoutInMilliseconds: 5000
      response: Topic.answer
      responseSchema:
        kind: Record
        properties:
          ok: Boolean
          text:
            type: String
    - kind: NewThing
      id: odd
      speed: 3
";

const ESCALATE: &str = "kind: AdaptiveDialog
beginDialog:
  kind: OnEscalate
  id: main
  intent:
    displayName: Escalate
    triggerQueries:
      - Talk to a person
  actions:
    - kind: TransferConversationV2
      id: transfer
      transferType:
        kind: TransferToAgent
        messageToAgent: \"{Global.name} wants to pay {Topic.gone}\"
        context:
          kind: AutomaticTransferContext
";

const FALLBACK: &str = "kind: AdaptiveDialog
beginDialog:
  kind: OnUnknownIntent
  id: main
  actions:
    - kind: ConditionGroup
      id: often
      conditions:
        - id: one
          condition: =System.FallbackCount < 3
          actions:
            - kind: SendActivity
              id: again
              activity: Again, please?
      elseActions:
        - kind: BeginDialog
          id: up
          dialog: agent.topic.Escalate
";

const ERROR: &str = "kind: AdaptiveDialog\nbeginDialog:\n  kind: OnError\n  id: main\n  actions:\n    - kind: SendActivity\n      id: e\n      activity: Oh no {System.Error.Message}\n";

fn agent(topics: &[(&str, &str)]) -> Project {
    let files: Vec<(&str, &[u8])> = topics.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    project("agent", &files)
}

fn whole() -> Project {
    agent(&[
        ("topics/Pay.mcs.yml", PAY),
        ("topics/Escalate.mcs.yml", ESCALATE),
        ("topics/Fallback.mcs.yml", FALLBACK),
        ("topics/Error.mcs.yml", ERROR),
        ("settings.mcs.yml", "schemaName: agent\nname: My agent\nlanguage: 1031\n"),
        ("variables/name.mcs.yml", "kind: Variable\nname: name\nscope: Conversation\ndefaultValue: Ann\n"),
    ])
}

#[test]
fn topics_become_cards() {
    let (made, flow) = imported(&whole(), "copilot-studio");
    for text in [
        "\"title\": \"My agent\"",
        "\"locale\": \"de-DE\"",
        "I want to pay",
        r#""when": "intent == \"Pay a bill\"""#,
        "Hello {slots.global_name}, a {{bill}} of {slots.Pay_amount}.",
        "\"reprompt\": \"A number, please.\"",
        "\"attempts\": 2",
        r#""values": ["Card", "Loan"]"#,
        "slots.Pay_amount > 1000 && has(slots.global_name)",
        r#"slots.Pay_which == \"Loan\""#,
        "imported.CountRows",
        "slots.Pay_amount + 1",
        r#""call": "POST Concatenate(Env.host, \"/pay\")""#,
        "\"time_limit\": 5",
        r#""Pay_answer_ok": "call.answer_ok""#,
        r#""call": "NewThing""#,
        "slots.global_FallbackCount < 3",
        "slots.global_FallbackCount + 1",
        r#""global_name": "\"Ann\"""#,
        "imported.Error_OnError",
        "Oh no {{System.Error.Message}}",
    ] {
        assert!(made.flow.contains(text), "{text}\n{}", made.flow);
    }
    let told = |code: Code, words: &str| made.notes.iter().any(|note| note.code == code && note.what.contains(words));
    assert!(told(Code::Condition, "CountRows") && told(Code::NotUnderstood, "speed = \"3\""), "{:#?}", made.notes);
    let transfer = flow.nodes.values().filter(|node| matches!(node.kind, Kind::Handoff(_))).count();
    assert!(transfer >= 2, "asked for, and because of the amount\n{}", made.flow);
}

#[test]
fn every_form_of_an_agent_is_recognised() {
    for path in
        ["Escalate.topic.mcs.yml", "cr_agent.topic.Escalate.yml", "botcomponents/cr_agent.topic.Escalate/data", "data"]
    {
        let (made, _) = imported(&agent(&[(path, ESCALATE)]), "copilot-studio");
        assert!(made.flow.contains("Talk to a person"), "{path}\n{}", made.flow);
    }
}

#[test]
fn broken_topics_stay_valid() {
    for actions in [
        "",
        "    - 7\n    - [x]\n",
        "    - kind: BeginDialog\n      id: a\n      dialog: x.topic.T\n    - kind: BeginDialog\n      id: a\n      dialog: gone\n",
        "    - kind: GotoAction\n      id: a\n      actionId: a\n",
        "    - kind: RepeatDialog\n      id: a\n",
        "    - kind: Question\n      id: q\n      variable: 3\n      entity: {definition: {items: [{}, 4]}}\n      repeatCount: -4\n",
        "    - kind: ConditionGroup\n      id: c\n      conditions: [{condition: '=((((', actions: {a: b}}]\n",
        "    - kind: SetVariable\n      id: c\n      variable: 'Global.{}'\n      value: {a: [1]}\n",
        "    - kind: SendActivity\n      id: s\n      activity: '{ {{ }{'\n",
        "    - kind: HttpRequestAction\n      id: h\n      response: Topic.r\n      responseSchema: {kind: Record, properties: {a: {kind: Record, properties: {}}}}\n",
    ] {
        let topic = format!(
            "kind: AdaptiveDialog\nbeginDialog:\n  kind: OnRecognizedIntent\n  id: main\n  intent: {{}}\n  actions:\n{actions}"
        );
        imported(&agent(&[("topics/T.mcs.yml", &topic)]), "copilot-studio");
    }
    let nothing = agent(&[("topics/T.mcs.yml", "kind: AdaptiveDialog\n: }")]);
    assert!(import(&nothing, Some("copilot-studio")).is_err());
}

#[test]
fn our_own_export_is_read_from_its_topics() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/copilot_studio/banking_fee_dispute");
    let (made, flow) = imported(&folder(&golden), "copilot-studio");
    for text in ["Why was I charged a $25 fee?", "Which charge is it?", "I am connecting you with a colleague."] {
        assert!(made.flow.contains(text), "{text}\n{}", made.flow);
    }
    assert!(flow.nodes.values().any(|node| matches!(node.kind, Kind::Handoff(_))), "{}", made.flow);
    assert!(!flow.nodes.values().any(|node| matches!(node.kind, Kind::Todo(_))), "{:#?}", made.notes);
}

#[test]
fn real_topics_are_read_whole() {
    let Some(data) = shared("data/copilot-studio") else { return };
    for below in ["workspace", "solution-export", "topics", "templates"] {
        let (made, _) = imported(&folder(&data.join(below)), "copilot-studio");
        assert!(made.tally.noted * 3 < made.tally.elements + 12, "{below}: {:?}\n{:#?}", made.tally, made.notes);
    }
}
