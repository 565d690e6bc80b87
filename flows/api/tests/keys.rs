//! Keys as the window asks for them: by a keyring in memory.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails here is a test that fails"
)]

mod common;

use std::cell::RefCell;
use std::sync::{Arc, Mutex};

use flow_api::keys::{Key, KeyFault, KeyStore, Keyring, Place};
use flow_api::store::keys::Manner;
use serde_json::{Value, json};

const FLOW: &str = r#"{"format": "handoff-flow/1", "id": "hashed",
    "slots": {"member": {"type": "text", "entity": "member"}}, "tiers": {"people": {}},
    "contexts": {"all": {"fields": {"member": {"from": "slots.member", "redact": "hash"}}}},
    "nodes": {"begin": {"kind": "start", "next": "wait"}, "wait": {"kind": "listen", "else": "person"},
        "person": {"kind": "handoff", "tier": "people", "context": "all", "mode": "ticket"}}}"#;

#[derive(Debug, Default)]
struct Double {
    secrets: Mutex<Vec<(String, Vec<u8>)>>,
    fault: Mutex<Option<KeyFault>>,
}

impl KeyStore for Double {
    fn place(&self) -> Place {
        Place::Memory
    }

    fn read(&self, names: &[&str], _: Manner) -> Result<Vec<Option<Vec<u8>>>, KeyFault> {
        if let Some(fault) = self.fault.lock().unwrap().clone() {
            return Err(fault);
        }
        let secrets = self.secrets.lock().unwrap();
        let one = |name: &&str| secrets.iter().find(|(own, _)| own == name).map(|(_, secret)| secret.clone());
        Ok(names.iter().map(one).collect())
    }

    fn write(&self, name: &str, secret: &[u8]) -> Result<(), KeyFault> {
        self.secrets.lock().unwrap().push((name.to_owned(), secret.to_vec()));
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<bool, KeyFault> {
        if let Some(fault) = self.fault.lock().unwrap().clone() {
            return Err(fault);
        }
        let mut secrets = self.secrets.lock().unwrap();
        let before = secrets.len();
        secrets.retain(|(own, _)| own != name);
        Ok(secrets.len() < before)
    }
}

struct Desk {
    desk: common::Desk,
    double: Arc<Double>,
    /// All that was ever answered.
    answers: RefCell<String>,
}

impl Desk {
    fn new() -> Self {
        let double = Arc::new(Double::default());
        let keys = Keyring::new(Arc::clone(&double) as Arc<dyn KeyStore>);
        Self { desk: common::Desk::with(&[], keys), double, answers: RefCell::default() }
    }

    fn call(&self, method: &str, params: Value) -> Value {
        let result = self.desk.call(method, params);
        self.answers.borrow_mut().push_str(&result.to_string());
        result
    }

    /// The hash and the token that a preview shows.
    fn previewed(&self, doc: &Value) -> (Value, Value) {
        let said = json!({"id": "c", "turns": [{"who": "user", "text": "hi", "entities": {"member": "M-1234567"}}]});
        let shown = self.call("preview.run", json!({"doc": doc, "conversation": said}));
        self.call("preview.vcon", json!({"doc": doc, "conversation": said}));
        self.call("target.postman", json!({"doc": doc, "conversation": said, "target": "zendesk"}));
        let envelope = &shown["handoffs"][0]["envelope"];
        (envelope["payload"]["member"].clone(), envelope["resume"]["token"].clone())
    }
}

#[test]
fn a_click_makes_what_a_preview_lacks_and_the_page_gets_no_key() {
    let desk = Desk::new();
    let doc = desk.call("doc.open", json!({"text": FLOW, "name": "hashed"}))["doc"].clone();
    assert_eq!(desk.previewed(&doc), ("<REDACTION_FAILED>".into(), Value::Null));
    assert_eq!(desk.call("keys.list", json!({}))[1]["present"], false);
    let made = desk.call("keys.make", json!({"names": ["redaction"]}));
    assert_eq!((&made[0]["present"], &made[1]["present"]), (&true.into(), &false.into()));
    let (hash, token) = desk.previewed(&doc);
    assert!(hash.as_str().unwrap().len() == 64 && token.is_null(), "{hash} {token}");
    let made = desk.call("keys.make", json!({}));
    assert_eq!(made[0]["fingerprint"], desk.call("keys.list", json!({}))[0]["fingerprint"]);
    assert!(desk.previewed(&doc).1.as_str().unwrap().starts_with("r1."));
    let answers = desk.answers.borrow();
    for (name, secret) in &*desk.double.secrets.lock().unwrap() {
        let secret = String::from_utf8(secret.clone()).unwrap();
        assert!(secret.len() == 64 && !answers.contains(&secret[..16]) && !answers.contains(&secret[48..]), "{name}");
    }
}

#[test]
fn a_key_that_is_taken_away_is_gone_and_the_other_stays() {
    let desk = Desk::new();
    let doc = desk.call("doc.open", json!({"text": FLOW, "name": "hashed"}))["doc"].clone();
    desk.call("keys.make", json!({}));
    assert!(desk.previewed(&doc).1.is_string());
    let left = desk.call("keys.remove", json!({"name": "redaction"}));
    assert_eq!((&left[0]["present"], &left[1]["present"]), (&false.into(), &true.into()));
    let (hash, token) = desk.previewed(&doc);
    assert_eq!(hash, "<REDACTION_FAILED>");
    assert!(token.is_string());
    assert_eq!(desk.double.secrets.lock().unwrap().len(), 1);
    // What is not there need not be taken away; a place that cannot be had says so.
    assert_eq!(desk.call("keys.remove", json!({"name": "redaction"}))[0]["fault"], Value::Null);
    *desk.double.fault.lock().unwrap() = Some(KeyFault::NoAnswer(3));
    assert_eq!(desk.call("keys.remove", json!({"name": "resume"}))[1]["fault"]["code"], "no-answer");
    let wrong = desk.desk.studio.call("keys.remove", json!({"name": "master"})).unwrap_err();
    assert!(wrong.message.contains("redaction, resume"), "{wrong}");
}

#[test]
fn a_keyring_that_cannot_be_had_is_told_by_code_and_words() {
    let desk = Desk::new();
    for fault in [KeyFault::Locked, KeyFault::NoKeyring("no bus".to_owned()), KeyFault::NoAnswer(3)] {
        *desk.double.fault.lock().unwrap() = Some(fault.clone());
        for (method, params) in [("keys.list", json!({})), ("keys.make", json!({"names": ["resume"]}))] {
            let all = desk.call(method, params);
            assert_eq!(all[1]["fault"], json!({"code": fault.code(), "message": fault.to_string()}), "{method}");
        }
    }
    let wrong = desk.desk.studio.call("keys.make", json!({"names": ["master"]})).unwrap_err();
    assert!(wrong.message.contains("master") && wrong.message.contains("redaction, resume"), "{wrong}");
}

#[test]
fn a_key_prints_as_its_fingerprint() {
    let key = Key::given(b"0123456789abcdef0123456789abcdef".to_vec());
    assert_eq!(format!("{key:?}"), format!("Key({})", key.fingerprint()));
    assert!(!format!("{:?}", flow_api::handoff::Keys::one(key.bytes())).contains("48"));
}
