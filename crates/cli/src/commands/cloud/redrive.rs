use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, QueueAttributeName};
use serde::Serialize;

use super::calling::call;
use super::deployment::Deployment;
use super::refusal::refusal;
use crate::arguments::{FunctionArgument, QueueArgument, Redrive};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Ended, Terminal};

/// `cloud redrive --json`.
#[derive(Debug, Serialize)]
struct Redriven {
    queues: Vec<QueueJson>,
}

#[derive(Debug, Serialize)]
struct QueueJson {
    queue: QueueArgument,
    /// Messages that were set aside after too many tries.
    dead: u64,
    /// How many of them were sent again; of news, how many were taken away after a sweep.
    sent: u64,
    /// Whether AWS is at it still, by itself.
    under_way: bool,
}

pub(super) async fn run(arguments: Redrive, terminal: &Terminal) -> Result<Ended, Failure> {
    let Redrive { queue, stack } = arguments;
    let deployment = Deployment::find(&stack).await?;
    let client = Client::new(&deployment.config);
    let wanted = match queue {
        Some(queue) => vec![queue],
        None => QueueArgument::ALL.to_vec(),
    };
    let mut queues = Vec::new();
    for queue in wanted {
        let done = redrive(&client, &deployment, queue).await?;
        let (name, count) = (queue.name(), messages(done.dead));
        match (done.dead, done.under_way) {
            (0, _) => terminal.say(format_args!("{name:<10} nothing was set aside")),
            _ if queue.source().is_none() => terminal.say(format_args!(
                "{name:<10} {count} set aside: the catalogue told what had been open for five minutes, and will soon tell \
                 what is younger; {} taken away",
                if done.sent == 1 { "1 was".to_owned() } else { format!("{} were", done.sent) }
            )),
            (_, true) => terminal.say(format_args!("{name:<10} {count} set aside: AWS is sending them again")),
            (_, false) => terminal.say(format_args!("{name:<10} {count} set aside: {} sent again", done.sent)),
        }
        queues.push(done);
    }
    if queues.iter().any(|queue| queue.dead > 0 && queue.queue.source().is_some()) {
        terminal.say(
            "A release that has failed meanwhile goes on by itself once they are dealt with. `lacquer-cli cloud doctor` \
             shows whether any come back.",
        );
    }
    Ok(Ended::with(Exit::Done, &Redriven { queues }))
}

async fn redrive(client: &Client, deployment: &Deployment, queue: QueueArgument) -> Result<QueueJson, Failure> {
    let dead_letters = deployment.output(queue.dead_letters())?;
    let attributes = client
        .get_queue_attributes()
        .queue_url(dead_letters)
        .attribute_names(QueueAttributeName::ApproximateNumberOfMessages)
        .attribute_names(QueueAttributeName::QueueArn)
        .send()
        .await
        .map_err(|error| refusal(&format!("The dead letters of {} cannot be counted", queue.name()), &error))?;
    let attribute = |name| attributes.attributes().and_then(|all| all.get(&name)).map(String::as_str);
    let dead: u64 =
        attribute(QueueAttributeName::ApproximateNumberOfMessages).and_then(|count| count.parse().ok()).unwrap_or(0);
    if dead == 0 {
        return Ok(QueueJson { queue, dead, sent: 0, under_way: false });
    }
    let Some(source) = queue.source() else {
        let sent = sweep_instead(client, deployment, dead_letters, dead).await?;
        return Ok(QueueJson { queue, dead, sent, under_way: false });
    };
    let source = deployment.output(source)?;
    let arn = attribute(QueueAttributeName::QueueArn).unwrap_or_default();
    let doing = format!("The dead letters of {} are not sent again", queue.name());
    match client.start_message_move_task().source_arn(arn).send().await {
        Ok(_) => Ok(QueueJson { queue, dead, sent: 0, under_way: true }),
        Err(error) if is_unknown(error.as_service_error()) => {
            let sent = move_by_hand(client, dead_letters, source, dead, &doing).await?;
            Ok(QueueJson { queue, dead, sent, under_way: false })
        }
        Err(error) => Err(refusal(&doing, &error)),
    }
}

/// What the table's stream gave up on names a place in the stream, and not the news: the outbox has those, and a sweep
/// tells what has been open there for five minutes; what is younger may be the stream's still, and the schedule's next
/// sweeps tell it. Where this one works, what was set aside is of no more use, and is taken away.
async fn sweep_instead(
    client: &Client,
    deployment: &Deployment,
    dead_letters: &str,
    count: u64,
) -> Result<u64, Failure> {
    let doing = "The dead letters of notify stay where they are";
    let swept = call(deployment, FunctionArgument::Catalogue, r#"{"sweep":true}"#.to_owned()).await?;
    let failures = swept.answer["failures"].as_u64().unwrap_or_default();
    if swept.failed || failures > 0 {
        let why = if swept.failed { swept.reason().to_owned() } else { format!("{failures} failures") };
        return Err(Failure::new("redrive-sweep", format!("{doing}: the catalogue's sweep did not go well ({why})."))
            .with_help("See in the catalogue function's log what failed, mend it, and run this again."));
    }
    let mut taken = 0;
    while taken < count {
        let received = client.receive_message().queue_url(dead_letters).max_number_of_messages(10).send().await;
        let received = received.map_err(|error| refusal(doing, &error))?;
        if received.messages().is_empty() {
            break;
        }
        for message in received.messages() {
            let deleted = client.delete_message().queue_url(dead_letters);
            let deleted = deleted.set_receipt_handle(message.receipt_handle.clone()).send().await;
            deleted.map_err(|error| refusal(doing, &error))?;
            taken += 1;
        }
    }
    Ok(taken)
}

/// Whether a service does not have the operation, as SQS's emulators.
fn is_unknown(error: Option<&impl aws_sdk_sqs::error::ProvideErrorMetadata>) -> bool {
    let code = error.and_then(aws_sdk_sqs::error::ProvideErrorMetadata::code).unwrap_or_default();
    // With or without a prefix, by protocol.
    ["InvalidAction", "UnsupportedOperation", "UnknownOperationException", "NotImplemented"]
        .iter()
        .any(|name| code.ends_with(name))
}

/// Sends each message again, and deletes it only then: what dies in between is there twice, which every stage bears. No more
/// than were there at first, since what fails again comes back.
async fn move_by_hand(client: &Client, from: &str, to: &str, count: u64, doing: &str) -> Result<u64, Failure> {
    let mut moved = 0;
    while moved < count {
        let received = client
            .receive_message()
            .queue_url(from)
            .max_number_of_messages(10)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .send()
            .await
            .map_err(|error| refusal(doing, &error))?;
        if received.messages().is_empty() {
            break;
        }
        for message in received.messages() {
            send_again(client, to, message).await.map_err(|error| refusal(doing, &error))?;
            let deleted = client.delete_message().queue_url(from).set_receipt_handle(message.receipt_handle.clone());
            deleted.send().await.map_err(|error| refusal(doing, &error))?;
            moved += 1;
        }
    }
    Ok(moved)
}

async fn send_again(
    client: &Client,
    to: &str,
    message: &Message,
) -> Result<(), aws_sdk_sqs::error::SdkError<aws_sdk_sqs::operation::send_message::SendMessageError>> {
    let attribute = |name| message.attributes().and_then(|all| all.get(&name)).cloned();
    let group = attribute(MessageSystemAttributeName::MessageGroupId);
    // Its own id would make a queue that has seen it within five minutes drop it.
    let deduplication = group.as_ref().map(|_| format!("redrive-{}", message.message_id().unwrap_or_default()));
    client
        .send_message()
        .queue_url(to)
        .set_message_body(message.body.clone())
        .set_message_attributes(message.message_attributes.clone())
        .set_message_group_id(group)
        .set_message_deduplication_id(deduplication)
        .send()
        .await
        .map(|_| ())
}

fn messages(count: u64) -> String {
    if count == 1 { "1 message was".to_owned() } else { format!("{count} messages were") }
}
