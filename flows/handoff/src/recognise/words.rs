//! Words, English and German, that say what stands beside them.

use std::sync::LazyLock;

/// What a word hints at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    Card,
    Cvv,
    Password,
    Key,
    Ssn,
    Mbi,
    Npi,
    Record,
    Birth,
    Phone,
    /// What follows is the number of something bought or written, and nobody's phone.
    Order,
    /// What follows is a version, and no address.
    Version,
}

/// How many hints there are.
const COUNT: usize = Hint::Version as usize + 1;

/// The phrases of each hint, in lower case, a comma between two.
const PHRASES: &[(Hint, &str)] = &[
    (Hint::Card, "card, visa, mastercard, amex, karte, kreditkarte, pan, credit, debit"),
    (
        Hint::Cvv,
        "cvv, cvc, cvv2, cvc2, csc, security code, verification code of the card, card verification, card verification \
         value, card verification number, digits on the back, prüfziffer, kartenprüfnummer, kartenprüfziffer, \
         sicherheitscode",
    ),
    (
        Hint::Password,
        "password, passwords, passwd, pwd, passcode, passphrase, pass word, pin, pin code, pin number, passwort, \
         kennwort, geheimzahl, otp, one time code, one time password, one time passcode, verification code, login code, \
         einmalcode, einmalpasswort, tan",
    ),
    (
        Hint::Key,
        "api key, apikey, secret key, access key, access token, api token, client secret, auth token, bearer, secret \
         access key",
    ),
    (Hint::Ssn, "ssn, social, social security, social security number, tin"),
    (Hint::Mbi, "mbi, medicare, beneficiary, beneficiary identifier"),
    (Hint::Npi, "npi, provider, provider identifier, provider number, national provider identifier"),
    (
        Hint::Record,
        "mrn, medical record, medical records, record number of the patient, medical record number, patient id, patient \
         number, patient no, chart number, chart no, hospital number, patientennummer, patientenakte, krankenakte, \
         fallnummer",
    ),
    (
        Hint::Birth,
        "dob, d o b, date of birth, birth date, birthdate, birthday, born, born on, geboren, geboren am, geburtsdatum, \
         geburtstag",
    ),
    (
        Hint::Phone,
        "phone, telephone, tel, mobile, cell, cellphone, whatsapp, fax, call back, callback, number to call, call me, \
         call me on, call me at, call you, call you back, call you back on, reach me, reach me at, reach me on, reach \
         you, text me, text me at, ring me, ring me on, telefon, handy, handynummer, mobil, mobilnummer, rufnummer, \
         telefonnummer, rückruf, anrufen, erreichbar",
    ),
    (
        Hint::Order,
        "order, invoice, reference, ref, transaction, booking, tracking, ticket, case, account, charge, reservation, \
         confirmation, confirmation code, policy, customer, member, item, product, article, serial, parcel, shipment, \
         flight, user, id, amount, total, bestellung, bestellnummer, rechnung, rechnungsnummer, auftrag, \
         auftragsnummer, kundennummer, vorgang, sendung, sendungsnummer, betrag",
    ),
    (Hint::Version, "version, release, build, firmware, v, ver, section, chapter, kapitel"),
];

/// Words that join a name and its value.
const LINKS: &str = "is was are s the my our his her their your its it of number numbers no nr num code value id identifier to as a and \
     following same still now new old current please at on for me back under with this that patient customer user line \
     cell phone card ist lautet war die der das mein meine neue neues alte altes nummer und am unter yes sure ok okay \
     ja hi hello i m think believe ending d o b mm dd yyyy yy reads equals";

/// A text's words: runs of letters and digits.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split(|c: char| !c.is_alphanumeric()).filter_map(move |word| {
        let start = at;
        // What separates is one character; its length is read off the text.
        at += word.len();
        at += text[at..].chars().next().map_or(0, char::len_utf8);
        (!word.is_empty()).then_some((start, word))
    })
}

/// Words that could be the last of a phrase are no longer than this.
const LONGEST: usize = 24;
/// Words that are looked back at: as many as the longest phrase has.
const DEPTH: usize = 6;

/// A phrase as its words, the last first.
type Phrase = Vec<&'static str>;

/// The phrases by the bytes of their last word.
static PHRASES_BY_LENGTH: LazyLock<Vec<Vec<(Hint, Phrase)>>> = LazyLock::new(|| {
    let mut table = vec![Vec::new(); LONGEST + 1];
    for (hint, phrases) in PHRASES {
        for phrase in phrases.split(", ") {
            let words: Phrase = phrase.rsplit(' ').collect();
            let length = words.first().map_or(0, |word| word.len());
            if let Some(list) = table.get_mut(length) {
                list.push((*hint, words));
            }
        }
    }
    table
});

/// The places of each hint's words.
pub(super) fn hints(text: &str) -> Vec<Vec<(usize, usize)>> {
    let mut found = vec![Vec::new(); COUNT];
    let mut last: [&str; DEPTH] = [""; DEPTH];
    let mut starts = [0; DEPTH];
    for (start, word) in words(text) {
        last.rotate_left(1);
        starts.rotate_left(1);
        last[DEPTH - 1] = word;
        starts[DEPTH - 1] = start;
        if word.len() > LONGEST {
            continue;
        }
        let mut longest = [0; COUNT];
        for (hint, phrase) in &PHRASES_BY_LENGTH[word.len()] {
            if let Some(length) = ends(&last, phrase) {
                longest[*hint as usize] = length.max(longest[*hint as usize]);
            }
        }
        for (places, length) in found.iter_mut().zip(longest).filter(|(_, length)| *length > 0) {
            places.push((starts[DEPTH - length], start + word.len()));
        }
    }
    found
}

/// How many of the last words are this phrase.
fn ends(last: &[&str; DEPTH], phrase: &[&str]) -> Option<usize> {
    let fits = phrase.iter().zip(last.iter().rev()).all(|(word, said)| word.eq_ignore_ascii_case(said));
    fits.then_some(phrase.len())
}

/// Whether nothing but joining words and signs stands in between.
pub(super) fn only_links(between: &str) -> bool {
    !between.contains(['?', '!', ';'])
        && words(between).all(|(_, word)| LINKS.split(' ').any(|link| word.eq_ignore_ascii_case(link)))
}

/// Whether a text between two says that the one is the other.
pub(super) fn says_is(between: &str) -> bool {
    words(between).any(|(_, word)| ["is", "was", "ist", "war"].iter().any(|is| word.eq_ignore_ascii_case(is)))
}

/// Whether a text speaks of a secret that need not hold a digit.
pub(super) fn asks(text: &str, before: &str) -> bool {
    let speaks = |text: &str| !hints(text)[Hint::Password as usize].is_empty();
    speaks(text) || speaks(before) || text.contains("PRIVATE KEY") || text.contains("eyJ")
}

/// Whether a word is spelt so that nobody would call it a password: `my password is wrong`.
pub(super) fn is_common(word: &str) -> bool {
    const COMMON: &str = "wrong incorrect correct right not no never always expired invalid valid weak strong reset required needed lost \
         gone forgotten unknown missing empty blank locked blocked disabled broken working rejected refused accepted \
         saved stored hidden protected compromised stolen leaked changed changing updated sent called what why where \
         something anything nothing there here mine yours different unchanged identical secret secure safe fine good \
         bad impossible possible mandatory optional confidential private personal important necessary about going being \
         asking please help thanks falsch richtig abgelaufen vergessen weg nicht ungültig gesperrt verloren unbekannt \
         sicher unsicher leer geheim nötig zurück recognised recognized declined denied failing failed temporary \
         useless";
    COMMON.split(' ').any(|common| word.eq_ignore_ascii_case(common))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_their_places() {
        let text = "Ünd d.o.b.: 1—2";
        let found: Vec<(usize, &str)> = words(text).collect();
        assert_eq!(found, [(0, "Ünd"), (5, "d"), (7, "o"), (9, "b"), (13, "1"), (17, "2")]);
        assert!(found.iter().all(|(at, word)| text[*at..].starts_with(word)));
    }

    #[test]
    fn phrases_are_found_whole_and_the_longest_counts() {
        let text = "My Date of_Birth, my Card Verification Value";
        let found = hints(text);
        let of = |hint: Hint| -> Vec<&str> { found[hint as usize].iter().map(|(a, b)| &text[*a..*b]).collect() };
        assert_eq!(of(Hint::Birth), ["Date of_Birth"]);
        assert_eq!(of(Hint::Cvv), ["Card Verification", "Card Verification Value"]);
    }
}
