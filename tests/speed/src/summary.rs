//! What a list of certificates shows of each. Every peer that is measured has to fill it.

/// A certificate in words and numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The subject as text.
    pub subject: String,
    /// The issuer as text.
    pub issuer: String,
    /// Upper-case hexadecimal octets with colons.
    pub serial: String,
    /// The first valid second, since 1970.
    pub not_before: i64,
    /// The last valid second, since 1970.
    pub not_after: i64,
    /// For example `RSA 2048` or `EC P-256`.
    pub key: String,
    /// The alternative names.
    pub names: Vec<String>,
    /// Whether it says that it is a CA.
    pub ca: bool,
    /// `digitalSignature` and the others.
    pub key_usages: Vec<&'static str>,
    /// How many purposes.
    pub purposes: usize,
    /// Lower-case hexadecimal digits.
    pub subject_key_identifier: String,
    /// Lower-case hexadecimal digits.
    pub authority_key_identifier: String,
    /// Where the issuer and its answers are: OCSP, the issuer's certificate, revocation lists.
    pub addresses: Vec<String>,
}

impl Summary {
    /// The octets of all texts, so that no compiler leaves them out.
    pub fn weight(&self) -> usize {
        let lists = self.names.iter().chain(&self.addresses).map(String::len).sum::<usize>();
        let keys = self.subject_key_identifier.len() + self.authority_key_identifier.len() + self.key.len();
        self.subject.len() + self.issuer.len() + self.serial.len() + lists + keys + self.key_usages.len()
    }
}
