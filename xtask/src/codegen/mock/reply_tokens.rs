//! Generated code: a response and its body as expressions.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::reply::Reply;

/// A response, as an expression of type `Reply`.
pub(super) fn reply(reply: &Reply) -> TokenStream {
    let status = Literal::u16_unsuffixed(reply.status);
    let body = json(&reply.body);
    let media_type = &reply.media_type;
    let made = match media_type.as_str() {
        "" => quote!(Reply::empty(#status)),
        "application/json" => quote!(Reply::json(#status, #body)),
        _ => quote!(Reply::new(#status, #media_type, #body)),
    };
    if reply.headers.is_empty() {
        return made;
    }
    let headers = reply
        .headers
        .iter()
        .map(|(name, value)| quote!((#name, #value)));
    quote!(#made.headers(&[#(#headers),*]))
}

/// A raw string, as the quotation marks of JSON would be escaped in another.
pub(super) fn json(text: &str) -> TokenStream {
    let mut marks = String::from("#");
    while text.contains(&format!("\"{marks}")) {
        marks.push('#');
    }
    let literal = if text.contains('"') {
        format!("r{marks}\"{text}\"{marks}")
    } else {
        return quote!(#text);
    };
    // A raw string of such marks is one token, whatever is in it.
    literal.parse().unwrap_or_else(|_| quote!(#text))
}
