//! `keys.*`: whether the keys of hashes and resume tokens are there. The page never gets a key.

use std::marker::PhantomData;

use flow_model::tree::Json;
use flow_model::wire;
use flow_store::keys::{KeyFault, Known, Purpose};

use super::{Call, Written};
use crate::error::Error;
use crate::keys;
use crate::types::{KeyKnown, KeysMake, KeysRemove, Nothing};

pub(super) fn list(call: &Call<'_>, _: Nothing) -> Result<Written<Vec<KeyKnown>>, Error> {
    Ok(shown(&call.studio.keys().list()))
}

/// Makes what is missing; a key that cannot be made says why. It may take as long as somebody types a password.
pub(super) fn make(call: &Call<'_>, wanted: KeysMake) -> Result<Written<Vec<KeyKnown>>, Error> {
    let ring = call.studio.keys();
    let purposes = keys::named(&wanted.names.unwrap_or_default())?;
    let faults: Vec<_> = purposes.into_iter().map(|purpose| (purpose, ring.make(purpose).err())).collect();
    Ok(with(ring.list(), &faults))
}

/// Takes a key away for good; one that cannot be taken away says why.
pub(super) fn remove(call: &Call<'_>, wanted: KeysRemove) -> Result<Written<Vec<KeyKnown>>, Error> {
    let ring = call.studio.keys();
    let purposes = keys::named(&[wanted.name])?;
    let faults: Vec<_> = purposes.into_iter().map(|purpose| (purpose, ring.remove(purpose).err())).collect();
    Ok(with(ring.list(), &faults))
}

/// What is known of each, and what went wrong just now.
fn with(mut all: Vec<Known>, faults: &[(Purpose, Option<KeyFault>)]) -> Written<Vec<KeyKnown>> {
    for known in &mut all {
        let fault = faults.iter().find(|(purpose, _)| *purpose == known.purpose).and_then(|(_, fault)| fault.clone());
        known.fault = fault.or_else(|| known.fault.take());
    }
    shown(&all)
}

fn shown(all: &[Known]) -> Written<Vec<KeyKnown>> {
    Written(wire::plain(&Json::List(all.iter().map(keys::json).collect())), PhantomData)
}
