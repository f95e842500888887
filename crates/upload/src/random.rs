//! Randomness for names and for spreading retries: no secret depends on it.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

/// A number that no other call gives again, as good as surely. The standard library seeds its hash maps so.
pub(crate) fn number() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// A name of 32 hexadecimal digits that no other call gives again.
pub(crate) fn name() -> String {
    format!("{:016x}{:016x}", number(), number())
}

/// Whether a text could be such a name: what comes back from a journal becomes part of a path.
pub(crate) fn is_name(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_and_are_names() {
        let (a, b) = (name(), name());
        assert_ne!(a, b);
        assert!(is_name(&a) && is_name(&b));
        for bad in ["", "../../../../../../../../etc/passwd", "ABCDEF0123456789ABCDEF0123456789"] {
            assert!(!is_name(bad));
        }
    }
}
