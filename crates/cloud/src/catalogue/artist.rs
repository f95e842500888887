use unicode_normalization::UnicodeNormalization as _;

/// An artist's name as it is compared: without regard to case, spacing, and how its accents are composed. Tags that were
/// written on a Mac have letters and accents apart, and a keyboard gives them in one.
#[must_use]
pub fn folded_name(artist: &str) -> String {
    let words: Vec<String> = artist.split_whitespace().map(|word| word.nfkc().collect()).collect();
    words.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::folded_name;

    #[test]
    fn names_that_are_the_same() {
        let table = [
            ("Vesper Bloom", " vesper\u{a0} bloom "),
            ("Beyonc\u{e9}", "BEYONCE\u{301}"),
            ("Sigur Rós", "sigur ro\u{301}s"),
            ("ＹＯＡＳＯＢＩ", "Yoasobi"),
        ];
        for (one, other) in table {
            assert_eq!(folded_name(one), folded_name(other));
        }
        assert_ne!(folded_name("Ros"), folded_name("Rós"));
    }
}
