//! The proof of one entry: the result in words, then the steps, then the numbers.

use askama::Template;

use crate::i18n::Texts;
use crate::web::components::layout::Shell;
use crate::web::components::summary_list::SummaryList;

/// The three results there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has not changed.
    Unchanged,
    /// It does not match.
    Mismatch,
    /// It cannot be checked now.
    NotNow,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "concern/proof.html")]
pub struct Proof<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// The concern's reference.
    pub reference: String,
    /// The entry's place.
    pub number: u32,
    /// When it was written.
    pub written: String,
    /// The result.
    pub outcome: Outcome,
    /// How it was checked, a sentence a step.
    pub steps: Vec<String>,
    /// The entry's hash in hex.
    pub leaf: String,
    /// The head's hash in hex.
    pub root: String,
    /// How many entries the head covers.
    pub size: String,
    /// When the head was signed.
    pub signed_at: String,
    /// The witnesses, or none.
    pub witnesses: Vec<String>,
}

impl Proof<'_> {
    fn result(&self) -> (String, String) {
        let t = self.t;
        match self.outcome {
            Outcome::Unchanged => {
                let text = t
                    .msg("proof-unchanged-text")
                    .n("number", self.number)
                    .arg("when", &self.written);
                (t.get("proof-unchanged"), text.text())
            }
            Outcome::Mismatch => (t.get("proof-mismatch"), t.get("proof-mismatch-text")),
            Outcome::NotNow => (
                t.get("proof-cannot"),
                t.msg("proof-cannot-text").arg("when", &self.written).text(),
            ),
        }
    }

    fn class(&self) -> &'static str {
        match self.outcome {
            Outcome::Unchanged => " app-call--accepted",
            Outcome::Mismatch => "",
            Outcome::NotNow => " app-call--waiting",
        }
    }

    fn numbers(&self) -> SummaryList {
        let t = self.t;
        let witnesses = if self.witnesses.is_empty() {
            t.get("proof-no-witness")
        } else {
            self.witnesses.join(", ")
        };
        SummaryList::new()
            .row(t.get("proof-leaf"), fours(&self.leaf))
            .row(t.get("proof-root"), fours(&self.root))
            .row(t.get("proof-size"), self.size.clone())
            .row(t.get("proof-signed-at"), self.signed_at.clone())
            .row(t.get("proof-witnesses"), witnesses)
    }
}

/// A hash in groups of four, to be read aloud.
#[must_use]
pub fn fours(hash: &str) -> String {
    let mut out = String::new();
    for (index, letter) in hash.chars().enumerate() {
        if index > 0 && index % 4 == 0 {
            out.push(' ');
        }
        out.push(letter);
    }
    out
}
