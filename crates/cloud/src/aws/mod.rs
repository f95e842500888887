//! The ports' adapters for AWS: queues by SQS, followers by SNS, links by S3's presigning.

mod failure;
mod links;
mod queue;
mod topics;

pub use links::S3Links;
pub use queue::{Queues, SqsQueue};
pub use topics::{FollowBook, Follower, SnsTopics};
