//! Flow documents and what lies beside them: called flows, environments, conversations.

use std::path::{Path, PathBuf};

use flow_check::{Around, Checked};
use flow_conditions::said::Said;
use flow_handoff::Environment;
use flow_model::document::{self, Document};
use flow_model::problem::Problem;
use flow_model::tree::{self, Json};
use flow_store::StoreError;

use crate::error::Error;

/// The ending of flow documents.
pub const ENDING: &str = ".flow.json";

/// The ending of conversations.
pub const CONVERSATIONS: &str = ".conversations.jsonl";

/// A document and where it came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The document.
    pub document: Document,
    /// Its folder, for what lies beside it.
    pub folder: Option<PathBuf>,
    /// Its file's name without the ending.
    pub stem: Option<String>,
}

/// Why there is no document.
#[derive(Debug)]
pub enum NoDocument {
    /// The file cannot be read.
    File(StoreError),
    /// It is no flow document.
    Problems(Vec<Problem>),
}

impl From<NoDocument> for Error {
    fn from(fault: NoDocument) -> Self {
        match fault {
            NoDocument::File(error) => error.into(),
            NoDocument::Problems(problems) => Self::unreadable(&problems),
        }
    }
}

/// Reads a document from a file.
///
/// # Errors
/// When the file or the document cannot be read.
pub fn load(path: &Path) -> Result<Loaded, NoDocument> {
    let bytes = flow_store::read(path).map_err(NoDocument::File)?;
    let mut loaded = of_bytes(&bytes)?;
    loaded.folder = Some(folder_of(path));
    loaded.stem = stem_of(path);
    Ok(loaded)
}

/// Reads a document from bytes, such as standard input.
///
/// # Errors
/// When the document cannot be read.
pub fn of_bytes(bytes: &[u8]) -> Result<Loaded, NoDocument> {
    let document = document::read_bytes(bytes).map_err(NoDocument::Problems)?;
    Ok(Loaded { document, folder: None, stem: None })
}

/// The folder of a file.
#[must_use]
pub fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// The name of a file without the ending of flow documents.
pub(crate) fn stem_of(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    Some(name.strip_suffix(ENDING).unwrap_or(&name).to_owned())
}

impl Loaded {
    /// How a called flow is found: `<id>.flow.json` in the same folder.
    #[must_use]
    pub fn open(&self, id: &str) -> Option<Result<Document, Vec<Problem>>> {
        open_in(self.folder.as_deref(), id)
    }

    /// The problems, and the edges that no values take.
    #[must_use]
    pub fn report(&self) -> flow_check::Report {
        report_of(&self.document, self.folder.as_deref(), self.stem.as_deref())
    }

    /// Applies the safe fixes of these problems. Returns those that were fixed and those that are left.
    pub fn fix_all(&mut self, problems: Vec<Problem>) -> (Vec<Problem>, Vec<Problem>) {
        let (folder, stem) = (self.folder.clone(), self.stem.clone());
        let check = |document: &Document| report_of(document, folder.as_deref(), stem.as_deref()).problems;
        flow_check::fix_all(&mut self.document, problems, &check)
    }

    /// The flow, proved valid.
    ///
    /// # Errors
    /// All problems, when one is an error.
    pub fn valid(&self) -> Result<Checked, Vec<Problem>> {
        flow_check::valid(&self.document, &|id| self.open(id))
    }
}

/// What is wrong with a document in a folder.
fn report_of(document: &Document, folder: Option<&Path>, file: Option<&str>) -> flow_check::Report {
    let environments = environments_of(folder);
    let around = Around { file, environments: environments.as_ref(), open: &|id| open_in(folder, id) };
    flow_check::report(document, &around)
}

/// Opens a called flow in a folder.
#[must_use]
pub fn open_in(folder: Option<&Path>, id: &str) -> Option<Result<Document, Vec<Problem>>> {
    // An id, so that no path leads out of the folder.
    if !flow_conditions::names::is_id(id) {
        return None;
    }
    let path = folder?.join(format!("{id}{ENDING}"));
    match flow_store::read(&path) {
        Ok(bytes) => Some(document::read_bytes(&bytes)),
        Err(StoreError::NotFound(_)) => None,
        Err(error) => Some(Err(vec![Problem::error("not-readable", "", Said::as_it_is(error.to_string()))])),
    }
}

/// An environment of the `environments.json` in a folder; without a name an empty one, so that names stay as they are.
///
/// # Errors
/// When a name is asked for that is not there, or the file cannot be read.
pub fn environment(folder: Option<&Path>, name: Option<&str>) -> Result<Environment, Error> {
    let Some(name) = name else { return Ok(Environment::default()) };
    let path = folder.unwrap_or_else(|| Path::new(".")).join("environments.json");
    let bytes = flow_store::read(&path)?;
    let reading = tree::read(&String::from_utf8_lossy(&bytes));
    match reading.json.as_ref().filter(|_| reading.faults.is_empty()) {
        Some(json) => Environment::read(json, name).map_err(|fault| Error::bad(fault.to_string())),
        None => {
            let why = reading.faults.first().map_or(String::new(), |f| format!(", line {}: {}", f.line, f.message));
            Err(Error::bad(format!("{}{why}", path.display())))
        }
    }
}

/// The environments of a folder, by name.
#[must_use]
pub fn environments(folder: Option<&Path>) -> Vec<String> {
    environments_of(folder).map_or_else(Vec::new, |j| j.entries().iter().map(|(name, _)| name.clone()).collect())
}

/// The `environments.json` of a folder: an empty object where there is none, `None` without a folder.
fn environments_of(folder: Option<&Path>) -> Option<Json> {
    let read = flow_store::read(&folder?.join("environments.json")).ok();
    let json = read.and_then(|bytes| tree::read(&String::from_utf8_lossy(&bytes)).json);
    Some(json.unwrap_or_else(Json::map))
}

/// The conversations files that belong to a flow: its own first, then the others of its folder.
#[must_use]
pub fn conversation_files(folder: Option<&Path>, stem: Option<&str>) -> Vec<PathBuf> {
    let Some(folder) = folder else { return Vec::new() };
    let mut files = flow_store::list(folder, CONVERSATIONS).unwrap_or_default();
    let own = stem.map(|s| format!("{s}{CONVERSATIONS}"));
    let name = |p: &PathBuf| p.file_name().map(|n| n.to_string_lossy().into_owned());
    files.sort_by_key(|p| (name(p) != own, name(p)));
    files
}
