//! The names of objects, and which are allowed.

use thiserror::Error;

/// Where [`crate::ObjectReader::set_aside`] moves objects: nothing is written here by name.
pub const SET_ASIDE: &str = "set-aside";

/// The folder in which a directory keeps what is not an object.
pub(crate) const HIDDEN: &str = ".store";

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyError {
    /// No characters at all.
    #[error("it is empty")]
    Empty,
    /// Over S3's 1,024 bytes.
    #[error("it is longer than 1,024 bytes")]
    TooLong,
    /// A segment over 255 bytes, which no usual file system takes.
    #[error("a name in it is longer than 255 bytes")]
    SegmentTooLong,
    /// It starts with a slash, ends with one, or has two in a row.
    #[error("a name in it is empty")]
    EmptySegment,
    /// A segment of `.` or `..`.
    #[error("it leads out of the store")]
    Relative,
    /// NUL, a line break, and the like; a backslash is a separator on some systems.
    #[error("it has a character that a key cannot have")]
    Character,
    /// It starts with a folder that the store keeps for itself.
    #[error("it starts with a name that the store keeps for itself")]
    Reserved,
}

/// Whether an object may be written under this key.
pub(crate) fn check(key: &str) -> Result<(), KeyError> {
    check_to_read(key)?;
    match key.split('/').next() {
        Some(SET_ASIDE) => Err(KeyError::Reserved),
        _ => Ok(()),
    }
}

/// Whether an object may be read under this key: also what was set aside.
pub(crate) fn check_to_read(key: &str) -> Result<(), KeyError> {
    if key.is_empty() {
        return Err(KeyError::Empty);
    }
    if key.len() > 1024 {
        return Err(KeyError::TooLong);
    }
    if key.chars().any(|c| c.is_control() || c == '\\') {
        return Err(KeyError::Character);
    }
    for (index, segment) in key.split('/').enumerate() {
        match segment {
            "" => return Err(KeyError::EmptySegment),
            "." | ".." => return Err(KeyError::Relative),
            HIDDEN if index == 0 => return Err(KeyError::Reserved),
            long if long.len() > 255 => return Err(KeyError::SegmentTooLong),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_key() {
        let long_name = "n".repeat(256);
        let long_key = "name/".repeat(205) + "name";
        let table = [
            ("label/assets/abc.flac", Ok(())),
            ("a", Ok(())),
            ("Ünï/ಠ..ಠ/...", Ok(())),
            ("a/.store/b", Ok(())),
            ("", Err(KeyError::Empty)),
            ("/etc/passwd", Err(KeyError::EmptySegment)),
            ("a//b", Err(KeyError::EmptySegment)),
            ("a/", Err(KeyError::EmptySegment)),
            ("../a", Err(KeyError::Relative)),
            ("a/../b", Err(KeyError::Relative)),
            ("a/.", Err(KeyError::Relative)),
            ("a\0b", Err(KeyError::Character)),
            ("a\nb", Err(KeyError::Character)),
            ("a\\..\\b", Err(KeyError::Character)),
            (".store/uploads", Err(KeyError::Reserved)),
            (".store", Err(KeyError::Reserved)),
            ("set-aside/a", Err(KeyError::Reserved)),
            (&long_name, Err(KeyError::SegmentTooLong)),
            (&long_key, Err(KeyError::TooLong)),
        ];
        for (key, expected) in table {
            assert_eq!(check(key), expected, "{key:?}");
        }
        assert_eq!(check_to_read("set-aside/a"), Ok(()));
    }
}
