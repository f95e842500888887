//! Paths in stored formats: a string, or the bytes in hexadecimal where a name is not Unicode.
//!
//! For `#[serde(with = "stored_path")]`. A file's name on Unix is bytes; a draft must find the file again whatever
//! they are.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Stored {
    Text(String),
    Bytes { hex: String },
}

/// Writes a path.
///
/// # Errors
///
/// Those of the format, and a name that is not Unicode on a system whose names are not bytes.
pub fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    let stored = match path.to_str() {
        Some(text) => Stored::Text(text.to_owned()),
        None => Stored::Bytes { hex: bytes_in_hex(path).map_err(serde::ser::Error::custom)? },
    };
    stored.serialize(serializer)
}

/// Reads a path.
///
/// # Errors
///
/// Those of the format, and text that is not hexadecimal.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
    match Stored::deserialize(deserializer)? {
        Stored::Text(text) => Ok(PathBuf::from(text)),
        Stored::Bytes { hex } => path_of_hex(&hex).map_err(serde::de::Error::custom),
    }
}

#[cfg(unix)]
fn bytes_in_hex(path: &Path) -> Result<String, &'static str> {
    use std::fmt::Write as _;
    use std::os::unix::ffi::OsStrExt as _;
    Ok(path.as_os_str().as_bytes().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}

#[cfg(not(unix))]
fn bytes_in_hex(_: &Path) -> Result<String, &'static str> {
    Err("the path is not Unicode")
}

#[cfg(unix)]
fn path_of_hex(hex: &str) -> Result<PathBuf, &'static str> {
    use std::os::unix::ffi::OsStringExt as _;
    // Checked first, since a sign before a digit would be read as a number.
    let is_hex = hex.len().is_multiple_of(2) && hex.bytes().all(|digit| digit.is_ascii_hexdigit());
    let mut pairs = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok());
    let bytes: Option<Vec<u8>> = if is_hex { pairs.by_ref().collect() } else { None };
    bytes
        .map(|bytes| std::ffi::OsString::from_vec(bytes).into())
        .ok_or("a path's bytes are pairs of hexadecimal digits")
}

#[cfg(not(unix))]
fn path_of_hex(_: &str) -> Result<PathBuf, &'static str> {
    Err("a path of bytes belongs to another system")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Holder {
        #[serde(with = "super")]
        path: PathBuf,
    }

    #[test]
    fn a_path_is_stored_as_text() {
        let holder = Holder { path: PathBuf::from("/music/Été/01.wav") };
        let json = serde_json::to_string(&holder).unwrap();
        assert_eq!(json, r#"{"path":"/music/Été/01.wav"}"#);
        assert_eq!(serde_json::from_str::<Holder>(&json).unwrap(), holder);
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_not_utf8_is_stored_as_its_bytes() {
        use std::os::unix::ffi::OsStringExt as _;
        let holder = Holder { path: std::ffi::OsString::from_vec(b"/m/Caf\xe9.wav".to_vec()).into() };
        let json = serde_json::to_string(&holder).unwrap();
        assert_eq!(json, r#"{"path":{"hex":"2f6d2f436166e92e776176"}}"#);
        assert_eq!(serde_json::from_str::<Holder>(&json).unwrap(), holder);
        for bad in [r#"{"path":{"hex":"2"}}"#, r#"{"path":{"hex":"zz"}}"#, r#"{"path":{"hex":"+1"}}"#] {
            assert!(serde_json::from_str::<Holder>(bad).is_err(), "{bad}");
        }
    }
}
