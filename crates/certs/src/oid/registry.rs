//! The object identifiers that certificates, requests and keys use, and their names.
//!
//! Sources: the RFC or standard beside each; NIST's Computer Security Objects Register for the algorithms of FIPS 186, 202, 204 and
//! 205; Microsoft's and Apple's published lists for their own. Each identifier stands here once.

use const_oid::ObjectIdentifier;

macro_rules! oids {
    ($($(#[$doc:meta])* $constant:ident = $dotted:literal, $name:literal;)*) => {
        $($(#[$doc])* pub const $constant: ObjectIdentifier = ObjectIdentifier::new_unwrap($dotted);)*
        pub(super) const NAMES: &[(ObjectIdentifier, &str)] = &[$(($constant, $name)),*];
    };
}

oids! {
    // Extensions.

    /// RFC 5280 section 4.2.1.2.
    SUBJECT_KEY_IDENTIFIER = "2.5.29.14", "subjectKeyIdentifier";
    /// RFC 5280 section 4.2.1.3.
    KEY_USAGE = "2.5.29.15", "keyUsage";
    /// RFC 5280 section 4.2.1.6.
    SUBJECT_ALTERNATIVE_NAME = "2.5.29.17", "subjectAltName";
    /// RFC 5280 section 4.2.1.7.
    ISSUER_ALTERNATIVE_NAME = "2.5.29.18", "issuerAltName";
    /// RFC 5280 section 4.2.1.9.
    BASIC_CONSTRAINTS = "2.5.29.19", "basicConstraints";
    /// RFC 5280 section 4.2.1.10.
    NAME_CONSTRAINTS = "2.5.29.30", "nameConstraints";
    /// RFC 5280 section 4.2.1.13.
    CRL_DISTRIBUTION_POINTS = "2.5.29.31", "cRLDistributionPoints";
    /// RFC 5280 section 4.2.1.4.
    CERTIFICATE_POLICIES = "2.5.29.32", "certificatePolicies";
    /// RFC 5280 section 4.2.1.4.
    ANY_POLICY = "2.5.29.32.0", "anyPolicy";
    /// RFC 5280 section 4.2.1.5.
    POLICY_MAPPINGS = "2.5.29.33", "policyMappings";
    /// RFC 5280 section 4.2.1.1.
    AUTHORITY_KEY_IDENTIFIER = "2.5.29.35", "authorityKeyIdentifier";
    /// RFC 5280 section 4.2.1.11.
    POLICY_CONSTRAINTS = "2.5.29.36", "policyConstraints";
    /// RFC 5280 section 4.2.1.12.
    EXTENDED_KEY_USAGE = "2.5.29.37", "extKeyUsage";
    /// RFC 5280 section 4.2.1.15.
    FRESHEST_CRL = "2.5.29.46", "freshestCRL";
    /// RFC 5280 section 4.2.1.14.
    INHIBIT_ANY_POLICY = "2.5.29.54", "inhibitAnyPolicy";
    /// RFC 5280 section 4.2.2.1.
    AUTHORITY_INFORMATION_ACCESS = "1.3.6.1.5.5.7.1.1", "authorityInfoAccess";
    /// RFC 5280 section 4.2.2.2.
    SUBJECT_INFORMATION_ACCESS = "1.3.6.1.5.5.7.1.11", "subjectInfoAccess";
    /// RFC 7633.
    TLS_FEATURE = "1.3.6.1.5.5.7.1.24", "tlsFeature";
    /// RFC 6962 section 3.3.
    SIGNED_CERTIFICATE_TIMESTAMPS = "1.3.6.1.4.1.11129.2.4.2", "signedCertificateTimestampList";
    /// RFC 6962 section 3.1.
    PRECERTIFICATE_POISON = "1.3.6.1.4.1.11129.2.4.3", "precertificatePoison";
    /// Netscape certificate extensions.
    NETSCAPE_CERTIFICATE_TYPE = "2.16.840.1.113730.1.1", "nsCertType";
    /// Netscape certificate extensions.
    NETSCAPE_COMMENT = "2.16.840.1.113730.1.13", "nsComment";
    /// Active Directory certificate services.
    MICROSOFT_TEMPLATE_NAME = "1.3.6.1.4.1.311.20.2", "msCertificateTemplateName";
    /// Active Directory certificate services.
    MICROSOFT_TEMPLATE = "1.3.6.1.4.1.311.21.7", "msCertificateTemplate";
    /// Active Directory certificate services.
    MICROSOFT_APPLICATION_POLICIES = "1.3.6.1.4.1.311.21.10", "msApplicationPolicies";
    /// RFC 3280 section 4.2.1.4: when the private key may be used. RFC 5280 dropped it.
    PRIVATE_KEY_USAGE_PERIOD = "2.5.29.16", "privateKeyUsagePeriod";
    /// RFC 3739 section 3.2.6.
    QC_STATEMENTS = "1.3.6.1.5.5.7.1.3", "qcStatements";
    /// RFC 6960 section 4.2.2.2.1.
    OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5", "ocspNoCheck";
    /// RFC 4262.
    SMIME_CAPABILITIES = "1.2.840.113549.1.9.15", "smimeCapabilities";
    /// Netscape certificate extensions.
    NETSCAPE_BASE_URL = "2.16.840.1.113730.1.2", "nsBaseUrl";
    /// Netscape certificate extensions.
    NETSCAPE_REVOCATION_URL = "2.16.840.1.113730.1.3", "nsRevocationUrl";
    /// Netscape certificate extensions.
    NETSCAPE_CA_REVOCATION_URL = "2.16.840.1.113730.1.4", "nsCaRevocationUrl";
    /// Netscape certificate extensions.
    NETSCAPE_CA_POLICY_URL = "2.16.840.1.113730.1.8", "nsCaPolicyUrl";
    /// Active Directory certificate services.
    MICROSOFT_CA_VERSION = "1.3.6.1.4.1.311.21.1", "msCaVersion";
    /// Active Directory certificate services.
    MICROSOFT_PREVIOUS_CA_HASH = "1.3.6.1.4.1.311.21.2", "msPreviousCaCertificateHash";
    /// Active Directory certificate services: the security identifier of the account.
    MICROSOFT_NTDS_SECURITY = "1.3.6.1.4.1.311.25.2", "msNtdsSecurity";
    /// Entrust's own.
    ENTRUST_VERSION = "1.2.840.113533.7.65.0", "entrustVersion";
    /// RFC 5280 section 4.2.1.8.
    SUBJECT_DIRECTORY_ATTRIBUTES = "2.5.29.9", "subjectDirectoryAttributes";
    /// RFC 3709.
    LOGOTYPE = "1.3.6.1.5.5.7.1.12", "logotype";
    /// RFC 3779 section 2: addresses that the subject may route.
    IP_ADDRESS_BLOCKS = "1.3.6.1.5.5.7.1.7", "ipAddrBlocks";
    /// RFC 3779 section 3: autonomous systems that the subject may speak for.
    AUTONOMOUS_SYSTEM_IDS = "1.3.6.1.5.5.7.1.8", "autonomousSysIds";
    /// RFC 8360: addresses, of which those count that the issuer has as well.
    IP_ADDRESS_BLOCKS_V2 = "1.3.6.1.5.5.7.1.28", "ipAddrBlocks-v2";
    /// RFC 8360: autonomous systems, of which those count that the issuer has as well.
    AUTONOMOUS_SYSTEM_IDS_V2 = "1.3.6.1.5.5.7.1.29", "autonomousSysIds-v2";
    /// CA/Browser Forum, extended validation guidelines section 9.8.2.
    CABF_ORGANIZATION_IDENTIFIER = "2.23.140.3.1", "cabfOrganizationIdentifier";
    /// CA/Browser Forum, baseline requirements appendix B (withdrawn): the descriptor of an onion service.
    TOR_SERVICE_DESCRIPTOR = "2.23.140.1.31", "torServiceDescriptor";
    /// Netscape certificate extensions.
    NETSCAPE_RENEWAL_URL = "2.16.840.1.113730.1.7", "nsRenewalUrl";
    /// Netscape certificate extensions.
    NETSCAPE_SSL_SERVER_NAME = "2.16.840.1.113730.1.12", "nsSslServerName";
    /// Active Directory certificate services: the account's security identifier as text, in [`MICROSOFT_NTDS_SECURITY`].
    MICROSOFT_NTDS_OBJECT_SID = "1.3.6.1.4.1.311.25.2.1", "msNtdsObjectSid";
    /// Active Directory certificate services: policies of a cross-certificate's application policies.
    MICROSOFT_APPLICATION_POLICY_MAPPINGS = "1.3.6.1.4.1.311.21.11", "msApplicationPolicyMappings";
    /// Active Directory certificate services: constraints of application policies.
    MICROSOFT_APPLICATION_POLICY_CONSTRAINTS = "1.3.6.1.4.1.311.21.12", "msApplicationPolicyConstraints";

    // Extensions of revocation lists and their entries, and of OCSP.

    /// RFC 5280 section 5.2.3.
    CRL_NUMBER = "2.5.29.20", "cRLNumber";
    /// RFC 5280 section 5.3.1.
    REASON_CODE = "2.5.29.21", "cRLReason";
    /// RFC 3280 section 5.3.2: what to do with a certificate on hold. RFC 5280 dropped it.
    HOLD_INSTRUCTION_CODE = "2.5.29.23", "holdInstructionCode";
    /// RFC 5280 section 5.3.2.
    INVALIDITY_DATE = "2.5.29.24", "invalidityDate";
    /// RFC 5280 section 5.2.4.
    DELTA_CRL_INDICATOR = "2.5.29.27", "deltaCRLIndicator";
    /// RFC 5280 section 5.2.5.
    ISSUING_DISTRIBUTION_POINT = "2.5.29.28", "issuingDistributionPoint";
    /// RFC 5280 section 5.3.3.
    CERTIFICATE_ISSUER = "2.5.29.29", "certificateIssuer";
    /// X.509 section 9.5.2.8: since when expired certificates stay on the list.
    EXPIRED_CERTS_ON_CRL = "2.5.29.60", "expiredCertsOnCRL";
    /// RFC 6960 section 4.4.1.
    OCSP_NONCE = "1.3.6.1.5.5.7.48.1.2", "ocspNonce";
    /// RFC 6960 section 4.4.2.
    OCSP_CRL_REFERENCE = "1.3.6.1.5.5.7.48.1.3", "ocspCrl";
    /// RFC 6960 section 4.4.4.
    OCSP_ARCHIVE_CUTOFF = "1.3.6.1.5.5.7.48.1.6", "ocspArchiveCutoff";
    /// RFC 6960 section 4.2.1.
    OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1", "ocspBasic";
    /// RFC 6962 section 3.3, in an OCSP response.
    OCSP_SIGNED_CERTIFICATE_TIMESTAMPS = "1.3.6.1.4.1.11129.2.4.5", "ocspSignedCertificateTimestampList";

    // Statements of qualified certificates.

    /// RFC 3039.
    QC_SYNTAX_V1 = "1.3.6.1.5.5.7.11.1", "pkixQCSyntax-v1";
    /// RFC 3739 section 3.2.6.1.
    QC_SYNTAX_V2 = "1.3.6.1.5.5.7.11.2", "pkixQCSyntax-v2";
    /// ETSI EN 319 412-5 section 4.2.1.
    QC_COMPLIANCE = "0.4.0.1862.1.1", "qcs-QcCompliance";
    /// ETSI EN 319 412-5 section 4.3.2.
    QC_LIMIT_VALUE = "0.4.0.1862.1.2", "qcs-QcLimitValue";
    /// ETSI EN 319 412-5 section 4.3.3.
    QC_RETENTION_PERIOD = "0.4.0.1862.1.3", "qcs-QcRetentionPeriod";
    /// ETSI EN 319 412-5 section 4.2.2.
    QC_SSCD = "0.4.0.1862.1.4", "qcs-QcSSCD";
    /// ETSI EN 319 412-5 section 4.3.4.
    QC_PDS = "0.4.0.1862.1.5", "qcs-QcPDS";
    /// ETSI EN 319 412-5 section 4.2.3.
    QC_TYPE = "0.4.0.1862.1.6", "qcs-QcType";
    /// ETSI EN 319 412-5 section 4.2.3: electronic signatures.
    QC_TYPE_ESIGN = "0.4.0.1862.1.6.1", "qct-esign";
    /// ETSI EN 319 412-5 section 4.2.3: electronic seals.
    QC_TYPE_ESEAL = "0.4.0.1862.1.6.2", "qct-eseal";
    /// ETSI EN 319 412-5 section 4.2.3: authentication of web sites.
    QC_TYPE_WEB = "0.4.0.1862.1.6.3", "qct-web";
    /// ETSI EN 319 412-5 section 4.2.4.
    QC_LEGISLATION = "0.4.0.1862.1.7", "qcs-QcCClegislation";
    /// ETSI TS 119 495 section 5.1.
    PSD2_STATEMENT = "0.4.0.19495.2", "etsi-psd2-qcStatement";
    /// ETSI TS 119 495 section 5.1: account servicing.
    PSD2_ACCOUNT_SERVICING = "0.4.0.19495.1.1", "psp-as";
    /// ETSI TS 119 495 section 5.1: payment initiation.
    PSD2_PAYMENT_INITIATION = "0.4.0.19495.1.2", "psp-pi";
    /// ETSI TS 119 495 section 5.1: account information.
    PSD2_ACCOUNT_INFORMATION = "0.4.0.19495.1.3", "psp-ai";
    /// ETSI TS 119 495 section 5.1: issuing of card-based payment instruments.
    PSD2_CARD_ISSUING = "0.4.0.19495.1.4", "psp-ic";
    /// ETSI EN 319 412-1 section 5.1.
    SEMANTICS_NATURAL_PERSON = "0.4.0.194121.1.1", "id-etsi-qcs-semanticsId-Natural";
    /// ETSI EN 319 412-1 section 5.1.
    SEMANTICS_LEGAL_PERSON = "0.4.0.194121.1.2", "id-etsi-qcs-semanticsId-Legal";
    /// ETSI EN 319 412-1 section 5.1.
    SEMANTICS_EIDAS_NATURAL_PERSON = "0.4.0.194121.1.3", "id-etsi-qcs-semanticsId-eIDASNatural";
    /// ETSI EN 319 412-1 section 5.1.
    SEMANTICS_EIDAS_LEGAL_PERSON = "0.4.0.194121.1.4", "id-etsi-qcs-semanticsId-eIDASLegal";
    /// ETSI EN 319 411-2: qualified, natural person.
    QCP_NATURAL = "0.4.0.194112.1.0", "qcp-natural";
    /// ETSI EN 319 411-2: qualified, legal person.
    QCP_LEGAL = "0.4.0.194112.1.1", "qcp-legal";
    /// ETSI EN 319 411-2: qualified, natural person, key in a qualified device.
    QCP_NATURAL_QSCD = "0.4.0.194112.1.2", "qcp-natural-qscd";
    /// ETSI EN 319 411-2: qualified, legal person, key in a qualified device.
    QCP_LEGAL_QSCD = "0.4.0.194112.1.3", "qcp-legal-qscd";
    /// ETSI EN 319 411-2: qualified, web site.
    QCP_WEB = "0.4.0.194112.1.4", "qcp-web";

    // Attributes of people (RFC 3739 section 3.2.2).

    /// RFC 3739 section 3.2.2.
    DATE_OF_BIRTH = "1.3.6.1.5.5.7.9.1", "dateOfBirth";
    /// RFC 3739 section 3.2.2.
    PLACE_OF_BIRTH = "1.3.6.1.5.5.7.9.2", "placeOfBirth";
    /// RFC 3739 section 3.2.2.
    GENDER = "1.3.6.1.5.5.7.9.3", "gender";
    /// RFC 3739 section 3.2.2.
    COUNTRY_OF_CITIZENSHIP = "1.3.6.1.5.5.7.9.4", "countryOfCitizenship";
    /// RFC 3739 section 3.2.2.
    COUNTRY_OF_RESIDENCE = "1.3.6.1.5.5.7.9.5", "countryOfResidence";

    // Qualifiers of policies, and policies that everyone knows.

    /// RFC 5280 section 4.2.1.4.
    CPS_URI = "1.3.6.1.5.5.7.2.1", "cps";
    /// RFC 5280 section 4.2.1.4.
    USER_NOTICE = "1.3.6.1.5.5.7.2.2", "unotice";
    /// CA/Browser Forum, baseline requirements section 7.1.6.1.
    DOMAIN_VALIDATED = "2.23.140.1.2.1", "domain-validated";
    /// CA/Browser Forum, baseline requirements section 7.1.6.1.
    ORGANIZATION_VALIDATED = "2.23.140.1.2.2", "organization-validated";
    /// CA/Browser Forum, baseline requirements section 7.1.6.1.
    INDIVIDUAL_VALIDATED = "2.23.140.1.2.3", "individual-validated";
    /// CA/Browser Forum, extended validation guidelines.
    EXTENDED_VALIDATION = "2.23.140.1.1", "extended-validation";
    /// CA/Browser Forum, extended validation guidelines for code signing.
    EXTENDED_VALIDATION_CODE_SIGNING = "2.23.140.1.3", "extended-validation-codesigning";
    /// CA/Browser Forum, baseline requirements for code signing.
    CODE_SIGNING_REQUIREMENTS = "2.23.140.1.4.1", "code-signing-requirements";

    // Attributes of requests (RFC 2985) and of the entries of PKCS#12 files.

    /// RFC 2985 section 5.4.2.
    EXTENSION_REQUEST = "1.2.840.113549.1.9.14", "extensionRequest";
    /// RFC 2985 section 5.4.1.
    CHALLENGE_PASSWORD = "1.2.840.113549.1.9.7", "challengePassword";
    /// RFC 2985 section 5.3.3.
    SIGNING_TIME = "1.2.840.113549.1.9.5", "signingTime";
    /// RFC 2985 section 5.5.1.
    FRIENDLY_NAME = "1.2.840.113549.1.9.20", "friendlyName";
    /// RFC 2985 section 5.5.2.
    LOCAL_KEY_ID = "1.2.840.113549.1.9.21", "localKeyId";
    /// Extensions that are asked for, under Microsoft's own identifier.
    MICROSOFT_EXTENSION_REQUEST = "1.3.6.1.4.1.311.2.1.14", "msExtensionRequest";
    /// A name and a value that Windows adds to its requests, for example `CertificateTemplate`.
    MICROSOFT_ENROLLMENT_NAME_VALUE = "1.3.6.1.4.1.311.13.2.1", "msEnrollmentNameValuePair";
    /// Which provider keeps the key of a Windows request.
    MICROSOFT_ENROLLMENT_CSP = "1.3.6.1.4.1.311.13.2.2", "msEnrollmentCsp";
    /// Under which version of Windows the request was made.
    MICROSOFT_OS_VERSION = "1.3.6.1.4.1.311.13.2.3", "msOsVersion";
    /// The certificate that a Windows request renews.
    MICROSOFT_RENEWAL_CERTIFICATE = "1.3.6.1.4.1.311.13.1", "msRenewalCertificate";
    /// On which machine, by whom and with which program a Windows request was made.
    MICROSOFT_REQUEST_CLIENT_INFO = "1.3.6.1.4.1.311.21.20", "msRequestClientInfo";
    /// A private key that is handed to the CA for safekeeping.
    MICROSOFT_ARCHIVED_KEY = "1.3.6.1.4.1.311.21.13", "msArchivedKey";
    /// The hash of such a key.
    MICROSOFT_ENCRYPTED_KEY_HASH = "1.3.6.1.4.1.311.21.21", "msEncryptedKeyHash";
    /// That a TPM made the key.
    MICROSOFT_ATTESTATION_STATEMENT = "1.3.6.1.4.1.311.21.24", "msAttestationStatement";
    /// CMC attributes of a Windows request.
    MICROSOFT_CMC_ATTRIBUTES = "1.3.6.1.4.1.311.10.10.1", "msCmcAddAttributes";

    // Kinds of other names.

    /// Microsoft's user principal name, as a subject alternative name.
    USER_PRINCIPAL_NAME = "1.3.6.1.4.1.311.20.2.3", "msUserPrincipalName";
    /// Microsoft's identifier of a domain controller, as a subject alternative name.
    MICROSOFT_NTDS_REPLICATION = "1.3.6.1.4.1.311.25.1", "msNtdsReplication";
    /// RFC 4556: a Kerberos principal.
    KERBEROS_PRINCIPAL_NAME = "1.3.6.1.5.2.2", "pkinitPrincipalName";
    /// RFC 4985.
    SERVICE_NAME = "1.3.6.1.5.5.7.8.7", "dnsSRV";
    /// RFC 6120: the address of an XMPP service.
    XMPP_ADDRESS = "1.3.6.1.5.5.7.8.5", "xmppAddr";
    /// RFC 9598: a mailbox with characters beyond ASCII.
    SMTP_UTF8_MAILBOX = "1.3.6.1.5.5.7.8.9", "smtpUTF8Mailbox";
    /// RFC 4043.
    PERMANENT_IDENTIFIER = "1.3.6.1.5.5.7.8.3", "permanentIdentifier";
    /// RFC 4108.
    HARDWARE_MODULE_NAME = "1.3.6.1.5.5.7.8.4", "hardwareModuleName";

    // Where to find things (RFC 5280 section 4.2.2).

    /// RFC 5280 section 4.2.2.1.
    CA_ISSUERS = "1.3.6.1.5.5.7.48.2", "caIssuers";
    /// RFC 6960 section 3.1.
    OCSP = "1.3.6.1.5.5.7.48.1", "ocsp";

    /// RFC 5280 section 4.2.2.2.
    CA_REPOSITORY = "1.3.6.1.5.5.7.48.5", "caRepository";
    /// RFC 3161 section 4.
    TIME_STAMPING_SERVICE = "1.3.6.1.5.5.7.48.3", "timeStampingService";

    // Purposes.

    /// RFC 5280 section 4.2.1.12.
    ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0", "anyExtendedKeyUsage";
    /// RFC 5280 section 4.2.1.12.
    SERVER_AUTH = "1.3.6.1.5.5.7.3.1", "serverAuth";
    /// RFC 5280 section 4.2.1.12.
    CLIENT_AUTH = "1.3.6.1.5.5.7.3.2", "clientAuth";
    /// RFC 5280 section 4.2.1.12.
    CODE_SIGNING = "1.3.6.1.5.5.7.3.3", "codeSigning";
    /// RFC 5280 section 4.2.1.12.
    EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4", "emailProtection";
    /// RFC 5280 section 4.2.1.12.
    TIME_STAMPING = "1.3.6.1.5.5.7.3.8", "timeStamping";
    /// RFC 5280 section 4.2.1.12.
    OCSP_SIGNING = "1.3.6.1.5.5.7.3.9", "OCSPSigning";
    /// RFC 4809 section 3.1.6.
    IPSEC_IKE = "1.3.6.1.5.5.7.3.17", "ipsecIKE";
    /// IPsec, before RFC 4945 withdrew it.
    IPSEC_END_SYSTEM = "1.3.6.1.5.5.7.3.5", "ipsecEndSystem";
    /// IPsec, before RFC 4945 withdrew it.
    IPSEC_TUNNEL = "1.3.6.1.5.5.7.3.6", "ipsecTunnel";
    /// IPsec, before RFC 4945 withdrew it.
    IPSEC_USER = "1.3.6.1.5.5.7.3.7", "ipsecUser";
    /// Microsoft's IPsec, an intermediate system of IKE.
    IPSEC_IKE_INTERMEDIATE = "1.3.6.1.5.5.8.2.2", "iKEIntermediate";
    /// RFC 5055.
    SCVP_SERVER = "1.3.6.1.5.5.7.3.15", "scvpServer";
    /// RFC 5055.
    SCVP_CLIENT = "1.3.6.1.5.5.7.3.16", "scvpClient";
    /// RFC 5924.
    SIP_DOMAIN = "1.3.6.1.5.5.7.3.20", "sipDomain";
    /// RFC 6187.
    SSH_CLIENT = "1.3.6.1.5.5.7.3.21", "secureShellClient";
    /// RFC 6187.
    SSH_SERVER = "1.3.6.1.5.5.7.3.22", "secureShellServer";
    /// RFC 4334.
    EAP_OVER_PPP = "1.3.6.1.5.5.7.3.13", "eapOverPPP";
    /// RFC 4334.
    EAP_OVER_LAN = "1.3.6.1.5.5.7.3.14", "eapOverLAN";
    /// RFC 6402.
    CMC_CA = "1.3.6.1.5.5.7.3.27", "cmcCA";
    /// RFC 6402.
    CMC_RA = "1.3.6.1.5.5.7.3.28", "cmcRA";
    /// RFC 6494.
    SEND_ROUTER = "1.3.6.1.5.5.7.3.23", "sendRouter";
    /// RFC 8209.
    BGPSEC_ROUTER = "1.3.6.1.5.5.7.3.30", "bgpsecRouter";
    /// The CA/Browser Forum's brand indicators.
    BRAND_INDICATOR = "1.3.6.1.5.5.7.3.31", "brandIndicatorForMessageIdentification";
    /// RFC 9336.
    DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36", "documentSigning";
    /// RFC 4556.
    PKINIT_CLIENT = "1.3.6.1.5.2.3.4", "pkinitKPClientAuth";
    /// RFC 4556.
    PKINIT_KDC = "1.3.6.1.5.2.3.5", "pkinitKPKdc";
    /// RFC 6962 section 3.1.
    PRECERTIFICATE_SIGNING = "1.3.6.1.4.1.11129.2.4.4", "precertificateSigning";
    /// Microsoft's name for a log-on with a smart card.
    SMARTCARD_LOGON = "1.3.6.1.4.1.311.20.2.2", "msSmartcardLogon";
    /// Active Directory certificate services.
    MICROSOFT_ENROLLMENT_AGENT = "1.3.6.1.4.1.311.20.2.1", "msEnrollmentAgent";
    /// Authenticode, for one person.
    MICROSOFT_INDIVIDUAL_CODE_SIGNING = "1.3.6.1.4.1.311.2.1.21", "msCodeInd";
    /// Authenticode, for a company.
    MICROSOFT_COMMERCIAL_CODE_SIGNING = "1.3.6.1.4.1.311.2.1.22", "msCodeCom";
    /// Signing certificate trust lists.
    MICROSOFT_TRUST_LIST_SIGNING = "1.3.6.1.4.1.311.10.3.1", "msCTLSign";
    /// Microsoft's step-up.
    MICROSOFT_SGC = "1.3.6.1.4.1.311.10.3.3", "msSGC";
    /// Encrypting file system.
    MICROSOFT_EFS = "1.3.6.1.4.1.311.10.3.4", "msEFS";
    /// Recovery of encrypted files.
    MICROSOFT_EFS_RECOVERY = "1.3.6.1.4.1.311.10.3.4.1", "msEFSRecovery";
    /// Windows hardware drivers.
    MICROSOFT_DRIVER_SIGNING = "1.3.6.1.4.1.311.10.3.5", "msWHQLCrypto";
    /// Qualified subordination.
    MICROSOFT_QUALIFIED_SUBORDINATION = "1.3.6.1.4.1.311.10.3.10", "msQualifiedSubordination";
    /// Recovery of archived keys.
    MICROSOFT_KEY_RECOVERY = "1.3.6.1.4.1.311.10.3.11", "msKeyRecovery";
    /// Signing documents, as Microsoft Office wants it.
    MICROSOFT_DOCUMENT_SIGNING = "1.3.6.1.4.1.311.10.3.12", "msDocumentSigning";
    /// Signatures of code that end with the certificate's validity.
    MICROSOFT_LIFETIME_SIGNING = "1.3.6.1.4.1.311.10.3.13", "msLifetimeSigning";
    /// Recovery agents of archived keys.
    MICROSOFT_KEY_RECOVERY_AGENT = "1.3.6.1.4.1.311.21.6", "msKeyRecoveryAgent";
    /// Exchange of keys with the CA.
    MICROSOFT_CA_EXCHANGE = "1.3.6.1.4.1.311.21.5", "msCAExchange";
    /// Remote Desktop.
    MICROSOFT_REMOTE_DESKTOP = "1.3.6.1.4.1.311.54.1.2", "msRemoteDesktop";
    /// BitLocker.
    MICROSOFT_BITLOCKER = "1.3.6.1.4.1.311.67.1.1", "msBitLockerDriveEncryption";
    /// BitLocker's recovery agents.
    MICROSOFT_BITLOCKER_RECOVERY = "1.3.6.1.4.1.311.67.1.2", "msBitLockerDataRecoveryAgent";
    /// Windows, code in the kernel.
    MICROSOFT_KERNEL_MODE_CODE_SIGNING = "1.3.6.1.4.1.311.61.1.1", "msKernelModeCodeSigning";
    /// Network access protection: the system is healthy.
    MICROSOFT_SYSTEM_HEALTH = "1.3.6.1.4.1.311.47.1.1", "msSystemHealth";
    /// Windows, components of the system.
    MICROSOFT_WINDOWS_SYSTEM_COMPONENT = "1.3.6.1.4.1.311.10.3.6", "msWindowsSystemComponent";
    /// Windows, drivers that the vendor of a computer signed.
    MICROSOFT_OEM_DRIVER_SIGNING = "1.3.6.1.4.1.311.10.3.7", "msOEMWHQLCrypto";
    /// Windows for devices.
    MICROSOFT_EMBEDDED = "1.3.6.1.4.1.311.10.3.8", "msEmbeddedNTCrypto";
    /// Lists of trusted roots.
    MICROSOFT_ROOT_LIST_SIGNER = "1.3.6.1.4.1.311.10.3.9", "msRootListSigner";
    /// Attestation of a TPM's key.
    TCG_ENDORSEMENT_KEY = "2.23.133.8.1", "tcg-kp-EKCertificate";
    /// Platform certificates of a TPM.
    TCG_PLATFORM = "2.23.133.8.2", "tcg-kp-PlatformAttributeCertificate";
    /// Attestation identity keys of a TPM.
    TCG_ATTESTATION_KEY = "2.23.133.8.3", "tcg-kp-AIKCertificate";
    /// Apple's code signing.
    APPLE_CODE_SIGNING = "1.2.840.113635.100.4.1", "appleCodeSigning";
    /// Apple's code signing, while developing.
    APPLE_CODE_SIGNING_DEVELOPMENT = "1.2.840.113635.100.4.1.1", "appleCodeSigningDevelopment";
    /// Apple's encryption.
    APPLE_CRYPTO_DEVELOPMENT = "1.2.840.113635.100.4.4", "appleCryptoDevelopmentEnv";
    /// Apple's encryption.
    APPLE_CRYPTO_PRODUCTION = "1.2.840.113635.100.4.5", "appleCryptoProductionEnv";
    /// Adobe's signatures on documents.
    ADOBE_AUTHENTIC_DOCUMENTS = "1.2.840.113583.1.1.5", "adobeAuthenticDocumentsTrust";
    /// ICAO travel documents.
    ICAO_MASTER_LIST_SIGNING = "2.23.136.1.1.3", "icaoMasterListSigning";
    /// Netscape's step-up.
    NETSCAPE_STEP_UP = "2.16.840.1.113730.4.1", "nsSGC";

    // Algorithms of keys and signatures.

    /// RFC 8017.
    RSA_ENCRYPTION = "1.2.840.113549.1.1.1", "rsaEncryption";
    /// RFC 8017.
    MD2_WITH_RSA = "1.2.840.113549.1.1.2", "md2WithRSAEncryption";
    /// RSA Laboratories, PKCS#1.
    MD4_WITH_RSA = "1.2.840.113549.1.1.3", "md4WithRSAEncryption";
    /// RFC 8017.
    MD5_WITH_RSA = "1.2.840.113549.1.1.4", "md5WithRSAEncryption";
    /// RFC 8017.
    SHA1_WITH_RSA = "1.2.840.113549.1.1.5", "sha1WithRSAEncryption";
    /// The same, as early Windows tools wrote it (ISO/IEC 14888).
    SHA1_WITH_RSA_OIW = "1.3.14.3.2.29", "sha1WithRSASignature";
    /// MD5 with RSA as early Windows tools wrote it.
    MD5_WITH_RSA_OIW = "1.3.14.3.2.3", "md5WithRSA";
    /// RFC 8017.
    RSAES_OAEP = "1.2.840.113549.1.1.7", "RSAES-OAEP";
    /// RFC 8017.
    RSASSA_PSS = "1.2.840.113549.1.1.10", "RSASSA-PSS";
    /// RFC 8017.
    SHA256_WITH_RSA = "1.2.840.113549.1.1.11", "sha256WithRSAEncryption";
    /// RFC 8017.
    SHA384_WITH_RSA = "1.2.840.113549.1.1.12", "sha384WithRSAEncryption";
    /// RFC 8017.
    SHA512_WITH_RSA = "1.2.840.113549.1.1.13", "sha512WithRSAEncryption";
    /// RFC 8017.
    SHA224_WITH_RSA = "1.2.840.113549.1.1.14", "sha224WithRSAEncryption";
    /// FIPS 202 in NIST's registry.
    SHA3_256_WITH_RSA = "2.16.840.1.101.3.4.3.14", "id-rsassa-pkcs1-v1-5-with-sha3-256";
    /// FIPS 202 in NIST's registry.
    SHA3_384_WITH_RSA = "2.16.840.1.101.3.4.3.15", "id-rsassa-pkcs1-v1-5-with-sha3-384";
    /// FIPS 202 in NIST's registry.
    SHA3_512_WITH_RSA = "2.16.840.1.101.3.4.3.16", "id-rsassa-pkcs1-v1-5-with-sha3-512";
    /// RFC 5480.
    EC_PUBLIC_KEY = "1.2.840.10045.2.1", "id-ecPublicKey";
    /// RFC 3279.
    ECDSA_WITH_SHA1 = "1.2.840.10045.4.1", "ecdsa-with-SHA1";
    /// RFC 5758.
    ECDSA_WITH_SHA224 = "1.2.840.10045.4.3.1", "ecdsa-with-SHA224";
    /// RFC 5758.
    ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2", "ecdsa-with-SHA256";
    /// RFC 5758.
    ECDSA_WITH_SHA384 = "1.2.840.10045.4.3.3", "ecdsa-with-SHA384";
    /// RFC 5758.
    ECDSA_WITH_SHA512 = "1.2.840.10045.4.3.4", "ecdsa-with-SHA512";
    /// FIPS 202 in NIST's registry.
    ECDSA_WITH_SHA3_256 = "2.16.840.1.101.3.4.3.10", "ecdsa-with-SHA3-256";
    /// FIPS 202 in NIST's registry.
    ECDSA_WITH_SHA3_384 = "2.16.840.1.101.3.4.3.11", "ecdsa-with-SHA3-384";
    /// FIPS 202 in NIST's registry.
    ECDSA_WITH_SHA3_512 = "2.16.840.1.101.3.4.3.12", "ecdsa-with-SHA3-512";
    /// RFC 3279.
    DSA = "1.2.840.10040.4.1", "id-dsa";
    /// RFC 3279.
    DSA_WITH_SHA1 = "1.2.840.10040.4.3", "dsa-with-SHA1";
    /// RFC 5758.
    DSA_WITH_SHA224 = "2.16.840.1.101.3.4.3.1", "dsa-with-SHA224";
    /// RFC 5758.
    DSA_WITH_SHA256 = "2.16.840.1.101.3.4.3.2", "dsa-with-SHA256";
    /// RFC 3279.
    DH_PUBLIC_NUMBER = "1.2.840.10046.2.1", "dhpublicnumber";
    /// PKCS#3.
    DH_KEY_AGREEMENT = "1.2.840.113549.1.3.1", "dhKeyAgreement";
    /// RFC 8410.
    X25519 = "1.3.101.110", "X25519";
    /// RFC 8410.
    X448 = "1.3.101.111", "X448";
    /// RFC 8410.
    ED25519 = "1.3.101.112", "Ed25519";
    /// RFC 8410.
    ED448 = "1.3.101.113", "Ed448";
    /// RFC 9881.
    ML_DSA_44 = "2.16.840.1.101.3.4.3.17", "ML-DSA-44";
    /// RFC 9881.
    ML_DSA_65 = "2.16.840.1.101.3.4.3.18", "ML-DSA-65";
    /// RFC 9881.
    ML_DSA_87 = "2.16.840.1.101.3.4.3.19", "ML-DSA-87";
    /// RFC 9909.
    SLH_DSA_SHA2_128S = "2.16.840.1.101.3.4.3.20", "SLH-DSA-SHA2-128s";
    /// RFC 9909.
    SLH_DSA_SHA2_128F = "2.16.840.1.101.3.4.3.21", "SLH-DSA-SHA2-128f";
    /// RFC 9909.
    SLH_DSA_SHA2_192S = "2.16.840.1.101.3.4.3.22", "SLH-DSA-SHA2-192s";
    /// RFC 9909.
    SLH_DSA_SHA2_192F = "2.16.840.1.101.3.4.3.23", "SLH-DSA-SHA2-192f";
    /// RFC 9909.
    SLH_DSA_SHA2_256S = "2.16.840.1.101.3.4.3.24", "SLH-DSA-SHA2-256s";
    /// RFC 9909.
    SLH_DSA_SHA2_256F = "2.16.840.1.101.3.4.3.25", "SLH-DSA-SHA2-256f";
    /// RFC 9909.
    SLH_DSA_SHAKE_128S = "2.16.840.1.101.3.4.3.26", "SLH-DSA-SHAKE-128s";
    /// RFC 9909.
    SLH_DSA_SHAKE_128F = "2.16.840.1.101.3.4.3.27", "SLH-DSA-SHAKE-128f";
    /// RFC 9909.
    SLH_DSA_SHAKE_192S = "2.16.840.1.101.3.4.3.28", "SLH-DSA-SHAKE-192s";
    /// RFC 9909.
    SLH_DSA_SHAKE_192F = "2.16.840.1.101.3.4.3.29", "SLH-DSA-SHAKE-192f";
    /// RFC 9909.
    SLH_DSA_SHAKE_256S = "2.16.840.1.101.3.4.3.30", "SLH-DSA-SHAKE-256s";
    /// RFC 9909.
    SLH_DSA_SHAKE_256F = "2.16.840.1.101.3.4.3.31", "SLH-DSA-SHAKE-256f";
    /// GB/T 35275.
    SM2_WITH_SM3 = "1.2.156.10197.1.501", "SM2-with-SM3";
    /// RFC 9215.
    GOST_2012_256 = "1.2.643.7.1.1.1.1", "GOST R 34.10-2012 (256)";
    /// RFC 9215.
    GOST_2012_512 = "1.2.643.7.1.1.1.2", "GOST R 34.10-2012 (512)";
    /// RFC 9215.
    GOST_2012_256_WITH_STREEBOG = "1.2.643.7.1.1.3.2", "GOST R 34.10-2012 with Streebog-256";
    /// RFC 9215.
    GOST_2012_512_WITH_STREEBOG = "1.2.643.7.1.1.3.3", "GOST R 34.10-2012 with Streebog-512";

    // Digests and ciphers.

    /// RFC 8017: mask generation of RSASSA-PSS.
    MGF1 = "1.2.840.113549.1.1.8", "MGF1";
    /// RFC 1321.
    MD5 = "1.2.840.113549.2.5", "MD5";
    /// FIPS 180-4.
    SHA1 = "1.3.14.3.2.26", "SHA-1";
    /// FIPS 180-4.
    SHA224 = "2.16.840.1.101.3.4.2.4", "SHA-224";
    /// FIPS 180-4.
    SHA256 = "2.16.840.1.101.3.4.2.1", "SHA-256";
    /// FIPS 180-4.
    SHA384 = "2.16.840.1.101.3.4.2.2", "SHA-384";
    /// FIPS 180-4.
    SHA512 = "2.16.840.1.101.3.4.2.3", "SHA-512";
    /// FIPS 180-4.
    SHA512_256 = "2.16.840.1.101.3.4.2.6", "SHA-512/256";
    /// FIPS 202.
    SHA3_256 = "2.16.840.1.101.3.4.2.8", "SHA3-256";
    /// FIPS 202.
    SHA3_384 = "2.16.840.1.101.3.4.2.9", "SHA3-384";
    /// FIPS 202.
    SHA3_512 = "2.16.840.1.101.3.4.2.10", "SHA3-512";
    /// RFC 8018.
    DES_EDE3_CBC = "1.2.840.113549.3.7", "des-EDE3-CBC";
    /// RFC 8018.
    RC2_CBC = "1.2.840.113549.3.2", "rc2-CBC";
    /// RFC 8018.
    RC4 = "1.2.840.113549.3.4", "rc4";
    /// RFC 8018.
    DES_CBC = "1.3.14.3.2.7", "des-CBC";
    /// RFC 3565.
    AES128_CBC = "2.16.840.1.101.3.4.1.2", "aes128-CBC";
    /// RFC 5084.
    AES128_GCM = "2.16.840.1.101.3.4.1.6", "aes128-GCM";
    /// RFC 3565.
    AES192_CBC = "2.16.840.1.101.3.4.1.22", "aes192-CBC";
    /// RFC 5084.
    AES192_GCM = "2.16.840.1.101.3.4.1.26", "aes192-GCM";
    /// RFC 3565.
    AES256_CBC = "2.16.840.1.101.3.4.1.42", "aes256-CBC";
    /// RFC 5084.
    AES256_GCM = "2.16.840.1.101.3.4.1.46", "aes256-GCM";

    // Curves.

    /// SEC 2.
    SECP192R1 = "1.2.840.10045.3.1.1", "P-192";
    /// SEC 2.
    SECP224R1 = "1.3.132.0.33", "P-224";
    /// RFC 5480.
    SECP256R1 = "1.2.840.10045.3.1.7", "P-256";
    /// RFC 5480.
    SECP384R1 = "1.3.132.0.34", "P-384";
    /// RFC 5480.
    SECP521R1 = "1.3.132.0.35", "P-521";
    /// SEC 2.
    SECP256K1 = "1.3.132.0.10", "secp256k1";
    /// SEC 2.
    SECP160R1 = "1.3.132.0.8", "secp160r1";
    /// SEC 2.
    SECP160K1 = "1.3.132.0.9", "secp160k1";
    /// SEC 2.
    SECP160R2 = "1.3.132.0.30", "secp160r2";
    /// SEC 2.
    SECP192K1 = "1.3.132.0.31", "secp192k1";
    /// SEC 2.
    SECP224K1 = "1.3.132.0.32", "secp224k1";
    /// SEC 2.
    SECT163K1 = "1.3.132.0.1", "sect163k1";
    /// SEC 2.
    SECT163R1 = "1.3.132.0.2", "sect163r1";
    /// SEC 2.
    SECT163R2 = "1.3.132.0.15", "sect163r2";
    /// SEC 2.
    SECT193R1 = "1.3.132.0.24", "sect193r1";
    /// SEC 2.
    SECT193R2 = "1.3.132.0.25", "sect193r2";
    /// SEC 2.
    SECT233K1 = "1.3.132.0.26", "sect233k1";
    /// SEC 2.
    SECT233R1 = "1.3.132.0.27", "sect233r1";
    /// SEC 2.
    SECT239K1 = "1.3.132.0.3", "sect239k1";
    /// SEC 2.
    SECT283K1 = "1.3.132.0.16", "sect283k1";
    /// SEC 2.
    SECT283R1 = "1.3.132.0.17", "sect283r1";
    /// SEC 2.
    SECT409K1 = "1.3.132.0.36", "sect409k1";
    /// SEC 2.
    SECT409R1 = "1.3.132.0.37", "sect409r1";
    /// SEC 2.
    SECT571K1 = "1.3.132.0.38", "sect571k1";
    /// SEC 2.
    SECT571R1 = "1.3.132.0.39", "sect571r1";
    /// RFC 5639.
    BRAINPOOL_P160R1 = "1.3.36.3.3.2.8.1.1.1", "brainpoolP160r1";
    /// RFC 5639.
    BRAINPOOL_P160T1 = "1.3.36.3.3.2.8.1.1.2", "brainpoolP160t1";
    /// RFC 5639.
    BRAINPOOL_P192R1 = "1.3.36.3.3.2.8.1.1.3", "brainpoolP192r1";
    /// RFC 5639.
    BRAINPOOL_P192T1 = "1.3.36.3.3.2.8.1.1.4", "brainpoolP192t1";
    /// RFC 5639.
    BRAINPOOL_P224R1 = "1.3.36.3.3.2.8.1.1.5", "brainpoolP224r1";
    /// RFC 5639.
    BRAINPOOL_P224T1 = "1.3.36.3.3.2.8.1.1.6", "brainpoolP224t1";
    /// RFC 5639.
    BRAINPOOL_P256R1 = "1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1";
    /// RFC 5639.
    BRAINPOOL_P256T1 = "1.3.36.3.3.2.8.1.1.8", "brainpoolP256t1";
    /// RFC 5639.
    BRAINPOOL_P320R1 = "1.3.36.3.3.2.8.1.1.9", "brainpoolP320r1";
    /// RFC 5639.
    BRAINPOOL_P320T1 = "1.3.36.3.3.2.8.1.1.10", "brainpoolP320t1";
    /// RFC 5639.
    BRAINPOOL_P384R1 = "1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1";
    /// RFC 5639.
    BRAINPOOL_P384T1 = "1.3.36.3.3.2.8.1.1.12", "brainpoolP384t1";
    /// RFC 5639.
    BRAINPOOL_P512R1 = "1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1";
    /// RFC 5639.
    BRAINPOOL_P512T1 = "1.3.36.3.3.2.8.1.1.14", "brainpoolP512t1";
    /// GB/T 32918.
    SM2 = "1.2.156.10197.1.301", "SM2";

    // Attributes of names.

    /// X.520.
    COMMON_NAME = "2.5.4.3", "commonName";
    /// X.520.
    SURNAME = "2.5.4.4", "surname";
    /// X.520.
    SERIAL_NUMBER = "2.5.4.5", "serialNumber";
    /// X.520.
    COUNTRY_NAME = "2.5.4.6", "countryName";
    /// X.520.
    LOCALITY_NAME = "2.5.4.7", "localityName";
    /// X.520.
    STATE_OR_PROVINCE_NAME = "2.5.4.8", "stateOrProvinceName";
    /// X.520.
    STREET_ADDRESS = "2.5.4.9", "streetAddress";
    /// X.520.
    ORGANIZATION_NAME = "2.5.4.10", "organizationName";
    /// X.520.
    ORGANIZATIONAL_UNIT_NAME = "2.5.4.11", "organizationalUnitName";
    /// X.520.
    TITLE = "2.5.4.12", "title";
    /// X.520.
    DESCRIPTION = "2.5.4.13", "description";
    /// X.520.
    BUSINESS_CATEGORY = "2.5.4.15", "businessCategory";
    /// X.520.
    POSTAL_ADDRESS = "2.5.4.16", "postalAddress";
    /// X.520.
    POSTAL_CODE = "2.5.4.17", "postalCode";
    /// X.520.
    TELEPHONE_NUMBER = "2.5.4.20", "telephoneNumber";
    /// X.520.
    NAME = "2.5.4.41", "name";
    /// X.520.
    GIVEN_NAME = "2.5.4.42", "givenName";
    /// X.520.
    INITIALS = "2.5.4.43", "initials";
    /// X.520.
    GENERATION_QUALIFIER = "2.5.4.44", "generationQualifier";
    /// X.520.
    UNIQUE_IDENTIFIER = "2.5.4.45", "x500UniqueIdentifier";
    /// X.520.
    DN_QUALIFIER = "2.5.4.46", "dnQualifier";
    /// X.520.
    HOUSE_IDENTIFIER = "2.5.4.51", "houseIdentifier";
    /// X.520.
    PSEUDONYM = "2.5.4.65", "pseudonym";
    /// X.520.
    ORGANIZATION_IDENTIFIER = "2.5.4.97", "organizationIdentifier";
    /// RFC 4519.
    USER_ID = "0.9.2342.19200300.100.1.1", "userId";
    /// RFC 4524.
    MAIL = "0.9.2342.19200300.100.1.3", "mail";
    /// RFC 4519.
    DOMAIN_COMPONENT = "0.9.2342.19200300.100.1.25", "domainComponent";
    /// RFC 2985 section 5.2.1.
    EMAIL_ADDRESS = "1.2.840.113549.1.9.1", "emailAddress";
    /// RFC 2985 section 5.2.2.
    UNSTRUCTURED_NAME = "1.2.840.113549.1.9.2", "unstructuredName";
    /// RFC 2985 section 5.2.3.
    UNSTRUCTURED_ADDRESS = "1.2.840.113549.1.9.8", "unstructuredAddress";
    /// CA/Browser Forum, extended validation.
    JURISDICTION_LOCALITY = "1.3.6.1.4.1.311.60.2.1.1", "jurisdictionLocalityName";
    /// CA/Browser Forum, extended validation.
    JURISDICTION_STATE = "1.3.6.1.4.1.311.60.2.1.2", "jurisdictionStateOrProvinceName";
    /// CA/Browser Forum, extended validation.
    JURISDICTION_COUNTRY = "1.3.6.1.4.1.311.60.2.1.3", "jurisdictionCountryName";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_identifier_stands_once() {
        for (at, (oid, name)) in NAMES.iter().enumerate() {
            for (other, other_name) in &NAMES[at + 1..] {
                assert_ne!(oid, other, "{name}");
                assert_ne!(name, other_name);
            }
        }
    }
}
