//! What is taken out of a draft before it goes out: what the author declared first, then what recognisers find in every
//! text. What must stay true: no text leaves without having been through here.

use flow_conditions::{phrase, say};
use flow_model::tree::Json;

use crate::draft::{Draft, DraftField};
use crate::envelope::{Field, Redacted};
use crate::recognise::{Kind, Strictness};
use crate::redact::{self, Keys, Outcome, Secret};
use crate::sweep::{Pair, Sweep, Swept};

/// Bytes of the longest address or number.
const LONGEST: usize = 320;

/// On what an envelope goes out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rail {
    /// A record or call, which people read behind a login: recognised data is masked.
    #[default]
    Record,
    /// A chat, whose messages nobody takes back: cards, their codes and passwords are kept out altogether.
    Chat,
    /// Nowhere: only its size is asked for. Its texts are made up, so nothing is looked for in them.
    Measure,
}

pub(crate) struct Cleaner<'a> {
    draft: &'a Draft,
    rail: Rail,
    outcomes: Vec<Outcome>,
    secrets: Vec<Secret>,
    /// Addresses and numbers that the flow sends on purpose.
    open: Vec<String>,
    pub(crate) redacted: Vec<Redacted>,
}

/// How a field goes out.
enum Goes<'c> {
    Nothing,
    /// As this.
    As(&'c Json),
    /// Without what it may not show.
    Swept(&'c DraftField, &'c Json),
}

/// How a field of one draft is sent beside one of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sends {
    /// Both send the same, or nothing.
    Alike,
    /// Only the first sends it.
    Gone,
    /// Only the second does.
    New,
    /// Each sends something else.
    Other,
}

impl<'a> Cleaner<'a> {
    pub(crate) fn new(draft: &'a Draft, keys: &Keys, rail: Rail) -> Self {
        let mut made =
            Self { draft, rail, outcomes: Vec::new(), secrets: Vec::new(), open: Vec::new(), redacted: Vec::new() };
        for (i, field) in draft.fields.iter().enumerate() {
            let outcome = field.value.as_ref().map_or(Outcome::Open, |value| {
                let mut outcome = redact::redact(value, field.redact.as_deref(), keys);
                if outcome != Outcome::Open && rail == Rail::Chat && holds_blocked(&field.name, value) {
                    outcome = Outcome::Gone { how: "block" };
                }
                redact::secrets(i, value, &outcome, &mut made.secrets);
                outcome
            });
            made.outcomes.push(outcome);
        }
        made.classed(keys);
        made.open = made.on_purpose();
        made
    }

    /// Values of a declared class are kept out of everything, unless a field sends them as they are, which is the author's
    /// word. Where a field has a rule of its own for the same value, that one counts.
    fn classed(&mut self, keys: &Keys) {
        let draft = self.draft;
        for (i, held) in draft.classed.iter().enumerate() {
            let Some(value) = &held.value else { continue };
            let on_purpose = draft.fields.iter().zip(&self.outcomes).any(|(field, outcome)| {
                *outcome == Outcome::Open && field.from.trim() == held.name && field.value.as_ref() == Some(value)
            });
            let outcome = if on_purpose { Outcome::Open } else { redact::redact(value, held.redact.as_deref(), keys) };
            redact::secrets(draft.fields.len() + i, value, &outcome, &mut self.secrets);
            self.outcomes.push(outcome);
        }
    }

    /// The field, or value of a class, that a secret is of.
    fn source(&self, of: usize) -> Option<&'a DraftField> {
        let fields = &self.draft.fields;
        fields.get(of).or_else(|| self.draft.classed.get(of.checked_sub(fields.len())?))
    }

    /// What a field, the ways to reach the customer and the customer's id send as it is and as a whole.
    fn on_purpose(&self) -> Vec<String> {
        let fields = self.draft.fields.iter().zip(&self.outcomes).filter(|(_, outcome)| **outcome == Outcome::Open);
        let whole = fields
            .filter(|(field, _)| !is_spoken(&field.from))
            .filter_map(|(field, _)| field.value.as_ref()?.as_text());
        let contact = self.draft.contact.iter().filter_map(|(_, value)| value.as_text());
        let all = whole.chain(contact).chain(self.draft.customer.as_deref());
        all.filter(|value| value.len() <= LONGEST).map(str::to_owned).collect()
    }

    fn sweep(&self, least: Strictness) -> Sweep<'_> {
        Sweep {
            look: self.rail != Rail::Measure,
            chat: self.rail == Rail::Chat,
            least: Some(least),
            open: &self.open,
            secrets: &self.secrets,
        }
    }

    /// The fields as they are sent.
    pub(crate) fn payload(&mut self) -> Vec<Field> {
        let mut payload = Vec::with_capacity(self.draft.fields.len());
        for (i, field) in self.draft.fields.iter().enumerate() {
            if let Some(value) = self.sent(i) {
                payload.push(Field {
                    name: field.name.clone(),
                    title: field.title.clone(),
                    from: field.from.clone(),
                    value,
                });
            }
        }
        payload
    }

    /// What is sent of a field.
    pub(crate) fn sent(&mut self, i: usize) -> Option<Json> {
        let field = &self.draft.fields[i];
        let value = field.value.as_ref()?;
        match self.outcomes[i].clone() {
            Outcome::Open => Some(self.open(field, value)),
            Outcome::Changed { how, value } => {
                self.declared(field.name.clone(), i, how, None);
                Some(value)
            }
            Outcome::Gone { how } => {
                self.declared(field.name.clone(), i, how, None);
                None
            }
        }
    }

    /// Whether a value that is open in both is cleaned alike by both.
    pub(crate) fn cleans_like(&self, other: &Self) -> bool {
        self.secrets.len() == other.secrets.len()
            && self.secrets.iter().zip(&other.secrets).all(|(one, two)| one.is_like(two))
            && (self.rail, &self.open) == (other.rail, &other.open)
    }

    /// A field that goes out as it is, without what another field may not show; `"redact": "none"` and a value of its own
    /// are the author's word, but no word of theirs opens a chat to cards, passwords and keys.
    fn open(&mut self, field: &DraftField, value: &Json) -> Json {
        let swept = self.sweep_of(field, value).value(value, &field.name);
        self.taken(&field.name, swept)
    }

    fn sweep_of(&self, field: &DraftField, value: &Json) -> Sweep<'_> {
        let mut sweep = self.sweep(Strictness::Contact);
        if field.redact.as_deref() == Some("none") {
            (sweep.least, sweep.secrets) = (None, &[]);
        }
        let texts = matches!(value, Json::Text(_) | Json::List(_) | Json::Map(_));
        let own = |text: &str| !is_spoken(&field.from) && self.secrets.iter().any(|secret| secret.is(text));
        if !texts || matches!(value, Json::Text(text) if own(text)) {
            sweep.secrets = &[];
        }
        sweep
    }

    /// Whether a field of this draft and one of another are sent, and sent alike.
    pub(crate) fn sends(&self, at: Option<usize>, other: &Self, with: Option<usize>, alike: bool) -> Sends {
        let (one, two) = (self.goes(at), other.goes(with));
        match (&one, &two) {
            (Goes::Nothing, Goes::Nothing) => Sends::Alike,
            (_, Goes::Nothing) => Sends::Gone,
            (Goes::Nothing, _) => Sends::New,
            (Goes::As(one), Goes::As(two)) if one == two => Sends::Alike,
            (Goes::Swept(field, value), Goes::Swept(like, with)) => {
                let (one, two) = (self.sweep_of(field, value), other.sweep_of(like, with));
                let alike = alike && one.least == two.least && one.secrets.is_empty() == two.secrets.is_empty();
                let same = Pair { one, two, alike }.sends_alike((value, &field.name), (with, &like.name));
                if same { Sends::Alike } else { Sends::Other }
            }
            _ if self.as_sent(&one) == other.as_sent(&two) => Sends::Alike,
            _ => Sends::Other,
        }
    }

    fn goes(&self, at: Option<usize>) -> Goes<'_> {
        let Some((at, value)) = at.and_then(|at| Some((at, self.draft.fields[at].value.as_ref()?))) else {
            return Goes::Nothing;
        };
        match &self.outcomes[at] {
            Outcome::Gone { .. } => Goes::Nothing,
            Outcome::Open if *value == Json::Null => Goes::Nothing,
            Outcome::Changed { value: Json::Null, .. } => Goes::Nothing,
            Outcome::Open => Goes::Swept(&self.draft.fields[at], value),
            Outcome::Changed { value, .. } => Goes::As(value),
        }
    }

    fn as_sent(&self, goes: &Goes<'_>) -> Json {
        match goes {
            Goes::Nothing => Json::Null,
            Goes::As(value) => (*value).clone(),
            Goes::Swept(field, value) => self.sweep_of(field, value).value(value, &field.name).value,
        }
    }

    /// A text without what it may not show.
    pub(crate) fn text(&mut self, name: &str, text: Option<&str>) -> Option<String> {
        let swept = self.sweep(Strictness::Contact).text(text?, "");
        match self.taken(name, swept) {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A text without what it may not show, and no word of it.
    pub(crate) fn shown(&self, text: &str, before: &str) -> String {
        match self.sweep(Strictness::Contact).text(text, before).value {
            Json::Text(text) => text,
            _ => String::new(),
        }
    }

    /// Values without what they may not show.
    pub(crate) fn values(&mut self, name: &str, values: &[Json]) -> Vec<Json> {
        let swept = self.sweep(Strictness::Contact).value(&Json::List(values.to_vec()), "");
        match self.taken(name, swept) {
            Json::List(items) => items,
            _ => Vec::new(),
        }
    }

    /// An id or address: as it is but for what is more than that.
    pub(crate) fn id(&mut self, name: &str, text: Option<&str>, least: Strictness) -> Option<String> {
        match self.given(name, &Json::text(text?), least) {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// An address to open: as it is but for values of a declared class and what is more than an address.
    pub(crate) fn address(&mut self, name: &str, text: Option<&str>) -> Option<String> {
        let text = text?;
        if self.rail != Rail::Measure && !is_web(text) {
            let why = phrase!("it is no address of the web (http or https), so nobody is to open it").to_owned();
            let field = name.to_owned();
            self.redacted.push(Redacted { field, class: None, kind: None, part: None, count: 1, how: "drop", why });
            return None;
        }
        let plain = crate::request::decoded(text);
        let swept = self.sweep(Strictness::Identity).value(&Json::text(&plain), name);
        // What stands in it percent-encoded is found as it reads.
        let swept = match swept.value.as_text() {
            Some(same) if same == plain => return Some(text.to_owned()),
            _ => swept,
        };
        self.taken(name, swept).as_text().map(|clean| clean.replace(' ', "%20"))
    }

    /// What says how the customer is reached: as it is but for what is more than that.
    pub(crate) fn given(&mut self, name: &str, value: &Json, least: Strictness) -> Json {
        let sweep = Sweep { secrets: &[], ..self.sweep(least) };
        let swept = sweep.value(value, name);
        self.taken(name, swept)
    }

    fn found(&mut self, name: &str, found: &[usize]) {
        let mut found = found.to_vec();
        found.sort_unstable();
        for field in &found {
            let how = match &self.outcomes[*field] {
                Outcome::Changed { how, .. } | Outcome::Gone { how } => how,
                Outcome::Open => continue,
            };
            let holds = self.source(*field).map(|field| field.name.as_str());
            self.declared(name.to_owned(), *field, how, holds);
        }
    }

    fn declared(&mut self, field: String, of: usize, how: &'static str, holds: Option<&str>) {
        let source = self.source(of);
        let class = source.and_then(|field| field.class.clone());
        let told = source.and_then(|field| field.redact.as_deref());
        let rule = match (how, &class) {
            ("failed", _) => phrase!("it could not be redacted as told, so it is not sent").to_owned(),
            ("block", _) if told != Some("block") => {
                phrase!("it is a card, password or key, which no chat may hold").to_owned()
            }
            (_, Some(class)) => say!("it is data of the class {class}", class).text(),
            (_, None) => phrase!("the field says so").to_owned(),
        };
        let why = match holds {
            Some(holds) => say!("it holds the value of {holds}: {rule}", holds, rule).text(),
            None => rule,
        };
        self.redacted.push(Redacted { field, class, kind: None, part: None, count: 1, how, why });
    }

    /// Lists what was taken out, declared first.
    fn taken(&mut self, field: &str, swept: Swept) -> Json {
        self.found(field, &swept.fields);
        for one in swept.found {
            let words = one.kind.words();
            let why = match (one.how, &one.part) {
                ("block", _) => say!("it looks like {words}, which no chat may hold", words).text(),
                (_, None) => say!("it looks like {words}", words).text(),
                (_, Some(_)) => say!("it holds what looks like {words}", words).text(),
            };
            self.redacted.push(Redacted {
                field: field.to_owned(),
                class: None,
                kind: Some(one.kind.id()),
                part: one.part,
                count: one.count,
                how: one.how,
                why,
            });
        }
        swept.value
    }
}

/// Whether an address is one of the web: what else a program would open, or run, is not for a text that holds what customers
/// said.
fn is_web(address: &str) -> bool {
    let starts = |scheme: &str| address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    starts("https://") || starts("http://")
}

/// Whether a field takes what somebody wrote or said: any call, and the names of free texts.
fn is_spoken(from: &str) -> bool {
    const SPOKEN: &[&str] = &["text", "trigger.text", "agent.note", "error.message"];
    let from = from.trim();
    from.contains('(') || SPOKEN.contains(&from)
}

/// Whether a value that is redacted as declared is, or holds, what no chat may hold.
fn holds_blocked(name: &str, value: &Json) -> bool {
    let sweep = Sweep { look: true, chat: true, least: None, open: &[], secrets: &[] };
    sweep.value(value, name).found.iter().any(|one| Kind::blocked_in_chats(one.kind))
}
