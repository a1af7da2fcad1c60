//! Running the real openssl and keytool, and a small CA made with them.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

use std::{
    path::PathBuf,
    process::{Command, Output},
};

use certwright_certs::{
    Certificate, Name, SigningRequest,
    request::{Purpose, RequestSpec},
};
use certwright_keys::{KeySpec, PrivateKey, generate::generate_key, read::read_private_key};
use certwright_keystore::{Content, Entry, KeyPair};
use rand_core::UnwrapErr;

/// A folder for one test, with the tools running in it.
pub(crate) struct Bench {
    folder: tempfile::TempDir,
}

/// Certificates of a CA: root, intermediate, and what they issue.
pub(crate) struct Ca {
    pub(crate) bench: Bench,
    pub(crate) root: Certificate,
    pub(crate) intermediate: Certificate,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// Runs `openssl` with arguments separated by spaces; gives its standard output.
    pub(crate) fn openssl(&self, arguments: &str) -> Vec<u8> {
        self.success("openssl", arguments).stdout
    }

    /// Runs `openssl`; gives its standard error, where it says what it finds.
    pub(crate) fn openssl_info(&self, arguments: &str) -> String {
        String::from_utf8(self.success("openssl", arguments).stderr).unwrap()
    }

    /// Runs a program of one Java source file with arguments separated by spaces.
    pub(crate) fn java(&self, source: &str, arguments: &str) -> String {
        String::from_utf8(self.success("java", &format!("{source} {arguments}")).stdout).unwrap()
    }

    /// Runs `keytool` in English; gives its standard output.
    pub(crate) fn keytool(&self, arguments: &str) -> String {
        let arguments =
            format!("-J-Duser.language=en -J-Dfile.encoding=UTF-8 -J-Dsun.jnu.encoding=UTF-8 {arguments}");
        String::from_utf8(self.success("keytool", &arguments).stdout).unwrap()
    }

    fn success(&self, tool: &str, arguments: &str) -> Output {
        let output = self.run(tool, arguments);
        assert!(
            output.status.success(),
            "{tool} {arguments}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        output
    }

    pub(crate) fn run(&self, tool: &str, arguments: &str) -> Output {
        Command::new(tool)
            .args(arguments.split_whitespace())
            .env("LC_ALL", "C.UTF-8")
            .current_dir(self.folder.path())
            .output()
            .unwrap_or_else(|error| panic!("{tool}: {error}"))
    }

    pub(crate) fn certificate(&self, name: &str) -> Certificate {
        pem_certificate(&self.read(name))
    }

    pub(crate) fn key(&self, name: &str) -> PrivateKey {
        read_private_key(&self.read(name), None).unwrap()
    }
}

impl Ca {
    /// A root and an intermediate, in `root.pem`, `root.key`, `intermediate.pem`, `intermediate.key`.
    pub(crate) fn new(name: &str) -> Self {
        let bench = Bench::new();
        bench.write("ca.ext", b"basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n");
        bench.write("leaf.ext", b"keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n");
        let ec = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
        bench.openssl(&format!(
            "req -x509 {ec} -keyout root.key -out root.pem -days 3650 -subj /O={name}/CN=Root"
        ));
        bench.openssl(&format!(
            "req {ec} -keyout intermediate.key -out intermediate.csr -subj /O={name}/CN=Issuing"
        ));
        bench.openssl("x509 -req -in intermediate.csr -CA root.pem -CAkey root.key -CAcreateserial -days 3000 -extfile ca.ext -out intermediate.pem");
        let root = bench.certificate("root.pem");
        let intermediate = bench.certificate("intermediate.pem");
        Self { bench, root, intermediate }
    }

    /// Signs a request with the intermediate.
    pub(crate) fn issue(&self, request: &SigningRequest) -> Certificate {
        self.bench.write("request.pem", request.to_pem().as_bytes());
        self.bench.openssl("x509 -req -in request.pem -CA intermediate.pem -CAkey intermediate.key -CAcreateserial -days 365 -extfile leaf.ext -out issued.pem");
        self.bench.certificate("issued.pem")
    }

    /// A key with its request.
    pub(crate) fn request(&self, spec: KeySpec, name: &str) -> (PrivateKey, SigningRequest) {
        let key = generate_key(spec, &mut rng());
        let request = request_for(&key, name);
        (key, request)
    }

    /// A key with its whole chain.
    pub(crate) fn key_pair(&self, spec: KeySpec, name: &str) -> KeyPair {
        let (key, request) = self.request(spec, name);
        let chain = vec![self.issue(&request), self.intermediate.clone(), self.root.clone()];
        KeyPair { key, chain, request: None }
    }
}

pub(crate) fn request_for(key: &PrivateKey, name: &str) -> SigningRequest {
    let spec = RequestSpec {
        subject: Name::parse_rfc4514(name).unwrap(),
        ..RequestSpec::for_purpose(Purpose::Both, &key.algorithm())
    };
    SigningRequest::generate(key, &spec, &mut rng()).unwrap()
}

pub(crate) fn pem_certificate(text: &[u8]) -> Certificate {
    let found = certwright_encoding::pem::parse_pem(text);
    Certificate::from_der(&found.blocks[0].der).unwrap()
}

pub(crate) fn key_entry(alias: &str, pair: KeyPair) -> Entry {
    let mut entry = Entry::new(alias, Content::KeyPair(pair), 1_700_000_000_000);
    entry.modified_ms = 5;
    entry
}

pub(crate) fn trusted_entry(alias: &str, certificate: &Certificate) -> Entry {
    let mut entry = Entry::new(alias, Content::TrustedCertificate(certificate.clone()), 1);
    entry.modified_ms = 2;
    entry
}

pub(crate) fn rng() -> UnwrapErr<getrandom::SysRng> {
    UnwrapErr(getrandom::SysRng)
}
