//! Contact flows of Amazon Connect.

mod common;

use common::{imported, project};
use flow_model::flow::Kind;

const FLOW: &str = r#"{"Version": "2019-10-30", "StartAction": "number", "Actions": [
 {"Identifier": "number", "Type": "GetParticipantInput", "Parameters": {"StoreInput": "True",
   "SSML": "<speak>\n <prosody rate=\"91%\">Key in  your number,</prosody> please. <break time=\"2s\"/></speak>"},
  "Transitions": {"NextAction": "look", "Errors": [{"NextAction": "sorry", "ErrorType": "NoMatchingError"}], "Conditions": []}},
 {"Identifier": "look", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "look_up",
   "LambdaInvocationAttributes": {"number": "$.StoredCustomerInput"}},
  "Transitions": {"NextAction": "which", "Errors": [{"NextAction": "sorry", "ErrorType": "NoMatchingError"}], "Conditions": []}},
 {"Identifier": "which", "Type": "Compare", "Parameters": {"ComparisonValue": "$.External.status"}, "Transitions": {
  "NextAction": "menu", "Errors": [{"NextAction": "menu", "ErrorType": "NoMatchingCondition"}],
  "Conditions": [{"NextAction": "hello", "Condition": {"Operator": "Equals", "Operands": ["complete"]}}]}},
 {"Identifier": "menu", "Type": "GetParticipantInput", "Parameters": {"StoreInput": "False", "Text": "Press 1."}, "Transitions": {
  "NextAction": "sorry", "Errors": [{"NextAction": "menu", "ErrorType": "NoMatchingCondition"}, {"NextAction": "sorry", "ErrorType": "NoMatchingError"}],
  "Conditions": [{"NextAction": "hello", "Condition": {"Operator": "Equals", "Operands": ["1"]}}]}},
 {"Identifier": "hello", "Type": "MessageParticipant", "Parameters": {"Text": "Hello $.External.name, $.StoredCustomerInput."},
  "Transitions": {"NextAction": "end"}},
 {"Identifier": "sorry", "Type": "MessageParticipant", "Parameters": {"Text": "Sorry."}, "Transitions": {"NextAction": "end"}},
 {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}
]}"#;

/// What is keyed in goes on with the block after it, a menu that comes back asks again, and what a function answers is known.
#[test]
fn input_goes_where_the_console_draws_it() {
    let (made, flow) = imported(&project("ivr", &[("flow.json", FLOW.as_bytes())]), "amazon-connect");
    let ask = |id: &str| match &flow.nodes.get(id).unwrap().kind {
        Kind::Ask(ask) => {
            (ask.slot.clone(), ask.prompt.clone(), ask.filled.clone().unwrap(), ask.failed.clone().unwrap())
        }
        other => panic!("{other:?}"),
    };
    let (slot, prompt, filled, failed) = ask("number_asks");
    assert_eq!((slot.as_str(), filled.as_str(), failed.as_str()), ("stored_input", "look", "sorry"));
    assert_eq!(prompt, "Key in your number, please.");
    let (slot, _, filled, failed) = ask("menu_asks");
    assert_eq!((slot.as_str(), filled.as_str(), failed.as_str()), ("menu_input", "menu_chosen", "sorry"));
    for text in [
        r#""assign": { "menu_input": null }"#,
        r#""else": "menu""#,
        r#""status": "look.status""#,
        "Hello {slots.name}, {slots.stored_input}.",
        "prosody rate",
    ] {
        assert!(made.flow.contains(text), "{text}\n{}", made.flow);
    }
}
