//! The words that a newcomer stumbles over, each explained in two or three sentences: one table, for the cards that show where a word stands and for the
//! glossary page.
//!
//! Names are those that [`word`](crate::parts::word::word) is called with. A test finds names that are used and not explained.

use certwright_protocol::language::text;
use certwright_protocol::mark;

/// A word and what it means.
pub(crate) struct Term {
    /// A short name that does not change: `root`.
    pub(crate) name: &'static str,
    title: &'static str,
    meaning: &'static str,
    /// Names of the words to read next.
    pub(crate) see: &'static [&'static str],
}

impl Term {
    /// What it is called.
    pub(crate) fn title(&self) -> &'static str {
        text(self.title)
    }

    /// What it means.
    pub(crate) fn meaning(&self) -> &'static str {
        text(self.meaning)
    }
}

/// The word of that name.
pub(crate) fn term(name: &str) -> Option<&'static Term> {
    TERMS.iter().find(|term| term.name == name)
}

const fn explain(
    name: &'static str,
    title: &'static str,
    meaning: &'static str,
    see: &'static [&'static str],
) -> Term {
    Term { name, title, meaning, see }
}

/// All of them, in the order of the English titles.
#[rustfmt::skip]
pub(crate) const TERMS: [Term; 56] = [
    explain("aia", mark!("Address of the issuer (AIA)"), mark!("An address in a certificate under which its issuer’s certificate can be fetched. It helps where a server forgot to send an intermediate. What is fetched is believed for its signature, not for the address."), &["intermediate", "chain"]),
    explain("alert", mark!("Alert"), mark!("The message with which one side ends a TLS connection and says why, in one number: unknown authority, expired certificate, no common cipher suite. Certwright shows it with its likely cause."), &["handshake", "tls"]),
    explain("alias", mark!("Alias"), mark!("The name of an entry in the keystore. You choose it; programs use it to say which key they mean."), &["keystore", "key-pair"]),
    explain("alpn", mark!("Application protocol (ALPN)"), mark!("What the two sides want to speak once TLS stands, agreed on in the handshake: HTTP/1.1 or HTTP/2, for example."), &["handshake", "sni"]),
    explain("ca", mark!("Certification authority"), mark!("A key whose certificate says that it may sign others. Whoever trusts it trusts all that it signed."), &["root", "intermediate", "issuer"]),
    explain("certificate", mark!("Certificate"), mark!("A public key with the name of its holder, signed by an authority. It is no secret: everybody may see it. Only who has the private key that belongs to it can use it."), &["key-pair", "issuer", "chain"]),
    explain("chain", mark!("Chain"), mark!("Your certificate, the one that signed it, the one that signed that, up to the root. The other side follows the chain until it meets a certificate that it trusts."), &["root", "intermediate", "trust"]),
    explain("challenge", mark!("Challenge password"), mark!("A password that some authorities ask for in the request, and ask for again when the certificate is to be revoked. Most do not."), &["request", "revocation"]),
    explain("cipher-suite", mark!("Cipher suite"), mark!("The set of methods that a connection is encrypted with. Both sides must know at least one in common, or there is no connection."), &["handshake", "tls"]),
    explain("client", mark!("Client certificate"), mark!("A certificate by which the caller proves who it is. The server asks for it while the connection is set up; your key then signs that one connection, here in the browser."), &["client-authentication", "mapping"]),
    explain("client-authentication", mark!("Client authentication"), mark!("The server asks the caller for a certificate and checks it, instead of or besides asking for a password. Also called mutual TLS or mTLS. A server that does not ask never sees your certificate."), &["client", "handshake", "receiver"]),
    explain("constraints", mark!("Basic constraints"), mark!("The part of a certificate that says whether its holder may sign other certificates, and how many authorities may follow below it."), &["ca", "usage"]),
    explain("crl", mark!("Revocation list (CRL)"), mark!("A list, signed by an authority, of certificates that must not be believed any more although they have not expired. It is fetched from an address in the certificate."), &["revocation", "ocsp"]),
    explain("der", mark!("DER"), mark!("The plain bytes of a certificate or key. Files end in .der or .cer and cannot be read in a text editor. The same in letters is PEM."), &["pem"]),
    explain("end-entity", mark!("End-entity certificate"), mark!("The certificate at the beginning of a chain, also called leaf: that of a client or a server, which signs no other certificates."), &["chain", "root"]),
    explain("entry", mark!("Entry"), mark!("One thing in a keystore under one alias: a key pair with its certificates, a trusted certificate, or a secret key."), &["alias", "keystore"]),
    explain("expiry", mark!("Validity"), mark!("The time from which and until which a certificate counts. After that it is refused everywhere, so its successor has to be in place before."), &["renewal"]),
    explain("fingerprint", mark!("Fingerprint"), mark!("A short number computed from the whole certificate (SHA-256 here). Two certificates with the same fingerprint are the same; compare it by telephone before you trust a root that came by mail."), &["root", "trust"]),
    explain("group", mark!("Key exchange group"), mark!("How two sides agree on a key that nobody else learns, such as x25519. Newer ones, such as X25519MLKEM768, also withstand quantum computers."), &["handshake", "cipher-suite"]),
    explain("hand-over", mark!("Hand-over"), mark!("What you give to the other side so that it accepts your certificate: the root for its trust store, and your own certificate for the mapping. Never your private key."), &["receiver", "mapping", "root"]),
    explain("handshake", mark!("Handshake"), mark!("The first messages of a TLS connection, in which the sides agree on how to encrypt, show their certificates and prove that they hold the keys. Most connection problems are handshakes that failed."), &["tls", "alert", "client-authentication"]),
    explain("host-name", mark!("Host name check"), mark!("The caller compares the name that it called with the alternative names in the server’s certificate. If none is equal, somebody else may be answering."), &["san", "sni"]),
    explain("intermediate", mark!("Intermediate certificate"), mark!("An authority between the root and your certificate. The one who shows a certificate has to send the intermediates along: the other side has only the root."), &["chain", "root", "aia"]),
    explain("issuer", mark!("Issuer"), mark!("Who signed a certificate: an authority, or the holder itself. The name stands in the certificate and leads to the next one of the chain."), &["ca", "chain", "subject"]),
    explain("jks", mark!("JKS"), mark!("The keystore format of older Java programs. It needs a password. Certwright reads and writes it, and can convert it to PKCS#12."), &["keystore", "pkcs12"]),
    explain("key-pair", mark!("Key pair"), mark!("A private key, which never leaves this browser unless you export it, and the public key that belongs to it. With a certificate it proves who you are."), &["private-key", "certificate"]),
    explain("keystore", mark!("Keystore"), mark!("The box that holds your private keys with their certificates, and the certificates that you trust. This one lives in your browser."), &["entry", "trust", "vault"]),
    explain("lock", mark!("Locked entry"), mark!("An entry that can be used and is never exported, changed or deleted until somebody unlocks it."), &["entry"]),
    explain("mapping", mark!("Certificate-to-user mapping"), mark!("The receiver’s table that says which user a client certificate stands for. It wants the certificate itself, or its subject, issuer and serial number exactly as written there."), &["client", "hand-over", "serial"]),
    explain("ocsp", mark!("OCSP"), mark!("A question to the authority, while the connection is set up, whether one certificate is still good. A server can bring the signed answer along; that is a stapled one."), &["revocation", "crl"]),
    explain("passphrase", mark!("Passphrase"), mark!("The secret under which your keystore is kept on this device. Nobody can recover it: whoever forgets it loses what was kept, unless it was exported before."), &["vault", "keystore"]),
    explain("pem", mark!("PEM"), mark!("A certificate or key as letters, between lines with -----BEGIN and -----END. It can be pasted into mails and forms. Certwright takes it in any wrapping."), &["der"]),
    explain("pkcs12", mark!("PKCS#12"), mark!("One file, protected by a password, with a private key and its chain; it ends in .p12 or .pfx. It is what most programs import."), &["keystore", "jks"]),
    explain("pkcs7", mark!("PKCS#7"), mark!("A file with several certificates and no key; it ends in .p7b. Authorities often send a whole chain like that."), &["chain", "pkcs12"]),
    explain("private-key", mark!("Private key"), mark!("The secret half of a key pair. Who has it can act in your name, so it is never mailed. Certwright’s server never sees one."), &["key-pair", "vault"]),
    explain("probe", mark!("Probe"), mark!("A test of a connection: Certwright calls a server as your application would, shows what it answers, and says why it fails if it does."), &["handshake", "receiver"]),
    explain("proxy", mark!("Proxy"), mark!("A machine that connects on behalf of others. In many companies nothing gets out without it."), &["receiver"]),
    explain("public-key", mark!("Public key"), mark!("The half of a key pair that everybody may know. It stands in the certificate and in the signing request."), &["key-pair", "certificate"]),
    explain("receiver", mark!("Receiver"), mark!("The system that is called, and the people who run it. Its administrator has to trust your root and to map your certificate to a user."), &["hand-over", "client-authentication"]),
    explain("renewal", mark!("Renewal"), mark!("The replacement of a certificate before it expires. The new one is put in place beside the old one, the other side is told, and only then the old one goes."), &["expiry", "hand-over"]),
    explain("request", mark!("Signing request"), mark!("A text (file ending .csr) with your public key and your name. You send it to a certification authority, which signs it and sends a certificate back. Your private key is not in it."), &["ca", "reply"]),
    explain("reply", mark!("Reply"), mark!("What the authority sends back to a signing request: your certificate, alone or with the chain. Drop it on the page; it finds its key by itself."), &["request", "chain"]),
    explain("revocation", mark!("Revocation"), mark!("An authority takes a certificate back before it expires, because its key was stolen or its holder changed. Others learn it by OCSP or from a revocation list."), &["ocsp", "crl"]),
    explain("root", mark!("Root"), mark!("The certificate at the top of a chain, signed by itself. Whoever has it in the trust store trusts all that it signed."), &["chain", "trust", "intermediate"]),
    explain("san", mark!("Alternative names"), mark!("Further names of the holder: host names, addresses, e-mail addresses. Programs that check whether a server is the right one look at these alone, not at the subject."), &["subject", "host-name"]),
    explain("secret-key", mark!("Secret key"), mark!("One key that both sides share, without a public half and without certificate. Programs use it to encrypt data or to check that it is whole."), &["key-pair"]),
    explain("self-signed", mark!("Self-signed certificate"), mark!("A certificate that is signed with its own key instead of by an authority. Every root is; others have to be trusted one by one."), &["root", "trust"]),
    explain("serial", mark!("Serial number"), mark!("The number that an authority gives to each certificate it signs. Together with the issuer it names one certificate. Some programs show it in hexadecimal, some in decimal digits."), &["issuer", "mapping"]),
    explain("sni", mark!("Server name (SNI)"), mark!("The name that the client says it wants, in clear, in its first message. A machine with many sites picks the certificate by it."), &["handshake", "host-name"]),
    explain("starttls", mark!("Before TLS"), mark!("On some ports the two sides first speak in clear (SMTP, IMAP, a database) and then agree to begin TLS, often by the command STARTTLS. On others, such as 443, TLS begins at once."), &["tls", "handshake"]),
    explain("subject", mark!("Subject"), mark!("The name that a certificate carries: who holds its key. It is made of parts such as the common name (CN), the organisation (O) and the country (C)."), &["san", "issuer"]),
    explain("tls", mark!("TLS"), mark!("What makes https and other connections secure: nobody on the way can read along, and the caller knows who answers. Formerly called SSL."), &["handshake", "certificate"]),
    explain("trust", mark!("Trust store"), mark!("The certificates that this keystore trusts. A server is trusted if its chain ends at one of them; put the root of the servers that you call here."), &["root", "chain"]),
    explain("usage", mark!("Purpose"), mark!("What the certificate may be used for: to log in as a client, to run a server, to sign others. Written as key usage and extended key usage; whoever receives it checks them."), &["client", "constraints"]),
    explain("vault", mark!("Vault"), mark!("Your keystore as it lies on this device: encrypted under your passphrase. Without the passphrase it is noise, for us too."), &["passphrase", "keystore"]),
    explain("wildcard", mark!("Wildcard"), mark!("A name such as *.example.com in a certificate. It stands for one label: shop.example.com fits, a.shop.example.com and example.com do not."), &["san", "host-name"]),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_word_leads_to_words_that_are_there() {
        let names: BTreeSet<&str> = TERMS.iter().map(|term| term.name).collect();
        let titles: BTreeSet<&str> = TERMS.iter().map(|term| term.title).collect();
        assert_eq!((names.len(), titles.len()), (TERMS.len(), TERMS.len()));
        for term in &TERMS {
            assert!(term.meaning.ends_with('.') && term.meaning.len() > 60, "{}", term.name);
            assert!(!term.see.contains(&term.name), "{}", term.name);
            for other in term.see {
                assert!(names.contains(other), "{} leads to {other}", term.name);
            }
        }
    }

    #[test]
    fn every_word_that_is_used_is_explained() {
        let mut used = BTreeSet::new();
        collect(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut used);
        assert!(used.len() > 10, "{used:?}");
        for name in used {
            assert!(term(&name).is_some(), "“{name}” is not explained");
        }
    }

    /// Tells a name from the code that stands in the same place.
    fn is_name(text: &str) -> bool {
        !text.is_empty() && text.bytes().all(|octet| octet.is_ascii_lowercase() || octet == b'-')
    }

    /// Adds the names in calls of [`word`](crate::parts::word::word) and its like, and in the hints of the probe's form.
    fn collect(folder: &Path, used: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, used);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                for (before, after) in [("word(\"", '"'), ("word_before(\"", '"'), ("{", '|')] {
                    let names = text.split(before).skip(1).filter_map(|part| Some(part.split_once(after)?.0));
                    used.extend(names.filter(|name| is_name(name)).map(str::to_owned));
                }
            }
        }
    }
}
