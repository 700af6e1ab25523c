//! Tests of the commands: of documents made up for them, and of the vendor's.

mod example;
mod flags;
mod names;
mod response;
mod vendor;

use openapi_prep::{Document, Error, Names};
use serde_json::{Value, json};

use super::{Command, Input, names::assign, of_document};
use crate::codegen::{core_options, resources::Ledger};

/// Calls with the commands of a document of these paths and schemas.
fn with_commands<T>(
    document: &Value,
    ledger: &mut Ledger,
    check: impl FnOnce(Result<Vec<Command<'_>>, Error>) -> T,
) -> T {
    let mut whole = json!({
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {},
    });
    for (key, value) in document.as_object().into_iter().flatten() {
        whole[key] = value.clone();
    }
    let corrected = Document::from_value(whole).unwrap();
    let prepared =
        openapi_prep::prepare_with(corrected.clone(), &mut Names::new(), core_options()).unwrap();
    let api = &prepared.api;
    let names = match assign(&corrected, api, ledger) {
        Ok(names) => names,
        Err(error) => return check(Err(error)),
    };
    let input = Input {
        module: "v3",
        corrected: &corrected,
        api,
        names: &names,
    };
    check(of_document(&input).map(|(commands, _)| commands))
}

/// A response without a body.
fn done() -> Value {
    json!({"204": {"description": "done"}})
}
