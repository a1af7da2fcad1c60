//! A certificate for each rule that breaks it.

use certwright_certs::lint::{Role, Scope};
use certwright_keys::weak::{DebianProcess, Processor, SeedFile};

use super::made::{Recipe, SCTS, algorithm, attribute, intermediate, leaf, root, rsa_bits, spki};
use super::support::element;

/// 2026-05-01, when all certificates are judged unless a case says otherwise.
pub(crate) const AT: i64 = 1_777_593_600;

/// A certificate that breaks a rule.
pub(crate) struct Case {
    pub(crate) rule: &'static str,
    pub(crate) recipe: Recipe,
    pub(crate) scope: Scope,
    pub(crate) role: Option<Role>,
    pub(crate) at: i64,
}

fn public(rule: &'static str, recipe: Recipe) -> Case {
    Case { rule, recipe, scope: Scope::Public, role: None, at: AT }
}

fn private(rule: &'static str, recipe: Recipe) -> Case {
    Case { scope: Scope::Private, ..public(rule, recipe) }
}

impl Case {
    fn at(self, at: i64) -> Self {
        Self { at, ..self }
    }

    fn role(self, role: Role) -> Self {
        Self { role: Some(role), ..self }
    }
}

pub(crate) fn cases() -> Vec<Case> {
    [structure(), dates(), subject(), names(), keys(), usages(), authorities(), issuing()]
        .into_iter()
        .flatten()
        .collect()
}

const NULL: &[u8] = &[5, 0];
const DAY: i64 = 86_400;

fn structure() -> Vec<Case> {
    let sha256_rsa = "1.2.840.113549.1.1.11";
    let md5_rsa = algorithm("1.2.840.113549.1.1.4", NULL);
    let sha224 = algorithm("1.2.840.10045.4.3.1", &[]);
    let unknown = algorithm("1.2.3.4", &[]);
    let ed25519 = algorithm("1.3.101.112", &[]);
    vec![
        private("version-not-3", leaf().version(1).no_extensions()),
        private("extensions-before-version-3", leaf().version(2)),
        private("extensions-empty", leaf().empty_extensions()),
        public("extension-repeated", leaf().raw("2.5.29.15", true, &[3, 2, 7, 0x80])),
        private("extension-unreadable", leaf().set("2.5.29.30", "critical,DER:04:01:00")),
        private("unique-identifier", leaf().unique_identifier()),
        private("certificate-large", leaf().raw("1.2.3.4", false, &[0; 20_000])),
        public("serial-zero", leaf().serial(&[0])),
        public("serial-negative", leaf().serial(&[0x80, 1])),
        public("serial-too-long", leaf().serial(&[1; 21])),
        public("serial-not-minimal", leaf().serial(&[0, 1])),
        public("serial-too-short", leaf().serial(&[1, 2, 3, 4])),
        private("serial-guessable", leaf().serial(&[1])),
        private("signature-broken-digest", leaf().algorithms(md5_rsa.clone(), md5_rsa)),
        private("signature-sha1", leaf().digest("sha1")),
        private("signature-sha224", leaf().algorithms(sha224.clone(), sha224)),
        private("signature-unknown", leaf().algorithms(unknown.clone(), unknown)),
        public("signature-not-permitted", leaf().algorithms(ed25519.clone(), ed25519.clone())),
        public("authority-signature-not-permitted", intermediate().algorithms(ed25519.clone(), ed25519)),
        private(
            "signature-algorithm-mismatch",
            leaf()
                .signer("rsaca")
                .algorithms(algorithm(sha256_rsa, NULL), algorithm("1.2.840.113549.1.1.12", NULL)),
        ),
        private("signature-unused-bits", leaf().unused_signature_bits()),
        private(
            "signature-parameters",
            leaf().algorithms(algorithm(sha256_rsa, &[]), algorithm(sha256_rsa, &[])),
        ),
        public("precertificate", leaf().drop(SCTS).set("1.3.6.1.4.1.11129.2.4.3", "critical,DER:05:00")),
        public("poison-not-critical", leaf().drop(SCTS).set("1.3.6.1.4.1.11129.2.4.3", "DER:05:00")),
        public("timestamps-missing", leaf().drop(SCTS)),
        public("timestamps-too-few", leaf().set(SCTS, "DER:04:08:00:06:00:01:aa:00:01:bb")),
        private("unknown-critical-extension", leaf().raw("1.2.3.4", true, NULL)),
        private("relic-extension", leaf().set("nsComment", "made by a tool")),
        private("private-key-usage-period", leaf().raw("2.5.29.16", false, &[0x30, 0])),
    ]
}

fn dates() -> Vec<Case> {
    // 2026-09-30, the end of what `leaf` makes.
    let end = AT + 152 * DAY;
    vec![
        private("validity-reversed", leaf().dates("260930000000Z", "260401000000Z")),
        private("time-needlessly-generalized", leaf().dates("20260401000000Z", "260930000000Z")),
        private("time-without-seconds", leaf().dates("2604010000Z", "260930000000Z")),
        private("expired", leaf()).at(end + 1),
        private("not-yet-valid", leaf()).at(AT - 31 * DAY),
        private("expires-in-7-days", leaf()).at(end - 6 * DAY),
        private("expires-in-14-days", leaf()).at(end - 13 * DAY),
        private("expires-in-30-days", leaf()).at(end - 29 * DAY),
        private("no-expiry-date", leaf().dates("260401000000Z", "99991231235959Z")),
        public("longer-than-60-months", leaf().dates("130401000000Z", "180402000000Z")),
        public("longer-than-39-months", leaf().dates("160401000000Z", "190702000000Z")),
        public("longer-than-825-days", leaf().dates("190401000000Z", "210704000000Z")),
        // 398 days and a second.
        public("longer-than-398-days", leaf().dates("250101000000Z", "260203000000Z")),
        public("longer-than-200-days", leaf().dates("260315000000Z", "261001000000Z")),
        public("longer-than-100-days", leaf().dates("270315000000Z", "270623000000Z")),
        public("longer-than-47-days", leaf().dates("290315000000Z", "290501000000Z")),
        public("at-the-limit", leaf().dates("260315000000Z", "260930235959Z")),
        public("renewal-will-be-shorter", leaf().dates("260301000000Z", "270330000000Z")),
        private("too-long-for-apple", leaf().dates("260401000000Z", "290401000000Z")),
        public("root-longer-than-25-years", root().dates("260401000000Z", "20520401000000Z")),
        private("authority-longer-than-30-years", root().dates("260401000000Z", "20620401000000Z")),
        private("longer-than-10-years", leaf().dates("260401000000Z", "400401000000Z")),
    ]
}

fn subject() -> Vec<Case> {
    let cn = |tag: u8, value: &[u8]| leaf().attributes(vec![vec![attribute("2.5.4.3", tag, value)]]);
    let country = |value: &[u8]| leaf().attributes(vec![vec![attribute("2.5.4.6", 0x13, value)]]);
    vec![
        private("issuer-empty", leaf().issuer("")),
        private("authority-subject-empty", intermediate().subject("")),
        private("self-signed-end-entity", leaf().drop("authorityKeyIdentifier").self_signed()),
        private("subject-is-issuer", leaf().subject("CN=Same").issuer("CN=Same")),
        private("country-not-two-letters", country(b"DEU")),
        private("country-in-lower-case", country(b"de")),
        private("attribute-too-long", cn(0x0c, &[b'a'; 65])),
        private("attribute-empty", cn(0x0c, b"")),
        private("attribute-control-character", cn(0x0c, b"www\r\n")),
        private("attribute-space-at-end", cn(0x0c, b"www ")),
        public("attribute-placeholder", leaf().subject("CN=www.example.com,O=-,L=Berlin,C=DE")),
        private("attribute-meaningless", leaf().subject("CN=N/A")),
        private("attribute-unreadable", cn(0x0c, &[0xff])),
        private("attribute-old-string-type", cn(0x1e, &[0, b'a'])),
        private(
            "attribute-wrong-string-type",
            leaf().attributes(vec![vec![attribute("2.5.4.6", 0x0c, b"DE")]]),
        ),
        private("attribute-not-printable", cn(0x13, b"a@b")),
        public("organizational-unit", leaf().subject("CN=www.example.com,OU=IT")),
        private("email-in-subject", leaf().subject("emailAddress=a@example.com")),
        public("attribute-repeated", leaf().subject("CN=www.example.com,O=B,O=A,L=Berlin,C=DE")),
        public("attributes-joined", leaf().subject("CN=www.example.com+O=A,L=Berlin,C=DE")),
        private("attributes-joined-privately", leaf().subject("CN=www.example.com+O=A,C=DE")),
        public("attributes-out-of-order", leaf().subject("C=DE,L=Berlin,O=A,CN=www.example.com")),
        public("organization-without-place", leaf().subject("CN=www.example.com,O=A,C=DE")),
        public("place-without-organization", leaf().subject("CN=www.example.com,L=Berlin,C=DE")),
        private("authority-without-common-name", intermediate().subject("O=A,C=DE")),
        public("common-name-not-in-san", leaf().subject("CN=other.example.com")),
        private("common-name-host-not-in-san", leaf().subject("CN=other.example.com")),
        public("common-name-repeated", leaf().subject("CN=www.example.com,CN=1.1.1.1")),
        private("common-name-several", leaf().subject("CN=www.example.com,CN=1.1.1.1")),
    ]
}

fn names() -> Vec<Case> {
    let san = |value: &str| leaf().set("subjectAltName", value);
    let raw_san = |critical: bool, names: &[u8]| {
        leaf().drop("subjectAltName").raw("2.5.29.17", critical, &element(0x30, names))
    };
    let dns = |name: &str| raw_san(false, &element(0x82, name.as_bytes()));
    let long_label = "a".repeat(64) + ".example.com";
    let long_name = ["a"; 127].join(".") + ".example.com";
    vec![
        private("san-missing", leaf().drop("subjectAltName")),
        private("san-empty", raw_san(false, &[])),
        private("san-malformed", raw_san(false, &element(0x87, &[1, 2, 3]))),
        private("san-email-malformed", raw_san(false, &element(0x81, b"example.com"))),
        private("san-uri-malformed", raw_san(false, &element(0x86, b"www.example.com/path"))),
        public("san-type-not-permitted", san("DNS:www.example.com,email:a@example.com")),
        public("san-ip-reserved", san("DNS:www.example.com,IP:192.168.1.1")),
        private("san-repeated", san("DNS:www.example.com,DNS:WWW.example.com")),
        private("san-not-critical", leaf().subject("")),
        private("san-critical", san("critical,DNS:www.example.com")),
        private("dns-empty-label", dns("a..example.com")),
        private("dns-trailing-dot", dns("www.example.com.")),
        private("dns-bad-character", dns("https://www.example.com")),
        private("dns-hyphen-at-end", dns("www-.example.com")),
        private("dns-label-too-long", dns(&long_label)),
        private("dns-name-too-long", dns(&long_name)),
        private("dns-bad-wildcard", dns("www*.example.com")),
        private("dns-is-address", dns("192.0.2.1")),
        private("dns-bad-idn", dns("xn--a.example.com")),
        public("dns-reserved-label", dns("ab--c.example.com")),
        public("dns-underscore", dns("a_b.example.com")),
        private("dns-underscore-private", dns("a_b.example.com")),
        public("dns-internal-name", dns("mail.corp.local")),
        public("dns-wildcard-of-top-level", dns("*.com")),
    ]
}

fn keys() -> Vec<Case> {
    let rsa = algorithm("1.2.840.113549.1.1.1", NULL);
    let key = |modulus: &[u8], exponent: &[u8]| leaf().spki(spki(&rsa, &rsa_bits(modulus, exponent)));
    let repeated = [0xc5; 256];
    // Octets without a pattern, the number being odd.
    let odd = |length: usize| -> Vec<u8> {
        let octet = |index: usize| (index * index * 7 + index * 13 + index / 3 + 200) as u8;
        (0..length).map(|index| if index + 1 == length { octet(index) | 1 } else { octet(index) }).collect()
    };
    let half = odd(128);
    let mut close = half.clone();
    close[127] ^= 2;
    // What Infineon's library makes by the primes up to 167, with the power zero.
    let mut roca = product(&primorial(), &odd(230));
    *roca.last_mut().unwrap() += 1;
    let process = DebianProcess { processor: Processor::I386, seed_file: SeedFile::Read, number: 36 };
    let (debian, _) = process.modulus(256);
    let compressed = [&[2u8][..], &GENERATOR_X].concat();
    let p256 = algorithm("1.2.840.10045.2.1", &element(6, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]));
    vec![
        private("key-unreadable", leaf().spki(spki(&rsa, &[1, 2, 3]))),
        private("rsa-too-short", leaf().key("rsa1024")),
        private("rsa-very-long", key(&odd(640), &[1, 0, 1])),
        public("rsa-length-odd", leaf().key("rsa2050")),
        private("rsa-exponent-broken", key(&odd(256), &[4])),
        private("rsa-exponent-small", leaf().key("rsa3")),
        private("rsa-exponent-large", leaf().key("rsabig")),
        private(
            "rsa-parameters",
            leaf().spki(spki(&algorithm("1.2.840.113549.1.1.1", &[]), &rsa_bits(&odd(256), &[1, 0, 1]))),
        ),
        private("rsa-pss-key", leaf().key("pss")),
        private("key-roca", key(&roca, &[1, 0, 1])),
        private("key-debian", key(&debian, &[1, 0, 1])),
        private("key-close-primes", key(&product(&half, &close), &[1, 0, 1])),
        private("key-small-factor", key(&product(&odd(254), &[1, 1]), &[1, 0, 1])),
        private("key-patterned", key(&repeated, &[1, 0, 1])),
        private("ec-curve-too-small", leaf().key("p192")),
        private("ec-curve-small", leaf().key("p224")),
        private("ec-explicit-parameters", leaf().key("explicit")),
        private("ec-point-compressed", leaf().spki(spki(&p256, &compressed))),
        private("key-dsa", leaf().spki(spki(&algorithm("1.2.840.10040.4.1", &[]), &element(2, &[5])))),
        public("key-not-permitted", leaf().key("ed25519")),
        public("authority-key-not-permitted", intermediate().key("ed25519")),
    ]
}

fn usages() -> Vec<Case> {
    let usage = |value: &str| leaf().set("keyUsage", value);
    let extended = |value: &str| leaf().set("extendedKeyUsage", value);
    vec![
        private("key-usage-missing", leaf().drop("keyUsage")),
        private("key-usage-empty", leaf().drop("keyUsage").raw("2.5.29.15", true, &[3, 1, 0])),
        private("key-usage-not-critical", usage("digitalSignature")),
        private("key-usage-not-der", leaf().drop("keyUsage").raw("2.5.29.15", true, &[3, 2, 0, 0x80])),
        private("cert-sign-without-authority", usage("critical,digitalSignature,keyCertSign")),
        private("usage-does-not-fit-key", usage("critical,digitalSignature,keyEncipherment")),
        private(
            "server-without-digital-signature",
            leaf().key("rsa").set("keyUsage", "critical,keyEncipherment"),
        ),
        public("server-usage-not-permitted", usage("critical,digitalSignature,nonRepudiation")),
        private(
            "server-data-encipherment",
            leaf().key("rsa").set("keyUsage", "critical,digitalSignature,dataEncipherment"),
        ),
        private("encipher-only-without-agreement", usage("critical,digitalSignature,encipherOnly")),
        public("usage-missing", leaf().drop("extendedKeyUsage")),
        private("usage-missing-privately", leaf().drop("extendedKeyUsage")),
        public("usage-any", extended("serverAuth,anyExtendedKeyUsage")),
        private("usage-any-privately", extended("anyExtendedKeyUsage")),
        public("server-with-client-auth", extended("serverAuth,clientAuth")),
        public("server-with-other-usage", extended("serverAuth,emailProtection")),
        private("server-with-signing-usage", extended("serverAuth,codeSigning")),
        public("responder-without-no-check", extended("OCSPSigning")),
        private("responder-without-no-check-privately", extended("OCSPSigning")),
        public("usage-critical", extended("critical,serverAuth")),
    ]
}

fn authorities() -> Vec<Case> {
    let constraints = |value: &str| intermediate().set("nameConstraints", value);
    vec![
        private("authority-key-usage-missing", intermediate().drop("keyUsage")),
        private("authority-without-cert-sign", intermediate().set("keyUsage", "critical,cRLSign")),
        public("authority-without-crl-sign", intermediate().set("keyUsage", "critical,keyCertSign")),
        public("authority-usage-missing", intermediate().drop("extendedKeyUsage")),
        public("root-with-usage", root().set("extendedKeyUsage", "serverAuth")),
        private("authority-constraints-not-critical", intermediate().set("basicConstraints", "CA:TRUE")),
        private(
            "path-length-without-authority",
            leaf().drop("basicConstraints").raw("2.5.29.19", true, &[0x30, 3, 2, 1, 0]),
        ),
        private("path-length-without-cert-sign", intermediate().set("keyUsage", "critical,cRLSign")),
        private(
            "constraints-not-der",
            leaf().drop("basicConstraints").raw("2.5.29.19", true, &[0x30, 3, 1, 1, 0]),
        ),
        public("root-with-path-length", root().set("basicConstraints", "critical,CA:TRUE,pathlen:1")),
        private("authority-as-server", root().set("subjectAltName", "DNS:www.example.com")),
        private(
            "name-constraints-of-end-entity",
            leaf().set("nameConstraints", "critical,permitted;DNS:example.com"),
        ),
        private("name-constraints-not-critical", constraints("permitted;DNS:example.com")),
        private("name-constraints-malformed", constraints("critical,permitted;DNS:*.example.com")),
        private("name-constraints-leading-dot", constraints("critical,permitted;DNS:.example.com")),
        private("authority-subject-key-missing", intermediate().drop("subjectKeyIdentifier")),
        private("subject-key-critical", leaf().set("subjectKeyIdentifier", "critical,hash")),
        private("subject-key-empty", leaf().drop("subjectKeyIdentifier").raw("2.5.29.14", false, &[4, 0])),
        private(
            "subject-key-not-derived",
            leaf().drop("subjectKeyIdentifier").raw("2.5.29.14", false, &[4, 2, 1, 2]),
        ),
        private("issuer-key-missing", leaf().drop("authorityKeyIdentifier")),
        private("issuer-key-critical", leaf().set("authorityKeyIdentifier", "critical,keyid")),
        private(
            "issuer-key-without-identifier",
            leaf().drop("authorityKeyIdentifier").raw("2.5.29.35", false, &[0x30, 0]),
        ),
        private(
            "issuer-key-half-serial",
            leaf().drop("authorityKeyIdentifier").raw("2.5.29.35", false, &[0x30, 6, 0x80, 1, 1, 0x82, 1, 1]),
        ),
        public("issuer-key-with-serial", leaf().set("authorityKeyIdentifier", "keyid,issuer:always")),
        private("root-keys-differ", root().raw("2.5.29.35", false, &[0x30, 3, 0x80, 1, 1])),
        // A version 1 certificate says nothing of its role: it is told.
        private("authority-subject-key-missing", leaf().version(1).no_extensions()).role(Role::Intermediate),
    ]
}

fn issuing() -> Vec<Case> {
    let policies = |value: &str| leaf().set("certificatePolicies", value);
    let access = |value: &str| leaf().set("authorityInfoAccess", value);
    let lists = |value: &str| leaf().set("crlDistributionPoints", value);
    let qualified = |qualifier: &[u8]| {
        let policy = [&[6u8, 6, 0x67, 0x81, 0x0c, 1, 2, 1][..], &element(0x30, qualifier)].concat();
        leaf().drop("certificatePolicies").raw("2.5.29.32", false, &element(0x30, &element(0x30, &policy)))
    };
    let cps = |url: &[u8]| {
        element(0x30, &[&element(6, &[0x2b, 6, 1, 5, 5, 7, 2, 1])[..], &element(0x16, url)].concat())
    };
    let notice = |text: &[u8]| {
        let value = element(0x30, &element(0x0c, text));
        element(0x30, &[&element(6, &[0x2b, 6, 1, 5, 5, 7, 2, 2])[..], &value].concat())
    };
    let no_address = "caIssuers;URI:http://ca.example.com/ca.cer";
    vec![
        public("policies-missing", leaf().drop("certificatePolicies")),
        public("authority-policies-missing", intermediate().drop("certificatePolicies")),
        public("policy-not-reserved", policies("1.2.3.4")),
        public("policy-several-reserved", policies("2.23.140.1.2.1,2.23.140.1.2.2")),
        public("domain-validated-with-organization", leaf().subject("CN=www.example.com,O=A,L=B,C=DE")),
        public("organization-validated-without-organization", policies("2.23.140.1.2.2")),
        private("policy-repeated", policies("1.2.3.4,1.2.3.4")),
        public("any-policy-of-end-entity", policies("2.23.140.1.2.1,2.5.29.32.0")),
        private("policy-statement-not-http", qualified(&cps(b"www.example.com/cps"))),
        public("policy-user-notice", qualified(&notice(b"hello"))),
        private("policy-notice-too-long", qualified(&notice(&[b'a'; 201]))),
        private("any-policy-mapped", intermediate().set("policyMappings", "critical,2.5.29.32.0:1.2.3.4")),
        private(
            "policy-constraints-not-critical",
            intermediate().set("policyConstraints", "requireExplicitPolicy:0"),
        ),
        private("inhibit-any-policy-not-critical", intermediate().set("inhibitAnyPolicy", "0")),
        private("authority-extension-of-end-entity", leaf().set("inhibitAnyPolicy", "critical,0")),
        private("access-critical", access("critical,OCSP;URI:http://ocsp.example.com")),
        public("issuer-address-missing", access("OCSP;URI:http://ocsp.example.com")),
        public("authority-issuer-address-missing", intermediate().drop("authorityInfoAccess")),
        public("ocsp-address-missing", access(no_address).dates("230401000000Z", "230930000000Z")),
        public(
            "access-scheme",
            access("caIssuers;URI:https://ca.example.com/ca.cer,OCSP;URI:http://ocsp.example.com"),
        ),
        private("access-by-https", access("caIssuers;URI:https://ca.example.com/ca.cer")),
        private("access-by-directory", access("caIssuers;URI:ldap:///CN=x?cACertificate")),
        private("access-not-an-address", access("caIssuers;URI:ca.example.com/ca.cer")),
        private("issuer-address-not-der", access("caIssuers;URI:http://ca.example.com/ca.pem")),
        private("must-staple", leaf().set("tlsfeature", "status_request")),
        private("must-staple-without-ocsp", access(no_address).set("tlsfeature", "status_request")),
        public("no-revocation", access(no_address).drop("crlDistributionPoints")),
        private("no-revocation-privately", access(no_address).drop("crlDistributionPoints")),
        public("authority-lists-missing", intermediate().drop("crlDistributionPoints")),
        public("lists-scheme", lists("URI:https://ca.example.com/ca.crl")),
        private("lists-by-https", lists("URI:https://ca.example.com/ca.crl")),
        private("lists-by-directory", lists("URI:ldap:///CN=x?certificateRevocationList")),
        private("lists-critical", lists("critical,URI:http://ca.example.com/ca.crl")),
        public("lists-of-reasons", leaf().drop("crlDistributionPoints").raw("2.5.29.31", false, &REASONS)),
        private(
            "lists-without-address",
            leaf().drop("crlDistributionPoints").raw("2.5.29.31", false, &[0x30, 2, 0x30, 0]),
        ),
        private(
            "freshest-list-critical",
            leaf().set("freshestCRL", "critical,URI:http://ca.example.com/delta.crl"),
        ),
    ]
}

/// The product of two big-endian numbers, as one multiplies by hand.
fn product(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut columns = vec![0u32; left.len() + right.len()];
    for (i, a) in left.iter().rev().enumerate() {
        for (j, b) in right.iter().rev().enumerate() {
            columns[i + j] += u32::from(*a) * u32::from(*b);
        }
    }
    let mut carry = 0;
    let mut out: Vec<u8> = columns
        .into_iter()
        .map(|column| {
            let sum = column + carry;
            carry = sum >> 8;
            sum as u8
        })
        .collect();
    while out.last() == Some(&0) {
        out.pop();
    }
    out.reverse();
    out
}

/// The product of the primes up to 167.
fn primorial() -> Vec<u8> {
    let is_prime = |number: &u8| (2..*number).all(|divisor| !number.is_multiple_of(divisor));
    (2..=167).filter(is_prime).fold(vec![1], |all, prime| product(&all, &[prime]))
}

/// A distribution point `[0] { [0] { URI http://a } }` with the reason keyCompromise.
const REASONS: [u8; 23] = [
    0x30, 0x15, 0x30, 0x13, 0xa0, 0x0d, 0xa0, 0x0b, 0x86, 0x09, b'h', b't', b't', b'p', b':', b'/', b'/',
    b'a', b'b', 0x81, 0x02, 0x06, 0x40,
];

/// The x coordinate of the base point of P-256 (FIPS 186-4 D.1.2.3).
const GENERATOR_X: [u8; 32] = [
    0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77,
    0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
];
