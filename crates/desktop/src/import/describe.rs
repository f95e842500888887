use std::path::Path;

use super::{ImportControl, ImportError, Imported, import};

/// What one file's tags and name say of it, as a release of one track. Its sound is neither decoded nor hashed, so that
/// checksums, length and loudness are empty.
///
/// # Errors
/// Where the file holds no sound or cannot be read.
pub fn describe(file: &Path) -> Result<Imported, ImportError> {
    import(&[file.to_owned()], &ImportControl::new().of_headers_only())
}
