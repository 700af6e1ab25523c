//! A request that is sent several times, each time with another value of one
//! query parameter: the pages of a list.

use url::Url;
use url::form_urlencoded::{byte_serialize, parse};

use super::options::CallOptions;
use super::{Ready, Request};
use crate::client::Client;
use crate::decode::{Decode, Repair};
use crate::operation::Operation;

/// A request and its options, from which others are made.
pub(crate) struct Template<T> {
    operation: &'static Operation,
    client: Client,
    request: reqwest::Request,
    options: CallOptions,
    decode: Decode<T>,
    repair: Option<Repair>,
}

impl<T> Request<T> {
    /// A template of this request. None if it was sent, is invalid, or has a
    /// body that can be sent only once.
    pub(crate) fn template(&self) -> Option<Template<T>> {
        let ready = self.ready.as_ref().filter(|ready| ready.form.is_none())?;
        Some(Template {
            operation: self.operation,
            client: ready.client.clone(),
            request: ready.request.as_ref().ok()?.try_clone()?,
            options: ready.options.copy(),
            decode: self.decode,
            repair: self.repair,
        })
    }

    /// What is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }
}

impl<T> Template<T> {
    /// The value of a query parameter.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let mut pairs = self.request.url().query_pairs();
        pairs.find_map(|(known, value)| (known == name).then(|| value.into_owned()))
    }

    /// The request with this value of a query parameter, the rest of the query
    /// as it is. None if the body can be sent only once.
    pub(crate) fn with_query(&self, name: &str, value: &str) -> Option<Request<T>> {
        let mut request = self.request.try_clone()?;
        set_query(request.url_mut(), name, value);
        Some(Request {
            operation: self.operation,
            ready: Some(Box::new(Ready {
                client: self.client.clone(),
                request: Ok(request),
                form: None,
                options: self.options.copy(),
            })),
            sent: None,
            decode: self.decode,
            repair: self.repair,
        })
    }
}

/// Sets a query parameter. The others stay as they are, byte for byte.
fn set_query(url: &mut Url, name: &str, value: &str) {
    let is_other = |pair: &&str| parse(pair.as_bytes()).all(|(known, _)| known != name);
    let query = url.query().unwrap_or_default();
    let others = query.split('&').filter(|pair| !pair.is_empty());
    let mut query: String = others
        .filter(is_other)
        .flat_map(|pair| [pair, "&"])
        .collect();
    query.extend(byte_serialize(name.as_bytes()));
    query.push('=');
    query.extend(byte_serialize(value.as_bytes()));
    url.set_query(Some(&query));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_parameters_keep_their_bytes() {
        for (query, expected) in [
            ("", "token=b"),
            ("?", "token=b"),
            ("?limit=5", "limit=5&token=b"),
            ("?token=a&limit=5", "limit=5&token=b"),
            ("?t%6fken=a&token=c&q=%20x+y,z", "q=%20x+y,z&token=b"),
            ("?tokens=1&Token=2&token", "tokens=1&Token=2&token=b"),
        ] {
            let mut url = Url::parse(&format!("https://api.example/v3/voices{query}")).unwrap();
            set_query(&mut url, "token", "b");
            assert_eq!(url.query(), Some(expected), "{query}");
        }
    }

    #[test]
    fn value_is_encoded() {
        for value in [
            "a b&c=d",
            "a+b/c==",
            "%2B",
            "#x?",
            "\u{fc}\n\u{1f600}",
            "token=1",
        ] {
            let mut url = Url::parse("https://api.example/v3/voices?a=1").unwrap();
            set_query(&mut url, "to ken", value);
            let pairs: Vec<_> = url.query_pairs().into_owned().collect();
            let own = ("to ken".to_owned(), value.to_owned());
            assert_eq!(pairs, [("a".to_owned(), "1".to_owned()), own]);
        }
    }
}
