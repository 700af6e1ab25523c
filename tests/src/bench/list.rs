//! A long list: the response of `GET /v2/avatars` for a usual account. No
//! imported page describes the operation yet, so it is called by its path; its
//! models are the generated one of an avatar, and an envelope as generated.

use std::fmt::Write as _;

use heygen::v2::AvatarDetails;
use heygen::{Client, Error, Method, Value};
use heygen_core::{Envelope, object};
use serde::Deserialize;

use super::by_hand;

/// How many avatars are in the list.
pub const LENGTH: usize = 1_500;

#[derive(Debug)]
#[expect(dead_code, reason = "as generated")]
struct ListResponse {
    error: Option<Value>,
    data: Option<Avatars>,
    warning: Option<Value>,
}

object! {
    ListResponse {
        "error" => error: optional;
        "data" => data: optional;
        "warning" => warning: optional;
    }
}

#[derive(Debug)]
struct Avatars {
    avatars: Vec<AvatarDetails>,
}

object! {
    Avatars {
        "avatars" => avatars: default heygen_core::de::List;
    }
}

impl Envelope for ListResponse {
    type Data = Avatars;

    fn into_data(self) -> Option<Avatars> {
        self.data
    }
}

/// The same with the fields of a hand-written model.
#[derive(Debug, Deserialize)]
struct AvatarsByHand {
    avatars: Vec<by_hand::Avatar>,
}

/// Gets the list.
pub async fn ours(client: &Client) -> Result<Vec<AvatarDetails>, Error> {
    let request = client.request(Method::GET, "/v2/avatars");
    Ok(request.typed::<ListResponse>().data().await?.avatars)
}

/// Gets the list by hand.
pub async fn by_hand(
    client: &by_hand::ByHand,
    port: u16,
) -> Result<Vec<by_hand::Avatar>, by_hand::Failed> {
    let url = format!("{}/v2/avatars", super::base_url(port));
    Ok(client.get::<AvatarsByHand>(url).await?.avatars)
}

/// The body: about a megabyte.
pub fn body() -> String {
    let mut body = String::from(r#"{"error":null,"data":{"avatars":["#);
    for number in 0..LENGTH {
        if number > 0 {
            body.push(',');
        }
        write!(
            body,
            r#"{{"type":"avatar","id":"Avatar_{number:06}_standing_office_front","name":"Avatar No. {number} \u2013 Office Front","gender":"female","preview_image_url":"https://files2.heygen.ai/avatar/v3/463208b6cad140d2b26353582683{number:06x}_39240/preview_target.webp?Expires=1793404800&Signature=mG0aXy1Vn~{number:016x}","preview_video_url":"https://files2.heygen.ai/avatar/v3/463208b6cad140d2b26353582683{number:06x}_39240/preview_video_target.mp4?Expires=1793404800&Signature=Qe7cFh4~{number:016x}","premium":{},"is_public":true,"default_voice_id":"16a09e4706f74997ba4ed05e{number:08x}","tags":["NEW","AVATAR_IV"]}}"#,
            number % 7 == 0
        )
        .expect("a string");
    }
    body + "]}}"
}
