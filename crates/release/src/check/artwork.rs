//! The picture.

use super::Problem;
use super::phrase::thousands;
use crate::{Artwork, ColourModel, Field, FieldName, ImageFormat, Release};

const SMALLEST: u32 = 3_000;
const RECOMMENDED: u32 = 4_000;
const HEAVIEST_BYTES: u64 = 10_000_000;

pub(super) fn problems(release: &Release) -> Vec<Problem> {
    let Some(artwork) = &release.artwork else {
        let help = "Add a square JPEG or PNG of at least 3,000 × 3,000, named cover.jpg or cover.png.";
        return vec![Problem::error(field(), "artwork-missing", "The release has no artwork.", help)];
    };
    if let Some(why) = &artwork.unreadable {
        return vec![Problem::error(
            field(),
            "artwork-unreadable",
            format!("The artwork cannot be read: {}.", why.trim_end_matches('.')),
            "Export it anew as JPEG or PNG, and see that another program opens it.",
        )];
    }
    [format, shape, size, colour, alpha, weight].into_iter().filter_map(|rule| rule(artwork)).collect()
}

fn field() -> Field {
    Field::of_release(FieldName::Artwork)
}

fn format(artwork: &Artwork) -> Option<Problem> {
    let name = match artwork.format {
        ImageFormat::Jpeg | ImageFormat::Png => return None,
        ImageFormat::Tiff => "a TIFF file",
        ImageFormat::Gif => "a GIF file",
        ImageFormat::Webp => "a WebP file",
        ImageFormat::Bmp => "a BMP file",
        ImageFormat::Unknown => "of an unknown format",
    };
    let message = format!("Artwork is {name}. Stores take JPEG and PNG.");
    Some(Problem::error(field(), "artwork-format", message, "Export it as JPEG or PNG."))
}

fn shape(artwork: &Artwork) -> Option<Problem> {
    (artwork.width != artwork.height).then(|| {
        let message = format!("Artwork is {}, and not square.", dimensions(artwork));
        Problem::error(field(), "artwork-not-square", message, "Crop it to a square, or set it on one.")
    })
}

fn size(artwork: &Artwork) -> Option<Problem> {
    match artwork.width.min(artwork.height) {
        RECOMMENDED.. => None,
        SMALLEST.. => Some(Problem::warning(
            field(),
            "artwork-below-recommended",
            format!("Artwork is {}. Some stores ask for 4,000 × 4,000.", dimensions(artwork)),
            "Export it at 4,000 × 4,000 where the original allows it. It may be delivered as it is.",
        )),
        _ => Some(Problem::error(
            field(),
            "artwork-too-small",
            format!("Artwork is {}. Stores need 3,000 × 3,000.", dimensions(artwork)),
            "Export it anew from the original. Enlarging this file would only blur it.",
        )),
    }
}

fn colour(artwork: &Artwork) -> Option<Problem> {
    let name = match artwork.colour {
        ColourModel::Rgb | ColourModel::Grey | ColourModel::Unknown => return None,
        ColourModel::Cmyk => "in CMYK, the colours of a press",
        ColourModel::Indexed => "in indexed colour, with a palette of at most 256",
    };
    let message = format!("Artwork is {name}. Stores take RGB.");
    Some(Problem::error(field(), "artwork-colour", message, "Export it in RGB."))
}

fn alpha(artwork: &Artwork) -> Option<Problem> {
    artwork.alpha.then(|| {
        let message = "Artwork has an alpha channel, and stores show what lies behind it in colours of their own.";
        Problem::warning(field(), "artwork-alpha", message, "Export it without transparency.")
    })
}

fn weight(artwork: &Artwork) -> Option<Problem> {
    let bytes = artwork.asset.bytes;
    (bytes > HEAVIEST_BYTES).then(|| {
        // To the next tenth, so that one byte too many is not "10.0 MB".
        let tenths = bytes.div_ceil(100_000);
        Problem::warning(
            field(),
            "artwork-heavy",
            format!("Artwork has {}.{} MB. Some stores take 10 MB at most.", thousands(tenths / 10), tenths % 10),
            "Export it as JPEG, or with stronger compression.",
        )
    })
}

fn dimensions(artwork: &Artwork) -> String {
    format!("{} × {}", thousands(artwork.width.into()), thousands(artwork.height.into()))
}
