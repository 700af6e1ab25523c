//! Fields of requests and responses of a generated crate: what is sent where a
//! field is absent, null or empty, and which numbers are read.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "common/crates.rs"]
mod crates;

use std::{fs, process::Command};

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Field presence, version: '1'}
paths:
  /sensors/{sensor_id}:
    parameters:
      - {name: sensor_id, in: path, required: true, schema: {type: integer, format: uint64}}
    get:
      operationId: getSensor
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Sensor'}}}}
        '404': {description: no, content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}
    put:
      operationId: putSensor
      parameters:
        - {name: Idempotency-Key, in: header, schema: {type: string}}
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Sensor'}}}}
      responses: {'204': {description: done}}
    patch:
      operationId: patchSensor
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/SensorPatch'}}}}
      responses: {'204': {description: done}}
components:
  schemas:
    Problem: {type: object, properties: {title: {type: string}}}
    Sensor:
      type: object
      required: [id, serial, secret, name]
      properties:
        id: {type: string, readOnly: true}
        serial: {type: integer, format: uint64, minimum: 0}
        small: {type: integer, format: int32, minimum: 0}
        counts: {type: array, items: {type: integer}}
        level: {type: integer, enum: [1, 2], x-enum-varnames: [low, high]}
        price: {type: number}
        secret: {type: string, writeOnly: true}
        name: {type: string}
        seen: {anyOf: [{type: string, format: date-time}, {type: 'null'}], description: When it was seen.}
        kind: {oneOf: [{type: 'null'}, {$ref: '#/components/schemas/Kind', description: What it measures.}], default: wind}
        place:
          properties: {height: {type: integer}}
          anyOf: [{$ref: '#/components/schemas/Place'}, {type: 'null'}]
        more: {type: object, properties: {n: {type: integer}, all: {type: array, items: {type: integer}}}, additionalProperties: true}
    Kind: {type: string, enum: [wind, rain]}
    Place: {type: object, properties: {floor: {type: integer}}}
    SensorPatch:
      type: object
      required: [reason]
      properties:
        labels: {type: array, items: {type: string}}
        meta: {type: object, additionalProperties: {type: string}}
        nick: {type: [string, 'null']}
        levels: {type: [array, 'null'], items: {type: integer}}
        kind: {anyOf: [{$ref: '#/components/schemas/Kind'}, {type: 'null'}]}
        reason: {type: [string, 'null']}
";

const PROGRAM: &str = r#"
use field_presence::types::{Kind, Sensor, SensorInput, SensorLevel, SensorPatch};
use serde_json::{Value, json};

fn sent(patch: SensorPatch) -> Value {
    let value = serde_json::to_value(&patch).unwrap();
    let again: SensorPatch = serde_json::from_value(value.clone()).unwrap();
    assert_eq!(again, patch);
    value
}

fn main() {
    let patch = || SensorPatch::builder().reason(None);
    let of = |builder: field_presence::types::builder::SensorPatch| sent(builder.try_into().unwrap());
    assert_eq!(of(patch()), json!({"reason": null}));
    assert_eq!(
        of(patch().labels(vec![]).meta(std::collections::HashMap::new()).nick(None).levels(None).kind(None)),
        json!({"reason": null, "labels": [], "meta": {}, "nick": null, "levels": null, "kind": null})
    );
    assert_eq!(
        of(patch().labels(vec!["a".to_owned()]).nick("x".to_owned()).levels(vec![]).kind(Kind::Rain)),
        json!({"reason": null, "labels": ["a"], "nick": "x", "levels": [], "kind": "rain"})
    );

    let read = |value: Value| serde_json::from_str::<Sensor>(&value.to_string());
    let sensor = read(json!({"id": "a", "serial": u64::MAX, "small": 3_000_000_000_u64, "counts": [1.0, 2, null],
        "level": 7, "price": 1, "new": {}})).unwrap();
    assert_eq!((sensor.serial, sensor.small), (Some(u64::MAX), Some(3_000_000_000)));
    assert_eq!(sensor.counts.unwrap(), [1, 2]);
    assert_eq!(sensor.level.unwrap(), SensorLevel(7));
    assert_eq!(read(json!({"id": "a", "level": 2.0})).unwrap().level, Some(SensorLevel::HIGH));
    assert_eq!(read(json!({"id": "a", "small": -1})).unwrap().small, Some(-1));

    let text = json!({"id": "a", "place": {"height": 2.0, "floor": 1.0}, "more": {"n": 1.0, "all": [1, null], "b": true}});
    let sensor = read(text).unwrap();
    let place = sensor.place.unwrap();
    assert_eq!((place.height, place.floor), (Some(2), Some(1)));
    let more = sensor.more.unwrap();
    assert_eq!((more.n, more.all.unwrap(), more.extra.len()), (Some(1), vec![1], 1));

    let input = SensorInput::builder()
        .serial(1_u64)
        .secret("s".to_owned())
        .name("n".to_owned())
        .level(SensorLevel::LOW);
    let input: SensorInput = input.try_into().unwrap();
    assert_eq!(
        serde_json::to_value(&input).unwrap(),
        json!({"serial": 1, "level": 1, "secret": "s", "name": "n"})
    );

    let client = field_presence::Client::new("http://127.0.0.1:9").unwrap();
    let _ = client.put_sensor().idempotency_key("key".to_owned());
    // Errors are typed.
    async fn title(client: &field_presence::Client) -> Option<String> {
        let error = client.get_sensor().sensor_id(1_u64).send().await.err()?;
        error.declared()?.title.clone()
    }
    let _ = title(&client);
}
"#;

#[test]
fn absent_null_and_empty_differ_and_numbers_are_read() {
    let folder = crates::temporary().join("field-presence");
    let program = folder.join("program");
    crates::put(&folder.join("api.yaml"), DOCUMENT);
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["codegen", "--document", "api.yaml", "--out", "generated"])
        .current_dir(&folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && said.contains(": 0 losses"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let read = |name: &str| fs::read_to_string(folder.join("generated").join(name)).unwrap();
    let types = read("src/types.rs");
    let sensor = &types[types.find("pub struct Sensor {").unwrap()..];
    let sensor = &sensor[..sensor.find("\n}").unwrap()];
    assert!(!sensor.contains("secret"), "{sensor}");
    for text in [
        "When it was seen. Format: `date-time`.",
        "Default: `wind`. What it measures.",
    ] {
        assert!(sensor.contains(text), "{text}: {sensor}");
    }

    crates::put(&program.join("src/main.rs"), PROGRAM);
    let manifest = read("Cargo.toml");
    let dependencies = manifest.split_once("[dependencies]\n").unwrap().1;
    let dependencies = dependencies.split_once("\n\n").unwrap().0;
    crates::put(
        &program.join("Cargo.toml"),
        &format!(
            "[package]\nname = \"field-presence-program\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\nfield-presence = {{ path = \"../generated\" }}\n{dependencies}\n"
        ),
    );
    crates::cargo(&program, &["run"], &[]);
}
