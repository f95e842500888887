//! Paths as pages have them: text. One that is not Unicode is written as a `file:` URL, which can say any byte.

use std::ffi::OsStr;
use std::fs;
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
        None => resolved(Path::new(text)),
    }
}

/// The file that a path means whose name was not Unicode and came with U+FFFD in the place of what was not: the web view
/// tells dropped files so, and a second start its arguments. The path itself where there is no such file.
pub(crate) fn resolved(path: &Path) -> PathBuf {
    let is_lossy = |part: &OsStr| part.to_str().is_some_and(|part| part.contains(char::REPLACEMENT_CHARACTER));
    if !path.iter().any(is_lossy) || path.exists() {
        return path.to_owned();
    }
    let mut found = PathBuf::new();
    for part in path {
        let exact = found.join(part);
        let Some(next) = (if is_lossy(part) && !exact.exists() { named(&found, part) } else { Some(exact) }) else {
            return path.to_owned();
        };
        found = next;
    }
    found
}

/// The entry of a folder whose name reads like this where what is not Unicode is replaced.
fn named(folder: &Path, name: &OsStr) -> Option<PathBuf> {
    let mut entries = fs::read_dir(folder).ok()?.flatten();
    entries.find(|entry| entry.file_name().to_string_lossy() == name.to_string_lossy()).map(|entry| entry.path())
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
    fn a_name_that_lost_what_is_not_unicode_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let album = folder.path().join(OsStr::from_bytes(b"Na\xefve"));
        let file = album.join(OsStr::from_bytes(b"01 \xff.wav"));
        fs::create_dir(&album).unwrap();
        fs::write(&file, "").unwrap();
        assert_eq!(read(&file.to_string_lossy()), file);
        let gone = folder.path().join("Na\u{fffd}ve").join("02 \u{fffd}.wav");
        assert_eq!(read(gone.to_str().unwrap()), gone);
        let named_so = folder.path().join("\u{fffd}.wav");
        fs::write(&named_so, "").unwrap();
        assert_eq!(read(named_so.to_str().unwrap()), named_so);
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
