//! The ports' adapters for AWS: the catalogue and all that is kept with it in a table of DynamoDB, queues by SQS, followers
//! by SNS, links by S3's presigning.

mod failure;
mod links;
mod queue;
pub mod table;
mod topics;

pub use links::S3Links;
pub use queue::{Queues, SqsQueue};
pub use topics::{FollowBook, Follower, SnsTopics};
