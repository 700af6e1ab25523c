//! Redaction: the API key and the bearer token are redacted from errors, `Debug`
//! output and panics.

use std::collections::HashMap;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

use heygen::{Client, ErrorKind, Method};
use heygen_tests::client::{
    API_KEY, CallOptions, UNREACHABLE_URL, avatar, builder, client, core, create_video, download,
    example_avatar, get_avatar,
};
use heygen_tests::scripted::{Reply, ScriptedServer};

#[tokio::test]
async fn key_echoed_by_server_is_redacted_from_error() {
    for reply in [
        Reply::response(
            401,
            &[],
            format!(
                r#"{{"error":{{"code":"{API_KEY}","message":"bad key {API_KEY}","param":"{API_KEY}"}}}}"#
            ),
        ),
        Reply::response(401, &[], format!("bad key {API_KEY}")),
        Reply::json(format!(r#"{{"data":{{"id":"a1","tags":"{API_KEY}"}}}}"#)),
        Reply::redirect(302, &format!("https://evil.example/?key={API_KEY}")),
        Reply::redirect(
            302,
            &format!("https://evil.example/{}{API_KEY}", "x".repeat(270)),
        ),
        Reply::response(500, &[], format!("{}{API_KEY}", "x".repeat(290))),
        Reply::json(format!(
            r#"{{"data":{{"id":"a1","tags":"{}{API_KEY}"}}}}"#,
            "x".repeat(265)
        )),
        Reply::response(404, &[("x-request-id", API_KEY), ("x-echo", API_KEY)], ""),
    ] {
        let server = ScriptedServer::start([reply]).await;
        let error = server.get_avatar().await.unwrap_err();
        let output = format!(
            "{error} {error:?} {} {:?} {:?}",
            error.message(),
            error.code(),
            error.headers()
        );
        // No prefix of it is left where a message was truncated.
        assert!(!output.contains(&API_KEY[..4]), "{output}");
    }
}

/// `Debug` of a value, plain and alternate.
fn debug(value: &dyn Debug) -> String {
    format!("{value:?} {value:#?}")
}

#[tokio::test]
async fn key_is_redacted_from_debug_of_public_types() {
    let server = ScriptedServer::start([Reply::avatar()]).await;
    let mut outputs = vec![debug(&server.builder())];
    let client = server.builder().build().unwrap();
    let options = CallOptions::new().header("x-copy", API_KEY);
    let request = example_avatar(&client).header("x-copy", API_KEY);
    outputs.extend([
        debug(&client),
        debug(&client.v2()),
        debug(&client.v2().avatars()),
        debug(&request),
        debug(&request.idempotency_key("k").into_future()),
        debug(&client.request(Method::GET, "/other").query("key", API_KEY)),
        debug(core(&client)),
        debug(&options),
        debug(&builder(API_KEY)),
        debug(&builder("x").bearer_token(API_KEY)),
        debug(&heygen::SecretString::from(API_KEY)),
    ]);
    outputs.push(debug(&get_avatar(&client).await.unwrap()));
    let other = client.request(Method::GET, "/other").options(options);
    outputs.push(debug(&other.with_response().await.unwrap()));
    outputs.push(debug(&download(&client, &server.url()).await.unwrap()));
    for text in outputs {
        assert!(!text.contains(API_KEY), "{text}");
        assert!(text.len() > 4, "{text}");
    }
}

/// The message of the panic.
fn panic_of(run: impl FnOnce()) -> String {
    let payload = catch_unwind(AssertUnwindSafe(run)).unwrap_err();
    let text = payload.downcast_ref::<String>().cloned();
    text.unwrap_or_else(|| (*payload.downcast_ref::<&str>().unwrap()).to_owned())
}

#[tokio::test]
async fn key_is_redacted_from_panic_messages() {
    let echo = format!(
        r#"{{"error":{{"code":"{API_KEY}","message":"bad {API_KEY}","param":"{API_KEY}"}}}}"#
    );
    let server = ScriptedServer::start([
        Reply::response(401, &[("x-request-id", API_KEY)], echo),
        Reply::avatar(),
        Reply::redirect(302, &format!("https://evil.example/{API_KEY}")),
        Reply::silence().close(),
    ])
    .await;
    let client = server.client();
    let failed = get_avatar(&client).await;
    let succeeded = get_avatar(&client).await;
    let redirected = get_avatar(&client).await;
    let cut_off = get_avatar(&client).await;
    let key_as_id = avatar(&client, format!("{API_KEY}\n")).await;
    let bad_key = Client::new(format!("{API_KEY}\n"));
    let bad_url = builder(API_KEY).build();
    assert_eq!(bad_key.as_ref().unwrap_err().kind(), ErrorKind::Config);
    for text in [
        panic_of(|| drop(failed.unwrap())),
        panic_of(|| drop(succeeded.unwrap_err())),
        panic_of(|| drop(redirected.unwrap())),
        panic_of(|| drop(cut_off.unwrap())),
        panic_of(|| drop(key_as_id.unwrap())),
        panic_of(|| drop(bad_key.unwrap())),
        panic_of(|| drop(bad_url.unwrap())),
        panic_of(|| drop(server.builder().build().unwrap_err())),
    ] {
        assert!(!text.contains(API_KEY), "{text}");
        assert!(text.contains("unwrap"), "{text}");
    }
}

#[tokio::test]
async fn key_in_non_ascii_header_is_redacted() {
    let server = ScriptedServer::start([Reply::response(
        404,
        &[("x-echo", &format!("caf\u{e9} {API_KEY}"))],
        "",
    )])
    .await;
    let error = server.get_avatar().await.unwrap_err();
    let value = String::from_utf8_lossy(error.headers()["x-echo"].as_bytes()).into_owned();
    assert!(!value.contains(API_KEY), "{value}");
}

#[tokio::test]
async fn key_in_non_ascii_deprecation_header_is_redacted() {
    let text = format!("caf\u{e9} {API_KEY}");
    let reply = Reply::response(
        200,
        &[("deprecation", &text), ("sunset", &text)],
        r#"{"data":{"id":"a"}}"#,
    );
    let server = ScriptedServer::start([reply]).await;
    let response = server.get_avatar().await.unwrap();
    let output = format!("{response:?} {}", response.deprecation().unwrap());
    assert!(!output.contains(API_KEY), "{output}");
}

#[tokio::test]
async fn key_as_field_name_is_redacted_from_decode_error() {
    let body = format!(r#"{{"{API_KEY}":"x"}}"#);
    let server = ScriptedServer::start([Reply::json(body)]).await;
    let request = server.client().request(Method::GET, "/x");
    let error = request.typed::<HashMap<String, u8>>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    let output = format!("{error} {error:?} {:?}", error.field());
    assert!(!output.contains(API_KEY), "{output}");
}

#[tokio::test]
async fn key_in_invalid_path_is_redacted() {
    let client = client(UNREACHABLE_URL);
    for path in [
        format!("v3/{API_KEY}"),
        format!("/v3/{API_KEY} x"),
        format!("https://x/{API_KEY}"),
    ] {
        let error = client.request(Method::GET, &path).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(!format!("{error} {error:?}").contains(API_KEY), "{error}");
    }
}

#[tokio::test]
async fn key_in_invalid_header_name_is_redacted() {
    let client = client(UNREACHABLE_URL);
    let request = client
        .request(Method::GET, "/x")
        .header(format!("x: {API_KEY}"), "a");
    let error = request.await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(API_KEY), "{error}");
}

#[tokio::test]
async fn api_key_as_idempotency_key_is_redacted() {
    let server = ScriptedServer::start([Reply::response(500, &[], "")]).await;
    let request = create_video(
        &server.client(),
        CallOptions::new().idempotency_key(API_KEY),
    );
    let error = request.await.unwrap_err();
    assert_ne!(error.idempotency_key(), Some(API_KEY));
}

const TOKEN: &str = "ey.secret/part+x==";

async fn assert_token_is_redacted(reply: Reply) {
    let server = ScriptedServer::start([reply]).await;
    let builder = Client::builder().bearer_token(TOKEN).base_url(server.url());
    let error = builder.build().unwrap().request(Method::GET, "/x").await;
    let error = error.unwrap_err();
    let output = format!("{error} {error:?} {:?}", error.headers());
    assert!(!output.contains("secret"), "{output}");
}

#[tokio::test]
async fn bearer_token_echoed_by_server_is_redacted() {
    for reply in [
        Reply::response(
            401,
            &[("www-authenticate", &format!("Bearer {TOKEN}"))],
            format!("no {TOKEN}"),
        ),
        Reply::response(
            401,
            &[],
            format!(r#"{{"detail":[{{"loc":["header","{TOKEN}"],"msg":"m {TOKEN}"}}]}}"#),
        ),
        Reply::response(401, &[], r#"{"message":"ey.secret\/part+x=="}"#),
        Reply::response(401, &[], r#"{"message":"\u0065y.secret\u002fpart+x=="}"#),
        Reply::response(401, &[], "<html><title>ey.secret%2Fpart%2Bx%3D%3D</title>"),
    ] {
        assert_token_is_redacted(reply).await;
    }
}

#[tokio::test]
async fn bearer_token_in_truncated_json_is_redacted() {
    let long = format!(
        r#"{{"message":"no ey.secret\/part+x==","trace":"{}"}}"#,
        "x".repeat(70_000)
    );
    assert_token_is_redacted(Reply::response(401, &[], long)).await;
}
