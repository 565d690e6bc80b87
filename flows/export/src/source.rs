//! The flow that an export was made of, carried along: whoever imports the export again has the very flow, and what was
//! changed in the export since can be told from what was not.

use std::collections::BTreeMap;

use flow_check::Checked;
use flow_model::canonical;
use flow_model::tree::{self, Json};
use sha2::{Digest, Sha256};

use crate::bundle::Bundle;

/// The folder of an export in which it is.
pub const FOLDER: &str = "source/";
/// What is said of the export: its platform, the flow's id, and the SHA-256 of each file.
pub const LIST: &str = "source/files.json";
/// The ending of flow documents.
const ENDING: &str = ".flow.json";

/// Puts the flow and everything that it calls into an export of it.
pub fn carry(bundle: &mut Bundle, platform: &str, checked: &Checked) {
    let sums = bundle.files.iter().map(|(path, bytes)| (path.clone(), Json::Text(sum(bytes)))).collect();
    let id = &checked.flow().id;
    let list = Json::Map(vec![
        ("platform".to_owned(), Json::text(platform)),
        ("flow".to_owned(), Json::text(id)),
        ("files".to_owned(), Json::Map(sums)),
    ]);
    bundle.files.insert(LIST.to_owned(), tree::canonical(&list).into_bytes());
    let mut flows = BTreeMap::new();
    gather(id, checked, &mut flows);
    for (id, text) in flows {
        bundle.files.insert(format!("{FOLDER}{id}{ENDING}"), text.into_bytes());
    }
}

fn gather(id: &str, checked: &Checked, found: &mut BTreeMap<String, String>) {
    if found.insert(id.to_owned(), canonical::text(checked.tree())).is_none() {
        for (id, called) in checked.subflows() {
            gather(id, called, found);
        }
    }
}

/// Where a carried flow is, below the folder of the export.
#[must_use]
pub fn place(id: &str) -> String {
    format!("{FOLDER}{id}{ENDING}")
}

/// SHA-256 in hexadecimal.
#[must_use]
pub fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
