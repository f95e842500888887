//! S3 keeps the contract at a server that others wrote, `s3s-fs`, with real signatures.
//!
//! It cannot show all of it. It knows no checksums of whole objects; two writers at once both succeed; ListParts tells no
//! ETags; an upload that is gone is "AccessDenied" at every operation; asking about a folder is an internal error. The
//! cases that need these are left out here and shown by `fake-s3`.

use std::sync::Arc;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use upload::{ObjectStore as _, S3Store, StoreError};

use crate::contract::{Subject, contract};
use crate::s3::{credentials, settings};

struct Server {
    endpoint: String,
    accepting: tokio::task::JoinHandle<()>,
    _folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Server {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("masters")).unwrap();
        let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(credentials().access_key_id(), credentials().secret_access_key()));
        let service = service.build();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let accepting = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let service = service.clone();
                connections.spawn(async move {
                    let server = auto::Builder::new(TokioExecutor::new());
                    let _ = server.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { endpoint, accepting, _folder: folder }
    }
}

async fn subject() -> Subject {
    let server = Server::start().await;
    let store = S3Store::new(settings(server.endpoint.clone(), false), credentials());
    Subject { store: Arc::new(store), checksums: false, smallest_part: 5 * 1024 * 1024, _alive: Box::new(server) }
}

contract!(subject:
    nothing_is_there_at_first
    an_empty_object_is_an_object
    ranges_are_clipped
    keys_may_have_any_usual_character
    keys_that_lead_elsewhere_are_refused
    the_same_put_again_is_success
    other_bytes_are_refused_and_nothing_changes
    a_put_with_the_wrong_length_leaves_nothing
    a_range_of_a_file_can_be_put
    a_file_that_cannot_be_read_says_so
    completing_what_is_there_already_is_success
    completing_over_other_bytes_is_refused
    uploads_of_one_key_do_not_mix
    set_aside_frees_the_key
    writers_of_the_same_bytes_all_succeed
);

#[tokio::test]
async fn a_wrong_signature_is_refused_and_said() {
    let server = Server::start().await;
    let wrong = aws_sdk_s3::config::Credentials::new("AKIDFORTESTS", "another-secret", None, None, "tests");
    let store = S3Store::new(settings(server.endpoint.clone(), false), wrong);
    let error = store.put("a", b"x".to_vec().into(), upload::Whole::of(b"x")).await.unwrap_err();
    let StoreError::Refused(refusal) = &error else { panic!("{error}") };
    assert_eq!((&*refusal.code, refusal.status, refusal.passing), ("SignatureDoesNotMatch", 403, false));
    assert!(error.help().starts_with("Sign in again."));
    assert!(!format!("{error} {error:?} {store:?}").contains("another-secret"));
}
