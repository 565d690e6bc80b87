//! `export`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use flow_api::exports::{self, Waiting};
use flow_api::model::tree::Json;
use flow_api::{Code, files};

use crate::args::Export;
use crate::output::{Fault, json, line, place};
use crate::{Done, certificate, conversations, input};

pub(crate) fn run(wanted: &Export) -> Done {
    flow_api::export::platform(&wanted.to).map_err(|e| Fault::Wrong(e.to_string()))?;
    let (loaded, checked) = input::valid(&wanted.flow, wanted.json)?;
    let beside: Vec<PathBuf>;
    let sources = if wanted.conversations.is_empty() {
        let own = loaded.stem.as_deref().map(|s| format!("{s}{}", files::CONVERSATIONS));
        let all = files::conversation_files(loaded.folder.as_deref(), loaded.stem.as_deref());
        beside = all.into_iter().filter(|p| p.file_name().and_then(|n| n.to_str()) == own.as_deref()).collect();
        &beside
    } else {
        &wanted.conversations
    };
    for file in [&wanted.certificate, &wanted.cases].into_iter().flatten() {
        let inputs: Vec<&Path> = sources.iter().map(PathBuf::as_path).chain([wanted.flow.as_path()]).collect();
        place(file, &inputs)?;
    }
    let conversations::Files { all: cases, well } = conversations::all(sources)?;
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // Without the handler Ctrl+C would still leave no half-written folder, only its temporary one.
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::SeqCst));
    let waiting = Waiting { stopped: &|| stop.load(Ordering::SeqCst), progress: &|_| {} };
    let bundle = exports::bundle(&checked, &wanted.to, &cases, &waiting).map_err(|error| match error.code {
        Code::Stopped => Fault::from(error),
        _ => Fault::FallsShort(error.message),
    })?;
    exports::write(&bundle, &wanted.out, wanted.force, &waiting).map_err(|error| match error.code {
        Code::FilesInTheWay if exports::is_archive(&wanted.out) => Fault::Wrong(error.message),
        Code::FilesInTheWay => Fault::Wrong(format!("{} (--force does)", error.message)),
        _ => error.into(),
    })?;
    let told = exports::json(&wanted.to, &bundle);
    if wanted.json {
        json(&told)?;
    } else {
        print(&told)?;
    }
    let alike = certificate::write(wanted, &checked, &cases, &bundle, waiting.stopped)?;
    if wanted.strict && !bundle.losses.is_empty() {
        return Err(Fault::FallsShort(format!("{} things cannot be carried as meant", bundle.losses.len())));
    }
    Ok(alike && well)
}

fn print(told: &Json) -> Result<(), Fault> {
    for file in told.get("files").map_or(&[][..], Json::items) {
        line(file.as_text().unwrap_or(""))?;
    }
    for loss in told.get("losses").map_or(&[][..], Json::items) {
        let text = |key: &str| loss.get(key).and_then(Json::as_text).unwrap_or("");
        line(&format!("not carried: {} {} -> {} ({})", text("node"), text("meant"), text("written"), text("why")))?;
    }
    Ok(())
}
