use std::collections::BTreeMap;

use async_trait::async_trait;
use release::LabelId;

use super::Table;
use super::item::{Reader, pack};
use super::keys::{self, Key};
use super::request::{Bound, Range};
use crate::api::wire::{ArtistAccount, LabelSettings};
use crate::ports::{EmailAddress, Labels, PortError};

const ACCOUNT: &str = "ACCOUNT#";

#[async_trait]
impl Labels for Table {
    async fn settings(&self, label: &LabelId) -> Result<Option<LabelSettings>, PortError> {
        let item = self.get(&format!("reading the settings of {label}"), &settings(label)).await?;
        Ok(item.map(|item| Reader(&item).unpack("settings")).transpose()?)
    }

    async fn set(&self, label: &LabelId, said: &LabelSettings) -> Result<(), PortError> {
        let mut item = settings(label).item();
        pack(&mut item, "settings", said)?;
        self.put(&format!("keeping the settings of {label}"), item, None).await.map(drop)
    }

    async fn artists_of(&self, label: &LabelId, email: &EmailAddress) -> Result<Vec<String>, PortError> {
        let item = self.get(&format!("reading an account of {label}"), &account(label, email)).await?;
        let known: Option<ArtistAccount> = item.map(|item| Reader(&item).unpack("account")).transpose()?;
        Ok(known.map(|account| account.artists).unwrap_or_default())
    }

    async fn map(&self, label: &LabelId, mapped: &ArtistAccount) -> Result<(), PortError> {
        let (doing, key) = (format!("keeping an account of {label}"), account(label, &mapped.email));
        if mapped.artists.is_empty() {
            return self.remove(&doing, &key).await.map(drop);
        }
        let mut item = key.item();
        pack(&mut item, "account", mapped)?;
        self.put(&doing, item, None).await.map(drop)
    }

    async fn accounts(&self, label: &LabelId) -> Result<BTreeMap<EmailAddress, Vec<String>>, PortError> {
        let range = Range {
            index: None,
            partition: keys::label(label),
            bound: Bound::Prefix(ACCOUNT.to_owned()),
            backwards: false,
        };
        let mut accounts = BTreeMap::new();
        for item in self.query(&format!("reading the accounts of {label}"), &range, usize::MAX).await? {
            let account: ArtistAccount = Reader(&item).unpack("account")?;
            accounts.insert(account.email, account.artists);
        }
        Ok(accounts)
    }
}

fn settings(label: &LabelId) -> Key {
    Key { pk: keys::label(label), sk: "SETTINGS".to_owned() }
}

fn account(label: &LabelId, email: &EmailAddress) -> Key {
    Key { pk: keys::label(label), sk: format!("{ACCOUNT}{}", email.folded()) }
}
