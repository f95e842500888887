//! A recording's channels on a device's.

/// Half the power.
const MINUS_3_DB: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// Adds frames of `from` channels to `out` as frames of `to` channels. Mono goes to left and right; more than two are
/// mixed to two (ITU-R BS.775-4, Table 2, made quiet enough never to clip), in the order of WAVE and FLAC; the low
/// frequency channel is left out. A device's further channels stay silent.
pub(super) fn spread(samples: &[f32], from: u16, to: u16, out: &mut Vec<f32>) {
    let (from, to) = (usize::from(from), usize::from(to));
    if from == to && from <= 2 {
        out.extend_from_slice(samples);
        return;
    }
    out.reserve(samples.len() / from * to);
    for frame in samples.chunks_exact(from) {
        let (left, right) = stereo(frame);
        if to == 1 {
            // Both alike stay what they are.
            out.push(if from == 1 { left } else { f32::midpoint(left, right) });
        } else {
            out.extend([left, right]);
            out.extend(std::iter::repeat_n(0.0, to - 2));
        }
    }
}

/// A frame on two channels.
fn stereo(frame: &[f32]) -> (f32, f32) {
    let mixed = |front: f32, centre: f32, surround: f32| front + MINUS_3_DB * (centre + surround);
    let two = 1.0 / (1.0 + MINUS_3_DB);
    let three = 1.0 / (1.0 + 2.0 * MINUS_3_DB);
    match *frame {
        [mono] => (mono, mono),
        [left, right, centre] => (two * mixed(left, centre, 0.0), two * mixed(right, centre, 0.0)),
        [left, right, back_left, back_right] => {
            (two * mixed(left, 0.0, back_left), two * mixed(right, 0.0, back_right))
        }
        [left, right, centre, back_left, back_right] | [left, right, centre, _, back_left, back_right, ..] => {
            (three * mixed(left, centre, back_left), three * mixed(right, centre, back_right))
        }
        [left, right, ..] => (left, right),
        [] => (0.0, 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread_to(samples: &[f32], from: u16, to: u16) -> Vec<f32> {
        let mut out = Vec::new();
        spread(samples, from, to, &mut out);
        out
    }

    #[test]
    fn channels_go_where_they_belong() {
        let cases: &[(&[f32], u16, u16, &[f32])] = &[
            (&[0.5, -0.25], 1, 1, &[0.5, -0.25]),
            (&[0.5, -0.25], 1, 2, &[0.5, 0.5, -0.25, -0.25]),
            (&[0.5, -0.25], 2, 2, &[0.5, -0.25]),
            (&[0.5, -0.25], 2, 1, &[0.125]),
            (&[0.5, -0.25], 2, 4, &[0.5, -0.25, 0.0, 0.0]),
            (&[0.5], 1, 4, &[0.5, 0.5, 0.0, 0.0]),
            // The low frequency channel is left out.
            (&[0.0, 0.0, 0.0, 1.0, 0.0, 0.0], 6, 2, &[0.0, 0.0]),
        ];
        for (samples, from, to, wanted) in cases {
            assert_eq!(spread_to(samples, *from, *to), *wanted, "{from} to {to}");
        }
    }

    #[test]
    fn a_full_mix_reaches_full_scale_and_no_more() {
        for channels in 3..=8 {
            let mixed = spread_to(&vec![1.0; usize::from(channels)], channels, 2);
            assert!(mixed.iter().all(|sample| (sample - 1.0).abs() < 1e-6), "{channels}: {mixed:?}");
        }
    }
}
