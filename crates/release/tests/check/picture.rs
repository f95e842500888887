use release::{Artwork, ColourModel, ImageFormat, Release};

use crate::{Vector, fine, read, wrong};

fn artwork(release: &mut Release) -> &mut Artwork {
    release.artwork.as_mut().unwrap()
}

const VECTORS: &[Vector] = &[
    fine("a PNG", |r| artwork(r).format = ImageFormat::Png),
    fine("a picture in grey", |r| artwork(r).colour = ColourModel::Grey),
    fine("10 MB", |r| artwork(r).asset.bytes = 10_000_000),
    wrong("no artwork", |r| r.artwork = None, &["error artwork artwork-missing"]),
    wrong(
        "a file that is no picture",
        |r| {
            *artwork(r) = Artwork {
                width: 0,
                height: 0,
                format: ImageFormat::Unknown,
                colour: ColourModel::Unknown,
                unreadable: Some("the file ends in the middle of the image".to_owned()),
                ..artwork(r).clone()
            };
        },
        &["error artwork artwork-unreadable"],
    ),
    wrong("a TIFF", |r| artwork(r).format = ImageFormat::Tiff, &["error artwork artwork-format"]),
    wrong("a GIF", |r| artwork(r).format = ImageFormat::Gif, &["error artwork artwork-format"]),
    wrong("a WebP", |r| artwork(r).format = ImageFormat::Webp, &["error artwork artwork-format"]),
    wrong("a BMP", |r| artwork(r).format = ImageFormat::Bmp, &["error artwork artwork-format"]),
    wrong("another format", |r| artwork(r).format = ImageFormat::Unknown, &["error artwork artwork-format"]),
    wrong("one pixel off square", |r| artwork(r).height = 4_001, &["error artwork artwork-not-square"]),
    wrong(
        "3,999 × 3,999",
        |r| (artwork(r).width, artwork(r).height) = (3_999, 3_999),
        &["warning artwork artwork-below-recommended"],
    ),
    wrong(
        "3,000 × 3,000",
        |r| (artwork(r).width, artwork(r).height) = (3_000, 3_000),
        &["warning artwork artwork-below-recommended"],
    ),
    wrong(
        "2,999 × 2,999",
        |r| (artwork(r).width, artwork(r).height) = (2_999, 2_999),
        &["error artwork artwork-too-small"],
    ),
    wrong(
        "1,400 × 4,000",
        |r| artwork(r).width = 1_400,
        &["error artwork artwork-not-square", "error artwork artwork-too-small"],
    ),
    wrong("CMYK", |r| artwork(r).colour = ColourModel::Cmyk, &["error artwork artwork-colour"]),
    wrong("a palette", |r| artwork(r).colour = ColourModel::Indexed, &["error artwork artwork-colour"]),
    wrong("an alpha channel", |r| artwork(r).alpha = true, &["warning artwork artwork-alpha"]),
    wrong("a byte over 10 MB", |r| artwork(r).asset.bytes = 10_000_001, &["warning artwork artwork-heavy"]),
    wrong("2 GB", |r| artwork(r).asset.bytes = 2_000_000_000, &["warning artwork artwork-heavy"]),
];

#[test]
fn picture() {
    insta::assert_snapshot!(read(VECTORS));
}
