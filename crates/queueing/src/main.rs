//! Prints the tables of `docs/scale.md`: `cargo run --release -p queueing -- times|costs|limits`.

use std::process::ExitCode;

use queueing::Inputs;

/// What is simulated is the same for the same seed; another one shows how much chance there is in it.
const SEED: u64 = 1;

const USAGE: &str = "queueing times [--seed N] | costs [--prices FILE] | limits";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match said(&arguments) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn said(arguments: &[String]) -> Result<String, String> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let inputs = Inputs::built_in().map_err(|error| error.to_string())?;
    match words[..] {
        ["times"] => Ok(queueing::times(&inputs, SEED)),
        ["times", "--seed", seed] => {
            let seed = seed.parse().map_err(|_| format!("{seed} is no seed: give a whole number"))?;
            Ok(queueing::times(&inputs, seed))
        }
        ["costs"] => Ok(queueing::costs(&inputs)),
        ["costs", "--prices", file] => {
            let text = std::fs::read_to_string(file).map_err(|error| format!("{file} cannot be read: {error}"))?;
            let inputs = inputs.with_prices(file, &text).map_err(|error| error.to_string())?;
            Ok(queueing::costs(&inputs))
        }
        ["limits"] => Ok(queueing::limits(&inputs)),
        _ => Err(USAGE.to_owned()),
    }
}
