//! Validates a value against a shape of the tables.

use std::fmt;

use regex_lite::Regex;
use serde_json::{Map, Value};

use crate::table::{Field, Range, Shape, Text};

/// Maximum depth that is validated.
const MAX_DEPTH: usize = 64;

/// The most alternatives that a message lists.
const MAX_LISTED: usize = 40;

/// A validation error: the location and the expected value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The path of the property, as `items[0].name`; empty for the value
    /// itself.
    pub(crate) at: String,
    /// The expected value, phrased to follow "must".
    pub(crate) wanted: String,
    /// Whether the value has the right type.
    typed: bool,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = if self.at.is_empty() {
            "the value"
        } else {
            &self.at
        };
        write!(f, "{at} must {}", self.wanted)
    }
}

impl Problem {
    /// A problem of a value of the wrong type.
    fn of_type(at: &str, wanted: &str) -> Self {
        Self {
            at: at.to_owned(),
            wanted: format!("be {wanted}"),
            typed: false,
        }
    }

    /// A problem of a value of the right type; `wanted` follows "must".
    pub(crate) fn of_value(at: &str, wanted: String) -> Self {
        Self {
            at: at.to_owned(),
            wanted,
            typed: true,
        }
    }

    /// Whether this one says more than another problem of the same value.
    fn is_closer(&self, other: &Self) -> bool {
        (self.at.len(), self.typed) > (other.at.len(), other.typed)
    }
}

/// Validates a value against a shape; the error is the first problem.
pub(crate) fn validate(shape: &Shape, value: &Value) -> Result<(), Problem> {
    check(shape, value, "", 0)
}

/// Validates a string of a path, query or header: it is valid if any value that
/// it parses to is valid.
pub(crate) fn validate_text(shape: &Shape, text: &str) -> Result<(), Problem> {
    let mut closest: Option<Problem> = None;
    let parsed = serde_json::from_str(text).ok();
    let scalar = parsed.filter(|value: &Value| value.is_number() || value.is_boolean());
    for value in [Some(Value::from(text)), scalar].into_iter().flatten() {
        match validate(shape, &value) {
            Ok(()) => return Ok(()),
            Err(found) => keep_closest(&mut closest, found),
        }
    }
    closest.map_or(Ok(()), Err)
}

fn keep_closest(closest: &mut Option<Problem>, found: Problem) {
    if closest.as_ref().is_none_or(|known| found.is_closer(known)) {
        *closest = Some(found);
    }
}

fn check(shape: &Shape, value: &Value, at: &str, depth: usize) -> Result<(), Problem> {
    if depth > MAX_DEPTH {
        return Ok(());
    }
    let is = |right: bool, wanted: &str| {
        if right {
            Ok(())
        } else {
            Err(Problem::of_type(at, wanted))
        }
    };
    match shape {
        Shape::Any => Ok(()),
        Shape::Never => Err(Problem::of_value(at, "be absent: it is unknown".to_owned())),
        Shape::Null => is(value.is_null(), "null"),
        Shape::Nullable(_) if value.is_null() => Ok(()),
        Shape::Nullable(inner) => check(inner, value, at, depth + 1),
        Shape::Boolean => is(value.is_boolean(), "true or false"),
        Shape::Integer(range) => {
            is(is_integer(value), "a whole number")?;
            in_range(range, value, at)
        }
        Shape::Number(range) => {
            is(value.is_number(), "a number")?;
            in_range(range, value, at)
        }
        Shape::Text(constraints) => match value.as_str() {
            Some(text) => fits(constraints, text, at),
            None => is(false, "a string"),
        },
        Shape::Values(allowed) => one_of(allowed, value, at),
        Shape::Array(items, least, greatest) => match value.as_array() {
            Some(values) => array(items, (*least, *greatest), values, at, depth),
            None => is(false, "an array"),
        },
        Shape::Object(fields, rest) => match value.as_object() {
            Some(object) => properties(fields, rest, object, at, depth),
            None => is(false, "an object"),
        },
        Shape::AnyOf(shapes) => any_of(shapes, value, at, depth),
        Shape::AllOf(shapes) => shapes
            .iter()
            .try_for_each(|shape| check(shape, value, at, depth + 1)),
        Shape::Tagged(tag, variants) => tagged(tag, variants, value, at, depth),
    }
}

fn is_integer(value: &Value) -> bool {
    value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|n| n.fract() == 0.0)
}

fn in_range(range: &Range, value: &Value, at: &str) -> Result<(), Problem> {
    let Range {
        least,
        greatest,
        above,
        below,
    } = *range;
    let number = value.as_f64().unwrap_or_default();
    let low = number < least || (above && number <= least);
    let high = number > greatest || (below && number >= greatest);
    if !low && !high {
        return Ok(());
    }
    let wanted = match (low, above, below) {
        (true, false, _) => format!("be at least {least}"),
        (true, true, _) => format!("be above {least}"),
        (false, _, false) => format!("be at most {greatest}"),
        (false, _, true) => format!("be below {greatest}"),
    };
    Err(Problem::of_value(at, wanted))
}

fn fits(constraints: &Text, text: &str, at: &str) -> Result<(), Problem> {
    let length = text.chars().count();
    let wanted = if length < constraints.least {
        format!("have at least {} characters", constraints.least)
    } else if length > constraints.greatest {
        format!("have at most {} characters", constraints.greatest)
    } else if matches(constraints.pattern, text) {
        return Ok(());
    } else {
        format!("match {}", constraints.pattern)
    };
    Err(Problem::of_value(at, wanted))
}

/// Whether a string matches a pattern; one that is not a regular expression here
/// matches all.
fn matches(pattern: &str, text: &str) -> bool {
    pattern.is_empty() || Regex::new(pattern).map_or(true, |regex| regex.is_match(text))
}

fn one_of(allowed: &[&str], value: &Value, at: &str) -> Result<(), Problem> {
    let parsed = |text: &&str| serde_json::from_str::<Value>(text).is_ok_and(|one| one == *value);
    if allowed.iter().any(parsed) {
        return Ok(());
    }
    let wanted = match allowed {
        [one] => format!("be {one}"),
        all if all.len() > MAX_LISTED => format!("be one of {} documented values", all.len()),
        all => format!("be one of {}", all.join(", ")),
    };
    let is_text = allowed.first().is_some_and(|one| one.starts_with('"'));
    Err(Problem {
        typed: is_text == value.is_string(),
        ..Problem::of_value(at, wanted)
    })
}

fn array(
    items: &Shape,
    (least, greatest): (usize, usize),
    values: &[Value],
    at: &str,
    depth: usize,
) -> Result<(), Problem> {
    let length = values.len();
    if length < least || length > greatest {
        let (word, bound) = if length < least {
            ("least", least)
        } else {
            ("most", greatest)
        };
        return Err(Problem::of_value(
            at,
            format!("have at {word} {bound} items"),
        ));
    }
    values
        .iter()
        .enumerate()
        .try_for_each(|(index, item)| check(items, item, &format!("{at}[{index}]"), depth + 1))
}

fn properties(
    fields: &[Field],
    rest: &Shape,
    object: &Map<String, Value>,
    at: &str,
    depth: usize,
) -> Result<(), Problem> {
    let absent = |field: &&Field| field.required && !object.contains_key(field.name);
    if let Some(field) = fields.iter().find(absent) {
        let wanted = "be present".to_owned();
        return Err(Problem::of_value(&join(at, field.name), wanted));
    }
    for (name, value) in object {
        let field = fields.iter().find(|field| field.name == name);
        let shape = field.map_or(rest, |field| field.shape);
        check(shape, value, &join(at, name), depth + 1)?;
    }
    Ok(())
}

/// One of the alternatives must be valid. The problem reported is the one
/// deepest in the value.
fn any_of(shapes: &[&Shape], value: &Value, at: &str, depth: usize) -> Result<(), Problem> {
    let mut closest: Option<Problem> = None;
    for shape in shapes {
        match check(shape, value, at, depth + 1) {
            Ok(()) => return Ok(()),
            Err(found) => keep_closest(&mut closest, found),
        }
    }
    match closest {
        None => Ok(()),
        Some(found) if found.at.len() > at.len() || found.typed => Err(found),
        Some(_) => Err(Problem::of_type(at, "one of the documented alternatives")),
    }
}

fn tagged(
    tag: &str,
    variants: &[(&str, &Shape)],
    value: &Value,
    at: &str,
    depth: usize,
) -> Result<(), Problem> {
    let Some(object) = value.as_object() else {
        return Err(Problem::of_type(at, "an object"));
    };
    let at_tag = join(at, tag);
    let Some(sent) = object.get(tag) else {
        return Err(Problem::of_value(&at_tag, "be present".to_owned()));
    };
    let variant = variants.iter().find(|(name, _)| sent == *name);
    match variant {
        Some((_, shape)) => check(shape, value, at, depth + 1),
        None => {
            let names = variants.iter().map(|(name, _)| format!("\"{name}\""));
            let names: Vec<String> = names.collect();
            let wanted = format!("be one of {}", names.join(", "));
            Err(Problem::of_value(&at_tag, wanted))
        }
    }
}

fn join(at: &str, name: &str) -> String {
    if at.is_empty() {
        name.to_owned()
    } else {
        format!("{at}.{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    static TREE: Shape = Shape::Object(
        &[
            Field::required("name", &Shape::Text(Text::of(1, 3))),
            Field::optional("kids", &Shape::Array(&TREE, 0, 2)),
        ],
        &Shape::Never,
    );

    fn error_of(shape: &Shape, value: &Value) -> String {
        validate(shape, value).map_or_else(|problem| problem.to_string(), |()| String::new())
    }

    #[test]
    fn types_are_checked() {
        let nullable = Shape::Nullable(&Shape::Text(Text::ANY));
        let wrong = [
            (Shape::Boolean, json!(1), "true or false"),
            (Shape::Integer(Range::ANY), json!(1.5), "a whole number"),
            (Shape::Number(Range::ANY), json!("1"), "a number"),
            (nullable, json!(1), "a string"),
            (Shape::Array(&Shape::Any, 0, 9), json!({}), "an array"),
            (Shape::Null, json!(0), "null"),
            (TREE, json!([]), "an object"),
        ];
        for (shape, value, wanted) in wrong {
            assert_eq!(
                error_of(&shape, &value),
                format!("the value must be {wanted}")
            );
        }
        assert_eq!(error_of(&nullable, &json!(null)), "");
        assert_eq!(error_of(&Shape::Integer(Range::ANY), &json!(3.0)), "");
        assert_eq!(error_of(&Shape::Any, &json!([1])), "");
    }

    #[test]
    fn bounds_lengths_and_patterns_are_checked() {
        let number = Shape::Number(Range::of(0.5, 2.0).above().below());
        let color = Shape::Text(Text::ANY.pattern("^#[0-9a-f]{6}$"));
        for (shape, value, problem) in [
            (
                Shape::Integer(Range::of(1.0, 9.0)),
                json!(0),
                "be at least 1",
            ),
            (
                Shape::Integer(Range::of(1.0, 9.0)),
                json!(10),
                "be at most 9",
            ),
            (number, json!(0.5), "be above 0.5"),
            (number, json!(2), "be below 2"),
            (color, json!("red"), "match ^#[0-9a-f]{6}$"),
            (
                Shape::Text(Text::of(2, 3)),
                json!("ü"),
                "have at least 2 characters",
            ),
            (
                Shape::Text(Text::of(2, 3)),
                json!("üüüü"),
                "have at most 3 characters",
            ),
            (
                Shape::Array(&Shape::Any, 1, 2),
                json!([]),
                "have at least 1 items",
            ),
            (
                Shape::Array(&Shape::Any, 1, 2),
                json!([1, 2, 3]),
                "have at most 2 items",
            ),
        ] {
            assert_eq!(
                error_of(&shape, &value),
                format!("the value must {problem}")
            );
        }
        assert_eq!(error_of(&color, &json!("#00ff00")), "");
        assert_eq!(error_of(&Shape::Text(Text::of(2, 3)), &json!("üü")), "");
    }

    #[test]
    fn nested_problem_is_named_by_its_path() {
        let valid = json!({"name": "a", "kids": [{"name": "b"}]});
        assert_eq!(error_of(&TREE, &valid), "");
        for (kid, problem) in [
            (json!({}), "kids[0].name must be present"),
            (json!({"name": 1}), "kids[0].name must be a string"),
            (
                json!({"name": "b", "age": 1}),
                "kids[0].age must be absent: it is unknown",
            ),
        ] {
            let value = json!({"name": "a", "kids": [kid]});
            assert_eq!(error_of(&TREE, &value), problem);
        }
    }

    #[test]
    fn values_and_alternatives() {
        static EITHER: Shape = Shape::AnyOf(&[&TREE, &Shape::Null]);
        static BOTH: Shape = Shape::AllOf(&[&TREE, &Shape::Any]);
        let enumerated = Shape::Values(&["\"a\"", "2"]);
        assert_eq!(error_of(&enumerated, &json!("a")), "");
        assert_eq!(error_of(&enumerated, &json!(2)), "");
        assert_eq!(
            error_of(&enumerated, &json!("c")),
            "the value must be one of \"a\", 2"
        );
        assert_eq!(error_of(&EITHER, &json!(null)), "");
        assert_eq!(error_of(&EITHER, &json!({})), "name must be present");
        assert_eq!(
            error_of(&EITHER, &json!(5)),
            "the value must be one of the documented alternatives"
        );
        assert_eq!(error_of(&BOTH, &json!({})), "name must be present");
    }

    #[test]
    fn tag_selects_the_shape() {
        static CAT: Shape = Shape::Object(&[Field::required("lives", &Shape::Any)], &Shape::Any);
        static PET: Shape = Shape::Tagged("kind", &[("cat", &CAT), ("dog", &Shape::Any)]);
        for (value, problem) in [
            (json!({"kind": "dog"}), ""),
            (json!({"kind": "cat"}), "lives must be present"),
            (
                json!({"kind": "cow"}),
                "kind must be one of \"cat\", \"dog\"",
            ),
            (json!({}), "kind must be present"),
            (json!("cat"), "the value must be an object"),
        ] {
            assert_eq!(error_of(&PET, &value), problem);
        }
    }

    #[test]
    fn text_is_parsed_as_the_type_of_the_shape() {
        let error_of = |shape: &Shape, text: &str| {
            validate_text(shape, text)
                .map_or_else(|problem| problem.to_string(), |()| String::new())
        };
        let integer = Shape::Integer(Range::of(1.0, 100.0));
        assert_eq!(error_of(&integer, "12"), "");
        assert_eq!(
            error_of(&integer, "1.5"),
            "the value must be a whole number"
        );
        assert_eq!(error_of(&integer, "x"), "the value must be a whole number");
        assert_eq!(error_of(&integer, "500"), "the value must be at most 100");
        assert_eq!(error_of(&Shape::Nullable(&Shape::Boolean), "true"), "");
        assert_eq!(
            error_of(&Shape::Boolean, "yes"),
            "the value must be true or false"
        );
        assert_eq!(error_of(&Shape::Text(Text::ANY), "12"), "");
        let problem = error_of(&Shape::Text(Text::of(3, 9)), "12");
        assert_eq!(problem, "the value must have at least 3 characters");
    }
}
