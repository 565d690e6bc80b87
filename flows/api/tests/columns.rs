//! Columns that are kept of long files, as the window keeps them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test that fails here is a test that fails, and its cases are files"
)]

use flow_api::{Config, Studio};
use serde_json::json;
use tempfile::TempDir;

#[test]
fn a_replay_goes_on_with_the_lines_where_the_columns_of_a_file_are_damaged() {
    let folder = TempDir::new().unwrap();
    let studio = Studio::new(Config { data: folder.path().join("data"), keys: flow_api::keys::Keyring::none() });
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("f.flow.json", include_str!("../../templates/banking_fee_dispute.flow.json"));
    let words = "a customer says what customers say ".repeat(30);
    let line = |i: usize| format!("{{\"id\":\"{i}\",\"turns\":[{{\"who\":\"user\",\"text\":\"{words}\"}}]}}\n");
    write("f.conversations.jsonl", &(0..4400).map(line).collect::<String>());
    let opened = studio.call("doc.open", json!({ "path": folder.path().join("f.flow.json") })).unwrap();
    let replayed = || {
        let mut replayed = studio.call("replay.run", json!({ "doc": opened["doc"] })).unwrap();
        replayed.as_object_mut().unwrap().remove("seconds");
        replayed
    };
    let expected = replayed();
    assert_eq!(expected["conversations"], 4400);
    let data = folder.path().join("data");
    let kept = || {
        let folders = std::fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
        let files = folders.flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
        files.filter(|path| path.extension().is_some_and(|ending| ending == "arrow")).collect::<Vec<_>>()
    };
    let [path] = &kept()[..] else { panic!("{:?}", kept()) };
    let bytes = std::fs::read(path).unwrap();
    for at in [bytes.len() / 9, bytes.len() - 200] {
        let mut damaged = bytes.clone();
        damaged[at] ^= 4;
        std::fs::write(path, &damaged).unwrap();
        assert_eq!(replayed(), expected, "byte {at}");
        // It is made anew, at once or the next time.
        assert_eq!(replayed(), expected);
        assert_eq!(std::fs::read(path).unwrap(), bytes, "byte {at}");
    }
}
