//! Which pairs of records are worth comparing: bounded candidate generation.
//!
//! Keys are derived per distinct value (sound of a name, outward postcode, birth year, …). Rules are conjunctions
//! of keys. [`plan`] chooses rules so that a simulated population of true pairs is covered within a budget of pairs;
//! [`pairs`] makes each pair once, in blocks of bounded size, and reports what was left out.

mod key;
mod meets;
mod pairs;
mod plan;
mod radix;

pub use key::{Key, KeyKind, keys_of};
pub use meets::Meeting;
pub use pairs::{Candidates, count, each_block, generate, hashes, rule_keys};
pub use plan::{budget, plan};

use serde::{Deserialize, Serialize};

/// A conjunction of keys: records that agree on all of them are compared.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Rule {
    /// Field names and how each is keyed.
    pub parts: Vec<RulePart>,
    /// Blocks with more records than this are left out (and counted).
    #[serde(default = "Rule::usual_block")]
    pub largest_block: u32,
}

/// One part of a rule.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct RulePart {
    /// Field name.
    pub field: String,
    /// How it is keyed.
    pub key: KeyKind,
}

impl Rule {
    const fn usual_block() -> u32 {
        1_000
    }
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (k, p) in self.parts.iter().enumerate() {
            if k > 0 {
                f.write_str(" and ")?;
            }
            write!(f, "{} ({})", p.field, p.key.words())?;
        }
        Ok(())
    }
}

/// What one rule did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleReport {
    /// The rule in words.
    pub rule: String,
    /// Pairs it made, those of earlier rules included.
    pub pairs: u64,
    /// Blocks of at least two records that were used.
    pub blocks: u64,
    /// Records in the largest block used.
    pub largest: u64,
    /// Blocks left out because they were too large.
    pub skipped_blocks: u64,
    /// Pairs those blocks would have made.
    pub skipped_pairs: u64,
}
