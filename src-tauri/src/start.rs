//! Which flow the window opens with: `window.start`.
//!
//! The first argument when there is one; otherwise the banking example, from the folder of templates when the studio
//! runs inside its sources, else the copy that the core carries, which opens without a file name.

use std::ffi::OsString;
use std::path::{Path, absolute};

use serde_json::{Value, json};

const EXAMPLE: &str = "banking_fee_dispute";

/// `{ "path": … }` for a file to open, or `{ "template": … }` for a shipped flow to open as an untitled copy.
pub(crate) fn opened_with(argument: Option<OsString>) -> Value {
    if let Some(argument) = argument {
        return json!({ "path": full(Path::new(&argument)), "template": null });
    }
    let example = Path::new("flows/templates").join(format!("{EXAMPLE}.flow.json"));
    if example.is_file() {
        return json!({ "path": full(&example), "template": null });
    }
    json!({ "path": null, "template": EXAMPLE })
}

/// Without the working folder, which the page does not know, a relative path would mean nothing.
fn full(path: &Path) -> String {
    absolute(path).unwrap_or_else(|_| path.to_path_buf()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_argument_is_opened_by_its_full_path() {
        let value = opened_with(Some(OsString::from("a.flow.json")));
        let path = value["path"].as_str().unwrap();
        assert!(Path::new(path).is_absolute() && path.ends_with("a.flow.json"), "{path}");
    }

    #[test]
    fn without_an_argument_the_banking_example_opens() {
        let value = opened_with(None);
        let named = value["path"].as_str().or(value["template"].as_str()).unwrap();
        assert!(named.contains(EXAMPLE), "{named}");
    }
}
