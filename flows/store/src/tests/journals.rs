use std::fs;
use std::io::Write;

use super::names;
use crate::{Journal, StoreError};
use flow_model::tree::Json;

fn change(i: i64) -> Json {
    Json::Map(vec![("set".to_owned(), Json::text("a\n\"b\" ü")), ("to".to_owned(), Json::int(i))])
}

#[test]
fn a_crash_leaves_the_document_and_its_changes() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("history");
    assert_eq!(Journal::recover(&at, "k").unwrap(), None);
    let mut journal = Journal::open(&at, "k", &Json::text("base")).unwrap();
    journal.append(&change(1), true).unwrap();
    journal.append(&change(2), false).unwrap();
    journal.sync().unwrap();
    drop(journal);
    let left = Journal::recover(&at, "k").unwrap().unwrap();
    assert_eq!((left.key.as_str(), &left.base, left.torn), ("k", &Json::text("base"), false));
    assert_eq!(left.changes, [change(1), change(2)]);
    assert_eq!(Journal::recover(&at, "other").unwrap(), None);
    assert_eq!(Journal::all_left(&at).unwrap(), [left]);
    Journal::forget(&at, "k").unwrap();
    assert_eq!(Journal::recover(&at, "k").unwrap(), None);
    assert_eq!(names(&at), Vec::<String>::new());
}

#[test]
fn a_change_that_was_cut_off_costs_only_itself() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(folder.path(), "k", &Json::Null).unwrap();
    journal.append(&change(1), false).unwrap();
    drop(journal);
    let path = folder.path().join(&names(folder.path())[0]);
    for torn in ["{\"set\":\"a", "{\"set\"", "\u{0}\u{0}\n{}\n"] {
        let before = fs::read(&path).unwrap();
        fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(torn.as_bytes()).unwrap();
        let left = Journal::recover(folder.path(), "k").unwrap().unwrap();
        assert_eq!((left.changes, left.torn), (vec![change(1)], true), "{torn}");
        fs::write(&path, before).unwrap();
    }
    fs::write(&path, "{\"journal\":1,\"ke").unwrap();
    assert_eq!(Journal::recover(folder.path(), "k").unwrap(), None);
}

#[test]
fn two_windows_do_not_write_one_history() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path(), "k", &Json::Null).unwrap();
    assert!(matches!(Journal::open(folder.path(), "k", &Json::Null).unwrap_err(), StoreError::InUse(_)));
    assert_eq!(Journal::recover(folder.path(), "k").unwrap(), None);
    assert_eq!(Journal::all_left(folder.path()).unwrap(), []);
    journal.clear().unwrap();
    assert_eq!(names(folder.path()), Vec::<String>::new());
    Journal::open(folder.path(), "k", &Json::Null).unwrap();
}
