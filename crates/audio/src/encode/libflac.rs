//! libFLAC's stream encoder. The only unsafe code of this crate.
#![expect(unsafe_code, reason = "libFLAC is written in C")]

use std::ffi::{CStr, c_void};
use std::ptr::NonNull;
use std::slice;

use libflac_sys as ffi;

use super::Spec;

/// An encoder that gives back FLAC frames and, at the end, what belongs into STREAMINFO.
pub(super) struct LibFlac {
    encoder: NonNull<ffi::FLAC__StreamEncoder>,
    /// Owned; libFLAC holds a second pointer to it, through which the callbacks write while it runs.
    sink: NonNull<Sink>,
    channels: usize,
}

/// What libFLAC knows of the whole stream once it is finished.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct StreamFacts {
    pub(super) min_block_frames: u16,
    pub(super) max_block_frames: u16,
    pub(super) min_frame_bytes: u32,
    pub(super) max_frame_bytes: u32,
    pub(super) total_frames: u64,
    pub(super) md5: [u8; 16],
}

#[derive(Default)]
struct Sink {
    frames: Vec<u8>,
    facts: Option<StreamFacts>,
}

// SAFETY: the encoder and the sink belong to this value alone, and libFLAC keeps nothing bound to a thread.
unsafe impl Send for LibFlac {}

impl LibFlac {
    /// An encoder of a compression level from 0 to 8.
    pub(super) fn new(spec: Spec, level: u8) -> Result<Self, String> {
        // SAFETY: the function has no preconditions; it returns null where there is no memory.
        let encoder = NonNull::new(unsafe { ffi::FLAC__stream_encoder_new() }).ok_or("there is no memory for it")?;
        let sink = NonNull::from(Box::leak(Box::<Sink>::default()));
        let this = Self { encoder, sink, channels: usize::from(spec.channels) };
        let encoder = encoder.as_ptr();
        // SAFETY: `encoder` is valid and not yet initialised, which is when settings may be made. The client data is
        // valid until the encoder is deleted, in `drop`; the callbacks are of the types that libFLAC wants. Without a
        // callback to seek, libFLAC never writes over anything and hands STREAMINFO to the metadata callback.
        let status = unsafe {
            ffi::FLAC__stream_encoder_set_compression_level(encoder, u32::from(level));
            // The subset would exclude 32 bit and unusual rates; the block sizes of the levels stay within it.
            ffi::FLAC__stream_encoder_set_streamable_subset(encoder, 0);
            ffi::FLAC__stream_encoder_set_channels(encoder, u32::from(spec.channels));
            ffi::FLAC__stream_encoder_set_bits_per_sample(encoder, u32::from(spec.bits));
            ffi::FLAC__stream_encoder_set_sample_rate(encoder, spec.sample_rate);
            ffi::FLAC__stream_encoder_init_stream(
                encoder,
                Some(on_write),
                None,
                None,
                Some(on_metadata),
                this.sink.as_ptr().cast::<c_void>(),
            )
        };
        if status == 0 { Ok(this) } else { Err(format!("libFLAC refuses {spec:?} with status {status}")) }
    }

    /// Encodes whole frames of interleaved samples; what comes out is added to `out`.
    pub(super) fn encode(&mut self, samples: &[i32], out: &mut Vec<u8>) -> Result<(), String> {
        debug_assert_eq!(samples.len() % self.channels, 0);
        let frames = u32::try_from(samples.len() / self.channels).map_err(|_| "too many samples at once")?;
        // SAFETY: the encoder is initialised, and the buffer holds `frames` times its channels.
        let is_ok = unsafe {
            ffi::FLAC__stream_encoder_process_interleaved(self.encoder.as_ptr(), samples.as_ptr(), frames) != 0
        };
        self.take_frames(out);
        if is_ok { Ok(()) } else { Err(self.state()) }
    }

    /// Encodes what is left.
    pub(super) fn finish(self, out: &mut Vec<u8>) -> Result<StreamFacts, String> {
        // SAFETY: the encoder is initialised.
        let is_ok = unsafe { ffi::FLAC__stream_encoder_finish(self.encoder.as_ptr()) != 0 };
        self.take_frames(out);
        // SAFETY: libFLAC is not running, so nothing else reads or writes the sink.
        let facts = unsafe { self.sink.as_ref() }.facts;
        match facts {
            Some(facts) if is_ok => Ok(facts),
            _ => Err(self.state()),
        }
    }

    fn take_frames(&self, out: &mut Vec<u8>) {
        // SAFETY: libFLAC is not running, so nothing else reads or writes the sink.
        let sink = unsafe { &mut *self.sink.as_ptr() };
        out.append(&mut sink.frames);
    }

    fn state(&self) -> String {
        // SAFETY: the encoder is valid; the text is a constant of libFLAC's.
        let state =
            unsafe { CStr::from_ptr(ffi::FLAC__stream_encoder_get_resolved_state_string(self.encoder.as_ptr())) };
        format!("libFLAC says {}", state.to_string_lossy())
    }
}

impl Drop for LibFlac {
    fn drop(&mut self) {
        // SAFETY: both are valid and not used after this. Deleting may call the callbacks once more, so the sink goes
        // last.
        unsafe {
            ffi::FLAC__stream_encoder_delete(self.encoder.as_ptr());
            drop(Box::from_raw(self.sink.as_ptr()));
        }
    }
}

unsafe extern "C" fn on_write(
    _encoder: *const ffi::FLAC__StreamEncoder,
    buffer: *const u8,
    bytes: usize,
    samples: u32,
    _current_frame: u32,
    sink: *mut c_void,
) -> ffi::FLAC__StreamEncoderWriteStatus {
    // Metadata comes with no samples; it is written by this crate.
    if samples > 0 {
        // SAFETY: libFLAC passes the sink that it was given, and a buffer of so many bytes; while libFLAC runs, nothing
        // else refers to the sink.
        unsafe {
            (*sink.cast::<Sink>()).frames.extend_from_slice(slice::from_raw_parts(buffer, bytes));
        }
    }
    0
}

unsafe extern "C" fn on_metadata(
    _encoder: *const ffi::FLAC__StreamEncoder,
    metadata: *const ffi::FLAC__StreamMetadata,
    sink: *mut c_void,
) {
    // SAFETY: libFLAC passes the sink that it was given, and metadata whose kind is STREAMINFO, always.
    unsafe {
        let info = (*metadata).data.stream_info;
        (*sink.cast::<Sink>()).facts = Some(StreamFacts {
            min_block_frames: u16::try_from(info.min_blocksize).unwrap_or(u16::MAX),
            max_block_frames: u16::try_from(info.max_blocksize).unwrap_or(u16::MAX),
            min_frame_bytes: info.min_framesize,
            max_frame_bytes: info.max_framesize,
            total_frames: info.total_samples,
            md5: info.md5sum,
        });
    }
}
