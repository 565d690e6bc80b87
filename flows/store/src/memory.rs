//! What is remembered of a flow from one start to the next, and whole files that are kept for it. The flow's own file
//! knows nothing of it.

use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use flow_model::tree::Json;

use crate::error::StoreError;
use crate::file::{hash, read, write_atomic};
use crate::settings::Data;

/// Flows that are remembered.
const FLOWS: usize = 200;
/// Files that are kept.
const KEPT: usize = 60;
const FILE: &str = "flows.json";

impl Data {
    /// What is remembered of a flow, by where its document is: an object, empty where nothing is.
    #[must_use]
    pub fn of_flow(&self, flow: &str) -> Json {
        self.remembered().into_iter().find(|(known, _)| known == flow).map_or_else(Json::map, |(_, json)| json)
    }

    /// Remembers something of a flow; `null` forgets it.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn set_of_flow(&self, flow: &str, key: &str, value: Json) -> Result<(), StoreError> {
        let mut all = self.remembered();
        let mut json = self.of_flow(flow);
        match (&mut json, &value) {
            (Json::Map(entries), Json::Null) => entries.retain(|(name, _)| name != key),
            _ => json.set(key, value),
        }
        all.retain(|(known, _)| known != flow);
        all.insert(0, (flow.to_owned(), json));
        all.truncate(FLOWS);
        let list = all.into_iter().map(|(flow, json)| {
            Json::Map(vec![("flow".to_owned(), Json::text(&flow)), ("remembered".to_owned(), json)])
        });
        self.write(FILE, &Json::Map(vec![("flows".to_owned(), Json::List(list.collect()))]))
    }

    /// The flows that are remembered, the last one first.
    fn remembered(&self) -> Vec<(String, Json)> {
        let all = self.all(FILE);
        let one = |json: &Json| {
            let flow = json.get("flow").and_then(Json::as_text)?.to_owned();
            Some((flow, json.get("remembered").filter(|json| matches!(json, Json::Map(_)))?.clone()))
        };
        all.get("flows").map_or(&[][..], Json::items).iter().filter_map(one).collect()
    }

    /// A file that is kept under a name of any kind.
    #[must_use]
    pub fn kept(&self, name: &str) -> Option<Vec<u8>> {
        read(&self.place(name)).ok()
    }

    /// Keeps a file under a name of any kind; the oldest of too many goes.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn keep(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let folder = self.keeping();
        fs::create_dir_all(&folder).map_err(|error| StoreError::new(&folder, error))?;
        write_atomic(&self.place(name), bytes, None)?;
        let entries = fs::read_dir(&folder).map_err(|error| StoreError::new(&folder, error))?;
        let age = |entry: &fs::DirEntry| entry.metadata().and_then(|meta| meta.modified());
        let mut all: Vec<(SystemTime, PathBuf)> =
            entries.flatten().filter_map(|entry| Some((age(&entry).ok()?, entry.path()))).collect();
        all.sort();
        for (_, path) in all.iter().rev().skip(KEPT) {
            let _ = fs::remove_file(path);
        }
        Ok(())
    }

    fn place(&self, name: &str) -> PathBuf {
        self.keeping().join(hash(name.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_of_a_flow_is_of_that_flow_alone() {
        let folder = tempfile::tempdir().unwrap();
        let data = Data::new(folder.path());
        assert_eq!(data.of_flow("/a"), Json::map());
        data.set_of_flow("/a", "platform", Json::text("rasa")).unwrap();
        data.set_of_flow("/b", "platform", Json::text("amazon-lex")).unwrap();
        data.set_of_flow("/a", "zip", Json::Bool(true)).unwrap();
        let of = |flow: &str| data.of_flow(flow).get("platform").and_then(Json::as_text).map(str::to_owned);
        assert_eq!((of("/a").as_deref(), of("/b").as_deref()), (Some("rasa"), Some("amazon-lex")));
        data.set_of_flow("/a", "platform", Json::Null).unwrap();
        assert_eq!(of("/a"), None);
        assert_eq!(data.of_flow("/a").get("zip"), Some(&Json::Bool(true)));
        for i in 0..FLOWS {
            data.set_of_flow(&format!("/{i}"), "x", Json::Bool(true)).unwrap();
        }
        assert_eq!(of("/b"), None, "the oldest is forgotten");
    }

    #[test]
    fn files_are_kept_under_any_name_and_not_without_end() {
        let folder = tempfile::tempdir().unwrap();
        let data = Data::new(folder.path());
        assert_eq!(data.kept("../x"), None);
        data.keep("../x", b"one").unwrap();
        data.keep("../x", b"two").unwrap();
        assert_eq!(data.kept("../x").as_deref(), Some(&b"two"[..]));
        for i in 0..KEPT + 5 {
            data.keep(&i.to_string(), b"more").unwrap();
        }
        assert_eq!(fs::read_dir(data.keeping()).unwrap().count(), KEPT);
    }
}
