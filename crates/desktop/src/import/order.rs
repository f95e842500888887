//! The order in which people expect names.

use std::cmp::Ordering;
use std::iter::Peekable;
use std::path::Path;
use std::str::Chars;

/// Compares two paths folder by folder, 2 before 10, without regard to case; what still is equal by its bytes.
pub(super) fn paths(a: &Path, b: &Path) -> Ordering {
    let mut left = a.components();
    let mut right = b.components();
    loop {
        return match (left.next(), right.next()) {
            (None, None) => a.as_os_str().cmp(b.as_os_str()),
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(l), Some(r)) => match names(&l.as_os_str().to_string_lossy(), &r.as_os_str().to_string_lossy()) {
                Ordering::Equal if l == r => continue,
                Ordering::Equal => l.cmp(&r),
                unequal => unequal,
            },
        };
    }
}

/// Compares two names, numbers in them by their value.
pub(super) fn names(a: &str, b: &str) -> Ordering {
    let mut left = a.chars().peekable();
    let mut right = b.chars().peekable();
    loop {
        let ordering = match (left.peek(), right.peek()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(l), Some(r)) if l.is_ascii_digit() && r.is_ascii_digit() => {
                let (l, r) = (number(&mut left), number(&mut right));
                // Without leading zeros, the longer number is the greater.
                l.len().cmp(&r.len()).then_with(|| l.cmp(&r))
            }
            (Some(l), Some(r)) => {
                let ordering = l.to_lowercase().cmp(r.to_lowercase());
                left.next();
                right.next();
                ordering
            }
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
}

fn number(chars: &mut Peekable<Chars<'_>>) -> String {
    let mut digits = String::new();
    while let Some(digit) = chars.next_if(char::is_ascii_digit) {
        if digit != '0' || !digits.is_empty() {
            digits.push(digit);
        }
    }
    digits
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_in_names_count_by_value() {
        let mut sorted = ["10 b", "2 b", "1 z", "B 2", "a 10", "a 9", "02 a", "a", "99999999999999999999999", ""];
        sorted.sort_by(|a, b| names(a, b));
        assert_eq!(sorted, ["", "1 z", "02 a", "2 b", "10 b", "99999999999999999999999", "a", "a 9", "a 10", "B 2"]);
    }

    #[test]
    fn a_folder_stays_together() {
        let mut sorted = ["/m/CD10/1", "/m/CD2/1", "/m/CD2/10", "/m/CD2/2", "/m/cd1/3"].map(PathBuf::from);
        sorted.sort_by(|a, b| paths(a, b));
        assert_eq!(sorted, ["/m/cd1/3", "/m/CD2/1", "/m/CD2/2", "/m/CD2/10", "/m/CD10/1"].map(PathBuf::from));
    }

    proptest! {
        #[test]
        fn the_order_is_total(a in "[aAbB019 /]{0,6}", b in "[aAbB019 /]{0,6}", c in "[aAbB019 /]{0,6}") {
            let (a, b, c) = (PathBuf::from(a), PathBuf::from(b), PathBuf::from(c));
            prop_assert_eq!(paths(&a, &b), paths(&b, &a).reverse());
            if paths(&a, &b).is_le() && paths(&b, &c).is_le() {
                prop_assert!(paths(&a, &c).is_le());
            }
        }
    }
}
