//! Which fields of the payloads of two drafts differ once they are cleaned. What is alike before it is cleaned is alike
//! afterwards, and one part that differs is enough: lists of other lengths differ whatever stands in them.

use crate::clean::{Cleaner, Rail, Sends};
use crate::draft::Draft;
use crate::redact::Keys;

/// How a field is sent differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Only the first sends it.
    Gone,
    /// Only the second does.
    New,
    /// Each sends another value.
    Other,
}

/// A field that is sent differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differs {
    /// Its name.
    pub name: String,
    /// How.
    pub how: How,
}

/// The fields that two drafts send differently as records: those of the first in its order, then those that only the second
/// has.
#[must_use]
pub fn differing(one: &Draft, two: &Draft, keys: &Keys) -> Vec<Differs> {
    let same = (&one.fields, &one.contact, &one.customer) == (&two.fields, &two.contact, &two.customer);
    if same && one.classed == two.classed {
        return Vec::new();
    }
    let (first, second) = (Cleaner::new(one, keys, Rail::Record), Cleaner::new(two, keys, Rail::Record));
    let alike = first.cleans_like(&second);
    let place = |draft: &Draft, name: &str| draft.fields.iter().position(|field| field.name == name);
    let mut found = Vec::new();
    let mut compare = |name: &str, at: Option<usize>, other: Option<usize>| {
        let how = match first.sends(at, &second, other, alike) {
            Sends::Alike => return,
            Sends::Gone => How::Gone,
            Sends::New => How::New,
            Sends::Other => How::Other,
        };
        found.push(Differs { name: name.to_owned(), how });
    };
    for (i, field) in one.fields.iter().enumerate() {
        compare(&field.name, Some(i), place(two, &field.name));
    }
    for (j, field) in two.fields.iter().enumerate() {
        if place(one, &field.name).is_none() {
            compare(&field.name, None, Some(j));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use flow_model::tree::{self, Json};

    use super::*;
    use crate::draft::DraftField;
    use crate::envelope;

    fn value() -> impl Strategy<Value = Option<Json>> {
        let text = prop::sample::select(vec![
            "TX-12345678",
            "TX-99999999",
            "my charge TX-12345678, please",
            "ada@example.com",
            "write to ada@example.com",
            "4111 1111 1111 1111",
            "no",
        ]);
        let leaf = text.prop_map(|text| Some(Json::text(text)));
        prop_oneof![
            Just(None),
            Just(Some(Json::Null)),
            leaf.clone(),
            prop::collection::vec(leaf, 0..3).prop_map(|items| Some(Json::List(items.into_iter().flatten().collect()))),
            lines().prop_map(Some),
            prop::sample::select(vec![
                r#"{"cvv":"123"}"#,
                r#"{"cvv":"456"}"#,
                r#"{"order":"123","to":["ada@example.com"]}"#,
                r#"{"order":"123","to":["bob@example.com"]}"#,
                r#"[{"name":"password","value":"one two"},4111111111111111]"#,
                r#"[{"name":"password","value":"three"},378282246310005]"#,
                r#"[{"name":"colour","value":"three"},17]"#,
                "4111111111111111",
                "true",
            ])
            .prop_map(|text| tree::read(text).json),
        ]
    }

    /// Lines of a conversation: what one asks says what the next one holds.
    fn lines() -> impl Strategy<Value = Json> {
        let text =
            prop::sample::select(vec!["When were you born?", "Hello", "12/03/1984", "11/03/1984", "ada@example.com"]);
        prop::collection::vec((any::<bool>(), text), 0..4).prop_map(|said| {
            let line = |(who, text): (bool, &str)| {
                let who = if who { "customer" } else { "ai" };
                Json::Map(vec![("who".to_owned(), Json::text(who)), ("text".to_owned(), Json::text(text))])
            };
            Json::List(said.into_iter().map(line).collect())
        })
    }

    fn draft() -> impl Strategy<Value = Draft> {
        let rule = prop::sample::select(vec![None, Some("none"), Some("mask"), Some("hash"), Some("drop"), Some("?")]);
        let from = prop::sample::select(vec!["slots.a", "text", "transcript.last(2)"]);
        let field = (prop::sample::select(vec!["a", "b", "c", "d"]), value(), rule, from);
        let fields = prop::collection::vec(field, 0..4);
        let customer = prop::sample::select(vec![None, Some("ada@example.com"), Some("c-1")]);
        (fields, customer).prop_map(|(list, customer)| {
            let mut fields: Vec<DraftField> = Vec::new();
            for (name, value, redact, from) in list {
                if fields.iter().all(|field| field.name != name) {
                    let redact = redact.map(str::to_owned);
                    fields.push(DraftField {
                        name: name.to_owned(),
                        value,
                        redact,
                        from: from.to_owned(),
                        ..DraftField::default()
                    });
                }
            }
            Draft { fields, customer: customer.map(str::to_owned), ..Draft::default() }
        })
    }

    proptest! {
        #[test]
        fn what_differs_is_what_differs_between_two_envelopes(one in draft(), two in draft()) {
            let keys = Keys { hash: Some(b"key".to_vec()), ..Keys::default() };
            let payload = |draft: &Draft| envelope(draft, &keys).json.get("payload").cloned().unwrap();
            let (before, after) = (payload(&one), payload(&two));
            let mut expected = Vec::new();
            for name in one.fields.iter().chain(two.fields.iter().filter(|field| one.fields.iter().all(|f| f.name != field.name))) {
                let of = |payload: &Json| payload.get(&name.name).cloned().unwrap_or(Json::Null);
                let (one, two) = (of(&before), of(&after));
                if one != two {
                    let how = match (one, two) {
                        (_, Json::Null) => How::Gone,
                        (Json::Null, _) => How::New,
                        _ => How::Other,
                    };
                    expected.push(Differs { name: name.name.clone(), how });
                }
            }
            prop_assert_eq!(differing(&one, &two, &keys), expected);
        }
    }
}
