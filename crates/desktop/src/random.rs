//! Bits for ids.

/// Bits that nobody can foretell; ids take 80 of them.
pub(crate) fn bits() -> u128 {
    ulid::Ulid::generate().random()
}

/// A number from 0 to 1, so that many do not do the same at the same moment.
pub(crate) fn fraction() -> f64 {
    f64::from(u8::try_from(bits() % 256).unwrap_or_default()) / 255.0
}
