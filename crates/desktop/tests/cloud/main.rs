//! A workspace in a label's own cloud: the API's own handlers over a cloud in memory, behind a real socket; a store that
//! checks what S3 checks; and a provider that signs real tokens.

#![cfg(test)]

#[path = "../session/album.rs"]
mod album;
mod api;
mod delivering;
mod emulated;
mod heard;
mod mending;
mod offline;
mod people;
mod stage;
