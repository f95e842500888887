//! Sound: decode, analyse, resample, encode, tag. No network.
