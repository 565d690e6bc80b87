//! `import`.

use flow_api::conversations;
use flow_api::import::Note;
use flow_api::model::problem::Problem;
use flow_api::model::tree::{Json, compact};
use flow_api::projects::{self, Read};
use flow_api::shown::{self, Shown};
use flow_api::store::Output;
use flow_api::{Error, files, report};

use crate::Done;
use crate::args::Import;
use crate::input::{is_standard, standard};
use crate::output::{Fault, json, line, out, plain, say};

pub(crate) fn run(wanted: &Import) -> Done {
    let to_standard = is_standard(&wanted.out);
    let name = wanted.out.display().to_string();
    let beside = (!to_standard).then_some(wanted.out.as_path());
    let read = if is_standard(&wanted.path) {
        projects::read_bytes(standard()?, wanted.from.as_deref(), beside)?
    } else {
        projects::read(&wanted.path, wanted.from.as_deref(), beside)?
    };
    if to_standard {
        out(&read.imported.flow)?;
    } else {
        write(wanted, &read)?;
        if !name.ends_with(files::ENDING) {
            say(&format!("{name}: a flow is found in its folder by a name that ends in {}", files::ENDING));
        }
    }
    let problems = read.loaded.report().problems;
    let checked = read.loaded.valid().ok();
    let stuck = shown::stuck(checked.as_ref(), &problems);
    if wanted.json && !to_standard {
        told_json(&read, &name, &problems, &stuck)?;
    } else {
        told(&read, &name, &stuck, to_standard)?;
    }
    Ok(read.imported.not_understood() == 0)
}

fn write(wanted: &Import, read: &Read) -> Result<(), Fault> {
    let mut output = Output::begin(&wanted.out, wanted.force).map_err(Error::from)?;
    output.bytes(read.imported.flow.as_bytes()).map_err(Error::from)?;
    // Flows that it calls lie beside it; one that is there already stays.
    for (id, text) in &read.imported.called {
        let path = files::folder_of(&wanted.out).join(format!("{id}{}", files::ENDING));
        match flow_api::store::read(&path) {
            Ok(there) if there == text.as_bytes() => {}
            Ok(_) if !wanted.force => say(&format!("{}: it is there already and stays as it is", path.display())),
            _ => {
                flow_api::store::write_atomic(&path, text.as_bytes(), None).map_err(Error::from)?;
            }
        }
    }
    Ok(output.finish().map_err(Error::from)?)
}

/// A problem, and a conversation in which it happens or why there is none.
type Stuck<'p> = (&'p Problem, Shown);

fn told_json(read: &Read, name: &str, problems: &[Problem], stuck: &[Stuck<'_>]) -> Result<(), Fault> {
    let mut told = projects::json(&read.imported, name, read.loaded.document.flow.nodes.len());
    told.set("stuck", Json::int(i64::try_from(stuck.len()).unwrap_or(i64::MAX)));
    let mut checked = report::flow(name, Some(&read.imported.id), problems, &[]);
    if let Some(Json::List(shown)) = checked.at_mut(&["problems"]) {
        let mut ways = stuck.iter().peekable();
        for (problem, json) in problems.iter().zip(shown) {
            let Some((_, found)) = ways.next_if(|(way, _)| std::ptr::eq(*way, problem)) else { continue };
            match found {
                Shown::In(found) => json.set("conversation", conversations::json(found)),
                Shown::Never(why) | Shown::NotFound(why) => json.set("no_conversation", Json::text(why.text())),
            }
        }
    }
    told.set("check", checked);
    json(&told)
}

fn told(read: &Read, name: &str, stuck: &[Stuck<'_>], to_standard: bool) -> Result<(), Fault> {
    let tell = |text: &str| -> Result<(), Fault> {
        if to_standard {
            say(text);
            Ok(())
        } else {
            line(text)
        }
    };
    for note in &read.imported.notes {
        say(&note_line(note));
    }
    let (cards, imported) = (read.loaded.document.flow.nodes.len(), &read.imported);
    tell(&format!(
        "{name}: {cards} cards of {}; {} things were not understood",
        imported.title,
        imported.not_understood()
    ))?;
    tell(&match stuck.len() {
        0 => "no customer gets stuck".to_owned(),
        1 => "one way a customer gets stuck:".to_owned(),
        ways => format!("{ways} ways a customer gets stuck:"),
    })?;
    for (problem, found) in stuck {
        tell(&plain(&report::line(name, problem)))?;
        if let Some(witness) = &problem.witness {
            let case: Vec<String> =
                witness.iter().map(|(name, value)| format!("{name} = {}", compact(value))).collect();
            tell(&format!("    for example: {}", plain(&case.join(", "))))?;
        }
        match found {
            Shown::In(found) => {
                tell("    a conversation:")?;
                for turn in conversations::json(found).get("turns").map_or(&[][..], Json::items) {
                    tell(&format!("      {}", plain(&turn_line(turn))))?;
                }
            }
            Shown::Never(why) | Shown::NotFound(why) => tell(&format!("    no conversation: {}", plain(&why.text())))?,
        }
        if let Some(path) = problem.path_to_it.as_ref().filter(|path| !path.is_empty()) {
            tell(&format!("    by the cards: {}", path.join(" > ")))?;
        }
    }
    Ok(())
}

/// An event of a conversation in words: what a customer says with what is heard in it, or the event as it is written.
fn turn_line(turn: &Json) -> String {
    if turn.get("who").and_then(Json::as_text) != Some("user") {
        return compact(turn);
    }
    let heard = turn.entries().iter().filter(|(key, _)| !matches!(key.as_str(), "who" | "text"));
    let heard: Vec<String> = heard.map(|(key, value)| format!("{key} = {}", compact(value))).collect();
    let text = turn.get("text").and_then(Json::as_text).filter(|text| !text.is_empty()).unwrap_or("…");
    let heard = if heard.is_empty() { String::new() } else { format!(" ({})", heard.join(", ")) };
    format!("customer: {text}{heard}")
}

fn note_line(note: &Note) -> String {
    let place = projects::place(note);
    let place = if place.is_empty() { String::new() } else { format!("{place}: ") };
    let card = note.kept.card().map_or(String::new(), |card| format!(" [{card}]"));
    plain(&format!("{place}{}: {}{card}", note.code.id(), note.what))
}
