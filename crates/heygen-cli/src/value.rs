//! Values of options: how text becomes a boolean, a number, a time or a list.

use std::time::Duration;

/// A boolean, as Go's flags take them.
pub(crate) fn boolean(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err("pass true or false".to_owned()),
    }
}

/// A time above zero: `90s`, `1h30m`, `1.5m`, `500ms`, or plain seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let plain = text
        .parse()
        .ok()
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let written = || Duration::try_from(text.parse::<jiff::SignedDuration>().ok()?).ok();
    plain
        .or_else(written)
        .filter(|time| !time.is_zero())
        .ok_or_else(|| "pass a time above 0, such as 30, 90s or 1h30m".to_owned())
}
