//! What the tests need of the system: real peers, real browsers. Installed from Debian's packages where that is possible,
//! named where it is not.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use crate::step::{Outcome, run, step};
use crate::tools::{folder_on_path, starts};

/// A thing that the tests need: how to see that it is there, and the package that brings it.
struct Need {
    /// Any of these programs will do.
    programs: &'static [&'static str],
    /// Or, for what is no program, this file.
    file: Option<&'static str>,
    /// Debian's package.
    package: &'static str,
    /// What it is for.
    why: &'static str,
}

const NEEDS: [Need; 32] = [
    Need { programs: &["c++"], file: None, package: "g++", why: "compiles the fuzzer, libFuzzer" },
    Need {
        programs: &["openssl"],
        file: None,
        package: "openssl",
        why: "the certification authority, and a peer",
    },
    Need {
        programs: &["ssh-keygen"],
        file: None,
        package: "openssh-client",
        why: "writes and reads OpenSSH's keys",
    },
    Need { programs: &["curl"], file: None, package: "curl", why: "asks the server over HTTP and HTTPS" },
    Need {
        programs: &["gnutls-serv"],
        file: None,
        package: "gnutls-bin",
        why: "another TLS library as a peer",
    },
    Need {
        programs: &["testssl", "testssl.sh"],
        file: None,
        package: "testssl.sh",
        why: "surveys of servers are compared with it",
    },
    Need {
        programs: &[],
        file: Some("/var/lib/dpkg/info/python3-venv.list"),
        package: "python3-venv",
        why: "the environment in which the tests run tlslite-ng (SSL 3.0, RC4) and sslyze",
    },
    Need { programs: &["nginx"], file: None, package: "nginx-light", why: "the servers that are probed" },
    Need {
        programs: &["apache2"],
        file: Some("/usr/sbin/apache2"),
        package: "apache2-bin",
        why: "asks for client certificates after the handshake",
    },
    Need {
        programs: &["dnsmasq"],
        file: None,
        package: "dnsmasq-base",
        why: "a name service whose names change",
    },
    Need { programs: &["ip"], file: None, package: "iproute2", why: "a network of the tests' own" },
    Need {
        programs: &["keytool"],
        file: None,
        package: "default-jre-headless",
        why: "reads the keystores that are exported",
    },
    Need {
        programs: &[],
        file: Some("/usr/share/java/bcprov.jar"),
        package: "libbcprov-java",
        why: "Bouncy Castle writes the BKS and UBER keystores that are read",
    },
    Need {
        programs: &["chromium", "chromium-browser", "google-chrome"],
        file: None,
        package: "chromium",
        why: "browser tests",
    },
    Need { programs: &["chromedriver"], file: None, package: "chromium-driver", why: "browser tests" },
    Need { programs: &["firefox-esr", "firefox"], file: None, package: "firefox-esr", why: "browser tests" },
    Need {
        programs: &[],
        file: Some("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
        package: "fonts-dejavu-core",
        why: "screenshots with letters in them",
    },
    Need {
        programs: &["haproxy"],
        file: None,
        package: "haproxy",
        why: "speaks the PROXY protocol, and asks for client certificates",
    },
    Need {
        programs: &[],
        file: Some("/usr/lib/postfix/sbin/smtpd"),
        package: "postfix",
        why: "SMTP that is probed",
    },
    Need {
        programs: &[],
        file: Some("/usr/lib/dovecot/imap-login"),
        package: "dovecot-imapd",
        why: "IMAP that is probed",
    },
    Need {
        programs: &[],
        file: Some("/usr/lib/dovecot/pop3-login"),
        package: "dovecot-pop3d",
        why: "POP3 that is probed",
    },
    Need {
        programs: &[],
        file: Some("/usr/lib/dovecot/lmtp"),
        package: "dovecot-lmtpd",
        why: "LMTP that is probed",
    },
    Need {
        programs: &[],
        file: Some("/usr/lib/dovecot/managesieve-login"),
        package: "dovecot-managesieved",
        why: "ManageSieve that is probed",
    },
    Need { programs: &["vsftpd"], file: None, package: "vsftpd", why: "FTP that is probed" },
    Need { programs: &["slapd"], file: None, package: "slapd", why: "LDAP that is probed" },
    Need {
        programs: &[],
        file: Some("/usr/lib/postgresql"),
        package: "postgresql",
        why: "PostgreSQL that is probed",
    },
    Need { programs: &["mariadbd"], file: None, package: "mariadb-server", why: "MySQL that is probed" },
    Need { programs: &["prosody"], file: None, package: "prosody", why: "XMPP that is probed" },
    Need { programs: &["inspircd"], file: None, package: "inspircd", why: "IRC that is probed" },
    Need { programs: &["tinyproxy"], file: None, package: "tinyproxy-bin", why: "an HTTP proxy" },
    Need { programs: &["microsocks"], file: None, package: "microsocks", why: "a SOCKS proxy" },
    Need { programs: &["stunnel4"], file: None, package: "stunnel4", why: "another STARTTLS that is probed" },
];

/// What the bench needs besides, and no test.
const NEEDS_OF_BENCH: [Need; 1] = [Need {
    programs: &["go"],
    file: None,
    package: "golang-go",
    why: "builds the scanner that probes of many hosts are compared with",
}];

/// What the pictures of README need besides, and no test.
const NEEDS_OF_SCREENSHOTS: [Need; 1] = [Need {
    programs: &["img2webp"],
    file: None,
    package: "webp",
    why: "joins the pictures of a walk through the page into one that moves",
}];

/// Installs what is missing for the tests, or says what it is.
pub(crate) fn ensure() -> Outcome {
    step("what the tests need of the system", || ensure_all(&NEEDS))
}

/// The same for what the bench needs besides.
pub(crate) fn ensure_for_bench() -> Outcome {
    ensure_all(&NEEDS_OF_BENCH)
}

/// The same for what the pictures of README need besides.
pub(crate) fn ensure_for_screenshots() -> Outcome {
    ensure_all(&NEEDS_OF_SCREENSHOTS)
}

fn ensure_all(needs: &[Need]) -> Outcome {
    let missing = missing(needs);
    if missing.is_empty() {
        return Ok(());
    }
    if !may_install() {
        return Err(told(&missing));
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    println!("    missing: {}", packages.join(", "));
    run(apt().arg("update"))?;
    run(apt().args(["install", "--yes", "--no-install-recommends"]).args(&packages))?;
    let still = self::missing(needs);
    if still.is_empty() { Ok(()) } else { Err(told(&still)) }
}

fn missing(needs: &[Need]) -> Vec<&Need> {
    needs.iter().filter(|need| !is_there(need)).collect()
}

fn is_there(need: &Need) -> bool {
    // Not every user has /usr/sbin in PATH, and servers such as nginx lie there.
    let sbin = Path::new("/usr/sbin");
    need.programs.iter().any(|program| folder_on_path(program).is_some() || sbin.join(program).is_file())
        || need.file.is_some_and(|file| Path::new(file).exists() || !cfg!(target_os = "linux"))
}

fn told(missing: &[&Need]) -> String {
    let mut text = String::from("the tests need these, and they are not here:\n");
    for need in missing {
        let what = need.programs.first().copied().or(need.file).unwrap_or(need.package);
        text.push_str(&format!("  {what} ({}): Debian package {}\n", need.why, need.package));
    }
    text.push_str("Install them (on Debian, as root, this is done for you), then try again.");
    text
}

/// Whether this is root on a system with apt.
fn may_install() -> bool {
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    root && starts("apt-get", "--version")
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.arg("--quiet").env("DEBIAN_FRONTEND", "noninteractive");
    // A package that brings a server would start it: at this run level it does not.
    command.env("RUNLEVEL", OsStr::new("1"));
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_its_package() {
        let needs = [
            Need { programs: &["sh"], file: None, package: "dash", why: "a shell" },
            Need { programs: &["no-such-program-here"], file: None, package: "none-such", why: "nothing" },
        ];
        let missing = missing(&needs);
        assert_eq!(missing.iter().map(|need| need.package).collect::<Vec<_>>(), ["none-such"]);
        let text = told(&missing);
        assert!(text.contains("no-such-program-here") && text.contains("none-such"), "{text}");
    }
}
