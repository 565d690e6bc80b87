//! Staged files take their places; where one cannot, all that was before is put back.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::file::create;
use crate::folder::{Former, MARKER, not_a_folder};
use crate::{lasting, leftovers};

/// Within the stage: the files, as they will stand in the folder.
pub(crate) const NEW: &str = "new";

/// Within the stage: where the former files wait until all new ones are in their places.
const ASIDE: &str = "former";

/// What is placed where.
pub(crate) struct Placing<'a> {
    /// The folder, which is there.
    pub(crate) target: &'a Path,
    /// A folder within it, with the new files.
    pub(crate) stage: &'a Path,
    /// All files of the export.
    pub(crate) files: &'a [(String, Vec<u8>)],
    /// Those that are staged; the others stand there as they are to be.
    pub(crate) new: &'a [&'a (String, Vec<u8>)],
    /// What the former export wrote.
    pub(crate) former: &'a Former,
    /// The list of the new files.
    pub(crate) marker: &'a str,
}

/// Moves what is staged to its place, and takes away what the former export had and this one has not.
///
/// # Errors
/// When something cannot be moved; the folder is then as it was.
pub(crate) fn place(placing: &Placing<'_>) -> io::Result<()> {
    let &Placing { target, stage, new, .. } = placing;
    let mut folders = Folders::default();
    let mut moves = Moves { target, aside: stage.join(ASIDE), done: Vec::new() };
    fs::create_dir(&moves.aside)?;
    let no_more = placing.no_more();
    // First of all, so that the next export knows whatever stands there should it end in the middle, folders too.
    moves.put(&placing.both()?, MARKER)?;
    let within: BTreeSet<PathBuf> = new.iter().map(|(name, _)| leftovers::folder(&target.join(name))).collect();
    for folder in &within {
        folders.add(folder)?;
    }
    for (name, _) in new {
        moves.put(&stage.join(NEW).join(name), name)?;
    }
    let is_file = |name: &&&str| fs::symlink_metadata(target.join(name)).is_ok_and(|meta| meta.is_file());
    for name in no_more.iter().filter(is_file) {
        moves.take(name)?;
    }
    moves.put(&stage.join(NEW).join(MARKER), MARKER)?;
    let places: BTreeSet<PathBuf> = moves.done.drain(..).map(|(place, _)| leftovers::folder(&place)).collect();
    folders.keep();
    lasting::folders(&places);
    for name in no_more {
        let mut up = leftovers::folder(&target.join(name));
        while up != target && fs::remove_dir(&up).is_ok() {
            up = leftovers::folder(&up);
        }
    }
    Ok(())
}

impl<'a> Placing<'a> {
    /// Names of the former export that this one has not; what took the place of a folder since is not ours.
    fn no_more(&self) -> Vec<&'a str> {
        // On systems that do not tell capitals apart, the new file has the place.
        let new: BTreeSet<String> = self.files.iter().map(|(name, _)| name.to_lowercase()).collect();
        let ours = |name: &&str| !new.contains(&name.to_lowercase()) && not_a_folder(self.target, name).is_none();
        self.former.keys().map(String::as_str).filter(ours).collect()
    }

    /// The list for the time in which both exports stand in the folder.
    fn both(&self) -> io::Result<PathBuf> {
        let mut text = self.marker.to_owned();
        for (name, hashes) in self.former {
            for hash in hashes {
                text.push_str(&format!("{hash}  {name}\n"));
            }
        }
        let path = self.stage.join("both");
        let mut file = create(&path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        Ok(path)
    }
}

/// Renames that are undone when dropped, the last one first.
struct Moves<'a> {
    target: &'a Path,
    aside: PathBuf,
    /// The place, and where its former file waits.
    done: Vec<(PathBuf, Option<PathBuf>)>,
}

impl Moves<'_> {
    /// Puts a file into a place; at any moment the former or the new one stands there.
    fn put(&mut self, from: &Path, name: &str) -> io::Result<()> {
        let to = self.target.join(name);
        let waits = self.aside.join(self.done.len().to_string());
        let had = match fs::symlink_metadata(&to) {
            Ok(_) => {
                // Some disks have no second names for a file: it is away for a moment then.
                fs::hard_link(&to, &waits).or_else(|_| fs::rename(&to, &waits))?;
                Some(waits)
            }
            Err(_) => None,
        };
        self.done.push((to.clone(), had));
        fs::rename(from, &to)
    }

    /// Takes a file away.
    fn take(&mut self, name: &str) -> io::Result<()> {
        let from = self.target.join(name);
        let waits = self.aside.join(self.done.len().to_string());
        fs::rename(&from, &waits)?;
        self.done.push((from, Some(waits)));
        Ok(())
    }
}

impl Drop for Moves<'_> {
    fn drop(&mut self) {
        for (place, former) in self.done.iter().rev() {
            // Nothing can be done where even this fails; the list in the folder knows both exports.
            let _ = match former {
                Some(former) => fs::rename(former, place),
                None => fs::remove_file(place),
            };
        }
    }
}

/// Folders that were made, and go again when what they were made for does not come.
#[derive(Default)]
pub(crate) struct Folders(Vec<PathBuf>);

impl Folders {
    /// Makes a folder and what is missing above it.
    pub(crate) fn make(folder: &Path) -> io::Result<Self> {
        let mut made = Self::default();
        made.add(folder)?;
        Ok(made)
    }

    fn add(&mut self, folder: &Path) -> io::Result<()> {
        let missing: Vec<&Path> = folder.ancestors().take_while(|p| !p.as_os_str().is_empty() && !p.exists()).collect();
        for path in missing.into_iter().rev() {
            fs::create_dir(path)?;
            self.0.push(path.to_path_buf());
        }
        Ok(())
    }

    /// They stay.
    pub(crate) fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for Folders {
    fn drop(&mut self) {
        for path in self.0.iter().rev() {
            let _ = fs::remove_dir(path);
        }
    }
}
