//! The content type of a file: by its first bytes, else by the extension of its
//! name.

use super::spec::MediaType;

/// Bytes that show the type.
pub(super) const MAGIC_BYTES: usize = 1024;

/// Bytes at the beginning of a file that show its type, and their offset.
const MAGIC: [(usize, &[u8], &str); 17] = [
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (4, b"ftypqt  ", "video/quicktime"),
    (4, b"ftyphei", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
];

/// The type that the first bytes show.
pub(super) fn of_bytes(first: &[u8]) -> Option<&'static str> {
    let has = |at: usize, bytes: &[u8]| first.get(at..).is_some_and(|rest| rest.starts_with(bytes));
    let known = MAGIC.iter().find(|(at, bytes, _)| {
        // What begins at 8 is in a RIFF file.
        has(*at, bytes) && (*at != 8 || has(0, b"RIFF"))
    });
    if let Some((_, _, name)) = known {
        return Some(name);
    }
    if has(0, b"\x1a\x45\xdf\xa3") {
        let is_webm = first.windows(4).any(|bytes| bytes == b"webm");
        return Some(if is_webm {
            "video/webm"
        } else {
            "video/x-matroska"
        });
    }
    // A frame of MPEG audio, layer III: the sync word, a version, a layer.
    if matches!(first, [0xff, second, ..] if second & 0xe6 == 0xe2 && second & 0x18 != 0x08) {
        return Some("audio/mpeg");
    }
    let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
    let text = text.trim_ascii_start().to_ascii_lowercase();
    let is_html = text.starts_with(b"<!doctype html") || text.starts_with(b"<html");
    is_html.then_some("text/html")
}

/// The type of a file by its name.
pub(super) fn of_name(name: &str, types: &'static [MediaType]) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    let has = |known: &&str| known.eq_ignore_ascii_case(extension);
    let mut types = types.iter();
    let found = types.find(|media_type| media_type.extensions.iter().any(has))?;
    Some(found.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_show_the_type() {
        for (first, expected) in [
            (&b"\x89PNG\r\n\x1a\n\0"[..], Some("image/png")),
            (b"\xff\xd8\xff\xe0", Some("image/jpeg")),
            (b"\0\0\0\x20ftypisom\0\0", Some("video/mp4")),
            (b"\0\0\0\x20ftypmp42\0\0", Some("video/mp4")),
            (b"\0\0\0\x14ftypqt  \0\0", Some("video/quicktime")),
            (b"\x1a\x45\xdf\xa3\x9fB\x82\x84webm", Some("video/webm")),
            (
                b"\x1a\x45\xdf\xa3B\x82\x88matroska",
                Some("video/x-matroska"),
            ),
            (b"ID3\x04\0", Some("audio/mpeg")),
            (b"\xff\xfb\x90\x64", Some("audio/mpeg")),
            (b"\xff\xf3\x48\xc4", Some("audio/mpeg")),
            (b"\xff\xf1\x50\x80", None),
            (b"\xff\xea\x50\x80", None),
            (b"RIFF\x24\0\0\0WAVEfmt ", Some("audio/wav")),
            (b"RIFX\x24\0\0\0WAVEfmt ", None),
            (b"RIFF\x24\0\0\0WEBPVP8 ", Some("image/webp")),
            (b"%PDF-1.7", Some("application/pdf")),
            (b"PK\x03\x04\x14\0", Some("application/zip")),
            (b"GIF89a", Some("image/gif")),
            (b"\n <!DOCTYPE html><html>", Some("text/html")),
            (b"1\n00:00:01,000 --> 00:00:02,000\nHello", None),
            (b"", None),
            (b"\xff", None),
        ] {
            assert_eq!(of_bytes(first), expected, "{first:?}");
        }
    }

    #[test]
    fn extension_shows_the_type() {
        const TYPES: &[MediaType] = &[MediaType {
            name: "image/jpeg",
            extensions: &["jpg", "jpeg"],
            form: true,
            max_bytes: None,
        }];
        for (name, expected) in [
            ("a.jpg", Some("image/jpeg")),
            ("a.b.JPEG", Some("image/jpeg")),
            ("a.png", None),
            ("jpg", None),
            ("a.", None),
            ("", None),
        ] {
            assert_eq!(of_name(name, TYPES), expected, "{name}");
        }
    }
}
