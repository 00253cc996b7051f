//! What a person has answered so far, and what is still missing, in words.

use crate::i18n::Texts;
use crate::web::components::chips::Chip;
use crate::web::components::field::Errors;

/// The most characters a member of the public may write at once.
pub const WORRY_MOST: usize = 5_000;
/// The most characters somebody reporting in their work may paste at once.
pub const WORK_MOST: usize = 20_000;
/// The most characters of any other answer.
pub const SHORT_MOST: usize = 500;
/// The most subjects on one report.
pub const CHIPS_MOST: usize = 40;

/// Codes of the answers to "is the child safe until the next working day?".
pub const SAFE: &[&str] = &["yes", "no", "unknown"];
/// Codes of the answers to "have you spoken to someone?".
pub const SPOKE: &[&str] = &["yes", "no-answer", "not-yet", "not-safe-to-ring"];
/// Codes of the answers about the parents or carers.
pub const KNOW: &[&str] = &[
    "know-safe",
    "know-not-safe",
    "do-not-know",
    "must-not-know",
    "unknown",
];
/// Codes of the ways to reach somebody.
pub const REACH: &[&str] = &["none", "phone", "text", "email", "person"];

/// Everything asked, as typed. Codes are checked when they are taken; words are kept as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Answers {
    /// What worries them.
    pub worry: String,
    /// A code of [`SAFE`], or empty.
    pub safe: String,
    /// A code of [`SPOKE`], or empty.
    pub spoke: String,
    /// Who or where.
    pub chips: Vec<Chip>,
    /// Whether it involves somebody who works with children: `yes`, `no`, `unknown`, or empty.
    pub colleague: String,
    /// A code of [`KNOW`], or empty.
    pub know: String,
    /// Who must not know, and why.
    pub know_more: String,
    /// A code of [`REACH`], or empty.
    pub reach: String,
    /// The number, address or person.
    pub contact: String,
    /// The name to ask for.
    pub ask_for: String,
    /// When it is safe.
    pub when: String,
    /// The reporter's own name, when they give it.
    pub name: String,
    /// Their role, when reporting in their work.
    pub role: String,
    /// Their organisation, when reporting in their work.
    pub org: String,
    /// Their own reference, when reporting in their work.
    pub own_ref: String,
    /// Whether it may be about sexual abuse or exploitation, when reporting in their work: `yes`, `no`, `unknown`, or empty.
    pub sexual: String,
    /// Whether it is safe to keep something: `yes` or `no`, or empty.
    pub keep: String,
    /// The word they chose, to come back with.
    pub word: String,
}

impl Answers {
    /// Errors of the first question.
    #[must_use]
    pub fn check_worry(&self, t: &Texts, most: usize) -> Errors {
        let length = self.worry.chars().count();
        let mut errors = Errors::new();
        if self.worry.trim().is_empty() {
            errors.push(("worry".into(), t.get("report-worry-empty")));
        } else if length > most {
            errors.push((
                "worry".into(),
                t.msg("report-worry-long").grouped("over", length - most).text(),
            ));
        }
        errors
    }

    /// Errors of the second question.
    #[must_use]
    pub fn check_safe(&self, t: &Texts) -> Errors {
        one_of(&self.safe, SAFE, "safe", || t.get("report-safe-error"))
    }

    /// Errors of "have you spoken to someone?".
    #[must_use]
    pub fn check_spoke(&self, t: &Texts) -> Errors {
        one_of(&self.spoke, SPOKE, "spoke", || t.get("report-spoke-error"))
    }

    /// Errors of the third question: the list may be empty; the question under it may not.
    #[must_use]
    pub fn check_who(&self, t: &Texts) -> Errors {
        one_of(&self.colleague, SAFE, "colleague", || {
            t.get("report-who-colleague-error")
        })
    }

    /// Errors of the fourth question.
    #[must_use]
    pub fn check_know(&self, t: &Texts) -> Errors {
        one_of(&self.know, KNOW, "know", || t.get("report-know-error"))
    }

    /// Errors of the fifth question.
    #[must_use]
    pub fn check_reach(&self, t: &Texts) -> Errors {
        let mut errors = one_of(&self.reach, REACH, "reach", || t.get("report-reach-error"));
        if errors.is_empty() && self.reach != "none" && self.contact.trim().is_empty() {
            errors.push(("contact".into(), t.get("report-reach-contact-error")));
        }
        errors
    }

    /// Errors of "is it safe to keep something?" and of the word.
    #[must_use]
    pub fn check_keep(&self, t: &Texts) -> Errors {
        let mut errors = one_of(&self.keep, &["yes", "no"], "keep", || t.get("report-keep-error"));
        if self.word.trim().chars().count() < 4 {
            errors.push(("word".into(), t.get("report-word-error")));
        }
        errors
    }

    /// Errors of the one page for people reporting in their work.
    #[must_use]
    pub fn check_work(&self, t: &Texts) -> Errors {
        let mut errors = self.check_worry(t, WORK_MOST);
        errors.extend(self.check_safe(t));
        errors.extend(self.check_who(t));
        errors.extend(self.check_know(t));
        let mut need = |value: &str, id: &str, words: String| {
            if value.trim().is_empty() {
                errors.push((id.to_owned(), words));
            }
        };
        need(&self.name, "name", t.get("work-name-error"));
        need(&self.role, "role", t.get("work-role-error"));
        need(&self.org, "org", t.get("work-org-error"));
        need(&self.contact, "contact", t.get("work-contact-error"));
        let word = self.word.trim().chars().count();
        if (1..4).contains(&word) {
            errors.push(("word".to_owned(), t.get("report-word-error")));
        }
        errors
    }

    /// Whether the number to ring is shown before anything else is asked.
    #[must_use]
    pub fn urgent(&self) -> bool {
        matches!(self.safe.as_str(), "no" | "unknown")
    }

    /// Add a subject, or replace the one at a place. Errors are those of the form.
    #[must_use]
    pub fn put_chip(&mut self, t: &Texts, chip: Chip, place: Option<usize>) -> Errors {
        if chip.what.trim().is_empty() {
            return vec![("add-what".into(), t.get("report-who-empty"))];
        }
        if let Some(kept) = place.and_then(|place| self.chips.get_mut(place)) {
            *kept = chip;
        } else if self.chips.len() < CHIPS_MOST {
            self.chips.push(chip);
        }
        Errors::new()
    }
}

fn one_of(value: &str, codes: &[&str], id: &str, words: impl Fn() -> String) -> Errors {
    if codes.contains(&value) {
        Errors::new()
    } else {
        vec![(id.to_owned(), words())]
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        reason = "tests"
    )]
    use super::{Answers, Chip, WORRY_MOST};
    use crate::i18n::Texts;

    #[test]
    fn what_is_missing_is_said_in_page_order() {
        let t = Texts::english().unwrap();
        let ids: Vec<String> = Answers::default()
            .check_work(&t)
            .into_iter()
            .map(|(id, _)| id)
            .collect();
        assert_eq!(
            ids,
            [
                "worry",
                "safe",
                "colleague",
                "know",
                "name",
                "role",
                "org",
                "contact"
            ]
        );
    }

    #[test]
    fn too_long_says_by_how_much() {
        let t = Texts::english().unwrap();
        let answers = Answers {
            worry: "x".repeat(WORRY_MOST + 3),
            ..Answers::default()
        };
        let errors = answers.check_worry(&t, WORRY_MOST);
        assert!(errors[0].1.contains("3 characters too long"), "{errors:?}");
    }

    #[test]
    fn a_way_needs_how_but_not_being_contacted_does_not() {
        let t = Texts::english().unwrap();
        let none = Answers {
            reach: "none".into(),
            ..Answers::default()
        };
        assert!(none.check_reach(&t).is_empty());
        let text = Answers {
            reach: "text".into(),
            ..Answers::default()
        };
        assert_eq!(text.check_reach(&t)[0].0, "contact");
        let wrong = Answers {
            reach: "pigeon".into(),
            ..Answers::default()
        };
        assert_eq!(wrong.check_reach(&t)[0].0, "reach");
    }

    #[test]
    fn a_subject_is_added_replaced_or_refused() {
        let t = Texts::english().unwrap();
        let mut answers = Answers::default();
        let chip = |what: &str| Chip {
            kind: "child".into(),
            what: what.into(),
            ..Chip::default()
        };
        assert!(answers.put_chip(&t, chip("A"), None).is_empty());
        assert!(answers.put_chip(&t, chip("B"), Some(0)).is_empty());
        assert_eq!(answers.chips, [chip("B")]);
        assert_eq!(answers.put_chip(&t, chip("  "), None)[0].0, "add-what");
    }
}
