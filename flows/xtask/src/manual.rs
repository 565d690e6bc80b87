//! The manual: a page a rule, a platform and a contact centre, and the command line.

use std::collections::BTreeMap;

use clap::{Command, CommandFactory};
use flow_api::check::Page;
use flow_api::conversations::import::{CALLS, MEANS, ROLES, SOURCES};
use flow_api::export::{CAPABILITIES, PLATFORMS};
use flow_api::handoff::TARGETS;
use flow_api::handoff::recognise::{Kind, Strictness};

use crate::{keys_page, target_page};

/// Adds every page.
pub(crate) fn pages(files: &mut BTreeMap<String, String>) {
    let rules: Vec<Page> = flow_api::check::pages().collect();
    for page in &rules {
        files.insert(format!("docs/manual/rules/{}.md", page.code), flow_api::report::page(page));
    }
    for platform in CAPABILITIES {
        files.insert(format!("docs/manual/platforms/{}.md", platform.id), flow_api::manual::platform(platform));
    }
    for target in TARGETS {
        files.insert(format!("docs/manual/targets/{}.md", target.id()), target_page::page(*target));
    }
    files.insert("docs/manual/cli.md".to_owned(), command_line());
    files.insert("docs/manual/kept-back.md".to_owned(), kept_back());
    files.insert("docs/manual/keys.md".to_owned(), keys_page::page());
    files.insert("docs/manual/imports.md".to_owned(), imports());
    files.insert("docs/manual/README.md".to_owned(), contents(&rules));
}

/// What recognisers find and what becomes of it.
fn kept_back() -> String {
    let mut text = "# What is kept back\n\nWhat a flow declares comes first: a field's own `redact`, else that of its class \
                    (`mask hash drop block none`). Then recognisers look at every text that goes out. Each part that is not \
                    sent as it is stands in the envelope's `redacted`, with its field, its class or kind, its place, how, and why.\n\n\
                    | kind | what it is | found by | towards records | towards chats |\n| --- | --- | --- | --- | --- |\n"
        .to_owned();
    for kind in Kind::ALL {
        let records = match kind.strictness() {
            Strictness::Contact => "masked in texts; sent where a field or contact is exactly that",
            Strictness::Identity | Strictness::Secret => "masked",
        };
        let chats = if kind.blocked_in_chats() { "blocked, whatever the flow says" } else { "the same" };
        let (id, words, found_by) = (kind.id(), kind.words(), kind.found_by());
        text.push_str(&format!("| `{id}` | {words} | {found_by} | {records} | {chats} |\n"));
    }
    text.push_str("\nA field with `\"redact\": \"none\"` goes out as it is, but for what no chat may hold. A number without valid check \
                   digits is no card, account or provider.\n\nWhat an export sends by itself has the author's rules, and of the recognisers those \
                   of cards and accounts: with their check digits where the export decides in its own module, by their form alone in \
                   Composer, not at all in Copilot Studio. Each export of a flow whose requests carry what people write says so.\n");
    text
}

/// The kinds of files that conversations are read from, and what a mapping can say.
fn imports() -> String {
    let mut text = "# Conversations of other tools\n\n`handoff conversations import PATH --out FILE.conversations.jsonl` recognises a \
                    file, proposes a mapping and writes conversations. `--show-mapping` prints the mapping as JSON and shows what \
                    comes of it; corrected and saved, it is used with `--mapping FILE`. What was not understood is told with its \
                    line, and the exit code is then 1.\n\n## Kinds of files\n"
        .to_owned();
    for source in SOURCES {
        text.push_str(&format!("\n### {}\n`--as {}`\n\n{}\n", source.title(), source.kind(), source.about()));
    }
    text.push_str("\n## The mapping\n\n| key | what it says |\n| --- | --- |\n");
    for (key, words) in [
        ("kind", "the kind of file"),
        ("encoding", "`utf-8`, `windows-1252`, `utf-16le`, `utf-16be`"),
        ("shape", "where the records of JSON are: `lines`, `values` (one after the other), `list`, `key`"),
        ("list", "the key of the list of records, for the shape `key`"),
        ("rows", "the key of the rows of a conversation; without it each record is one row"),
        ("delimiter`, `header", "what stands between the columns of a table, and whether its first line names them"),
        ("name", "what conversations without an id are called, with a number behind"),
        ("dates", "the order of dates such as 03/04/2026: `dmy`, `mdy`, `ymd`"),
        ("zone", "minutes that times without a zone are ahead of UTC"),
        ("together", "whether rows that do not say their conversation are all of one"),
        ("gap", "after so many seconds without a word another conversation begins"),
        (
            "columns",
            "what columns mean: `from` (a column, or the path of a key; `turns[].text` is a key of rows), `to`, and `as`: `plain`, `text`, `number`, `percent` (out of a hundred), `bool`",
        ),
        ("who", "what a row is, by the value of its `who` column"),
        ("others", "what a row with another value is, or with none"),
        ("calls", "what calls were, by name; `utter_*` is all names with that start"),
        ("intents", "intents by the name that the flow has for them; an empty text is no intent"),
    ] {
        text.push_str(&format!("| `{key}` | {words} |\n"));
    }
    for (title, words) in [
        ("What a column can mean (`to`)", ROLES),
        ("What a row can be (`who`, `others`)", MEANS),
        ("What a call can be (`calls`)", CALLS),
    ] {
        text.push_str(&format!("\n## {title}\n\n| | |\n| --- | --- |\n"));
        for (name, words) in words {
            text.push_str(&format!("| `{name}` | {words} |\n"));
        }
    }
    text
}

fn contents(rules: &[Page]) -> String {
    let mut text =
        "# The manual\n\nGenerated from the code.\n\n- [The command line](cli.md)\n- [Conditions and CEL](cel.md)\n- [What is kept back](kept-back.md)\n- [Keys](keys.md)\n- [Conversations of other tools](imports.md)\n- JSON Schema of [what a person is given](handoff-envelope-1.schema.json) and of [what comes back](handoff-resume-1.schema.json)\n"
            .to_owned();
    text.push_str("\n## Platforms\n\n");
    for platform in CAPABILITIES {
        let built = PLATFORMS.iter().any(|built| built.id() == platform.id);
        let note = if built { "" } else { ", not exported to yet" };
        text.push_str(&format!("- [{}](platforms/{}.md){note}\n", platform.title, platform.id));
    }
    text.push_str("\n## Contact centres\n\n");
    for target in TARGETS {
        text.push_str(&format!("- [{}](targets/{}.md)\n", target.title(), target.id()));
    }
    text.push_str("\n## Rules\n\n| code | severity |\n| --- | --- |\n");
    let mut sorted: Vec<&Page> = rules.iter().collect();
    sorted.sort_by_key(|page| page.code);
    for page in sorted {
        text.push_str(&format!("| [{0}](rules/{0}.md) | {1} |\n", page.code, page.severity.id()));
    }
    text
}

fn command_line() -> String {
    let mut command = flow_cli::args::Args::command().term_width(100);
    command.build();
    let mut text =
        "# `handoff`\n\nThe studio's engine without its window. Exit codes: 0 fine, 1 the flow or the test falls \
                    short, 2 wrong use or unreadable input.\n"
            .to_owned();
    for verb in command.get_subcommands_mut() {
        if verb.get_name() != "help" {
            text.push_str(&section("", verb));
        }
    }
    text
}

fn section(before: &str, verb: &mut Command) -> String {
    let name = format!("{before}{}", verb.get_name());
    let help = verb.render_long_help().to_string();
    let help: Vec<&str> = help.trim_end().lines().map(str::trim_end).collect();
    let mut text = format!("\n## `handoff {name}`\n\n```text\n{}\n```\n", help.join("\n"));
    for inner in verb.get_subcommands_mut().filter(|inner| inner.get_name() != "help") {
        text.push_str(&section(&format!("{name} "), inner));
    }
    text
}
