//! The manual's page about keys.

use flow_api::store::keys::{HASH_KEY, KEYS_FILE, Purpose, RESUME_KEY};

/// What the keys are for, where they live, and what to do where no keyring runs.
pub(crate) fn page() -> String {
    let mut text = "# Keys\n\nHashes and resume tokens are made with secret keys. No flow, export, page or history holds one, and neither \
                    the command line nor the window ever shows one: they tell keys apart by a fingerprint.\n\n\
                    | key | what it does | without it |\n| --- | --- | --- |\n"
        .to_owned();
    for purpose in Purpose::ALL {
        let without = match purpose {
            Purpose::Redaction => "such a field goes out as `<REDACTION_FAILED>`, never as it is",
            Purpose::Resume => "`resume.token` is `null`",
        };
        text.push_str(&format!("| `{}` | {} | {without} |\n", purpose.name(), purpose.words()));
    }
    text.push_str(&format!(
        "\n`handoff keys make` makes those that are missing; in the window a click beside what is held back does, or *Keys…* in the \
         menu. A key is 32 bytes of chance, written as 64 hexadecimal digits. It is never replaced: `handoff keys remove NAME` takes \
         it away first, and what was hashed or signed with it cannot be matched again.\n\n\
         ## Where they live\n\n\
         In the keyring of the computer, filed under `handoff-studio` and the name of the key:\n\n\
         | system | keyring |\n| --- | --- |\n| Linux | the Secret Service of the session: GNOME Keyring, KWallet, KeePassXC |\n\
         | macOS | the Keychain of the login |\n| Windows | the Credential Manager |\n\n\
         A preview asks the keyring when it needs a key, waits three seconds at the most, and asks nobody for a password: a locked \
         keyring is told. Making a key, or its button in the window, asks for it.\n\n\
         ## Without a keyring\n\n\
         - `{KEYS_FILE}` names a file instead (JSON of names and secrets). It is made with the mode 600; a file that others may read \
         is not used. Empty, the variable switches keys off: what is previewed is then the same on every computer.\n\
         - `{HASH_KEY}` gives the key `redaction`, and `resume` too unless `{RESUME_KEY}` gives that. A variable goes before the \
         keyring and the file, and its text is the key: the text of a key that was made here makes the same hashes on a server.\n"
    ));
    text
}
