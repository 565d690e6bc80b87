//! `keys.*`: whether the keys of hashes and resume tokens are there. The page never gets a key.

use std::marker::PhantomData;

use flow_model::tree::Json;
use flow_model::wire;
use flow_store::keys::Known;

use super::{Call, Written};
use crate::error::Error;
use crate::keys;
use crate::types::{KeyKnown, KeysMake, Nothing};

pub(super) fn list(call: &Call<'_>, _: Nothing) -> Result<Written<Vec<KeyKnown>>, Error> {
    Ok(shown(&call.studio.keys().list()))
}

/// Makes what is missing; a key that cannot be made says why. It may take as long as somebody types a password.
pub(super) fn make(call: &Call<'_>, wanted: KeysMake) -> Result<Written<Vec<KeyKnown>>, Error> {
    let ring = call.studio.keys();
    let purposes = keys::named(&wanted.names.unwrap_or_default())?;
    let faults: Vec<_> = purposes.into_iter().map(|purpose| (purpose, ring.make(purpose).err())).collect();
    let mut all = ring.list();
    for known in &mut all {
        let fault = faults.iter().find(|(purpose, _)| *purpose == known.purpose).and_then(|(_, fault)| fault.clone());
        known.fault = fault.or_else(|| known.fault.take());
    }
    Ok(shown(&all))
}

fn shown(all: &[Known]) -> Written<Vec<KeyKnown>> {
    Written(wire::plain(&Json::List(all.iter().map(keys::json).collect())), PhantomData)
}
