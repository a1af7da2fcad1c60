//! Words for subject and issuer, the common name, and the alternative names.

use super::Words;
use crate::mark;

pub(super) const WORDS: &[Words] = &[
    (
        &["issuer-empty"],
        mark!("No issuer"),
        mark!("The issuer is an empty name, so that no chain can be built."),
        mark!("Have it issued anew by an authority that has a name."),
    ),
    (
        &["authority-subject-empty"],
        mark!("An authority without a name"),
        mark!(
            "The subject is empty; an authority must have a name that its certificates can give as issuer."
        ),
        mark!("Make the authority anew with a name."),
    ),
    (
        &["self-signed-end-entity"],
        mark!("Self-signed"),
        mark!(
            "The certificate is signed with its own key: only who is given this very certificate trusts it."
        ),
        mark!("For more than one or two machines make an authority of your own and let it sign."),
    ),
    (
        &["subject-is-issuer"],
        mark!("Named like its issuer"),
        mark!(
            "Subject and issuer are the same name and the keys differ. Programs take the certificate for self-signed and look no further (OpenSSL says “self-signed certificate”)."
        ),
        mark!("Give authority and certificate different names, for example different common names."),
    ),
    (
        &["country-not-two-letters"],
        mark!("A country that is none"),
        mark!("{attributes}: a country has the two letters of ISO 3166."),
        mark!("Have it issued anew with two letters, such as “DE” or “US”."),
    ),
    (
        &["country-in-lower-case"],
        mark!("A country in lower case"),
        mark!("{attributes}: countries are written in upper case."),
        mark!("Write it in upper case next time."),
    ),
    (
        &["attribute-too-long"],
        mark!("A part of the subject is too long"),
        mark!("{attributes} exceeds what RFC 5280 allows (64 characters for a common name or organization)."),
        mark!("Shorten it; long host names belong in the alternative names alone."),
    ),
    (
        &["attribute-empty"],
        mark!("An empty part of the subject"),
        mark!("{attributes} has no value."),
        mark!("Leave the attribute out of the request."),
    ),
    (
        &["attribute-control-character"],
        mark!("Control characters in the subject"),
        mark!("{attributes} holds characters that cannot be seen."),
        mark!(
            "Have it issued anew; look at how the request was made (line ends of a script are a usual cause)."
        ),
    ),
    (
        &["attribute-space-at-end"],
        mark!("Spaces around a value"),
        mark!(
            "{attributes} begins or ends with a space, so that programs that compare exactly find a difference."
        ),
        mark!("Take the spaces out of the request."),
    ),
    (
        &["attribute-placeholder", "attribute-meaningless"],
        mark!("A placeholder in the subject"),
        mark!("{attributes} stands for “nothing”; public authorities may not put it into a certificate."),
        mark!("Leave the attribute out."),
    ),
    (
        &["attribute-unreadable"],
        mark!("A part of the subject cannot be read"),
        mark!("The value of {attributes} breaks the rules of its string type."),
        mark!("Have it issued anew with UTF-8."),
    ),
    (
        &["attribute-old-string-type"],
        mark!("An old string type"),
        mark!(
            "{attributes} is written as TeletexString, BMPString or UniversalString, which has been out of use since 2003."
        ),
        mark!("The issuer’s software should write UTF8String."),
    ),
    (
        &["attribute-wrong-string-type"],
        mark!("The wrong string type"),
        mark!(
            "{attributes} must be a PrintableString (country, serial number) or an IA5String (e-mail, domain component) and is another; strict programs refuse it."
        ),
        mark!("The issuer’s software or the request has to be mended."),
    ),
    (
        &["attribute-not-printable"],
        mark!("A character that the string type lacks"),
        mark!(
            "{attributes} is a PrintableString and holds a character that this type has not, such as * @ _ or &."
        ),
        mark!("The issuer’s software should write UTF8String."),
    ),
    (
        &["organizational-unit"],
        mark!("Organizational unit"),
        mark!(
            "{attributes}: since 2022-09-01 public authorities may not put an organizational unit into a server’s certificate."
        ),
        mark!("Leave OU out of the request."),
    ),
    (
        &["email-in-subject"],
        mark!("E-mail address in the subject"),
        mark!(
            "{attributes}: addresses belong in the alternative names; in the subject they are only there for old programs."
        ),
        mark!("Put the address into the alternative names."),
    ),
    (
        &["attribute-repeated"],
        mark!("A part of the subject occurs twice"),
        mark!("{attributes} may stand in the subject once."),
        mark!("Take one of them out of the request."),
    ),
    (
        &["attributes-joined", "attributes-joined-privately"],
        mark!("Several values in one part of the name"),
        mark!("{attributes} share one relative name. Many programs show, compare or write that wrongly."),
        mark!("Give each attribute a part of its own."),
    ),
    (
        &["attributes-out-of-order"],
        mark!("The subject’s parts are out of order"),
        mark!(
            "The subject is “{subject}”; the order must be country, state, locality, organization, common name."
        ),
        mark!("The authority has to mend this."),
    ),
    (
        &["organization-without-place"],
        mark!("Organization without a place"),
        mark!("The subject names an organization and not its country and its locality or state."),
        mark!("Give the place in the request, or leave the organization out."),
    ),
    (
        &["place-without-organization"],
        mark!("A place without an organization"),
        mark!("The subject names a place and nobody who is there."),
        mark!("Leave locality and state out of the request, or name the organization."),
    ),
    (
        &["authority-without-common-name"],
        mark!("An authority without a common name"),
        mark!("The authority has no common name, which most programs show in lists."),
        mark!("Give the next one a common name."),
    ),
    (
        &["common-name-not-in-san"],
        mark!("The common name is not among the alternative names"),
        mark!(
            "{names} stands in the common name and not in the alternative names, which public authorities may not do and which clients ignore."
        ),
        mark!("Add it to the alternative names if it is a host name; else leave the common name out."),
    ),
    (
        &["common-name-host-not-in-san"],
        mark!("A host name that does not count"),
        mark!(
            "{names} stands in the common name only. Clients look at the alternative names alone, so the certificate is not valid for it."
        ),
        mark!("Add it to the alternative names."),
    ),
    (
        &["common-name-repeated", "common-name-several"],
        mark!("Several common names"),
        mark!("The subject has the common names {names}; programs take the first or the last of them."),
        mark!("Keep one, and put all host names into the alternative names."),
    ),
    (
        &["san-missing"],
        mark!("No alternative names"),
        mark!(
            "The certificate has no subject alternative names. Browsers and current libraries ignore the common name, so that it is valid for no host."
        ),
        mark!("Have it issued anew with the host names as subject alternative names."),
    ),
    (
        &["san-empty"],
        mark!("An empty list of alternative names"),
        mark!("The list of alternative names is there and empty."),
        mark!("Name at least one host, or leave the extension out."),
    ),
    (
        &["san-malformed"],
        mark!("A malformed alternative name"),
        mark!(
            "{names} breaks the rules of its kind (an address of the wrong length, characters beyond ASCII); strict programs refuse the whole certificate."
        ),
        mark!("Have it issued anew; host names beyond ASCII are written as xn--."),
    ),
    (
        &["san-email-malformed"],
        mark!("Not an e-mail address"),
        mark!("{names} is marked as an e-mail address and is none."),
        mark!("Have it issued anew with a full address, name@host."),
    ),
    (
        &["san-uri-malformed"],
        mark!("Not a URI"),
        mark!("{names} is marked as a URI and lacks its scheme, or holds spaces."),
        mark!("Have it issued anew with a full URI, or as a DNS name if it is a host."),
    ),
    (
        &["san-type-not-permitted"],
        mark!("A kind of name that servers may not have"),
        mark!("{names}: public certificates of servers may name hosts and IP addresses only."),
        mark!("Leave it out of the request."),
    ),
    (
        &["san-ip-reserved"],
        mark!("A private or reserved address"),
        mark!(
            "{names} does not belong to anyone on the internet, so that no public authority can have checked it."
        ),
        mark!("Use a host name, or a private authority."),
    ),
    (
        &["san-repeated"],
        mark!("A name occurs twice"),
        mark!("{names} stands among the alternative names more than once."),
        mark!("Harmless; clean up the request."),
    ),
    (
        &["san-not-critical"],
        mark!("Alternative names not critical"),
        mark!("The subject is empty, so the alternative names must be critical, and they are not."),
        mark!("The issuer’s profile has to be mended."),
    ),
    (
        &["san-critical"],
        mark!("Alternative names critical"),
        mark!(
            "The alternative names are critical although there is a subject; some old programs refuse that."
        ),
        mark!("The issuer’s profile should mark them critical only if the subject is empty."),
    ),
    (
        &["dns-empty-label"],
        mark!("A host name with an empty part"),
        mark!("{names}: there is nothing between two dots, before the first, or at all."),
        mark!("Have it issued anew with the right name."),
    ),
    (
        &["dns-trailing-dot"],
        mark!("A host name with a dot at its end"),
        mark!("{names}: names in certificates have no dot at the end, and clients do not match it."),
        mark!("Have it issued anew without the dot."),
    ),
    (
        &["dns-bad-character"],
        mark!("A host name with impossible characters"),
        mark!(
            "{names} holds other characters than letters, digits and hyphens: a space, or a whole address with “https://” or a port."
        ),
        mark!("Have it issued anew with the bare host name."),
    ),
    (
        &["dns-hyphen-at-end"],
        mark!("A host name with a hyphen at an end"),
        mark!("{names}: no part of a host name may begin or end with a hyphen."),
        mark!("Use another name."),
    ),
    (
        &["dns-label-too-long"],
        mark!("A part of a host name is too long"),
        mark!("{names}: each part may have 63 characters."),
        mark!("Use a shorter name."),
    ),
    (
        &["dns-name-too-long"],
        mark!("A host name is too long"),
        mark!("{names}: a host name may have 253 characters."),
        mark!("Use a shorter name."),
    ),
    (
        &["dns-bad-wildcard"],
        mark!("A wildcard that does not work"),
        mark!("{names}: an asterisk stands for exactly one part, and has to be the whole first part."),
        mark!("Use “*.example.com”, or name each host."),
    ),
    (
        &["dns-is-address"],
        mark!("An IP address as a host name"),
        mark!("{names} is marked as a host name and is an IP address. Most clients do not match it."),
        mark!("Have it issued anew with the address as an IP name."),
    ),
    (
        &["dns-bad-idn"],
        mark!("A broken international name"),
        mark!("{names} begins with xn-- and encodes no valid name."),
        mark!("Check the spelling and convert it again."),
    ),
    (
        &["dns-reserved-label"],
        mark!("A reserved form of host name"),
        mark!("{names} has two hyphens in third and fourth place, which is reserved for encodings."),
        mark!("Use another name."),
    ),
    (
        &["dns-underscore", "dns-underscore-private"],
        mark!("An underscore in a host name"),
        mark!(
            "{names}: host names have no underscores. Public authorities may not certify them, and some clients refuse them."
        ),
        mark!("Rename the host."),
    ),
    (
        &["dns-internal-name"],
        mark!("An internal host name"),
        mark!(
            "{names} does not exist in the public domain name system, so that no public authority can have checked it."
        ),
        mark!("Use a public name, or a private authority."),
    ),
    (
        &["dns-wildcard-of-top-level"],
        mark!("A wildcard for a whole top-level domain"),
        mark!("{names} would be valid for every domain below."),
        mark!("Do not trust it."),
    ),
];
