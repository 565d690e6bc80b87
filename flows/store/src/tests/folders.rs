use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::{Disk, names};
use crate::{MARKER, StoreError, write_folder_atomic};

fn files(list: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    list.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
}

fn write(folder: &Path, list: &[(&str, &str)]) -> Result<(), StoreError> {
    write_folder_atomic(folder, &files(list), &AtomicBool::new(false))
}

#[test]
fn an_export_replaces_the_former_one_whole() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("deep/out");
    write(&out, &[("domain.yml", "1"), ("data/nlu.yml", "2"), ("actions/policy.py", "3")]).unwrap();
    assert_eq!(names(&out), [MARKER, "actions", "data", "domain.yml"]);
    write(&out, &[("domain.yml", "4"), ("data/rules.yml", "5")]).unwrap();
    assert_eq!(names(&out), [MARKER, "data", "domain.yml"]);
    assert_eq!(names(&out.join("data")), ["rules.yml"]);
    assert_eq!(fs::read_to_string(out.join("domain.yml")).unwrap(), "4");
    assert_eq!(names(&parent.path().join("deep")), ["out"]);
}

#[test]
fn what_no_export_wrote_is_not_touched() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    fs::create_dir(&out).unwrap();
    write(&out, &[("a", "1")]).unwrap();
    fs::write(out.join("thesis.txt"), "all I have").unwrap();
    let error = write(&out, &[("a", "2")]).unwrap_err();
    assert!(matches!(&error, StoreError::NotOurs { other, .. } if other == "thesis.txt"), "{error}");
    fs::remove_file(out.join("thesis.txt")).unwrap();
    fs::create_dir(out.join("models")).unwrap();
    assert!(matches!(write(&out, &[("a", "2")]).unwrap_err(), StoreError::NotOurs { .. }));
    fs::remove_dir(out.join("models")).unwrap();
    fs::write(out.join("a"), "edited").unwrap();
    let error = write(&out, &[("a", "2")]).unwrap_err();
    assert!(matches!(&error, StoreError::Edited { file, .. } if file == "a"), "{error}");
    assert_eq!(fs::read_to_string(out.join("a")).unwrap(), "edited");
    assert_eq!(names(parent.path()), ["out"]);
    let file = parent.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(matches!(write(&file, &[("a", "2")]).unwrap_err(), StoreError::NotAFolder(_)));
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    for name in ["../x", "/x", "", "a//b", "a/./b", "a\\b", "a\0b", "C:x", MARKER] {
        assert!(matches!(write(&out, &[(name, "1")]).unwrap_err(), StoreError::BadName(_)), "{name}");
    }
    assert!(matches!(write(&out, &[("a", "1"), ("A", "2")]).unwrap_err(), StoreError::BadName(_)));
    assert!(matches!(write(&out, &[("a", "1"), ("a/b", "2")]).unwrap_err(), StoreError::BadName(_)));
    assert_eq!(names(parent.path()), Vec::<String>::new());
}

#[test]
fn stopped_in_the_middle_it_leaves_nothing() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("deep/out");
    let stop = AtomicBool::new(true);
    let error = write_folder_atomic(&out, &files(&[("a", "1")]), &stop).unwrap_err();
    assert!(matches!(error, StoreError::Interrupted), "{error}");
    assert_eq!(names(parent.path()), Vec::<String>::new());
    write(&out, &[("a", "1")]).unwrap();
    write_folder_atomic(&out, &files(&[("b", "1")]), &stop).unwrap_err();
    assert_eq!(names(&out), [MARKER, "a"]);
}

#[test]
fn a_swap_that_was_killed_is_taken_up() {
    let parent = tempfile::tempdir().unwrap();
    let out = parent.path().join("out");
    write(&out, &[("a", "1")]).unwrap();
    fs::rename(&out, parent.path().join(".out.handoff-old")).unwrap();
    write(&out, &[("b", "1")]).unwrap();
    assert_eq!(names(&out), [MARKER, "b"]);
    assert_eq!(names(parent.path()), ["out"]);
}

#[test]
fn a_full_disk_leaves_no_half_export() {
    let Some(disk) = Disk::new("a_full_disk_leaves_no_half_export", "size=128k") else { return };
    let out = disk.path().join("out");
    write(&out, &[("a", "1")]).unwrap();
    let big = "x".repeat(1 << 20);
    let error = write(&out, &[("a", "2"), ("b", &big)]).unwrap_err();
    assert!(matches!(error, StoreError::DiskFull(_)), "{error}");
    assert_eq!(names(&out), [MARKER, "a"]);
    assert_eq!(fs::read_to_string(out.join("a")).unwrap(), "1");
    assert_eq!(names(disk.path()), ["out"]);
}

#[test]
fn a_mounted_disk_is_filled_and_not_replaced() {
    let Some(disk) = Disk::new("a_mounted_disk_is_filled_and_not_replaced", "size=128k") else { return };
    write(disk.path(), &[("a", "1"), ("d/b", "2"), ("e/f/c", "3")]).unwrap();
    write(disk.path(), &[("a", "4"), ("d/g", "5")]).unwrap();
    assert_eq!(names(disk.path()), [MARKER, "a", "d"]);
    assert_eq!(names(&disk.path().join("d")), ["g"]);
    let big = "x".repeat(1 << 20);
    assert!(matches!(write(disk.path(), &[("b", &big)]).unwrap_err(), StoreError::DiskFull(_)));
    assert_eq!(names(disk.path()), [MARKER, "a", "d"]);
    disk.make_read_only();
    assert!(matches!(write(disk.path(), &[("a", "6")]).unwrap_err(), StoreError::ReadOnly(_)));
}
