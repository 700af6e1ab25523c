//! What a client may spend on further attempts, all its calls together. When a
//! server is down every call fails, and each of them trying again would only
//! keep it down: a storm. So further attempts are paid from one purse, which
//! good answers and time fill again.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The price of a further attempt.
const ATTEMPT: u64 = 5;
/// What a good answer gives back: one attempt for five answers.
const ANSWER: u64 = 1;
/// What a second gives back: one attempt.
const SECOND: u64 = 5;
/// The whole purse: a hundred attempts.
const WHOLE: u64 = 100 * ATTEMPT;

/// The purse of one client, shared by its clones.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    /// Whether anything is missing: as long as nothing is, a good answer costs
    /// no lock.
    touched: AtomicBool,
    spent: Mutex<Spent>,
}

#[derive(Debug, Default)]
struct Spent {
    points: u64,
    /// Up to when time has been counted.
    since: Option<Instant>,
}

impl Budget {
    /// Pays for a further attempt of a call that may have `most`. A full purse
    /// always suffices for all of them, however many.
    pub(crate) fn pay(&self, most: u32) -> bool {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        spent.settle();
        let whole = WHOLE.max(u64::from(most) * ATTEMPT);
        if spent.points + ATTEMPT > whole {
            return false;
        }
        spent.points += ATTEMPT;
        self.touched.store(true, Ordering::Relaxed);
        true
    }

    /// Counts a good answer.
    pub(crate) fn earn(&self) {
        if !self.touched.load(Ordering::Relaxed) {
            return;
        }
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        spent.settle();
        spent.points = spent.points.saturating_sub(ANSWER);
        if spent.points == 0 {
            spent.since = None;
            self.touched.store(false, Ordering::Relaxed);
        }
    }
}

impl Spent {
    /// Gives back what the time since the last look is worth, in whole seconds.
    fn settle(&mut self) {
        let now = Instant::now();
        let since = *self.since.get_or_insert(now);
        let seconds = now.duration_since(since).as_secs();
        self.points = self.points.saturating_sub(seconds.saturating_mul(SECOND));
        // Parts of a second stay to be counted.
        self.since = Some(since + Duration::from_secs(seconds));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paid(budget: &Budget, most: u32) -> u32 {
        (0..10_000).find(|_| !budget.pay(most)).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_fresh_client_can_spend_all_its_retries() {
        for most in [1, 2, 100, 101, 5000] {
            assert!(paid(&Budget::default(), most) >= most, "{most}");
        }
        assert_eq!(paid(&Budget::default(), 2), 100);
    }

    #[tokio::test(start_paused = true)]
    async fn answers_and_time_fill_it_again() {
        let budget = Budget::default();
        assert_eq!(paid(&budget, 2), 100);
        for _ in 0..4 {
            budget.earn();
        }
        assert_eq!(paid(&budget, 2), 0);
        budget.earn();
        assert_eq!(paid(&budget, 2), 1);
        for _ in 0..10 {
            tokio::time::advance(Duration::from_millis(700)).await;
            budget.earn();
        }
        // Seven seconds, ten answers.
        assert_eq!(paid(&budget, 2), 9);
        tokio::time::advance(Duration::from_secs(1000)).await;
        assert_eq!(paid(&budget, 2), 100, "it is never more than full");
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_purse_is_left_alone() {
        let budget = Budget::default();
        budget.earn();
        assert!(!budget.touched.load(Ordering::Relaxed));
        assert!(budget.pay(1));
        for _ in 0..5 {
            assert!(budget.touched.load(Ordering::Relaxed));
            budget.earn();
        }
        assert!(!budget.touched.load(Ordering::Relaxed));
    }
}
