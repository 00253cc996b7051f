//! What a record contains, opened: its fields by name, and the disclosures that prove them.

use domain::record::Value;
use ledger::leaf::Disclosure;

use crate::spine::from_leaf;

/// A record's blob, opened. Fields that were erased are simply not here.
#[derive(Clone, Debug, Default)]
pub struct Content {
    disclosures: Vec<Disclosure>,
}

impl Content {
    /// The bytes that the vault seals: disclosures joined by tildes, as a presentation joins them.
    pub(crate) fn encode(disclosures: &[Disclosure]) -> Vec<u8> {
        let encoded: Vec<&str> = disclosures.iter().map(Disclosure::encoded).collect();
        encoded.join("~").into_bytes()
    }

    /// Reads what the vault opened; `None` when it is not a blob.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let parts = text.split('~').filter(|part| !part.is_empty());
        let disclosures = parts
            .map(|part| Disclosure::parse(part).ok())
            .collect::<Option<_>>()?;
        Some(Self { disclosures })
    }

    /// The value of a field, unless it was never given or has been erased.
    pub fn get(&self, name: &str) -> Option<Value> {
        self.disclosures
            .iter()
            .find(|d| d.name() == name)
            .map(|d| from_leaf(d.value()))
    }

    /// The text of a field; empty when it is not there.
    pub fn text(&self, name: &str) -> String {
        match self.get(name) {
            Some(Value::Text(text)) => text,
            _ => String::new(),
        }
    }

    /// Every field with its disclosure.
    pub fn disclosures(&self) -> &[Disclosure] {
        &self.disclosures
    }

    /// The same content without one field.
    pub(crate) fn without(&self, name: &str) -> Self {
        Self {
            disclosures: self
                .disclosures
                .iter()
                .filter(|d| d.name() != name)
                .cloned()
                .collect(),
        }
    }
}
