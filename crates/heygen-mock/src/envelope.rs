//! Envelopes of success and failure responses, one for each generation of the
//! API, selected by the first segment of the path.

use serde_json::json;

use crate::response::MockResponse;

/// A generation of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Generation {
    V1,
    V2,
    V3,
}

impl Generation {
    /// The generation of a path; the newest if the path has none.
    pub(crate) fn of(path: &str) -> Self {
        match path.split('/').nth(1) {
            Some("v1") => Self::V1,
            Some("v2") => Self::V2,
            _ => Self::V3,
        }
    }

    /// A failure in this generation's envelope.
    pub(crate) fn failure(self, status: u16, message: &str, param: Option<&str>) -> MockResponse {
        self.failure_with(status, code(status), message, param)
    }

    /// A failure with this code; v1 has numbers instead.
    pub(crate) fn failure_with(
        self,
        status: u16,
        code: &str,
        message: &str,
        param: Option<&str>,
    ) -> MockResponse {
        let body = match self {
            Self::V1 => json!({"code": number(status), "message": message}),
            Self::V2 => json!({"data": null, "error": {"code": code, "message": message}}),
            Self::V3 => json!({"error": {
                "code": code,
                "message": message,
                "param": param,
                "doc_url": format!("https://developers.heygen.com/docs/error-codes#{code}"),
            }}),
        };
        MockResponse::json(status, &body)
    }
}

/// Default message of a status that a test injects without a body.
pub(crate) fn usual_message(status: u16) -> &'static str {
    match status {
        400 => "The request is not valid.",
        401 => "Unauthorized",
        402 => "Insufficient credit.",
        403 => "forbidden",
        404 => "Not found.",
        409 => "The same request is still running.",
        429 => "Too many requests.",
        500..=599 => "Internal error.",
        _ => "The request failed.",
    }
}

fn code(status: u16) -> &'static str {
    match status {
        400 | 413 => "invalid_parameter",
        401 => "unauthorized",
        402 => "insufficient_credit",
        403 => "forbidden",
        404 => "not_found",
        405 => "method_not_allowed",
        409 => "request_in_progress",
        429 => "rate_limit_exceeded",
        500..=599 => "internal_error",
        _ => "request_failed",
    }
}

fn number(status: u16) -> u32 {
    match status {
        400 => 400_175,
        401 => 400_112,
        403 => 400_562,
        429 => 400_123,
        other => u32::from(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn body(generation: Generation, status: u16) -> Value {
        let response = generation.failure(status, "no", Some("limit"));
        assert_eq!(response.status, status);
        serde_json::from_slice(&response.body).unwrap()
    }

    #[test]
    fn each_generation_has_its_own_failure_envelope() {
        assert_eq!(
            body(Generation::V1, 401),
            json!({"code": 400_112, "message": "no"})
        );
        assert_eq!(
            body(Generation::V2, 404),
            json!({"data": null, "error": {"code": "not_found", "message": "no"}})
        );
        let v3 = body(Generation::V3, 400);
        assert_eq!(v3["error"]["param"], "limit");
        assert_eq!(v3["error"]["code"], "invalid_parameter");
    }

    #[test]
    fn generation_is_read_from_the_path() {
        assert_eq!(Generation::of("/v1/video.list"), Generation::V1);
        assert_eq!(Generation::of("/v2/avatars"), Generation::V2);
        assert_eq!(Generation::of("/v3/videos"), Generation::V3);
        assert_eq!(Generation::of("/v22/avatars"), Generation::V3);
        assert_eq!(Generation::of(""), Generation::V3);
    }
}
