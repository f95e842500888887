//! Takes what happened to releases to their records; every minute it does what time brings, and what was missed. AWS runs this; `cloud::functions` says how.

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    cloud::functions::catalogue().await
}
