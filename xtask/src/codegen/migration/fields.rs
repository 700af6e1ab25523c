//! An object of a deprecated response beside that of its successor, field by field.

use openapi_prep::{
    Error,
    api::{Field, Shape, Type},
};
use serde_json::Value;

use super::{Call, Replaced};
use crate::codegen::{
    jobs::path::{follow, resolved},
    page::{code, table, text},
};

/// The overlay's hint for the property of the successor that says the same.
const RENAMED: &str = "x-renamed-to";

/// The overlay's hint for what to know, or to use instead.
const NOTE: &str = "x-migration";

/// The comparison of the fields, where the overlay says something of one.
pub(super) fn of(replaced: &Replaced<'_>) -> Result<Option<String>, Error> {
    let (Some((old, old_fields)), Some((new, new_fields))) =
        (object(&replaced.old), object(&replaced.new))
    else {
        return Ok(None);
    };
    let corrected = replaced.old.version.corrected;
    let hint = |field: &Field, key: &str| {
        let hint = corrected.pointer(&field.pointer)?.get(key)?;
        Some(hint.as_str().map(str::to_owned).unwrap_or_default())
    };
    let has_hint = |field: &Field| [RENAMED, NOTE].iter().any(|key| hint(field, key).is_some());
    if !old_fields.iter().any(has_hint) {
        return Ok(None);
    }
    let (mut rows, mut matched) = (Vec::new(), Vec::new());
    for field in old_fields {
        let renamed = hint(field, RENAMED);
        let name = renamed.as_ref().unwrap_or(&field.name);
        let successor = new_fields.iter().find(|other| other.name == *name);
        let note = hint(field, NOTE);
        let refused = |message: &str| {
            Error::new(format!("`{}` of `{}` {message}", field.name, old.name)).at(&field.pointer)
        };
        match (successor, &renamed, &note) {
            (None, Some(name), _) => {
                return Err(refused(&format!(
                    "has `{RENAMED}: {name}`, which `{}` has not",
                    new.name
                ))
                .remedy("correct the hint by an action in overlay.yaml"));
            }
            (None, None, None) => {
                return Err(refused(&format!("is not in `{}`", new.name)).remedy(format!(
                    "say what to use instead by `{NOTE}`, or its new name by `{RENAMED}`, in overlay.yaml"
                )));
            }
            _ => {}
        }
        matched.extend(successor.map(|successor| &successor.name));
        rows.push(row(field, successor, note.as_deref().unwrap_or_default()));
    }
    let added = new_fields
        .iter()
        .filter(|field| !matched.contains(&&field.name));
    let added = added.map(|field| {
        let about = replaced.new.description(field);
        vec![
            code(&field.rust_name),
            code(&field.rust_type()),
            text(about),
        ]
    });
    let (old_title, new_title) = (code(&old.name), code(&new.name));
    let (old_call, new_call) = (replaced.old.in_rust()?, replaced.new.in_rust()?);
    let mut out = format!(
        "{old_title} is the result of {}, {new_title} that of {}.\n\n",
        code(&old_call),
        code(&new_call)
    );
    let titles = [&*old_title, "Type", &new_title, "Type", "What changes"];
    out.push_str(&table(&titles, &rows));
    let added = table(
        &[&new_title, "Type", "What it is"],
        &added.collect::<Vec<_>>(),
    );
    if !added.is_empty() {
        out.extend([format!("What only {new_title} has:\n\n{added}")]);
    }
    Ok(Some(out))
}

/// A row of the comparison.
fn row(old: &Field, new: Option<&Field>, note: &str) -> Vec<String> {
    let change = match new {
        None => "Gone.",
        Some(new) if new.name != old.name && new.rust_type() != old.rust_type() => {
            "Another name, another type."
        }
        Some(new) if new.name != old.name => "Another name.",
        Some(new) if new.rust_type() != old.rust_type() => "Another type.",
        Some(_) => "Nothing.",
    };
    let of_new = |part: fn(&Field) -> String| new.map(|new| code(&part(new))).unwrap_or_default();
    vec![
        code(&old.rust_name),
        code(&old.rust_type()),
        of_new(|new| new.rust_name.clone()),
        of_new(Field::rust_type),
        format!("{change} {}", text(note)).trim_end().to_owned(),
    ]
}

/// The object in the envelope of a response.
fn object<'a>(call: &Call<'a>) -> Option<(&'a Type, &'a [Field])> {
    let api = call.version.api;
    let data = follow(api, call.operation.success.ty()?, "data")?;
    let ty = api.resolve(&resolved(api, &data))?;
    match &ty.shape {
        Shape::Struct { fields, .. } => Some((ty, fields)),
        _ => None,
    }
}

impl<'a> Call<'a> {
    /// What the document says of a field; its typed view has constraints in it.
    fn description(&self, field: &'a Field) -> &'a str
    where
        'a: 'a,
    {
        let found = self.version.corrected.pointer(&field.pointer);
        let found = found.and_then(|property| property.get("description"));
        let own = field.annotations.description.as_deref();
        found.and_then(Value::as_str).or(own).unwrap_or_default()
    }
}
