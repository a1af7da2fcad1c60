//! Words for the key, what it may be used for, constraints of authorities, and key identifiers.

use super::Words;
use crate::mark;

pub(super) const WORDS: &[Words] = &[
    (
        &["key-unreadable"],
        mark!("The key cannot be read"),
        mark!("The public key is malformed, or too large."),
        mark!("Make a new key and have it certified."),
    ),
    (
        &["rsa-too-short"],
        mark!("RSA key too short"),
        mark!(
            "The RSA key has {bits} bits; 2048 are the least that is safe, and browsers and libraries refuse less."
        ),
        mark!("Make a new key of 2048 bits or more, or on P-256."),
    ),
    (
        &["rsa-very-long"],
        mark!("RSA key very long"),
        mark!(
            "The RSA key has {bits} bits, which makes each handshake slow and some devices fail, with little gain."
        ),
        mark!("3072 bits or P-256 are enough."),
    ),
    (
        &["rsa-length-odd"],
        mark!("RSA key of an odd length"),
        mark!("The RSA key has {bits} bits; the length must be a multiple of 8."),
        mark!("Make a new key of 2048, 3072 or 4096 bits."),
    ),
    (
        &["rsa-exponent-broken"],
        mark!("RSA with an impossible exponent"),
        mark!(
            "The public exponent is {exponent}; with an even one, or with 1, RSA does not work or protects nothing."
        ),
        mark!("Make a new key with 65537."),
    ),
    (
        &["rsa-exponent-small"],
        mark!("RSA with a small exponent"),
        mark!(
            "The public exponent is {exponent}. With small ones mistakes of other programs become forgeries."
        ),
        mark!("Make a new key with 65537."),
    ),
    (
        &["rsa-exponent-large"],
        mark!("RSA with a very large exponent"),
        mark!("The public exponent is {exponent}; several programs cannot compute with it."),
        mark!("Make a new key with 65537."),
    ),
    (
        &["rsa-parameters"],
        mark!("RSA key without its NULL"),
        mark!(
            "The identifier of the RSA key must carry NULL as its parameters and does not; strict programs refuse it."
        ),
        mark!("Make the request anew with another tool."),
    ),
    (
        &["rsa-pss-key"],
        mark!("A key for RSA-PSS alone"),
        mark!(
            "The key is marked for RSASSA-PSS. Many programs, browsers among them, cannot use such a certificate."
        ),
        mark!("Use a plain RSA key: it can make PSS signatures too."),
    ),
    (
        &["key-roca"],
        mark!("The key can be computed (ROCA)"),
        mark!(
            "The key was made by Infineon’s library of 2012 to 2017 (smart cards, TPMs, tokens): its private half can be computed from this public one."
        ),
        mark!("Replace the key at once, made by another device, and revoke this certificate."),
    ),
    (
        &["key-debian"],
        mark!("The key can be computed (Debian’s OpenSSL)"),
        mark!(
            "The key was made by Debian’s or Ubuntu’s OpenSSL of 2006 to 2008, whose random numbers were none: process {process} on {processor} makes this very key, and the private half with it, for anyone who asks."
        ),
        mark!(
            "Replace the key at once, made by a program of today, and revoke this certificate. Whatever was protected by the key has been open to everybody."
        ),
    ),
    (
        &["key-close-primes"],
        mark!("The key can be computed (close primes)"),
        mark!("The two primes of the key lie so close together that its private half was found in a moment."),
        mark!("Replace the key at once, made by another program, and revoke this certificate."),
    ),
    (
        &["key-small-factor"],
        mark!("The key can be computed (small factor)"),
        mark!("The modulus can be divided by {factor}: it is no RSA key, or it was damaged."),
        mark!("Replace the key at once, and revoke this certificate."),
    ),
    (
        &["key-patterned"],
        mark!("The key repeats itself"),
        mark!(
            "A piece of the modulus occurs again and again, so that no good random number generator made it."
        ),
        mark!("Replace the key at once, made by another program."),
    ),
    (
        &["key-shared-prime"],
        mark!("The key can be computed (shared prime)"),
        mark!(
            "The key has a prime in common with {names}. Both private halves follow from the two public ones."
        ),
        mark!(
            "Replace both keys at once, made by a program with a good random number generator, and revoke their certificates."
        ),
    ),
    (
        &["ec-curve-too-small"],
        mark!("Curve too small"),
        mark!("The key lies on the curve {curve} of {bits} bits, which is too small to be safe."),
        mark!("Make a new key on P-256."),
    ),
    (
        &["ec-curve-small"],
        mark!("Curve smaller than recommended"),
        mark!("The key lies on the curve {curve} of {bits} bits; hardly any client supports it."),
        mark!("Make a new key on P-256."),
    ),
    (
        &["ec-explicit-parameters"],
        mark!("A curve spelled out"),
        mark!(
            "The key brings the parameters of its curve along and does not name the curve. Certificates may not do so, and current libraries refuse it (CVE-2020-0601 was an attack that used it)."
        ),
        mark!("Make a new key on a named curve (openssl: -pkeyopt ec_param_enc:named_curve)."),
    ),
    (
        &["ec-point-compressed"],
        mark!("A compressed point"),
        mark!("The key is written in its compressed form, which only some programs read."),
        mark!("Write the key uncompressed when making the request."),
    ),
    (
        &["key-dsa"],
        mark!("A DSA key"),
        mark!("DSA is no longer approved, and no browser or current TLS library accepts it."),
        mark!("Make a new key on P-256 or with RSA."),
    ),
    (
        &["key-not-permitted", "authority-key-not-permitted"],
        mark!("Kind of key not permitted"),
        mark!(
            "{algorithm}: under public trust only RSA and the curves P-256, P-384 and P-521 are permitted."
        ),
        mark!("Make a new key on P-256, or use it under a private authority."),
    ),
    (
        &["authority-key-usage-missing"],
        mark!("An authority without key usage"),
        mark!("An authority must say in its key usage that it signs certificates."),
        mark!("Make the authority anew with the key usages keyCertSign and cRLSign."),
    ),
    (
        &["key-usage-missing"],
        mark!("No key usage"),
        mark!("The certificate does not say what its key may be used for."),
        mark!("Add digitalSignature to the issuer’s profile."),
    ),
    (
        &["key-usage-empty"],
        mark!("Empty key usage"),
        mark!("The key usage is there and allows nothing."),
        mark!("Have it issued anew with at least digitalSignature."),
    ),
    (
        &["key-usage-not-critical"],
        mark!("Key usage not critical"),
        mark!(
            "The key usage should be critical, so that programs that do not know it refuse the certificate."
        ),
        mark!("The issuer’s profile should be mended."),
    ),
    (
        &["key-usage-not-der"],
        mark!("Key usage in a wrong encoding"),
        mark!("The bits of the key usage have needless zeros at their end; strict programs cannot read it."),
        mark!("The issuer’s software has to be mended."),
    ),
    (
        &["cert-sign-without-authority"],
        mark!("May sign certificates and is no authority"),
        mark!(
            "The key usage {usages} lets it sign certificates, and its basic constraints do not say that it is an authority."
        ),
        mark!("Leave keyCertSign out, or set CA:TRUE if it is one."),
    ),
    (
        &["authority-without-cert-sign"],
        mark!("An authority that may not sign"),
        mark!(
            "It is an authority, and its key usage ({usages}) does not let it sign certificates: whatever it issues is refused."
        ),
        mark!("Make the authority anew with keyCertSign."),
    ),
    (
        &["authority-without-crl-sign"],
        mark!("An authority that may not sign lists"),
        mark!("Its key usage ({usages}) lacks cRLSign, so that it cannot publish what it revokes."),
        mark!("Make the authority anew with keyCertSign and cRLSign."),
    ),
    (
        &["usage-does-not-fit-key"],
        mark!("Key usage that the key cannot do"),
        mark!(
            "The key usage {usages} makes no sense for a key of the kind {key}. Strict programs refuse it."
        ),
        mark!(
            "Leave it out of the issuer’s profile; servers need digitalSignature, RSA also keyEncipherment."
        ),
    ),
    (
        &["server-without-digital-signature"],
        mark!("Not usable in TLS 1.3"),
        mark!(
            "The key usage ({usages}) lacks digitalSignature, without which a server cannot speak TLS 1.3 or ECDHE."
        ),
        mark!("Have it issued anew with digitalSignature."),
    ),
    (
        &["server-usage-not-permitted"],
        mark!("Key usage that servers may not have"),
        mark!("{usages} may not stand in a public certificate of a server."),
        mark!("Leave it out of the request."),
    ),
    (
        &["server-data-encipherment"],
        "dataEncipherment",
        mark!(
            "No protocol on servers encrypts data with the certificate’s key directly; dataEncipherment is not recommended."
        ),
        mark!("Leave it out."),
    ),
    (
        &["encipher-only-without-agreement"],
        mark!("encipherOnly without keyAgreement"),
        mark!(
            "The key usage ({usages}) limits a key agreement that it does not allow, which has no meaning."
        ),
        mark!("Leave it out."),
    ),
    (
        &["usage-missing"],
        mark!("No extended key usage"),
        mark!("Public certificates of servers must say serverAuth."),
        mark!("The authority has to mend this."),
    ),
    (
        &["usage-missing-privately"],
        mark!("No extended key usage"),
        mark!(
            "The certificate is good for every purpose. iOS and macOS refuse it for servers (serverAuth must be there), and whoever takes the key can use it for everything."
        ),
        mark!("Issue it for its purpose: serverAuth, clientAuth, or another one."),
    ),
    (
        &["usage-any", "usage-any-privately"],
        mark!("Any purpose"),
        mark!(
            "{usages} makes the certificate good for every purpose; public authorities may not issue that, and some programs refuse it."
        ),
        mark!("Name the purposes that are needed."),
    ),
    (
        &["server-with-client-auth"],
        mark!("Client purpose in a server’s certificate"),
        mark!(
            "Browsers want public authorities that issue for servers alone; clientAuth is being phased out, so that a renewal will come without it."
        ),
        mark!(
            "For connections in which this machine is the client (mutual TLS) get a certificate of a private authority in time."
        ),
    ),
    (
        &["server-with-other-usage", "server-with-signing-usage"],
        mark!("Other purposes in a server’s certificate"),
        mark!(
            "{usages} should not stand beside the purpose of a server: who breaks into the server could also sign with it."
        ),
        mark!("Use a certificate of its own for each purpose."),
    ),
    (
        &["responder-without-no-check", "responder-without-no-check-privately"],
        mark!("An OCSP responder that would have to be checked"),
        mark!(
            "The certificate signs OCSP answers and lacks the extension OCSP no check, so that clients would have to ask whether it is revoked, and whom."
        ),
        mark!("Issue it with “noCheck”."),
    ),
    (
        &["usage-critical"],
        mark!("Extended key usage critical"),
        mark!("The extended key usage should not be critical."),
        mark!("The authority has to mend this."),
    ),
    (
        &["authority-usage-missing"],
        mark!("An authority for every purpose"),
        mark!(
            "The authority has no extended key usage; under public trust those that issue for servers must be limited to that."
        ),
        mark!("The authority has to mend this."),
    ),
    (
        &["root-with-usage"],
        mark!("Extended key usage in a root"),
        mark!("Public roots may have no extended key usage."),
        mark!("The authority has to mend this."),
    ),
    (
        &["authority-constraints-not-critical"],
        mark!("Basic constraints not critical"),
        mark!(
            "An authority’s basic constraints must be critical, so that old programs do not take any certificate for an authority."
        ),
        mark!("Make the authority anew with critical basic constraints."),
    ),
    (
        &["path-length-without-authority"],
        mark!("Path length without an authority"),
        mark!("The basic constraints limit the chain below, and the certificate is no authority."),
        mark!("Leave pathlen out."),
    ),
    (
        &["path-length-without-cert-sign"],
        mark!("Path length without keyCertSign"),
        mark!(
            "The basic constraints limit the chain below, and the key usage does not allow signing certificates."
        ),
        mark!("Make the authority anew with keyCertSign."),
    ),
    (
        &["constraints-not-der"],
        mark!("Basic constraints in a wrong encoding"),
        mark!(
            "CA:FALSE is spelled out, or TRUE is not 0xFF; DER leaves the first out. Strict programs refuse it."
        ),
        mark!("The issuer’s software has to be mended."),
    ),
    (
        &["root-with-path-length"],
        mark!("Path length in a root"),
        mark!("A limit in a root is not recommended: many programs ignore it there."),
        mark!("Put limits into the intermediates."),
    ),
    (
        &["authority-as-server"],
        mark!("An authority that is a server too"),
        mark!(
            "The certificate is an authority (CA:TRUE) and names {names}. Firefox and others refuse it for a server, and who breaks into the server can issue certificates."
        ),
        mark!(
            "Make an authority with a name of its own, and let it sign a certificate for the server (openssl req -x509 makes CA:TRUE unless told otherwise)."
        ),
    ),
    (
        &["name-constraints-of-end-entity"],
        mark!("Name constraints without an authority"),
        mark!("Only an authority may have name constraints."),
        mark!("The issuer’s profile has to be mended."),
    ),
    (
        &["name-constraints-not-critical"],
        mark!("Name constraints not critical"),
        mark!("Programs that do not know name constraints will ignore them; RFC 5280 wants them critical."),
        mark!("Make them critical unless very old clients have to be served."),
    ),
    (
        &["name-constraints-malformed"],
        mark!("Name constraints that are no names"),
        mark!("{names}: such a constraint cannot be applied, so that everything below is refused."),
        mark!("Make the authority anew; addresses need a mask, hosts no wildcard and no scheme."),
    ),
    (
        &["name-constraints-leading-dot"],
        mark!("A name constraint with a leading dot"),
        mark!(
            "{names}: for host names a constraint without dot already covers all below; with a dot some programs refuse everything."
        ),
        mark!("Write the constraint without the dot."),
    ),
    (
        &["authority-subject-key-missing"],
        mark!("An authority without key identifier"),
        mark!("An authority must have a subject key identifier, by which chains are found."),
        mark!("Make the authority anew with a subject key identifier."),
    ),
    (
        &["subject-key-critical", "issuer-key-critical"],
        mark!("Key identifier critical"),
        mark!("Key identifiers must not be critical; strict programs refuse that."),
        mark!("The issuer’s profile has to be mended."),
    ),
    (
        &["subject-key-empty"],
        mark!("Empty key identifier"),
        mark!("The subject key identifier has no octets."),
        mark!("The issuer’s software has to be mended."),
    ),
    (
        &["subject-key-not-derived"],
        mark!("Key identifier not made from the key"),
        mark!(
            "The subject key identifier is none of the usual hashes of this key. That is allowed; it also happens when a certificate was made for another key."
        ),
        mark!("Check that the certificate is for the key that you mean."),
    ),
    (
        &["issuer-key-missing"],
        mark!("No identifier of the issuer’s key"),
        mark!(
            "The certificate does not say which key signed it, so that programs have to try all authorities of the same name."
        ),
        mark!("The issuer’s profile should add the authority key identifier."),
    ),
    (
        &["issuer-key-without-identifier"],
        mark!("The issuer’s key is not identified"),
        mark!("The authority key identifier holds no key identifier."),
        mark!("The issuer’s profile should write keyid."),
    ),
    (
        &["issuer-key-half-serial"],
        mark!("Half an identification of the issuer"),
        mark!(
            "The authority key identifier must have both the issuer’s name and its serial number, or neither."
        ),
        mark!("The issuer’s software has to be mended."),
    ),
    (
        &["issuer-key-with-serial"],
        mark!("The issuer is identified by its serial number"),
        mark!(
            "Public authorities may identify themselves by their key alone. When the authority’s certificate is renewed, this one will no longer fit."
        ),
        mark!("The authority has to mend this."),
    ),
    (
        &["root-keys-differ"],
        mark!("A root that points elsewhere"),
        mark!("The root is signed by itself, and its authority key identifier names another key."),
        mark!("Make the root anew."),
    ),
];
