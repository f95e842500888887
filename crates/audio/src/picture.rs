use release::ImageFormat;

/// The picture of a rendition, as it is: JPEG or PNG.
#[derive(Debug, Clone, Copy)]
pub struct Picture<'a> {
    /// The image file's bytes.
    pub bytes: &'a [u8],
    /// What they are.
    pub format: ImageFormat,
    /// Width in pixels; 0 where it is not known.
    pub width: u32,
    /// Height in pixels; 0 where it is not known.
    pub height: u32,
}
