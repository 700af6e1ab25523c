//! Code generation by progenitor.

use std::panic::{self, AssertUnwindSafe};

use openapi_prep::{Error, restore_mock_wire_names, restore_wire_names};
use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor_impl::{
    CrateVers, GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle,
};
use quote::quote;
use serde::Deserialize as _;
use serde_json::Value;

use super::{post::wire_names, validate};

/// The generator's output for one document.
#[derive(Debug)]
pub(super) struct Code {
    /// Types and client.
    pub(super) client: syn::File,
    /// Typed helpers for mocks of the server.
    pub(super) httpmock: syn::File,
}

/// Generates the code of a prepared document for the crates of this workspace:
/// with required hooks, and mock helpers.
pub(super) fn for_core(document: &Value, module: &str) -> Result<Code, Error> {
    let (mut generator, parsed) = (generator(Some("heygen_core")), parse(document)?);
    let client = client(&mut generator, &parsed, document)?;
    let httpmock = catch_panic(|| generator.httpmock(&parsed, &format!("crate::{module}")))?;
    let mut httpmock = valid(httpmock)?;
    wire_names::restore(&mut httpmock, document, restore_mock_wire_names)?;
    Ok(Code { client, httpmock })
}

/// Generates the code of a prepared document for a stand-alone crate.
pub(super) fn standalone(document: &Value) -> Result<syn::File, Error> {
    client(&mut generator(None), &parse(document)?, document)
}

fn client(
    generator: &mut Generator,
    parsed: &OpenAPI,
    document: &Value,
) -> Result<syn::File, Error> {
    let mut client = valid(catch_panic(|| generator.generate_tokens(parsed))?)?;
    wire_names::restore(&mut client, document, restore_wire_names)?;
    Ok(client)
}

/// The crate that prepared documents say has the types of parameters that are
/// sent as one string.
pub(super) const PARAMETERS: &str = "openapi-params";

/// The generator for crates with the runtime of this crate, or a copy of one.
fn generator(core: Option<&str>) -> Generator {
    let (interface, inner) = match core {
        Some(_) => (InterfaceStyle::Positional, quote!(::heygen_core::Capture)),
        None => (InterfaceStyle::Builder, quote!(crate::runtime::Settings)),
    };
    let core = core.map(str::to_owned);
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(interface)
        .with_tag(TagStyle::Merged)
        .with_derive("PartialEq")
        .with_hooks(HooksMode::Expected)
        .with_inner_type(inner)
        .with_crate(PARAMETERS, CrateVers::Any, core.as_ref());
    Generator::new(&settings)
}

fn parse(document: &Value) -> Result<OpenAPI, Error> {
    validate::check_merged(document)?;
    OpenAPI::deserialize(document).map_err(|e| {
        Error::new(format!("not an OpenAPI 3.0 document: {e}"))
            .remedy("correct the source document, such as by an overlay")
    })
}

/// The generator's output, if it is Rust that can compile.
fn valid(tokens: TokenStream) -> Result<syn::File, Error> {
    let file: syn::File = syn::parse2(tokens)
        .map_err(|e| Error::new(format!("the generator's output is not valid Rust: {e}")))?;
    validate::check(&file.items)?;
    Ok(file)
}

/// Runs the generator; a panic becomes an error.
fn catch_panic<T>(generate: impl FnOnce() -> progenitor_impl::Result<T>) -> Result<T, Error> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = panic::catch_unwind(AssertUnwindSafe(generate));
    panic::set_hook(hook);
    match result {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Error::new(format!(
            "the generator refused the document: {error}"
        ))),
        Err(cause) => {
            let message = cause
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| cause.downcast_ref::<&str>().copied())
                .unwrap_or("no message");
            Err(Error::new(format!("the generator panicked: {message}"))
                .remedy("correct or remove the unsupported part by an action in overlay.yaml"))
        }
    }
}

/// The generator's name and version, from the lock file that this program was
/// built with.
pub(super) fn version() -> String {
    const LOCK: &str = include_str!("../../../Cargo.lock");
    let (_, rest) = LOCK
        .split_once("name = \"progenitor-impl\"\nversion = \"")
        .unwrap_or_default();
    let version = rest.split('"').next().unwrap_or_default();
    format!("progenitor {version}")
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use serde_json::json;

    use super::*;

    #[test]
    fn joined_parameters_have_types_of_the_runtime() {
        let of = json!({"crate": PARAMETERS, "version": "*", "path": "openapi_params::CommaSeparated",
            "parameters": [{"type": "array", "items": {"type": "integer"}}]});
        let document = json!({
            "openapi": "3.0.3",
            "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"get": {
                "operationId": "getA",
                "parameters": [{"name": "ids", "in": "query", "schema": {"type": "string", "x-rust-type": of}}],
                "responses": {"204": {"description": "done"}},
            }}},
        });
        let of_crate = for_core(&document, "v1")
            .unwrap()
            .client
            .into_token_stream();
        let alone = standalone(&document).unwrap().into_token_stream();
        for (code, wanted) in [
            (
                of_crate,
                "::heygen_core::CommaSeparated<::std::vec::Vec<i64",
            ),
            (
                alone,
                "::openapi_params::CommaSeparated<::std::vec::Vec<i64",
            ),
        ] {
            let code = code.to_string().replace(' ', "");
            assert!(code.contains(wanted), "{code}");
        }
    }

    #[test]
    fn version_is_the_locked_one() {
        let version = super::version();
        let number = version.strip_prefix("progenitor ").unwrap();
        assert!(
            number.starts_with(|c: char| c.is_ascii_digit()),
            "{version}"
        );
    }
}
