use async_trait::async_trait;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};
use jiff::{SignedDuration, Timestamp};

use super::Table;
use super::item::{Item, Reader, expiry, millis, number};
use super::keys;
use crate::aws::failure;
use crate::ports::{Lease, LeaseOutcome, Leases, PortError};

/// How long a lease that ran out is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

#[async_trait]
impl Leases for Table {
    async fn acquire(&self, job: &str, now: Timestamp, until: Timestamp) -> Result<LeaseOutcome, PortError> {
        let doing = format!("taking the lease of {job}");
        // A token begins with the time, so that it is greater than any that was given before the item was cleared away.
        let base = u64::try_from(now.as_microsecond()).unwrap_or(0);
        let taken = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(keys::lease(job).item()))
            .update_expression(
                "SET #token = if_not_exists(#token, :base) + :one, #taken = :now, #until = :until, #expires = :expires",
            )
            .condition_expression("attribute_not_exists(pk) OR #until <= :now")
            .expression_attribute_names("#token", "token")
            .expression_attribute_names("#taken", "taken")
            .expression_attribute_names("#until", "until")
            .expression_attribute_names("#expires", "expires")
            .expression_attribute_values(":base", number(base))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":now", millis(now))
            .expression_attribute_values(":until", millis(until))
            .expression_attribute_values(":expires", forgotten(until))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        match taken {
            Ok(taken) => {
                let item = taken.attributes.unwrap_or_default();
                Ok(LeaseOutcome::Taken(Lease { job: job.to_owned(), token: Reader(&item).number("token")? }))
            }
            Err(error) => match error.as_service_error().and_then(held) {
                Some(item) => Ok(LeaseOutcome::Held { until: Reader(item).instant("until")? }),
                None => Err(failure::of(doing, error)),
            },
        }
    }

    async fn extend(&self, lease: &Lease, until: Timestamp) -> Result<bool, PortError> {
        let extended = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(keys::lease(&lease.job).item()))
            .update_expression("SET #until = :until, #expires = :expires")
            .condition_expression("#token = :token")
            .expression_attribute_names("#token", "token")
            .expression_attribute_names("#until", "until")
            .expression_attribute_names("#expires", "expires")
            .expression_attribute_values(":token", number(lease.token))
            .expression_attribute_values(":until", millis(until))
            .expression_attribute_values(":expires", forgotten(until.max(self.clock.now())))
            .send()
            .await;
        match extended {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                Ok(false)
            }
            Err(error) => Err(failure::of(format!("keeping the lease of {}", lease.job), error)),
        }
    }

    async fn release(&self, lease: &Lease) -> Result<(), PortError> {
        self.extend(lease, Timestamp::UNIX_EPOCH).await.map(drop)
    }
}

impl Table {
    /// When a lease was last taken.
    pub(super) async fn lease_taken(&self, job: &str) -> Result<Option<Timestamp>, PortError> {
        let item = self.get(&format!("looking for the lease of {job}"), &keys::lease(job)).await?;
        // One that an earlier version gave has no such instant.
        let item = item.filter(|item| item.contains_key("taken"));
        Ok(item.map(|item| Reader(&item).instant("taken")).transpose()?)
    }
}

type UpdateError = aws_sdk_dynamodb::operation::update_item::UpdateItemError;

/// The item that was in the way, where a condition failed.
fn held(error: &UpdateError) -> Option<&Item> {
    match error {
        UpdateError::ConditionalCheckFailedException(failed) => failed.item(),
        _ => None,
    }
}

fn forgotten(until: Timestamp) -> aws_sdk_dynamodb::types::AttributeValue {
    expiry(until.saturating_add(KEPT).unwrap_or(Timestamp::MAX))
}
