//! How each operation is called. An operation whose document has an example
//! and that is not here fails the test: it gets a line of its own.

use std::future::Future;
use std::pin::Pin;

use heygen::raw::generated;
use heygen_transport::{CallOptions, Error, Transport};
use serde_json::Value;

type Outcome = Pin<Box<dyn Future<Output = Result<Value, Error>> + Send>>;

/// The generated client of a module on a transport.
macro_rules! client {
    ($($module:ident)::+, $transport:expr) => {
        $($module)::+::v::Client::new($($module)::+::hooks::Inner::new($transport, CallOptions::default()))
    };
}

/// The model of an envelope that was opened.
macro_rules! opened {
    ($builder:expr) => {{
        let answer = $builder.send().await?.open()?;
        Ok(serde_json::to_value(&*answer).unwrap())
    }};
}

/// Calls an operation of a document and gives the model it answers with.
pub(crate) fn make(document: &str, operation: &str, transport: Transport) -> Outcome {
    match (document, operation) {
        ("v2", "retrieve-avatar-details") => Box::pin(async {
            let client = client!(v2, transport);
            opened!(client.retrieve_avatar_details().avatar_id("a1"))
        }),
        ("v9", "createVideo") => Box::pin(async {
            let client = client!(v9, transport);
            let avatar = v9::v::types::CreateFromAvatar::builder();
            let avatar = avatar.avatar_id("a1").script("Hello").try_into().unwrap();
            let request = v9::v::types::CreateVideoRequest::Avatar(avatar);
            opened!(client.create_video().body(request))
        }),
        ("v9", "getVideo") => Box::pin(async {
            let client = client!(v9, transport);
            opened!(client.get_video().video_id("v1"))
        }),
        ("v9", "listVideos") => Box::pin(async {
            let client = client!(v9, transport);
            opened!(client.list_videos())
        }),
        _ => panic!("say here how {operation} of {document} is called"),
    }
}

mod v2 {
    pub(super) use super::generated::{hooks, v2 as v};
}

mod v9 {
    pub(super) use fixture_api::{hooks, v9 as v};
}
