//! What a file's name says of its kind. Asked only where its content does not tell.

use std::path::Path;

use super::Reason;

/// Whether a file or folder is one that people do not see.
pub(super) fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.')
        || ["desktop.ini", "thumbs.db", "ehthumbs.db", "__macosx", "$recycle.bin", "icon\r"]
            .iter()
            .any(|hidden| name.eq_ignore_ascii_case(hidden))
}

/// Whether a file is called a sound file.
pub(super) fn is_sound(path: &Path) -> bool {
    is_one_of(
        path,
        "wav wave bwf rf64 bw64 w64 aif aiff aifc afc flac fla m4a m4b alac caf mp3 mp2 aac adts ogg oga opus spx wma \
         ape wv tta mpc dsf dff ac3 dts au snd mka amr",
    )
}

/// Whether a file is called a picture.
pub(super) fn is_picture(path: &Path) -> bool {
    is_one_of(path, "jpg jpeg jpe jfif png tif tiff gif webp bmp heic heif avif psd")
}

/// Whether a file is called a video. One may begin as a sound file does.
pub(super) fn is_video(path: &Path) -> bool {
    is_one_of(path, "mp4v m4v mov avi mkv webm mpg mpeg ogv wmv vob")
}

/// Whether a person probably meant a file to be used.
pub(super) fn is_meant_as_music(path: &Path) -> bool {
    is_sound(path) || is_picture(path)
}

/// Why a file that is neither sound nor a picture is not used.
pub(super) fn by_name(path: &Path) -> Reason {
    let is = |extensions| is_one_of(path, extensions);
    if is("cue") {
        Reason::CueSheet
    } else if is("m3u m3u8 pls xspf wpl asx") {
        Reason::Playlist
    } else if is("log accurip md5 sha1 sha256 sfv ffp st5 sfk pkf asd reapeaks peak") {
        Reason::Log
    } else if is("txt nfo pdf doc docx odt rtf md htm html pages tex") {
        Reason::Document
    } else if is("csv tsv xls xlsx ods numbers") {
        Reason::Table
    } else if is("zip rar 7z tar gz tgz bz2 xz zst iso dmg") {
        Reason::Archive
    } else if is_video(path) {
        Reason::Video
    } else {
        Reason::Other
    }
}

fn is_one_of(path: &Path, extensions: &str) -> bool {
    let Some(extension) = path.extension().and_then(|extension| extension.to_str()) else { return false };
    extensions.split_whitespace().any(|known| extension.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_used_is_called_by_its_kind() {
        for (name, expected) in [
            ("album.cue", "cue-sheet"),
            ("ALBUM.M3U8", "playlist"),
            ("rip.log", "log"),
            ("album.ffp", "log"),
            ("booklet.pdf", "document"),
            ("notes.txt", "document"),
            ("tracks.csv", "table"),
            ("album.zip", "archive"),
            ("clip.mkv", "video"),
            ("session.als", "other"),
            ("README", "other"),
        ] {
            assert_eq!(by_name(Path::new(name)).code(), expected, "{name}");
        }
    }

    #[test]
    fn files_that_systems_keep_are_hidden() {
        for name in [".DS_Store", "._01 Title.wav", "Thumbs.db", "desktop.ini", "__MACOSX", ".hidden"] {
            assert!(is_hidden(Path::new(name)), "{name}");
        }
        assert!(!is_hidden(Path::new("01 Title.wav")));
    }
}
