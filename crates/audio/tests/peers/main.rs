//! Against ffmpeg, ffprobe and flac, on real music.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod decoding;

mod exactness;
mod loudness;
mod machine;
mod renditions;
mod seeking;
mod tags;
