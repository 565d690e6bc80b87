//! The direction of the crates, and the edges that must not be there.

use std::collections::BTreeMap;
use std::process::Command;

use super::{files, none, read, shown};
use crate::handoff::root;

/// From the bottom up; a crate may use those of lower rank, and none of its own.
const RANKS: &[&[&str]] = &[
    &["conditions"],
    &["model"],
    &["conversations"],
    &["layout", "predict", "handoff"],
    &["check"],
    &["run"],
    &["export", "publish", "queues", "audit"],
    &["import"],
    &["store"],
    &["api"],
    &["cli"],
    &["xtask"],
];

fn rank(name: &str) -> Option<usize> {
    RANKS.iter().position(|names| names.contains(&name))
}

/// The crates of this repository that a manifest names, by section.
fn uses(manifest: &str) -> BTreeMap<String, Vec<String>> {
    let mut section = String::new();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in manifest.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']').to_owned();
        } else if let Some(name) = line.strip_prefix("flow-").and_then(|l| l.split(['.', ' ', '=']).next()) {
            found.entry(section.clone()).or_default().push(name.to_owned());
        }
    }
    found
}

#[test]
fn crates_use_only_those_below_them() {
    let mut wrong = Vec::new();
    for path in files("flows", &["Cargo.toml"]) {
        let name = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        let Some(own) = rank(&name) else {
            wrong.push(format!("{}: the crate has no rank: add it to RANKS", shown(&path)));
            continue;
        };
        for (section, used) in uses(&read(&path)) {
            // Tests of a crate may look at what stands beside it.
            let limit = if section == "dev-dependencies" { own + 1 } else { own };
            for other in used.iter().filter(|o| rank(o).is_none_or(|r| r >= limit)) {
                wrong.push(format!("flow-{name} uses flow-{other}, which is not below it"));
            }
        }
    }
    none("direction of crates", &wrong);
}

#[test]
fn members_stand_in_order_of_direction() {
    let manifest = read(&root().join("Cargo.toml"));
    let members = manifest.split("members = [").nth(1).and_then(|l| l.split(']').next()).unwrap();
    let ranks: Vec<usize> =
        members.lines().filter_map(|line| rank(line.trim().trim_matches([',', '"']).strip_prefix("flows/")?)).collect();
    assert!(ranks.len() >= 12 && ranks.is_sorted(), "members by rank: {ranks:?}");
}

#[test]
fn i7_the_window_uses_the_one_surface() {
    let used = uses(&read(&root().join("src-tauri/Cargo.toml")));
    let all: Vec<&String> = used.values().flatten().collect();
    assert_eq!(all, ["api"], "src-tauri goes through flow-api");
    let lines: usize = files("src-tauri/src", &[".rs"]).iter().map(|f| read(f).lines().count()).sum();
    assert!(lines < 900, "src-tauri has {lines} lines: what a command-line user would miss belongs in flow-api");
}

#[test]
fn the_command_line_and_the_tests_link_no_web_view() {
    for package in ["flow-cli", "flow-tests"] {
        let output = Command::new(env!("CARGO"))
            .args(["tree", "--package", package, "--edges", "all", "--prefix", "none", "--format", "{p}"])
            .current_dir(root())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let tree = String::from_utf8(output.stdout).unwrap();
        assert!(tree.lines().count() > 10, "{tree}");
        let found = |line: &&str| ["tauri", "wry", "webkit", "gtk"].iter().any(|name| line.starts_with(name));
        assert_eq!(tree.lines().find(found), None, "{package}");
    }
}
