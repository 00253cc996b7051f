//! A reviewed file and what is wrong with it: file, line, reason.

use std::fmt;
use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;

/// One thing wrong with a reviewed file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The file's name.
    pub file: String,
    /// The line, from 1; 0 when it is about the file as a whole.
    pub line: usize,
    /// What is wrong, in words.
    pub reason: String,
}

impl Fault {
    /// A fault of a file as a whole.
    pub fn whole(file: &str, reason: String) -> Self {
        Self {
            file: file.to_owned(),
            line: 0,
            reason,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.reason),
            line => write!(f, "{}:{line}: {}", self.file, self.reason),
        }
    }
}

/// Everything wrong with reviewed files. The node does not start.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, fault) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// A file's name and text.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    name: String,
    text: String,
}

impl Source {
    pub(crate) fn new(name: &str, text: String) -> Self {
        Self {
            name: name.to_owned(),
            text,
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    fn line(&self, offset: usize) -> usize {
        let before = self.text.bytes().take(offset);
        before.filter(|byte| *byte == b'\n').count().saturating_add(1)
    }
}

/// Reads one file and gathers what is wrong with it.
pub(crate) struct Reader<'a> {
    source: &'a Source,
    faults: &'a mut Vec<Fault>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(source: &'a Source, faults: &'a mut Vec<Fault>) -> Self {
        Self { source, faults }
    }

    /// The whole file in the given shape, or none and a fault.
    pub(crate) fn parse<T: DeserializeOwned>(&mut self) -> Option<T> {
        match toml::from_str(&self.source.text) {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                self.fault(error.span().unwrap_or(0..0), error.message().to_owned());
                None
            }
        }
    }

    pub(crate) fn fault(&mut self, span: Range<usize>, reason: impl fmt::Display) {
        self.faults.push(Fault {
            file: self.source.name.clone(),
            line: self.source.line(span.start),
            reason: reason.to_string(),
        });
    }

    /// The value, or none and a fault at its line.
    pub(crate) fn need<T, E: fmt::Display>(&mut self, span: Range<usize>, found: Result<T, E>) -> Option<T> {
        match found {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(span, error);
                None
            }
        }
    }

    /// The text read as something, or none and a fault at its line.
    pub(crate) fn read<T, E: fmt::Display>(
        &mut self,
        text: &Spanned<String>,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        self.need(text.span(), read(text.get_ref()))
    }

    /// A fault unless the name is one of those known.
    pub(crate) fn one_of(&mut self, name: &Spanned<String>, what: &str, known: impl Fn(&str) -> bool) {
        if !known(name.get_ref()) {
            self.fault(name.span(), format!("there is no {what} `{}`", name.get_ref()));
        }
    }

    /// A fault for every id that was seen before, and for every one that is not plain.
    pub(crate) fn ids<'s>(&mut self, what: &str, ids: impl Iterator<Item = &'s Spanned<String>>) {
        let mut seen = std::collections::BTreeSet::new();
        for id in ids {
            let text = id.get_ref();
            if !is_plain(text) {
                let reason = format!("`{text}` is not an id: letters, digits and hyphens, up to 60");
                self.fault(id.span(), reason);
            }
            if !seen.insert(text.as_str()) {
                self.fault(id.span(), format!("the {what} `{text}` is there twice"));
            }
        }
    }

    /// A fault unless the text looks like an anchor of `docs/law.md`.
    pub(crate) fn anchor(&mut self, anchor: &Spanned<String>) -> String {
        if !is_plain(anchor.get_ref()) {
            self.fault(anchor.span(), "an authority is an anchor of docs/law.md");
        }
        anchor.get_ref().clone()
    }
}

fn is_plain(text: &str) -> bool {
    (1..=60).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}
