//! The whole way on the emulator, by the functions' real programs: S3 tells SQS of a manifest, intake and transcode work,
//! the catalogue keeps the record in DynamoDB, its stream wakes notify, and SNS tells who follows the artist.
//!
//! Messages twice and functions that are killed lead to the same end. One thing may double: what SNS was told, where the
//! function died between that and noting it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod album;
mod caller;
mod end;
mod kills;
mod ledger;
#[path = "../../src/testing/material.rs"]
mod material;
mod odd;
mod orders;
mod partner;
mod twice;
mod way;
mod world;
