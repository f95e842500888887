//! Whatever is in a folder, the program names the file, says what to do, and keeps the rest of the album.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::process::Command;

use release::Tag;

use crate::album::{BY_HAND, night_bus};
use crate::shell::{Ran, Shell};
use crate::sound::{flac, mp3, tags, wav};

fn check(shell: &Shell, folder: &str) -> Ran {
    shell.run(&["check", folder])
}

/// The album with something in it that is wrong; both good tracks are still there.
fn check_with(spoil: impl FnOnce(&Shell)) -> Ran {
    let shell = Shell::new();
    night_bus(&shell);
    spoil(&shell);
    let ran = check(&shell, "Night Bus");
    for title in ["Terminus", "Last Stop"] {
        assert!(ran.stdout.contains(title), "the rest of the album is kept: {}", ran.text());
    }
    ran
}

#[test]
fn a_folder_without_audio() {
    let shell = Shell::new();
    shell.write("Night Bus/notes.txt", b"Mix it louder.");
    insta::assert_snapshot!(check(&shell, "Night Bus").text());
}

#[test]
fn a_folder_that_is_not_there() {
    insta::assert_snapshot!(check(&Shell::new(), "Night Bus").text());
}

#[test]
fn a_file_of_no_bytes() {
    insta::assert_snapshot!(check_with(|shell| drop(shell.write("Night Bus/03 Depot.wav", b""))).text());
}

#[test]
fn a_text_that_is_called_wav() {
    let ran = check_with(|shell| drop(shell.write("Night Bus/03 Depot.wav", b"This is the third song.\n")));
    insta::assert_snapshot!(ran.text());
}

#[test]
fn a_flac_that_is_cut_short() {
    let ran = check_with(|shell| {
        let path = shell.path("Night Bus/02 Last Stop.flac");
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    });
    assert_eq!(ran.exit, 3);
    insta::assert_snapshot!(ran.text());
}

#[test]
fn an_mp3_as_a_master() {
    let ran = check_with(|shell| {
        let tags = tags(&[(Tag::Title, "Depot"), (Tag::Artist, "Ann Ash"), (Tag::TrackNumber, "3")]);
        mp3(&shell.path("Night Bus/03 Depot.mp3"), &tags);
    });
    assert_eq!(ran.exit, 3);
    insta::assert_snapshot!(ran.text());
}

#[test]
fn two_files_of_one_track_number() {
    let ran = check_with(|shell| {
        let tags = tags(&[(Tag::Title, "Depot"), (Tag::Artist, "Ann Ash"), (Tag::TrackNumber, "2")]);
        flac(&shell.path("Night Bus/02 Depot.flac"), &tags);
    });
    insta::assert_snapshot!(ran.text());
}

#[test]
fn other_programs_learn_the_files_of_a_problem() {
    let shell = Shell::new();
    night_bus(&shell);
    let tags = tags(&[(Tag::Title, "Depot"), (Tag::Artist, "Ann Ash"), (Tag::TrackNumber, "2")]);
    mp3(&shell.path("Night Bus/02 Depot.mp3"), &tags);
    let document = shell.run(&["check", "Night Bus", "--json"]).json();
    let problems = document["result"]["problems"].as_array().unwrap();
    let names = |code: &str| -> Vec<&str> {
        let problem = problems.iter().find(|problem| problem["code"] == code).unwrap();
        let paths = problem["paths"].as_array().unwrap().iter();
        paths.map(|path| path.as_str().unwrap().rsplit('/').next().unwrap()).collect()
    };
    assert_eq!(names("number-twice"), ["02 Depot.mp3", "02 Last Stop.flac"]);
    assert_eq!(names("master-lossy"), ["02 Depot.mp3"]);
}

#[test]
fn a_title_of_200_characters_and_one_from_right_to_left() {
    let ran = check_with(|shell| {
        let long = "Depot ".repeat(34);
        for (number, title) in [("3", long.trim()), ("4", "لیلا در باران")] {
            let tags = tags(&[(Tag::Title, title), (Tag::Artist, "Ann Ash"), (Tag::TrackNumber, number)]);
            flac(&shell.path(&format!("Night Bus/0{number}.flac")), &tags);
        }
    });
    insta::assert_snapshot!(ran.text());
}

#[test]
fn what_a_terminal_would_obey_is_not_written_to_it() {
    let ran = check_with(|shell| {
        let tags = tags(&[(Tag::Title, "Red \u{1b}[31mDepot\u{7}"), (Tag::Artist, "Ann Ash"), (Tag::TrackNumber, "3")]);
        flac(&shell.path("Night Bus/03 \u{1b}[2J.flac"), &tags);
        shell.write("Night Bus/04 \u{1b}[2J.wav", b"");
    });
    assert!(ran.text().contains("Depot") && ran.text().contains("[2J.wav"), "{}", ran.text());
    assert!(!ran.text().contains(|c: char| c.is_control() && c != '\n'), "{:?}", ran.text());
}

#[test]
fn what_a_terminal_would_obey_is_not_in_the_progress_either() {
    let shell = Shell::new();
    wav(&shell.path("\u{1b}[2J.wav"));
    let ran = shell.run(&["transcode", "\u{1b}[2J.wav", "--out", "out", "--formats", "preview"]);
    assert_eq!(ran.exit, 0, "{}", ran.text());
    assert!(!ran.text().contains(|c: char| c.is_control() && c != '\n'), "{:?}", ran.text());
}

#[test]
fn a_name_that_is_not_unicode() {
    let ran = check_with(|shell| {
        let name = OsStr::from_bytes(b"03 D\xe9p\xf4t.wav");
        wav(&shell.path("Night Bus").join(name));
    });
    insta::assert_snapshot!(ran.text());
}

#[test]
fn a_file_that_is_gone() {
    let ran = check_with(|shell| symlink("/nonexistent/depot.wav", shell.path("Night Bus/03 Depot.wav")).unwrap());
    insta::assert_snapshot!(ran.text());
}

#[test]
fn a_file_that_cannot_be_analysed_does_not_hide_the_next() {
    let shell = Shell::new();
    shell.write("a.wav", b"This is no song.\n");
    wav(&shell.path("b.wav"));
    let ran = shell.run(&["analyse", "a.wav", "missing.wav", "b.wav"]);
    assert_eq!(ran.exit, 1);
    insta::assert_snapshot!(ran.text());
}

#[test]
fn a_master_that_cannot_be_transcoded() {
    let shell = Shell::new();
    shell.write("a.wav", b"This is no song.\n");
    let ran = shell.run(&["transcode", "a.wav", "--out", "out"]);
    assert_eq!(ran.exit, 1);
    insta::assert_snapshot!(ran.text());
}

#[test]
fn a_workspace_that_is_a_file() {
    let shell = Shell::new();
    shell.write("workspace", b"");
    insta::assert_snapshot!(shell.run(&["subscribe", "Ann Ash", "ann@example.com", "--workspace", "workspace"]).text());
}

#[test]
fn a_workspace_that_is_a_folder_of_something_else() {
    let shell = Shell::new();
    shell.write("photos/beach.jpg", b"");
    insta::assert_snapshot!(shell.run(&["subscribe", "Ann Ash", "ann@example.com", "--workspace", "photos"]).text());
}

#[test]
fn a_workspace_that_is_full() {
    let shell = Shell::new();
    night_bus(&shell);
    let Some(ran) = on_a_small_disk(&shell, "size=300k") else { return };
    assert_eq!(ran.exit, 1, "{}", ran.text());
    let text = ran.text();
    assert!(text.contains("is full") || text.contains("No space left"), "it says what is wrong: {text}");
    assert!(text.contains("Free some space") || text.contains("Make room"), "it says what to do: {text}");
}

#[test]
fn a_workspace_that_is_read_only() {
    let shell = Shell::new();
    night_bus(&shell);
    let Some(ran) = on_a_small_disk(&shell, "ro") else { return };
    assert_eq!(ran.exit, 1, "{}", ran.text());
    insta::assert_snapshot!(ran.text());
}

/// Delivers into a disk of its own. None where the system lets nobody mount one.
fn on_a_small_disk(shell: &Shell, options: &str) -> Option<Ran> {
    fs::create_dir_all(shell.path("disk")).unwrap();
    let mount = format!("mount -t tmpfs -o {options} tmpfs disk");
    let may_mount = Command::new("unshare")
        .args(["-rm", "sh", "-c", &mount])
        .current_dir(shell.path(""))
        .output()
        .is_ok_and(|output| output.status.success());
    if !may_mount {
        eprintln!("skipped: this system lets nobody mount a small disk");
        return None;
    }
    let program = shell.command();
    let deliver = format!("{mount} && exec \"$0\" deliver 'Night Bus' --workspace disk \"$@\"");
    let mut command = Command::new("unshare");
    command.args(["-rm", "sh", "-c", &deliver]).arg(program.get_program()).args(BY_HAND);
    command.current_dir(shell.path(""));
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Some(shell.ran(&command.output().unwrap()))
}
