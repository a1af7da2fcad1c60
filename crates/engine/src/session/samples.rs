//! Keystores to try things out with: made on the spot, with fresh keys and names below `example`, and opened beside the others.
//!
//! Each shows one situation that people meet. Nothing of it is stored until it is saved, and no private key of it is in the program.

use certwright_certs::certificate::Certificate;
use certwright_certs::issue::{IssueError, IssueSpec, SelfSignedSpec, generate_self_signed, issue};
use certwright_certs::name::Name;
use certwright_certs::purpose::Purpose;
use certwright_certs::request::{RequestSpec, SigningRequest};
use certwright_certs::san::GeneralName;
use certwright_keys::generate::generate_key;
use certwright_keys::{KeySpec, PrivateKey};
use certwright_keystore::entry::{Content, Entry, KeyPair};
use certwright_keystore::keystore::Keystore;
use certwright_protocol::ui::{Response, Sample};
use certwright_protocol::{Problem, t};
use rand_core::CryptoRng;

use super::Session;
use super::workspace::Sheet;

const DAY: i64 = 86_400;

impl Session {
    /// Makes a sample and opens it as a keystore of its own.
    pub(super) fn open_sample(
        &mut self,
        sample: Sample,
        now_ms: i64,
        rng: &mut impl CryptoRng,
    ) -> Result<Response, Problem> {
        let name = match sample {
            Sample::MutualTls => t!("Sample: a client with its chain"),
            Sample::MissingIntermediate => t!("Sample: a missing certificate"),
            Sample::Renewal => t!("Sample: a renewal"),
        };
        let keystore = Maker { keystore: Keystore::new(), now_ms, rng }
            .make(sample)
            .map_err(|detail| Problem::Internal { detail })?;
        let sheet = Sheet {
            id: self.next_store(),
            name: name.to_owned(),
            keystore,
            file: None,
            closed: Vec::new(),
            remarks: Vec::new(),
            changed: false,
        };
        self.add_sheet(t!("Open {name}", name), sheet)
    }
}

/// Makes the entries of a sample. Problems are the libraries' words: with what is fixed here there are none.
struct Maker<'r, R> {
    keystore: Keystore,
    now_ms: i64,
    rng: &'r mut R,
}

/// A certification authority of a sample.
struct Authority {
    key: PrivateKey,
    /// Its own certificate first, then its issuers.
    chain: Vec<Certificate>,
}

type Made<T> = Result<T, String>;

impl<R: CryptoRng> Maker<'_, R> {
    fn make(mut self, sample: Sample) -> Made<Keystore> {
        let root = self.root("CN=Example Root CA,O=Example Trust,C=DE")?;
        let issuing = self.intermediate(&root, "CN=Example Issuing CA 1,O=Example Trust,C=DE")?;
        match sample {
            Sample::MutualTls => {
                self.certified("erp-client", "erp.example.com", &issuing, (-30, 365), true)?;
                let partner = self.root("CN=Partner Root CA,O=Partner,C=FR")?;
                self.trust("example-root", &root)?;
                self.trust("partner-root", &partner)?;
            }
            Sample::MissingIntermediate => {
                self.certified("shop-client", "shop.example.com", &issuing, (-10, 365), false)?;
                self.trust("example-root", &root)?;
            }
            Sample::Renewal => {
                self.certified("billing-old", "billing.example.com", &issuing, (-400, 365), true)?;
                self.certified("billing", "billing.example.com", &issuing, (-347, 365), true)?;
                self.pending("billing-next", "billing.example.com")?;
                self.certified("orders", "orders.example.com", &issuing, (-60, 365), true)?;
                self.trust("example-root", &root)?;
            }
        }
        Ok(self.keystore)
    }

    fn key(&mut self) -> PrivateKey {
        generate_key(KeySpec::EcP256, self.rng)
    }

    fn now(&self) -> i64 {
        self.now_ms.div_euclid(1000)
    }

    fn root(&mut self, subject: &str) -> Made<Authority> {
        let key = self.key();
        let spec = SelfSignedSpec::for_authority(name(subject)?, None, self.now() - 800 * DAY);
        let certificate = generate_self_signed(&key, &spec, self.rng).map_err(refused)?;
        Ok(Authority { key, chain: vec![certificate] })
    }

    fn intermediate(&mut self, root: &Authority, subject: &str) -> Made<Authority> {
        let key = self.key();
        let request = self.request(&key, subject, &[])?;
        let spec = IssueSpec {
            not_after: self.now() + 1_000 * DAY,
            ..IssueSpec::for_authority(Some(0), self.now() - 700 * DAY)
        };
        let chain = self.sign(&request, root, &spec)?;
        Ok(Authority { key, chain })
    }

    /// A key pair whose certificate began so many days ago (negative) and lasts so many; with the rest of its chain, or without.
    fn certified(
        &mut self,
        alias: &str,
        host: &str,
        issuer: &Authority,
        (from, days): (i64, i64),
        whole: bool,
    ) -> Made<()> {
        let key = self.key();
        let request = self.request(&key, &format!("CN={host},O=Example GmbH,C=DE"), &[host])?;
        let begin = self.now() + from * DAY;
        let spec = IssueSpec {
            not_after: begin + days * DAY - 1,
            ..IssueSpec::for_purpose(Purpose::ClientAuthentication, &key.algorithm(), begin)
        };
        let mut chain = self.sign(&request, issuer, &spec)?;
        if !whole {
            chain.truncate(1);
        }
        self.insert(alias, Content::KeyPair(KeyPair { chain, ..KeyPair::new(key) }))
    }

    /// A key pair that waits for the reply to its request.
    fn pending(&mut self, alias: &str, host: &str) -> Made<()> {
        let key = self.key();
        let request = self.request(&key, &format!("CN={host},O=Example GmbH,C=DE"), &[host])?;
        self.insert(alias, Content::KeyPair(KeyPair { request: Some(request), ..KeyPair::new(key) }))
    }

    fn trust(&mut self, alias: &str, authority: &Authority) -> Made<()> {
        let certificate = authority.chain.first().ok_or("no certificate")?.clone();
        self.insert(alias, Content::TrustedCertificate(certificate))
    }

    fn request(&mut self, key: &PrivateKey, subject: &str, hosts: &[&str]) -> Made<SigningRequest> {
        let mut spec = RequestSpec::for_purpose(Purpose::ClientAuthentication, &key.algorithm());
        spec.subject = name(subject)?;
        for host in hosts {
            spec.alternative_names.push(GeneralName::parse_text(host).map_err(|error| error.to_string())?);
        }
        SigningRequest::generate(key, &spec, self.rng).map_err(|error| error.to_string())
    }

    fn sign(
        &mut self,
        request: &SigningRequest,
        issuer: &Authority,
        spec: &IssueSpec,
    ) -> Made<Vec<Certificate>> {
        let own = issuer.chain.first().ok_or("no certificate")?;
        let issued = issue(request, own, &issuer.key, spec, self.rng).map_err(refused)?;
        Ok(std::iter::once(issued).chain(issuer.chain.iter().cloned()).collect())
    }

    fn insert(&mut self, alias: &str, content: Content) -> Made<()> {
        self.keystore.insert(Entry::new(alias, content, self.now_ms)).map_err(|error| error.to_string())
    }
}

fn name(text: &str) -> Made<Name> {
    Name::parse_rfc4514(text).map_err(|error| error.to_string())
}

fn refused(error: IssueError) -> String {
    error.to_string()
}
