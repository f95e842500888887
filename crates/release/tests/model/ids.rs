use jiff::Timestamp;
use proptest::prelude::*;
use release::{Crc64, DeliveryId, IdError, LabelId, ReleaseId, Sha256};

use crate::example;

#[test]
fn an_id_has_one_spelling() {
    let id = ReleaseId::new(example::now(), 7);
    let text = id.to_string();
    assert_eq!((text.len(), text.parse()), (26, Ok(id)));
    for other in [text.to_lowercase(), text.replace('0', "O"), format!(" {text}"), text[1..].to_owned(), String::new()]
    {
        assert_eq!(other.parse::<ReleaseId>(), Err(IdError::Ulid(other.clone())));
    }
    // The first character holds three bits: one more overflows.
    assert!("80000000000000000000000000".parse::<ReleaseId>().is_err());
    assert!("7ZZZZZZZZZZZZZZZZZZZZZZZZZ".parse::<ReleaseId>().is_ok());
}

#[test]
fn an_id_carries_its_instant() {
    assert_eq!(ReleaseId::new(example::now(), u128::MAX).instant(), example::now());
    assert_eq!(ReleaseId::new("1969-01-01T00:00:00Z".parse().unwrap(), 1).instant(), Timestamp::UNIX_EPOCH);
}

#[test]
fn a_delivery_follows_even_one_from_the_end_of_time() {
    let last: DeliveryId = "7ZZZZZZZZZZZZZZZZZZZZZZZZY".parse().unwrap();
    assert!(DeliveryId::after(Some(last), example::now(), 0) > last);
}

#[test]
fn a_label_is_a_name_that_keys_can_hold() {
    for good in ["a", "0", "lacquer", "lacquer-recordings-2", &"x".repeat(63)] {
        assert_eq!(good.parse::<LabelId>().unwrap().as_str(), good);
    }
    for bad in ["", "-a", "a-", "A", "a.b", "a/b", "..", "a b", "é", "a_b", &"x".repeat(64), "a\n"] {
        assert_eq!(bad.parse::<LabelId>(), Err(IdError::Label(bad.to_owned())));
    }
}

#[test]
fn checksums_are_written_as_stores_write_them() {
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(Sha256::of(b"").to_string(), empty);
    assert_eq!(empty.parse(), Ok(Sha256::of(b"")));
    for bad in [&empty[1..], &empty.to_uppercase(), &format!("{empty}0"), &empty.replace('e', "g"), ""] {
        assert!(bad.parse::<Sha256>().is_err(), "{bad}");
    }
    // The check value of CRC-64/NVME, over "123456789".
    assert_eq!(Crc64(0xae8b_1486_0a79_9888).to_string(), "rosUhgp5mIg=");
    assert_eq!("rosUhgp5mIg=".parse(), Ok(Crc64(0xae8b_1486_0a79_9888)));
    for bad in ["", "rosUhgp5mIg", "rosUhgp5mI==", "rosUhgp5mIg= ", "rosUhgp5mIgA"] {
        assert!(bad.parse::<Crc64>().is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn a_delivery_is_greater_than_the_one_it_supersedes(
        old in (0_u64..1 << 48, any::<u128>()),
        now in -1_000_000_i64..253_402_207_200_999,
        random: u128,
    ) {
        let old = ulid::Ulid::from_parts(old.0, old.1).to_string().parse::<DeliveryId>().unwrap();
        let now = Timestamp::from_millisecond(now).unwrap();
        let new = DeliveryId::after(Some(old), now, random);
        prop_assert!(new > old);
        // In a store, keys are listed as text.
        prop_assert!(new.to_string() > old.to_string());
        prop_assert!(new >= DeliveryId::after(None, now, random));
    }

    #[test]
    fn checksums_are_read_as_they_are_written(sha256: [u8; 32], crc64: u64) {
        prop_assert_eq!(Sha256(sha256).to_string().parse(), Ok(Sha256(sha256)));
        prop_assert_eq!(Crc64(crc64).to_string().parse(), Ok(Crc64(crc64)));
    }
}
