//! What systems and networks say, in words that people know. Their own words are for the log.

use std::error::Error;
use std::io;

/// What the system says of a file, without its number: "No such file or directory".
#[must_use]
pub fn said_by_system(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error ") {
        Some((words, _)) => words.to_owned(),
        None => text,
    }
}

/// Why nobody was reached, as what stands behind "… cannot be reached: ", going by the causes of an error from the last
/// one on.
#[must_use]
pub fn why_unreached(error: &(dyn Error + 'static)) -> &'static str {
    let mut causes: Vec<&(dyn Error + 'static)> = std::iter::successors(Some(error), |&error| error.source()).collect();
    causes.reverse();
    causes.into_iter().find_map(why).unwrap_or("the connection failed")
}

/// What stands behind "… cannot be reached: " where [`is_of_the_way`] says so.
pub const ON_THE_WAY: &str = "the network answers in its place, as one does that wants you to sign in to it first";

/// Whether an answer is that of a network on the way, such as a hotel's or a firm's: a page for people, or the way to one.
/// The services that programs ask answer in JSON, XML or sound, and lead nowhere else. One that has too much to do may
/// well have a page that says so.
#[must_use]
pub fn is_of_the_way(status: u16, content_type: Option<&str>) -> bool {
    let media = content_type.map(|text| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let is_page = matches!(media.as_deref(), Some("text/html" | "application/xhtml+xml"));
    match status {
        // "Network Authentication Required".
        511 => true,
        304 | 408 | 425 | 429 | 500.. => false,
        // S3 leads to another region in XML.
        300..400 => is_page || !media.is_some_and(|media| media.ends_with("xml") || media.ends_with("json")),
        _ => is_page,
    }
}

/// An error's last cause, for the log.
#[must_use]
pub fn last_cause(error: &(dyn Error + 'static)) -> String {
    let last = std::iter::successors(Some(error), |&error| error.source()).last();
    last.map_or_else(String::new, ToString::to_string)
}

const NO_ANSWER: &str = "nothing answers there";
const BROKEN_OFF: &str = "the connection broke off";
const TOO_LONG: &str = "it took too long to answer";
const NO_WAY: &str = "this computer finds no way to it, as when it is offline";
const NO_NAME: &str = "its name is not found, as when this computer is offline";
const NO_TRUST: &str = "its certificate is not one that this computer trusts";

fn why(error: &(dyn Error + 'static)) -> Option<&'static str> {
    use io::ErrorKind as Kind;
    match error.downcast_ref::<io::Error>().map(io::Error::kind) {
        Some(Kind::ConnectionRefused) => return Some(NO_ANSWER),
        Some(Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe | Kind::UnexpectedEof) => {
            return Some(BROKEN_OFF);
        }
        Some(Kind::TimedOut) => return Some(TOO_LONG),
        Some(Kind::NetworkUnreachable | Kind::HostUnreachable | Kind::NetworkDown) => return Some(NO_WAY),
        _ => {}
    }
    // Resolvers and TLS have no kinds.
    let text = error.to_string().to_lowercase();
    let said = |words: &[&str]| words.iter().any(|words| text.contains(words));
    match () {
        () if said(&["dns error", "lookup address", "name resolution"]) => Some(NO_NAME),
        () if said(&["certificate"]) => Some(NO_TRUST),
        () if said(&["timed out", "timeout"]) => Some(TOO_LONG),
        () if said(&["connection closed", "incomplete message", "before message completed"]) => Some(BROKEN_OFF),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("error sending request")]
    struct Outer(#[source] io::Error);

    #[test]
    fn causes_are_said_in_words_that_people_know() {
        // ECONNREFUSED, ECONNRESET, EPIPE, ETIMEDOUT, ENETUNREACH, EHOSTUNREACH, and one that no network has.
        for (number, words) in [
            (111, NO_ANSWER),
            (104, BROKEN_OFF),
            (32, BROKEN_OFF),
            (110, TOO_LONG),
            (101, NO_WAY),
            (113, NO_WAY),
            (5, "the connection failed"),
        ] {
            let cause = io::Error::from_raw_os_error(number);
            assert!(cause.to_string().ends_with(&format!("(os error {number})")));
            assert_eq!(why_unreached(&Outer(cause)), words, "{number}");
        }
        for (text, words) in [
            ("failed to lookup address information: Name or service not known", NO_NAME),
            ("invalid peer certificate: UnknownIssuer", NO_TRUST),
            ("operation timed out", TOO_LONG),
            ("connection closed before message completed", BROKEN_OFF),
            ("something else", "the connection failed"),
        ] {
            assert_eq!(why_unreached(&Outer(io::Error::other(text))), words, "{text}");
            assert_eq!(last_cause(&Outer(io::Error::other(text))), text);
        }
    }

    #[test]
    fn a_network_s_own_page_is_told_from_an_answer() {
        let table = [
            (200, Some("text/html; charset=utf-8"), true),
            (200, Some("TEXT/HTML"), true),
            (200, Some("application/json"), false),
            (200, Some("audio/flac"), false),
            (200, None, false),
            (302, None, true),
            (302, Some("text/html"), true),
            (307, Some("text/plain"), true),
            (307, Some("application/xml"), false),
            (304, None, false),
            (401, Some("text/html"), true),
            (403, Some("application/xml"), false),
            (403, Some("application/problem+json"), false),
            (404, None, false),
            (429, Some("text/html"), false),
            (502, Some("text/html"), false),
            (503, Some("text/html"), false),
            (511, None, true),
        ];
        for (status, media, expected) in table {
            assert_eq!(is_of_the_way(status, media), expected, "{status} {media:?}");
        }
    }

    #[test]
    fn the_system_s_numbers_are_left_out() {
        assert_eq!(said_by_system(&io::Error::from_raw_os_error(2)), "No such file or directory");
        assert_eq!(said_by_system(&io::Error::other("it broke")), "it broke");
    }
}
