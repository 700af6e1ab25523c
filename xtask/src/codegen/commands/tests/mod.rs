//! Tests of the commands: of documents made up for them, and of the vendor's.

mod vendor;
