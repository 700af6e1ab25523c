//! The commands of the program `heygen`, from the documents.

#[allow(dead_code)]
mod schemas;
