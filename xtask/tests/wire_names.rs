//! Parameters whose names are those of generated code: the crate compiles with
//! every one of them, and a call sends each under the name that the document
//! gives, seen on the wire by a server on the loopback.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "common/crates.rs"]
mod crates;

use std::{
    collections::BTreeSet,
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    process::Command,
    thread,
};

use serde_json::{Value, json};

/// Names of variables and methods of the generated code, keywords, and two
/// that are written otherwise in Rust.
const NAMES: [&str; 20] = [
    "client",
    "request",
    "response",
    "result",
    "header_map",
    "url",
    "query",
    "value",
    "inner",
    "type",
    "self",
    "body",
    "info",
    "new",
    "send",
    "match",
    "Client",
    "x-odd",
    "a.b",
    "_url",
];
const IN_PATH: [&str; 4] = ["client", "url", "a.b", "match"];

const PROGRAM: &str = "
use NAME::Client;

fn main() {
    let client = Client::new(std::env::args().nth(1).unwrap()).unwrap();
    let call = client.all_names().body(\"text\")CALLS;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(call.send()).unwrap();
}

/// The same operation by the other interface compiles, too.
mod positional {
    #![allow(dead_code, unused_imports, mismatched_lifetime_syntaxes)]
    include!(\"positional.rs\");
}
";

fn document() -> Value {
    let parameter = |name: &str, place: &str| {
        let value = json!({"type": "string"});
        json!({"name": name, "in": place, "required": place == "path", "schema": value})
    };
    let mut parameters: Vec<Value> = NAMES.iter().map(|n| parameter(n, "query")).collect();
    parameters.extend(NAMES.iter().map(|name| parameter(name, "header")));
    parameters.extend(IN_PATH.iter().map(|name| parameter(name, "path")));
    let path = IN_PATH.map(|name| format!("/{{{name}}}")).concat();
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Clashing names", "version": "1"},
        "paths": {path: {"post": {
            "operationId": "allNames",
            "parameters": parameters,
            "requestBody": {"content": {"application/json": {"schema": {"type": "string"}}}},
            "responses": {"204": {"description": "done"}},
        }}},
    })
}

/// The line and the header lines of the one request that comes.
fn head_of_request(server: &TcpListener) -> Vec<String> {
    let (mut stream, _) = server.accept().unwrap();
    let mut read = Vec::new();
    while !read.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut some = [0; 4096];
        let bytes = stream.read(&mut some).unwrap();
        assert_ne!(bytes, 0, "the connection ended");
        read.extend(&some[..bytes]);
    }
    stream
        .write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
        .unwrap();
    let text = String::from_utf8(read).unwrap();
    text.split("\r\n").map(str::to_owned).collect()
}

#[test]
fn every_parameter_is_sent_under_the_name_of_the_document() {
    let folder = crates::temporary().join("wire-names");
    let program = folder.join("program");
    crates::put(&folder.join("api.json"), &document().to_string());
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["codegen", "--document", "api.json", "--out", "generated"])
        .current_dir(&folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && said.contains(": 0 losses"),
        "{said}"
    );

    let lowered: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("generated/lowered.json")).unwrap())
            .unwrap();
    let (path, item) = lowered["paths"].as_object().unwrap().iter().next().unwrap();
    let parameters = item["post"]["parameters"].as_array().unwrap();
    assert_eq!(parameters.len(), 2 * NAMES.len() + IN_PATH.len(), "{path}");
    let calls: Vec<String> = parameters
        .iter()
        .map(|p| {
            let text = |key: &str| p[key].as_str().unwrap();
            let wire = p["x-wire-name"].as_str().unwrap_or(text("name"));
            let rust = text("name").replace(['-', '.'], "_").to_lowercase();
            format!(".{rust}(\"{}-{wire}\")", text("in"))
        })
        .collect();
    let spec = serde_json::from_value(lowered.clone()).unwrap();
    let mut settings = progenitor::GenerationSettings::default();
    settings.with_interface(progenitor::InterfaceStyle::Positional);
    let tokens = progenitor::Generator::new(&settings).generate_tokens(&spec);
    crates::put(
        &program.join("src/positional.rs"),
        &tokens.unwrap().to_string(),
    );
    let main = PROGRAM
        .replace("NAME", "clashing_names")
        .replace("CALLS", &calls.concat());
    crates::put(&program.join("src/main.rs"), &main);
    let manifest = fs::read_to_string(folder.join("generated/Cargo.toml")).unwrap();
    let dependencies = manifest.split_once("[dependencies]\n").unwrap().1;
    let dependencies = dependencies.split_once("\n\n").unwrap().0;
    crates::put(
        &program.join("Cargo.toml"),
        &format!(
            "[package]\nname = \"wire-names\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\nclashing-names = {{ path = \"../generated\" }}\ntokio = {{ version = \"1\", features = [\"rt\"] }}\n{dependencies}\n"
        ),
    );
    crates::cargo(&program, &["build"], &[]);

    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", server.local_addr().unwrap());
    let request = thread::spawn(move || head_of_request(&server));
    let status = Command::new(crates::target().join("debug/wire-names"))
        .arg(address)
        .status()
        .unwrap();
    assert!(status.success());
    let request = request.join().unwrap();

    let target = request[0].split(' ').nth(1).unwrap();
    let (path, query) = target.split_once('?').unwrap();
    let wanted = IN_PATH.map(|name| format!("/path-{name}")).concat();
    assert_eq!(path, wanted);
    let sent: BTreeSet<_> = query.split('&').map(str::to_owned).collect();
    let wanted = NAMES.iter().map(|name| format!("{name}=query-{name}"));
    assert_eq!(sent, wanted.collect());
    for name in NAMES {
        // Names of headers have no case.
        let line = format!("{}: header-{name}", name.to_lowercase());
        assert!(request.contains(&line), "{line}: {request:#?}");
    }
}
