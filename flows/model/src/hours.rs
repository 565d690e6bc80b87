//! Calendars: when a tier is open, in its own time zone. The zone rules are bundled, so that every machine agrees.

use flow_conditions::said::Said;
use flow_conditions::say;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::flow::Hours;

/// Minutes of a day.
const DAY: i32 = 1440;

/// Minutes from midnight, end exclusive; an end at or before the start reaches into the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    from: i32,
    to: i32,
}

/// A calendar that can be asked.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    week: [Vec<Stretch>; 7],
    closed: Vec<Date>,
    special: Vec<(Date, Vec<Stretch>)>,
}

/// What is wrong with a calendar: the place below its entry, and words.
pub type HoursFault = (String, Said);

impl Calendar {
    /// Reads a calendar as written.
    ///
    /// # Errors
    /// Every line that cannot be read.
    pub fn read(hours: &Hours) -> Result<Self, Vec<HoursFault>> {
        let mut faults = Vec::new();
        let name = if hours.zone.is_empty() { "UTC" } else { &hours.zone };
        let zone = TimeZone::get(name).unwrap_or_else(|_| {
            let message = say!("\"{name}\" is no time zone: use an IANA name such as Europe/London.", name);
            faults.push(("zone".to_owned(), message));
            TimeZone::UTC
        });
        let mut week: [Vec<Stretch>; 7] = Default::default();
        for (i, line) in hours.open.iter().enumerate() {
            if weekly(line, &mut week).is_none() {
                let message =
                    say!("\"{line}\" cannot be read: write days and times such as \"Mon-Fri 08:00-20:00\".", line);
                faults.push((format!("open/{i}"), message));
            }
        }
        let mut date = |text: &str, at: String| {
            let read = text.parse::<Date>().ok();
            if read.is_none() {
                faults.push((at, say!("\"{text}\" is no date: write it as 2026-12-25.", text)));
            }
            read
        };
        let closed = hours.closed.iter().enumerate().filter_map(|(i, d)| date(d, format!("closed/{i}"))).collect();
        let dated: Vec<(Date, &String, &Vec<String>)> =
            hours.special.iter().filter_map(|(d, list)| Some((date(d, format!("special/{d}"))?, d, list))).collect();
        let mut special = Vec::new();
        for (day, key, list) in dated {
            let mut stretches = Vec::new();
            for (i, text) in list.iter().enumerate() {
                if spans(text, &mut stretches).is_none() {
                    let message = say!("\"{text}\" is no span of time: write it as 08:00-12:00.", text);
                    faults.push((format!("special/{key}/{i}"), message));
                }
            }
            special.push((day, stretches));
        }
        if faults.is_empty() { Ok(Self { zone, week, closed, special }) } else { Err(faults) }
    }

    /// Whether it is open at a moment, in seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn is_open(&self, seconds: i64) -> bool {
        let Ok(moment) = Timestamp::from_second(seconds) else { return false };
        let local = moment.to_zoned(self.zone.clone());
        let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
        let today = self
            .on(local.date())
            .iter()
            .any(|s| if s.to > s.from { (s.from..s.to).contains(&minute) } else { minute >= s.from });
        let yesterday = || {
            local.date().checked_sub(1.day()).is_ok_and(|d| self.on(d).iter().any(|s| s.to <= s.from && minute < s.to))
        };
        today || yesterday()
    }

    /// When it is open in a plain week: minutes since Monday 00:00 of its own zone, end exclusive, in order, without
    /// touching ones; `closed` and `special` aside. An end past Sunday's is in the next week.
    #[must_use]
    pub fn week(&self) -> Vec<(i32, i32)> {
        let mut open: Vec<(i32, i32)> = Vec::new();
        for (day, stretches) in (0_i32..).zip(&self.week) {
            for s in stretches {
                let length = if s.to > s.from { s.to - s.from } else { s.to - s.from + DAY };
                open.push((day * DAY + s.from, day * DAY + s.from + length));
            }
        }
        open.sort_unstable();
        let mut joined: Vec<(i32, i32)> = Vec::new();
        for (from, to) in open {
            match joined.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => joined.push((from, to)),
            }
        }
        joined
    }

    /// As written for each weekday from Monday on: minutes from midnight, end exclusive; an end at or before its start is
    /// on the next day.
    #[must_use]
    pub fn days(&self) -> [Vec<(i32, i32)>; 7] {
        self.week.each_ref().map(|day| day.iter().map(|s| (s.from, s.to)).collect())
    }

    /// The dates that are not as their weekday, with their stretches as [`Self::days`] has them; none is closed.
    #[must_use]
    pub fn dates(&self) -> Vec<(String, Vec<(i32, i32)>)> {
        let mut dates: Vec<Date> = self.special.iter().map(|(date, _)| *date).chain(self.closed.clone()).collect();
        dates.sort_unstable();
        dates.dedup();
        let stretches = |date: &Date| self.on(*date).iter().map(|s| (s.from, s.to)).collect();
        dates.iter().map(|date| (date.to_string(), stretches(date))).collect()
    }

    /// Seconds that local time is ahead of UTC: at the first moment, then at each one before the second from which on it is
    /// another. Moments are given in seconds since 1970-01-01T00:00:00Z and come back as texts in UTC.
    #[must_use]
    pub fn offsets(&self, from: i64, until: i64) -> Vec<(String, i32)> {
        let Ok(first) = Timestamp::from_second(from) else { return Vec::new() };
        let mut found = vec![(first.to_string(), self.zone.to_offset(first).seconds())];
        for change in self.zone.following(first).take_while(|change| change.timestamp().as_second() < until) {
            if found.last().is_none_or(|(_, last)| *last != change.offset().seconds()) {
                found.push((change.timestamp().to_string(), change.offset().seconds()));
            }
        }
        found
    }

    fn on(&self, date: Date) -> &[Stretch] {
        if let Some((_, stretches)) = self.special.iter().find(|(d, _)| *d == date) {
            return stretches;
        }
        if self.closed.contains(&date) {
            return &[];
        }
        &self.week[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())]
    }
}

fn weekly(line: &str, week: &mut [Vec<Stretch>; 7]) -> Option<()> {
    let (days, times) = line.trim().split_once(char::is_whitespace)?;
    let mut stretches = Vec::new();
    spans(times, &mut stretches)?;
    for part in days.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (mut day, last) = (weekday(first)?, weekday(last)?);
        loop {
            week[usize::from(day.to_monday_zero_offset().unsigned_abs())].extend(&stretches);
            if day == last {
                break;
            }
            day = day.next();
        }
    }
    Some(())
}

fn weekday(text: &str) -> Option<Weekday> {
    let lower = text.trim().to_ascii_lowercase();
    Some(match lower.get(..3)? {
        "mon" => Weekday::Monday,
        "tue" => Weekday::Tuesday,
        "wed" => Weekday::Wednesday,
        "thu" => Weekday::Thursday,
        "fri" => Weekday::Friday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        _ => return None,
    })
}

fn spans(text: &str, out: &mut Vec<Stretch>) -> Option<()> {
    for part in text.split(',') {
        let (from, to) = part.trim().split_once('-')?;
        out.push(Stretch { from: minutes(from, 1439)?, to: minutes(to, 1440)? });
    }
    Some(())
}

fn minutes(text: &str, last: i32) -> Option<i32> {
    let (hour, minute) = text.trim().split_once(':')?;
    let plain =
        |s: &str| (s.len() <= 2 && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse::<i32>().ok()).flatten();
    let (hour, minute) = (plain(hour)?, plain(minute)?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= last).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_can_be_written_down() {
        let second = |text: &str| text.parse::<Timestamp>().unwrap().as_second();
        let office = office();
        let changes = office.offsets(second("2026-01-01T00:00:00Z"), second("2027-01-01T00:00:00Z"));
        let told: Vec<(&str, i32)> = changes.iter().map(|(moment, ahead)| (moment.as_str(), *ahead)).collect();
        let summer = ("2026-03-29T01:00:00Z", 3600);
        assert_eq!(told, [("2026-01-01T00:00:00Z", 0), summer, ("2026-10-25T01:00:00Z", 0)]);
        assert_eq!(office.days()[5], [(1320, 120)]);
        assert_eq!(office.dates(), [("2026-12-24".to_owned(), vec![(480, 720)]), ("2026-12-25".to_owned(), vec![])]);
    }

    fn office() -> Calendar {
        let mut hours = Hours {
            zone: "Europe/London".into(),
            open: vec!["Mon-Fri 08:00-20:00".into(), "Sat 22:00-02:00".into()],
            closed: vec!["2026-12-25".into()],
            ..Hours::default()
        };
        hours.special.insert("2026-12-24".into(), vec!["08:00-12:00".into()]);
        Calendar::read(&hours).unwrap()
    }

    #[test]
    fn a_calendar_follows_its_zone_and_its_dates() {
        let open = |text: &str| office().is_open(text.parse::<Timestamp>().unwrap().as_second());
        for (moment, expected) in [
            ("2026-11-23T08:00:00Z", true),
            ("2026-11-23T07:59:59Z", false),
            ("2026-11-23T20:00:00Z", false),
            ("2026-07-06T07:00:00Z", true), // summer time
            ("2026-12-25T10:00:00Z", false),
            ("2026-12-24T11:59:00Z", true),
            ("2026-12-24T12:00:00Z", false),
            ("2026-11-28T23:00:00Z", true), // Saturday night
            ("2026-11-29T01:59:00Z", true), // reaches into Sunday
            ("2026-11-29T02:00:00Z", false),
        ] {
            assert_eq!(open(moment), expected, "{moment}");
        }
    }

    #[test]
    fn every_bad_line_is_reported() {
        let hours = Hours {
            zone: "Mars/Base".into(),
            open: vec!["Someday".into(), "Mon 8-9".into()],
            closed: vec!["x".into()],
            ..Hours::default()
        };
        let faults = Calendar::read(&hours).unwrap_err();
        assert_eq!(faults.iter().map(|f| f.0.as_str()).collect::<Vec<_>>(), ["zone", "open/0", "open/1", "closed/0"]);
    }
}
