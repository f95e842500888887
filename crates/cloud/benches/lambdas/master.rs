//! Masters to measure with: four minutes of real music, and as a peer, what ffmpeg makes of them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Debian's wesnoth-1.16-music, as orchestral as the demo's music is not.
const MUSIC: &str = "/usr/share/games/wesnoth/1.16/data/core/music/battle-epic.ogg";

/// Seconds of sound.
pub(crate) const SECONDS: u32 = 240;

/// A kind of master.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) extension: &'static str,
    rate: u32,
    pub(crate) bits: u32,
}

pub(crate) const KINDS: [Kind; 4] = [
    Kind { name: "24 bit / 96 kHz, FLAC", extension: "flac", rate: 96_000, bits: 24 },
    Kind { name: "24 bit / 96 kHz, WAV", extension: "wav", rate: 96_000, bits: 24 },
    Kind { name: "16 bit / 44.1 kHz, FLAC", extension: "flac", rate: 44_100, bits: 16 },
    Kind { name: "16 bit / 44.1 kHz, WAV", extension: "wav", rate: 44_100, bits: 16 },
];

impl Kind {
    /// Has ffmpeg make one. The music, again and again, with a converter's noise at its full band: music that was upsampled has
    /// nothing above, and would be too easy to code.
    pub(crate) fn make(&self, folder: &Path) -> PathBuf {
        let path = folder.join(format!("master-{}-{}.{}", self.bits, self.rate, self.extension));
        let graph = format!(
            "[0:a]aresample={rate}:osf=flt,volume=0.7[music];\
             anoisesrc=r={rate}:a=0.0002:c=white:seed=1[l];anoisesrc=r={rate}:a=0.0002:c=white:seed=2[r];\
             [l][r]join=inputs=2:channel_layout=stereo[noise];\
             [music][noise]amix=inputs=2:duration=first:normalize=0",
            rate = self.rate
        );
        let coding: &[&str] = match (self.extension, self.bits) {
            ("flac", 24) => &["-c:a", "flac", "-sample_fmt", "s32", "-bits_per_raw_sample", "24"],
            ("flac", _) => &["-c:a", "flac", "-sample_fmt", "s16"],
            (_, 24) => &["-c:a", "pcm_s24le"],
            _ => &["-c:a", "pcm_s16le"],
        };
        let length = SECONDS.to_string();
        let mut command = Command::new("ffmpeg");
        command.args(["-v", "error", "-y", "-stream_loop", "-1", "-i", MUSIC, "-filter_complex", &graph]);
        command.args(["-map_metadata", "-1", "-t", &length]).args(coding).arg(&path);
        assert!(command.status().unwrap().success(), "ffmpeg makes a master: `make setup-test` installs what it needs");
        path
    }
}
