//! The documentation of waits: what is polled, which states end it, how long it
//! takes, what it returns.

use std::fmt;

use openapi_prep::count;

use super::{jobs::Jobs, names};
use crate::codegen::jobs::{Created, Job};

/// What the method of a create says of the job that it starts.
pub(super) fn of_create(jobs: Jobs<'_>, job: &Job<'_>, created: &Created<'_>) -> Option<String> {
    let named = jobs.named(job)?;
    let (handle, noun) = (names::handle(&named.resource), &job.hint.name);
    let (until, returns) = if created.several {
        (format!("each {noun} is finished"), "the result of each")
    } else {
        (format!("the {noun} is finished"), "its result")
    };
    Some(format!(
        "[`and_wait`](Request::and_wait) waits until {until}, as \
         [`{handle}::wait`](super::{handle}::wait) does, and returns {returns}."
    ))
}

/// Of the method that waits for a job, with its example.
pub(super) fn of_wait(jobs: Jobs<'_>, job: &Job<'_>, example: Option<String>) -> String {
    let last = jobs.last(job);
    let result = jobs.model(last);
    let mut paragraphs = vec![
        format!(
            "Waits for {} by its id, and returns the [`{result}`](types::{result}) once it is \
             finished.",
            with_article(&job.hint.name)
        ),
        polls(jobs, job),
        format!(
            "It takes at most {}, unless [`deadline`](::heygen_core::wait::Wait::deadline) says \
             otherwise. [`states`](::heygen_core::wait::Wait::states) is the stream of its states.",
            duration(job.hint.deadline)
        ),
        errors(job, last),
    ];
    paragraphs.extend(example);
    paragraphs.join("\n\n")
}

/// What is read, and which states and fields end the wait.
fn polls(jobs: Jobs<'_>, job: &Job<'_>) -> String {
    let hint = &job.hint;
    let read = job.operation.title();
    let listed = hint.statuses.as_ref().zip(job.statuses);
    let (polled, state) = match (&hint.state, listed) {
        (None, Some((statuses, list))) => (list.title(), Some(&statuses.state)),
        (state, _) => (read.clone(), state.as_ref()),
    };
    let mut sentences = vec![format!(
        "Polls `{polled}`, at once and then every 2 to 30 seconds."
    )];
    if let Some(state) = state {
        let mut ends = vec![format!(
            "{} ends the wait with the result",
            any_of(&hint.success)
        )];
        let failures = failures(job);
        if !failures.is_empty() {
            ends.push(format!("{} with an error", any_of(&failures)));
        }
        if !hint.attention.is_empty() {
            let model = jobs.model(job);
            ends.push(format!(
                "{} with [`ActionRequired`](::heygen_core::wait::Outcome::ActionRequired) and the \
                 [`{model}`](types::{model})",
                any_of(&hint.attention)
            ));
        }
        sentences.push(format!(
            "The state is `{state}`: {}; with any other, also one that is not documented, the job \
             goes on.",
            ends.join(", ")
        ));
    }
    let set = hint.ready.set.iter().map(|path| format!("`{path}` is set"));
    let positive = hint
        .ready
        .positive
        .iter()
        .map(|path| format!("`{path}` is above 0"));
    let ready: Vec<String> = set.chain(positive).collect();
    if !ready.is_empty() {
        sentences.push(format!("It is finished only once {}.", ready.join(" and ")));
    }
    if !hint.result.is_empty() {
        sentences.push(format!(
            "Where it succeeded and has no {} yet, it is read again for about a minute.",
            any_of(&hint.result)
        ));
    }
    if let Some((then, next)) = hint.then.as_ref().zip(job.then) {
        sentences.push(format!(
            "Once it has a `{}`, the states of `{}` count instead.",
            then.id,
            next.title()
        ));
    }
    if let Some((_, list)) = listed {
        let shared = if polled == read {
            format!("reads of `{}`", list.title())
        } else {
            "these reads".to_owned()
        };
        sentences.push(format!(
            "Several waits of a client share {shared}, up to 100 ids each."
        ));
    }
    if polled != read {
        sentences.push(format!("The result is that of `{read}`."));
    }
    sentences.join(" ")
}

/// The states that end a wait with an error.
fn failures<'a>(job: &'a Job<'_>) -> Vec<&'a String> {
    let hint = &job.hint;
    [&hint.failure, &hint.cancelled, &hint.deleted]
        .into_iter()
        .flatten()
        .collect()
}

/// The errors that end a wait.
fn errors(job: &Job<'_>, last: &Job<'_>) -> String {
    let noun = &job.hint.name;
    let mut lines = vec!["# Errors".to_owned()];
    if !failures(job).is_empty() || !failures(last).is_empty() {
        let reason = [&last.hint.code, &last.hint.message].into_iter().flatten();
        let reason: Vec<String> = reason.map(|path| format!("`{path}`")).collect();
        let reason = match reason.as_slice() {
            [] => ". The API gives no reason".to_owned(),
            paths => format!(
                ", with {} as the API gave it, if it did",
                paths.join(" and ")
            ),
        };
        lines.push(format!(
            "- [`Job`](::heygen_core::ErrorKind::Job) \
             ([`is_job_failed`](::heygen_core::Error::is_job_failed)): the {noun} failed{reason}."
        ));
    }
    lines.push(format!(
        "- [`Timeout`](::heygen_core::ErrorKind::Timeout) \
         ([`is_timeout`](::heygen_core::Error::is_timeout)): the deadline passed. The {noun} goes \
         on, and another wait for its id continues."
    ));
    lines.push(format!(
        "- [`Api`](::heygen_core::ErrorKind::Api) \
         ([`is_not_found`](::heygen_core::Error::is_not_found)): there is no such {noun}, or it \
         was deleted."
    ));
    lines.push("- Any other error of a read that a retry cannot mend.".to_owned());
    lines.join("\n")
}

/// A noun with its article.
fn with_article(noun: &str) -> String {
    let is_vowel = |first: char| "aeiou".contains(first);
    let article = if noun.starts_with(is_vowel) {
        "an"
    } else {
        "a"
    };
    format!("{article} {noun}")
}

/// Words of which any one counts.
fn any_of(words: &[impl fmt::Display]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(" or ")
}

/// Seconds for people.
fn duration(seconds: u64) -> String {
    let (number, unit) = match seconds % 60 {
        0 => (seconds / 60, "minute"),
        _ => (seconds, "second"),
    };
    usize::try_from(number).map_or_else(
        |_| format!("{number} {unit}s"),
        |number| count(number, unit),
    )
}
