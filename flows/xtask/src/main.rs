//! Everything that is generated: the types of the window, the manual, the schema. And a bridge for trying the window in a
//! browser.

mod bindings;
mod cel;
mod fuzz;
mod generate;
mod keys_page;
mod manual;
mod sentences;
mod serve;
mod target_page;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "xtask", about = "Generates what is generated")]
struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Writes everything that is generated
    Gen {
        /// Write nothing; fail when something is not as it would be written
        #[arg(long)]
        check: bool,
    },
    /// Damages the shipped flows and conversations, or projects of other tools, at random; nothing may panic
    Fuzz {
        /// How long, with a floor of samples
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// The first sample
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Projects of other tools, which are imported, instead of flows
        #[arg(long)]
        imports: bool,
        /// A folder of further projects to damage
        #[arg(long, requires = "imports")]
        projects: Option<PathBuf>,
        /// A folder for the projects that fail
        #[arg(long, requires = "imports")]
        keep: Option<PathBuf>,
    },
    /// Holds conditions against CEL's public cases and writes the list of what passes and what is skipped
    Cel {
        /// The folder of the cases
        folder: PathBuf,
        /// Write nothing; fail when the list is not as it would be written
        #[arg(long)]
        check: bool,
    },
    /// Answers the window's calls over HTTP on this machine, for trying it in a browser
    Serve {
        /// The port
        #[arg(default_value_t = 5180)]
        port: u16,
        /// The folder of what is remembered; a temporary one without
        #[arg(long)]
        data: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    let done = match Args::parse().verb {
        Verb::Gen { check } => generate::run(&root(), check),
        Verb::Cel { folder, check } => cel::run(&root(), &folder, check),
        Verb::Fuzz { seconds, seed, imports, projects, keep } => match imports {
            false => fuzz::run(seconds, fuzz::FLOOR, seed, "", fuzz::one),
            true => fuzz::imports::run(seconds, seed, projects.as_deref(), keep.as_deref()),
        },
        Verb::Serve { port, data } => serve::run(port, data),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            say(&format!("xtask: {error}"));
            ExitCode::from(2)
        }
    }
}

/// The folder of the workspace.
fn root() -> PathBuf {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().nth(2).map_or_else(|| PathBuf::from("."), PathBuf::from)
}

/// Says something to people.
fn say(words: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{words}");
}
