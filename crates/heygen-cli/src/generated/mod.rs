//! The table of commands, to be generated.

use heygen::raw::generated::v3::{files::VideoFile, jobs, operations};
use heygen::raw::heygen_core::{FileLink, ObjectFile};

use crate::table::*;

const GET: Command = Command {
    operation: &operations::GET_VIDEO_V3,
    about: "Get a video",
    long_about: "",
    arguments: &[Argument { name: "video-id", wire: "video_id", help: "The id" }],
    flags: &[],
    body: Body::None,
    container: Some(Container { path: &["data"], kind: Kind::Object }),
    job: Some(JobOf { job: &jobs::VIDEO, id: JobId::Argument }),
    columns: &[],
    examples: &["heygen video get vid_8f1c"],
    scopes: &["videos:read"],
    request_schema: None,
    response_schema: Some("{}"),
};

const CREATE: Command = Command {
    operation: &operations::CREATE_VIDEO,
    about: "Create a video",
    arguments: &[],
    body: Body::Json(JsonBody {
        required: true,
        needs: &["type"],
        tag: Some(Tag { name: "type", kinds: &[("avatar", &["avatar_id"]), ("image", &["image"])] }),
        data_only: &["type", "avatar_id", "script"],
    }),
    job: Some(JobOf { job: &jobs::VIDEO, id: JobId::Response("video_id") }),
    request_schema: Some("{}"),
    ..GET
};

const LIST: Command = Command {
    operation: &operations::LIST_VIDEOS_V3,
    about: "List videos",
    arguments: &[],
    flags: &[
        Flag {
            name: "limit", wire: "limit", source: Source::Query, ty: FlagType::Integer, required: false,
            default: Some("10"), sent_default: None, values: &[],
            bounds: Bounds { minimum: Some(1.0), maximum: Some(100.0), exclusive_minimum: None, exclusive_maximum: None },
            help: "Items in a page",
        },
        Flag {
            name: "token", wire: "token", source: Source::Query, ty: FlagType::String, required: false,
            default: None, sent_default: None, values: &[],
            bounds: Bounds { minimum: None, maximum: None, exclusive_minimum: None, exclusive_maximum: None },
            help: "Cursor of the next page",
        },
    ],
    job: None,
    container: Some(Container { path: &["data"], kind: Kind::Array }),
    columns: &[Column { title: "ID", field: "id" }, Column { title: "Title", field: "title" }],
    ..GET
};

pub(crate) static TABLE: Table = Table {
    groups: &[Group { words: &["video"], about: "Videos", hidden: false }],
    leaves: &[
        Leaf { words: &["video", "create"], command: &CREATE, hidden: false, renamed_to: None },
        Leaf { words: &["video", "get"], command: &GET, hidden: false, renamed_to: None },
        Leaf { words: &["video", "list"], command: &LIST, hidden: false, renamed_to: None },
    ],
    downloads: &[DownloadCommand {
        words: &["video", "download"],
        about: "Store a file of a video",
        argument: "video-id",
        owner: VideoFile::OWNER,
        files: &[
            FileChoice { name: "video", link: FileLink::new("video", "video_url").class("video"), extension: "mp4", several: false },
        ],
    }],
};
