//! An id cannot change the endpoint: it arrives as one segment, or not at all.

use heygen::ErrorKind;
use heygen::raw::generated::hooks;
use percent_encoding::percent_decode_str;

use crate::server::{Act, Server};

#[tokio::test]
async fn every_other_id_is_one_segment_that_decodes_to_it() {
    let server = Server::start([Act::avatar()]).await;
    let client = server.client();
    let long = "x".repeat(4000);
    let ids = [
        "Abigail_standing_office_front",
        "a/b",
        "/",
        "../../v1/video.list",
        "..\\..\\x",
        "\\",
        "%2e%2e",
        "%2E",
        "..%2f",
        "%",
        "%00",
        "a?b=c",
        "a#b",
        "a;b",
        "a b",
        " ",
        "...",
        ".a",
        "{avatar_id}",
        "\u{fc}n\u{ef}",
        "\u{1f600}",
        "\u{202e}x",
        "\u{ff0e}\u{ff0e}",
        "http://evil.example/",
        "//evil.example",
        "@evil.example",
        "a:b",
        &long,
    ];
    for (number, id) in ids.iter().enumerate() {
        client.v2().avatars().details(*id).await.unwrap();
        let seen = server.seen().swap_remove(number);
        assert!(
            seen.line.starts_with("GET /v2/avatar/") && seen.line.ends_with(" HTTP/1.1"),
            "{}",
            seen.line
        );
        let segments = seen.segments();
        assert_eq!(segments.len(), 4, "{id}: {}", seen.line);
        assert_eq!(
            (segments[0], segments[1], segments[3]),
            ("v2", "avatar", "details")
        );
        assert_eq!(percent_decode_str(segments[2]).decode_utf8().unwrap(), *id);
    }
}

#[tokio::test]
async fn what_cannot_be_a_segment_is_refused_before_it_is_sent() {
    let server = Server::start([Act::avatar()]).await;
    let client = server.client();
    let endless = "x".repeat(100_000);
    let ids = [
        "",
        ".",
        "..",
        "a\n",
        "\r\n",
        "a\u{0}b",
        "\t",
        "\u{7f}",
        "\u{85}",
        endless.as_str(),
    ];
    for id in ids {
        let error = client.v2().avatars().details(id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert_eq!((error.attempts(), error.status()), (0, None));
        assert!(!error.is_retryable());
        assert!(error.to_string().len() < 1000);
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn the_generated_client_holds_to_it_by_itself() {
    let server = Server::start([Act::avatar()]).await;
    let raw = heygen::raw::v2(&server.client(), heygen::raw::CallOptions::default());
    for id in ["", ".", "..", "a\nb"] {
        let error = raw
            .retrieve_avatar_details()
            .avatar_id(id)
            .send()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{id:?}: {error}");
    }
    let error = raw.retrieve_avatar_details().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("avatar_id"), "{error}");
    assert!(server.seen().is_empty());

    // What the table of operations does not know is not sent.
    let transport = heygen::raw::transport(&server.client()).clone();
    let request = transport.http().get(server.url()).build().unwrap();
    let inner = hooks::Inner::new(transport, heygen::raw::CallOptions::default());
    let error = hooks::exec(&inner, None, request).await.unwrap_err();
    assert!(error.to_string().contains("report it"), "{error}");
    assert!(server.seen().is_empty());

    let answer = raw
        .retrieve_avatar_details()
        .avatar_id("a1")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.open().unwrap().into_inner().id, "a1");
}

#[tokio::test]
async fn a_stem_in_the_base_url_stays_in_front() {
    let server = Server::start([Act::avatar()]).await;
    let client = server
        .builder()
        .base_url(format!("{}/gate/heygen/", server.url()))
        .build()
        .unwrap();
    client.v2().avatars().details("..%2f").await.unwrap();
    assert_eq!(
        server.seen()[0].line,
        "GET /gate/heygen/v2/avatar/..%252f/details HTTP/1.1"
    );
}
