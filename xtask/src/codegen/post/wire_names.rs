//! Restores the wire names of renamed parameters: the generator sends a
//! parameter under its name in the lowered document, which differs from the
//! server's where that clashed with a name of the generated code.
//!
//! Runs on the generator's own code, before any other pass, and for the builder
//! and the positional interface alike: both send parameters in the same way.

use std::collections::HashMap;

use heck::{ToPascalCase, ToSnakeCase};
use openapi_prep::Error;
use serde_json::{Map, Value};
use syn::{
    Expr, ExprLit, Lit, LitStr,
    visit_mut::{self, VisitMut},
};

use super::unexpected;

const WIRE_NAME: &str = "x-wire-name";

/// An operation with renamed parameters.
struct Operation {
    id: String,
    /// The path template as lowered, and as the server has it.
    path: (String, String),
    /// Parameters that are sent by name.
    sent: Vec<Parameter>,
}

struct Parameter {
    name: String,
    wire: String,
    /// Whether it is a header; else it is a query parameter.
    header: bool,
    optional: bool,
}

/// Restores the wire names of parameters in requests, and of path templates in
/// the documentation.
///
/// # Errors
///
/// Where the code does not send each renamed parameter exactly once.
pub(in crate::codegen) fn restore(file: &mut syn::File, lowered: &Value) -> Result<(), Error> {
    let operations = renamed(lowered);
    if operations.is_empty() {
        return Ok(());
    }
    let mut calls = Calls {
        operations: operations.iter().map(|o| (o.id.as_str(), o)).collect(),
        sent: HashMap::new(),
    };
    calls.visit_file_mut(file);
    for operation in &operations {
        check(operation, &calls.sent, |_| 1)?;
    }
    Templates(&operations).visit_file_mut(file);
    Ok(())
}

/// As [`restore`], in the code that matches requests to a mock.
pub(in crate::codegen) fn restore_mocks(
    file: &mut syn::File,
    lowered: &Value,
) -> Result<(), Error> {
    let operations = renamed(lowered);
    if operations.is_empty() {
        return Ok(());
    }
    let named = |o: &Operation| format!("{}-when", o.id).to_pascal_case();
    let mut matchers = Matchers {
        operations: operations.iter().map(|o| (named(o), o)).collect(),
        matched: HashMap::new(),
    };
    matchers.visit_file_mut(file);
    for operation in &operations {
        // An optional parameter may be matched as absent, too.
        check(operation, &matchers.matched, |p| {
            1 + usize::from(p.optional)
        })?;
    }
    Ok(())
}

/// The path templates of a lowered document as the server has them.
pub(in crate::codegen) fn with_wire_paths(lowered: &Value) -> Value {
    let mut document = lowered.clone();
    if let Some(Value::Object(paths)) = document.get_mut("paths") {
        *paths = std::mem::take(paths)
            .into_iter()
            .map(|(path, item)| (wire_path(&path, &item), item))
            .collect();
    }
    document
}

/// Number of occurrences of each parameter in the code, by operation and name.
type Found = HashMap<(String, String), usize>;

fn check(
    operation: &Operation,
    found: &Found,
    wanted: impl Fn(&Parameter) -> usize,
) -> Result<(), Error> {
    for parameter in &operation.sent {
        let key = (operation.id.clone(), parameter.name.clone());
        let times = found.get(&key).copied().unwrap_or_default();
        if times != wanted(parameter) {
            return Err(unexpected(&format!(
                "the parameter {} of {} {times} times instead of {}",
                parameter.name,
                operation.id,
                wanted(parameter)
            )));
        }
    }
    Ok(())
}

/// The operations with renamed parameters.
fn renamed(lowered: &Value) -> Vec<Operation> {
    let none = Map::new();
    let mut found = Vec::new();
    for (path, item) in lowered["paths"].as_object().unwrap_or(&none) {
        for operation in item.as_object().unwrap_or(&none).values() {
            let Some(id) = operation["operationId"].as_str() else {
                continue;
            };
            let parameters = operation["parameters"].as_array();
            let renamed: Vec<&Value> = parameters
                .into_iter()
                .flatten()
                .filter(|p| p[WIRE_NAME].is_string())
                .collect();
            if renamed.is_empty() {
                continue;
            }
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            found.push(Operation {
                id: rust_name(id),
                path: (path.clone(), wire_path(path, item)),
                sent: renamed
                    .into_iter()
                    .filter(|p| p["in"] != "path")
                    .map(|p| Parameter {
                        name: text(&p["name"]),
                        wire: text(&p[WIRE_NAME]),
                        header: p["in"] == "header",
                        optional: p["required"] != true,
                    })
                    .collect(),
            });
        }
    }
    found
}

fn wire_path(path: &str, item: &Value) -> String {
    let operations = item.as_object().into_iter().flat_map(Map::values);
    let mut wire = path.to_owned();
    for parameter in operations
        .filter_map(|operation| operation["parameters"].as_array())
        .flatten()
        .filter(|p| p["in"] == "path")
    {
        if let (Some(name), Some(old)) = (parameter["name"].as_str(), parameter[WIRE_NAME].as_str())
        {
            wire = wire.replace(&format!("{{{name}}}"), &format!("{{{old}}}"));
        }
    }
    wire
}

/// The generator's method name for an `operationId`.
fn rust_name(id: &str) -> String {
    let plain: String = id
        .chars()
        .filter(|c| *c != '\'')
        .map(|c| {
            if c.is_alphanumeric() || c == '_' {
                c
            } else {
                '-'
            }
        })
        .collect();
    let name = plain.to_snake_case();
    if syn::parse_str::<syn::Ident>(&name).is_ok() && name != "gen" {
        name
    } else {
        format!("{name}_")
    }
}

/// Methods that send a request: of builders, or of the client.
struct Calls<'a> {
    operations: HashMap<&'a str, &'a Operation>,
    sent: Found,
}

impl VisitMut for Calls<'_> {
    fn visit_impl_item_fn_mut(&mut self, function: &mut syn::ImplItemFn) {
        let mut called = Called(None);
        called.visit_block_mut(&mut function.block);
        if let Some(operation) = called.0.and_then(|id| self.operations.get(id.as_str())) {
            let mut names = Sent {
                operation,
                sent: &mut self.sent,
            };
            names.visit_block_mut(&mut function.block);
        }
    }
}

/// The operation that a method calls, from its `OperationInfo`.
struct Called(Option<String>);

impl VisitMut for Called {
    fn visit_expr_struct_mut(&mut self, expr: &mut syn::ExprStruct) {
        if expr.path.is_ident("OperationInfo")
            && let Some(field) = expr.fields.first_mut()
            && let Some(id) = literal(&mut field.expr)
        {
            self.0 = Some(id.value());
        }
    }
}

/// The names under which a method sends parameters.
struct Sent<'a> {
    operation: &'a Operation,
    sent: &'a mut Found,
}

impl Sent<'_> {
    fn put(&mut self, name: Option<&mut Expr>, header: bool) {
        rename(self.operation, name, header, self.sent);
    }
}

impl VisitMut for Sent<'_> {
    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        if let Expr::Path(function) = &*call.func {
            let mut names = function.path.segments.iter().rev().map(|s| &s.ident);
            if names.next().is_some_and(|i| i == "new")
                && names.next().is_some_and(|i| i == "QueryParam")
            {
                self.put(call.args.first_mut(), false);
            }
        }
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        let to_headers = matches!(&*call.receiver, Expr::Path(p) if p.path.is_ident("header_map"));
        if to_headers && call.method == "append" {
            self.put(call.args.first_mut(), true);
        }
    }
}

/// The matchers of a mock, by operation.
struct Matchers<'a> {
    operations: HashMap<String, &'a Operation>,
    matched: Found,
}

impl VisitMut for Matchers<'_> {
    fn visit_item_impl_mut(&mut self, block: &mut syn::ItemImpl) {
        let syn::Type::Path(of) = &*block.self_ty else {
            return;
        };
        let name = of.path.segments.last().map(|s| s.ident.to_string());
        if let Some(operation) = name.and_then(|name| self.operations.get(&name)) {
            let mut names = Matched {
                operation,
                matched: &mut self.matched,
            };
            for item in &mut block.items {
                names.visit_impl_item_mut(item);
            }
        }
    }
}

struct Matched<'a> {
    operation: &'a Operation,
    matched: &'a mut Found,
}

impl VisitMut for Matched<'_> {
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        let header = match call.method.to_string().as_str() {
            "query_param" | "query_param_missing" => false,
            "header" | "header_missing" => true,
            _ => return,
        };
        rename(self.operation, call.args.first_mut(), header, self.matched);
    }
}

/// Replaces a name by its wire name, and counts it.
fn rename(operation: &Operation, name: Option<&mut Expr>, header: bool, found: &mut Found) {
    let Some(name) = name.and_then(literal) else {
        return;
    };
    let parameter = operation
        .sent
        .iter()
        .find(|p| p.name == name.value() && p.header == header);
    if let Some(parameter) = parameter {
        *name = LitStr::new(&parameter.wire, name.span());
        let key = (operation.id.clone(), parameter.name.clone());
        *found.entry(key).or_default() += 1;
    }
}

fn literal(expr: &mut Expr) -> Option<&mut LitStr> {
    match expr {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => Some(text),
        _ => None,
    }
}

/// Path templates in documentation.
struct Templates<'a>(&'a [Operation]);

impl VisitMut for Templates<'_> {
    fn visit_attribute_mut(&mut self, attribute: &mut syn::Attribute) {
        let syn::Meta::NameValue(doc) = &mut attribute.meta else {
            return;
        };
        let Some(text) = literal(&mut doc.value) else {
            return;
        };
        for Operation {
            path: (lowered, wire),
            ..
        } in self.0.iter().filter(|o| o.path.0 != o.path.1)
        {
            let lowered = format!("`{lowered}`");
            if text.value().contains(&lowered) {
                *text = LitStr::new(
                    &text.value().replace(&lowered, &format!("`{wire}`")),
                    text.span(),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;
    use serde_json::json;

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
                "/a/{client_param}": {"get": {
                    "operationId": "list.As",
                    "parameters": [
                        parameter("client_param", "path", "client"),
                        parameter("url_param", "query", "Url"),
                        parameter("new_param", "header", "X-New"),
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
            restore(&mut file, &document()).unwrap();
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
            assert!(!code.contains("`/a/{client_param}`"), "{code}");
        }
    }

    #[test]
    fn mocks_match_wire_names() {
        let parsed = serde_json::from_value(document()).unwrap();
        let tokens = progenitor_impl::Generator::default().httpmock(&parsed, "crate::v1");
        let mut file = syn::parse2(tokens.unwrap()).unwrap();
        restore_mocks(&mut file, &document()).unwrap();
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
        let item = other["paths"]["/a/{client_param}"].take();
        other["paths"] = json!({ "/a/{client_param}": item });
        other["paths"]["/a/{client_param}"]["get"]["parameters"][1]["name"] = json!("other_param");
        let mut file = generated(progenitor_impl::InterfaceStyle::Builder);
        let error = restore(&mut file, &other).unwrap_err().to_string();
        assert!(
            error.contains("other_param of list_as 0 times instead of 1"),
            "{error}"
        );
    }

    #[test]
    fn paths_get_their_wire_names_back() {
        let document = with_wire_paths(&document());
        let paths: Vec<_> = document["paths"].as_object().unwrap().keys().collect();
        assert_eq!(paths, ["/a/{client}", "/b"]);
    }
}
