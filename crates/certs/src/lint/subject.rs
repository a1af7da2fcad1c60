//! Rules for the names of subject and issuer (RFC 5280 section 4.1.2.4 and appendix A.1, BR sections 7.1.2.7.2 to 7.1.2.7.5, 7.1.2.10.2 and 7.1.4).

use const_oid::ObjectIdentifier;

use super::Concerns::{Authority, EndEntity, Every, TlsServer};
use super::{Examined, Facts, Outcome, Rule};
use crate::name::{Attribute, Name, attribute_short_name, strings};
use crate::oid;
use crate::tlv;

pub(super) const RULES: &[Rule] = &[
    Rule::error("issuer-empty", "RFC 5280 section 4.1.2.4", Every, |x| {
        Outcome::finding_if(x.certificate.issuer().is_empty(), Facts::none)
    }),
    Rule::error("authority-subject-empty", "RFC 5280 section 4.1.2.6", Authority, |x| {
        Outcome::finding_if(x.certificate.subject().is_empty(), Facts::none)
    }),
    Rule::notice("self-signed-end-entity", "RFC 5280 section 3.2", EndEntity, |x| {
        Outcome::finding_if(x.is_self_signed, Facts::none)
    }),
    Rule::error("country-not-two-letters", "RFC 5280 appendix A.1", Every, |x| {
        of_subject(x, |attribute, text| {
            is_country(attribute) && !(text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic()))
        })
    }),
    Rule::notice("country-in-lower-case", "ISO 3166-1", Every, |x| {
        of_subject(x, |attribute, text| is_country(attribute) && text.bytes().any(|b| b.is_ascii_lowercase()))
    }),
    Rule::error("attribute-too-long", "RFC 5280 appendix A.1", Every, |x| {
        of_subject(x, |attribute, text| {
            let bound = BOUNDS.iter().find(|(oid, _)| attribute.oid == *oid);
            bound.is_some_and(|(_, bound)| text.chars().count() > *bound)
        })
    }),
    Rule::error("attribute-empty", "RFC 5280 appendix A.1", Every, |x| {
        of_subject(x, |_, text| text.is_empty())
    }),
    Rule::error("attribute-control-character", "RFC 5280 section 4.1.2.4", Every, |x| {
        of_subject(x, |_, text| text.chars().any(char::is_control))
    }),
    Rule::warning("attribute-space-at-end", "RFC 5280 section 7.1", Every, |x| {
        of_subject(x, |_, text| text.trim() != text && !text.trim().is_empty())
    }),
    Rule::error("attribute-placeholder", "BR 7.1.2.7.3 to 7.1.2.7.5", TlsServer, |x| {
        of_subject(x, |_, text| is_placeholder(text))
    })
    .public(),
    Rule::warning("attribute-meaningless", "BR 7.1.2.7.3 to 7.1.2.7.5", Every, |x| {
        of_subject(x, |_, text| is_placeholder(text))
    })
    .private(),
    Rule::error("attribute-unreadable", "RFC 5280 section 4.1.2.4", Every, |x| {
        let attributes = x.certificate.subject().attributes().filter(|attribute| {
            // A value of another type than a string has its own meaning.
            is_string(attribute.tag) && attribute.text().is_none()
        });
        Outcome::of_list("attributes", attributes.map(short_name))
    }),
    Rule::warning("attribute-old-string-type", "RFC 5280 section 4.1.2.4", Every, |x| {
        of_subject(x, |attribute, _| {
            matches!(attribute.tag, tlv::TELETEX_STRING | tlv::BMP_STRING | tlv::UNIVERSAL_STRING)
        })
    }),
    Rule::error("attribute-wrong-string-type", "RFC 5280 appendix A.1", Every, |x| {
        of_subject(x, |attribute, _| {
            let printable =
                [oid::COUNTRY_NAME, oid::SERIAL_NUMBER, oid::DN_QUALIFIER, oid::JURISDICTION_COUNTRY];
            let ia5 = [oid::EMAIL_ADDRESS, oid::DOMAIN_COMPONENT];
            let is_one = |oids: &[ObjectIdentifier]| oids.iter().any(|oid| attribute.oid == *oid);
            is_one(&printable) && attribute.tag != tlv::PRINTABLE_STRING
                || is_one(&ia5) && attribute.tag != tlv::IA5_STRING
        })
    }),
    Rule::error("attribute-not-printable", "X.680 section 41.4", Every, |x| {
        of_subject(x, |attribute, text| {
            attribute.tag == tlv::PRINTABLE_STRING && !text.chars().all(strings::is_printable)
        })
    }),
    Rule::error("organizational-unit", "BR 7.1.2.7.2 to 7.1.2.7.4, ballot SC-047", TlsServer, |x| {
        of_subject(x, |attribute, _| attribute.oid == oid::ORGANIZATIONAL_UNIT_NAME)
    })
    .public()
    .since(2022, 9, 1),
    Rule::warning("email-in-subject", "RFC 5280 section 4.1.2.6", Every, |x| {
        of_subject(x, |attribute, _| attribute.oid == oid::EMAIL_ADDRESS)
    }),
    Rule::error("attribute-repeated", "BR 7.1.4.1", TlsServer, |x| {
        let may_repeat = [oid::DOMAIN_COMPONENT, oid::STREET_ADDRESS, oid::COMMON_NAME];
        let mut types: Vec<&Attribute> = x.certificate.subject().attributes().collect();
        types.retain(|attribute| !may_repeat.iter().any(|oid| attribute.oid == *oid));
        types.sort_by(|a, b| a.oid.cmp(&b.oid));
        let mut repeated: Vec<String> = types
            .windows(2)
            .filter_map(|pair| if let [a, b] = pair { (a.oid == b.oid).then(|| short_name(a)) } else { None })
            .collect();
        repeated.dedup();
        Outcome::of_list("attributes", repeated)
    })
    .public()
    .since(2023, 9, 15),
    Rule::error("attributes-joined", "BR 7.1.4.1", TlsServer, joined).public().since(2023, 9, 15),
    Rule::notice("attributes-joined-privately", "RFC 4514 section 2.2", EndEntity, joined).private(),
    Rule::error("attributes-out-of-order", "BR 7.1.4.2", TlsServer, |x| {
        let positions: Vec<usize> = x
            .certificate
            .subject()
            .attributes()
            .filter_map(|attribute| ORDER.iter().position(|oid| attribute.oid == *oid))
            .collect();
        Outcome::finding_if(!positions.is_sorted(), || {
            Facts::of("subject", x.certificate.subject().to_rfc4514())
        })
    })
    .public()
    .since(2023, 9, 15),
    Rule::error("organization-without-place", "BR 7.1.2.7.4", TlsServer, |x| {
        let has = |oid| has(x.certificate.subject(), oid);
        if !has(oid::ORGANIZATION_NAME) {
            return Outcome::NotApplicable;
        }
        let place = has(oid::LOCALITY_NAME) || has(oid::STATE_OR_PROVINCE_NAME);
        Outcome::finding_if(!place || !has(oid::COUNTRY_NAME), Facts::none)
    })
    .public(),
    Rule::error("place-without-organization", "BR 7.1.2.7.2", TlsServer, |x| {
        let subject = x.certificate.subject();
        let place = [oid::LOCALITY_NAME, oid::STATE_OR_PROVINCE_NAME, oid::STREET_ADDRESS, oid::POSTAL_CODE];
        let holder = [oid::ORGANIZATION_NAME, oid::GIVEN_NAME, oid::SURNAME];
        let any = |oids: &[ObjectIdentifier]| oids.iter().any(|oid| has(subject, *oid));
        Outcome::finding_if(any(&place) && !any(&holder), Facts::none)
    })
    .public(),
    Rule::notice("authority-without-common-name", "BR 7.1.2.10.2", Authority, |x| {
        let subject = x.certificate.subject();
        Outcome::finding_if(!subject.is_empty() && !has(subject, oid::COMMON_NAME), Facts::none)
    }),
    Rule::warning("subject-is-issuer", "RFC 5280 section 3.2", EndEntity, |x| {
        // Of the same name and signed by another key: path building takes it for its own issuer.
        let confused = x.certificate.is_self_issued() && !x.is_self_signed;
        Outcome::finding_if(confused, Facts::none)
    }),
];

/// Upper bounds in characters.
const BOUNDS: [(ObjectIdentifier, usize); 17] = [
    (oid::COMMON_NAME, 64),
    (oid::ORGANIZATION_NAME, 64),
    (oid::ORGANIZATIONAL_UNIT_NAME, 64),
    (oid::LOCALITY_NAME, 128),
    (oid::STATE_OR_PROVINCE_NAME, 128),
    (oid::SERIAL_NUMBER, 64),
    (oid::TITLE, 64),
    (oid::PSEUDONYM, 128),
    (oid::NAME, 32_768),
    (oid::SURNAME, 32_768),
    (oid::GIVEN_NAME, 32_768),
    (oid::INITIALS, 32_768),
    (oid::GENERATION_QUALIFIER, 32_768),
    (oid::EMAIL_ADDRESS, 255),
    (oid::STREET_ADDRESS, 128),
    (oid::POSTAL_CODE, 40),
    (oid::BUSINESS_CATEGORY, 128),
];

/// The order in which the Baseline Requirements want these attributes.
const ORDER: [ObjectIdentifier; 11] = [
    oid::DOMAIN_COMPONENT,
    oid::COUNTRY_NAME,
    oid::STATE_OR_PROVINCE_NAME,
    oid::LOCALITY_NAME,
    oid::POSTAL_CODE,
    oid::STREET_ADDRESS,
    oid::ORGANIZATION_NAME,
    oid::SURNAME,
    oid::GIVEN_NAME,
    oid::ORGANIZATIONAL_UNIT_NAME,
    oid::COMMON_NAME,
];

/// True if the name has an attribute of this type.
pub(super) fn has(name: &Name, oid: ObjectIdentifier) -> bool {
    name.attributes().any(|attribute| attribute.oid == oid)
}

/// The attributes of the subject that are text and wrong, as `O=Example`.
fn of_subject(x: &Examined<'_>, wrong: impl Fn(&Attribute, &str) -> bool) -> Outcome {
    let subject = x.certificate.subject();
    if subject.is_empty() {
        return Outcome::NotApplicable;
    }
    let shown = subject.attributes().filter_map(|attribute| {
        let text = attribute.text()?;
        wrong(attribute, &text).then(|| format!("{}={text}", short_name(attribute)))
    });
    Outcome::of_list("attributes", shown)
}

fn joined(x: &Examined<'_>) -> Outcome {
    let joined = x.certificate.subject().rdns().filter(|rdn| rdn.len() > 1);
    Outcome::of_list("attributes", joined.map(|rdn| rdn.iter().map(short_name).collect::<Vec<_>>().join("+")))
}

fn short_name(attribute: &Attribute) -> String {
    attribute_short_name(&attribute.oid).map_or_else(|| attribute.oid.to_string(), str::to_owned)
}

fn is_country(attribute: &Attribute) -> bool {
    attribute.oid == oid::COUNTRY_NAME || attribute.oid == oid::JURISDICTION_COUNTRY
}

/// Nothing but signs or a word for "not applicable". (An empty value is another matter.)
fn is_placeholder(text: &str) -> bool {
    const WORDS: [&str; 6] = ["n/a", "none", "null", "unknown", "not applicable", "undefined"];
    if text.is_empty() {
        return false;
    }
    let text = text.trim();
    text.chars().all(|c| !c.is_alphanumeric()) || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn is_string(tag: u8) -> bool {
    matches!(tag, tlv::UTF8_STRING | 0x12..=tlv::IA5_STRING | 0x19..=tlv::BMP_STRING)
}
