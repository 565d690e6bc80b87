//! Bots of Lex V1: one JSON file with `metadata` and `resource`, as its console exported them until its end in 2025 (format
//! `1.0`, read from exported bots). They are read as the parts that took their place in V2; what has no place there keeps
//! its own name, and is told.

use flow_model::tree::{self, Json};

use crate::source::Parsed;

/// The types that are called otherwise now.
const TYPES: [(&str, &str); 8] = [
    ("AMAZON.NUMBER", "AMAZON.Number"),
    ("AMAZON.DATE", "AMAZON.Date"),
    ("AMAZON.TIME", "AMAZON.Time"),
    ("AMAZON.US_FIRST_NAME", "AMAZON.FirstName"),
    ("AMAZON.US_LAST_NAME", "AMAZON.LastName"),
    ("AMAZON.US_CITY", "AMAZON.City"),
    ("AMAZON.US_STATE", "AMAZON.State"),
    ("AMAZON.EMAIL_ADDRESS", "AMAZON.EmailAddress"),
];

/// Whether a text may be such a bot.
pub(super) fn is_one(text: &str) -> bool {
    ["\"importType\"", "\"resource\"", "\"schemaVersion\""].iter().all(|key| text.contains(key))
}

/// The file in the parts of V2: the bot with `intents`, each with `slots`, and `slotTypes`.
pub(super) fn unfolded(text: &str) -> Result<Parsed, (u32, String)> {
    let reading = tree::read(text);
    let told = |line: usize, why: &str| (u32::try_from(line).unwrap_or(u32::MAX), why.to_owned());
    if let Some(fault) = reading.faults.iter().find(|fault| fault.kind == tree::FaultKind::NotJson) {
        return Err(told(fault.line, &fault.message));
    }
    let json = reading.json.ok_or_else(|| told(1, "it is no JSON"))?;
    Ok(Parsed { json: bot(&json), lines: vec![1] })
}

fn text(value: &str) -> Json {
    map([("value", Json::text(value))])
}

fn map<const N: usize>(entries: [(&str, Json); N]) -> Json {
    Json::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn items<'j>(json: &'j Json, key: &str) -> &'j [Json] {
    json.get(key).map_or(&[], Json::items)
}

/// A part without the keys that were read, and with what became of them.
fn with(old: &Json, read: &[&str], new: Vec<(&str, Option<Json>)>) -> Json {
    let mut all: Vec<(String, Json)> =
        new.into_iter().filter_map(|(key, value)| value.map(|value| (key.to_owned(), value))).collect();
    let rest = old.entries().iter().filter(|(key, _)| !read.contains(&key.as_str()));
    for (key, value) in rest {
        if all.iter().all(|(known, _)| known != key) {
            all.push((key.clone(), value.clone()));
        }
    }
    Json::Map(all)
}

fn bot(json: &Json) -> Json {
    let resource = json.get("resource").cloned().unwrap_or_else(Json::map);
    // An intent that was exported by itself is the only one of its bot.
    let alone = resource.get("sampleUtterances").is_some() && resource.get("intents").is_none();
    let found: Vec<&Json> = if alone { vec![&resource] } else { items(&resource, "intents").iter().collect() };
    let mut intents: Vec<Json> = found.iter().map(|part| intent(part, resource.get("abortStatement"))).collect();
    let parent = |intent: &&Json| intent.get("parentIntentSignature").and_then(Json::as_text).is_some();
    if let Some(asks) = resource.get("clarificationPrompt")
        && !found.iter().any(parent)
    {
        intents.push(clarifies(asks));
    }
    let types = items(&resource, "slotTypes").iter().map(slot_type).collect();
    let read: &[&str] = match alone {
        true => &["sampleUtterances", "slots", "fulfillmentActivity", "confirmationPrompt", "rejectionStatement"],
        false => &["intents", "slotTypes", "abortStatement", "clarificationPrompt"],
    };
    with(&resource, read, vec![("intents", Some(Json::List(intents))), ("slotTypes", Some(Json::List(types)))])
}

/// What is said where nothing was understood.
fn clarifies(asks: &Json) -> Json {
    let next = map([("dialogAction", map([("type", Json::text("ElicitIntent"))]))]);
    let initial = map([("initialResponse", groups(asks)), ("nextStep", next)]);
    map([
        ("name", Json::text("FallbackIntent")),
        ("parentIntentSignature", Json::text("AMAZON.FallbackIntent")),
        ("initialResponseSetting", initial),
    ])
}

/// Messages of one group are wordings of one another; groups are said one after another.
fn groups(prompt: &Json) -> Json {
    let mut found: Vec<(Option<String>, Vec<Json>)> = Vec::new();
    for message in items(prompt, "messages") {
        let group = message.get("groupNumber").map(tree::compact);
        let content = message.get("content").and_then(Json::as_text).unwrap_or_default();
        let kind = match message.get("contentType").and_then(Json::as_text) {
            Some("SSML") => "ssmlMessage",
            Some("CustomPayload") => "customPayload",
            _ => "plainTextMessage",
        };
        let said = map([(kind, text(content))]);
        match found.iter_mut().find(|(known, _)| *known == group) {
            Some((_, all)) => all.push(said),
            None => found.push((group, vec![said])),
        }
    }
    let group = |(_, mut all): (_, Vec<Json>)| {
        let first = if all.is_empty() { Json::map() } else { all.remove(0) };
        map([("message", first), ("variations", Json::List(all))])
    };
    let list = Json::List(found.into_iter().map(group).collect());
    with(prompt, &["messages", "maxAttempts"], vec![("messageGroupsList", Some(list))])
}

/// A prompt is said so often at most; V2 counts how often it is said again.
fn prompt(old: &Json) -> Json {
    let mut new = groups(old);
    let most = old.get("maxAttempts").map(tree::compact).and_then(|most| most.parse::<i64>().ok());
    new.set("maxRetries", Json::int(most.unwrap_or(2).clamp(1, 100) - 1));
    new
}

fn intent(old: &Json, abort: Option<&Json>) -> Json {
    let utterance = |line: &Json| map([("utterance", line.clone())]);
    let said = items(old, "sampleUtterances").iter().map(utterance).collect();
    let slots: Vec<Json> = items(old, "slots").iter().map(|part| slot(part, abort)).collect();
    let order = |slot: &Json| {
        let priority = slot.get("priority").cloned().unwrap_or(Json::int(999));
        map([("priority", priority), ("slotName", slot.get("name").cloned().unwrap_or(Json::Null))])
    };
    let order = items(old, "slots").iter().map(order).collect();
    let called = old.at(&["fulfillmentActivity", "type"]).and_then(Json::as_text) == Some("CodeHook");
    let enabled = |on: bool| map([("enabled", Json::Bool(on))]);
    let confirms = old.get("confirmationPrompt").map(|asks| {
        let mut setting = map([("promptSpecification", prompt(asks))]);
        if let Some(no) = old.get("rejectionStatement") {
            setting.set("declinationResponse", groups(no));
        }
        setting
    });
    let closes = old.get("conclusionStatement").map(|said| map([("closingResponse", groups(said))]));
    let read = [
        "sampleUtterances",
        "fulfillmentActivity",
        "dialogCodeHook",
        "confirmationPrompt",
        "rejectionStatement",
        "conclusionStatement",
        "version",
        "checksum",
        "createdDate",
        "lastUpdatedDate",
    ];
    let new = vec![
        ("sampleUtterances", Some(Json::List(said))),
        ("slots", Some(Json::List(slots))),
        ("slotPriorities", Some(Json::List(order))),
        ("fulfillmentCodeHook", Some(enabled(called))),
        ("dialogCodeHook", old.get("dialogCodeHook").map(|_| enabled(true))),
        ("intentConfirmationSetting", confirms),
        ("intentClosingSetting", closes),
    ];
    with(old, &read, new)
}

fn slot(old: &Json, abort: Option<&Json>) -> Json {
    let kind = old.get("slotType").and_then(Json::as_text).unwrap_or_default();
    let kind = TYPES.iter().find(|(then, _)| *then == kind).map_or(kind, |(_, now)| *now);
    let samples = items(old, "sampleUtterances").iter().map(|line| map([("utterance", line.clone())])).collect();
    let mut setting = map([("sampleUtterances", Json::List(samples))]);
    if let Some(asks) = old.get("valueElicitationPrompt") {
        setting.set("promptSpecification", prompt(asks));
    }
    if let Some(constraint) = old.get("slotConstraint") {
        setting.set("slotConstraint", constraint.clone());
    }
    if let Some(abort) = abort {
        let ends = map([("dialogAction", map([("type", Json::text("EndConversation"))]))]);
        setting.set("slotCaptureSetting", map([("failureResponse", groups(abort)), ("failureNextStep", ends)]));
    }
    let read =
        ["slotType", "slotTypeVersion", "valueElicitationPrompt", "slotConstraint", "sampleUtterances", "priority"];
    with(old, &read, vec![("slotTypeName", Some(Json::text(kind))), ("valueElicitationSetting", Some(setting))])
}

fn slot_type(old: &Json) -> Json {
    let synonyms = |value: &Json| items(value, "synonyms").iter().filter_map(Json::as_text).map(text).collect();
    let value = |value: &Json| {
        let sample = value.get("value").and_then(Json::as_text).unwrap_or_default();
        map([("sampleValue", text(sample)), ("synonyms", Json::List(synonyms(value)))])
    };
    let values = items(old, "enumerationValues").iter().map(value).collect();
    let read = ["enumerationValues", "valueSelectionStrategy", "version", "checksum", "createdDate", "lastUpdatedDate"];
    with(old, &read, vec![("slotTypeValues", Some(Json::List(values)))])
}
