//! Requests: the options of one call, shared connections, and the layers below
//! the client.

use heygen::raw::generated::hooks;
use heygen::v2::AvatarDetails;
use heygen::{Client, ErrorKind, Request};
use heygen_tests::client::{
    CallOptions, avatar, client, example_avatar, generated_client, get_avatar, transport,
};
use heygen_tests::document::{avatar_id, avatar_path, operation};
use heygen_tests::scripted::{Reply, ScriptedServer};

#[tokio::test]
async fn request_headers_override_client() {
    let server = ScriptedServer::start([Reply::avatar()]).await;
    let request = example_avatar(&server.client());
    request
        .header("X-Trace", "t1")
        .header("User-Agent", "request/1")
        .await
        .unwrap();
    let recorded = &server.requests()[0];
    assert_eq!(recorded.header("x-trace"), Some("t1"));
    assert_eq!(recorded.header("user-agent"), Some("request/1"));

    let client = server.builder().user_agent("client/2").build().unwrap();
    get_avatar(&client).await.unwrap();
    assert_eq!(server.requests()[1].header("user-agent"), Some("client/2"));
}

#[tokio::test]
async fn request_outlives_client_and_moves_between_tasks() {
    let server = ScriptedServer::start([Reply::avatar()]).await;
    let calls: Vec<_> = (0..32)
        .map(|number| {
            let client = server.client();
            let request = avatar(&client, format!("a{number}"));
            drop(client);
            tokio::spawn(request.into_future())
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().id, avatar_id());
    }
    assert_eq!(server.requests().len(), 32);
}

#[tokio::test]
async fn calls_share_a_connection() {
    let server = ScriptedServer::start([Reply::avatar()]).await;
    let client = server.client();
    for _ in 0..5 {
        example_avatar(&client.clone()).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn requests_are_small_and_send() {
    fn is_client_like<T: Send + Sync + Clone + 'static>() {}
    fn sends<T: Send>(value: T) -> T {
        value
    }
    is_client_like::<Client>();
    assert!(
        size_of::<Request<AvatarDetails>>() < 512,
        "{}",
        size_of::<Request<AvatarDetails>>()
    );
    let client = client("http://127.0.0.1:9");
    drop(sends(example_avatar(&client)));
    drop(sends(example_avatar(&client).into_future()));
    drop(sends(example_avatar(&client).with_response()));
}

#[tokio::test]
async fn base_url_path_prefix_is_kept() {
    let server = ScriptedServer::start([Reply::avatar()]).await;
    let client = server
        .builder()
        .base_url(format!("{}/gate/heygen/", server.url()))
        .build()
        .unwrap();
    avatar(&client, "..%2f").await.unwrap();
    let path = format!("/gate/heygen{}", avatar_path("..%252f"));
    assert_eq!(server.requests()[0].target(), path);
}

#[tokio::test]
async fn generated_client_checks_arguments() {
    let server = ScriptedServer::start([Reply::avatar()]).await;
    let generated = generated_client(&server.client(), CallOptions::default());
    for id in ["", ".", "..", "a\nb"] {
        let call = generated.retrieve_avatar_details().avatar_id(id);
        let error = call.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{id:?}: {error}");
    }
    let call = generated.retrieve_avatar_details();
    let error = call.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let parameter = &operation().path_parameter;
    assert!(error.to_string().contains(parameter), "{error}");
    assert!(server.requests().is_empty());

    let call = generated.retrieve_avatar_details().avatar_id(avatar_id());
    let response = call.send().await.unwrap();
    assert_eq!(response.open().unwrap().into_inner().id, avatar_id());
}

#[tokio::test]
async fn unknown_operation_is_not_sent() {
    let server = ScriptedServer::start([Reply::avatar()]).await;
    let transport = transport(&server.client());
    let request = transport.http().get(server.url()).build().unwrap();
    let inner = hooks::Inner::new(transport, CallOptions::default());
    let error = hooks::exec(&inner, None, request).await.unwrap_err();
    assert!(error.to_string().contains("report it"), "{error}");
    assert!(server.requests().is_empty());
}
