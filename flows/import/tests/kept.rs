//! What a project says is in the flow or is told: words that are in neither are lost.

mod common;

use common::{imported, project};
use flow_import::{Code, Imported};
use flow_model::Flow;
use flow_model::flow::Kind;

/// Imports, and looks for words in the flow and in what is told.
fn kept(files: &[(&str, &str)], kind: &str, words: &[&str]) -> (Imported, Flow) {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    let (made, flow) = imported(&project("kept", &files), kind);
    for word in words {
        let told = made.notes.iter().any(|note| note.what.contains(word));
        assert!(told || made.flow.contains(word), "{word}\n{}\n{:#?}", made.flow, made.notes);
    }
    (made, flow)
}

fn triggers(flow: &Flow) -> Vec<(&str, &str)> {
    flow.triggers.values().map(|trigger| (trigger.when.as_str(), trigger.to.as_str())).collect()
}

const BOT: &str = r#"{"$kind": "Microsoft.AdaptiveDialog", "generator": "b.lg", "triggers": [
    {"$kind": "Microsoft.OnIntent", "intent": "A", "actions": [{"$kind": "Microsoft.BeginDialog", "dialog": "d"}]},
    {"$kind": "Microsoft.OnEventActivity", "condition": "turn.activity.name == 'one'",
        "actions": [{"$kind": "Microsoft.SendActivity", "activity": "Event one"}]},
    {"$kind": "Microsoft.OnEventActivity", "condition": "turn.activity.name == 'two'",
        "actions": [{"$kind": "Microsoft.SendActivity", "activity": "Event two"}]},
    {"$kind": "Microsoft.OnUnknownIntent", "actions": [
        {"$kind": "Odd.Custom", "payload": "LONG"},
        {"$kind": "Microsoft.SendHandoffActivity", "context":
            {"reason": "billing", "name": "=user.name", "level": 5, "vip": true, "odd": "=join(user.list, ',')"}}]}]}"#;

const ASKS: &str = r#"{"$kind": "Microsoft.AdaptiveDialog", "generator": "b.lg", "triggers": [
    {"$kind": "Microsoft.OnBeginDialog", "actions": [
        {"$kind": "Microsoft.TextInput", "property": "user.name", "prompt": "${Ask()}"},
        {"$kind": "Microsoft.ChoiceInput", "property": "user.c", "prompt": "Which?", "choices": [{"value": "RED"}]},
        {"$kind": "Microsoft.ChoiceInput", "property": "user.c", "prompt": "Which?", "choices": [{"value": "BLUE"}]},
        {"$kind": "Microsoft.SendActivity", "activity": "${Card()}"}]},
    {"$kind": "Microsoft.OnIntent", "intent": "Help", "condition": "=user.a == 1",
        "actions": [{"$kind": "Microsoft.SendActivity", "activity": "Help one"}]},
    {"$kind": "Microsoft.OnIntent", "intent": "Help", "condition": "=user.a == 2",
        "actions": [{"$kind": "Microsoft.SendActivity", "activity": "Help two"}]}]}"#;

const SAID: &str =
    "# Ask()\n- Your name?\n- Who are you?\n# Card()\n[Activity\n  Text = Hello\n  Speak = Hi there\n]\n";
const HEARD: &str =
    "# A\n- aaa\n@ regex phone /[0-9]{5}/\n@ intent A usesFeature col\n@ list col =\n- RED :\n  - crimson\n";

#[test]
fn a_composer_bot_keeps_its_words_and_all_its_triggers() {
    let long = "x".repeat(3000);
    let bot = BOT.replace("LONG", &long);
    let files = [
        ("b/b.botproj", "{}"),
        ("b/b.dialog", &bot),
        ("b/dialogs/d.dialog", ASKS),
        ("b/b.en-us.lg", SAID),
        ("b/b.en-us.lu", HEARD),
    ];
    let words =
        ["Who are you?", "Speak: Hi there", "BLUE", "/[0-9]{5}/", "crimson", "@ intent A", "join(user.list", &long];
    let (made, flow) = kept(&files, "composer", &words);
    for text in ["Event one", "Event two", "Help one", "Help two"] {
        let said = |(_, node): &(&String, &flow_model::flow::Node)| matches!(&node.kind, Kind::Message(message) if message.text == text);
        let (card, _) = flow.nodes.iter().find(said).unwrap();
        assert!(triggers(&flow).iter().any(|(_, to)| to == card), "{text}\n{}", made.flow);
    }
    let fields = &flow.contexts["b"].fields;
    for (name, from) in [("reason", "\"billing\""), ("name", "slots.user_name"), ("level", "5"), ("vip", "true")] {
        assert_eq!(fields[name].from, from);
    }
}

#[test]
fn handlers_of_pages_that_are_called_the_same_are_all_heard() {
    let page = |text: &str| {
        format!(
            r#"{{"displayName": "P", "eventHandlers": [{{"event": "custom", "triggerFulfillment": {{"messages":
                [{{"text": {{"text": ["{text}"]}}}}, {{"payload": {{"odd": "a payload of {text}"}}}}]}}}}]}}"#
        )
    };
    let (one, two) = (page("in F"), page("in G"));
    let flow = |name: &str| {
        format!(
            r#"{{"displayName": "{name}", "eventHandlers": [{{"event": "custom", "triggerFulfillment":
                {{"messages": [{{"text": {{"text": ["anywhere in {name}"]}}}}]}}}}], "transitionRoutes": [{{"intent": "i", "targetPage": "P"}}]}}"#
        )
    };
    let (f, g) = (flow("F"), flow("G"));
    let files = [
        ("agent.json", r#"{"startFlow": "F"}"#),
        ("flows/F/F.json", &f),
        ("flows/G/G.json", &g),
        ("flows/F/pages/P.json", &one),
        ("flows/G/pages/P.json", &two),
    ];
    let (made, flow) =
        kept(&files, "dialogflow-cx", &["in F", "in G", "a payload of in F", "a payload of in G", "anywhere in G"]);
    let events = flow.triggers.iter().filter(|(id, _)| id.contains("custom")).map(|(_, trigger)| trigger);
    let within: Vec<String> = events.map(|trigger| trigger.within.join(" ")).collect();
    assert_eq!(within, ["P", "group:F !P", "P_2", "group:G !P_2"].map(str::to_owned), "{}", made.flow);
}

#[test]
fn a_route_of_a_group_that_stays_stays_on_each_page() {
    let files = [
        ("agent.json", r#"{"startFlow": "F"}"#),
        (
            "flows/F/F.json",
            r#"{"displayName": "F", "transitionRoutes": [{"intent": "a", "targetPage": "A"}, {"intent": "b", "targetPage": "B"}]}"#,
        ),
        (
            "flows/F/transitionRouteGroups/g.json",
            r#"{"displayName": "g", "transitionRoutes": [{"intent": "again",
            "targetPage": "Current Page", "triggerFulfillment": {"messages": [{"text": {"text": ["Once more."]}}]}}]}"#,
        ),
        (
            "flows/F/pages/A.json",
            r#"{"displayName": "A", "transitionRouteGroups": ["g"], "entryFulfillment": {"messages": [{"text": {"text": ["I am A"]}}]}}"#,
        ),
        (
            "flows/F/pages/B.json",
            r#"{"displayName": "B", "transitionRouteGroups": ["g"], "entryFulfillment": {"messages": [{"text": {"text": ["I am B"]}}]}}"#,
        ),
    ];
    let (made, flow) = kept(&files, "dialogflow-cx", &[]);
    let again = flow.nodes.values().filter_map(|node| match &node.kind {
        Kind::Message(message) if message.text == "Once more." => message.next.clone(),
        _ => None,
    });
    assert_eq!(again.collect::<Vec<_>>(), ["A", "B"], "{}", made.flow);
}

#[test]
fn what_is_set_twice_is_what_was_set_last() {
    let intent = r#"{"name": "I", "initialResponseSetting": {"nextStep": {"dialogAction": {"type": "EndConversation"},
        "sessionAttributes": {"City": "there"}, "intent": {"slots": {"City": {"value": {"interpretedValue": "Rome"}}}}}}}"#;
    let (made, _) =
        kept(&[("B/Bot.json", "{}"), ("B/BotLocales/en_US/Intents/I/Intent.json", intent)], "amazon-lex", &["Rome"]);
    assert_eq!(made.not_understood(), 0, "{:?}", made.notes);
    let block = r#"{"StartAction": "a", "Actions": [{"Identifier": "a", "Type": "UpdateContactAttributes", "Parameters":
        {"Attributes": {"x": "1", "y": "$.System.Odd"}, "FlowAttributes": {"x": {"Value": "2"}}}, "Transitions": {}}]}"#;
    let (made, _) = kept(&[("f.json", block)], "amazon-connect", &[r#""x": "\"2\"""#, "$.System.Odd"]);
    assert_eq!(made.not_understood(), 1, "{:?}", made.notes);
}

#[test]
fn slots_that_intents_share_are_told() {
    let slot = |kind: &str| format!(r#"{{"name": "City", "slotTypeName": "{kind}", "odd": "kept"}}"#);
    let (one, two) = (slot("AMAZON.City"), slot("MyCars"));
    let files = [
        ("B/Bot.json", "{}"),
        ("B/BotLocales/en_US/Intents/I/Intent.json", r#"{"name": "I"}"#),
        ("B/BotLocales/en_US/Intents/I/Slots/City/Slot.json", &one),
        ("B/BotLocales/en_US/Intents/J/Intent.json", r#"{"name": "J"}"#),
        ("B/BotLocales/en_US/Intents/J/Slots/City/Slot.json", &two),
    ];
    let (made, _) = kept(&files, "amazon-lex", &["MyCars", "I and J each have a slot City"]);
    assert_eq!(made.notes.iter().filter(|note| note.what.contains("odd")).count(), 2, "{:?}", made.notes);
}

const QUEUE: &str = "arn:aws:connect:eu-west-2:1:instance/i/queue/";

#[test]
fn a_transfer_goes_to_its_own_queue_by_the_name_that_people_read() {
    let ids = ["0a0a0a0a-1111-2222-3333-444444444444", "0b0b0b0b-1111-2222-3333-444444444444"];
    let flow = format!(
        r#"{{"StartAction": "q", "Metadata": {{"ActionMetadata": {{"q": {{"queue": {{"text": "General"}}}},
            "c": {{"parameters": {{"QueueId": {{"displayName": "Callbacks"}}}}}}}}}}, "Actions": [
            {{"Identifier": "q", "Type": "UpdateContactTargetQueue", "Parameters": {{"QueueId": "{QUEUE}{}"}}, "Transitions": {{"NextAction": "c"}}}},
            {{"Identifier": "c", "Type": "CreateCallbackContact", "Parameters": {{"QueueId": "{QUEUE}{}", "InitialCallDelaySeconds": "5"}}, "Transitions": {{}}}}]}}"#,
        ids[0], ids[1]
    );
    let (made, flow) = kept(&[("f.json", &flow)], "amazon-connect", &["InitialCallDelaySeconds"]);
    assert_eq!(flow.tiers.keys().collect::<Vec<_>>(), ["General", "Callbacks"], "{}", made.flow);
    let Kind::Handoff(handoff) = &flow.nodes["c"].kind else { unreachable!() };
    assert_eq!((handoff.tier.as_str(), handoff.routes.len()), ("Callbacks", 0));
}

#[test]
fn every_flow_of_a_contact_centre_tells_what_is_not_known_of_it() {
    let flow = |name: &str| {
        format!(
            r#"{{"Name": "{name}", "Content": {{"StartAction": "a", "Actions": [{{"Identifier": "a", "Type": "MessageParticipant",
                "Parameters": {{"Text": "Hi", "Odd": "odd in {name}"}}, "Transitions": {{}}}}]}}}}"#
        )
    };
    let (one, two) = (flow("one"), flow("two"));
    kept(&[("one.json", &one), ("two.json", &two)], "amazon-connect", &["odd in one", "odd in two"]);
}

const MODULES: &str = r#"{"modules": [
  {"id": "m1", "type": "PlayPrompt", "branches": [{"condition": "Success", "transition": "m2"}],
   "parameters": [{"name": "Text", "value": "Welcome", "namespace": null}, {"name": "TextToSpeechType", "value": "text"}], "metadata": {"position": {"x": 10, "y": 20}}},
  {"id": "m2", "type": "GetUserInput", "target": "Digits", "branches": [
     {"condition": "Evaluate", "conditionType": "Equals", "conditionValue": "1", "transition": "m3"},
     {"condition": "Timeout", "transition": "m9"}, {"condition": "NoMatch", "transition": "m9"}, {"condition": "Error", "transition": "m9"}],
   "parameters": [{"name": "Text", "value": "Press 1"}, {"name": "Timeout", "value": "5"}, {"name": "MaxDigits", "value": "1"}]},
  {"id": "m3", "type": "SetAttributes", "branches": [{"condition": "Success", "transition": "m4"}],
   "parameters": [{"name": "Attribute", "value": "vip", "key": "status", "namespace": null}, {"name": "Attribute", "value": "aid", "key": "aid", "namespace": "External"}]},
  {"id": "m4", "type": "CheckAttribute", "branches": [
     {"condition": "Evaluate", "conditionType": "GreaterThan", "conditionValue": "3", "transition": "m5"}, {"condition": "NoMatch", "transition": "m5"}],
   "parameters": [{"name": "Attribute", "value": "tries"}, {"name": "Namespace", "value": "User Defined"}]},
  {"id": "m5", "type": "SetQueue", "branches": [{"condition": "Success", "transition": "m6"}],
   "parameters": [{"name": "Queue", "value": "arn:aws:connect:eu:1:instance/i/queue/0a0a0a0a-1111-2222-3333-444444444444", "resourceName": "General"}]},
  {"id": "m6", "type": "InvokeExternalResource", "branches": [{"condition": "Success", "transition": "m7"}, {"condition": "Error", "transition": "m7"}],
   "parameters": [{"name": "FunctionArn", "value": "arn:aws:lambda:eu:1:function:look_up"}, {"name": "TimeLimit", "value": "3"}, {"name": "Parameter", "key": "who", "value": "me"}]},
  {"id": "m7", "type": "Transfer", "target": "Queue", "branches": [{"condition": "AtCapacity", "transition": "m8"}, {"condition": "Error", "transition": "m9"}], "parameters": []},
  {"id": "m8", "type": "SetMystery", "branches": [{"condition": "Success", "transition": "m9"}], "parameters": [{"name": "Odd", "value": "an odd value"}]},
  {"id": "m9", "type": "Disconnect", "branches": [], "parameters": []}],
 "version": "1", "type": "contactFlow", "start": "m1", "metadata": {"name": "Old flow", "description": "Before", "type": "contactFlow"}}"#;

#[test]
fn flows_of_the_older_console_are_read_as_blocks() {
    let words = ["Welcome", "Press 1", "an odd value", "slots.tries > 3", "slots.aid", "look_up", "who", "Old flow"];
    let (made, flow) = kept(&[("old.json", MODULES)], "amazon-connect", &words);
    assert!(flow.nodes.values().all(|node| !matches!(node.kind, Kind::Todo(_))), "{}", made.flow);
    assert_eq!(flow.tiers.keys().collect::<Vec<_>>(), ["General"]);
    let handoff = flow.nodes.values().find_map(|node| match &node.kind {
        Kind::Handoff(handoff) => Some(handoff),
        _ => None,
    });
    let handoff = handoff.unwrap();
    assert_eq!((handoff.closed.as_deref(), handoff.failed.as_deref()), (Some("m8"), Some("m9")));
    assert_eq!(flow.layout["m1"], (10.0, 20.0));
}

#[test]
fn drawings_keep_their_words() {
    let drawio = r#"<mxfile><diagram><mxGraphModel><root>
      <mxCell id="s" value="The customer opens the chat after hours" style="shape=mxgraph.flowchart.start_1" vertex="1"/>
      <mxCell id="a" value="Hello" vertex="1"/><mxCell id="e" edge="1" source="s" target="a"/>
      <mxCell id="l" value="an orphan" style="edgeLabel" vertex="1" parent="nowhere"/></root></mxGraphModel></diagram></mxfile>"#;
    kept(&[("d.drawio", drawio)], "drawio", &["opens the chat after hours", "an orphan"]);
    let said = drawio.replace("edge=\"1\" source", "edge=\"1\" value=\"once it is open\" source");
    kept(&[("d.drawio", &said)], "drawio", &["opens the chat after hours", "once it is open"]);
    let mermaid =
        "flowchart TD\nS([Start])-->|when open| A[Hi #quot;you#quot; #35;1]\nB[\"one; two\"] --> C; A --> B\n";
    let (made, _) = kept(&[("m.mmd", mermaid)], "mermaid", &["when open", r#"Hi \"you\" #1"#, "one; two"]);
    assert!(made.notes.iter().all(|note| note.code != Code::NotUnderstood), "{:?}", made.notes);
    let states = "stateDiagram-v2\n[*] --> A\nstate Grp {\nA --> B : next\nnote right of A\nlines of a note\nend note\nB --> C\n}\nnote left of C : a short one\n";
    let (made, flow) = kept(&[("s.mmd", states)], "mermaid", &["lines of a note", "a short one"]);
    assert_eq!(flow.nodes["C"].group.as_deref(), Some("Grp"), "{}", made.flow);
    kept(&[("o.csv", "id,text,condition,next\na,Hi,x is 1,\nb,Yo,,a\n")], "csv-outline", &["x is 1"]);
}
