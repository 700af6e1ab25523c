use super::*;

fn parse(bytes: &[u8]) -> ErrorBody {
    let redactor = Redactor::new("sk_secret".to_owned().into(), "[API key]");
    let body = Bytes::copy_from_slice(bytes);
    error_body(StatusCode::BAD_GATEWAY, &body, &redactor)
}

fn expected(code: Option<&str>, message: &str) -> ErrorBody {
    ErrorBody {
        code: code.map(str::to_owned),
        ..ErrorBody::of_message(message.to_owned())
    }
}

#[test]
fn every_generation_is_parsed() {
    for (json, code, message) in [
        (
            r#"{"code":400562,"message":"forbidden"}"#,
            Some("400562"),
            "forbidden",
        ),
        (
            r#"{"code":40001,"msg":"asset data must be provided","message":null}"#,
            Some("40001"),
            "asset data must be provided",
        ),
        (
            r#"{"data":null,"error":{"code":"internal_error","message":"forbidden"}}"#,
            Some("internal_error"),
            "forbidden",
        ),
        (
            r#"{"data":null,"error":{"code":400144,"message":"gone"}}"#,
            Some("400144"),
            "gone",
        ),
        (r#"{"error":"it broke","data":null}"#, None, "it broke"),
        (
            r#"{"error":"not_found","message":"no such thing"}"#,
            Some("not_found"),
            "no such thing",
        ),
        (
            r#"{"title":"Bad","detail":"Field missing","status":400}"#,
            None,
            "Field missing",
        ),
        (r#""just words""#, None, "just words"),
        (
            r#"{"error":{"code":"a","message":""}}"#,
            Some("a"),
            "the server responded 502 Bad Gateway with the code a and no message",
        ),
        (
            r#"{"error":{}}"#,
            None,
            "the server responded 502 Bad Gateway without a message",
        ),
        (r#"{"code":100,"message":"Success"}"#, None, "Success"),
        (r#"{"error":["a"]}"#, None, "a"),
        (
            r#"{"error":"","data":null}"#,
            None,
            "the server responded 502 Bad Gateway without a message",
        ),
    ] {
        assert_eq!(parse(json.as_bytes()), expected(code, message), "{json}");
    }
}

#[test]
fn v3_param_and_doc_url_are_parsed() {
    let json = br#"{"error":{"code":"invalid_parameter","message":"bad","param":"avatar_id","doc_url":"https://d/e"}}"#;
    let parsed = parse(json);
    assert_eq!(parsed.param.as_deref(), Some("avatar_id"));
    assert_eq!(parsed.doc_url.as_deref(), Some("https://d/e"));
    let several = br#"{"error":{"code":"invalid_parameter","errors":[{"message":"one","path":"a.b"},{"message":"two"}]}}"#;
    let parsed = parse(several);
    assert_eq!(
        (parsed.message.as_str(), parsed.param.as_deref()),
        ("one (and 1 more)", Some("a.b"))
    );
}

#[test]
fn non_json_body_is_described() {
    for (bytes, message) in [
        (
            &b""[..],
            "the server responded 502 Bad Gateway without a body",
        ),
        (
            b" \n",
            "the server responded 502 Bad Gateway without a body",
        ),
        (b"upstream\r\nconnect error", "upstream connect error"),
        (
            b"<html><head><TITLE>\n502 Bad Gateway</TITLE></head>",
            "received an HTML page instead of JSON: 502 Bad Gateway",
        ),
        (
            b"<!DOCTYPE html><p>x",
            "received an HTML page instead of JSON; the server responded 502 Bad Gateway",
        ),
        (b"caf\xe9", "caf\u{fffd}"),
        // Found by the fuzzer: the message would print as blank.
        (
            b"\x05",
            "the server responded 502 Bad Gateway with a blank body",
        ),
        (
            b"{\"message\":\"\\u0005\"}",
            "the server responded 502 Bad Gateway without a message",
        ),
        (
            b"{\"error\": {\"code\": \"cut",
            "{\"error\": {\"code\": \"cut",
        ),
        (b"null", "null"),
        (b"[]", "[]"),
    ] {
        assert_eq!(parse(bytes).message, message);
    }
    assert_eq!(
        parse(b"\xef\xbb\xbf{\"message\":\"marked\"}").message,
        "marked"
    );
    assert_eq!(parse(&b"[".repeat(100_000)).code, None);
}

#[test]
fn key_is_redacted_before_truncation() {
    let fill = "x".repeat(MAX_EXCERPT - 4);
    for text in [
        format!("{fill}sk_secret"),
        format!("<html><title>{fill}sk_secret</title>"),
        format!(r#"{{"error":["{fill}sk_secret"]}}"#),
        format!(r#"{{"message":"{fill}sk\u005fsecret"}}"#),
    ] {
        let message = parse(text.as_bytes()).message;
        assert!(!message.contains("sk"), "{message}");
    }
}

#[test]
fn warning_beside_an_error_is_kept() {
    let json = br#"{"error":{"message":"x"},"warning":{"message":"old"}}"#;
    assert_eq!(parse(json).warning.unwrap()["message"], "old");
}

#[test]
fn messages_of_common_frameworks_are_parsed() {
    for (json, code, message, param) in [
        (
            r#"{"detail":"Not authenticated"}"#,
            None,
            "Not authenticated",
            None,
        ),
        (
            r#"{"detail":[{"loc":["body","scenes",0,"script"],"msg":"field required","type":"value_error.missing"}]}"#,
            None,
            "field required",
            Some("scenes[0].script"),
        ),
        (
            r#"{"detail":[{"loc":["query","limit"],"msg":"too large"},{"loc":["query","token"],"msg":"unknown"}]}"#,
            None,
            "too large (and 1 more)",
            Some("limit"),
        ),
        (
            r#"{"type":"about:blank","title":"Bad Request","status":400,"detail":"name is too long","instance":"/x"}"#,
            None,
            "name is too long",
            None,
        ),
        (
            r#"{"type":"about:blank","title":"Bad Request","status":400}"#,
            None,
            "Bad Request",
            None,
        ),
        (
            r#"{"title":"One or more validation errors occurred.","errors":{"Name":["The Name field is required."]}}"#,
            None,
            "One or more validation errors occurred: The Name field is required.",
            Some("Name"),
        ),
        (r#"{"errors":["no such plan"]}"#, None, "no such plan", None),
        (
            r#"{"errors":[{"code":"E1","message":"bad id","path":"id"}]}"#,
            Some("E1"),
            "bad id",
            Some("id"),
        ),
        (
            r#"{"error":["broken","twice"]}"#,
            None,
            "broken (and 1 more)",
            None,
        ),
        (r#"[{"message":"first"}]"#, None, "first", None),
        (
            r#"{"error":{"code":"x","message":"in"},"message":"out"}"#,
            Some("x"),
            "in",
            None,
        ),
        (
            r#"{"error":{"code":"x"},"message":"out"}"#,
            Some("x"),
            "out",
            None,
        ),
        (r#"{"code":5,"msg":"short"}"#, Some("5"), "short", None),
    ] {
        let parsed = parse(json.as_bytes());
        assert_eq!(parsed.code.as_deref(), code, "{json}");
        assert_eq!(parsed.message, message, "{json}");
        assert_eq!(parsed.param.as_deref(), param, "{json}");
    }
}

#[test]
fn only_code_and_message_of_file_store_xml_are_kept() {
    let xml = b"<?xml version=\"1.0\"?><Error><Code>SignatureDoesNotMatch</Code><Message>It differs.</Message><SignatureProvided>hush</SignatureProvided></Error>";
    let parsed = parse(xml);
    assert_eq!(
        parsed,
        expected(Some("SignatureDoesNotMatch"), "It differs.")
    );
    let parsed = parse(b"<Error><SignatureProvided>hush</SignatureProvided></Error>");
    assert!(!parsed.message.contains("hush"), "{parsed:?}");
}
