use std::fmt::Debug;

use async_trait::async_trait;

use super::PortError;
use crate::Letter;

/// Where e-mail goes.
#[async_trait]
pub trait Mailer: Send + Sync + Debug {
    /// Sends a letter. A letter of the same name is sent once where the service can tell; asking again is no error.
    async fn send(&self, letter: &Letter) -> Result<Mailed, PortError>;
}

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailed {
    /// Where it is: a file's name, or the service's id.
    pub reference: String,
}
