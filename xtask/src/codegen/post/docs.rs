//! Splits documentation into one attribute for each line.

use syn::{
    Attribute, Meta,
    visit_mut::{self, VisitMut},
};

use super::literal;

/// Writes each line of documentation as a line of its own.
pub(in crate::codegen) fn tidy(file: &mut syn::File) {
    Lines.visit_file_mut(file);
}

struct Lines;

impl VisitMut for Lines {
    fn visit_file_mut(&mut self, file: &mut syn::File) {
        split(&mut file.attrs);
        visit_mut::visit_file_mut(self, file);
    }

    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        split(attributes);
    }
}

fn split(attributes: &mut Vec<Attribute>) {
    let old = std::mem::take(attributes);
    for attribute in old {
        let Some(text) = text(&attribute) else {
            attributes.push(attribute);
            continue;
        };
        let lines = text.lines().chain(text.is_empty().then_some(""));
        // Where the first line has no margin, spaces before others are indentation.
        let has_margin = text.starts_with(' ');
        for line in lines {
            let line = line.trim_end();
            let is_done = line.is_empty() || has_margin && line.starts_with(' ');
            let line = if is_done {
                line.to_owned()
            } else {
                format!(" {line}")
            };
            attributes.push(match attribute.style {
                syn::AttrStyle::Outer => syn::parse_quote!(#[doc = #line]),
                syn::AttrStyle::Inner(_) => syn::parse_quote!(#![doc = #line]),
            });
        }
    }
}

fn text(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else {
        return None;
    };
    pair.path.is_ident("doc").then(|| literal(&pair.value))?
}
