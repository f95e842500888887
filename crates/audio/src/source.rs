use std::io::{Read, Seek};

/// Bytes that hold sound: a file, an object in a store, a `&mut` of either. Its length is found by seeking.
pub trait Source: Read + Seek + Send + Sync {}

impl<T: Read + Seek + Send + Sync> Source for T {}
