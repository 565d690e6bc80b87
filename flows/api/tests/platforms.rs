//! Checks for a platform, as the window calls them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails here is a test that fails")]

use std::collections::BTreeSet;

use flow_api::{Code, Config, Studio};
use serde_json::{Value, json};

const BANKING: &str = include_str!("../../templates/banking_fee_dispute.flow.json");

#[test]
fn a_flow_is_checked_for_platforms_that_cannot_be_exported_to_yet() {
    let folder = tempfile::TempDir::new().unwrap();
    let studio = Studio::new(Config { data: folder.path().join("data"), keys: flow_api::keys::Keyring::none() });
    let path = folder.path().join("banking_fee_dispute.flow.json");
    flow_api::store::write_atomic(&path, BANKING.as_bytes(), None).unwrap();
    let call = |method: &str, params: Value| {
        let result = studio.call(method, params).unwrap_or_else(|error| panic!("{method}: {error:?}"));
        flow_api::fits(method, result.clone()).unwrap();
        result
    };
    let doc = call("doc.open", json!({ "path": path.to_string_lossy() }))["doc"].clone();
    let offered = call("export.platforms", json!({}));
    for platform in call("check.platforms", json!({})).as_array().unwrap() {
        let id = &platform["id"];
        let exported = offered.as_array().unwrap().iter().any(|offer| offer["id"] == *id);
        assert_eq!(platform["exported"], json!(exported), "{id}");
        let problems = call("check.platform", json!({ "doc": doc, "for": id }));
        let problems = problems.as_array().unwrap();
        let lost = |problem: &Value| problem["code"] == "lost-on-platform" && problem["severity"] == "warning";
        assert!(problems.iter().any(lost), "{id}");
        let ids: BTreeSet<&str> = problems.iter().map(|p| p["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), problems.len(), "each finding of {id} has its own id");
    }
    let refused = studio.call("check.platform", json!({ "doc": doc, "for": "nowhere" })).unwrap_err();
    assert_eq!(refused.code, Code::BadRequest);
}
