//! Untrusted text in a line of output: control characters are replaced, the
//! length is bounded.

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
}
