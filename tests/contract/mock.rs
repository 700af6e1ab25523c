//! The mock server: it responds to every operation with an example that its
//! method decodes.

use heygen_mock::MockServer;
use heygen_tests::client::client;
use heygen_tests::generated;
use heygen_tests::operations::{self, Operation};
use serde_json::json;

use crate::report;

#[tokio::test]
async fn lists_of_the_mock_end() {
    let server = MockServer::start().await.unwrap();
    let v3_client = client(server.url());
    let v3 = v3_client.v3();
    let first = v3.voices().list(None).await.unwrap();
    assert!(first.has_more && first.next_token.is_some());
    let all = v3.voices().list(None).items().into_vec().await.unwrap();
    assert_eq!(all.len(), 2 * first.items.len());
    let batch = v3.videos().batches().get("bat_3c90", None);
    assert!(!batch.items().into_vec().await.unwrap().is_empty());
    server.stop().await;
}

#[tokio::test]
async fn mock_responds_to_every_operation() {
    let server = MockServer::start().await.unwrap();
    let client = client(server.url());
    // Documents made up for tests are not embedded in the mock.
    let of_api = |operation: &&Operation| {
        let mut modules = heygen::raw::generated::COVERAGE.iter();
        modules.any(|(module, _)| *module == operation.document)
    };
    let mut faults = Vec::new();
    for operation in operations::all().iter().filter(of_api) {
        let Operation { document, id, .. } = operation;
        for all in [true, false] {
            let mut given = operation.arguments(all);
            for parameter in operation.parameters() {
                if let Some(known) = server.known_ids(id, parameter.name).first() {
                    given.insert(parameter.key(), json!(known));
                }
            }
            let called = generated::call(&client, document, id, &given);
            if let Err(error) = called.unwrap().await {
                faults.push(format!("{}: {error}", operation.title()));
            }
        }
    }
    report(&faults);
    server.stop().await;
}
