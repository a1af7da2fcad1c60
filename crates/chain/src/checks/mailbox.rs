//! The end-entity certificate is for the mailbox that was meant (RFC 8550 section 3, RFC 8398 section 5, RFC 9598).
//!
//! Mailboxes are the e-mail addresses and `SmtpUTF8Mailbox` names of the subject alternative name and, as RFC 8550 has it for old certificates, the e-mail
//! addresses in the subject. The part before `@` keeps its case, the domain does not, and compares as A-labels.

use std::borrow::Cow;

use certwright_certs::{GeneralName, to_a_labels};

use super::{CheckInfo, Position, Run, Said};
use crate::failure::FailureKind;
use crate::smtp_utf8::smtp_utf8_mailbox;
use crate::verdict::NotApplicable;
use certwright_language::mark;

pub(crate) const CHECK: CheckInfo = CheckInfo {
    id: "mailbox",
    title: mark!("The end-entity is for the mailbox that was meant."),
    citation: "RFC 8550 section 3, RFC 8398 section 5",
    run: Run::Certificate(check),
};

fn check(position: &Position<'_>, said: &mut Said) {
    if !position.role.is_end_entity() {
        return said.skip(NotApplicable::OnlyEndEntity);
    }
    let Some(mailbox) = &position.question.mailbox else { return said.skip(NotApplicable::NotAsked) };
    let certificate = position.certificate;
    let in_names = certificate.subject_alternative_names().iter().filter_map(|name| match name {
        GeneralName::Email(mailbox) => Some(mailbox.clone()),
        name => smtp_utf8_mailbox(name).map(str::to_owned),
    });
    let names: Vec<String> = in_names.chain(certificate.subject().email_addresses()).collect();
    if !names.iter().any(|name| same_mailbox(name, mailbox)) {
        said.fail(FailureKind::MailboxMismatch { mailbox: mailbox.clone(), names });
    }
}

fn same_mailbox(a: &str, b: &str) -> bool {
    match (a.rsplit_once('@').and_then(canonical), b.rsplit_once('@').and_then(canonical)) {
        (Some((local, domain)), Some((other_local, other_domain))) => {
            local == other_local && domain.eq_ignore_ascii_case(&other_domain)
        }
        _ => false,
    }
}

fn canonical<'a>((local, domain): (&'a str, &'a str)) -> Option<(&'a str, Cow<'a, str>)> {
    let is_mailbox = !local.is_empty() && !domain.is_empty();
    is_mailbox.then_some(local).zip(to_a_labels(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes() {
        assert!(same_mailbox("Ada@Example.com", "Ada@example.COM"));
        assert!(same_mailbox("ada@bücher.example", "ada@xn--bcher-kva.example"));
        for (a, b) in [("ada@a.example", "Ada@a.example"), ("@a", "@a"), ("a", "a"), ("a@b", "a@c")] {
            assert!(!same_mailbox(a, b), "{a} {b}");
        }
    }
}
