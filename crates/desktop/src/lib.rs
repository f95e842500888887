//! See the package description.

pub mod import;
