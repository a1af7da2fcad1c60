//! What a rule found, as data: the words for it ask for each fact by its name.

/// The most items of a list that are kept: a certificate may hold a hundred thousand names.
const MAX_ITEMS: usize = 8;
/// The most characters of a text that are kept.
const MAX_CHARACTERS: usize = 200;

/// Facts with their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts(pub Vec<(&'static str, Value)>);

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text out of the certificate or the name of something; control characters are escaped, long texts cut.
    Text(String),
    /// A count, a length or a limit.
    Number(i64),
    /// A time in seconds since 1970.
    Time(i64),
    /// The first of many texts.
    List {
        /// The first ones.
        items: Vec<String>,
        /// How many there are.
        total: usize,
    },
}

impl Facts {
    /// No facts: the rule says it all.
    pub(super) fn none() -> Self {
        Self::default()
    }

    /// One fact.
    pub(super) fn of(name: &'static str, value: impl Into<Value>) -> Self {
        Self::default().with(name, value)
    }

    /// One more.
    #[must_use]
    pub(super) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.0.push((name, value.into()));
        self
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(shown(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(shown(&text))
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl<T: AsRef<str>> From<Vec<T>> for Value {
    fn from(texts: Vec<T>) -> Self {
        Self::List {
            items: texts.iter().take(MAX_ITEMS).map(|text| shown(text.as_ref())).collect(),
            total: texts.len(),
        }
    }
}

/// The text with its control characters escaped, cut if it is long.
fn shown(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().take(MAX_CHARACTERS) {
        if c.is_control() { out.extend(c.escape_default()) } else { out.push(c) }
    }
    if text.chars().nth(MAX_CHARACTERS).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_and_escaped() {
        assert_eq!(shown("a\u{0}b"), "a\\u{0}b");
        assert_eq!(shown(&"ä".repeat(300)).chars().count(), MAX_CHARACTERS + 1);
        let Value::List { items, total } = vec!["x"; 20].into() else { panic!() };
        assert_eq!((items.len(), total), (MAX_ITEMS, 20));
    }
}
