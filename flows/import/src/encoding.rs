//! Bytes as text, whatever encoding they are in.

/// A text, and the encoding that it was in where that is not UTF-8.
pub(crate) fn text(bytes: &[u8]) -> (String, Option<&'static str>) {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return utf8(rest);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return (utf16(rest, u16::from_le_bytes), Some("UTF-16 (little endian)"));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return (utf16(rest, u16::from_be_bytes), Some("UTF-16 (big endian)"));
    }
    match bytes {
        // JSON begins with an ASCII character.
        [first, 0, _, 0, ..] if *first != 0 => (utf16(bytes, u16::from_le_bytes), Some("UTF-16 (little endian)")),
        [0, second, 0, _, ..] if *second != 0 => (utf16(bytes, u16::from_be_bytes), Some("UTF-16 (big endian)")),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> (String, Option<&'static str>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), None),
        Err(_) => (bytes.iter().map(|byte| latin(*byte)).collect(), Some("Latin-1")),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks(2).map(|pair| match pair {
        [one, two] => unit([*one, *two]),
        _ => 0xfffd,
    });
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Windows-1252 where it differs from Latin-1: what programs write that call it Latin-1.
fn latin(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => HIGH.get(usize::from(byte) - 0x80).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn every_encoding_is_read() {
        let words = "{\"a\": \"Grüße – 日本 😀\"}";
        let le: Vec<u8> = words.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text(words.as_bytes()), (words.to_owned(), None));
        assert_eq!(text(&[b"\xef\xbb\xbf", words.as_bytes()].concat()).0, words);
        for (bom, bytes) in [(&b"\xff\xfe"[..], &le), (b"\xfe\xff", &be), (b"", &le), (b"", &be)] {
            let (found, encoding) = text(&[bom, bytes].concat());
            assert_eq!(found, words);
            assert!(encoding.is_some_and(|name| name.starts_with("UTF-16")), "{encoding:?}");
        }
        assert_eq!(text(b"Gr\xfc\xdfe \x96 \x80"), ("Grüße – €".to_owned(), Some("Latin-1")));
        assert_eq!(
            text(&[b"\xff\xfe", &le[..3]].concat()).0.chars().count(),
            2,
            "half a character is no reason to stop"
        );
        assert_eq!(text(b""), (String::new(), None));
    }
}
