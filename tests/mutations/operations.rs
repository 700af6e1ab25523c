//! How each operation is called. An operation with an example that is missing
//! here fails the test.

use std::future::Future;
use std::pin::Pin;

use fixture_api::v9::resources::V9;
use fixture_api::v9::types::{CloneVoiceForm, CreateFolder, SceneChange, UpdateVideo};
use heygen::{Client, Error, Request};
use heygen_tests::client::{core, example_avatar, fixture, new_video};
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
        ("v9", operation) => of_fixture(operation, client),
        _ => panic!("{operation} of {document} is not called here"),
    }
}

/// Lists are called by their generated methods: a page has read the envelope.
fn of_fixture(operation: &str, client: &Client) -> Outcome {
    let v9 = V9::new(core(client));
    let (videos, voices) = (v9.videos(), v9.voices());
    match operation {
        "createVideo" => send(videos.create(new_video())),
        "getVideo" => send(videos.get("v1")),
        "listVideos" => {
            send(fixture(client, async |api| api.list_videos(None, None, None).await).data())
        }
        "publishVideo" => send(videos.publish("v1", None)),
        "getVideoBatch" => send(videos.batches().get("b1", None)),
        "listScenes" => send(fixture(client, async |api| api.list_scenes("v1", None).await).data()),
        "updateScene" => send(videos.scenes().update("v1", 1, SceneChange::new("Hello"))),
        "updateVideo" => send(videos.update("v1", UpdateVideo::new().title("Hello"))),
        "createFolder" => send(v9.folders().create(CreateFolder::new().name("Mine"))),
        "listVoices" => {
            let call = fixture(client, async |api| {
                api.list_voices(None, "en", None, None, None, None, None)
                    .await
            });
            send(call.data())
        }
        "cloneVoice" => send(voices.clone_voice(CloneVoiceForm::new(vec![1]))),
        _ => panic!("{operation} is not called here"),
    }
}
