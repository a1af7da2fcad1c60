//! Composes a subject from its parts as RFC 4514 text. Whether it is a good one, the worker judges.

/// The parts in the order of the text, most specific first.
pub(super) const PARTS: [(&str, &str, &str); 6] = [
    ("CN", "Common name", "client.example.com"),
    ("OU", "Department", "Integration"),
    ("O", "Organisation", "Example GmbH"),
    ("L", "City", "Hamburg"),
    ("ST", "State or province", "Hamburg"),
    ("C", "Country (two letters)", "DE"),
];

/// The values of the parts, in their order, as text. Empty parts are left out.
pub(super) fn compose(values: &[String; 6]) -> String {
    PARTS
        .iter()
        .zip(values)
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|((name, ..), value)| format!("{name}={}", escape(value.trim())))
        .collect::<Vec<_>>()
        .join(",")
}

/// Escapes a value (RFC 4514 section 2.4). It is trimmed, so spaces at its ends need no escape.
fn escape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for (index, character) in value.chars().enumerate() {
        match character {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' => {
                text.push('\\');
                text.push(character);
            }
            '#' if index == 0 => text.push_str("\\#"),
            '\0' => text.push_str("\\00"),
            _ => text.push(character),
        }
    }
    text
}

/// The alternative names of a textarea: one a line, or with commas or semicolons between.
pub(super) fn names_of(text: &str) -> Vec<String> {
    text.split(['\n', ',', ';']).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
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

    #[test]
    fn the_common_name_is_found() {
        assert_eq!(common_name("O=A\\,CN=no,CN=a\\,b.example,C=DE"), "a,b.example");
        assert_eq!(common_name("O=A,C=DE"), "O=A,C=DE");
        assert_eq!(common_name(""), "");
    }

    #[test]
    fn parts_are_joined_and_escaped() {
        let values = ["a.example", "", "Müller, Söhne + Co", "", "", "DE"].map(str::to_owned);
        assert_eq!(compose(&values), "CN=a.example,O=Müller\\, Söhne \\+ Co,C=DE");
        let values = [" #1 ", "", "a\\b\"c", "", "", ""].map(str::to_owned);
        assert_eq!(compose(&values), "CN=\\#1,O=a\\\\b\\\"c");
    }

    #[test]
    fn names_stand_in_lines_or_with_commas() {
        assert_eq!(
            names_of(" a.example \n\nIP:10.0.0.1, b.example;"),
            ["a.example", "IP:10.0.0.1", "b.example"]
        );
    }
}
