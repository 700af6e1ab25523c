//! The list of generated modules: one for each directory under `openapi/`.

use openapi_prep::Error;
use quote::{format_ident, quote};

/// Reserved names: keywords, and modules and features of the generated crate.
const RESERVED: [&str; 15] = [
    "default", "httpmock", "schemars", "hooks", "decode", "modules", "crate", "self", "super",
    "mod", "type", "use", "std", "core", "gen",
];

/// The module of a directory: its name, if that is a valid module name.
pub(crate) fn module_name(directory: &str) -> Result<String, Error> {
    let plain = syn::parse_str::<syn::Ident>(directory).is_ok()
        && directory
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !RESERVED.contains(&directory);
    if plain {
        return Ok(directory.to_owned());
    }
    Err(
        Error::new("the folder's name is not a valid name of a Rust module")
            .remedy("rename it to lower-case letters, digits and underscores, such as v2"),
    )
}

/// The file that declares the modules.
pub(super) fn list(modules: &[&str]) -> Result<syn::File, Error> {
    let items = modules.iter().map(|name| {
        let ident = format_ident!("{name}");
        let path = format!("{name}/mod.rs");
        quote! {
            #[cfg(feature = #name)]
            #[path = #path]
            pub mod #ident;
        }
    });
    let tables = |table: &str| {
        let table = format_ident!("{table}");
        let entries = modules.iter().map(|name| {
            let module = format_ident!("{name}");
            quote!(#[cfg(feature = #name)] (#name, #module::coverage::#table))
        });
        entries.collect::<Vec<_>>()
    };
    let (operations, jobs) = (tables("COVERAGE"), tables("JOBS"));
    syn::parse2(quote! {
        #(#items)*

        /// Each operation of a document, with the method that calls it or the
        /// reason why it has none.
        #[doc(hidden)]
        pub type Coverage = [(&'static str, Result<&'static str, &'static str>)];

        /// The coverage table of each module.
        #[doc(hidden)]
        pub static COVERAGE: &[(&str, &Coverage)] = &[#(#operations),*];

        /// The operations with jobs of each module, with the methods that wait for
        /// these.
        #[doc(hidden)]
        pub static JOBS: &[(&str, &Coverage)] = &[#(#jobs),*];
    })
    .map_err(|e| Error::new(format!("the module list is not valid Rust: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_name_modules() {
        assert_eq!(module_name("v2").unwrap(), "v2");
        for name in ["my-api", "2", "V2", "type", "gen", "httpmock", "a b", ""] {
            let error = module_name(name).unwrap_err().to_string();
            assert!(error.contains("rename it"), "{error}");
        }
    }
}
