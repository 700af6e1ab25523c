//! What the generator cannot take costs a type or an operation, never the
//! document: finds what is at fault, and goes on without it.

use openapi_prep::{
    Document, Error, Prepared, Subject,
    api::{Api, BaseType, Body, BodyContent, Field, Shape},
};
use serde_json::{Value, json};

/// The stage and the rule of its entries in the report.
const RULE: (&str, &str) = ("generate", "rescue");

/// Runs the generator on a prepared document. Where that fails, schemas that are
/// at fault become any value and operations are left out: of the document and of
/// its typed view. The report says so.
pub(super) fn generate<T>(
    prepared: &mut Prepared,
    generator: &dyn Fn(&Value) -> Result<T, Error>,
) -> Result<T, Error> {
    let document = prepared.document.as_value();
    let whole = match generator(document) {
        Ok(code) => return Ok(code),
        Err(error) => error,
    };
    eprintln!("searching for what is at fault: {}", first_line(&whole));
    // Schemas first, so that operations are tried with those that are kept.
    let parts = [keys(document, "/components/schemas"), operations(document)].concat();
    if generator(&without(document, &parts)).is_err() {
        return Err(whole);
    }
    let mut faults = Vec::new();
    for (part, error) in at_fault(&parts, &|out| generator(&without(document, out))) {
        let others: Vec<String> = faults.iter().map(|(part, _)| part).cloned().collect();
        let properties = keys(document, &format!("{part}/properties"));
        let works = |out: &[String]| {
            let later = parts.iter().skip_while(|other| **other != part).skip(1);
            let out = [others.as_slice(), out]
                .concat()
                .into_iter()
                .chain(later.cloned());
            generator(&without(document, &out.collect::<Vec<_>>()))
        };
        if !properties.is_empty() && works(&properties).is_ok() {
            faults.extend(at_fault(&properties, &works));
        } else {
            faults.push((part, error));
        }
    }
    for (part, error) in &faults {
        give_up(part, error, prepared);
    }
    let faults: Vec<String> = faults.into_iter().map(|(part, _)| part).collect();
    let rest = without(prepared.document.as_value(), &faults);
    let code = generator(&rest)?;
    prepared.document = Document::from_value(rest)?;
    Ok(code)
}

/// The parts without which all others work together, and the error of each.
/// Parts are taken in by halves: the first that cannot be taken in is at fault,
/// on its own or together with those before it. `works` is given the parts to
/// leave out.
fn at_fault<T>(
    parts: &[String],
    works: &dyn Fn(&[String]) -> Result<T, Error>,
) -> Vec<(String, Error)> {
    let mut faults: Vec<(String, Error)> = Vec::new();
    let mut tried = 0;
    loop {
        let left_out = |end: usize| -> Vec<String> {
            let bad = faults.iter().map(|(part, _)| part);
            bad.chain(&parts[end..]).cloned().collect()
        };
        let Err(mut error) = works(&left_out(parts.len())) else {
            return faults;
        };
        // It works with the parts up to `good`, and fails with those up to `bad`.
        let (mut good, mut bad) = (tried, parts.len());
        while bad - good > 1 {
            let middle = usize::midpoint(good, bad);
            match works(&left_out(middle)) {
                Ok(_) => good = middle,
                Err(other) => (bad, error) = (middle, other),
            }
        }
        if good == parts.len() {
            return faults;
        }
        faults.push((parts[good].clone(), error));
        tried = bad;
    }
}

/// The document without these operations, and with any value for these schemas.
fn without(document: &Value, parts: &[String]) -> Value {
    let mut document = document.clone();
    for part in parts {
        if !part.starts_with("/paths/") {
            if let Some(schema) = document.pointer_mut(part) {
                *schema = json!({});
            }
        } else if let Some((path, method)) = part.rsplit_once('/')
            && let Some(Value::Object(item)) = document.pointer_mut(path)
        {
            item.shift_remove(method);
        }
    }
    document
}

/// Removes what is given up from the typed view, and adds it to the report.
fn give_up(part: &str, error: &Error, prepared: &mut Prepared) {
    let operation = prepared.document.as_value().pointer(part);
    let id = operation.and_then(|operation| operation["operationId"].as_str());
    let operations = &mut prepared.api.operations;
    let (subject, pointer, what) =
        if let Some(index) = operations.iter().position(|o| Some(o.id.as_str()) == id) {
            let pointer = operations.remove(index).pointer;
            (Subject::Operation, pointer, "left out")
        } else {
            let pointer = any_value(part, &mut prepared.api);
            (Subject::Type, pointer, "read as any value")
        };
    let note = format!("{what}: {}", first_line(error));
    prepared.report.add(RULE, Some(subject), pointer, note);
}

/// Makes a type, or a field of one, any value in the typed view. Gives its
/// pointer in the document as given.
fn any_value(part: &str, api: &mut Api) -> String {
    let mut tokens = part.split('/').skip(3);
    let (name, property) = (tokens.next().unwrap_or_default(), tokens.nth(1));
    let Some(ty) = api.types.get_mut(name) else {
        // The parts of a form are with its operation.
        let of_form = |body: &&Body| matches!(&body.content, BodyContent::Multipart { form: Some(form), .. } if form == name);
        let mut bodies = api.operations.iter().filter_map(|o| o.body.as_ref());
        return bodies
            .find(of_form)
            .map_or_else(String::new, |body| body.pointer.clone());
    };
    let property = property.map(|token| token.replace("~1", "/").replace("~0", "~"));
    let (Some(property), Shape::Struct { fields, .. }) = (property, &mut ty.shape) else {
        ty.shape = Shape::Alias(BaseType::Any.into());
        return ty.pointer.clone();
    };
    let is_it = |field: &&mut Field| field.name == property || field.rust_name == property;
    match fields.iter_mut().find(is_it) {
        Some(field) => {
            field.ty = BaseType::Any.into();
            field.pointer.clone()
        }
        None => ty.pointer.clone(),
    }
}

/// The pointers of the entries of an object.
fn keys(document: &Value, pointer: &str) -> Vec<String> {
    let object = document.pointer(pointer).and_then(Value::as_object);
    let keys = object.into_iter().flatten().map(|(key, _)| key);
    keys.map(|key| format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")))
        .collect()
}

/// The pointers of all operations.
fn operations(document: &Value) -> Vec<String> {
    let items = keys(document, "/paths").into_iter();
    items
        .flat_map(|item| keys(document, &item))
        .filter(|at| {
            document
                .pointer(at)
                .is_some_and(|o| o.get("operationId").is_some())
        })
        .collect()
}

/// What the generator said, without what it printed of its own insides.
fn first_line(error: &Error) -> &str {
    error.message().lines().next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use openapi_prep::{Names, prepare};

    use super::*;

    fn prepared() -> Prepared {
        let operation = |id: &str, about: &str, schema: &str| {
            let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
            json!({"operationId": id, "description": about, "responses": {"200": {
                "description": "It worked.", "content": {"application/json": {"schema": schema}},
            }}})
        };
        let text = |about: &str| json!({"type": "string", "description": about});
        let object = |about: &str| json!({"type": "object", "properties": {"a": text("fine"), "b": text(about)}});
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": {
                "/a": {"get": operation("a", "fine", "A"), "post": operation("b", "bad", "b.v1")},
                "/c": {"get": operation("c", "fine", "b.v1"), "post": operation("d", "fine", "D")},
            },
            "components": {"schemas": {
                "A": object("fine"),
                "b.v1": {"type": "string", "description": "bad"},
                "D": object("bad"),
            }},
        });
        prepare(Document::from_value(document).unwrap(), &mut Names::new()).unwrap()
    }

    #[test]
    fn only_what_is_at_fault_is_given_up() {
        let mut prepared = prepared();
        let picky = |document: &Value| {
            if document.to_string().contains("bad") {
                Err(Error::new("cannot take it\n and more"))
            } else {
                Ok(operations(document).len())
            }
        };
        assert_eq!(generate(&mut prepared, &picky).unwrap(), 3);
        let losses: Vec<_> = prepared
            .report
            .losses()
            .map(|l| (l.rule, l.pointer.as_str(), l.note.as_str()))
            .collect();
        assert_eq!(
            losses,
            [
                (
                    "rescue",
                    "/components/schemas/b.v1",
                    "read as any value: cannot take it"
                ),
                (
                    "rescue",
                    "/components/schemas/D/properties/b",
                    "read as any value: cannot take it"
                ),
                ("rescue", "/paths/~1a/post", "left out: cannot take it"),
            ]
        );
        let Api {
            operations, types, ..
        } = &prepared.api;
        assert!(
            operations
                .iter()
                .map(|o| o.function.as_str())
                .eq(["a", "c", "d"])
        );
        assert_eq!(types["Bv1"].shape, Shape::Alias(BaseType::Any.into()));
        assert_eq!(types["D"].shape.noun(), "a struct");
        let schemas = &prepared.document.as_value()["components"]["schemas"];
        assert_eq!(
            (&schemas["Bv1"], &schemas["D"]["properties"]["b"]),
            (&json!({}), &json!({}))
        );
    }

    #[test]
    fn parts_that_clash_lose_one_of_them() {
        let parts: Vec<String> = ('a'..='h').map(String::from).collect();
        let works = |out: &[String]| {
            let has = |name: &str| !out.iter().any(|part| part == name);
            if has("g") || (has("b") && has("e")) {
                Err(Error::new("clash"))
            } else {
                Ok(())
            }
        };
        let faults = at_fault(&parts, &works);
        assert!(faults.iter().map(|(part, _)| part.as_str()).eq(["e", "g"]));
    }

    #[test]
    fn generator_that_never_works_is_the_error() {
        let never = |_: &Value| Err::<(), _>(Error::new("never"));
        let error = generate(&mut prepared(), &never).unwrap_err();
        assert_eq!(error.message(), "never");
    }
}
