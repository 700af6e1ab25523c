//! Routing and validation: matches a request to an operation, validates it, and
//! returns the example response or a refusal. No sockets here.

use serde_json::Value;
use url::form_urlencoded;

use crate::documents::DOCUMENTS;
use crate::envelope::{Generation, usual_message};
use crate::error::Error;
use crate::fault::Fault;
use crate::openapi::{
    Credential, Document, Location, Operation, Security, is_json, operations, validate, with_ids,
};
use crate::operation_name::Named;
use crate::request_log::RecordedRequest;
use crate::response::MockResponse;
use crate::route::PathValues;

/// Every operation of every document. Where two documents have the same
/// operation, the one added last responds.
#[derive(Debug, Default)]
pub(crate) struct Api {
    operations: Vec<Operation>,
}

/// A refusal of a request: status, message, and the invalid parameter.
struct Refusal {
    status: u16,
    message: String,
    param: Option<String>,
}

impl Api {
    /// The operations of the embedded documents.
    pub(crate) fn embedded() -> Result<Self, Error> {
        let mut api = Self::default();
        for (name, text) in DOCUMENTS {
            let root = serde_json::from_str(text).map_err(|error| Error::Document {
                name: (*name).to_owned(),
                reason: format!("it is not JSON: {error}"),
            })?;
            api.add(name, root)?;
        }
        Ok(api)
    }

    /// Adds the operations of a document; `name` is for the error.
    pub(crate) fn add(&mut self, name: &str, root: Value) -> Result<(), Error> {
        let document = Document::new(root);
        let new = operations(&document).map_err(|reason| Error::Document {
            name: name.to_owned(),
            reason,
        })?;
        for operation in new {
            self.operations.retain(|old| {
                old.method != operation.method || !old.template.same_paths(&operation.template)
            });
            self.operations.push(operation);
        }
        Ok(())
    }

    /// The response to a request, modified by the injected fault: with the
    /// status and body of the fault if it sets them, else the documented ones.
    pub(crate) fn respond(&self, request: &RecordedRequest, fault: &Fault) -> MockResponse {
        let found = self.find(request);
        let operation = found.as_ref().map(|(operation, _)| *operation);
        let mut response = match fault.status {
            None => match &found {
                None => self.not_found(request),
                Some((operation, path)) => operation.respond(request, path),
            },
            Some(status @ 200..=299) => {
                let success = found.as_ref();
                let success = success.map(|(found, path)| found.success(path, &query(request)));
                let mut response = success.unwrap_or_else(|| MockResponse::empty(status));
                response.status = status;
                response
            }
            Some(status) => {
                let status = if (200..1000).contains(&status) {
                    status
                } else {
                    500
                };
                let documented = operation.and_then(|operation| operation.failures.get(&status));
                documented.cloned().unwrap_or_else(|| {
                    Generation::of(&request.path).failure(status, usual_message(status), None)
                })
            }
        };
        if let Some((operation, path)) = &found {
            operation.deprecation.add_headers(path, &mut response);
        }
        fault.apply(&request.path, response)
    }

    /// Id, method and path template of every operation.
    pub(crate) fn names(&self) -> impl Iterator<Item = Named<'_>> + Clone {
        self.operations.iter().map(|operation| {
            let id = operation.id.as_deref().unwrap_or("");
            (id, operation.method.as_str(), operation.path.as_str())
        })
    }

    /// The id of the operation for a request.
    pub(crate) fn operation_id(&self, request: &RecordedRequest) -> Option<&str> {
        self.find(request)?.0.id.as_deref()
    }

    /// The known ids of a path parameter.
    pub(crate) fn known_ids(&self, operation_id: &str, parameter: &str) -> &[String] {
        self.operations
            .iter()
            .find(|operation| operation.id.as_deref() == Some(operation_id))
            .and_then(|operation| {
                let mut known = operation.known.iter();
                known.find(|known| known.parameter == parameter)
            })
            .map_or(&[], |known| &known.ids)
    }

    /// The operation for a request. HEAD is served as GET where it is not
    /// declared.
    fn find(&self, request: &RecordedRequest) -> Option<(&Operation, PathValues)> {
        let with = |method: &str| {
            self.matching(&request.path)
                .filter(|(operation, _)| operation.method == method)
                .min_by(|(a, _), (b, _)| a.template.compare_specificity(&b.template))
        };
        with(&request.method).or_else(|| (request.method == "HEAD").then(|| with("GET")).flatten())
    }

    fn matching(&self, path: &str) -> impl Iterator<Item = (&Operation, PathValues)> {
        self.operations
            .iter()
            .filter_map(move |operation| Some((operation, operation.template.match_path(path)?)))
    }

    /// 405 if the path has other methods, else 404.
    fn not_found(&self, request: &RecordedRequest) -> MockResponse {
        let generation = Generation::of(&request.path);
        let mut methods: Vec<&str> = self
            .matching(&request.path)
            .map(|(operation, _)| operation.method.as_str())
            .collect();
        if methods.is_empty() {
            let message = "There is no such operation; check the path.";
            return generation.failure(404, message, None);
        }
        methods.sort_unstable();
        methods.dedup();
        let allow = methods.join(", ");
        let message = format!("This path allows {allow}, not {}.", request.method);
        let mut response = generation.failure(405, &message, None);
        response.set("allow", &allow);
        response
    }
}

impl Operation {
    /// The success response, or the refusal of an invalid request.
    fn respond(&self, request: &RecordedRequest, path: &PathValues) -> MockResponse {
        match self.check(request, path) {
            Ok(()) => self.success(path, &query(request)),
            Err(refusal) => self.refuse(request, &refusal),
        }
    }

    /// The success response, with the ids of the request's path; for a cursor, the
    /// last page.
    fn success(&self, path: &PathValues, query: &PathValues) -> MockResponse {
        let mut response = self.success.clone();
        let example = self.example.as_ref();
        let mut body = example.and_then(|example| with_ids(example, &self.known, path));
        if let Some(page) = self.page.as_ref().filter(|page| page.is_later(query)) {
            body = body.or_else(|| example.cloned());
            if let Some(body) = &mut body {
                page.end(body);
            }
        }
        if let Some(body) = body {
            response.body = body.to_string().into();
        }
        response
    }

    fn check(&self, request: &RecordedRequest, values: &PathValues) -> Result<(), Refusal> {
        let query = query(request);
        check_security(&self.security, request, &query)?;
        self.check_parameters(request, values, &query)?;
        self.check_body(request)?;
        self.check_ids(values)
    }

    fn check_parameters(
        &self,
        request: &RecordedRequest,
        path: &PathValues,
        query: &PathValues,
    ) -> Result<(), Refusal> {
        for parameter in &self.parameters {
            let named = |pairs: &PathValues| -> Vec<String> {
                let pairs = pairs.iter().filter(|(name, _)| *name == parameter.name);
                pairs.map(|(_, value)| value.clone()).collect()
            };
            let values = match parameter.location {
                Location::Path => named(path),
                Location::Query => named(query),
                Location::Header => request
                    .header(&parameter.name)
                    .map(str::to_owned)
                    .into_iter()
                    .collect(),
            };
            let location = match parameter.location {
                Location::Path => "path",
                Location::Query => "query",
                Location::Header => "header",
            };
            let name = &parameter.name;
            if values.is_empty() {
                // A path that matches has all parameters of its template; one
                // that is declared but not in the template cannot be sent.
                if parameter.required && parameter.location != Location::Path {
                    let message = format!("The {location} parameter {name} is required.");
                    return Err(Refusal::invalid(message, Some(name)));
                }
                continue;
            }
            parameter
                .check(&self.document, &values)
                .map_err(|problem| {
                    let message =
                        format!("The {location} parameter {name} is not valid: {problem}.");
                    Refusal::invalid(message, Some(name))
                })?;
        }
        Ok(())
    }

    fn check_body(&self, request: &RecordedRequest) -> Result<(), Refusal> {
        let Some(body) = &self.body else {
            return Ok(());
        };
        if request.body.is_empty() {
            let message = "A request body is required.".to_owned();
            return if body.required {
                Err(Refusal::invalid(message, None))
            } else {
                Ok(())
            };
        }
        let sent = request.header("content-type").unwrap_or("");
        if !body.media_types.iter().any(|allowed| covers(allowed, sent)) {
            let allowed = body.media_types.join(", ");
            let message = format!("The request body must be of the type {allowed}.");
            return Err(Refusal::invalid(message, None));
        }
        let Some(schema) = body.schema.as_ref().filter(|_| is_json(sent)) else {
            return Ok(());
        };
        let value = request
            .json()
            .ok_or_else(|| Refusal::invalid("The request body is not JSON.".to_owned(), None))?;
        validate(&self.document, schema, &value).map_err(|problem| {
            let message = format!("The request body is not valid: {problem}.");
            Refusal::invalid(message, Some(&problem.at))
        })
    }

    fn check_ids(&self, values: &PathValues) -> Result<(), Refusal> {
        let unknown = self.known.iter().find(|known| {
            let mut requested = values.iter().filter(|(name, _)| *name == known.parameter);
            requested.any(|(_, id)| !known.accepts(id))
        });
        let Some(unknown) = unknown else {
            return Ok(());
        };
        let (name, ids) = (&unknown.parameter, unknown.ids.join(", "));
        Err(Refusal {
            status: 404,
            message: format!("Unknown {name}; the known ids of this mock are {ids}."),
            param: Some(name.clone()),
        })
    }

    /// The document's own example if it has one for the status. The message of
    /// a 400 is the mock's, since only it can name the invalid field.
    fn refuse(&self, request: &RecordedRequest, refusal: &Refusal) -> MockResponse {
        if let Some(response) = self.failures.get(&refusal.status)
            && refusal.status != 400
        {
            return response.clone();
        }
        Generation::of(&request.path).failure(
            refusal.status,
            &refusal.message,
            refusal.param.as_deref(),
        )
    }
}

impl Refusal {
    fn invalid(message: String, param: Option<&str>) -> Self {
        Self {
            status: 400,
            message,
            param: param.filter(|name| !name.is_empty()).map(str::to_owned),
        }
    }
}

/// The parameters of a request's query.
fn query(request: &RecordedRequest) -> PathValues {
    let query = request.query.as_deref().unwrap_or("");
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

/// Whether a declared media type, maybe with a star, covers the one sent.
fn covers(allowed: &str, sent: &str) -> bool {
    let essence = |text: &str| {
        text.split(';')
            .next()
            .unwrap_or("")
            .trim()
            .to_ascii_lowercase()
    };
    let (allowed, sent) = (essence(allowed), essence(sent));
    match allowed.strip_suffix('*') {
        Some("*/") => !sent.is_empty(),
        Some(start) => sent.starts_with(start),
        None => allowed == sent,
    }
}

fn check_security(
    security: &Security,
    request: &RecordedRequest,
    query: &PathValues,
) -> Result<(), Refusal> {
    let there = |credential: &Credential| match credential {
        Credential::Header(name) => request.header(name).is_some_and(|key| !key.is_empty()),
        Credential::Query(name) => query.iter().any(|(n, key)| n == name && !key.is_empty()),
        Credential::Authorization(scheme) => request
            .header("authorization")
            .and_then(|value| value.split_once(' '))
            .is_some_and(|(name, rest)| name.eq_ignore_ascii_case(scheme) && !rest.is_empty()),
    };
    let enough = |all: &Vec<Credential>| all.iter().all(there);
    if security.is_empty() || security.iter().any(enough) {
        return Ok(());
    }
    Err(Refusal {
        status: 401,
        message: "Unauthorized".to_owned(),
        param: None,
    })
}

#[cfg(test)]
mod tests;
