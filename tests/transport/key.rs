//! The key stays home: on the one origin, and out of everything printed.

use heygen::{Client, ErrorKind};

use crate::server::{Act, KEY, Server, ask};

fn redirect(status: u16, location: &str) -> Act {
    Act::answer(status, &[("location", location)], "moved")
}

#[tokio::test]
async fn is_sent_once_with_every_call() {
    let server = Server::start([Act::avatar()]).await;
    server.ask().await.unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.header("x-api-key"), Some(KEY));
    assert_eq!(seen.header("accept"), Some("application/json"));
    let agent = seen.header("user-agent").unwrap();
    assert!(agent.starts_with("heygen-rust/"), "{agent}");
    for absent in ["api-version", "authorization", "referer", "cookie"] {
        assert_eq!(seen.header(absent), None);
    }
}

#[tokio::test]
async fn a_redirect_on_the_same_origin_is_followed() {
    for status in [301, 302, 303, 307, 308] {
        let server = Server::start([redirect(status, "/elsewhere?x=1#y"), Act::avatar()]).await;
        let avatar = server.ask().await.unwrap();
        assert_eq!(avatar.id, "a1");
        let seen = server.seen();
        assert_eq!(seen[1].line, "GET /elsewhere?x=1 HTTP/1.1");
        assert_eq!(seen[1].header("x-api-key"), Some(KEY));
        assert_eq!(seen[1].header("referer"), None);
    }
    let server = Server::start([Act::avatar()]).await;
    let first = Server::start([redirect(302, &server.url())]).await;
    let error = first.ask().await.unwrap_err();
    assert_eq!(error.status(), Some(302), "another port is another origin");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn any_other_redirect_is_an_error_that_names_it() {
    let other = Server::start([Act::avatar()]).await;
    let port = other.port();
    for status in [300, 301, 302, 303, 305, 307, 308, 399] {
        for location in [
            format!("http://127.0.0.1:{port}/x"),
            format!("http://localhost:{port}/x"),
            format!("//127.0.0.1:{port}/x"),
            format!("https://127.0.0.1:{port}/x"),
            format!("http://user@127.0.0.1:{port}/x"),
            format!("\\\\127.0.0.1:{port}\\x"),
            "ftp://127.0.0.1/x".to_owned(),
            "http://".to_owned(),
        ] {
            let server = Server::start([redirect(status, &location)]).await;
            let error = server.ask().await.unwrap_err();
            assert_eq!(
                (error.kind(), error.status()),
                (ErrorKind::Api, Some(status)),
                "{error}"
            );
            assert!(error.to_string().contains(&location), "{error}");
            assert_eq!(error.body(), b"moved");
            assert_eq!(server.seen().len(), 1);
        }
    }
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn the_same_host_and_port_is_not_enough() {
    for (location, followed) in [
        ("http://127.0.0.1:{port}/x", true),
        ("//127.0.0.1:{port}/x", true),
        ("http://user@127.0.0.1:{port}/x", false),
        ("http://:word@127.0.0.1:{port}/x", false),
        ("https://127.0.0.1:{port}/x", false),
        ("http://localhost:{port}/x", false),
    ] {
        let server = Server::start([redirect(302, location), Act::avatar()]).await;
        let result = server.ask().await;
        assert_eq!(result.is_ok(), followed, "{location}: {result:?}");
        assert_eq!(server.seen().len(), if followed { 2 } else { 1 });
    }
}

#[tokio::test]
async fn a_loop_of_redirects_ends() {
    let server = Server::start([redirect(302, "/v2/avatar/a1/details")]).await;
    let error = server.ask().await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(302)));
    assert!(error.to_string().contains("5 times"), "{error}");
    assert_eq!(server.seen().len(), 6);
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_an_error() {
    let server = Server::start([Act::answer(302, &[], "")]).await;
    let error = server.ask().await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Api, Some(302)));
}

#[tokio::test]
async fn settings_of_the_http_library_do_not_loosen_the_rules() {
    let other = Server::start([Act::avatar()]).await;
    let server = Server::start([redirect(302, &other.url())]).await;
    let first = heygen::raw::http(server.builder(), |http| http.user_agent("first"));
    let second = heygen::raw::http(first.max_retries(0), |http| http.user_agent("second"));
    let client = second.build().unwrap();
    ask(&client).await.unwrap_err();
    assert_eq!(server.seen()[0].header("user-agent"), Some("second"));

    let proxy = reqwest::Proxy::all(other.url()).unwrap();
    let builder = heygen::raw::http(server.builder().max_retries(0), |http| {
        http.redirect(reqwest::redirect::Policy::limited(10))
            .proxy(proxy)
            .connection_verbose(true)
    });
    let error = builder
        .build()
        .unwrap()
        .v2()
        .avatars()
        .details("a1")
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(302));
    assert!(other.seen().is_empty());
    assert_eq!(server.seen().len(), 2);
}

#[test]
fn a_key_that_cannot_be_sent_is_a_config_error_without_it() {
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
fn a_base_url_that_would_show_the_key_is_refused() {
    for url in [
        "http://api.heygen.com",
        "http://192.168.0.1:8080",
        "https://me:hidden@api.heygen.com",
    ] {
        let error = Client::builder()
            .api_key(KEY)
            .base_url(url)
            .build()
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(!error.to_string().contains("hidden"), "{error}");
    }
    assert!(
        Client::builder()
            .api_key(KEY)
            .base_url("http://192.168.0.1")
            .allow_http(true)
            .build()
            .is_ok()
    );
}

#[tokio::test]
async fn an_echo_of_the_key_is_not_printed() {
    for act in [
        Act::answer(
            401,
            &[],
            format!(r#"{{"error":{{"code":"{KEY}","message":"bad key {KEY}","param":"{KEY}"}}}}"#),
        ),
        Act::answer(401, &[], format!("bad key {KEY}")),
        Act::json(format!(r#"{{"data":{{"id":"a1","tags":"{KEY}"}}}}"#)),
        redirect(302, &format!("https://evil.example/?key={KEY}")),
        redirect(
            302,
            &format!("https://evil.example/{}{KEY}", "x".repeat(270)),
        ),
        Act::answer(500, &[], format!("{}{KEY}", "x".repeat(290))),
        Act::json(format!(
            r#"{{"data":{{"id":"a1","tags":"{}{KEY}"}}}}"#,
            "x".repeat(265)
        )),
        Act::answer(404, &[("x-request-id", KEY), ("x-echo", KEY)], ""),
    ] {
        let server = Server::start([act]).await;
        let error = server.ask().await.unwrap_err();
        let printed = format!(
            "{error} {error:?} {} {:?} {:?}",
            error.message(),
            error.code(),
            error.headers()
        );
        // Nor is the beginning of it left where a text was cut.
        assert!(!printed.contains(&KEY[..4]), "{printed}");
    }
}

#[tokio::test]
async fn a_call_cannot_replace_it() {
    let server = Server::start([Act::avatar()]).await;
    let client = server.client();
    for name in ["x-api-key", "X-API-Key", "host"] {
        let error = client
            .v2()
            .avatars()
            .details("a1")
            .header(name, "sk_other")
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(error.param(), Some(name));
    }
    // Of several faults the first is told.
    let request = client.v2().avatars().details("a1");
    let request = request.header("a b", "x").header("x-api-key", "x");
    assert_eq!(request.await.unwrap_err().param(), Some("a b"));
    assert!(server.seen().is_empty());
}
