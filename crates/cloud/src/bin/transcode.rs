//! Makes tracks' renditions. AWS runs this; `cloud::functions` says how.

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    cloud::functions::transcode().await
}
