//! The coverage table: each operation of the document with the method that calls
//! it, or why there is none.

use std::collections::BTreeMap;

use openapi_prep::{Error, Report, Subject};
use quote::quote;
use syn::File;

use super::{named::Named, parsed};

/// The file with the table, sorted by operation.
pub(super) fn file(all: &[Named<'_>], report: &Report) -> Result<File, Error> {
    let lost = report
        .losses()
        .filter(|loss| loss.subject == Some(Subject::Operation))
        .filter_map(|loss| Some((title(&loss.pointer)?, Err(loss.note.clone()))));
    // A loss of a part of an operation is not one of the operation.
    let mut table: BTreeMap<String, Result<String, String>> = lost.collect();
    table.extend(
        all.iter()
            .map(|named| (named.operation.title(), Ok(named.call()))),
    );
    let entries = table.iter().map(|(operation, covered)| match covered {
        Ok(call) => quote!((#operation, Ok(#call))),
        Err(reason) => quote!((#operation, Err(#reason))),
    });
    parsed(
        "the coverage table",
        quote! {
            #[doc = " Each operation of the document, with the method that calls it, or the reason"]
            #[doc = " why it has none."]
            pub static COVERAGE: &[(&str, Result<&str, &str>)] = &[#(#entries),*];
        },
    )
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
    use openapi_prep::Report;
    use quote::ToTokens as _;

    use super::*;

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
        let table = file(&[], &report).unwrap().into_token_stream().to_string();
        let entries = r#"& [("POST /v3/things" , Err ("left out: it is bad"))]"#;
        assert!(table.contains(entries), "{table}");
    }
}
