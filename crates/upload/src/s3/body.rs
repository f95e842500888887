//! Bodies that can be sent again: a range of a file is read anew for every try.

use aws_sdk_s3::primitives::{ByteStream, Length};

use crate::{Body, StoreError};

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
        Body::File { path, offset, length } => {
            check(body, &mismatch).await?;
            let range = ByteStream::read_from().path(path).offset(*offset).length(Length::Exact(*length));
            range
                .buffer_size(BUFFER)
                .build()
                .await
                .map_err(|error| StoreError::Source { path: path.clone(), source: std::io::Error::other(error) })
        }
    }
}

/// Whether the bytes are still there to be read. Asked again when sending broke off: the network was not to blame when
/// the file is gone.
pub(super) async fn check(body: &Body, mismatch: impl Fn() -> StoreError) -> Result<(), StoreError> {
    let Body::File { path, offset, length } = body else { return Ok(()) };
    match tokio::fs::File::open(path).await {
        Ok(file) => match file.metadata().await {
            Ok(metadata) if metadata.len() < offset.saturating_add(*length) => Err(mismatch()),
            Ok(_) => Ok(()),
            Err(source) => Err(StoreError::Source { path: path.clone(), source }),
        },
        Err(source) => Err(StoreError::Source { path: path.clone(), source }),
    }
}
