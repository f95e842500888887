use crate::{Vector, example, fine, read, wrong};

const VECTORS: &[Vector] = &[
    fine("two discs", |r| (r.tracks[2].disc, r.tracks[2].number) = (2, 1)),
    wrong("no tracks", |r| r.tracks.clear(), &["error tracks tracks-missing"]),
    wrong("the same number twice", |r| r.tracks[2].number = 2, &["error 3.number number-twice"]),
    wrong(
        "the same number twice, without titles",
        |r| {
            r.tracks[2].number = 2;
            r.tracks[2].title.clear();
        },
        &["error 3.title title-missing", "error 3.number number-twice"],
    ),
    wrong("a number left out", |r| drop(r.tracks.remove(1)), &["error tracks number-gap"]),
    wrong("the first left out", |r| drop(r.tracks.remove(0)), &["error tracks number-gap"]),
    wrong("many left out", |r| r.tracks[2].number = 2_000_000, &["error tracks number-gap"]),
    wrong(
        "several left out, on two discs",
        |r| {
            r.tracks.push(example::track(7, "Coda", "USABC2600007"));
            (r.tracks[2].disc, r.tracks[2].number) = (2, 2);
        },
        &["error tracks number-gap", "error tracks number-gap"],
    ),
    wrong("a disc left out", |r| (r.tracks[2].disc, r.tracks[2].number) = (3, 1), &["error tracks disc-gap"]),
    wrong(
        "track 0",
        |r| {
            r.tracks[0].number = 0;
            r.tracks[1].number = 1;
            r.tracks[2].number = 2;
        },
        &["error 1.number number-zero"],
    ),
    wrong(
        "disc 0",
        |r| r.tracks.iter_mut().for_each(|track| track.disc = 0),
        &["error 1.disc number-zero", "error 2.disc number-zero", "error 3.disc number-zero"],
    ),
];

#[test]
fn numbering() {
    insta::assert_snapshot!(read(VECTORS));
}
