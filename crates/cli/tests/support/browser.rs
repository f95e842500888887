//! A browser, and the person before it.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tokio::runtime::Handle;

/// Hands the address on, and ends, as a browser does that is open already.
const BROWSER: &str = "#!/bin/sh\nprintf '%s\\n' \"$1\" > \"$(dirname \"$0\")/opened\"\n";

/// Makes a browser in a folder, with somebody before it who goes wherever the page leads, as often as it opens. Answers
/// with what `BROWSER` is to be.
pub(crate) fn make(folder: &Path, runtime: Handle) -> PathBuf {
    let (browser, opened) = (folder.join("browser"), folder.join("opened"));
    fs::write(&browser, BROWSER).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    assert!(Command::new("mkfifo").arg(&opened).status().unwrap().success());
    // Open for writing too, so that it never ends between two browsers: what one writes just then would be lost.
    let pipe = fs::File::options().read(true).write(true).open(&opened).unwrap();
    std::thread::spawn(move || {
        for address in BufReader::new(pipe).lines().map_while(Result::ok) {
            runtime.spawn(async move {
                let here = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
                let http = reqwest::Client::builder().no_proxy().resolve("localhost", here).build().unwrap();
                // The program may be gone by then.
                let _ = http.get(address).send().await;
            });
        }
    });
    browser
}
