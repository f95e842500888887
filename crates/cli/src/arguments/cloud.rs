use clap::{Args, Subcommand, ValueEnum};
use release::LabelId;
use serde::Serialize;

/// `cloud`
#[derive(Debug, Args)]
pub(crate) struct Cloud {
    #[command(subcommand)]
    pub(crate) command: CloudCommand,
}

/// What an operator does.
#[derive(Debug, Subcommand)]
pub(crate) enum CloudCommand {
    /// Gives somebody an account: of a label, in a role. AWS mails a temporary password.
    ///
    /// Said again it changes nothing, or the role; who never signed in gets another mail.
    Invite(Invite),
    /// Sends again what was set aside after too many tries.
    Redrive(Redrive),
    /// Calls a function, and prints its answer and the end of its log.
    Invoke(Invoke),
    /// Checks a deployment, and says what is wrong with it and what to do.
    Doctor(Doctor),
}

/// Which deployment.
#[derive(Debug, Args)]
pub(crate) struct Stack {
    /// The stack's name, as it was deployed.
    #[arg(long = "stack", value_name = "NAME", default_value = "lacquer")]
    pub(crate) stack: String,
    /// Its region; without it, that of the AWS profile.
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// The AWS profile whose credentials are used.
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: Option<String>,
    /// Another address than AWS's, for emulators.
    #[arg(long, value_name = "URL")]
    pub(crate) endpoint: Option<String>,
}

/// `cloud invite`
#[derive(Debug, Args)]
pub(crate) struct Invite {
    /// Whose account it is.
    #[arg(value_name = "EMAIL", value_parser = address)]
    pub(crate) email: String,
    /// The label, by its id: all that the account delivers and sees is this label's.
    #[arg(long, value_name = "LABEL")]
    pub(crate) label: LabelId,
    /// What they may do: staff deliver, managers also decide, artists see their own releases.
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Role,
    /// Of an artist: whose releases they see, spelled as on the release, in place of what was said before. Several times
    /// for several artists.
    #[arg(long = "artist", value_name = "NAME")]
    pub(crate) artists: Vec<String>,
    #[command(flatten)]
    pub(crate) stack: Stack,
}

/// `cloud redrive`
#[derive(Debug, Args)]
pub(crate) struct Redrive {
    /// One queue only.
    #[arg(long, value_name = "QUEUE")]
    pub(crate) queue: Option<QueueArgument>,
    #[command(flatten)]
    pub(crate) stack: Stack,
}

/// `cloud invoke`
#[derive(Debug, Args)]
pub(crate) struct Invoke {
    /// The function.
    #[arg(value_name = "FUNCTION")]
    pub(crate) function: FunctionArgument,
    /// What it is called with, as JSON: `{"sweep":true}` has the catalogue look for what is due. `-` reads it from standard
    /// input.
    #[arg(value_name = "PAYLOAD")]
    pub(crate) payload: Option<String>,
    #[command(flatten)]
    pub(crate) stack: Stack,
}

/// `cloud doctor`
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub(crate) stack: Stack,
}

/// What an account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Role {
    /// Delivers.
    Staff,
    /// Delivers and decides.
    Manager,
    /// Sees their own releases.
    Artist,
}

impl Role {
    pub(crate) const ALL: [Self; 3] = [Self::Staff, Self::Manager, Self::Artist];

    /// The group of the user pool.
    pub(crate) fn group(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Manager => "manager",
            Self::Artist => "artist",
        }
    }

    /// As a person is called.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Staff => "a member of its staff",
            Self::Manager => "a manager",
            Self::Artist => "an artist",
        }
    }
}

/// A queue with dead letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum QueueArgument {
    /// Manifests that arrived.
    Intake,
    /// Masters to transcode.
    Transcode,
    /// What the catalogue is to note.
    Catalogue,
    /// News for artists' followers, which the catalogue's sweep tells in place of what was set aside.
    Notify,
}

impl QueueArgument {
    pub(crate) const ALL: [Self; 4] = [Self::Intake, Self::Transcode, Self::Catalogue, Self::Notify];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Transcode => "transcode",
            Self::Catalogue => "catalogue",
            Self::Notify => "notify",
        }
    }

    /// The template's output with its dead letters.
    pub(crate) fn dead_letters(self) -> &'static str {
        match self {
            Self::Intake => "IntakeDeadLetters",
            Self::Transcode => "TranscodeDeadLetters",
            Self::Catalogue => "CatalogueDeadLetters",
            Self::Notify => "NotifyDeadLetters",
        }
    }

    /// The template's output with the queue itself; none where the table's stream takes its place.
    pub(crate) fn source(self) -> Option<&'static str> {
        match self {
            Self::Intake => Some("IntakeQueue"),
            Self::Transcode => Some("TranscodeQueue"),
            Self::Catalogue => Some("CatalogueQueue"),
            Self::Notify => None,
        }
    }
}

/// A function of the template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FunctionArgument {
    /// Takes deliveries in.
    Intake,
    /// Makes renditions.
    Transcode,
    /// Keeps the catalogue, and looks every minute for what is due.
    Catalogue,
    /// Tells artists.
    Notify,
    /// Answers the app.
    Api,
}

impl FunctionArgument {
    /// Its name in the template.
    pub(crate) fn resource(self) -> &'static str {
        match self {
            Self::Intake => "IntakeFunction",
            Self::Transcode => "TranscodeFunction",
            Self::Catalogue => "CatalogueFunction",
            Self::Notify => "NotifyFunction",
            Self::Api => "ApiFunction",
        }
    }
}

/// What has the shape of an address; whether it is one, the mail shows.
fn address(text: &str) -> Result<String, String> {
    let is_one = text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    if is_one && !text.contains(char::is_whitespace) {
        Ok(text.to_lowercase())
    } else {
        Err("give an address, such as kim@example.org".to_owned())
    }
}
