/// What a person copied from the e-mail that asks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pasted {
    token: String,
    /// The topic, where it was a link.
    topic: Option<String>,
}

impl Pasted {
    /// A link whose query has a `Token` and a `TopicArn`, or a token by itself. What surrounds it in a mail program, such
    /// as angle brackets, does not matter.
    pub(super) fn read(pasted: &str) -> Option<Self> {
        let text = pasted.trim().trim_matches(['<', '>', '"', '\'', '(', ')']);
        let Some((_, query)) = text.split_once('?') else {
            let is_token = (16..=2048).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let is_token = is_token || (text.len() == 36 && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-'));
            return is_token.then(|| Self { token: text.to_owned(), topic: None });
        };
        let value = |wanted: &str| {
            let pairs = query.split('#').next()?.split('&').map(|pair| pair.trim_start_matches("amp;"));
            let mut values = pairs.filter_map(|pair| pair.split_once('=')).filter(|(name, _)| *name == wanted);
            values.next().map(|(_, value)| decoded(value))
        };
        Some(Self { token: value("Token").filter(|token| !token.is_empty())?, topic: value("TopicArn") })
    }

    /// The token, unless it is of another topic.
    pub(super) fn token_for(self, topic: &str) -> Option<String> {
        self.topic.is_none_or(|of| of == topic).then_some(self.token)
    }
}

/// A query's value, with its `%XX` as the characters they stand for.
pub(super) fn decoded(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = (*first == b'%').then(|| after.get(..2)).flatten().and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOPIC: &str = "arn:aws:sns:eu-west-1:123456789012:lacquer-artist-night-office-0123456789abcdef";
    const TOKEN: &str = "2336412f37fb687f5d51e6e241d59b68c9e583a5841b41fa";

    #[test]
    fn a_link_and_a_bare_token_are_read_however_they_were_copied() {
        let link = format!(
            "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token={TOKEN}&Endpoint=a@example.org"
        );
        let escaped = link.replace(':', "%3A").replace('@', "%40").replacen("https%3A", "https:", 1);
        let from_html = link.replace('&', "&amp;");
        for text in [link.clone(), escaped, from_html, format!(" <{link}>\n"), format!("{link}#top"), TOKEN.to_owned()]
        {
            let pasted = Pasted::read(&text).unwrap();
            assert_eq!(pasted.token, TOKEN, "{text}");
            assert_eq!(pasted.token_for(TOPIC).as_deref(), Some(TOKEN), "{text}");
        }
    }

    #[test]
    fn the_link_of_another_artist_is_not_taken() {
        let link = format!("https://sns.eu-west-1.amazonaws.com/?TopicArn={TOPIC}x&Token={TOKEN}");
        assert_eq!(Pasted::read(&link).unwrap().token_for(TOPIC), None);
    }

    #[test]
    fn what_is_neither_is_none() {
        for text in [
            "",
            "yes",
            "https://example.org/",
            "https://example.org/?Token=",
            "https://example.org/?token=abc",
            "https://sns.eu-west-1.amazonaws.com/unsubscribe.html?SubscriptionArn=arn:aws:sns:eu-west-1:1:t:1",
            "two words that are long enough",
            "?",
            "?%",
            "é?Token=%zz%",
        ] {
            let pasted = Pasted::read(text);
            assert!(pasted.as_ref().is_none_or(|pasted| !pasted.token.is_empty()), "{text}");
            if !text.contains("%zz") {
                assert_eq!(pasted, None, "{text}");
            }
        }
    }
}
