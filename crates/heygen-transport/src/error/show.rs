//! How an error is printed: one line for people, a short list for `Debug`.
//! Neither holds headers or the body, where a server may echo the key.

use std::fmt;

use super::Error;
use crate::text::OneLine;

/// Longer messages are cut in `Display`, in characters.
const LONGEST_MESSAGE: usize = 500;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(operation) = inner.operation {
            write!(f, "{} {} failed: ", operation.method, operation.path)?;
        }
        let mut sign = " (";
        write!(
            f,
            "{}",
            OneLine(inner.message.trim_end_matches('.'), LONGEST_MESSAGE)
        )?;
        let mut detail = |f: &mut fmt::Formatter<'_>, name: &str, value: &dyn fmt::Display| {
            write!(f, "{sign}{name} {value}")?;
            sign = ", ";
            Ok::<(), fmt::Error>(())
        };
        if let Some(code) = self.code() {
            detail(f, "code", &OneLine(code, 100))?;
        }
        if let Some(param) = self.param() {
            detail(f, "parameter", &OneLine(param, 100))?;
        }
        if let Some(field) = self.field() {
            detail(f, "field", &OneLine(field, 200))?;
        }
        if let Some(status) = self.status() {
            detail(f, "status", &status)?;
        }
        if let Some(id) = self.request_id() {
            detail(f, "request id", &OneLine(id, 200))?;
        }
        if let Some(wait) = self.retry_after() {
            detail(f, "retry after", &format_args!("{} s", wait.as_secs()))?;
        }
        if inner.attempts > 1 {
            detail(f, "attempts", &inner.attempts)?;
        }
        if sign == ", " {
            f.write_str(")")?;
        }
        if let Some(hint) = self.hint() {
            let mut letters = hint.chars();
            if let Some(first) = letters.next() {
                write!(f, ". {}{}", first.to_uppercase(), letters.as_str())?;
            }
        }
        if let Some(url) = self.doc_url() {
            write!(f, "; see {}", OneLine(url, 300))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        let mut out = f.debug_struct("Error");
        out.field("kind", &inner.kind)
            .field("message", &inner.message);
        if let Some(operation) = inner.operation {
            out.field("operation", &operation.id)
                .field("attempts", &inner.attempts);
        }
        for (name, value) in [
            ("code", self.code()),
            ("param", self.param()),
            ("field", self.field()),
            ("doc_url", self.doc_url()),
            ("request_id", self.request_id()),
        ] {
            if let Some(value) = value {
                out.field(name, &value);
            }
        }
        if let Some(status) = self.status() {
            out.field("status", &status)
                .field("body_bytes", &inner.body.len());
        }
        if let Some(wait) = inner.retry_after {
            out.field("retry_after", &wait);
        }
        if let Some(source) = &inner.source {
            out.field("source", source);
        }
        out.finish_non_exhaustive()
    }
}
