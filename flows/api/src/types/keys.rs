//! What the window is told of keys: whether they are there and how to tell them apart. Never a key.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::wire;

wire! {
    /// Why a key cannot be had.
    struct KeyFault {
        /// For programs: `no-keyring locked not-unlocked no-answer refused damaged open-to-others file given short switched-off not-kept no-chance`.
        pub code: String,
        /// In words, with the way out.
        pub message: String,
    }

    /// What is known of a key.
    struct KeyKnown {
        /// `redaction` or `resume`.
        pub name: String,
        /// Whether there is one.
        pub present: bool,
        /// Where it lives, or would: `keyring file variable memory nowhere`.
        pub kind: String,
        /// Which of its kind: the keyring's name, the file, the variable.
        pub place: String,
        /// Tells keys apart, and nothing about them; none where there is no key.
        pub fingerprint: Option<String>,
        /// Why it cannot be known or made.
        pub fault: Option<KeyFault>,
    }

    /// Keys to be made where there are none.
    struct KeysMake {
        /// Their names; all without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub names: Option<Vec<String>>,
    }
    /// A key that is taken away.
    struct KeysRemove {
        /// `redaction` or `resume`.
        pub name: String,
    }
}
