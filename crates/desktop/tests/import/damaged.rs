use std::fs;

use desktop::import::{ImportControl, Reason, import};

use crate::album::Album;

/// A generator of bits that everybody can repeat (xorshift64).
struct Bits(u64);

impl Bits {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }
}

/// Changes bytes, mostly near the start, where headers and tags are; or takes some out, or cuts the file off.
fn damage(bytes: &mut Vec<u8>, bits: &mut Bits) {
    for _ in 0..=bits.below(8) {
        let reach = if bits.below(4) == 0 { bytes.len() } else { bytes.len().min(600) };
        let at = bits.below(reach);
        match bits.below(8) {
            0 => bytes[at] = 0xff,
            1 => bytes[at] = 0,
            2 if bytes.len() > 100 => {
                bytes.drain(at..(at + bits.below(16)).min(bytes.len()));
            }
            3 if bits.below(4) == 0 && at > 100 => bytes.truncate(at),
            4 => bytes[at] ^= 1 << bits.below(8),
            _ => bytes[at] = u8::try_from(bits.below(256)).unwrap(),
        }
    }
}

#[test]
fn damaged_files_are_read_or_left_out_and_bring_nothing_down() {
    let album = Album::new();
    let tags = ["-metadata", "title=Some Song", "-metadata", "artist=Ann Ash", "-metadata", "track=3/12"];
    let mut bits = Bits(0x5eed_1234_abcd_0001);
    for (name, codec) in [
        ("a.wav", "pcm_s16le"),
        ("a.aiff", "pcm_s16be"),
        ("a.caf", "pcm_s16be"),
        ("a.flac", "flac"),
        ("a.m4a", "alac"),
        ("a.mp3", "libmp3lame"),
        ("a.ogg", "libvorbis"),
    ] {
        let path = album.ffmpeg(
            name,
            &[&tags[..], &["-c:a", codec, "-write_id3v2", "1"][..if name == "a.aiff" { 4 } else { 2 }]].concat(),
        );
        let whole = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        for round in 0..60 {
            let mut bytes = whole.clone();
            damage(&mut bytes, &mut bits);
            album.write(format!("{round:02} {name}"), bytes);
        }
        let imported = import(&[album.path()], &ImportControl::new()).unwrap();
        assert_eq!(imported.release.tracks.len() + imported.left_out.len(), 60, "{name}");
        for left in &imported.left_out {
            // A decoder that fails by itself is caught, and is a fault all the same.
            assert_ne!(left.reason, Reason::Damaged { why: "the decoder failed".to_owned() }, "{left}");
        }
        let failed = imported.notes.iter().filter(|note| note.to_string().contains("the reader of tags failed"));
        assert_eq!(failed.count(), 0, "{name}");
        fs::remove_dir_all(album.path()).unwrap();
    }
}
