//! Forms of several parts: the part that is a file.

use bytes::Bytes;
use memchr::memmem;

/// A file in a form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FilePart {
    /// Its name; empty if it has none.
    pub(crate) filename: String,
    pub(crate) data: Bytes,
}

/// The part with this name. `None` if there is none, or if the body is not a
/// form.
pub(crate) fn file_part(content_type: &str, body: &Bytes, name: &str) -> Option<FilePart> {
    let boundary = parameter(content_type, "boundary")?;
    let delimiter = format!("--{boundary}");
    let starts: Vec<usize> = memmem::find_iter(body, &delimiter).collect();
    starts.windows(2).find_map(|pair| {
        // After the delimiter a line ends, and before the next one, too.
        let from = pair[0] + delimiter.len() + 2;
        let part = body.get(from..pair[1].checked_sub(2)?)?;
        let blank = memmem::find(part, b"\r\n\r\n")?;
        let head = std::str::from_utf8(&part[..blank]).ok()?;
        let disposition = head.lines().find_map(|line| {
            let (header, value) = line.split_once(':')?;
            header
                .eq_ignore_ascii_case("content-disposition")
                .then_some(value)
        })?;
        (parameter(disposition, "name")? == name).then(|| FilePart {
            filename: parameter(disposition, "filename").unwrap_or_default(),
            data: body.slice(from + blank + 4..from + part.len()),
        })
    })
}

/// A parameter of a header, without quotes.
fn parameter(header: &str, name: &str) -> Option<String> {
    header.split(';').skip(1).find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"').to_owned();
        key.trim().eq_ignore_ascii_case(name).then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_is_found_among_the_parts() {
        let body = Bytes::from_static(
            b"--x\r\ncontent-disposition: form-data; name=\"note\"\r\n\r\nfile\r\n\
              --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a b.png\"\r\n\
              Content-Type: image/png\r\n\r\n\x89PNG\r\n\r\nrest\r\n--x--\r\n",
        );
        let part = file_part("multipart/form-data; boundary=x", &body, "file").unwrap();
        assert_eq!(part.filename, "a b.png");
        assert_eq!(&part.data[..], b"\x89PNG\r\n\r\nrest");
        let note = file_part("multipart/form-data; boundary=\"x\"", &body, "note").unwrap();
        assert_eq!(&note.data[..], b"file");
        for (content_type, name) in [
            ("multipart/form-data; boundary=y", "file"),
            ("application/json", "file"),
            ("multipart/form-data; boundary=x", "other"),
        ] {
            assert_eq!(file_part(content_type, &body, name), None);
        }
    }
}
