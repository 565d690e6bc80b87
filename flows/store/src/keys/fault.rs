//! Why a key cannot be had, each with the way out.

use std::path::PathBuf;

use thiserror::Error;

use super::Place;

/// Why a key cannot be read, made or taken away.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum KeyFault {
    /// No keyring runs, or there is no session to reach it by.
    #[error(
        "no keyring answers on this computer ({0}); start one (GNOME Keyring, KWallet, KeePassXC), name a file of your own \
         in HANDOFF_KEYS_FILE, or give the key in HANDOFF_HASH_KEY"
    )]
    NoKeyring(String),
    /// The keyring is locked, and nobody was asked for its password.
    #[error(
        "the keyring of this computer is locked; unlock it, for instance with `handoff keys make`, which asks for its password"
    )]
    Locked,
    /// The person did not unlock the keyring, or nobody could be asked.
    #[error(
        "the keyring of this computer was not unlocked; try again and give its password, or, where nobody can be asked, \
         name a file of your own in HANDOFF_KEYS_FILE, or give the key in HANDOFF_HASH_KEY"
    )]
    NotUnlocked,
    /// The keyring did not answer in time.
    #[error(
        "the keyring of this computer did not answer within {0} seconds; see whether it asks for its password, name a file \
         of your own in HANDOFF_KEYS_FILE, or give the key in HANDOFF_HASH_KEY"
    )]
    NoAnswer(u64),
    /// The keyring answered with a fault of its own.
    #[error("the keyring of this computer refused: {0}")]
    Refused(String),
    /// What is kept is no key.
    #[error(
        "{place} holds no key under the name {purpose} but something else; `handoff keys remove {purpose}`, then make one"
    )]
    Damaged {
        /// The name of the key.
        purpose: &'static str,
        /// Where it is kept.
        place: Place,
    },
    /// Others may read the file.
    #[error("{}: others may read it (mode {mode:03o}), so its keys are not used; `chmod 600` it, and make new keys if somebody did", .path.display())]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file of keys cannot be read or written.
    #[error("{0}")]
    File(String),
    /// The environment gives the key.
    #[error("the key {purpose} is given by the variable {variable}; unset that first")]
    Given {
        /// The name of the key.
        purpose: &'static str,
        /// The variable.
        variable: &'static str,
    },
    /// The environment gives something that is too short to be guessed by nobody.
    #[error(
        "the variable {variable} holds fewer than 16 characters, which somebody could guess, so nothing is hashed or signed \
         with it; give a longer one: `handoff keys make` makes keys of 64 digits"
    )]
    Short {
        /// The variable.
        variable: &'static str,
    },
    /// There is no place for keys.
    #[error("keys are switched off: HANDOFF_KEYS_FILE is empty; unset it, or name a file")]
    SwitchedOff,
    /// The place took a key and has none.
    #[error("the key was handed over and is not there; look whether the keyring or the file is kept by something else")]
    NotKept,
    /// The system has no randomness.
    #[error("the system gives no randomness to make a key of: {0}")]
    NoChance(String),
}

impl KeyFault {
    /// A short name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoKeyring(_) => "no-keyring",
            Self::Locked => "locked",
            Self::NotUnlocked => "not-unlocked",
            Self::NoAnswer(_) => "no-answer",
            Self::Refused(_) => "refused",
            Self::Damaged { .. } => "damaged",
            Self::OpenToOthers { .. } => "open-to-others",
            Self::File(_) => "file",
            Self::Given { .. } => "given",
            Self::Short { .. } => "short",
            Self::SwitchedOff => "switched-off",
            Self::NotKept => "not-kept",
            Self::NoChance(_) => "no-chance",
        }
    }
}
