//! Progress of work on a terminal: one line on stderr, which its user removes at the
//! end. Elsewhere nothing is drawn.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A line for work of unknown length.
pub(crate) const STATE: &str = "{spinner} {msg}, {elapsed}";

/// A line for a file that is moved.
pub(crate) const BYTES: &str = "{msg:24!} {wide_bar} {decimal_bytes} of {decimal_total_bytes}, \
                                {decimal_bytes_per_sec}, {eta} left";

/// A line of this template. Clones are the same line.
pub(crate) fn line(template: &str, message: String) -> ProgressBar {
    let style = ProgressStyle::with_template(template);
    let line = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
        .with_message(message);
    if !line.is_hidden() {
        line.tick();
        line.enable_steady_tick(Duration::from_millis(100));
    }
    line
}

/// Shows how many bytes of a file were moved. `before` of them were there at the
/// beginning, and are not part of the rate.
pub(crate) fn show_bytes(line: &ProgressBar, bytes: u64, total: Option<u64>, before: u64) {
    if let Some(total) = total.filter(|_| line.length() != total) {
        line.set_length(total);
    }
    if line.position() < before {
        line.set_position(before);
        line.reset_eta();
    }
    line.set_position(bytes);
}
