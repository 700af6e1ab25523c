//! Receives webhooks of HeyGen: checks each delivery, responds at once, and handles each
//! event once.
//!
//! `HEYGEN_WEBHOOK_SECRET=whsec_... LISTEN=127.0.0.1:3000 cargo run -p webhook_receiver`

use std::{collections::HashSet, env, error::Error};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode},
    routing::post,
};
use heygen::webhook::{Event, EventData, Verifier};
use tokio::{net::TcpListener, sync::mpsc};

#[derive(Clone)]
struct Receiver {
    verifier: Verifier,
    queue: mpsc::Sender<Event>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let secret = env::var("HEYGEN_WEBHOOK_SECRET")?;
    let address = env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let (queue, events) = mpsc::channel(1_000);
    tokio::spawn(handle(events));
    let verifier = Verifier::new(secret);
    let app = Router::new()
        // HeyGen may probe the URL with OPTIONS when it is registered.
        .route("/heygen/events", post(receive).options(|| async {}))
        .layer(DefaultBodyLimit::max(1 << 20))
        .with_state(Receiver { verifier, queue });
    let listener = TcpListener::bind(address).await?;
    println!("listening on {}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

/// Queues the event, so that the response is sent within the 10 seconds that HeyGen waits.
async fn receive(State(to): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let verified = to.verifier.verify(&headers, &body);
    match verified.map(|event| to.queue.try_send(event).is_ok()) {
        Ok(true) => StatusCode::NO_CONTENT,
        // The queue is full: HeyGen delivers the event again.
        Ok(false) => StatusCode::SERVICE_UNAVAILABLE,
        Err(error) => {
            eprintln!("refused: {error}");
            StatusCode::UNAUTHORIZED
        }
    }
}

/// Handles queued events. A program that must not lose one has queue and ids in its
/// database, where they survive a crash.
async fn handle(mut events: mpsc::Receiver<Event>) {
    let mut handled = HashSet::new();
    while let Some(event) = events.recv().await {
        if event.id().is_some_and(|id| !handled.insert(id.to_owned())) {
            println!("{} again: nothing to do", event.event_type());
            continue;
        }
        let job = event.callback_id().unwrap_or("a job without a callback_id");
        match event.data() {
            EventData::AvatarVideoSuccess(video) => println!("{job}: {} is done", video.video_id),
            EventData::AvatarVideoFail(video) => {
                let reason = event.failure_message().unwrap_or("no reason given");
                println!("{job}: {} has failed: {reason}", video.video_id);
            }
            _ => println!("{job}: {}", event.event_type()),
        }
    }
}
