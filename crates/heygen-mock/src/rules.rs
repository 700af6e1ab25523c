//! Which fault is injected into which request.

use std::sync::Mutex;
use std::time::Duration;

use bytes::Bytes;

use crate::fault::Fault;
use crate::lock::lock;
use crate::operation_name::Target;

/// The faults to inject, in the order in which they were added.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    rules: Vec<Rule>,
    added: u64,
}

#[derive(Debug)]
struct Rule {
    number: u64,
    target: Target,
    fault: Fault,
    /// How many requests it is for; `None` for all.
    left: Option<usize>,
}

impl Rules {
    /// Adds a rule and returns its number.
    pub(crate) fn add(&mut self, target: Target, fault: Fault, requests: Option<usize>) -> u64 {
        self.added += 1;
        self.rules.push(Rule {
            number: self.added,
            target,
            fault,
            left: requests,
        });
        self.added
    }

    /// The fault for a request to an operation: of the rules for a number of
    /// requests the one added first, else of the others the one added last.
    pub(crate) fn next(
        &mut self,
        operation: Option<&str>,
        method: &str,
        path: &str,
    ) -> Option<Fault> {
        self.rules.retain(|rule| rule.left != Some(0));
        let fits = |rule: &&mut Rule| rule.target.fits(operation, method, path);
        let mut fitting: Vec<&mut Rule> = self.rules.iter_mut().filter(fits).collect();
        let counted = fitting.iter().position(|rule| rule.left.is_some());
        let at = counted.or_else(|| fitting.len().checked_sub(1))?;
        let rule = fitting.swap_remove(at);
        if let Some(left) = &mut rule.left {
            *left -= 1;
        }
        Some(rule.fault.clone())
    }

    fn edit(&mut self, number: u64, change: impl FnOnce(&mut Rule)) {
        // A rule that was used up or cleared stays so.
        if let Some(rule) = self.rules.iter_mut().find(|rule| rule.number == number) {
            change(rule);
        }
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }
}

/// How requests to one operation fail, made by
/// [`MockServer::on`](crate::MockServer::on). Each method takes effect at once, for
/// every request until [`MockServer::reset`](crate::MockServer::reset), unless
/// [`times`](Self::times) limits it.
#[derive(Clone, Copy, Debug)]
pub struct OperationRule<'a> {
    rules: &'a Mutex<Rules>,
    number: u64,
}

#[allow(
    clippy::return_self_not_must_use,
    reason = "a rule holds as soon as it is set"
)]
impl<'a> OperationRule<'a> {
    pub(crate) fn new(rules: &'a Mutex<Rules>, target: Target) -> Self {
        let number = lock(rules).add(target, Fault::default(), None);
        Self { rules, number }
    }

    fn edit(self, change: impl FnOnce(&mut Rule)) -> Self {
        lock(self.rules).edit(self.number, change);
        self
    }

    fn change(self, change: impl FnOnce(Fault) -> Fault) -> Self {
        self.edit(|rule| rule.fault = change(std::mem::take(&mut rule.fault)))
    }

    /// Responds with this status, as [`Fault::status`] does: the operation has no
    /// effect.
    pub fn reply(self, status: u16) -> Self {
        self.change(|fault| fault.with_status(status))
    }

    /// Sends the vendor's error with this code and message; 400 unless
    /// [`reply`](Self::reply) sets a status.
    pub fn reason(self, code: &str, message: &str) -> Self {
        self.change(|fault| {
            let status = fault.status.or(Some(400));
            Fault {
                status,
                ..fault.reason(code, message)
            }
        })
    }

    /// Sends this body, as [`Fault::body`] does.
    pub fn body(self, body: impl Into<Bytes>) -> Self {
        self.change(|fault| fault.body(body))
    }

    /// Adds a header, as [`Fault::header`] does.
    pub fn header(self, name: &str, value: &str) -> Self {
        self.change(|fault| fault.header(name, value))
    }

    /// Adds a `Retry-After` in whole seconds.
    pub fn retry_after(self, seconds: u64) -> Self {
        self.change(|fault| fault.retry_after(seconds))
    }

    /// Waits this long, in real time, before the response.
    pub fn delay(self, delay: Duration) -> Self {
        self.change(|fault| fault.delay_by(delay))
    }

    /// Closes the connection instead of a response. The operation has its effect
    /// unless [`reply`](Self::reply) sets a status: what is created exists,
    /// although the caller does not hear of it.
    pub fn disconnect(self) -> Self {
        self.change(Fault::close_connection)
    }

    /// Closes the connection after this many bytes of the body, as
    /// [`Fault::cut_after`] does.
    pub fn cut_after(self, bytes: usize) -> Self {
        self.change(|fault| fault.cut_body_after(bytes))
    }

    /// Stops after this many bytes of the body, as [`Fault::stall_after`] does.
    pub fn stall_after(self, bytes: usize) -> Self {
        self.change(|fault| fault.stall_body_after(bytes))
    }

    /// Sends the body at this speed, as [`Fault::slow`] does.
    pub fn slow(self, bytes_per_second: u64) -> Self {
        self.change(|fault| fault.slow(bytes_per_second))
    }

    /// Limits the rule to this many requests. Rules with a limit come first, in
    /// the order in which they were added.
    pub fn times(self, requests: usize) -> Self {
        self.edit(|rule| rule.left = Some(requests))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(rules: &mut Rules, operation: &str) -> Option<u16> {
        rules
            .next(Some(operation), "GET", "/x")
            .and_then(|fault| fault.status)
    }

    #[test]
    fn limited_rules_are_used_first_and_in_order() {
        let mut rules = Rules::default();
        rules.add(Target::Any, Fault::status(500), None);
        rules.add(Target::Any, Fault::status(501), None);
        rules.add(Target::Any, Fault::status(502), Some(2));
        rules.add(Target::Any, Fault::status(418), Some(0));
        rules.add(Target::Any, Fault::status(503), Some(1));
        let statuses: Vec<_> = (0..5).map(|_| next(&mut rules, "a")).collect();
        let expected = [502, 502, 503, 501, 501].map(Some);
        assert_eq!(statuses, expected);
    }

    #[test]
    fn rule_is_for_its_operation_alone() {
        let mut rules = Rules::default();
        rules.add(Target::Operation("a".into()), Fault::status(500), Some(1));
        assert_eq!(next(&mut rules, "b"), None);
        assert_eq!(next(&mut rules, "a"), Some(500));
        assert_eq!(next(&mut rules, "a"), None);
    }
}
