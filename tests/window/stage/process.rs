use std::io::{BufRead, BufReader, Lines};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdout, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process_group};

/// A process and all that it starts, ended together.
pub(crate) struct Group(Child);

impl Group {
    pub(crate) fn start(command: &mut Command) -> Self {
        let program = command.get_program().to_owned();
        let started = command.stdin(Stdio::null()).process_group(0).spawn();
        Self(started.unwrap_or_else(|error| panic!("{program:?} cannot be started ({error}): run `make setup-test`")))
    }

    /// Starts it, and returns the first line that it says and what comes after.
    pub(crate) fn start_and_hear(command: &mut Command) -> (Self, String, Lines<BufReader<ChildStdout>>) {
        let mut group = Self::start(command.stdout(Stdio::piped()));
        let mut lines = BufReader::new(group.0.stdout.take().expect("it is piped")).lines();
        let line = lines.next().unwrap_or_else(|| panic!("{command:?} ended before it said anything"));
        (group, line.expect("it says text"), lines)
    }

    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let group = Pid::from_child(&self.0);
        // It may have ended by itself; either way it is waited for.
        let _ = kill_process_group(group, Signal::TERM);
        let _ = self.0.wait();
    }
}
