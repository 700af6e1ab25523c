//! The coverage tables: each operation of the document with the method that calls
//! it, and each one with the state of a job with how this is waited for, or why
//! there is none.

use std::collections::{BTreeMap, BTreeSet};

use openapi_prep::{
    Error, Report, Subject,
    api::{Api, BaseType, Operation, Shape, TypeRef},
};
use proc_macro2::TokenStream;
use quote::quote;
use syn::File;

use super::{jobs::Jobs, named::Named, pages::Returned, parsed};
use crate::codegen::jobs::{JOB, Job};

/// The overlay's reason why a state is not waited for.
const NO_JOB: &str = "x-no-job";

/// A table, sorted by operation.
type Table = BTreeMap<String, Result<String, String>>;

/// The file with the tables.
pub(super) fn file(api: &Api, jobs: Jobs<'_>, report: &Report) -> Result<File, Error> {
    let operations = entries(&operations(jobs.named, report));
    let waits = entries(&waits(api, jobs)?);
    parsed(
        "the coverage tables",
        quote! {
            #[doc = " Each operation of the document, with the method that calls it, or the reason"]
            #[doc = " why it has none."]
            pub static COVERAGE: &[(&str, Result<&str, &str>)] = &[#(#operations),*];

            #[doc = " Each operation whose response starts a job or has the state of one, with the"]
            #[doc = " method that waits for it, or the reason why there is none."]
            pub static JOBS: &[(&str, Result<&str, &str>)] = &[#(#waits),*];
        },
    )
}

fn entries(table: &Table) -> Vec<TokenStream> {
    let entries = table.iter().map(|(operation, covered)| match covered {
        Ok(call) => quote!((#operation, Ok(#call))),
        Err(reason) => quote!((#operation, Err(#reason))),
    });
    entries.collect()
}

/// Each operation with the method that calls it.
fn operations(all: &[Named<'_>], report: &Report) -> Table {
    let lost = report
        .losses()
        .filter(|loss| loss.subject == Some(Subject::Operation))
        .filter_map(|loss| Some((title(&loss.pointer)?, Err(loss.note.clone()))));
    // A loss of a part of an operation is not one of the operation.
    let mut table: Table = lost.collect();
    table.extend(
        all.iter()
            .map(|named| (named.operation.title(), Ok(named.call()))),
    );
    table
}

/// Each operation with a job, with how this is waited for.
///
/// # Errors
///
/// Where nothing says how, and nothing why not.
fn waits(api: &Api, jobs: Jobs<'_>) -> Result<Table, Error> {
    let mut table = Table::new();
    for named in jobs.named {
        let operation = named.operation;
        let wait = |job: &Job<'_>| jobs.named(job).map(|read| call_on_handle(read, "wait"));
        let read = jobs.read_by(named).or_else(|| {
            let reads_states = |job: &&Job<'_>| job.statuses.is_some_and(|o| o.id == operation.id);
            jobs.jobs.iter().find(reads_states)
        });
        let covered = if let Some(call) = read.and_then(wait) {
            Ok(call)
        } else if jobs.started_by(named).is_some() {
            Ok(format!("{}(..).and_wait", named.call()))
        } else if has_state(api, operation.success.ty(), &mut BTreeSet::new()) {
            Err(reason(jobs, named)?)
        } else {
            continue;
        };
        table.insert(operation.title(), covered);
    }
    Ok(table)
}

/// Why nobody waits for the state in a response.
fn reason(jobs: Jobs<'_>, named: &Named<'_>) -> Result<String, Error> {
    let operation = named.operation;
    if let Some(reason) = operation.extensions.get(NO_JOB) {
        let text = reason.as_str().filter(|reason| reason.contains(' '));
        return text.map(str::to_owned).ok_or_else(|| {
            let message = format!("`{NO_JOB}` of {} gives no reason", operation.title());
            Error::new(message).at(&operation.pointer)
        });
    }
    let model = match &named.returned {
        Returned::Page(_) => return Ok("A list: each of its jobs is read alone.".to_owned()),
        Returned::Data(ty) if matches!(ty.base, BaseType::List(_)) => {
            return Ok("A list: each of its jobs is read alone.".to_owned());
        }
        Returned::Data(ty) => Some(ty),
        _ => None,
    };
    let job = jobs.jobs.iter().find(|job| Some(&jobs.model(job)) == model);
    match job.and_then(|job| jobs.named(job)) {
        Some(read) if is_update(operation) => Ok(format!(
            "Returns the job as it was changed; `{}` waits for it.",
            call_on_handle(read, "wait")
        )),
        _ => Err(no_way_to_wait(operation)),
    }
}

/// A method of the handle of an operation.
fn call_on_handle(named: &Named<'_>, method: &str) -> String {
    let handles = named.resource.iter().map(|name| format!("{name}()."));
    handles.chain([method.to_owned()]).collect()
}

fn is_update(operation: &Operation) -> bool {
    matches!(operation.method.as_str(), "PATCH" | "PUT")
}

fn no_way_to_wait(operation: &Operation) -> Error {
    let title = operation.title();
    let message = format!("the response of {title} has the state of a job, which is not described");
    Error::new(message).at(&operation.pointer).remedy(format!(
        "give the read of the job an `{JOB}`, with this one among its `created` if it starts it; \
         or this one an `{NO_JOB}` with the reason why nobody waits for it"
    ))
}

/// Whether a value can hold the state of a job.
fn has_state<'a>(api: &'a Api, ty: Option<&'a TypeRef>, seen: &mut BTreeSet<&'a str>) -> bool {
    let Some(name) = ty.and_then(TypeRef::name) else {
        return false;
    };
    if !seen.insert(name) {
        return false;
    }
    let Some(shape) = api.types.get(name).map(|ty| &ty.shape) else {
        return false;
    };
    let has_own = matches!(shape, Shape::Struct { fields, .. } if fields.iter().any(|f| f.state));
    has_own
        || shape
            .types()
            .into_iter()
            .any(|ty| has_state(api, Some(ty), seen))
}

/// Method and path of the operation at a pointer.
fn title(pointer: &str) -> Option<String> {
    let rest = pointer.strip_prefix("/paths/")?;
    let (path, method) = rest.split_once('/')?;
    let path = path.replace("~1", "/").replace("~0", "~");
    (!method.contains('/')).then(|| format!("{} {path}", method.to_uppercase()))
}

#[cfg(test)]
mod tests {
    use openapi_prep::{Document, Names, Report, prepare};
    use serde_json::json;

    use super::*;
    use crate::codegen::{
        jobs,
        resources::{Ledger, names},
    };

    #[test]
    fn lost_operation_has_its_reason() {
        let mut report = Report::new();
        let lost = Some(Subject::Operation);
        report.add(
            ("rescue", "rescue"),
            lost,
            "/paths/~1v3~1things/post",
            "left out: it is bad",
        );
        report.add(
            ("rescue", "rescue"),
            lost,
            "/paths/~1v3~1things/post/callbacks",
            "a callback",
        );
        report.add(
            ("rescue", "rescue"),
            Some(Subject::Body),
            "/paths/~1v3~1things/put",
            "a body",
        );
        let lost = Err("left out: it is bad".to_owned());
        let table = Table::from([("POST /v3/things".to_owned(), lost)]);
        assert_eq!(operations(&[], &report), table);
    }

    /// The jobs of a document, one of whose operations has this state and hints.
    fn waits_with(method: &str, hints: &serde_json::Value) -> Result<Table, String> {
        let response = |data: serde_json::Value| {
            json!({"200": {"description": "ok", "content": {"application/json": {"schema": {
                "type": "object", "properties": {"data": data}}}}}})
        };
        let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let id =
            json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}]);
        let list = json!({"type": "array", "items": to("Video")});
        let job = json!({"name": "video", "state": "status", "success": ["done"], "deadline": 9});
        let mut other = json!({"operationId": "other", "responses": response(to("Video"))});
        for (key, value) in hints.as_object().into_iter().flatten() {
            other[key] = value.clone();
        }
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": {
                "/v3/videos": {"get": {"operationId": "list", "responses": response(list)}},
                "/v3/videos/{id}": {"parameters": id, method: other,
                    "get": {"operationId": "get", "x-job": job, "responses": response(to("Video"))}},
            },
            "components": {"schemas": {"Video": {"type": "object", "properties": {
                "status": {"type": "string", "x-state": true}}}}},
        });
        let document = Document::from_value(document).unwrap();
        let api = prepare(document, &mut Names::new()).unwrap().api;
        let jobs = jobs::read(&api).unwrap();
        let named = names::assign(&api, "v3", &Ledger::default()).unwrap();
        let jobs = Jobs {
            jobs: &jobs,
            named: &named,
        };
        waits(&api, jobs).map_err(|e| e.to_string())
    }

    #[test]
    fn state_of_a_job_is_waited_for_or_has_a_reason() {
        let table = waits_with("patch", &json!({})).unwrap();
        let entry = |title: &str| table[title].as_deref().map_err(String::as_str);
        assert_eq!(entry("GET /v3/videos/{id}"), Ok("videos().wait"));
        assert!(entry("GET /v3/videos").unwrap_err().starts_with("A list"));
        let changed = entry("PATCH /v3/videos/{id}").unwrap_err();
        assert!(changed.contains("`videos().wait`"), "{changed}");
        let reason = json!({"x-no-job": "Nobody waits for it."});
        let table = waits_with("post", &reason).unwrap();
        let given = Err("Nobody waits for it.".to_owned());
        assert_eq!(table["POST /v3/videos/{id}"], given);
        for (hints, wanted) in [
            (json!({}), "has the state of a job, which is not described"),
            (
                json!({"x-no-job": true}),
                "`x-no-job` of POST /v3/videos/{id} gives no reason",
            ),
        ] {
            let error = waits_with("post", &hints).unwrap_err();
            assert!(error.contains(wanted), "{error}");
        }
    }
}
