//! The builders' `send`: one error type, no header of the generator's own,
//! and an answer read by the hooks whatever its status.

use openapi_prep::Error;
use quote::ToTokens;
use syn::{
    Expr, ExprMethodCall, Item, ReturnType, Stmt, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::unexpected;

/// Puts the operations' builders into shape.
pub(in crate::codegen) fn shape(items: Vec<Item>) -> Result<Vec<Item>, Error> {
    let mut out: Vec<Item> = vec![parse_quote!(
        use super::types;
    )];
    out.push(parse_quote!(
        use progenitor_client::RequestBuilderExt;
    ));
    out.push(parse_quote!(
        use crate::hooks::{Error, ResponseValue, encode_path, exec};
    ));
    for mut item in items {
        if matches!(item, Item::Use(_)) {
            continue;
        }
        if let Item::Impl(block) = &mut item {
            for inner in &mut block.items {
                match inner {
                    syn::ImplItem::Fn(f) if f.sig.ident == "send" => send(f)?,
                    _ => {}
                }
            }
        }
        Messages.visit_item_mut(&mut item);
        out.push(item);
    }
    Ok(out)
}

fn send(function: &mut syn::ImplItemFn) -> Result<(), Error> {
    let ReturnType::Type(_, result) = &mut function.sig.output else {
        return Err(unexpected("a call that answers nothing"));
    };
    let answer = answer_of(result).ok_or_else(|| unexpected("a call that answers no result"))?;
    **result = parse_quote!(Result<#answer, Error>);

    let headers = function
        .block
        .stmts
        .iter()
        .filter(|s| appends_header(s))
        .count();
    let version = function
        .block
        .stmts
        .iter()
        .filter(|s| says(s, "api-version"))
        .count();
    let alone = headers == version;
    function.block.stmts.retain(|statement| {
        let version = says(statement, "api-version") && appends_header(statement);
        let unused = alone
            && says(statement, "header_map")
            && matches!(statement, Stmt::Local(l) if says(&l.pat, "header_map"));
        // The transport does what these would ask of it.
        let hook = says(statement, "client . pre (& mut request")
            || says(statement, "client . post (& result")
            || says(statement, "let response = result");
        !(version || unused || hook)
    });
    let mut calls = Calls {
        drop_headers: alone,
    };
    calls.visit_block_mut(&mut function.block);
    travel(&mut function.block.stmts)?;
    match function.block.stmts.pop() {
        Some(Stmt::Expr(Expr::Match(answers), None)) => {
            let first = answers
                .arms
                .into_iter()
                .next()
                .ok_or_else(|| unexpected("no answer"))?;
            let read = read(&first.body)?;
            function.block.stmts.push(Stmt::Expr(read, None));
            Ok(())
        }
        _ => Err(unexpected("a call that does not end by its answers")),
    }
}

/// Makes the address from that of the client, which has been read already, and
/// sends the request by the hooks, which alone can tell what became of it.
fn travel(statements: &mut Vec<Stmt>) -> Result<(), Error> {
    let mut operation: Option<Expr> = None;
    let (mut address, mut sent) = (false, false);
    for statement in statements.iter_mut() {
        let Stmt::Local(local) = statement else {
            continue;
        };
        let Some(init) = &mut local.init else {
            continue;
        };
        match &*init.expr {
            Expr::Macro(made) if says(&local.pat, "url") && made.mac.path.is_ident("format") => {
                *init.expr = address_of(&made.mac)?;
                address = true;
            }
            Expr::Struct(info) if info.path.is_ident("OperationInfo") => {
                operation = info.fields.first().map(|field| field.expr.clone());
            }
            Expr::Await(call) if says(&call.base, "client . exec") => {
                let name = operation.as_ref();
                let name = name.ok_or_else(|| unexpected("a call of no operation"))?;
                *statement = parse_quote! {
                    let answer = exec(&client.inner, super::operations::find(#name), request).await?;
                };
                sent = true;
            }
            _ => {}
        }
    }
    statements.retain(|statement| !says(statement, "let info = OperationInfo"));
    if address && sent {
        Ok(())
    } else {
        Err(unexpected("a call that is made otherwise"))
    }
}

/// The address that the generator would have put together as a text.
fn address_of(made: &syn::Macro) -> Result<Expr, Error> {
    type Arguments = syn::punctuated::Punctuated<Expr, syn::Token![,]>;

    let arguments = made
        .parse_body_with(Arguments::parse_terminated)
        .map_err(|_| unexpected("an address"))?;
    let mut arguments = arguments.into_iter();
    let (Some(Expr::Lit(form)), Some(base)) = (arguments.next(), arguments.next()) else {
        return Err(unexpected("an address without a base"));
    };
    let syn::Lit::Str(form) = &form.lit else {
        return Err(unexpected("an address of no form"));
    };
    let text = form.value();
    let path = text
        .strip_prefix("{}")
        .filter(|path| path.starts_with('/') && says(&base, "baseurl"))
        .ok_or_else(|| unexpected("an address of another form"))?;
    let path = syn::LitStr::new(path, form.span());
    let arguments: Vec<_> = arguments.collect();
    Ok(if arguments.is_empty() {
        parse_quote!(client.inner.url(#path))
    } else {
        parse_quote!(client.inner.url(&format!(#path, #(#arguments),*)))
    })
}

/// How the hooks read the answer that the generator would have read.
fn read(body: &Expr) -> Result<Expr, Error> {
    let text = body.to_token_stream().to_string();
    if text.contains("from_response") {
        Ok(parse_quote!(ResponseValue::from_answer(answer)))
    } else if text.contains("empty") {
        Ok(parse_quote!(Ok(ResponseValue::empty(answer))))
    } else if text.contains("stream") {
        Ok(parse_quote!(Ok(ResponseValue::bytes(answer))))
    } else {
        Err(unexpected("an answer of another kind"))
    }
}

/// The answer's type within the generator's result.
fn answer_of(result: &syn::Type) -> Option<syn::Type> {
    let syn::Type::Path(path) = result else {
        return None;
    };
    let last = path.path.segments.last().filter(|s| s.ident == "Result")?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        syn::GenericArgument::Type(ty) => {
            let stream = ty.to_token_stream().to_string().contains("ByteStream");
            Some(if stream {
                parse_quote!(ResponseValue<::bytes::Bytes>)
            } else {
                ty.clone()
            })
        }
        _ => None,
    }
}

fn says(tokens: &impl ToTokens, text: &str) -> bool {
    tokens.to_token_stream().to_string().contains(text)
}

/// Whether the statement puts a header in, conditionally or not.
fn appends_header(statement: &Stmt) -> bool {
    says(statement, "header_map . append") || says(statement, "header_map . insert")
}

/// Messages as a person would have written them.
struct Messages;

impl VisitMut for Messages {
    fn visit_lit_str_mut(&mut self, literal: &mut syn::LitStr) {
        let text = literal.value();
        if text.contains(" :: ") {
            let tidy = text.replace(" :: ", "::").replace(":: ", "::");
            let tidy = tidy
                .replace("::std::string::", "")
                .replace("::std::option::", "");
            *literal = syn::LitStr::new(&tidy, literal.span());
        }
    }
}

/// Calls within `send` that are made otherwise.
struct Calls {
    drop_headers: bool,
}

impl VisitMut for Calls {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Expr::MethodCall(call) = expr
            && self.drop_headers
            && call.method == "headers"
            && says(&call.args, "header_map")
        {
            *expr = (*call.receiver).clone();
        }
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        if call.method == "map_err" && says(&call.args, "Error :: InvalidRequest") {
            call.args = parse_quote!(crate::hooks::invalid_request);
        }
    }
}
