// By hand until it is generated.
pub(crate) struct Row {
    pub(crate) words: &'static [&'static str],
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) call: &'static [&'static str],
    pub(crate) arguments: usize,
    pub(crate) required: &'static [&'static str],
    pub(crate) bad: &'static [&'static [&'static str]],
    pub(crate) body: bool,
    pub(crate) destructive: bool,
    pub(crate) deprecated: bool,
    pub(crate) schemas: (bool, bool),
    pub(crate) paginated: bool,
    pub(crate) job: bool,
}

pub(crate) static ROWS: &[Row] = &[
    Row { words: &["video", "list"], method: "GET", path: "/v3/videos", call: &[], arguments: 0, required: &[],
        bad: &[&["--limit", "0"], &["--limit", "101"]], body: false, destructive: false, deprecated: false,
        schemas: (false, true), paginated: true, job: false },
    Row { words: &["video", "get"], method: "GET", path: "/v3/videos/{video_id}", call: &["vid_1"], arguments: 1, required: &[],
        bad: &[], body: false, destructive: false, deprecated: false, schemas: (false, true), paginated: false, job: true },
    Row { words: &["video", "create"], method: "POST", path: "/v3/videos",
        call: &["-d", r#"{"type":"avatar","avatar_id":"a","voice_id":"v","script":"Hi"}"#], arguments: 0, required: &["type"],
        bad: &[], body: true, destructive: false, deprecated: false, schemas: (true, true), paginated: false, job: true },
];
