//! Progress of a download.

use std::fmt;

/// Progress of a download, passed to the callback after each piece of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownloadProgress {
    /// Bytes of the file so far. Fewer than before where the file changed on its
    /// server and is read from its beginning.
    pub bytes: u64,
    /// Length of the file in bytes, if it is known.
    pub total: Option<u64>,
    /// How many of the bytes an earlier download had left, and were not received
    /// again.
    pub resumed: u64,
}

impl DownloadProgress {
    /// The part that has been received, from 0 to 100, if the length is known.
    pub fn percent(&self) -> Option<u8> {
        match self.total? {
            0 => Some(100),
            total => {
                let percent = u128::from(self.bytes) * 100 / u128::from(total);
                u8::try_from(percent.min(100)).ok()
            }
        }
    }
}

/// Such as `12.5 of 50.0 MB (25 %)`.
impl fmt::Display for DownloadProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Megabytes(self.bytes))?;
        match (self.total, self.percent()) {
            (Some(total), Some(percent)) => write!(f, " of {} MB ({percent} %)", Megabytes(total)),
            _ => f.write_str(" MB"),
        }
    }
}

/// Megabytes with one decimal.
struct Megabytes(u64);

impl fmt::Display for Megabytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.0 / 100_000;
        write!(f, "{}.{}", tenths / 10, tenths % 10)
    }
}

/// A callback for progress.
pub(super) type OnProgress = Box<dyn FnMut(&DownloadProgress) + Send>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_printed_in_megabytes_and_percent() {
        let progress = |bytes, total| DownloadProgress {
            bytes,
            total,
            resumed: 0,
        };
        for (bytes, total, text) in [
            (12_500_000, Some(50_000_000), "12.5 of 50.0 MB (25 %)"),
            (999, None, "0.0 MB"),
            (0, Some(0), "0.0 of 0.0 MB (100 %)"),
            (
                u64::MAX,
                Some(u64::MAX),
                "18446744073709.5 of 18446744073709.5 MB (100 %)",
            ),
        ] {
            assert_eq!(progress(bytes, total).to_string(), text);
        }
    }
}
