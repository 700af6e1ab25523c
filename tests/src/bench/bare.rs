//! The call as progenitor generates it by default: its own hooks, its own
//! parsing of responses. The body of `send` is what it writes for the document
//! of version 2.

use progenitor_client::{
    ClientHooks, ClientInfo, Error, OperationInfo, ResponseValue, encode_path,
};
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};

use super::by_hand::{Avatar, Envelope, Failed};
use super::{KEY, base_url};

/// The generated client.
#[derive(Clone, Debug)]
pub struct Client {
    baseurl: String,
    client: reqwest::Client,
}

impl ClientInfo<()> for Client {
    fn api_version() -> &'static str {
        "4.0.8"
    }

    fn baseurl(&self) -> &str {
        self.baseurl.as_str()
    }

    fn client(&self) -> &reqwest::Client {
        &self.client
    }

    fn inner(&self) -> &() {
        &()
    }
}

impl ClientHooks<()> for &Client {}

/// The generated builder of a request.
#[derive(Clone, Debug)]
pub(crate) struct RetrieveAvatarDetails<'a> {
    client: &'a Client,
    avatar_id: Result<String, String>,
}

impl Client {
    /// A client of the server at this port.
    pub fn new(port: u16) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert("x-api-key", HeaderValue::from_static(KEY));
        Self {
            baseurl: base_url(port),
            client: super::http_with(headers),
        }
    }

    /// The details of an avatar.
    pub async fn details(&self, id: &str) -> Result<Avatar, Failed> {
        let response = self.retrieve_avatar_details().avatar_id(id).send().await?;
        let envelope = response.into_inner();
        if let Some(error) = envelope.error {
            return Err(error.to_string().into());
        }
        envelope.data.ok_or_else(|| "no data".into())
    }

    fn retrieve_avatar_details(&self) -> RetrieveAvatarDetails<'_> {
        RetrieveAvatarDetails {
            client: self,
            avatar_id: Err("avatar_id was not initialized".to_string()),
        }
    }
}

impl RetrieveAvatarDetails<'_> {
    fn avatar_id<V: TryInto<String>>(mut self, value: V) -> Self {
        self.avatar_id = value
            .try_into()
            .map_err(|_| "conversion to `String` for avatar_id failed".to_string());
        self
    }

    #[allow(clippy::implicit_clone, reason = "so the generator writes it")]
    async fn send(self) -> Result<ResponseValue<Envelope<Avatar>>, Error<()>> {
        let Self { client, avatar_id } = self;
        let avatar_id = avatar_id.map_err(Error::InvalidRequest)?;
        let url = format!(
            "{}/v2/avatar/{}/details",
            client.baseurl,
            encode_path(&avatar_id.to_string()),
        );
        let mut header_map = HeaderMap::with_capacity(1usize);
        header_map.append(
            reqwest::header::HeaderName::from_static("api-version"),
            HeaderValue::from_static(Client::api_version()),
        );
        let mut request = client
            .client
            .get(url)
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "retrieve_avatar_details",
        };
        client.pre(&mut request, &info).await?;
        let result = client.exec(request, &info).await;
        client.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
