//! `export.*`

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use flow_export::{Bundle, PLATFORMS};
use serde_json::{Value, json};

use super::{Call, conversations};
use crate::error::Error;
use crate::exports::{self, Progress, Waiting};
use crate::types::{ExportPlatform, ExportRun, ExportStop, Exported, ExportedFile, Loss, Nothing};

/// The longest text that is shown.
const SHOWN: usize = 512 * 1024;

pub(super) fn platforms(_: &Call<'_>, _: Nothing) -> Result<Vec<ExportPlatform>, Error> {
    let shown = PLATFORMS.iter().map(|platform| ExportPlatform {
        id: platform.id().to_owned(),
        title: platform.title().to_owned(),
        description: Some(platform.about().to_owned()),
    });
    Ok(shown.collect())
}

pub(super) fn run(call: &Call<'_>, wanted: ExportRun) -> Result<Exported, Error> {
    let flag = wanted.ticket.map(|ticket| call.studio.begin(ticket));
    let made = made(call, &wanted, flag.as_deref());
    if let Some(ticket) = wanted.ticket {
        call.studio.end(ticket);
    }
    Ok(shown(&made?, wanted.out))
}

fn made(call: &Call<'_>, wanted: &ExportRun, flag: Option<&AtomicBool>) -> Result<Bundle, Error> {
    let (checked, cases) = call.studio.with(wanted.doc, |open| Ok((open.checked()?, conversations::own(open))))?;
    let waiting = Waiting {
        stopped: &|| flag.is_some_and(|flag| flag.load(Ordering::Relaxed)),
        progress: &|progress| (call.progress)(told(progress)),
    };
    let bundle = exports::bundle(&checked, &wanted.platform, &cases, &waiting)?;
    if let Some(out) = &wanted.out {
        exports::write(&bundle, Path::new(out), wanted.force, &waiting)?;
    }
    Ok(bundle)
}

fn told(progress: Progress) -> Value {
    match progress {
        Progress::Conversations { done, of } => json!({ "step": "conversations", "done": done, "of": of }),
        Progress::Making => json!({ "step": "making" }),
        Progress::Files { done, of } => json!({ "step": "files", "done": done, "of": of }),
    }
}

pub(super) fn stop(call: &Call<'_>, wanted: ExportStop) -> Result<(), Error> {
    call.studio.begin(wanted.ticket).store(true, Ordering::Relaxed);
    Ok(())
}

fn shown(bundle: &Bundle, written: Option<String>) -> Exported {
    let files = bundle.files.iter().map(|(path, bytes)| ExportedFile {
        path: path.clone(),
        text: if bytes.len() < SHOWN { std::str::from_utf8(bytes).ok().map(str::to_owned) } else { None },
        bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
    });
    let losses = bundle.losses.iter().map(|loss| Loss {
        node: loss.node.clone(),
        meant: loss.meant.clone(),
        written: loss.written.clone(),
        why: loss.why.clone(),
    });
    Exported { files: files.collect(), losses: losses.collect(), checked: bundle.checked.clone(), written }
}
