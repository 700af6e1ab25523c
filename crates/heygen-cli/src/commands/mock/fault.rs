//! `--fault OPERATION=FAULT`: which requests to the mock fail, and how.

use heygen_mock::Fault;

use crate::generated::TABLE;
use crate::value;

/// The forms of a fault, for help and errors.
pub(super) const FORMS: &str = "STATUS, STATUSxTIMES, xTIMES, code=CODE, retry-after=SECONDS, delay=TIME, \
     close, cut=BYTES, stall=BYTES, slow=BYTES_PER_SECOND; several are joined by commas";

/// A fault of some operation.
#[derive(Clone, Debug)]
pub(super) struct Injected {
    /// As it was written.
    pub(super) text: String,
    pub(super) operation: String,
    pub(super) fault: Fault,
    /// How many requests it is for; `None` for all.
    pub(super) requests: Option<usize>,
}

/// Parses `OPERATION=FAULT`.
pub(super) fn parse(text: &str) -> Result<Injected, String> {
    let (operation, parts) = text
        .split_once('=')
        .filter(|(operation, _)| !operation.trim().is_empty())
        .ok_or("pass OPERATION=FAULT, such as 'video create=503x2'")?;
    let mut injected = Injected {
        text: text.to_owned(),
        operation: operation_id(operation)?,
        fault: Fault::default(),
        requests: None,
    };
    let mut aspects = Vec::new();
    for part in parts.split([',', ':']).map(str::trim) {
        let aspect = add(&mut injected, part)
            .ok_or_else(|| format!("{part:?} is not a fault: pass {FORMS}"))?;
        if aspects.contains(&aspect) {
            return Err(format!("{part:?} is a second {aspect}: pass one of a kind"));
        }
        aspects.push(aspect);
    }
    if aspects.contains(&"code") && !aspects.contains(&"status") {
        injected.fault = injected.fault.with_status(400);
    }
    Ok(injected)
}

/// The id of the operation of the command with these words; other names are for the
/// mock to resolve.
fn operation_id(text: &str) -> Result<String, String> {
    let words: Vec<&str> = text
        .split_whitespace()
        .skip_while(|word| *word == "heygen")
        .collect();
    if let Some(leaf) = TABLE.leaves.iter().find(|leaf| leaf.words == words) {
        return Ok(leaf.command.operation.id.to_owned());
    }
    if words.len() < 2 || text.contains('/') {
        return Ok(text.to_owned());
    }
    let text = words.join(" ");
    let known = TABLE.leaves.iter().map(|leaf| leaf.words.join(" "));
    let closest = known.min_by_key(|known| strsim::damerau_levenshtein(known, &text));
    Err(format!(
        "there is no command {text:?}; the closest one is {:?}",
        closest.unwrap_or_default()
    ))
}

/// Adds a part, and returns which aspect of the response it is about.
fn add(injected: &mut Injected, part: &str) -> Option<&'static str> {
    const END: &str = "end of the response";
    let (name, text) = part.split_once('=').unwrap_or((part, ""));
    let number = || text.parse::<u64>().ok();
    let bytes = || text.parse::<usize>().ok();
    let fault = injected.fault.clone();
    let (aspect, fault) = match name {
        "code" if !text.is_empty() => ("code", fault.reason(text, "injected by --fault")),
        "retry-after" => ("retry-after", fault.retry_after(number()?)),
        "delay" => ("delay", fault.delay_by(value::duration(text).ok()?)),
        "slow" => ("slow", fault.slow(number().filter(|speed| *speed > 0)?)),
        "cut" => (END, fault.cut_body_after(bytes()?)),
        "stall" => (END, fault.stall_body_after(bytes()?)),
        "close" if text.is_empty() => (END, fault.close_connection()),
        _ => {
            let (status, times) = part
                .split_once('x')
                .map_or((part, None), |(a, b)| (a, Some(b)));
            if let Some(times) = times {
                let times = times.parse().ok().filter(|times| *times > 0);
                injected.requests = Some(times.filter(|_| injected.requests.is_none())?);
                if status.is_empty() {
                    return Some("number of times");
                }
            }
            let status = status.parse().ok();
            let status = status.filter(|status| (200..600).contains(status));
            ("status", fault.with_status(status?))
        }
    };
    injected.fault = fault;
    Some(aspect)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn parts_of_a_fault_are_combined() {
        for (text, fault, requests) in [
            ("503", Fault::status(503), None),
            ("503x2", Fault::status(503), Some(2)),
            ("429:retry-after=5", Fault::status(429).retry_after(5), None),
            ("x3,delay=2s", Fault::delay(Duration::from_secs(2)), Some(3)),
            ("cut=10", Fault::cut_after(10), None),
            ("200, stall=0", Fault::status(200).stall_body_after(0), None),
            (
                "close,delay=0.5",
                Fault::close().delay_by(Duration::from_millis(500)),
                None,
            ),
            ("slow=1000", Fault::default().slow(1000), None),
            (
                "code=a",
                Fault::status(400).reason("a", "injected by --fault"),
                None,
            ),
        ] {
            let parsed = parse(&format!("*={text}")).unwrap();
            assert_eq!((parsed.fault, parsed.requests), (fault, requests), "{text}");
        }
    }

    #[test]
    fn operation_may_be_named_by_its_command() {
        for (text, expected) in [
            ("video create", "createVideo"),
            (" heygen video  create ", "createVideo"),
            ("video", "video"),
            ("GET /v3/videos/a", "GET /v3/videos/a"),
        ] {
            let parsed = parse(&format!("{text}=delay=2s")).unwrap();
            assert_eq!(parsed.operation, expected);
        }
    }

    #[test]
    fn invalid_fault_names_the_forms() {
        for text in [
            "", "x", "x0", "503x", "503x-1", "503x2,x3", "99", "600", "5oo", "close=1", "cut",
            "cut=-1", "slow=0", "delay=0", "delay", "503,", "é",
        ] {
            let error = parse(&format!("*={text}")).unwrap_err();
            assert!(error.contains("retry-after=SECONDS"), "{text}: {error}");
        }
        for text in ["500,503", "cut=1,close", "delay=1,delay=2"] {
            let error = parse(&format!("*={text}")).unwrap_err();
            assert!(error.contains("second"), "{text}: {error}");
        }
        let error = parse("video crate=503").unwrap_err();
        assert!(error.contains("\"video create\""), "{error}");
        for text in ["video create", "=503", ""] {
            assert!(parse(text).unwrap_err().contains("OPERATION=FAULT"));
        }
    }
}
