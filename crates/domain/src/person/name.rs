//! Names as given, handles, and the plain letters they are found by.

use super::{PREFIX_MAX, PREFIX_MIN, pieces, tidy};

/// Why text is not a name or a handle.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NameError {
    /// Nothing but spaces.
    #[error("a name cannot be empty")]
    Empty,
    /// Longer than 200 characters.
    #[error("a name has at most 200 characters")]
    TooLong,
    /// A character that is invisible or changes the direction of reading.
    #[error("the name has a character that cannot be shown")]
    Unseen,
    /// Not one letter or digit.
    #[error("a name has at least one letter")]
    NoLetter,
}

fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn given(text: &str) -> Result<String, NameError> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    if text.chars().count() > 200 {
        return Err(NameError::TooLong);
    }
    if text.chars().any(is_unseen) {
        return Err(NameError::Unseen);
    }
    if !text.chars().any(char::is_alphanumeric) {
        return Err(NameError::NoLetter);
    }
    Ok(text)
}

/// A letter without its marks, in lower case: as many letters as it is spelt with.
fn plain_letter(c: char, into: &mut String) {
    const TABLE: [(&str, &str); 24] = [
        ("àáâãäåāăąǎ", "a"),
        ("çćĉċč", "c"),
        ("ðďđ", "d"),
        ("èéêëēĕėęě", "e"),
        ("ĝğġģ", "g"),
        ("ĥħ", "h"),
        ("ìíîïĩīĭįıǐ", "i"),
        ("ĵ", "j"),
        ("ķ", "k"),
        ("ĺļľŀł", "l"),
        ("ñńņňŋ", "n"),
        ("òóôõöøōŏőǒ", "o"),
        ("ŕŗř", "r"),
        ("śŝşšș", "s"),
        ("ţťŧț", "t"),
        ("ùúûüũūŭůűųǔ", "u"),
        ("ŵ", "w"),
        ("ýÿŷ", "y"),
        ("źżž", "z"),
        ("ß", "ss"),
        ("æ", "ae"),
        ("œ", "oe"),
        ("þ", "th"),
        ("ĳ", "ij"),
    ];
    for c in c.to_lowercase() {
        match TABLE.iter().find(|(marked, _)| marked.contains(c)) {
            Some((_, letters)) => into.push_str(letters),
            // Combining marks, left over from letters written in two parts.
            None if matches!(c, '\u{300}'..='\u{36f}') => {}
            None => into.push(c),
        }
    }
}

/// The words of a text in plain letters: lower case, no marks, apostrophes closed up, everything else a space.
pub fn plain(text: &str) -> Vec<String> {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\'' | '’' | '‘' | '`' => {}
            c if c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}') => plain_letter(c, &mut out),
            _ => out.push(' '),
        }
    }
    out.split_whitespace().map(ToOwned::to_owned).collect()
}

fn beginning(word: &str, letters: usize) -> String {
    word.chars().take(letters).collect()
}

fn word_terms(words: &[String], into: &mut Vec<String>) {
    for word in words {
        into.push(format!("w:{word}"));
        let letters = word.chars().count().min(PREFIX_MAX);
        into.extend((PREFIX_MIN..=letters).map(|n| format!("p:{}", beginning(word, n))));
    }
}

/// A person's name, as given.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Name(String);

impl Name {
    /// Reads a name. Spaces are tidied, nothing else is changed.
    ///
    /// # Errors
    /// See [`NameError`].
    pub fn parse(text: &str) -> Result<Self, NameError> {
        given(text).map(Self)
    }

    /// As given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its words in plain letters.
    pub fn words(&self) -> Vec<String> {
        plain(&self.0)
    }

    /// What it is stored under to be found: whole words `w:`, and beginnings of three letters or more `p:`. Parts of a
    /// double-barrelled name count each, and closed up.
    pub fn search_terms(&self) -> Vec<String> {
        let mut words = self.words();
        for word in self.0.split_whitespace().filter(|word| word.contains('-')) {
            words.push(plain(word).concat());
        }
        let mut terms = Vec::new();
        word_terms(&words, &mut terms);
        tidy(terms)
    }

    /// What to look up for what somebody typed into a search: every term must be there. Empty when there is too little.
    pub fn query_terms(text: &str) -> Vec<String> {
        let terms = plain(text).into_iter().map(|word| {
            if word.chars().count() < PREFIX_MIN {
                format!("w:{word}")
            } else {
                format!("p:{}", beginning(&word, PREFIX_MAX))
            }
        });
        tidy(terms.collect())
    }
}

/// A name used on some service, with the service if it was said. Handles are re-used: never proof of a person.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Handle {
    platform: Option<String>,
    text: String,
}

impl Handle {
    /// Reads a handle.
    ///
    /// # Errors
    /// See [`NameError`].
    pub fn parse(platform: Option<&str>, text: &str) -> Result<Self, NameError> {
        Ok(Self {
            platform: platform.map(given).transpose()?,
            text: given(text)?,
        })
    }

    /// As given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The service, if it was said.
    pub fn platform(&self) -> Option<&str> {
        self.platform.as_deref()
    }

    /// Lower case, without the leading @ and without spaces.
    pub fn plain(&self) -> String {
        let lower = self.text.to_lowercase();
        let bare = lower.trim_start_matches('@');
        bare.chars().filter(|c| !c.is_whitespace()).collect()
    }

    /// What it is stored under: itself whole `h=`, and every three characters of it `h:`.
    pub fn search_terms(&self) -> Vec<String> {
        let plain = self.plain();
        let mut terms = vec![format!("h={plain}")];
        pieces('h', &plain, &mut terms);
        tidy(terms)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn names_are_kept_as_given_and_found_plain() {
        let name = Name::parse("  Zoë   O’Hara-Brook ").unwrap();
        assert_eq!(name.as_str(), "Zoë O’Hara-Brook");
        assert_eq!(name.words(), ["zoe", "ohara", "brook"]);
        let terms = name.search_terms();
        for term in ["w:zoe", "p:oha", "p:ohara", "w:brook", "w:oharabrook"] {
            assert!(terms.iter().any(|t| t == term), "{term}");
        }
        assert!(!terms.iter().any(|t| t == "p:oh"));
        assert_eq!(Name::query_terms("O'hara zo"), ["p:ohara", "w:zo"]);
    }

    #[test]
    fn two_ways_of_writing_a_letter_are_one() {
        assert_eq!(plain("Zoe\u{308} ŁUKASZ Straße"), ["zoe", "lukasz", "strasse"]);
        assert_eq!(plain("علی Анна"), ["علی", "анна"]);
    }

    #[test]
    fn what_cannot_be_shown_is_refused() {
        assert_eq!(Name::parse(" \t"), Err(NameError::Empty));
        assert_eq!(Name::parse("--"), Err(NameError::NoLetter));
        assert_eq!(Name::parse("Ana\u{202e}nA"), Err(NameError::Unseen));
        assert_eq!(Name::parse(&"a".repeat(201)), Err(NameError::TooLong));
    }

    #[test]
    fn every_query_for_a_beginning_is_answered() {
        let name = Name::parse("Bartholomew-Christopherson").unwrap();
        let terms = name.search_terms();
        for query in ["bar", "Bartholomew", "christophers", "bartholomewchrist"] {
            assert!(
                Name::query_terms(query).iter().all(|t| terms.contains(t)),
                "{query}"
            );
        }
    }

    #[test]
    fn handles_lose_case_and_at() {
        let handle = Handle::parse(Some("Wren"), "@Fen Fox_7").unwrap();
        assert_eq!(handle.plain(), "fenfox_7");
        assert!(handle.search_terms().contains(&"h:fox".to_owned()));
    }
}
