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

/// How tags name a kind of image file.
#[cfg(feature = "encode")]
pub(crate) fn mime(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Jpeg => "image/jpeg",
        ImageFormat::Png => "image/png",
        ImageFormat::Tiff => "image/tiff",
        ImageFormat::Gif => "image/gif",
        ImageFormat::Webp => "image/webp",
        ImageFormat::Bmp => "image/bmp",
        ImageFormat::Unknown => "image/",
    }
}
