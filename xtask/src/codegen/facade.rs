//! The versions of the API in the crate that users depend on: for each a module
//! with its resources and types, and a method of the client.

use openapi_prep::{
    Error,
    api::{Api, Operation},
};
use quote::{format_ident, quote};
use serde_json::Value;

use super::{file_hints::DOWNLOAD, resources, split, upload_hint::UPLOAD};

/// The crate that users depend on.
pub(super) const PACKAGE: &str = "crates/heygen";

/// A version of the API.
#[derive(Debug)]
pub(super) struct Version {
    module: String,
    about: String,
    examples: Option<syn::File>,
    has_files: bool,
    has_uploads: bool,
}

impl Version {
    /// Its module, which is also its feature.
    pub(super) fn module(&self) -> &str {
        &self.module
    }

    /// The test of its examples.
    pub(super) fn examples(&self) -> Option<&syn::File> {
        self.examples.as_ref()
    }

    pub(super) fn of(module: &str, api: &Api, examples: Option<syn::File>) -> Self {
        let number = module.strip_prefix('v');
        let is_number = |rest: &&str| rest.bytes().all(|byte| byte.is_ascii_digit());
        let mut about = match number.filter(is_number) {
            Some(number) => format!(" Version {number} of the API: its resources and models."),
            None => format!(" The API {module}: its resources and models."),
        };
        about.push_str("\n\n");
        about.push_str(&split::about(api));
        let deprecated = |operation: &Operation| operation.deprecated;
        if !api.operations.is_empty() && api.operations.iter().all(deprecated) {
            let dates = api.operations.iter().map(|o| o.extensions.get("x-sunset"));
            let last = dates
                .map(|date| date.and_then(Value::as_str))
                .max()
                .flatten();
            about.push_str("\n\n All of it is deprecated");
            if let Some(last) = last {
                about.extend([", and served until ", last]);
            }
            about.push_str(": each method names its successor.");
        }
        Self {
            module: module.to_owned(),
            about,
            examples,
            has_files: split::has_hint(api, DOWNLOAD),
            has_uploads: split::has_hint(api, UPLOAD),
        }
    }
}

/// The file with the modules and methods.
pub(super) fn file(versions: &[Version]) -> Result<syn::File, Error> {
    let items = versions.iter().map(|version| {
        let (feature, about) = (&version.module, &version.about);
        let module = format_ident!("{feature}");
        let root = format_ident!("{}", resources::root(feature));
        let files = version.has_files.then(|| quote!(files::*,));
        let uploads = version.has_uploads.then(|| {
            quote!(
                pub use heygen_core::{Upload, UploadProgress, UploadedFile};
            )
        });
        let of_raw = format!(" The generated methods of {feature}.");
        quote! {
            #[doc = #about]
            #[cfg(feature = #feature)]
            pub mod #module {
                pub use heygen_api_gen::#module::{#files resources::{#root, queries::*}, types::*};
                #uploads

                #[doc = " Resources: the handles whose methods call the API."]
                pub mod resources {
                    pub use heygen_api_gen::#module::resources::*;
                }
            }

            #[cfg(feature = #feature)]
            impl crate::Client {
                #[doc = #about]
                pub fn #module(&self) -> #module::#root<'_> {
                    #module::#root::new(&self.0)
                }
            }

            #[cfg(feature = #feature)]
            impl crate::raw::Api {
                #[doc = #of_raw]
                pub fn #module(&self) -> heygen_api_gen::#module::client::Client {
                    self.generated()
                }
            }
        }
    });
    let mocks = versions.iter().map(|version| {
        let feature = &version.module;
        let module = format_ident!("{feature}");
        let about = format!(" Operations of {feature}, and the models they respond with.");
        quote! {
            #[doc = #about]
            #[cfg(feature = #feature)]
            pub mod #module {
                pub use heygen_api_gen::#module::{httpmock::*, types};
            }
        }
    });
    syn::parse2(quote! {
        #(#items)*

        #[cfg(feature = "httpmock")]
        pub(crate) mod mocks {
            #(#mocks)*
        }
    })
    .map_err(|e| {
        Error::new(format!(
            "the versions of the facade are not valid Rust: {e}"
        ))
    })
}
