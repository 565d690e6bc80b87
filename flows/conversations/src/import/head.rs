//! The start of a file, by which it is recognised.

use super::input::Decoded;
use super::mapping::Encoding;
use std::io::Read;

/// How many bytes of a file are looked at to recognise it.
pub const HEAD: usize = 1 << 20;

/// The start of a file.
#[derive(Clone, Debug)]
pub struct Head {
    /// The name of the file, without its folder.
    pub name: String,
    /// Its start as text.
    pub text: String,
    /// Whether that is all of it.
    pub whole: bool,
    /// What its bytes are.
    pub encoding: Encoding,
}

impl Head {
    /// Of the first [`HEAD`] bytes of a file; `whole` says that there are no more.
    #[must_use]
    pub fn new(name: &str, bytes: &[u8], whole: bool) -> Self {
        let encoding = encoding(bytes, whole);
        let mut decoded = Vec::new();
        let mut slice = bytes;
        // A slice of memory is read without fail.
        let _ = Decoded::new(&mut slice, encoding).read_to_end(&mut decoded);
        let mut text = String::from_utf8_lossy(&decoded).into_owned();
        if !whole {
            // The last line may be a part of one.
            if let Some(end) = text.rfind('\n') {
                text.truncate(end + 1);
            }
        }
        Self { name: name.to_owned(), text, whole, encoding }
    }

    /// Whether the name ends with one of these.
    #[must_use]
    pub fn ends_with(&self, endings: &[&str]) -> bool {
        let name = self.name.to_lowercase();
        endings.iter().any(|ending| name.ends_with(ending))
    }

    /// The name without its last ending, for ids.
    #[must_use]
    pub fn stem(&self) -> &str {
        let stem = self.name.split_once('.').map_or(self.name.as_str(), |(stem, _)| stem);
        if stem.is_empty() { "talk" } else { stem }
    }
}

/// By its mark; else by its zeros; else UTF-8 wherever it can be.
fn encoding(bytes: &[u8], whole: bool) -> Encoding {
    match bytes {
        [0xff, 0xfe, ..] => return Encoding::Utf16Le,
        [0xfe, 0xff, ..] => return Encoding::Utf16Be,
        [0xef, 0xbb, 0xbf, ..] => return Encoding::Utf8,
        _ => {}
    }
    let start = &bytes[..bytes.len().min(4096)];
    let zeros = |odd: usize| start.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count() * 2;
    if start.len() >= 8 && zeros(1) * 10 > start.len() * 8 {
        return Encoding::Utf16Le;
    }
    if start.len() >= 8 && zeros(0) * 10 > start.len() * 8 {
        return Encoding::Utf16Be;
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => Encoding::Utf8,
        // The cut may go through a character.
        Err(fault) if !whole && fault.error_len().is_none() => Encoding::Utf8,
        // A file with some good characters of more than one byte is UTF-8 that was damaged.
        Err(_) if String::from_utf8_lossy(bytes).chars().any(|c| !c.is_ascii() && c != '\u{fffd}') => Encoding::Utf8,
        Err(_) => Encoding::Windows1252,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_is_found() {
        let le: Vec<u8> = "text,who\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, encoding) in [
            (&b"text"[..], Encoding::Utf8),
            (b"\xef\xbb\xbftext", Encoding::Utf8),
            (b"na\xefve", Encoding::Windows1252),
            (b"na\xefve \xc3\xaf", Encoding::Utf8),
            (&le, Encoding::Utf16Le),
            (b"", Encoding::Utf8),
        ] {
            assert_eq!(Head::new("x", bytes, true).encoding, encoding);
        }
        assert_eq!(Head::new("x", b"one\ntw", false).text, "one\n");
        assert_eq!(Head::new("a.b.csv", b"", true).stem(), "a");
    }
}
