//! Calls against a server on loopback, made as generated code makes them.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread::JoinHandle,
    time::Duration,
};

use serde::{Deserialize, de::DeserializeOwned};

use crate::runtime::{
    ClientBuilder, Error, ErrorKind, Operation, Placement, ResponseValue, SecurityScheme, Settings,
};

#[derive(Debug, Deserialize)]
struct Pet {
    name: String,
}

static GET_PET: Operation = Operation::new("getPet", "GET", "/pets/{id}");

const KEY: SecurityScheme = SecurityScheme {
    name: "key",
    placement: Placement::Header("X-Key"),
};

/// A server that gives these responses, each on its own connection, and then
/// what it was sent.
fn server(responses: Vec<String>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let mut requests = Vec::new();
        for response in responses {
            let (mut stream, _) = listener.accept().unwrap();
            let mut read = Vec::new();
            let mut buffer = [0; 4096];
            while !read.windows(4).any(|four| four == b"\r\n\r\n") {
                let size = stream.read(&mut buffer).unwrap();
                read.extend_from_slice(&buffer[..size]);
            }
            requests.push(String::from_utf8(read).unwrap());
            stream.write_all(response.as_bytes()).unwrap();
        }
        requests
    });
    (address, thread)
}

fn response(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

async fn call<E: DeserializeOwned>(
    (base, http, settings): &(String, reqwest::Client, Settings),
    operation: &'static Operation,
    path: &str,
) -> Result<ResponseValue<Pet>, Error<E>> {
    let mut request = http
        .get(format!("{base}{path}"))
        .header("api-version", "1")
        .build()?;
    settings.prepare(&mut request, Some(operation))?;
    let response = settings.send(http, request, Some(operation)).await?;
    match response.status().as_u16() {
        404 => Err(Error::ErrorResponse(
            ResponseValue::from_response(response).await?,
        )),
        200 => ResponseValue::from_response(response).await,
        _ => Err(Error::UnexpectedResponse(response)),
    }
}

fn builder() -> ClientBuilder {
    ClientBuilder::for_server(None).credential(KEY, "secret".into())
}

#[tokio::test]
async fn key_is_sent_and_api_version_is_not() {
    let (address, requests) = server(vec![response(
        "200 OK",
        "x-id: 7\r\n",
        "{\"name\": \"Rex\"}",
    )]);
    let client = builder()
        .base_url(format!("{address}/v1/"))
        .parts()
        .unwrap();
    let pet = call::<serde_json::Value>(&client, &GET_PET, "/pets/a")
        .await
        .unwrap();
    assert_eq!((pet.name.as_str(), pet.status().as_u16()), ("Rex", 200));
    assert_eq!(pet.headers()["x-id"], "7");
    let requests = requests.join().unwrap();
    assert!(
        requests[0].starts_with("GET /v1/pets/a HTTP/1.1\r\n"),
        "{requests:?}"
    );
    assert!(requests[0].contains("x-key: secret\r\n"), "{requests:?}");
    assert!(!requests[0].contains("api-version"), "{requests:?}");
    assert!(!format!("{client:?}").contains("secret"));
}

#[tokio::test]
async fn error_has_status_headers_body_and_operation() {
    let problem = "{\"detail\":\n \"no such pet\"}";
    let misfit = "{\"name\": [1]}";
    let (address, _requests) = server(vec![
        response("404 Not Found", "x-id: 7\r\n", problem),
        response("200 OK", "x-id: 8\r\n", misfit),
        response("502 Bad Gateway", "", "<html>"),
        response(
            "302 Found",
            "location: http://127.0.0.1:1/x?signature=s\r\n",
            "",
        ),
        "HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{".to_owned(),
    ]);
    let client = builder().base_url(address).parts().unwrap();
    let mut errors = Vec::new();
    for _ in 0..5 {
        errors.push(
            call::<serde_json::Value>(&client, &GET_PET, "/pets/a")
                .await
                .unwrap_err(),
        );
    }
    let seen: Vec<_> = errors
        .iter()
        .map(|e| (e.kind(), e.status().map(|s| s.as_u16())))
        .collect();
    assert_eq!(
        seen,
        [
            (ErrorKind::Status, Some(404)),
            (ErrorKind::Decode, Some(200)),
            (ErrorKind::Status, Some(502)),
            (ErrorKind::Status, Some(302)),
            (ErrorKind::Connection, None),
        ]
    );
    assert_eq!(
        errors[0].to_string(),
        "GET /pets/{id}: status 404 Not Found: {\"detail\": \"no such pet\"}"
    );
    assert_eq!(errors[0].text(), problem);
    assert_eq!(errors[0].headers().unwrap()["x-id"], "7");
    assert_eq!(errors[0].operation(), Some(&GET_PET));
    assert_eq!(
        errors[0].json::<serde_json::Value>().unwrap()["detail"],
        "no such pet"
    );
    let decode = errors[1].to_string();
    assert!(
        decode.starts_with("GET /pets/{id}: status 200 OK, cannot be read: name: "),
        "{decode}"
    );
    assert!(decode.ends_with(misfit), "{decode}");
    assert!(errors[2].is_retryable() && !errors[0].is_retryable());
    let redirect = format!("{:?}", errors[3]);
    assert!(
        redirect.ends_with("302 Found, to http://127.0.0.1:1/x"),
        "{redirect}"
    );
}

#[tokio::test]
async fn declared_error_is_typed_unless_its_body_is_another() {
    #[derive(Debug, Deserialize)]
    struct Problem {
        detail: String,
    }
    let (address, _requests) = server(vec![
        response("404 Not Found", "", "{\"detail\": \"no such pet\"}"),
        response("404 Not Found", "", "<html>"),
    ]);
    let client = builder().base_url(address).parts().unwrap();
    let error = call::<Problem>(&client, &GET_PET, "/pets/a")
        .await
        .unwrap_err();
    assert_eq!(error.declared().unwrap().detail, "no such pet");
    assert_eq!(error.into_untyped().status().unwrap(), 404);
    let error = call::<Problem>(&client, &GET_PET, "/pets/a")
        .await
        .unwrap_err();
    assert!(error.declared().is_none());
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16()),
        (ErrorKind::Status, 404)
    );
    assert_eq!(error.text(), "<html>");
}

#[tokio::test]
async fn connection_error_names_the_server_and_the_cause() {
    let client = builder().base_url("http://127.0.0.1:9").parts().unwrap();
    let error = call::<serde_json::Value>(&client, &GET_PET, "/pets/a")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    let text = error.to_string();
    assert!(
        text.contains("http://127.0.0.1:9") && text.contains("efused"),
        "{text}"
    );
}

#[tokio::test]
async fn timeout_of_the_client_holds() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let client = builder()
        .base_url(address)
        .timeout(Duration::from_millis(50))
        .parts()
        .unwrap();
    let error = call::<serde_json::Value>(&client, &GET_PET, "/pets/a")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn argument_that_changes_the_endpoint_is_not_sent() {
    let client = builder().base_url("http://127.0.0.1:9/v1").parts().unwrap();
    for path in ["/pets/..", "/pets/.", "/pets/", "/pets/../x/y"] {
        let error = call::<serde_json::Value>(&client, &GET_PET, path)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument, "{path}");
        assert_eq!(error.operation(), Some(&GET_PET));
    }
}

#[tokio::test]
async fn redirects_are_followed_within_the_origin_only() {
    let (other, others) = server(vec![response("200 OK", "", "{\"name\": \"Rex\"}")]);
    let (address, _requests) = server(vec![
        response("302 Found", "location: /pets/b\r\n", ""),
        response("302 Found", &format!("location: {other}/pets/c\r\n"), ""),
    ]);
    let client = builder().base_url(address).parts().unwrap();
    let error = call::<serde_json::Value>(&client, &GET_PET, "/pets/a")
        .await
        .unwrap_err();
    assert_eq!(error.status().map(|s| s.as_u16()), Some(302));
    assert!(!others.is_finished());
}

#[tokio::test]
async fn operation_s_own_server_is_used_unless_another_was_set() {
    static FILES: Operation =
        Operation::new("a", "GET", "/pets/{id}").server("http://127.0.0.1:1/files/");
    for (base_url, server) in [
        (None, "http://127.0.0.1:1"),
        (Some("http://127.0.0.1:3"), "http://127.0.0.1:3"),
    ] {
        let mut builder = ClientBuilder::for_server(Some("http://127.0.0.1:2/v1"));
        if let Some(url) = base_url {
            builder = builder.base_url(url);
        }
        let client = builder.parts().unwrap();
        let error = call::<serde_json::Value>(&client, &FILES, "/pets/a")
            .await
            .unwrap_err();
        assert!(error.to_string().contains(server), "{error}");
    }
}

#[test]
fn client_without_a_server_says_how_to_set_one() {
    let error = builder().parts().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("`base_url`"), "{error}");
}
