//! Projects of other tools as flow documents.
//!
//! What must stay true: each element of a project is read into the flow, told as a [`Note`], or counted among what is left
//! out for a reason that is told; what is not understood is kept in the flow as far as it can be; the result can always be
//! opened; nothing that a project holds makes it panic or run without end.
//!
//! **How an importer is added.** A folder `flows/import/src/<format>/` with a unit struct that implements [`Format`], and one
//! line in [`IMPORTERS`]. `recognises` says how sure it is that a project is of this kind, by names of files and a few keys.
//! `read` walks the project through [`Source`]:
//! - [`Source::json`] (or [`Source::parsed`] for YAML and the like) gives a file as [`Part`]s. Looking a value up with
//!   [`Part::text`], [`Part::number`], [`Part::flag`], [`Part::plain`] or [`Part::take`] counts it as read; [`Part::get`],
//!   [`Part::items`] and [`Part::entries`] only lead there. [`Part::leave`] says why a value is of no use here, such as ids
//!   of the platform. [`Source::lines`] does the same for files of lines.
//! - [`Source::note`] tells what a part means that cannot be said here; [`Source::owner`] says which card a part belongs to.
//!   What nobody looked at is told by itself as not understood, and kept in `x_import` of that card, or of the document.
//! - [`Draft`] takes what was understood: [`Draft::card_id`] gives the id of a card by a key of the importer's own, also
//!   before the card is there; [`Draft::put`] puts it there; `intent`, `slot`, `call`, `tier`, `context` make the rest. An
//!   edge to a card that never came leads to a `todo` card, and is told. Conditions are built with [`conditions`]; one that
//!   cannot be said becomes a declared signal of yes or no with the original text ([`Draft::undecided`]), so that its branch
//!   stays; what people must decide before anything is exported becomes a `todo` card ([`Draft::todo`]).
//!
//! Cards are laid out, and the document brought into its canonical form, when `read` is done. An export of this studio carries
//! its flow (`carried.rs`): unchanged, it is that flow; otherwise the importer reads it twice, as it was and as it is, and the
//! difference goes into the flow.

mod amazon_connect;
mod amazon_lex;
mod cards;
mod carried;
mod composer;
pub mod conditions;
mod copilot_studio;
mod dialogflow_cx;
mod draft;
mod encoding;
mod finish;
#[cfg(test)]
mod hostile_tests;
mod lines;
mod logic;
mod note;
mod outline;
mod part;
mod project;
mod rasa;
mod rasa_calm;
mod source;
#[cfg(test)]
mod tests;
mod voiceflow;
mod yaml;

pub use draft::{Card, Draft};
pub use lines::Lines;
pub use note::{Code, Kept, Note, Tally};
pub use part::{Part, Value};
pub use project::Project;
pub use source::{Parsed, Source};

/// How sure an importer is that a project is its own, from 0 to 100.
pub type Score = u8;

/// A kind of project that can be read.
pub trait Format: Sync {
    /// Its name on the command line.
    fn id(&self) -> &'static str;
    /// What people read.
    fn title(&self) -> &'static str;
    /// What is read of it, in a sentence or two.
    fn about(&self) -> &'static str;
    /// How sure it is that this is such a project; 0 where it is not.
    fn recognises(&self, project: &Project) -> Score;
    /// Reads the project into a draft.
    ///
    /// # Errors
    /// Where nothing can be read of it at all; everything else is a note.
    fn read(&self, source: &Source<'_>, draft: &mut Draft) -> Result<(), ImportError>;
}

/// Every kind of project that can be read.
pub const IMPORTERS: &[&dyn Format] = &[
    &dialogflow_cx::DialogflowCx,
    &amazon_lex::AmazonLex,
    &amazon_connect::AmazonConnect,
    &composer::Composer,
    &copilot_studio::CopilotStudio,
    &rasa::Rasa,
    &rasa_calm::RasaCalm,
    &voiceflow::Voiceflow,
    &outline::Drawio,
    &outline::Mermaid,
    &outline::Outline,
];

/// Why nothing was imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// No importer knows the project.
    #[error(
        "{name}: it does not look like any project that is known, such as those of {known}; choose the folder or file that the other tool exported, or name its kind"
    )]
    NotKnown {
        /// The project.
        name: String,
        /// What is known.
        known: String,
    },
    /// A project of a kind that is known, and not imported.
    #[error("{name}: it is {what}; {way}")]
    Other {
        /// The project.
        name: String,
        /// What it is.
        what: String,
        /// The way out.
        way: String,
    },
    /// A flow document of this studio.
    #[error("{0}: it is a flow of this studio already; open it instead")]
    Ours(String),
    /// A kind of project that does not exist.
    #[error("{0} is no kind of project that can be imported; there is {1}")]
    NoSuchFormat(String, String),
    /// A project without files.
    #[error("{0}: there is no file in it")]
    Empty(String),
    /// A file without which nothing can be read.
    #[error("{file} is not there: {way}")]
    Missing {
        /// The file.
        file: String,
        /// The way out.
        way: String,
    },
    /// A file without which nothing can be read cannot be read.
    #[error("{file}{}: {why}", line.map_or(String::new(), |line| format!(", line {line}")))]
    Unreadable {
        /// The file.
        file: String,
        /// Its line, from 1.
        line: Option<u32>,
        /// Why, and the way out.
        why: String,
    },
    /// The studio made a document that it cannot read itself.
    #[error("the flow that was made of {0} cannot be read: {1}; please report this")]
    Broken(String, String),
}

/// A project as a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The kind of project.
    pub format: &'static str,
    /// What people read of the kind.
    pub title: &'static str,
    /// The flow's id.
    pub id: String,
    /// The flow document in its canonical form.
    pub flow: String,
    /// Flows that it calls, by id: what an export of this studio carries.
    pub called: Vec<(String, String)>,
    /// What was not understood, and what is good to know.
    pub notes: Vec<Note>,
    /// What became of the elements of the project.
    pub tally: Tally,
}

impl Imported {
    /// How many notes tell of something that was not understood.
    #[must_use]
    pub fn not_understood(&self) -> usize {
        self.notes.iter().filter(|note| note.code.counts()).count()
    }
}

fn ids() -> String {
    IMPORTERS.iter().map(|format| format.id()).collect::<Vec<_>>().join(", ")
}

fn titles() -> String {
    IMPORTERS.iter().map(|format| format.title()).collect::<Vec<_>>().join(", ")
}

/// The one file of a project where it is a flow document.
fn flow_of(project: &Project) -> Option<&str> {
    let (path, bytes) = project.files().first_key_value().filter(|_| project.len() == 1)?;
    let text = std::str::from_utf8(bytes).ok().filter(|_| path.ends_with(".json"))?;
    text.contains(&format!("\"{}\"", flow_model::flow::FORMAT)).then_some(path)
}

/// Whether a project is one of Dialogflow's older edition: an agent with intents as files, and without flows.
fn is_dialogflow_es(project: &Project) -> bool {
    let says = |path: &str| project.paths().any(|known| known == path || known.ends_with(&format!("/{path}")));
    let intent = |path: &str| path.starts_with("intents/") || path.contains("/intents/");
    let flows = project.paths().any(|path| path.starts_with("flows/") || path.contains("/flows/"));
    let usersays = project.paths().any(|path| intent(path) && path.contains("_usersays_"));
    says("agent.json") && !flows && (usersays || says("package.json") && project.paths().any(intent))
}

/// The importer for a project: the one of that name, or the one that is surest.
///
/// # Errors
/// When there is none.
pub fn format_of(project: &Project, wanted: Option<&str>) -> Result<&'static dyn Format, ImportError> {
    if let Some(wanted) = wanted {
        let found = IMPORTERS.iter().copied().find(|format| format.id() == wanted);
        return found.ok_or_else(|| ImportError::NoSuchFormat(wanted.to_owned(), ids()));
    }
    if project.is_empty() {
        return Err(ImportError::Empty(project.name().to_owned()));
    }
    if let Some(path) = flow_of(project) {
        return Err(ImportError::Ours(path.to_owned()));
    }
    let exported = carried::platform(project);
    if let Some(format) = IMPORTERS.iter().copied().find(|format| Some(format.id()) == exported.as_deref()) {
        return Ok(format);
    }
    let mut best: Option<(Score, &'static dyn Format)> = None;
    for format in IMPORTERS.iter().copied() {
        let score = format.recognises(project);
        if score > best.map_or(0, |(most, _)| most) {
            best = Some((score, format));
        }
    }
    if best.is_none_or(|(_, format)| format.id() == "dialogflow-cx") && is_dialogflow_es(project) {
        let what = "an agent of Dialogflow ES, which knows intents and contexts, but no flows and pages";
        let way =
            "migrate it to Dialogflow CX with Google's migration tool, export the CX agent as JSON, and import that";
        return Err(ImportError::Other { name: project.name().to_owned(), what: what.to_owned(), way: way.to_owned() });
    }
    let unknown = || ImportError::NotKnown { name: project.name().to_owned(), known: titles() };
    best.map(|(_, format)| format).ok_or_else(unknown)
}

/// Reads a project.
///
/// # Errors
/// When no importer knows it, or nothing of it can be read.
pub fn import(project: &Project, wanted: Option<&str>) -> Result<Imported, ImportError> {
    match carried::read(project, wanted) {
        Some(imported) => imported,
        None => {
            let mut imported = read(project, format_of(project, wanted)?)?;
            imported.notes.extend(carried::lost(project));
            Ok(imported)
        }
    }
}

/// Reads a project by what its files say, whatever flow it carries.
///
/// # Errors
/// As [`import`].
pub fn read(project: &Project, format: &'static dyn Format) -> Result<Imported, ImportError> {
    let source = Source::new(project);
    let mut draft = Draft::new(project.name());
    format.read(&source, &mut draft)?;
    finish::finish(source, draft, format)
}
