use serde::{Deserialize, Serialize};

use crate::Asset;

/// The picture of a release, as its file was found to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Artwork {
    /// The file.
    pub asset: Asset,
    /// What kind of image the file holds, by its content.
    pub format: ImageFormat,
    /// Width in pixels; 0 where the image cannot be read.
    pub width: u32,
    /// Height in pixels; 0 where the image cannot be read.
    pub height: u32,
    /// How its colours are held.
    pub colour: ColourModel,
    /// Whether it has an alpha channel.
    pub alpha: bool,
    /// Why the image cannot be decoded, where it cannot.
    pub unreadable: Option<String>,
}

/// A kind of image file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the formats' own")]
pub enum ImageFormat {
    Jpeg,
    Png,
    Tiff,
    Gif,
    Webp,
    Bmp,
    Unknown,
}

/// How an image holds its colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ColourModel {
    /// Red, green and blue.
    Rgb,
    /// Grey only.
    Grey,
    /// Four inks, as for a press.
    Cmyk,
    /// A palette.
    Indexed,
    /// Could not be told.
    Unknown,
}
