//! A studio with a folder of its own, as tests call it.
#![allow(dead_code, reason = "each file of tests takes what it needs")]

use std::path::Path;

use flow_api::keys::Keyring;
use flow_api::{Config, Error, Studio};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The template of a bank.
pub const BANKING: &str = include_str!("../../../templates/banking_fee_dispute.flow.json");

/// A studio, its folder, and the document that every call is about, if there is one.
pub struct Desk {
    pub folder: TempDir,
    pub studio: Studio,
    pub doc: Option<Value>,
}

/// A studio that keeps its own things in a folder.
pub fn studio(folder: &TempDir, keys: Keyring) -> Studio {
    Studio::new(Config { data: folder.path().join("data"), keys })
}

impl Desk {
    /// With these files in its folder.
    pub fn holding(files: &[(&str, &str)]) -> Self {
        Self::with(files, Keyring::none())
    }

    /// The same, with keys.
    pub fn with(files: &[(&str, &str)], keys: Keyring) -> Self {
        let folder = TempDir::new().unwrap();
        let desk = Self { studio: studio(&folder, keys), folder, doc: None };
        for (name, text) in files {
            desk.write(name, text);
        }
        desk
    }

    /// As if the studio had been killed and started again.
    pub fn killed(self) -> Self {
        let Self { folder, studio: old, .. } = self;
        drop(old);
        Self { studio: studio(&folder, Keyring::none()), folder, doc: None }
    }

    /// From here on every call is about this document.
    pub fn opening(mut self, params: Value) -> Self {
        self.doc = Some(self.call("doc.open", params)["doc"].clone());
        self
    }

    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    /// Writes a file; its path.
    pub fn write(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        flow_api::store::write_atomic(Path::new(&path), text.as_bytes(), None).unwrap();
        path
    }

    pub fn read(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }

    pub fn bytes(&self, name: &str) -> Vec<u8> {
        flow_api::store::read(Path::new(&self.path(name))).unwrap()
    }

    /// Calls a method; its result is of the declared type.
    pub fn try_call(&self, method: &str, mut params: Value) -> Result<Value, Error> {
        if let Some(doc) = &self.doc {
            params["doc"] = doc.clone();
        }
        let result = self.studio.call(method, params)?;
        flow_api::fits(method, result.clone()).unwrap_or_else(|error| panic!("{method}: {error}\n{result:#}"));
        Ok(result)
    }

    pub fn call(&self, method: &str, params: Value) -> Value {
        self.try_call(method, params).unwrap_or_else(|error| panic!("{method}: {error:?}"))
    }

    pub fn fault(&self, method: &str, params: Value) -> Error {
        self.studio.call(method, params).unwrap_err()
    }

    /// The flow of a bank, opened from the folder.
    pub fn banking(&self) -> (u64, Value) {
        let opened = self.call("doc.open", json!({ "path": self.path("banking_fee_dispute.flow.json") }));
        (opened["doc"].as_u64().unwrap(), opened)
    }

    pub fn retitle(&self, doc: u64, revision: u64, title: &str) -> Value {
        let diff = json!([{ "op": "set", "path": ["title"], "value": title }]);
        self.call("doc.apply", json!({ "doc": doc, "diff": diff, "revision": revision }))
    }
}
