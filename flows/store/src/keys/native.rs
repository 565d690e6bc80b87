//! The Keychain of macOS and the Credential Manager of Windows. Both unlock with the login; macOS may ask whether this
//! program may read what another one (the command line, the window) has put there.

use keyring::v1::{Entry, Error};

use super::os::SERVICE;
use super::{KeyFault, Manner};

#[cfg(target_os = "macos")]
pub(crate) const NAME: &str = "Keychain";
#[cfg(windows)]
pub(crate) const NAME: &str = "Credential Manager";

pub(crate) fn read(names: &[String], _: Manner) -> Result<Vec<Option<Vec<u8>>>, KeyFault> {
    names
        .iter()
        .map(|name| match entry(name)?.get_secret() {
            Ok(secret) => Ok(Some(secret)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(fault(error)),
        })
        .collect()
}

pub(crate) fn write(name: &str, secret: &[u8]) -> Result<(), KeyFault> {
    entry(name)?.set_secret(secret).map_err(fault)
}

pub(crate) fn remove(name: &str) -> Result<bool, KeyFault> {
    match entry(name)?.delete_credential() {
        Ok(()) => Ok(true),
        Err(Error::NoEntry) => Ok(false),
        Err(error) => Err(fault(error)),
    }
}

fn entry(name: &str) -> Result<Entry, KeyFault> {
    Entry::new(SERVICE, name).map_err(fault)
}

/// An error of the crate can carry what was read, which must not be told.
fn fault(error: Error) -> KeyFault {
    match error {
        Error::NoStorageAccess(_) => KeyFault::NotUnlocked,
        Error::NoDefaultStore => KeyFault::NoKeyring("the system gives none".to_owned()),
        Error::PlatformFailure(why) => KeyFault::Refused(why.to_string()),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            KeyFault::Refused("what it keeps cannot be read".to_owned())
        }
        other => KeyFault::Refused(other.to_string()),
    }
}
