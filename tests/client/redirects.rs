//! Redirects: followed on the same origin only. The fault table has the locations
//! that are followed; this file tests what the next request contains.

use heygen::{ErrorKind, Method};
use heygen_tests::client::{API_KEY, configure_http, error_of, get_avatar};
use heygen_tests::scripted::{Reply, ScriptedServer};

#[tokio::test]
async fn same_origin_redirect_keeps_api_key() {
    for status in [301, 302, 303, 307, 308] {
        let redirect = Reply::redirect(status, "/elsewhere?x=1#y");
        let server = ScriptedServer::start([redirect, Reply::avatar()]).await;
        server.get_avatar().await.unwrap();
        let followed = &server.requests()[1];
        assert_eq!(followed.line, "GET /elsewhere?x=1 HTTP/1.1");
        assert_eq!(followed.header("x-api-key"), Some(API_KEY));
        assert_eq!(followed.header("referer"), None);
    }
}

#[tokio::test]
async fn other_origin_receives_no_request() {
    let other = ScriptedServer::start([Reply::avatar()]).await;
    for status in [301, 302, 303, 307, 308] {
        let redirect = Reply::redirect(status, &other.url());
        let server = ScriptedServer::start([redirect]).await;
        let error = server.get_avatar().await.unwrap_err();
        assert_eq!(error.status(), Some(status), "{error}");
    }
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn http_settings_cannot_enable_redirects_or_proxies() {
    let other = ScriptedServer::start([Reply::avatar()]).await;
    let server = ScriptedServer::start([Reply::redirect(302, &other.url())]).await;
    let first = configure_http(server.builder(), |http| http.user_agent("first"));
    let second = configure_http(first.max_retries(0), |http| http.user_agent("second"));
    let client = second.build().unwrap();
    get_avatar(&client).await.unwrap_err();
    assert_eq!(server.requests()[0].header("user-agent"), Some("second"));

    let proxy = reqwest::Proxy::all(other.url()).unwrap();
    let builder = configure_http(server.builder().max_retries(0), |http| {
        http.redirect(reqwest::redirect::Policy::limited(10))
            .proxy(proxy)
            .connection_verbose(true)
    });
    let client = builder.build().unwrap();
    let error = get_avatar(&client).await.unwrap_err();
    assert_eq!(error.status(), Some(302));
    assert!(other.requests().is_empty());
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn redirect_to_too_long_url_is_api_error() {
    let error = error_of(Reply::redirect(302, &format!("/{}", "x".repeat(70_000)))).await;
    assert_eq!(error.kind(), ErrorKind::Api, "{error}");
}

#[tokio::test]
async fn second_redirect_to_other_origin_is_not_followed() {
    let other = ScriptedServer::start([Reply::json("{}")]).await;
    let there = format!("{}/x", other.url());
    let server =
        ScriptedServer::start([Reply::redirect(307, "/y"), Reply::redirect(307, &there)]).await;
    for method in [Method::GET, Method::HEAD] {
        let request = server.client().request(method, "/x").typed::<()>();
        request.await.unwrap_err();
    }
    assert!(other.requests().is_empty());
}
