//! Numbers under which clinics keep patients: no shape of their own, so words must say so.

use super::text::Text;
use super::words::Hint;
use super::{Found, Kind};

pub(super) fn find(text: &Text<'_>, out: &mut Vec<Found>) {
    let mut past = 0;
    for start in text.words().filter(|_| !text.hints(Hint::Record).is_empty()) {
        if start < past {
            continue;
        }
        let end = text.run(start, 21, |byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let digits = text.bytes[start..end].iter().filter(|byte| byte.is_ascii_digit()).count();
        if (4..=12).contains(&digits)
            && end - start <= 20
            && digits * 2 >= end - start
            && text.closes(end)
            && text.linked(Hint::Record, start, end)
        {
            past = end;
            out.push(Found { start, end, kind: Kind::MedicalRecord });
        }
    }
}
