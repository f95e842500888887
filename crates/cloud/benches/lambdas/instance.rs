//! A function's process, and what it uses.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fake_cloud::emulator::Function;
use serde_json::Value;
use tempfile::TempDir;

use super::runtime::{Runtime, Seen};

/// A process of a function. It ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Instance {
    begun: Instant,
    child: Child,
    runtime: Runtime,
    /// Its log.
    home: TempDir,
}

/// What a process has used since it began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Used {
    /// Of all its threads, user and system.
    pub(crate) cpu: Duration,
    /// Resident memory at most, in bytes.
    pub(crate) memory: u64,
}

impl Instance {
    /// Starts a function's program, bound to some cores (`0` or `0,1`) where they are told, with nothing in its
    /// environment but what Lambda gives it.
    pub(crate) async fn start(
        programs: &Path,
        function: Function,
        variables: &BTreeMap<String, String>,
        cores: Option<&str>,
    ) -> Self {
        let runtime = Runtime::start().await;
        let home = TempDir::with_prefix("lacquer-measured-").unwrap();
        let program: PathBuf = programs.join(function.program());
        let mut command = match cores {
            Some(cores) => {
                let mut command = Command::new("taskset");
                command.args(["-c", cores]).arg(program);
                command
            }
            None => Command::new(program),
        };
        command
            .env_clear()
            .envs(variables)
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("TMPDIR", home.path())
            .env("AWS_LAMBDA_RUNTIME_API", runtime.address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", function.program())
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .stdin(Stdio::null())
            .stdout(File::create(home.path().join("log")).unwrap())
            .stderr(File::create(home.path().join("errors")).unwrap());
        let begun = Instant::now();
        let child = command.spawn().unwrap();
        Self { begun, child, runtime, home }
    }

    /// How long after its start it asked for its first event.
    pub(crate) async fn ready(&mut self) -> Duration {
        match self.runtime.next().await {
            Seen::Asks(at) => at - self.begun,
            Seen::Answers(_, told) => panic!("{told:?}\n{}", self.log()),
        }
    }

    /// Has it deal with an event, and answers with what it said, and how long it took.
    pub(crate) async fn deal_with(&mut self, event: Value) -> (Value, Duration) {
        let given = Instant::now();
        self.runtime.give(event);
        loop {
            match self.runtime.next().await {
                Seen::Answers(at, Ok(answer)) => return (answer, at - given),
                Seen::Answers(_, Err(told)) => panic!("{told}\n{}", self.log()),
                Seen::Asks(_) => {}
            }
        }
    }

    /// What it has used so far.
    pub(crate) fn used(&self) -> Used {
        let of = |file: &str| fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).unwrap();
        // Behind the program's name, which may hold anything, in hundredths of a second: threads that ended are counted too.
        let stat = of("stat");
        let (_, numbers) = stat.rsplit_once(") ").unwrap();
        let times: u64 = numbers.split(' ').skip(11).take(2).map(|time| time.parse::<u64>().unwrap()).sum();
        // In billionths, but of threads that run only.
        let threads = fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        let fine: u64 = threads
            .filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("schedstat")).ok())
            .filter_map(|line| line.split(' ').next()?.parse::<u64>().ok())
            .sum();
        let status = of("status");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let kilobytes: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
        Used { cpu: Duration::from_millis(times * 10).max(Duration::from_nanos(fine)), memory: kilobytes * 1024 }
    }

    /// What it wrote.
    pub(crate) fn log(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.home.path().join(name)).unwrap_or_default();
        read("log") + &read("errors")
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
