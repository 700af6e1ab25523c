//! Parameters that a path item declares for all its operations.

use serde_json::Value;

use super::rule;
use crate::{Pointer, Report, walk};

/// Moves parameters of path items into the operations.
pub(super) fn distribute(document: &mut Value, report: &mut Report) {
    if let Some(paths) = document.get_mut("paths") {
        let at = Pointer::root().join("paths");
        walk::each_entry(paths, &at, &mut |item, at| of_path_item(item, at, report));
    }
}

/// Gives each operation the parameters its path item declares for all, unless
/// the operation declares one of that name and place itself.
fn of_path_item(item: &mut Value, at: &Pointer, report: &mut Report) {
    let Some(Value::Array(shared)) = item
        .as_object_mut()
        .and_then(|item| item.remove("parameters"))
    else {
        return;
    };
    let same = |a: &Value, b: &Value| a.get("name") == b.get("name") && a.get("in") == b.get("in");
    for method in walk::METHODS {
        let Some(Value::Object(operation)) = item.get_mut(method) else {
            continue;
        };
        let own = operation
            .entry("parameters")
            .or_insert_with(|| Value::Array(Vec::new()));
        let Value::Array(own) = own else { continue };
        let here = at.join(method).join("parameters");
        let own_count = own.len();
        let mut places: Vec<Pointer> = (0..own.len()).map(|index| here.join(index)).collect();
        for (index, parameter) in shared.iter().enumerate() {
            if !own.iter().any(|p| same(p, parameter)) {
                let place = index.min(own.len());
                own.insert(place, parameter.clone());
                places.insert(place, at.join("parameters").join(index));
            }
        }
        if places.len() > own_count {
            report.changed(
                rule("shared-parameters"),
                &at.join("parameters"),
                format!("declared by {method} itself"),
            );
        }
        let moved = places.into_iter().enumerate();
        let moved: Vec<_> = moved.map(|(to, from)| (here.join(to), from)).collect();
        report.all_moved(&moved);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn operations_declare_what_their_path_item_declared() {
        let mut document = json!({"paths": {"/a/{id}": {
            "parameters": [{"name": "id", "in": "path"}],
            "get": {},
            "delete": {"parameters": [{"name": "id", "in": "path", "description": "own"}]},
        }}});
        let mut report = Report::new();
        distribute(&mut document, &mut report);
        assert_eq!(
            document["paths"]["/a/{id}"],
            json!({
                "get": {"parameters": [{"name": "id", "in": "path"}]},
                "delete": {"parameters": [{"name": "id", "in": "path", "description": "own"}]},
            })
        );
        assert_eq!(report.losses().count(), 0);
    }
}
