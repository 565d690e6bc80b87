//! The contract of the command line: `docs/format.md` section 7, on the templates.

mod check;
mod export;
mod imports;
mod keys;
mod publish;
mod runs;

use serde_json::Value;

/// The keys of an object.
fn keys(json: &Value) -> Vec<&str> {
    json.as_object().unwrap_or_else(|| panic!("no object: {json}")).keys().map(String::as_str).collect()
}

/// Fails unless an object has these keys.
fn has(json: &Value, wanted: &[&str]) {
    let missing: Vec<&&str> = wanted.iter().filter(|key| json.get(**key).is_none()).collect();
    assert!(missing.is_empty(), "{missing:?} missing in {json}");
}

fn list(json: &Value) -> &Vec<Value> {
    json.as_array().unwrap_or_else(|| panic!("no list: {json}"))
}

fn word(json: &Value) -> &str {
    json.as_str().unwrap_or_else(|| panic!("no text: {json}"))
}
