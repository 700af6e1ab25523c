//! How each operation is called. An operation with an example that is missing
//! here fails the test.

use std::future::Future;
use std::pin::Pin;

use heygen::{Client, Error, Request};
use heygen_tests::client::{CallOptions, create_video, example_avatar, fixture};
use serde::Serialize;
use serde_json::Value;

type Outcome = Pin<Box<dyn Future<Output = Result<Value, Error>> + Send>>;

/// Sends a request, and serialises the model in the envelope.
fn send<T: Serialize + 'static>(request: Request<T>) -> Outcome {
    Box::pin(async move { Ok(serde_json::to_value(request.await?).unwrap()) })
}

/// Calls an operation of a document, and returns the model of its response.
pub(crate) fn call(document: &str, operation: &str, client: &Client) -> Outcome {
    match (document, operation) {
        ("v2", "retrieve-avatar-details") => send(example_avatar(client)),
        ("v9", "createVideo") => send(create_video(client, CallOptions::new())),
        ("v9", "getVideo") => send(fixture(client, async |api| api.get_video("v1").await).data()),
        ("v9", "listVideos") => {
            send(fixture(client, async |api| api.list_videos(None, None, None).await).data())
        }
        _ => panic!("{operation} of {document} is not called here"),
    }
}
