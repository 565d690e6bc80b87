//! The command line.

use std::path::PathBuf;

use clap::{CommandFactory, Parser, Subcommand};

/// Handoff Studio's engine without its window.
#[derive(Debug, Parser)]
#[command(name = "handoff", version, about, propagate_version = true)]
pub(crate) struct Args {
    /// What to do.
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Problems of flows: code, place, witness, fix
    Check(Check),
    /// The manual page of one rule
    Explain(Explain),
    /// A conversation step by step, with the reason of each step and each payload
    Preview(Preview),
    /// A whole corpus: outcomes, expectation failures, coverage
    Replay(Replay),
    /// Files for a platform, plus what it cannot carry
    Export(Export),
    /// The canonical form, in place and atomic
    Fmt(Fmt),
    /// The JSON Schema of flow documents
    Schema,
    /// Completions for a shell
    Completions(Completions),
}

/// `check`
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// Flow documents; `-` is standard input
    #[arg(required = true, value_name = "FLOW")]
    pub(crate) flows: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Apply the safe fixes and write the files
    #[arg(long)]
    pub(crate) fix: bool,
    /// Also say what this platform cannot carry
    #[arg(long = "for", value_name = "PLATFORM")]
    pub(crate) platform: Option<String>,
}

/// `explain`
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// The code of a rule; without one, all codes
    #[arg(value_name = "CODE")]
    pub(crate) code: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `preview`
#[derive(Debug, clap::Args)]
pub(crate) struct Preview {
    /// The flow document; `-` is standard input
    #[arg(value_name = "FLOW")]
    pub(crate) flow: PathBuf,
    /// A conversations file, and which of it; the first without
    #[arg(long, value_name = "FILE[#ID]")]
    pub(crate) conversation: String,
    /// Only this contact centre
    #[arg(long, value_name = "TARGET")]
    pub(crate) target: Option<String>,
    /// Ids of this environment of environments.json
    #[arg(long, value_name = "NAME")]
    pub(crate) env: Option<String>,
    /// Do not fill sentiment and intent where a turn lacks them
    #[arg(long)]
    pub(crate) no_fill: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `replay`
#[derive(Debug, clap::Args)]
pub(crate) struct Replay {
    /// The flow document; `-` is standard input
    #[arg(value_name = "FLOW")]
    pub(crate) flow: PathBuf,
    /// Conversations files; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// One line a conversation
    #[arg(long)]
    pub(crate) each: bool,
    /// Another version of the flow: what changes
    #[arg(long, value_name = "OTHER_FLOW", conflicts_with = "each")]
    pub(crate) against: Option<PathBuf>,
    /// Do not fill sentiment and intent where a turn lacks them
    #[arg(long)]
    pub(crate) no_fill: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `export`
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// The flow document; `-` is standard input
    #[arg(value_name = "FLOW")]
    pub(crate) flow: PathBuf,
    /// The platform
    #[arg(long, value_name = "PLATFORM")]
    pub(crate) to: String,
    /// The folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Conversations for the platform's own tests; without, those beside the flow
    #[arg(long, value_name = "FILE")]
    pub(crate) conversations: Vec<PathBuf>,
    /// Fail when the platform cannot carry everything
    #[arg(long)]
    pub(crate) strict: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `fmt`
#[derive(Debug, clap::Args)]
pub(crate) struct Fmt {
    /// Flow documents; `-` filters standard input
    #[arg(required = true, value_name = "FLOW")]
    pub(crate) flows: Vec<PathBuf>,
    /// Write nothing; fail when a file is not canonical
    #[arg(long)]
    pub(crate) check: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `completions`
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

/// The completions of a shell.
pub(crate) fn completions(shell: clap_complete::Shell) -> String {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "handoff", &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}
