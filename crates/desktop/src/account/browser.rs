use std::ffi::OsString;
use std::fmt::Debug;
use std::io;
use std::process::{Command, Stdio};

/// Where the page that asks for the password is opened.
pub trait Browser: Send + Sync + Debug {
    /// Opens an address; may wait while the program starts, and not until it ends.
    ///
    /// # Errors
    /// Where no browser can be started; the person then opens the address by hand.
    fn open(&self, address: &str) -> io::Result<()>;
}

/// The system's browser: what `BROWSER` names, where it names something, else what the desktop has chosen.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemBrowser;

impl Browser for SystemBrowser {
    fn open(&self, address: &str) -> io::Result<()> {
        let named = std::env::var_os("BROWSER").and_then(|named| named.into_string().ok()).unwrap_or_default();
        for (program, arguments) in named_browsers(&named, address) {
            let mut command = Command::new(program);
            command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            if let Ok(mut started) = command.spawn() {
                // Somebody has to ask how it ended, or it stays as a zombie; nothing waits for this thread.
                std::thread::spawn(move || started.wait());
                return Ok(());
            }
        }
        open::that_detached(address)
    }
}

/// What `BROWSER` asks for: commands, separated by colons, in which `%s` is the address, and which take it as their
/// last argument where there is none.
fn named_browsers(named: &str, address: &str) -> Vec<(OsString, Vec<String>)> {
    let commands = named.split(':').map(|command| command.split_whitespace().collect::<Vec<_>>());
    let started = commands.filter_map(|words| {
        let (program, arguments) = words.split_first()?;
        let mut filled: Vec<String> = arguments.iter().map(|word| word.replace("%s", address)).collect();
        if !arguments.iter().any(|word| word.contains("%s")) {
            filled.push(address.to_owned());
        }
        Some((OsString::from(program), filled))
    });
    started.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_s_commands_are_tried_in_their_order() {
        let address = "https://sign-in.example/?a=b&c=d";
        let named = |text| named_browsers(text, address);
        assert_eq!(named(""), []);
        assert_eq!(named("firefox"), [("firefox".into(), vec![address.to_owned()])]);
        assert_eq!(
            named("w3m --new %s::lynx"),
            [("w3m".into(), vec!["--new".to_owned(), address.to_owned()]), ("lynx".into(), vec![address.to_owned()])]
        );
    }
}
