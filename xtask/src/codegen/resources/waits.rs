//! The method `wait` of a handle whose operation reads a job, and its example.

use openapi_prep::Error;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::{
    arguments,
    jobs::Jobs,
    named::{Example, Named},
    wait_docs,
};
use crate::codegen::{jobs::Job, resource_path::RESOURCE_HINT};

/// The method of a handle.
const WAIT: &str = "wait";

/// The method `wait` of a handle, if one of its operations reads a job.
///
/// # Errors
///
/// Where two of them do, or the handle has a method of this name.
pub(super) fn of_handle(
    jobs: Jobs<'_>,
    module: &str,
    operations: &[&Named<'_>],
    below: &[&[String]],
) -> Result<Option<TokenStream>, Error> {
    let reads = operations
        .iter()
        .filter_map(|named| Some((named, jobs.read_by(named)?)));
    let reads: Vec<_> = reads.collect();
    let [(named, job), others @ ..] = reads.as_slice() else {
        return Ok(None);
    };
    let refused = |what: String| {
        let remedy = format!("give one of them another handle by `{RESOURCE_HINT}`");
        Err(Error::new(what).at(&named.operation.pointer).remedy(remedy))
    };
    if let Some((other, _)) = others.first() {
        let (one, other) = (named.operation.title(), other.operation.title());
        return refused(format!(
            "{one} and {other} read jobs of one handle, whose `{WAIT}` has one"
        ));
    }
    let is_taken = operations.iter().any(|named| named.method == WAIT)
        || below
            .iter()
            .any(|path| path.last().is_some_and(|name| name == WAIT));
    if is_taken {
        let title = named.operation.title();
        return refused(format!(
            "the handle of {title} needs its name `{WAIT}` for the job it reads"
        ));
    }
    let example = example(jobs, module, named);
    let example = example
        .map(|example| example.documentation(module))
        .transpose()?;
    let about = wait_docs::of_wait(jobs, job, example);
    let constant = format_ident!("{}", job.constant());
    let output = jobs.output(job);
    let ids = arguments::of_path(named.operation);
    let id = ids.iter().map(|(_, name)| name);
    let id = quote!(#(#id),*);
    Ok(Some(quote! {
        #[doc = #about]
        pub fn wait(self, #id: impl AsRef<str>) -> ::heygen_core::wait::Wait<#output> {
            ::heygen_core::wait::Wait::new(self.client, &super::super::jobs::#constant, #id.as_ref())
        }
    }))
}

/// The example of a wait.
pub(super) fn example(jobs: Jobs<'_>, module: &str, named: &Named<'_>) -> Option<Example> {
    let job = jobs.read_by(named)?;
    let mut call = quote!(client);
    for name in [module]
        .into_iter()
        .chain(named.resource.iter().map(String::as_str))
    {
        let name = format_ident!("{name}");
        call = quote!(#call.#name());
    }
    let id = arguments::of_path(named.operation)
        .into_iter()
        .map(|(parameter, _)| {
            let example = parameter
                .annotations
                .examples
                .first()
                .and_then(Value::as_str);
            example.unwrap_or(&parameter.name).to_owned()
        });
    let call = quote!(#call.wait(#(#id),*).await?);
    let one = |job: &Job<'_>| {
        let name = job.hint.name.rsplit(' ').next().unwrap_or_default();
        (format_ident!("{name}"), format!("{{{name}:?}}"))
    };
    let (result, printed) = one(jobs.last(job));
    let statements = if job.hint.attention.is_empty() {
        quote! {
            let #result = #call;
            println!(#printed);
        }
    } else {
        let (acted, acted_printed) = one(job);
        let acted_printed = format!("to do: {acted_printed}");
        quote! {
            match #call {
                heygen::Outcome::Finished(#result) => println!(#printed),
                heygen::Outcome::ActionRequired(#acted) => println!(#acted_printed),
            }
        }
    };
    Some(Example {
        uses: Vec::new(),
        statements,
    })
}

#[cfg(test)]
mod tests {
    use openapi_prep::{Document, Names, api::Api, prepare};
    use quote::ToTokens as _;
    use serde_json::json;

    use super::*;
    use crate::codegen::{
        jobs,
        resources::{Ledger, handles, jobs as statics, names},
    };

    /// A document with a video that a session leads to, changed at JSON pointers.
    fn api(changes: &[(&str, Value)]) -> Api {
        let text = json!({"type": "string"});
        let path = |name: &str| json!({"parameters": [{"name": name, "in": "path", "required": true, "schema": text}]});
        let operation = |id: &str, model: &str| {
            let data = json!({"$ref": format!("#/components/schemas/{model}")});
            json!({"operationId": id, "responses": {"200": {"description": "ok", "content": {
                "application/json": {"schema": {"type": "object", "properties": {"data": data}}}}}}})
        };
        let mut document = json!({
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": {
                "/v3/videos": {"post": operation("createVideo", "Created")},
                "/v3/videos/{video_id}": path("video_id"),
                "/v3/sessions": {"post": operation("createSession", "Created")},
                "/v3/sessions/{session_id}": path("session_id"),
            },
            "components": {"schemas": {
                "Created": {"type": "object", "properties": {"ids": {"type": "array", "items": text}}},
                "Video": {"type": "object", "properties": {"status": text, "url": text, "why": text}},
                "Session": {"type": "object", "properties": {"status": text, "video_id": text}},
            }},
        });
        let mut video = operation("getVideo", "Video");
        video["x-job"] = json!({"name": "video", "state": "status", "success": ["done"], "failure": ["failed"],
            "deleted": ["gone"], "result": ["url"], "message": "why", "deadline": 90, "created": {"createVideo": "ids[]"}});
        let mut session = operation("getSession", "Session");
        session["x-job"] = json!({"name": "agent session", "state": "status", "success": ["done"],
            "attention": ["asks"], "deadline": 3600, "then": {"operation": "getVideo", "id": "video_id"}});
        document["paths"]["/v3/videos/{video_id}"]["get"] = video;
        document["paths"]["/v3/sessions/{session_id}"]["get"] = session;
        for (pointer, value) in changes {
            let (holder, key) = pointer.rsplit_once('/').unwrap();
            document.pointer_mut(holder).unwrap()[key] = value.clone();
        }
        let document = Document::from_value(document).unwrap();
        prepare(document, &mut Names::new()).unwrap().api
    }

    /// The code of handles and jobs, without spaces.
    fn generated(api: &Api) -> Result<String, Error> {
        let jobs = jobs::read(api)?;
        let named = names::assign(api, "v3", &Ledger::default())?;
        let jobs = Jobs {
            jobs: &jobs,
            named: &named,
        };
        let mut files = handles::files(api, "v3", jobs)?;
        files.push(("jobs.rs".to_owned(), statics::file(jobs)?));
        let code = files
            .into_iter()
            .map(|(_, file)| file.into_token_stream().to_string());
        Ok(code.collect::<String>().replace(' ', ""))
    }

    #[test]
    fn wait_is_a_method_of_the_handle_that_reads_the_job() {
        let code = generated(&api(&[])).unwrap();
        for wanted in [
            "pubfnwait(self,video_id:implAsRef<str>)->::heygen_core::wait::Wait<types::Video>{\
             ::heygen_core::wait::Wait::new(self.client,&super::super::jobs::VIDEO,video_id.as_ref())}",
            "Wait<::heygen_core::wait::Outcome<types::Video,types::Session>>",
            "pubstaticVIDEO:Job=Job::new(\"video\",&operations::GET_VIDEO).state(\"status\").success(&[\"done\"])\
             .failure(&[\"failed\"]).deleted(&[\"gone\"]).result(&[\"url\"]).reason(\"\",\"why\").deadline_secs(90u64);",
            ".attention(&[\"asks\"]).deadline_secs(3600u64).then(&VIDEO,\"video_id\");",
            "implCreatedfortypes::Created{typeJob=types::Video;typeOutput=Vec<::heygen_core::wait::Finished<types::Video>>;\
             constJOB:&'staticJob=&VIDEO;constID:&'staticstr=\"ids[]\";}",
        ] {
            assert!(
                code.contains(&wanted.replace(' ', "")),
                "{wanted} in {code}"
            );
        }
    }

    #[test]
    fn documentation_says_what_ends_a_wait() {
        let code = generated(&api(&[])).unwrap();
        for wanted in [
            "Waits for a video by its id, and returns the [`Video`](types::Video)",
            "Polls `GET /v3/videos/{video_id}`, at once",
            "`done` ends the wait with the result, `failed` or `gone` with an error; with any other",
            "has no `url` yet, it is read again",
            "takes at most 90 seconds, unless",
            "the video failed, with `why` as the API gave it",
            "let video = client.v3().videos().wait(\\\"video_id\\\").await?;",
            "Waits for an agent session by its id",
            "`asks` with [`ActionRequired`](::heygen_core::wait::Outcome::ActionRequired) and the [`Session`](types::Session)",
            "Once it has a `video_id`, the states of `GET /v3/videos/{video_id}` count instead.",
            "heygen::Outcome::ActionRequired(session) => println!",
            "[`and_wait`](Request::and_wait) waits until each video is finished, as [`Videos::wait`](super::Videos::wait) does",
        ] {
            assert!(
                code.contains(&wanted.replace(' ', "")),
                "{wanted} in {code}"
            );
        }
    }

    #[test]
    fn handle_has_one_wait() {
        for (at, key, value, wanted) in [
            (
                "/paths/~1v3~1sessions~1{session_id}/get",
                "x-resource",
                json!(["videos"]),
                "read jobs of one handle",
            ),
            (
                "/paths/~1v3~1videos/post",
                "x-method",
                json!("wait"),
                "needs its name `wait`",
            ),
            (
                "/paths/~1v3~1sessions/post",
                "x-resource",
                json!(["videos", "wait"]),
                "needs its name `wait`",
            ),
        ] {
            let mut names = vec![(format!("{at}/{key}"), value)];
            if key == "x-resource" && at.ends_with("get") {
                names.push((format!("{at}/x-method"), json!("get_session")));
            }
            let names: Vec<_> = names
                .iter()
                .map(|(at, value)| (at.as_str(), value.clone()))
                .collect();
            let error = generated(&api(&names)).unwrap_err().to_string();
            assert!(
                error.contains(wanted) && error.contains("`x-resource`"),
                "{error}"
            );
        }
    }
}
