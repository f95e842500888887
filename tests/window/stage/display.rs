use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Output, Stdio};

use fake_keyring::{Bus, Keyring};

use super::process::Group;

/// How large the screen is: room for the app's window with its frame, and for a window to drag files from.
pub(crate) const SCREEN: (i32, i32) = (1480, 960);

/// Light or dark, as the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    Dark,
    Light,
}

impl Theme {
    pub(crate) const BOTH: [Self; 2] = [Self::Dark, Self::Light];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }
}

/// A screen without a monitor, with a window manager and a session bus of its own. All of it ends with the value.
pub(crate) struct Display {
    home: PathBuf,
    name: String,
    theme: Theme,
    _manager: Group,
    bus: Bus,
    _screen: Group,
}

impl Display {
    /// Starts it; `home` takes all that programs on it write.
    pub(crate) fn start(home: &Path, theme: Theme) -> Self {
        let mut screen = Command::new("Xvfb");
        let size = format!("{}x{}x24", SCREEN.0, SCREEN.1);
        screen.args(["-displayfd", "1", "-screen", "0", &size, "-nolisten", "tcp"]).stderr(Stdio::null());
        let (screen, number, _) = Group::start_and_hear(&mut screen);
        let name = format!(":{number}");

        let bus = Bus::start(home);

        // It says something as soon as it manages windows.
        let mut manager = Command::new("openbox");
        manager.args(["--startup", "echo manages"]).stderr(Stdio::null()).env("DISPLAY", &name).env("HOME", home);
        let (manager, _, _) = Group::start_and_hear(&mut manager);
        let display = Self { home: home.to_owned(), name, theme, _manager: manager, bus, _screen: screen };
        // With the first key that is pressed, the server takes up that keyboard and tells everyone of its keys. The window
        // manager lets go of its shortcuts meanwhile, so that one of them, as the first key, sometimes came to nothing.
        display.xdotool(&["key", "Shift_L"]);
        display
    }

    pub(crate) fn bus(&self) -> &str {
        self.bus.address()
    }

    /// A program on this screen, with folders of its own.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("DISPLAY", &self.name)
            .env("DBUS_SESSION_BUS_ADDRESS", self.bus())
            .env("GDK_BACKEND", "x11")
            .env("GTK_THEME", if self.theme == Theme::Dark { "Adwaita:dark" } else { "Adwaita" })
            .env("LC_ALL", "C.UTF-8")
            .env("NO_AT_BRIDGE", "1")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("LACQUER_KILL_AT");
        for (name, folder) in [
            ("HOME", "home"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_RUNTIME_DIR", "run"),
        ] {
            fs::create_dir_all(self.home.join(folder)).unwrap();
            command.env(name, self.home.join(folder));
        }
        command
    }

    /// Starts the session's keyring, unlocked, as signing in to a desktop does; it is there until the value goes.
    pub(crate) fn keyring(&self) -> Keyring {
        let files = self.home.join("keyring");
        fs::create_dir_all(&files).unwrap();
        Keyring::start(self.bus(), &files)
    }

    /// Does with the pointer, the keys or the windows what a person does.
    pub(crate) fn xdotool(&self, arguments: &[&str]) {
        let output = self.ask_xdotool(arguments);
        assert!(output.status.success(), "xdotool {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Copies a list of files, as a file manager does; it is on the clipboard until the value goes.
    pub(crate) fn copy_files(&self, files: &[&Path]) -> Group {
        let list = self.home.join("copied");
        let addresses = files.iter().map(|file| format!("file://{}\r\n", file.display()));
        fs::write(&list, addresses.collect::<String>()).unwrap();
        let mut xclip = self.command("xclip");
        xclip.args(["-quiet", "-selection", "clipboard", "-t", "text/uri-list", "-i"]).arg(&list);
        Group::start(xclip.stdout(Stdio::null()).stderr(Stdio::null()))
    }

    /// The window that has the keyboard.
    pub(crate) fn active_window(&self) -> Option<String> {
        self.first_line(&["getactivewindow"])
    }

    /// A process's window that can be seen: not minimised, not hidden.
    pub(crate) fn visible_window(&self, process: u32) -> Option<String> {
        self.first_line(&["search", "--all", "--onlyvisible", "--pid", &process.to_string(), "--name", "Lacquer"])
    }

    /// Where a window's content begins on the screen.
    pub(crate) fn place(&self, window: &str) -> (i32, i32) {
        self.geometry(window).0
    }

    /// Where a window's content begins on the screen, and how large it is.
    pub(crate) fn geometry(&self, window: &str) -> ((i32, i32), (i32, i32)) {
        let output = self.ask_xdotool(&["getwindowgeometry", "--shell", window]);
        let text = String::from_utf8(output.stdout).unwrap();
        let number = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            line.unwrap_or_else(|| panic!("the window {window} has a place: {text}")).parse().unwrap()
        };
        ((number("X"), number("Y")), (number("WIDTH"), number("HEIGHT")))
    }

    fn first_line(&self, arguments: &[&str]) -> Option<String> {
        let output = self.ask_xdotool(arguments);
        String::from_utf8(output.stdout).unwrap().lines().next().map(ToOwned::to_owned)
    }

    fn ask_xdotool(&self, arguments: &[&str]) -> Output {
        let output = self.command("xdotool").args(arguments).stdin(Stdio::null()).output();
        let output =
            output.unwrap_or_else(|error| panic!("xdotool cannot be started ({error}): run `make setup-test`"));
        assert_eq!(died_of(output.status), None, "xdotool {arguments:?}");
        output
    }
}

fn died_of(status: ExitStatus) -> Option<i32> {
    status.signal()
}
