//! The header `Range`, for one range of bytes.

/// What a request asks of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// All of it: no range, several, or one that is not valid.
    Whole,
    /// The bytes from the first offset up to and without the second.
    Part(u64, u64),
    /// A range that the file does not have.
    Nothing,
}

/// The part of a file of this length that a `Range` asks for.
pub(super) fn asked(range: &str, length: u64) -> Asked {
    let Some((first, last)) = range
        .strip_prefix("bytes=")
        .and_then(|range| range.split_once('-'))
    else {
        return Asked::Whole;
    };
    match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) if last >= first => part(first, last.saturating_add(1), length),
        (Ok(first), Err(_)) if last.trim().is_empty() => part(first, length, length),
        (Err(_), Ok(0)) if first.is_empty() => Asked::Nothing,
        (Err(_), Ok(last)) if first.is_empty() => part(length.saturating_sub(last), length, length),
        _ => Asked::Whole,
    }
}

fn part(from: u64, to: u64, length: u64) -> Asked {
    if from >= length {
        Asked::Nothing
    } else {
        Asked::Part(from, to.min(length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_http_says() {
        for (range, expected) in [
            ("bytes=0-0", Asked::Part(0, 1)),
            ("bytes=10-", Asked::Part(10, 100)),
            ("bytes=90-200", Asked::Part(90, 100)),
            ("bytes=-5", Asked::Part(95, 100)),
            ("bytes=-500", Asked::Part(0, 100)),
            ("bytes=100-", Asked::Nothing),
            ("bytes=-0", Asked::Nothing),
            ("bytes=5-4", Asked::Whole),
            ("bytes=1-2,5-6", Asked::Whole),
            ("items=1-2", Asked::Whole),
            ("bytes=x-", Asked::Whole),
        ] {
            assert_eq!(asked(range, 100), expected, "{range}");
        }
        assert_eq!(asked("bytes=0-", 0), Asked::Nothing);
    }
}
