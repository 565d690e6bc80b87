//! How the payloads of two drafts differ once they are cleaned. What is alike before it is cleaned is alike afterwards, so that
//! only what differs is looked through.

use flow_model::tree::Json;

use crate::clean::{Cleaner, Rail};
use crate::draft::{Draft, DraftField};
use crate::redact::Keys;

/// A field that is sent differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differs {
    /// Its name.
    pub name: String,
    /// As one sends it; `null` where it does not.
    pub one: Json,
    /// As the other sends it; `null` where it does not.
    pub two: Json,
}

/// The fields that two drafts send differently as records: those of the first in its order, then those that only the second
/// has.
#[must_use]
pub fn differing(one: &Draft, two: &Draft, keys: &Keys) -> Vec<Differs> {
    let same = (&one.fields, &one.contact, &one.customer) == (&two.fields, &two.contact, &two.customer);
    if same && one.classed == two.classed {
        return Vec::new();
    }
    let (mut first, mut second) = (Cleaner::new(one, keys, Rail::Record), Cleaner::new(two, keys, Rail::Record));
    let alike = first.cleans_like(&second);
    let place = |draft: &Draft, name: &str| draft.fields.iter().position(|field| field.name == name);
    let mut found = Vec::new();
    let mut compare = |name: &str, at: Option<usize>, other: Option<usize>| {
        if let (Some(i), Some(j)) = (at, other)
            && alike
            && is_like(&one.fields[i], &two.fields[j])
        {
            return;
        }
        let sent =
            |cleaner: &mut Cleaner<'_>, at: Option<usize>| at.and_then(|at| cleaner.sent(at)).unwrap_or(Json::Null);
        let (before, after) = (sent(&mut first, at), sent(&mut second, other));
        if before != after {
            found.push(Differs { name: name.to_owned(), one: before, two: after });
        }
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

/// Whether all that decides how a field is cleaned is the same.
fn is_like(one: &DraftField, two: &DraftField) -> bool {
    (&one.value, &one.redact, &one.from) == (&two.value, &two.redact, &two.from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
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
        ]
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
                    expected.push(Differs { name: name.name.clone(), one, two });
                }
            }
            prop_assert_eq!(differing(&one, &two, &keys), expected);
        }
    }
}
