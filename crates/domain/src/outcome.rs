//! What may be decided about one child in one concern, what each decision makes to be done, and who must read it second.
//!
//! The list itself is data in the rule pack; this module says what a row means. Two rules are fixed here because they are
//! the design's promises and not a county's choice: open duties block closing, and closing anything on which a duty was
//! made needs a second person.

/// A duty that a decision or a finding makes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DutySpec {
    /// The clock's id.
    pub clock: String,
    /// The role of the post that owns it.
    pub owner: String,
    /// The role that owns it if it is made while the desk is closed; none when that makes no difference.
    pub night: Option<String>,
}

impl DutySpec {
    /// The role of the post that owns it, made while the desk is open or closed.
    pub fn owner_when(&self, desk_open: bool) -> &str {
        match &self.night {
            Some(night) if !desk_open => night,
            _ => &self.owner,
        }
    }
}

/// What an outcome can be about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum About {
    /// A child.
    Child,
    /// An adult, place, vehicle, phone or handle, where no child is known.
    Other,
    /// Either.
    Any,
}

/// Why a second person must agree before an ending takes effect.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Condition {
    /// The child or a parent reported it.
    ChildOrParentReported,
    /// Somebody disagrees.
    SomeoneDisagrees,
    /// The reporter or any reader marked sexual harm or exploitation.
    SexualHarmMarked,
    /// It is the pack's n-th concern about this child within its months.
    RepeatedAboutChild,
    /// It is the pack's n-th concern naming this adult within its months.
    RepeatedNamingAdult,
    /// The reporter said that the child is not safe.
    ReporterSaidNotSafe,
    /// Whoever decides is not a registered social worker.
    DeciderNotRegistered,
}

impl Condition {
    /// Every condition.
    pub const ALL: [Self; 7] = [
        Self::ChildOrParentReported,
        Self::SomeoneDisagrees,
        Self::SexualHarmMarked,
        Self::RepeatedAboutChild,
        Self::RepeatedNamingAdult,
        Self::ReporterSaidNotSafe,
        Self::DeciderNotRegistered,
    ];

    /// The word used in rule files and records.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ChildOrParentReported => "child-or-parent-reported",
            Self::SomeoneDisagrees => "someone-disagrees",
            Self::SexualHarmMarked => "sexual-harm-marked",
            Self::RepeatedAboutChild => "repeated-about-child",
            Self::RepeatedNamingAdult => "repeated-naming-adult",
            Self::ReporterSaidNotSafe => "reporter-said-not-safe",
            Self::DeciderNotRegistered => "decider-not-registered",
        }
    }

    /// The condition with this code, if there is one.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// The pack's rule for second readings.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SecondReading {
    /// The conditions in force.
    pub when: Vec<Condition>,
    /// Which concern about one child counts as repeated: 3 for the third.
    pub about_child: u32,
    /// Which concern naming one adult counts as repeated: 2 for the second.
    pub naming_adult: u32,
    /// Within how many months.
    pub within_months: u32,
    /// The law or decision it rests on, as an anchor.
    pub authority: String,
}

/// What is known when somebody decides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Circumstances {
    /// The child or a parent reported it.
    pub child_or_parent_reported: bool,
    /// Somebody disagrees.
    pub someone_disagrees: bool,
    /// The reporter or any reader marked sexual harm or exploitation.
    pub sexual_harm_marked: bool,
    /// Concerns about this child within the pack's months, this one included.
    pub concerns_about_child: u32,
    /// Concerns naming the adult named most often within the pack's months, this one included.
    pub concerns_naming_adult: u32,
    /// The reporter said that the child is not safe. Not known counts as said.
    pub reporter_said_not_safe: bool,
    /// Whoever decides is a registered social worker.
    pub decider_registered: bool,
}

/// What reading a decision needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reading {
    /// It takes effect at once, and no lot is drawn.
    None,
    /// It takes effect at once; this many in a hundred are read afterwards, drawn by lot.
    ByLot {
        /// How many in a hundred.
        per_cent: u8,
    },
    /// It waits until a second person agrees, for these reasons.
    Before {
        /// Why; empty where the outcome always needs it.
        reasons: Vec<Condition>,
    },
}

/// When an outcome needs a second reader.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Second {
    /// Never before it takes effect.
    Never,
    /// When a condition of [`SecondReading`] holds.
    Conditions,
    /// Always.
    Always,
}

/// One row: something that may be decided.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// The row's id, such as `strategy-discussion`.
    pub id: String,
    /// The key of its title in the locale files.
    pub title_key: String,
    /// Its title in English.
    pub title: String,
    /// What it can be about.
    pub about: About,
    /// Whether it ends the matter for this child at this decision.
    pub ends: bool,
    /// Whether a reason is required. It is for every ending.
    pub reason: bool,
    /// The duties it makes.
    pub duties: Vec<DutySpec>,
    /// Whether the duty stays here until somebody elsewhere accepts.
    pub stays_until_accepted: bool,
    /// When a second person must agree first.
    pub second: Second,
    /// How many in a hundred of the rest are read second, by lot.
    pub lot_per_cent: u8,
    /// The roles that may decide it.
    pub deciders: Vec<String>,
    /// Ids of the sentences for somebody who reported in their work.
    pub tell_work: Vec<String>,
    /// The law it rests on, as an anchor.
    pub authority: String,
}

impl Outcome {
    /// Which second reading a decision needs.
    ///
    /// ```
    /// # use domain::outcome::*;
    /// # fn read(row: &Outcome, rule: &SecondReading, known: &Circumstances) {
    /// match row.reading(rule, known) {
    ///     Reading::Before { reasons } => println!("waits, open: {reasons:?}"),
    ///     Reading::ByLot { per_cent } => println!("takes effect; {per_cent} in 100 are read"),
    ///     Reading::None => println!("takes effect"),
    /// }
    /// # }
    /// ```
    pub fn reading(&self, rule: &SecondReading, known: &Circumstances) -> Reading {
        let reasons = rule.reasons(known);
        match self.second {
            Second::Always => Reading::Before { reasons },
            Second::Conditions if !reasons.is_empty() => Reading::Before { reasons },
            Second::Conditions | Second::Never if self.lot_per_cent > 0 => Reading::ByLot {
                per_cent: self.lot_per_cent,
            },
            Second::Conditions | Second::Never => Reading::None,
        }
    }

    /// Whether a post with this role may decide it.
    pub fn may_decide(&self, role: &str) -> bool {
        self.deciders.iter().any(|one| one == role)
    }
}

impl SecondReading {
    /// Whether a condition holds.
    pub fn holds(&self, condition: Condition, known: &Circumstances) -> bool {
        match condition {
            Condition::ChildOrParentReported => known.child_or_parent_reported,
            Condition::SomeoneDisagrees => known.someone_disagrees,
            Condition::SexualHarmMarked => known.sexual_harm_marked,
            Condition::RepeatedAboutChild => known.concerns_about_child >= self.about_child,
            Condition::RepeatedNamingAdult => known.concerns_naming_adult >= self.naming_adult,
            Condition::ReporterSaidNotSafe => known.reporter_said_not_safe,
            Condition::DeciderNotRegistered => !known.decider_registered,
        }
    }

    /// The conditions in force that hold.
    pub fn reasons(&self, known: &Circumstances) -> Vec<Condition> {
        let when = self.when.iter().copied();
        when.filter(|one| self.holds(*one, known)).collect()
    }
}

/// Whether a sealed record is drawn for a second reading: decided by its leaf hash, so that nobody chooses.
///
/// The first eight bytes as a fraction of all they could be, against `per_cent` in a hundred; 100 draws every one.
pub fn drawn(per_cent: u8, leaf: &[u8; 32]) -> bool {
    let [a, b, c, d, e, f, g, h, ..] = *leaf;
    let part = u128::from(u64::from_be_bytes([a, b, c, d, e, f, g, h]));
    part.saturating_mul(100) < u128::from(per_cent) << 64
}

/// Whether something can be closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Closing {
    /// No: so many duties are open.
    Refused {
        /// How many.
        open: usize,
    },
    /// Only with a second person, because a duty was made on it.
    NeedsSecond,
    /// By one person.
    Alone,
}

/// Whether something on which `made` duties were ever made, `open` of them not yet ended, can be closed.
pub const fn closing(made: usize, open: usize) -> Closing {
    match (made, open) {
        (_, 1..) => Closing::Refused { open },
        (1.., 0) => Closing::NeedsSecond,
        (0, 0) => Closing::Alone,
    }
}

/// A finding with which a duty of a clock can be answered, and what it makes to be done next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The clock whose duty is answered.
    pub clock: String,
    /// The finding's id, such as `conference-needed`.
    pub id: String,
    /// Its title in English.
    pub title: String,
    /// The duties it makes. Each starts when the answered duty was done.
    pub duties: Vec<DutySpec>,
}

/// A fixed sentence for telling the person who reported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sentence {
    /// Its id, which is also its key in the locale files.
    pub id: String,
    /// Its text in English.
    pub text: String,
    /// Whether it is for anyone. Such a sentence reads the same whether or not the child exists.
    pub public: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(second: Second, lot_per_cent: u8) -> Outcome {
        Outcome {
            id: "no-further-action".to_owned(),
            title_key: "outcome-no-further-action".to_owned(),
            title: "No further action".to_owned(),
            about: About::Any,
            ends: true,
            reason: true,
            duties: Vec::new(),
            stays_until_accepted: false,
            second,
            lot_per_cent,
            deciders: vec!["hub-decision-maker".to_owned()],
            tell_work: Vec::new(),
            authority: "own".to_owned(),
        }
    }

    fn rule() -> SecondReading {
        SecondReading {
            when: Condition::ALL.to_vec(),
            about_child: 3,
            naming_adult: 2,
            within_months: 12,
            authority: "own".to_owned(),
        }
    }

    const QUIET: Circumstances = Circumstances {
        child_or_parent_reported: false,
        someone_disagrees: false,
        sexual_harm_marked: false,
        concerns_about_child: 2,
        concerns_naming_adult: 1,
        reporter_said_not_safe: false,
        decider_registered: true,
    };

    #[test]
    fn each_condition_by_itself_needs_a_second_reader() {
        let (row, rule) = (row(Second::Conditions, 10), rule());
        assert_eq!(row.reading(&rule, &QUIET), Reading::ByLot { per_cent: 10 });
        let each = [
            Circumstances {
                child_or_parent_reported: true,
                ..QUIET
            },
            Circumstances {
                someone_disagrees: true,
                ..QUIET
            },
            Circumstances {
                sexual_harm_marked: true,
                ..QUIET
            },
            Circumstances {
                concerns_about_child: 3,
                ..QUIET
            },
            Circumstances {
                concerns_naming_adult: 2,
                ..QUIET
            },
            Circumstances {
                reporter_said_not_safe: true,
                ..QUIET
            },
            Circumstances {
                decider_registered: false,
                ..QUIET
            },
        ];
        for (known, condition) in each.iter().zip(Condition::ALL) {
            let reasons = vec![condition];
            assert_eq!(row.reading(&rule, known), Reading::Before { reasons });
            assert_eq!(Condition::from_code(condition.code()), Some(condition));
        }
    }

    #[test]
    fn always_and_never() {
        let noisy = Circumstances {
            sexual_harm_marked: true,
            ..QUIET
        };
        assert_eq!(row(Second::Never, 0).reading(&rule(), &noisy), Reading::None);
        let reasons = Vec::new();
        assert_eq!(
            row(Second::Always, 0).reading(&rule(), &QUIET),
            Reading::Before { reasons }
        );
    }

    #[test]
    fn the_lot_falls_as_often_as_it_should() {
        let leaves = (0..=u8::MAX).map(|first| [first; 32]);
        assert_eq!(leaves.clone().filter(|leaf| drawn(10, leaf)).count(), 26);
        assert_eq!(leaves.clone().filter(|leaf| drawn(0, leaf)).count(), 0);
        assert_eq!(leaves.filter(|leaf| drawn(100, leaf)).count(), 256);
    }

    // F05: a conference was needed, none was held, and it was closed.
    #[test]
    fn open_duties_block_closing() {
        assert_eq!(closing(2, 1), Closing::Refused { open: 1 });
        assert_eq!(closing(2, 0), Closing::NeedsSecond);
        assert_eq!(closing(0, 0), Closing::Alone);
    }
}
