//! Many renditions of a master from one decode.

mod order;

pub use order::{Note, Order, Rendered, Rendition};

use crate::{AudioError, Control, LooksLike, Source};

/// Makes renditions of a master in one decode, a thread an encoder. The caller keeps the source by passing `&mut` of
/// it. Where one fails, or the work is cancelled, all end soon and what was written of them is removed.
///
/// # Errors
/// [`AudioError`]; that of a rendition names its file.
pub fn render(_source: impl Source, _orders: &[Order<'_>], _control: &Control) -> Result<Rendered, AudioError> {
    Err(AudioError::NotAudio(LooksLike::Unknown))
}
