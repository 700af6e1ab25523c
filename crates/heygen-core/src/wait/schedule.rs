//! When the state of a job is read: at once, then at growing intervals.

use std::time::Duration;

use crate::deadline::FOREVER;

const FIRST: Duration = Duration::from_secs(2);
const MAX: Duration = Duration::from_secs(30);
const FACTOR: f64 = 1.5;

/// The intervals between reads of a job's state: the first, how they grow, and
/// the longest. Each is shortened by up to a quarter, at random, so that waits
/// that began together do not read together. The first read is made at once.
///
/// The server's `Retry-After` makes an interval longer, and reads of several jobs
/// at once may make one shorter.
///
/// ```
/// use std::time::Duration;
/// use heygen_core::wait::PollSchedule;
///
/// // 10 s, 20 s, 40 s, 60 s, 60 s and so on.
/// let schedule = PollSchedule::new(Duration::from_secs(10))
///     .factor(2.0)
///     .max(Duration::from_secs(60));
/// # let _ = schedule;
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PollSchedule {
    first: Duration,
    max: Duration,
    factor: f64,
}

/// From 2 s to 30 s, each half as long again as the last.
impl Default for PollSchedule {
    fn default() -> Self {
        Self::new(FIRST)
    }
}

impl PollSchedule {
    /// A schedule with this first interval, of at least a millisecond, that grows
    /// by half each time, up to 30 s or to the first interval if that is longer.
    pub fn new(first: Duration) -> Self {
        let first = first.clamp(Duration::from_millis(1), FOREVER);
        Self {
            first,
            max: MAX.max(first),
            factor: FACTOR,
        }
    }

    /// Sets the longest interval; not below the first.
    #[must_use]
    pub fn max(mut self, max: Duration) -> Self {
        self.max = max.clamp(self.first, FOREVER);
        self
    }

    /// Sets by how much an interval is longer than the last: 1 and more, where 1
    /// is always the first interval.
    #[must_use]
    pub fn factor(mut self, factor: f64) -> Self {
        // `max` also replaces NaN.
        self.factor = factor.max(1.0);
        self
    }
}

/// The intervals of one wait.
#[derive(Debug)]
pub(super) struct Intervals {
    schedule: PollSchedule,
    next: Duration,
}

impl Intervals {
    pub(super) fn new(schedule: PollSchedule) -> Self {
        let next = schedule.first;
        Self { schedule, next }
    }

    /// The next interval.
    pub(super) fn next(&mut self) -> Duration {
        let interval = self.next.mul_f64(0.75 + fastrand::f64() / 4.0);
        let PollSchedule { max, factor, .. } = self.schedule;
        let grown = Duration::try_from_secs_f64(self.next.as_secs_f64() * factor);
        self.next = grown.map_or(max, |grown| grown.min(max));
        interval
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(schedule: PollSchedule) -> Vec<f64> {
        let mut intervals = Intervals::new(schedule);
        (0..10)
            .map(|_| {
                let bound = intervals.next.as_secs_f64();
                let next = intervals.next().as_secs_f64();
                assert!(bound * 0.7499 <= next && next <= bound, "{next} of {bound}");
                (bound * 10.0).round() / 10.0
            })
            .collect()
    }

    #[test]
    fn intervals_grow_from_2_to_30_seconds() {
        let expected = [2.0, 3.0, 4.5, 6.8, 10.1, 15.2, 22.8, 30.0, 30.0, 30.0];
        assert_eq!(bounds(PollSchedule::default()), expected);
    }

    #[test]
    fn schedule_is_set() {
        let second = Duration::from_secs(1);
        let set = PollSchedule::new(10 * second).factor(2.0).max(60 * second);
        assert_eq!(bounds(set)[..5], [10.0, 20.0, 40.0, 60.0, 60.0]);
        let even = PollSchedule::new(60 * second).factor(f64::NAN);
        assert_eq!(bounds(even)[..2], [60.0, 60.0]);
        let steep = PollSchedule::new(second).factor(f64::INFINITY);
        assert_eq!(bounds(steep)[..2], [1.0, 30.0]);
        let zero = PollSchedule::new(Duration::ZERO).max(Duration::ZERO);
        assert!(zero.first > Duration::ZERO && zero.max >= zero.first);
        let longest = PollSchedule::new(Duration::MAX).max(Duration::MAX);
        assert_eq!((longest.first, longest.max), (FOREVER, FOREVER));
    }

    #[test]
    fn waits_that_began_together_do_not_read_together() {
        let next = || Intervals::new(PollSchedule::default()).next();
        let all: std::collections::HashSet<_> = (0..50).map(|_| next()).collect();
        assert!(all.len() > 40, "{all:?}");
    }
}
