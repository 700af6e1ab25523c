//! What an operation is sent and what it answers: the one body and the one
//! success that generated code has types for.

use serde_json::Value;

use super::{
    change::{Class, Kind},
    compare::{Compare, Null},
    operations::Operation,
    side::{Place, Side},
    spot::Spot,
    words::code,
};

/// What may be held as any value.
static ANYTHING: Value = Value::Bool(true);

/// A body and the language it is in.
#[derive(Debug)]
struct Content<'d> {
    /// `JSON`, `bytes`, `nothing`, or a media type.
    language: String,
    schema: Option<Place<'d>>,
    media: Option<Place<'d>>,
}

fn is_json(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}

/// The media type of a body that types are made for: JSON before others.
fn chosen<'d>(carrier: &Place<'d>) -> Option<(&'d str, Place<'d>)> {
    let content = carrier.get("content")?.entries();
    let known = [
        "application/x-www-form-urlencoded",
        "text/plain",
        "application/octet-stream",
    ];
    let rank = |media: &str| {
        if is_json(media) {
            0
        } else {
            1 + known
                .iter()
                .position(|k| *k == media)
                .unwrap_or(known.len())
        }
    };
    content.into_iter().min_by_key(|(media, _)| rank(media))
}

fn sent<'d>(carrier: &Place<'d>) -> Option<Content<'d>> {
    let (name, media) = chosen(carrier)?;
    let schema = media.get("schema").unwrap_or_else(|| Place {
        value: &ANYTHING,
        at: media.at.clone(),
    });
    let plain = matches!(name, "text/plain" | "application/octet-stream");
    Some(Content {
        language: if is_json(name) { "JSON" } else { name }.to_owned(),
        schema: (!plain).then_some(schema),
        media: Some(media),
    })
}

fn answered<'d>(response: &Place<'d>) -> Content<'d> {
    match chosen(response) {
        None => Content {
            language: "nothing".into(),
            schema: None,
            media: None,
        },
        Some((name, media)) if is_json(name) => Content {
            language: "JSON".into(),
            schema: Some(media.get("schema").unwrap_or_else(|| Place {
                value: &ANYTHING,
                at: media.at.clone(),
            })),
            media: Some(media),
        },
        Some((_, media)) => Content {
            language: "bytes".into(),
            schema: None,
            media: Some(media),
        },
    }
}

/// The body of an operation, references followed.
pub(super) fn request<'d>(side: &Side<'d>, operation: &Operation<'d>) -> Option<Place<'d>> {
    let body = side.follow(operation.place.get("requestBody")?);
    body.get("content").is_some().then_some(body)
}

/// The answers of an operation by status, references followed.
fn responses<'d>(side: &Side<'d>, operation: &Operation<'d>) -> Vec<(&'d str, Place<'d>)> {
    let answers = operation.place.get("responses").map(|r| r.entries());
    let answers = answers.unwrap_or_default().into_iter();
    answers
        .map(|(status, answer)| (status, side.follow(answer)))
        .collect()
}

/// The answer that has a type: the success that holds JSON, the one with the
/// lowest status of several, `default` where there is no other.
pub(super) fn success<'d>(
    side: &Side<'d>,
    operation: &Operation<'d>,
) -> Option<(&'d str, Place<'d>)> {
    let json = |answer: &Place<'d>| chosen(answer).is_some_and(|(media, _)| is_json(media));
    let answers = responses(side, operation).into_iter();
    answers
        .filter(|(status, _)| status.starts_with('2') || *status == "default")
        .min_by_key(|(status, answer)| (*status == "default", !json(answer), *status))
}

impl<'d> Compare<'d> {
    /// Compares what an operation is sent.
    pub(super) fn body(&mut self, was: &Operation<'d>, is: &Operation<'d>, spot: &Spot) {
        let old = request(&self.old, was);
        let new = request(&self.new, is);
        let (old, new) = match (old, new) {
            (None, None) => return,
            (Some(old), Some(new)) => (old, new),
            (None, Some(new)) => {
                let text = format!("{} takes a body now.", spot.told());
                let sides = (None, Some(&new));
                let kind = Kind::BodyAdded;
                return self.row(
                    Class::Breaking,
                    kind,
                    &spot.body(),
                    sides,
                    (None, None),
                    text,
                );
            }
            (Some(old), None) => {
                let text = format!("{} takes no body any more.", spot.told());
                let sides = (Some(&old), None);
                let kind = Kind::BodyRemoved;
                return self.row(
                    Class::Breaking,
                    kind,
                    &spot.body(),
                    sides,
                    (None, None),
                    text,
                );
            }
        };
        let spot = spot.body();
        self.about_objects(&old, &new, &["content", "required"], &spot);
        if old.flag("required") != new.flag("required") {
            let text = format!(
                "{} is {} now: the method takes an `Option` of it where it is not.",
                spot.told(),
                if new.flag("required") {
                    "required"
                } else {
                    "not required"
                }
            );
            let values = (
                Some(old.flag("required").into()),
                Some(new.flag("required").into()),
            );
            let sides = (Some(&old), Some(&new));
            let kind = Kind::BodyRequiredChanged;
            self.row(Class::Breaking, kind, &spot, sides, values, text);
        }
        if let (Some(was), Some(is)) = (sent(&old), sent(&new)) {
            self.content(was, is, (&old, &new), &spot);
        }
    }

    /// Compares what an operation answers.
    pub(super) fn answers(&mut self, was: &Operation<'d>, is: &Operation<'d>, spot: &Spot) {
        let old = success(&self.old, was);
        let new = success(&self.new, is);
        let kept = (old.as_ref().map(|o| o.0), new.as_ref().map(|n| n.0));
        self.other_answers(was, is, kept, spot);
        // An operation that tells of no success answers any JSON.
        let any = |operation: &Operation<'d>| Place {
            value: &ANYTHING,
            at: operation.place.at.clone(),
        };
        let content = |answer: Option<&Place<'d>>, operation: &Operation<'d>| match answer {
            Some(answer) => answered(answer),
            None => Content {
                language: "JSON".into(),
                schema: Some(any(operation)),
                media: None,
            },
        };
        let contents = (
            content(old.as_ref().map(|o| &o.1), was),
            content(new.as_ref().map(|n| &n.1), is),
        );
        let spot = spot.answer();
        if let (Some((old_status, old)), Some((new_status, new))) = (&old, &new) {
            self.about_objects(old, new, &["content"], &spot);
            if old_status != new_status {
                let text = format!(
                    "{} comes with the status {} now, not {}.",
                    spot.told(),
                    code(new_status),
                    code(old_status)
                );
                let values = (Some((*old_status).into()), Some((*new_status).into()));
                let sides = (Some(old), Some(new));
                let kind = Kind::AnswerStatusChanged;
                self.row(Class::Cosmetic, kind, &spot, sides, values, text);
            }
        }
        let places = (
            old.map_or_else(|| was.place.clone(), |o| o.1),
            new.map_or_else(|| is.place.clone(), |n| n.1),
        );
        self.content(contents.0, contents.1, (&places.0, &places.1), &spot);
    }

    fn content(
        &mut self,
        was: Content<'d>,
        is: Content<'d>,
        shown: (&Place<'d>, &Place<'d>),
        spot: &Spot,
    ) {
        if was.language != is.language {
            let text = format!(
                "{} is {} now, not {}.",
                spot.told(),
                code(&is.language),
                code(&was.language)
            );
            let values = (Some(was.language.into()), Some(is.language.into()));
            let sides = (
                Some(was.media.as_ref().unwrap_or(shown.0)),
                Some(is.media.as_ref().unwrap_or(shown.1)),
            );
            let kind = Kind::MediaTypeChanged;
            return self.row(Class::Breaking, kind, spot, sides, values, text);
        }
        if let (Some(was), Some(is)) = (&was.media, &is.media) {
            self.about_objects(was, is, &["schema"], spot);
        }
        if let (Some(was), Some(is)) = (was.schema, is.schema) {
            self.slot(was, is, Null::Matters, spot);
        }
    }

    /// Answers that generated code has no types for.
    fn other_answers(
        &mut self,
        was: &Operation<'d>,
        is: &Operation<'d>,
        kept: (Option<&str>, Option<&str>),
        spot: &Spot,
    ) {
        let (old, new) = (responses(&self.old, was), responses(&self.new, is));
        let find = |answers: &[(&'d str, Place<'d>)], wanted: &str| {
            let found = answers.iter().find(|(status, _)| *status == wanted);
            found.map(|(_, place)| place.clone())
        };
        let mut done: Vec<&str> = Vec::new();
        for (status, _) in old.iter().chain(&new) {
            let typed = kept.0 == Some(*status) || kept.1 == Some(*status);
            if typed || done.contains(status) {
                continue;
            }
            done.push(status);
            let (old, new) = (find(&old, status), find(&new, status));
            let words = match (&old, &new) {
                (Some(old), Some(new)) if old.value == new.value => continue,
                (Some(_), Some(_)) => "is described differently",
                (None, _) => "is described now",
                (_, None) => "is not described any more",
            };
            let text = format!(
                "{}: the answer {} {words}; it has no type of its own.",
                spot.told(),
                code(status)
            );
            let sides = (old.as_ref(), new.as_ref());
            let spot = spot.answer();
            let kind = Kind::OtherAnswersChanged;
            self.row(Class::Cosmetic, kind, &spot, sides, (None, None), text);
        }
    }
}
