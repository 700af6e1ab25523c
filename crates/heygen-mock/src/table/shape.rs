//! Shapes: what a value of a request must be.

/// What a value must be.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Any value.
    Any,
    /// No value: the property must be absent.
    Never,
    /// Null, or a value of this shape.
    Nullable(&'static Shape),
    /// Null.
    Null,
    /// `true` or `false`.
    Boolean,
    /// An integer.
    Integer(Range),
    /// A number.
    Number(Range),
    /// A string.
    Text(Text),
    /// One of these values, in JSON.
    Values(&'static [&'static str]),
    /// An array of items, between a least and a greatest number of them.
    Array(&'static Shape, usize, usize),
    /// An object with these properties. Others have the shape of the second part.
    Object(&'static [Field], &'static Shape),
    /// Valid under one of these.
    AnyOf(&'static [&'static Shape]),
    /// Valid under all of these.
    AllOf(&'static [&'static Shape]),
    /// An object whose property of this name says which shape it has.
    Tagged(&'static str, &'static [(&'static str, &'static Shape)]),
}

/// A property of an object.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Whether it must be sent.
    pub required: bool,
    /// What its value must be.
    pub shape: &'static Shape,
}

impl Field {
    /// A property that may be left out.
    pub const fn optional(name: &'static str, shape: &'static Shape) -> Self {
        Self {
            name,
            required: false,
            shape,
        }
    }

    /// A property that must be sent.
    pub const fn required(name: &'static str, shape: &'static Shape) -> Self {
        Self {
            name,
            required: true,
            shape,
        }
    }
}

/// The range of a number.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// The least number.
    pub least: f64,
    /// The greatest number.
    pub greatest: f64,
    /// Whether the least number itself is out of range.
    pub above: bool,
    /// Whether the greatest number itself is out of range.
    pub below: bool,
}

impl Range {
    /// Any number.
    pub const ANY: Self = Self::of(f64::NEG_INFINITY, f64::INFINITY);

    /// From the least to the greatest number.
    pub const fn of(least: f64, greatest: f64) -> Self {
        Self {
            least,
            greatest,
            above: false,
            below: false,
        }
    }

    /// Takes the least number out of the range.
    #[must_use]
    pub const fn above(mut self) -> Self {
        self.above = true;
        self
    }

    /// Takes the greatest number out of the range.
    #[must_use]
    pub const fn below(mut self) -> Self {
        self.below = true;
        self
    }
}

/// Constraints on a string.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    /// The least number of characters.
    pub least: usize,
    /// The greatest number of characters.
    pub greatest: usize,
    /// A regular expression; empty if there is none.
    pub pattern: &'static str,
}

impl Text {
    /// Any string.
    pub const ANY: Self = Self::of(0, usize::MAX);

    /// A string of that many characters.
    pub const fn of(least: usize, greatest: usize) -> Self {
        Self {
            least,
            greatest,
            pattern: "",
        }
    }

    /// Sets a regular expression that must match.
    #[must_use]
    pub const fn pattern(mut self, pattern: &'static str) -> Self {
        self.pattern = pattern;
        self
    }
}
