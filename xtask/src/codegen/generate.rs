//! Code generation by progenitor.

use std::panic::{self, AssertUnwindSafe};

use openapi_prep::Error;
use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor_impl::{
    CrateVers, GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle,
};
use serde_json::Value;

use super::sound;

/// The generator's output for one document.
#[derive(Debug)]
pub(super) struct Code {
    /// Types and client.
    pub(super) client: syn::File,
    /// Typed helpers for mocks of the server.
    pub(super) httpmock: syn::File,
}

/// Generates the code of a lowered document for the crates of this workspace:
/// with required hooks, and mock helpers.
pub(super) fn generate(lowered: &Value, module: &str) -> Result<Code, Error> {
    let document = read(lowered)?;
    let mut settings = settings(InterfaceStyle::Positional, Some("heygen_core"));
    settings
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote::quote!(::heygen_core::Capture));
    let mut generator = Generator::new(&settings);
    let client = parse(catch_panic(|| generator.generate_tokens(&document))?)?;
    let httpmock = catch_panic(|| generator.httpmock(&document, &format!("crate::{module}")))?;
    Ok(Code {
        client,
        httpmock: parse(httpmock)?,
    })
}

/// Generates the code of a lowered document for a stand-alone crate.
pub(super) fn generate_alone(lowered: &Value) -> Result<syn::File, Error> {
    let document = read(lowered)?;
    let mut settings = settings(InterfaceStyle::Builder, None);
    settings
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote::quote!(crate::runtime::Settings));
    let mut generator = Generator::new(&settings);
    parse(catch_panic(|| generator.generate_tokens(&document))?)
}

/// The crate that prepared documents say has the types of parameters that are
/// sent as one string.
pub(super) const PARAMETERS: &str = "openapi-params";

/// `parameters` is the crate that has these types, if they are not in the
/// generated one.
fn settings(interface: InterfaceStyle, parameters: Option<&str>) -> GenerationSettings {
    let parameters = parameters.map(str::to_owned);
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(interface)
        .with_tag(TagStyle::Merged)
        .with_derive("PartialEq")
        .with_crate(PARAMETERS, CrateVers::Any, parameters.as_ref());
    settings
}

fn read(lowered: &Value) -> Result<OpenAPI, Error> {
    serde_json::from_value(lowered.clone()).map_err(|e| {
        Error::new(format!("not an OpenAPI 3.0 document: {e}"))
            .remedy("correct the source document, such as by an overlay")
    })
}

fn parse(tokens: TokenStream) -> Result<syn::File, Error> {
    let file: syn::File = syn::parse2(tokens)
        .map_err(|e| Error::new(format!("the generator's output is not valid Rust: {e}")))?;
    sound::check(&file.items)?;
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
        let of_crate = generate(&document, "v1")
            .unwrap()
            .client
            .into_token_stream();
        let alone = generate_alone(&document).unwrap().into_token_stream();
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
