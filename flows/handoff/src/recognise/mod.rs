//! Recognisers: data in a text that nobody declared, found by its shape, its check digits and the words beside it.
//!
//! What must stay true: the time is linear in the length of the text, whatever it holds (every step backwards or forwards
//! from a place is bounded); a number without valid check digits is no card, account or provider; what has no check
//! digits needs words beside it or a shape that nothing else has.

mod about;
mod api_key;
mod birth_date;
mod card;
mod cvv;
mod email;
mod iban;
mod ip;
mod jwt;
mod mbi;
mod medical_record;
mod nino;
mod npi;
mod password;
mod phone;
mod plain;
mod ssn;
mod text;
mod words;

use crate::redact::plain_digit;
use plain::Plain;
use text::Text;

/// What a recognised part is. The order is that in which overlapping finds are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A payment card's number.
    Card,
    /// A payment card's security code.
    Cvv,
    /// A password, passphrase or PIN.
    Password,
    /// A key or secret of a programming interface.
    ApiKey,
    /// A JSON Web Token.
    Jwt,
    /// An international bank account number.
    Iban,
    /// A social security number of the United States.
    Ssn,
    /// A national insurance number of the United Kingdom.
    Nino,
    /// A Medicare beneficiary identifier of the United States.
    Mbi,
    /// A national provider identifier of the United States.
    Npi,
    /// A number under which a clinic keeps a patient.
    MedicalRecord,
    /// A date of birth.
    BirthDate,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// An address of a computer.
    Ip,
}

/// How strictly a kind is kept back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strictness {
    /// How people are reached: goes out where a field sends exactly that.
    Contact,
    /// Who somebody is to an office.
    Identity,
    /// What lets somebody in or pay.
    Secret,
}

impl Kind {
    /// All kinds, in their order.
    pub const ALL: [Self; 15] = [
        Self::Card,
        Self::Cvv,
        Self::Password,
        Self::ApiKey,
        Self::Jwt,
        Self::Iban,
        Self::Ssn,
        Self::Nino,
        Self::Mbi,
        Self::Npi,
        Self::MedicalRecord,
        Self::BirthDate,
        Self::Email,
        Self::Phone,
        Self::Ip,
    ];

    /// As `redacted` names it.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Card => "card",
            Self::Cvv => "cvv",
            Self::Password => "password",
            Self::ApiKey => "api_key",
            Self::Jwt => "jwt",
            Self::Iban => "iban",
            Self::Ssn => "ssn",
            Self::Nino => "nino",
            Self::Mbi => "mbi",
            Self::Npi => "npi",
            Self::MedicalRecord => "medical_record",
            Self::BirthDate => "birth_date",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Ip => "ip",
        }
    }

    /// In words, with its article.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Card => "a card number",
            Self::Cvv => "a card's security code",
            Self::Password => "a password",
            Self::ApiKey => "a secret key",
            Self::Jwt => "an access token",
            Self::Iban => "a bank account (IBAN)",
            Self::Ssn => "a US social security number",
            Self::Nino => "a UK national insurance number",
            Self::Mbi => "a US Medicare number",
            Self::Npi => "a US provider number (NPI)",
            Self::MedicalRecord => "a medical record number",
            Self::BirthDate => "a date of birth",
            Self::Email => "an e-mail address",
            Self::Phone => "a phone number",
            Self::Ip => "an IP address",
        }
    }

    /// How strictly it is kept back.
    #[must_use]
    pub const fn strictness(self) -> Strictness {
        match self {
            Self::Card | Self::Cvv | Self::Password | Self::ApiKey | Self::Jwt => Strictness::Secret,
            Self::Iban | Self::Ssn | Self::Nino | Self::Mbi | Self::MedicalRecord => Strictness::Identity,
            Self::Npi | Self::BirthDate | Self::Email | Self::Phone | Self::Ip => Strictness::Contact,
        }
    }

    /// Whether it is kept out of chats altogether, not even masked: what lets somebody in or pay (PCI DSS 4.0, 3.3 and 3.4: no
    /// security code after authorisation, of a card number at most its first six and last four digits).
    #[must_use]
    pub const fn blocked_in_chats(self) -> bool {
        matches!(self.strictness(), Strictness::Secret)
    }

    /// Whether its last four characters say who it is without giving it away.
    const fn has_tail(self) -> bool {
        matches!(self, Self::Card | Self::Iban | Self::Ssn | Self::Nino | Self::Mbi | Self::MedicalRecord | Self::Phone)
    }

    /// What stands in place of a find that is masked.
    #[must_use]
    pub fn mask(self, found: &str) -> String {
        if self.has_tail() { crate::redact::mask(found) } else { crate::redact::mask("") }
    }
}

/// A part of a text that was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
}

/// The most of the line before that is looked at for words.
const BEFORE: usize = 160;

/// What stands in a text, in order and apart from each other. `before` is what was said or stands just before it: the
/// question that it answers, the name that it has.
#[must_use]
pub fn recognise(text: &str, before: &str) -> Vec<Found> {
    let telling = |c: char| matches!(c, '@' | ':' | '=') || plain_digit(c).is_some();
    if !text.chars().any(telling) && !words::asks(text, before) {
        return Vec::new();
    }
    if before.is_empty() {
        return all(text);
    }
    let from = before.char_indices().rev().map(|(at, _)| at).take_while(|at| before.len() - at <= BEFORE).last();
    let head = &before[from.unwrap_or(0)..];
    let whole = format!("{head}\n{text}");
    let shift = head.len() + 1;
    let own = all(&whole).into_iter().filter(|found| found.end > shift);
    // A card that begins in the line before: its rest is no more for others to see.
    let own = own.filter(|found| found.start >= shift || found.kind == Kind::Card);
    own.map(|found| Found { start: found.start.saturating_sub(shift), end: found.end - shift, ..found }).collect()
}

fn all(text: &str) -> Vec<Found> {
    let plain = Plain::of(text);
    let mut found = in_plain(&plain.text);
    for one in &mut found {
        (one.start, one.end) = plain.place(one.start, one.end);
    }
    found
}

fn in_plain(text: &str) -> Vec<Found> {
    let text = Text::new(text);
    let mut found = Vec::new();
    card::find(&text, &mut found);
    cvv::find(&text, &mut found);
    password::find(&text, &mut found);
    api_key::find(&text, &mut found);
    jwt::find(&text, &mut found);
    iban::find(&text, &mut found);
    ssn::find(&text, &mut found);
    nino::find(&text, &mut found);
    mbi::find(&text, &mut found);
    npi::find(&text, &mut found);
    medical_record::find(&text, &mut found);
    birth_date::find(&text, &mut found);
    email::find(&text, &mut found);
    phone::find(&text, &mut found);
    ip::find(&text, &mut found);
    apart(found)
}

/// Finds that overlap become one, of the first kind in the order of kinds.
fn apart(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|one| (one.start, one.kind));
    let mut out: Vec<Found> = Vec::with_capacity(found.len());
    for one in found {
        match out.last_mut() {
            Some(last) if one.start < last.end => {
                last.end = last.end.max(one.end);
                last.kind = last.kind.min(one.kind);
            }
            _ => out.push(one),
        }
    }
    out
}

#[cfg(test)]
mod tests;
