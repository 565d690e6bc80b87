//! Documents and lines, from files or standard input.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flow_api::check::Checked;
use flow_api::conversations::lines::Lines;
use flow_api::files::{self, Loaded, NoDocument};
use flow_api::model::problem::Problem;

use crate::output::{Fault, json, say};

/// Whether a path is standard input.
pub(crate) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The bytes of standard input.
pub(crate) fn standard() -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| Fault::Wrong(format!("standard input cannot be read: {error}")))?;
    Ok(bytes)
}

/// Reads a document; called flows of standard input are looked for in the current folder.
pub(crate) fn load(path: &Path) -> Result<Loaded, NoDocument> {
    if !is_standard(path) {
        return files::load(path);
    }
    let bytes = standard().unwrap_or_default();
    let mut loaded = files::of_bytes(&bytes)?;
    loaded.folder = Some(".".into());
    Ok(loaded)
}

/// Why a document cannot be used, on standard error, and in the JSON of `check` when that is wanted.
pub(crate) fn refused(path: &Path, problems: &[Problem], wants_json: bool) -> Result<(), Fault> {
    let name = path.display().to_string();
    for problem in problems {
        say(&flow_api::report::line(&name, problem));
    }
    if wants_json {
        let flow = flow_api::report::flow(&name, None, problems, &[]);
        let flows = flow_api::model::tree::Json::List(vec![flow]);
        json(&flow_api::model::tree::Json::Map(vec![("flows".to_owned(), flows)]))?;
    }
    Ok(())
}

/// A valid flow, or its problems told: exit 1, and 2 where it cannot be read at all.
pub(crate) fn valid(path: &Path, wants_json: bool) -> Result<(Loaded, Checked), Fault> {
    let name = path.display();
    let loaded = match load(path) {
        Ok(loaded) => loaded,
        Err(NoDocument::File(error)) => return Err(Fault::Wrong(error.to_string())),
        Err(NoDocument::Problems(problems)) => {
            refused(path, &problems, wants_json)?;
            return Err(Fault::Wrong(format!("{name} cannot be read as a flow document")));
        }
    };
    match loaded.valid() {
        Ok(checked) => Ok((loaded, checked)),
        Err(problems) => {
            refused(path, &problems, wants_json)?;
            Err(Fault::FallsShort(format!("{name} is not a valid flow: `handoff check` lists its problems")))
        }
    }
}

/// Lines of a file of conversations or of standard input, one after the other, in constant memory.
pub(crate) fn lines(path: &Path) -> Result<Lines<Box<dyn BufRead>>, Fault> {
    let reader: Box<dyn BufRead> = if is_standard(path) {
        Box::new(BufReader::new(io::stdin()))
    } else {
        let file = flow_api::store::open(path).map_err(|error| Fault::Wrong(error.to_string()))?;
        Box::new(BufReader::with_capacity(1 << 18, file))
    };
    Ok(Lines::new(reader))
}
