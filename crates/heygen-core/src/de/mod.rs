//! Deserialisation of generated models, where serde's derives are too lenient
//! or too strict: objects are read from JSON objects only, `null` array items
//! are skipped, enums keep unknown values, and unions keep unknown variants.

pub mod object;
pub mod open_enum;
pub mod position;
pub mod union;

pub use self::object::{
    As, Entries, Integer, Key, List, Plain, Read, explicit_null, is_unset, optional, required,
    unset,
};
pub use self::union::{Candidate, Shape, Untagged, tagged, untagged, variant};
