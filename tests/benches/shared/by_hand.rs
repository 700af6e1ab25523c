//! The call as a program would write it for itself with `reqwest` and `serde`:
//! no retries, no deadlines, no check of the id, an error for each status that
//! is not success.

use reqwest::header::ACCEPT;
use serde::Deserialize;

use super::{KEY, base_url, http};

pub(crate) type Failed = Box<dyn std::error::Error + Send + Sync>;

/// The fields of the generated model.
#[derive(Debug, Deserialize)]
pub(crate) struct Avatar {
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) gender: Option<String>,
    pub(crate) preview_image_url: Option<String>,
    pub(crate) preview_video_url: Option<String>,
    pub(crate) premium: Option<bool>,
    pub(crate) is_public: Option<bool>,
    pub(crate) default_voice_id: Option<String>,
    pub(crate) tags: Option<Vec<String>>,
}

/// The envelope of the second generation.
#[derive(Debug, Deserialize)]
pub(crate) struct Envelope<T> {
    pub(crate) error: Option<serde_json::Value>,
    pub(crate) data: Option<T>,
    pub(crate) warning: Option<serde_json::Value>,
}

/// A hand-written client.
#[derive(Clone, Debug)]
pub(crate) struct ByHand {
    http: reqwest::Client,
    base: String,
}

impl ByHand {
    pub(crate) fn new(port: u16) -> Self {
        Self {
            http: http(),
            base: base_url(port),
        }
    }

    pub(crate) async fn details(&self, id: &str) -> Result<Avatar, Failed> {
        let url = format!("{}/v2/avatar/{id}/details", self.base);
        self.get(url).await
    }

    pub(crate) async fn get<T: for<'de> Deserialize<'de>>(&self, url: String) -> Result<T, Failed> {
        let request = self.http.get(url).header("x-api-key", KEY);
        let response = request
            .header(ACCEPT, "application/json")
            .send()
            .await?
            .error_for_status()?;
        let body = response.bytes().await?;
        let envelope: Envelope<T> = serde_json::from_slice(&body)?;
        if let Some(error) = envelope.error {
            return Err(error.to_string().into());
        }
        envelope.data.ok_or_else(|| "no data".into())
    }
}
