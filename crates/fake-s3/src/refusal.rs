use std::fmt::Write as _;

use bytes::Bytes;
use hyper::StatusCode;

/// An error in S3's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: &str, message: &str) -> Self {
        Self { status, code: code.into(), message: message.into() }
    }

    pub(crate) fn invalid(message: &str) -> Self {
        Self::new(400, "InvalidRequest", message)
    }

    pub(crate) fn not_implemented(what: &str) -> Self {
        Self::new(501, "NotImplemented", &format!("fake-s3 does not know {what}."))
    }

    pub(crate) fn bad_digest() -> Self {
        Self::new(400, "BadDigest", "The CRC64NVME you specified did not match the calculated checksum.")
    }

    pub(crate) fn precondition_failed() -> Self {
        Self::new(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
    }

    pub(crate) fn no_such_key() -> Self {
        Self::new(404, "NoSuchKey", "The specified key does not exist.")
    }

    pub(crate) fn no_such_upload() -> Self {
        Self::new(
            404,
            "NoSuchUpload",
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
        )
    }

    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(crate) fn xml(&self, request_id: &str) -> Bytes {
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>");
        for (name, text) in [("Code", &*self.code), ("Message", &*self.message), ("RequestId", request_id)] {
            let _ = write!(xml, "<{name}>{}</{name}>", quick_xml::escape::escape(text));
        }
        xml.push_str("</Error>");
        xml.into()
    }
}
