//! Words for policies, addresses, revocation, transparency, and extensions without a topic of their own.

use super::Words;
use crate::mark;

pub(super) const WORDS: &[Words] = &[
    (
        &["policies-missing", "authority-policies-missing"],
        mark!("No certificate policies"),
        mark!("Public certificates must say under which policy they were issued."),
        mark!("The authority has to mend this."),
    ),
    (
        &["policy-not-reserved"],
        mark!("Kind of validation not stated"),
        mark!(
            "None of the policies says how the holder was checked (domain, organization, individual, extended)."
        ),
        mark!("The authority has to mend this."),
    ),
    (
        &["policy-several-reserved"],
        mark!("Several kinds of validation"),
        mark!("{policies} are all stated, and exactly one may be."),
        mark!("The authority has to mend this."),
    ),
    (
        &["domain-validated-with-organization"],
        mark!("Domain-validated, with an organization"),
        mark!("Only the domain was checked, and yet the subject names an organization."),
        mark!("Do not rely on the organization."),
    ),
    (
        &["organization-validated-without-organization"],
        mark!("Organization-validated, without an organization"),
        mark!("The policy says that an organization was checked, and the subject names none."),
        mark!("The authority has to mend this."),
    ),
    (
        &["policy-repeated"],
        mark!("A policy occurs twice"),
        mark!("{policies} is stated more than once, which RFC 5280 forbids."),
        mark!("The issuer’s profile has to be mended."),
    ),
    (
        &["any-policy-of-end-entity"],
        mark!("Any policy"),
        mark!("Certificates of servers must state their policy and not “any”."),
        mark!("The authority has to mend this."),
    ),
    (
        &["policy-statement-not-http"],
        mark!("The practice statement has no web address"),
        mark!("{qualifiers} should be a full http or https address."),
        mark!("The issuer’s profile should be mended."),
    ),
    (
        &["policy-user-notice"],
        mark!("A notice to users"),
        mark!(
            "The policy carries the notice {qualifiers}; public certificates may have an address there only."
        ),
        mark!("The authority has to mend this."),
    ),
    (
        &["policy-notice-too-long"],
        mark!("A long notice to users"),
        mark!("The notice {qualifiers} is longer than 200 characters."),
        mark!("The issuer’s profile should be mended."),
    ),
    (
        &["any-policy-mapped"],
        mark!("anyPolicy is mapped"),
        mark!(
            "A mapping from or to anyPolicy is forbidden: every program that processes policies refuses the chain."
        ),
        mark!("Make the authority anew without it."),
    ),
    (
        &["policy-constraints-not-critical", "inhibit-any-policy-not-critical"],
        mark!("A constraint on policies that is not critical"),
        mark!("Constraints on policies must be critical, else some programs ignore them."),
        mark!("Make the authority anew with the extension critical."),
    ),
    (
        &["authority-extension-of-end-entity"],
        mark!("An extension for authorities"),
        mark!("{extensions} has a meaning for authorities only, and this is none."),
        mark!("The issuer’s profile should be mended."),
    ),
    (
        &["access-critical"],
        mark!("Authority information access critical"),
        mark!("The addresses of issuer and OCSP must not be critical."),
        mark!("The issuer’s profile has to be mended."),
    ),
    (
        &["issuer-address-missing", "authority-issuer-address-missing"],
        mark!("No address of the issuer’s certificate"),
        mark!("Where a server forgets its intermediate, clients cannot fetch it."),
        mark!("The authority should add it; install the whole chain on the server in any case."),
    ),
    (
        &["ocsp-address-missing"],
        mark!("No address of OCSP"),
        mark!("Until 2024-03-14 public certificates of servers had to name an OCSP responder."),
        mark!("The authority has to mend this."),
    ),
    (
        &["access-scheme"],
        mark!("An address that is not http"),
        mark!("{addresses}: the addresses of issuer and OCSP must be plain http in public certificates."),
        mark!("The authority has to mend this."),
    ),
    (
        &["access-by-https"],
        mark!("Issuer or OCSP behind https"),
        mark!(
            "{addresses}: to fetch it, a client has to check another certificate first, possibly this very one. Most clients do not even try."
        ),
        mark!("Use plain http: what is fetched is signed."),
    ),
    (
        &["access-by-directory"],
        mark!("Issuer or OCSP in a directory"),
        mark!("{addresses}: only Windows computers of the same domain reach it."),
        mark!("Add an http address if others are to check the certificate."),
    ),
    (
        &["access-not-an-address"],
        mark!("An address that is none"),
        mark!("{names} is no full address."),
        mark!("The issuer’s profile has to be mended."),
    ),
    (
        &["issuer-address-not-der"],
        mark!("The issuer’s certificate in another form"),
        mark!(
            "{addresses}: what is found there has to be a DER certificate or a PKCS#7 file, and the name says something else."
        ),
        mark!("Publish it as DER (.cer or .crt), and change the address."),
    ),
    (
        &["must-staple"],
        mark!("Must staple"),
        mark!(
            "Clients that know this (Firefox) refuse the server unless it sends an OCSP answer in each handshake."
        ),
        mark!("Make sure that the server staples, also right after a restart."),
    ),
    (
        &["must-staple-without-ocsp"],
        mark!("Must staple, and nobody to ask"),
        mark!(
            "The server has to send an OCSP answer, and the certificate names no responder to get it from."
        ),
        mark!("Have it issued anew, without must-staple."),
    ),
    (
        &["no-revocation", "no-revocation-privately"],
        mark!("Cannot be revoked"),
        mark!(
            "The certificate names neither a revocation list nor an OCSP responder. If its key is stolen, nobody learns of it."
        ),
        mark!("Let the issuer publish a list, or issue for a few days only."),
    ),
    (
        &["authority-lists-missing"],
        mark!("An authority that cannot be revoked"),
        mark!("A public authority’s certificate must name the revocation list of its issuer."),
        mark!("The authority has to mend this."),
    ),
    (
        &["lists-scheme"],
        mark!("A list that is not at an http address"),
        mark!("{addresses}: revocation lists must be at plain http addresses in public certificates."),
        mark!("The authority has to mend this."),
    ),
    (
        &["lists-by-https"],
        mark!("Revocation list behind https"),
        mark!(
            "{addresses}: to fetch it, a client has to check another certificate first, which may need the same list. Most clients do not even try."
        ),
        mark!("Use plain http: the list is signed."),
    ),
    (
        &["lists-by-directory"],
        mark!("Revocation list in a directory"),
        mark!("{addresses}: only Windows computers of the same domain reach it."),
        mark!("Add an http address if others are to check the certificate."),
    ),
    (
        &["lists-critical"],
        mark!("Addresses of lists critical"),
        mark!("The addresses of revocation lists should not be critical."),
        mark!("The issuer’s profile should be mended."),
    ),
    (
        &["lists-of-reasons"],
        mark!("Lists by reason or by another issuer"),
        mark!(
            "Public certificates may not split their revocation lists by reason, or let another one sign them."
        ),
        mark!("The authority has to mend this."),
    ),
    (
        &["lists-without-address"],
        mark!("A revocation list without an address"),
        mark!("A distribution point has neither a name nor an issuer, so that it leads nowhere."),
        mark!("The issuer’s profile has to be mended."),
    ),
    (
        &["freshest-list-critical"],
        mark!("Address of the delta list critical"),
        mark!("The address of the delta list must not be critical."),
        mark!("The issuer’s profile has to be mended."),
    ),
    (
        &["precertificate"],
        mark!("A precertificate"),
        mark!("This was made for the transparency logs only. No program may accept it."),
        mark!("Install the certificate that goes with it; it has the same serial number."),
    ),
    (
        &["poison-not-critical"],
        mark!("A precertificate that could be taken for a certificate"),
        mark!("The mark of a precertificate must be critical and is not."),
        mark!("Do not use it; the authority has to mend this."),
    ),
    (
        &["timestamps-missing"],
        mark!("Not in the transparency logs"),
        mark!(
            "The certificate holds no signed timestamps. Chrome and Safari refuse public certificates that are not logged, unless the server sends the timestamps in another way."
        ),
        mark!("Ask the authority for one with timestamps."),
    ),
    (
        &["timestamps-too-few"],
        mark!("Too few timestamps"),
        mark!("The certificate holds {found} signed timestamps; for its length browsers want {needed}."),
        mark!("Ask the authority for a new one."),
    ),
    (
        &["unknown-critical-extension"],
        mark!("A critical extension that is not known"),
        mark!("{extensions} is critical, and programs that do not know it must refuse the certificate."),
        mark!("Ask the issuer what it means, and whether your peers know it."),
    ),
    (
        &["relic-extension"],
        mark!("A relic"),
        mark!("{extensions} stems from the nineties, and no current program looks at it."),
        mark!("Take it out of the issuer’s profile."),
    ),
    (
        &["private-key-usage-period"],
        mark!("A period for the private key"),
        mark!("{extensions} is no longer in the standard; hardly a program observes it."),
        mark!("Take it out of the issuer’s profile."),
    ),
];
