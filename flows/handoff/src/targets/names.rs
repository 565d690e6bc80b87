//! The names in what a target writes: ids of the environment, ids that a flow gives a tier, and what an answer before gives.

use flow_model::flow;
use flow_model::tree::Json;

use crate::envelope::Envelope;
use crate::environment::Environment;
use crate::request::Meter;
use crate::targets::note;
use crate::targets::sized::Part;
use crate::words;

/// What most targets send beside the fields (see `carriage::parts`), and what people read of it.
pub const OWN: &[(&str, &str)] = &[
    ("handoff_id", "Request"),
    ("conversation_id", "Conversation"),
    ("reasons", "Why"),
    ("tier", "Tier"),
    ("priority", "Priority, 1 is the most urgent"),
    ("mode", "Mode"),
    ("deadline", "Answer by"),
    ("customer", "Customer"),
    ("locale", "Language"),
    ("resume_token", "Token to hand back with"),
    ("context_url", "Open"),
    ("summary", "Summary"),
    ("trigger", "Trigger"),
    ("trigger_text", "It began with"),
    ("told", "The customer was told that you see"),
    ("contact", "Contact"),
    ("people", "People before"),
    ("truncated", "Left out or shortened"),
];

/// Those of [`OWN`] that an agent reads first.
pub const SHOWN: &[&str] = &["summary", "reasons", "deadline", "told", "context_url"];

/// Fills names in. A name that neither the environment nor an answer before gives is listed as missing.
pub struct Names<'a> {
    setup: &'a flow::Target,
    tier: &'a str,
    environment: &'a Environment,
    kept: &'static [&'static str],
    missing: Vec<String>,
}

impl<'a> Names<'a> {
    /// The names of one request; `kept` are given by answers and stay as they are.
    #[must_use]
    pub fn new(
        envelope: &'a Envelope,
        setup: &'a flow::Target,
        environment: &'a Environment,
        kept: &'static [&'static str],
    ) -> Self {
        Self { setup, tier: &envelope.tier, environment, kept, missing: Vec::new() }
    }

    /// What the flow says of the target.
    #[must_use]
    pub fn setup(&self) -> &'a flow::Target {
        self.setup
    }

    /// A text with its names replaced.
    pub fn text(&mut self, text: &str) -> String {
        let mut named = Vec::new();
        let filled = self.environment.text(text, &mut named);
        for name in named {
            if !self.kept.contains(&name.as_str()) && !self.missing.contains(&name) {
                self.missing.push(name);
            }
        }
        filled
    }

    /// What the flow gives the tier under this key, with its names replaced.
    pub fn of_tier(&mut self, key: &str) -> Option<String> {
        let value = self.setup.tiers.get(self.tier)?.get(key)?;
        Some(self.text(&words::plain(value)))
    }

    /// What the flow gives the tier under this key, else a usual text.
    pub fn id(&mut self, key: &str, usual: &str) -> String {
        self.of_tier(key).unwrap_or_else(|| self.text(usual))
    }

    /// The place that the flow names for a field.
    pub fn place(&mut self, field: &str) -> Option<String> {
        let place = self.setup.fields.get(field)?;
        Some(self.text(place))
    }

    /// The names without a value.
    #[must_use]
    pub fn missing(self) -> Vec<String> {
        self.missing
    }
}

/// The largest length of a body that is sure to be taken where the limits are on parts of it: a byte more is at most one
/// more of whatever is counted. Below the length of the body where a limit is passed, without end where none is of the
/// whole.
#[must_use]
pub fn sure(body: &str, meters: &[Meter]) -> usize {
    let over = meters.iter().map(|meter| meter.used.saturating_sub(meter.most)).max().unwrap_or(0);
    if over > 0 {
        return body.len().saturating_sub(over);
    }
    let whole = meters.iter().filter(|meter| meter.part.is_none() && meter.unit != "count");
    let left = whole.map(|meter| meter.most.saturating_sub(meter.used)).min();
    left.map_or(usize::MAX, |left| body.len().saturating_add(left))
}

/// Puts a value where a path of keys leads; what stands in the way gives place to an object.
pub fn put(json: &mut Json, path: &[&str], value: Json) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        json.set(first, value);
        return;
    }
    let mut inner = match json.get(first) {
        Some(Json::Map(entries)) => Json::Map(entries.clone()),
        _ => Json::map(),
    };
    put(&mut inner, rest, value);
    json.set(first, inner);
}

/// The most characters of a name beside the fields.
const NAME: usize = 120;

/// How the customer is called: a name in the contact, else the id, in one line.
#[must_use]
pub fn customer_name(envelope: &Envelope) -> Option<String> {
    let name = contact(envelope, &["name"]).or_else(|| envelope.customer.clone());
    name.map(|name| note::one_line(&name, NAME)).filter(|name| !name.is_empty())
}

/// The first of these keys that the contact has.
#[must_use]
pub fn contact(envelope: &Envelope, keys: &[&str]) -> Option<String> {
    let of = |key: &&str| envelope.contact.iter().find(|(name, _)| name == key).map(|(_, value)| words::plain(value));
    keys.iter().find_map(of).filter(|text| !text.trim().is_empty())
}

/// What a note tells of an envelope whose parts were cut; what a field of the same name brings is told there.
#[must_use]
pub fn as_cut(envelope: &Envelope, parts: &[Part<'_>]) -> Envelope {
    let own = |name: &str| {
        let part = parts.iter().find(|part| part.name == name)?;
        envelope.field(name).is_none().then(|| part.value.clone().into_owned())
    };
    let text = |name: &str| own(name).map(|value| words::plain(&value));
    let people = match own("people") {
        Some(Json::List(people)) => people,
        Some(other) => vec![other],
        None => Vec::new(),
    };
    let contact = match own("contact") {
        Some(Json::Map(entries)) => entries,
        Some(other) => vec![("contact".to_owned(), other)],
        None => Vec::new(),
    };
    Envelope {
        json: Json::Null,
        summary: text("summary"),
        told: text("told"),
        trigger_text: text("trigger_text"),
        payload: Vec::new(),
        people,
        contact,
        ..head(envelope)
    }
}

/// The ids and words of an envelope that are never cut.
fn head(envelope: &Envelope) -> Envelope {
    Envelope {
        id: envelope.id.clone(),
        json: Json::Null,
        flow_title: envelope.flow_title.clone(),
        conversation: envelope.conversation.clone(),
        tier: envelope.tier.clone(),
        tier_title: envelope.tier_title.clone(),
        priority: envelope.priority,
        mode: envelope.mode,
        join: envelope.join.clone(),
        reasons: envelope.reasons.clone(),
        summary: None,
        told: None,
        trigger_text: None,
        payload: Vec::new(),
        unset: Vec::new(),
        redacted: Vec::new(),
        contact: Vec::new(),
        customer: envelope.customer.clone(),
        locale: envelope.locale.clone(),
        time: envelope.time,
        deadline: envelope.deadline,
        people: Vec::new(),
        screen: envelope.screen.clone(),
        skills: envelope.skills.clone(),
        resume_token: envelope.resume_token.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flow_model::tree::compact;

    #[test]
    fn paths_make_objects() {
        let mut json = Json::map();
        put(&mut json, &["a", "b"], Json::int(1));
        put(&mut json, &["a", "c"], Json::int(2));
        put(&mut json, &["d"], Json::int(3));
        put(&mut json, &["d", "e"], Json::int(4));
        assert_eq!(compact(&json), r#"{"a":{"b":1,"c":2},"d":{"e":4}}"#);
    }

    #[test]
    fn what_is_sure_to_be_taken_follows_the_tightest_limit() {
        let meter = |used, most| Meter { what: String::new(), unit: "bytes", used, most, part: None };
        assert_eq!(sure("12345", &[meter(3, 10), meter(1, 3)]), 7);
        assert_eq!(sure("12345", &[meter(3, 10), meter(6, 3)]), 2);
        assert_eq!(sure("12345", &[]), usize::MAX);
    }
}
