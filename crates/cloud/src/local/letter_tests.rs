use jiff::Timestamp;

use super::outbox_folder::rfc_5322;
use crate::Letter;
use crate::catalogue::{EntryId, Happening, News, NewsTrack, sample};
use crate::ports::Subscription;

fn news() -> News {
    let track =
        |number, title: &str, milliseconds| NewsTrack { disc: 1, number, title: title.to_owned(), milliseconds };
    News {
        what: Happening::Live,
        key: sample::key(),
        artist: "Vesper Bloom".to_owned(),
        title: "Tidewater".to_owned(),
        artist_line: "Vesper Bloom (feat. Ada)".to_owned(),
        label_name: "Night Office".to_owned(),
        since: "2026-12-03T23:00:00Z".parse::<Timestamp>().unwrap(),
        time_zone: "Europe/Berlin".to_owned(),
        tracks: vec![
            track(1, "Harbour Lights", 247_400),
            track(2, "Undertow (Live)", 61_000),
            track(10, "Home", 3_723_000),
        ],
    }
}

fn letter(news: &News) -> Letter {
    let entry: EntryId = serde_json::from_str("\"01JRELEASE-0123456789abcdef\"").unwrap();
    let follower = Subscription {
        artist: "Vesper Bloom".to_owned(),
        email: "vesper@example.org".parse().unwrap(),
        since: sample::start(),
    };
    Letter::new(&entry, news, &follower)
}

fn eml(news: &News) -> String {
    String::from_utf8(rfc_5322(&letter(news)).unwrap()).unwrap()
}

fn text(letter: &Letter) -> String {
    format!("From: {}\nTo: {}\nSubject: {}\n\n{}", letter.from, letter.to, letter.subject, letter.body)
}

/// The lines of a message's header, unfolded.
fn header(eml: &str) -> Vec<String> {
    let (header, _) = eml.split_once("\r\n\r\n").unwrap();
    header.replace("\r\n\t", " ").replace("\r\n ", " ").split("\r\n").map(str::to_owned).collect()
}

#[test]
fn what_an_artist_reads() {
    insta::assert_snapshot!(text(&letter(&news())));
}

#[test]
fn what_an_artist_reads_when_a_release_is_taken_back() {
    let withdrawn =
        |reason: &str| News { what: Happening::Withdrawn { reason: reason.to_owned() }, tracks: Vec::new(), ..news() };
    insta::assert_snapshot!(text(&letter(&withdrawn("A sample is\r\nnot cleared."))));
    let unexplained = letter(&withdrawn(" ")).body;
    assert!(unexplained.contains("heard.\n\nIf you"), "{unexplained}");
}

#[test]
fn the_file_that_is_written() {
    insta::assert_snapshot!(eml(&news()).replace("\r\n", "\n"));
}

#[test]
fn two_discs_are_told_apart() {
    let mut news = news();
    news.tracks[2].disc = 2;
    news.tracks[2].number = 1;
    insta::assert_snapshot!(text(&letter(&news)));
}

#[test]
fn titles_in_any_script_and_of_any_length() {
    let mut news = news();
    news.artist = "رنا الليل".to_owned();
    news.artist_line = "رنا الليل & 夜のランプ".to_owned();
    news.title = "海".repeat(200);
    news.label_name = "Żółta Łódź „Płyty”".to_owned();
    news.tracks[0].title = "Ä".repeat(200);
    let letter = letter(&news);
    insta::assert_snapshot!(text(&letter));

    let eml = eml(&news);
    assert!(eml.is_ascii());
    for line in eml.split("\r\n") {
        assert!(line.len() <= 200, "{line}");
        assert!(!line.contains(['\r', '\n']), "{line:?}");
    }
    let header = header(&eml);
    let from = header.iter().find(|line| line.starts_with("From: ")).unwrap();
    // Encoded words stand outside of quotes.
    assert!(from.starts_with("From: =?utf-8?") && from.ends_with("?= <releases@lacquer.invalid>"), "{from}");
}

#[test]
fn no_title_or_name_can_add_a_header() {
    let mut news = news();
    let evil = "Tide\r\nBcc: all@example.org\r\n\r\nBody\u{2028}x\u{202e}y\u{0}".to_owned();
    news.title = evil.clone();
    news.artist = evil.clone();
    news.label_name = format!("{evil}\" <evil@example.org>, \"");
    news.tracks[0].title = evil;
    let eml = eml(&news);
    let names: Vec<String> = header(&eml).iter().map(|line| line.split_once(':').unwrap().0.to_owned()).collect();
    let expected = [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "X-Unsent",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    ];
    assert_eq!(names, expected);
    let from = header(&eml)[0].clone();
    assert_eq!(from.matches('@').count(), 3, "{from}");
    assert!(from.ends_with("\" <releases@lacquer.invalid>"), "{from}");
}

#[test]
fn places_in_values_stay_as_they_are() {
    let mut news = news();
    news.title = "{artist} {tracks} {".to_owned();
    assert_eq!(letter(&news).subject, "“{artist} {tracks} {” is live");
}

#[test]
fn what_turns_or_breaks_a_line_is_left_out() {
    let mut news = news();
    news.title = " a\tb\r\nc\u{85}d \u{2067}e".to_owned();
    assert_eq!(letter(&news).subject, "“a b c d e” is live");
}
