use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use release::ReleaseId;
use serde::{Deserialize, Serialize};

use crate::catalogue::{EntryId, Happening, News, NewsTrack};
use crate::ports::{EmailAddress, Subscription};

/// An e-mail that tells a follower of an artist that a release is live, or taken back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Letter {
    /// Its name: the same for the same release, artist and follower. Of letters, digits and hyphens.
    pub name: String,
    /// The piece of news that it was written for.
    pub entry: EntryId,
    /// The release that it is about. Earlier versions did not say.
    #[serde(default)]
    pub release: Option<ReleaseId>,
    /// Who gets it.
    pub to: EmailAddress,
    /// Who it is from, as displayed: the label.
    pub from: String,
    /// The artist whose news it is.
    pub artist: String,
    /// The release's title.
    pub title: String,
    /// The subject, on one line.
    pub subject: String,
    /// The text, with line feeds.
    pub body: String,
    /// When the release went live, or was taken back.
    pub at: Timestamp,
}

const LIVE: &str = include_str!("../../../assets/mail/live.txt");
const WITHDRAWN: &str = include_str!("../../../assets/mail/withdrawn.txt");

impl Letter {
    /// Writes the letter of a piece of news to a follower.
    #[must_use]
    pub fn new(entry: &EntryId, news: &News, follower: &Subscription) -> Self {
        let wording = Wording::new(news, follower.email.as_str());
        Self {
            name: format!("{}-{}", entry.within_label(), follower.id()),
            entry: entry.clone(),
            release: Some(news.key.release),
            to: follower.email.clone(),
            from: wording.from,
            artist: one_line(&news.artist),
            title: one_line(&news.title),
            subject: wording.subject,
            body: wording.body,
            at: news.since,
        }
    }
}

/// What the reader of a letter sees: also of one that is not to be sent, so that somebody knows what it will look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// Who it is from, as displayed: the label.
    pub from: String,
    /// The subject, on one line.
    pub subject: String,
    /// The text, with line feeds.
    pub body: String,
}

impl Wording {
    /// How a piece of news reads at an address.
    #[must_use]
    pub fn new(news: &News, email: &str) -> Self {
        let label = one_line(&news.label_name);
        let (template, reason) = match &news.what {
            Happening::Live => (LIVE, String::new()),
            Happening::Withdrawn { reason } => (WITHDRAWN, one_line(reason)),
        };
        // A paragraph of its own, where there is one.
        let reason = if reason.is_empty() { reason } else { format!("\nThe reason: {reason}\n") };
        let values = [
            ("{artist}", one_line(&news.artist)),
            ("{title}", one_line(&news.title)),
            ("{artist_line}", one_line(&news.artist_line)),
            ("{label}", label.clone()),
            ("{date}", date(news)),
            ("{tracks}", tracks(&news.tracks)),
            ("{reason}", reason),
            ("{email}", one_line(email)),
        ];
        let (subject, body) = template.split_once("\n\n").expect("the template has a subject, an empty line, a body");
        let subject = subject.strip_prefix("Subject: ").expect("the template starts with its subject");
        Self { from: label, subject: fill(subject, &values), body: fill(body, &values) }
    }
}

/// Puts values in their places in one go: a title that holds `{artist}` stays as it is.
fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        text.push_str(&rest[..start]);
        rest = &rest[start..];
        match values.iter().find(|(place, _)| rest.starts_with(place)) {
            Some((place, value)) => {
                text.push_str(value);
                rest = &rest[place.len()..];
            }
            None => {
                text.push('{');
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
    text
}

/// Text without line breaks and other control characters, which could end a header or a line; nor characters that turn
/// the direction of what follows.
fn one_line(text: &str) -> String {
    const TURNS: [char; 9] =
        ['\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'];
    let plain = text.replace(|c: char| c.is_control() || c == '\u{2028}' || c == '\u{2029}', " ");
    let plain = plain.replace(TURNS, "");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `22 November 2026`, in the release's time zone.
fn date(news: &News) -> String {
    let zone = TimeZoneDatabase::bundled().get(&news.time_zone).unwrap_or(TimeZone::UTC);
    news.since.to_zoned(zone).strftime("%-d %B %Y").to_string()
}

/// A line a track, numbers aligned: ` 3  Tidewater  4:07`. Discs are named where there are several.
fn tracks(tracks: &[NewsTrack]) -> String {
    let discs = tracks.iter().any(|track| track.disc != 1);
    let mut text = String::new();
    let mut disc = 0;
    for track in tracks {
        if discs && track.disc != disc {
            disc = track.disc;
            let gap = if text.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{gap}  Disc {disc}");
        }
        let _ = writeln!(text, "  {:>2}. {} ({})", track.number, one_line(&track.title), length(track.milliseconds));
    }
    text.trim_end().to_owned()
}

/// `4:07`, `1:02:03`.
fn length(milliseconds: u64) -> String {
    let seconds = (milliseconds + 500) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}
