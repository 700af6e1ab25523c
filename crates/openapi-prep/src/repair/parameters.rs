//! Parameters that are declared twice.

use serde_json::{Value, json};

use super::rule;
use crate::{Pointer, Report, Subject, walk};

/// Keeps the first of the parameters of one name and location, in each path item
/// and operation.
pub(super) fn repeated(document: &mut Value, report: &mut Report) {
    let Some(paths) = document.get_mut("paths") else {
        return;
    };
    walk::each_entry(paths, &Pointer::root().join("paths"), &mut |item, at| {
        in_list(item, at, report);
        for method in walk::METHODS {
            if let Some(operation) = item.get_mut(method) {
                in_list(operation, &at.join(method), report);
            }
        }
    });
}

fn in_list(owner: &mut Value, at: &Pointer, report: &mut Report) {
    let Some(Value::Array(parameters)) = owner.get_mut("parameters") else {
        return;
    };
    let at = at.join("parameters");
    let mut seen: Vec<Value> = Vec::new();
    let (mut index, mut left) = (0, Vec::new());
    parameters.retain(|parameter| {
        let key = |parameter: &Value| json!([parameter["name"], parameter["in"]]);
        let first = seen.iter().find(|other| key(other) == key(parameter));
        let new = first.is_none();
        match first {
            None => {
                seen.push(parameter.clone());
                left.push(index);
            }
            Some(first) => {
                let note = format!("{} declared twice", key(parameter));
                let at = at.join(index);
                if first == parameter {
                    report.changed(rule("repeated-parameter"), &at, note);
                } else {
                    report.lost(Subject::Parameter, rule("repeated-parameter"), &at, note);
                }
            }
        }
        index += 1;
        new
    });
    report.renumbered(&at, &left);
}
