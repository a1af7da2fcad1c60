//! How well a name fits what is looked for: beginnings of words before what lies within words, and that before letters that merely follow each
//! other.

/// A letter sequence that is spread over a name.
const SPREAD: usize = 1_000;
/// Within a word.
const WITHIN: usize = 100;
/// Among the further words, rather than in the name.
const BESIDE: usize = 300;

/// How much worse than the best the name and its further words fit; `None` if a word of the query is in neither. Everything is in lower
/// case.
pub(super) fn worse(query: &[&str], name: &str, also: &str) -> Option<usize> {
    let mut sum = 0;
    for word in query {
        let beside = place(word, also).map(|place| place + BESIDE);
        let best = [place(word, name), beside, spread(word, name)].into_iter().flatten().min()?;
        sum += best;
    }
    Some(sum)
}

/// Where the word is in the text: the best place of all.
fn place(word: &str, text: &str) -> Option<usize> {
    let begins = |at: usize| !text.get(..at).is_some_and(|before| before.ends_with(char::is_alphanumeric));
    text.match_indices(word).map(|(at, _)| at.min(WITHIN / 2) + if begins(at) { 0 } else { WITHIN }).min()
}

/// The letters of the word in their order, with anything between.
fn spread(word: &str, text: &str) -> Option<usize> {
    let (mut rest, mut gaps) = (text, 0);
    for letter in word.chars() {
        let at = rest.find(letter)?;
        gaps += at;
        rest = rest.get(at + letter.len_utf8()..).unwrap_or_default();
    }
    Some(SPREAD + gaps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_fit_comes_first() {
        let names = ["new key", "keystore", "monkey", "lock the keystore", "make every yard"];
        let best = |query: &[&str]| {
            let mut fits: Vec<(usize, &str)> =
                names.iter().filter_map(|name| Some((worse(query, name, "")?, *name))).collect();
            fits.sort_unstable();
            fits.into_iter().map(|(_, name)| name).collect::<Vec<_>>()
        };
        assert_eq!(best(&["key"]), ["keystore", "new key", "lock the keystore", "monkey", "make every yard"]);
        assert_eq!(best(&["lk", "key"]), ["lock the keystore"]);
        assert_eq!(best(&["new", "k"]), ["new key"]);
        assert_eq!(best(&[]).len(), names.len());
        assert!(best(&["x"]).is_empty());
    }

    #[test]
    fn further_words_count_too() {
        assert!(
            worse(&["csr"], "new signing request", "csr renew") < worse(&["nwsg"], "new signing request", "")
        );
        assert_eq!(worse(&["é"], "clé", "").map(|worth| worth > 0), Some(true));
        assert_eq!(worse(&["zz"], "a", "z"), None);
    }
}
