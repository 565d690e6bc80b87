//! `export.*`

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use flow_conditions::said::Said;
use flow_export::{Bundle, CAPABILITIES, How, PLATFORMS};
use flow_model::tree::Json;
use flow_store::From as Of;
use serde_json::{Value, json};

use super::{Call, conversations};
use crate::error::Error;
use crate::exports::carried::{self, Group};
use crate::exports::last::{self, Change, Last, Source};
use crate::exports::{self, Progress, Waiting};
use crate::types::{
    Explained, ExportCarried, ExportCarriedSaid, ExportChange, ExportFile, ExportFileText, ExportHow, ExportKnown,
    ExportLast, ExportManual, ExportOfPlatform, ExportPlace, ExportPlaces, ExportPlatform, ExportRemember, ExportRun,
    ExportSource, ExportStop, Exported, ExportedFile, InDoc, Loss, Nothing,
};
use crate::{manual, report};

/// The longest text that is shown, in bytes.
const SHOWN: usize = 8 << 20;
/// Places of what is carried alike that are told without being asked for.
const PLACES: usize = 12;

/// The export that was made last, for what is asked about it.
#[derive(Debug)]
pub(crate) struct Made {
    bundle: Bundle,
    groups: Vec<Group>,
    last: Option<Last>,
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn moment(at: i64) -> u32 {
    u32::try_from(at).unwrap_or(0)
}

pub(super) fn platforms(_: &Call<'_>, _: Nothing) -> Result<Vec<ExportPlatform>, Error> {
    let shown = PLATFORMS.iter().map(|platform| ExportPlatform {
        id: platform.id().to_owned(),
        title: platform.title().to_owned(),
        description: Some(platform.about().to_owned()),
        held: platform.held().iter().map(|held| (*held).to_owned()).collect(),
    });
    Ok(shown.collect())
}

/// What is remembered of a flow's exports; of platforms that are there no more nothing is.
pub(super) fn known(call: &Call<'_>, wanted: InDoc) -> Result<ExportKnown, Error> {
    let key = call.studio.with(wanted.doc, |open| Ok(open.key().to_owned()))?;
    let all = last::remembered(call.studio.data(), &key);
    let there = |id: &str| PLATFORMS.iter().any(|platform| platform.id() == id);
    let one = |(platform, of): &(String, Json)| {
        let is = |key: &str| of.get(key) == Some(&Json::Bool(true));
        let text = |key: &str| of.get(key).and_then(Json::as_text).map(str::to_owned);
        ExportOfPlatform {
            platform: platform.clone(),
            zip: is("zip"),
            strict: is("strict"),
            tests: text("tests"),
            out: text("out"),
            at: of.get("at").and_then(Json::as_decimal).and_then(|at| at.to_i64()).map(moment),
        }
    };
    let platforms = all.get("platforms").map_or(&[][..], Json::entries).iter();
    Ok(ExportKnown {
        platform: all.get("platform").and_then(Json::as_text).filter(|id| there(id)).map(str::to_owned),
        platforms: platforms.filter(|(id, _)| there(id)).map(one).collect(),
    })
}

pub(super) fn remember(call: &Call<'_>, wanted: ExportRemember) -> Result<(), Error> {
    let key = call.studio.with(wanted.doc, |open| Ok(open.key().to_owned()))?;
    let some = [
        ("zip", Json::Bool(wanted.zip)),
        ("strict", Json::Bool(wanted.strict)),
        ("tests", wanted.tests.map_or(Json::Null, Json::Text)),
    ];
    Ok(last::remember(call.studio.data(), &key, &wanted.platform, &some)?)
}

pub(super) fn run(call: &Call<'_>, wanted: ExportRun) -> Result<Exported, Error> {
    let flag = wanted.ticket.map(|ticket| call.studio.begin(ticket));
    let made = made(call, &wanted, flag.as_deref());
    if let Some(ticket) = wanted.ticket {
        call.studio.end(ticket);
    }
    let made = Arc::new(made?);
    let exported = shown(&made, wanted.out);
    call.studio.with(wanted.doc, |open| {
        *open.made() = Some(made);
        Ok(exported)
    })
}

fn made(call: &Call<'_>, wanted: &ExportRun, flag: Option<&AtomicBool>) -> Result<Made, Error> {
    let (checked, cases, key) = call.studio.with(wanted.doc, |open| {
        Ok((open.checked()?, conversations::tests(open, wanted.tests.as_deref())?, open.key().to_owned()))
    })?;
    let waiting = Waiting {
        stopped: &|| flag.is_some_and(|flag| flag.load(Ordering::Relaxed)),
        progress: &|progress| (call.progress)(told(progress)),
    };
    let bundle = exports::bundle(&checked, &wanted.platform, &cases, &waiting)?;
    let groups = carried::groups(&checked, &wanted.platform, &bundle)?;
    let data = call.studio.data();
    if let Some(out) = &wanted.out {
        if wanted.strict {
            exports::loses_nothing(&bundle)?;
        }
        exports::write(&bundle, Path::new(out), wanted.force, &waiting)?;
        // The export is there; that the next one cannot be compared with it is shown then.
        let _ = last::written(data, &key, &wanted.platform, out, &bundle);
    }
    let last = last::last(data, &key, &wanted.platform, &bundle);
    Ok(Made { bundle, groups, last })
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

/// The export that was made last of a document.
fn of_doc(call: &Call<'_>, doc: u32) -> Result<Arc<Made>, Error> {
    let made = call.studio.with(doc, |open| Ok(open.made().clone()))?;
    made.ok_or_else(|| Error::bad("nothing was exported yet: choose a platform"))
}

/// The text of a file, and of what stands in its place.
pub(super) fn file(call: &Call<'_>, wanted: ExportFile) -> Result<ExportFileText, Error> {
    let made = of_doc(call, wanted.doc)?;
    let new = made.bundle.files.get(&wanted.path);
    let before = made.last.as_ref().and_then(|last| last.files.get(&wanted.path));
    if new.is_none() && before.is_none() {
        return Err(Error::bad(format!("the export has no file {}", wanted.path)));
    }
    let text = |bytes: &Vec<u8>| std::str::from_utf8(bytes).ok().filter(|text| text.len() <= SHOWN).map(str::to_owned);
    Ok(ExportFileText {
        text: new.and_then(text),
        before: before.and_then(|file| text(&file.bytes)),
        there: new.is_some(),
    })
}

/// Further places of something that is carried alike.
pub(super) fn places(call: &Call<'_>, wanted: ExportPlaces) -> Result<Vec<ExportPlace>, Error> {
    let made = of_doc(call, wanted.doc)?;
    let all = usize::try_from(wanted.group).ok().and_then(|group| made.groups.get(group));
    let (from, most) = (wanted.from as usize, wanted.most as usize);
    Ok(all.map_or_else(Vec::new, |group| group.places.iter().skip(from).take(most).map(place).collect()))
}

fn place(place: &carried::Place) -> ExportPlace {
    let meant = place.meant.text();
    ExportPlace { node: place.node.clone(), path: place.path.clone(), meant, said: report::sentence(&place.meant) }
}

/// The page of a platform in the manual.
pub(super) fn page(_: &Call<'_>, wanted: ExportManual) -> Result<Explained, Error> {
    let known = CAPABILITIES.iter().find(|known| known.id == wanted.platform);
    let known = known.ok_or_else(|| Error::bad(format!("no platform is named {}", wanted.platform)))?;
    Ok(Explained { markdown: manual::platform(known) })
}

fn shown(made: &Made, written: Option<String>) -> Exported {
    let losses = made.bundle.losses.iter().map(|loss| Loss {
        node: loss.node.clone(),
        meant: loss.meant.text(),
        written: loss.written.text(),
        why: loss.why.text(),
    });
    Exported {
        files: files(made),
        losses: losses.collect(),
        carried: made.groups.iter().map(group).collect(),
        checked: made.bundle.checked.iter().map(Said::text).collect(),
        checked_said: made.bundle.checked.iter().map(report::sentence).collect(),
        last: made.last.as_ref().map(|last| ExportLast {
            out: last.out.clone(),
            at: moment(last.at),
            source: match last.source {
                Source::Folder => ExportSource::Folder,
                Source::Zip => ExportSource::Zip,
                Source::Memory => ExportSource::Memory,
            },
        }),
        written,
    }
}

fn group(group: &Group) -> ExportCarried {
    ExportCarried {
        how: match group.how {
            How::Native => ExportHow::Native,
            How::Code => ExportHow::Code,
            How::Hand => ExportHow::Hand,
            How::Lost => ExportHow::Lost,
        },
        about: group.about.text(),
        written: group.written.text(),
        why: group.why.text(),
        said: ExportCarriedSaid {
            about: report::sentence(&group.about),
            written: report::sentence(&group.written),
            why: report::sentence(&group.why),
        },
        count: count(group.places.len()),
        places: group.places.iter().take(PLACES).map(place).collect(),
    }
}

fn files(made: &Made) -> Vec<ExportedFile> {
    let plain = |(path, bytes): (&String, &Vec<u8>)| ExportedFile {
        path: path.clone(),
        bytes: count(bytes.len()),
        change: None,
        edited: false,
        foreign: false,
    };
    let Some(last) = &made.last else { return made.bundle.files.iter().map(plain).collect() };
    let one = |(path, change): (&str, Change)| {
        let (new, former) = (made.bundle.files.get(path), last.files.get(path));
        let of = former.map(|former| former.from);
        ExportedFile {
            path: path.to_owned(),
            bytes: count(new.or(former.map(|former| &former.bytes)).map_or(0, Vec::len)),
            change: Some(match change {
                Change::Same => ExportChange::Same,
                Change::Added => ExportChange::Added,
                Change::Changed => ExportChange::Changed,
                Change::Removed => ExportChange::Removed,
            }),
            edited: of == Some(Of::Edited) && change != Change::Same,
            foreign: of == Some(Of::Others) && change != Change::Same,
        }
    };
    last.changes(&made.bundle).into_iter().map(one).collect()
}
