//! OpenAPI 3.1 to 3.0.3, which is what generators read.
//!
//! What 3.0 can say in other words is said in them; what it cannot say is
//! widened, never narrowed, and stands in the report as lost. A 3.0 document
//! passes through.

mod document;
mod keywords;
mod null;

use serde_json::Value;

use crate::{Error, Report, references, walk};

/// What a rule is called in the report: stage and rule.
type Rule = (&'static str, &'static str);

const fn rule(name: &'static str) -> Rule {
    ("lower", name)
}

/// Turns a document of OpenAPI 3.1 into one of 3.0.3.
pub fn lower(mut document: Value) -> Result<(Value, Report), Error> {
    let mut report = Report::new();
    match document.get("openapi").and_then(Value::as_str) {
        Some(version) if version.starts_with("3.0.") => return Ok((document, report)),
        Some(version) if version.starts_with("3.1.") || version == "3.1" => {}
        Some(version) => {
            return Err(Error::new(format!("OpenAPI {version} cannot be lowered"))
                .at("/openapi")
                .remedy("only 3.0 and 3.1 documents can be read"));
        }
        None => {
            return Err(Error::new("no OpenAPI document: the key `openapi` is missing")
                .at("")
                .remedy("an OpenAPI 3 document starts with its version, such as \"openapi\": \"3.1.0\""));
        }
    }
    let r = &mut report;
    document::version(&mut document, r);
    document::sections(&mut document, r);
    document::info(&mut document, r);
    document::required_parts(&mut document, r);
    references::settle(&mut document, "lower", r);
    walk::schemas(&mut document, &mut |schema, at| {
        keywords::boolean_schema(schema, at, r);
        keywords::identity(schema, at, r);
        keywords::constant(schema, at, r);
        keywords::examples(schema, at, r);
        keywords::exclusive_bounds(schema, at, r);
        keywords::content(schema, at, r);
        keywords::tuple(schema, at, r);
        keywords::inexpressible(schema, at, r);
        null::in_enum(schema, at, r);
        null::in_types(schema, at, r);
        null::in_unions(schema, at, r);
        keywords::reference_siblings(schema, at, r);
        keywords::items_of_arrays(schema, at, r);
    });
    Ok((document, report))
}

/// Applies one rule to one schema, for tests.
#[cfg(test)]
fn lowered(
    rule: fn(&mut Value, &crate::Pointer, &mut Report),
    mut schema: Value,
) -> (Value, Report) {
    let mut report = Report::new();
    rule(&mut schema, &crate::Pointer::root(), &mut report);
    (schema, report)
}
