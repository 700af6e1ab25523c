//! The clock of a mock: it runs faster than real time, and tests turn it.

use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;
use tokio::time::Instant;

use crate::lock::lock;

/// Default speed: a job of ten minutes takes one second.
pub(crate) const DEFAULT_SPEED: f64 = 600.0;

/// The shortest sleep, so that a fast clock does not spin.
const MIN_SLEEP: Duration = Duration::from_millis(1);

/// The longest sleep: a clock that hardly runs still wakes up once a day.
const MAX_SLEEP: Duration = Duration::from_secs(24 * 60 * 60);

/// Time since the server started: real time multiplied by the speed, plus what
/// tests have advanced.
#[derive(Debug)]
pub(crate) struct Clock {
    speed: f64,
    started: Instant,
    date: SystemTime,
    advanced: Mutex<Duration>,
    turned: watch::Sender<()>,
}

impl Clock {
    /// A clock that starts now; at speed 0 only [`advance`](Self::advance)
    /// turns it.
    pub(crate) fn start(speed: f64) -> Self {
        Self {
            speed: if speed.is_finite() {
                speed.max(0.0)
            } else {
                DEFAULT_SPEED
            },
            started: Instant::now(),
            date: SystemTime::now(),
            advanced: Mutex::default(),
            turned: watch::Sender::new(()),
        }
    }

    /// Time since the start.
    pub(crate) fn now(&self) -> Duration {
        let real = self.started.elapsed().as_secs_f64();
        let ran = Duration::try_from_secs_f64(real * self.speed).unwrap_or(Duration::MAX);
        ran.saturating_add(*lock(&self.advanced))
    }

    /// The date in seconds since 1970.
    pub(crate) fn unix(&self) -> u64 {
        self.unix_at(self.now())
    }

    /// The date at a time of this clock, in seconds since 1970.
    pub(crate) fn unix_at(&self, at: Duration) -> u64 {
        let start = self.date.duration_since(UNIX_EPOCH).unwrap_or_default();
        start.saturating_add(at).as_secs()
    }

    /// The date when the clock started.
    pub(crate) fn date(&self) -> SystemTime {
        self.date
    }

    pub(crate) fn advance(&self, by: Duration) {
        let mut advanced = lock(&self.advanced);
        *advanced = advanced.saturating_add(by);
        self.turned.send_replace(());
    }

    /// Sleeps until this time, however it is reached.
    pub(crate) async fn sleep_until(&self, at: Duration) {
        let mut turned = self.turned.subscribe();
        loop {
            let left = at.saturating_sub(self.now());
            if left.is_zero() {
                return;
            }
            let real = Duration::try_from_secs_f64(left.as_secs_f64() / self.speed);
            let real = real.unwrap_or(MAX_SLEEP).clamp(MIN_SLEEP, MAX_SLEEP);
            tokio::select! {
                () = tokio::time::sleep(real) => {}
                // The sender is this clock, which outlives the sleep.
                _ = turned.changed() => {}
            }
        }
    }
}

/// A date and time as the API writes it: `2026-09-21T13:33:20Z`.
pub(crate) fn iso(unix: u64) -> String {
    let (days, seconds) = (unix / 86_400, unix % 86_400);
    // Years begin in March here, so that the leap day is a year's last one.
    let days = days + 719_468;
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = (march_month + 2) % 12 + 1;
    let year = era * 400 + year + u64::from(month <= 2);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn stopped_clock_is_turned_by_hand() {
        let clock = Clock::start(0.0);
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert_eq!(clock.now(), Duration::ZERO);
        let first = clock.unix();
        clock.advance(Duration::from_secs(600));
        assert_eq!(clock.now(), Duration::from_secs(600));
        assert_eq!(clock.unix() - first, 600);
    }

    #[tokio::test(start_paused = true)]
    async fn running_clock_is_faster_than_real_time() {
        let clock = Clock::start(600.0);
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(clock.now(), Duration::from_secs(600));
        let asked = Instant::now();
        clock.sleep_until(Duration::from_secs(1800)).await;
        assert_eq!(asked.elapsed().as_secs(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn sleep_ends_when_the_clock_is_turned() {
        let clock = Clock::start(0.0);
        let turn = async {
            for _ in 0..2 {
                tokio::time::sleep(Duration::from_secs(1)).await;
                clock.advance(Duration::from_secs(30));
            }
        };
        let asked = Instant::now();
        tokio::join!(clock.sleep_until(Duration::from_secs(60)), turn);
        assert_eq!(asked.elapsed(), Duration::from_secs(2));
    }

    #[test]
    fn dates_are_written_as_the_api_does() {
        for (unix, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_789_997_600, "2026-09-21T13:33:20Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(iso(unix), expected, "{unix}");
        }
    }
}
