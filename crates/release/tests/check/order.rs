use release::{Entry, Release, ReleaseId, Severity, Track};

use crate::{example, problems, spot};

#[test]
fn an_empty_release_is_told_all_that_is_missing() {
    let mut release = Release::new(ReleaseId::new(example::now(), 1));
    release.tracks.push(Track::new(example::track_id(1), 1, 1));
    let text: Vec<String> =
        problems(&release).iter().map(|p| format!("{}\n  {}", spot(&release, p), p.message)).collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn problems_stand_in_the_order_of_the_screen_and_of_weight() {
    let mut release = example::release();
    release.tracks.swap(0, 2);
    release.tracks[0].isrc = Entry::Missing;
    release.tracks[2].title = "harbour 🔥".to_owned();
    release.label.clear();
    release.artwork = None;
    let spotted: Vec<String> = problems(&release).iter().map(|problem| spot(&release, problem)).collect();
    let expected = [
        "error label label-missing",
        "error artwork artwork-missing",
        "warning 1.isrc isrc-missing",
        "error 3.title title-emoji",
        "warning 3.title title-all-lower-case",
    ];
    assert_eq!(spotted, expected);
}

#[test]
fn a_problem_has_the_same_shape_for_ever() {
    let mut release = example::release();
    release.tracks[1].isrc = Entry::read("nonsense");
    let problem = &problems(&release)[0];
    assert_eq!(problem.severity, Severity::Error);
    insta::assert_json_snapshot!(problem);
}
