//! Files of 1 GB: `cargo bench -p heygen-tests --bench files`. Prints how long
//! this crate needs, beside a program written by hand with the HTTP library, and
//! the peak of the memory of each, which is a process of its own.

mod downloads;
mod uploads;

fn main() {
    if !uploads::is_child() {
        downloads::run();
    }
    uploads::run();
}
