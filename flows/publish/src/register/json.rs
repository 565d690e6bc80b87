//! The JSON of `handoff register --json` and of the window.

use flow_model::tree::Json;

use super::{Edit, Fallback, Reason, Register, Row, Sent, Test, To};

fn object<const N: usize>(entries: [(&str, Json); N]) -> Json {
    Json::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn maybe(text: Option<&String>) -> Json {
    text.map_or(Json::Null, Json::text)
}

fn texts(list: &[String]) -> Json {
    Json::List(list.iter().map(Json::text).collect())
}

fn list<T>(items: &[T], each: impl Fn(&T) -> Json) -> Json {
    Json::List(items.iter().map(each).collect())
}

/// The register as JSON.
#[must_use]
pub fn json(register: &Register) -> Json {
    object([
        ("flow", Json::text(&register.flow)),
        ("title", Json::text(&register.title)),
        ("rows", list(&register.rows, row)),
    ])
}

fn row(row: &Row) -> Json {
    let waiting = |(when, text): &(String, String)| object([("when", Json::text(when)), ("text", Json::text(text))]);
    object([
        ("node", Json::text(&row.node)),
        ("title", Json::text(&row.title)),
        ("way", Json::text(&row.way)),
        ("kind", Json::text(row.kind.id())),
        ("from", maybe(row.from.as_ref())),
        ("where", Json::text(&row.where_from)),
        ("reason", Json::text(&row.reason)),
        ("reasons", list(&row.reasons, reason)),
        ("mode", Json::text(row.mode)),
        // The tier and priority that take the rest, for those who look for one of each.
        ("tier", row.to.last().map_or(Json::Null, |to| Json::text(&to.tier))),
        ("priority", row.to.last().map_or(Json::Null, |to| Json::int(to.priority.into()))),
        ("hours", row.to.last().map_or(Json::Null, |to| Json::text(&to.hours))),
        ("to", list(&row.to, to)),
        ("say", maybe(row.say.as_ref())),
        ("told", maybe(row.told.as_ref())),
        ("hears", Json::Text(row.hears())),
        ("waiting", list(&row.waiting, waiting)),
        ("context", Json::text(&row.context)),
        ("fields", list(&row.fields, sent)),
        ("fallback", list(&row.fallback, fallback)),
        ("promise", maybe(row.promise.as_ref())),
        ("owner", maybe(row.owner.as_ref())),
        ("why", texts(&row.why)),
        ("tests", list(&row.tests, test)),
        ("edits", list(&row.edits, edit)),
    ])
}

fn reason(reason: &Reason) -> Json {
    object([
        ("name", Json::text(&reason.name)),
        ("title", Json::text(&reason.title)),
        ("when", maybe(reason.when.as_ref())),
    ])
}

fn to(to: &To) -> Json {
    object([
        ("tier", Json::text(&to.tier)),
        ("title", Json::text(&to.title)),
        ("when", maybe(to.when.as_ref())),
        ("priority", Json::int(to.priority.into())),
        ("hours", Json::text(&to.hours)),
        ("promise", maybe(to.promise.as_ref())),
    ])
}

fn sent(field: &Sent) -> Json {
    object([
        ("name", Json::text(&field.name)),
        ("title", Json::text(&field.title)),
        ("from", Json::text(&field.from)),
        ("required", Json::Bool(field.required)),
        ("class", maybe(field.class.as_ref())),
        ("class_title", maybe(field.class_title.as_ref())),
        ("redact", Json::text(&field.redact)),
    ])
}

fn fallback(fallback: &Fallback) -> Json {
    object([
        ("port", Json::text(&fallback.port)),
        ("when", Json::text(&fallback.when)),
        ("to", maybe(fallback.to.as_ref())),
        ("leads", Json::text(&fallback.leads)),
    ])
}

fn test(test: &Test) -> Json {
    object([("id", Json::text(&test.id)), ("expects", Json::Bool(test.expects)), ("reaches", Json::Bool(test.reaches))])
}

fn edit(edit: &Edit) -> Json {
    object([
        ("cell", Json::text(edit.cell)),
        ("label", Json::text(&edit.label)),
        ("path", texts(&edit.path)),
        ("form", Json::text(edit.form)),
        ("optional", Json::Bool(edit.optional)),
        ("value", edit.value.clone()),
    ])
}
