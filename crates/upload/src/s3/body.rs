//! Bodies that can be sent again: a range of a file is read anew for every try.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use aws_sdk_s3::primitives::{ByteStream, Length, SdkBody};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::Sleep;

use crate::{Body, Flow, StoreError};

/// Bytes read from a file at a time; the SDK's default is a quarter of it.
const BUFFER: usize = 256 * 1024;

/// Of a body whose length is what the part's or object's is, and whose file is that long.
pub(super) async fn stream(
    body: &Body,
    wanted: u64,
    mismatch: impl Fn() -> StoreError,
) -> Result<ByteStream, StoreError> {
    if body.length() != wanted {
        return Err(mismatch());
    }
    match body {
        Body::Bytes(bytes) => Ok(ByteStream::from(bytes.clone())),
        Body::File { path, offset, length, flow } => {
            check(body, &mismatch).await?;
            let (flow, length) = (flow.clone(), *length);
            let range = ByteStream::read_from().path(path).offset(*offset).length(Length::Exact(length));
            let range = range
                .buffer_size(BUFFER)
                .build()
                .await
                .map_err(|error| StoreError::Source { path: path.clone(), source: std::io::Error::other(error) })?;
            // Made anew for every try of the SDK's own.
            Ok(range.map(move |body| SdkBody::from_body_1_x(Paced::new(body, length, flow.clone()))))
        }
    }
}

/// Whether the bytes are still there to be read. Asked again when sending broke off: the network was not to blame when
/// the file is gone.
pub(super) async fn check(body: &Body, mismatch: impl Fn() -> StoreError) -> Result<(), StoreError> {
    let Body::File { path, offset, length, .. } = body else { return Ok(()) };
    match tokio::fs::File::open(path).await {
        Ok(file) => match file.metadata().await {
            Ok(metadata) if metadata.len() < offset.saturating_add(*length) => Err(mismatch()),
            Ok(_) => Ok(()),
            Err(source) => Err(StoreError::Source { path: path.clone(), source }),
        },
        Err(source) => Err(StoreError::Source { path: path.clone(), source }),
    }
}

/// A body whose bytes are counted and paced as the connection takes them.
struct Paced {
    body: SdkBody,
    flow: Flow,
    /// Bytes that were not handed out yet.
    left: u64,
    /// Of what was read, the part that was not handed out yet.
    read: Bytes,
    /// How many bytes are waited for, and the waiting.
    waiting: Option<(usize, Pin<Box<Sleep>>)>,
}

impl Paced {
    fn new(body: SdkBody, length: u64, flow: Flow) -> Self {
        Self { body, flow, left: length, read: Bytes::new(), waiting: None }
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = <SdkBody as HttpBody>::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = self.get_mut();
        while this.read.is_empty() {
            match ready!(Pin::new(&mut this.body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => this.read = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                end => return Poll::Ready(end),
            }
        }
        let (bytes, waiting) = this.waiting.get_or_insert_with(|| {
            let bytes = this.read.len().min(this.flow.most());
            (bytes, Box::pin(tokio::time::sleep(this.flow.reserve(bytes))))
        });
        ready!(waiting.as_mut().poll(context));
        let bytes = *bytes;
        this.waiting = None;
        this.left = this.left.saturating_sub(bytes as u64);
        this.flow.passed(bytes);
        Poll::Ready(Some(Ok(Frame::data(this.read.split_to(bytes)))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0 && self.read.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
