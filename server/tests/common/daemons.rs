//! Real daemons of other protocols, each in the foreground, in a folder of its own, on ports of its own, ended by its process group.
//!
//! Nothing of the system's configuration is read or changed. Some of them insist on being started by root ([`needs_root`]).

use std::cell::Cell;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::{Pki, free_port};

/// How long a daemon may take until it listens.
const START: Duration = Duration::from_secs(20);

/// A running daemon, ended with its value.
pub(crate) struct Daemon {
    child: Child,
    pub(crate) ports: Vec<u16>,
    folder: TempDir,
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let signal = |signal: &str, whom: String| {
            Command::new("kill").args([signal, "--", &whom]).stderr(Stdio::null()).status().is_ok()
        };
        let id = self.child.id();
        signal("-TERM", id.to_string());
        let until = Instant::now() + Duration::from_secs(3);
        while Instant::now() < until && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        // Its children are of its group.
        signal("-KILL", format!("-{id}"));
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a daemon is started with.
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
    pub(crate) ports: Vec<u16>,
}

impl Place {
    pub(crate) fn port(&self) -> u16 {
        self.ports[0]
    }

    pub(crate) fn file(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    pub(crate) fn write(&self, name: &str, content: &str) -> String {
        std::fs::write(self.folder.join(name), content).unwrap();
        self.file(name)
    }

    /// A folder that belongs to this user, if the test may give things away.
    pub(crate) fn folder_of(&self, name: &str, user: &str) -> String {
        let folder = self.folder.join(name);
        std::fs::create_dir_all(&folder).unwrap();
        give(&folder, user);
        self.file(name)
    }
}

/// Starts a daemon that listens on so many ports. Another process may take one of them in between, so it is tried thrice.
pub(crate) fn daemon(pki: &Pki, ports: usize, command: impl Fn(&Place) -> Command) -> Daemon {
    let mut log = String::new();
    for _ in 0..3 {
        let folder = tempfile::Builder::new().prefix("cw").tempdir().unwrap();
        open(folder.path(), 0o755);
        for (from, to) in [("server.pem", "c.pem"), ("server.key", "k.pem"), ("root.pem", "root.pem")] {
            std::fs::copy(pki.file(from), folder.path().join(to)).unwrap();
        }
        let place =
            Place { folder: folder.path().to_owned(), ports: (0..ports).map(|_| free_port()).collect() };
        let log_file = std::fs::File::create(folder.path().join("log")).unwrap();
        let child = command(&place)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(log_file.try_clone().unwrap())
            .stderr(log_file)
            .process_group(0)
            .spawn()
            .unwrap();
        let mut daemon = Daemon { child, ports: place.ports.clone(), folder };
        if daemon.listens() {
            return daemon;
        }
        log = std::fs::read_to_string(place.file("log")).unwrap_or_default();
    }
    panic!("the daemon does not start: {log}");
}

impl Daemon {
    fn listens(&mut self) -> bool {
        let until = Instant::now() + START;
        while Instant::now() < until && matches!(self.child.try_wait(), Ok(None)) {
            let open = |port: &u16| std::net::TcpStream::connect(("127.0.0.1", *port)).is_ok();
            if self.ports.iter().all(open) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// These daemons start as root and give that up by themselves; a test of theirs that does not run must not look as if it had passed.
pub(crate) fn needs_root(name: &str) {
    assert!(is_root(), "{name} starts as root only: run this test as root");
}

fn open(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// Gives a file to a user, where this process may.
fn give(path: &Path, user: &str) {
    let id = |which: &str| -> Option<u32> {
        let output = Command::new("id").args([which, user]).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse().ok()
    };
    if is_root() {
        chown(path, id("-u"), id("-g")).unwrap();
    }
}

/// A command that runs as this user, where this process may choose.
fn run_as(user: &str, program: &str) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", user, "--regid", user, "--clear-groups", program]);
    command
}

/// Where Debian puts programs that are in nobody's PATH.
fn sbin(program: &str) -> Command {
    let path = Path::new("/usr/sbin").join(program);
    Command::new(if path.is_file() { path.as_os_str() } else { program.as_ref() })
}

fn must(mut command: Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}

/// Postfix: ports for SMTP with TLS, without, with TLS demanded (as on port 587), and behind a load balancer that speaks the PROXY protocol.
pub(crate) fn postfix(pki: &Pki) -> Daemon {
    daemon(pki, 4, |place| {
        let (queue, data) = (place.file("queue"), place.folder_of("data", "postfix"));
        for name in ["private", "public", "active"] {
            place.folder_of(&format!("queue/{name}"), "postfix");
        }
        std::fs::create_dir_all(place.folder.join("queue/pid")).unwrap();
        place.write(
            "main.cf",
            &format!(
                "compatibility_level = 3.6\nqueue_directory = {queue}\ndata_directory = {data}\n\
                 command_directory = /usr/sbin\ndaemon_directory = /usr/lib/postfix/sbin\nmail_owner = postfix\n\
                 myhostname = mail.test\ninet_interfaces = loopback-only\ninet_protocols = ipv4\n\
                 maillog_file = /dev/stdout\nsmtpd_tls_security_level = may\nalias_maps =\nlocal_recipient_maps =\n\
                 smtpd_tls_chain_files = {}, {}\nsmtpd_relay_restrictions = permit_mynetworks, reject\n",
                place.file("k.pem"),
                place.file("c.pem")
            ),
        );
        let more = [
            "",
            " -o smtpd_tls_security_level=none",
            " -o smtpd_tls_security_level=encrypt",
            " -o smtpd_upstream_proxy_protocol=haproxy",
        ];
        let mut services = String::new();
        for (port, more) in place.ports.iter().zip(more) {
            services.push_str(&format!("127.0.0.1:{port} inet n - n - - smtpd{more}\n"));
        }
        services.push_str(
            "rewrite unix - - n - - trivial-rewrite\nanvil unix - - n - 1 anvil\n\
             tlsmgr unix - - n 1000? 1 tlsmgr\npostlog unix-dgram n - n - 1 postlogd\n",
        );
        place.write("master.cf", &services);
        let mut command = Command::new("/usr/lib/postfix/sbin/master");
        command.args(["-d", "-c"]).arg(&place.folder);
        command
    })
}

/// Dovecot: ports for IMAP, POP3, ManageSieve and LMTP; with TLS also one for IMAP with TLS from the start.
pub(crate) fn dovecot(pki: &Pki, tls: bool) -> Daemon {
    daemon(pki, 4 + usize::from(tls), |place| {
        let run = place.folder_of("run", "root");
        let [imap, pop3, sieve, lmtp, ..] = place.ports[..] else { panic!() };
        let imaps = place.ports.get(4).copied().unwrap_or(0);
        let listener = |name: &str, port: u16, more: &str| {
            format!("inet_listener {name} {{\n port = {port}\n{more}\n}}\n")
        };
        let config = place.write(
            "dovecot.conf",
            &format!(
                "base_dir = {run}\nlog_path = /dev/stderr\nprotocols = imap pop3 lmtp sieve\nlisten = 127.0.0.1\n\
                 ssl = {}\nssl_cert = <{}\nssl_key = <{}\n\
                 default_internal_user = nobody\ndefault_internal_group = nogroup\ndefault_login_user = nobody\n\
                 passdb {{\n driver = static\n args = password=x\n}}\n\
                 userdb {{\n driver = static\n args = uid=nobody gid=nogroup home={run}\n}}\n\
                 service anvil {{\n chroot =\n}}\n\
                 service imap-login {{\n chroot =\n{}{}}}\nservice pop3-login {{\n chroot =\n{}{}}}\n\
                 service managesieve-login {{\n chroot =\n{}}}\nservice lmtp {{\n{}}}\n",
                if tls { "yes" } else { "no" },
                place.file("c.pem"),
                place.file("k.pem"),
                listener("imap", imap, ""),
                listener("imaps", imaps, " ssl = yes"),
                listener("pop3", pop3, ""),
                listener("pop3s", 0, ""),
                listener("sieve", sieve, ""),
                listener("lmtp", lmtp, ""),
            ),
        );
        let mut command = sbin("dovecot");
        command.args(["-F", "-c", &config]);
        command
    })
}

/// vsftpd: FTP.
pub(crate) fn vsftpd(pki: &Pki, tls: bool) -> Daemon {
    daemon(pki, 1, |place| {
        let empty = place.folder_of("empty", "root");
        let config = place.write(
            "vsftpd.conf",
            &format!(
                "listen=YES\nbackground=NO\nlisten_address=127.0.0.1\nlisten_port={}\nanonymous_enable=YES\n\
                 ftp_username=nobody\nnopriv_user=nobody\nsecure_chroot_dir={empty}\nssl_enable={}\n\
                 rsa_cert_file={}\nrsa_private_key_file={}\nxferlog_enable=NO\nseccomp_sandbox=NO\n",
                place.port(),
                if tls { "YES" } else { "NO" },
                place.file("c.pem"),
                place.file("k.pem")
            ),
        );
        let mut command = sbin("vsftpd");
        command.arg(config);
        command
    })
}

/// slapd: LDAP, and LDAP with TLS from the start.
pub(crate) fn slapd(pki: &Pki, tls: bool) -> Daemon {
    daemon(pki, 1 + usize::from(tls), |place| {
        let mut config = format!("pidfile {}\n", place.file("pid"));
        let mut where_to = format!("ldap://127.0.0.1:{}/", place.port());
        if tls {
            config.push_str(&format!(
                "TLSCertificateFile {}\nTLSCertificateKeyFile {}\n",
                place.file("c.pem"),
                place.file("k.pem")
            ));
            where_to.push_str(&format!(" ldaps://127.0.0.1:{}/", place.ports[1]));
        }
        config.push_str("database config\nrootdn cn=config\nrootpw x\n");
        let config = place.write("slapd.conf", &config);
        let mut command = sbin("slapd");
        command.args(["-d", "0", "-h", &where_to, "-f", &config]);
        command
    })
}

/// PostgreSQL, of whatever version is there.
pub(crate) fn postgresql(pki: &Pki, tls: bool) -> Daemon {
    let versions = std::fs::read_dir("/usr/lib/postgresql").unwrap();
    let programs = versions.map(|entry| entry.unwrap().path().join("bin")).max().unwrap();
    daemon(pki, 1, |place| {
        let home = place.folder_of("home", "postgres");
        let data = format!("{home}/data");
        let mut make = run_as("postgres", &programs.join("initdb").display().to_string());
        make.args(["-D", &data, "-A", "trust", "-N", "--no-instructions", "-E", "UTF8", "--locale", "C"]);
        must(make);
        for name in ["c.pem", "k.pem"] {
            let file = place.folder.join(name);
            give(&file, "postgres");
            open(&file, 0o600);
        }
        let mut command = run_as("postgres", &programs.join("postgres").display().to_string());
        command.args(["-D", &data, "-h", "127.0.0.1", "-k", &home, "-F", "-p", &place.port().to_string()]);
        if tls {
            command.args(["-c", "ssl=on", "-c", &format!("ssl_cert_file={}", place.file("c.pem"))]);
            command.args(["-c", &format!("ssl_key_file={}", place.file("k.pem"))]);
        }
        command
    })
}

/// MariaDB, with ten connections at a time.
pub(crate) fn mariadb(pki: &Pki, tls: bool) -> Daemon {
    daemon(pki, 1, |place| {
        let user = if is_root() { "--user=nobody" } else { "" };
        let home = place.folder_of("home", "nobody");
        let data = format!("--datadir={home}/data");
        let mut make = Command::new("mariadb-install-db");
        make.args(["--no-defaults", &data, "--auth-root-authentication-method=normal", "--skip-test-db"]);
        make.args(Some(user).filter(|user| !user.is_empty()));
        must(make);
        for name in ["c.pem", "k.pem"] {
            give(&place.folder.join(name), "nobody");
        }
        let mut command = sbin("mariadbd");
        command.args(["--no-defaults", &data, "--bind-address=127.0.0.1", "--max-connections=10"]);
        command.args(Some(user).filter(|user| !user.is_empty()));
        command.arg(format!("--port={}", place.port()));
        command.arg(format!("--socket={home}/s"));
        command.arg(format!("--pid-file={home}/pid"));
        command.args(["--innodb-buffer-pool-size=8M", "--skip-log-bin", "--skip-name-resolve"]);
        if tls {
            command.arg(format!("--ssl-cert={}", place.file("c.pem")));
            command.arg(format!("--ssl-key={}", place.file("k.pem")));
        } else {
            command.arg("--skip-ssl");
        }
        command
    })
}

/// Prosody: XMPP for clients, and for servers, of the host `localhost`.
pub(crate) fn prosody(pki: &Pki, tls: bool) -> Daemon {
    daemon(pki, 2, |place| {
        let data = place.folder_of("data", "root");
        let [client, server] = place.ports[..] else { panic!() };
        let config = place.write(
            "prosody.cfg.lua",
            &format!(
                "daemonize = false\npidfile = \"{}\"\ndata_path = \"{data}\"\ninterfaces = {{ \"127.0.0.1\" }}\n\
                 c2s_ports = {{ {client} }}\ns2s_ports = {{ {server} }}\nhttp_ports = {{}}\nhttps_ports = {{}}\n\
                 legacy_ssl_ports = {{}}\nmodules_enabled = {{ \"saslauth\", {} \"dialback\" }}\n\
                 modules_disabled = {{ \"http\" {} }}\nc2s_require_encryption = false\ns2s_require_encryption = false\n\
                 s2s_secure_auth = false\nauthentication = \"internal_hashed\"\nlog = {{ info = \"*console\" }}\n\
                 ssl = {{ certificate = \"{}\", key = \"{}\" }}\nrun_as_root = true\nVirtualHost \"localhost\"\n",
                place.file("pid"),
                if tls { "\"tls\"," } else { "" },
                if tls { "" } else { ", \"tls\"" },
                place.file("c.pem"),
                place.file("k.pem")
            ),
        );
        let mut command = Command::new("prosody");
        command.args(["-F", "--config", &config]);
        command
    })
}

/// InspIRCd: IRC.
pub(crate) fn inspircd(pki: &Pki, tls: bool) -> Daemon {
    daemon(pki, 1, |place| {
        let here = place.folder.display();
        let mut config = format!(
            "<server name=\"irc.test\" description=\"t\" network=\"T\">\n<admin name=\"a\" nick=\"a\" email=\"a@a.test\">\n\
             <bind address=\"127.0.0.1\" port=\"{}\" type=\"clients\">\n<power diepass=\"x\" restartpass=\"x\">\n\
             <connect allow=\"*\" resolvehostnames=\"no\" useident=\"no\">\n<module name=\"cap\">\n\
             <pid file=\"{here}/pid\">\n<files motd=\"\">\n\
             <path configdir=\"{here}\" datadir=\"{here}\" logdir=\"{here}\" runtimedir=\"{here}\">\n",
            place.port()
        );
        if tls {
            config.push_str(&format!(
                "<module name=\"ssl_gnutls\">\n<module name=\"starttls\">\n<starttls provider=\"Clients\">\n\
                 <sslprofile name=\"Clients\" provider=\"gnutls\" cafile=\"\" crlfile=\"\" certfile=\"{}\" keyfile=\"{}\" hash=\"sha256\">\n",
                place.file("c.pem"),
                place.file("k.pem")
            ));
        }
        let config = place.write("inspircd.conf", &config);
        let mut command = sbin("inspircd");
        command.args(["--nofork", "--config", &config]);
        if is_root() {
            command.arg("--runasroot");
        }
        command
    })
}

/// haproxy: HTTPS that has to begin with a header of the PROXY protocol, and answers with the client's address in it.
pub(crate) fn haproxy(pki: &Pki) -> Daemon {
    daemon(pki, 1, |place| {
        let pem = [place.folder.join("c.pem"), place.folder.join("k.pem")]
            .map(|file| std::fs::read_to_string(file).unwrap());
        let both = place.write("both.pem", &pem.concat());
        let config = place.write(
            "haproxy.cfg",
            &format!(
                "global\n log stdout format raw local0\ndefaults\n mode http\n timeout client 10s\n timeout server 10s\n timeout connect 5s\n\
                 frontend f\n bind 127.0.0.1:{} ssl crt {both} accept-proxy\n\
                 \x20http-request return status 200 content-type text/plain string hello hdr server %[src]:%[src_port]\n",
                place.port()
            ),
        );
        let mut command = sbin("haproxy");
        command.args(["-db", "-f", &config]);
        command
    })
}

/// stunnel: STARTTLS in SMTP and for PostgreSQL, in front of servers on these ports that know nothing of it.
pub(crate) fn stunnel(pki: &Pki, smtp: u16, postgres: u16) -> Daemon {
    daemon(pki, 2, |place| {
        let mut config = String::from("foreground = yes\npid =\n");
        for ((protocol, behind), port) in [("smtp", smtp), ("pgsql", postgres)].into_iter().zip(&place.ports)
        {
            config.push_str(&format!(
                "[{protocol}]\naccept = 127.0.0.1:{port}\nconnect = 127.0.0.1:{behind}\nprotocol = {protocol}\n\
                 cert = {}\nkey = {}\n",
                place.file("c.pem"),
                place.file("k.pem")
            ));
        }
        let config = place.write("stunnel.conf", &config);
        let mut command = Command::new("stunnel4");
        command.arg(config);
        command
    })
}

/// tinyproxy: HTTP CONNECT to these ports, for the user `me` with the password `hunter2`.
pub(crate) fn tinyproxy(pki: &Pki, to: &[u16]) -> Daemon {
    daemon(pki, 1, |place| {
        let mut config = format!(
            "Port {}\nListen 127.0.0.1\nTimeout 10\nMaxClients 20\nBasicAuth me hunter2\nLogLevel Critical\n",
            place.port()
        );
        for port in to {
            config.push_str(&format!("ConnectPort {port}\n"));
        }
        let config = place.write("tinyproxy.conf", &config);
        let mut command = Command::new("tinyproxy");
        command.args(["-d", "-c", &config]);
        command
    })
}

/// microsocks: SOCKS version 5, for the user `me` with the password `hunter2`.
pub(crate) fn microsocks(pki: &Pki) -> Daemon {
    daemon(pki, 1, |place| {
        let mut command = Command::new("microsocks");
        command.args(["-i", "127.0.0.1", "-u", "me", "-P", "hunter2", "-p", &place.port().to_string()]);
        command
    })
}

/// dnsmasq: a name service on port 53 of this address. It knows these names, in the manner of `/etc/hosts`, and passes on whatever else it is asked to
/// a port of 127.0.0.1, if there is one.
pub(crate) fn dnsmasq(pki: &Pki, address: &str, names: &str, upstream: Option<u16>) -> Names {
    let daemon = daemon(pki, 0, |place| {
        let file = place.write("names", names);
        let mut command = sbin("dnsmasq");
        command.args(["--keep-in-foreground", "--no-resolv", "--no-hosts", "--bind-interfaces"]);
        command.args([
            "--conf-file=/dev/null",
            "--pid-file",
            "--cache-size=0",
            "--local-ttl=0",
            "--user=root",
        ]);
        command.args([format!("--listen-address={address}"), format!("--addn-hosts={file}")]);
        command.args(upstream.map(|port| format!("--server=127.0.0.1#{port}")));
        command
    });
    let service = Names { daemon, address: address.to_owned(), changes: Cell::new(0) };
    service.change(names);
    service
}

/// A name service whose names change.
pub(crate) struct Names {
    daemon: Daemon,
    address: String,
    changes: Cell<u8>,
}

impl Names {
    /// From here on these are the names, and one that tells them apart from those before.
    pub(crate) fn change(&self, names: &str) {
        let number = self.changes.get() + 1;
        self.changes.set(number);
        let names = format!("{names}\n127.1.1.{number} {VERSION}\n");
        std::fs::write(self.daemon.folder.path().join("names"), names).unwrap();
        let until = Instant::now() + START;
        while self.version() != Some(number) {
            assert!(Instant::now() < until, "dnsmasq does not answer");
            let id = self.daemon.child.id().to_string();
            assert!(Command::new("kill").args(["-HUP", &id]).status().unwrap().success());
        }
    }

    /// The last octet of the name's address (RFC 1035 section 4.1), if there is an answer soon.
    fn version(&self) -> Option<u8> {
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
        let label = u8::try_from(VERSION.len()).unwrap();
        let header = [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, label];
        let question = [&header[..], VERSION.as_bytes(), &[0, 0, 1, 0, 1]].concat();
        socket.send_to(&question, (self.address.as_str(), 53)).ok()?;
        let mut answer = [0; 512];
        let length = socket.recv(&mut answer).ok()?;
        (length > question.len()).then(|| answer[length - 1])
    }
}

/// A name without a dot, which nobody else has.
const VERSION: &str = "version";
