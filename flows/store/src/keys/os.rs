//! The system's keyring: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows.
//!
//! What must stay true: nobody waits for a keyring that does not answer. Each question is asked on a thread of its own,
//! which is left behind when its time is over; nothing of it is started before the first question.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use super::{KeyFault, KeyStore, Manner, Place, system};

/// Seconds for an answer that needs nobody.
const QUIETLY: u64 = 3;
/// Seconds for an answer for which somebody may have to type a password.
const ASKING: u64 = 60;

/// Under what all keys of the studio are filed.
pub(crate) const SERVICE: &str = "handoff-studio";

/// The keyring of this computer.
#[derive(Clone, Copy, Debug)]
pub struct OsKeyring;

impl KeyStore for OsKeyring {
    fn place(&self) -> Place {
        Place::Keyring(system::NAME)
    }

    fn read(&self, names: &[&str], manner: Manner) -> Result<Vec<Option<Vec<u8>>>, KeyFault> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let seconds = if manner == Manner::Quietly { QUIETLY } else { ASKING };
        within(seconds, move || system::read(&names, manner))
    }

    fn write(&self, name: &str, secret: &[u8]) -> Result<(), KeyFault> {
        let (name, secret) = (name.to_owned(), secret.to_vec());
        within(ASKING, move || system::write(&name, &secret))
    }

    fn remove(&self, name: &str) -> Result<bool, KeyFault> {
        let name = name.to_owned();
        within(ASKING, move || system::remove(&name))
    }
}

/// What the keyring is called in the list of what it keeps.
pub(crate) fn label(name: &str) -> String {
    format!("Handoff Studio: {name} key")
}

fn within<T: Send + 'static>(
    seconds: u64,
    question: impl FnOnce() -> Result<T, KeyFault> + Send + 'static,
) -> Result<T, KeyFault> {
    let (tell, hear) = channel();
    let thread = std::thread::Builder::new().name("keyring".to_owned());
    // Nobody may listen any more: the answer then goes with the thread.
    let asked = thread.spawn(move || {
        let _ = tell.send(question());
    });
    asked.map_err(|error| KeyFault::Refused(error.to_string()))?;
    match hear.recv_timeout(Duration::from_secs(seconds)) {
        Ok(answer) => answer,
        Err(RecvTimeoutError::Timeout) => Err(KeyFault::NoAnswer(seconds)),
        Err(RecvTimeoutError::Disconnected) => Err(KeyFault::Refused("it broke off".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_does_not_answer_is_left_behind() {
        let (hold, held) = channel::<()>();
        let asked = within(0, move || {
            let _ = held.recv();
            Ok(())
        });
        assert_eq!(asked, Err(KeyFault::NoAnswer(0)));
        drop(hold);
    }

    #[test]
    fn who_breaks_off_is_told() {
        assert_eq!(within(60, || Ok(7)), Ok(7));
        assert!(matches!(within::<()>(60, || panic!("on purpose")), Err(KeyFault::Refused(_))));
    }
}
