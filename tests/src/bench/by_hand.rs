//! The call as a program would write it by hand with `reqwest` and `serde`: no
//! retries, no deadlines, no check of the id, an error for each status that is
//! not success.

use reqwest::header::ACCEPT;
use serde::Deserialize;

use super::{KEY, base_url, http};

/// Any error.
pub type Failed = Box<dyn std::error::Error + Send + Sync>;

/// The fields of the generated model.
#[derive(Debug, Deserialize)]
pub struct Avatar {
    /// The field of the same name.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The field of the same name.
    pub id: String,
    /// The field of the same name.
    pub name: Option<String>,
    /// The field of the same name.
    pub gender: Option<String>,
    /// The field of the same name.
    pub preview_image_url: Option<String>,
    /// The field of the same name.
    pub preview_video_url: Option<String>,
    /// The field of the same name.
    pub premium: Option<bool>,
    /// The field of the same name.
    pub is_public: Option<bool>,
    /// The field of the same name.
    pub default_voice_id: Option<String>,
    /// The field of the same name.
    pub tags: Option<Vec<String>>,
}

/// The envelope of the second generation.
#[derive(Debug, Deserialize)]
pub struct Envelope<T> {
    /// The field of the same name.
    pub error: Option<serde_json::Value>,
    /// The field of the same name.
    pub data: Option<T>,
    /// The field of the same name.
    pub warning: Option<serde_json::Value>,
}

/// The hand-written client.
#[derive(Clone, Debug)]
pub struct ByHand {
    http: reqwest::Client,
    base: String,
}

impl ByHand {
    /// A client of the server at this port.
    pub fn new(port: u16) -> Self {
        Self {
            http: http(),
            base: base_url(port),
        }
    }

    /// The details of an avatar.
    pub async fn details(&self, id: &str) -> Result<Avatar, Failed> {
        let url = format!("{}/v2/avatar/{id}/details", self.base);
        self.get(url).await
    }

    /// Gets the data of an envelope.
    pub async fn get<T: for<'de> Deserialize<'de>>(&self, url: String) -> Result<T, Failed> {
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
