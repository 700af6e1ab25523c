//! Progress of work on a terminal: one line on stderr, which is removed at the end.
//! Elsewhere nothing is drawn.

use std::fmt::Write;
use std::io::{self, IsTerminal as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// Time between two pictures of a spinner.
const TICK: Duration = Duration::from_millis(100);

const SPINNER: &str = "{spinner} {msg}, {seconds}";
const BYTES: &str = "{msg:24!} {wide_bar} {decimal_bytes} of {decimal_total_bytes}, \
                     {decimal_bytes_per_sec}, {eta} left";
const BYTES_ALONE: &str = "{spinner} {msg:24!} {decimal_bytes}, {decimal_bytes_per_sec}";

/// A line of progress. Clones are the same line.
#[derive(Clone)]
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    /// A line without content yet.
    pub(crate) fn new() -> Self {
        if !is_drawn() {
            return Self(None);
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        bar.set_style(style(SPINNER));
        bar.enable_steady_tick(TICK);
        Self(Some(bar))
    }

    /// Shows what is done, beside a spinner and the time.
    pub(crate) fn set(&self, what: impl Into<String>) {
        if let Some(bar) = &self.0 {
            bar.set_style(style(SPINNER));
            bar.set_message(what.into());
        }
    }

    /// Shows how many bytes of a file were moved. `before` of them were there at the
    /// beginning, and are not part of the rate.
    pub(crate) fn bytes(&self, bytes: u64, total: Option<u64>, before: u64) {
        let Some(bar) = &self.0 else { return };
        if bar.length() != total || bar.position() == 0 {
            bar.set_style(style(total.map_or(BYTES_ALONE, |_| BYTES)));
            total.map_or_else(|| bar.unset_length(), |total| bar.set_length(total));
        }
        if bar.position() > bytes || bar.position() < before {
            bar.set_position(before);
            bar.reset_eta();
        }
        bar.set_position(bytes);
    }

    /// Removes the line.
    pub(crate) fn clear(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// Whether stderr is a terminal that lines can be drawn on, with somebody before it.
fn is_drawn() -> bool {
    let is_set =
        |name| std::env::var(name).is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"));
    let is_dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    io::stderr().is_terminal() && !is_dumb && !is_set("CI")
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
        .tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ")
        .progress_chars("=> ")
        .with_key("seconds", |state: &ProgressState, out: &mut dyn Write| {
            // Writing to a text does not fail.
            let _ = write!(out, "{} s", state.elapsed().as_secs());
        })
}
