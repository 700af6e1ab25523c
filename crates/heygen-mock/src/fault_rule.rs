//! Faults as text: for settings and command lines.

use std::str::FromStr;
use std::time::Duration;

use crate::error::Error;
use crate::fault::Fault;

/// A fault of the requests to an operation, parsed from `OPERATION=FAULT`: what
/// [`Builder::fault`](crate::Builder::fault) takes, from an environment variable or a
/// command line.
///
/// `OPERATION` is a name as [`MockServer::on`](crate::MockServer::on) takes it. `FAULT`
/// has the [`FORMS`](Self::FORMS), joined by commas.
///
/// ```
/// use heygen_mock::{FaultRule, MockServer};
///
/// # fn main() -> Result<(), heygen_mock::Error> {
/// // For example the value of a variable MOCK_FAULT of a test suite.
/// let rule: FaultRule = "create_video=503x2,retry-after=1".parse()?;
/// let busy_twice = MockServer::builder().fault(&rule.operation, rule.fault, rule.requests);
/// # let _ = busy_twice;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultRule {
    /// The name of the operation, which is resolved when the server starts.
    pub operation: String,
    /// What happens.
    pub fault: Fault,
    /// How many requests it is for; `None` for all.
    pub requests: Option<usize>,
}

impl FaultRule {
    /// The parts of a fault, for help and errors. `TIMES` is for how many requests it is;
    /// `TIME` is seconds, or has one of the units `ms`, `s` and `m`. A `code` without a
    /// status is that of a 400.
    pub const FORMS: &str = "STATUS, STATUSxTIMES, xTIMES, code=CODE, retry-after=SECONDS, \
                             delay=TIME, close, cut=BYTES, stall=BYTES, slow=BYTES_PER_SECOND";

    /// Adds a part, and returns which aspect of the response it is about.
    fn add(&mut self, part: &str) -> Option<&'static str> {
        const END: &str = "end of the response";
        let (name, text) = part.split_once('=').unwrap_or((part, ""));
        let number = || text.parse::<u64>().ok();
        let bytes = || text.parse::<usize>().ok();
        let fault = self.fault.clone();
        let (aspect, fault) = match name {
            "code" if !text.is_empty() => ("code", fault.reason(text, "injected by a rule")),
            "retry-after" => ("retry-after", fault.retry_after(number()?)),
            "delay" => ("delay", fault.delay_by(duration(text)?)),
            "slow" => ("slow", fault.slow(number().filter(|speed| *speed > 0)?)),
            "cut" => (END, fault.cut_body_after(bytes()?)),
            "stall" => (END, fault.stall_body_after(bytes()?)),
            "close" if text.is_empty() => (END, fault.close_connection()),
            _ => {
                let (status, times) = part.split_once('x').unwrap_or((part, ""));
                if status.len() < part.len() {
                    let times = times.parse().ok().filter(|times| *times > 0)?;
                    if self.requests.replace(times).is_some() {
                        return None;
                    }
                    if status.is_empty() {
                        return Some("number of times");
                    }
                }
                let status = status.parse().ok();
                let status = status.filter(|status| (200..600).contains(status));
                ("status", fault.with_status(status?))
            }
        };
        self.fault = fault;
        Some(aspect)
    }
}

impl FromStr for FaultRule {
    type Err = Error;

    /// Parses `OPERATION=FAULT`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidFault`]. The operation is not resolved.
    fn from_str(text: &str) -> Result<Self, Error> {
        let invalid = |problem| Error::InvalidFault { problem };
        let Some((operation, parts)) = text.split_once('=') else {
            let problem = "pass OPERATION=FAULT, such as create_video=503x2";
            return Err(invalid(problem.to_owned()));
        };
        let mut rule = Self {
            operation: operation.trim().to_owned(),
            fault: Fault::default(),
            requests: None,
        };
        let mut aspects = Vec::new();
        for part in parts.split(',').map(str::trim) {
            let aspect = rule.add(part).ok_or_else(|| {
                let forms = Self::FORMS;
                invalid(format!("{part:?} is not a fault: pass {forms}"))
            })?;
            if aspects.contains(&aspect) {
                let problem = format!("{part:?} is a second {aspect}: pass one of a kind");
                return Err(invalid(problem));
            }
            aspects.push(aspect);
        }
        if aspects.contains(&"code") && !aspects.contains(&"status") {
            rule.fault = rule.fault.with_status(400);
        }
        Ok(rule)
    }
}

/// A time above zero: `2`, `0.5s`, `500ms`, `1m`.
fn duration(text: &str) -> Option<Duration> {
    let units = [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("", 1.0)];
    let mut known = units.iter();
    let (number, seconds) =
        known.find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, seconds)))?;
    let time = Duration::try_from_secs_f64(number.parse::<f64>().ok()? * seconds).ok();
    time.filter(|time| !time.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        text.parse::<FaultRule>().unwrap_err().to_string()
    }

    #[test]
    fn parts_of_a_fault_are_combined() {
        let delay = |millis| Fault::delay(Duration::from_millis(millis));
        for (text, fault, requests) in [
            ("503", Fault::status(503), None),
            ("503x2", Fault::status(503), Some(2)),
            ("429,retry-after=5", Fault::status(429).retry_after(5), None),
            ("x3,delay=2s", delay(2000), Some(3)),
            ("delay=1.5m", delay(90_000), None),
            ("delay=250ms", delay(250), None),
            ("cut=10", Fault::cut_after(10), None),
            ("200, stall=0", Fault::status(200).stall_body_after(0), None),
            ("close,delay=0.5", delay(500).close_connection(), None),
            ("slow=1000", Fault::default().slow(1000), None),
            (
                "code=a",
                Fault::status(400).reason("a", "injected by a rule"),
                None,
            ),
        ] {
            let rule: FaultRule = format!("GET /v3/videos/a={text}").parse().unwrap();
            assert_eq!((rule.fault, rule.requests), (fault, requests), "{text}");
            assert_eq!(rule.operation, "GET /v3/videos/a");
        }
    }

    #[test]
    fn invalid_fault_is_an_error_with_the_forms() {
        for text in [
            "",
            "x",
            "x0",
            "503x",
            "503x-1",
            "503x2,x3",
            "99",
            "600",
            "5oo",
            "close=1",
            "cut",
            "cut=-1",
            "slow=0",
            "delay=0",
            "delay",
            "delay=-1s",
            "503,",
            "é",
        ] {
            let problem = problem(&format!("*={text}"));
            assert!(problem.contains("retry-after=SECONDS"), "{text}: {problem}");
        }
        for text in ["500,503", "cut=1,close", "delay=1,delay=2"] {
            assert!(problem(&format!("*={text}")).contains("second"), "{text}");
        }
        for text in ["create_video", ""] {
            assert!(problem(text).contains("OPERATION=FAULT"), "{text}");
        }
    }
}
