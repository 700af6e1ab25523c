//! Exponential backoff with jitter: each delay doubles the bound of the last.

use std::time::Duration;

/// Bound of the first delay.
const FIRST: Duration = Duration::from_millis(500);
/// Bound of every delay before a retry.
const MAX: Duration = Duration::from_secs(30);
/// Bound of every delay before polling a request in progress.
const MAX_IN_PROGRESS: Duration = Duration::from_secs(5);

/// The delay before retry number `retry`, counted from zero: anywhere between
/// zero and its bound, so that clients that failed together do not retry
/// together.
pub(crate) fn full_jitter(retry: u32) -> Duration {
    bound(retry, MAX).mul_f64(fastrand::f64())
}

/// The delay before polling a request in progress: anywhere in the upper half
/// of its bound.
pub(crate) fn in_progress(retry: u32) -> Duration {
    bound(retry, MAX_IN_PROGRESS).mul_f64(0.5 + fastrand::f64() / 2.0)
}

fn bound(retry: u32, max: Duration) -> Duration {
    let factor = 2_u32.checked_pow(retry).unwrap_or(u32::MAX);
    FIRST.saturating_mul(factor).min(max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_double_up_to_their_maximum() {
        let bounds: Vec<_> = (0..8).map(|retry| bound(retry, MAX).as_millis()).collect();
        assert_eq!(
            bounds,
            [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]
        );
        assert_eq!(bound(u32::MAX, MAX), MAX);
        for retry in 0..40 {
            assert!(full_jitter(retry) <= bound(retry, MAX));
            let asked = in_progress(retry);
            let most = bound(retry, MAX_IN_PROGRESS);
            assert!(most / 2 <= asked && asked <= most, "{asked:?}");
        }
    }

    #[test]
    fn full_jitter_is_spread_over_the_whole_bound() {
        let mut quarters = [0; 4];
        for _ in 0..400 {
            let delay = full_jitter(0);
            let quarter = (0..3).find(|quarter| delay < FIRST / 4 * (quarter + 1));
            quarters[quarter.unwrap_or(3) as usize] += 1;
        }
        assert!(quarters.iter().all(|count| *count > 40), "{quarters:?}");
    }
}
