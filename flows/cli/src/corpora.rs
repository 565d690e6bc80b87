//! `conversations search`, `label`, `tag`, `audit`.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use flow_api::conversations::audit::{Audit, Judged};
use flow_api::conversations::edit::Edit;
use flow_api::conversations::search::Query;
use flow_api::corpora::{self, Hit, Part, UnreadLine, Which};
use flow_api::model::tree::{self, Json};
use flow_api::replays::{Input, Waiting};

use crate::Done;
use crate::args;
use crate::input::is_standard;
use crate::output::{Fault, json, line, out, say};
use crate::replay::Far;

fn inputs(files: &[PathBuf]) -> Vec<Input> {
    let input = |path: &PathBuf| match is_standard(path) {
        true => Input::Read("-".to_owned(), Box::new(std::io::stdin())),
        false => Input::Path(path.clone()),
    };
    files.iter().map(input).collect()
}

fn tell(unread: &[UnreadLine]) {
    for line in unread {
        say(&format!("{}:{}: {}", line.file, line.line, line.why));
    }
}

fn int(number: u64) -> Json {
    Json::int(i64::try_from(number).unwrap_or(i64::MAX))
}

pub(crate) fn search(wanted: &args::SearchConversations) -> Done {
    let Some((query, files)) = wanted.files_and_query.split_last().filter(|(_, files)| !files.is_empty()) else {
        return Err(Fault::Wrong("name files, and behind them what is searched for".to_owned()));
    };
    let files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
    let part = Part { most: wanted.most, ..Part::default() };
    let searched = corpora::search(inputs(&files), &corpora::query(query)?, part)?;
    tell(&searched.unread);
    if wanted.json {
        json(&Json::Map(vec![
            ("conversations".to_owned(), int(searched.conversations)),
            ("count".to_owned(), int(searched.count)),
            ("found".to_owned(), Json::List(searched.hits.iter().map(hit_json).collect())),
        ]))?;
    } else {
        for hit in &searched.hits {
            let turn = hit.found.turn.map_or(String::new(), |turn| format!(" turns[{turn}]"));
            line(&format!("{}:{}: {}{turn}: {}", hit.file, hit.line, hit.id, hit.found.excerpt))?;
        }
        say(&format!("{} of {} conversations", searched.count, searched.conversations));
    }
    Ok(searched.count > 0 && searched.unread.is_empty())
}

fn hit_json(hit: &Hit) -> Json {
    Json::Map(vec![
        ("id".to_owned(), Json::text(&hit.id)),
        ("file".to_owned(), Json::text(&hit.file)),
        ("line".to_owned(), int(hit.line)),
        ("turn".to_owned(), hit.found.turn.map_or(Json::Null, |turn| int(turn as u64))),
        ("excerpt".to_owned(), Json::text(&hit.found.excerpt)),
        ("tags".to_owned(), Json::List(hit.tags.iter().map(Json::text).collect())),
    ])
}

/// Changes those conversations of a file that are meant.
fn change(file: &Path, which: &args::WhichConversations, edits: &[Edit], wants_json: bool) -> Done {
    if is_standard(file) {
        return Err(Fault::Wrong("standard input cannot be changed in place; name a file".to_owned()));
    }
    let query =
        which.query.as_deref().map(Query::parse).transpose().map_err(|fault| Fault::Wrong(fault.to_string()))?;
    let ids: BTreeSet<String> = which.id.iter().cloned().collect();
    let meant = match &query {
        Some(query) => Which::Found(query),
        None if which.all => Which::All,
        None => Which::Ids(&ids),
    };
    let changed = corpora::edit(file, &meant, edits)?;
    let missing: Vec<&String> = ids.iter().filter(|id| !changed.contains(id)).collect();
    for id in &missing {
        say(&format!("{}: there is no conversation {id}", file.display()));
    }
    if wants_json {
        let ids = Json::List(changed.iter().map(Json::text).collect());
        json(&Json::Map(vec![("changed".to_owned(), ids)]))?;
    } else {
        line(&format!("{} conversations", changed.len()))?;
    }
    Ok(missing.is_empty() && !changed.is_empty())
}

fn parsed(text: &str) -> Result<Json, Fault> {
    let reading = tree::read(text);
    match reading.json {
        Some(json) if reading.faults.is_empty() => Ok(json),
        _ => Err(Fault::Wrong(format!("{text} is no JSON"))),
    }
}

pub(crate) fn label(wanted: &args::LabelConversations) -> Done {
    let mut edits = Vec::new();
    if let Some(handoff) = &wanted.handoff {
        let value = match handoff.as_str() {
            "yes" => Json::map(),
            "no" => Json::Bool(false),
            other => parsed(other)?,
        };
        edits.push(Edit::Expect(Some(Json::Map(vec![("handoff".to_owned(), value)]))));
    }
    if let Some(expect) = &wanted.expect {
        edits.push(Edit::Expect(Some(parsed(expect)?)));
    }
    if wanted.clear {
        edits.push(Edit::Expect(None));
    }
    for label in &wanted.label {
        let (name, value) =
            label.split_once('=').ok_or_else(|| Fault::Wrong(format!("{label}: a label is NAME=VALUE")))?;
        let reading = tree::read(value);
        let scalar = reading.json.filter(|_| reading.faults.is_empty());
        let value = (!value.is_empty()).then(|| scalar.unwrap_or_else(|| Json::text(value)));
        edits.push(Edit::Label(name.to_owned(), value));
    }
    if edits.is_empty() {
        return Err(Fault::Wrong("say what should have happened: --handoff, --expect, --clear or --label".to_owned()));
    }
    change(&wanted.file, &wanted.which, &edits, wanted.json)
}

pub(crate) fn tag(wanted: &args::TagConversations) -> Done {
    if wanted.add.is_empty() && wanted.remove.is_empty() {
        return Err(Fault::Wrong("name tags: --add or --remove".to_owned()));
    }
    let edit = Edit::Tags { add: wanted.add.clone(), remove: wanted.remove.clone() };
    change(&wanted.file, &wanted.which, &[edit], wanted.json)
}

pub(crate) fn audit(wanted: &args::AuditConversations) -> Done {
    let far = Far::new();
    let waiting = Waiting { stopped: &|| false, progress: &|progress| far.told(progress), heard: &mut |_, _, _| true };
    let audited = corpora::audit(inputs(&wanted.files), wanted.label.as_deref(), &waiting);
    far.over();
    let (audit, unread) = audited?;
    tell(&unread);
    if wanted.json {
        json(&audit.json())?;
    } else if wanted.markdown {
        out(&markdown(&audit))?;
    } else {
        for (words, count) in counts(&audit) {
            line(&format!("{words:<52} {count}"))?;
        }
        for (title, list) in [("needless", &audit.needless), ("missed", &audit.missed)] {
            for judged in list {
                line(&format!(
                    "{title} {}:{}: {} after turn {}: {}",
                    judged.file, judged.line, judged.id, judged.at_turn, judged.said
                ))?;
            }
        }
    }
    Ok(unread.is_empty())
}

fn counts(audit: &Audit) -> Vec<(&'static str, String)> {
    let share =
        |tenths: Option<u64>| tenths.map_or("-".to_owned(), |tenths| format!("{}.{} %", tenths / 10, tenths % 10));
    vec![
        ("conversations", audit.conversations.to_string()),
        ("of which it is known what should have happened", audit.labelled.to_string()),
        ("handed off", audit.happened.to_string()),
        ("should have been handed off", audit.expected.to_string()),
        ("handed off, as they should have been", audit.both.to_string()),
        ("needless: handed off, and should not have been", audit.needless.len().to_string()),
        ("missed: not handed off, and should have been", audit.missed.len().to_string()),
        ("not handed off, as they should not have been", audit.neither.to_string()),
        ("handed off, and nobody said whether they should", audit.unlabelled.to_string()),
        ("of the labelled ones, as they should have been", share(audit.agreement())),
        ("of the handoffs, right", share(audit.precision())),
        ("of the needed handoffs, made", share(audit.recall())),
    ]
}

/// The counts and lists as a page.
fn markdown(audit: &Audit) -> String {
    let mut page = String::from("| | |\n| --- | ---: |\n");
    for (words, count) in counts(audit) {
        let _ = writeln!(page, "| {words} | {count} |");
    }
    for (title, list) in [("Needless", &audit.needless), ("Missed", &audit.missed)] {
        let _ = write!(
            page,
            "\n## {title}: {}\n\n| conversation | after turn | the customer's last words before |\n| --- | ---: | --- |\n",
            list.len()
        );
        list.iter().for_each(|judged| page.push_str(&row(judged)));
    }
    page
}

fn row(judged: &Judged) -> String {
    format!("| {} | {} | {} |\n", escaped(&judged.id), judged.at_turn, escaped(&judged.said))
}

/// A text that stays a text within a table of Markdown.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' => out.extend(['\\', c]),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            other => out.push(other),
        }
    }
    out
}
