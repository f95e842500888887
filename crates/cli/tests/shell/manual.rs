//! Completions and man pages, as the programs that read them take them.

use std::process::{Command, Stdio};

use crate::shell::Shell;

const COMMANDS: [&str; 6] = ["check", "analyse", "transcode", "deliver", "subscribe", "status"];

/// How each shell says that a script makes sense, without running it; none where it has no such way.
const SHELLS: [(&str, Option<&[&str]>); 5] = [
    ("bash", Some(&["bash", "-n"])),
    ("zsh", Some(&["zsh", "-n"])),
    ("fish", Some(&["fish", "--no-execute"])),
    ("elvish", Some(&["elvish", "-compileonly"])),
    ("powershell", None),
];

#[test]
fn every_shell_takes_its_completions() {
    let shell = Shell::new();
    for (name, reader) in SHELLS {
        let ran = shell.run(&["completions", name]);
        assert_eq!((ran.exit, ran.stderr.as_str()), (0, ""), "{name}");
        for command in COMMANDS {
            assert!(ran.stdout.contains(command), "{name} completes no {command}");
        }
        if ["bash", "zsh", "fish"].contains(&name) {
            assert!(ran.stdout.contains("mp3-320"), "{name} completes no formats");
        }
        let file = shell.write(name, ran.stdout.as_bytes());
        // Only bash is everywhere; `make setup-test` brings no other.
        let Some([program, arguments @ ..]) = reader.filter(|reader| reader[0] == "bash" || is_installed(reader[0]))
        else {
            continue;
        };
        let read = Command::new(program).args(arguments).arg(&file).output().unwrap();
        assert!(read.status.success() && read.stderr.is_empty(), "{name}: {}", String::from_utf8_lossy(&read.stderr));
    }
}

#[test]
fn bash_completes_commands_and_formats() {
    let shell = Shell::new();
    let script = shell.write("completions", shell.run(&["completions", "bash"]).stdout.as_bytes());
    for (words, expected) in [
        ("lacquer-cli del", "deliver"),
        ("lacquer-cli transcode a.wav --formats wav", "wav-16-44"),
        ("lacquer-cli completions z", "zsh"),
    ] {
        let last = words.split(' ').count() - 1;
        let ask = format!(
            "source {} && COMP_WORDS=({words}) COMP_CWORD={last} && \
             $(complete -p lacquer-cli | sed 's/.*-F \\([^ ]*\\).*/\\1/') \
             lacquer-cli \"${{COMP_WORDS[{last}]}}\" \"${{COMP_WORDS[{last}-1]}}\" && echo \"${{COMPREPLY[*]}}\"",
            script.display()
        );
        let said = Command::new("bash").args(["--norc", "-c", &ask]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&said.stdout).trim(), expected, "{}", String::from_utf8_lossy(&said.stderr));
    }
}

#[test]
fn man_pages_are_as_they_were() {
    let shell = Shell::new();
    for (name, arguments) in
        [("man", &["man"][..]), ("man_deliver", &["man", "deliver"]), ("man_cloud_invite", &["man", "cloud-invite"])]
    {
        insta::assert_snapshot!(name, shell.run(arguments).stdout.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    }
    assert_eq!(shell.run(&["man", "delivr"]).exit, 2);
}

#[test]
fn man_reads_every_page_without_a_complaint() {
    let shell = Shell::new();
    let pages = [&[][..], &["check"], &["analyse"], &["transcode"], &["deliver"], &["subscribe"], &["status"]];
    let pages = pages.into_iter().chain([&["completions"][..], &["man"], &["cloud"], &["cloud-invite"]]);
    for page in pages.chain([&["cloud-redrive"][..], &["cloud-invoke"], &["cloud-doctor"]]) {
        let ran = shell.run(&[&["man"], page].concat());
        assert_eq!(ran.exit, 0, "{}", ran.text());
        let file = shell.write("page.1", ran.stdout.as_bytes());
        for reader in
            [&["groff", "-K", "utf8", "-man", "-Tutf8", "-ww", "-z"][..], &["mandoc", "-T", "lint", "-W", "error"]]
        {
            if is_installed(reader[0]) {
                let read = Command::new(reader[0]).args(&reader[1..]).arg(&file).output().unwrap();
                let said = [read.stdout, read.stderr].concat();
                assert!(read.status.success() && said.is_empty(), "{page:?}: {}", String::from_utf8_lossy(&said));
            }
        }
    }
}

#[test]
fn json_has_the_text_too() {
    let shell = Shell::new();
    for arguments in [&["completions", "fish"][..], &["man"]] {
        let printed = shell.run(arguments).stdout;
        let json = shell.run(&[arguments, &["--json"]].concat()).json();
        assert_eq!(json["result"]["text"].as_str().unwrap().trim_end(), printed.trim_end());
    }
}

fn is_installed(program: &str) -> bool {
    Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
}
