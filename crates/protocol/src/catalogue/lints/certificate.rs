//! Words for the outer structure, the serial number, the signature and the dates.

use super::Words;
use crate::mark;

pub(super) const WORDS: &[Words] = &[
    (
        &["version-not-3"],
        mark!("Not version 3"),
        mark!("The certificate has version {version}; only version 3 can say what it is for."),
        mark!("Have it issued anew. Tools make version 1 when no extensions are configured."),
    ),
    (
        &["extensions-before-version-3"],
        mark!("Extensions in an old version"),
        mark!(
            "The certificate says version {version} and has extensions, which came with version 3; programs refuse or ignore them."
        ),
        mark!("Have it issued anew as version 3."),
    ),
    (
        &["extensions-empty"],
        mark!("An empty list of extensions"),
        mark!("The list of extensions is there and empty, which RFC 5280 forbids."),
        mark!("The issuer’s software has to leave the list out."),
    ),
    (
        &["extension-repeated"],
        mark!("An extension occurs twice"),
        mark!(
            "{extensions} stands in the certificate more than once; programs refuse it, or each picks another one."
        ),
        mark!(
            "Have it issued anew, and look for the extension in both the request and the issuer’s profile."
        ),
    ),
    (
        &["extension-unreadable"],
        mark!("An extension that cannot be read"),
        mark!("The value of {extensions} is malformed."),
        mark!("Have the certificate issued anew; the issuer’s configuration writes a wrong value."),
    ),
    (
        &["unique-identifier"],
        mark!("Unique identifiers"),
        mark!(
            "The certificate has an identifier of issuer or subject from X.509 version 2, which no one uses."
        ),
        mark!("The issuer’s software should leave it out."),
    ),
    (
        &["certificate-large"],
        mark!("A very large certificate"),
        mark!(
            "The certificate has {octets} octets; it takes several records of TLS, and small devices may have no room for it."
        ),
        mark!("Spread the names over several certificates."),
    ),
    (
        &["serial-zero"],
        mark!("Serial number zero"),
        mark!(
            "The serial number is zero; it must be positive. Revocation cannot tell such certificates apart."
        ),
        mark!("Have it issued anew with a random serial number."),
    ),
    (
        &["serial-negative"],
        mark!("Negative serial number"),
        mark!("The serial number {serial} is negative, since its first bit is set; it must be positive."),
        mark!("The issuer’s software has to put a zero octet in front."),
    ),
    (
        &["serial-too-long"],
        mark!("Serial number too long"),
        mark!("The serial number has {octets} octets; 20 are allowed."),
        mark!("The issuer’s software has to take fewer random octets."),
    ),
    (
        &["serial-not-minimal"],
        mark!("Serial number with needless octets"),
        mark!(
            "The serial number is not encoded as DER wants it; strict programs cannot read the certificate."
        ),
        mark!("The issuer’s software has to write the number without leading octets."),
    ),
    (
        &["serial-too-short"],
        mark!("Serial number hardly random"),
        mark!("The serial number has {bits} bits; at least 64 have to come from a random number generator."),
        mark!("Ask the authority how it makes its serial numbers."),
    ),
    (
        &["serial-guessable"],
        mark!("Serial number counted by hand"),
        mark!(
            "The serial number is {serial}. Two certificates of the same issuer and number confuse browsers (Firefox refuses them), and numbers that are guessed make forgeries easier."
        ),
        mark!("Let the tool pick a random serial number."),
    ),
    (
        &["signature-broken-digest"],
        mark!("Signed with {digest}"),
        mark!(
            "{digest} is broken: others can make a certificate with the same signature. Every current program refuses it."
        ),
        mark!("Have it issued anew with SHA-256."),
    ),
    (
        &["signature-sha1"],
        mark!("Signed with SHA-1"),
        mark!(
            "Collisions of SHA-1 have been computed, and public authorities may not use it any more. Browsers and current libraries refuse it."
        ),
        mark!("Have it issued anew with SHA-256."),
    ),
    (
        &["signature-sha224"],
        mark!("Signed with SHA-224"),
        mark!("SHA-224 is shorter than what is recommended, and many programs do not know it."),
        mark!("Have it issued anew with SHA-256."),
    ),
    (
        &["signature-unknown"],
        mark!("Unknown signature algorithm"),
        mark!(
            "Certwright does not know the signature algorithm {algorithm}, and most clients will not either."
        ),
        mark!("Ask the issuer for a certificate with RSA or ECDSA and SHA-256."),
    ),
    (
        &["signature-not-permitted", "authority-signature-not-permitted"],
        mark!("Signature algorithm not permitted"),
        mark!(
            "Public authorities may not sign with {algorithm}: only RSA and ECDSA with SHA-256, SHA-384 or SHA-512 are permitted."
        ),
        mark!("Have it issued anew with one of these, or use it under a private authority."),
    ),
    (
        &["signature-algorithm-mismatch"],
        mark!("Two different signature algorithms"),
        mark!(
            "Inside the certificate says {inside}, outside {outside}, possibly with other parameters; both must be the same."
        ),
        mark!("Do not trust it; the issuer’s software is faulty or the certificate was tampered with."),
    ),
    (
        &["signature-unused-bits"],
        mark!("A signature of broken length"),
        mark!("The signature is not a whole number of octets, so that it never verifies."),
        mark!("Have it issued anew."),
    ),
    (
        &["signature-parameters"],
        mark!("Signature parameters as they should not be"),
        mark!(
            "{algorithm} is written with other parameters than its standard says (NULL for RSA, none for others); strict programs refuse it."
        ),
        mark!("The issuer’s software has to be mended."),
    ),
    (
        &["validity-reversed"],
        mark!("Ends before it begins"),
        mark!("The certificate is valid from {from} to {to}, so never."),
        mark!("Have it issued anew; check the clock and the dates in the issuer’s configuration."),
    ),
    (
        &["time-needlessly-generalized"],
        mark!("Date in the wrong form"),
        mark!(
            "A date before 2050 is written as GeneralizedTime; RFC 5280 wants UTCTime, and strict programs refuse it."
        ),
        mark!("The issuer’s software has to be mended."),
    ),
    (
        &["time-without-seconds"],
        mark!("Date without seconds"),
        mark!("A date is written without its seconds, which RFC 5280 forbids."),
        mark!("The issuer’s software has to be mended."),
    ),
    (&["expired"], mark!("Expired"), mark!("Valid until {to}; the time is {at}."), mark!("Renew it.")),
    (
        &["not-yet-valid"],
        mark!("Not valid yet"),
        mark!("Valid from {from}; the time is {at}."),
        mark!("Check the clock, or wait."),
    ),
    (
        &["expires-in-7-days"],
        mark!("Expires within a week"),
        mark!("Valid until {to}: {days} days are left."),
        mark!("Renew it now, and find out why it was not renewed by itself."),
    ),
    (
        &["expires-in-14-days"],
        mark!("Expires within two weeks"),
        mark!("Valid until {to}: {days} days are left."),
        mark!("Renew it."),
    ),
    (
        &["expires-in-30-days"],
        mark!("Expires within a month"),
        mark!("Valid until {to}: {days} days are left."),
        mark!("Plan the renewal."),
    ),
    (
        &["no-expiry-date"],
        mark!("Never expires"),
        mark!(
            "The end is 9999-12-31 23:59:59, which stands for no end. Nothing will ever force a change of the key."
        ),
        mark!("Keep it to devices that cannot be renewed."),
    ),
    (
        &["longer-than-60-months", "longer-than-39-months"],
        mark!("Valid for too long"),
        mark!("It is valid for {days} days; when it was issued, {months} months were allowed."),
        mark!("Browsers may refuse it. Have a shorter one issued."),
    ),
    (
        &["longer-than-825-days"],
        mark!("Valid for more than 825 days"),
        mark!(
            "It is valid for {days} days; for certificates issued from 2018-03-01 to 2020-08-31 {limit} days were allowed."
        ),
        mark!("Browsers refuse it. Have a shorter one issued."),
    ),
    (
        &["longer-than-398-days"],
        mark!("Valid for more than 398 days"),
        mark!(
            "It is valid for {days} days; for certificates issued from 2020-09-01 to 2026-03-14 {limit} days were allowed."
        ),
        mark!("Browsers refuse it. Have a shorter one issued."),
    ),
    (
        &["longer-than-200-days"],
        mark!("Valid for more than 200 days"),
        mark!(
            "It is valid for {days} days; for certificates issued from 2026-03-15 to 2027-03-14 {limit} days are allowed."
        ),
        mark!(
            "Browsers refuse it. Have a shorter one issued, and let renewal run by itself: from 2027-03-15 on only 100 days are allowed, from 2029-03-15 on 47."
        ),
    ),
    (
        &["longer-than-100-days"],
        mark!("Valid for more than 100 days"),
        mark!(
            "It is valid for {days} days; for certificates issued from 2027-03-15 to 2029-03-14 {limit} days are allowed."
        ),
        mark!(
            "Browsers refuse it. Have a shorter one issued, and let renewal run by itself: from 2029-03-15 on only 47 days are allowed."
        ),
    ),
    (
        &["longer-than-47-days"],
        mark!("Valid for more than 47 days"),
        mark!(
            "It is valid for {days} days; for certificates issued from 2029-03-15 on {limit} days are allowed."
        ),
        mark!("Browsers refuse it. Have a shorter one issued, and let renewal run by itself."),
    ),
    (
        &["at-the-limit"],
        mark!("Valid for exactly the longest time"),
        mark!(
            "It is valid for {days} days, the most that is allowed. A second more would make it invalid, so authorities should stay a day below."
        ),
        mark!("Nothing to do for you; ask for a day less next time."),
    ),
    (
        &["renewal-will-be-shorter"],
        mark!("The next one will be shorter"),
        mark!(
            "It is valid for {days} days. From {since} on public authorities may issue for {limit} days only: a renewal in this length will be refused."
        ),
        mark!("Let renewal run by itself (ACME), and shorten what depends on the present length."),
    ),
    (
        &["too-long-for-apple"],
        mark!("Too long for Apple’s devices"),
        mark!(
            "It is valid for {days} days. iOS and macOS refuse certificates of servers that are valid for more than {limit} days, also from private authorities."
        ),
        mark!("Issue it for at most {limit} days."),
    ),
    (
        &["root-longer-than-25-years"],
        mark!("Root valid for too long"),
        mark!("The root is valid for {days} days; public roots may be so for {limit} (25 years)."),
        mark!("Make a new root before browsers take this one out."),
    ),
    (
        &["authority-longer-than-30-years"],
        mark!("Authority valid for very long"),
        mark!(
            "It is valid for {days} days. Algorithms do not last as long as that, and a root is hard to exchange."
        ),
        mark!("Plan for a successor long before the end."),
    ),
    (
        &["longer-than-10-years"],
        mark!("Valid for more than ten years"),
        mark!("It is valid for {days} days. If the key gets lost, it can be misused until then."),
        mark!("Issue for a year or less, and renew."),
    ),
];
