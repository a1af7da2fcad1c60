//! The chain that is looked at: root, intermediate and servers' certificates made by openssl; the intermediate lies at an HTTP address that the
//! servers' certificates name.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;

use certwright_tests::openssl;
use tempfile::TempDir;

/// What the PKCS#12 file is under.
pub(crate) const FILE_PASSWORD: &str = "Inspektion 4711";
/// The host of the certificates.
pub(crate) const HOST: &str = "shop.example.com";

/// The files of the chain, and the server that has the intermediate.
pub(crate) struct Authority {
    folder: TempDir,
}

impl Authority {
    /// Makes everything: `root.pem`, `intermediate.pem`, `leaf.pem` with its key in `leaf.p12`, `renewed.pem` (another key, one host name
    /// less), `expired.pem`.
    pub(crate) fn new() -> Self {
        let authority = Self { folder: tempfile::tempdir().unwrap() };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = format!("http://127.0.0.1:{}/intermediate.cer", listener.local_addr().unwrap().port());
        authority.write("root.ext", "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n");
        let usages = "basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
        let leaf = |names: &str| {
            format!("{usages}subjectAltName={names}\nauthorityInfoAccess=caIssuers;URI:{address}\n")
        };
        authority.write("leaf.ext", &leaf(&format!("DNS:{HOST},DNS:old.example.com")));
        authority.write("renewed.ext", &leaf(&format!("DNS:{HOST}")));

        authority.key("root");
        authority.run(&[
            "req",
            "-x509",
            "-new",
            "-key",
            "root.key",
            "-subj",
            "/O=Inspection/CN=Inspection Root",
            "-days",
            "3650",
            "-out",
            "root.pem",
            "-addext",
            "keyUsage=critical,keyCertSign,cRLSign",
        ]);
        authority.issue("intermediate", "/O=Inspection/CN=Inspection CA 1", "root", "root.ext", "1825");
        for name in ["leaf", "renewed", "expired"] {
            let (extensions, days) = match name {
                "renewed" => ("renewed.ext", "90"),
                "expired" => ("leaf.ext", "-1"),
                _ => ("leaf.ext", "30"),
            };
            authority.issue(name, &format!("/O=Inspection/CN={HOST}"), "intermediate", extensions, days);
        }
        authority.run(&[
            "pkcs12",
            "-export",
            "-in",
            "leaf.pem",
            "-inkey",
            "leaf.key",
            "-certfile",
            "intermediate.pem",
            "-name",
            "shop",
            "-passout",
            &format!("pass:{FILE_PASSWORD}"),
            "-out",
            "leaf.p12",
        ]);
        authority.run(&["x509", "-in", "intermediate.pem", "-outform", "DER", "-out", "intermediate.cer"]);
        serve(listener, authority.read("intermediate.cer"));
        authority
    }

    /// A file.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What is in a file.
    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// A file as text.
    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }

    /// openssl in the folder of the files.
    pub(crate) fn run(&self, arguments: &[&str]) -> Vec<u8> {
        let output = openssl::openssl(arguments).current_dir(self.folder.path()).output().unwrap();
        assert!(
            output.status.success(),
            "openssl {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    }

    fn write(&self, name: &str, content: &str) {
        std::fs::write(self.path(name), content).unwrap();
    }

    fn key(&self, name: &str) {
        self.run(&[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-out",
            &format!("{name}.key"),
        ]);
    }

    fn issue(&self, name: &str, subject: &str, issuer: &str, extensions: &str, days: &str) {
        self.key(name);
        let file = |ending: &str| format!("{name}.{ending}");
        let (key, issuer_key) = (file("key"), format!("{issuer}.key"));
        self.run(&["req", "-new", "-key", &key, "-subj", subject, "-out", &file("csr")]);
        self.run(&[
            "x509",
            "-req",
            "-in",
            &file("csr"),
            "-CA",
            &format!("{issuer}.pem"),
            "-CAkey",
            &issuer_key,
            "-CAcreateserial",
            "-extfile",
            extensions,
            "-days",
            days,
            "-out",
            &file("pem"),
        ]);
    }
}

/// Answers every request with the file, for as long as the test runs.
fn serve(listener: TcpListener, file: Vec<u8>) {
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let Ok(mut connection) = connection else { return };
            let mut request = [0; 2048];
            // Whoever asks says so in one packet; whoever hangs up wants no answer.
            let _ = connection.read(&mut request);
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/pkix-cert\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                file.len()
            );
            let _ = connection.write_all(head.as_bytes());
            let _ = connection.write_all(&file);
        }
    });
}
