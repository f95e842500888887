/// The content type that an object gets, by its key's extension: browsers and players ask for it.
pub(super) fn of(key: &str) -> &'static str {
    let extension =
        key.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, extension)| extension);
    match extension {
        "aac" => "audio/aac",
        "aif" | "aiff" => "audio/aiff",
        "caf" => "audio/x-caf",
        "flac" => "audio/flac",
        "jpg" | "jpeg" => "image/jpeg",
        "json" => "application/json",
        "m4a" => "audio/mp4",
        "mp3" => "audio/mpeg",
        "ogg" | "opus" => "audio/ogg",
        "png" => "image/png",
        "wav" => "audio/wav",
        "xml" => "application/xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn by_the_last_extension() {
        let table = [
            ("l/assets/ab.flac", "audio/flac"),
            ("l/d.delivery.json", "application/json"),
            ("l/a.b/noextension", "application/octet-stream"),
            ("x", "application/octet-stream"),
        ];
        for (key, expected) in table {
            assert_eq!(super::of(key), expected);
        }
    }
}
