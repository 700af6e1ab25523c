//! The API key: sent with every request, to the configured origin only.

use heygen::{Client, ErrorKind};
use heygen_tests::client::{API_KEY, builder, example_avatar};
use heygen_tests::scripted::{Reply, ScriptedServer};

#[tokio::test]
async fn api_key_is_sent_with_every_request() {
    let server = ScriptedServer::start([Reply::avatar()]).await;
    server.get_avatar().await.unwrap();
    let request = &server.requests()[0];
    assert_eq!(request.header("x-api-key"), Some(API_KEY));
    assert_eq!(request.header("accept"), Some("application/json"));
    let agent = request.header("user-agent").unwrap();
    assert!(agent.starts_with("heygen-rust/"), "{agent}");
    for absent in ["api-version", "authorization", "referer", "cookie"] {
        assert_eq!(request.header(absent), None);
    }
}

#[test]
fn invalid_key_is_config_error_without_the_key() {
    for key in [
        "",
        "sk_hidden\n",
        "sk hidden",
        "sk_hidden\u{e9}",
        "sk_hidden\u{0}",
        " sk_hidden",
    ] {
        let error = Client::new(key).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.is_unauthorized());
        assert!(!error.to_string().contains("hidden"), "{error}");
        assert!(!format!("{error:?}").contains("hidden"));
    }
}

#[test]
fn insecure_base_url_is_config_error() {
    for url in [
        "http://api.heygen.com",
        "http://192.168.0.1:8080",
        "https://me:hidden@api.heygen.com",
    ] {
        let error = builder(url).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(!error.to_string().contains("hidden"), "{error}");
    }
    let allowed = builder("http://192.168.0.1").allow_http(true);
    assert!(allowed.build().is_ok());
}

#[tokio::test]
async fn request_headers_cannot_replace_api_key() {
    let server = ScriptedServer::start([Reply::avatar()]).await;
    let client = server.client();
    for name in ["x-api-key", "X-API-Key", "host"] {
        let error = example_avatar(&client)
            .header(name, "sk_other")
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(error.param(), Some(name));
    }
    // The first of several errors is returned.
    let request = example_avatar(&client);
    let request = request.header("a b", "x").header("x-api-key", "x");
    assert_eq!(request.await.unwrap_err().param(), Some("a b"));
    assert!(server.requests().is_empty());
}
