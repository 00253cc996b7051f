//! The smaller files: the pack's head, roles, ladder templates, categories, holds, retention and language.

use domain::calendar::zone;
use domain::clock::Confidence;
use domain::ladder::Accept;
use domain::pack::{Category, HoldRule, LadderTemplate, Prompt, Retention, Role};
use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::source::Reader;
use super::words::{ConfidenceWord, date};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeadFile {
    id: Spanned<String>,
    version: String,
    zone: Spanned<String>,
    office_calendar: String,
}

/// `pack.toml`.
pub(super) struct Head {
    pub(super) id: String,
    pub(super) version: String,
    pub(super) zone: TimeZone,
    pub(super) office_calendar: String,
}

pub(super) fn head(reader: &mut Reader<'_>) -> Option<Head> {
    let file = reader.parse::<HeadFile>()?;
    reader.ids("pack", std::iter::once(&file.id));
    Some(Head {
        zone: reader.read(&file.zone, zone)?,
        id: file.id.into_inner(),
        version: file.version,
        office_calendar: file.office_calendar,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleFile {
    role: Vec<RoleRow>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleRow {
    id: Spanned<String>,
    title: String,
    #[serde(default = "yes")]
    post: bool,
    #[serde(default)]
    acceptor: bool,
}

/// `roles.toml`. A role of posts must be one that policy knows, and an inspectorate is never a rung's top.
pub(super) fn roles(reader: &mut Reader<'_>) -> Vec<Role> {
    let Some(file) = reader.parse::<RoleFile>() else {
        return Vec::new();
    };
    reader.ids("role", file.role.iter().map(|row| &row.id));
    for row in file.role.iter().filter(|row| row.post) {
        let known = |id: &str| domain::policy::Role::from_code(id).is_some();
        reader.one_of(&row.id, "role in the policy called", known);
    }
    let rows = file.role.into_iter();
    rows.map(|row| Role {
        id: row.id.into_inner(),
        title: row.title,
        post: row.post,
        acceptor: row.acceptor && row.post,
    })
    .collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LadderFile {
    ladder: Vec<LadderRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LadderRow {
    id: Spanned<String>,
    authority: Spanned<String>,
    in_hours: Spanned<Vec<RungRow>>,
    out_of_hours: Spanned<Vec<RungRow>>,
    outside: Spanned<Vec<RungRow>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RungRow {
    role: Spanned<String>,
    accept: Spanned<String>,
}

/// `ladders.toml`. Both branches end with a role that must accept; somebody stands outside; no inspectorate.
pub(super) fn ladders(reader: &mut Reader<'_>, roles: &[Role]) -> Vec<LadderTemplate> {
    let Some(file) = reader.parse::<LadderFile>() else {
        return Vec::new();
    };
    reader.ids("ladder", file.ladder.iter().map(|row| &row.id));
    let mut ladders = Vec::new();
    for row in &file.ladder {
        for branch in [&row.in_hours, &row.out_of_hours] {
            let top = branch.get_ref().last().map(|rung| rung.role.get_ref());
            if !roles.iter().any(|role| role.acceptor && Some(&role.id) == top) {
                reader.fault(
                    branch.span(),
                    "this branch does not end with a role that must accept",
                );
            }
        }
        if row.outside.get_ref().is_empty() {
            reader.fault(
                row.outside.span(),
                "there is nobody outside the line to go round to",
            );
        }
        ladders.push(LadderTemplate {
            id: row.id.get_ref().clone(),
            in_hours: rungs(reader, row.in_hours.get_ref(), roles),
            out_of_hours: rungs(reader, row.out_of_hours.get_ref(), roles),
            outside: rungs(reader, row.outside.get_ref(), roles),
            authority: reader.anchor(&row.authority),
        });
    }
    ladders
}

fn rungs(reader: &mut Reader<'_>, rows: &[RungRow], roles: &[Role]) -> Vec<(String, Accept)> {
    let mut rungs = Vec::new();
    for row in rows {
        reader.one_of(&row.role, "role of a post", |id| {
            roles.iter().any(|role| role.id == id && role.post)
        });
        if row.role.get_ref() == "inspector" {
            reader.fault(row.role.span(), "an inspectorate is never a rung");
        }
        if let Some(accept) = reader.read(&row.accept, str::parse::<Accept>) {
            rungs.push((row.role.get_ref().clone(), accept));
        }
    }
    rungs
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryFile {
    category: Vec<CategoryRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryRow {
    id: Spanned<String>,
    title: String,
    #[serde(default)]
    sexual_harm: bool,
    authority: Spanned<String>,
}

/// `categories.toml`.
pub(super) fn categories(reader: &mut Reader<'_>) -> Vec<Category> {
    let Some(file) = reader.parse::<CategoryFile>() else {
        return Vec::new();
    };
    reader.ids("category", file.category.iter().map(|row| &row.id));
    let category = |row: CategoryRow| Category {
        authority: reader.anchor(&row.authority),
        id: row.id.into_inner(),
        title: row.title,
        sexual_harm: row.sexual_harm,
    };
    file.category.into_iter().map(category).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HoldFile {
    hold: Vec<HoldRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HoldRow {
    id: Spanned<String>,
    title: String,
    categories: Vec<Spanned<String>>,
    authority: Spanned<String>,
    review: Spanned<Datetime>,
    released_by: Spanned<[Spanned<String>; 2]>,
}

/// `holds.toml`. Two different bodies release a hold.
pub(super) fn holds(reader: &mut Reader<'_>, categories: &[Category], roles: &[Role]) -> Vec<HoldRule> {
    let Some(file) = reader.parse::<HoldFile>() else {
        return Vec::new();
    };
    reader.ids("hold", file.hold.iter().map(|row| &row.id));
    let mut holds = Vec::new();
    for row in &file.hold {
        for category in &row.categories {
            reader.one_of(category, "category", |id| {
                categories.iter().any(|one| one.id == id)
            });
        }
        let [first, second] = row.released_by.get_ref();
        for role in [first, second] {
            reader.one_of(role, "role", |id| {
                roles.iter().any(|one| one.id == id && one.post)
            });
        }
        if first.get_ref() == second.get_ref() {
            reader.fault(
                row.released_by.span(),
                "a hold is released by two different bodies",
            );
        }
        let Some(review) = reader.need(row.review.span(), date(*row.review.get_ref())) else {
            continue;
        };
        holds.push(HoldRule {
            id: row.id.get_ref().clone(),
            title: row.title.clone(),
            categories: row.categories.iter().map(|one| one.get_ref().clone()).collect(),
            authority: reader.anchor(&row.authority),
            review,
            released_by: vec![first.get_ref().clone(), second.get_ref().clone()],
        });
    }
    holds
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RetentionFile {
    retention: Vec<RetentionRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RetentionRow {
    id: Spanned<String>,
    title: String,
    years: Spanned<u32>,
    from: Spanned<String>,
    authority: Spanned<String>,
    #[serde(with = "ConfidenceWord")]
    confidence: Confidence,
}

/// `retention.toml`.
pub(super) fn retention(reader: &mut Reader<'_>) -> Vec<Retention> {
    let Some(file) = reader.parse::<RetentionFile>() else {
        return Vec::new();
    };
    reader.ids("retention", file.retention.iter().map(|row| &row.id));
    for row in &file.retention {
        reader.one_of(&row.from, "beginning of retention", |from| {
            matches!(from, "birth" | "death" | "closed" | "recorded")
        });
        if !(1..=150).contains(row.years.get_ref()) {
            reader.fault(row.years.span(), "records are kept from 1 to 150 years");
        }
    }
    let retention = |row: RetentionRow| Retention {
        authority: reader.anchor(&row.authority),
        id: row.id.into_inner(),
        title: row.title,
        years: row.years.into_inner(),
        from: row.from.into_inner(),
        confidence: row.confidence,
    };
    file.retention.into_iter().map(retention).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LanguageFile {
    prompt: Vec<PromptRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PromptRow {
    id: Spanned<String>,
    phrases: Spanned<Vec<String>>,
    advice: String,
    #[serde(with = "ConfidenceWord")]
    confidence: Confidence,
}

/// `language.toml`. Phrases are in lower case, so that they are found whatever the writer's capitals.
pub(super) fn prompts(reader: &mut Reader<'_>) -> Vec<Prompt> {
    let Some(file) = reader.parse::<LanguageFile>() else {
        return Vec::new();
    };
    reader.ids("prompt", file.prompt.iter().map(|row| &row.id));
    for row in &file.prompt {
        let phrases = row.phrases.get_ref();
        let bad = |phrase: &String| phrase.trim().is_empty() || phrase.to_lowercase() != *phrase;
        if phrases.is_empty() || phrases.iter().any(bad) {
            reader.fault(row.phrases.span(), "a prompt has phrases, in lower case");
        }
    }
    let rows = file.prompt.into_iter();
    rows.map(|row| Prompt {
        id: row.id.into_inner(),
        phrases: row.phrases.into_inner(),
        advice: row.advice,
        confidence: row.confidence,
    })
    .collect()
}
