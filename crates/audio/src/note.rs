use std::fmt;

use serde::{Deserialize, Serialize};

/// Something that a person should know about a rendition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "note")]
pub enum Note {
    /// The master is floating-point, and the format is not.
    FromFloat {
        /// Bits a sample that it became.
        bits: u8,
    },
    /// Samples over full scale were cut off.
    Clipped {
        /// How many.
        samples: u64,
    },
    /// The picture is too large for the format and was left out.
    PictureTooLarge {
        /// Its size.
        bytes: u64,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FromFloat { bits } => {
                write!(f, "The master is floating-point. This rendition is {bits} bit, with TPDF dither.")
            }
            Self::Clipped { samples: 1 } => write!(f, "One sample over full scale was clipped."),
            Self::Clipped { samples } => write!(f, "{samples} samples over full scale were clipped."),
            Self::PictureTooLarge { bytes } => {
                write!(f, "The picture ({bytes} bytes) is too large for this format and was left out.")
            }
        }
    }
}
