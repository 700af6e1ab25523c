//! Printed forms of an error: one line by `Display`, a struct by `Debug`.
//! Neither contains headers or the body, where a server may echo the key.

use std::fmt;

use super::Error;
use crate::text::OneLine;

/// Longer messages are truncated in `Display`, in characters.
const MAX_MESSAGE: usize = 500;
/// Longer paths are truncated, in characters.
const MAX_PATH: usize = 200;

impl Error {
    /// The facts of the failure beside its message.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let text =
            |name, text: Option<&str>, max| text.map(|text| (name, OneLine(text, max).to_string()));
        let wait = self.retry_after();
        let attempts = Some(self.0.attempts).filter(|attempts| *attempts > 1);
        // The call that read a failed job has succeeded.
        let status = self.status().filter(|_| self.0.ended.is_none());
        [
            text("code", self.code(), 100),
            text("parameter", self.param(), 100),
            text("field", self.field(), 200),
            text("state", self.job_state(), 100),
            status.map(|status| ("status", status.to_string())),
            text("request id", self.request_id(), 200),
            wait.map(|wait| ("retry after", format!("{} s", wait.as_secs()))),
            attempts.map(|attempts| ("attempts", attempts.to_string())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        match (&inner.job, inner.ended) {
            (Some(job), Some(ended)) => write!(f, "{job} {}: ", ended.verb())?,
            (Some(job), None) => write!(f, "{job}: ")?,
            (None, _) => {}
        }
        let call = inner.context.as_ref();
        if let Some(call) = call.filter(|_| inner.ended.is_none()) {
            let operation = call.operation;
            // Neither the address of a file nor that of a refused path.
            if call.path.starts_with('/') {
                let path = OneLine(&call.path, MAX_PATH);
                write!(f, "{} {path} failed: ", operation.method)?;
            } else {
                write!(f, "{} failed: ", operation.id)?;
            }
        }
        let message = match inner.message.trim_end_matches('.') {
            "" => &inner.message,
            trimmed => trimmed,
        };
        write!(f, "{}", OneLine(message, MAX_MESSAGE))?;
        let facts = self.facts();
        let facts: Vec<_> = facts
            .iter()
            .map(|(name, fact)| format!("{name} {fact}"))
            .collect();
        if !facts.is_empty() {
            write!(f, " ({})", facts.join(", "))?;
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
        out.field("kind", &self.kind())
            .field("message", &OneLine(&inner.message, MAX_MESSAGE).to_string());
        if let Some(call) = &inner.context {
            out.field("operation", &call.operation.id)
                .field("path", &call.path);
        }
        if let Some(job) = &inner.job {
            out.field("job", &format_args!("{job}"));
        }
        for (name, fact) in self.facts() {
            out.field(name, &format_args!("{fact}"));
        }
        if let Some(source) = &inner.source {
            out.field("source", source);
        }
        // Last, where it is most visible when a program ends with this error.
        if let Some(hint) = self.hint() {
            out.field("hint", &hint);
        }
        out.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::build;
    use crate::operation::{CallContext, Operation};

    #[test]
    fn debug_ends_with_the_hint() {
        let error = build::config("no", "do this");
        assert_eq!(
            format!("{error:?}"),
            r#"Error { kind: Config, message: "no", hint: "do this" }"#
        );
    }

    #[test]
    fn display_has_path_and_source_once() {
        static GET: Operation = Operation::new("get", "GET", "/v2/{id}");
        let mut call = CallContext::unsent(&GET);
        call.path = "/v2/anna".into();
        let source = std::io::Error::other("refused");
        let error = build::input("the id is wrong: refused").with_source(source);
        let error = error.with_hint("give another").with_context(&call.into());
        assert_eq!(
            error.to_string(),
            "GET /v2/anna failed: the id is wrong: refused. Give another"
        );
        assert!(std::error::Error::source(&error).is_none());
        assert!(format!("{error:?}").contains("source: Custom"), "{error:?}");
    }
}
