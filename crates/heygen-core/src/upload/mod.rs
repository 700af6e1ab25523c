//! Uploads of files: as a form, or directly to the address that the API issues
//! for a file.
//!
//! | to change | open |
//! |---|---|
//! | what a program gives: a file and its name | `source` |
//! | facts of the API: operations, limits, types, field names | `spec` |
//! | which content type a file has | `media_type` |
//! | what is checked and computed before anything is sent | `prepare`, `checksum` |
//! | the options and the future | `request` |
//! | the two ways of one file | `run`, `form`, `direct` |
//! | several files at once | `batch` |
//! | the wait after an upload | `wait` |
//! | how bytes are stored at an address | `put` |
//! | what a callback is called with | `progress` |

mod batch;
mod checksum;
mod direct;
mod form;
mod media_type;
mod prepare;
mod progress;
mod put;
mod request;
mod run;
mod source;
mod spec;
mod wait;

pub use self::batch::{UploadBatchRequest, UploadedFile};
pub use self::progress::UploadProgress;
pub(crate) use self::put::slowest_time;
pub use self::request::UploadRequest;
pub use self::source::Upload;
pub use self::spec::{BatchSpec, CompleteSpec, MediaType, SlotSpec, UploadSpec};
pub use self::wait::UploadAndWait;
