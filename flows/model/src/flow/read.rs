//! From the tree to typed values. Nothing is reported here: a value of the wrong form is as if absent.

use flow_conditions::decimal::Decimal;
use flow_conditions::value::{Type, Value};

use super::node::{
    Action, Ask, Assist, Branch, Decision, End, Handoff, Idle, Kind, Listen, Message, Mode, Node, Return, Route, Row,
    Set, Start, Subflow, Todo, Waiting, WaitingWords,
};
use super::{
    Because, Call, Class, Constant, Context, Flow, Hours, Intent, Once, Ordered, OwnCheck, PayloadField, Points, Score,
    Signal, Slot, Target, Tier, Trigger,
};
use crate::tree::Json;

/// Reads the typed flow out of a document.
#[must_use]
pub fn read(doc: &Json) -> Flow {
    Flow {
        id: text(doc, "id").unwrap_or_default(),
        title: text(doc, "title"),
        description: text(doc, "description"),
        locale: text(doc, "locale"),
        constants: map(doc, "constants", |j| Constant {
            title: text(j, "title"),
            value: j.get("value").and_then(value),
            min: decimal(j, "min"),
            max: decimal(j, "max"),
        }),
        classes: map(doc, "classes", |j| Class {
            title: text(j, "title"),
            redact: text(j, "redact"),
            retain_days: int(j, "retain_days"),
            basis: text(j, "basis"),
        }),
        intents: map(doc, "intents", |j| Intent { title: text(j, "title"), examples: texts(j, "examples") }),
        signals: map(doc, "signals", |j| Signal {
            title: text(j, "title"),
            r#type: value_type(j),
            source: text(j, "source"),
        }),
        scores: map(doc, "scores", score),
        slots: map(doc, "slots", |j| Slot {
            title: text(j, "title"),
            r#type: value_type(j),
            entity: text(j, "entity"),
            class: text(j, "class"),
        }),
        calls: map(doc, "calls", |j| Call {
            title: text(j, "title"),
            inputs: map(j, "inputs", named_type),
            outputs: map(j, "outputs", named_type),
            errors: strings(j, "errors"),
            repeat: text(j, "repeat"),
        }),
        hours: map(doc, "hours", |j| Hours {
            zone: text(j, "zone").unwrap_or_default(),
            open: texts(j, "open"),
            closed: texts(j, "closed"),
            special: map(j, "special", |s| s.items().iter().filter_map(Json::as_text).map(str::to_owned).collect()),
        }),
        tiers: map(doc, "tiers", tier),
        contexts: map(doc, "contexts", context),
        targets: map(doc, "targets", target),
        triggers: map(doc, "triggers", trigger),
        nodes: map(doc, "nodes", node),
        checks: strings(doc, "checks"),
        layout: positions(doc),
    }
}

fn text(json: &Json, key: &str) -> Option<String> {
    json.get(key).and_then(Json::as_text).map(str::to_owned)
}

fn decimal(json: &Json, key: &str) -> Option<Decimal> {
    json.get(key).and_then(Json::as_decimal)
}

fn int(json: &Json, key: &str) -> Option<i64> {
    decimal(json, key).and_then(|d| d.to_i64())
}

fn texts(json: &Json, key: &str) -> Vec<String> {
    list(json, key).iter().filter_map(Json::as_text).map(str::to_owned).collect()
}

fn list<'a>(json: &'a Json, key: &str) -> &'a [Json] {
    json.get(key).map_or(&[], Json::items)
}

fn map<T>(json: &Json, key: &str, each: impl Fn(&Json) -> T) -> Ordered<T> {
    json.get(key).map_or(&[][..], Json::entries).iter().map(|(k, v)| (k.clone(), each(v))).collect()
}

fn strings(json: &Json, key: &str) -> Ordered<String> {
    let entries = json.get(key).map_or(&[][..], Json::entries);
    entries.iter().filter_map(|(k, v)| Some((k.clone(), scalar_text(v)?))).collect()
}

fn scalar_text(json: &Json) -> Option<String> {
    match json {
        Json::Text(t) => Some(t.clone()),
        Json::Number(n) => Some(n.text().to_owned()),
        Json::Bool(b) => Some(b.to_string()),
        _ => None,
    }
}

/// A scalar or list of scalars as a value.
#[must_use]
pub fn value(json: &Json) -> Option<Value> {
    match json {
        Json::Bool(b) => Some(Value::Bool(*b)),
        Json::Number(n) => n.decimal().map(Value::Number),
        Json::Text(t) => Some(Value::Text(t.as_str().into())),
        Json::List(items) => items.iter().map(value).collect::<Option<Vec<_>>>().map(Value::List),
        Json::Null | Json::Map(_) => None,
    }
}

fn value_type(json: &Json) -> Type {
    let (min, max) = (decimal(json, "min"), decimal(json, "max"));
    match json.get("type").and_then(Json::as_text) {
        Some("bool") => Type::Bool,
        Some("integer") => Type::Integer { min, max },
        Some("number") => Type::Number { min, max },
        Some("enum") => Type::Enum(texts(json, "values").into_iter().map(Into::into).collect()),
        _ => Type::Text,
    }
}

fn named_type(json: &Json) -> Type {
    match json.as_text() {
        Some("bool") => Type::Bool,
        Some("integer") => Type::Integer { min: None, max: None },
        Some("number") => Type::Number { min: None, max: None },
        _ => Type::Text,
    }
}

fn score(json: &Json) -> Score {
    let number = |key| decimal(json, key).unwrap_or(Decimal::ZERO);
    Score {
        title: text(json, "title"),
        base: number("base"),
        min: number("min"),
        max: number("max"),
        add: list(json, "add")
            .iter()
            .map(|row| Points {
                when: text(row, "when").unwrap_or_default(),
                points: decimal(row, "points").unwrap_or(Decimal::ZERO),
                title: text(row, "title"),
            })
            .collect(),
    }
}

fn tier(json: &Json) -> Tier {
    let slo = json.get("slo");
    Tier {
        title: text(json, "title"),
        skills: texts(json, "skills"),
        hours: text(json, "hours"),
        sees: texts(json, "sees"),
        requires: text(json, "requires"),
        agents: int(json, "agents"),
        handle_time: decimal(json, "handle_time"),
        patience: decimal(json, "patience"),
        answer_within: slo.and_then(|s| decimal(s, "answer_within")),
        share: slo.and_then(|s| decimal(s, "share")),
    }
}

fn context(json: &Json) -> Context {
    Context {
        title: text(json, "title"),
        summary: text(json, "summary"),
        told: text(json, "told"),
        fields: map(json, "fields", |f| PayloadField {
            title: text(f, "title"),
            from: text(f, "from").unwrap_or_default(),
            required: f.get("required").and_then(Json::as_bool).unwrap_or(false),
            class: text(f, "class"),
            redact: text(f, "redact"),
        }),
        screen: json.get("screen").and_then(|s| text(s, "open")),
        extends: text(json, "extends"),
    }
}

fn target(json: &Json) -> Target {
    Target {
        title: text(json, "title"),
        tiers: map(json, "tiers", |t| t.entries().iter().cloned().collect()),
        fields: strings(json, "fields"),
        priority: strings(json, "priority"),
        too_big: strings(json, "too_big"),
        one_reply: json.get("one_reply").and_then(Json::as_bool).unwrap_or(false),
    }
}

fn trigger(json: &Json) -> Trigger {
    Trigger {
        title: text(json, "title"),
        when: text(json, "when").unwrap_or_default(),
        because: map(json, "because", |b| match b {
            Json::Text(when) => Because { when: when.clone(), title: None },
            _ => Because { when: text(b, "when").unwrap_or_default(), title: text(b, "title") },
        }),
        to: text(json, "to").unwrap_or_default(),
        within: if json.get("within").is_some() { texts(json, "within") } else { vec!["*".to_owned()] },
        once: match json.get("once") {
            Some(Json::Bool(true)) => Once::Fired,
            Some(Json::Text(t)) if t == "accepted" => Once::Accepted,
            _ => Once::Never,
        },
        checks: checks(json),
    }
}

/// Severities of rules at one entry: `"off"`, or `{ "severity": "off", "why": "…" }`.
fn checks(json: &Json) -> Vec<OwnCheck> {
    let entries = json.get("checks").map_or(&[][..], Json::entries);
    let one = |(code, value): &(String, Json)| OwnCheck {
        code: code.clone(),
        severity: value.as_text().map(str::to_owned).or_else(|| text(value, "severity")).unwrap_or_default(),
        why: text(value, "why"),
    };
    entries.iter().map(one).collect()
}

fn branches(json: &Json) -> Vec<Branch> {
    list(json, "branches")
        .iter()
        .map(|b| Branch {
            title: text(b, "title"),
            when: text(b, "when").unwrap_or_default(),
            to: text(b, "to").unwrap_or_default(),
        })
        .collect()
}

fn idle(json: &Json) -> Vec<Idle> {
    list(json, "idle")
        .iter()
        .map(|i| Idle { after: decimal(i, "after").unwrap_or(Decimal::ZERO), say: text(i, "say"), to: text(i, "to") })
        .collect()
}

fn node(json: &Json) -> Node {
    let next = || text(json, "next");
    let words = |key| text(json, key).unwrap_or_default();
    let kind = match json.get("kind").and_then(Json::as_text).unwrap_or("") {
        "start" => Kind::Start(Start { next: next() }),
        "message" => Kind::Message(Message { text: words("text"), next: next() }),
        "listen" => Kind::Listen(Listen { idle: idle(json), branches: branches(json), r#else: text(json, "else") }),
        "ask" => Kind::Ask(Ask {
            slot: words("slot"),
            prompt: words("prompt"),
            reprompt: text(json, "reprompt"),
            attempts: int(json, "attempts").and_then(|n| u32::try_from(n).ok()).unwrap_or(2),
            idle: idle(json),
            filled: text(json, "filled"),
            failed: text(json, "failed"),
        }),
        "decision" => Kind::Decision(Decision { branches: branches(json), r#else: text(json, "else") }),
        "set" => Kind::Set(Set { assign: map(json, "assign", |v| v.as_text().map(str::to_owned)), next: next() }),
        "action" => Kind::Action(Action {
            call: words("call"),
            inputs: strings(json, "inputs"),
            time_limit: decimal(json, "time_limit"),
            ok: text(json, "ok"),
            errors: strings(json, "errors"),
            error: text(json, "error"),
            timeout: text(json, "timeout"),
        }),
        "handoff" => Kind::Handoff(Box::new(handoff(json))),
        "subflow" => Kind::Subflow(Subflow {
            flow: words("flow"),
            inputs: strings(json, "inputs"),
            outcomes: strings(json, "outcomes"),
            r#else: text(json, "else"),
        }),
        "end" => Kind::End(End { outcome: words("outcome") }),
        "todo" => Kind::Todo(Todo { text: words("text"), next: next() }),
        "note" => Kind::Note(words("text")),
        other => Kind::Unknown(other.to_owned()),
    };
    Node { title: text(json, "title"), group: text(json, "group"), checks: checks(json), kind }
}

fn priority(json: &Json) -> Option<u8> {
    int(json, "priority").and_then(|p| u8::try_from(p).ok()).filter(|p| (1..=5).contains(p))
}

fn rows(json: Option<&Json>, key: &str) -> Vec<Row> {
    json.map_or(&[][..], |j| list(j, key))
        .iter()
        .map(|r| Row {
            when: text(r, "when").unwrap_or_default(),
            to: text(r, "to").unwrap_or_default(),
            keep_place: r.get("keep_place").and_then(Json::as_bool).unwrap_or(false),
        })
        .collect()
}

fn handoff(json: &Json) -> Handoff {
    Handoff {
        context: text(json, "context").unwrap_or_default(),
        target: text(json, "target"),
        mode: match json.get("mode").and_then(Json::as_text) {
            Some("copilot") => Mode::Copilot,
            Some("ticket") => Mode::Ticket,
            Some("callback") => Mode::Callback,
            _ => Mode::Transfer,
        },
        routes: list(json, "routes")
            .iter()
            .map(|r| Route {
                when: text(r, "when").unwrap_or_default(),
                tier: text(r, "tier").unwrap_or_default(),
                priority: priority(r),
            })
            .collect(),
        tier: text(json, "tier").unwrap_or_default(),
        priority: priority(json),
        max_wait: decimal(json, "max_wait"),
        answer_within: decimal(json, "answer_within"),
        join: text(json, "join"),
        contact: strings(json, "contact"),
        requires: text(json, "requires"),
        reasons: strings(json, "reasons"),
        say: text(json, "say"),
        waiting: waiting(json.get("waiting")),
        overflow: rows(Some(json), "overflow"),
        assist: list(json, "assist")
            .iter()
            .map(|a| Assist {
                when: text(a, "when").unwrap_or_default(),
                title: text(a, "title"),
                suggest: text(a, "suggest"),
                call: text(a, "call"),
            })
            .collect(),
        returns: map(json, "returns", |r| Return { title: text(r, "title"), to: text(r, "to").unwrap_or_default() }),
        sent: text(json, "sent"),
        resumed: text(json, "resumed"),
        resolved: text(json, "resolved"),
        escalated: text(json, "escalated"),
        timeout: text(json, "timeout"),
        closed: text(json, "closed"),
        failed: text(json, "failed"),
    }
}

fn waiting(json: Option<&Json>) -> Waiting {
    Waiting {
        say: json
            .map_or(&[][..], |j| list(j, "say"))
            .iter()
            .map(|w| WaitingWords {
                after: decimal(w, "after").unwrap_or(Decimal::ZERO),
                every: decimal(w, "every"),
                text: text(w, "text").unwrap_or_default(),
            })
            .collect(),
        turns: rows(json, "turns"),
        else_say: json.and_then(|j| text(j, "else_say")),
    }
}

fn positions(doc: &Json) -> Ordered<(f64, f64)> {
    let entries = doc.get("layout").map_or(&[][..], Json::entries);
    entries
        .iter()
        .filter_map(|(id, at)| {
            let [x, y] = at.items() else { return None };
            Some((id.clone(), (x.as_decimal()?.to_f64(), y.as_decimal()?.to_f64())))
        })
        .collect()
}
