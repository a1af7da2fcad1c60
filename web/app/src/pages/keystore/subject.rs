//! A subject as it is being edited: its relative distinguished names in the order of the certificate, and as RFC 4514 text, which begins
//! with the last of them. Whether it is a good one, the worker judges.

use certwright_protocol::mark;
use certwright_protocol::ui::SubjectAttribute;

/// Relative distinguished names in the order of the certificate, each with one attribute or more. A value that is no text stands as `#`
/// and the hexadecimal digits of its DER; a text that looks like that, or begins with `\`, has a `\` before it.
pub(super) type Rdns = Vec<Vec<SubjectAttribute>>;

/// The parts that most subjects have, in the order of the text, most specific first.
pub(super) const PARTS: [(&str, &str, &str); 6] = [
    ("CN", mark!("Common name"), "client.example.com"),
    ("OU", mark!("Department"), mark!("Integration")),
    ("O", mark!("Organisation"), mark!("Example GmbH")),
    ("L", mark!("City"), mark!("Hamburg")),
    ("ST", mark!("State or province"), mark!("Hamburg")),
    ("C", mark!("Country (two letters)"), "DE"),
];

/// Where the attribute stands that is the value of a part, if there is one.
fn rank(rdn: &[SubjectAttribute]) -> Option<usize> {
    let first = rdn.first()?;
    PARTS.iter().position(|(name, ..)| *name == first.name)
}

/// Whether the six parts can show all of it.
pub(super) fn is_plain(subject: &Rdns) -> bool {
    subject.iter().enumerate().all(|(index, rdn)| {
        let place = rank(rdn);
        let earlier = subject.iter().take(index).any(|other| rank(other) == place);
        rdn.len() == 1 && place.is_some() && !earlier
    })
}

/// The value of a part.
pub(super) fn part(subject: &Rdns, index: usize) -> String {
    let rdn = subject.iter().find(|rdn| rank(rdn) == Some(index));
    rdn.and_then(|rdn| rdn.first()).map(|attribute| attribute.value.clone()).unwrap_or_default()
}

/// Sets the value of a part; a new one goes where it usually stands.
pub(super) fn set_part(subject: &mut Rdns, index: usize, value: String) {
    let Some((name, ..)) = PARTS.get(index) else { return };
    let there = subject.iter_mut().find(|rdn| rank(rdn) == Some(index));
    match there.and_then(|rdn| rdn.first_mut()) {
        Some(attribute) => attribute.value = value,
        None => {
            let after = subject.iter().position(|rdn| rank(rdn).is_some_and(|other| other < index));
            let attribute = SubjectAttribute { name: (*name).to_owned(), value };
            subject.insert(after.unwrap_or(subject.len()), vec![attribute]);
        }
    }
}

/// Moves an attribute up: within its relative distinguished name, or that one as a whole.
pub(super) fn move_up(subject: &mut Rdns, rdn: usize, attribute: usize) {
    if attribute > 0 {
        if let Some(attributes) = subject.get_mut(rdn).filter(|attributes| attribute < attributes.len()) {
            attributes.swap(attribute - 1, attribute);
        }
    } else if rdn > 0 && rdn < subject.len() {
        subject.swap(rdn - 1, rdn);
    }
}

/// Moves an attribute down, as [`move_up`] does up.
pub(super) fn move_down(subject: &mut Rdns, rdn: usize, attribute: usize) {
    if attribute > 0 {
        move_up(subject, rdn, attribute + 1);
    } else {
        move_up(subject, rdn + 1, 0);
    }
}

/// Takes an attribute out.
pub(super) fn remove(subject: &mut Rdns, rdn: usize, attribute: usize) {
    if let Some(attributes) = subject.get_mut(rdn).filter(|attributes| attribute < attributes.len()) {
        attributes.remove(attribute);
    }
    subject.retain(|attributes| !attributes.is_empty());
}

/// Joins an attribute with the relative distinguished name above it, or parts it from there.
pub(super) fn join(subject: &mut Rdns, rdn: usize, attribute: usize) {
    if attribute > 0 {
        let parted = match subject.get_mut(rdn) {
            Some(attributes) if attribute < attributes.len() => attributes.split_off(attribute),
            _ => return,
        };
        subject.insert(rdn + 1, parted);
    } else if rdn > 0 && rdn < subject.len() {
        let joined = subject.remove(rdn);
        if let Some(above) = subject.get_mut(rdn - 1) {
            above.extend(joined);
        }
    }
}

/// The subject without attributes that are still empty.
pub(super) fn filled(subject: &Rdns) -> Rdns {
    let filled = |rdn: &Vec<SubjectAttribute>| {
        let attributes = rdn.iter().filter(|attribute| !attribute.value.trim().is_empty());
        attributes.cloned().collect::<Vec<_>>()
    };
    subject.iter().map(filled).filter(|rdn| !rdn.is_empty()).collect()
}

/// The subject as RFC 4514 text.
pub(super) fn compose(subject: &Rdns) -> String {
    let mut text = String::new();
    for rdn in filled(subject).iter().rev() {
        let mut separator = if text.is_empty() { "" } else { "," };
        for attribute in rdn {
            text.push_str(separator);
            text.push_str(attribute.name.trim());
            text.push('=');
            push_value(attribute.value.trim(), &mut text);
            separator = "+";
        }
    }
    text
}

/// Appends a value, escaped (RFC 4514 section 2.4).
fn push_value(value: &str, text: &mut String) {
    let digits = value.strip_prefix('#').filter(|digits| digits.len() > 2 && digits.len() % 2 == 0);
    if digits.is_some_and(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit())) {
        return text.push_str(value);
    }
    let value = match value.strip_prefix('\\') {
        Some(marked) if marked.trim_start().starts_with(['#', '\\']) => marked,
        _ => value,
    };
    let last = value.chars().count().saturating_sub(1);
    for (index, character) in value.chars().enumerate() {
        let at_end = index == 0 || index == last;
        match character {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' => text.push('\\'),
            '#' if index == 0 => text.push('\\'),
            ' ' if at_end => text.push('\\'),
            '\0' => {
                text.push_str("\\00");
                continue;
            }
            _ => {}
        }
        text.push(character);
    }
}

/// What people call a subject: its first common name, or the whole text.
pub(super) fn common_name(subject: &str) -> String {
    let mut parts = vec![String::new()];
    let mut characters = subject.chars();
    while let Some(character) = characters.next() {
        match (character, parts.last_mut()) {
            ('\\', Some(part)) => part.extend(characters.next()),
            (',' | '+', _) => parts.push(String::new()),
            (_, Some(part)) => part.push(character),
            (_, None) => {}
        }
    }
    let name = parts.iter().find_map(|part| part.trim_start().strip_prefix("CN="));
    name.unwrap_or(subject).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(text: &str) -> Rdns {
        let attribute = |text: &str| {
            let (name, value) = text.split_once('=').unwrap();
            SubjectAttribute { name: name.into(), value: value.into() }
        };
        text.split(',').map(|rdn| rdn.split('+').map(attribute).collect()).collect()
    }

    #[test]
    fn the_common_name_is_found() {
        assert_eq!(common_name("O=A\\,CN=no,CN=a\\,b.example,C=DE"), "a,b.example");
        assert_eq!(common_name("O=A,C=DE"), "O=A,C=DE");
        assert_eq!(common_name(""), "");
    }

    #[test]
    fn parts_find_their_places() {
        let mut parts = Rdns::new();
        for (index, value) in [(5, "DE"), (0, "a.example"), (2, "Müller, Söhne + Co"), (4, "")] {
            set_part(&mut parts, index, value.into());
        }
        assert_eq!(compose(&parts), "CN=a.example,O=Müller\\, Söhne \\+ Co,C=DE");
        set_part(&mut parts, 2, "B".into());
        assert_eq!(part(&parts, 2), "B");
        assert!(is_plain(&parts));
        assert!(!is_plain(&subject("OU=1,OU=2,CN=a")));
        assert!(!is_plain(&subject("DC=com,CN=a")));
        assert!(!is_plain(&subject("C=DE,CN=a+UID=b")));
    }

    #[test]
    fn values_are_escaped() {
        let mut odd = subject("CN=#1");
        for (value, written) in [
            ("#1 ", "\\#1"),
            ("a\\b\"c\0", "a\\\\b\\\"c\\00"),
            ("#0c0161", "#0c0161"),
            ("\\#0c0161", "\\#0c0161"),
            ("\\ #1", "\\ #1"),
            ("\\n", "\\\\n"),
        ] {
            odd[0][0].value = value.into();
            assert_eq!(compose(&odd), format!("CN={written}"));
        }
    }

    #[test]
    fn rows_move_join_and_part() {
        let mut rows = subject("C=DE,O=A,CN=a+UID=b");
        assert_eq!(compose(&rows), "CN=a+UID=b,O=A,C=DE");
        move_up(&mut rows, 2, 0);
        assert_eq!(rows, subject("C=DE,CN=a+UID=b,O=A"));
        move_up(&mut rows, 1, 1);
        move_down(&mut rows, 0, 0);
        assert_eq!(rows, subject("UID=b+CN=a,C=DE,O=A"));
        join(&mut rows, 0, 1);
        assert_eq!(rows, subject("UID=b,CN=a,C=DE,O=A"));
        join(&mut rows, 3, 0);
        assert_eq!(rows, subject("UID=b,CN=a,C=DE+O=A"));
        remove(&mut rows, 0, 0);
        remove(&mut rows, 1, 0);
        assert_eq!(rows, subject("CN=a,O=A"));
        // What is not there is left alone.
        for change in [move_up, move_down, remove, join] {
            change(&mut rows, 7, 0);
            change(&mut rows, 1, 3);
        }
        move_up(&mut rows, 0, 0);
        move_down(&mut rows, 1, 0);
        assert_eq!(rows, subject("CN=a,O=A"));
    }
}
