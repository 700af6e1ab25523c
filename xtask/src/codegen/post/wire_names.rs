//! Restores the wire names of what was renamed in the lowered document, where a
//! name clashed with another in Rust. The library does it in text, as for build
//! scripts; here that is the text of the string literals.
//!
//! Runs on the generator's own code, before any other pass.

use std::collections::{BTreeSet, HashMap};

use openapi_prep::{Document, Error};
use proc_macro2::{Group, Literal, TokenStream, TokenTree};
use serde_json::Value;
use syn::{Lit, visit_mut::VisitMut};

/// Restores the wire names in types, requests and documentation, as `by` does it
/// in text.
///
/// # Errors
///
/// Where the code does not hold what was renamed.
pub(in crate::codegen) fn restore(
    file: &mut syn::File,
    lowered: &Value,
    by: fn(&str, &Document) -> Result<String, Error>,
) -> Result<(), Error> {
    let mut held = BTreeSet::new();
    let mut collect = |literal: &Literal| {
        let text = literal.to_string();
        // Names in place of others end in these.
        if text.contains("--") {
            held.insert(text);
        }
        None
    };
    Literals(&mut collect).visit_file_mut(file);
    // A literal has this character escaped only.
    let text = held.iter().map(String::as_str).collect::<Vec<_>>();
    let restored = by(&text.join("\0"), &Document::from_value(lowered.clone())?)?;
    let restored: HashMap<_, _> = text.into_iter().zip(restored.split('\0')).collect();
    let mut restore = |literal: &Literal| {
        let restored = restored.get(literal.to_string().as_str())?;
        restored.parse().ok()
    };
    Literals(&mut restore).visit_file_mut(file);
    Ok(())
}

/// Calls a function for each string literal, and for all in attributes and calls
/// of macros; it may give another.
struct Literals<'a>(&'a mut dyn FnMut(&Literal) -> Option<Literal>);

impl VisitMut for Literals<'_> {
    fn visit_lit_mut(&mut self, literal: &mut Lit) {
        if let Lit::Str(text) = literal
            && let Some(other) = (self.0)(&text.token())
        {
            *literal = Lit::new(other);
        }
    }

    fn visit_token_stream_mut(&mut self, tokens: &mut TokenStream) {
        let each = std::mem::take(tokens).into_iter().map(|mut token| {
            match &mut token {
                TokenTree::Literal(literal) => {
                    if let Some(other) = (self.0)(literal) {
                        *literal = other;
                    }
                }
                TokenTree::Group(group) => {
                    let mut inner = group.stream();
                    self.visit_token_stream_mut(&mut inner);
                    *group = Group::new(group.delimiter(), inner);
                }
                _ => {}
            }
            token
        });
        *tokens = each.collect();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use openapi_prep::{restore_mock_wire_names, restore_wire_names};
    use quote::ToTokens as _;
    use serde_json::{Map, json};
    use syn::visit::Visit;

    use super::*;

    fn document() -> Value {
        let parameter = |name: &str, location: &str, wire: &str| {
            json!({"name": name, "in": location, "required": location != "query",
                "schema": {"type": "string"}, "x-wire-name": wire})
        };
        json!({
            "openapi": "3.0.3",
            "info": {"title": "a", "version": "1"},
            "paths": {
                "/a/{client_param--}": {"get": {
                    "operationId": "list.As",
                    "parameters": [
                        parameter("client_param--", "path", "client"),
                        parameter("url_param--", "query", "Url"),
                        parameter("new_param--", "header", "X-New"),
                        {"name": "client", "in": "header", "schema": {"type": "string"}},
                    ],
                    "responses": {"200": {"description": "a"}},
                }},
                "/b": {"get": {
                    "operationId": "b",
                    "parameters": [{"name": "url_param", "in": "query", "schema": {"type": "string"}}],
                    "responses": {"200": {"description": "a"}},
                }},
            },
        })
    }

    fn generated(style: progenitor_impl::InterfaceStyle) -> syn::File {
        let mut settings = progenitor_impl::GenerationSettings::default();
        settings.with_interface(style);
        let document = serde_json::from_value(document()).unwrap();
        let tokens = progenitor_impl::Generator::new(&settings).generate_tokens(&document);
        syn::parse2(tokens.unwrap()).unwrap()
    }

    #[test]
    fn both_interfaces_send_wire_names() {
        for style in [
            progenitor_impl::InterfaceStyle::Builder,
            progenitor_impl::InterfaceStyle::Positional,
        ] {
            let mut file = generated(style);
            restore(&mut file, &document(), restore_wire_names).unwrap();
            let code = file.to_token_stream().to_string();
            for wanted in [
                r#"QueryParam :: new ("Url" , & url_param)"#,
                r#"header_map . append ("X-New" , new_param . to_string"#,
                r#"header_map . append ("client" , value . to_string"#,
                r#"QueryParam :: new ("url_param" , & url_param)"#,
                "`/a/{client}`",
            ] {
                assert_eq!(code.matches(wanted).count().min(1), 1, "{wanted} in {code}");
            }
            assert!(!code.contains("`/a/{client_param--}`"), "{code}");
        }
    }

    #[test]
    fn mocks_match_wire_names() {
        let parsed = serde_json::from_value(document()).unwrap();
        let tokens = progenitor_impl::Generator::default().httpmock(&parsed, "crate::v1");
        let mut file = syn::parse2(tokens.unwrap()).unwrap();
        restore(&mut file, &document(), restore_mock_wire_names).unwrap();
        let code = file.to_token_stream().to_string();
        for wanted in [
            r#"query_param ("Url" ,"#,
            r#"query_param_missing ("Url")"#,
            r#"header ("X-New" ,"#,
        ] {
            assert_eq!(code.matches(wanted).count(), 1, "{wanted} in {code}");
        }
    }

    #[test]
    fn missing_parameter_in_the_code_is_an_error() {
        let mut other = document();
        other["paths"]["/a/{client_param--}"]["get"]["parameters"][1]["name"] =
            json!("other_param--");
        let mut file = generated(progenitor_impl::InterfaceStyle::Builder);
        let error = restore(&mut file, &other, restore_wire_names)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("the code does not have the name other_param--"),
            "{error}"
        );
    }

    /// Names of parameters that code of the generator may have for itself:
    /// keywords, its variables, functions, and methods of its types.
    const CANDIDATES: &str = "abstract as async await become box break const continue crate do dyn \
        else enum extern false final fn for gen if impl in let loop macro match mod move mut override \
        priv pub ref return self Self static struct super trait true try type typeof unsafe unsized use \
        virtual where while yield api_version baseurl body body_map client clone encode_path err exec fmt \
        format header_map headers info inner into_inner json method name new ok operation_id path post \
        pre query re request response result send status stream timeout url value with_timeout _url \
        -url +1 -1 1 $$ Name name -name a.b a[b]";

    #[test]
    fn each_name_of_a_parameter_is_one_argument() {
        let names: std::collections::BTreeSet<&str> = CANDIDATES.split_whitespace().collect();
        let mut paths = Map::new();
        for (index, name) in names.iter().enumerate() {
            let parameters = ["path", "query", "header"].map(|location| {
                json!({"name": name, "in": location, "required": location != "query" || index % 2 == 0,
                       "schema": {"type": "string"}})
            });
            let mut operation = json!({"operationId": format!("call {index}"), "parameters": parameters,
                                       "responses": {"204": {"description": "done"}}});
            if index % 3 == 0 {
                let schema = json!({"type": "object", "properties": {"a": {"type": "string"}}});
                operation["requestBody"] =
                    json!({"content": {"application/json": {"schema": schema}}});
            }
            paths.insert(format!("/{index}/{{{name}}}"), json!({"post": operation}));
        }
        let all: Vec<Value> = names
            .iter()
            .flat_map(|name| ["query", "header"].map(|location| (name, location)))
            .map(|(name, location)| json!({"name": name, "in": location, "schema": {"type": "string"}}))
            .collect();
        paths.insert(
            "/all".into(),
            json!({"get": {"operationId": "all", "parameters": all,
                                                   "responses": {"204": {"description": "done"}}}}),
        );
        let document =
            json!({"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": paths});
        let document = Document::from_value(document).unwrap();
        let prepared = openapi_prep::prepare(document, &mut openapi_prep::Names::new()).unwrap();
        assert_eq!(
            prepared.report.losses().collect::<Vec<_>>(),
            [] as [&openapi_prep::Entry; 0]
        );
        let lowered = prepared.document.as_value();
        let parsed = serde_json::from_value(lowered.clone()).unwrap();
        for style in [
            progenitor_impl::InterfaceStyle::Builder,
            progenitor_impl::InterfaceStyle::Positional,
        ] {
            let mut settings = progenitor_impl::GenerationSettings::default();
            settings.with_interface(style);
            let tokens = progenitor_impl::Generator::new(&settings).generate_tokens(&parsed);
            let mut file: syn::File = syn::parse2(tokens.unwrap()).unwrap();
            restore(&mut file, lowered, restore_wire_names).unwrap();
            crate::codegen::validate::check(&file.items).unwrap();
            let mut arguments = Arguments(Vec::new());
            arguments.visit_file(&file);
            let most = arguments.0.iter().map(Vec::len).max();
            assert!(most >= Some(2 * names.len()), "{most:?}");
            for names in arguments.0 {
                let distinct: HashSet<&String> = names.iter().collect();
                assert_eq!(distinct.len(), names.len(), "{names:?}");
                // What a method calls or has made before it reads its arguments.
                assert!(
                    !names
                        .iter()
                        .any(|name| ["encode_path", "header_map"].contains(&name.as_str()))
                );
            }
        }
        let tokens = progenitor_impl::Generator::default().httpmock(&parsed, "crate::v1");
        let mut mocks: syn::File = syn::parse2(tokens.unwrap()).unwrap();
        restore(&mut mocks, lowered, restore_mock_wire_names).unwrap();
        crate::codegen::validate::check(&mocks.items).unwrap();
    }

    /// The arguments of each function, and the fields of each struct.
    struct Arguments(Vec<Vec<String>>);

    impl<'a> Visit<'a> for Arguments {
        fn visit_signature(&mut self, signature: &'a syn::Signature) {
            let names = signature.inputs.iter().filter_map(|input| match input {
                syn::FnArg::Typed(typed) => Some(typed.pat.to_token_stream().to_string()),
                syn::FnArg::Receiver(_) => None,
            });
            self.0.push(names.collect());
        }

        fn visit_item_struct(&mut self, item: &'a syn::ItemStruct) {
            let names = item.fields.iter().filter_map(|field| field.ident.as_ref());
            self.0.push(names.map(ToString::to_string).collect());
        }
    }
}
