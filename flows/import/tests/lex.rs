//! Bots of Amazon Lex in the form of V1, and agents that are not imported.

mod common;

use common::{imported, project};
use flow_import::{Code, import};
use flow_model::flow::Kind;

const BOT: &str = r#"{"metadata": {"schemaVersion": "1.0", "importType": "LEX", "importFormat": "JSON"}, "resource": {
 "name": "Support", "version": "1", "locale": "en-US", "voiceId": "Joanna", "childDirected": false,
 "abortStatement": {"messages": [{"contentType": "PlainText", "content": "Sorry, goodbye."}]},
 "clarificationPrompt": {"messages": [{"contentType": "PlainText", "content": "Say that again?"}], "maxAttempts": 2},
 "slotTypes": [{"name": "Topic", "version": "1", "enumerationValues": [{"value": "card", "synonyms": ["visa"]}]}],
 "intents": [
  {"name": "OpenCase", "version": "3", "sampleUtterances": ["I have a problem"],
   "fulfillmentActivity": {"type": "CodeHook", "codeHook": {"uri": "arn:x", "messageVersion": "1.0"}},
   "slots": [
    {"name": "details", "slotType": "AMAZON.NUMBER", "slotConstraint": "Required", "priority": 2, "sampleUtterances": [],
     "valueElicitationPrompt": {"maxAttempts": 3, "messages": [
      {"contentType": "PlainText", "content": "How often?", "groupNumber": 1}, {"contentType": "PlainText", "content": "How many times?", "groupNumber": 1}]}},
    {"name": "topic", "slotType": "Topic", "slotConstraint": "Required", "priority": 1, "sampleUtterances": ["about {topic}"],
     "valueElicitationPrompt": {"maxAttempts": 1, "messages": [{"contentType": "PlainText", "content": "What about?"}], "responseCard": "{}"}}],
   "confirmationPrompt": {"maxAttempts": 3, "messages": [{"contentType": "PlainText", "content": "Open a case about {topic}?"}]},
   "rejectionStatement": {"messages": [{"contentType": "PlainText", "content": "Have a nice day."}]},
   "conclusionStatement": {"messages": [{"contentType": "PlainText", "content": "It is open."}]}},
  {"name": "Thanks", "version": "1", "sampleUtterances": ["thanks"], "fulfillmentActivity": {"type": "ReturnIntent"}, "slots": []}]}}"#;

#[test]
fn a_bot_of_the_first_version_is_read_as_one_of_the_second() {
    let (made, flow) = imported(&project("Support_Export", &[("Support_Export.json", BOT.as_bytes())]), "amazon-lex");
    let asks: Vec<(&str, &str, Option<&str>)> = flow
        .nodes
        .values()
        .filter_map(|node| match &node.kind {
            Kind::Ask(ask) => Some((ask.slot.as_str(), ask.prompt.as_str(), ask.filled.as_deref())),
            _ => None,
        })
        .collect();
    let ask = |slot: &str| asks.iter().find(|(known, ..)| *known == slot).copied();
    assert_eq!(ask("topic"), Some(("topic", "What about?", Some("ask_details"))), "{}", made.flow);
    assert!(
        ask("details").is_some_and(|(_, prompt, next)| prompt == "How often?" && next == Some("OpenCase_confirms"))
    );
    for text in [
        "I have a problem",
        "Or: How many times?",
        "card: visa",
        "\"attempts\": 3",
        "Open a case about {slots.topic}?",
        "Have a nice day.",
        "It is open.",
        "Sorry, goodbye.",
        "Say that again?",
        "\"kind\": \"action\"",
        r#""assign": { "OpenCase_confirmed": null }"#,
        "AMAZON.Number",
    ] {
        assert!(made.flow.contains(text), "{text}\n{}", made.flow);
    }
    let told =
        |words: &str| made.notes.iter().any(|note| note.code == Code::NotUnderstood && note.what.contains(words));
    assert!(told("responseCard"), "{:#?}", made.notes);
    let broken = project(
        "broken",
        &[("x.json", br#"{"metadata": {"schemaVersion": "1.0", "importType": "LEX"}, "resource": "#)],
    );
    assert!(import(&broken, None).is_err_and(|error| error.to_string().starts_with("x.json, line ")));
    for odd in
        ["{}", "[]", "7", r#"{"intents": [{"slots": [{}, 7]}, 7], "slotTypes": [[]]}"#, r#"{"sampleUtterances": 1}"#]
    {
        let text = format!(r#"{{"metadata": {{"schemaVersion": "1.0", "importType": "BOT"}}, "resource": {odd}}}"#);
        imported(&project("odd", &[("x.json", text.as_bytes())]), "amazon-lex");
    }
}

#[test]
fn an_agent_of_dialogflow_es_is_refused_with_a_way_out() {
    let files: [(&str, &[u8]); 4] = [
        ("agent.json", br#"{"displayName": "Old", "language": "en", "apiVersion": "2.0"}"#),
        ("package.json", br#"{"version": "1.0.0"}"#),
        ("intents/Default Welcome Intent.json", br#"{"name": "Default Welcome Intent"}"#),
        ("intents/Default Welcome Intent_usersays_en.json", b"[]"),
    ];
    for root in ["", "Old/"] {
        let files: Vec<(String, &[u8])> = files.iter().map(|(path, bytes)| (format!("{root}{path}"), *bytes)).collect();
        let files: Vec<(&str, &[u8])> = files.iter().map(|(path, bytes)| (path.as_str(), *bytes)).collect();
        let error = import(&project("Old", &files), None).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains("Dialogflow ES") && error.contains("migrate"), "{error}");
    }
}
