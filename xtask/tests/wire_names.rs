//! Names that clash in Rust, with each other or with generated code, and
//! parameters with a style: the crate compiles with every one of them, a call sends
//! each parameter under the name and in the form that the document gives, seen on
//! the wire by a server on the loopback, and JSON has the document's names of
//! properties and values.

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

/// Names of variables and methods of the generated code, keywords, and some
/// that are written otherwise in Rust.
const NAMES: [&str; 34] = [
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
    "-url",
    "encode_path",
    "exec",
    "pre",
    "post",
    "stream",
    "clone",
    "into_inner",
    "re",
    "body_map",
    "async",
    "baseurl",
    "_client",
    "x",
];
const IN_PATH: [&str; 7] = ["client", "url", "a.b", "match", "new", "send", "header_map"];
const KEYWORDS: [&str; 4] = ["type", "self", "match", "async"];

/// Each value is in JSON as it is here.
const THING: &str = r#"{"+1":1,"-1":-1,"-name":"n","Guid":["a"],"createdAt":"c","created_at":"d","guid":"g","self":true,"sort":["name","-name","NAME","16:9",""]}"#;

const PROGRAM: &str = "
use NAME::{Client, types};

fn main() {
    let json = r#\"THING\"#;
    let thing: types::Thing = serde_json::from_str(json).unwrap();
    assert_eq!(thing.guid_2, [\"a\"]);
    assert_eq!((thing.plus1, thing.minus1, thing.self_), (Some(1), Some(-1), Some(true)));
    assert_eq!((&*thing.minus_name, &*thing.created_at), (\"n\", \"d\"));
    use types::ThingSortItem as Sort;
    let values = [Sort::Name, Sort::MinusName, Sort::NameUpper, Sort::Item16x9, Sort::Empty];
    assert_eq!(thing.sort, values);
    assert_eq!(Sort::MinusName.to_string().parse::<Sort>().unwrap(), Sort::MinusName);
    let value = serde_json::to_value(&thing).unwrap();
    assert_eq!(value, serde_json::from_str::<serde_json::Value>(json).unwrap());

    let client = Client::new(std::env::args().nth(1).unwrap()).unwrap();
    let call = client.all_names().body(\"text\")CALLS;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(call.send()).unwrap();

    let words = || vec![\"a\".to_owned(), \"b c\".to_owned()];
    let call = client
        .styles()
        .ids(vec![1, 2])
        .comma(vec![types::StylesCommaItem::A, types::StylesCommaItem::B])
        .pipe(words())
        .space(words())
        .filter(types::StylesFilter::try_from(types::StylesFilter::builder().age(3).name(\"x\".to_owned())).unwrap())
        .where_(types::StylesWhere::try_from(types::StylesWhere::builder().a(1)).unwrap())
        .deep_a(\"x\")
        .map(std::collections::HashMap::from([(\"key\".to_owned(), \"value\".to_owned())]))
        .one(words())
        .x_tags(words());
    runtime.block_on(call.send()).unwrap();
}

/// The same operation by the other interface compiles, too.
mod positional {
    #![allow(dead_code, unused_imports, mismatched_lifetime_syntaxes)]
    include!(\"positional.rs\");
}
";

/// Parameters of each form that is not a single value.
fn styles() -> Value {
    let texts = json!({"type": "array", "items": {"type": "string"}});
    let object = |properties: Value| json!({"type": "object", "properties": properties});
    json!([
        {"name": "ids", "in": "path", "required": true, "schema": {"type": "array", "items": {"type": "integer"}}},
        {"name": "comma", "in": "query", "explode": false,
         "schema": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}},
        {"name": "pipe", "in": "query", "style": "pipeDelimited", "schema": texts},
        {"name": "space", "in": "query", "style": "spaceDelimited", "schema": texts},
        {"name": "filter", "in": "query", "explode": false,
         "schema": object(json!({"age": {"type": "integer"}, "name": {"type": "string"}}))},
        {"name": "where", "in": "query",
         "content": {"application/json": {"schema": object(json!({"a": {"type": "integer"}}))}}},
        {"name": "deep", "in": "query", "style": "deepObject", "schema": object(json!({"a": {"type": "string"}}))},
        {"name": "map", "in": "query", "schema": {"type": "object", "additionalProperties": {"type": "string"}}},
        {"name": "one", "in": "query", "schema": {"anyOf": [{"type": "string"}, texts]}},
        {"name": "X-Tags", "in": "header", "schema": texts},
    ])
}

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
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"type": "string"}}}},
            "responses": {"204": {"description": "done"}},
        }}, "/styles/{ids}": {"get": {
            "operationId": "styles",
            "parameters": styles(),
            "responses": {"204": {"description": "done"}},
        }}, "/things": {"post": {
            "operationId": "addThing",
            "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
            "responses": {"204": {"description": "done"}},
        }}},
        "components": {"schemas": {"Thing": {
            "type": "object",
            "required": ["guid", "Guid", "-name", "created_at", "sort"],
            "properties": {
                "guid": {"type": "string"}, "Guid": {"type": "array", "items": {"type": "string"}},
                "name": {"type": "string"}, "-name": {"type": "string"},
                "created_at": {"type": "string"}, "createdAt": {"type": "string"},
                "+1": {"type": "integer"}, "-1": {"type": "integer"}, "self": {"type": "boolean"},
                "sort": {"type": "array", "items": {"type": "string", "enum": ["name", "-name", "NAME", "16:9", ""]}},
            },
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

/// The call of a parameter's setter, with a value that names it.
fn call(parameter: &Value) -> String {
    let text = |key: &str| parameter[key].as_str().unwrap();
    let wire = parameter["x-wire-name"].as_str().unwrap_or(text("name"));
    let mut rust = text("name")
        .trim_end_matches('-')
        .replace(['-', '.'], "_")
        .to_lowercase();
    if KEYWORDS.contains(&rust.as_str()) {
        rust.push('_');
    }
    format!(".{rust}(\"{}-{wire}\")", text("in"))
}

#[test]
fn parameters_are_sent_as_the_document_says() {
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
    let calls: Vec<String> = parameters.iter().map(call).collect();
    let spec = serde_json::from_value(lowered.clone()).unwrap();
    let mut settings = progenitor::GenerationSettings::default();
    settings
        .with_interface(progenitor::InterfaceStyle::Positional)
        .with_crate(
            "openapi-params",
            progenitor::CrateVers::Any,
            Some(&"clashing_names".into()),
        );
    let tokens = progenitor::Generator::new(&settings).generate_tokens(&spec);
    let prepared = openapi_prep::Document::from_value(lowered.clone()).unwrap();
    let code = openapi_prep::restore_wire_names(&tokens.unwrap().to_string(), &prepared);
    crates::put(&program.join("src/positional.rs"), &code.unwrap());
    let main = PROGRAM
        .replace("NAME", "clashing_names")
        .replace("THING", THING)
        .replace("CALLS", &calls.concat());
    crates::put(&program.join("src/main.rs"), &main);
    let manifest = fs::read_to_string(folder.join("generated/Cargo.toml")).unwrap();
    let dependencies = manifest.split_once("[dependencies]\n").unwrap().1;
    let dependencies = dependencies.split_once("\n\n").unwrap().0;
    let dependencies = dependencies.replace("\"fs\"]", "\"fs\", \"rt\"]");
    crates::put(
        &program.join("Cargo.toml"),
        &format!(
            "[package]\nname = \"wire-names\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\nclashing-names = {{ path = \"../generated\" }}\n{dependencies}\n"
        ),
    );
    crates::cargo(&program, &["build"], &[]);

    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", server.local_addr().unwrap());
    let requests = thread::spawn(move || [head_of_request(&server), head_of_request(&server)]);
    let status = Command::new(crates::target().join("debug/wire-names"))
        .arg(address)
        .status()
        .unwrap();
    assert!(status.success());
    let [request, styled] = requests.join().unwrap();

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

    styles_are_as_described(&styled);
}

fn styles_are_as_described(styled: &[String]) {
    let target = styled[0].split(' ').nth(1).unwrap();
    let (path, query) = target.split_once('?').unwrap();
    // An id with a comma must stay one id, so a comma is encoded in any path.
    assert_eq!(path, "/styles/1%2C2");
    let mut sent: Vec<_> = query.split('&').collect();
    sent.sort_unstable();
    let wanted = [
        "comma=a%2Cb",
        "deep%5Ba%5D=x",
        "filter=age%2C3%2Cname%2Cx",
        "key=value",
        "one=a",
        "one=b+c",
        "pipe=a%7Cb+c",
        "space=a+b+c",
        "where=%7B%22a%22%3A1%7D",
    ];
    assert_eq!(sent, wanted);
    assert!(styled.contains(&"x-tags: a,b c".to_owned()), "{styled:#?}");
}
