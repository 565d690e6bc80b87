//! Two values that would land in one place: each gets a place of its own, and the one that moves is told of.
//!
//! What must stay true: no value of the payload replaces another one, and none replaces the ids by which requests,
//! withdrawals and returns are matched.

use flow_model::flow;
use flow_model::tree::compact;

use super::{Target, names};
use crate::envelope::Envelope;
use crate::environment::Environment;
use crate::request::Cut;
use crate::words;

/// The map into which a target writes what has no place of its own.
#[derive(Clone, Copy, Debug)]
pub struct Keyed {
    /// What stands before the name of such a place: `metadata.`.
    pub prefix: &'static str,
    /// Whether dots in a name make objects.
    pub nested: bool,
    /// Whether long values go elsewhere by themselves, where they are joined.
    pub long_elsewhere: bool,
    /// The key of a field that has no place.
    pub key: fn(&str) -> String,
}

/// Places that take any number of values, one after the other.
const JOINED: &[&str] = &[
    "note",
    "comment",
    "comment.body",
    "tags",
    "dataCapture.systemField.tags",
    "message",
    "text",
    "Transcript",
    "Description",
];
/// By what a request is known when it is withdrawn or comes back.
const IDS: &[&str] = &["handoff_id", "conversation_id", "resume_token"];

/// Envelope and set-up with every place taken once, and what was moved or replaced; `None` where all is so already.
#[must_use]
pub fn settled(
    target: &dyn Target,
    envelope: &Envelope,
    setup: &flow::Target,
    environment: &Environment,
) -> Option<(Envelope, flow::Target, Vec<Cut>)> {
    let mut settling = Settling { target, environment, taken: Vec::new(), cut: Vec::new() };
    let (mut made, mut own) = (envelope.clone(), setup.clone());
    settling.ids(&mut made, &mut own);
    settling.named(&made, &mut own);
    settling.unnamed(&made, &mut own);
    (!settling.cut.is_empty()).then_some((made, own, settling.cut))
}

struct Settling<'a> {
    target: &'a dyn Target,
    environment: &'a Environment,
    taken: Vec<String>,
    cut: Vec<Cut>,
}

impl Settling<'_> {
    /// A field that is called as an id of the handoff is, with another value, gets another name.
    fn ids(&mut self, envelope: &mut Envelope, setup: &mut flow::Target) {
        if self.target.keyed().is_none() {
            return;
        }
        for id in IDS {
            let own = match *id {
                "handoff_id" => Some(&envelope.id),
                "conversation_id" => Some(&envelope.conversation),
                _ => envelope.resume_token.as_ref(),
            };
            let Some(at) = envelope.payload.iter().position(|field| field.name == *id) else { continue };
            if own.is_none() || envelope.payload[at].value.as_text() == own.map(String::as_str) {
                continue;
            }
            let free = (2..).map(|n| format!("{id}_{n}")).find(|name| envelope.field(name).is_none());
            let name = free.unwrap_or_default();
            let size = compact(&envelope.payload[at].value).len();
            self.tell(id, "moved", size, size);
            envelope.payload[at].name.clone_from(&name);
            for map in [&mut setup.fields, &mut setup.too_big] {
                if let Some(value) = map.shift_remove(*id) {
                    map.insert(name.clone(), value);
                }
            }
        }
    }

    /// Fields that the flow gives a place: the first that names it has it.
    fn named(&mut self, envelope: &Envelope, setup: &mut flow::Target) {
        for field in &envelope.payload {
            let Some(place) = setup.fields.get(&field.name).filter(|place| self.target.has_place(place)) else {
                continue;
            };
            let Some(key) = self.key(&self.environment.text(place, &mut Vec::new())) else { continue };
            if self.is_id(&key) || self.is_taken(&key) {
                self.elsewhere(envelope, setup, &field.name, &key);
                continue;
            }
            self.replaces(envelope, &field.name, &key);
            self.taken.push(key);
        }
    }

    /// Fields without a place of their own stand under their name, where nothing else does.
    fn unnamed(&mut self, envelope: &Envelope, setup: &mut flow::Target) {
        let Some(keyed) = self.target.keyed() else { return };
        for field in &envelope.payload {
            let named = setup.fields.get(&field.name).is_some_and(|place| self.target.has_place(place));
            if named || (keyed.long_elsewhere && words::is_block(&field.value)) {
                continue;
            }
            // A dot in a name of its own makes no object.
            let key = (keyed.key)(&field.name).replace('.', if keyed.nested { "\0" } else { "." });
            if self.is_taken(&key) {
                self.elsewhere(envelope, setup, &field.name, &key);
            } else {
                self.taken.push(key);
            }
        }
    }

    /// Gives a field the first free name in the map, or leaves it to the note.
    fn elsewhere(&mut self, envelope: &Envelope, setup: &mut flow::Target, field: &str, key: &str) {
        let size = envelope.field(field).map_or(0, |value| compact(value).len());
        self.tell(field, "moved", size, size);
        let Some(keyed) = self.target.keyed() else {
            setup.fields.shift_remove(field);
            return;
        };
        let usual = |name: &String| envelope.payload.iter().any(|other| (keyed.key)(&other.name) == *name);
        let base = (keyed.key)(&key.replace(['.', '\0'], "_"));
        let free = (2..).map(|n| format!("{base}_{n}")).find(|name| !self.is_taken(name) && !usual(name));
        let name = free.unwrap_or_default();
        setup.fields.insert(field.to_owned(), format!("{}{name}", keyed.prefix));
        self.taken.push(name);
    }

    /// What a place is called among those that take one value; `None` for one that joins.
    fn key(&self, place: &str) -> Option<String> {
        if JOINED.contains(&place) {
            return None;
        }
        let keyed = self.target.keyed();
        Some(keyed.and_then(|keyed| place.strip_prefix(keyed.prefix)).unwrap_or(place).to_owned())
    }

    fn is_id(&self, key: &str) -> bool {
        self.target.keyed().is_some_and(|keyed| {
            IDS.iter()
                .any(|id| *id == key || (keyed.nested && key.strip_prefix(id).is_some_and(|k| k.starts_with('.'))))
        })
    }

    fn is_taken(&self, key: &str) -> bool {
        let nested = self.target.keyed().is_some_and(|keyed| keyed.nested);
        let below = |one: &str, other: &str| nested && one.strip_prefix(other).is_some_and(|k| k.starts_with('.'));
        self.taken.iter().any(|taken| taken == key || below(taken, key) || below(key, taken))
    }

    /// The flow's word comes before what the target would send by itself, and that is told.
    fn replaces(&mut self, envelope: &Envelope, field: &str, key: &str) {
        let own = self.target.keyed().is_some() && names::OWN.iter().any(|(name, _)| *name == key);
        let is_sent = super::carriage::parts(envelope).iter().any(|part| part.own && part.name == key);
        if own && is_sent && field != key {
            self.tell(key, "replaced", 0, 0);
        }
    }

    fn tell(&mut self, field: &str, how: &'static str, before: usize, after: usize) {
        self.cut.push(Cut { field: field.to_owned(), how, before, after });
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::any::{banking, field, json, made, setup};
    use super::super::{TARGETS, target};
    use super::*;
    use crate::{Draft, Request};

    /// The places of a target, two names for those that are followed by one.
    fn places(target: &dyn Target) -> Vec<String> {
        let names = |place: &&str| match place.strip_suffix('.') {
            Some(_) => ["k", "a", "handoff_id", "k.a"].iter().map(|name| format!("{place}{name}")).collect(),
            None => vec![(*place).to_owned()],
        };
        let custom = (target.id() == "salesforce-case").then(|| "Own__c".to_owned());
        target.places().iter().flat_map(names).chain(custom).filter(|place| target.has_place(place)).collect()
    }

    fn asked(target: &dyn Target, fields: &[(&str, Option<&String>)]) -> (Request, String) {
        let placed: Vec<(&str, &str)> =
            fields.iter().filter_map(|(name, place)| Some((*name, place.as_ref()?.as_str()))).collect();
        let fields = fields.iter().map(|(name, _)| field(name, Json::Text(format!("value-of-{name}")))).collect();
        let draft = Draft { fields, summary: None, ..banking("transfer") };
        let request = made(target, &draft, &setup(&[("group_id", "7")], &placed, &[]), r#"{"dev":{}}"#);
        let bodies: Vec<String> = request.all().iter().map(|one| one.body.to_lowercase()).collect();
        (request, bodies.join("\n"))
    }

    use flow_model::tree::Json;

    #[test]
    fn two_on_one_place_both_arrive_and_that_is_told() {
        for (id, place, wanted) in [
            ("zendesk", "subject", r#"K: value-of-k"#),
            ("zendesk", "custom_fields.7", r#"K: value-of-k"#),
            ("zendesk", "metadata.x", r#"K: value-of-k"#),
            ("sunshine", "metadata.x", r#""x":"value-of-a","x_2":"value-of-k""#),
            ("twilio-flex", "attributes.x", "x_2"),
            ("genesys", "attributes.x", r#""x_2":"value-of-k""#),
            ("amazon-connect", "attributes.x", r#""x_2":"value-of-k""#),
            ("bot-framework", "value.x", r#""x_2":"value-of-k""#),
            ("salesforce-messaging", "routingAttributes.x", r#""x_2":"value-of-k""#),
            ("salesforce-case", "Subject", r#"K: value-of-k"#),
        ] {
            let place = place.to_owned();
            let target = target(id).unwrap();
            let (request, bodies) = asked(target, &[("a", Some(&place)), ("k", Some(&place))]);
            assert!(bodies.contains(&wanted.to_lowercase()), "{id}: {bodies}");
            let moved: Vec<(&str, &str)> = request.cut.iter().map(|cut| (cut.field.as_str(), cut.how)).collect();
            assert_eq!(moved, [("k", "moved")], "{id}");
        }
    }

    #[test]
    fn the_ids_of_a_handoff_are_not_replaced() {
        for target in TARGETS.iter().filter(|target| target.keyed().is_some()) {
            let place = format!("{}handoff_id", target.keyed().unwrap().prefix);
            for fields in [[("a", Some(&place)), ("b", None)], [("handoff_id", None), ("b", None)]] {
                let (request, bodies) = asked(*target, &fields);
                let id = crate::envelope(&banking("transfer"), &crate::Keys::default()).id;
                assert!(bodies.contains(&id), "{}: {bodies}", target.id());
                assert!(bodies.contains(&format!("value-of-{}", fields[0].0)), "{}: {bodies}", target.id());
                assert_eq!(request.cut.len(), 1, "{}", target.id());
            }
            // What the flow puts where the target would say something itself comes first, and is told.
            let place = format!("{}tier", target.keyed().unwrap().prefix);
            let (request, bodies) = asked(*target, &[("a", Some(&place))]);
            assert!(bodies.contains("value-of-a"), "{bodies}");
            assert_eq!((request.cut[0].field.as_str(), request.cut[0].how), ("tier", "replaced"));
        }
        assert_eq!(json("{}"), Json::map());
    }

    proptest! {
        #[test]
        fn every_field_arrives_wherever_it_is_placed(
            which in 0..TARGETS.len(), picks in proptest::collection::vec(proptest::option::of(0_usize..64), 6),
        ) {
            let target = TARGETS[which];
            let places = places(target);
            let names = ["k", "a", "b", "c", "k_2", "x"];
            let fields: Vec<(&str, Option<&String>)> =
                names.iter().zip(&picks).map(|(name, pick)| (*name, pick.map(|pick| &places[pick % places.len()]))).collect();
            let (request, bodies) = asked(target, &fields);
            for name in names {
                prop_assert!(bodies.contains(&format!("value-of-{name}")), "{} {fields:?} {name}\n{bodies}", target.id());
            }
            for one in request.all() {
                if one.content == crate::Content::Json {
                    prop_assert!(flow_model::tree::read(&one.body).is_json(), "{}", one.body);
                }
            }
        }
    }
}
