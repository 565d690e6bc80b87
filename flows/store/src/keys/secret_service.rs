//! The Secret Service of the desktop (freedesktop.org, API version 0.2), over the session's bus: GNOME Keyring, KWallet and
//! KeePassXC answer for it. Secrets cross the bus encrypted, with a key that both sides agree on anew each time.

use std::collections::HashMap;

use secret_service::blocking::{Collection, Item, SecretService};
use secret_service::{EncryptionType, Error};

use super::os::{SERVICE, label};
use super::{KeyFault, Manner};

pub(crate) const NAME: &str = "Secret Service";

/// The alias of the collection in which applications keep theirs.
const DEFAULT: &str = "default";

pub(crate) fn read(names: &[String], manner: Manner) -> Result<Vec<Option<Vec<u8>>>, KeyFault> {
    let service = connect()?;
    names.iter().map(|name| one(&service, name, manner)).collect()
}

fn one(service: &SecretService<'_>, name: &str, manner: Manner) -> Result<Option<Vec<u8>>, KeyFault> {
    let found = service.search_items(attributes(name)).map_err(fault)?;
    if let Some(item) = found.unlocked.first() {
        return item.get_secret().map(Some).map_err(fault);
    }
    match found.locked.first() {
        None => Ok(None),
        Some(_) if manner == Manner::Quietly => Err(KeyFault::Locked),
        Some(item) => item.unlock().and_then(|()| item.get_secret()).map(Some).map_err(fault),
    }
}

pub(crate) fn write(name: &str, secret: &[u8]) -> Result<(), KeyFault> {
    let service = connect()?;
    let collection = collection(&service).map_err(fault)?;
    if collection.is_locked().map_err(fault)? {
        collection.unlock().map_err(fault)?;
    }
    let made = collection.create_item(&label(name), attributes(name), secret, true, "text/plain");
    made.map(|_| ()).map_err(fault)
}

pub(crate) fn remove(name: &str) -> Result<bool, KeyFault> {
    let service = connect()?;
    let found = service.search_items(attributes(name)).map_err(fault)?;
    let all: Vec<&Item<'_>> = found.unlocked.iter().chain(&found.locked).collect();
    for item in &all {
        if item.is_locked().map_err(fault)? {
            item.unlock().map_err(fault)?;
        }
        item.delete().map_err(fault)?;
    }
    Ok(!all.is_empty())
}

fn connect() -> Result<SecretService<'static>, KeyFault> {
    SecretService::connect(EncryptionType::Dh).map_err(|error| match error {
        Error::Unavailable => fault(error),
        other => KeyFault::NoKeyring(other.to_string()),
    })
}

/// The default collection; a desktop that has none yet asks for a password to make it with.
fn collection<'a>(service: &'a SecretService<'_>) -> Result<Collection<'a>, Error> {
    match service.get_default_collection() {
        Err(Error::NoResult) => service.create_collection("Login", DEFAULT),
        other => other,
    }
}

fn attributes(name: &str) -> HashMap<&str, &str> {
    HashMap::from([("service", SERVICE), ("username", name)])
}

fn fault(error: Error) -> KeyFault {
    match error {
        Error::Unavailable => KeyFault::NoKeyring("there is no session bus, or nobody on it keeps secrets".to_owned()),
        Error::Locked => KeyFault::Locked,
        Error::Prompt | Error::PromptDisconnected => KeyFault::NotUnlocked,
        other => KeyFault::Refused(other.to_string()),
    }
}
