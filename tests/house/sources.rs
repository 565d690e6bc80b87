//! What may stand in a source file.

use std::path::Path;

use super::{files, none, read, shown};

/// Crates that may touch files, clock and environment (I1).
const OUTSIDE: [&str; 4] = ["flows/store/", "flows/cli/", "flows/xtask/", "src-tauri/"];

/// What touches them. `Instant` and `SystemTime` are values of a clock, `process` and `net` leave the program.
const TOUCHES: [&str; 12] = [
    "std::fs",
    "fs::read",
    "File::open",
    "std::env",
    "env::var",
    "SystemTime",
    "Instant::now",
    "std::net",
    "std::process",
    "thread_rng",
    "getrandom",
    "rand::rng",
];

fn is_test(path: &Path) -> bool {
    let name = shown(path);
    name.contains("/tests/")
        || name.contains("/benches/")
        || name.ends_with("tests.rs")
        || name.ends_with("/testing.rs")
}

/// A source without its comments and without its module of tests.
fn code(text: &str) -> Vec<(usize, &str)> {
    let body = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]") || !text.contains("\nmod tests {"));
    body.enumerate().map(|(i, line)| (i + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//")).collect()
}

#[test]
fn i1_only_the_outside_touches_files_clock_and_environment() {
    let mut wrong = Vec::new();
    for path in files("flows", &[".rs"]) {
        let name = shown(&path);
        if OUTSIDE.iter().any(|outside| name.starts_with(outside)) || is_test(&path) {
            continue;
        }
        let text = read(&path);
        for (number, line) in code(&text) {
            if let Some(touch) = TOUCHES.iter().find(|touch| line.contains(**touch)) {
                wrong.push(format!("{name}:{number}: {touch}"));
            }
        }
    }
    none("I1: files, clock, randomness and environment", &wrong);
}

#[test]
fn i3_nothing_is_measured_in_binary_fractions() {
    // Decisions are exact: binary fractions would differ in their last digit, and with the order of additions.
    let mut wrong = Vec::new();
    for folder in ["flows/conversations/src", "flows/run/src", "flows/predict/src/intent.rs"] {
        for path in files(folder, &[".rs"]).iter().filter(|path| !is_test(path)) {
            let text = read(path);
            for (number, line) in code(&text) {
                let word = line.split(|c: char| !c.is_alphanumeric() && c != '_').find(|w| ["f32", "f64"].contains(w));
                if let Some(word) = word {
                    wrong.push(format!("{}:{number}: {word}", shown(path)));
                }
            }
        }
    }
    none("I3: binary fractions", &wrong);
}

#[test]
fn files_have_at_most_600_lines() {
    let mut wrong = Vec::new();
    let mut lengths = Vec::new();
    for folder in ["flows", "src-tauri/src", "ui/src", "tests", "scripts"] {
        for path in files(folder, &[".rs", ".ts", ".svelte", ".css", ".mjs", ".py"]) {
            let name = shown(&path);
            // Generated from Rust, or by an export.
            if name.contains("/bindings/") || name.contains("/golden/") {
                continue;
            }
            let lines = read(&path).lines().count();
            // A test that holds a table of cases reads best whole: the aim is for what ships.
            if !is_test(&path) && !name.starts_with("tests/") {
                lengths.push(lines);
            }
            if lines > 600 {
                wrong.push(format!("{name}: {lines} lines"));
            }
        }
    }
    none("files past 600 lines", &wrong);
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median <= 120, "the median file has {median} lines, and 120 is the aim");
}

#[test]
fn i4_no_platform_names_a_target_and_no_target_a_platform() {
    let mut wrong = Vec::new();
    let mut scan = |folder: &str, names: Vec<&str>| {
        for path in files(folder, &[".rs", ".py", ".j2", ".yml"]).iter().filter(|path| !is_test(path)) {
            let text = read(path).to_lowercase();
            for name in &names {
                if text.contains(&name.to_lowercase()) {
                    wrong.push(format!("{} names {name}", shown(path)));
                }
            }
        }
    };
    let platforms: Vec<&str> = flow_export::CAPABILITIES.iter().map(|p| p.id).collect();
    let targets: Vec<&str> = flow_handoff::TARGETS.iter().map(|t| t.id()).collect();
    // Where bots run and people answer alike, both sides have it.
    let only =
        |these: &[&'static str], others: &[&str]| these.iter().copied().filter(|id| !others.contains(id)).collect();
    scan("flows/export/src", only(&targets, &platforms));
    scan("flows/handoff/src", only(&platforms, &targets));
    none("I4: platforms and targets", &wrong);
}

#[test]
fn a_module_opens_with_what_must_stay_true() {
    let mut wrong = Vec::new();
    for path in files("flows", &[".rs"]).into_iter().chain(files("src-tauri/src", &[".rs"])) {
        let test = is_test(&path) || shown(&path).contains("/tests");
        if !test && !read(&path).trim_start().starts_with("//!") {
            wrong.push(shown(&path));
        }
    }
    none("modules without a first sentence", &wrong);
}

#[test]
fn sources_hold_no_paths_of_one_machine() {
    let words = [["/wo", "rk/"].concat(), ["/ro", "ot/"].concat(), ["/ho", "me/"].concat(), ["/Use", "rs/"].concat()];
    let mut wrong = Vec::new();
    for folder in ["flows", "src-tauri", "ui", "tests/cases", "tests/golden", "scripts", "docs", ".ci", "README.md"] {
        for path in files(folder, &[".rs", ".ts", ".svelte", ".mjs", ".py", ".md", ".json", ".toml", ".sh", "run"]) {
            let text = read(&path);
            for word in words.iter().filter(|word| text.contains(word.as_str())) {
                wrong.push(format!("{}: {word}", shown(&path)));
            }
        }
    }
    none("paths of one machine", &wrong);
}
