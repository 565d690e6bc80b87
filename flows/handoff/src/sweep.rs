//! Declared values and recognisers over the texts of a value: what stands in their place, and where they were found.
//! Recognisers read the text as it was: what stands beside a card says what else there is, declared or not.

use std::borrow::Cow;

use flow_model::tree::{Json, Number};

use crate::recognise::{self, Found, Kind, Strictness};
use crate::redact::{self, Secret};
use crate::secret_names::{label, secret_name};

/// Digits from which on a number could be a card.
const CARD: usize = 13;

/// How a value is swept.
pub(crate) struct Sweep<'a> {
    /// Whether anything is looked for.
    pub(crate) look: bool,
    /// Whether it goes into a chat.
    pub(crate) chat: bool,
    /// What is kept back: kinds at least as strict. Without one, only what no chat may hold.
    pub(crate) least: Option<Strictness>,
    /// Values that are sent on purpose.
    pub(crate) open: &'a [String],
    /// Values of other fields that may not stand here.
    pub(crate) secrets: &'a [Secret],
}

/// Parts of one kind in one text.
pub(crate) struct Part {
    /// Where in the value: `[2].text`; `None` for the whole of it.
    pub(crate) part: Option<String>,
    /// What it is.
    pub(crate) kind: Kind,
    /// How many.
    pub(crate) count: usize,
    /// `mask` or `block`.
    pub(crate) how: &'static str,
}

/// A value without what it may not show.
pub(crate) struct Swept {
    /// The value.
    pub(crate) value: Json,
    /// What was recognised and taken out.
    pub(crate) found: Vec<Part>,
    /// The fields whose values were taken out.
    pub(crate) fields: Vec<usize>,
}

/// A part of a text and what stands in its place.
struct Change {
    start: usize,
    end: usize,
    instead: String,
}

impl Sweep<'_> {
    /// A value; `name` is what it is called, or what was said before.
    pub(crate) fn value(&self, value: &Json, name: &str) -> Swept {
        let mut swept = Swept { value: Json::Null, found: Vec::new(), fields: Vec::new() };
        swept.value = self.walk(value, &label(name), secret_name(name), &mut String::new(), &mut swept);
        swept
    }

    /// A text.
    pub(crate) fn text(&self, text: &str, before: &str) -> Swept {
        let mut swept = Swept { value: Json::Null, found: Vec::new(), fields: Vec::new() };
        swept.value = Json::Text(self.leaf(text, before, None, "", &mut swept));
        swept
    }

    fn walk(&self, value: &Json, before: &str, secret: Option<Kind>, part: &mut String, swept: &mut Swept) -> Json {
        match value {
            Json::Text(text) => Json::Text(self.leaf(text, before, secret, part, swept)),
            Json::Number(number) => self.number(number, before, secret, part, swept),
            Json::List(items) => self.list(items, before, secret, part, swept),
            Json::Map(entries) => self.entries(value, entries, None, part, swept),
            Json::Null | Json::Bool(_) => value.clone(),
        }
    }

    /// The entries of an object; `said` is the line before it, where it is a line of a conversation.
    fn entries(&self, map: &Json, entries: &[Entry], said: Option<&str>, part: &mut String, swept: &mut Swept) -> Json {
        let called = called(map);
        let own = entries.iter().map(|(key, value)| {
            let length = part.len();
            part.push('.');
            part.push_str(key);
            let (before, secret) = beside(key, called, said);
            let clean = self.walk(value, &before, secret, part, swept);
            part.truncate(length);
            (key.clone(), clean)
        });
        Json::Map(own.collect())
    }

    /// The items of a list; what was said in one is what stands before the next.
    fn list(&self, items: &[Json], before: &str, secret: Option<Kind>, part: &mut String, swept: &mut Swept) -> Json {
        let mut said = before;
        let mut clean = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let length = part.len();
            part.push_str(&format!("[{at}]"));
            clean.push(match spoken(item) {
                Some((entries, text)) => {
                    let own = self.entries(item, entries, Some(said), part, swept);
                    said = text;
                    own
                }
                None => self.walk(item, before, secret, part, swept),
            });
            part.truncate(length);
        }
        Json::List(clean)
    }

    /// A value as it is sent, with what stands beside it.
    fn clean(&self, one: &Beside<'_>) -> Json {
        let mut swept = Swept { value: Json::Null, found: Vec::new(), fields: Vec::new() };
        match (one.said, one.value) {
            (Some(said), Json::Map(entries)) => {
                self.entries(one.value, entries, Some(said), &mut String::new(), &mut swept)
            }
            _ => self.walk(one.value, &one.before, one.secret, &mut String::new(), &mut swept),
        }
    }

    fn number(&self, number: &Number, before: &str, secret: Option<Kind>, part: &str, swept: &mut Swept) -> Json {
        let named =
            secret.is_some() || before.contains(':') || self.secrets.iter().any(|secret| secret.is(number.text()));
        if number.text().len() < CARD && !named {
            return Json::Number(number.clone());
        }
        let clean = self.leaf(number.text(), before, secret, part, swept);
        if clean == number.text() { Json::Number(number.clone()) } else { Json::Text(clean) }
    }

    fn leaf(&self, text: &str, before: &str, secret: Option<Kind>, part: &str, swept: &mut Swept) -> String {
        let mut recognised = if self.look { recognise::recognise(text, before) } else { Vec::new() };
        if let (Some(kind), false, true) = (secret, text.is_empty(), recognised.is_empty()) {
            recognised.push(Found { start: 0, end: text.len(), kind });
        }
        let mut changes = Vec::new();
        let declared = redact::places(text, self.secrets);
        let mut next = declared.iter().peekable();
        for one in &recognised {
            let found = &text[one.start..one.end];
            let Some(how) = self.how(one.kind, found) else { continue };
            while next.next_if(|(_, end, _)| *end <= one.start).is_some() {}
            // What is declared comes first; a find that is more than that has the whole.
            if next.peek().is_some_and(|(start, end, _)| *start <= one.start && one.end <= *end) {
                continue;
            }
            let instead = if how == "block" { "[blocked]".to_owned() } else { one.kind.mask(found) };
            note(&mut swept.found, part, one, how, text.trim().len() == found.len());
            changes.push(Change { start: one.start, end: one.end, instead });
        }
        self.hide(&declared, &mut changes, &mut swept.fields);
        changed(text, &changes)
    }

    /// Adds the changes of declared values to those of recognised ones.
    fn hide(&self, declared: &[(usize, usize, usize)], changes: &mut Vec<Change>, fields: &mut Vec<usize>) {
        let mut own = Vec::new();
        let mut others = changes.iter().peekable();
        for (start, end, which) in declared {
            while others.next_if(|change| change.end <= *start).is_some() {}
            let secret = &self.secrets[*which];
            if !fields.contains(&secret.field) {
                fields.push(secret.field);
            }
            if others.peek().is_none_or(|change| change.start >= *end) {
                own.push(Change { start: *start, end: *end, instead: secret.instead.clone() });
            }
        }
        changes.extend(own);
        changes.sort_by_key(|change| change.start);
    }

    /// What is done to a find, if anything is.
    fn how(&self, kind: Kind, found: &str) -> Option<&'static str> {
        if self.chat && kind.blocked_in_chats() {
            return Some("block");
        }
        let kept = self.least.is_some_and(|least| kind.strictness() >= least);
        let on_purpose =
            || kind.strictness() == Strictness::Contact && self.open.iter().any(|own| same(kind, own, found));
        (kept && !on_purpose()).then_some("mask")
    }
}

type Entry = (String, Json);

/// A value with what stands beside it.
struct Beside<'v> {
    value: &'v Json,
    before: Cow<'v, str>,
    secret: Option<Kind>,
    /// The line before, where it is a line of a conversation.
    said: Option<&'v str>,
}

/// What the `value` of an object is called: `{"name": "password", "value": "…"}`.
fn called(map: &Json) -> Option<&str> {
    ["name", "key", "field", "id", "label"].iter().find_map(|key| map.get(key)?.as_text())
}

/// What stands beside the value of a key.
fn beside<'v>(key: &'v str, called: Option<&'v str>, said: Option<&'v str>) -> (Cow<'v, str>, Option<Kind>) {
    match said {
        Some(said) => (Cow::Borrowed(if key == "text" { said } else { "" }), None),
        None => {
            let name = if key == "value" { called.unwrap_or(key) } else { key };
            (Cow::Owned(label(name)), secret_name(name))
        }
    }
}

/// A line of a conversation, and what is said in it.
fn spoken(item: &Json) -> Option<(&[Entry], &str)> {
    let Json::Map(entries) = item else { return None };
    item.get("who")?;
    Some((entries, item.get("text")?.as_text()?))
}

/// Two sweeps, of which it is asked whether they send the same.
pub(crate) struct Pair<'a> {
    pub(crate) one: Sweep<'a>,
    pub(crate) two: Sweep<'a>,
    /// Whether both do the same to the same value.
    pub(crate) alike: bool,
}

impl Pair<'_> {
    /// Whether two values are sent alike; no more of them is looked through than it takes to know.
    pub(crate) fn sends_alike(&self, (one, name): (&Json, &str), (two, other): (&Json, &str)) -> bool {
        if self.alike && name == other && one == two {
            return true;
        }
        if let (Json::List(left), Json::List(right)) = (one, two)
            && left.len() != right.len()
        {
            return false;
        }
        let named = |value, name: &str| Beside {
            value,
            before: Cow::Owned(label(name)),
            secret: secret_name(name),
            said: None,
        };
        self.same(&named(one, name), &named(two, other))
    }

    fn same(&self, one: &Beside<'_>, two: &Beside<'_>) -> bool {
        let beside = (&one.before, one.secret, one.said) == (&two.before, two.secret, two.said);
        if self.alike && beside && one.value == two.value {
            return true;
        }
        match (one.value, two.value) {
            (Json::List(left), Json::List(right)) => left.len() == right.len() && self.items(one, left, two, right),
            (Json::Map(left), Json::Map(right)) => left.len() == right.len() && self.entries(one, left, two, right),
            _ => self.one.clean(one) == self.two.clean(two),
        }
    }

    fn items(&self, one: &Beside<'_>, left: &[Json], two: &Beside<'_>, right: &[Json]) -> bool {
        let (mut before, mut other) = (&*one.before, &*two.before);
        left.iter().zip(right).all(|(left, right)| {
            let same = self.same(&item(left, one, before), &item(right, two, other));
            before = spoken(left).map_or(before, |(_, text)| text);
            other = spoken(right).map_or(other, |(_, text)| text);
            same
        })
    }

    fn entries(&self, one: &Beside<'_>, left: &[Entry], two: &Beside<'_>, right: &[Entry]) -> bool {
        let (called, other) = (called(one.value), called(two.value));
        left.iter().zip(right).all(|((key, left), (same, right))| {
            let (before, secret) = beside(key, called, one.said);
            let left = Beside { value: left, before, secret, said: None };
            let (before, secret) = beside(same, other, two.said);
            key == same && self.same(&left, &Beside { value: right, before, secret, said: None })
        })
    }
}

/// An item of a list.
fn item<'v>(value: &'v Json, list: &'v Beside<'_>, said: &'v str) -> Beside<'v> {
    let said = spoken(value).map(|_| said);
    Beside { value, before: Cow::Borrowed(&*list.before), secret: list.secret, said }
}

/// A text with its changes, which are in order and apart from each other.
fn changed(text: &str, changes: &[Change]) -> String {
    let mut out = String::new();
    let mut done = 0;
    for change in changes {
        out.push_str(&text[done..change.start]);
        out.push_str(&change.instead);
        done = change.end;
    }
    out.push_str(&text[done..]);
    out
}

fn note(found: &mut Vec<Part>, part: &str, one: &Found, how: &'static str, whole: bool) {
    let place = if part.is_empty() && whole { None } else { Some(part.to_owned()) };
    match found.iter_mut().rev().take(recognise::Kind::ALL.len()).find(|p| p.part == place && p.kind == one.kind) {
        Some(known) => known.count += 1,
        None => found.push(Part { part: place, kind: one.kind, count: 1, how }),
    }
}

/// Whether two are the same address or number, however they are written.
fn same(kind: Kind, own: &str, found: &str) -> bool {
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).collect::<Vec<u8>>();
    match kind {
        Kind::Phone => digits(own) == digits(found) && own.len() <= 32,
        _ => own.trim().to_lowercase() == found.to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flow_model::tree::{compact, read};

    fn swept(json: &str, name: &str, chat: bool) -> (String, Vec<String>) {
        let sweep = Sweep {
            look: true,
            chat,
            least: Some(Strictness::Contact),
            open: &["+44 7700 900123".to_owned()],
            secrets: &[],
        };
        let made = sweep.value(&read(json).json.unwrap(), name);
        let found = made
            .found
            .iter()
            .map(|p| format!("{} {} {}x{}", p.part.as_deref().unwrap_or("-"), p.kind.id(), p.how, p.count));
        (compact(&made.value), found.collect())
    }

    #[test]
    fn every_text_of_a_value_is_looked_at_with_its_name() {
        let (value, found) = swept(
            r#"{"cvv":"123","order":"123","inputs":{"pin":4711,"card":"4111 1111 1111 1111","n":4711},"number":378282246310005,
                "mail":["a@example.com","b@example.com, c@example.com"]}"#,
            "actions",
            false,
        );
        assert_eq!(
            value,
            r#"{"cvv":"****","order":"123","inputs":{"pin":"****","card":"****1111","n":4711},"number":"****0005","mail":["****","****, ****"]}"#
        );
        assert_eq!(
            found,
            [
                ".cvv cvv maskx1",
                ".inputs.pin password maskx1",
                ".inputs.card card maskx1",
                ".number card maskx1",
                ".mail[0] email maskx1",
                ".mail[1] email maskx2"
            ]
        );
    }

    #[test]
    fn names_in_any_spelling_tell() {
        let (value, found) = swept(
            r#"{"userPassword":"hunter2","customerPin":"4711","pinCode":4711,"cvvCode":"123","securityCode":"123","dateOfBirth":"1984-03-12",
                "phoneNumber":"02079460958","accessToken":"abcdefgh","session_token":"x1y2z3w4","token":"abcdefgh","secret":"abcdefgh",
                "customerSSN":"536-22-8145","APIKey":"k1","inputs":[{"name":"newPassword","value":"hunter2"}],"otp":"482913",
                "passwordReset":"yes","pinAttempts":2,"tokens":312,"secretary":"Ms Jones","tokenCount":7,"shippingPin":true,"opinion":"4711"}"#,
            "actions",
            false,
        );
        assert_eq!(
            value,
            concat!(
                r#"{"userPassword":"****","customerPin":"****","pinCode":"****","cvvCode":"****","securityCode":"****","dateOfBirth":"****","#,
                r#""phoneNumber":"****0958","accessToken":"****","session_token":"****","token":"****","secret":"****","#,
                r#""customerSSN":"****8145","APIKey":"****","inputs":[{"name":"newPassword","value":"****"}],"otp":"****","#,
                r#""passwordReset":"yes","pinAttempts":2,"tokens":312,"secretary":"Ms Jones","tokenCount":7,"shippingPin":true,"opinion":"4711"}"#
            )
        );
        assert_eq!(found[7], ".accessToken api_key maskx1");
    }

    #[test]
    fn a_line_answers_the_one_before() {
        let lines = r#"[{"who":"ai","text":"What is your date of birth?"},{"who":"customer","text":"12/03/1984","at":"1984-03-12T00:00:00Z"},
                        {"who":"ai","text":"And the security code of the card?"},{"who":"customer","text":"It's 842, or call 07700 900123, +44 7700 900123"}]"#;
        let (value, found) = swept(lines, "said", true);
        assert!(value.contains(r#""text":"****","at":"1984-03-12T00:00:00Z""#), "{value}");
        assert!(value.contains("It's [blocked], or call ****0123, +44 7700 900123"), "{value}");
        assert_eq!(found, ["[1].text birth_date maskx1", "[3].text cvv blockx1", "[3].text phone maskx1"]);
    }

    #[test]
    fn keys_and_tokens_are_blocked_in_chats_and_masked_elsewhere() {
        let text =
            "use sk-proj-abcdefghijklmnopqrstuvwxyz012345 or eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl now";
        for (chat, instead) in [(true, "use [blocked] or [blocked] now"), (false, "use **** or **** now")] {
            let sweep = Sweep { look: true, chat, least: Some(Strictness::Contact), open: &[], secrets: &[] };
            assert_eq!(sweep.text(text, "").value, Json::text(instead));
        }
    }

    #[test]
    fn what_is_sent_on_purpose_stays() {
        let sweep = Sweep { look: true, chat: true, least: None, open: &[], secrets: &[] };
        let text = "a@example.com 4111111111111111";
        assert_eq!(sweep.text(text, "").value, Json::text("a@example.com [blocked]"));
        let sweep = Sweep { look: true, chat: false, least: Some(Strictness::Identity), open: &[], secrets: &[] };
        assert_eq!(sweep.text(text, "").value, Json::text("a@example.com ****1111"));
    }
}
