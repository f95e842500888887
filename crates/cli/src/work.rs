use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::interrupt::interrupted;
use crate::output::Terminal;

/// Where blocking work says how far it is.
#[derive(Clone)]
pub(crate) struct Teller(UnboundedSender<(String, f64)>);

impl Teller {
    /// Says how far a piece of work is, from 0 to 1.
    pub(crate) fn tell(&self, name: &str, fraction: f64) {
        // Nobody listens once the work's result is there.
        let _ = self.0.send((name.to_owned(), fraction));
    }
}

/// Runs blocking work on a thread of its own, shows how far it is, and sets its flag on Ctrl-C.
///
/// # Panics
/// Where the work does.
pub(crate) async fn watched<T: Send + 'static>(
    terminal: &mut Terminal,
    work: impl FnOnce(Arc<AtomicBool>, Teller) -> T + Send + 'static,
) -> T {
    let cancelled = Arc::new(AtomicBool::new(false));
    // Unbounded, since decoders report a few hundred times in all.
    let (teller, mut heard) = unbounded_channel();
    let mut working = tokio::task::spawn_blocking({
        let cancelled = Arc::clone(&cancelled);
        move || work(cancelled, Teller(teller))
    });
    let interrupted = interrupted();
    tokio::pin!(interrupted);
    let ended = loop {
        tokio::select! {
            ended = &mut working => break ended,
            Some((name, fraction)) = heard.recv() => terminal.progress().show(&name, fraction),
            () = &mut interrupted, if !cancelled.load(Ordering::Relaxed) => cancelled.store(true, Ordering::Relaxed),
        }
    };
    // What it said last, so that a log always says what was done.
    while let Ok((name, fraction)) = heard.try_recv() {
        terminal.progress().show(&name, fraction);
    }
    terminal.progress().keep(|_| false);
    match ended {
        Ok(result) => result,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
