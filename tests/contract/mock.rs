//! The mock server: it responds to every operation with an example that its
//! method decodes.

use heygen_mock::MockServer;
use heygen_tests::client::client;
use heygen_tests::generated;
use heygen_tests::operations::{self, Operation};
use serde_json::json;

use crate::report;

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
