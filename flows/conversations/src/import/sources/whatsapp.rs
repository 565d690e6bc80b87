//! A chat exported from WhatsApp as text, with or without media. The date is written as the phone's language has it, so its
//! order is found from the dates themselves; a message goes on in the lines that begin with no date.

use std::io::BufRead;

use flow_model::tree::Json;

use super::common::{self, object};
use crate::import::dates::{self, is_direction};
use crate::import::input::{BROKEN, Cut, Lines, text};
use crate::import::rows::Record;
use crate::import::{DateOrder, Head, Mapping, Means, Note, Sink, Source, Stop, speakers, survey};

/// A chat exported from WhatsApp.
pub struct WhatsApp;

/// The longest name of a person.
const NAME: usize = 60;
/// After so many seconds of silence another conversation begins.
const GAP: u64 = 12 * 3600;
/// What stands for a line without a person.
const SYSTEM: &str = "(system)";
/// What stands for a message that was taken back.
const DELETED: &str = "(deleted)";

impl Source for WhatsApp {
    fn kind(&self) -> &'static str {
        "whatsapp"
    }

    fn title(&self) -> &'static str {
        "WhatsApp chat export"
    }

    fn about(&self) -> &'static str {
        "Chats exported as text, from any phone: the order of the date is found from the dates. Messages of several lines, lines of the app, media, deleted and edited messages are told apart. After twelve hours of silence, or where the clock goes back as far, another conversation begins (`gap`). Who is the customer is guessed by the names: correct `who`."
    }

    fn sniff(&self, head: &Head) -> Option<(u8, String)> {
        let lines: Vec<&str> = head.text.lines().filter(|line| !line.trim().is_empty()).take(200).collect();
        let messages = lines.iter().filter_map(|line| message(line)).count();
        let first = lines.iter().take(5).any(|line| message(line).is_some());
        if !first || messages < 2 || messages * 10 < lines.len() {
            return None;
        }
        let named = head.name.to_lowercase().contains("whatsapp") || head.ends_with(&["_chat.txt"]);
        let confidence = if named { 97 } else { 90 };
        Some((
            confidence,
            format!("{messages} of its first {} lines begin with a date, a time and a name", lines.len()),
        ))
    }

    fn propose(&self, head: &Head) -> Mapping {
        let mut mapping = common::base(self, head).with(&[
            ("chat", "conversation"),
            ("speaker", "who"),
            ("text", "text"),
            ("when", "time"),
            ("media", "x.media"),
            ("edited", "x.edited"),
        ]);
        mapping.gap = Some(GAP);
        mapping.who.insert(SYSTEM.to_owned(), Means::Skip);
        mapping.who.insert(DELETED.to_owned(), Means::Skip);
        mapping.dated(head.text.lines().filter_map(message).map(|(when, _)| when).take(2000));
        people(&survey::of(self, head, &mapping), &mut mapping);
        mapping
    }

    fn read(&self, input: &mut dyn BufRead, mapping: &Mapping, sink: &mut dyn Sink) -> Result<(), Stop> {
        let mut lines = Lines::new(input);
        let mut open: Option<(u64, String, String)> = None;
        while let Some((bytes, cut)) = lines.next()? {
            let (line, broken) = text(bytes);
            let line = line.into_owned();
            let number = lines.number();
            if cut == Cut::TooLong {
                sink.note(Note::new(number, "the line", "it is longer than 64 MB, so it is left out"))?;
                continue;
            }
            if broken {
                sink.note(Note::new(number, line.clone(), BROKEN))?;
            }
            match (message(&line), &mut open) {
                (Some((when, said)), _) => {
                    let next = (number, when.to_owned(), said.to_owned());
                    if let Some(whole) = open.replace(next) {
                        give(whole, mapping, sink)?;
                    }
                }
                (None, Some((_, _, said))) => {
                    said.push('\n');
                    said.push_str(&line);
                }
                (None, None) if line.trim().is_empty() => {}
                (None, None) => {
                    sink.note(Note::new(number, line, "it stands before the first message, so it is left out"))?;
                }
            }
        }
        open.map_or(Ok(()), |whole| give(whole, mapping, sink))
    }
}

/// The first who speaks is the customer, unless names tell otherwise.
fn people(survey: &survey::Survey, mapping: &mut Mapping) {
    let names: Vec<&str> =
        survey.speakers.iter().map(|seen| seen.value.as_str()).filter(|n| ![SYSTEM, DELETED].contains(n)).collect();
    let known: Vec<Means> = names.iter().map(|name| speakers::speaker(name)).collect();
    let has_user = known.contains(&Means::User);
    let mut given = has_user;
    for (name, means) in names.iter().zip(known) {
        let means = match means {
            Means::Report if given => Means::Agent,
            Means::Report => Means::User,
            Means::Skip | Means::Call | Means::Result => Means::Agent,
            known => known,
        };
        given |= means == Means::User;
        mapping.who.insert((*name).to_owned(), means);
    }
}

/// The moment of a line that begins a message, and what stands behind it.
fn message(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start_matches(|c: char| is_direction(c) || c.is_whitespace());
    let (when, said) =
        if let Some(rest) = line.strip_prefix('[') { rest.split_once(']')? } else { line.split_once(" - ")? };
    let short = when.len() <= 60 && when.starts_with(|c: char| c.is_ascii_digit() || is_direction(c));
    let orders = [DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd];
    let is_moment =
        short && when.contains(':') | when.contains('.') && orders.iter().any(|o| dates::moment(when, *o, 0).is_some());
    is_moment.then(|| (when, said.trim_start_matches(' ')))
}

fn give((line, when, said): (u64, String, String), mapping: &Mapping, sink: &mut dyn Sink) -> Result<(), Stop> {
    let (name, words) = named(&said);
    let marked = words.starts_with(is_direction);
    let words = words.trim_start_matches(is_direction);
    let (words, edited) = unedited(words);
    let media = media(words);
    let speaker = match name {
        Some(_) if is_deleted(words) => DELETED,
        Some(_) if marked && media.is_none() => SYSTEM,
        Some(name) => name,
        None => SYSTEM,
    };
    let row = object(vec![
        ("chat", Some(Json::Text(mapping.name.clone()))),
        ("when", Some(Json::Text(when))),
        ("speaker", Some(Json::text(speaker))),
        ("text", Some(Json::text(words))),
        ("media", media.map(Json::Text)),
        ("edited", edited.then_some(Json::Bool(true))),
    ]);
    sink.record(Record { line, head: row, rows: None })
}

/// Who says it, where somebody does.
fn named(said: &str) -> (Option<&str>, &str) {
    let first = said.split('\n').next().unwrap_or(said);
    let Some(at) = first.find(':') else { return (None, said) };
    let (name, words) = (&said[..at], &said[at + 1..]);
    let name = name.trim_matches(|c: char| is_direction(c) || c.is_whitespace());
    let behind = words.is_empty() || words.starts_with([' ', '\n', '\u{200e}']);
    // A sentence of the app may have a colon too, within the quotes of a subject.
    let is_name = !name.is_empty() && name.chars().count() <= NAME && !name.contains(['"', '“', '„', '«']);
    if behind && is_name { (Some(name), words.strip_prefix(' ').unwrap_or(words)) } else { (None, said) }
}

/// What the app puts in place of media, in the languages that its exports were seen in.
const OMITTED: [&str; 14] = [
    "omitted",
    "weggelassen",
    "ausgeschlossen",
    "omitido",
    "omitida",
    "omis",
    "omise",
    "omesso",
    "omessa",
    "omitidos",
    "weggelaten",
    "pominięto",
    "pominięte",
    "oculto",
];
/// What it puts behind the name of a file that lies beside the chat.
const ATTACHED: [&str; 7] = [
    "(file attached)",
    "(datei angehängt)",
    "(archivo adjunto)",
    "(fichier joint)",
    "(file allegato)",
    "(arquivo anexado)",
    "(bestand bijgevoegd)",
];

/// What is said of a picture, a voice message or a file: its name, or the app's words.
fn media(words: &str) -> Option<String> {
    let first = words.lines().next().unwrap_or("").trim();
    let lower = first.to_lowercase();
    if let Some(file) = first.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        if let Some((what, name)) = file.split_once(": ")
            && ["attached", "anhang", "adjunto", "pièce jointe", "allegato", "anexado"]
                .contains(&what.to_lowercase().as_str())
        {
            return Some(name.to_owned());
        }
        let omitted =
            file.split_whitespace().next_back().is_some_and(|last| OMITTED.contains(&last.to_lowercase().as_str()));
        return omitted.then(|| file.to_owned());
    }
    if let Some(mark) = ATTACHED.iter().find(|mark| lower.ends_with(*mark)) {
        return first.get(..first.len() - mark.len()).map(|name| name.trim().to_owned());
    }
    let few = first.split_whitespace().count() <= 4;
    let last = lower.split_whitespace().next_back().unwrap_or("");
    (few && OMITTED.contains(&last) && lower != last).then(|| first.to_owned())
}

fn is_deleted(words: &str) -> bool {
    let lower = words.trim().trim_end_matches('.').to_lowercase();
    [
        "this message was deleted",
        "you deleted this message",
        "diese nachricht wurde gelöscht",
        "du hast diese nachricht gelöscht",
        "se eliminó este mensaje",
        "eliminaste este mensaje",
        "ce message a été supprimé",
        "questo messaggio è stato eliminato",
        "mensagem apagada",
        "dit bericht is verwijderd",
    ]
    .contains(&lower.as_str())
}

/// The words without what the app writes behind a message that was changed.
fn unedited(words: &str) -> (&str, bool) {
    let marks = [
        "<This message was edited>",
        "<Diese Nachricht wurde bearbeitet.>",
        "<Se editó este mensaje.>",
        "<Ce message a été modifié>",
    ];
    let bare = words.trim_end();
    match marks.iter().find_map(|mark| bare.strip_suffix(mark)) {
        Some(rest) => (rest.trim_end_matches(|c: char| c.is_whitespace() || is_direction(c)), true),
        None => (words, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_many_phones_are_messages() {
        for (line, said) in [
            ("12/31/21, 11:59 PM - Anna: Hi", "Anna: Hi"),
            ("31.12.21, 23:59 - Anna: Hi", "Anna: Hi"),
            ("\u{200e}[31.12.21, 23:59:10] Anna: Hi", "Anna: Hi"),
            ("[12/31/21, 11:59:10\u{202f}PM] Anna: Hi", "Anna: Hi"),
            ("31/12/2021 23:59 - Anna: Hi", "Anna: Hi"),
            ("31/12/2021, 11:59 p. m. - Anna: Hi", "Anna: Hi"),
            ("2021-12-31, 23:59 - Anna: Hi", "Anna: Hi"),
            ("21/12/31 23:59 - Anna: Hi", "Anna: Hi"),
        ] {
            assert_eq!(message(line).map(|(_, said)| said), Some(said), "{line}");
        }
        for line in ["and then - she left", "12 - 13: no", "[note] x", "1.2 - x", "Call me 12:30 - ok"] {
            assert_eq!(message(line), None, "{line}");
        }
    }

    #[test]
    fn names_media_and_marks_are_told_apart() {
        assert_eq!(named("Anna Meyer: see: this"), (Some("Anna Meyer"), "see: this"));
        assert_eq!(named("+49 170 1234567: x"), (Some("+49 170 1234567"), "x"));
        assert_eq!(named("Anna changed the subject to \"a: b\""), (None, "Anna changed the subject to \"a: b\""));
        assert_eq!(named("at 10:30 we met").0, None);
        for (words, found) in [
            ("<Media omitted>", Some("Media omitted")),
            ("<Medien ausgeschlossen>", Some("Medien ausgeschlossen")),
            ("image omitted", Some("image omitted")),
            ("<attached: 00000012-PHOTO.jpg>", Some("00000012-PHOTO.jpg")),
            ("IMG-2021.jpg (file attached)\nsee this", Some("IMG-2021.jpg")),
            ("you omitted something that matters", None),
            ("omitted", None),
        ] {
            assert_eq!(media(words).as_deref(), found, "{words}");
        }
        assert_eq!(unedited("yes \u{200e}<This message was edited>"), ("yes", true));
    }
}
