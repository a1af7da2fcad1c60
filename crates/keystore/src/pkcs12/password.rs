//! The passwords of a PKCS#12 file, and the ways in which programs turn one into bytes.
//!
//! RFC 7292 (appendix B.1) wants UTF-16 with a terminating NUL for its own schemes and MAC, RFC 8018 leaves the encoding of
//! PBES2 open, and nearly all take UTF-8. Programs differ where a password is empty or not ASCII, so what is usual is tried
//! first and what else exists afterwards. Each of these bears its own [`Budget`], so that many passwords cost more than one
//! and each of them is bounded.

use certwright_keys::{
    Password, SecretBytes,
    password_based::{self, Budget, DecryptError, EncodedPassword},
    secret::Passwords,
};
use der::asn1::ObjectIdentifier;

/// How a password was turned into bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// UTF-16 with a terminating NUL, and UTF-8.
    Usual,
    /// The empty password as no bytes at all, without the terminating NUL.
    Nothing,
    /// The empty password as one NUL, which old versions of Java pass on.
    OneNul,
    /// The bytes of the UTF-8 form, each widened to 16 bits: OpenSSL before 1.1.0.
    WidenedUtf8,
    /// The same without the highest bit of each: newer Java for 3DES and RC2 (`PKCS12PBECipherCore`, seen with 25), though not for
    /// the MAC.
    SevenBits,
    /// Latin-1 for PBES2, as OpenSSL takes the password from a Windows console.
    Latin1,
    /// UTF-16 for PBES2 too, as NSS (Firefox) did for years.
    Utf16,
}

/// One password in one form.
struct Candidate {
    /// Position among the passwords that were given.
    password: usize,
    form: Form,
    encoded: EncodedPassword,
    budget: Budget,
}

/// Tries passwords, those first that have opened something before.
pub(super) struct Opener {
    candidates: Vec<Candidate>,
    /// The candidate that opened the last thing.
    last: Option<usize>,
    /// The form in which something has been decrypted: a program that needs another one for the next thing does not exist.
    form: Option<Form>,
    /// Whether it is known that none of the passwords is right.
    hopeless: bool,
}

/// Something decrypted.
pub(super) struct Opened {
    pub(super) plain: SecretBytes,
    /// Position of the password among those that were given.
    pub(super) password: usize,
}

impl Opener {
    /// Without a password, the empty one is tried.
    pub(super) fn new(passwords: &Passwords) -> Self {
        let empty = [Password::new("")];
        let passwords: Vec<&Password> =
            if passwords.is_empty() { empty.iter().collect() } else { passwords.iter().collect() };
        let forms = [
            Form::Usual,
            Form::Nothing,
            Form::OneNul,
            Form::WidenedUtf8,
            Form::SevenBits,
            Form::Latin1,
            Form::Utf16,
        ];
        let candidates = forms.into_iter().flat_map(|form| {
            passwords.iter().enumerate().filter_map(move |(position, password)| {
                Some(Candidate {
                    password: position,
                    form,
                    encoded: encode(password, form)?,
                    budget: Budget::default(),
                })
            })
        });
        Self { candidates: candidates.collect(), last: None, form: None, hopeless: false }
    }

    /// Finds the password for which `is_right` says yes: it checks one MAC, for which the password is in UTF-16 if
    /// `own_scheme`, otherwise in UTF-8.
    pub(super) fn find<E>(
        &mut self,
        own_scheme: bool,
        is_right: impl Fn(&EncodedPassword, &mut Budget) -> Result<bool, E>,
    ) -> Result<bool, E> {
        for position in 0..self.candidates.len() {
            if (0..position).any(|other| self.is_same_bytes(other, position, own_scheme)) {
                continue;
            }
            let Some(candidate) = self.candidates.get_mut(position) else { continue };
            if is_right(&candidate.encoded, &mut candidate.budget)? {
                self.last = Some(position);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// From now on nothing is tried any more.
    pub(super) fn give_up(&mut self) {
        self.hopeless = true;
    }

    /// The password that was found last, by its position.
    pub(super) fn password(&self) -> Option<usize> {
        self.last.and_then(|position| self.candidates.get(position)).map(|candidate| candidate.password)
    }

    /// Decrypts with the first password that fits: the padding is right, and `is_whole` finds what it expects. `None` if
    /// none fits.
    ///
    /// # Errors
    /// Anything but a wrong password.
    pub(super) fn decrypt(
        &mut self,
        algorithm: &[u8],
        ciphertext: &[u8],
        is_whole: impl Fn(&[u8]) -> bool,
    ) -> Result<Option<Opened>, DecryptError> {
        let algorithm = password_based::parse_algorithm(algorithm)?;
        let own_scheme = is_scheme_of_pkcs12(algorithm.oid);
        let mut tried: Vec<usize> = Vec::new();
        for position in self.order() {
            let same = |other: &usize| self.is_same_bytes(*other, position, own_scheme);
            if tried.iter().any(same) {
                continue;
            }
            tried.push(position);
            let Some(candidate) = self.candidates.get_mut(position) else { continue };
            match password_based::decrypt(algorithm, &candidate.encoded, ciphertext, &mut candidate.budget) {
                Ok(plain) if is_whole(plain.as_bytes()) => {
                    let password = candidate.password;
                    self.form = Some(candidate.form);
                    self.last = Some(position);
                    return Ok(Some(Opened { plain, password }));
                }
                // Wrong passwords leave valid padding now and then, and nothing whole within.
                Ok(_) | Err(DecryptError::WrongPassword) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// The candidates in the order in which they are tried: the last that was right, the same password in other forms,
    /// the other passwords.
    fn order(&self) -> Vec<usize> {
        if self.hopeless {
            return Vec::new();
        }
        let last = self.last.and_then(|position| self.candidates.get(position));
        let rank = |position: usize, candidate: &Candidate| match last {
            Some(_) if self.last == Some(position) => 0,
            Some(last) if last.password == candidate.password => 1,
            _ => 2,
        };
        let is_possible = |candidate: &Candidate| match self.form {
            Some(form) => form == candidate.form || candidate.encoded.utf8.len() <= 1,
            None => true,
        };
        let mut order: Vec<(u8, usize)> = self
            .candidates
            .iter()
            .enumerate()
            .filter(|(_, candidate)| is_possible(candidate))
            .map(|(position, candidate)| (rank(position, candidate), position))
            .collect();
        order.sort_unstable();
        order.into_iter().map(|(_, position)| position).collect()
    }

    fn is_same_bytes(&self, one: usize, other: usize, own_scheme: bool) -> bool {
        match (self.candidates.get(one), self.candidates.get(other)) {
            (Some(one), Some(other)) if own_scheme => one.encoded.bmp == other.encoded.bmp,
            (Some(one), Some(other)) => one.encoded.utf8 == other.encoded.utf8,
            _ => false,
        }
    }
}

/// Whether a scheme takes the password in UTF-16: those under `pkcs-12PbeIds` (RFC 7292, appendix C).
fn is_scheme_of_pkcs12(oid: ObjectIdentifier) -> bool {
    oid.as_bytes().starts_with(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01])
}

/// The bytes of a password in some form; `None` if it has no such form, or none of its own.
fn encode(password: &Password, form: Form) -> Option<EncodedPassword> {
    let text = password.as_str();
    let usual = EncodedPassword::new(password);
    let is_empty = text.is_empty();
    Some(match form {
        Form::Usual => usual,
        Form::Nothing if is_empty => EncodedPassword::nothing(),
        Form::OneNul if is_empty => {
            EncodedPassword { utf8: SecretBytes::new(vec![0]), bmp: SecretBytes::new(vec![0; 4]) }
        }
        Form::WidenedUtf8 | Form::SevenBits if !text.is_ascii() => {
            let mask = if form == Form::SevenBits { 0x7f } else { 0xff };
            // Enough room from the start, so that no reallocation leaves a copy behind.
            let mut widened = Vec::with_capacity(text.len() * 2 + 2);
            widened.extend(text.bytes().flat_map(|byte| [0, byte & mask]));
            widened.extend([0, 0]);
            EncodedPassword { bmp: SecretBytes::new(widened), ..usual }
        }
        Form::Latin1 if !text.is_ascii() => {
            let mut latin = Vec::with_capacity(text.len());
            for character in text.chars() {
                latin.push(u8::try_from(u32::from(character)).ok()?);
            }
            EncodedPassword { utf8: SecretBytes::new(latin), ..usual }
        }
        Form::Utf16 if !is_empty => EncodedPassword { utf8: usual.bmp.clone(), bmp: usual.bmp },
        _ => return None,
    })
}
