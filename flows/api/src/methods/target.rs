//! `target.*`: what a contact centre is given beside its requests.

use std::path::Path;

use flow_model::wire;

use super::{Call, environments};
use crate::error::Error;
use crate::keys;
use crate::requests::{self, Files};
use crate::runs::Wanted;
use crate::types::{TargetFile, TargetFiles, TargetPostman, TargetSetup};

pub(super) fn postman(call: &Call<'_>, wanted: TargetPostman) -> Result<TargetFiles, Error> {
    let (runner, environment) = call
        .studio
        .with(wanted.doc, |open| Ok((open.runner()?, environments::chosen(open, wanted.env.as_deref())?)))?;
    let (conversation, _) = flow_conversations::value(&wire::tree(&wanted.conversation))
        .map_err(|fault| Error::bad(format!("the conversation cannot be read: {fault}")))?;
    let target = wanted.target.clone();
    let keys = keys::for_preview(call.studio.keys());
    let setting = Wanted { target, environment, fill: true, signals: false, keys };
    let preview = runner.preview(&conversation, &setting)?;
    given(&requests::collections(&preview, wanted.target.as_deref())?, wanted.out, wanted.force)
}

pub(super) fn setup(call: &Call<'_>, wanted: TargetSetup) -> Result<TargetFiles, Error> {
    let (checked, environment) = call
        .studio
        .with(wanted.doc, |open| Ok((open.checked()?, environments::chosen(open, wanted.env.as_deref())?)))?;
    given(&requests::setup(&checked, wanted.target.as_deref(), &environment)?, wanted.out, wanted.force)
}

fn given(files: &Files, out: Option<String>, force: bool) -> Result<TargetFiles, Error> {
    if let Some(out) = &out {
        requests::write(files, Path::new(out), force)?;
    }
    let shown = files.iter().map(|(path, bytes)| TargetFile {
        path: path.clone(),
        text: std::str::from_utf8(bytes).ok().map(str::to_owned),
        bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
    });
    Ok(TargetFiles { files: shown.collect(), written: out })
}
