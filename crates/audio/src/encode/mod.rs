//! The encoders by themselves: a file each, written from samples in memory. Made for programs that compose or convert
//! sound; [`crate::render`] is built on them.
