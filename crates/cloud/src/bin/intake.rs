//! Takes in the deliveries whose manifests S3 tells of. AWS runs this; `cloud::functions` says how.

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    cloud::functions::intake().await
}
