//! The generated helpers on `httpmock`, for the tests of other programs.

use heygen::httpmock::v2::MockServerExt as _;
use heygen::httpmock::{MockServer, error};
use heygen_tests::client::{avatar, client, example_avatar};
use heygen_tests::document::{avatar_id, operation};

#[tokio::test]
async fn program_can_mock_operations() {
    let server = MockServer::start_async().await;
    let client = client(server.base_url());
    let found = server.retrieve_avatar_details(|when, then| {
        when.avatar_id(avatar_id());
        then.ok(&serde_json::from_value(operation().example.clone()).unwrap());
    });
    let gone = server.retrieve_avatar_details(|when, then| {
        when.avatar_id("gone");
        error(
            then.into_inner(),
            404,
            "avatar_not_found",
            "avatar look not found",
        );
    });
    assert_eq!(example_avatar(&client).await.unwrap().id, avatar_id());
    let failed = avatar(&client, "gone").await.unwrap_err();
    assert!(failed.is_not_found());
    assert_eq!(failed.code(), Some("avatar_not_found"));
    assert_eq!((found.calls(), gone.calls()), (1, 1));
}
