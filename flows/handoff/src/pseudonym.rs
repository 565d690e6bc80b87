//! The id of a conversation that says who the customer is: an address, a number, a value of a declared class. What goes out
//! instead is the same for the same conversation, so that requests, their withdrawal and their return still match.

use flow_conditions::{phrase, say};
use flow_model::tree::{Json, compact};
use uuid::Uuid;

use crate::draft::Draft;
use crate::envelope::{NAMESPACE, Redacted};
use crate::recognise::{Kind, recognise};
use crate::redact::{self, Keys};

/// What goes out in place of the id, and why.
pub(crate) struct Pseudonym {
    /// An HMAC with the key for `hash`; without a key a UUIDv5, as the ids of requests are.
    id: String,
    kind: Option<Kind>,
    class: Option<String>,
}

impl Pseudonym {
    /// `None` for an id that says nothing of anybody: it stays as it is.
    pub(crate) fn of(draft: &Draft, keys: &Keys) -> Option<Self> {
        let own = draft.conversation.as_str();
        // What is joined to a word by an underscore is looked at by itself.
        let parted = own.replace('_', " ");
        let kind = recognise(own, "").into_iter().chain(recognise(&parted, "")).map(|found| found.kind).min();
        let held = draft.fields.iter().filter(|field| field.from.trim() != ID).chain(&draft.classed);
        let mut held = held.filter(|field| {
            let mut secrets = Vec::new();
            if let Some(value) = &field.value {
                redact::secrets(0, value, &redact::redact(value, field.redact.as_deref(), keys), &mut secrets);
            }
            !redact::places(&parted, &secrets).is_empty()
        });
        let held = held.next();
        if kind.is_none() && held.is_none() {
            return None;
        }
        let id = redact::hashed(own, keys).unwrap_or_else(|| {
            let name = Json::List(vec![Json::text("conversation"), Json::text(&draft.flow), Json::text(own)]);
            Uuid::new_v5(&NAMESPACE, compact(&name).as_bytes()).to_string()
        });
        Some(Self { id, kind, class: held.and_then(|field| field.class.clone()) })
    }

    /// What goes out in its place.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The draft with it in place of the id, wherever the flow sends the id.
    pub(crate) fn put(&self, draft: &Draft) -> Draft {
        let mut made = draft.clone();
        made.conversation.clone_from(&self.id);
        for field in made.fields.iter_mut().filter(|field| field.from.trim() == ID) {
            field.value = Some(Json::text(&self.id));
        }
        for text in [&mut made.screen, &mut made.summary, &mut made.told].into_iter().flatten() {
            let encoded = crate::request::segment(&draft.conversation);
            *text = text.replace(&draft.conversation, &self.id).replace(&encoded, &self.id);
        }
        made
    }

    /// What `redacted` says of it.
    pub(crate) fn told(self) -> Redacted {
        let why = match (&self.kind, &self.class) {
            (Some(kind), _) => {
                say!("it holds what looks like {kind}; the same id stands for it everywhere", kind = kind.words())
                    .text()
            }
            (None, Some(class)) => {
                say!("it holds data of the class {class}; the same id stands for it everywhere", class).text()
            }
            (None, None) => phrase!("it holds the value of a field that is kept back").to_owned(),
        };
        let kind = self.kind.map(Kind::id);
        let class = if kind.is_none() { self.class } else { None };
        Redacted { field: "conversation".to_owned(), class, kind, part: None, count: 1, how: "hash", why }
    }
}

/// What a field is taken from that sends the id.
const ID: &str = "conversation.id";
