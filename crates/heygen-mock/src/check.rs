//! Checks of a request against its operation: credentials, parameters, body.

use url::form_urlencoded;

use crate::envelope::Generation;
use crate::request_log::RecordedRequest;
use crate::response::MockResponse;
use crate::route::PathValues;
use crate::table::{Array, Body, Credential, Location, Operation, Parameter};
use crate::validate::{Problem, validate, validate_text};

/// A refusal of a request: status, message, and the invalid parameter.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) message: String,
    pub(crate) param: Option<String>,
}

impl Refusal {
    /// A request that is not valid.
    pub(crate) fn invalid(message: String, param: Option<&str>) -> Self {
        Self {
            status: 400,
            message,
            param: param.filter(|name| !name.is_empty()).map(str::to_owned),
        }
    }

    /// The document's own example if it has one for the status. The message of
    /// a 400 is the mock's, since only it can name the invalid field.
    pub(crate) fn response(&self, operation: &Operation, path: &str) -> MockResponse {
        let documented = operation.failures.iter();
        let mut documented = documented.filter(|failure| failure.status == self.status);
        match documented.next() {
            Some(failure) if self.status != 400 => MockResponse::of(failure),
            _ => {
                let param = self.param.as_deref();
                Generation::of(path).failure(self.status, &self.message, param)
            }
        }
    }
}

/// Checks a request whose path has these values.
pub(crate) fn check(
    operation: &Operation,
    request: &RecordedRequest,
    path: &PathValues,
) -> Result<(), Refusal> {
    let query = query(request);
    security(operation, request, &query)?;
    for parameter in operation.parameters {
        check_parameter(parameter, request, path, &query)?;
    }
    operation
        .body
        .map_or(Ok(()), |body| check_body(&body, request))
}

/// The parameters of a request's query.
pub(crate) fn query(request: &RecordedRequest) -> PathValues {
    let query = request.query.as_deref().unwrap_or("");
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

fn security(
    operation: &Operation,
    request: &RecordedRequest,
    query: &PathValues,
) -> Result<(), Refusal> {
    let is_sent = |credential: &Credential| match credential {
        Credential::Header(name) => request.header(name).is_some_and(|key| !key.is_empty()),
        Credential::Query(name) => query.iter().any(|(n, key)| n == name && !key.is_empty()),
        Credential::Authorization(scheme) => request
            .header("authorization")
            .and_then(|value| value.split_once(' '))
            .is_some_and(|(name, rest)| name.eq_ignore_ascii_case(scheme) && !rest.is_empty()),
    };
    let enough = |all: &&[Credential]| all.iter().all(is_sent);
    if operation.security.is_empty() || operation.security.iter().any(enough) {
        return Ok(());
    }
    Err(Refusal {
        status: 401,
        message: "Unauthorized".to_owned(),
        param: None,
    })
}

fn check_parameter(
    parameter: &Parameter,
    request: &RecordedRequest,
    path: &PathValues,
    query: &PathValues,
) -> Result<(), Refusal> {
    let name = parameter.name;
    let named = |pairs: &PathValues| -> Vec<String> {
        let pairs = pairs.iter().filter(|(found, _)| found == name);
        pairs.map(|(_, value)| value.clone()).collect()
    };
    let (location, values) = match parameter.location {
        Location::Path => ("path", named(path)),
        Location::Query => ("query", named(query)),
        Location::Header => {
            let value = request.header(name).map(str::to_owned);
            ("header", value.into_iter().collect())
        }
    };
    if values.is_empty() {
        // A path that matches has all parameters of its template; one that is
        // declared but not in the template cannot be sent.
        if parameter.required && parameter.location != Location::Path {
            let message = format!("The {location} parameter {name} is required.");
            return Err(Refusal::invalid(message, Some(name)));
        }
        return Ok(());
    }
    check_values(parameter, &values).map_err(|problem| {
        let message = format!("The {location} parameter {name} is not valid: {problem}.");
        Refusal::invalid(message, Some(name))
    })
}

fn check_values(parameter: &Parameter, values: &[String]) -> Result<(), Problem> {
    match (parameter.array, values) {
        (Array::No, [value]) => validate_text(parameter.shape, value),
        (Array::No, _) => Err(Problem::of_value("", "be sent only once".to_owned())),
        (Array::Repeated, values) => values
            .iter()
            .try_for_each(|value| validate_text(parameter.shape, value)),
        (Array::Joined, values) => values
            .iter()
            .flat_map(|value| value.split(','))
            .try_for_each(|value| validate_text(parameter.shape, value)),
    }
}

fn check_body(body: &Body, request: &RecordedRequest) -> Result<(), Refusal> {
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
    if !is_json(sent) {
        return Ok(());
    }
    let value = request
        .json()
        .ok_or_else(|| Refusal::invalid("The request body is not JSON.".to_owned(), None))?;
    validate(body.shape, &value).map_err(|problem| {
        let message = format!("The request body is not valid: {problem}.");
        Refusal::invalid(message, Some(&problem.at))
    })
}

/// Type and subtype of a media type, in lower case.
fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or("");
    essence.trim().to_ascii_lowercase()
}

/// Whether a media type is JSON: `application/json`, `text/json`, `a/b+json`.
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence.ends_with("/json") || essence.ends_with("+json")
}

/// Whether a declared media type, maybe with a star, covers the one sent.
fn covers(allowed: &str, sent: &str) -> bool {
    let (allowed, sent) = (essence(allowed), essence(sent));
    match allowed.strip_suffix('*') {
        Some("*/") => !sent.is_empty(),
        Some(prefix) => sent.starts_with(prefix),
        None => allowed == sent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Range, Shape};

    #[test]
    fn media_types_are_compared_by_their_essence() {
        assert!(is_json("application/json; charset=utf-8"));
        assert!(is_json("application/problem+JSON"));
        assert!(!is_json("text/html"));
        assert!(covers("image/*", "image/png"));
        assert!(!covers("application/json", "text/json"));
    }

    #[test]
    fn arrays_are_repeated_or_joined() {
        let error_of = |array: Array, values: &[&str]| {
            let parameter = Parameter {
                name: "x",
                location: Location::Query,
                required: false,
                shape: &Shape::Integer(Range::ANY),
                array,
            };
            let values: Vec<String> = values.iter().map(|&value| value.to_owned()).collect();
            let checked = check_values(&parameter, &values);
            checked.map_or_else(|problem| problem.to_string(), |()| String::new())
        };
        assert_eq!(error_of(Array::Repeated, &["1", "2"]), "");
        assert_eq!(
            error_of(Array::Repeated, &["1,2"]),
            "the value must be a whole number"
        );
        assert_eq!(error_of(Array::Joined, &["1,2"]), "");
        assert_eq!(
            error_of(Array::Joined, &["1,b"]),
            "the value must be a whole number"
        );
        assert_eq!(
            error_of(Array::No, &["1", "2"]),
            "the value must be sent only once"
        );
    }
}
