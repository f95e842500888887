//! Gives jobs and tells artists, as the table's stream says what was just written into the outbox. AWS runs this; `cloud::functions` says how.

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    cloud::functions::notify().await
}
