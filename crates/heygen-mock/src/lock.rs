//! Access to what tasks share.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Ignores poisoning: a panic cannot leave the data in an inconsistent state.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
