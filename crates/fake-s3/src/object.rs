//! Whole objects: put, copied, read, removed.

use std::ops::Range;

use hyper::StatusCode;
use percent_encoding::percent_decode_str;

use crate::answer::Answer;
use crate::call::Call;
use crate::refusal::Refusal;
use crate::state::{Object, State, etag};

/// S3's largest object in one request: 5 GiB.
const LARGEST_PUT: usize = 5 * 1024 * 1024 * 1024;

impl State {
    pub(crate) fn put_object(&mut self, call: &Call) -> Result<Answer, Refusal> {
        if call.body.len() > LARGEST_PUT {
            return Err(Refusal::new(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"));
        }
        let crc64 = self.check_body(call)?;
        self.check_not_there(call)?;
        self.objects.insert(
            name(call),
            Object { bytes: call.body.clone(), crc64, content_type: content_type(call), upload: None },
        );
        Ok(self.describe(Answer::ok().header("etag", etag(crc64)), crc64))
    }

    pub(crate) fn copy_object(&mut self, call: &Call) -> Result<Answer, Refusal> {
        let object = Object { upload: None, ..self.copy_source(call)? };
        if object.bytes.len() > LARGEST_PUT {
            return Err(Refusal::new(
                400,
                "InvalidRequest",
                "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120",
            ));
        }
        self.check_not_there(call)?;
        let xml = format!("<CopyObjectResult><ETag>{}</ETag></CopyObjectResult>", escaped_etag(object.crc64));
        self.objects.insert(name(call), object);
        Ok(Answer::ok().body(xml))
    }

    /// The object that is to be copied, if it is the one that was looked at.
    pub(crate) fn copy_source(&self, call: &Call) -> Result<Object, Refusal> {
        let source = call.header("x-amz-copy-source").unwrap_or_default();
        let source = percent_decode_str(source.trim_start_matches('/')).decode_utf8_lossy();
        let (bucket, key) = source.split_once('/').unwrap_or_default();
        let found = self.objects.get(&(bucket.to_owned(), key.to_owned()));
        let object = found.cloned().ok_or_else(Refusal::no_such_key)?;
        check_mark(call.header("x-amz-copy-source-if-match"), &object)?;
        Ok(object)
    }

    pub(crate) fn head_object(&self, call: &Call) -> Result<Answer, Refusal> {
        let object = self.objects.get(&name(call)).ok_or_else(|| Refusal::new(404, "NotFound", ""))?;
        Ok(self
            .describe_if_asked(call, Answer::ok(), object)
            // The length is told though there is no body.
            .header("content-length", object.bytes.len()))
    }

    pub(crate) fn get_object(&self, call: &Call) -> Result<Answer, Refusal> {
        let object = self.objects.get(&name(call)).ok_or_else(Refusal::no_such_key)?;
        let length = object.bytes.len();
        let Some(range) = call.header("range") else {
            return Ok(self.describe_if_asked(call, Answer::ok(), object).body(object.bytes.clone()));
        };
        let range = range_of(range, length)
            .ok_or_else(|| Refusal::new(416, "InvalidRange", "The requested range is not satisfiable"))?;
        let answer = Answer::new(StatusCode::PARTIAL_CONTENT)
            .header("etag", etag(object.crc64))
            .header("content-type", &object.content_type)
            .header("content-range", format!("bytes {}-{}/{length}", range.start, range.end - 1));
        Ok(answer.body(object.bytes.slice(range)))
    }

    pub(crate) fn delete_object(&mut self, call: &Call) -> Result<Answer, Refusal> {
        match (call.header("if-match"), self.objects.get(&name(call))) {
            (Some(_), None) => return Err(Refusal::no_such_key()),
            (mark, Some(object)) => check_mark(mark, object)?,
            (None, None) => {}
        }
        self.objects.remove(&name(call));
        Ok(Answer::new(StatusCode::NO_CONTENT))
    }

    /// Refuses to write an object that is there, if the request asks for that.
    pub(crate) fn check_not_there(&self, call: &Call) -> Result<(), Refusal> {
        match call.header("if-none-match") {
            None => Ok(()),
            Some("*") if self.objects.contains_key(&name(call)) => Err(Refusal::precondition_failed()),
            Some("*") => Ok(()),
            Some(other) => Err(Refusal::not_implemented(&format!("If-None-Match: {other} of a write"))),
        }
    }

    /// Adds what is told of an object's checksum.
    pub(crate) fn describe(&self, answer: Answer, crc64: u64) -> Answer {
        if self.manners.checksums {
            self.with_checksum(answer, crc64).header("x-amz-checksum-type", "FULL_OBJECT")
        } else {
            answer
        }
    }

    fn describe_if_asked(&self, call: &Call, answer: Answer, object: &Object) -> Answer {
        let answer = answer.header("etag", etag(object.crc64)).header("content-type", &object.content_type);
        if call.header("x-amz-checksum-mode") == Some("ENABLED") { self.describe(answer, object.crc64) } else { answer }
    }
}

/// Refuses to touch an object that is not the one that was looked at.
fn check_mark(mark: Option<&str>, object: &Object) -> Result<(), Refusal> {
    match mark {
        Some(mark) if mark != "*" && mark.trim_matches('"') != etag(object.crc64).trim_matches('"') => {
            Err(Refusal::precondition_failed())
        }
        _ => Ok(()),
    }
}

/// What an object is found by.
pub(crate) fn name(call: &Call) -> (String, String) {
    (call.bucket.clone(), call.key.clone())
}

pub(crate) fn content_type(call: &Call) -> String {
    call.header("content-type").unwrap_or("binary/octet-stream").to_owned()
}

pub(crate) fn escaped_etag(crc64: u64) -> String {
    quick_xml::escape::escape(etag(crc64)).into_owned()
}

/// `bytes=FIRST-LAST`, `bytes=FIRST-` or `bytes=-COUNT`, clipped at the end. None when it lies beyond.
fn range_of(text: &str, length: usize) -> Option<Range<usize>> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let range = match (first, last) {
        ("", count) => length.saturating_sub(count.parse().ok()?)..length,
        (first, "") => first.parse().ok()?..length,
        // Numbers beyond usize are beyond any object here.
        (first, last) => {
            first.parse().ok()?..last.parse::<usize>().unwrap_or(usize::MAX - 1).min(length.checked_sub(1)?) + 1
        }
    };
    (range.start < range.end).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let table = [
            ("bytes=0-0", Some(0..1)),
            ("bytes=0-9", Some(0..10)),
            ("bytes=5-", Some(5..10)),
            ("bytes=-3", Some(7..10)),
            ("bytes=-30", Some(0..10)),
            ("bytes=8-100", Some(8..10)),
            ("bytes=8-18446744073709551614", Some(8..10)),
            ("bytes=10-11", None),
            ("bytes=5-4", None),
            ("bytes=x", None),
        ];
        for (text, expected) in table {
            assert_eq!(range_of(text, 10), expected, "{text}");
        }
        assert_eq!(range_of("bytes=0-0", 0), None);
    }
}
