//! `preview`.

use std::path::Path;

use flow_api::keys;
use flow_api::model::tree::{Json, compact};
use flow_api::requests::{self, Files};
use flow_api::runs::{Runner, Wanted};
use flow_api::{Code, files, model};

use crate::args::Preview;
use crate::output::{Fault, json, line, out, place};
use crate::{Done, conversations, handed, input};

pub(crate) fn run(wanted: &Preview) -> Done {
    let source = conversations::file(&wanted.conversation);
    if input::is_standard(source) && input::is_standard(&wanted.flow) {
        return Err(Fault::Wrong("flow and conversation cannot both come from standard input".to_owned()));
    }
    let (loaded, checked) = input::valid(&wanted.flow, wanted.json)?;
    flow_api::runs::targets(wanted.target.as_deref())?;
    let environment = files::environment(loaded.folder.as_deref(), wanted.env.as_deref())?;
    if let Some(path) = &wanted.vcon {
        place(path, &[&wanted.flow, source])?;
    }
    let (conversation, notes) = conversations::named(&wanted.conversation)?;
    if wanted.setup.is_some() && wanted.setup == wanted.postman {
        return Err(Fault::Wrong(
            "--setup and --postman take two folders: each takes away what else a run wrote there".to_owned(),
        ));
    }
    if let Some(folder) = &wanted.setup {
        let files = requests::setup(&checked, wanted.target.as_deref(), &environment)?;
        write(&files, folder, wanted)?;
    }
    let ring = crate::keys::ring()?;
    let needs_keys = wanted.why_not.is_none();
    let setting = Wanted {
        target: wanted.target.clone(),
        environment,
        fill: !wanted.no_fill,
        signals: false,
        keys: if needs_keys { keys::for_preview(&ring) } else { Default::default() },
    };
    let runner = Runner::new(&checked);
    if let Some(turn) = wanted.why_not {
        let answer = runner.why_not(&conversation, turn, setting.fill)?;
        let found = answer.get("changes").is_some_and(|changes| !changes.items().is_empty());
        if wanted.json {
            json(&answer)?
        } else {
            explain(&answer)?
        }
        return Ok(found && notes.is_empty());
    }
    if let Some(path) = &wanted.vcon {
        let vcon = model::tree::canonical(&runner.vcon(&conversation, setting.fill, &setting.keys));
        if input::is_standard(path) {
            out(&vcon)?;
            return Ok(notes.is_empty());
        }
        let written = flow_api::store::write_atomic(path, vcon.as_bytes(), None);
        written.map_err(|error| Fault::Wrong(error.to_string()))?;
    }
    let preview = runner.preview(&conversation, &setting)?;
    if let Some(folder) = &wanted.postman {
        write(&requests::collections(&preview, wanted.target.as_deref())?, folder, wanted)?;
    }
    if wanted.json {
        json(&preview)?;
    } else {
        print(&preview)?;
    }
    crate::keys::wanting(&preview, &ring, wanted.json);
    let met = preview.get("expect").is_none_or(|faults| faults.items().is_empty());
    Ok(met && notes.is_empty())
}

fn write(files: &Files, folder: &Path, wanted: &Preview) -> Result<(), Fault> {
    requests::write(files, folder, wanted.force).map_err(|error| match error.code {
        Code::FilesInTheWay => Fault::Wrong(format!("{} (--force does)", error.message)),
        _ => error.into(),
    })
}

fn text<'a>(json: &'a Json, key: &str) -> &'a str {
    json.get(key).and_then(Json::as_text).unwrap_or("")
}

fn print(preview: &Json) -> Result<(), Fault> {
    line(&format!("conversation {}", text(preview, "conversation")))?;
    for (i, step) in preview.get("steps").map_or(&[][..], Json::items).iter().enumerate() {
        let way = match (step.get("port").and_then(Json::as_text), step.get("to").and_then(Json::as_text)) {
            (Some(port), Some(to)) => format!(" --{port}--> {to}"),
            (Some(port), None) => format!(" --{port}--| not drawn"),
            _ => String::new(),
        };
        line(&format!("{:>3}  {}{way}\n     {}", i + 1, text(step, "node"), text(step, "why")))?;
        for said in step.get("said").map_or(&[][..], Json::items) {
            line(&format!("     says: {}", said.as_text().unwrap_or("")))?;
        }
        for said in step.get("suggested").map_or(&[][..], Json::items) {
            line(&format!("     suggests to the person: {}", said.as_text().unwrap_or("")))?;
        }
    }
    line(&format!("outcome {}", compact(preview.get("outcome").unwrap_or(&Json::Null))))?;
    for handoff in preview.get("handoffs").map_or(&[][..], Json::items) {
        handed::handed(handoff)?;
    }
    for words in preview.get("assumed").map_or(&[][..], Json::items) {
        line(&format!("assumed: {}", words.as_text().unwrap_or("")))?;
    }
    for fault in preview.get("expect").map_or(&[][..], Json::items) {
        line(&format!("not as expected: {}", fault.as_text().unwrap_or("")))?;
    }
    Ok(())
}

/// The answer to `--why-not`.
fn explain(answer: &Json) -> Result<(), Fault> {
    let turn = answer.get("turn").map_or_else(String::new, compact);
    let handed_off = answer.get("handed_off") == Some(&Json::Bool(true));
    let now = if handed_off { "leads to a person" } else { "leads to no person" };
    line(&format!("customer turn {turn} {now}"))?;
    for step in answer.get("before").and_then(|told| told.get("steps")).map_or(&[][..], Json::items) {
        line(&format!("     {}: {}", text(step, "node"), text(step, "why")))?;
    }
    if let Some(why) = answer.get("why_none").and_then(Json::as_text) {
        return line(&format!("no change was found: {why}"));
    }
    line(if handed_off { "it would not with" } else { "it would with" })?;
    for change in answer.get("changes").map_or(&[][..], Json::items) {
        let value = |key: &str| match change.get(key) {
            None | Some(Json::Null) => "unset".to_owned(),
            Some(value) => compact(value),
        };
        line(&format!("     {} {} instead of {}", text(change, "signal"), value("to"), value("from")))?;
    }
    for step in answer.get("after").and_then(|told| told.get("steps")).map_or(&[][..], Json::items) {
        line(&format!("     {}: {}", text(step, "node"), text(step, "why")))?;
    }
    Ok(())
}
