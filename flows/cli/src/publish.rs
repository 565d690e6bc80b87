//! `register`, `copy` and `publish`.

use std::path::{Path, PathBuf};

use flow_api::files::{self, Loaded, NoDocument};
use flow_api::model::tree::Json;
use flow_api::model::{Severity, canonical};
use flow_api::publish::deck::{self, Form};
use flow_api::publish::register;
use flow_api::publishing;

use crate::args::{Copy, Publish, Register};
use crate::output::{Fault, bytes, json, line, out, place, say};
use crate::{Done, conversations, input};

/// A document that can be read; whether it is valid is told beside.
fn readable(path: &Path, wants_json: bool) -> Result<(Loaded, bool), Fault> {
    match input::load(path) {
        Ok(loaded) => {
            let problems = loaded.valid().err().unwrap_or_default();
            let errors: Vec<_> = problems.into_iter().filter(|p| p.severity == Severity::Error).collect();
            input::refused(path, &errors, false)?;
            Ok((loaded, errors.is_empty()))
        }
        Err(NoDocument::File(error)) => Err(Fault::Wrong(error.to_string())),
        Err(NoDocument::Problems(problems)) => {
            input::refused(path, &problems, wants_json)?;
            Err(Fault::Wrong(format!("{} cannot be read as a flow document", path.display())))
        }
    }
}

/// The files that are named, or those of the flow beside it where none are.
fn sources(named: &[PathBuf], loaded: &Loaded) -> Vec<PathBuf> {
    let own = loaded.stem.as_deref().map(|stem| format!("{stem}{}", files::CONVERSATIONS));
    let beside = files::conversation_files(loaded.folder.as_deref(), loaded.stem.as_deref());
    if !named.is_empty() {
        return named.to_vec();
    }
    beside.into_iter().filter(|p| p.file_name().and_then(|n| n.to_str()) == own.as_deref()).collect()
}

/// Sees to it that an output replaces neither the flow nor its conversations.
fn apart(path: &Path, flow: &Path, conversations: &[PathBuf]) -> Result<(), Fault> {
    let inputs: Vec<&Path> = std::iter::once(flow).chain(conversations.iter().map(PathBuf::as_path)).collect();
    place(path, &inputs)
}

/// Writes a file whole, or standard output.
fn write(path: &Path, content: &[u8]) -> Result<(), Fault> {
    if input::is_standard(path) {
        return bytes(content);
    }
    flow_api::store::write_atomic(path, content, None).map(|_| ()).map_err(|e| Fault::Wrong(e.to_string()))
}

pub(crate) fn register(wanted: &Register) -> Done {
    let (loaded, valid) = readable(&wanted.flow, wanted.json)?;
    let sources = sources(&wanted.conversations, &loaded);
    if let Some(path) = &wanted.html {
        apart(path, &wanted.flow, &sources)?;
    }
    let read = conversations::all(&sources)?;
    let register = publishing::register(&loaded, &read.all);
    if let Some(path) = &wanted.html {
        write(path, register::html(&register).as_bytes())?;
    }
    let printed = wanted.html.as_deref().is_some_and(input::is_standard);
    match (wanted.csv, wanted.json && !printed, &wanted.html) {
        (true, ..) => bytes(&register::csv(&register))?,
        (_, true, _) => json(&register::json(&register))?,
        (.., Some(_)) => {}
        (.., None) => print(&register)?,
    }
    Ok(valid && read.well)
}

fn print(register: &register::Register) -> Result<(), Fault> {
    for row in &register.rows {
        let tiers: Vec<String> = row.to.iter().map(|to| format!("{} (priority {})", to.title, to.priority)).collect();
        line(&format!("{} [{}] <- {} ({})", row.title, row.node, row.where_from, row.kind.id()))?;
        line(&format!("    why       {}", row.reason))?;
        line(&format!("    to        {}, {}", tiers.join(" or "), row.mode))?;
        for to in &row.to {
            line(&format!("    hours     {}: {}", to.title, to.hours))?;
        }
        if let Some(say) = &row.say {
            line(&format!("    hears     {say}"))?;
        }
        let fields: Vec<&str> = row.fields.iter().map(|field| field.name.as_str()).collect();
        line(&format!("    fields    {}", fields.join(", ")))?;
        for fallback in &row.fallback {
            line(&format!("    fallback  {}: {}", fallback.when, fallback.leads))?;
        }
        for test in &row.tests {
            line(&format!("    test      {}", test.id))?;
        }
    }
    line(&format!("{} ways to a person", register.rows.iter().filter(|row| !row.way.is_empty()).count()))
}

pub(crate) fn copy(wanted: &Copy) -> Done {
    let (mut loaded, _) = readable(&wanted.flow, wanted.json)?;
    if let Some(path) = &wanted.r#in {
        return back(wanted, path, &mut loaded);
    }
    let tree = &loaded.document.tree;
    match &wanted.out {
        Some(path) if input::is_standard(path) => {
            let deck = deck::write(tree, Form::Csv).map_err(|e| Fault::Wrong(e.to_string()))?;
            bytes(&deck)?;
        }
        Some(path) => {
            place(path, &[&wanted.flow])?;
            publishing::write_deck(tree, path)?;
        }
        None => {}
    }
    if wanted.json && wanted.out.is_none() {
        json(&listed(tree))?;
    } else if wanted.out.is_none() {
        for text in deck::texts(tree) {
            line(&format!("{}\t{}\t{}", text.id, text.place, text.text.replace(['\n', '\r', '\t'], " ")))?;
        }
    }
    Ok(true)
}

fn listed(tree: &Json) -> Json {
    let text = |text: deck::Text| {
        let placeholders = text.placeholders().iter().map(Json::text).collect();
        Json::Map(vec![
            ("id".to_owned(), Json::text(&text.id)),
            ("place".to_owned(), Json::text(&text.place)),
            ("for".to_owned(), Json::text(text.who.id())),
            ("text".to_owned(), Json::text(&text.text)),
            ("placeholders".to_owned(), Json::List(placeholders)),
            ("limit".to_owned(), text.limit.map_or(Json::Null, Json::Text)),
            ("why".to_owned(), text.why.map_or(Json::Null, Json::Text)),
        ])
    };
    Json::Map(vec![("texts".to_owned(), Json::List(deck::texts(tree).into_iter().map(text).collect()))])
}

/// A deck that comes back: exit 1 where words were not taken.
fn back(wanted: &Copy, path: &Path, loaded: &mut Loaded) -> Done {
    let changes = publishing::read_deck(&loaded.document.tree, path)?;
    for id in &wanted.take {
        if !changes.changes.iter().any(|change| change.id == *id) {
            return Err(Fault::Wrong(format!("--take {id}: the deck wants no other words for this id")));
        }
    }
    let told = publishing::changes_json(&changes, &wanted.take);
    if wanted.json {
        json(&told)?;
    } else {
        for change in &changes.changes {
            let sign = if publishing::is_applied(change, &wanted.take) { "" } else { "not taken: " };
            line(&format!("{sign}{} ({})\n  - {}\n  + {}", change.place, change.id, change.before, change.after))?;
            for trouble in &change.troubles {
                line(&format!("  ! {}: {}", trouble.id(), trouble.words().text()))?;
            }
        }
        line(&format!("{} texts with other words, {} as before", changes.changes.len(), changes.same))?;
    }
    if !changes.missing.is_empty() {
        say(&format!("{} texts of the flow are not in the deck and stay as they are", changes.missing.len()));
    }
    if wanted.write && !publishing::words(&changes, &wanted.take).is_empty() {
        publishing::put_words(&mut loaded.document.tree, &changes, &wanted.take)?;
        let text = canonical::text(&loaded.document.tree);
        if input::is_standard(&wanted.flow) {
            out(&text)?;
        } else {
            write(&wanted.flow, text.as_bytes())?;
        }
    }
    Ok(changes.changes.iter().all(|change| publishing::is_applied(change, &wanted.take)))
}

pub(crate) fn publish(wanted: &Publish) -> Done {
    let (_, checked) = input::valid(&wanted.flow, wanted.json)?;
    apart(&wanted.html, &wanted.flow, &wanted.conversations)?;
    let read = conversations::all(&wanted.conversations)?;
    let count = read.all.len();
    let (page, left) = publishing::page(&checked, read.all, wanted.date.clone(), wanted.most);
    write(&wanted.html, page.as_bytes())?;
    if left > 0 {
        say(&format!("{left} conversations are left out: the page holds {}; --most N says how many", count - left));
    }
    if wanted.json && !input::is_standard(&wanted.html) {
        let number = |n: usize| Json::int(i64::try_from(n).unwrap_or(i64::MAX));
        json(&Json::Map(vec![
            ("file".to_owned(), Json::text(wanted.html.display().to_string())),
            ("revision".to_owned(), Json::text(checked.revision())),
            ("bytes".to_owned(), number(page.len())),
            ("conversations".to_owned(), number(count - left)),
            ("left".to_owned(), number(left)),
        ]))?;
    }
    Ok(read.well)
}
