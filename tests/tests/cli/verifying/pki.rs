//! A small public key infrastructure that openssl makes, and the questions about it.

use std::fs;
use std::process::Output;

use certwright_protocol::ui::inspect::Judgement;
use certwright_tests::openssl;

use crate::Desk;

/// Extensions of an authority.
pub(crate) const CA: &str =
    "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash";
/// Extensions of a server.
pub(crate) const LEAF: &str = "basicConstraints=CA:FALSE\nsubjectAltName=DNS:erp.example.com,IP:192.0.2.7\nauthorityKeyIdentifier=keyid";

/// `root` issued `int`, which issued `leaf`; `other` and `rsa` are other roots; `bundle` is leaf and intermediate; `altered` is the leaf with another
/// signature.
pub(crate) struct Pki {
    desk: Desk,
}

impl Pki {
    pub(crate) fn new() -> Self {
        let pki = Self { desk: Desk::new() };
        for (name, subject) in [("root", "/O=Example/CN=Root"), ("other", "/O=Other/CN=Root")] {
            pki.key(name, &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
            pki.root(name, subject);
        }
        pki.key("rsa", &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]);
        pki.root("rsa", "/O=Example/CN=RSA root");
        pki.issue("int", "root", "/O=Example/CN=Intermediate", CA);
        pki.issue("leaf", "int", "/O=Example/CN=erp", LEAF);
        let read = |name: &str| fs::read_to_string(pki.desk.path(name)).unwrap();
        fs::write(pki.desk.path("bundle.pem"), read("leaf.pem") + &read("int.pem")).unwrap();
        // The same content with the signature of another certificate.
        let mut der = openssl::certificate_der(&pki.desk.path("leaf.pem"));
        let last = der.last_mut().unwrap();
        *last ^= 1;
        fs::write(pki.desk.path("altered.der"), der).unwrap();
        openssl::run([
            "x509",
            "-inform",
            "DER",
            "-in",
            &pki.word("@altered.der"),
            "-out",
            &pki.word("@altered.pem"),
        ]);
        pki
    }

    /// `@name` as the path of a file, other words as they are.
    pub(crate) fn word(&self, word: &str) -> String {
        word.strip_prefix('@').map_or_else(|| word.to_owned(), |name| self.desk.name(name))
    }

    pub(crate) fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Makes a key with these arguments of `openssl genpkey`.
    pub(crate) fn key(&self, name: &str, arguments: &[&str]) {
        let out = self.desk.name(&format!("{name}.key"));
        openssl::run([&["genpkey", "-out", &out], arguments].concat());
    }

    pub(crate) fn dsa_key(&self, name: &str) {
        let parameters = self.desk.name("dsa.parameters");
        let sizes = ["-pkeyopt", "dsa_paramgen_bits:2048", "-pkeyopt", "dsa_paramgen_q_bits:256"];
        openssl::run(
            [&["genpkey", "-genparam", "-algorithm", "DSA", "-out", &parameters], &sizes[..]].concat(),
        );
        self.key(name, &["-paramfile", &parameters]);
    }

    /// Has a key certify itself as a root.
    pub(crate) fn root(&self, name: &str, subject: &str) {
        let (key, out) = (self.desk.name(&format!("{name}.key")), self.desk.name(&format!("{name}.pem")));
        let mut arguments =
            vec!["req", "-x509", "-key", &key, "-subj", subject, "-days", "3650", "-out", &out];
        for extension in CA.lines() {
            arguments.extend(["-addext", extension]);
        }
        openssl::run(arguments);
    }

    /// Has `issuer` certify `name`, whose key is made if there is none.
    pub(crate) fn issue(&self, name: &str, issuer: &str, subject: &str, extensions: &str) {
        self.issue_with(name, issuer, subject, extensions, &["-sha256"]);
    }

    /// The same with these arguments of `openssl x509` besides.
    pub(crate) fn issue_with(
        &self,
        name: &str,
        issuer: &str,
        subject: &str,
        extensions: &str,
        more: &[&str],
    ) {
        let file = |ending: &str| self.desk.name(&format!("{name}.{ending}"));
        if !self.desk.path(&format!("{name}.key")).exists() {
            self.key(name, &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
        }
        fs::write(file("ext"), extensions).unwrap();
        openssl::run(["req", "-new", "-key", &file("key"), "-subj", subject, "-out", &file("csr")]);
        let (ca, ca_key) = (self.word(&format!("@{issuer}.pem")), self.word(&format!("@{issuer}.key")));
        let (request, extensions, out) = (file("csr"), file("ext"), file("pem"));
        let common = [
            "x509",
            "-req",
            "-in",
            &request,
            "-CA",
            &ca,
            "-CAkey",
            &ca_key,
            "-days",
            "90",
            "-extfile",
            &extensions,
            "-out",
            &out,
        ];
        openssl::run([&common, more].concat());
    }

    /// Begins the register of `openssl ca` of an authority.
    pub(crate) fn open_register(&self, name: &str) {
        let folder = self.desk.path("").display().to_string();
        fs::write(self.desk.path(&format!("{name}.index")), "").unwrap();
        fs::write(self.desk.path(&format!("{name}.number")), "01\n").unwrap();
        let config = format!(
            "[ca]\ndefault_ca=x\n[x]\ndatabase={folder}/{name}.index\ncrlnumber={folder}/{name}.number\ncertificate={folder}/{name}.pem\n\
             private_key={folder}/{name}.key\ndefault_md=sha256\ndefault_crl_days=30\ncrl_extensions=crl\n\
             [crl]\nauthorityKeyIdentifier=keyid\n"
        );
        fs::write(self.desk.path(&format!("{name}.conf")), config).unwrap();
    }

    pub(crate) fn revoke(&self, issuer: &str, name: &str) {
        let (config, file) = (self.word(&format!("@{issuer}.conf")), self.word(&format!("@{name}.pem")));
        openssl::run(["ca", "-config", &config, "-revoke", &file, "-crl_reason", "keyCompromise"]);
    }

    /// The revocation list of an authority, `NAME.crl`.
    pub(crate) fn crl(&self, name: &str) {
        let (config, out) = (self.word(&format!("@{name}.conf")), self.word(&format!("@{name}.crl")));
        openssl::run(["ca", "-config", &config, "-gencrl", "-out", &out]);
    }

    /// What the authority's own responder answers about `name`, by its register; the name of a file. What the register does not know is added to it.
    pub(crate) fn ocsp(&self, name: &str, issuer: &str) -> String {
        let path = |ending: &str| self.word(&format!("@{name}.{ending}"));
        let (ca, ca_key) = (self.word(&format!("@{issuer}.pem")), self.word(&format!("@{issuer}.key")));
        let index = self.word(&format!("@{issuer}.index"));
        let serial = openssl::text(["x509", "-in", &path("pem"), "-noout", "-serial"]);
        let serial = serial.trim().trim_start_matches("serial=").to_owned();
        let mut register = fs::read_to_string(&index).unwrap();
        if !register.contains(&serial) {
            register.push_str(&format!("V\t400101000000Z\t\t{serial}\tunknown\t/CN={name}\n"));
            fs::write(&index, register).unwrap();
        }
        let (request, response) = (path("ocspreq"), path("ocspresp"));
        openssl::run(["ocsp", "-issuer", &ca, "-cert", &path("pem"), "-no_nonce", "-reqout", &request]);
        openssl::run([
            "ocsp", "-index", &index, "-CA", &ca, "-rsigner", &ca, "-rkey", &ca_key, "-ndays", "1", "-reqin",
            &request, "-respout", &response,
        ]);
        format!("{name}.ocspresp")
    }

    /// What openssl reads in that answer.
    pub(crate) fn ocsp_opinion(&self, name: &str, issuer: &str) -> String {
        let path = |ending: &str| self.word(&format!("@{name}.{ending}"));
        let (ca, root) = (self.word(&format!("@{issuer}.pem")), self.word("@root.pem"));
        openssl::text([
            "ocsp",
            "-issuer",
            &ca,
            "-cert",
            &path("pem"),
            "-respin",
            &path("ocspresp"),
            "-no_nonce",
            "-CAfile",
            &root,
            "-verify_other",
            &ca,
        ])
    }

    pub(crate) fn run(&self, arguments: &str) -> Output {
        self.desk.run(&format!("verify {arguments}"))
    }

    /// The judgement, with this status.
    pub(crate) fn judgement(&self, arguments: &str, status: i32) -> Judgement {
        let output = self.run(&format!("{arguments} --json"));
        assert_eq!(output.status.code(), Some(status), "{arguments}: {output:?}");
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{arguments}: {error}: {output:?}"))
    }

    /// The text, with this status.
    pub(crate) fn words(&self, arguments: &str, status: i32) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(status), "{arguments}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }
}
