use crate::shell::Shell;

#[test]
fn help_is_as_it_was() {
    let shell = Shell::new();
    for (name, arguments) in [
        ("help", &["--help"][..]),
        ("help_check", &["check", "--help"]),
        ("help_analyse", &["analyse", "--help"]),
        ("help_transcode", &["transcode", "--help"]),
        ("help_deliver", &["deliver", "--help"]),
        ("help_subscribe", &["subscribe", "--help"]),
        ("help_status", &["status", "--help"]),
        ("help_cloud", &["cloud", "--help"]),
        ("help_cloud_invite", &["cloud", "invite", "--help"]),
        ("help_cloud_redrive", &["cloud", "redrive", "--help"]),
        ("help_cloud_invoke", &["cloud", "invoke", "--help"]),
        ("help_cloud_doctor", &["cloud", "doctor", "--help"]),
        ("help_join", &["join", "--help"]),
        ("help_sign_in", &["sign-in", "--help"]),
        ("help_sign_out", &["sign-out", "--help"]),
        ("help_account", &["account", "--help"]),
        ("help_completions", &["completions", "--help"]),
        ("help_man", &["man", "--help"]),
    ] {
        let ran = shell.run(arguments);
        assert_eq!(ran.exit, 0, "{}", ran.text());
        insta::assert_snapshot!(name, ran.stdout);
    }
}

#[test]
fn arguments_that_make_no_sense_exit_with_2_and_say_why() {
    let shell = Shell::new();
    for (name, arguments) in [
        ("usage_nothing", &[][..]),
        ("usage_unknown_command", &["delivr"]),
        ("usage_no_folder", &["deliver"]),
        ("usage_unknown_field", &["deliver", "album", "--set", "titel=Night Bus"]),
        ("usage_no_value", &["deliver", "album", "--set", "title"]),
        ("usage_no_track", &["deliver", "album", "--set", "first.title=Terminus"]),
        ("usage_unknown_format", &["transcode", "a.wav", "--out", "out", "--formats", "flac,opus"]),
        ("usage_no_address", &["cloud", "invite", "kim", "--label", "nightbus", "--role", "staff"]),
        ("usage_no_label", &["cloud", "invite", "kim@example.org", "--label", "Night Bus", "--role", "staff"]),
        (
            "usage_artist_of_staff",
            &["cloud", "invite", "kim@example.org", "--label", "nightbus", "--role", "staff", "--artist", "Kim"],
        ),
        ("usage_unknown_function", &["cloud", "invoke", "mail"]),
        ("usage_negative_start", &["transcode", "a.wav", "--out", "out", "--preview-start=-1"]),
    ] {
        let ran = shell.run(arguments);
        assert_eq!(ran.exit, 2, "{}", ran.text());
        insta::assert_snapshot!(name, ran.stderr);
    }
}
