use std::fs;
use std::io::Cursor;
use std::path::Path;

use desktop::import::{ArtworkPlace, read_artwork};
use image::{DynamicImage, ImageFormat};
use release::{Artwork, ColourModel, FieldName, Sha256};

use crate::album::{Album, fields};

fn picture(side: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::new_rgb8(side, side).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

#[test]
fn a_file_called_cover_is_the_artwork_and_the_others_are_told() {
    let album = Album::new();
    album.wav("01 A.wav");
    let jpeg = picture(40, ImageFormat::Jpeg);
    let cover = album.write("Cover.jpg", &jpeg);
    album.write("back.png", picture(8, ImageFormat::Png));
    let imported = album.import();
    let artwork = imported.artwork.unwrap();
    assert!(matches!(&artwork.place, ArtworkPlace::File { path, .. } if *path == cover));
    assert_eq!(imported.release.artwork.as_ref(), Some(&artwork.artwork));
    let Artwork { asset, format, width, height, colour, alpha, unreadable } = artwork.artwork;
    assert_eq!((asset.sha256, asset.extension.as_str()), (Sha256::of(&jpeg), "jpg"));
    assert_eq!((format, width, height), (release::ImageFormat::Jpeg, 40, 40));
    assert_eq!((colour, alpha, unreadable), (ColourModel::Rgb, false, None));
    assert_eq!(
        album.left_out(&imported.left_out),
        ["ALBUM/back.png is not used, since the artwork is taken from ALBUM/Cover.jpg."]
    );
}

#[test]
fn without_a_file_the_tags_picture_is_returned_in_memory() {
    let album = Album::new();
    let jpeg = picture(40, ImageFormat::Jpeg);
    let cover = album.write("../cover.jpg", &jpeg);
    let plain = album.ffmpeg("1.flac", &[]);
    for (name, codec) in [("2.flac", "flac"), ("3.mp3", "libmp3lame"), ("4.m4a", "alac")] {
        let status = std::process::Command::new("ffmpeg")
            .args(["-nostdin", "-loglevel", "error", "-y", "-i"])
            .arg(&plain)
            .arg("-i")
            .arg(&cover)
            .args(["-map", "0:a", "-map", "1:v", "-c:v", "copy", "-disposition:v", "attached_pic", "-c:a", codec])
            .arg(album.path().join(name))
            .status();
        assert!(status.unwrap().success());
    }
    for name in ["2.flac", "3.mp3", "4.m4a"] {
        let path = album.path().join(name);
        let imported =
            desktop::import::import(std::slice::from_ref(&path), &desktop::import::ImportControl::new()).unwrap();
        let artwork = imported.artwork.as_ref().unwrap();
        assert_eq!(artwork.place, ArtworkPlace::Embedded { path, bytes: jpeg.clone() }, "{name}");
        assert_eq!(artwork.artwork.asset.sha256, Sha256::of(&jpeg));
        assert_eq!((artwork.artwork.width, artwork.artwork.asset.extension.as_str()), (40, "jpg"));
        assert!(fields(&imported).contains(&format!("release {}:  (tags)", FieldName::Artwork)));
    }
}

#[test]
fn several_pictures_without_a_name_that_says_so_are_none() {
    let album = Album::new();
    album.wav("01 A.wav");
    album.write("band.jpg", picture(8, ImageFormat::Jpeg));
    album.write("stage.png", picture(8, ImageFormat::Png));
    album.write("cover.jpg", "I am no picture");
    let imported = album.import();
    assert_eq!(imported.artwork, None);
    assert_eq!(
        album.left_out(&imported.left_out),
        [
            "ALBUM/band.jpg is one of several pictures, and no name says which is the artwork.",
            "ALBUM/cover.jpg is called a picture and is none.",
            "ALBUM/stage.png is one of several pictures, and no name says which is the artwork.",
        ]
    );
    assert!(imported.left_out.iter().all(|left| left.reason.is_trouble() && !left.reason.help().is_empty()));
}

#[test]
fn a_damaged_picture_is_taken_for_the_check_to_name() {
    let album = Album::new();
    album.wav("01 A.wav");
    let mut png = picture(40, ImageFormat::Png);
    png.truncate(60);
    album.write("cover.png", &png);
    let imported = album.import();
    assert!(imported.release.artwork.as_ref().unwrap().unreadable.is_some());
    let problems = release::check(&imported.release, &release::check::Context { today: jiff::civil::date(2026, 1, 1) });
    assert!(problems.iter().any(|problem| problem.code == "artwork-unreadable"));
}

#[test]
fn a_picture_can_be_chosen_by_hand() {
    let album = Album::new();
    let path = album.write("any name", picture(40, ImageFormat::Png));
    let artwork = read_artwork(&path).unwrap();
    assert_eq!((artwork.artwork.width, artwork.artwork.format), (40, release::ImageFormat::Png));
    assert_eq!(artwork.digest.bytes, fs::metadata(&path).unwrap().len());

    let error = |path: &Path| album.plain(read_artwork(path).unwrap_err());
    assert_eq!(
        error(&album.path().join("nothing.jpg")),
        "ALBUM/nothing.jpg is not there. See whether the disk is still connected and the name is right."
    );
    assert_eq!(
        error(&album.write("text.jpg", "text")),
        "ALBUM/text.jpg is called a picture and is none. Export the artwork again as JPEG or PNG."
    );
    assert_eq!(error(&album.write("empty.jpg", "")), "ALBUM/empty.jpg is empty. Export it again.");
    assert_eq!(error(&album.path()), "ALBUM is not an ordinary file. Choose files and folders only.");
}
