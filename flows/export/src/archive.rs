//! The files of an export as one zip file.
//!
//! What must stay true: the same files give the same bytes on every machine. So names are in their order, every time stamp
//! is the earliest that a zip can have, and the packing is one fixed piece of pure Rust: other packers choose their way by
//! what the processor can do.

use std::collections::BTreeMap;

use flow_check::side;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::deflate::core::{
    CompressorOxide, TDEFLFlush, TDEFLStatus, compress_to_output, create_comp_flags_from_zip_params,
};
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use crate::bundle::ExportError;

/// 1980-01-01 00:00, as MS-DOS writes it.
const DATE: u16 = 0x21;
/// Version 2.0: folders and deflate.
const NEEDS: u16 = 20;
/// Unix, so that the permissions below are read.
const MADE_BY: u16 = 3 << 8 | NEEDS;
/// Names are in UTF-8.
const UTF8: u16 = 1 << 11;
/// A plain file, rw-r--r--.
const PERMISSIONS: u32 = 0o100_644 << 16;
const DEFLATED: u16 = 8;
const LOCAL: [u8; 4] = *b"PK\x03\x04";
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
/// How hard it packs, of ten.
const LEVEL: u8 = 6;

/// Bytes that one packer takes before it is looked whether another one is free.
const SHARE: usize = 1 << 17;

/// A file: its name, with `/` between folders, and its content.
pub type Entry<'a> = (&'a str, &'a [u8]);

/// The bytes of a zip file with these files.
///
/// # Errors
/// More files or bytes than a plain zip file can have.
pub fn zip(files: &BTreeMap<String, Vec<u8>>) -> Result<Vec<u8>, ExportError> {
    zip_below(files, "")
}

/// Packs folders of an export into archives beside them, and answers with the revision of each: eight digits that are
/// others when what is in it is other. A place of an archive that carries them tells who deploys it that it changed.
///
/// # Errors
/// As [`zip`].
pub fn parts<const N: usize>(
    files: &mut BTreeMap<String, Vec<u8>>,
    folders: [&str; N],
) -> Result<[String; N], ExportError> {
    let mut revisions = [const { String::new() }; N];
    for (folder, revision) in folders.into_iter().zip(&mut revisions) {
        let packed = zip_below(files, &format!("{folder}/"))?;
        *revision = format!("{:08x}", crate::names::sum(&packed));
        files.insert(format!("{folder}.zip"), packed);
    }
    Ok(revisions)
}

/// As [`zip`], with the files whose names begin with `folder` alone, by the rest of their names.
///
/// # Errors
/// As [`zip`].
pub fn zip_below(files: &BTreeMap<String, Vec<u8>>, folder: &str) -> Result<Vec<u8>, ExportError> {
    let inside = files.iter().filter_map(|(name, bytes)| Some((name.strip_prefix(folder)?, bytes.as_slice())));
    let files: Vec<Entry<'_>> = inside.collect();
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for ((name, bytes), packed) in files.iter().zip(packed(&files)) {
        let at = size(out.len())?;
        let common = header(name, bytes, &packed)?;
        out.extend(LOCAL);
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(&packed);
        directory.extend(CENTRAL);
        directory.extend(MADE_BY.to_le_bytes());
        directory.extend(&common);
        // No comment, the first disk, no text flags.
        directory.extend([0; 6]);
        directory.extend(PERMISSIONS.to_le_bytes());
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (start, length) = (size(out.len())?, size(directory.len())?);
    let count = u16::try_from(files.len()).ok().filter(|count| *count < u16::MAX).ok_or(ExportError::TooBig)?;
    out.extend(directory);
    out.extend(END);
    out.extend([0; 4]);
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(length.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0; 2]);
    Ok(out)
}

/// Each file packed, some at a time side by side.
fn packed(files: &[Entry<'_>]) -> Vec<Vec<u8>> {
    let mut shares: Vec<&[Entry<'_>]> = Vec::new();
    let (mut from, mut bytes) = (0, 0);
    for (at, (_, content)) in files.iter().enumerate() {
        bytes += content.len();
        if bytes >= SHARE || at + 1 == files.len() {
            shares.push(&files[from..=at]);
            (from, bytes) = (at + 1, 0);
        }
    }
    let share = |number: usize| -> Vec<Vec<u8>> {
        let mut packer = CompressorOxide::new(create_comp_flags_from_zip_params(LEVEL.into(), 0, 0));
        shares[number].iter().map(|(_, content)| pack(&mut packer, content)).collect()
    };
    side::each(side::cores(), shares.len(), share).into_iter().flatten().collect()
}

/// One file packed; a packer is dear to make and serves many files.
fn pack(packer: &mut CompressorOxide, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() / 8);
    packer.reset();
    let (status, _) = compress_to_output(packer, content, TDEFLFlush::Finish, |part| {
        out.extend_from_slice(part);
        true
    });
    if status == TDEFLStatus::Done { out } else { compress_to_vec(content, LEVEL) }
}

/// What stands before a file and in the directory alike, up to the length of what follows the name.
fn header(name: &str, bytes: &[u8], packed: &[u8]) -> Result<Vec<u8>, ExportError> {
    let mut header = Vec::with_capacity(26);
    for word in [NEEDS, UTF8, DEFLATED, 0, DATE] {
        header.extend(word.to_le_bytes());
    }
    header.extend(crc32fast::hash(bytes).to_le_bytes());
    header.extend(size(packed.len())?.to_le_bytes());
    header.extend(size(bytes.len())?.to_le_bytes());
    header.extend(u16::try_from(name.len()).map_err(|_| ExportError::TooBig)?.to_le_bytes());
    header.extend([0; 2]);
    Ok(header)
}

fn size(length: usize) -> Result<u32, ExportError> {
    u32::try_from(length).ok().filter(|length| *length < u32::MAX).ok_or(ExportError::TooBig)
}

/// Whether these are the bytes of a zip file as it is written here, so that an export may stand in its place: any other
/// program puts the time into what it writes.
#[must_use]
pub fn is_ours(bytes: &[u8]) -> bool {
    let word = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let long = |at: usize| usize::try_from(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok();
    let mut at = 0;
    while bytes.get(at..at + 4) == Some(&LOCAL) {
        let fixed = [NEEDS, UTF8, DEFLATED, 0, DATE].map(Some);
        if [4, 6, 8, 10, 12].map(|offset| word(at + offset)) != fixed {
            return false;
        }
        let (Some(packed), Some(name), Some(more)) = (long(at + 18), word(at + 26), word(at + 28)) else {
            return false;
        };
        at += 30 + usize::from(name) + usize::from(more) + packed;
    }
    let rest = bytes.get(at..at + 4);
    rest == Some(&CENTRAL) || (at == 0 && rest == Some(&END))
}

/// The files of a zip file that was written here; nothing where it is none, or is damaged.
#[must_use]
pub fn unzip(bytes: &[u8]) -> Option<BTreeMap<String, Vec<u8>>> {
    if !is_ours(bytes) {
        return None;
    }
    let word = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let double = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let long = |at: usize| usize::try_from(double(at)?).ok();
    let mut files = BTreeMap::new();
    let mut at = 0;
    while bytes.get(at..at + 4) == Some(&LOCAL) {
        let (sum, packed, length) = (double(at + 14)?, long(at + 18)?, long(at + 22)?);
        let name = at + 30..at + 30 + usize::from(word(at + 26)?);
        let start = name.end + usize::from(word(at + 28)?);
        let packed = bytes.get(start..start.checked_add(packed)?)?;
        let content = decompress_to_vec_with_limit(packed, length).ok()?;
        if content.len() != length || crc32fast::hash(&content) != sum {
            return None;
        }
        files.insert(std::str::from_utf8(bytes.get(name)?).ok()?.to_owned(), content);
        at = start + packed.len();
    }
    Some(files)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::{Cursor, Read};

    use super::{Entry, LEVEL, compress_to_vec, is_ours, packed, unzip, zip, zip_below};

    fn files() -> BTreeMap<String, Vec<u8>> {
        let long: String = (0..20_000).map(|i| format!("line {}\n", i % 97)).collect();
        let some = [("a.txt", ""), ("flows/Größe%20.json", "{}"), ("z", "x"), ("long.txt", long.as_str())];
        some.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn what_goes_in_comes_out() {
        let bytes = zip(&files()).unwrap();
        let mut archive = ::zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
        let mut found = Vec::new();
        for at in 0..archive.len() {
            let mut file = archive.by_index(at).unwrap();
            assert_eq!((file.unix_mode(), file.is_file()), (Some(0o100_644), true));
            let (name, mut text) = (file.name().unwrap().into_owned(), Vec::new());
            file.read_to_end(&mut text).unwrap();
            found.push((name, text));
        }
        assert_eq!(found, files().into_iter().collect::<Vec<_>>(), "in the order of the names");
        assert!(bytes.len() < 2000, "it packs: {}", bytes.len());
        assert_eq!(unzip(&bytes), Some(files()));
        for at in 30..bytes.len() / 2 {
            let mut spoilt = bytes.clone();
            spoilt[at] ^= 0x55;
            assert_ne!(unzip(&spoilt), Some(files()), "{at}");
        }
    }

    #[test]
    fn files_are_packed_alike_alone_and_with_others() {
        let many: BTreeMap<String, Vec<u8>> = (0_u32..40)
            .map(|i| {
                let text: String = (0..i * 400).map(|line| format!("{} of {i}\n", line * line % (7 + i))).collect();
                (format!("f/{i:03}"), text.into_bytes())
            })
            .collect();
        let entries: Vec<Entry<'_>> = many.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let alone: Vec<Vec<u8>> = many.values().map(|bytes| compress_to_vec(bytes, LEVEL)).collect();
        assert_eq!(packed(&entries), alone);
        let inside: BTreeMap<String, Vec<u8>> = many.iter().map(|(k, v)| (k[2..].to_owned(), v.clone())).collect();
        assert_eq!(zip_below(&many, "f/"), zip(&inside));
    }

    #[test]
    fn the_bytes_are_always_the_same() {
        assert_eq!(zip(&files()).unwrap(), zip(&files()).unwrap());
        assert_eq!(
            crc32fast::hash(&zip(&files()).unwrap()),
            1_938_591_805,
            "the packing itself is the same everywhere"
        );
    }

    #[test]
    fn what_others_wrote_is_told_from_what_is_ours() {
        let ours = zip(&files()).unwrap();
        assert!(is_ours(&ours) && is_ours(&zip(&BTreeMap::new()).unwrap()));
        let mut other = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
        other.start_file("a", ::zip::write::SimpleFileOptions::default()).unwrap();
        let other = other.finish().unwrap().into_inner();
        for bytes in [&other[..], b"", b"PK", b"text", &ours[..20], &ours[..ours.len() / 2]] {
            assert!(!is_ours(bytes), "{bytes:?}");
        }
    }
}
