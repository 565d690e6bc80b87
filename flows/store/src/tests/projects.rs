//! Projects of other tools, hostile ones too.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::{MOST_FILES, MOST_FOLDERS, StoreError, project};

/// A zip file of these names and contents.
fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn refused(path: &Path) -> String {
    match project(path) {
        Err(error @ StoreError::NoProject { .. }) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_folder_a_zip_and_a_file_are_read_alike() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("a.project");
    fs::create_dir_all(root.join("deep/er")).unwrap();
    fs::write(root.join("deep/er/b ü.json"), "{}").unwrap();
    fs::write(root.join("a.txt"), "x").unwrap();
    let found = project(&root).unwrap();
    assert_eq!(found.name, "a.project");
    assert_eq!(found.files.keys().collect::<Vec<_>>(), ["a.txt", "deep/er/b ü.json"]);
    let zip = folder.path().join("a.project.zip");
    fs::write(&zip, packed(&[("deep/er/b ü.json", b"{}"), ("deep\\c", b"y"), ("a.txt", b"x")])).unwrap();
    let unpacked = project(&zip).unwrap();
    assert_eq!((unpacked.name.as_str(), &unpacked.files["deep/c"]), ("a.project", &b"y".to_vec()));
    assert_eq!(unpacked.files["deep/er/b ü.json"], found.files["deep/er/b ü.json"]);
    let one = project(&root.join("a.txt")).unwrap();
    assert_eq!((one.name.as_str(), one.files.len()), ("a", 1));
    assert!(matches!(project(&root.join("no")), Err(StoreError::NotFound(_))));
}

#[test]
fn names_that_lead_out_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let zip = folder.path().join("x.zip");
    for name in ["../out", "a/../../out", "/etc/passwd", "..\\out", "C:/out", "C:\\out", "a/.."] {
        fs::write(&zip, packed(&[("fine", b"x"), (name, b"y")])).unwrap();
        assert!(refused(&zip).contains("leads out of its folder"), "{name}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is written");
}

#[test]
fn bombs_are_refused_before_they_fill_the_memory() {
    let folder = tempfile::tempdir().unwrap();
    let zip = folder.path().join("bomb.zip");
    let zeros = vec![0; 16 << 20];
    fs::write(&zip, packed(&[("zeros", &zeros)])).unwrap();
    assert!(fs::metadata(&zip).unwrap().len() < 1 << 17, "it is packed well");
    assert!(refused(&zip).contains("250 times"), "{}", refused(&zip));
    // Files that are each small enough and together too much: they take no room on the disk.
    let root = folder.path().join("sparse");
    fs::create_dir(&root).unwrap();
    for at in 0..5 {
        fs::File::create(root.join(at.to_string())).unwrap().set_len(30 << 20).unwrap();
    }
    assert!(refused(&root).contains("MB together"), "{}", refused(&root));
}

#[test]
fn too_many_files_and_folders_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let zip = folder.path().join("many.zip");
    let names: Vec<String> = (0..=MOST_FILES).map(|at| format!("f/{at}")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    fs::write(&zip, packed(&files)).unwrap();
    assert!(refused(&zip).contains("10000 files"), "{}", refused(&zip));
    fs::write(&zip, packed(&files[..MOST_FILES])).unwrap();
    assert_eq!(project(&zip).unwrap().files.len(), MOST_FILES);
    let deep = format!("{}x", "d/".repeat(MOST_FOLDERS + 1));
    fs::write(&zip, packed(&[(&deep, b"")])).unwrap();
    assert!(refused(&zip).contains("within each other"));
    let root = folder.path().join("deep");
    fs::create_dir_all(root.join("d/".repeat(MOST_FOLDERS + 2))).unwrap();
    assert!(refused(&root).contains("within each other"));
}

#[test]
fn what_is_damaged_or_there_twice_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let zip = folder.path().join("x.zip");
    let whole = packed(&[("a", b"some words that are long enough"), ("b", b"y")]);
    fs::write(&zip, &whole[..whole.len() / 2]).unwrap();
    assert!(refused(&zip).contains("cannot be read"));
    let mut spoilt = whole.clone();
    spoilt[40] ^= 0x55;
    fs::write(&zip, &spoilt).unwrap();
    assert!(project(&zip).is_err());
    fs::write(&zip, packed(&[("a/b", b"x"), ("a\\b", b"y")])).unwrap();
    assert!(refused(&zip).contains("two files named a/b"));
}

#[cfg(unix)]
#[test]
fn links_are_told_and_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("p");
    fs::create_dir_all(root.join(".git")).unwrap();
    fs::write(root.join("a"), "x").unwrap();
    std::os::unix::fs::symlink("/etc/passwd", root.join("secret")).unwrap();
    std::os::unix::fs::symlink("..", root.join("loop")).unwrap();
    let found = project(&root).unwrap();
    assert_eq!(found.files.keys().collect::<Vec<_>>(), ["a"]);
    let skipped: Vec<&str> = found.skipped.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(skipped, [".git", "loop", "secret"]);
    let zip = folder.path().join("p.zip");
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("secret", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    fs::write(&zip, writer.finish().unwrap().into_inner()).unwrap();
    assert_eq!(project(&zip).unwrap().skipped.len(), 1);
}
