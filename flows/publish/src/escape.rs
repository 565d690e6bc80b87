//! Text of documents is data: it becomes neither markup nor script nor a formula of a spreadsheet.

/// A character that no page shows: replaced by its picture or the sign for an unknown character.
fn shown(c: char) -> char {
    match c {
        '\n' | '\t' => c,
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}' | '\u{fdd0}'..='\u{fdef}' => '\u{fffd}',
        _ if u32::from(c) & 0xfffe == 0xfffe => '\u{fffd}',
        _ => c,
    }
}

/// Appends a text as the content of an element or the value of an attribute in double quotes.
pub(crate) fn markup(text: &str, out: &mut String) {
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\r' => out.push('\n'),
            '\n' if before == '\r' => {}
            other => out.push(shown(other)),
        }
        before = c;
    }
}

/// Whether a spreadsheet takes a cell that begins so for a formula. Sources: OWASP, "CSV Injection", read 2026-11-22; the
/// full-width signs are those that East Asian versions take too.
fn begins_a_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
}

/// A text as a cell that no spreadsheet takes for a formula; [`from_cell`] is its opposite.
pub(crate) fn cell(text: &str) -> String {
    if begins_a_formula(text.trim_start_matches('\'')) { format!("'{text}") } else { text.to_owned() }
}

/// The text of a cell that [`cell`] made, or that somebody typed.
pub(crate) fn from_cell(cell: &str) -> String {
    match cell.strip_prefix('\'') {
        Some(text) if begins_a_formula(text.trim_start_matches('\'')) => text.to_owned(),
        _ => cell.to_owned(),
    }
}

/// Lines of cells as RFC 4180 writes them, with a byte order mark so that spreadsheets read UTF-8.
pub(crate) fn csv(rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .quote_style(csv::QuoteStyle::Necessary)
        .flexible(true)
        .from_writer("\u{feff}".as_bytes().to_vec());
    for row in rows {
        // Memory takes every byte, so this cannot fail.
        let _ = writer.write_record(row.iter().map(|text| cell(text)));
    }
    writer.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_are_made_harmless_and_come_back() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1", "''=1", "\u{ff1d}1", "it's", "'quoted'", ""] {
            let made = cell(text);
            assert!(!begins_a_formula(&made), "{made}");
            assert_eq!(from_cell(&made), text);
        }
    }

    #[test]
    fn lines_are_those_of_rfc_4180() {
        let bytes = csv(&[vec!["a".into(), "say \"x\", y".into()], vec!["=1".into(), "line\nline".into()]]);
        assert_eq!(String::from_utf8(bytes).unwrap(), "\u{feff}a,\"say \"\"x\"\", y\"\r\n'=1,\"line\nline\"\r\n");
    }

    proptest! {
        #[test]
        fn every_text_survives_its_cell(text in any::<String>()) {
            prop_assert_eq!(from_cell(&cell(&text)), text);
        }

        #[test]
        fn no_text_is_markup(text in any::<String>()) {
            let mut out = String::new();
            markup(&text, &mut out);
            prop_assert!(!out.contains(['<', '>', '"', '\0']));
        }
    }
}
