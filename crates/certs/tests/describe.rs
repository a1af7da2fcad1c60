//! What certificates and requests of openssl say is told to people: every extension that is known, every field, every form of a key.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use std::path::Path;
use std::sync::LazyLock;

use certwright_certs::describe::{Description, Fact, FactValue};
use certwright_certs::extensions::{
    CertificatePolicies, Extension, KNOWN, KnownExtension, MicrosoftNtdsSecurity, PolicyQualifier, TlsFeature,
};
use certwright_certs::{Certificate, Oid, SigningRequest};
use proptest::prelude::*;

use support::{certificate, element, openssl};

/// Extensions of RFC 5280, those in openssl's own words and the others as ASN.1.
const STANDARD: &str = "
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid:always,issuer:always
basicConstraints=critical,CA:TRUE,pathlen:3
keyUsage=critical,keyCertSign,cRLSign
extendedKeyUsage=serverAuth,1.3.6.1.4.1.311.61.1.1,1.2.3.4
certificatePolicies=2.23.140.1.2.2,@policy
policyMappings=2.5.29.32.0:1.2.3,1.2.4:1.2.5
policyConstraints=requireExplicitPolicy:2,inhibitPolicyMapping:0
inhibitAnyPolicy=7
subjectAltName=@names
issuerAltName=URI:http://issuer.example/,email:ca@issuer.example
nameConstraints=@constraints
crlDistributionPoints=first,second
freshestCRL=URI:http://a.example/delta.crl
authorityInfoAccess=OCSP;URI:http://ocsp.example,caIssuers;URI:ldap://a.example/cn=ca,1.2.3.4;DNS:b.example
subjectInfoAccess=caRepository;URI:http://repository.example
2.5.29.9=ASN1:SEQUENCE:attributes
2.5.29.16=ASN1:SEQUENCE:period
1.2.3.4.5=ASN1:UTF8String:unknown

[policy]
policyIdentifier=1.3.6.1.4.1.99999.1
CPS.1=http://policy.example/cps
userNotice.1=@notice
[notice]
explicitText=UTF8:Für alle
organization=Example
noticeNumbers=1,4
[names]
DNS.1=a.example
IP.1=10.0.0.1
IP.2=2001:db8::1
email.1=a@b.example
URI.1=https://a.example/x
RID.1=1.2.3.4
dirName.1=dn
otherName.1=1.3.6.1.4.1.311.20.2.3;UTF8:user@corp.example
otherName.2=1.3.6.1.5.5.7.8.7;IA5:_ldap.corp.example
otherName.3=1.3.6.1.5.5.7.8.5;UTF8:im.example
otherName.4=1.3.6.1.5.5.7.8.9;FORMAT:UTF8,UTF8:ü@b.example
otherName.5=1.3.6.1.5.5.7.8.3;SEQUENCE:permanent
otherName.6=1.3.6.1.5.5.7.8.4;SEQUENCE:hardware
otherName.7=1.3.6.1.5.2.2;SEQUENCE:kerberos
otherName.8=1.2.3.4.5.6;UTF8:else
[permanent]
a=UTF8:4711
b=OID:1.2.3.9
[hardware]
a=OID:1.2.3.8
b=FORMAT:HEX,OCT:c0ffee
[kerberos]
a=EXP:0,GeneralString:CORP.EXAMPLE
b=EXP:1,SEQUENCE:principal
[principal]
a=EXP:0,INTEGER:1
b=EXP:1,SEQUENCE:components
[components]
a=GeneralString:host
b=GeneralString:a.example
[constraints]
permitted;DNS.1=corp.example
permitted;IP.1=10.0.0.0/255.0.0.0
excluded;email.1=.example
excluded;URI.1=.example
excluded;dirName.1=dn
[first]
fullname=URI:http://a.example/ca.crl,URI:ldap://a.example/ca
CRLissuer=dirName:dn
reasons=keyCompromise,CACompromise
[second]
relativename=relative
[relative]
CN=list 7
[dn]
C=DE
O=Elsewhere
[attributes]
a=SEQUENCE:birth
[birth]
a=OID:1.3.6.1.5.5.7.9.1
b=SET:birthday
[birthday]
a=GENTIME:19700101120000Z
[period]
a=IMP:0,GENTIME:20240101000000Z
b=IMP:1,GENTIME:20250101000000Z
";

/// Extensions of others, of revocation lists and of OCSP.
const OTHERS: &str = "
tlsfeature=status_request,status_request_v2
noCheck=ignored
1.3.6.1.4.1.11129.2.4.3=critical,ASN1:NULL
1.3.6.1.4.1.11129.2.4.2=ASN1:FORMAT:HEX,OCT:00660031000e5794bcf3aea93e331b2c9907b3f790df9bc23d713225dd21a925ac61c54e210000018bcfe5687b0000040300020102003100111111111111111111111111111111111111111111111111111111111111111100000000000003e80000040100020304
1.3.6.1.5.5.7.1.3=ASN1:SEQUENCE:statements
2.23.140.3.1=ASN1:SEQUENCE:organization
2.23.140.1.31=ASN1:SEQUENCE:descriptors
1.3.6.1.5.5.7.1.12=ASN1:SEQUENCE:logotypes
1.2.840.113549.1.9.15=ASN1:SEQUENCE:capabilities
sbgp-ipAddrBlock=IPv4:10.0.0.0/9,IPv4:192.168.0.1-192.168.0.9,IPv6:inherit
sbgp-autonomousSysNum=AS:64496-64511,AS:65000,RDI:inherit
1.3.6.1.5.5.7.1.28=DER:30:0c:30:0a:04:03:00:02:01:30:03:03:01:00
1.3.6.1.5.5.7.1.29=DER:30:04:a0:02:05:00
1.3.6.1.4.1.311.20.2=ASN1:BMP:WebServer
1.3.6.1.4.1.311.21.7=ASN1:SEQUENCE:template
1.3.6.1.4.1.311.21.1=ASN1:INTEGER:131075
1.3.6.1.4.1.311.21.2=ASN1:FORMAT:HEX,OCT:0102
1.3.6.1.4.1.311.21.10=ASN1:SEQUENCE:application
1.3.6.1.4.1.311.21.11=ASN1:SEQUENCE:mappings
1.3.6.1.4.1.311.21.12=DER:30:03:80:01:02
1.3.6.1.4.1.311.25.2=ASN1:SEQUENCE:security
nsCertType=client,server,sslCA
nsComment=made by a test
nsBaseUrl=https://base.example/
nsRevocationUrl=revoked?
nsCaRevocationUrl=carevoked?
nsRenewalUrl=renew?
nsCaPolicyUrl=policy.html
nsSslServerName=*.example
1.2.840.113533.7.65.0=ASN1:SEQUENCE:entrust
2.5.29.60=ASN1:GENTIME:20200101000000Z
2.5.29.20=ASN1:INTEGER:300
2.5.29.27=ASN1:INTEGER:299
2.5.29.28=DER:30:03:81:01:ff
2.5.29.21=ASN1:ENUM:1
2.5.29.24=ASN1:GENTIME:20200101000000Z
2.5.29.29=DER:30:03:82:01:61
1.3.6.1.5.5.7.48.1.2=ASN1:FORMAT:HEX,OCT:c0ffee
1.3.6.1.5.5.7.48.1.6=ASN1:GENTIME:20200101000000Z
1.3.6.1.5.5.7.48.1.3=ASN1:SEQUENCE:list
1.3.6.1.4.1.11129.2.4.5=ASN1:FORMAT:HEX,OCT:00330031000e5794bcf3aea93e331b2c9907b3f790df9bc23d713225dd21a925ac61c54e210000018bcfe5687b0000040300020102

[statements]
a=SEQUENCE:compliance
b=SEQUENCE:limit
c=SEQUENCE:retention
d=SEQUENCE:device
e=SEQUENCE:disclosure
f=SEQUENCE:kind
g=SEQUENCE:laws
h=SEQUENCE:payment
i=SEQUENCE:semantics
j=SEQUENCE:odd
[compliance]
a=OID:0.4.0.1862.1.1
[limit]
a=OID:0.4.0.1862.1.2
b=SEQUENCE:money
[money]
a=PRINTABLE:EUR
b=INTEGER:25
c=INTEGER:3
[retention]
a=OID:0.4.0.1862.1.3
b=INTEGER:15
[device]
a=OID:0.4.0.1862.1.4
[disclosure]
a=OID:0.4.0.1862.1.5
b=SEQUENCE:locations
[locations]
a=SEQUENCE:location
[location]
a=IA5:https://pds.example/en
b=PRINTABLE:en
[kind]
a=OID:0.4.0.1862.1.6
b=SEQUENCE:web
[web]
a=OID:0.4.0.1862.1.6.3
[laws]
a=OID:0.4.0.1862.1.7
b=SEQUENCE:countries
[countries]
a=PRINTABLE:CH
[payment]
a=OID:0.4.0.19495.2
b=SEQUENCE:services
[services]
a=SEQUENCE:roles
b=UTF8:Authority
c=UTF8:DE-BAFIN
[roles]
a=SEQUENCE:role
[role]
a=OID:0.4.0.19495.1.3
b=UTF8:PSP_AI
[semantics]
a=OID:1.3.6.1.5.5.7.11.2
b=SEQUENCE:rules
[rules]
a=OID:0.4.0.194121.1.2
[odd]
a=OID:0.4.0.1862.1.3
b=UTF8:many
[organization]
a=PRINTABLE:NTR
b=PRINTABLE:US
c=IMP:0,PRINTABLE:CA
d=UTF8:12345678
[descriptors]
a=SEQUENCE:descriptor
[descriptor]
a=UTF8:https://abc.onion
b=SEQUENCE:sha256
c=FORMAT:HEX,BITSTR:aabb
[sha256]
a=OID:2.16.840.1.101.3.4.2.1
[logotypes]
a=EXP:1,IMP:1,SEQUENCE:indirect
b=EXP:2,IMP:0,SEQUENCE:direct
[direct]
a=SEQUENCE:images
[images]
a=SEQUENCE:image
[image]
a=SEQUENCE:details
[details]
a=IA5:image/svg+xml
b=SEQUENCE:hashes
c=SEQUENCE:addresses
[hashes]
a=SEQUENCE:hash
[hash]
a=SEQUENCE:sha256
b=FORMAT:HEX,OCT:ccdd
[addresses]
a=IA5:https://logo.example/a.svg
[indirect]
a=SEQUENCE:hashes
b=SEQUENCE:addresses
[capabilities]
a=SEQUENCE:aes
b=SEQUENCE:rc2
[aes]
a=OID:2.16.840.1.101.3.4.1.42
[rc2]
a=OID:1.2.840.113549.3.2
b=INTEGER:128
[template]
a=OID:1.3.6.1.4.1.311.21.8.1.2.3
b=INTEGER:100
c=INTEGER:4
[application]
a=SEQUENCE:purpose
[purpose]
a=OID:1.3.6.1.5.5.7.3.2
[mappings]
a=SEQUENCE:mapping
[mapping]
a=OID:1.2.3
b=OID:1.2.4
[security]
a=IMP:0,SEQUENCE:sid
[sid]
a=OID:1.3.6.1.4.1.311.25.2.1
b=EXP:0,OCT:S-1-5-21-1-2-3-1103
[list]
a=EXP:0,IA5:http://a.example/ca.crl
b=EXP:1,INTEGER:7
[entrust]
a=GeneralString:V7.1
b=FORMAT:BITLIST,BITSTR:0,2
";

fn with_extensions(extensions: &str) -> Certificate {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let head = "oid_section=o\n[o]\n[req]\ndistinguished_name=d\nx509_extensions=e\nutf8=yes\n[d]\n[e]";
    std::fs::write(path.join("x.cnf"), format!("{head}{extensions}")).unwrap();
    make(path, "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -config x.cnf -subj /C=DE/O=Example/CN=a -days 9")
}

fn make(path: &Path, arguments: &str) -> Certificate {
    openssl(path, &format!("req -x509 -nodes -keyout a.key -out a.pem {arguments}"));
    certificate(path, "a.pem")
}

static STANDARD_CERTIFICATE: LazyLock<Certificate> = LazyLock::new(|| with_extensions(STANDARD));
static OTHER_CERTIFICATE: LazyLock<Certificate> = LazyLock::new(|| with_extensions(OTHERS));

/// Facts as lines, each with its path: `Policy > Text: hello (remark)`.
fn lines(facts: &[Fact]) -> Vec<String> {
    let line = |fact: &Fact| {
        let value = match &fact.value {
            FactValue::Facts(facts) => {
                return lines(facts).iter().map(|line| format!("{} > {line}", fact.label)).collect();
            }
            FactValue::Text(text) | FactValue::Url(text) | FactValue::Number(text) => text.clone(),
            FactValue::Oid(oid) => oid.name_or_dotted(),
            FactValue::Octets(octets) => octets.iter().map(|octet| format!("{octet:02x}")).collect(),
            FactValue::Time(unix) => unix.to_string(),
            FactValue::Flag(flag) => flag.to_string(),
        };
        let remark = fact.remark.as_ref().map_or_else(String::new, |remark| format!(" ({remark})"));
        vec![format!("{}: {value}{remark}", fact.label)]
    };
    facts.iter().flat_map(line).collect()
}

/// The lines of an extension.
fn extension(certificate: &Certificate, name: &str) -> Vec<String> {
    let description = certificate.describe();
    let found = description.extensions.iter().find(|extension| extension.name == name);
    let found = found.unwrap_or_else(|| panic!("{name} is not among the extensions"));
    assert!(found.known && found.source.is_some());
    lines(found.facts.as_ref().unwrap())
}

fn section(description: &Description, title: &str) -> Vec<String> {
    lines(&description.sections.iter().find(|section| section.title == title).unwrap().facts)
}

fn has(lines: &[String], wanted: &[&str]) {
    for line in wanted {
        assert!(lines.iter().any(|found| found == line), "{line} is not in {lines:#?}");
    }
}

#[test]
fn extensions_of_rfc_5280() {
    let certificate = &*STANDARD_CERTIFICATE;
    let of = |name| extension(certificate, name);
    assert_eq!(of("Basic constraints"), ["Certification authority: true", "Path length: 3"]);
    assert_eq!(of("Key usage"), ["Usage: keyCertSign", "Usage: cRLSign"]);
    let purposes = ["Purpose: serverAuth", "Purpose: msKernelModeCodeSigning", "Purpose: 1.2.3.4"];
    assert_eq!(of("Extended key usage"), purposes);
    let policies = [
        "Policy: organization-validated",
        "Policy: 1.3.6.1.4.1.99999.1",
        "Qualifiers > Certification practice statement: http://policy.example/cps",
        "Qualifiers > User notice > Organization: Example",
        "Qualifiers > User notice > Notice numbers: 1, 4",
        "Qualifiers > User notice > Text: Für alle",
    ];
    assert_eq!(of("Certificate policies"), policies);
    has(
        &of("Policy mappings"),
        &["Mapping > Issuer’s policy: anyPolicy", "Mapping > Subject’s policy: 1.2.5"],
    );
    has(&of("Policy constraints"), &["Policy mapping inhibited after certificates: 0"]);
    assert_eq!(of("Inhibit anyPolicy"), ["anyPolicy inhibited after certificates: 7"]);
    let names = [
        "DNS name: a.example",
        "IP address: 10.0.0.1",
        "IP address: 2001:db8::1",
        "E-mail address: a@b.example",
        "URI: https://a.example/x",
        "Registered identifier: 1.2.3.4",
        "Directory name: O=Elsewhere,C=DE",
        "User principal name: user@corp.example",
        "Service name (SRV): _ldap.corp.example",
        "XMPP address: im.example",
        "E-mail address (UTF-8): ü@b.example",
        "Permanent identifier > Identifier: 4711",
        "Permanent identifier > Assigner: 1.2.3.9",
        "Hardware module name > Hardware type: 1.2.3.8",
        "Hardware module name > Serial number: c0ffee",
        "Kerberos principal: host/a.example@CORP.EXAMPLE",
        "Other name > Type: 1.2.3.4.5.6",
        "Other name > Value: 0c04656c7365",
    ];
    assert_eq!(of("Subject alternative name"), names);
    has(&of("Issuer alternative name"), &["URI: http://issuer.example/"]);
    let constraints = [
        "Permitted > DNS name: corp.example",
        "Permitted > IP addresses: 10.0.0.0/8",
        "Excluded > E-mail address: .example",
        "Excluded > URI host: .example",
        "Excluded > Directory name: O=Elsewhere,C=DE",
    ];
    assert_eq!(of("Name constraints"), constraints);
    let points = [
        "Distribution point > URI: http://a.example/ca.crl",
        "Distribution point > URI: ldap://a.example/ca",
        "Distribution point > Reasons: keyCompromise, cACompromise",
        "Distribution point > CRL issuer > Directory name: O=Elsewhere,C=DE",
        "Distribution point > Name relative to the CRL issuer: CN=list 7",
    ];
    assert_eq!(of("CRL distribution points"), points);
    assert_eq!(of("Freshest CRL"), ["Distribution point > URI: http://a.example/delta.crl"]);
    has(
        &of("Authority information access"),
        &[
            "Access > Method: caIssuers",
            "Access > URI: ldap://a.example/cn=ca",
            "Access > DNS name: b.example",
        ],
    );
    has(&of("Subject information access"), &["Access > Method: caRepository"]);
    let attributes = ["Attribute > Type: dateOfBirth", "Attribute > Value: 43200"];
    assert_eq!(of("Subject directory attributes"), attributes);
    assert_eq!(of("Private key usage period"), ["Not before: 1704067200", "Not after: 1735689600"]);
    let authority = of("Authority key identifier");
    has(&authority, &["Issuer of the issuer’s certificate > Directory name: CN=a,O=Example,C=DE"]);
    let subject = certificate.subject_key_identifier_hex().unwrap();
    has(&authority, &[&format!("Key identifier: {subject}")]);
    has(&of("Subject key identifier"), &[&format!("Key identifier: {subject}")]);
    let serial: String = certificate.serial().iter().map(|octet| format!("{octet:02x}")).collect();
    has(&authority, &[&format!("Serial number of the issuer’s certificate: {serial}")]);

    let description = certificate.describe();
    let unknown = description.extensions.last().unwrap();
    assert_eq!((unknown.name.as_str(), unknown.known, unknown.source), ("1.2.3.4.5", false, None));
    assert_eq!(unknown.facts, Ok(Vec::new()));
    assert!(description.extensions.iter().any(|extension| extension.critical));
}

#[test]
fn policies_are_typed() {
    let policies = STANDARD_CERTIFICATE.extensions().certificate_policies().clone().unwrap().unwrap();
    let [plain, full] = &policies.policies[..] else { panic!() };
    assert_eq!(plain.qualifiers, []);
    let notice = PolicyQualifier::UserNotice {
        reference: Some(("Example".to_owned(), vec![1, 4])),
        explicit_text: Some("Für alle".to_owned()),
    };
    assert_eq!(full.qualifiers, [PolicyQualifier::CpsUri("http://policy.example/cps".to_owned()), notice]);
    assert_eq!(policies.oids().count(), 2);
    assert_eq!(STANDARD_CERTIFICATE.extensions().get::<CertificatePolicies>(), Ok(Some(policies)),);
}

#[test]
fn extensions_of_others() {
    let certificate = &*OTHER_CERTIFICATE;
    let of = |name| extension(certificate, name);
    has(&of("TLS feature"), &["Feature: 5 (status_request: the server has to staple an OCSP response)"]);
    assert!(certificate.extensions().get::<TlsFeature>().unwrap().unwrap().must_staple());
    has(&of("OCSP no check"), &["Responder’s revocation need not be checked: true"]);
    assert_eq!(of("Precertificate poison").len(), 1);
    let timestamps = [
        "Timestamp > Version: 1",
        "Timestamp > Log: Google Argon2026h1",
        "Timestamp > Log identifier: 0e5794bcf3aea93e331b2c9907b3f790df9bc23d713225dd21a925ac61c54e21",
        "Timestamp > Time: 1700000000 (and 123 ms)",
        "Timestamp > Signature algorithm: ECDSA with SHA-256",
        "Timestamp > Signature: 0102",
        "Timestamp > Version: 1",
        "Timestamp > Log identifier: 1111111111111111111111111111111111111111111111111111111111111111",
        "Timestamp > Time: 1 (and 0 ms)",
        "Timestamp > Signature algorithm: RSA with SHA-256",
        "Timestamp > Signature: 0304",
    ];
    assert_eq!(of("Signed certificate timestamps"), timestamps);
    let statements = [
        "Qualified certificate: true",
        "Limit of a transaction: 25 × 10^3 EUR",
        "Records are kept for years: 15",
        "Private key in a qualified device: true",
        "Disclosure statements > Address: https://pds.example/en (language en)",
        "Purpose > Type: qct-web",
        "Legislation of: CH",
        "Payment services > Role: psp-ai (PSP_AI)",
        "Payment services > Competent authority: Authority",
        "Payment services > Competent authority’s identifier: DE-BAFIN",
        "Meaning of the subject’s identifiers > Version: 2",
        "Meaning of the subject’s identifiers > Rules: id-etsi-qcs-semanticsId-Legal",
        "Other statement > Type: qcs-QcRetentionPeriod",
        "Other statement > Value: many",
    ];
    assert_eq!(of("Qualified certificate statements"), statements);
    let organization = [
        "Registration scheme: NTR",
        "Registration country: US",
        "Registration state or province: CA",
        "Registration reference: 12345678",
    ];
    assert_eq!(of("CA/Browser Forum organization identifier"), organization);
    has(&of("Tor service descriptor hash"), &["Descriptor > Hash algorithm: SHA-256"]);
    let logotypes = [
        "Issuer’s logotype > Address: https://logo.example/a.svg",
        "Issuer’s logotype > Hash: ccdd (SHA-256)",
        "Subject’s logotype > Media type: image/svg+xml",
        "Subject’s logotype > Address: https://logo.example/a.svg",
        "Subject’s logotype > Hash: ccdd (SHA-256)",
    ];
    has(&of("Logotypes"), &logotypes);
    has(&of("S/MIME capabilities"), &["Capability: aes256-CBC", "Capability > Parameters: 128"]);
    let addresses = [
        "IPv4 > Addresses: 10.0.0.0/9",
        "IPv4 > Addresses: 192.168.0.1 to 192.168.0.9",
        "IPv6 > Addresses: as the issuer’s",
    ];
    assert_eq!(of("IP address blocks"), addresses);
    let systems = [
        "Autonomous systems: 64496 to 64511",
        "Autonomous systems: 65000",
        "Routing domains: as the issuer’s",
    ];
    assert_eq!(of("Autonomous system identifiers"), systems);
    assert_eq!(of("IP address blocks, version 2"), ["IPv6 > Routing: unicast", "IPv6 > Addresses: ::/0"]);
    assert_eq!(of("Autonomous system identifiers, version 2"), ["Autonomous systems: as the issuer’s"]);
    assert_eq!(of("Certificate template name"), ["Template: WebServer"]);
    has(&of("Certificate template information"), &["Major version: 100", "Minor version: 4"]);
    assert_eq!(of("CA version"), ["Certificate index: 3", "Key index: 2"]);
    has(&of("Previous CA certificate hash"), &["SHA-1 fingerprint of the CA’s previous certificate: 0102"]);
    assert_eq!(of("Application policies"), ["Policy: clientAuth"]);
    has(&of("Application policy mappings"), &["Mapping > Subject’s policy: 1.2.4"]);
    has(&of("Application policy constraints"), &["Explicit policy required after certificates: 2"]);
    let identifier = ["Account security identifier: S-1-5-21-1-2-3-1103"];
    assert_eq!(of("Account security identifier"), identifier);
    let security = certificate.extensions().get::<MicrosoftNtdsSecurity>().unwrap().unwrap();
    assert_eq!(security.security_identifier().unwrap(), "S-1-5-21-1-2-3-1103");
    assert_eq!(of("Netscape certificate type"), ["Type: SSL client", "Type: SSL server", "Type: SSL CA"]);
    for (name, line) in [
        ("Netscape comment", "Comment: made by a test"),
        ("Netscape base URL", "Base: https://base.example/"),
        ("Netscape revocation URL", "Address: revoked?"),
        ("Netscape CA revocation URL", "Address: carevoked?"),
        ("Netscape renewal URL", "Address: renew?"),
        ("Netscape CA policy URL", "Address: policy.html"),
        ("Netscape SSL server name", "Host: *.example"),
        ("Expired certificates on CRL", "Kept if expired since: 1577836800"),
    ] {
        assert_eq!(of(name), [line]);
    }
    let entrust = ["Version: V7.1", "Flag: key update allowed", "Flag: PKIX certificate"];
    assert_eq!(of("Entrust version information"), entrust);
}

fn all_extensions() -> impl Iterator<Item = &'static Extension> {
    [&STANDARD_CERTIFICATE, &OTHER_CERTIFICATE]
        .into_iter()
        .flat_map(|certificate| &certificate.extensions().all)
}

#[test]
fn no_row_of_the_table_is_untested_or_stands_twice() {
    for (at, known) in KNOWN.iter().enumerate() {
        let made = all_extensions().any(|extension| extension.oid == known.oid);
        assert!(made, "{} is in no certificate of this test", known.name);
        assert!(KNOWN[at + 1..].iter().all(|other| other.oid != known.oid));
        assert!(Oid::from(known.oid).name().is_some(), "{} has no name in the registry", known.oid);
    }
}

#[test]
fn broken_values_are_answered_with_their_place() {
    // A nonce is taken whatever its encoding.
    let strict =
        |extension: &&Extension| extension.describe().known && extension.oid.name() != Some("ocspNonce");
    for extension in all_extensions().filter(strict) {
        let describe =
            |value: &[u8]| Extension { value: value.to_vec(), ..extension.clone() }.describe().facts;
        let whole = &extension.value;
        assert!(describe(whole).is_ok(), "{}", extension.oid);
        for length in 0..whole.len() {
            assert!(describe(&whole[..length]).is_err(), "{} cut to {length}", extension.oid);
        }
        assert!(describe(&[whole, &[0][..]].concat()).is_err(), "{} with trailing data", extension.oid);
        let other_tag = [&[whole[0] ^ 0x05], &whole[1..]].concat();
        let wrong = describe(&other_tag);
        // One character string may stand for another; everything else has one tag.
        assert!(wrong.is_err() || extension.describe().name.contains("etscape"), "{}", extension.oid);
        assert!(describe(&element(0x30, &element(0x1f, &[]))).is_err(), "{}", extension.oid);
    }
}

#[test]
fn distances_of_name_constraints_are_shown_and_refused() {
    let subtree = [element(0x82, b"a.example"), element(0x80, &[1]), element(0x81, &[3])].concat();
    let value = element(0x30, &element(0xa0, &element(0x30, &subtree)));
    let oid = Oid::parse("nameConstraints").unwrap();
    let description = Extension { oid, critical: true, value: value.clone() }.describe();
    let expected = ["Permitted > DNS name: a.example (minimum 1, maximum 3)"];
    assert_eq!(lines(&description.facts.unwrap()), expected);
    assert!(certwright_certs::extensions::NameConstraints::from_value(&value).is_err());
}

#[test]
fn fields_of_a_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let certificate = make(
        path,
        "-newkey rsa:2048 -sha384 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:40 -subj /C=DE/O=Ex,am/CN=ä+OU=b -utf8 \
         -set_serial 123456789012345678901234567890 -days 30",
    );
    let description = certificate.describe();
    let head = section(&description, "Certificate");
    has(&head, &["Version: 3", "Serial number, decimal: 123456789012345678901234567890"]);
    let signature = section(&description, "Signature");
    let parameters = [
        "Algorithm: RSASSA-PSS",
        "Digest: SHA-384",
        "Mask generation: MGF1",
        "Digest of the mask generation: SHA-384",
        "Salt length: 40",
    ];
    has(&signature, &parameters);
    let subject = section(&description, "Subject");
    has(
        &subject,
        &[
            "RFC 4514: OU=b+CN=ä,O=Ex\\,am,C=DE",
            "Reversed: C=DE, O=Ex\\,am, OU=b+CN=ä",
            "Slash form: /C=DE/O=Ex\\,am/OU=b+CN=ä",
            "Attributes > C: DE (countryName, PrintableString)",
            "Attributes > CN: ä (commonName, UTF8String)",
        ],
    );
    assert_eq!(section(&description, "Issuer"), subject);
    has(&section(&description, "Validity"), &["Length in days: 30 (and 1 second)"]);

    let key = section(&description, "Subject public key");
    let modulus = openssl(path, "x509 -in a.pem -noout -modulus").trim().to_lowercase();
    has(&key, &["Size in bits: 2048", "Exponent: 65537", &modulus.replace("modulus=", "Modulus: ")]);
    let identifier = certificate.subject_key_identifier_hex().unwrap();
    has(&key, &[&format!("Key identifier by RFC 5280 method 1: {identifier} (as in the certificate)")]);
    std::fs::write(path.join("spki.der"), certificate.spki_der()).unwrap();
    openssl(path, "dgst -sha256 -binary -out pin spki.der");
    openssl(path, "base64 -in pin -out pin.txt");
    let pin = std::fs::read_to_string(path.join("pin.txt")).unwrap();
    has(&key, &[&format!("Pin (SHA-256, base64): {}", pin.trim())]);
    let fingerprint = openssl(path, "x509 -in a.pem -noout -fingerprint -sha1").trim().replace(':', "");
    let fingerprint = fingerprint.split_once('=').unwrap().1.to_lowercase();
    has(&section(&description, "Fingerprints"), &[&format!("SHA-1: {fingerprint}")]);
}

#[test]
fn a_negative_serial() {
    let folder = tempfile::tempdir().unwrap();
    let certificate = make(folder.path(), "-newkey ed25519 -subj /CN=a -set_serial -129 -days 7");
    let description = certificate.describe();
    has(&section(&description, "Certificate"), &["Serial number: ff7f", "Serial number, decimal: -129"]);
    has(&section(&description, "Validity"), &["Length in days: 7 (and 1 second)"]);
    let key = section(&description, "Subject public key");
    assert_eq!(key[0], "Algorithm: Ed25519");
    assert!(key[1].starts_with("Key: ") && key[1].len() == 69, "{key:?}");
}

#[test]
fn keys_of_every_form() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let key = |arguments: &str| {
        section(&make(path, &format!("-subj /CN=a {arguments}")).describe(), "Subject public key")
    };
    let named = key("-newkey ec -pkeyopt ec_paramgen_curve:secp384r1");
    assert_eq!(named[..2], ["Algorithm: id-ecPublicKey", "Curve: P-384"]);
    assert!(named[2].starts_with("X: ") && named[2].len() == 99 && named[3].starts_with("Y: "));
    let explicit = key("-newkey ec -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit");
    has(
        &explicit,
        &[
            "Curve: explicit parameters (which RFC 5480 section 2.1.1 forbids)",
            "Prime of the field: ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
        ],
    );
    let restricted = key("-newkey rsa-pss -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha384");
    has(&restricted, &["Algorithm: RSASSA-PSS", "Size in bits: 2048", "Exponent: 65537", "Digest: SHA-384"]);
    openssl(path, "dsaparam -out dsa.pem 1024");
    let dsa = key("-newkey dsa:dsa.pem");
    has(&dsa, &["Algorithm: id-dsa", "Size in bits: 1024"]);
    for label in ["P: ", "Q: ", "G: ", "Y: "] {
        assert!(dsa.iter().any(|line| line.starts_with(label)), "{dsa:?}");
    }
    openssl(path, "ecparam -genkey -name prime256v1 -conv_form compressed -out point.key");
    openssl(path, "ec -in point.key -conv_form compressed -out point.key");
    openssl(path, "req -x509 -key point.key -subj /CN=a -out point.pem");
    let point = section(&certificate(path, "point.pem").describe(), "Subject public key");
    assert!(point.iter().any(|line| line.ends_with("(the point is compressed)")), "{point:?}");
}

#[test]
fn a_request() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let configuration = "[req]\ndistinguished_name=d\nreq_extensions=e\nattributes=a\nprompt=no\n[d]\nCN=a\n[a]\n\
                         challengePassword=secret\n[e]\nsubjectAltName=DNS:a.example\n1.2.3.4=ASN1:NULL\n";
    std::fs::write(path.join("x.cnf"), configuration).unwrap();
    openssl(path, "req -new -newkey ed25519 -nodes -keyout a.key -config x.cnf -out a.csr");
    let request = SigningRequest::from_pem(&std::fs::read(path.join("a.csr")).unwrap()).unwrap();
    let description = request.describe();
    has(&section(&description, "Subject"), &["RFC 4514: CN=a"]);
    has(&section(&description, "Attributes"), &["challengePassword > Value: secret"]);
    has(
        &section(&description, "Signature"),
        &["Algorithm: Ed25519", "Made with the key of the request: true"],
    );
    let names: Vec<&str> = description.extensions.iter().map(|extension| extension.name.as_str()).collect();
    assert_eq!(names, ["Subject alternative name", "1.2.3.4"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_octets_are_answered(place in any::<prop::sample::Index>(), with in any::<u8>(), cut in any::<prop::sample::Index>()) {
        for extension in all_extensions() {
            let mut value = extension.value.clone();
            let place = place.index(value.len());
            value[place] ^= with;
            let _ = Extension { value: value.clone(), ..extension.clone() }.describe();
            value.drain(place.min(cut.index(value.len()))..place);
            let _ = Extension { value, ..extension.clone() }.describe();
        }
    }

    #[test]
    fn any_value_is_answered(value in proptest::collection::vec(any::<u8>(), 0..60)) {
        for known in KNOWN {
            let _ = (known.facts)(&value);
        }
    }
}
