//! Environment variables: settings of the client, and proxies. They can only be
//! set safely for another process, so each test runs in a child process.

use heygen::{Client, ErrorKind};
use heygen_tests::child;
use heygen_tests::client::{API_KEY, get_avatar};
use heygen_tests::scripted::{Reply, ScriptedServer};

/// A proxy that refuses everything.
async fn refusing_proxy() -> ScriptedServer {
    ScriptedServer::start([Reply::response(502, &[], "").close()]).await
}

#[tokio::test]
async fn plain_http_to_loopback_uses_no_proxy() {
    const NAME: &str = "environment::plain_http_to_loopback_uses_no_proxy";
    if child::is_child(NAME) {
        let client = Client::from_env().unwrap();
        get_avatar(&client).await.unwrap();
        return;
    }
    let server = ScriptedServer::start([Reply::avatar()]).await;
    let proxy = refusing_proxy().await;
    let variables = [
        ("HEYGEN_API_KEY", API_KEY),
        ("HEYGEN_BASE_URL", &server.url()),
        ("HTTP_PROXY", &proxy.url()),
        ("http_proxy", &proxy.url()),
        ("HTTPS_PROXY", &proxy.url()),
        ("ALL_PROXY", &proxy.url()),
    ];
    child::run(NAME, &variables).await;
    assert!(proxy.requests().is_empty());
    assert_eq!(server.requests()[0].header("x-api-key"), Some(API_KEY));
}

#[tokio::test]
async fn plain_http_to_other_host_uses_no_proxy() {
    const NAME: &str = "environment::plain_http_to_other_host_uses_no_proxy";
    if child::is_child(NAME) {
        let builder = Client::builder().allow_http(true);
        let client = builder.from_env().unwrap().build().unwrap();
        let error = get_avatar(&client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
        return;
    }
    let proxy = refusing_proxy().await;
    let variables = [
        ("HEYGEN_API_KEY", API_KEY),
        ("HEYGEN_BASE_URL", "http://api.heygen.invalid"),
        ("HEYGEN_MAX_RETRIES", "0"),
        ("HTTP_PROXY", &proxy.url()),
        ("http_proxy", &proxy.url()),
        ("ALL_PROXY", &proxy.url()),
    ];
    child::run(NAME, &variables).await;
    assert!(proxy.requests().is_empty());
}

#[tokio::test]
async fn proxy_tunnels_https_and_sees_no_api_key() {
    const NAME: &str = "environment::proxy_tunnels_https_and_sees_no_api_key";
    if child::is_child(NAME) {
        let client = Client::from_env().unwrap();
        let error = get_avatar(&client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
        return;
    }
    let proxy = refusing_proxy().await;
    let variables = [
        ("HEYGEN_API_KEY", API_KEY),
        ("HEYGEN_BASE_URL", "https://api.heygen.invalid"),
        ("HEYGEN_MAX_RETRIES", "0"),
        ("HTTPS_PROXY", &proxy.url()),
    ];
    child::run(NAME, &variables).await;
    let requests = proxy.requests();
    assert_eq!(requests.len(), 1);
    let line = &requests[0].line;
    assert!(
        line.starts_with("CONNECT api.heygen.invalid:443 "),
        "{line}"
    );
    assert!(!format!("{requests:?}").contains(API_KEY));
}

#[tokio::test]
async fn settings_are_read_and_explicit_settings_win() {
    const NAME: &str = "environment::settings_are_read_and_explicit_settings_win";
    if child::is_child(NAME) {
        let client = Client::from_env().unwrap();
        let error = get_avatar(&client).await.unwrap_err();
        assert_eq!((error.status(), error.attempts()), (Some(502), 1));
        let builder = Client::builder().max_retries(1).from_env().unwrap();
        let client = builder.build().unwrap();
        let error = get_avatar(&client).await.unwrap_err();
        assert_eq!(error.attempts(), 2, "explicit settings win");
        return;
    }
    let server = ScriptedServer::start([Reply::response(502, &[], "")]).await;
    let variables = [
        ("HEYGEN_API_KEY", API_KEY),
        ("HEYGEN_BASE_URL", &server.url()),
        ("HEYGEN_MAX_RETRIES", "0"),
        ("HEYGEN_TIMEOUT_SECS", "20"),
    ];
    child::run(NAME, &variables).await;
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn empty_api_key_counts_as_missing() {
    const NAME: &str = "environment::empty_api_key_counts_as_missing";
    if child::is_child(NAME) {
        let error = Client::from_env().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(
            error.is_unauthorized() && error.to_string().contains("HEYGEN_API_KEY"),
            "{error}"
        );
        return;
    }
    child::run(NAME, &[("HEYGEN_API_KEY", "")]).await;
    child::run(NAME, &[]).await;
}

#[tokio::test]
async fn bearer_token_replaces_api_key_of_environment() {
    const NAME: &str = "environment::bearer_token_replaces_api_key_of_environment";
    if child::is_child(NAME) {
        let builder = Client::builder().from_env().unwrap();
        builder.bearer_token("token").build().unwrap();
        return;
    }
    child::run(NAME, &[("HEYGEN_API_KEY", API_KEY)]).await;
}
