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
  /photos:
    post:
      operationId: uploadPhoto
      security: []
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [photo]
              properties:
                photo: {type: string, format: binary}
                others: {type: array, items: {type: string, format: binary}}
                tags: {type: array, items: {type: string}}
                size: {type: string, enum: [small, large]}
                pet: {$ref: "#/components/schemas/Pet"}
            encoding: {photo: {contentType: image/png}}
      responses: {"204": {description: It worked.}}
  /pets/{id}/name:
    patch:
      operationId: renamePet
      security: []
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      requestBody: {content: {application/merge-patch+json: {schema: {$ref: "#/components/schemas/Pet"}}}}
      responses: {2XX: {description: It worked., content: {application/vnd.pet+json: {schema: {$ref: "#/components/schemas/Pet"}}}}}
    put:
      operationId: paintPet
      security: []
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      requestBody: {content: {image/png: {}}}
      responses: {"200": {description: Lines., content: {application/x-ndjson: {schema: {$ref: "#/components/schemas/Pet"}}}}}
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

use pet_shop::{Client, Error, ErrorKind, multipart::Part, types};

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
                let mut request = String::new();
                loop {
                    let mut buffer = [0; 4096];
                    let size = stream.read(&mut buffer).unwrap();
                    request += &String::from_utf8_lossy(&buffer[..size]).to_lowercase();
                    let Some((head, body)) = request.split_once("\r\n\r\n") else { continue };
                    let mut lines = head.lines();
                    let length = lines.find_map(|line| line.strip_prefix("content-length: "));
                    if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                        break;
                    }
                }
                stream.write_all(response.as_bytes()).unwrap();
                request
            })
            .collect()
    });
    (address, thread)
}

async fn name_of(client: &Client, id: &str) -> Result<Option<String>, Error<types::Problem>> {
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
        ("204 No Content", ""),
        ("201 Created", r#"{"name": "Rex"}"#),
        ("200 OK", r#"{"name": "Rex"}"#),
        ("200 OK", r#"{"name": "Rex"}"#),
        ("200 OK", "{}\n"),
        ("200 OK", "{}\n"),
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

    let path = std::env::temp_dir().join("pet-shop-photo.png");
    std::fs::write(&path, "of a pet")?;
    let form = types::UploadPhotoForm::new(path)
        .others([Part::bytes("other").file_name("other.gif").content_type("image/gif")])
        .tags(["a", "b"])
        .size(types::UploadPhotoFormSize::Small)
        .pet(types::PetInput::try_from(types::PetInput::builder().name("Rex"))?);
    client.upload_photo().body(form).send().await?;
    let rename = || client.rename_pet().id(1);
    rename().body(types::PetInput::builder().name("Tom")).send().await?;
    rename().without_body().send().await?;
    rename().send().await?;
    client.paint_pet().id(1).body("PNG").send().await?;
    client.paint_pet().id(1).without_body().send().await?;

    for request in requests.join().unwrap() {
        let kept = |line: &&str| ["x-key", "authorization", "api-version", "content-type", "content-length"].iter().any(|name| line.starts_with(name));
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let boundary = head.split_once("boundary=").map_or("(none)", |(_, rest)| rest.lines().next().unwrap());
        let mut lines = head.lines();
        println!("{}", lines.next().unwrap());
        lines.filter(kept).for_each(|line| println!("  {}", line.replace(boundary, "B")));
        body.replace(boundary, "B").lines().for_each(|line| println!("{}", format!("  | {line}").trim_end()));
    }
    Ok(())
}
"##;

const SENT: &str = r#"get /v1/pets/a%2f..%2fb http/1.1
  api-version: 2030
  x-key: secret
get /v1/pets/b http/1.1
  api-version: 2030
  x-key: secret
get /v1/pets/c http/1.1
  api-version: 2030
  x-key: secret
post /v1/pets http/1.1
  content-type: application/json
  authorization: bearer secret-token
  content-length: 14
  | {"name":"rex"}
post /v1/pets?k=q%26 http/1.1
  content-type: application/json
  authorization: basic qwxhzgrpbjpvcgvuihnlc2ftzq==
  content-length: 14
  | {"name":"rex"}
get /v1/photos/1 http/1.1
post /v1/photos http/1.1
  content-type: multipart/form-data; boundary=B
  content-length: 754
  | --B
  | content-disposition: form-data; name="photo"; filename="pet-shop-photo.png"
  | content-type: image/png
  |
  | of a pet
  | --B
  | content-disposition: form-data; name="others"; filename="other.gif"
  | content-type: image/gif
  |
  | other
  | --B
  | content-disposition: form-data; name="tags"
  |
  | a
  | --B
  | content-disposition: form-data; name="tags"
  |
  | b
  | --B
  | content-disposition: form-data; name="size"
  |
  | small
  | --B
  | content-disposition: form-data; name="pet"
  | content-type: application/json
  |
  | {"name":"rex"}
  | --B--
patch /v1/pets/1/name http/1.1
  content-type: application/merge-patch+json
  content-length: 14
  | {"name":"tom"}
patch /v1/pets/1/name http/1.1
patch /v1/pets/1/name http/1.1
put /v1/pets/1/name http/1.1
  content-type: image/png
  content-length: 3
  | png
put /v1/pets/1/name http/1.1
"#;

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
