//! The address of the server, checked once.

use reqwest::Url;

use super::error::Error;

/// Parses a base URL. It gets no trailing slash, since paths begin with one.
pub(super) fn parse(text: &str) -> Result<(String, Url), Error> {
    let refuse = |what: &str| Error::config(format!("the base URL {what}"));
    let url = Url::parse(text.trim()).map_err(|error| {
        refuse(&format!(
            "is not valid: {error}; it starts with https:// and a host"
        ))
    })?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(refuse("is not one of http or https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse(
            "holds a password; set it by the method of its scheme",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse(
            "has a query or fragment, to which no path can be added",
        ));
    }
    let text = url.as_str().trim_end_matches('/').to_owned();
    Ok((text, url))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trailing_slashes_go_and_nonsense_is_refused() {
        for (given, wanted) in [
            ("https://a.example", "https://a.example"),
            (" https://a.example/v1/ ", "https://a.example/v1"),
        ] {
            assert_eq!(
                parse(given).map(|found| found.0).ok().as_deref(),
                Some(wanted)
            );
        }
        for given in [
            "",
            "/v1",
            "a.example",
            "ftp://a.example",
            "https://u:p@a.example",
            "https://a.example?x=1",
        ] {
            let error = parse(given).map(drop).unwrap_err().to_string();
            assert!(
                error.contains("base URL") && !error.contains("u:p"),
                "{error}"
            );
        }
    }
}
