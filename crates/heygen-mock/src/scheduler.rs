//! What the mock does by itself as time passes.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::shared::Shared;

/// Handles ends as the clock reaches them, and delivers events, until the server
/// stops.
pub(crate) async fn run(shared: Arc<Shared>, mut stop: watch::Receiver<bool>) {
    let mut deliveries = JoinSet::new();
    loop {
        let playing = &shared.playing;
        playing.settle(&shared.state);
        for number in playing.webhooks.take_queued() {
            let shared = Arc::clone(&shared);
            deliveries.spawn(async move { shared.playing.webhooks.deliver(number).await });
        }
        let next_end = async {
            match playing.jobs.next_end() {
                Some(end) => playing.clock.sleep_until(end).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = stop.changed() => return,
            () = playing.jobs.changed.notified() => {}
            () = next_end => {}
            Some(_) = deliveries.join_next() => {}
        }
    }
}
