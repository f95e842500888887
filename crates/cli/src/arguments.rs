mod cloud;

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;
use release::Profile;

pub(crate) use self::cloud::{
    Cloud, CloudCommand, Doctor, FunctionArgument, Invite, Invoke, QueueArgument, Redrive, Role, Stack,
};
use crate::change::Change;
use crate::exit;

/// The commands' names, since a description of the arguments cannot be asked for them while it is made. Those of a group
/// follow it, with its name before theirs.
const COMMANDS: [&str; 17] = [
    "check",
    "analyse",
    "transcode",
    "deliver",
    "subscribe",
    "status",
    "cloud",
    "cloud-invite",
    "cloud-redrive",
    "cloud-invoke",
    "cloud-doctor",
    "join",
    "sign-in",
    "sign-out",
    "account",
    "completions",
    "man",
];

/// Delivers record labels' releases.
#[derive(Debug, Parser)]
#[command(name = "lacquer-cli", version, after_help = exit::help(), max_term_width = 100)]
pub(crate) struct Arguments {
    /// Writes one JSON document to standard output instead of text (its shape: docs/cli-json.md).
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Says what stands between a folder and its delivery.
    ///
    /// Reads every file once, changes nothing, and needs no workspace.
    Check(Check),
    /// Says what is in sound files: format, length, loudness, peaks.
    Analyse(Analyse),
    /// Makes the renditions of one master, in a folder of your choice.
    ///
    /// Tags and picture are taken over from the master.
    Transcode(Transcode),
    /// Delivers a folder, and waits until the release is live, or says what it waits for.
    ///
    /// Delivering the same folder again means the same release: only what changed is sent. What was interrupted goes
    /// on where it was.
    Deliver(Deliver),
    /// Has an address told by e-mail when an artist's music is live.
    Subscribe(Subscribe),
    /// Shows releases: their states, renditions and e-mail.
    Status(Status),
    /// Looks after a label's own cloud: accounts, what was set aside, and whether all is well.
    ///
    /// It uses your AWS credentials, and finds everything by the stack's name.
    Cloud(Cloud),
    /// Joins a label's cloud, as its workspace.json describes it, and signs in to it.
    ///
    /// Shows whom Lacquer would talk to, and asks, before anything is asked of them.
    Join(Join),
    /// Signs in to a cloud's workspace, by your browser.
    SignIn(SignIn),
    /// Signs out of a cloud's workspace.
    SignOut(SignOut),
    /// Says who is signed in to a cloud's workspace.
    Account(AccountArguments),
    /// Prints what a shell needs to complete this program's commands and options.
    ///
    /// For bash: `lacquer-cli completions bash > ~/.local/share/bash-completion/completions/lacquer-cli`. For zsh:
    /// `lacquer-cli completions zsh > ~/.zfunc/_lacquer-cli`, with `~/.zfunc` in `fpath`. For fish: `lacquer-cli
    /// completions fish > ~/.config/fish/completions/lacquer-cli.fish`. The packages bring them along.
    Completions(Completions),
    /// Prints the man page, of the program or of one command.
    ///
    /// To read it: `lacquer-cli man deliver | man -l -`. The packages bring the pages along.
    Man(Man),
}

impl Arguments {
    /// What was typed. Where it makes no sense, the program ends and says so.
    pub(crate) fn read() -> Self {
        let arguments = Self::parse();
        if let Command::Cloud(Cloud { command: CloudCommand::Invite(invite) }) = &arguments.command
            && invite.role != Role::Artist
            && !invite.artists.is_empty()
        {
            let message = "--artist is for the role artist: staff and managers see all of their label";
            Self::command().error(ErrorKind::ArgumentConflict, message).exit();
        }
        arguments
    }
}

impl Command {
    /// The command's name, as it is typed.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Check(_) => "check",
            Self::Analyse(_) => "analyse",
            Self::Transcode(_) => "transcode",
            Self::Deliver(_) => "deliver",
            Self::Subscribe(_) => "subscribe",
            Self::Status(_) => "status",
            Self::Cloud(arguments) => match arguments.command {
                CloudCommand::Invite(_) => "cloud invite",
                CloudCommand::Redrive(_) => "cloud redrive",
                CloudCommand::Invoke(_) => "cloud invoke",
                CloudCommand::Doctor(_) => "cloud doctor",
            },
            Self::Join(_) => "join",
            Self::SignIn(_) => "sign-in",
            Self::SignOut(_) => "sign-out",
            Self::Account(_) => "account",
            Self::Completions(_) => "completions",
            Self::Man(_) => "man",
        }
    }
}

/// `check`
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The album's folder. Several folders or files are one release.
    #[arg(required = true, value_name = "FOLDER")]
    pub(crate) paths: Vec<PathBuf>,
}

/// `analyse`
#[derive(Debug, Args)]
pub(crate) struct Analyse {
    /// Sound files, of any format that Lacquer reads.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

/// `transcode`
#[derive(Debug, Args)]
pub(crate) struct Transcode {
    /// The master.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The folder that the renditions are put into; it is made where there is none. Renditions of the same name there
    /// are replaced.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// What to make, separated by commas; all where none is named.
    #[arg(long, value_name = "FORMATS", value_delimiter = ',', value_parser = profiles())]
    pub(crate) formats: Vec<&'static Profile>,
    /// Where the preview starts, in seconds from the master's start.
    #[arg(long, value_name = "SECONDS", default_value_t = 0.0, value_parser = seconds)]
    pub(crate) preview_start: f64,
}

/// `deliver`
#[derive(Debug, Args)]
pub(crate) struct Deliver {
    /// The album's folder. Several folders or files are one release.
    #[arg(required = true, value_name = "FOLDER")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signing_in: SigningIn,
    /// Sets a field, as if typed by hand: `--set title="Night Bus"`, for a track with its number before the field,
    /// `--set 3.isrc=…`, on another disc than the first `--set 2-3.isrc=…`, and for all tracks `--set "*.advisory=none"`.
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    pub(crate) changes: Vec<Change>,
    /// The artwork, instead of what the folder holds.
    #[arg(long, value_name = "FILE")]
    pub(crate) artwork: Option<PathBuf>,
}

/// `subscribe`
#[derive(Debug, Args)]
pub(crate) struct Subscribe {
    /// The artist, spelled as on the release.
    #[arg(value_name = "ARTIST")]
    pub(crate) artist: String,
    /// The address.
    #[arg(value_name = "EMAIL")]
    pub(crate) email: String,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signing_in: SigningIn,
}

/// `status`
#[derive(Debug, Args)]
pub(crate) struct Status {
    /// One release only: its id, its UPC or its title.
    #[arg(value_name = "RELEASE")]
    pub(crate) release: Option<String>,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signing_in: SigningIn,
}

/// `join`
#[derive(Debug, Args)]
pub(crate) struct Join {
    /// The file that whoever runs your label's cloud sent you.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The workspace's folder; made where there is none. Without it, one in your data folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) workspace: Option<PathBuf>,
    /// Joins without asking.
    #[arg(long)]
    pub(crate) yes: bool,
}

/// `sign-in`
#[derive(Debug, Args)]
pub(crate) struct SignIn {
    /// Asks for another account than the browser's.
    #[arg(long)]
    pub(crate) another: bool,
    #[command(flatten)]
    pub(crate) place: Place,
}

/// `sign-out`
#[derive(Debug, Args)]
pub(crate) struct SignOut {
    /// Also on all other computers.
    #[arg(long)]
    pub(crate) everywhere: bool,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) signing_in: SigningIn,
}

/// `account`
#[derive(Debug, Args)]
pub(crate) struct AccountArguments {
    #[command(flatten)]
    pub(crate) place: Place,
}

/// `completions`
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell.
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}

/// `man`
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The page of one command.
    #[arg(value_name = "COMMAND", value_parser = COMMANDS)]
    pub(crate) command: Option<String>,
}

/// Where the workspace is.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The workspace's folder; made where there is none. Without it, the workspace of your account.
    #[arg(long, value_name = "DIR")]
    pub(crate) workspace: Option<PathBuf>,
}

/// Who works in a cloud's workspace.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct SigningIn {
    /// Signs in first, by your browser, where nobody is signed in to the workspace's cloud: for computers without a
    /// keyring, where a sign-in ends with its command.
    #[arg(long)]
    pub(crate) sign_in: bool,
}

fn profiles() -> impl TypedValueParser<Value = &'static Profile> {
    let names = release::profile::ALL.map(|profile| profile.name);
    PossibleValuesParser::new(names)
        .map(|name| release::profile::by_name(&name).expect("only names of profiles are possible"))
}

fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        // Longer than any recording, and short enough for every way of counting it.
        Ok(seconds) if (0.0..=1e9).contains(&seconds) => Ok(seconds),
        _ => Err("give seconds from the master's start, such as 83.5".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_man_page() {
        let described = Arguments::command();
        let mut names = Vec::new();
        for command in described.get_subcommands() {
            names.push(command.get_name().to_owned());
            names.extend(command.get_subcommands().map(|below| format!("{}-{}", command.get_name(), below.get_name())));
        }
        assert_eq!(names, COMMANDS);
    }
}
