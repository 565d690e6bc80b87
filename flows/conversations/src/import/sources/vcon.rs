//! vCon containers (drafts of the IETF's vcon-core, syntax 0.0.1 to 0.4.0, read 2026-07-01): parties, dialogs of text, transfers,
//! transcripts in analyses. A signed one is opened; an encrypted one is told.

use std::io::BufRead;

use flow_model::tree::{self, Json};

use super::common::{self, at, object, text_at};
use crate::import::rows::Record;
use crate::import::{Head, Mapping, Means, Note, Sink, Source, Stop, speakers, survey};

/// vCon containers.
pub struct Vcon;

impl Source for Vcon {
    fn kind(&self) -> &'static str {
        "vcon"
    }

    fn title(&self) -> &'static str {
        "vCon"
    }

    fn about(&self) -> &'static str {
        "vCon of syntax 0.0.1 to 0.4.0: text dialogs by their party (role, type, name), transfers as requests, transcripts of analyses where nothing was written, summary, sentiment and tags as labels and tags. Signed ones are opened without checking the signature; encrypted ones are told."
    }

    fn sniff(&self, head: &Head) -> Option<(u8, String)> {
        let (_, values) = common::values(head, 2)?;
        let first = values.first()?;
        if let Some(version) = text_at(first, "vcon") {
            return Some((99, format!("it is a vCon of syntax {version}")));
        }
        if first.get("payload").is_some()
            && first.get("signatures").is_some()
            && head.ends_with(&[".vcon", ".vcon.json"])
        {
            return Some((90, "its name is that of a vCon, and it is signed".to_owned()));
        }
        let parts = ["uuid", "parties", "dialog"].iter().all(|key| first.get(key).is_some());
        parts.then(|| (95, "it has the uuid, parties and dialog of a vCon".to_owned()))
    }

    fn propose(&self, head: &Head) -> Mapping {
        let mut mapping = common::base(self, head);
        mapping.shape = common::shape(head);
        mapping.rows = Some("dialog".to_owned());
        let mut mapping = mapping
            .with(&[
                ("uuid", "conversation"),
                ("created_at", "ignore"),
                ("subject", "labels.subject"),
                ("summary", "labels.summary"),
                ("sentiment", "labels.sentiment"),
                ("tags", "tags"),
                ("vcon", "ignore"),
                ("updated_at", "ignore"),
                ("parties", "ignore"),
                ("dialog[].speaker", "who"),
                ("dialog[].text", "text"),
                ("dialog[].start", "time"),
                ("dialog[].name", "name"),
                ("dialog[].disposition", "note"),
            ])
            .hears(&[("(transfer)", Means::Request), ("(recording)", Means::Skip), ("(incomplete)", Means::Skip)]);
        let seen = survey::of(self, head, &mapping);
        let names: Vec<&str> =
            seen.speakers.iter().map(|s| s.value.as_str()).filter(|name| !mapping.who.contains_key(*name)).collect();
        let known: Vec<Means> = names.iter().map(|name| speakers::speaker(name)).collect();
        let mut has_user = known.contains(&Means::User);
        let guessed: Vec<(String, Means)> = names
            .iter()
            .zip(known)
            .map(|(name, means)| {
                let means = match means {
                    Means::Report if has_user => Means::Agent,
                    Means::Report => Means::User,
                    known => known,
                };
                has_user |= means == Means::User;
                ((*name).to_owned(), means)
            })
            .collect();
        mapping.who.extend(guessed);
        mapping
    }

    fn read(&self, input: &mut dyn BufRead, mapping: &Mapping, sink: &mut dyn Sink) -> Result<(), Stop> {
        common::read(input, mapping, sink, &mut |line, _, json, sink| {
            let json = match opened(json) {
                Ok(json) => json,
                Err(why) => return sink.note(Note::new(line, "a vCon", format!("{why}, so it is left out"))),
            };
            let mut rows = Vec::new();
            for (at, dialog) in json.get("dialog").map_or(&[][..], Json::items).iter().enumerate() {
                match row(dialog, &json) {
                    Ok(row) => rows.push((line, row)),
                    Err(why) => sink.note(Note::new(line, format!("dialog[{at}]"), why))?,
                }
            }
            analyses(&json, line, &mut rows, sink)?;
            rows.sort_by_key(|(_, row)| {
                common::text_at(row, "start").and_then(|s| crate::import::dates::moment(&s, mapping.dates, 0))
            });
            sink.record(Record { line, head: head_of(&json), rows: Some(rows) })
        })
    }
}

/// What a signature holds; what is encrypted cannot be read.
fn opened(json: Json) -> Result<Json, &'static str> {
    if json.get("ciphertext").is_some() {
        return Err("it is encrypted");
    }
    let Some(payload) = json.get("payload").and_then(Json::as_text) else { return Ok(json) };
    let bytes = base64(payload).ok_or("its payload is no base64url")?;
    let reading = tree::read(&String::from_utf8_lossy(&bytes));
    reading.json.ok_or("its payload is no JSON")
}

/// What a party is called: its role or type, else its name, else its number.
fn party(json: &Json, index: &Json) -> (String, Option<Json>) {
    let index = match index {
        Json::List(items) => items.first().cloned().unwrap_or(Json::Null),
        other => other.clone(),
    };
    let Some(party) = json.get("parties").and_then(|parties| parties.items().get(tree::index(&tree::compact(&index))?))
    else {
        return (format!("party {}", tree::compact(&index)), None);
    };
    let called = ["role", "type", "name", "tel", "mailto"].iter().find_map(|key| text_at(party, key));
    (called.unwrap_or_else(|| format!("party {}", tree::compact(&index))), at(party, "name"))
}

fn row(dialog: &Json, json: &Json) -> Result<Json, String> {
    let start = at(dialog, "start");
    let kind = text_at(dialog, "type").unwrap_or_default();
    match kind.as_str() {
        "text" => {
            let body = body(dialog)?;
            let index = dialog.get("originator").or_else(|| dialog.get("parties")).cloned().unwrap_or(Json::Null);
            let (speaker, name) = party(json, &index);
            Ok(object(vec![
                ("speaker", Some(Json::Text(speaker))),
                ("name", name),
                ("text", Some(Json::Text(body))),
                ("start", start),
            ]))
        }
        "transfer" => Ok(object(vec![("speaker", Some(Json::text("(transfer)"))), ("start", start)])),
        "recording" | "recording-set" => {
            Ok(object(vec![("speaker", Some(Json::text("(recording)"))), ("start", start)]))
        }
        "incomplete" => Ok(object(vec![
            ("speaker", Some(Json::text("(incomplete)"))),
            ("disposition", at(dialog, "disposition")),
            ("start", start),
        ])),
        other => Err(format!("its type is {other:?}, which is not known, so it is left out")),
    }
}

/// The text of a dialog; other media cannot be read.
fn body(dialog: &Json) -> Result<String, String> {
    let media = ["mediatype", "mimetype"].iter().find_map(|key| text_at(dialog, key)).unwrap_or_default();
    if !(media.is_empty() || media.starts_with("text/") || media.contains("json")) {
        return Err(format!("its media type is {media}, so it is left out"));
    }
    let Some(body) = dialog.get("body") else {
        return Err("it has no body; what lies at a url is not fetched".to_owned());
    };
    match (text_at(dialog, "encoding").as_deref(), body) {
        (Some("base64url"), Json::Text(text)) => {
            let bytes = base64(text).ok_or("its body is no base64url, so it is left out")?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        }
        (_, Json::Text(text)) => Ok(text.clone()),
        (_, other) => Ok(tree::compact(other)),
    }
}

/// Transcripts become turns; the others stay with the conversation.
fn analyses(json: &Json, line: u64, rows: &mut Vec<(u64, Json)>, sink: &mut dyn Sink) -> Result<(), Stop> {
    let has_text = rows.iter().any(|(_, row)| row.get("text").is_some());
    for (at, analysis) in json.get("analysis").map_or(&[][..], Json::items).iter().enumerate() {
        let kind = text_at(analysis, "type").unwrap_or_default();
        if kind != "transcript" || has_text {
            continue;
        }
        let segments = body(analysis).ok().and_then(|text| segments(&tree::read(&text).json?));
        match segments {
            Some(segments) => rows.extend(segments.into_iter().map(|segment| (line, segment))),
            None => sink.note(Note::new(
                line,
                format!("analysis[{at}]"),
                "its transcript has no list of segments with a speaker and a text",
            ))?,
        }
    }
    Ok(())
}

/// Segments with a speaker and words, under the names that transcribers have for them.
fn segments(transcript: &Json) -> Option<Vec<Json>> {
    let list = ["segments", "utterances", "transcript", "turns", "monologues"].iter().find_map(|key| match transcript
        .get(key)
    {
        Some(Json::List(items)) => Some(items.as_slice()),
        _ => None,
    });
    let list = list.or(match transcript {
        Json::List(items) => Some(items.as_slice()),
        _ => None,
    })?;
    let rows: Vec<Json> = list
        .iter()
        .filter_map(|segment| {
            let text = ["text", "transcript", "message", "body"].iter().find_map(|key| at(segment, key))?;
            let speaker = ["speaker", "role", "speaker_id", "channel"].iter().find_map(|key| text_at(segment, key))?;
            Some(object(vec![("speaker", Some(Json::Text(speaker))), ("text", Some(text))]))
        })
        .collect();
    (!rows.is_empty()).then_some(rows)
}

/// The container without its parts; summaries and tags under names of their own.
fn head_of(json: &Json) -> Json {
    let mut head: Vec<(String, Json)> = Vec::new();
    for (key, value) in
        json.entries().iter().filter(|(key, _)| !["dialog", "analysis", "attachments"].contains(&key.as_str()))
    {
        head.push((key.clone(), value.clone()));
    }
    let analyses = json.get("analysis").map_or(&[][..], Json::items).iter();
    for (kind, text) in analyses.filter_map(|a| Some((text_at(a, "type")?, body(a).ok()?))) {
        if kind != "transcript" && !head.iter().any(|(key, _)| *key == kind) {
            head.push((kind, Json::Text(text)));
        }
    }
    for attachment in json.get("attachments").map_or(&[][..], Json::items) {
        let kind = ["type", "purpose"].iter().find_map(|key| text_at(attachment, key)).unwrap_or_default();
        match (kind.as_str(), body(attachment)) {
            ("tags", Ok(text)) => head.push(("tags".to_owned(), tree::read(&text).json.unwrap_or(Json::Text(text)))),
            (other, _) => head.push((format!("attachment {other}"), Json::text("not read"))),
        }
    }
    Json::Map(head)
}

/// Base64 with the alphabet of URLs or the older one, with or without padding.
fn base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut have) = (0_u32, 0);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        have += 6;
        if have >= 8 {
            have -= 8;
            out.push(u8::try_from(bits >> have & 0xff).ok()?);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_urls_is_read() {
        assert_eq!(base64("SGkg8J-Zgg").as_deref(), Some("Hi 🙂".as_bytes()));
        assert_eq!(base64("SGk=").as_deref(), Some(&b"Hi"[..]));
        assert_eq!(base64("S*"), None);
    }
}
