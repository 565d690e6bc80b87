//! The cases of `cases/<kind>.txt`: `+` a text whose marked parts are found and nothing else, `-` a text in which nothing
//! is, `<` what was said before the next line. A mark of another kind names it: `«email|a@example.com»`.

use proptest::prelude::*;

use super::*;

macro_rules! cases {
    ($($kind:ident: $file:literal),+ $(,)?) => {
        const CASES: &[(Kind, &str)] = &[$((Kind::$kind, include_str!(concat!("cases/", $file, ".txt")))),+];
    };
}

cases! {
    Card: "card", Cvv: "cvv", Password: "password", ApiKey: "api_key", Jwt: "jwt", Iban: "iban", Ssn: "ssn", Nino: "nino",
    Mbi: "mbi", Npi: "npi", MedicalRecord: "medical_record", BirthDate: "birth_date", Email: "email", Phone: "phone", Ip: "ip",
}

/// A text without its marks, and what they say should be found.
fn marked(kind: Kind, line: &str) -> (String, Vec<(Kind, String)>) {
    let (mut text, mut wanted) = (String::new(), Vec::new());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('«') {
        let (inside, behind) = after.split_once('»').unwrap_or_else(|| panic!("{line}: a mark has no end"));
        let named =
            inside.split_once('|').and_then(|(id, part)| Some((Kind::ALL.into_iter().find(|k| k.id() == id)?, part)));
        let (kind, part) = named.unwrap_or((kind, inside));
        text.push_str(before);
        text.push_str(part);
        wanted.push((kind, part.to_owned()));
        rest = behind;
    }
    (text + rest, wanted)
}

#[test]
fn every_kind_is_found_where_it_is_and_nowhere_else() {
    let mut wrong = Vec::new();
    for (kind, file) in CASES {
        let (mut positive, mut negative, mut before) = (0, 0, String::new());
        for (number, line) in file.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let (sign, rest) = line.split_at(1);
            let (text, wanted) = marked(*kind, &rest.trim_start().replace("\\n", "\n").replace("\\t", "\t"));
            match sign {
                "<" => {
                    before = text;
                    continue;
                }
                "+" => positive += 1,
                "-" => negative += 1,
                _ => panic!("{}.txt:{}: {line}", kind.id(), number + 1),
            }
            assert_eq!(wanted.is_empty(), sign == "-", "{}.txt:{}", kind.id(), number + 1);
            let found: Vec<(Kind, String)> =
                recognise(&text, &before).iter().map(|f| (f.kind, text[f.start..f.end].to_owned())).collect();
            if found != wanted {
                wrong.push(format!("{}.txt:{}: {text}\n  found {found:?}\n  not   {wanted:?}", kind.id(), number + 1));
            }
            before.clear();
        }
        assert!(positive >= 4 && negative >= 4, "{} has too few cases", kind.id());
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_stands_in_their_place_gives_nothing_away() {
    for (kind, found, mask) in [
        (Kind::Card, "4111 1111 1111 1111", "****1111"),
        (Kind::Cvv, "123", "****"),
        (Kind::Password, "correct-horse-battery", "****"),
        (Kind::Email, "somebody@example.com", "****"),
        (Kind::Phone, "555-0187", "****"),
        (Kind::Iban, "DE89370400440532013000", "****3000"),
        (Kind::BirthDate, "12 March 1984", "****"),
    ] {
        assert_eq!(kind.mask(found), mask);
    }
}

#[test]
fn hostile_texts_come_to_an_end() {
    let size = 60_000;
    for piece in [
        "4111 ",
        "1 ",
        "1-",
        "4",
        "a@",
        "@",
        "a.",
        "1.1.1.",
        ":",
        "f:",
        "eyJ",
        "eyJ.",
        "-----BEGIN PRIVATE KEY-----",
        "password is ",
        "password: ",
        "cvv ",
        "DE89 ",
        "AB12",
        "+",
        "(",
        "+1(",
        "dob ",
        "12/12/",
        "é",
        "AKIA",
        "1EG4-",
        "\n",
        "password?\n",
        "mrn 1234 ",
        "api key ",
        "card 4111111111111111 12/27 ",
    ] {
        let text = piece.repeat(size / piece.len());
        let found = recognise(&text, piece);
        assert!(found.windows(2).all(|two| two[0].end <= two[1].start), "{piece}");
    }
}

proptest! {
    #[test]
    fn finds_are_in_order_and_whole_characters(text in "[ -~äß€“\n]{0,80}", before in "[a-z ?:]{0,20}") {
        let found = recognise(&text, &before);
        for one in &found {
            prop_assert!(text.get(one.start..one.end).is_some_and(|part| !part.is_empty()));
        }
        prop_assert!(found.windows(2).all(|two| two[0].end <= two[1].start));
    }

    #[test]
    fn a_card_is_found_wherever_it_stands(
        digits in proptest::collection::vec(0_u8..10, 14),
        sign in proptest::sample::select(vec![
            "", " ", "-", "  ", "\t", "\n", ".", "/", "_", ", ", " - ", "\u{2013}", "\u{2011}", "\u{a0}", "\u{202f}", "\u{2009}", "\u{200b}",
            " \u{2014} ", "\u{ad}", "\u{3000}", " / ",
        ]),
        wide in any::<bool>(),
        before in "[a-z]{0,6}[ :(\"]", after in "[ .,)!?\"]{0,2}",
    ) {
        let mut all: Vec<u8> = [4].into_iter().chain(digits).chain([0]).collect();
        while !card::luhn(&all) {
            all[15] += 1;
        }
        let zero = if wide { 0xff10 } else { 0x30 };
        let digit = |digit: &u8| char::from_u32(zero + u32::from(*digit)).unwrap();
        let groups: Vec<String> = all.chunks(4).map(|g| g.iter().map(digit).collect()).collect();
        let number = groups.join(sign);
        let text = format!("{before}{number}{after}");
        let found = recognise(&text, "");
        prop_assert_eq!(found.iter().map(|f| (f.kind, &text[f.start..f.end])).collect::<Vec<_>>(), vec![(Kind::Card, number.as_str())]);
        // With another last digit it is none, and stays.
        all[15] = (all[15] + 1) % 10;
        let groups: Vec<String> = all.chunks(4).map(|g| g.iter().map(digit).collect()).collect();
        let found = recognise(&format!("{before}{}{after}", groups.join(sign)), "");
        prop_assert!(found.iter().all(|f| f.kind != Kind::Card));
    }

    #[test]
    fn ordinary_references_stay(
        // From lists: letters at random are also *MRN* or *SSN* once in a while, and those are no ordinary references.
        letters in proptest::sample::select(vec!["TX", "PO", "RMA", "ORD", "INV", "REF", "SKU", "CASE", "RET"]),
        number in "[0-9]{5,12}", amount in 1_u32..9_999_999,
        words in proptest::collection::vec(proptest::sample::select(vec!["the", "order", "came", "late", "please", "refund", "it", "to", "me", "a", "parcel", "again"]), 1..6),
    ) {
        let words = words.join(" ");
        for text in [
            format!("{letters}-{number}"),
            format!("{words} {letters}{number}"),
            format!("order {number}"),
            format!("${}.{:02} on {letters}-{number}", amount / 100, amount % 100),
            format!("€{amount} {words}"),
            format!("#{number}"),
            format!("{}, {}, {} and {}", amount % 900 + 100, amount % 1700, amount % 8, amount % 1999),
            format!("{}.{}.20{} {words}", amount % 28 + 1, amount % 12 + 1, amount % 30 + 10),
            format!("{},{:03},{:03}.00 {words}", amount % 900 + 1, amount % 1000, amount % 997),
        ] {
            prop_assert_eq!(recognise(&text, ""), vec![], "{}", text);
        }
    }
}
