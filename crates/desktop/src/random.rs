//! Bits for ids.

/// Bits that nobody can foretell; ids take 80 of them.
pub(crate) fn bits() -> u128 {
    ulid::Ulid::generate().random()
}
