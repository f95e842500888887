use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use async_trait::async_trait;
use keyring::{Entry, Error};
use tokio::sync::oneshot;

use super::secret::Secret;
use super::vault::{Vault, VaultError};

/// The system's keyring: Secret Service, Keychain, or Windows' Credential Manager.
///
/// Calls wait for a person who unlocks it, and sometimes for ever, so they are made one after the other on a thread of
/// their own that nothing waits for: neither a task for longer than the limit, nor the program's end, as it would for
/// tokio's blocking threads. A call that comes to its end later is done later, in the order in which they were made.
#[derive(Debug)]
pub struct Keyring {
    calls: mpsc::Sender<Call>,
    limit: Duration,
}

/// Long enough for a person to type the keyring's password.
const LIMIT: Duration = Duration::from_secs(60);

type Call = Box<dyn FnOnce() + Send>;

impl Keyring {
    /// The keyring of whoever runs the program.
    #[must_use]
    pub fn of_the_system() -> Self {
        Self::with_limit(LIMIT)
    }

    fn with_limit(limit: Duration) -> Self {
        let (calls, made) = mpsc::channel::<Call>();
        // Where no thread can be had, calls find nobody who takes them, and say so.
        let _ =
            thread::Builder::new().name("keyring".to_owned()).spawn(move || made.into_iter().for_each(|call| call()));
        Self { calls, limit }
    }

    async fn call<T: Send + 'static>(
        &self,
        act: impl FnOnce() -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, VaultError> {
        let none = || VaultError::None { reason: "it cannot be spoken to".to_owned() };
        let (answer, answered) = oneshot::channel();
        // Nobody listens any more where the limit has passed.
        let call = move || drop(answer.send(act()));
        self.calls.send(Box::new(call)).map_err(|_| none())?;
        match tokio::time::timeout(self.limit, answered).await {
            Ok(Ok(ended)) => ended,
            Ok(Err(_)) => Err(none()),
            Err(_) => Err(VaultError::Stuck { seconds: self.limit.as_secs() }),
        }
    }
}

#[async_trait]
impl Vault for Keyring {
    async fn save(&self, service: &str, account: &str, secret: &Secret) -> Result<(), VaultError> {
        let (service, account, secret) = (service.to_owned(), account.to_owned(), secret.clone());
        self.call(move || {
            // As bytes: Windows keeps 2,560 of them, and text as UTF-16, which a refresh token would not fit into.
            entry(&service, &account)?.set_secret(secret.expose().as_bytes()).map_err(fault)
        })
        .await
    }

    async fn load(&self, service: &str, account: &str) -> Result<Option<Secret>, VaultError> {
        let (service, account) = (service.to_owned(), account.to_owned());
        self.call(move || match entry(&service, &account)?.get_secret() {
            // What is no text was never put there by Lacquer.
            Ok(bytes) => Ok(String::from_utf8(bytes).ok().map(Secret::new)),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(fault(error)),
        })
        .await
    }

    async fn forget(&self, service: &str, account: &str) -> Result<(), VaultError> {
        let (service, account) = (service.to_owned(), account.to_owned());
        self.call(move || match entry(&service, &account)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(fault(error)),
        })
        .await
    }
}

fn entry(service: &str, account: &str) -> Result<Entry, VaultError> {
    // A keyring's library that panics must not take its thread along: later calls would find nobody.
    if let Err(error) = Entry::store_status() {
        return Err(VaultError::None { reason: in_words(error) });
    }
    Entry::new(service, account).map_err(fault)
}

fn fault(error: Error) -> VaultError {
    match error {
        Error::NoDefaultStore => VaultError::None { reason: in_words(&error) },
        error => VaultError::Refused { reason: in_words(&error) },
    }
}

/// What went wrong, without what some errors carry along: the secret's own bytes, or entries.
fn in_words(error: &Error) -> String {
    match error {
        Error::PlatformFailure(cause) => {
            tracing::info!(%cause, "the keyring cannot be used");
            "it cannot be reached".to_owned()
        }
        Error::NoStorageAccess(cause) => {
            tracing::info!(%cause, "the keyring cannot be used");
            "it is locked, or was not unlocked".to_owned()
        }
        Error::NoEntry => "there is no such entry".to_owned(),
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => {
            "what it holds is damaged".to_owned()
        }
        Error::TooLong(what, most) => format!("{what} is longer than the {most} characters that it takes"),
        Error::Invalid(what, reason) => format!("{what}: {reason}"),
        Error::Ambiguous(entries) => format!("{} entries have the same name", entries.len()),
        Error::NoDefaultStore => "none is running".to_owned(),
        Error::NotSupportedByStore(what) => what.clone(),
        _ => "for a reason that it does not say".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_keyring_that_does_not_answer_is_said_and_hinders_nothing() {
        let keyring = Keyring::with_limit(Duration::from_secs(60));
        let (release, held) = mpsc::channel::<()>();
        let stuck = keyring
            .call(move || {
                let _ = held.recv();
                Ok(())
            })
            .await;
        assert_eq!(stuck, Err(VaultError::Stuck { seconds: 60 }));
        drop(release);
        tokio::time::resume();
        assert_eq!(keyring.call(|| Ok(7)).await, Ok(7));
    }
}
