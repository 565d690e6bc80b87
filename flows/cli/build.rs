//! How the program is linked: where it can be, at a fixed address and with its libraries inside, so that it starts in half
//! the time. Nothing has to be found, mapped and relocated before `main`.
#![allow(clippy::print_stdout, reason = "cargo reads what a build script prints")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The libraries of a program on Linux, and the archives that they are in.
const LIBRARIES: [(&str, &str); 7] = [
    ("libc.a", "libc.a"),
    ("libm.a", "libm.a"),
    ("libdl.a", "libdl.a"),
    ("librt.a", "librt.a"),
    ("libutil.a", "libutil.a"),
    ("libpthread.a", "libpthread.a"),
    // What unwinds the stack is called so where it is not shared.
    ("libgcc_s.a", "libgcc_eh.a"),
];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if !is("CARGO_CFG_TARGET_OS", "linux")
        || !is("CARGO_CFG_TARGET_ENV", "gnu")
        || env::var("HOST") != env::var("TARGET")
    {
        return;
    }
    println!("cargo:rustc-link-arg-bins=-no-pie");
    if let Some(folder) = archives() {
        println!("cargo:rustc-link-arg-bins=-static");
        println!("cargo:rustc-link-arg-bins=-L{}", folder.display());
    }
}

/// A folder with these archives alone, where the compiler has all of them.
fn archives() -> Option<PathBuf> {
    let folder = PathBuf::from(env::var_os("OUT_DIR")?).join("archives");
    fs::create_dir_all(&folder).ok()?;
    for (name, archive) in LIBRARIES {
        let (found, link) = (found(archive)?, folder.join(name));
        if link.symlink_metadata().is_ok() {
            fs::remove_file(&link).ok()?;
        }
        symlink(&found, &link)?;
    }
    Some(folder)
}

fn found(archive: &str) -> Option<PathBuf> {
    let answer = Command::new("cc").arg(format!("-print-file-name={archive}")).output().ok()?;
    let path = PathBuf::from(String::from_utf8(answer.stdout).ok()?.trim());
    path.is_absolute().then_some(path).filter(|path| path.exists())
}

#[cfg(unix)]
fn symlink(found: &Path, link: &Path) -> Option<()> {
    std::os::unix::fs::symlink(found, link).ok()
}

#[cfg(not(unix))]
fn symlink(_: &Path, _: &Path) -> Option<()> {
    None
}
