//! Overlays: the cases of the specification's compliance sets, in words of our
//! own, and the corners between them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    clippy::needless_pass_by_value,
    reason = "documents are written in place"
)]

use openapi_prep::{Document, Effect, Error, Format, Report};
use serde_json::{Value, json};

fn parse(text: &str) -> Result<Value, Error> {
    Document::parse(text).map(Document::into_value)
}

/// The stage over plain values.
fn apply(document: Value, overlay: &Value, must_match: bool) -> Result<(Value, Report), Error> {
    let read = |value| Document::from_value(value).unwrap();
    openapi_prep::overlay(read(document), &read(overlay.clone()), must_match)
        .map(|(document, report)| (document.into_value(), report))
}

macro_rules! sets {
    ($($name:literal),* $(,)?) => {
        [$((
            $name,
            include_str!(concat!("fixtures/overlay/", $name, "/document.yaml")),
            include_str!(concat!("fixtures/overlay/", $name, "/overlay.yaml")),
            include_str!(concat!("fixtures/overlay/", $name, "/output.yaml")),
        )),*]
    };
}

/// Name, document, overlay, and what comes out.
const SETS: [(&str, &str, &str, &str); 8] = sets![
    "add-a-licence",
    "change-descriptions",
    "remove-an-example",
    "remove-a-property",
    "remove-a-server",
    "remove-matching-responses",
    "replace-servers",
    "update-the-root",
];

fn overlay(version: &str, actions: Value) -> Value {
    json!({"overlay": version, "info": {"title": "t", "version": "1"}, "actions": actions})
}

fn applied(version: &str, document: &Value, actions: Value) -> (Value, Report) {
    apply(document.clone(), &overlay(version, actions), true).unwrap()
}

fn refusal(version: &str, document: &Value, actions: Value) -> String {
    apply(document.clone(), &overlay(version, actions), true)
        .unwrap_err()
        .to_string()
}

#[test]
fn the_compliance_sets_are_met_with_the_order_of_keys() {
    for (name, document, overlay, wanted) in SETS {
        let (document, overlay) = (parse(document).unwrap(), parse(overlay).unwrap());
        for must_match in [false, true] {
            let (out, report) = apply(document.clone(), &overlay, must_match).unwrap();
            let wanted = parse(wanted).unwrap();
            assert_eq!(out.to_string(), wanted.to_string(), "{name}");
            let actions = overlay["actions"].as_array().unwrap().len();
            let noted = report
                .entries()
                .iter()
                .filter(|entry| entry.rule != "extends")
                .count();
            assert_eq!(noted, actions, "{name}");
        }
    }
}

#[test]
fn an_overlay_in_json_does_what_one_in_yaml_does() {
    for (name, document, overlay, wanted) in SETS {
        let json =
            |text| parse(&Document::parse(text).unwrap().print(Format::Json).unwrap()).unwrap();
        let (out, _) = apply(json(document), &json(overlay), true).unwrap();
        assert_eq!(out, parse(wanted).unwrap(), "{name}");
    }
}

#[test]
fn several_items_are_removed_by_what_they_were() {
    let document = json!({"a": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], "z": 1, "m": 2, "b": 3});
    for target in [
        "$.a[0,2,11]",
        "$.a[11,0,2]",
        "$.a[?@ == 0 || @ == 2 || @ == 11]",
        "$.a[0,0,2,2,11]",
    ] {
        let (out, report) = applied(
            "1.1.0",
            &document,
            json!([{"target": target, "remove": true}]),
        );
        assert_eq!(out["a"], json!([1, 3, 4, 5, 6, 7, 8, 9, 10]), "{target}");
        assert_eq!(report.entries().len(), 1);
    }
    let (out, _) = applied(
        "1.0.0",
        &document,
        json!([{"target": "$['z', 'm']", "remove": true}]),
    );
    assert_eq!(
        out.to_string(),
        r#"{"a":[0,1,2,3,4,5,6,7,8,9,10,11],"b":3}"#
    );
}

#[test]
fn removing_what_is_inside_what_is_removed_is_no_harm() {
    let document = json!({"k": [{"k": [1, 2]}, {"k": {"k": null}}], "10": {"k": 1}, "9": 0, "a/b~c": {"k": 1}});
    let (out, report) = applied(
        "1.1.0",
        &document,
        json!([{"target": "$..k", "remove": true}]),
    );
    assert_eq!(out, json!({"10": {}, "9": 0, "a/b~c": {}}));
    assert!(
        report.entries()[0].note.contains("/a~1b~0c/k"),
        "{:?}",
        report.entries()
    );
    let (out, _) = applied(
        "1.1.0",
        &document,
        json!([{"target": "$.*", "remove": true}]),
    );
    assert_eq!(out, json!({}));
}

#[test]
fn an_action_sees_what_the_one_before_it_left() {
    let (out, _) = applied(
        "1.0.0",
        &json!({"tags": [{"name": "a"}, {"name": "b"}]}),
        json!([
            {"target": "$.tags[0]", "remove": true},
            {"target": "$.tags[0]", "update": {"first": true}},
            {"target": "$", "update": {"new": {"deep": []}}},
            {"target": "$.new.deep", "update": {"x": 1}},
        ]),
    );
    assert_eq!(
        out,
        json!({"tags": [{"name": "b", "first": true}], "new": {"deep": [{"x": 1}]}})
    );
}

#[test]
fn a_list_takes_an_entry_or_from_1_1_on_a_list_of_them() {
    let document = json!({"a": [1]});
    let action = |update: Value| json!([{"target": "$.a", "update": update}]);
    for (version, update, wanted) in [
        ("1.0.0", json!({"x": 1}), json!([1, {"x": 1}])),
        ("1.0.3", json!("x"), json!([1, "x"])),
        ("1.0.0", json!([2, 3]), json!([1, [2, 3]])),
        ("1.1.0", json!([2, 3]), json!([1, 2, 3])),
        ("1.1.0", json!(null), json!([1, null])),
        ("1.1.7", json!({"x": 1}), json!([1, {"x": 1}])),
    ] {
        assert_eq!(
            applied(version, &document, action(update)).0["a"],
            wanted,
            "{version}"
        );
    }
}

#[test]
fn primitives_are_replaced_from_1_1_on() {
    let document = json!({"a": [{"d": "x"}, {"d": 1}, {"d": null}]});
    let action = json!([{"target": "$.a.*.d", "update": "new", "description": " All. "}]);
    let (out, report) = applied("1.1.0", &document, action.clone());
    assert_eq!(
        out,
        json!({"a": [{"d": "new"}, {"d": "new"}, {"d": "new"}]})
    );
    assert_eq!(
        report.entries()[0].note,
        "All. (3 places: /a/0/d, /a/1/d, /a/2/d)"
    );
    let (out, _) = applied(
        "1.1.0",
        &document,
        json!([{"target": "$.a[0].d", "update": null}]),
    );
    assert_eq!(out["a"][0], json!({"d": null}));

    let error = refusal("1.0.0", &document, action);
    assert!(
        error.contains("actions[0] (target $.a.*.d) selects a primitive value, at /a/0/d"),
        "{error}"
    );
}

#[test]
fn from_1_1_on_like_is_merged_with_like_only() {
    let document = json!({"s": {"type": "string", "deep": {"x": [1]}}, "l": []});
    let widen = json!([{"target": "$.s", "update": {"type": ["string", "null"]}}]);
    let (out, _) = applied("1.0.0", &document, widen.clone());
    assert_eq!(out["s"]["type"], json!(["string", "null"]));
    let error = refusal("1.1.0", &document, widen);
    assert!(
        error.contains("would put a list in place of a primitive value, at /s/type"),
        "{error}"
    );
    let error = refusal(
        "1.1.0",
        &document,
        json!([{"target": "$", "update": {"s": {"deep": {"x": {}}}}}]),
    );
    assert!(error.contains("at /s/deep/x"), "{error}");
    let error = refusal("1.1.0", &document, json!([{"target": "$.*", "update": {}}]));
    assert!(
        error.contains("selects an object at /s and a list at /l"),
        "{error}"
    );
    for version in ["1.0.0", "1.1.0"] {
        let error = refusal(
            version,
            &document,
            json!([{"target": "$.s", "update": "x"}]),
        );
        assert!(
            error.contains("updates it with a primitive value"),
            "{error}"
        );
    }
}

#[test]
fn copies_come_from_one_node() {
    let document = json!({"from": {"x": [1], "y": 2}, "to": {"x": [0]}, "n": 3});
    let copy = |source: &str, target: &str| json!([{"target": target, "copy": source}]);
    let (out, report) = applied("1.1.0", &document, copy("$.from", "$.to"));
    assert_eq!(out["to"], json!({"x": [0, 1], "y": 2}));
    assert_eq!(
        (
            report.entries()[0].rule,
            report.entries()[0].pointer.as_str()
        ),
        ("copy", "/to")
    );
    let (out, _) = applied("1.1.0", &document, copy("$.from.y", "$.n"));
    assert_eq!(out["n"], 2);
    for (source, wanted) in [
        ("$.nowhere", "selects 0 nodes"),
        ("$.*", "selects 3 nodes"),
        ("from", "has a `copy` that is no JSONPath"),
    ] {
        let error = refusal("1.1.0", &document, copy(source, "$.to"));
        assert!(error.contains(wanted), "{error}");
    }
    let error = refusal("1.0.0", &document, copy("$.from", "$.to"));
    assert!(error.contains("which Overlay 1.0 does not have"), "{error}");
}

#[test]
fn copies_of_copies_do_not_grow_without_end() {
    let twice = |n| json!({"target": "$", "copy": "$", "description": format!("{n}")});
    let actions: Vec<Value> = (0..60).map(twice).collect();
    let long = json!({"a": ["x".repeat(1 << 20)]});
    let error = refusal("1.1.0", &long, json!(actions));
    assert!(
        error.contains("would make the document larger than 64 MiB (select fewer"),
        "{error}"
    );
}

#[test]
fn removing_wins_over_what_stands_beside_it() {
    for version in ["1.0.0", "1.1.0"] {
        let both = json!([{"target": "$.a", "remove": true, "update": {"x": 1}}]);
        let (out, report) = applied(version, &json!({"a": {}, "b": 1}), both);
        assert_eq!(out, json!({"b": 1}));
        assert_eq!(report.entries()[0].effect, Effect::Lost);
        let neither = json!([{"target": "$.a", "remove": false, "update": {"x": 1}}]);
        assert_eq!(
            applied(version, &json!({"a": {}}), neither).0,
            json!({"a": {"x": 1}})
        );
    }
}

#[test]
fn an_action_that_selects_nothing_is_noted_or_refused() {
    let actions = json!([
        {"target": "$.a", "update": {"x": 1}},
        {"target": "$.b", "remove": true, "description": "No b."},
    ]);
    let document = json!({"a": {}});
    let (out, report) = apply(document.clone(), &overlay("1.0.0", actions.clone()), false).unwrap();
    assert_eq!(out, json!({"a": {"x": 1}}));
    assert_eq!(
        report.entries()[1].note,
        "actions[1] selects nothing: No b."
    );
    let error = refusal("1.0.0", &document, actions);
    assert!(
        error.starts_with("at /actions/1: actions[1] (target $.b) selects nothing ("),
        "{error}"
    );
}

#[test]
fn what_an_overlay_extends_is_noted() {
    let mut with = overlay("1.0.0", json!([{"target": "$", "update": {"a": 1}}]));
    with["extends"] = json!("./other.yaml");
    let (_, report) = apply(json!({}), &with, true).unwrap();
    let rules: Vec<_> = report.entries().iter().map(|entry| entry.rule).collect();
    assert_eq!(rules, ["extends", "update"]);
    assert!(report.entries()[0].note.contains("./other.yaml"));
}

#[test]
fn no_target_makes_the_reader_panic() {
    let mut random = fastrand::Rng::with_seed(11);
    let document = parse(SETS[3].1).unwrap();
    let targets: Vec<String> = SETS
        .iter()
        .flat_map(|set| {
            let overlay = parse(set.2).unwrap();
            let actions = overlay["actions"].as_array().unwrap().clone();
            actions
                .into_iter()
                .map(|action| action["target"].as_str().unwrap().to_owned())
        })
        .collect();
    for _ in 0..1500 {
        let mut target: Vec<char> = random.choice(&targets).unwrap().chars().collect();
        for _ in 0..random.usize(1..4) {
            let place = random.usize(0..target.len());
            let piece = *random
                .choice(&[
                    '$', '.', '[', ']', '*', '?', '@', '(', ')', '\'', '0', '-', ':', ',', '"', 'é',
                ])
                .unwrap();
            if random.bool() {
                target[place] = piece;
            } else {
                target.insert(place, piece);
            }
        }
        let target: String = target.into_iter().collect();
        let action = match random.u8(0..3) {
            0 => json!({"target": target, "remove": true}),
            1 => json!({"target": target, "update": {"x": [1]}}),
            _ => json!({"target": target, "copy": "$.info"}),
        };
        let _ = apply(document.clone(), &overlay("1.1.0", json!([action])), false);
    }
    for piece in ["(", "[", "[?(", "!", "..", "[?@[", "!(", "a||"] {
        for times in [5, 9, 3_000] {
            let target = format!("$[?{}", piece.repeat(times));
            let action = json!([{"target": target, "remove": true}]);
            assert!(apply(document.clone(), &overlay("1.1.0", action), false).is_err());
        }
    }
}

#[test]
fn an_overlay_of_extensions_changes_nothing() {
    let mut overlay = overlay("1.0.0", json!([]));
    overlay["x-accepted-losses"] = json!([]);
    let document = json!({"a": 1});
    let (same, report) = apply(document.clone(), &overlay, true).unwrap();
    assert_eq!(same, document);
    assert!(report.entries().is_empty());
}
