//! What an operator orders, who needs no account: AWS has let them call the function.

use serde_json::Value;
use thiserror::Error;

use super::Api;
use super::error::ApiError;
use super::handlers::labels;
use super::wire::OperatorOrder;

/// Why an operator's order was not done.
#[derive(Debug, Error)]
#[error(transparent)]
pub struct OrderRefused(ApiError);

impl Api {
    /// Does what an operator orders, and answers as the API would.
    ///
    /// # Errors
    /// Where the order makes no sense, or a port fails.
    pub async fn obey(&self, order: OperatorOrder) -> Result<Value, OrderRefused> {
        match order {
            OperatorOrder::MapArtists { label, account } => {
                let mapped = labels::mapped(self, &label, account).await.map_err(OrderRefused)?;
                tracing::info!(%label, artists = mapped.artists.len(), "an operator mapped artists to an account");
                Ok(serde_json::to_value(mapped).expect("an account always serialises"))
            }
        }
    }
}
