//! `compose-demo-album FOLDER` writes the album; `compose-demo-album --artist` says who plays.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [flag] if flag == "--artist" => println!("{}", demo_album::ARTIST),
        [folder] if !folder.starts_with('-') => match demo_album::write(Path::new(folder)) {
            Ok(written) => written.iter().for_each(|path| println!("{}", path.display())),
            Err(error) => {
                eprintln!("{error}");
                return ExitCode::FAILURE;
            }
        },
        _ => {
            eprintln!("Usage: compose-demo-album FOLDER, or compose-demo-album --artist");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
