//! What names say of their values: `userPassword`, `card_pin`, `dateOfBirth`, however they are spelt.

use crate::recognise::Kind;

/// Words for a password, wherever in a name they stand.
const PASSWORDS: &[&str] =
    &["password", "passwd", "pwd", "passcode", "passphrase", "passwort", "kennwort", "geheimzahl"];
/// Words for what lets somebody in, at the end of a name.
const PINS: &[&str] = &["pin", "otp", "totp", "cvv", "cvc", "csc"];
/// Words for a key, at the end of a name.
const KEYS: &[&str] = &["token", "secret", "apikey", "credential", "credentials"];
/// Words that say that the value is the thing itself.
const VALUES: &[&str] = &[
    "code",
    "value",
    "number",
    "no",
    "nr",
    "text",
    "string",
    "input",
    "entry",
    "entered",
    "given",
    "new",
    "old",
    "current",
    "confirm",
    "confirmation",
    "again",
    "plain",
    "raw",
    "hash",
];
/// Words that say that it is something about it.
const ABOUT: &[&str] = &[
    "reset",
    "attempts",
    "tries",
    "count",
    "length",
    "hint",
    "link",
    "url",
    "changed",
    "change",
    "expired",
    "expires",
    "expiry",
    "at",
    "date",
    "policy",
    "required",
    "set",
    "ok",
    "valid",
    "status",
    "state",
    "age",
    "strength",
    "forgotten",
    "type",
    "question",
    "error",
    "errors",
    "wrong",
    "locked",
    "requested",
    "sent",
    "done",
    "used",
    "max",
    "left",
    "method",
];

/// The words of a name: at signs, and where small letters end and large ones begin. Figures at the end of a word are left
/// out.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let all: Vec<char> = name.chars().collect();
    for (at, c) in all.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| all[before]);
        let next = all.get(at + 1);
        let camel = c.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_uppercase() && next.is_some_and(|next| next.is_lowercase()))
            });
        if (camel || !c.is_alphanumeric()) && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.push(*c);
        }
    }
    for word in &mut words {
        let letters = word.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        if letters > 0 {
            word.truncate(letters);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A name as the words that stand before its value.
pub(crate) fn label(name: &str) -> String {
    let words = words(name);
    if words.is_empty() { String::new() } else { format!("{}:", words.join(" ")) }
}

/// What a value with this name is, whatever it looks like.
pub(crate) fn secret_name(name: &str) -> Option<Kind> {
    let words: Vec<String> = words(name).iter().map(|word| word.to_lowercase()).collect();
    let is = |list: &[&str], word: &String| list.contains(&word.as_str());
    if words.last().is_some_and(|last| is(ABOUT, last)) {
        return None;
    }
    if words.iter().any(|word| is(PASSWORDS, word)) {
        return Some(Kind::Password);
    }
    let named = words.iter().rposition(|word| !is(VALUES, word))?;
    let last = &words[named];
    let api_key =
        last == "key" && named > 0 && matches!(words[named - 1].as_str(), "api" | "secret" | "access" | "private");
    match last.as_str() {
        "cvv" | "cvc" | "csc" => Some(Kind::Cvv),
        _ if is(PINS, last) => Some(Kind::Password),
        _ if is(KEYS, last) || api_key => Some(Kind::ApiKey),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_parted_where_they_are_spelt_together() {
        for (name, text) in [
            ("dateOfBirth", "date Of Birth:"),
            ("customer.phone_number", "customer phone number:"),
            ("customerSSN", "customer SSN:"),
            ("SSNNumber", "SSN Number:"),
            ("card2Cvv2", "card Cvv:"),
            ("2", "2:"),
            ("", ""),
            ("_", ""),
        ] {
            assert_eq!(label(name), text, "{name}");
        }
    }
}
