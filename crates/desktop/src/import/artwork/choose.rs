use super::Embedded;
use crate::import::scan::PictureFile;

/// Names of artwork, the best first.
const NAMES: [&str; 5] = ["cover", "folder", "front", "artwork", "albumart"];

/// Which of the pictures, which are in order of path, is the artwork: the one with the best name, nearest to what was
/// given; or the only one there is.
pub(super) fn file(pictures: &[PictureFile]) -> Option<usize> {
    if let [_] = pictures {
        return Some(0);
    }
    let ranked = pictures.iter().enumerate().filter_map(|(index, picture)| {
        let stem = picture.path.file_stem()?.to_string_lossy();
        Some((rank(&stem)?, picture.depth, index))
    });
    ranked.min().map(|(_, _, index)| index)
}

/// Which file's tags to take the picture from: the first that holds what most hold.
pub(super) fn embedded(embedded: &[Embedded<'_>]) -> Option<usize> {
    let count = |index: &usize| embedded.iter().filter(|other| other.picture == embedded[*index].picture).count();
    (0..embedded.len()).max_by_key(|index| (count(index), std::cmp::Reverse(*index)))
}

/// How well a name says that a picture is the artwork; the lower the better.
fn rank(stem: &str) -> Option<usize> {
    let lower = stem.trim().to_lowercase();
    if let Some(rank) = NAMES.iter().position(|name| lower == *name) {
        return Some(rank);
    }
    // "Some Album - Front Cover"; but no back cover, and no cover version.
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    if words.clone().any(|word| matches!(word, "back" | "inside" | "inlay" | "cd" | "disc" | "tray" | "booklet")) {
        return None;
    }
    let best = words.by_ref().filter_map(|word| NAMES.iter().position(|name| word == *name)).min()?;
    Some(NAMES.len() + best)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use release::{Container, Sha256};

    use super::*;

    fn chosen<'a>(paths: &[&'a str]) -> Option<&'a str> {
        let pictures: Vec<PictureFile> = paths
            .iter()
            .map(|path| PictureFile { path: PathBuf::from(path), depth: path.matches('/').count() })
            .collect();
        file(&pictures).map(|index| paths[index])
    }

    #[test]
    fn the_name_decides_and_then_the_place() {
        for (paths, expected) in [
            (&["photo.jpg"][..], Some("photo.jpg")),
            (&["back.jpg", "Cover.JPG"], Some("Cover.JPG")),
            (&["cover.jpg", "front.png"], Some("cover.jpg")),
            (&["folder.jpg", "front.png"], Some("folder.jpg")),
            (&["CD1/cover.jpg", "cover.png"], Some("cover.png")),
            (&["Scans/cover.jpg", "front.jpg"], Some("Scans/cover.jpg")),
            (&["Some Album - Front.jpg", "band.jpg"], Some("Some Album - Front.jpg")),
            (&["back cover.jpg", "band.jpg"], None),
            (&["a.jpg", "b.jpg"], None),
            (&["discover.jpg", "b.jpg"], None),
            (&[], None),
        ] {
            assert_eq!(chosen(paths), expected, "{paths:?}");
        }
    }

    #[test]
    fn of_embedded_pictures_the_first_of_the_most_frequent_is_taken() {
        let with =
            |picture: u8| Embedded { path: Path::new(""), container: Container::Flac, picture: Sha256([picture; 32]) };
        assert_eq!(embedded(&[]), None);
        assert_eq!(embedded(&[with(1), with(2)]), Some(0));
        assert_eq!(embedded(&[with(1), with(2), with(2)]), Some(1));
    }
}
