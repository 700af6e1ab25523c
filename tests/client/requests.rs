//! Requests: the options of one call, shared connections, and the raw layers
//! below the client.

use std::future::{Future as _, poll_fn};
use std::pin::Pin;
use std::time::Duration;

use heygen::raw::{self, CallOptions};
use heygen::v2::AvatarDetails;
use heygen::{Client, ErrorKind, Method, Request, Response};
use heygen_tests::client::{UNREACHABLE_URL, avatar, client, example_avatar, get_avatar};
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
            tokio::spawn(request)
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
    is_client_like::<Response<AvatarDetails>>();
    assert!(
        size_of::<Request<AvatarDetails>>() < 512,
        "{}",
        size_of::<Request<AvatarDetails>>()
    );
    let client = client(UNREACHABLE_URL);
    drop(sends(example_avatar(&client)));
    drop(sends(example_avatar(&client).send()));
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
async fn every_way_to_send_a_request_returns_the_model() {
    let server = ScriptedServer::start([Reply::avatar()]).await;
    let client = server.client();
    let id = avatar_id();
    assert_eq!(example_avatar(&client).await.unwrap().id, id);
    assert_eq!(example_avatar(&client).send().await.unwrap().id, id);
    let future = example_avatar(&client).into_future();
    assert_eq!(future.await.unwrap().id, id);
    let response = example_avatar(&client).with_response().await.unwrap();
    assert_eq!(response.clone().into_data().id, response.data().id);
}

#[tokio::test]
async fn generated_method_is_called_with_options() {
    let server = ScriptedServer::start([Reply::retry_after(503, "0"), Reply::avatar()]).await;
    let client = server.builder().build().unwrap();
    let options = CallOptions::new().max_retries(0).header("x-trace", "t1");
    let call = async |options| {
        raw::call(&client, options, async |api| {
            api.v2().retrieve_avatar_details(avatar_id()).await
        })
        .await
    };
    let error = call(options).await.unwrap_err();
    assert_eq!((error.status(), error.attempts()), (Some(503), 1));
    assert_eq!(error.operation(), Some(&*operation().id));
    assert_eq!(server.requests()[0].header("x-trace"), Some("t1"));
    let response = call(CallOptions::new()).await.unwrap();
    assert_eq!(response.data().data.as_ref().unwrap().id, avatar_id());
    // Neither the generator's header nor its timeout is in the request.
    assert_eq!(server.requests()[1].header("api-version"), None);
}

#[tokio::test]
async fn generated_method_checks_its_path_argument() {
    let server = ScriptedServer::start([Reply::avatar()]).await;
    let client = server.client();
    for id in ["", ".", ".."] {
        let call = raw::call(&client, CallOptions::new(), async |api| {
            api.v2().retrieve_avatar_details(id).await
        });
        let error = call.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{id:?}: {error}");
        assert_eq!(error.operation(), Some(&*operation().id));
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn generated_method_without_a_request_is_an_error() {
    let server = ScriptedServer::start([Reply::avatar()]).await;
    let client = server.client();
    let call = raw::call(&client, CallOptions::new(), async |_| {
        std::future::pending::<raw::Generated<(), ()>>().await
    });
    let error = call.await.unwrap_err();
    assert!(error.to_string().contains("report it"), "{error}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn invalid_option_names_the_operation_and_is_not_sent() {
    let server = ScriptedServer::start([Reply::avatar()]).await;
    let client = server.client();
    for request in [
        example_avatar(&client).timeout(Duration::ZERO),
        example_avatar(&client).attempt_timeout(Duration::ZERO),
        example_avatar(&client).header("x-api-key", "other"),
        avatar(&client, ""),
    ] {
        let error = request.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert_eq!(error.operation(), Some(&*operation().id), "{error}");
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn request_polled_after_completion_is_an_error() {
    let server = ScriptedServer::start([Reply::json("{}")]).await;
    let mut request = server.client().request(Method::GET, "/x");
    let task = tokio::spawn(async move {
        let first = poll_fn(|context| Pin::new(&mut request).poll(context)).await;
        let second = poll_fn(|context| Pin::new(&mut request).poll(context)).await;
        (first.is_ok(), second.is_ok())
    });
    assert_eq!(task.await.unwrap(), (true, false));
}

#[tokio::test]
async fn options_keep_an_earlier_invalid_option() {
    let server = ScriptedServer::start([Reply::json("{}")]).await;
    let request = server
        .client()
        .request(Method::GET, "/x")
        .timeout(Duration::ZERO);
    let got = request.options(CallOptions::new().max_retries(0)).await;
    assert_eq!(got.unwrap_err().kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn second_generated_method_in_one_call_is_an_error() {
    let server = ScriptedServer::start([Reply::avatar()]).await;
    let client = server.client();
    let call = raw::call(&client, CallOptions::new(), async |api| {
        let _ = api.v2().retrieve_avatar_details("first").await;
        api.v2().retrieve_avatar_details("second").await
    });
    let got = call.await;
    assert!(got.is_err(), "{:?}", server.requests());
}

#[tokio::test]
async fn post_without_body_has_content_length() {
    let server = ScriptedServer::start([Reply::json("{}")]).await;
    server.client().request(Method::POST, "/x").await.unwrap();
    assert_eq!(server.requests()[0].header("content-length"), Some("0"));
}
