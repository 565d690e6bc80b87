//! `export.*`

use std::path::Path;
use std::sync::atomic::AtomicBool;

use flow_export::{Bundle, PLATFORMS};
use serde_json::json;

use super::{Call, conversations};
use crate::error::Error;
use crate::exports;
use crate::types::{ExportPlatform, ExportRun, Exported, ExportedFile, Loss, Nothing};

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
    let (checked, cases) = call.studio.with(wanted.doc, |open| Ok((open.checked()?, conversations::own(open))))?;
    let bundle = exports::bundle(&checked, &wanted.platform, &cases)?;
    if let Some(out) = &wanted.out {
        (call.progress)(json!({ "files": bundle.files.len() }));
        exports::write(&bundle, Path::new(out), &AtomicBool::new(false))?;
    }
    Ok(shown(&bundle, wanted.out))
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
