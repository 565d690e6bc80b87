//! Files that cannot be read: no right to, no file at all, links in a circle. Root may read everything, so that the program
//! then runs as a user without rights; where the machine cannot do that, the case says so and is left out.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::handoff::{Ran, conversations, file, run, template, text};

const NOBODY: &str = "65534";

/// A folder that everybody may look into, with a copy of the program and of the banking flow.
struct Site {
    folder: tempfile::TempDir,
    program: PathBuf,
    /// The words before the program that take the rights away; none where there are none to take.
    drop: Vec<&'static str>,
}

impl Site {
    /// Nothing where a file without rights can be read all the same.
    fn new(case: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        mode(folder.path(), 0o755);
        let program = folder.path().join("handoff");
        // What was built may lie where nobody else may go.
        std::fs::hard_link(crate::handoff::program(), &program)
            .or_else(|_| std::fs::copy(crate::handoff::program(), &program).map(drop))
            .unwrap();
        let here = |name: &str| folder.path().join(name);
        std::fs::copy(template("banking_fee_dispute"), here("banking_fee_dispute.flow.json")).unwrap();
        std::fs::copy(conversations("banking_fee_dispute"), here("talks.jsonl")).unwrap();
        let secret = file(folder.path(), "secret", "x");
        mode(&secret, 0o000);
        let ways = [
            vec![],
            vec!["setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"],
            vec!["runuser", "-u", "nobody", "--"],
        ];
        let denied = |way: &Vec<&'static str>| {
            let read = |path: &Path| {
                let words: Vec<&str> = way.iter().copied().chain(["cat", text(path)]).collect();
                let mut command = Command::new(words[0]);
                command.args(&words[1..]).stdout(Stdio::null()).stderr(Stdio::null());
                command.status().is_ok_and(|status| status.success())
            };
            !read(&secret) && read(&here("talks.jsonl"))
        };
        let Some(drop) = ways.into_iter().find(denied) else {
            eprintln!("left out: {case} needs a user without rights, and setpriv or runuser to become one");
            return None;
        };
        Some(Self { folder, program, drop })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the program without rights, for so long at most.
    fn handoff(&self, arguments: &[&str]) -> Ran {
        let mut words: Vec<&str> = vec!["timeout", "60"];
        words.extend(&self.drop);
        words.push(text(&self.program));
        words.extend(arguments);
        let output = Command::new(words[0]).args(&words[1..]).current_dir(self.folder.path()).output().unwrap();
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let ran =
            Ran { code: output.status.code().unwrap_or(-1), out: said(&output.stdout), err: said(&output.stderr) };
        assert!(!ran.err.contains("panicked at"), "{arguments:?}: {}", ran.err);
        ran
    }

    fn refuses(&self, arguments: &[&str], words: &[&str]) {
        let ran = self.handoff(arguments).exits(2);
        let told = ran.err.clone() + &ran.out;
        assert!(words.iter().all(|word| told.contains(word)), "{arguments:?} says: {told}");
    }
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

const FLOW: &str = "banking_fee_dispute.flow.json";

#[test]
fn a_flow_that_may_not_be_read_is_told_by_every_verb() {
    let Some(site) = Site::new("a flow that may not be read") else { return };
    mode(&site.path(FLOW), 0o000);
    let words = [FLOW, "permission denied"];
    site.refuses(&["check", FLOW], &words);
    let json = site.handoff(&["check", "--json", FLOW]).exits(2).json();
    assert_eq!(json["flows"][0]["problems"][0]["code"], "not-readable");
    site.refuses(&["preview", FLOW, "--conversation", "talks.jsonl"], &words);
    site.refuses(&["replay", FLOW, "talks.jsonl"], &words);
    site.refuses(&["export", FLOW, "--to", "rasa", "--out", "out"], &words);
    site.refuses(&["fmt", FLOW], &words);
    site.refuses(&["fmt", "--check", FLOW], &words);
}

#[test]
fn conversations_that_may_not_be_read_are_told() {
    let Some(site) = Site::new("conversations that may not be read") else { return };
    mode(&site.path("talks.jsonl"), 0o000);
    let words = ["talks.jsonl", "permission denied"];
    site.refuses(&["replay", FLOW, "talks.jsonl"], &words);
    site.refuses(&["preview", FLOW, "--conversation", "talks.jsonl#fee-1"], &words);
    site.refuses(&["export", FLOW, "--to", "rasa", "--out", "out", "--conversations", "talks.jsonl"], &words);
    // Those beside the flow are taken without being named, and told all the same.
    std::fs::rename(site.path("talks.jsonl"), site.path("banking_fee_dispute.conversations.jsonl")).unwrap();
    site.refuses(&["export", FLOW, "--to", "rasa", "--out", "out"], &["conversations.jsonl", "permission denied"]);
    assert!(!site.path("out").exists());
}

#[test]
fn environments_that_may_not_be_read_are_told() {
    let Some(site) = Site::new("environments that may not be read") else { return };
    mode(&file(site.folder.path(), "environments.json", "{}"), 0o000);
    let preview = ["preview", FLOW, "--conversation", "talks.jsonl"];
    site.refuses(&[&preview[..], &["--env", "dev"]].concat(), &["environments.json", "permission denied"]);
    site.handoff(&preview).exits(0);
}

#[test]
fn an_import_without_rights_leaves_what_was_there() {
    let Some(site) = Site::new("an import without rights") else { return };
    let stories = "version: \"3.1\"\nstories:\n- story: a\n  steps: [{intent: hi}, {action: utter_hi}]\n";
    file(site.folder.path(), "project/stories.yml", stories);
    file(site.folder.path(), "project/domain.yml", "responses:\n  utter_hi: [{text: Hi}]\n");
    let out = site.path("out");
    std::fs::create_dir(&out).unwrap();
    let mine = file(&out, "mine.flow.json", "mine");
    mode(&mine, 0o444);
    mode(&out, 0o555);
    for target in ["out/new.flow.json", "out/mine.flow.json"] {
        site.refuses(&["import", "project", "--out", target, "--force"], &[]);
    }
    mode(&out, 0o755);
    assert_eq!(std::fs::read(&mine).unwrap(), b"mine");
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 1);
    // What may not be read of a project stops it before anything is written.
    mode(&site.path("project/domain.yml"), 0o000);
    site.refuses(&["import", "project", "--out", "out/new.flow.json"], &["domain.yml", "permission denied"]);
    mode(&site.path("project"), 0o000);
    site.refuses(&["import", "project", "--out", "out/new.flow.json"], &["permission denied"]);
    mode(&site.path("project"), 0o755);
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 1);
}

#[test]
fn a_folder_that_may_not_be_written_keeps_what_is_in_it() {
    let Some(site) = Site::new("a folder that may not be written") else { return };
    let out = site.path("out");
    std::fs::create_dir(&out).unwrap();
    mode(&out, 0o555);
    for target in ["out", "out/deep/er", "new"] {
        site.refuses(&["export", FLOW, "--to", "rasa", "--out", target], &["permission denied"]);
    }
    mode(&out, 0o000);
    site.refuses(&["export", FLOW, "--to", "rasa", "--out", "out"], &["permission denied"]);
    mode(&out, 0o755);
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 0);
    let loose = std::fs::read_to_string(site.path(FLOW)).unwrap().replace('\n', "\n ");
    let path = file(site.folder.path(), "loose.flow.json", &loose);
    mode(&path, 0o444);
    site.refuses(&["fmt", "loose.flow.json"], &["loose.flow.json"]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), loose);
}

const CALLS: &str = r#"{"format":"handoff-flow/1","id":"calls","nodes":{"start":{"kind":"start","next":"ask"},
    "ask":{"kind":"subflow","flow":"called","done":{"over":"e"},"failed":"e"},"e":{"kind":"end","outcome":"over"}}}"#;

const CALLED: &str = r#"{"format":"handoff-flow/1","id":"called","nodes":{"start":{"kind":"start","next":"e"},
    "e":{"kind":"end","outcome":"over"}}}"#;

#[test]
fn called_flows_that_cannot_be_read_say_why() {
    let Some(site) = Site::new("called flows that cannot be read") else { return };
    file(site.folder.path(), "calls.flow.json", CALLS);
    let called = site.path("called.flow.json");
    let told = |why: &str| {
        let ran = site.handoff(&["check", "--json", "calls.flow.json"]).exits(1);
        let problems = &ran.json()["flows"][0]["problems"];
        let found = problems.as_array().unwrap().iter().find(|p| p["code"] == "subflow-missing").unwrap();
        assert!(found["message"].as_str().unwrap().contains(why), "{found}");
        site.handoff(&["export", "calls.flow.json", "--to", "rasa", "--out", "out"]).exits(1);
    };
    told("there is no called.flow.json");
    std::fs::create_dir(&called).unwrap();
    told("it is a folder");
    std::fs::remove_dir(&called).unwrap();
    symlink("called.flow.json", &called).unwrap();
    told("leads back to itself");
    std::fs::remove_file(&called).unwrap();
    // In a folder that nobody may look into.
    let secret = site.path("secrets");
    file(&secret, "called.flow.json", CALLED);
    symlink("secrets/called.flow.json", &called).unwrap();
    mode(&secret, 0o000);
    told("permission denied");
    mode(&secret, 0o755);
    mode(site.folder.path(), 0o777);
    site.handoff(&["export", "calls.flow.json", "--to", "rasa", "--out", "out"]).exits(0);
    mode(&secret.join("called.flow.json"), 0o000);
    told("permission denied");
}

#[test]
fn what_is_no_file_is_refused_and_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name);
    std::fs::create_dir(here("folder.flow.json")).unwrap();
    assert!(Command::new("mkfifo").arg(here("pipe.flow.json")).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(here("socket.flow.json")).unwrap();
    symlink("loop.flow.json", here("loop.flow.json")).unwrap();
    symlink("two.flow.json", here("one.flow.json")).unwrap();
    symlink("one.flow.json", here("two.flow.json")).unwrap();
    symlink("gone", here("dangling.flow.json")).unwrap();
    let flow = template("banking_fee_dispute");
    let cases = [
        ("folder.flow.json", "it is a folder"),
        ("pipe.flow.json", "it is no file but a pipe"),
        ("socket.flow.json", "it is no file but a pipe"),
        ("loop.flow.json", "leads back to itself"),
        ("one.flow.json", "leads back to itself"),
        ("dangling.flow.json", "there is no such file"),
    ];
    for (name, why) in cases {
        let talk = format!("{name}#a");
        for arguments in [
            vec!["check", name],
            vec!["fmt", name],
            vec!["preview", name, "--conversation", "x"],
            vec!["replay", text(&flow), name],
            vec!["preview", text(&flow), "--conversation", &talk],
            vec!["export", text(&flow), "--to", "rasa", "--out", "out", "--conversations", name],
        ] {
            let ran = run(&arguments, folder.path(), b"").exits(2);
            assert!(ran.err.contains(why) || ran.out.contains(why), "{arguments:?} says: {}{}", ran.err, ran.out);
        }
    }
    // Two faults do not hide each other, and a good file between them is checked.
    let ran = run(&["check", "--json", "pipe.flow.json", text(&flow), "loop.flow.json"], folder.path(), b"").exits(2);
    let json = ran.json();
    let codes: Vec<&str> = (0..3).filter_map(|i| json["flows"][i]["problems"][0]["code"].as_str()).collect();
    assert_eq!(codes.iter().filter(|code| **code == "not-readable").count(), 2, "{codes:?}");
}

#[test]
fn what_a_shell_hands_over_as_a_file_is_read() {
    let Ok(bash) = Command::new("bash").args(["-c", "exit 0"]).status() else {
        eprintln!("left out: <(…) needs bash");
        return;
    };
    assert!(bash.success());
    let line = format!(
        "{0} check <(cat {1}) && {0} replay {1} <(cat {2}) >/dev/null && {0} check /dev/stdin < {1}",
        text(crate::handoff::program()),
        text(&template("banking_fee_dispute")),
        text(&conversations("banking_fee_dispute")),
    );
    let output = Command::new("bash").args(["-c", &line]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
