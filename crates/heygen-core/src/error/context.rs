//! Adds the context of a call to its error.

use std::borrow::Cow;
use std::sync::Arc;

use super::Error;
use crate::operation::CallContext;

impl Error {
    /// Adds the call, and a hint where the operation may have been retired.
    pub(crate) fn with_context(mut self, call: &Arc<CallContext>) -> Self {
        self.0.context = Some(Arc::clone(call));
        if let Some(hint) = self.retirement_hint() {
            self.0.hint = Some(Cow::Owned(hint));
        }
        self
    }

    /// Adds the call and how often its request was sent.
    pub(crate) fn with_call(mut self, call: &Arc<CallContext>, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self.with_context(call)
    }

    /// Adds to the hint that the client's retry throttle refused a retry.
    pub(crate) fn throttled(mut self) -> Self {
        const WHY: &str = "not retried further: too many calls of this client have failed";
        self.0.hint = Some(match self.hint() {
            Some(hint) => Cow::Owned(format!("{hint}; {WHY}")),
            None => Cow::Borrowed(WHY),
        });
        self
    }
}
