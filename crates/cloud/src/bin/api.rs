//! Answers what apps and partners ask of a label's cloud. AWS runs this; `cloud::functions` says how.

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    cloud::functions::api().await
}
