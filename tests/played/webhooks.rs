//! Webhooks of the mock, checked by the client.

use heygen::v3::{CreateWebhookEndpoint, WebhookEventType};
use heygen::webhook::{Event, EventData, Verifier};
use heygen_mock::MockServer;
use heygen_tests::scripted::{RecordedRequest, Reply, ScriptedServer};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::{client, quick, script};

async fn received(receiver: &ScriptedServer, number: usize) -> Vec<RecordedRequest> {
    for _ in 0..500 {
        if receiver.requests().len() >= number {
            return receiver.requests();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{:?}", receiver.requests());
}

fn headers(request: &RecordedRequest) -> HeaderMap {
    let names = request.header_names().into_iter();
    names
        .map(|name| {
            let value = HeaderValue::from_str(request.header(&name).unwrap()).unwrap();
            (HeaderName::try_from(name).unwrap(), value)
        })
        .collect()
}

#[tokio::test]
async fn delivery_is_verified_with_the_secret_of_its_endpoint() {
    let mock = MockServer::start().await.unwrap();
    let receiver = ScriptedServer::start([Reply::response(204, &[], "").close()]).await;
    let client = client(&mock);
    let v3 = client.v3();
    let endpoint = CreateWebhookEndpoint::new(receiver.url());
    let endpoint = endpoint.events([WebhookEventType::AvatarVideoSuccess]);
    let endpoint = v3.webhooks().endpoints().create(endpoint).await.unwrap();
    let secret = endpoint.secret.clone().unwrap();
    let body = script().callback_id("order-1");
    let video = v3
        .videos()
        .create(body)
        .and_wait()
        .schedule(quick())
        .await
        .unwrap();

    let delivery = received(&receiver, 1).await.remove(0);
    let event = Verifier::new(secret)
        .verify(&headers(&delivery), &delivery.body)
        .unwrap();
    assert_eq!(event.callback_id(), Some("order-1"));
    let EventData::AvatarVideoSuccess(data) = event.data() else {
        panic!("{event:?}");
    };
    assert_eq!(data.video_id, video.id);
    let other = Verifier::new("whsec_other");
    assert!(other.verify(&headers(&delivery), &delivery.body).is_err());

    // The list of events has it, too.
    let listed = v3.webhooks().events().list(None).await.unwrap();
    let mut listed = listed.items.into_iter().map(Event::from);
    assert!(listed.any(|known| known.id() == event.id()));
}

#[tokio::test]
async fn callback_of_a_job_is_matched_by_its_token() {
    let mock = MockServer::start().await.unwrap();
    let receiver = ScriptedServer::start([Reply::response(204, &[], "").close()]).await;
    let client = client(&mock);
    let callbacks = Verifier::new("secret of the caller");
    let token = callbacks.callback_token("order-2").unwrap();
    mock.job("video").fail("x", "It rained.");
    let body = script()
        .callback_id("order-2")
        .callback_url(format!("{}/done?token={token}", receiver.url()));
    let wait = client.v3().videos().create(body).and_wait();
    wait.schedule(quick()).await.unwrap_err();

    let delivery = received(&receiver, 1).await.remove(0);
    assert!(delivery.header("heygen-signature").is_none());
    let sent = delivery.target().split("token=").nth(1).unwrap();
    let event = callbacks.verify_callback(sent, &delivery.body).unwrap();
    assert_eq!(event.failure_message(), Some("It rained."));
}
