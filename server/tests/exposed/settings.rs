//! Settings from flags, environment and file, and what is wrong with them.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use crate::common::Pki;
use crate::common::process::run;
use crate::{CI, tokens, write_secret};

#[test]
fn settings_come_from_flags_environment_and_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    tokens(path);
    fs::write(path.join("c.toml"), "# ours\nmax-probes = 7\nmax-probes-per-client = 6\nprobe-seconds = 5\ntoken-file = \"tokens\"\ndeny = [\"10.0.0.0/8\"]\n").unwrap();
    let arguments = ["--config", "c.toml", "--max-probes", "9", "--check-config"];
    let environment = [
        ("CERTWRIGHT_MAX_PROBES", "8"),
        ("CERTWRIGHT_MAX_PROBES_PER_CLIENT", "5"),
        ("CERTWRIGHT_ALLOW", "127.0.0.0/8,fd00::/8"),
        ("CERTWRIGHT_REQUIRE_TOKEN", "true"),
    ];
    let (status, printed, errors) = run(path, &arguments, &environment);
    assert_eq!(status, 0, "{errors}");
    let line = |start: &str| {
        let line = printed
            .lines()
            .find(|line| line.starts_with(start))
            .unwrap_or_else(|| panic!("{start}: {printed}"));
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("max-probes ="), "max-probes = 9 # --max-probes");
    assert_eq!(line("max-probes-per"), "max-probes-per-client = 5 # CERTWRIGHT_MAX_PROBES_PER_CLIENT");
    assert_eq!(line("probe-seconds"), "probe-seconds = 5 # file, line 4");
    assert_eq!(line("drain-seconds"), "drain-seconds = 5 # default");
    assert_eq!(line("allow ="), "allow = [\"127.0.0.0/8\", \"fd00::/8\"] # CERTWRIGHT_ALLOW");
    assert_eq!(line("require-token"), "require-token = true # CERTWRIGHT_REQUIRE_TOKEN");
    assert_eq!(line("rate-per-client"), "rate-per-client = 0 # default");
    assert_eq!(line("# tls-cert"), "# tls-cert is not set");
    assert!(!printed.contains(CI), "{printed}");

    // What is printed is a file of settings.
    fs::write(path.join("again.toml"), &printed).unwrap();
    let (status, again, errors) = run(path, &["--config", "again.toml", "--check-config"], &[]);
    assert_eq!(status, 0, "{errors}");
    let values = |text: &str| {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| line.split('#').next().unwrap().trim().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(values(&again), values(&printed));

    // Where strangers are served, more is limited, and it is told who probes.
    let (_, printed, _) = run(path, &["--check-config", "--host", "tools.example"], &[]);
    assert!(
        printed.starts_with("# Strangers are served") && printed.contains("rate-per-client = 600"),
        "{printed}"
    );
    assert!(printed.contains("audit-log = \"stderr\""), "{printed}");
    assert_eq!(run(path, &["--check-config", "--audit-log", "audit.jsonl"], &[]).0, 0);
    assert!(!path.join("audit.jsonl").exists(), "looking at settings makes no file of another user");
    assert_eq!(run(path, &["--check-config", "--audit-log", "none/audit.jsonl"], &[]).0, 2);
}

#[test]
fn wrong_settings_are_told_in_a_sentence() {
    let pki = Pki::new();
    let path = pki.path();
    tokens(path);
    write_secret(&path.join("short"), "ci 0123456789\n");
    fs::set_permissions(path.join("server.key"), Permissions::from_mode(0o600)).unwrap();
    fs::copy(path.join("server.key"), path.join("open.key")).unwrap();
    fs::set_permissions(path.join("open.key"), Permissions::from_mode(0o644)).unwrap();
    fs::write(path.join("c.toml"), "\n\nmax-probs = 3\n").unwrap();
    fs::write(path.join("d.toml"), "allow = [\"10.0.0.0/8\",\n \"10.0.0.0/33\"]\n").unwrap();
    for (arguments, words) in [
        (&["--config", "c.toml"][..], "“c.toml”, line 3: \"max-probs\" is no setting; allowed are listen,"),
        (
            &["--config", "d.toml"],
            "“d.toml”, line 2: allow cannot be \"10.0.0.0/33\"; allowed is a range like",
        ),
        (&["--config", "none.toml"], "“none.toml” cannot be read"),
        (&["--tls-cert", "server.pem"], "tls-cert needs a tls-key"),
        (&["--tls-cert", "server.pem", "--tls-key", "open.key"], "its mode is 0644"),
        (
            &["--tls-cert", "server.pem", "--tls-key", "foreign-root.key"],
            "does not belong to the first certificate",
        ),
        (&["--tls-cert", "server.key", "--tls-key", "server.key"], "holds no certificate"),
        (&["--tls-cert", "server.pem", "--tls-key", "tokens"], "holds no private key"),
        (&["--token-file", "short"], "line 1: a token has from 32 to 512 characters"),
        (&["--require-token"], "require-token is of no use without a token-file"),
        (&["--audit-log", "none/audit.jsonl"], "cannot be opened"),
        (&["--max-probes", "0"], "a whole number from 1 to 256"),
    ] {
        let (status, printed, said) = run(path, arguments, &[]);
        assert_eq!((status, printed.as_str()), (2, ""), "{arguments:?}");
        assert!(said.contains(words), "{arguments:?}: {said}");
        assert!(!said.contains("0123456789"), "{said}");
    }
    let (status, _, said) = run(path, &[], &[("CERTWRIGHT_MAX_PROBES", "many")]);
    assert!(status == 2 && said.contains("a whole number from 1 to 256"), "{said}");
    assert!(said.contains("comes from the environment: CERTWRIGHT_MAX_PROBES."), "{said}");
    let (status, _, said) = run(path, &[], &[("CERTWRIGHT_ALLOW", "10.0.0.0/8,everything")]);
    assert!(status == 2 && said.contains("comes from the environment: CERTWRIGHT_ALLOW."), "{said}");
}
