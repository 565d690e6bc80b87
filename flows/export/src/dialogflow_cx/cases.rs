//! Conversations as the platform's own test cases.

use serde_json::{Value, json};

use super::intents::{self, Files};
use super::json::{file, id, text};
use super::lower::{Plan, SHOWN, START_FLOW};
use crate::case::{Case, CaseTurn};
use crate::names::{Legal, Names};

/// So many are written at most.
const MOST: usize = 200;
/// A date is wanted; this one is the same in every export: 2026-01-01T00:00:00Z.
const WRITTEN: i64 = 1_767_225_600;

/// One file for each conversation whose words are known.
pub fn tests(plan: &Plan<'_>, told: &[Case], files: &mut Files) {
    let shown: Vec<&Case> =
        told.iter().filter(|case| case.turns.first().is_some_and(|turn| turn.text.is_some())).take(MOST).collect();
    let names = Names::of(shown.iter().map(|case| case.id.as_str()), &Legal { taken: &[], ..SHOWN });
    for case in shown {
        let name = names.get(&case.id).unwrap_or(&case.id);
        let turns: Vec<Value> = case.turns.iter().map_while(|turn| turned(plan, turn)).collect();
        let test = json!({
            "name": id(&plan.flow().id, &["test", name]),
            "displayName": name,
            "tags": ["#handoff"],
            "creationTime": {"seconds": WRITTEN, "nanos": 0},
            "testConfig": {"flow": START_FLOW},
            "testCaseConversationTurns": turns,
        });
        files.insert(format!("testCases/{}.json", file(name)), text(&test));
    }
}

fn turned(plan: &Plan<'_>, turn: &CaseTurn) -> Option<Value> {
    let said = turn.text.as_ref().filter(|text| !text.trim().is_empty())?;
    let mut input = json!({
        "isWebhookEnabled": true,
        "input": {"text": {"text": said}, "languageCode": plan.language()},
    });
    if let Value::Object(input) = &mut input
        && turn.measured
    {
        input.insert("enableSentimentAnalysis".into(), json!(true));
    }
    let mut output = serde_json::Map::new();
    // What is no phrase of the intent may be heard as another one once the agent is trained.
    if let Some(intent) =
        plan.intents.get(&turn.intent).filter(|_| intents::examples(plan, &turn.intent).contains(said))
    {
        output.insert("triggeredIntent".into(), json!({"name": intent}));
    }
    if let Some((flow, page)) = turn.waits.as_ref().and_then(|waits| place(plan, waits)) {
        output.insert("currentPage".into(), json!({"name": page, "flow": flow}));
    }
    Some(json!({"userInput": input, "virtualAgentOutput": output}))
}

/// The page where the customer is after a turn: flow and card.
fn place(plan: &Plan<'_>, (flow, node): &(String, String)) -> Option<(String, String)> {
    use flow_model::flow::Kind;
    let (_, known) = plan.policy.flows.iter().find(|(id, _)| *id == flow.as_str())?;
    let page = plan.page(flow, node);
    let page = match &known.nodes.get(node)?.kind {
        Kind::Listen(_) => page,
        Kind::Ask(_) => format!("{page} asks"),
        Kind::Handoff(_) => format!("{page} waits"),
        _ => return None,
    };
    Some((plan.flow_name(flow).to_owned(), page))
}
