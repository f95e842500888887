use std::io::{self, Write as _};

use clap::{Command, CommandFactory as _};
use clap_mangen::roff::{Roff, bold, roman};
use serde::Serialize;

use crate::arguments::{Arguments, Man};
use crate::exit::{Exit, MEANINGS};
use crate::output::{Ended, Terminal};

/// `man --json`.
#[derive(Debug, Serialize)]
struct Page {
    text: String,
}

pub(super) fn run(arguments: &Man, terminal: &Terminal) -> Ended {
    let text = page(arguments.command.as_deref());
    terminal.print(&text);
    Ended::with(Exit::Done, &Page { text })
}

/// The page of a command; of the whole program, where none is named.
fn page(command: Option<&str>) -> String {
    let mut program = Arguments::command().disable_help_subcommand(true).subcommand_help_heading("COMMANDS");
    program.build();
    let mut described = command.and_then(|name| find(&program, name)).unwrap_or(&program).clone();
    // As --help has it: with what options take, and with what may be given several times.
    let usage = described.render_usage().to_string();
    let described = described.override_usage(usage.trim_start_matches("Usage: ").to_owned());
    let mut page = Vec::new();
    write(described, &mut page).expect("memory can be written to");
    String::from_utf8(page).expect("names and descriptions of options are text")
}

/// A command by the name of its page: that of a group's command has the group's name before its own.
fn find<'a>(program: &'a Command, name: &str) -> Option<&'a Command> {
    program.find_subcommand(name).or_else(|| {
        let (group, name) = name.split_once('-')?;
        program.find_subcommand(group)?.find_subcommand(name)
    })
}

/// The sections in the order that readers of man pages know, with exit codes as a list.
fn write(described: Command, page: &mut Vec<u8>) -> io::Result<()> {
    let is_whole = described.has_subcommands();
    let name = described.get_display_name().unwrap_or("lacquer-cli");
    // By hand, since the crate leaves out an empty date, and what follows would stand in its place.
    writeln!(page, ".TH {name} 1 \"\" \"Lacquer {}\" \"Lacquer\"", env!("CARGO_PKG_VERSION"))?;
    let man = clap_mangen::Man::new(described);
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    if is_whole {
        man.render_subcommands_section(page)?;
    }
    man.render_options_section(page)?;
    exit_status(page)?;
    see_also(is_whole, page)
}

fn exit_status(page: &mut Vec<u8>) -> io::Result<()> {
    let mut section = Roff::new();
    section.control("SH", ["EXIT STATUS"]);
    for (code, meaning) in MEANINGS {
        section.control("TP", ["6"]);
        section.text([bold(code.to_string())]);
        section.text([roman(format!("{meaning}."))]);
    }
    section.to_writer(page)
}

fn see_also(is_whole: bool, page: &mut Vec<u8>) -> io::Result<()> {
    let mut section = Roff::new();
    section.control("SH", ["SEE ALSO"]);
    let other = if is_whole { "lacquer" } else { "lacquer-cli" };
    section.text([bold(other), roman("(1)")]);
    section.to_writer(page)
}
