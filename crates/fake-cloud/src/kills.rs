use crate::emulator::Function;

/// The functions that work for a release on its way, behind the API.
const ON_THE_WAY: [Function; 4] = [Function::Intake, Function::Transcode, Function::Catalogue, Function::Notify];
/// What is made of each track: a rendition a profile.
const RENDITIONS: usize = 4;

/// Chooses where functions are killed while releases go live: by a seed, and so the same in every run.
///
/// Only among what is passed for certain: a point that nobody comes to kills nobody, and shows nothing.
#[derive(Debug)]
pub struct Kills(u64);

impl Kills {
    /// Those of a seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// Where functions are to die while one more release goes live, as [`kill_at`](crate::emulator::Deployment::kill_at)
    /// takes it: at one of the passages that each makes for it, and at one a track where they are transcoded, since each
    /// track has a process of its own. So each of these is a death, provided that nothing else is under way.
    pub fn of_release(&mut self, tracks: usize) -> Vec<(Function, Vec<String>)> {
        let mut chosen = |function| {
            let passages = passages(function, tracks);
            let deaths = if function == Function::Transcode { tracks } else { 1 };
            (function, (0..deaths).map(|_| passages[self.below(passages.len())].clone()).collect())
        };
        ON_THE_WAY.into_iter().map(&mut chosen).collect()
    }

    /// SplitMix64.
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).expect("less than the end, which is one")
    }
}

/// The passages of crash points, `NAME:N`, that a process makes for a release which goes live with nobody disturbing it:
/// of those that transcode, for one of its tracks.
fn passages(function: Function, tracks: usize) -> Vec<String> {
    const RECORDED: [&str; 2] = ["catalogue.before-commit", "catalogue.committed"];
    let points = match function {
        // That it arrived is recorded, and then what was found.
        Function::Intake => [&RECORDED[..], &["intake.arrival-noted"], &RECORDED, &["intake.verdict-noted"]].concat(),
        Function::Transcode => [
            &["transcode.lease-taken", "transcode.encoded", "transcode.hashed"][..],
            &["transcode.facts-noted", "transcode.published"].repeat(RENDITIONS),
            &["transcode.sent", "transcode.lease-released"],
        ]
        .concat(),
        // That each track is ready.
        Function::Catalogue => RECORDED.repeat(tracks),
        Function::Notify => vec!["catalogue.job-sent", "notify.mail-written", "notify.entry-marked"],
        Function::Api => Vec::new(),
    };
    let nth = |at: usize| points[..=at].iter().filter(|point| **point == points[at]).count();
    points.iter().enumerate().map(|(at, point)| format!("{point}:{}", nth(at))).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_point_that_is_passed_again_is_counted() {
        assert_eq!(
            passages(Function::Intake, 2),
            [
                "catalogue.before-commit:1",
                "catalogue.committed:1",
                "intake.arrival-noted:1",
                "catalogue.before-commit:2",
                "catalogue.committed:2",
                "intake.verdict-noted:1",
            ]
        );
        assert_eq!(passages(Function::Catalogue, 3).last().unwrap(), "catalogue.committed:3");
        assert_eq!(passages(Function::Transcode, 1).len(), 13);
    }

    #[test]
    fn a_seed_chooses_the_same_each_time_and_in_the_end_everything() {
        let chosen = |seed| {
            let mut kills = Kills::seeded(seed);
            (0..200).map(|_| kills.of_release(2)).collect::<Vec<_>>()
        };
        let all = chosen(7);
        assert_eq!(all, chosen(7));
        assert_ne!(all, chosen(8));
        for (at, function) in ON_THE_WAY.into_iter().enumerate() {
            assert!(all.iter().all(|kills| kills[at].1.len() == if function == Function::Transcode { 2 } else { 1 }));
            let points: BTreeSet<&String> = all.iter().flat_map(|kills| &kills[at].1).collect();
            assert_eq!(points, passages(function, 2).iter().collect(), "{function:?}");
        }
    }
}
