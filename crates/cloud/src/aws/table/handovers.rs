use async_trait::async_trait;
use jiff::Timestamp;
use release::DeliveryId;

use super::Table;
use super::item::{Reader, expiry, millis, pack};
use super::keys;
use crate::aws::failure;
use crate::catalogue::ReleaseKey;
use crate::ports::{Handover, Handovers, PortError};

#[async_trait]
impl Handovers for Table {
    async fn keep(&self, handover: &Handover) -> Result<Handover, PortError> {
        let doing = format!("keeping the handover of delivery {}", handover.delivery);
        let now = self.clock.now();
        let mut item = keys::handover(&handover.key, handover.delivery).item();
        pack(&mut item, "handover", handover)?;
        item.insert("until".to_owned(), millis(handover.until));
        item.insert("expires".to_owned(), expiry(handover.until));
        // One whose time is over may still lie there: the table clears away within days. `until` is a reserved word.
        let put = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk) OR #until <= :now")
            .expression_attribute_names("#until", "until")
            .expression_attribute_values(":now", millis(now))
            .send()
            .await;
        match put {
            Ok(_) => Ok(handover.clone()),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                let kept = self.load(&handover.key, handover.delivery, now).await?;
                // Removed since: somebody completed it, and another call tells.
                kept.ok_or_else(|| PortError::new(doing, true, "it was removed meanwhile"))
            }
            Err(error) => Err(failure::of(doing, error)),
        }
    }

    async fn load(
        &self,
        key: &ReleaseKey,
        delivery: DeliveryId,
        now: Timestamp,
    ) -> Result<Option<Handover>, PortError> {
        let doing = format!("reading the handover of delivery {delivery}");
        let item = self.get(&doing, &keys::handover(key, delivery)).await?;
        let handover: Option<Handover> = item.map(|item| Reader(&item).unpack("handover")).transpose()?;
        Ok(handover.filter(|handover| handover.until > now))
    }

    async fn remove(&self, key: &ReleaseKey, delivery: DeliveryId) -> Result<(), PortError> {
        let doing = format!("removing the handover of delivery {delivery}");
        Table::remove(self, &doing, &keys::handover(key, delivery)).await.map(drop)
    }
}
