//! `outcomes.toml`: what may be decided or found, what each makes to be done, and what the reporter can be told.

use domain::clock::Clock;
use domain::outcome::{About, Condition, DutySpec, Finding, Outcome, Second, SecondReading, Sentence};
use domain::pack::Role;
use serde::Deserialize;
use toml::Spanned;

use super::source::Reader;
use super::words::{AboutWord, SecondWord};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    second_reading: SecondRow,
    outcome: Vec<Row>,
    finding: Vec<FindingRow>,
    sentence: Vec<SentenceRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SecondRow {
    when: Vec<Spanned<String>>,
    about_child: Spanned<u32>,
    naming_adult: Spanned<u32>,
    within_months: u32,
    authority: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: Spanned<String>,
    title: String,
    #[serde(with = "AboutWord")]
    about: About,
    ends: bool,
    reason: bool,
    duties: Vec<DutyRow>,
    #[serde(default)]
    stays_until_accepted: bool,
    #[serde(with = "SecondWord")]
    second: Second,
    lot_per_cent: Spanned<u8>,
    deciders: Vec<Spanned<String>>,
    tell_work: Vec<Spanned<String>>,
    authority: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DutyRow {
    clock: Spanned<String>,
    owner: Spanned<String>,
    night: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FindingRow {
    clock: Spanned<String>,
    id: Spanned<String>,
    title: String,
    duties: Vec<DutyRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SentenceRow {
    id: Spanned<String>,
    text: String,
    #[serde(default)]
    public: bool,
}

/// What the file holds.
pub(super) struct Decided {
    pub(super) outcomes: Vec<Outcome>,
    pub(super) findings: Vec<Finding>,
    pub(super) second_reading: SecondReading,
    pub(super) sentences: Vec<Sentence>,
}

/// Reads the file; names of clocks and roles must exist.
pub(super) fn read(reader: &mut Reader<'_>, clocks: &[Clock], roles: &[Role]) -> Option<Decided> {
    let file = reader.parse::<File>()?;
    reader.ids("outcome", file.outcome.iter().map(|row| &row.id));
    reader.ids("sentence", file.sentence.iter().map(|row| &row.id));
    let sentences: Vec<Sentence> = file.sentence.iter().map(sentence).collect();
    let second_reading = second(reader, &file.second_reading);
    let names = Names { clocks, roles };
    let outcomes = file
        .outcome
        .iter()
        .map(|row| outcome(reader, row, &names, &sentences))
        .collect();
    let mut findings: Vec<Finding> = Vec::new();
    for row in &file.finding {
        let one = finding(reader, row, &names);
        if findings
            .iter()
            .any(|other| other.clock == one.clock && other.id == one.id)
        {
            let reason = format!("the finding `{}` is there twice for one clock", one.id);
            reader.fault(row.id.span(), reason);
        }
        findings.push(one);
    }
    Some(Decided {
        outcomes,
        findings,
        second_reading,
        sentences,
    })
}

struct Names<'a> {
    clocks: &'a [Clock],
    roles: &'a [Role],
}

impl Names<'_> {
    fn duties(&self, reader: &mut Reader<'_>, rows: &[DutyRow]) -> Vec<DutySpec> {
        for row in rows {
            reader.one_of(&row.clock, "clock", |id| {
                self.clocks.iter().any(|clock| clock.id == id)
            });
            self.post_role(reader, &row.owner);
            if let Some(night) = &row.night {
                self.post_role(reader, night);
            }
        }
        let spec = |row: &DutyRow| DutySpec {
            clock: row.clock.get_ref().clone(),
            owner: row.owner.get_ref().clone(),
            night: row.night.as_ref().map(|role| role.get_ref().clone()),
        };
        rows.iter().map(spec).collect()
    }

    fn post_role(&self, reader: &mut Reader<'_>, role: &Spanned<String>) {
        let known = |id: &str| self.roles.iter().any(|role| role.id == id && role.post);
        reader.one_of(role, "role of a post", known);
    }
}

fn texts(list: &[Spanned<String>]) -> Vec<String> {
    list.iter().map(|one| one.get_ref().clone()).collect()
}

fn second(reader: &mut Reader<'_>, row: &SecondRow) -> SecondReading {
    for number in [&row.about_child, &row.naming_adult] {
        if *number.get_ref() < 2 {
            reader.fault(number.span(), "one concern is not yet repeated: say 2 or more");
        }
    }
    let condition = |code: &Spanned<String>| {
        let found = Condition::from_code(code.get_ref());
        reader.need(
            code.span(),
            found.ok_or_else(|| format!("there is no condition `{}`", code.get_ref())),
        )
    };
    let when = row.when.iter().filter_map(condition).collect();
    SecondReading {
        when,
        about_child: *row.about_child.get_ref(),
        naming_adult: *row.naming_adult.get_ref(),
        within_months: row.within_months,
        authority: reader.anchor(&row.authority),
    }
}

fn outcome(reader: &mut Reader<'_>, row: &Row, names: &Names<'_>, sentences: &[Sentence]) -> Outcome {
    if row.ends && !row.reason {
        reader.fault(row.id.span(), "an ending always needs a reason");
    }
    if *row.lot_per_cent.get_ref() > 100 {
        reader.fault(
            row.lot_per_cent.span(),
            "a lot is drawn from 0 to 100 in a hundred",
        );
    }
    if row.ends && row.second == Second::Never {
        reader.fault(
            row.id.span(),
            "an ending needs a second reader, at least under the conditions",
        );
    }
    row.deciders.iter().for_each(|role| names.post_role(reader, role));
    for id in &row.tell_work {
        let known = |id: &str| sentences.iter().any(|one| one.id == id && !one.public);
        reader.one_of(id, "sentence for people reporting in their work", known);
    }
    let id = row.id.get_ref();
    Outcome {
        id: id.clone(),
        title_key: format!("outcome-{id}"),
        title: row.title.clone(),
        about: row.about,
        ends: row.ends,
        reason: row.reason,
        duties: names.duties(reader, &row.duties),
        stays_until_accepted: row.stays_until_accepted,
        second: row.second,
        lot_per_cent: *row.lot_per_cent.get_ref(),
        deciders: texts(&row.deciders),
        tell_work: texts(&row.tell_work),
        authority: reader.anchor(&row.authority),
    }
}

fn finding(reader: &mut Reader<'_>, row: &FindingRow, names: &Names<'_>) -> Finding {
    reader.one_of(&row.clock, "clock", |id| {
        names.clocks.iter().any(|clock| clock.id == id)
    });
    reader.ids("finding", std::iter::once(&row.id));
    Finding {
        clock: row.clock.get_ref().clone(),
        id: row.id.get_ref().clone(),
        title: row.title.clone(),
        duties: names.duties(reader, &row.duties),
    }
}

fn sentence(row: &SentenceRow) -> Sentence {
    Sentence {
        id: row.id.get_ref().clone(),
        text: row.text.clone(),
        public: row.public,
    }
}
