//! Untrusted text: bytes that are not UTF-8 are replaced; in a line of output also
//! control characters, and its length is bounded.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// Prints a text on one line and at most `.1` characters of it. Runs of white
/// space and control characters become one space.
pub(crate) struct OneLine<'a>(pub(crate) &'a str, pub(crate) usize);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut gap = false;
        let mut written = 0;
        for letter in self.0.chars() {
            if letter.is_whitespace() || is_unprintable(letter) {
                gap = written > 0;
                continue;
            }
            if written >= self.1 {
                return f.write_char('\u{2026}');
            }
            if std::mem::take(&mut gap) {
                f.write_char(' ')?;
            }
            f.write_char(letter)?;
            written += 1;
        }
        Ok(())
    }
}

/// Whether a text prints as blank.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|letter| letter.is_whitespace() || is_unprintable(letter))
}

/// Control characters, and those that change the text direction.
fn is_unprintable(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Bytes as text, each run of bytes that are not UTF-8 replaced. Unlike that of
/// the standard library, the copy has its size from the beginning: bodies are
/// large.
pub(crate) fn replace_invalid<'a>(bytes: &'a [u8], replacement: &str) -> Cow<'a, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let starts_invalid = bytes
        .utf8_chunks()
        .next()
        .is_some_and(|chunk| chunk.valid().is_empty());
    let runs = || {
        bytes
            .utf8_chunks()
            .filter(|chunk| !chunk.valid().is_empty())
    };
    let replaced = 1 + runs().count();
    let mut text = String::with_capacity(bytes.len() + replaced * replacement.len());
    if starts_invalid {
        text.push_str(replacement);
    }
    for chunk in runs() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push_str(replacement);
        }
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_printed_on_one_line() {
        assert_eq!(
            OneLine(" a\r\n\t b\u{1b}[31m\u{202e}c ", 99).to_string(),
            "a b [31m c"
        );
        assert_eq!(OneLine("abcdef", 3).to_string(), "abc\u{2026}");
        assert_eq!(OneLine("abc  ", 3).to_string(), "abc");
        assert_eq!(OneLine("", 3).to_string(), "");
        for (text, blank) in [("", true), (" \u{5}\u{200b}", true), (" \u{5}a", false)] {
            assert_eq!(is_blank(text), blank);
            assert_eq!(OneLine(text, 9).to_string().is_empty(), blank);
        }
    }

    #[test]
    fn runs_of_invalid_bytes_are_replaced_once() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"abc", "abc"),
            (b"\xff", "?"),
            (b"\xff\xfea\xff\xffb\xc3", "?a?b?"),
            (b"\xc3\xa9\xe9.", "\u{e9}?."),
        ] {
            assert_eq!(replace_invalid(bytes, "?"), text);
        }
    }
}
