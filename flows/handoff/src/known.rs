//! What the payload says, by its meaning: the same for every flow, whatever it calls its fields.
//!
//! What must stay true: nothing stands here that no field of the context sends. Each value is the one of a payload field,
//! redacted as it is, and found by the expression from which the flow takes it.

use flow_conditions::decimal::Decimal;
use flow_model::tree::{Json, Number};

use crate::draft::Draft;
use crate::envelope::Envelope;
use crate::moment::rfc3339;
use crate::request::object;
use crate::resume;

/// The keys that follow those of the header, always all of them; `null` where the flow sends nothing of it.
pub(crate) fn known(draft: &Draft, made: &Envelope) -> Vec<(String, Json)> {
    let said = Said { draft, made };
    [
        ("channel", said.of("channel").unwrap_or(Json::Null)),
        ("intent", said.intent()),
        ("sentiment", said.group(&[("now", "sentiment"), ("trend", "sentiment_trend"), ("course", "sentiments()")])),
        ("frustration", said.of("frustration").unwrap_or(Json::Null)),
        ("entities", said.of("entities()").unwrap_or(Json::Null)),
        ("slots", said.below("slots.")),
        ("about_customer", said.below("customer.")),
        ("error", said.group(&[("code", "error.code"), ("message", "error.message"), ("action", "error.action")])),
        ("actions", said.of("actions()").unwrap_or(Json::Null)),
        ("failed_action", said.failed_action()),
        ("transcript", said.transcript()),
        ("path", said.of("path()").unwrap_or(Json::Null)),
        ("skills", Json::List(draft.skills.iter().map(Json::text).collect())),
        ("slo", slo(draft, made)),
        ("classes", said.classes()),
        ("resume", resume(draft, made)),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect()
}

struct Said<'a> {
    draft: &'a Draft,
    made: &'a Envelope,
}

/// An expression without its spaces, and `f(…)` as `f()`.
fn source(from: &str) -> String {
    let plain: String = from.chars().filter(|c| !c.is_whitespace()).collect();
    match plain.split_once('(') {
        Some((function, rest)) if rest.ends_with(')') && !function.contains(['"', '\'']) => format!("{function}()"),
        _ => plain,
    }
}

impl Said<'_> {
    /// The value, as it is sent, of the first field that is taken from this.
    fn of(&self, wanted: &str) -> Option<Json> {
        self.fields(&|from| from == wanted).next().map(|(_, value)| value)
    }

    fn fields<'b>(&'b self, wanted: &'b dyn Fn(&str) -> bool) -> impl Iterator<Item = (String, Json)> + 'b {
        self.draft.fields.iter().filter_map(move |field| {
            let from = source(&field.from);
            wanted(&from).then_some(())?;
            Some((from, self.made.field(&field.name)?.clone()))
        })
    }

    /// An object of the values that are sent; `null` where none is.
    fn group(&self, keys: &[(&str, &str)]) -> Json {
        let found: Vec<Option<Json>> = keys.iter().map(|(_, from)| self.of(from)).collect();
        if found.iter().all(Option::is_none) {
            return Json::Null;
        }
        let entries = keys.iter().zip(found);
        Json::Map(entries.map(|((key, _), value)| ((*key).to_owned(), value.unwrap_or(Json::Null))).collect())
    }

    fn intent(&self) -> Json {
        let mut intent =
            self.group(&[("name", "intent"), ("confidence", "confidence"), ("alternatives", "alternatives()")]);
        if let Json::Map(map) = &mut intent {
            let title = map.first().and_then(|(_, name)| name.as_text()).and_then(|name| {
                self.draft.intents.iter().find(|(id, _)| id == name).map(|(_, title)| Json::text(title))
            });
            map.insert(1, ("title".to_owned(), title.unwrap_or(Json::Null)));
        }
        intent
    }

    /// All that is sent of a kind of names, without their common beginning.
    fn below(&self, prefix: &str) -> Json {
        let mut map = Json::map();
        for (from, value) in self.fields(&|from| from.starts_with(prefix) && is_name(from)) {
            map.set(from.strip_prefix(prefix).unwrap_or(&from), value);
        }
        if map.entries().is_empty() { Json::Null } else { map }
    }

    /// The call that failed last, with what it was given, where the flow sends what was tried.
    fn failed_action(&self) -> Json {
        let tried = self.of("actions()");
        let failed = tried.as_ref().and_then(|tried| {
            tried
                .items()
                .iter()
                .rev()
                .find(|call| call.get("status").and_then(Json::as_text).is_some_and(|status| status != "ok"))
        });
        let Some(failed) = failed else { return Json::Null };
        let times = tried.as_ref().map_or(0, |tried| {
            let same = |call: &&Json| call.get("call") == failed.get("call");
            tried.items().iter().filter(same).count()
        });
        let mut map = failed.clone();
        map.set("times", Json::int(i64::try_from(times).unwrap_or(i64::MAX)));
        map
    }

    /// The longest transcript that a field sends.
    fn transcript(&self) -> Json {
        let all = self.fields(&|from| from.starts_with("transcript."));
        all.map(|(_, value)| value).max_by_key(|value| value.items().len()).unwrap_or(Json::Null)
    }

    /// The classes that fields with a value have: why they may be used, how long kept, which fields, and what was done.
    fn classes(&self) -> Json {
        let mut classes = Json::map();
        for class in &self.draft.classes {
            let of = |field: &&crate::DraftField| field.class.as_ref() == Some(&class.id) && field.value.is_some();
            let fields: Vec<Json> = self.draft.fields.iter().filter(of).map(|field| Json::text(&field.name)).collect();
            if fields.is_empty() {
                continue;
            }
            let text = |text: &Option<String>| text.as_ref().map_or(Json::Null, Json::text);
            classes.set(
                &class.id,
                object([
                    ("title", text(&class.title)),
                    ("basis", text(&class.basis)),
                    ("retain_days", class.retain_days.map_or(Json::Null, Json::int)),
                    ("fields", Json::List(fields)),
                ]),
            );
        }
        classes
    }
}

fn is_name(from: &str) -> bool {
    from.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
}

fn number(value: Option<Decimal>) -> Json {
    value.map_or(Json::Null, |value| Json::Number(Number::from(value)))
}

fn slo(draft: &Draft, made: &Envelope) -> Json {
    if draft.answer_within.is_none() && draft.share.is_none() {
        return Json::Null;
    }
    object([
        ("answer_within", number(draft.answer_within)),
        ("share", number(draft.share)),
        ("deadline", made.deadline.map_or(Json::Null, |at| Json::Text(rfc3339(at)))),
    ])
}

fn resume(draft: &Draft, made: &Envelope) -> Json {
    object([
        ("token", made.resume_token.as_ref().map_or(Json::Null, Json::text)),
        ("expires", Json::Text(rfc3339(resume::expires(draft.time)))),
        ("returns", Json::List(draft.returns.iter().map(Json::text).collect())),
    ])
}

#[cfg(test)]
mod tests {
    use flow_model::tree::compact;

    use super::*;
    use crate::{DraftClass, DraftField, Keys, envelope};

    fn json(text: &str) -> Json {
        flow_model::tree::read(text).json.unwrap()
    }

    fn field(name: &str, from: &str, value: &str) -> DraftField {
        DraftField { name: name.to_owned(), from: from.to_owned(), value: Some(json(value)), ..DraftField::default() }
    }

    fn draft() -> Draft {
        let mut fields = vec![
            field("topic", "intent", r#""fee""#),
            field("sure", " confidence ", "0.62"),
            field("or", "alternatives( 2 )", r#"[{"intent":"refund","confidence":0.2}]"#),
            field("mood", "sentiments()", "[0,-0.45]"),
            field("charge", "slots.transaction_id", r#""TX-99881234""#),
            field("vip", "customer.tier", r#""vip""#),
            field("five", "slots.n + 5", "6"),
            field(
                "tried",
                "actions()",
                r#"[{"action":"a","call":"look","inputs":{"id":"TX-99881234"},"status":"error","code":"E1"},
                    {"action":"b","call":"other","inputs":{},"status":"ok"}]"#,
            ),
            field("last", "transcript.last(1)", r#"[{"who":"customer","text":"x"}]"#),
            field("all", "transcript.all()", r#"[{"who":"ai","text":"y"},{"who":"customer","text":"x"}]"#),
        ];
        fields[4].class = Some("financial".to_owned());
        fields[4].redact = Some("mask".to_owned());
        Draft {
            fields,
            intents: vec![("fee".to_owned(), "Disputes a fee".to_owned())],
            skills: vec!["cards".to_owned()],
            share: Some("0.8".parse().unwrap()),
            classes: vec![DraftClass {
                id: "financial".to_owned(),
                basis: Some("contract".to_owned()),
                retain_days: Some(90),
                title: None,
            }],
            returns: vec!["resumed".to_owned()],
            mode: "transfer",
            ..Draft::default()
        }
    }

    #[test]
    fn what_fields_say_stands_by_its_meaning_and_redacted() {
        let made = envelope(&draft(), &Keys::default());
        for (key, value) in [
            (
                "intent",
                r#"{"name":"fee","title":"Disputes a fee","confidence":0.62,"alternatives":[{"intent":"refund","confidence":0.2}]}"#,
            ),
            ("sentiment", r#"{"now":null,"trend":null,"course":[0,-0.45]}"#),
            ("slots", r#"{"transaction_id":"****1234"}"#),
            ("about_customer", r#"{"tier":"vip"}"#),
            (
                "failed_action",
                r#"{"action":"a","call":"look","inputs":{"id":"****1234"},"status":"error","code":"E1","times":1}"#,
            ),
            ("transcript", r#"[{"who":"ai","text":"y"},{"who":"customer","text":"x"}]"#),
            ("error", "null"),
            ("channel", "null"),
            ("skills", r#"["cards"]"#),
            ("slo", r#"{"answer_within":null,"share":0.8,"deadline":null}"#),
            ("classes", r#"{"financial":{"title":null,"basis":"contract","retain_days":90,"fields":["charge"]}}"#),
            ("resume", r#"{"token":null,"expires":"1970-01-08T00:00:00Z","returns":["resumed"]}"#),
        ] {
            assert_eq!(compact(made.json.get(key).unwrap()), value, "{key}");
        }
    }

    #[test]
    fn nothing_is_known_that_no_field_sends() {
        let made = envelope(&Draft { mode: "transfer", ..Draft::default() }, &Keys::default());
        for key in
            ["channel", "intent", "sentiment", "entities", "slots", "about_customer", "error", "actions", "transcript"]
        {
            assert_eq!(made.json.get(key), Some(&Json::Null), "{key}");
        }
    }

    #[test]
    fn a_token_needs_a_key_and_is_its_own_for_each_handoff() {
        let keys = Keys::one(b"key");
        let one = envelope(&draft(), &keys).resume_token.unwrap();
        let other = envelope(&Draft { ordinal: 1, ..draft() }, &keys).resume_token.unwrap();
        assert!(one != other && one.len() <= 64, "{one}");
        assert!(resume::token_holds(&one, &envelope(&draft(), &keys).id, 0, &keys));
        assert!(!resume::token_holds(&one, &envelope(&draft(), &keys).id, resume::expires(0) + 1, &keys));
        assert!(!resume::token_holds(&other, &envelope(&draft(), &keys).id, 0, &keys));
        assert!(!resume::token_holds(&one, &envelope(&draft(), &keys).id, 0, &Keys::default()));
    }
}
