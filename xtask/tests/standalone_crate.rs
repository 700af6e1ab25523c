//! A stand-alone crate, generated and compiled, calls a server on loopback: the
//! keys of the document's security schemes, path arguments, errors, and a version
//! that is not the value of a header.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "common/crates.rs"]
mod crates;

use std::process::Command;

use crates::put;

const DOCUMENT: &str = r##"
openapi: 3.1.0
info: {title: Pet Shop, version: "1.0 beta\n"}
servers: [{url: "https://{region}.pets.example/v1", variables: {region: {default: eu}}}]
security: [{key: []}]
paths:
  /pets/{id}:
    get:
      operationId: getPet
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: api-version, in: header, schema: {type: string}}
      responses:
        "200": {description: It worked., content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
        "404": {description: None., content: {application/json: {schema: {$ref: "#/components/schemas/Problem"}}}}
  /pets:
    post:
      operationId: addPet
      security: [{token: []}, {user: [], query: []}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
      responses: {"204": {description: It worked.}}
  /photos/{id}:
    get:
      operationId: getPhoto
      security: []
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {"200": {description: A file., content: {image/png: {schema: {}}}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    query: {type: apiKey, in: query, name: k}
    token: {type: oauth2, flows: {}}
    user: {type: http, scheme: basic}
  schemas:
    Pet: {type: object, required: [name], properties: {name: {type: string}}}
    Problem: {type: object, properties: {detail: {type: string}}}
"##;

/// A user's program. The server sends its first argument's responses and
/// returns what it was sent.
const PROGRAM: &str = r##"
use std::{
    io::{Read, Write},
    net::TcpListener,
};

use pet_shop::{Client, Error, ErrorKind, types};

fn server(responses: &[(&str, &str)]) -> (String, std::thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/v1", listener.local_addr().unwrap());
    let responses: Vec<String> = responses
        .iter()
        .map(|(head, body)| format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len()))
        .collect();
    let thread = std::thread::spawn(move || {
        responses
            .iter()
            .map(|response| {
                let (mut stream, _) = listener.accept().unwrap();
                let mut buffer = [0; 4096];
                let size = stream.read(&mut buffer).unwrap();
                stream.write_all(response.as_bytes()).unwrap();
                String::from_utf8_lossy(&buffer[..size]).to_lowercase()
            })
            .collect()
    });
    (address, thread)
}

async fn name_of(client: &Client, id: &str) -> Result<Option<String>, Error> {
    let pet = client.get_pet().id(id).api_version("2030").send().await?;
    Ok(pet.into_inner().name)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (address, requests) = server(&[
        ("200 OK", r#"{"name": "Rex"}"#),
        ("404 Not Found\r\nx-id: 7", r#"{"detail": "no such pet"}"#),
        ("200 OK", r#"{"name": 1}"#),
        ("204 No Content", ""),
        ("204 No Content", ""),
        ("200 OK", "PNG"),
    ]);
    let builder = Client::builder().base_url(&address).key("secret");
    let client = builder.clone().token("secret-token").build()?;
    assert!(!format!("{client:?}").contains("secret"));

    assert_eq!(name_of(&client, "a/../b").await?.as_deref(), Some("Rex"));
    let error = name_of(&client, "b").await.unwrap_err();
    assert_eq!(error.status().unwrap(), 404);
    assert_eq!(error.headers().unwrap()["x-id"], "7");
    assert_eq!(error.operation().unwrap().id, "getPet");
    assert_eq!(error.to_string(), r#"GET /pets/{id}: status 404 Not Found: {"detail": "no such pet"}"#);
    let error = name_of(&client, "c").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(
        error.to_string(),
        r#"GET /pets/{id}: status 200 OK, cannot be read: name: invalid type: integer `1`, expected a string: {"name": 1}"#
    );
    for id in ["..", ".", ""] {
        let error = name_of(&client, id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument);
    }
    let pet = types::PetInput::builder().name("Rex");
    client.add_pet().body(pet.clone()).send().await?;
    let client = builder.user("Aladdin", "open sesame").query("q&").build()?;
    client.add_pet().body(pet).send().await?;
    let photo = client.get_photo().id(1).send().await?;
    assert_eq!(photo.status(), 200);

    for request in requests.join().unwrap() {
        let kept = |line: &&str| ["x-key", "authorization", "api-version"].iter().any(|name| line.starts_with(name));
        let mut lines = request.lines();
        println!("{}", lines.next().unwrap());
        lines.filter(kept).for_each(|line| println!("  {line}"));
    }
    Ok(())
}
"##;

const SENT: &str = "\
get /v1/pets/a%2f..%2fb http/1.1
  api-version: 2030
  x-key: secret
get /v1/pets/b http/1.1
  api-version: 2030
  x-key: secret
get /v1/pets/c http/1.1
  api-version: 2030
  x-key: secret
post /v1/pets http/1.1
  authorization: bearer secret-token
post /v1/pets?k=q%26 http/1.1
  authorization: basic qwxhzgrpbjpvcgvuihnlc2ftzq==
get /v1/photos/1 http/1.1
";

#[test]
fn generated_crate_sends_keys_and_reads_errors() {
    let folder = crates::temporary().join("standalone");
    let document = folder.join("api.yaml");
    put(&document, DOCUMENT);
    let out = folder.join("pet-shop");
    let ran = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["codegen", "--document"])
        .arg(&document)
        .arg("--out")
        .arg(&out)
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    put(&out.join("examples/wire.rs"), PROGRAM);
    // The example of the README compiles, too.
    crates::cargo(&out, &["build", "--examples", "--no-default-features"], &[]);
    let program = crates::target().join("debug/examples/wire");
    let ran = Command::new(program).output().unwrap();
    let printed = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{printed}");
    assert_eq!(String::from_utf8_lossy(&ran.stdout), SENT);
}
