//! Paths as pages have them: text. One that is not Unicode is written as a `file:` URL, which can say any byte.

use std::path::{Path, PathBuf};

const SCHEME: &str = "file://";

/// A path as text.
pub(crate) fn write(path: &Path) -> String {
    match path.to_str() {
        Some(text) => text.to_owned(),
        None => format!("{SCHEME}{}", escaped(path)),
    }
}

/// The path that a text says, of a page or of a clipboard.
pub(crate) fn read(text: &str) -> PathBuf {
    match text.strip_prefix(SCHEME) {
        // A host may stand there, and is this one.
        Some(rest) => unescaped(rest.find('/').map_or(rest, |start| &rest[start..])),
        None => PathBuf::from(text),
    }
}

#[cfg(unix)]
fn escaped(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt as _;
    let mut text = String::new();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => text.push((*byte).into()),
            other => text.push_str(&format!("%{other:02X}")),
        }
    }
    text
}

#[cfg(unix)]
fn unescaped(text: &str) -> PathBuf {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt as _;
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match rest {
            [b'%', high, low, ..] => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match escaped {
            Some((high, low)) => {
                bytes.push(high * 16 + low);
                rest = &rest[3..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    OsString::from_vec(bytes).into()
}

#[cfg(unix)]
fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(not(unix))]
fn escaped(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn unescaped(text: &str) -> PathBuf {
    PathBuf::from(text)
}

#[cfg(all(test, unix))]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    #[test]
    fn a_path_is_read_as_it_was_written() {
        for bytes in [&b"/music/N\xc3\xa4chte 100%25.wav"[..], b"/music/na\xefve \xff%41.wav", b"", b"relative"] {
            let path = Path::new(OsStr::from_bytes(bytes));
            assert_eq!(read(&write(path)), path);
        }
    }

    #[test]
    fn what_a_file_manager_says_is_understood() {
        for (said, path) in [
            ("file:///music/N%C3%A4chte", "/music/Nächte"),
            ("file://desk/music/a%20b", "/music/a b"),
            ("file:///music/50%", "/music/50%"),
            ("/music/100%25.wav", "/music/100%25.wav"),
        ] {
            assert_eq!(read(said), Path::new(path));
        }
    }
}
