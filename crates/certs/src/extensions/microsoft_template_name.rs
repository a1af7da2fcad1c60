//! Microsoft's certificate template name (MS-WCCE section 2.2.2.7.7.1 describes it): the template of version 1 by which the certificate was
//! issued. Windows calls the same extension the enrolment certificate type.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::name::strings;
use crate::oid;
use certwright_language::{mark, t};

/// The name, for example `WebServer`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MicrosoftTemplateName(pub String);

impl KnownExtension for MicrosoftTemplateName {
    const OID: ObjectIdentifier = oid::MICROSOFT_TEMPLATE_NAME;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        strings::single(value).map(Self)
    }
}

impl DescribedExtension for MicrosoftTemplateName {
    const NAME: &'static str = mark!("Certificate template name");
    const SOURCE: &'static str = "Microsoft, MS-WCCE";

    fn facts(&self) -> Vec<Fact> {
        vec![Fact::text(t!("Template"), self.0.as_str())]
    }
}
