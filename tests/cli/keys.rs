//! `handoff keys`, and that what it keeps stands nowhere else.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::{TempDir, tempdir};

use super::{has, list, word};
use crate::handoff::{Ran, file, root, run_with};

/// A folder with a flow that hashes a field, its conversation, and a file of keys.
struct Desk {
    folder: TempDir,
}

const FLOW: &str = r#"{
  "format": "handoff-flow/1", "id": "hashed", "title": "Hashed",
  "slots": { "member": { "type": "text", "entity": "member" } },
  "tiers": { "people": { "title": "People" } },
  "contexts": { "all": { "fields": { "member": { "from": "slots.member", "redact": "hash" } } } },
  "nodes": {
    "begin": { "kind": "start", "next": "wait" },
    "wait": { "kind": "listen", "else": "person" },
    "person": { "kind": "handoff", "tier": "people", "context": "all", "mode": "ticket" }
  }
}"#;
const SAID: &str = r#"{"id": "c", "turns": [{"who": "user", "text": "hello", "entities": {"member": "M-1234567"}}], "expect": {"handoff": {"tier": "people"}}}"#;

impl Desk {
    fn new() -> Self {
        let folder = tempdir().unwrap();
        file(folder.path(), "hashed.flow.json", FLOW);
        file(folder.path(), "hashed.conversations.jsonl", format!("{SAID}\n"));
        Self { folder }
    }

    fn keys(&self) -> PathBuf {
        self.folder.path().join("secret.json")
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.run_given(arguments, &[])
    }

    fn run_given(&self, arguments: &[&str], more: &[(&str, &str)]) -> Ran {
        let keys = self.keys();
        let mut env = vec![("HANDOFF_KEYS_FILE", keys.to_str().unwrap())];
        env.extend(more);
        run_with(arguments, self.folder.path(), b"", &env)
    }

    fn listed(&self, arguments: &[&str]) -> Vec<Value> {
        let json = self.run(arguments).exits(0).json();
        has(&json, &["keys"]);
        list(&json["keys"]).clone()
    }

    /// The hash and the token that a preview shows.
    fn previewed(&self, more: &[(&str, &str)]) -> (Value, Value) {
        let ran = self.run_given(&PREVIEW, more).exits(0);
        let handoff = &ran.json()["handoffs"][0];
        (handoff["envelope"]["payload"]["member"].clone(), handoff["envelope"]["resume"]["token"].clone())
    }
}

const PREVIEW: [&str; 5] = ["preview", "hashed.flow.json", "--conversation", "hashed.conversations.jsonl", "--json"];

#[test]
fn keys_are_made_listed_used_and_taken_away() {
    let desk = Desk::new();
    assert_eq!(desk.previewed(&[]), ("<REDACTION_FAILED>".into(), Value::Null));
    for key in desk.listed(&["keys", "list", "--json"]) {
        has(&key, &["name", "present", "kind", "place", "fingerprint", "fault"]);
        assert_eq!((&key["present"], word(&key["kind"])), (&Value::Bool(false), "file"));
    }
    let made = desk.listed(&["keys", "make", "--json"]);
    assert!(made.iter().all(|key| key["made"] == true && key["present"] == true), "{made:?}");
    let (hash, token) = desk.previewed(&[]);
    assert!(word(&hash).len() == 64 && word(&token).starts_with("r1."), "{hash} {token}");
    assert_eq!(desk.previewed(&[]), (hash.clone(), token.clone()));
    let again = desk.listed(&["keys", "make", "redaction", "--json"]);
    assert!(again.len() == 1 && again[0]["made"] == false && again[0]["fingerprint"] == made[0]["fingerprint"]);
    assert!(desk.listed(&["keys", "remove", "resume", "--json"])[0]["removed"] == true);
    desk.run(&["keys", "remove", "resume"]).exits(1);
    assert_eq!(desk.previewed(&[]), (hash, Value::Null));
}

#[test]
fn the_text_of_a_key_in_a_variable_does_what_the_key_does() {
    let desk = Desk::new();
    desk.run(&["keys", "make"]).exits(0);
    let kept = desk.secrets();
    let own = desk.previewed(&[]);
    let none = ("HANDOFF_KEYS_FILE", "");
    assert_eq!(desk.previewed(&[none]), ("<REDACTION_FAILED>".into(), Value::Null));
    assert_eq!(desk.previewed(&[none, ("HANDOFF_HASH_KEY", &kept[0]), ("HANDOFF_RESUME_KEY", &kept[1])]), own);
    let (hash, token) = desk.previewed(&[("HANDOFF_HASH_KEY", &kept[0])]);
    assert!(hash == own.0 && token != own.1 && token != Value::Null, "one variable gives both keys");
    let word = [("HANDOFF_HASH_KEY", "sixteen or longer")];
    let named = desk.run_given(&["keys", "list"], &word).exits(0);
    assert_eq!(named.out.matches("the variable HANDOFF_HASH_KEY").count(), 2, "{}", named.out);
}

#[test]
fn a_key_that_somebody_could_guess_is_refused_before_anything_is_made_with_it() {
    let desk = Desk::new();
    desk.run(&["keys", "make"]).exits(0);
    for variable in ["HANDOFF_HASH_KEY", "HANDOFF_RESUME_KEY"] {
        let ran = desk.run_given(&PREVIEW, &[(variable, "fifteen letters")]).exits(2);
        assert!(ran.out.is_empty() && ran.err.contains(variable) && ran.err.contains("16 characters"), "{}", ran.err);
        let ran = desk.run_given(&["keys", "list"], &[(variable, "fifteen letters")]).exits(2);
        assert!(ran.err.contains(variable), "{}", ran.err);
        desk.run_given(&PREVIEW, &[(variable, "sixteen letters!")]).exits(0);
    }
}

#[test]
fn what_is_held_back_for_want_of_a_key_says_the_way_out() {
    let desk = Desk::new();
    let ran = desk.run(&PREVIEW).exits(0);
    assert!(ran.err.contains("a field is held back") && ran.err.contains("handoff keys make redaction"), "{}", ran.err);
    let ran = desk.run(&PREVIEW[..4]).exits(0);
    assert!(ran.err.contains("no resume token") && ran.err.contains("handoff keys make resume"), "{}", ran.err);
    desk.run(&["keys", "make"]).exits(0);
    assert_eq!(desk.run(&PREVIEW[..4]).exits(0).err, "");
    let ran = run_with(&["keys", "make"], desk.folder.path(), b"", &[("HANDOFF_KEYS_FILE", "")]).exits(2);
    assert!(ran.err.contains("HANDOFF_KEYS_FILE"), "{}", ran.err);
    // No session, no bus: the system's keyring cannot answer.
    let bus = [("DBUS_SESSION_BUS_ADDRESS", "disabled:")];
    if cfg!(target_os = "linux") {
        let ran = crate::handoff::run_unset(&["keys", "list"], desk.folder.path(), "HANDOFF_KEYS_FILE", &bus).exits(2);
        assert!(ran.err.contains("no keyring answers") && ran.err.contains("HANDOFF_HASH_KEY"), "{}", ran.err);
    }
}

impl Desk {
    /// The keys themselves.
    fn secrets(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.keys()).unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        ["redaction", "resume"].iter().map(|name| word(&json[*name]).to_owned()).collect()
    }
}

/// Every file below a folder with its bytes.
fn below(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            below(&path, found);
        } else {
            found.push((path.clone(), std::fs::read(&path).unwrap()));
        }
    }
}

#[test]
fn no_key_stands_in_what_is_said_or_written() {
    let desk = Desk::new();
    desk.run(&["keys", "make"]).exits(0);
    let banking = root().join("flows/templates/banking_fee_dispute.flow.json");
    let said = root().join("flows/templates/banking_fee_dispute.conversations.jsonl");
    let (banking, said) = (banking.to_str().unwrap(), said.to_str().unwrap());
    let (flow, own) = ("hashed.flow.json", "hashed.conversations.jsonl");
    let mut verbs: Vec<Vec<&str>> = vec![
        vec!["keys", "list"],
        vec!["keys", "list", "--json"],
        vec!["keys", "make"],
        vec!["keys", "make", "--json"],
        PREVIEW.to_vec(),
        PREVIEW[..4].to_vec(),
        vec![
            "preview",
            flow,
            "--conversation",
            own,
            "--postman",
            "postman",
            "--setup",
            "setup",
            "--vcon",
            "c.vcon.json",
        ],
        vec!["preview", banking, "--conversation", said, "--postman", "other", "--json"],
        vec!["replay", flow, own, "--each"],
        vec!["replay", flow, own, "--json", "--cache", "cache"],
        vec!["register", flow, "--html", "register.html"],
        vec!["register", flow, "--json"],
        vec!["copy", flow, "--out", "deck.csv"],
        vec!["publish", flow, "--html", "page.html", "--conversations", own],
        vec!["check", flow, "--json", "--fix"],
        vec!["fmt", flow],
    ];
    let platforms: Vec<&str> = flow_export::PLATFORMS.iter().map(|platform| platform.id()).collect();
    for id in &platforms {
        verbs.push(vec!["export", flow, "--to", id, "--out", id, "--json"]);
    }
    let mut all = Vec::new();
    for verb in &verbs {
        let ran = desk.run(verb);
        assert!(ran.code < 2, "{verb:?}: {}", ran.err);
        all.push((PathBuf::from(verb.join(" ")), format!("{}{}", ran.out, ran.err).into_bytes()));
    }
    below(desk.folder.path(), &mut all);
    assert!(all.len() > verbs.len() + 12 && all.iter().any(|(path, _)| path.ends_with("page.html")));
    for (path, bytes) in all.iter().filter(|(path, _)| *path != desk.keys()) {
        let text = String::from_utf8_lossy(bytes).to_lowercase();
        for secret in desk.secrets() {
            // Not even a part of one: twelve digits in a row are no chance.
            for at in 0..=secret.len() - 12 {
                assert!(!text.contains(&secret[at..at + 12]), "a key is in {}", path.display());
            }
        }
    }
}
