//! The reviewed file of one agency, parsed.

use std::path::Path;

use domain::calendar::zone;
use domain::clock::{TimeOfDay, Unit};
use domain::hours::{Hours, Span};
use domain::id::{AgencyId, PostId};
use domain::pack::Pack;
use domain::person::Phone;
use domain::reference::Reference;
use jiff::tz::TimeZone;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Spanned;

use super::ladders::{self, LadderRow};
use super::{Agency, Post};
use crate::rules::{Fault, Faults, Reader, Source, time_of_day};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    agency: Head,
    #[serde(default)]
    hours: Vec<HoursRow>,
    #[serde(default)]
    team: Vec<TeamRow>,
    #[serde(default)]
    partner: Vec<PartnerRow>,
    post: Vec<PostRow>,
    ladder: Vec<LadderRow>,
    #[serde(default)]
    setting: Vec<SettingRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    id: Spanned<String>,
    name: Spanned<String>,
    prefix: Spanned<String>,
    zone: Spanned<String>,
    day_phone: Spanned<String>,
    night_phone: Spanned<String>,
    desk: Spanned<String>,
    ics: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HoursRow {
    id: Spanned<String>,
    #[serde(default)]
    always: bool,
    weekdays: Option<Spanned<Vec<String>>>,
    monday: Option<Spanned<Vec<String>>>,
    tuesday: Option<Spanned<Vec<String>>>,
    wednesday: Option<Spanned<Vec<String>>>,
    thursday: Option<Spanned<Vec<String>>>,
    friday: Option<Spanned<Vec<String>>>,
    saturday: Option<Spanned<Vec<String>>>,
    sunday: Option<Spanned<Vec<String>>>,
    holidays: Option<Spanned<Vec<String>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TeamRow {
    id: Spanned<String>,
    title: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartnerRow {
    id: Spanned<String>,
    name: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PostRow {
    id: Spanned<String>,
    title: String,
    role: Spanned<String>,
    team: Option<Spanned<String>>,
    hours: Spanned<String>,
    deputy: Option<Spanned<String>>,
    channels: Vec<Spanned<String>>,
    phone: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingRow {
    clock: Spanned<String>,
    length: Option<Spanned<u32>>,
    time_of_day: Option<Spanned<String>>,
}

/// A team.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Team {
    /// Its code.
    pub id: String,
    /// Its title, in English.
    pub title: String,
}

/// A length or time of day that the agency sets for a clock whose row allows it. What it does not say stays the row's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// The clock's id.
    pub clock: String,
    /// How many of the row's units.
    pub length: u32,
    /// The row's unit.
    pub unit: Unit,
    /// At what time on the last day it ends.
    pub time_of_day: TimeOfDay,
}

/// Everything in an agency's file.
#[derive(Clone, Debug)]
pub struct AgencyFile {
    /// What a node is opened with.
    pub agency: Agency,
    /// Its teams.
    pub teams: Vec<Team>,
    /// Its zone.
    pub zone: TimeZone,
    /// The reference of the integrated care system it belongs to, if it gives one.
    pub ics: Option<String>,
    /// Its own lengths.
    pub settings: Vec<Setting>,
    /// SHA-256 of the file's bytes with plain line ends, in hexadecimal: goes into the record that it was loaded.
    pub digest: String,
}

impl AgencyFile {
    /// Reads an agency's file.
    ///
    /// # Errors
    /// When it cannot be read, and everything [`AgencyFile::parse`] refuses.
    pub fn load(path: &Path, pack: &Pack) -> Result<Self, Faults> {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let unreadable = |error: std::io::Error| Faults(vec![Fault::whole(name, error.to_string())]);
        Self::parse(name, &std::fs::read_to_string(path).map_err(unreadable)?, pack)
    }

    /// Parses an agency's file against a rule pack, which says which roles, ladders and clocks there are.
    ///
    /// # Errors
    /// Everything wrong with it, with line and reason: slips, posts that do not exist, deputies in a ring, ladders without
    /// a top or a way round.
    pub fn parse(name: &str, text: &str, pack: &Pack) -> Result<Self, Faults> {
        let source = Source::new(name, text.to_owned());
        let mut faults = Vec::new();
        let parsed = read(&mut Reader::new(&source, &mut faults), pack, text);
        match parsed {
            Some(parsed) if faults.is_empty() => Ok(parsed),
            _ => Err(Faults(faults)),
        }
    }

    /// The rule pack with this agency's own lengths in it, and a version that says so.
    #[must_use]
    pub fn settled(&self, pack: &Pack) -> Pack {
        let mut pack = pack.clone();
        if self.settings.is_empty() {
            return pack;
        }
        let mut said = String::new();
        for setting in &self.settings {
            let rows = pack.clocks.iter_mut().filter(|clock| clock.id == setting.clock);
            for clock in rows {
                clock.length = setting.length;
                clock.time_of_day = setting.time_of_day;
            }
            let Setting {
                clock,
                length,
                time_of_day,
                ..
            } = setting;
            said.push_str(&format!("{clock}={length},{};", time_of_day.code()));
        }
        let digest = domain::record::hex(&Sha256::digest(said.as_bytes()));
        let short = digest.get(..8).unwrap_or_default();
        pack.version = format!("{}.{}-{short}", pack.version, self.agency.id);
        pack
    }
}

fn read(reader: &mut Reader<'_>, pack: &Pack, text: &str) -> Option<AgencyFile> {
    let file = reader.parse::<File>()?;
    let head = &file.agency;
    let id: AgencyId = reader.read(&head.id, str::parse)?;
    let zone = reader.read(&head.zone, zone)?;
    let prefix = reader.read(&head.prefix, prefix);
    if head.name.get_ref().trim().is_empty() {
        reader.fault(head.name.span(), "the agency has a name");
    }
    phone(reader, &head.day_phone);
    phone(reader, &head.night_phone);
    reader.ids("team", file.team.iter().map(|row| &row.id));
    reader.ids("hours", file.hours.iter().map(|row| &row.id));
    let hours: Vec<(String, Hours)> = hours(reader, &file.hours, &zone);
    let posts = posts(reader, &file, &id, &hours, pack);
    let desk = reader.read(&head.desk, |text| post_id(text, &id))?;
    if !posts.iter().any(|post| post.id == desk) {
        reader.fault(head.desk.span(), format!("there is no post `{desk}`"));
    }
    let made = ladders::Making {
        agency: &id,
        desk: &desk,
        posts: &posts,
        pack,
    };
    let ladders = ladders::read(reader, &file.ladder, &made, |team| {
        file.team.iter().any(|row| row.id.get_ref() == team)
    });
    let settings = settings(reader, &file.setting, pack);
    let partners = partners(reader, &file.partner);
    let plain = text.replace("\r\n", "\n");
    let digest = domain::record::hex(&Sha256::digest(plain.as_bytes()));
    Some(AgencyFile {
        agency: Agency {
            id,
            name: head.name.get_ref().clone(),
            prefix: prefix?,
            day_phone: head.day_phone.get_ref().clone(),
            night_phone: head.night_phone.get_ref().clone(),
            posts,
            ladders,
            partners,
            digest: digest.clone(),
        },
        teams: file
            .team
            .into_iter()
            .map(|row| Team {
                id: row.id.into_inner(),
                title: row.title,
            })
            .collect(),
        zone,
        ics: file.agency.ics,
        settings,
        digest,
    })
}

/// The names of the agencies whose posts are hosted here.
fn partners(reader: &mut Reader<'_>, rows: &[PartnerRow]) -> Vec<(AgencyId, String)> {
    reader.ids("partner", rows.iter().map(|row| &row.id));
    let mut partners = Vec::new();
    for row in rows {
        if row.name.get_ref().trim().is_empty() {
            reader.fault(row.name.span(), "an agency has a name");
        }
        if let Some(id) = reader.read(&row.id, str::parse) {
            partners.push((id, row.name.get_ref().clone()));
        }
    }
    partners
}

fn prefix(text: &str) -> Result<[char; 2], &'static str> {
    let wrong = "a prefix is two capital letters, without I and O";
    let mut letters = text.chars();
    let pair = match (letters.next(), letters.next(), letters.next()) {
        (Some(a), Some(b), None) => [a, b],
        _ => return Err(wrong),
    };
    Reference::from_random(pair, 0).map(|_| pair).map_err(|_| wrong)
}

fn phone(reader: &mut Reader<'_>, text: &Spanned<String>) {
    if !matches!(Phone::parse(text.get_ref()), Ok(Phone::Whole { .. })) {
        reader.fault(text.span(), "this is not a whole telephone number");
    }
}

/// A post named in the file: of this agency, unless it is written `agency/post`.
pub(super) fn post_id(text: &str, agency: &AgencyId) -> Result<PostId, domain::id::IdError> {
    if text.contains('/') {
        text.parse()
    } else {
        format!("{agency}/{text}").parse()
    }
}

fn spans(reader: &mut Reader<'_>, written: &Spanned<Vec<String>>) -> Vec<Span> {
    let read = |text: &String| reader.need(written.span(), Span::parse(text));
    let mut spans: Vec<Span> = written.get_ref().iter().filter_map(read).collect();
    spans.sort_unstable();
    if spans
        .windows(2)
        .any(|pair| matches!(pair, [a, b] if a.overlaps(*b)))
    {
        reader.fault(written.span(), "these hours overlap");
    }
    spans
}

fn hours(reader: &mut Reader<'_>, rows: &[HoursRow], zone: &TimeZone) -> Vec<(String, Hours)> {
    let mut all = Vec::new();
    for row in rows {
        let days = [
            &row.monday,
            &row.tuesday,
            &row.wednesday,
            &row.thursday,
            &row.friday,
            &row.saturday,
            &row.sunday,
        ];
        let said = days.iter().any(|day| day.is_some()) || row.weekdays.is_some() || row.holidays.is_some();
        if row.always == said {
            reader.fault(
                row.id.span(),
                "hours are either `always = true` or say at least one day",
            );
        }
        if row.always {
            all.push((row.id.get_ref().clone(), Hours::always(zone.clone())));
            continue;
        }
        let mut week: [Vec<Span>; 7] = Default::default();
        for ((place, slot), day) in week.iter_mut().enumerate().zip(days) {
            let usual = row.weekdays.as_ref().filter(|_| place < 5);
            if let Some(written) = day.as_ref().or(usual) {
                *slot = spans(reader, written);
            }
        }
        let holiday = row.holidays.as_ref().map(|written| spans(reader, written));
        let hours = Hours::new(week, holiday.unwrap_or_default(), zone.clone());
        all.push((row.id.get_ref().clone(), hours));
    }
    all
}

fn posts(
    reader: &mut Reader<'_>,
    file: &File,
    agency: &AgencyId,
    hours: &[(String, Hours)],
    pack: &Pack,
) -> Vec<Post> {
    let mut posts: Vec<Post> = Vec::new();
    for row in &file.post {
        let Some(post) = post(reader, file, row, agency, hours, pack) else {
            continue;
        };
        if posts.iter().any(|other| other.id == post.id) {
            reader.fault(row.id.span(), format!("the post `{}` is there twice", post.id));
            continue;
        }
        posts.push(post);
    }
    for row in &file.post {
        let Ok(id) = post_id(row.id.get_ref(), agency) else {
            continue;
        };
        let Some(deputy) = &row.deputy else { continue };
        let exists = |id: &PostId| posts.iter().any(|post| post.id == *id);
        match post_id(deputy.get_ref(), agency) {
            Ok(named) if !exists(&named) => {
                reader.fault(deputy.span(), format!("there is no post `{named}` to be deputy"));
            }
            Ok(_) if in_a_ring(&posts, &id) => {
                reader.fault(deputy.span(), format!("the deputies of `{id}` come back to it"));
            }
            _ => {}
        }
    }
    posts
}

fn in_a_ring(posts: &[Post], start: &PostId) -> bool {
    let deputy = |id: &PostId| {
        posts
            .iter()
            .find(|post| post.id == *id)
            .and_then(|post| post.deputy.as_ref())
    };
    let mut next = deputy(start);
    for _ in 0..posts.len() {
        match next {
            Some(id) if id == start => return true,
            Some(id) => next = deputy(id),
            None => return false,
        }
    }
    false
}

fn post(
    reader: &mut Reader<'_>,
    file: &File,
    row: &PostRow,
    agency: &AgencyId,
    hours: &[(String, Hours)],
    pack: &Pack,
) -> Option<Post> {
    let id = reader.read(&row.id, |text| post_id(text, agency));
    reader.one_of(&row.role, "role of a post", |role| {
        pack.role(role).is_some_and(|role| role.post)
    });
    if let Some(team) = &row.team {
        reader.one_of(team, "team", |id| {
            file.team.iter().any(|team| team.id.get_ref() == id)
        });
    }
    let open = hours
        .iter()
        .find(|(id, _)| id == row.hours.get_ref())
        .map(|(_, hours)| hours.clone());
    if open.is_none() {
        reader.fault(
            row.hours.span(),
            format!("there are no hours `{}`", row.hours.get_ref()),
        );
    }
    for channel in &row.channels {
        let known = |name: &str| matches!(name, "screen" | "email" | "text" | "telephone");
        reader.one_of(channel, "channel", known);
    }
    if let Some(number) = &row.phone {
        phone(reader, number);
    }
    let deputy = match &row.deputy {
        Some(deputy) => Some(reader.read(deputy, |text| post_id(text, agency))?),
        None => None,
    };
    Some(Post {
        id: id?,
        title: row.title.clone(),
        role: row.role.get_ref().clone(),
        team: row.team.as_ref().map(|team| team.get_ref().clone()),
        hours: open?,
        deputy,
        channels: row.channels.iter().map(|one| one.get_ref().clone()).collect(),
        phone: row.phone.as_ref().map(|number| number.get_ref().clone()),
    })
}

fn settings(reader: &mut Reader<'_>, rows: &[SettingRow], pack: &Pack) -> Vec<Setting> {
    reader.ids("setting for the clock", rows.iter().map(|row| &row.clock));
    let mut settings = Vec::new();
    for row in rows {
        let Some(clock) = pack.clocks.iter().find(|clock| clock.id == *row.clock.get_ref()) else {
            reader.fault(
                row.clock.span(),
                format!("there is no clock `{}`", row.clock.get_ref()),
            );
            continue;
        };
        if !clock.local_setting {
            let reason = format!(
                "the rule pack does not let an agency set `{}`: see {}",
                clock.id, clock.authority
            );
            reader.fault(row.clock.span(), reason);
        }
        let mut set = clock.clone();
        if let Some(length) = &row.length {
            set.length = *length.get_ref();
        }
        if let Some(text) = &row.time_of_day {
            set.time_of_day = reader.read(text, time_of_day).unwrap_or(set.time_of_day);
        }
        let line = row
            .length
            .as_ref()
            .map_or_else(|| row.clock.span(), Spanned::span);
        reader.need(line, set.check());
        settings.push(Setting {
            clock: clock.id.clone(),
            length: set.length,
            unit: clock.unit,
            time_of_day: set.time_of_day,
        });
    }
    settings
}
