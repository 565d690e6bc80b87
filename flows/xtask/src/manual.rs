//! The manual: a page a rule, a platform and a contact centre, and the command line.

use std::collections::BTreeMap;

use clap::{Command, CommandFactory};
use flow_api::check::Page;
use flow_api::export::{PLATFORMS, Platform};
use flow_api::handoff::{TARGETS, Target};
use flow_api::model::document;
use flow_api::templates::TEMPLATES;

/// Adds every page.
pub(crate) fn pages(files: &mut BTreeMap<String, String>) {
    let rules: Vec<Page> = flow_api::check::pages().collect();
    for page in &rules {
        files.insert(format!("docs/manual/rules/{}.md", page.code), flow_api::report::page(page));
    }
    for platform in PLATFORMS {
        files.insert(format!("docs/manual/platforms/{}.md", platform.id()), platform_page(*platform));
    }
    for target in TARGETS {
        files.insert(format!("docs/manual/targets/{}.md", target.id()), target_page(*target));
    }
    files.insert("docs/manual/cli.md".to_owned(), command_line());
    files.insert("docs/manual/README.md".to_owned(), contents(&rules));
}

fn contents(rules: &[Page]) -> String {
    let mut text =
        "# The manual\n\nGenerated from the code.\n\n- [The command line](cli.md)\n- [Conditions and CEL](cel.md)\n"
            .to_owned();
    text.push_str("\n## Platforms\n\n");
    for platform in PLATFORMS {
        text.push_str(&format!("- [{}](platforms/{}.md)\n", platform.title(), platform.id()));
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

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn platform_page(platform: &dyn Platform) -> String {
    let mut text = format!(
        "# {}\n\n{}\n\n`handoff export FLOW --to {} --out DIR`\n",
        platform.title(),
        platform.about(),
        platform.id()
    );
    // One example of each kind.
    let mut seen: BTreeMap<(String, String), String> = BTreeMap::new();
    for template in TEMPLATES {
        let flow = document::read(template.text).map(|document| document.flow).unwrap_or_default();
        for loss in platform.limits(&flow) {
            seen.entry((loss.why, loss.written)).or_insert(loss.meant);
        }
    }
    text.push_str(
        "\n## What it cannot carry\n\nBy the flows that ship with the studio, with one example of each kind:\n\n",
    );
    text.push_str("| the flow means, for example | written instead | why |\n| --- | --- | --- |\n");
    for ((why, written), meant) in seen {
        text.push_str(&format!("| {} | {} | {} |\n", cell(&meant), cell(&written), cell(&why)));
    }
    text
}

fn target_page(target: &dyn Target) -> String {
    let mut text = format!("# {}\n\nIn a flow: `targets.{}`.\n\n## Limits\n\n", target.title(), target.id());
    text.push_str("| what | at most | source |\n| --- | --- | --- |\n");
    for limit in target.limits() {
        text.push_str(&format!("| {} | {} {} | {} |\n", cell(limit.what), limit.most, limit.unit, cell(limit.source)));
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
            text.push_str(&section(verb));
        }
    }
    text
}

fn section(verb: &mut Command) -> String {
    let name = verb.get_name().to_owned();
    let help = verb.render_long_help().to_string();
    let help: Vec<&str> = help.trim_end().lines().map(str::trim_end).collect();
    format!("\n## `handoff {name}`\n\n```text\n{}\n```\n", help.join("\n"))
}
