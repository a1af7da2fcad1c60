//! Writes SVG 1.1: rectangles, lines, text. All text is escaped, since names in certificates are whatever somebody wrote there.
//!
//! Colours are called by the names of the page's own (`style/tokens.css`). In the page they are its variables; in a file they are written out.

use std::fmt::Write as _;

/// Names of colours, and what they are in a file: those of the light theme.
const COLOURS: [(&str, &str); 16] = [
    ("raised", "#ffffff"),
    ("sunk", "#efede6"),
    ("line", "#e1ded4"),
    ("line-strong", "#c4bfb1"),
    ("ink", "#1c1e24"),
    ("ink-soft", "#555862"),
    ("ink-faint", "#6b6e78"),
    ("accent", "#2f4bc4"),
    ("good", "#17703f"),
    ("good-wash", "#e6f3ea"),
    ("warn", "#8a5200"),
    ("warn-wash", "#fbf0dc"),
    ("bad", "#ae2318"),
    ("bad-wash", "#fbe9e6"),
    ("info", "#4a5478"),
    ("info-wash", "#edeef3"),
];

/// A picture that is being drawn, or done. Lengths are in pixels.
#[derive(Clone, PartialEq)]
pub(crate) struct Picture {
    title: String,
    description: String,
    width: u32,
    height: u32,
    body: String,
}

/// How text looks.
#[derive(Clone, Copy)]
pub(crate) struct Font {
    pub(crate) size: u32,
    pub(crate) bold: bool,
    /// A name of [`COLOURS`].
    pub(crate) colour: &'static str,
    /// `start`, `middle` or `end`.
    pub(crate) anchor: &'static str,
}

/// Text of that size and colour, beginning at its place.
pub(crate) const fn font(size: u32, colour: &'static str) -> Font {
    Font { size, bold: false, colour, anchor: "start" }
}

impl Font {
    pub(crate) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(crate) const fn at(self, anchor: &'static str) -> Self {
        Self { anchor, ..self }
    }
}

impl Picture {
    /// An empty picture. Title and description are for those who hear it.
    pub(crate) fn new(title: impl Into<String>, description: impl Into<String>, width: u32) -> Self {
        Self { title: title.into(), description: description.into(), width, height: 0, body: String::new() }
    }

    /// Makes it so high at least.
    pub(crate) fn reach(&mut self, height: i32) {
        self.height = self.height.max(height.unsigned_abs());
    }

    /// A rectangle with round corners; `dashes` draws its edge with gaps.
    pub(crate) fn rect(
        &mut self,
        (x, y, width, height): (i32, i32, i32, i32),
        fill: &str,
        edge: &str,
        dashes: bool,
    ) {
        let dashes = if dashes { " stroke-dasharray=\"6 4\" stroke-width=\"2\"" } else { "" };
        let _ = write!(
            self.body,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{}\" fill=\"{}\" stroke=\"{}\"{dashes}/>",
            if height < 20 { 3 } else { 8 },
            paint(fill),
            paint(edge)
        );
    }

    /// A line; `arrow` puts a head at its end.
    pub(crate) fn line(
        &mut self,
        (x1, y1): (i32, i32),
        (x2, y2): (i32, i32),
        colour: &str,
        dashes: bool,
        arrow: bool,
    ) {
        let colour = paint(colour);
        let dashes = if dashes { " stroke-dasharray=\"5 4\"" } else { "" };
        let _ = write!(
            self.body,
            "<path d=\"M{x1} {y1}L{x2} {y2}\" stroke=\"{colour}\" stroke-width=\"1.5\" fill=\"none\"{dashes}/>"
        );
        if arrow {
            let (dx, dy) = ((x2 - x1).signum() * 7, (y2 - y1).signum() * 7);
            // Across the line: for level and upright ones.
            let (ax, ay) = (if dx == 0 { 5 } else { 0 }, if dy == 0 { 5 } else { 0 });
            let (bx, by) = (x2 - dx, y2 - dy);
            let _ = write!(
                self.body,
                "<path d=\"M{x2} {y2}L{} {}L{} {}Z\" fill=\"{colour}\"/>",
                bx - ax,
                by - ay,
                bx + ax,
                by + ay
            );
        }
    }

    /// A line of text that is cut off where it would be wider than `width`. Its place is that of the base line.
    pub(crate) fn text(&mut self, (x, y): (i32, i32), width: i32, font: Font, text: &str) {
        let Font { size, bold, colour, anchor } = font;
        let weight = if bold { " font-weight=\"600\"" } else { "" };
        let anchor = if anchor == "start" { String::new() } else { format!(" text-anchor=\"{anchor}\"") };
        let _ = write!(
            self.body,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{}\"{weight}{anchor}>",
            paint(colour)
        );
        escape(&mut self.body, &cut(text, width, size));
        self.body.push_str("</text>");
    }

    /// As part of the page.
    pub(crate) fn to_svg(&self) -> String {
        let Self { title, description, width, height, body } = self;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif\"><title>"
        );
        escape(&mut svg, title);
        svg.push_str("</title><desc>");
        escape(&mut svg, description);
        svg.push_str("</desc>");
        svg.push_str(body);
        svg.push_str("</svg>");
        svg
    }

    /// As a file of its own.
    pub(crate) fn to_file(&self) -> String {
        let mut svg = self.to_svg();
        let paper = format!(
            "</desc><rect width=\"{}\" height=\"{}\" fill=\"{}\"/>",
            self.width,
            self.height,
            paint("raised")
        );
        svg = svg.replacen("</desc>", &paper, 1);
        for (name, value) in COLOURS {
            svg = svg.replace(&format!("var(--{name})"), value);
        }
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{svg}\n")
    }
}

fn paint(colour: &str) -> String {
    if colour == "none" { colour.to_owned() } else { format!("var(--{colour})") }
}

/// As much of the text as fits, by what letters take on average.
fn cut(text: &str, width: i32, size: u32) -> String {
    let room =
        usize::try_from(width.max(0)).unwrap_or_default() * 100 / (usize::try_from(size).unwrap_or(12) * 56);
    if text.chars().count() <= room {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(room.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// Text as XML has it, without the control characters that it cannot have.
fn escape(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out() {
        let mut picture = Picture::new("<script>", "a & b", 100);
        picture.text((0, 10), 1000, font(12, "ink"), "\"><script>alert(1)</script>\u{0}");
        picture.reach(20);
        let svg = picture.to_svg();
        assert!(!svg.contains("<script"), "{svg}");
        assert!(svg.contains("a &amp; b") && svg.contains("&quot;&gt;&lt;script&gt;"), "{svg}");
    }

    #[test]
    fn a_file_needs_no_page() {
        let mut picture = Picture::new("t", "d", 100);
        for (name, _) in COLOURS {
            picture.rect((0, 0, 10, 10), name, name, true);
        }
        picture.line((0, 0), (10, 0), "ink", true, true);
        let file = picture.to_file();
        assert!(!file.contains("var("), "{file}");
        assert!(file.starts_with("<?xml") && file.contains("#ae2318"));
    }

    #[test]
    fn long_text_is_cut() {
        assert_eq!(cut("short", 100, 12), "short");
        let long = cut(&"x".repeat(200), 100, 12);
        assert!(long.ends_with('…') && long.chars().count() < 20, "{long}");
    }
}
