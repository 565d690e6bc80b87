//! A conversation with its handoffs as a vCon, syntax 0.4.0 (IETF draft-ietf-vcon-vcon-core, read 2026-11-22).
//!
//! What must stay true: what is said stands here as an envelope would send it, redacted by the same rules. A transfer is a
//! dialog; why it was made is no dialog but an analysis, as the draft says.

use std::ops::Range;

use flow_model::tree::{Json, compact};
use sha2::{Digest, Sha256};
use uuid::Builder;

use crate::clean::{Cleaner, Rail};
use crate::draft::{Draft, DraftField, Line};
use crate::envelope::Envelope;
use crate::moment::rfc3339;
use crate::redact::Keys;
use crate::request::object;

/// The version of the syntax.
const SYNTAX: &str = "0.4.0";
/// Who made the analyses.
const VENDOR: &str = "Handoff Studio";

/// A conversation that was run.
#[derive(Clone, Debug)]
pub struct Talk<'a> {
    /// Id of the flow.
    pub flow: &'a str,
    /// Title of the flow, or its id.
    pub title: &'a str,
    /// Hash of the flow document.
    pub revision: &'a str,
    /// Id of the conversation.
    pub conversation: &'a str,
    /// When it was over, in seconds since 1970.
    pub time: i64,
    /// What was said.
    pub lines: &'a [Line],
    /// Fields with their rules: their values are kept out of what was said.
    pub fields: Vec<DraftField>,
    /// Ways to reach the customer that the flow sends.
    pub contact: Vec<(String, Json)>,
    /// The requests that went out.
    pub handoffs: Vec<Passed<'a>>,
    /// The outcome, as a preview writes it.
    pub outcome: Json,
}

/// A request in a conversation.
#[derive(Clone, Debug)]
pub struct Passed<'a> {
    /// What went out.
    pub envelope: &'a Envelope,
    /// Lines that were said before it.
    pub lines: usize,
    /// What became of it: `requested accepted sent withdrawn failed`.
    pub state: &'static str,
    /// Who took it, and the lines between which they had the conversation.
    pub person: Option<(String, Range<usize>)>,
    /// Why nobody has it any more and when, where nobody took it: `timeout no_agent abandoned withdrawn`.
    pub missed: Option<(&'static str, i64)>,
}

/// Parties by number: the customer, the assistant, then people and the tiers that nobody answered for.
struct Parties(Vec<(&'static str, String)>);

const CUSTOMER: usize = 0;
const ASSISTANT: usize = 1;

impl Parties {
    fn of(&mut self, r#type: &'static str, name: &str) -> usize {
        let known = self.0.iter().position(|(kind, known)| *kind == r#type && known == name);
        known.unwrap_or_else(|| {
            self.0.push((r#type, name.to_owned()));
            self.0.len() - 1
        })
    }

    fn speaker(&mut self, line: &Line) -> usize {
        match line.who {
            "customer" => CUSTOMER,
            "agent" => self.of("agent", line.name.as_deref().unwrap_or("a person")),
            _ => ASSISTANT,
        }
    }

    fn json(&self) -> Json {
        let party = |(kind, name): &(&'static str, String)| {
            let mut map = vec![("type".to_owned(), Json::text(*kind))];
            map.extend((!name.is_empty()).then(|| ("name".to_owned(), Json::text(name))));
            Json::Map(map)
        };
        Json::List(self.0.iter().map(party).collect())
    }
}

fn number(at: usize) -> Json {
    Json::int(i64::try_from(at).unwrap_or(i64::MAX))
}

fn numbers(list: impl Iterator<Item = usize>) -> Json {
    Json::List(list.map(number).collect())
}

/// The vCon of a conversation.
#[must_use]
pub fn vcon(talk: &Talk<'_>, keys: &Keys) -> Json {
    let mut parties = Parties(vec![("customer", String::new()), ("bot", talk.title.to_owned())]);
    let (texts, kept_back) = said(talk, keys);
    let (mut dialog, mut analysis) = (Vec::new(), Vec::new());
    let (mut transfers, mut places) = (Vec::new(), Vec::new());
    let mut handoffs = talk.handoffs.iter().peekable();
    for (at, (line, text)) in talk.lines.iter().zip(&texts).enumerate() {
        while let Some(passed) = handoffs.next_if(|passed| passed.lines <= at) {
            transfers.push(transfer(passed, &mut parties, &mut dialog, &mut analysis));
        }
        let speaker = parties.speaker(line);
        let here = |passed: &&Passed<'_>| passed.person.as_ref().is_some_and(|(_, lines)| lines.contains(&at));
        let person = talk.handoffs.iter().find(here).and_then(|passed| passed.person.as_ref());
        let listener = person.map_or(ASSISTANT, |(name, _)| parties.of("agent", name));
        let other = if speaker == CUSTOMER { listener } else { CUSTOMER };
        places.push(dialog.len());
        dialog.push(vec![
            ("type", Json::text("text")),
            ("start", Json::Text(rfc3339(line.at))),
            ("parties", numbers([speaker, other].into_iter())),
            ("mediatype", Json::text("text/plain")),
            ("body", Json::text(text)),
            ("encoding", Json::text("none")),
        ]);
    }
    for passed in handoffs {
        transfers.push(transfer(passed, &mut parties, &mut dialog, &mut analysis));
    }
    link(&transfers, talk, &places, &mut dialog);
    analysis.push(report(None, "handoff-outcome", talk.outcome.clone()));
    let mut map = vec![
        ("vcon", Json::text(SYNTAX)),
        ("uuid", Json::Text(uuid(talk))),
        ("created_at", Json::Text(rfc3339(talk.time))),
        ("subject", Json::text(talk.title)),
    ];
    map.extend(kept_back.then(|| ("redacted", object([("type", Json::text("masked"))]))));
    map.push(("parties", parties.json()));
    map.push(("dialog", Json::List(dialog.into_iter().map(entries).collect())));
    map.push(("analysis", Json::List(analysis)));
    map.push(("attachments", Json::List(Vec::new())));
    entries(map)
}

fn entries(map: Vec<(&'static str, Json)>) -> Json {
    Json::Map(map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// A UUID of version 8, as the draft asks: 122 bits of the SHA-256 of flow, revision and conversation.
fn uuid(talk: &Talk<'_>) -> String {
    let name = Json::List([talk.flow, talk.revision, talk.conversation].map(Json::text).to_vec());
    let digest = Sha256::digest(compact(&name).as_bytes());
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest.iter()).for_each(|(to, from)| *to = *from);
    Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// The texts of the lines, redacted, and whether anything was.
fn said(talk: &Talk<'_>, keys: &Keys) -> (Vec<String>, bool) {
    let draft = Draft { fields: talk.fields.clone(), contact: talk.contact.clone(), ..Draft::default() };
    let mut cleaner = Cleaner::new(&draft, keys, Rail::Record);
    let Json::List(lines) = crate::transcript(talk.lines) else { return (Vec::new(), false) };
    let clean = cleaner.values("dialog", &lines);
    let text = |line: &Json| line.get("text").and_then(Json::as_text).unwrap_or_default().to_owned();
    (clean.iter().map(text).collect(), !cleaner.redacted.is_empty())
}

/// Adds the dialog of a request, what came of it where nobody took it, and why it was made.
fn transfer(
    passed: &Passed<'_>,
    parties: &mut Parties,
    dialog: &mut Vec<Vec<(&'static str, Json)>>,
    analysis: &mut Vec<Json>,
) -> usize {
    let envelope = passed.envelope;
    let target = match &passed.person {
        Some((person, _)) => parties.of("agent", person),
        None => parties.of("queue", &envelope.tier_title),
    };
    let at = dialog.len();
    dialog.push(vec![
        ("type", Json::text("transfer")),
        ("start", Json::Text(rfc3339(envelope.time))),
        ("transferee", number(CUSTOMER)),
        ("transferor", number(ASSISTANT)),
        ("transfer_target", number(target)),
    ]);
    if let Some((why, time)) = passed.missed {
        let disposition = match why {
            "timeout" => Some("no-answer"),
            "no_agent" => Some("failed"),
            "abandoned" => Some("hung-up"),
            _ => None,
        };
        dialog.extend(disposition.map(|disposition| {
            vec![
                ("type", Json::text("incomplete")),
                ("start", Json::Text(rfc3339(time))),
                ("parties", numbers([CUSTOMER, target].into_iter())),
                ("disposition", Json::text(disposition)),
            ]
        }));
    }
    why(passed, at, analysis);
    at
}

/// What is said of a transfer beside the dialog: a summary, the course of the sentiment, and why it was made.
fn why(passed: &Passed<'_>, at: usize, analysis: &mut Vec<Json>) {
    let envelope = passed.envelope;
    let of = |key: &str| envelope.json.get(key).cloned().unwrap_or(Json::Null);
    if let Some(summary) = &envelope.summary {
        analysis.push(entries(vec![
            ("type", Json::text("summary")),
            ("dialog", number(at)),
            ("vendor", Json::text(VENDOR)),
            ("mediatype", Json::text("text/plain")),
            ("body", Json::text(summary)),
            ("encoding", Json::text("none")),
        ]));
    }
    if of("sentiment") != Json::Null {
        analysis.push(report_as("sentiment", Some(at), "sentiment", of("sentiment")));
    }
    let keys = [
        "id",
        "reasons",
        "trigger",
        "trigger_text",
        "tier",
        "priority",
        "mode",
        "intent",
        "error",
        "failed_action",
        "actions",
        "entities",
        "slots",
        "redacted",
    ];
    let mut body = vec![("state".to_owned(), Json::text(passed.state))];
    body.extend(keys.iter().map(|key| ((*key).to_owned(), of(key))));
    analysis.push(report(Some(at), "handoff-reason", Json::Map(body)));
}

fn report(dialog: Option<usize>, schema: &'static str, body: Json) -> Json {
    report_as("report", dialog, schema, body)
}

fn report_as(r#type: &'static str, dialog: Option<usize>, schema: &'static str, body: Json) -> Json {
    let mut map = vec![("type", Json::text(r#type))];
    map.extend(dialog.map(|at| ("dialog", number(at))));
    map.push(("vendor", Json::text(VENDOR)));
    map.push(("schema", Json::text(schema)));
    map.push(("mediatype", Json::text("application/json")));
    map.push(("body", body));
    map.push(("encoding", Json::text("json")));
    entries(map)
}

/// Tells each transfer what was said before it and, where somebody took it, while they had it.
fn link(transfers: &[usize], talk: &Talk<'_>, places: &[usize], dialog: &mut [Vec<(&'static str, Json)>]) {
    for (at, passed) in transfers.iter().zip(&talk.handoffs) {
        let before = places.get(..passed.lines).unwrap_or_default();
        let lines = passed.person.as_ref().map(|(_, lines)| lines.clone()).unwrap_or_default();
        let during = places.get(lines).unwrap_or_default();
        let own = &mut dialog[*at];
        own.extend((!before.is_empty()).then(|| ("original", numbers(before.iter().copied()))));
        own.extend((!during.is_empty()).then(|| ("target_dialog", numbers(during.iter().copied()))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::envelope;

    fn line(who: &'static str, name: Option<&str>, text: &str, at: i64) -> Line {
        Line { who, name: name.map(str::to_owned), text: text.to_owned(), at }
    }

    fn said(json: &Json, key: &str) -> Vec<String> {
        json.get("dialog").unwrap().items().iter().map(|d| d.get(key).map_or_else(String::new, compact)).collect()
    }

    #[test]
    fn a_conversation_becomes_parties_dialogs_and_analyses() {
        let draft = Draft { tier_title: "Desk".to_owned(), mode: "transfer", time: 60, ..Draft::default() };
        let made = envelope(&Draft { summary: Some("a fee".to_owned()), ..draft }, &Keys::default());
        let lines = [
            line("ai", None, "Hi", 0),
            line("customer", None, "my card is 4111 1111 1111 1111, T-1234567", 0),
            line("customer", None, "still there?", 61),
            line("agent", Some("Kim"), "Hello", 70),
            line("customer", None, "thanks", 80),
            line("ai", None, "Anything else?", 90),
            line("customer", None, "no", 95),
        ];
        let passed = |lines, person, missed| Passed { envelope: &made, lines, state: "accepted", person, missed };
        let field = DraftField {
            name: "id".to_owned(),
            value: Some(Json::text("T-1234567")),
            redact: Some("mask".to_owned()),
            ..DraftField::default()
        };
        let talk = Talk {
            flow: "f",
            title: "Flow",
            revision: "r",
            conversation: "c",
            time: 100,
            lines: &lines,
            fields: vec![field],
            contact: Vec::new(),
            handoffs: vec![passed(2, Some(("Kim".to_owned(), 3..5)), None), passed(7, None, Some(("timeout", 99)))],
            outcome: Json::map(),
        };
        let json = vcon(&talk, &Keys::default());
        assert_eq!(json.get("vcon"), Some(&Json::text("0.4.0")));
        let uuid = json.get("uuid").and_then(Json::as_text).unwrap();
        assert_eq!((uuid.len(), &uuid[14..15]), (36, "8"));
        assert_eq!(compact(json.get("redacted").unwrap()), r#"{"type":"masked"}"#);
        assert_eq!(
            compact(json.get("parties").unwrap()),
            r#"[{"type":"customer"},{"type":"bot","name":"Flow"},{"type":"agent","name":"Kim"},{"type":"queue","name":"Desk"}]"#
        );
        assert_eq!(
            said(&json, "type").join(" ").replace('"', ""),
            "text text transfer text text text text text transfer incomplete"
        );
        assert_eq!(said(&json, "parties").join(" "), "[1,0] [0,1]  [0,1] [2,0] [0,2] [1,0] [0,1]  [0,3]");
        assert_eq!(said(&json, "body")[1], r#""my card is ****1111, ****4567""#);
        assert_eq!((said(&json, "original")[2].as_str(), said(&json, "target_dialog")[2].as_str()), ("[0,1]", "[4,5]"));
        assert_eq!(
            (said(&json, "target_dialog")[8].as_str(), said(&json, "disposition")[9].as_str()),
            ("", "\"no-answer\"")
        );
        let analyses: Vec<&str> =
            json.get("analysis").unwrap().items().iter().filter_map(|a| a.get("type")?.as_text()).collect();
        assert_eq!(analyses, ["summary", "report", "summary", "report", "report"]);
        assert_eq!(compact(&vcon(&talk, &Keys::default())), compact(&json));
    }
}
