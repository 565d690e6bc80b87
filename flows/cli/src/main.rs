//! `handoff`: the studio's engine without its window.

mod certificate;
mod check;
mod conversations;
mod corpora;
mod export;
mod fmt;
mod handed;
mod imports;
mod input;
mod keys;
mod output;
mod preview;
mod projects;
mod publish;
mod replay;

use std::process::ExitCode;

use flow_api::schemas::SCHEMAS;
use flow_cli::args;

use crate::args::{Args, OfConversations, Verb};
use crate::output::{Fault, out};

/// A flow is many small texts and lists; the system's allocator would take a third of the time of a check.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How a verb ended: 0 fine, 1 the flow or the test falls short.
pub(crate) type Done = Result<bool, Fault>;

fn main() -> ExitCode {
    let args = match Args::of(std::env::args_os()) {
        Ok(args) => args,
        Err(error) => {
            let wrong = error.use_stderr();
            let _ = error.print();
            return ExitCode::from(if wrong { 2 } else { 0 });
        }
    };
    match run(&args.verb) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(Fault::Closed) => ExitCode::SUCCESS,
        Err(Fault::FallsShort(message)) => output::told(&message, 1),
        Err(Fault::Wrong(message)) => output::told(&message, 2),
    }
}

fn run(verb: &Verb) -> Done {
    match verb {
        Verb::Check(wanted) => check::run(wanted),
        Verb::Explain(wanted) => check::explain(wanted),
        Verb::Preview(wanted) => preview::run(wanted),
        Verb::Replay(wanted) => replay::run(wanted),
        Verb::Conversations(wanted) => match &wanted.verb {
            OfConversations::Import(wanted) => imports::run(wanted),
            OfConversations::Search(wanted) => corpora::search(wanted),
            OfConversations::Label(wanted) => corpora::label(wanted),
            OfConversations::Tag(wanted) => corpora::tag(wanted),
            OfConversations::Audit(wanted) => corpora::audit(wanted),
        },
        Verb::Import(wanted) => projects::run(wanted),
        Verb::Export(wanted) => export::run(wanted),
        Verb::Register(wanted) => publish::register(wanted),
        Verb::Copy(wanted) => publish::copy(wanted),
        Verb::Publish(wanted) => publish::publish(wanted),
        Verb::Keys(wanted) => keys::run(wanted),
        Verb::Fmt(wanted) => fmt::run(wanted),
        Verb::Schema(wanted) => {
            let of = SCHEMAS.iter().find(|schema| schema.name == wanted.of);
            out(&of.map_or_else(String::new, |schema| (schema.text)())).map(|()| true)
        }
        Verb::Completions(wanted) => out(&args::completions(wanted.shell)).map(|()| true),
    }
}
