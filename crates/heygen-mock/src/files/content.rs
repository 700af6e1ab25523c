//! The bytes of a file: made from a seed wherever they are read, so that a file
//! may be of any length.

use bytes::Bytes;

/// Size of one chunk of a response body.
const CHUNK: usize = 64 * 1024;

/// What a file with some extension looks like.
pub(crate) struct FileType {
    extension: &'static str,
    pub(crate) media_type: &'static str,
    /// The first bytes, by which programs tell the type.
    start: &'static [u8],
    /// Whether the rest is text.
    text: bool,
    length: u64,
}

const fn binary(
    extension: &'static str,
    media_type: &'static str,
    start: &'static [u8],
    length: u64,
) -> FileType {
    FileType {
        extension,
        media_type,
        start,
        text: false,
        length,
    }
}

const fn text(extension: &'static str, media_type: &'static str, start: &'static [u8]) -> FileType {
    FileType {
        extension,
        media_type,
        start,
        text: true,
        length: 2_000,
    }
}

const MB: u64 = 1_000_000;

const MP4: &[u8] = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\0mdat";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const WAV: &[u8] = b"RIFF\xff\xff\xff\x7fWAVEfmt ";

/// The types that results have, and those that uploads may have.
static TYPES: &[FileType] = &[
    binary("mp4", "video/mp4", MP4, MB),
    binary("webm", "video/webm", b"\x1aE\xdf\xa3", MB),
    binary(
        "mov",
        "video/quicktime",
        b"\0\0\0\x14ftypqt  \0\0\0\0qt  ",
        MB,
    ),
    binary("gif", "image/gif", b"GIF89a", 100_000),
    binary("jpg", "image/jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF\0", 50_000),
    binary("png", "image/png", PNG, 50_000),
    binary(
        "webp",
        "image/webp",
        b"RIFF\xff\xff\xff\x7fWEBPVP8 ",
        50_000,
    ),
    binary("mp3", "audio/mpeg", b"ID3\x04\0\0", 200_000),
    binary("wav", "audio/wav", WAV, 200_000),
    binary("pdf", "application/pdf", b"%PDF-1.7\n", 50_000),
    binary("zip", "application/zip", b"PK\x03\x04", 100_000),
    text(
        "srt",
        "application/x-subrip",
        b"1\n00:00:00,000 --> 00:00:04,000\n",
    ),
    text("vtt", "text/vtt", b"WEBVTT\n\n00:00.000 --> 00:04.000\n"),
    text("json", "application/json", b"{}"),
];

static UNKNOWN: FileType = binary("", "application/octet-stream", b"", 100_000);

impl FileType {
    /// The type by a file's name.
    pub(crate) fn of_name(name: &str) -> &'static Self {
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let mut types = TYPES.iter();
        types
            .find(|known| known.extension.eq_ignore_ascii_case(extension))
            .unwrap_or(&UNKNOWN)
    }

    /// The type by a file's first bytes.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Option<&'static Self> {
        let starts = |known: &&Self| match known.extension {
            // The size of the first box differs.
            "mp4" => bytes.get(4..8) == Some(b"ftyp") && bytes.get(8..10) != Some(b"qt"),
            "mov" => bytes.get(4..10) == Some(b"ftypqt"),
            "wav" | "webp" => {
                bytes.starts_with(b"RIFF") && bytes.get(8..12) == known.start.get(8..12)
            }
            "jpg" => bytes.starts_with(&known.start[..3]),
            "mp3" => bytes.starts_with(b"ID3") || bytes.starts_with(b"\xff\xfb"),
            "srt" => bytes.starts_with(b"1\n00:") || bytes.starts_with(b"1\r\n00:"),
            "vtt" => bytes.starts_with(b"WEBVTT"),
            "pdf" => bytes.starts_with(b"%PDF-"),
            "png" => bytes.starts_with(&known.start[..8]),
            _ => !known.start.is_empty() && bytes.starts_with(known.start),
        };
        TYPES.iter().find(starts)
    }
}

/// The content of one version of a file.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    seed: u64,
    start: &'static [u8],
    text: bool,
    length: u64,
}

impl Content {
    /// The content of the file at this path; another version has other bytes,
    /// and a length of its own if it is given.
    pub(crate) fn new(path: &str, version: u64, length: Option<u64>) -> Self {
        let file_type = FileType::of_name(path);
        let seed = path
            .bytes()
            .fold(mix(version), |seed, byte| mix(seed ^ u64::from(byte)));
        // Only an empty object is valid JSON without an end of its own.
        let json = file_type.extension == "json";
        Self {
            seed,
            start: file_type.start,
            text: file_type.text,
            length: length.unwrap_or(if json { 2 } else { file_type.length }),
        }
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// A strong entity tag: equal content, equal tag.
    pub(crate) fn etag(&self) -> String {
        format!("\"{:016x}\"", mix(self.seed ^ mix(self.length)))
    }

    /// Reads the bytes from `from` up to and without `to`, in chunks.
    pub(crate) fn reader(&self, from: u64, to: u64) -> Reader {
        Reader {
            content: self.clone(),
            next: from,
            end: to.min(self.length),
        }
    }

    /// The bytes from `offset` on, as many as `into` takes.
    fn fill(&self, offset: u64, into: &mut [u8]) {
        let mut word = [0; 8];
        let mut current = u64::MAX;
        for (at, byte) in (offset..).zip(into) {
            if at / 8 != current {
                current = at / 8;
                word = mix(self.seed ^ current).to_le_bytes();
            }
            *byte = word[(at % 8) as usize];
            if self.text {
                *byte = if at % 64 == 63 {
                    b'\n'
                } else {
                    b'a' + *byte % 26
                };
            }
        }
    }
}

/// `SplitMix64`: every bit of the result depends on every bit of the number.
fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A part of a file that is read chunk by chunk.
#[derive(Debug)]
pub(crate) struct Reader {
    content: Content,
    next: u64,
    end: u64,
}

impl Reader {
    /// How many bytes are left.
    pub(crate) fn left(&self) -> u64 {
        self.end.saturating_sub(self.next)
    }

    /// Ends after this many bytes from here.
    pub(crate) fn truncate(&mut self, bytes: u64) {
        self.end = self.end.min(self.next.saturating_add(bytes));
    }

    /// The next bytes, at most `max`; `None` at the end.
    pub(crate) fn chunk(&mut self, max: usize) -> Option<Bytes> {
        let size = usize::try_from(self.left())
            .unwrap_or(usize::MAX)
            .min(CHUNK)
            .min(max.max(1));
        if size == 0 {
            return None;
        }
        let mut chunk = vec![0; size];
        self.content.fill(self.next, &mut chunk);
        let start = self.content.start;
        if let Ok(next) = usize::try_from(self.next)
            && let Some(rest) = start.get(next..)
        {
            let known = rest.len().min(size);
            chunk[..known].copy_from_slice(&rest[..known]);
        }
        self.next += size as u64;
        Some(chunk.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &Content, from: u64, to: u64, max: usize) -> Vec<u8> {
        let mut reader = content.reader(from, to);
        std::iter::from_fn(|| reader.chunk(max)).flatten().collect()
    }

    #[test]
    fn any_part_of_a_file_has_the_same_bytes() {
        for name in ["a.mp4", "a.srt", "a.unknown"] {
            let content = Content::new(name, 0, Some(200_003));
            let whole = read(&content, 0, u64::MAX, usize::MAX);
            assert_eq!(whole.len(), 200_003);
            for (from, to) in [(0, 7), (3, 50), (65_535, 65_537), (131_071, 200_003)] {
                let part = read(&content, from as u64, to as u64, 11);
                assert_eq!(part, whole[from..to], "{name} {from}");
            }
        }
    }

    #[test]
    fn type_is_known_by_the_first_bytes() {
        for known in TYPES.iter().filter(|known| !known.start.is_empty()) {
            let name = format!("file.{}", known.extension);
            let start = read(&Content::new(&name, 0, None), 0, 64, usize::MAX);
            let found = FileType::of_bytes(&start).unwrap();
            assert_eq!(found.extension, known.extension);
        }
        assert!(FileType::of_bytes(b"hello").is_none());
        assert!(FileType::of_bytes(b"").is_none());
    }

    #[test]
    fn text_is_readable_and_versions_differ() {
        let first = Content::new("v/a.srt", 0, Some(500));
        let text = String::from_utf8(read(&first, 0, 500, usize::MAX)).unwrap();
        assert!(text.starts_with("1\n00:00:00,000 --> "), "{text}");
        assert!(
            text.bytes()
                .all(|byte| byte == b'\n' || byte.is_ascii_graphic() || byte == b' ')
        );
        let second = Content::new("v/a.srt", 1, Some(500));
        assert_ne!(read(&second, 0, 500, 500), text.as_bytes());
        assert_ne!(first.etag(), second.etag());
        assert_ne!(first.etag(), Content::new("v/a.srt", 0, Some(501)).etag());
        assert_eq!(first.etag(), Content::new("v/a.srt", 0, Some(500)).etag());
    }

    #[test]
    fn file_of_a_terabyte_is_read_at_its_end() {
        let content = Content::new("big.mp4", 0, Some(1 << 40));
        assert_eq!(read(&content, (1 << 40) - 5, u64::MAX, 3).len(), 5);
    }
}
