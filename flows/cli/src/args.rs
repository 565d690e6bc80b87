//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{CommandFactory, Parser, Subcommand};

mod keys;

pub use keys::{Keys, ListKeys, MakeKeys, OfKeys, RemoveKeys};

/// Handoff Studio's engine without its window.
#[derive(Debug, Parser)]
#[command(name = "handoff", version, about, propagate_version = true)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

impl Args {
    /// Reads a command line. A check of flows and nothing more, which editors and hooks start on each save, is read without
    /// the table of all verbs.
    ///
    /// # Errors
    /// Where it cannot be read or asks for help: what is to be printed.
    pub fn of(words: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let words: Vec<OsString> = words.into_iter().collect();
        match plain_check(&words) {
            Some(check) => Ok(Self { verb: Verb::Check(check) }),
            None => Self::try_parse_from(words),
        }
    }
}

/// A check of flows with nothing but `--json`; `None` for every other command line, whether it can be read or not.
fn plain_check(words: &[OsString]) -> Option<Check> {
    let [_, verb, rest @ ..] = words else { return None };
    let mut check = Check { flows: Vec::new(), json: false, fix: false, platform: None };
    for word in rest {
        let named = word == "-" || !word.is_empty() && !word.as_encoded_bytes().starts_with(b"-");
        match word {
            path if named => check.flows.push(path.into()),
            option if option == "--json" && !check.json => check.json = true,
            _ => return None,
        }
    }
    (verb == "check" && !check.flows.is_empty()).then_some(check)
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Problems of flows: code, place, witness, fix
    Check(Check),
    /// The manual page of one rule
    Explain(Explain),
    /// A conversation step by step, with the reason of each step and each payload
    Preview(Preview),
    /// A whole corpus: outcomes, expectation failures, coverage
    Replay(Replay),
    /// Conversations of other tools: imported, searched, labelled, tagged, audited
    Conversations(Conversations),
    /// Files for a platform, plus what it cannot carry
    Export(Export),
    /// Another tool's project as a flow document; exit 1 when something was not understood
    Import(Import),
    /// Every way to a person: reason in words, tier, hours, what the customer hears, fields, fallback
    Register(Register),
    /// Every text of a flow as a table, out and back in
    Copy(Copy),
    /// One offline page for people who decide over a flow
    Publish(Publish),
    /// The keys of hashes and resume tokens: whether they are there, made, taken away; never shown
    Keys(Keys),
    /// The canonical form, in place and atomic
    Fmt(Fmt),
    /// The JSON Schema of flow documents, of what a person is given, or of what comes back
    Schema(Schema),
    /// Completions for a shell
    Completions(Completions),
}

/// `check`
#[derive(Debug, clap::Args)]
pub struct Check {
    /// Flow documents; `-` is standard input
    #[arg(required = true, value_name = "FLOW")]
    pub flows: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Apply the safe fixes and write the files
    #[arg(long)]
    pub fix: bool,
    /// Also say what this platform cannot say natively
    #[arg(long = "for", value_name = "PLATFORM", value_parser = platforms())]
    pub platform: Option<String>,
}

/// Every platform that is known, exports that are not built yet included.
fn platforms() -> PossibleValuesParser {
    PossibleValuesParser::new(flow_api::export::CAPABILITIES.iter().map(|known| known.id))
}

/// `explain`
#[derive(Debug, clap::Args)]
pub struct Explain {
    /// The code of a rule; without one, all codes
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `preview`
#[derive(Debug, clap::Args)]
pub struct Preview {
    /// The flow document; `-` is standard input
    #[arg(value_name = "FLOW")]
    pub flow: PathBuf,
    /// A conversations file, and which of it; the first without; `-` is standard input
    #[arg(long, value_name = "FILE[#ID]", allow_hyphen_values = true)]
    pub conversation: String,
    /// Only this contact centre
    #[arg(long, value_name = "TARGET")]
    pub target: Option<String>,
    /// Ids of this environment of environments.json
    #[arg(long, value_name = "NAME")]
    pub env: Option<String>,
    /// Write a Postman collection and environment of the requests into this folder, one of each a contact centre
    #[arg(long, value_name = "DIR")]
    pub postman: Option<PathBuf>,
    /// Write the files that set the contact centre up into this folder; without --target, of those the flow speaks of
    #[arg(long, value_name = "DIR")]
    pub setup: Option<PathBuf>,
    /// Also replace files in these folders that were changed by hand, such as secrets filled in
    #[arg(long)]
    pub force: bool,
    /// Do not fill sentiment and intent where a turn lacks them
    #[arg(long)]
    pub no_fill: bool,
    /// The nearest change of what was known at this customer turn (from 1) that leads to a person, or keeps it from one
    #[arg(long, value_name = "TURN", conflicts_with = "vcon")]
    pub why_not: Option<usize>,
    /// Write the conversation with its handoffs as a vCon; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub vcon: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `replay`
#[derive(Debug, clap::Args)]
pub struct Replay {
    /// The flow document; `-` is standard input
    #[arg(value_name = "FLOW")]
    pub flow: PathBuf,
    /// Conversations files; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// One line a conversation
    #[arg(long)]
    pub each: bool,
    /// Another version of the flow: what changes
    #[arg(long, value_name = "OTHER_FLOW", conflicts_with = "each")]
    pub against: Option<PathBuf>,
    /// Which conversations reach a node, or what else coverage counts (node.port, trigger.ID, TRIGGER.REASON)
    #[arg(long, value_name = "NODE", conflicts_with_all = ["each", "against"])]
    pub reaching: Option<String>,
    /// The failing conversation of this id, or all that fail, with the fewest turns that still fail
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "", conflicts_with_all = ["each", "against", "reaching"])]
    pub shrink: Option<String>,
    /// Move a constant over its range: handoffs, missed and needless ones at each value that matters
    #[arg(long, value_name = "CONSTANT", conflicts_with_all = ["each", "against", "reaching", "shrink"])]
    pub sweep: Option<String>,
    /// How many values of the constant are shown at the most
    #[arg(long, value_name = "N", requires = "sweep")]
    pub steps: Option<usize>,
    /// The smallest value of the constant, instead of its own `min`
    #[arg(long, value_name = "VALUE", requires = "sweep", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// The largest value of the constant, instead of its own `max`
    #[arg(long, value_name = "VALUE", requires = "sweep", allow_hyphen_values = true)]
    pub to: Option<String>,
    /// Keep long files in columns in this folder, so that replaying them again is quicker
    #[arg(long, value_name = "DIR", conflicts_with_all = ["against", "shrink"])]
    pub cache: Option<PathBuf>,
    /// How many threads work on it, four a core at the most; one a core without
    #[arg(long, value_name = "N")]
    pub threads: Option<std::num::NonZero<usize>>,
    /// Do not fill sentiment and intent where a turn lacks them
    #[arg(long)]
    pub no_fill: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `conversations`
#[derive(Debug, clap::Args)]
pub struct Conversations {
    /// What to do with them.
    #[command(subcommand)]
    pub verb: OfConversations,
}

/// What is done with conversations.
#[derive(Debug, Subcommand)]
pub enum OfConversations {
    /// Conversations of another tool, by a mapping of its columns; exit 1 when something was not understood
    Import(ImportConversations),
    /// Conversations with these words, intents, tags or events; exit 1 when there is none
    Search(SearchConversations),
    /// What should have happened, kept in the file
    Label(LabelConversations),
    /// Words by which conversations are found again, kept in the file
    Tag(TagConversations),
    /// Handoffs that happened against those that should have: needless and missed ones
    Audit(AuditConversations),
}

/// `conversations import`
#[derive(Debug, clap::Args)]
pub struct ImportConversations {
    /// The file of the other tool; `-` is standard input
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// The conversations file to write; `-` is standard output
    #[arg(long, value_name = "FILE", required_unless_present = "show_mapping")]
    pub out: Option<PathBuf>,
    /// The kind of file, where it is not to be guessed
    #[arg(long = "as", value_name = "KIND", value_parser = kinds())]
    pub kind: Option<String>,
    /// A mapping to use instead of the proposed one
    #[arg(long, value_name = "FILE", conflicts_with = "kind")]
    pub mapping: Option<PathBuf>,
    /// Print the mapping and what comes of the first conversations, and write nothing
    #[arg(long)]
    pub show_mapping: bool,
    /// Write the mapping that was used, to be corrected and used again
    #[arg(long, value_name = "FILE")]
    pub save_mapping: Option<PathBuf>,
    /// Replace a file that is there
    #[arg(long)]
    pub force: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Every kind of file that conversations are read from.
fn kinds() -> PossibleValuesParser {
    PossibleValuesParser::new(flow_api::conversations::import::SOURCES.iter().map(|source| source.kind()))
}

/// `conversations search`
#[derive(Debug, clap::Args)]
pub struct SearchConversations {
    /// Conversations files, and last what is searched for: words, "several words", intent:x, tag:x, label:x=y, has:handoff,
    /// confidence<0.5; `-` before what must not be (and `--` before a query that begins with it)
    #[arg(required = true, num_args = 1.., value_name = "FILE… QUERY")]
    pub files_and_query: Vec<String>,
    /// How many are shown at the most
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub most: usize,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Which conversations of a file are meant.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub struct WhichConversations {
    /// Those of these ids
    #[arg(long, value_name = "ID", num_args = 1..)]
    pub id: Vec<String>,
    /// Those that a search finds
    #[arg(long = "where", value_name = "QUERY", allow_hyphen_values = true)]
    pub query: Option<String>,
    /// All of them
    #[arg(long)]
    pub all: bool,
}

/// `conversations label`
#[derive(Debug, clap::Args)]
pub struct LabelConversations {
    /// The conversations file, changed in place and atomic
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Which of its conversations.
    #[command(flatten)]
    pub which: WhichConversations,
    /// Whether there should have been a handoff: yes, no, or JSON of what it should be
    #[arg(long, value_name = "yes|no|JSON", conflicts_with_all = ["expect", "clear"])]
    pub handoff: Option<String>,
    /// What should have happened, as the `expect` of a conversation
    #[arg(long, value_name = "JSON", conflicts_with = "clear")]
    pub expect: Option<String>,
    /// Take the expectation away
    #[arg(long)]
    pub clear: bool,
    /// A label; an empty value takes it away
    #[arg(long, value_name = "NAME=VALUE")]
    pub label: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `conversations tag`
#[derive(Debug, clap::Args)]
pub struct TagConversations {
    /// The conversations file, changed in place and atomic
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Which of its conversations.
    #[command(flatten)]
    pub which: WhichConversations,
    /// Tags to add
    #[arg(long, value_name = "TAG", num_args = 1..)]
    pub add: Vec<String>,
    /// Tags to take away
    #[arg(long, value_name = "TAG", num_args = 1..)]
    pub remove: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `conversations audit`
#[derive(Debug, clap::Args)]
pub struct AuditConversations {
    /// Conversations files; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// A label that is true or false and says whether there should have been a handoff; `expect` without
    #[arg(long, value_name = "NAME")]
    pub label: Option<String>,
    /// Print a page in Markdown
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `export`
#[derive(Debug, clap::Args)]
pub struct Export {
    /// The flow document; `-` is standard input
    #[arg(value_name = "FLOW")]
    pub flow: PathBuf,
    /// The platform
    #[arg(long, value_name = "PLATFORM")]
    pub to: String,
    /// The folder, or a file that ends in `.zip`
    #[arg(long, value_name = "DIR|FILE.zip")]
    pub out: PathBuf,
    /// Conversations for the platform's own tests; without, those beside the flow
    #[arg(long, value_name = "FILE")]
    pub conversations: Vec<PathBuf>,
    /// Also replace files in the folder that were changed by hand or that no export wrote
    #[arg(long)]
    pub force: bool,
    /// Fail when the platform cannot carry everything
    #[arg(long)]
    pub strict: bool,
    /// Hold the export against the studio's own interpreter, case by case, and write what came of it
    #[arg(long, value_name = "FILE")]
    pub certificate: Option<PathBuf>,
    /// Write the conversations of the certificate: those at the edges of the flow's conditions, then the given ones
    #[arg(long, value_name = "FILE")]
    pub cases: Option<PathBuf>,
    /// At most so many conversations at the edges
    #[arg(long, value_name = "N", default_value_t = flow_api::certificates::EDGES)]
    pub edges: usize,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `import`
#[derive(Debug, clap::Args)]
pub struct Import {
    /// The project: a folder, a zip file, or the one file that it is; `-` is standard input
    #[arg(value_name = "PATH")]
    pub path: PathBuf,
    /// The flow document to write; `-` is standard output
    #[arg(long, value_name = "FLOW")]
    pub out: PathBuf,
    /// The kind of project, where it is not to be found out
    #[arg(long, value_name = "FORMAT", value_parser = importers())]
    pub from: Option<String>,
    /// Replace a file that is there
    #[arg(long)]
    pub force: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Every kind of project that can be imported.
fn importers() -> PossibleValuesParser {
    PossibleValuesParser::new(flow_api::import::IMPORTERS.iter().map(|format| format.id()))
}

/// `register`
#[derive(Debug, clap::Args)]
pub struct Register {
    /// The flow document; `-` is standard input
    #[arg(value_name = "FLOW")]
    pub flow: PathBuf,
    /// Print CSV (RFC 4180)
    #[arg(long, conflicts_with_all = ["html", "json"])]
    pub csv: bool,
    /// Write a page that needs nothing beside it; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Print JSON, also of what is written as a page
    #[arg(long)]
    pub json: bool,
    /// Conversations that show the ways; without, those beside the flow
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub conversations: Vec<PathBuf>,
}

/// `copy`
#[derive(Debug, clap::Args)]
pub struct Copy {
    /// The flow document; `-` is standard input
    #[arg(value_name = "FLOW")]
    pub flow: PathBuf,
    /// Write the deck: a .csv or .xlsx file; `-` is standard output
    #[arg(long, value_name = "DECK", conflicts_with = "in")]
    pub out: Option<PathBuf>,
    /// Compare with a deck that comes back
    #[arg(long, value_name = "DECK")]
    pub r#in: Option<PathBuf>,
    /// Write the words that come back into the flow
    #[arg(long, requires = "in")]
    pub write: bool,
    /// Take the words of this id although there is trouble with them
    #[arg(long, value_name = "ID", requires = "in")]
    pub take: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `publish`
#[derive(Debug, clap::Args)]
pub struct Publish {
    /// The flow document; `-` is standard input
    #[arg(value_name = "FLOW")]
    pub flow: PathBuf,
    /// The page; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub html: PathBuf,
    /// Conversations that can be played on the page
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub conversations: Vec<PathBuf>,
    /// How many of them can be played at the most: 200, where nothing is said; each takes about 20 kB
    #[arg(long, value_name = "N")]
    pub most: Option<usize>,
    /// A date that the page names; without, `x_date` of the flow, or none
    #[arg(long, value_name = "TEXT")]
    pub date: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `fmt`
#[derive(Debug, clap::Args)]
pub struct Fmt {
    /// Flow documents; `-` filters standard input
    #[arg(required = true, value_name = "FLOW")]
    pub flows: Vec<PathBuf>,
    /// Write nothing; fail when a file is not canonical
    #[arg(long)]
    pub check: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `schema`
#[derive(Debug, clap::Args)]
pub struct Schema {
    /// `flow`, `envelope` (the data of a request), `resume` (the data of every later state)
    #[arg(value_name = "OF", default_value = "flow", value_parser = schemas())]
    pub of: String,
    /// Print JSON, which a schema is in any case
    #[arg(long)]
    pub json: bool,
}

/// Every schema.
fn schemas() -> PossibleValuesParser {
    PossibleValuesParser::new(flow_api::schemas::SCHEMAS.iter().map(|schema| schema.name))
}

/// `completions`
#[derive(Debug, clap::Args)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// The completions of a shell.
pub fn completions(shell: clap_complete::Shell) -> String {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "handoff", &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_check_is_what_the_table_of_verbs_makes_of_it() {
        for line in [
            "handoff check a.flow.json",
            "handoff check --json a b",
            "handoff check a --json -",
            "handoff check - a check --json",
            "handoff check a= =b",
        ] {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let plain = plain_check(&words).map(|check| format!("{:?}", Args { verb: Verb::Check(check) }));
            assert_eq!(plain, Args::try_parse_from(&words).ok().map(|args| format!("{args:?}")), "{line}");
            assert!(plain.is_some(), "{line}");
        }
    }

    #[test]
    fn everything_else_is_left_to_the_table_of_verbs() {
        for line in [
            "handoff",
            "handoff check",
            "handoff check --json",
            "handoff check --json --json a",
            "handoff check --fix a",
            "handoff check --for rasa a",
            "handoff check --help a",
            "handoff check -h a",
            "handoff check -- a",
            "handoff check --jsn a",
            "handoff check a ",
            "handoff explain a",
        ] {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert!(plain_check(&words).is_none(), "{line}");
        }
    }
}
