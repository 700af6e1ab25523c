//! One error for every stage: where it is, what is wrong, what to do.

use std::fmt;

/// Why a stage refused its input.
///
/// `Display` gives one line: file and JSON pointer where known, what is wrong,
/// and what to do about it. Details, where there are any, follow below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Error {
    file: Option<String>,
    pointer: Option<String>,
    message: String,
    remedy: Option<String>,
    details: Option<String>,
}

impl Error {
    /// An error that says what is wrong.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            ..Self::default()
        }
    }

    /// Adds the JSON pointer of the place at fault.
    #[must_use]
    pub fn at(mut self, pointer: impl fmt::Display) -> Self {
        self.pointer = Some(pointer.to_string());
        self
    }

    /// Adds the file at fault, unless one is named already.
    #[must_use]
    pub fn in_file(mut self, file: impl fmt::Display) -> Self {
        // A name with a line feed in it must not break the line.
        self.file
            .get_or_insert_with(|| file.to_string().replace(char::is_control, "?"));
        self
    }

    /// Adds what the reader can do about it.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// Adds what does not fit on a line, such as both sides of a conflict.
    #[must_use]
    pub fn details(mut self, details: impl Into<String>) -> Self {
        self.details = Some(details.into());
        self
    }

    /// The JSON pointer of the place at fault.
    pub fn pointer(&self) -> Option<&str> {
        self.pointer.as_deref()
    }

    /// What is wrong, without file, pointer and remedy.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}: ")?;
        }
        if let Some(pointer) = &self.pointer {
            write!(f, "at {}: ", shown(pointer))?;
        }
        f.write_str(&self.message)?;
        if let Some(remedy) = &self.remedy {
            write!(f, " ({remedy})")?;
        }
        if let Some(details) = &self.details {
            write!(f, "\n{}", details.trim_end())?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// A JSON pointer as a reader sees it.
pub(crate) fn shown(pointer: &str) -> &str {
    if pointer.is_empty() {
        "the root"
    } else {
        pointer
    }
}
