//! Everything that was done and lost on the way from a document to code, in
//! one list.

use openapi_prep::{Error, Finding, Report};
use serde_json::{Value, json};

use super::rescue::{Loss, RULE, STAGE};

/// Everything that was done and lost, in one list.
pub(super) fn told(report: &Report, findings: &[Finding], losses: &[Loss]) -> Result<Value, Error> {
    let Ok(Value::Array(mut list)) = serde_json::to_value(report) else {
        return Err(Error::new("the report cannot be written"));
    };
    list.extend(findings.iter().map(|f| {
        json!({"stage": "lint", "rule": "finding", "effect": "changed", "pointer": f.pointer, "note": f.to_string()})
    }));
    list.extend(losses.iter().map(|l| {
        json!({"stage": STAGE, "rule": RULE, "effect": "lost", "subject": l.subject, "pointer": l.pointer, "note": l.note})
    }));
    Ok(Value::Array(list))
}
