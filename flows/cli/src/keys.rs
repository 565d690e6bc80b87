//! `keys`: whether the keys of hashes and resume tokens are there. What must stay true: no key is ever printed.

use flow_api::keys::{self, KeyFault, Keyring};
use flow_api::model::tree::Json;
use flow_api::store::keys::{Known, Purpose};

use crate::Done;
use crate::args::{Keys, OfKeys};
use crate::output::{Fault, json, line, say};

/// The keys of the environment and of its place.
///
/// # Errors
/// Where the environment gives what is no key: nothing is done with half of what was asked for.
pub(crate) fn ring() -> Result<Keyring, Fault> {
    let ring = Keyring::of_environment();
    ring.sound_environment().map_err(|fault| Fault::Wrong(fault.to_string()))?;
    Ok(ring)
}

pub(crate) fn run(wanted: &Keys) -> Done {
    let ring = Keyring::of_environment();
    match &wanted.verb {
        OfKeys::List(wanted) => list(&ring, wanted.json),
        OfKeys::Make(wanted) => changed(&ring, &keys::named(&wanted.names)?, wanted.json, "made", &Keyring::make),
        OfKeys::Remove(wanted) => {
            changed(&ring, &keys::named(&wanted.names)?, wanted.json, "removed", &Keyring::remove)
        }
    }
}

fn list(ring: &Keyring, wants_json: bool) -> Done {
    let all = ring.list();
    told(&all.iter().map(|known| (known, None)).collect::<Vec<_>>(), wants_json)?;
    faults(all.iter().filter_map(|known| known.fault.as_ref()))
}

/// Makes keys or takes them away, one after the other; each that cannot be is told, and the others are still done.
fn changed(
    ring: &Keyring,
    purposes: &[Purpose],
    wants_json: bool,
    word: &'static str,
    change: &dyn Fn(&Keyring, Purpose) -> Result<bool, KeyFault>,
) -> Done {
    let mut done = Vec::new();
    for purpose in purposes {
        let result = change(ring, *purpose);
        let mut known = ring.known(*purpose);
        let changed = result.unwrap_or_else(|fault| {
            known.fault = Some(fault);
            false
        });
        done.push((known, changed));
    }
    told(&done.iter().map(|(known, changed)| (known, Some((word, *changed)))).collect::<Vec<_>>(), wants_json)?;
    faults(done.iter().filter_map(|(known, _)| known.fault.as_ref()))?;
    Ok(word == "made" || done.iter().all(|(_, changed)| *changed))
}

fn told(all: &[(&Known, Option<(&str, bool)>)], wants_json: bool) -> Result<(), Fault> {
    if wants_json {
        let one = |(known, change): &(&Known, Option<(&str, bool)>)| {
            let mut map = keys::json(known);
            if let Some((word, changed)) = change {
                map.set(word, Json::Bool(*changed));
            }
            map
        };
        return json(&Json::Map(vec![("keys".to_owned(), Json::List(all.iter().map(one).collect()))]));
    }
    for (known, change) in all {
        let state = match (&known.fingerprint, change) {
            (_, Some(("removed", true))) => format!("removed from {}", known.place),
            (None, _) if known.fault.is_some() => "not known".to_owned(),
            (None, _) => format!("none in {}", known.place),
            (Some(print), Some(("made", true))) => format!("made, {print} in {}", known.place),
            (Some(print), _) => format!("{print} in {}", known.place),
        };
        line(&format!("{:<10} {state}; {}", known.purpose.name(), known.purpose.words()))?;
    }
    Ok(())
}

/// Each way of failing once; all keys may share it.
fn faults<'k>(all: impl Iterator<Item = &'k KeyFault>) -> Done {
    let mut told: Vec<&KeyFault> = Vec::new();
    for fault in all {
        if !told.contains(&fault) {
            told.push(fault);
        }
    }
    match told.split_last() {
        None => Ok(true),
        Some((last, before)) => {
            before.iter().for_each(|fault| say(&format!("handoff: {fault}")));
            Err(Fault::Wrong(last.to_string()))
        }
    }
}

/// Says beside a preview what it lacks for want of keys, and what to do.
pub(crate) fn wanting(preview: &Json, ring: &Keyring, wants_json: bool) {
    let wanting = keys::wanting(preview);
    if wanting.fields > 0 {
        let count =
            if wanting.fields == 1 { "a field is".to_owned() } else { format!("{} fields are", wanting.fields) };
        say(&format!("{count} held back that should be hashed: {}", why(ring, Purpose::Redaction)));
    }
    if wanting.tokens > 0 && !wants_json {
        say(&format!("no resume token: {}", why(ring, Purpose::Resume)));
    }
}

fn why(ring: &Keyring, purpose: Purpose) -> String {
    let known = ring.known(purpose);
    let make = || format!("there is no key; `handoff keys make {}` makes one", purpose.name());
    match (known.fault, known.place) {
        (Some(fault), _) => fault.to_string(),
        (None, flow_api::keys::Place::Nowhere) => KeyFault::SwitchedOff.to_string(),
        (None, _) => make(),
    }
}
