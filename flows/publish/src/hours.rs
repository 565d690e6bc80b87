//! Times in words: how long something takes, and when people are there.

use flow_conditions::decimal::Decimal;
use flow_model::flow::Hours;

/// Units of time from the largest, in seconds.
const UNITS: [(i64, &str); 4] = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")];

/// Seconds in words, in at most two units: `1 hour 30 minutes`.
#[must_use]
pub fn duration(seconds: Decimal) -> String {
    let Some(whole) = seconds.to_i64().filter(|s| Decimal::from_i64(*s) == seconds && *s >= 0) else {
        return format!("{seconds} seconds");
    };
    let mut left = whole;
    let mut parts = Vec::new();
    for (length, name) in UNITS {
        let count = left / length;
        if count > 0 {
            left -= count * length;
            parts.push(counted(count, name));
        }
    }
    match parts.len() {
        0 => "0 seconds".to_owned(),
        1 | 2 => parts.join(" "),
        // Two units would say something else than what stands in the flow.
        _ => format!("{} ({whole} seconds)", parts[..2].join(" ")),
    }
}

/// `1 try`, `2 tries`.
pub(crate) fn counted(count: i64, name: &str) -> String {
    let many = name.strip_suffix('y').filter(|stem| !stem.ends_with('a')).map(|stem| format!("{stem}ies"));
    let name = if count == 1 { name.to_owned() } else { many.unwrap_or_else(|| format!("{name}s")) };
    format!("{count} {name}")
}

/// A calendar in words: `Mon-Fri 08:00-20:00, Sat 09:00-17:00 (Europe/London); closed on 2026-12-25`.
#[must_use]
pub fn in_words(hours: &Hours) -> String {
    let zone = if hours.zone.is_empty() { "UTC" } else { &hours.zone };
    let open = if hours.open.is_empty() { "never open".to_owned() } else { hours.open.join(", ") };
    let mut words = format!("{open} ({zone})");
    if !hours.closed.is_empty() {
        words.push_str(&format!("; closed on {}", hours.closed.join(", ")));
    }
    for (date, spans) in &hours.special {
        let open = if spans.is_empty() { "closed".to_owned() } else { spans.join(", ") };
        words.push_str(&format!("; on {date} {open}"));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_said_as_people_do() {
        for (seconds, words) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (60, "1 minute"),
            (900, "15 minutes"),
            (5400, "1 hour 30 minutes"),
            (75_600, "21 hours"),
            (259_200, "3 days"),
            (3661, "1 hour 1 minute (3661 seconds)"),
        ] {
            assert_eq!(duration(Decimal::from_i64(seconds)), words);
        }
        assert_eq!(counted(2, "try"), "2 tries");
        assert_eq!(counted(2, "day"), "2 days");
    }
}
