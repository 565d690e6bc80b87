//! Keys, as the window and the command line both see them: whether they are there, where they live, and their
//! fingerprints. What must stay true: no answer of this module holds a key but those for runs, which are never told.

use flow_check::Checked;
use flow_handoff::Keys;
use flow_model::tree::Json;
use flow_store::keys::{Known, Purpose};

use crate::error::Error;

pub use flow_store::keys::{Key, KeyFault, KeyStore, Keyring, Place};

/// The rule that needs a key.
const HASH: &str = "hash";

/// Keys for a preview: hashes and resume tokens.
#[must_use]
pub fn for_preview(ring: &Keyring) -> Keys {
    let key = |purpose| ring.key(purpose).map(|key| key.bytes().to_vec());
    Keys { hash: key(Purpose::Redaction), resume: key(Purpose::Resume) }
}

/// Keys for a replay, which looks at payloads and at no token: a flow that hashes nothing asks for none.
#[must_use]
pub fn for_replay(ring: &Keyring, flows: &[&Checked]) -> Keys {
    if flows.iter().any(|flow| hashes(flow)) { Keys { resume: None, ..for_preview(ring) } } else { Keys::default() }
}

/// Whether a flow, or one that it calls, has data that is redacted by `hash`.
fn hashes(checked: &Checked) -> bool {
    let flow = checked.flow();
    let is = |rule: &Option<String>| rule.as_deref() == Some(HASH);
    flow.classes.values().any(|class| is(&class.redact))
        || flow.contexts.values().any(|context| context.fields.values().any(|field| is(&field.redact)))
        || checked.subflows().any(|(_, called)| hashes(called))
}

/// The keys of these names; all where none is named.
///
/// # Errors
/// A name that no key has.
pub fn named<S: AsRef<str>>(names: &[S]) -> Result<Vec<Purpose>, Error> {
    if names.is_empty() {
        return Ok(Purpose::ALL.to_vec());
    }
    let one = |name: &S| {
        let known = || Purpose::ALL.map(Purpose::name).join(", ");
        Purpose::of(name.as_ref())
            .ok_or_else(|| Error::bad(format!("no key is named {}; there is {}", name.as_ref(), known())))
    };
    names.iter().map(one).collect()
}

/// What is known of a key, as JSON.
#[must_use]
pub fn json(known: &Known) -> Json {
    let entry = |key: &str, value: Json| (key.to_owned(), value);
    let fault = known.fault.as_ref().map_or(Json::Null, |fault| {
        Json::Map(vec![entry("code", Json::text(fault.code())), entry("message", Json::Text(fault.to_string()))])
    });
    Json::Map(vec![
        entry("name", Json::text(known.purpose.name())),
        entry("present", Json::Bool(known.fingerprint.is_some())),
        entry("kind", Json::text(known.place.kind())),
        entry("place", Json::Text(known.place.name())),
        entry("fingerprint", known.fingerprint.as_ref().map_or(Json::Null, Json::text)),
        entry("fault", fault),
    ])
}

/// What a preview lacks for want of keys: how many fields were held back that should be hashes, and whether a handoff has
/// no resume token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanting {
    /// Fields that stand as `<REDACTION_FAILED>`.
    pub fields: usize,
    /// Handoffs without a token.
    pub tokens: usize,
}

/// What a preview lacks for want of keys.
#[must_use]
pub fn wanting(preview: &Json) -> Wanting {
    let mut wanting = Wanting::default();
    for handoff in preview.get("handoffs").map_or(&[][..], Json::items) {
        let Some(envelope) = handoff.get("envelope") else { continue };
        let redacted = envelope.get("redacted").map_or(&[][..], Json::items);
        wanting.fields +=
            redacted.iter().filter(|one| one.get("how").and_then(Json::as_text) == Some("failed")).count();
        wanting.tokens +=
            usize::from(envelope.get("resume").and_then(|resume| resume.get("token")) == Some(&Json::Null));
    }
    wanting
}
