use desktop::import::{ImportControl, ImportError, Imported, Progress, import};
use jiff::Timestamp;
use release::TrackId;

use crate::arguments::Check;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::imported::{Album, AlbumJson};
use crate::output::{Ended, Terminal, problems};
use crate::work::{Teller, watched};

pub(super) async fn run(arguments: Check, terminal: &mut Terminal) -> Result<Ended, Failure> {
    let imported = read(arguments, terminal).await?;
    let problems = desktop::problems(&imported.release, Timestamp::now());
    let path_of = |track: TrackId| imported.files.get(&track).map(|file| file.path.as_path());
    let album = Album {
        release: &imported.release,
        path_of: &path_of,
        left_out: &imported.left_out,
        notes: &imported.notes,
        problems: &problems,
    };
    album.say(terminal);
    album.remark(terminal);
    let stops = problems::stop(&problems);
    let verdict = if stops { "It cannot be delivered yet" } else { "It can be delivered" };
    terminal.say(format_args!("{verdict}: {}.", problems::counted(&problems)));
    let exit = if stops { Exit::NeedsPerson } else { Exit::Done };
    Ok(Ended::with(exit, &AlbumJson::from(&album)))
}

async fn read(arguments: Check, terminal: &mut Terminal) -> Result<Imported, Failure> {
    let reading = watched(terminal, move |cancelled, teller| {
        let control = ImportControl::new().cancelled_by(cancelled).on_progress(move |at| tell(&teller, at));
        import(&arguments.paths, &control)
    });
    reading.await.map_err(|error| match error {
        ImportError::Cancelled => Failure::interrupted("Nothing was changed."),
        error => Failure::new("import", error),
    })
}

fn tell(teller: &Teller, at: Progress) {
    #[expect(clippy::cast_precision_loss, reason = "a fraction for people")]
    match at {
        Progress::Found { .. } | Progress::Read { of: 0, .. } => teller.tell("Reading", 0.0),
        Progress::Read { bytes, of, .. } => teller.tell("Reading", bytes as f64 / of as f64),
    }
}
