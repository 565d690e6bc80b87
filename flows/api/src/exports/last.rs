//! What an export is compared with: the last one of the same flow to the same platform, as it stands there now, with
//! what people changed in it; where it stands nowhere any more, as it was written.

use std::collections::BTreeMap;
use std::path::Path;

use flow_export::Bundle;
use flow_export::archive::unzip;
use flow_model::tree::Json;
use flow_store::{Data, From, Standing, StoreError};

use super::is_archive;

/// Where what an export is compared with was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// In the folder that was written last.
    Folder,
    /// In the zip file that was written last.
    Zip,
    /// In the studio's own memory: the place that was written is gone, or nothing of it can be read.
    Memory,
}

/// The last export of a flow to a platform.
#[derive(Clone, Debug)]
pub struct Last {
    /// Where it was written to.
    pub out: String,
    /// Seconds since 1970 at which it was written.
    pub at: i64,
    /// Where its files were found.
    pub source: Source,
    /// Its files by path.
    pub files: BTreeMap<String, Standing>,
}

/// What a file of an export is beside the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The same.
    Same,
    /// New.
    Added,
    /// Another content.
    Changed,
    /// Only in the last one.
    Removed,
}

/// How the studio remembers the export of a flow to a platform.
fn kept(flow: &str, platform: &str) -> String {
    format!("export {platform} {flow}")
}

/// What is remembered of the exports of a flow: an object.
#[must_use]
pub fn remembered(data: &Data, flow: &str) -> Json {
    data.of_flow(flow).get("export").filter(|json| matches!(json, Json::Map(_))).cloned().unwrap_or_else(Json::map)
}

/// What is remembered of the exports of a flow to one platform: an object.
#[must_use]
pub fn of_platform(remembered: &Json, platform: &str) -> Json {
    let of = remembered.at(&["platforms", platform]).filter(|json| matches!(json, Json::Map(_)));
    of.cloned().unwrap_or_else(Json::map)
}

/// Remembers some of an export of a flow to a platform, which is then the one that is chosen.
///
/// # Errors
/// When the studio's own folder cannot be written.
pub fn remember(data: &Data, flow: &str, platform: &str, some: &[(&str, Json)]) -> Result<(), StoreError> {
    let mut all = remembered(data, flow);
    let mut of = of_platform(&all, platform);
    for (key, value) in some {
        of.set(key, value.clone());
    }
    let mut platforms = all.get("platforms").cloned().unwrap_or_else(Json::map);
    platforms.set(platform, of);
    all.set("platforms", platforms);
    all.set("platform", Json::text(platform));
    data.set_of_flow(flow, "export", all)
}

/// Remembers that an export was written: where, when, and all of it.
///
/// # Errors
/// As [`remember`].
pub fn written(data: &Data, flow: &str, platform: &str, out: &str, bundle: &Bundle) -> Result<(), StoreError> {
    let out = std::path::absolute(out).map_or_else(|_| out.to_owned(), |path| path.to_string_lossy().into_owned());
    remember(data, flow, platform, &[("out", Json::text(&out)), ("at", Json::int(flow_store::now()))])?;
    // One that is too big for a zip file is compared with the folder alone.
    bundle.zip().map_or(Ok(()), |bytes| data.keep(&kept(flow, platform), &bytes))
}

/// The last export of a flow to a platform, if one is remembered. `bundle` says which files matter beside those.
#[must_use]
pub fn last(data: &Data, flow: &str, platform: &str, bundle: &Bundle) -> Option<Last> {
    let of = of_platform(&remembered(data, flow), platform);
    let out = of.get("out").and_then(Json::as_text)?.to_owned();
    let at = of.get("at").and_then(Json::as_decimal).and_then(|at| at.to_i64()).unwrap_or(0);
    let known = data.kept(&kept(flow, platform)).and_then(|bytes| unzip(&bytes));
    let (source, files) = match there(Path::new(&out), bundle, known.as_ref()) {
        Some((source, files)) => (source, files),
        None => (Source::Memory, of_export(known?)),
    };
    Some(Last { out, at, source, files })
}

fn of_export(files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Standing> {
    files.into_iter().map(|(path, bytes)| (path, Standing { bytes, from: From::Export })).collect()
}

/// The files as they stand where they were written.
fn there(
    out: &Path,
    bundle: &Bundle,
    known: Option<&BTreeMap<String, Vec<u8>>>,
) -> Option<(Source, BTreeMap<String, Standing>)> {
    if !is_archive(out) {
        let names: Vec<&str> = bundle.files.keys().map(String::as_str).collect();
        return Some((Source::Folder, flow_store::standing(out, &names).ok()??));
    }
    let mut files = of_export(unzip(&flow_store::read(out).ok()?)?);
    for (path, file) in &mut files {
        if known.is_some_and(|known| known.get(path).is_none_or(|bytes| *bytes != file.bytes)) {
            file.from = From::Edited;
        }
    }
    Some((Source::Zip, files))
}

impl Last {
    /// Every file of an export and of this one by path, with what became of it.
    #[must_use]
    pub fn changes<'a>(&'a self, bundle: &'a Bundle) -> BTreeMap<&'a str, Change> {
        let mut all = BTreeMap::new();
        for (path, bytes) in &bundle.files {
            let change = match self.files.get(path) {
                None => Change::Added,
                Some(former) if former.bytes == *bytes => Change::Same,
                Some(_) => Change::Changed,
            };
            all.insert(path.as_str(), change);
        }
        // What others put there stays there.
        for (path, file) in &self.files {
            if file.from != From::Others {
                all.entry(path.as_str()).or_insert(Change::Removed);
            }
        }
        all
    }
}
