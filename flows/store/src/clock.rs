//! The clock of the machine, for what is remembered about files.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970-01-01T00:00:00Z.
#[must_use]
pub fn now() -> i64 {
    let passed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |t| t.as_secs());
    i64::try_from(passed).unwrap_or(i64::MAX)
}

/// Measures how long something takes.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Begins now.
    #[must_use]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// Seconds since it began.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}
