//! The test data of the program: a call of each command against the mock.

use openapi_prep::Error;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{
    Command, Download, Input, JobId,
    body::Body,
    example,
    flags::{Flag, FlagType, Source},
};

/// The folder of the test data.
pub(super) const FOLDER: &str = "crates/heygen-cli/tests/generated";

/// The file of the test data.
pub(super) const FILE: &str = "crates/heygen-cli/tests/generated/commands.rs";

/// The file: the type of the cases, and a case for each leaf and download.
pub(super) fn file(mut cases: Vec<(Vec<String>, TokenStream)>) -> Result<syn::File, Error> {
    cases.sort_by(|a, b| a.0.cmp(&b.0));
    let cases = cases.into_iter().map(|(_, case)| case);
    let file_name = example::FILE;
    syn::parse2(quote! {
        #![doc = " A call of each command that is made from documents."]

        /// Stands for the path of a file in `options`.
        pub const FILE: &str = #file_name;

        /// A command, and what a call of it needs.
        #[derive(Debug)]
        pub struct Case {
            /// The words after `heygen`.
            pub words: &'static [&'static str],
            pub operation_id: &'static str,
            pub method: &'static str,
            /// The path template.
            pub path: &'static str,
            /// Values of the arguments, which the mock knows.
            pub arguments: &'static [&'static str],
            /// The options of a call that the mock accepts.
            pub options: &'static [&'static str],
            /// What is named where the options are left out: an option without dashes, or
            /// a property of the body. None where nothing is required.
            pub missing: Option<&'static str>,
            /// An option with a value that is not allowed.
            pub bad_option: Option<&'static str>,
            /// Whether the words are to be used no longer.
            pub renamed: bool,
            pub kinds: &'static [Kind],
        }

        /// What a command does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind {
            /// A GET whose response has a list.
            List,
            /// Any other GET.
            Read,
            /// A POST.
            Create,
            /// A PATCH or PUT.
            Update,
            Delete,
            /// Lists in pages.
            Paged,
            /// Takes `--wait` and reads the job.
            ReadsJob,
            /// Takes `--wait` and starts the job.
            StartsJob,
            /// Sends a form.
            Multipart,
            /// Stores a file.
            Download,
            Deprecated,
        }

        /// All commands, sorted by their words.
        pub static COMMANDS: &[Case] = &[#(#cases),*];
    })
    .map_err(|e| Error::new(format!("the test data of commands is not valid Rust: {e}")))
}

/// The cases of commands, by their words.
pub(super) fn of<'a>(
    input: &Input<'_>,
    commands: impl Iterator<Item = &'a Command<'a>>,
) -> Result<Vec<(Vec<String>, TokenStream)>, Error> {
    let mut cases = Vec::new();
    for command in commands {
        let named = command.named;
        cases.push((
            named.words.clone(),
            case(input, command, &named.words, false)?,
        ));
        for alias in &named.aliases {
            let case = case(input, command, &alias.words, alias.hidden)?;
            cases.push((alias.words.clone(), case));
        }
    }
    Ok(cases)
}

fn case(
    input: &Input<'_>,
    command: &Command<'_>,
    words: &[String],
    renamed: bool,
) -> Result<TokenStream, Error> {
    let call = example::call(input, command)?;
    let (arguments, options) = (&call.arguments, &call.options);
    let operation = command.operation;
    let (id, method, path) = (&operation.id, &operation.method, &operation.path);
    let missing = optional(missing(command));
    let bad_option = optional(command.flags.iter().find_map(bad));
    let kinds = kinds(command);
    Ok(quote!(Case {
        words: &[#(#words),*],
        operation_id: #id,
        method: #method,
        path: #path,
        arguments: &[#(#arguments),*],
        options: &[#(#options),*],
        missing: #missing,
        bad_option: #bad_option,
        renamed: #renamed,
        kinds: &[#(Kind::#kinds),*],
    }))
}

/// The case of a command that stores files.
pub(super) fn of_download(download: &Download) -> (Vec<String>, TokenStream) {
    let (words, argument) = (&download.words, &download.id);
    let [method, path, id] = &download.read;
    let case = quote!(Case {
        words: &[#(#words),*],
        operation_id: #id,
        method: #method,
        path: #path,
        arguments: &[#argument],
        options: &[],
        missing: None,
        bad_option: Some("--asset=no-such-file"),
        renamed: false,
        kinds: &[Kind::Download],
    });
    (words.clone(), case)
}

/// What is named first where all options are left out.
fn missing(command: &Command<'_>) -> Option<String> {
    let is_needed = |flag: &&Flag| flag.required && flag.source != Source::Body;
    let of_form = command.flags.iter().find(is_needed);
    if let Some(flag) = of_form {
        return Some(flag.name.clone());
    }
    let Body::Json(body) = &command.body else {
        return None;
    };
    let need = body.needs.first()?;
    let flag = command.flags.iter().find(|flag| flag.wire == *need);
    Some(flag.map_or_else(|| need.clone(), |flag| flag.name.clone()))
}

/// An option with a value that it does not take.
fn bad(flag: &Flag) -> Option<String> {
    let name = &flag.name;
    if !flag.values.is_empty() {
        let value = match flag.ty {
            FlagType::Integer | FlagType::Number => "-7",
            _ => "no-such-value",
        };
        return Some(format!("--{name}={value}"));
    }
    let above = flag.bounds.maximum.map(|most| most + 1.0);
    let value = above.or(flag.bounds.minimum.map(|least| least - 1.0))?;
    Some(format!("--{name}={value}"))
}

fn kinds(command: &Command<'_>) -> Vec<proc_macro2::Ident> {
    let operation = command.operation;
    let has_list = command
        .container
        .as_ref()
        .is_some_and(|container| container.is_list);
    let mut kinds = vec![match operation.method.as_str() {
        "GET" if has_list => "List",
        "GET" => "Read",
        "POST" => "Create",
        "DELETE" => "Delete",
        _ => "Update",
    }];
    kinds.extend(command.is_paged().then_some("Paged"));
    kinds.extend(command.job.as_ref().map(|(_, id)| match id {
        JobId::Argument => "ReadsJob",
        JobId::Response(_) => "StartsJob",
    }));
    kinds.extend((command.body == Body::Form).then_some("Multipart"));
    kinds.extend(operation.deprecated.then_some("Deprecated"));
    kinds
        .into_iter()
        .map(|kind| format_ident!("{kind}"))
        .collect()
}

fn optional(text: Option<String>) -> TokenStream {
    text.map_or_else(|| quote!(None), |text| quote!(Some(#text)))
}
