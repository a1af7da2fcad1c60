//! A certification authority as people run it: `openssl ca`, a root that is kept apart, and an intermediate that issues.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::openssl;

/// How an authority sends back what it has issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// The certificate alone, PEM.
    Leaf,
    /// The certificate and its issuers, PEM, the root first: an order that nobody should send and many do.
    ReversedChain,
    /// PKCS#7 with the whole chain, DER.
    Pkcs7,
    /// PKCS#7 with the whole chain, PEM.
    Pkcs7Pem,
}

/// A root, an intermediate below it, and their files in a scratch folder.
#[derive(Debug)]
pub struct Authority {
    folder: TempDir,
    name: String,
}

/// A server's certificate with its key.
#[derive(Debug, Clone)]
pub struct ServerCertificate {
    /// The certificate and the intermediate, PEM: what a server sends.
    pub chain: PathBuf,
    /// The certificate alone, PEM.
    pub leaf: PathBuf,
    /// Its key, PEM.
    pub key: PathBuf,
}

impl Authority {
    /// Makes a new authority.
    pub fn new(name: &str) -> Self {
        let authority = Self { folder: tempfile::tempdir().unwrap(), name: name.to_owned() };
        authority.prepare("root");
        authority.prepare("intermediate");
        let (root_key, root) = (authority.path("root/key.pem"), authority.path("root/certificate.pem"));
        let subject = format!("/C=DE/O={name}/CN={name} Root");
        openssl::run([
            "genpkey",
            "-algorithm",
            "RSA",
            "-pkeyopt",
            "rsa_keygen_bits:2048",
            "-quiet",
            "-out",
            &text(&root_key),
        ]);
        openssl::run([
            "req",
            "-new",
            "-x509",
            "-config",
            &text(&authority.configuration("root")),
            "-extensions",
            "root",
            "-days",
            "3650",
            "-key",
            &text(&root_key),
            "-subj",
            &subject,
            "-out",
            &text(&root),
        ]);
        let (key, request) =
            (authority.path("intermediate/key.pem"), authority.path("intermediate/request.pem"));
        let subject = format!("/C=DE/O={name}/CN={name} Issuing CA");
        openssl::run([
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-quiet",
            "-out",
            &text(&key),
        ]);
        openssl::run([
            "req",
            "-new",
            "-config",
            &text(&authority.configuration("root")),
            "-key",
            &text(&key),
            "-subj",
            &subject,
            "-out",
            &text(&request),
        ]);
        authority.issue("root", "intermediate", &request, &authority.path("intermediate/certificate.pem"));
        authority
    }

    /// The name that it was made with.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The root, PEM.
    pub fn root(&self) -> PathBuf {
        self.path("root/certificate.pem")
    }

    /// The intermediate, PEM.
    pub fn intermediate(&self) -> PathBuf {
        self.path("intermediate/certificate.pem")
    }

    /// Root and intermediate in one PEM file, as `ssl_client_certificate` and `-CAfile` take it.
    pub fn bundle(&self) -> PathBuf {
        let bundle = self.path("bundle.pem");
        fs::write(&bundle, [read(&self.root()), read(&self.intermediate())].concat()).unwrap();
        bundle
    }

    /// Signs a request with `openssl ca`, for TLS clients. Subject and alternative names are taken as requested.
    pub fn sign(&self, request: &[u8]) -> PathBuf {
        let number = self.next_number();
        let (place, certificate) =
            (self.path(&format!("request-{number}.csr")), self.path(&format!("issued-{number}.pem")));
        fs::write(&place, request).unwrap();
        self.issue("intermediate", "client", &place, &certificate);
        certificate
    }

    /// What the authority sends back for an issued certificate.
    pub fn reply(&self, issued: &Path, form: Reply) -> Vec<u8> {
        let (root, intermediate) = (self.root(), self.intermediate());
        let pkcs7 = |form: &str| {
            // In an order of no meaning: PKCS#7 certificates are a set.
            openssl::run([
                "crl2pkcs7",
                "-nocrl",
                "-certfile",
                &text(&root),
                "-certfile",
                &text(issued),
                "-certfile",
                &text(&intermediate),
                "-outform",
                form,
            ])
        };
        match form {
            Reply::Leaf => read(issued),
            Reply::ReversedChain => [read(&root), read(&intermediate), read(issued)].concat(),
            Reply::Pkcs7 => pkcs7("DER"),
            Reply::Pkcs7Pem => pkcs7("PEM"),
        }
    }

    /// Makes a server's key and certificate for the given names, in openssl's notation: `DNS:localhost,IP:127.0.0.1`.
    pub fn server_certificate(&self, common_name: &str, names: &str) -> ServerCertificate {
        self.server_certificate_with(common_name, &format!("subjectAltName={names}"), &[])
    }

    /// The same with the address at which the intermediate is to be had (RFC 5280 section 4.2.2.1).
    pub fn server_certificate_naming_issuer(
        &self,
        common_name: &str,
        names: &str,
        url: &str,
    ) -> ServerCertificate {
        let issuer = format!("authorityInfoAccess=caIssuers;URI:{url}");
        self.server_certificate_with(common_name, &format!("subjectAltName={names}"), &["-addext", &issuer])
    }

    fn server_certificate_with(&self, common_name: &str, names: &str, more: &[&str]) -> ServerCertificate {
        let number = self.next_number();
        let at = |what: &str| self.path(&format!("server-{number}-{what}.pem"));
        let (key, request, leaf, chain) = (at("key"), at("request"), at("leaf"), at("chain"));
        openssl::run([
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-quiet",
            "-out",
            &text(&key),
        ]);
        let (configuration, key_file, request_file) =
            (text(&self.configuration("intermediate")), text(&key), text(&request));
        let subject = format!("/O={}/CN={common_name}", self.name);
        let ask = ["req", "-new", "-config", &configuration, "-key", &key_file, "-subj", &subject];
        openssl::run([&ask[..], &["-addext", names, "-out", &request_file], more].concat());
        self.issue("intermediate", "server", &request, &leaf);
        fs::write(&chain, [read(&leaf), read(&self.intermediate())].concat()).unwrap();
        ServerCertificate { chain, leaf, key }
    }

    /// Makes a client's key (RSA 2048) and certificate with openssl alone, for tools that are not the browser.
    pub fn client_certificate(&self, common_name: &str) -> ServerCertificate {
        let number = self.next_number();
        let at = |what: &str| self.path(&format!("client-{number}-{what}.pem"));
        let (key, request, chain) = (at("key"), at("request"), at("chain"));
        openssl::run([
            "genpkey",
            "-algorithm",
            "RSA",
            "-pkeyopt",
            "rsa_keygen_bits:2048",
            "-quiet",
            "-out",
            &text(&key),
        ]);
        openssl::run([
            "req",
            "-new",
            "-config",
            &text(&self.configuration("intermediate")),
            "-key",
            &text(&key),
            "-subj",
            &format!("/O={}/CN={common_name}", self.name),
            "-out",
            &text(&request),
        ]);
        let leaf = self.sign(&read(&request));
        fs::write(&chain, [read(&leaf), read(&self.intermediate())].concat()).unwrap();
        ServerCertificate { chain, leaf, key }
    }

    /// Path of a file in the scratch folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn issue(&self, issuer: &str, extensions: &str, request: &Path, certificate: &Path) {
        openssl::run([
            "ca",
            "-batch",
            "-notext",
            "-config",
            &text(&self.configuration(issuer)),
            "-extensions",
            extensions,
            "-in",
            &text(request),
            "-out",
            &text(certificate),
        ]);
    }

    /// The files that `openssl ca` keeps its books in.
    fn prepare(&self, which: &str) {
        let place = self.path(which);
        fs::create_dir_all(place.join("issued")).unwrap();
        fs::write(place.join("index.txt"), "").unwrap();
        fs::write(place.join("serial"), "1000\n").unwrap();
        fs::write(place.join("openssl.cnf"), CONFIGURATION.replace("@DIR@", &text(&place))).unwrap();
    }

    fn configuration(&self, which: &str) -> PathBuf {
        self.path(which).join("openssl.cnf")
    }

    fn next_number(&self) -> usize {
        fs::read_dir(self.folder.path()).unwrap().count()
    }
}

const CONFIGURATION: &str = "\
[ca]
default_ca = this
[this]
dir = @DIR@
database = $dir/index.txt
serial = $dir/serial
new_certs_dir = $dir/issued
certificate = $dir/certificate.pem
private_key = $dir/key.pem
default_md = sha256
default_days = 365
policy = any
unique_subject = no
copy_extensions = copy
email_in_dn = no
[any]
countryName = optional
stateOrProvinceName = optional
localityName = optional
organizationName = optional
organizationalUnitName = optional
commonName = optional
emailAddress = optional
[req]
distinguished_name = empty
prompt = no
string_mask = utf8only
[empty]
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[intermediate]
basicConstraints = critical, CA:true, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[client]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[server]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
";

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn text(path: &Path) -> String {
    path.to_str().expect("scratch folders have plain names").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_issues_verifies() {
        let authority = Authority::new("Trial");
        let server = authority.server_certificate("localhost", "DNS:localhost,IP:127.0.0.1");
        let client = authority.client_certificate("someone");
        for (leaf, purpose) in [(&server.leaf, "sslserver"), (&client.leaf, "sslclient")] {
            let (yes, words) = openssl::says_yes([
                "verify",
                "-x509_strict",
                "-purpose",
                purpose,
                "-CAfile",
                &text(&authority.root()),
                "-untrusted",
                &text(&authority.intermediate()),
                &text(leaf),
            ]);
            assert!(yes, "{words}");
        }
        let names = openssl::text(["x509", "-in", &text(&server.leaf), "-noout", "-ext", "subjectAltName"]);
        assert!(names.contains("DNS:localhost"), "{names}");
    }

    #[test]
    fn replies_hold_three_certificates() {
        let authority = Authority::new("Trial");
        let client = authority.client_certificate("someone");
        for form in [Reply::Pkcs7, Reply::Pkcs7Pem] {
            let file = authority.path("reply.p7b");
            fs::write(&file, authority.reply(&client.leaf, form)).unwrap();
            let inform = if form == Reply::Pkcs7 { "DER" } else { "PEM" };
            let printed =
                openssl::text(["pkcs7", "-inform", inform, "-in", &text(&file), "-print_certs", "-noout"]);
            assert_eq!(printed.matches("subject=").count(), 3, "{printed}");
        }
        let chain = authority.reply(&client.leaf, Reply::ReversedChain);
        assert_eq!(String::from_utf8(chain).unwrap().matches("BEGIN CERTIFICATE").count(), 3);
    }
}
