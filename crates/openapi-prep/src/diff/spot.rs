//! Where a comparison is: the operation or named schema, and the way down
//! from there, in words for people.

use super::{change::Direction, form::Way, words::code};

/// What the way down starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Root {
    Document,
    /// The method's name.
    Operation(String),
    Answer(String),
    Body(String),
    /// The method's name and the parameter's.
    Parameter(String, String),
    /// The schema's name.
    Schema(String),
}

/// A place as a reader would call it.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    root: Root,
    path: String,
    /// Method and path, such as `GET /videos`.
    pub(super) operation: Option<String>,
    pub(super) way: Option<Way>,
    /// The name an unnamed type gets here, where that is plain to tell.
    pub(super) wanted: Option<String>,
}

impl Spot {
    pub(super) fn document() -> Self {
        Self {
            root: Root::Document,
            path: String::new(),
            operation: None,
            way: None,
            wanted: None,
        }
    }

    /// The operation with this method and path, under this method's name.
    pub(super) fn operation(operation: String, name: &str) -> Self {
        Self {
            root: Root::Operation(name.to_owned()),
            operation: Some(operation),
            ..Self::document()
        }
    }

    fn of_operation(&self, way: Way, word: &str, root: impl Fn(String) -> Root) -> Self {
        let Root::Operation(name) = &self.root else {
            return self.clone();
        };
        Self {
            root: root(name.clone()),
            path: String::new(),
            operation: self.operation.clone(),
            way: Some(way),
            wanted: Some(format!("{name} {word}")),
        }
    }

    pub(super) fn answer(&self) -> Self {
        self.of_operation(Way::Response, "Response", Root::Answer)
    }

    pub(super) fn body(&self) -> Self {
        self.of_operation(Way::Request, "Request", Root::Body)
    }

    pub(super) fn parameter(&self, parameter: &str) -> Self {
        self.of_operation(Way::Request, parameter, |name| {
            Root::Parameter(name, parameter.to_owned())
        })
    }

    /// A named schema, looked at from one side of a call.
    pub(super) fn schema(name: &str, way: Option<Way>) -> Self {
        Self {
            root: Root::Schema(name.to_owned()),
            way,
            wanted: Some(name.to_owned()),
            ..Self::document()
        }
    }

    pub(super) fn field(&self, name: &str) -> Self {
        let owner = self.wanted.as_deref().map(|owner| match name {
            "data" => owner.strip_suffix("Response").unwrap_or(owner),
            _ => owner,
        });
        let dot = if self.path.is_empty() { "" } else { "." };
        Self {
            path: format!("{}{dot}{name}", self.path),
            wanted: owner.map(|owner| format!("{owner} {name}")),
            ..self.clone()
        }
    }

    /// An item of a list, a value of a map, a variant of a union.
    pub(super) fn inside(&self, mark: &str) -> Self {
        Self {
            path: format!("{}{mark}", self.path),
            wanted: None,
            ..self.clone()
        }
    }

    /// The place in words; the start of a sentence.
    pub(super) fn told(&self) -> String {
        let path = &self.path;
        match &self.root {
            Root::Document => "The document".to_owned(),
            Root::Operation(name) => format!("The method {}", code(name)),
            Root::Answer(name) if path.is_empty() => format!("The answer of {}", code(name)),
            Root::Answer(name) => format!("{} in the answer of {}", code(path), code(name)),
            Root::Body(name) if path.is_empty() => format!("The body of {}", code(name)),
            Root::Body(name) => format!("{} in the body of {}", code(path), code(name)),
            Root::Parameter(name, parameter) => {
                let dot = if path.is_empty() || path.starts_with(['[', '{', '|']) {
                    ""
                } else {
                    "."
                };
                let whole = format!("{parameter}{dot}{path}");
                format!("The parameter {} of {}", code(&whole), code(name))
            }
            Root::Schema(name) => {
                let dot = if path.is_empty() || path.starts_with(['[', '{', '|']) {
                    ""
                } else {
                    "."
                };
                code(&format!("{name}{dot}{path}"))
            }
        }
    }

    /// The place in words, within a sentence.
    pub(super) fn told_inside(&self) -> String {
        let told = self.told();
        match told.strip_prefix("The ") {
            Some(rest) => format!("the {rest}"),
            None => told,
        }
    }

    pub(super) fn schema_name(&self) -> Option<String> {
        match &self.root {
            Root::Schema(name) => Some(name.clone()),
            _ => None,
        }
    }

    pub(super) fn direction(&self) -> Option<Direction> {
        self.way.map(|way| match way {
            Way::Request => Direction::Request,
            Way::Response => Direction::Response,
        })
    }
}
