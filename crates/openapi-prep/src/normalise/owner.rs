//! What an inline schema may be called: after what holds it, as short as is
//! free.
//!
//! A part of a part is called after the last two of its holders, `VideoInput`
//! and `character`, and after all of them only where that name is taken. In
//! the ledger the first to come keeps its name.

use super::names::type_name;
use heck::ToSnakeCase;

/// The longest title taken for a name, in words.
const TITLE_WORDS: usize = 4;

/// Words that say of what form a thing is, and not what it is.
const EMPTY_WORDS: &str = "Object Response Request Body Schema Type Value Item Items Data \
    Result Results Payload Model Attributes Properties Content";

/// What holds a schema: the name for it that no other has, and the last of
/// the words it is made of.
#[derive(Debug, Clone)]
pub(super) struct Owner {
    whole: String,
    short: String,
    /// What is shorter still, if there is anything.
    last: String,
}

impl Owner {
    /// A schema with a name of its own.
    pub(super) fn named(name: &str) -> Self {
        let [whole, short, last] = [(); 3].map(|()| name.to_owned());
        Self { whole, short, last }
    }

    /// A parameter, a body or a response of an operation.
    pub(super) fn of_operation(id: &str, word: &str) -> Self {
        let mut owner = Self::named(&join(id, word));
        if matches!(word, "response" | "request") {
            owner.last = type_name(id);
        }
        owner
    }

    /// The same place, now that its schema has a name.
    pub(super) fn called(mut self, name: &str) -> Self {
        name.clone_into(&mut self.whole);
        self
    }

    /// A part of it.
    pub(super) fn part(&self, word: &str) -> Self {
        let short = join(&self.last, word);
        Self {
            whole: join(&self.whole, word),
            last: if is_telling(word) {
                type_name(word)
            } else {
                short.clone()
            },
            short,
        }
    }

    /// One of the things it is a list or a map of.
    pub(super) fn item(&self, word: &str) -> Self {
        let one = |name: &str| type_name(&format!("{}{word}", singular(name)));
        Self {
            whole: one(&self.whole),
            short: one(&self.short),
            last: one(&self.last),
        }
    }

    /// The names for it, the best first.
    pub(super) fn candidates(&self) -> Vec<String> {
        vec![self.short.clone(), self.whole.clone()]
    }
}

/// The schema's own title, where it says more than its place does.
pub(super) fn title(title: &str, owner: &Owner) -> Option<String> {
    let title = title.trim();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.');
    let is_short = title.split_whitespace().count() <= TITLE_WORDS && title.len() <= 48;
    let name = type_name(title);
    // What is a word of the place's name already tells nothing new.
    let says_more = name.len() > 3 && is_telling(title) && !owner.last.contains(&name);
    (is_short && says_more && title.chars().all(is_plain)).then_some(name)
}

/// Whether a word, numbers apart, is enough for a name.
fn is_telling(word: &str) -> bool {
    let name = type_name(word);
    word.chars().any(|c| c.is_ascii_alphabetic())
        && !EMPTY_WORDS.split(' ').any(|empty| empty == name)
}

/// Both in one name, with the words that end one and begin the other once.
fn join(owner: &str, word: &str) -> String {
    let ours = words(owner);
    let theirs = words(word);
    let most = ours.len().min(theirs.len().saturating_sub(1));
    let shared = (1..=most).rev().find(|n| ours.ends_with(&theirs[..*n]));
    let all = [&ours[..], &theirs[shared.unwrap_or(0)..]].concat();
    type_name(&all.join(" "))
}

/// The words of a name.
fn words(text: &str) -> Vec<String> {
    let text = text.replace(|c: char| !c.is_ascii_alphanumeric(), " ");
    let text = text.to_snake_case();
    let words = text.split('_').filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// Ends of plurals, each with that of the singular; words that are no plural have
/// none. The first that fits counts, and of other words only the `s` goes.
const PLURALS: &str = "aliases:alias biases:bias canvases:canvas gases:gas movies:movie \
    cookies:cookie caches:cache analyses:analysis bonuses:bonus indices:index vertices:vertex \
    children:child people:person alias: bias: canvas: gas: news: series: species: \
    ss: us: is: ies:y sses:ss xes:x ches:ch shes:sh oes:o tuses:tus ruses:rus puses:pus";

/// The name of one of the things a name in the plural is for.
fn singular(name: &str) -> String {
    let mut words = words(name);
    let last = words.pop().unwrap_or_default();
    let ends = PLURALS.split(' ').filter_map(|ends| ends.split_once(':'));
    let mut fitting = ends.filter_map(|(plural, one)| Some((last.strip_suffix(plural)?, one)));
    let one = match fitting.next() {
        Some((_, "")) => None,
        Some((stem, one)) => Some(format!("{stem}{one}")),
        None => last.strip_suffix('s').map(str::to_owned),
    };
    let one = one.filter(|one| !one.is_empty());
    words.push(one.unwrap_or_else(|| format!("{last} item")));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_short_as_is_free() {
        let request = Owner::of_operation("create-avatar-video", "request");
        assert_eq!(request.candidates()[0], "CreateAvatarVideoRequest");
        let inputs = request.clone().called("CreateAvatarVideoRequest");
        let input = inputs.part("video_inputs").item("");
        assert_eq!(
            input.candidates(),
            [
                "CreateAvatarVideoInput",
                "CreateAvatarVideoRequestVideoInput"
            ]
        );
        let input = input.clone().called("CreateAvatarVideoInput");
        assert_eq!(
            input.part("character").candidates(),
            ["VideoInputCharacter", "CreateAvatarVideoInputCharacter"]
        );
        let answer = Owner::of_operation("get-thing", "response").called("GetThingResponse");
        assert_eq!(answer.part("data").candidates()[0], "GetThingData");
        assert_eq!(
            Owner::named("User").part("2").candidates()[0],
            "User2",
            "variants without a word are counted"
        );
    }

    #[test]
    fn plurals_have_a_singular() {
        for (name, one) in [
            ("statuses", "status"),
            ("Addresses", "Address"),
            ("Categories", "Category"),
            ("boxes", "box"),
            ("batches", "batch"),
            ("VideoInputs", "VideoInput"),
            ("cases", "case"),
            ("Responses", "Response"),
            ("uses", "use"),
            ("causes", "cause"),
            ("movies", "movie"),
            ("series", "series item"),
            ("media", "media item"),
            ("MetaData", "MetaData item"),
            ("status", "status item"),
            ("access", "access item"),
            ("analysis", "analysis item"),
            ("s", "s item"),
        ] {
            assert_eq!(type_name(&singular(name)), type_name(one));
        }
    }

    #[test]
    fn titles_that_say_something_are_names() {
        let owner = Owner::named("Event").part("created_at");
        for (said, name) in [
            ("Created At", None),
            ("Response", None),
            ("A long sentence about something else", None),
            ("Failed charge", Some("FailedCharge")),
            ("Größe", None),
        ] {
            assert_eq!(title(said, &owner).as_deref(), name, "{said}");
        }
    }
}
