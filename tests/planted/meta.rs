//! Faults of the document as a whole.

use serde_json::json;

use super::garden::{Garden, Planted};

pub const FAULTS: &[fn(&Garden, &mut Vec<Planted>)] = &[ids];

fn ids(garden: &Garden, planted: &mut Vec<Planted>) {
    planted.push(garden.plant("id-not-filename", "/id", |flow| flow["id"] = json!("another_name")));
}
