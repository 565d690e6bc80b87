//! Test cases of Dialogflow CX: those of an exported agent (`testCases/*.json`), and what the API exports and lists. Fields
//! as of v3beta1; names are display names in an agent's export and resource names in the API's.

use std::io::BufRead;

use flow_model::tree::{self, Json};

use super::common::{self, at, object};
use crate::import::rows::Record;
use crate::import::{Head, Mapping, Means, Note, Shape, Sink, Source, Stop};

/// Test cases of Dialogflow CX.
pub struct DialogflowCx;

/// The key of their turns.
const TURNS: &str = "testCaseConversationTurns";

impl Source for DialogflowCx {
    fn kind(&self) -> &'static str {
        "dialogflow-cx"
    }

    fn title(&self) -> &'static str {
        "Dialogflow CX test cases (JSON)"
    }

    fn about(&self) -> &'static str {
        "Test cases of an exported agent or of the API: words or tones of the customer, the intent that should come out, parameters as they appear, answers with their page. A page that ends with human escalation, or a live agent handoff, is a request."
    }

    fn sniff(&self, head: &Head) -> Option<(u8, String)> {
        head.text.contains(&format!("\"{TURNS}\"")).then(|| (98, format!("it has the {TURNS} of Dialogflow CX")))
    }

    fn propose(&self, head: &Head) -> Mapping {
        let mut mapping = common::base(self, head);
        mapping.shape = common::shape(head);
        let listed = common::first(head, Shape::Key, Some("testCases"), 50)
            .iter()
            .any(|(key, json)| key.is_none() && json.get(TURNS).is_some());
        if mapping.shape == Some(Shape::Values) && listed {
            (mapping.shape, mapping.list) = (Some(Shape::Key), Some("testCases".to_owned()));
        }
        mapping.rows = Some(TURNS.to_owned());
        let row = |name: &str| format!("{TURNS}[].{name}");
        for (from, to) in
            [("displayName", "conversation"), ("tags", "tags"), ("notes", "labels.notes"), ("name", "labels.name")]
        {
            mapping.columns.push(common::column(from, to));
        }
        mapping.columns.push(common::column("lastTestResult.testResult", "labels.last_result"));
        for (from, to) in [
            ("what", "who"),
            ("text", "text"),
            ("intent", "intent"),
            ("parameters", "entities"),
            ("injectedParameters", "signals"),
            ("page", "x.page"),
            ("dtmf", "x.dtmf"),
        ] {
            mapping.columns.push(common::column(&row(from), to));
        }
        mapping.hears(&[
            ("user", Means::User),
            ("agent", Means::Bot),
            ("human escalation", Means::Request),
            ("event", Means::Skip),
        ])
    }

    fn read(&self, input: &mut dyn BufRead, mapping: &Mapping, sink: &mut dyn Sink) -> Result<(), Stop> {
        common::read(input, mapping, sink, &mut |line, beside, json, sink| {
            if beside.is_some() {
                return Ok(());
            }
            let Some(Json::List(turns)) = json.get(TURNS) else {
                return sink.note(Note::new(line, "a test case", format!("it has no {TURNS}, so it is left out")));
            };
            let mut known = Vec::new();
            let rows = turns.iter().flat_map(|turn| rows(turn, &mut known)).map(|row| (line, row)).collect();
            let head: Vec<(String, Json)> =
                json.entries().iter().filter(|(key, _)| key != "testConfig").cloned().collect();
            sink.record(Record { line, head: Json::Map(head), rows: Some(rows) })
        })
    }
}

/// A turn: what the customer says with what is understood, then what the agent answers.
fn rows(turn: &Json, known: &mut Vec<(String, Json)>) -> Vec<Json> {
    let input = |name: &str| at(turn, &format!("userInput.{name}"));
    let output = |name: &str| at(turn, &format!("virtualAgentOutput.{name}"));
    let text = input("input.text.text");
    let dtmf = input("input.dtmf.digits");
    let event = input("input.event.event");
    let what = if text.is_none() && dtmf.is_none() && event.is_some() { "event" } else { "user" };
    let mut found = vec![object(vec![
        ("what", Some(Json::text(what))),
        ("text", text.or_else(|| dtmf.clone()).or(event)),
        ("dtmf", dtmf),
        ("intent", output("triggeredIntent.displayName").or_else(|| output("triggeredIntent.name")).map(last)),
        ("parameters", new_ones(output("sessionParameters"), known)),
        ("injectedParameters", input("injectedParameters").map(scalars)),
    ])];
    let page = output("currentPage.displayName").or_else(|| output("currentPage.name")).map(last);
    let said: Vec<String> = output("textResponses").map_or(Vec::new(), |responses| {
        responses
            .items()
            .iter()
            .filter_map(|response| response.get("text"))
            .flat_map(|text| text.items().iter().filter_map(Json::as_text).map(str::to_owned).collect::<Vec<_>>())
            .collect()
    });
    if !said.is_empty() {
        let page = page.clone();
        found.push(object(vec![
            ("what", Some(Json::text("agent"))),
            ("text", Some(Json::Text(said.join("\n")))),
            ("page", page),
        ]));
    }
    // The page to which a flow goes that gives up to a person, in either spelling.
    let escalates = page.as_ref().and_then(Json::as_text).is_some_and(|page| {
        let plain = page.replace([' ', '-'], "_").to_uppercase();
        plain.ends_with("END_FLOW_WITH_HUMAN_ESCALATION")
    });
    let handed = tree::compact(turn).contains("\"liveAgentHandoff\"");
    if escalates || handed {
        found.push(object(vec![("what", Some(Json::text("human escalation")))]));
    }
    found
}

/// The last part of a resource name.
fn last(name: Json) -> Json {
    match name {
        Json::Text(text) => Json::text(text.rsplit('/').next().unwrap_or(&text)),
        other => other,
    }
}

fn scalars(json: Json) -> Json {
    Json::Map(json.entries().iter().filter(|(_, value)| common::is_scalar(value)).cloned().collect())
}

/// Session parameters that this turn set or changed.
fn new_ones(parameters: Option<Json>, known: &mut Vec<(String, Json)>) -> Option<Json> {
    let now = scalars(parameters?);
    let fresh: Vec<(String, Json)> = now.entries().iter().filter(|entry| !known.contains(entry)).cloned().collect();
    for (name, value) in &fresh {
        known.retain(|(other, _)| other != name);
        known.push((name.clone(), value.clone()));
    }
    (!fresh.is_empty()).then_some(Json::Map(fresh))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resource_names_end_with_what_they_name() {
        assert_eq!(last(Json::text("projects/p/agents/a/intents/fee")), Json::text("fee"));
        assert_eq!(last(Json::text("Fee dispute")), Json::text("Fee dispute"));
    }
}
