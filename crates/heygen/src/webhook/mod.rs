//! Webhooks: events that HeyGen sends to a URL of yours, checked and parsed. Feature
//! `webhook`.
//!
//! # Register an endpoint
//!
//! Once, with the events that you handle; without any, all of them are sent. The secret is
//! in this response and in that of `rotate_secret`, and nowhere else, so store it.
//!
//! ```
//! # async fn register(client: &heygen::Client) -> Result<(), Box<dyn std::error::Error>> {
//! use heygen::v3::{CreateWebhookEndpoint, WebhookEventType};
//!
//! let url = "https://example.com/heygen/events";
//! let events = [WebhookEventType::AvatarVideoSuccess, WebhookEventType::AvatarVideoFail];
//! let endpoint = CreateWebhookEndpoint::new(url).events(events);
//! let endpoint = client.v3().webhooks().endpoints().create(endpoint).await?;
//! let secret = endpoint.secret.ok_or("no secret")?;
//! # Ok(()) }
//! ```
//!
//! HeyGen may probe the URL while it is being registered, before you have the secret:
//! version 1 of the API sends an `OPTIONS` request and waits for a second. If `create` says
//! that the URL is not valid, respond to that with 200.
//!
//! # Receive events
//!
//! Read the raw body, [verify](Verifier::verify) it, store the event or queue it, and respond
//! with 2xx **within 10 seconds**. Any other status, or none, and the event is delivered
//! again, with growing delays and, as is reported, for up to a day. Download files elsewhere.
//!
//! ```
//! use heygen::webhook::{EventData, Verifier};
//! use http::{HeaderMap, StatusCode};
//!
//! fn receive(verifier: &Verifier, headers: &HeaderMap, body: &[u8]) -> StatusCode {
//!     let event = match verifier.verify(headers, body) {
//!         Ok(event) => event,
//!         Err(error) => {
//!             eprintln!("refused: {error}");
//!             return StatusCode::UNAUTHORIZED;
//!         }
//!     };
//!     match event.data() {
//!         EventData::AvatarVideoSuccess(video) => println!("{} is done", video.video_id),
//!         EventData::AvatarVideoFail(video) => println!("{} has failed", video.video_id),
//!         // Types that this crate knows no fields of, and types that it does not know.
//!         other => println!("{other:?}"),
//!     }
//!     StatusCode::NO_CONTENT
//! }
//! ```
//!
//! `examples/webhook_receiver` of the repository is this with axum.
//!
//! - **Events come twice**, and not always in order. [`Event::id`] recognises one that was
//!   handled. Store it together with the result, not before it.
//! - **A delivery can be replayed.** The signature is that of the body alone:
//!   `Heygen-Timestamp` and `Heygen-Event-Id` are not part of it, so who has recorded a
//!   delivery can send it again with others. The age that [`Verifier::tolerance`] allows
//!   stops old retries and wrong clocks only. What stops a replay is the id, or handling that
//!   has no effect the second time, such as keyed by the `video_id`.
//! - **A read may be ahead of the event.** An object can be `completed` when it is read while
//!   its event is still on the way, and events can be lost: poll jobs that are overdue, or
//!   catch up with `client.v3().webhooks().events().list()`, whose items convert
//!   [into an `Event`](Event#impl-From<WebhookEvent>-for-Event).
//! - **Links in events expire.** Read the object by its id for a new one.
//! - **Data varies.** Five kinds of data are documented and have types, in which all but
//!   the id is optional. The data of other events is JSON: take the id from it and read the
//!   object. Data that does not fit its type is JSON as well, in [`EventData::Unknown`], so
//!   that no event is lost.
//!
//! # Replace a secret
//!
//! `rotate_secret` returns the new secret, and from then on deliveries may be signed with
//! it. Accept both until the retries of former ones have ended:
//! `Verifier::new(new).also(former)`.
//!
//! # Jobs with a `callback_url`
//!
//! A create that is given a `callback_url` sends the event of this one job there, **without a
//! signature**, and with few retries. Anybody who knows the URL can send what they like. So
//! give each job a URL that only HeyGen knows, and let the body only tell you which job to
//! read:
//!
//! ```
//! # fn main() -> Result<(), heygen::webhook::Error> {
//! use heygen::webhook::Verifier;
//!
//! // A secret of your own, such as 32 random bytes in hexadecimal.
//! let callbacks = Verifier::new("4f0c...");
//!
//! // On create: set `callback_id` and `callback_url` of the body to these.
//! let callback_id = "order-1042";
//! let token = callbacks.callback_token(callback_id)?;
//! let callback_url = format!("https://example.com/heygen/done?token={token}");
//!
//! // On delivery: the token of the URL has to be that of the `callback_id`.
//! let body = br#"{"event_type": "filler_word_removal.success",
//!     "event_data": {"filler_word_removal_id": "fwr_1", "callback_id": "order-1042"}}"#;
//! let event = callbacks.verify_callback(&token, body)?;
//! assert_eq!(event.callback_id(), Some("order-1042"));
//! # Ok(()) }
//! ```
//!
//! A random token that is stored with the job does the same.
//!
//! # How deliveries are signed
//!
//! `Heygen-Signature`, or `Signature` in older deliveries, is the HMAC-SHA256 of the raw body
//! with the text of the secret as its key, `whsec_` included, in hexadecimal. With the feature
//! `test-util`, `heygen::webhook::sign` makes the headers of a delivery, so that tests can
//! send some.

mod error;
mod event;
#[cfg(feature = "test-util")]
mod sign;
mod verify;

pub use heygen_api_gen::v3::webhooks::EventData;

pub use self::error::Error;
pub use self::event::Event;
#[cfg(feature = "test-util")]
pub use self::sign::sign;
pub use self::verify::Verifier;
