//! S3 keeps the contract: as S3 itself, with what differs between services like it.

use std::sync::Arc;

use aws_sdk_s3::config::Credentials;
use fake_s3::{FakeS3, Manners};
use upload::{S3Settings, S3Store};

use crate::contract::{Subject, contract};

/// S3's smallest part.
const SMALLEST_PART: u64 = 5 * 1024 * 1024;

pub(crate) fn settings(endpoint: String, full_object_checksums: bool) -> S3Settings {
    S3Settings {
        bucket: "masters".into(),
        region: "eu-north-1".into(),
        endpoint: Some(endpoint),
        path_style: true,
        full_object_checksums,
    }
}

pub(crate) fn credentials() -> Credentials {
    Credentials::new("AKIDFORTESTS", "a-secret-for-tests", None, None, "tests")
}

async fn with(manners: Manners) -> Subject {
    let server = FakeS3::start_with(manners).await.unwrap();
    let store = S3Store::new(settings(server.endpoint(), manners.checksums), credentials());
    Subject {
        store: Arc::new(store),
        checksums: manners.checksums,
        smallest_part: SMALLEST_PART,
        _alive: Box::new(server),
    }
}

mod as_it_is {
    use super::*;

    async fn subject() -> Subject {
        with(Manners::default()).await
    }

    contract!(subject);
}

mod forgetting_completed_uploads {
    use super::*;

    async fn subject() -> Subject {
        with(Manners { remembers_completed: false, ..Manners::default() }).await
    }

    contract!(subject:
        completing_again_is_success
        completing_what_is_there_already_is_success
        completing_over_other_bytes_is_refused
        an_aborted_upload_is_gone
        uploads_of_the_same_bytes_all_succeed
    );
}

mod without_checksums {
    use super::*;

    async fn subject() -> Subject {
        with(Manners { checksums: false, ..Manners::default() }).await
    }

    contract!(subject);
}

mod two_parts_a_page {
    use super::*;

    async fn subject() -> Subject {
        with(Manners { parts_a_page: 2, ..Manners::default() }).await
    }

    contract!(subject: parts_in_any_order_make_the_object a_part_may_be_sent_again);
}
