//! Collections of objects, and the jobs that some of these objects are.

/// A collection of objects, by the path that lists them or creates one.
#[derive(Clone, Copy, Debug)]
pub struct Collection {
    /// The path: `/v3/videos`.
    pub path: &'static str,
    /// The property of an object that has its id.
    pub id: &'static str,
    /// An object, in JSON: the example of the operation that reads one, else of
    /// the one that changes one, else the first item of the list.
    pub object: &'static str,
    /// The items of the example of the list, in JSON: what exists at first.
    pub seeds: &'static str,
    /// How an object comes to its end, if it is a job.
    pub job: Option<&'static Job>,
}

/// Objects that an operation creates in one collection.
#[derive(Clone, Copy, Debug)]
pub struct Creation {
    /// Where the object is created.
    pub collection: &'static Collection,
    /// JSON pointer to the id in the example of the response; to an array of ids,
    /// each of which is an object, in which case `many` is set.
    pub id: &'static str,
    /// Whether the pointer leads to an array of ids.
    pub many: bool,
    /// The path parameter that names an object which is there already and whose
    /// job is started; empty if the object is new.
    pub existing: &'static str,
    /// The fields of the request body that the object has, each with its name
    /// there.
    pub fields: &'static [(&'static str, &'static str)],
}

/// The objects that a list has.
#[derive(Clone, Copy, Debug)]
pub struct Listing {
    /// The collection.
    pub collection: &'static Collection,
    /// JSON pointer to the items.
    pub items: &'static str,
    /// The query parameters that items are selected by, each the name of a
    /// property.
    pub filters: &'static [&'static str],
    /// The properties of an item, where it has not all that an object has.
    pub fields: Option<&'static [&'static str]>,
}

/// How the states of many objects are read.
#[derive(Clone, Copy, Debug)]
pub struct Statuses {
    /// The collection.
    pub collection: &'static Collection,
    /// The query parameter with the ids.
    pub query: &'static str,
    /// The property of an entry that has the id.
    pub id: &'static str,
    /// The property of an entry that has the state.
    pub state: &'static str,
    /// The states of an id that is unknown.
    pub missing: &'static [&'static str],
}

/// How an object comes to its end, from `x-job` of the operation that reads it.
/// All paths are dotted and lead into the object.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// Noun for messages: `video`.
    pub name: &'static str,
    /// The state; empty where only fields have it.
    pub state: &'static str,
    /// The documented words of the state that are not final, in order.
    pub steps: &'static [&'static str],
    /// The words of success.
    pub success: &'static [&'static str],
    /// The words of failure.
    pub failure: &'static [&'static str],
    /// The words of cancellation.
    pub cancelled: &'static [&'static str],
    /// The words of deletion.
    pub deleted: &'static [&'static str],
    /// The words that ask the caller for something.
    pub attention: &'static [&'static str],
    /// The fields that are set once the object is ready.
    pub set: &'static [&'static str],
    /// The numbers that are above 0 once the object is ready.
    pub positive: &'static [&'static str],
    /// The fields that are not null once the job is successful.
    pub result: &'static [&'static str],
    /// The links to files of the result.
    pub files: &'static [&'static str],
    /// The vendor's code of a failure; empty if there is none.
    pub code: &'static str,
    /// The vendor's message of a failure; empty if there is none.
    pub message: &'static str,
    /// The progress in percent; empty if there is none.
    pub progress: &'static str,
    /// The job that follows: its collection, and the field with its id.
    pub then: Option<(&'static Collection, &'static str)>,
}

impl Job {
    /// Whether an object says that its job goes on no further. One without a state
    /// does, as an example of it has all that a job leads to.
    pub(crate) fn is_final(&self, object: &serde_json::Value) -> bool {
        let mut at = object;
        for name in self.state.split('.').filter(|name| !name.is_empty()) {
            at = &at[name];
        }
        at.as_str().is_none_or(|word| !self.steps.contains(&word))
    }
}
