//! Things of the bag as text: in a few lines, as a tree, by their quality, and compared.

use certwright_protocol::ui::inspect::{
    Asn1Node, Asn1Tree, ComparedRow, Comparison, Sheet, Source, Thing, ThingKind, Tone,
};

/// What was recognised in a file.
pub(super) fn describe_sources(file: &str, sources: &[Source]) -> String {
    let what: Vec<&str> = sources.iter().map(|source| source.what.as_str()).collect();
    format!("{file}: {}", what.join("; "))
}

/// A thing in a few lines.
pub(super) fn describe(thing: &Thing) -> String {
    let mut lines = vec![format!("  {}: {}", kind(thing.kind), thing.title)];
    for detail in [&thing.subtitle, &thing.place].into_iter().filter(|detail| !detail.is_empty()) {
        lines.push(format!("    {detail}"));
    }
    let badges: Vec<&str> = thing.badges.iter().map(|badge| badge.text.as_str()).collect();
    if !badges.is_empty() {
        lines.push(format!("    {}", badges.join(", ")));
    }
    lines.join("\n")
}

fn kind(kind: ThingKind) -> &'static str {
    match kind {
        ThingKind::Certificate => "Certificate",
        ThingKind::Request => "Signing request",
        ThingKind::Crl => "Revocation list",
        ThingKind::OcspResponse => "OCSP response",
        ThingKind::OcspRequest => "OCSP request",
        ThingKind::PublicKey => "Public key",
        ThingKind::PrivateKey => "Private key",
        ThingKind::Asn1 => "ASN.1",
    }
}

fn heading(thing: &Thing) -> String {
    format!("{} “{}” ({})", kind(thing.kind), thing.title, thing.place)
}

/// An encoding: offset, header and content length of each element, then tag, name and value.
pub(super) fn describe_tree(thing: &Thing, tree: &Asn1Tree) -> String {
    let mut lines = vec![heading(thing)];
    lines.extend(tree.nodes.iter().map(describe_node));
    lines.extend(tree.cut.clone());
    lines.join("\n")
}

fn describe_node(node: &Asn1Node) -> String {
    let mut line = format!(
        "{:>7} {:>2}+{:<6}{}{}",
        node.offset,
        node.header,
        node.length,
        "  ".repeat(node.depth.into()),
        node.tag
    );
    if let Some(name) = &node.name {
        line.push_str(&format!(" {name}"));
    }
    if !node.value.is_empty() {
        line.push_str(&format!(": {}", node.value));
    }
    if let Some(remark) = &node.remark {
        line.push_str(&format!("  [{remark}]"));
    }
    line
}

/// What is to be said about the quality of a thing.
pub(super) fn describe_findings(sheet: &Sheet) -> String {
    let mut lines = vec![heading(&sheet.thing)];
    if sheet.findings.is_empty() {
        lines.push("  Nothing is to be said about its quality.".to_owned());
    }
    for finding in &sheet.findings {
        let grade = match finding.tone {
            Tone::Bad => "grave",
            Tone::Warn => "warning",
            Tone::Info => "remark",
            Tone::Good => "good",
        };
        lines.push(format!("  - {grade}: {} ({}; {})", finding.words.title, finding.rule, finding.source));
        lines.push(format!("    {}", finding.words.what_happened));
        if !finding.words.what_to_try.is_empty() {
            lines.push(format!("    What to try: {}", finding.words.what_to_try));
        }
    }
    lines.join("\n")
}

/// What differs, in sentences first, then row by row.
pub(super) fn describe_comparison(comparison: &Comparison) -> String {
    let mut lines = vec![
        format!("Left:  {}", heading(&comparison.left)),
        format!("Right: {}", heading(&comparison.right)),
    ];
    lines.extend(comparison.summary.iter().map(|sentence| format!("  - {sentence}")));
    for section in comparison.sections.iter().filter(|section| section.differs) {
        lines.push(String::new());
        lines.push(section.title.clone());
        for row in section.rows.iter().filter(|row| row.left != row.right) {
            describe_difference(row, &mut lines);
        }
    }
    lines.join("\n")
}

fn describe_difference(row: &ComparedRow, lines: &mut Vec<String>) {
    let indent = "  ".repeat(usize::from(row.depth) + 1);
    lines.push(format!("{indent}{}", row.label));
    for (sign, value) in [("-", &row.left), ("+", &row.right)] {
        if let Some(value) = value.as_ref().filter(|value| !value.is_empty()) {
            lines.push(format!("{indent}  {sign} {value}"));
        }
    }
}
