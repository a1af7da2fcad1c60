//! Alternative names, one a line, and how each line is understood: with its kind before it, or by what it looks like.

use certwright_protocol::language::text;
use yew::prelude::*;

use super::{Draft, Handle, check, onchange, oninput, options};
use crate::parts::controls::icon_button;
use crate::parts::word::word_before;
use certwright_protocol::{mark, t};

/// The kinds as they stand before a name, each with what it is called and what else it is called there.
const KINDS: [(&str, &str, &[&str]); 5] = [
    ("DNS", mark!("Host name"), &["dns"]),
    ("IP", mark!("IP address"), &["ip", "ip address"]),
    ("email", mark!("E-mail address"), &["email", "rfc822"]),
    ("URI", "URI", &["uri", "url"]),
    ("UPN", mark!("User (UPN)"), &["upn"]),
];

/// Kinds that are only taken over from what was there before.
const OTHER: [&str; 5] = ["directory", "oid", "other", "dirname", "rid"];

/// The field, and how it is understood.
pub(in crate::pages::keystore) fn names_field(
    draft: &Handle,
    label: &'static str,
    testid: &'static str,
) -> Html {
    let typed = |draft: &mut Draft, _, value| draft.names = value;
    html! {
        <div class="block tight">
            <label class="field">
                <span>{ label }<em>{ t!("one a line") }</em></span>
                <textarea rows={(draft.names.lines().count() + 1).clamp(3, 10).to_string()} class="mono" data-testid={testid} value={draft.names.clone()} oninput={oninput(draft, (0, 0), typed)} spellcheck="false"
                    placeholder={"client.example.com\n10.0.0.1\nUPN:user@corp.example"} />
                <small>{ word_before("san", t!("Alternative names"), t!(": hosts, addresses, e-mail addresses, URIs, or user principal names (UPN) of Windows. Each is recognised; choose its kind below if it is another.")) }</small>
            </label>
            { common_name_too(draft) }
            <ul class="understood">
                { for lines(&draft.names).into_iter().enumerate().map(|(index, line)| understood(draft, index, &line)) }
            </ul>
        </div>
    }
}

/// Servers look at alternative names alone, so a common name that is a host name becomes one.
fn common_name_too(draft: &Handle) -> Html {
    let Some(host) = host_in_subject(draft) else { return html! {} };
    let words = html! { <>{ t!("Also the common name, ") }<code>{ host }</code><small>{ t!("Programs look at the alternative names alone.") }</small></> };
    let change = |draft: &mut Draft, _, value: String| draft.common_name_alone = value.is_empty();
    check("san-common-name", !draft.common_name_alone, onchange(draft, (0, 0), change), words)
}

fn understood(draft: &Handle, index: usize, line: &str) -> Html {
    let (kind, rest) = kind_of(line);
    let label = t!("Kind of {rest}", rest);
    let shown = KINDS.get(kind).map(|(prefix, ..)| *prefix).unwrap_or_default();
    html! {
        <li key={index} data-testid="san-understood" data-kind={shown}>
            if kind < KINDS.len() {
                <select aria-label={label} onchange={onchange(draft, (index, 0), set_kind)}>
                    { options(KINDS.iter().map(|(prefix, name, _)| ((*prefix).into(), text(name).into())).collect(), shown) }
                </select>
            } else {
                <span class="aside">{ t!("As it was") }</span>
            }
            <code>{ rest }</code>
            { icon_button("small", "san-remove", "cross", t!("Remove {rest}", rest), false, super::onclick(draft, (index, 0), |draft, at, _| change_line(draft, at.0, None))) }
        </li>
    }
}

fn set_kind(draft: &mut Draft, at: super::At, kind: String) {
    let line = lines(&draft.names).into_iter().nth(at.0).unwrap_or_default();
    change_line(draft, at.0, Some(format!("{kind}:{}", kind_of(&line).1)));
}

/// Replaces a line, or takes it out.
fn change_line(draft: &mut Draft, index: usize, line: Option<String>) {
    let mut all = lines(&draft.names);
    match (all.get_mut(index), line) {
        (Some(old), Some(new)) => *old = new,
        (Some(_), None) => drop(all.remove(index)),
        _ => {}
    }
    draft.names = all.join("\n");
}

/// The alternative names of the draft.
pub(super) fn all(draft: &Draft) -> Vec<String> {
    let host = host_in_subject(draft).filter(|_| !draft.common_name_alone);
    host.into_iter().chain(lines(&draft.names)).collect()
}

/// The names of a text: one a line, or with commas or semicolons between, unless it is a URI, which may have those inside.
fn lines(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for line in text.lines() {
        let separators: &[char] =
            if kind_of(line).0 == 3 || kind_of(line).0 >= KINDS.len() { &[] } else { &[',', ';'] };
        names
            .extend(line.split(separators).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned));
    }
    names
}

/// The number of its kind, and the name without its prefix.
fn kind_of(line: &str) -> (usize, &str) {
    let line = line.trim();
    if let Some((prefix, rest)) = line.split_once(':') {
        let prefix = prefix.trim().to_ascii_lowercase();
        if let Some(kind) = KINDS.iter().position(|(.., prefixes)| prefixes.contains(&prefix.as_str())) {
            return (kind, rest.trim());
        }
        if OTHER.contains(&prefix.as_str()) {
            return (KINDS.len(), line);
        }
    }
    let all = |allowed: fn(u8) -> bool| line.bytes().all(allowed);
    let kind = if line.contains("://") || line.starts_with("urn:") {
        3
    } else if line.contains('@') {
        2
    } else {
        let version_4 = all(|octet| octet.is_ascii_digit() || octet == b'.');
        let version_6 = line.contains("::") || line.matches(':').count() == 7;
        usize::from(
            version_4
                || (version_6 && all(|octet| octet.is_ascii_hexdigit() || octet == b':' || octet == b'.')),
        )
    };
    (kind, line)
}

/// Whether a name is certainly that of a host.
pub(in crate::pages::keystore) fn is_host(name: &str) -> bool {
    name.contains('.')
        && !name.starts_with('.')
        && !name.ends_with('.')
        && kind_of(name).0 == 0
        && name.chars().all(|character| {
            !character.is_ascii() || character.is_ascii_alphanumeric() || "-_.*".contains(character)
        })
}

/// The common name, if it is a host name that is not among the alternative names.
fn host_in_subject(draft: &Draft) -> Option<String> {
    let attributes = draft.plan.subject.iter().flatten();
    let name = attributes
        .filter(|attribute| attribute.name == "CN")
        .map(|attribute| attribute.value.trim())
        .next_back()?;
    let listed = lines(&draft.names).iter().any(|line| kind_of(line).1.eq_ignore_ascii_case(name));
    (is_host(name) && !listed).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use certwright_protocol::ui::SubjectAttribute;

    use super::*;

    #[test]
    fn names_stand_in_lines_or_with_commas() {
        assert_eq!(
            lines(" a.example \n\nIP:10.0.0.1, b.example;"),
            ["a.example", "IP:10.0.0.1", "b.example"]
        );
        assert_eq!(
            lines("https://a.example/?b=1,2;3\nother:1.2.3:04,05"),
            ["https://a.example/?b=1,2;3", "other:1.2.3:04,05"]
        );
    }

    #[test]
    fn kinds_are_recognised() {
        for (line, kind, rest) in [
            ("a.example", 0, "a.example"),
            ("DNS: a.example", 0, "a.example"),
            ("10.0.0.1", 1, "10.0.0.1"),
            ("2001:db8::1", 1, "2001:db8::1"),
            ("IP Address:::1", 1, "::1"),
            ("cafe.be", 0, "cafe.be"),
            ("a@b.example", 2, "a@b.example"),
            ("urn:a:b", 3, "urn:a:b"),
            ("URL:https://a/", 3, "https://a/"),
            ("UPN:a@b.example", 4, "a@b.example"),
            ("directory:CN=a", 5, "directory:CN=a"),
        ] {
            assert_eq!(kind_of(line), (kind, rest), "{line}");
        }
    }

    #[test]
    fn a_host_in_the_subject_becomes_a_name_once() {
        let mut draft = Draft::default();
        let name = |value: &str| vec![vec![SubjectAttribute { name: "CN".into(), value: value.into() }]];
        draft.names = "10.0.0.1".into();
        draft.plan.subject = name("a.example");
        assert_eq!(all(&draft), ["a.example", "10.0.0.1"]);
        draft.names = "DNS:A.example".into();
        assert_eq!(all(&draft), ["DNS:A.example"]);
        draft.names.clear();
        draft.common_name_alone = true;
        assert!(all(&draft).is_empty());
        draft.common_name_alone = false;
        for none in ["Jane Doe", "erp-client", "10.0.0.1", "a@b.example", ""] {
            draft.plan.subject = name(none);
            assert!(all(&draft).is_empty(), "{none}");
        }
    }

    #[test]
    fn a_line_changes_its_kind() {
        let mut draft = Draft { names: "a.example\nb@c.example".into(), ..Draft::default() };
        set_kind(&mut draft, (1, 0), "UPN".into());
        assert_eq!(draft.names, "a.example\nUPN:b@c.example");
        change_line(&mut draft, 0, None);
        assert_eq!(draft.names, "UPN:b@c.example");
        change_line(&mut draft, 7, None);
    }
}
