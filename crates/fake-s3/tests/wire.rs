//! What the server refuses, asked in plain HTTP: a test that trusts it must know that it can say no.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crc_fast::CrcAlgorithm::Crc64Nvme;
use fake_s3::{FakeS3, Fault, Held, Manners, Operation, When};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    /// The text of the first element of a name.
    fn element(&self, name: &str) -> &str {
        let text = self.body.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("{name} in {}", self.body)).1;
        text.split_once('<').unwrap().0
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    fn is(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.element("Code")), (status, code), "{}", self.body);
    }
}

/// Asks, with a Content-Length unless the headers say how long the body is. None when the connection breaks off.
async fn try_ask(server: &FakeS3, what: &str, headers: &[(&str, &str)], body: &[u8]) -> Option<Answer> {
    let mut stream = tokio::net::TcpStream::connect(server.endpoint().strip_prefix("http://").unwrap()).await.unwrap();
    let mut head = format!("{what} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    if !headers.iter().any(|(name, _)| *name == "transfer-encoding") {
        head += &format!("content-length: {}\r\n", body.len());
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Some(Answer { status, head: head.into(), body: body.into() })
}

async fn ask(server: &FakeS3, what: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    try_ask(server, what, headers, body).await.unwrap()
}

fn checksum(bytes: &[u8]) -> String {
    STANDARD.encode(crc_fast::checksum(Crc64Nvme, bytes).to_be_bytes())
}

const CHECKSUM: &str = "x-amz-checksum-crc64nvme";

#[tokio::test]
async fn puts_are_checked() {
    let server = FakeS3::start().await.unwrap();
    ask(&server, "PUT /b/k", &[(CHECKSUM, &checksum(b"other"))], b"bytes").await.is(400, "BadDigest");
    ask(&server, "PUT /b/k", &[(CHECKSUM, "x")], b"bytes").await.is(400, "InvalidRequest");
    ask(&server, "PUT /b/k", &[("transfer-encoding", "chunked")], b"1\r\na\r\n0\r\n\r\n")
        .await
        .is(411, "MissingContentLength");
    ask(&server, "PUT /b/k", &[("content-encoding", "aws-chunked")], b"").await.is(501, "NotImplemented");
    ask(&server, "PUT /b/k", &[("x-amz-checksum-crc32", "AAAAAA==")], b"").await.is(501, "NotImplemented");
    ask(&server, "PUT /b/k?tagging", &[], b"").await.is(501, "NotImplemented");
    assert_eq!(server.object("b", "k"), None);
    assert_eq!(ask(&server, "PUT /b/k", &[(CHECKSUM, &checksum(b"bytes"))], b"bytes").await.status, 200);
    ask(&server, "PUT /b/k", &[("if-none-match", "*")], b"other").await.is(412, "PreconditionFailed");
    assert_eq!(server.object("b", "k").unwrap(), "bytes");
    assert_eq!(ask(&server, "PUT /b/k", &[], b"other").await.status, 200, "unless asked, S3 overwrites");
}

#[tokio::test]
async fn objects_are_read_and_removed() {
    let server = FakeS3::start().await.unwrap();
    ask(&server, "GET /b/k", &[], b"").await.is(404, "NoSuchKey");
    assert_eq!(ask(&server, "HEAD /b/k", &[], b"").await.status, 404);
    ask(&server, "PUT /b/k", &[("content-type", "audio/flac")], b"0123456789").await;
    let part = ask(&server, "GET /b/k", &[("range", "bytes=2-3")], b"").await;
    assert_eq!((part.status, &*part.body, part.header("content-range")), (206, "23", Some("bytes 2-3/10")));
    ask(&server, "GET /b/k", &[("range", "bytes=10-")], b"").await.is(416, "InvalidRange");
    let head = ask(&server, "HEAD /b/k", &[], b"").await;
    assert_eq!((head.header("content-length"), head.header(CHECKSUM)), (Some("10"), None));
    let head = ask(&server, "HEAD /b/k", &[("x-amz-checksum-mode", "ENABLED")], b"").await;
    assert_eq!(head.header(CHECKSUM), Some(&*checksum(b"0123456789")));
    assert_eq!(head.header("x-amz-checksum-type"), Some("FULL_OBJECT"));
    ask(&server, "PUT /b/copy", &[("x-amz-copy-source", "b/none")], b"").await.is(404, "NoSuchKey");
    let source = [("x-amz-copy-source", "b/k"), ("x-amz-copy-source-if-match", "\"0\"")];
    ask(&server, "PUT /b/copy", &source, b"").await.is(412, "PreconditionFailed");
    assert_eq!(ask(&server, "PUT /b/copy", &source[..1], b"").await.status, 200);
    assert_eq!(server.object("b", "copy"), server.object("b", "k"));
    ask(&server, "DELETE /b/k", &[("if-match", "\"0\"")], b"").await.is(412, "PreconditionFailed");
    assert_eq!(ask(&server, "DELETE /b/k", &[], b"").await.status, 204);
    assert_eq!(server.object("b", "k"), None);
}

#[tokio::test]
async fn uploads_are_checked() {
    let server = FakeS3::start().await.unwrap();
    let composite = [("x-amz-checksum-algorithm", "CRC64NVME"), ("x-amz-checksum-type", "COMPOSITE")];
    ask(&server, "POST /b/k?uploads", &composite, b"").await.is(400, "InvalidRequest");
    let id = ask(&server, "POST /b/k?uploads", &[], b"").await.element("UploadId").to_owned();
    let large = vec![7; 5 * 1024 * 1024];

    for number in ["0", "10001", "-1", "x"] {
        let part = format!("PUT /b/k?partNumber={number}&uploadId={id}");
        ask(&server, &part, &[], b"").await.is(400, "InvalidArgument");
    }
    let part = |number: u32, key: &str| format!("PUT /b/{key}?partNumber={number}&uploadId={id}");
    ask(&server, &part(1, "k"), &[(CHECKSUM, &checksum(b"other"))], b"bytes").await.is(400, "BadDigest");
    ask(&server, &part(1, "another"), &[], b"").await.is(404, "NoSuchUpload");
    let first = ask(&server, &part(1, "k"), &[(CHECKSUM, &checksum(&large))], &large).await;
    let second = ask(&server, &part(2, "k"), &[], b"end").await;
    let third = ask(&server, &part(10_000, "k"), &[], b"").await;
    let [first, second, third] = [first, second, third].map(|part| part.header("etag").unwrap().to_owned());

    let complete = format!("POST /b/k?uploadId={id}");
    let listed = |parts: &[(u32, &str)]| {
        let parts = parts.iter().map(|(number, etag)| {
            format!("<Part><PartNumber>{number}</PartNumber><ETag>{}</ETag></Part>", etag.replace('"', "&quot;"))
        });
        format!("<CompleteMultipartUpload>{}</CompleteMultipartUpload>", parts.collect::<String>())
    };
    let whole = [large, b"end".to_vec()].concat();
    let right = listed(&[(1, &first), (2, &second)]);
    for (parts, headers, status, code) in [
        (listed(&[(2, &second), (1, &first)]), vec![], 400, "InvalidPartOrder"),
        (listed(&[(1, &first), (1, &first)]), vec![], 400, "InvalidPartOrder"),
        (listed(&[(1, &first), (3, &second)]), vec![], 400, "InvalidPart"),
        (listed(&[(1, &second)]), vec![], 400, "InvalidPart"),
        (listed(&[(1, &first), (2, &second), (10_000, &third)]), vec![], 400, "EntityTooSmall"),
        (listed(&[]), vec![], 400, "MalformedXML"),
        ("<x".into(), vec![], 400, "MalformedXML"),
        (right.clone(), vec![(CHECKSUM, checksum(b"other"))], 400, "BadDigest"),
        (right.clone(), vec![("x-amz-mp-object-size", "1".into())], 400, "InvalidRequest"),
    ] {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        ask(&server, &complete, &headers, parts.as_bytes()).await.is(status, code);
    }
    ask(&server, "PUT /b/k", &[], b"in between").await;
    ask(&server, &complete, &[("if-none-match", "*")], right.as_bytes()).await.is(412, "PreconditionFailed");
    ask(&server, "DELETE /b/k", &[], b"").await;

    let (checksum, size) = (checksum(&whole), whole.len().to_string());
    let headers = [("if-none-match", "*"), (CHECKSUM, &*checksum), ("x-amz-mp-object-size", &*size)];
    for _ in 0..2 {
        let done = ask(&server, &complete, &headers, right.as_bytes()).await;
        assert_eq!((done.status, done.element("ChecksumCRC64NVME")), (200, &*checksum), "again is answered well");
    }
    assert_eq!((server.object("b", "k").unwrap(), server.uploads()), (whole.into(), 0));
    ask(&server, &part(1, "k"), &[], b"").await.is(404, "NoSuchUpload");
    ask(&server, &format!("GET /b/k?uploadId={id}"), &[], b"").await.is(404, "NoSuchUpload");
    ask(&server, &format!("DELETE /b/k?uploadId={id}"), &[], b"").await.is(404, "NoSuchUpload");
}

#[tokio::test]
async fn parts_are_listed_a_page_at_a_time() {
    let server = FakeS3::start_with(Manners { parts_a_page: 2, ..Manners::default() }).await.unwrap();
    let id = ask(&server, "POST /b/k?uploads", &[], b"").await.element("UploadId").to_owned();
    for number in [1, 3, 7] {
        ask(&server, &format!("PUT /b/k?partNumber={number}&uploadId={id}"), &[], b"x").await;
    }
    let page = ask(&server, &format!("GET /b/k?uploadId={id}"), &[], b"").await;
    assert_eq!((page.element("IsTruncated"), page.element("NextPartNumberMarker")), ("true", "3"));
    let page = ask(&server, &format!("GET /b/k?uploadId={id}&part-number-marker=3"), &[], b"").await;
    assert_eq!((page.element("IsTruncated"), page.element("PartNumber")), ("false", "7"));
}

#[tokio::test]
async fn it_fails_when_told() {
    let server = FakeS3::start().await.unwrap();
    server.fail(Operation::PutObject, When::Nth(2), Fault::Answer { status: 503, code: "SlowDown" });
    assert_eq!(ask(&server, "PUT /b/1", &[], b"1").await.status, 200);
    ask(&server, "PUT /b/2", &[], b"2").await.is(503, "SlowDown");
    assert_eq!(ask(&server, "PUT /b/3", &[], b"3").await.status, 200);
    assert_eq!(server.object("b", "2"), None);

    server.be_well();
    server.fail(Operation::PutObject, When::First(1), Fault::DropBefore);
    server.fail(Operation::PutObject, When::Nth(2), Fault::DropAfter);
    assert!(try_ask(&server, "PUT /b/4", &[], b"4").await.is_none());
    assert!(try_ask(&server, "PUT /b/5", &[], b"5").await.is_none());
    assert_eq!((server.object("b", "4"), server.object("b", "5").is_some()), (None, true));

    server.fail(Operation::GetObject, When::Always, Fault::CutBody(1));
    ask(&server, "PUT /b/6", &[], b"123").await;
    let cut = ask(&server, "GET /b/6", &[], b"").await;
    assert_eq!((cut.header("content-length"), &*cut.body), (Some("3"), "12"));

    let held = Held::new();
    server.fail(Operation::DeleteObject, When::Always, Fault::Hold(held.clone()));
    let (answer, ()) = tokio::join!(ask(&server, "DELETE /b/6", &[], b""), async {
        held.reached().await;
        assert!(server.object("b", "6").is_some());
        held.release();
    });
    assert_eq!((answer.status, server.object("b", "6")), (204, None));
    let calls = server.calls();
    assert_eq!(calls.len(), 8);
    assert_eq!((calls[0].operation, &*calls[0].key, calls[0].body_bytes), (Operation::PutObject, "1", 1));
}
