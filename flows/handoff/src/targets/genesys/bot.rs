//! The last answer of a bot of the bot connector: its intent leads the inbound flow to the queue, and what it knows goes
//! along as entities and parameters. The closest that Genesys has to a handoff's payload (platform SDK 269,
//! `OutgoingMessageRequest`, preview API).

use flow_conditions::decimal::Decimal;
use flow_model::tree::{Json, compact};

use super::{Sheet, base, headed, meters};
use crate::request::{Content, Request, object};
use crate::targets::carriage;
use crate::targets::names::{self, Names};
use crate::targets::sized::{self, Part, Policies, Written};
use crate::words;

/// The intent that leads to the queue where the flow names none for the tier.
const INTENT: &str = "escalate";

pub(super) fn answer(sheet: &Sheet<'_>, policies: &Policies<'_>, mut names: Names<'_>) -> Request {
    let envelope = sheet.envelope;
    let url = format!("{}/integrations/botconnectors/outgoing/messages", base(&mut names));
    let head: Vec<(&str, Json)> = [
        ("botId", names.of_tier("bot_id")),
        ("botVersion", names.of_tier("bot_version")),
        ("botSessionId", Some(envelope.conversation.clone())),
        ("botState", Some("Complete".to_owned())),
        ("languageCode", envelope.locale.clone()),
        ("intent", Some(names.id("intent", INTENT))),
    ]
    .into_iter()
    .filter_map(|(key, value)| Some((key, Json::Text(value?))))
    .collect();
    let write = |parts: &[Part<'_>], cut: &[&str]| {
        let parameters = sheet.attributes(parts, cut);
        let meters = meters(&parameters, sheet, parts);
        let mut answer = Json::Map(head.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect());
        if let Some(confidence) = confidence(parts) {
            answer.set("confidence", confidence);
        }
        answer.set("replyMessages", Json::List(Vec::new()));
        if let Some(error) = error(parts) {
            answer.set("errorInfo", error);
        }
        answer.set("parameters", parameters);
        answer.set("entities", Json::List(entities(parts)));
        Written { body: compact(&answer), meters }
    };
    let fitted = sized::fit(carriage::parts(envelope), policies, &write);
    let limit = names::sure(&fitted.written.body, &fitted.written.meters);
    fitted.into(headed(Request::new("POST", url)), Content::Json, limit).missing(names.missing())
}

fn named<'p>(parts: &'p [Part<'_>], names: &[&str]) -> Option<&'p Json> {
    parts.iter().find(|part| names.contains(&part.name)).map(|part| &*part.value)
}

/// How sure the assistant was, where it lies from 0 to 1.
fn confidence(parts: &[Part<'_>]) -> Option<Json> {
    let value = named(parts, &["confidence"])?;
    let number = value.as_decimal()?;
    (number >= Decimal::from(0) && number <= Decimal::from(1)).then(|| value.clone())
}

fn error(parts: &[Part<'_>]) -> Option<Json> {
    let code = words::plain(named(parts, &["error_code", "error"])?);
    (!code.is_empty()).then(|| object([("code", Json::Text(code))]))
}

/// The entities, where a field brings them by name.
fn entities(parts: &[Part<'_>]) -> Vec<Json> {
    let one = |(name, value): &(String, Json)| {
        let (kind, key, value) = match value {
            Json::List(items) => {
                let items = items.iter().map(|item| Json::Text(words::plain(item))).collect();
                ("StringCollection", "values", Json::List(items))
            }
            Json::Bool(flag) => ("Boolean", "value", Json::text(if *flag { "true" } else { "false" })),
            Json::Number(number) => ("Decimal", "value", Json::text(number.text())),
            other => ("String", "value", Json::Text(words::plain(other))),
        };
        object([("name", Json::text(name)), ("type", Json::text(kind)), (key, value)])
    };
    named(parts, &["entities"]).map_or_else(Vec::new, |map| map.entries().iter().map(one).collect())
}
