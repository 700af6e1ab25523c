//! The mock server: it responds to every operation with an example that its
//! method decodes.

use heygen::v3::resources::{GetVideoBatch, ListVoices};
use heygen_mock::MockServer;
use heygen_tests::client::client;
use heygen_tests::generated;
use heygen_tests::operations::{self, Operation};
use serde_json::json;

use crate::report;

#[tokio::test]
async fn pages_of_the_mock_end() {
    let server = MockServer::start().await.unwrap();
    let v3_client = client(server.url());
    let v3 = v3_client.v3();
    let query = ListVoices::new().limit(1);
    let first = v3.voices().list(query.clone()).await.unwrap();
    assert!(first.has_more && first.next_token.is_some());
    let all = v3.voices().list(query).items().into_vec().await.unwrap();
    let mut ids: Vec<_> = all.iter().map(|voice| &voice.voice_id).collect();
    let whole = v3.voices().list(None).await.unwrap();
    assert!(!whole.has_more && whole.items.len() == all.len());
    ids.sort();
    ids.dedup();
    assert!(ids.len() == all.len() && all.len() > 1, "{ids:?}");

    let query = GetVideoBatch::new().limit(1);
    let batches = v3.videos().batches();
    let whole = batches.get("bat_3c90", None).await.unwrap();
    let whole = whole.items.as_ref().unwrap().len();
    let batch = batches.get("bat_3c90", query).items().into_vec().await;
    assert!(whole > 1);
    assert_eq!(batch.unwrap().len(), whole);
    server.stop().await;
}

#[tokio::test]
async fn mock_responds_to_every_operation() {
    for strict in [false, true] {
        let builder = MockServer::builder().tables(generated::mock::TABLES);
        let builder = if strict { builder.strict() } else { builder };
        let server = builder.start().await.unwrap();
        let client = client(server.url());
        let mut faults = Vec::new();
        for operation in operations::all() {
            let Operation { document, id, .. } = operation;
            for all in [true, false] {
                // What one operation deletes, another one reads.
                server.reset();
                let mut given = operation.arguments(all);
                for parameter in operation.parameters() {
                    let name = parameter.name.trim_matches(['{', '}']);
                    let known = server.known_ids(id, name);
                    if let (true, Some(known)) = (strict, known.first()) {
                        given.insert(format!("{}.{name}", parameter.location), json!(known));
                    }
                    if strict && ["token", "cursor"].contains(&name) {
                        given.insert(parameter.key(), json!(""));
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
}
