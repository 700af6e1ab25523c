//! How each operation is called. An operation with an example that is missing
//! here fails the test.

use std::future::Future;
use std::pin::Pin;

use fixture_api::v9;
use heygen::{Client, Error};
use heygen_tests::client::{CallOptions, fixture_client, generated_client};
use heygen_tests::document::avatar_id;
use serde_json::Value;

type Outcome = Pin<Box<dyn Future<Output = Result<Value, Error>> + Send>>;

/// Sends a generated request, and serialises the model in the envelope.
macro_rules! send {
    ($builder:expr) => {{
        let response = $builder.send().await?.open()?;
        Ok(serde_json::to_value(&*response).unwrap())
    }};
}

/// Calls an operation of a document, and returns the model of its response.
pub(crate) fn call(document: &str, operation: &str, client: Client) -> Outcome {
    let options = CallOptions::default();
    let fixture = fixture_client(&client, options.clone());
    match (document, operation) {
        ("v2", "retrieve-avatar-details") => Box::pin(async move {
            let generated = generated_client(&client, options);
            send!(generated.retrieve_avatar_details().avatar_id(avatar_id()))
        }),
        ("v9", "createVideo") => Box::pin(async move {
            let avatar = v9::types::CreateFromAvatar::builder();
            let avatar = avatar
                .avatar_id(avatar_id())
                .script("Hello")
                .try_into()
                .unwrap();
            let request = v9::types::CreateVideoRequest::Avatar(avatar);
            send!(fixture.create_video().body(request))
        }),
        ("v9", "getVideo") => Box::pin(async move { send!(fixture.get_video().video_id("v1")) }),
        ("v9", "listVideos") => Box::pin(async move { send!(fixture.list_videos()) }),
        _ => panic!("{operation} of {document} is not called here"),
    }
}
