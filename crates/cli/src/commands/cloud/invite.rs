use aws_sdk_cognitoidentityprovider::Client;
use aws_sdk_cognitoidentityprovider::types::{AttributeType, DeliveryMediumType, MessageActionType};
use serde::Serialize;
use serde_json::json;

use super::calling::call;
use super::deployment::Deployment;
use super::refusal::refusal;
use crate::arguments::{FunctionArgument, Invite, Role};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Ended, Terminal};

/// `cloud invite --json`.
#[derive(Debug, Serialize)]
struct Invited<'a> {
    email: &'a str,
    label: &'a str,
    role: Role,
    /// Whether the account is a new one.
    new: bool,
    /// Whether a mail with a temporary password went out.
    mailed: bool,
    /// The artists whose releases the account sees; null where that was not said.
    artists: Option<Vec<String>>,
}

/// What is to be done about an account.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    /// There is none: it is made, and AWS mails a temporary password.
    Create,
    /// It is there, and has never been used: the mail goes out again, with a new password.
    Resend,
    /// It is there.
    Keep,
}

/// An account that is there already.
#[derive(Debug, Default, PartialEq, Eq)]
struct Account {
    label: Option<String>,
    is_unused: bool,
    is_enabled: bool,
}

pub(super) async fn run(arguments: Invite, terminal: &Terminal) -> Result<Ended, Failure> {
    let Invite { email, label, role, artists, stack } = arguments;
    let deployment = Deployment::find(&stack).await?;
    let pool = deployment.output("UserPool")?;
    let client = Client::new(&deployment.config);
    let label = label.to_string();

    let account = account(&client, pool, &email).await?;
    let step = step(account.as_ref(), &email, &label)?;
    // Before the mail: whoever signs in by it finds their releases.
    let artists = match artists.is_empty() {
        true => None,
        false => Some(map(&deployment, &email, &label, artists).await?),
    };
    match step {
        Step::Create => create(&client, pool, &email, &label).await?,
        Step::Resend => resend(&client, pool, &email).await?,
        Step::Keep => {}
    }
    put_into_group(&client, pool, &email, role).await?;

    let what = role.words();
    match step {
        Step::Create => terminal.say(format_args!(
            "{email} is invited to {label} as {what}: a mail with a temporary password is on its way, good for seven days."
        )),
        Step::Resend => terminal.say(format_args!(
            "{email} was invited to {label} before and has not signed in yet: a mail with a new temporary password is on \
             its way. They are {what}."
        )),
        Step::Keep => terminal.say(format_args!("{email} has an account of {label} already, and is {what} now.")),
    }
    match &artists {
        Some(artists) => terminal.say(format_args!("They see the releases of {}.", artists.join(", "))),
        None if role == Role::Artist && step == Step::Create => terminal
            .say("They see nothing yet: say with --artist who they are, or have it said in the app, in \"Artists\"."),
        None => {}
    }
    let (new, mailed) = (step == Step::Create, step != Step::Keep);
    let invited = Invited { email: &email, label: &label, role, new, mailed, artists };
    Ok(Ended::with(Exit::Done, &invited))
}

/// An account belongs to one label for good: what it delivered or saw is that label's.
fn step(account: Option<&Account>, email: &str, label: &str) -> Result<Step, Failure> {
    let Some(account) = account else { return Ok(Step::Create) };
    match account.label.as_deref() {
        Some(other) if other != label => {
            let message = format!("{email} has an account of another label, {other}.");
            Err(Failure::new("invite-other-label", message)
                .with_help("An account belongs to one label: invite another address, such as name+label@example.org."))
        }
        None => {
            let message = format!("{email} has an account without a label, which this program did not make.");
            Err(Failure::new("invite-no-label", message)
                .with_help("Delete it in Cognito's console, and invite it again."))
        }
        Some(_) if !account.is_enabled => {
            Err(Failure::new("invite-disabled", format!("The account of {email} is disabled."))
                .with_help("Enable it in Cognito's console first."))
        }
        Some(_) if account.is_unused => Ok(Step::Resend),
        Some(_) => Ok(Step::Keep),
    }
}

async fn account(client: &Client, pool: &str, email: &str) -> Result<Option<Account>, Failure> {
    let found = match client.admin_get_user().user_pool_id(pool).username(email).send().await {
        Ok(found) => found,
        Err(error) if error.as_service_error().is_some_and(|error| error.is_user_not_found_exception()) => {
            return Ok(None);
        }
        Err(error) => return Err(refusal(&format!("Whether {email} has an account is not known"), &error)),
    };
    let label = found.user_attributes().iter().find(|attribute| attribute.name() == LABEL);
    Ok(Some(Account {
        label: label.and_then(|attribute| attribute.value()).map(ToOwned::to_owned),
        is_unused: found.user_status().is_some_and(|status| status.as_str() == "FORCE_CHANGE_PASSWORD"),
        is_enabled: found.enabled(),
    }))
}

/// The attribute that says whose releases an account may see; no client may write it.
const LABEL: &str = "custom:label_id";

async fn create(client: &Client, pool: &str, email: &str, label: &str) -> Result<(), Failure> {
    let mut request = client
        .admin_create_user()
        .user_pool_id(pool)
        .username(email)
        .desired_delivery_mediums(DeliveryMediumType::Email);
    for (name, value) in [("email", email), ("email_verified", "true"), (LABEL, label)] {
        let attribute = AttributeType::builder().name(name).value(value).build();
        request = request.user_attributes(attribute.expect("an attribute needs a name only"));
    }
    match request.send().await {
        Ok(_) => Ok(()),
        Err(error) => Err(refusal(&format!("{email} is not invited"), &error)),
    }
}

async fn resend(client: &Client, pool: &str, email: &str) -> Result<(), Failure> {
    let request = client
        .admin_create_user()
        .user_pool_id(pool)
        .username(email)
        .message_action(MessageActionType::Resend)
        .desired_delivery_mediums(DeliveryMediumType::Email);
    match request.send().await {
        Ok(_) => Ok(()),
        Err(error) => Err(refusal(&format!("The mail to {email} was not sent again"), &error)),
    }
}

/// Maps artists to an account, by the API's function: it keeps the same rules for whoever says so. Answers with the names
/// as they are kept.
async fn map(deployment: &Deployment, email: &str, label: &str, artists: Vec<String>) -> Result<Vec<String>, Failure> {
    let account = json!({ "email": email, "artists": artists });
    let order = json!({ "operator": "map-artists", "label": label, "account": account });
    let called = call(deployment, FunctionArgument::Api, order.to_string()).await?;
    if called.failed {
        let message =
            format!("Which artists {email} is to see was not taken, and nobody was invited: {}.", called.reason());
        return Err(Failure::new("invite-artists", message)
            .with_help("Mend the names; if the order is not known there, deploy this version of the template first."));
    }
    let kept = called.answer["artists"].as_array().into_iter().flatten();
    Ok(kept.filter_map(|name| name.as_str().map(ToOwned::to_owned)).collect())
}

/// Into the group of its role, and out of the others: the role that was said last counts.
async fn put_into_group(client: &Client, pool: &str, email: &str, role: Role) -> Result<(), Failure> {
    let doing = format!("{email} has an account, and is not yet in the group {}", role.group());
    let added =
        client.admin_add_user_to_group().user_pool_id(pool).username(email).group_name(role.group()).send().await;
    added.map_err(|error| refusal(&doing, &error))?;
    let groups = client.admin_list_groups_for_user().user_pool_id(pool).username(email).send().await;
    let groups = groups.map_err(|error| refusal("Its other groups cannot be seen", &error))?;
    for group in groups.groups().iter().filter_map(|group| group.group_name()) {
        if group != role.group() && Role::ALL.iter().any(|role| role.group() == group) {
            let removed =
                client.admin_remove_user_from_group().user_pool_id(pool).username(email).group_name(group).send().await;
            removed.map_err(|error| refusal(&format!("{email} is still in the group {group} too"), &error))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_made_once_and_belongs_to_one_label() {
        let account = |label: Option<&str>, is_unused, is_enabled| Account {
            label: label.map(ToOwned::to_owned),
            is_unused,
            is_enabled,
        };
        let decided = |account| step(Some(&account), "kim@example.org", "nightbus").map_err(|failure| failure.code);
        assert_eq!(step(None, "kim@example.org", "nightbus").unwrap(), Step::Create);
        for (account, expected) in [
            (account(Some("nightbus"), true, true), Ok(Step::Resend)),
            (account(Some("nightbus"), false, true), Ok(Step::Keep)),
            (account(Some("nightbus"), false, false), Err("invite-disabled")),
            (account(Some("other"), true, true), Err("invite-other-label")),
            (account(None, false, true), Err("invite-no-label")),
        ] {
            assert_eq!(decided(account), expected);
        }
    }
}
