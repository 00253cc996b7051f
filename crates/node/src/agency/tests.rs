//! The example agency as it is shipped, and what happens to a file with something wrong in it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use domain::ladder::{Accept, Away, Chairs, Held, Next, Seat, Situation, climb};
use domain::time::Instant;

use super::*;
use crate::rules::england;

const NORTHMERE: &str = include_str!("../../../../rules/demo/northmere.toml");

fn northmere() -> AgencyFile {
    let pack = england().unwrap();
    AgencyFile::parse("northmere.toml", NORTHMERE, &pack).unwrap_or_else(|faults| panic!("{faults}"))
}

fn at(text: &str) -> Instant {
    let local: jiff::civil::DateTime = text.parse().unwrap();
    let zone = domain::calendar::zone("Europe/London").unwrap();
    Instant::from_jiff(
        zone.to_ambiguous_zoned_datetime(local)
            .unambiguous()
            .unwrap()
            .timestamp(),
    )
}

/// The faults of the file with one piece of text changed.
fn faults(from: &str, to: &str) -> Vec<String> {
    assert!(NORTHMERE.contains(from), "`{from}` is not in the file");
    let text = NORTHMERE.replacen(from, to, 1);
    match AgencyFile::parse("northmere.toml", &text, &england().unwrap()) {
        Ok(_) => Vec::new(),
        Err(crate::rules::Faults(faults)) => faults.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn northmere_passes_its_own_check() {
    let (file, pack) = (northmere(), england().unwrap());
    let found = check(&file.agency, &pack, at("2026-11-27T16:45"));
    let refused: Vec<&Finding> = found.iter().filter(|one| one.level == Level::Refuse).collect();
    assert!(refused.is_empty(), "{refused:#?}");
    assert_eq!(
        (file.agency.prefix, file.agency.posts.len(), file.teams.len()),
        (['N', 'M'], 22, 6)
    );
    assert_eq!(file.digest.len(), 64);
}

#[test]
fn rungs_take_their_times_from_the_pack_unless_they_say() {
    let file = northmere();
    let owner = "northmere/north-worker".parse().unwrap();
    let ladder = file.agency.ladder_for("child-facing", &owner).unwrap();
    assert_eq!(ladder.id, "child-facing/north");
    assert_eq!(ladder.in_hours[0].accept, Accept::OpenMinutes(240));
    assert!(ladder.in_hours[3].acceptor && !ladder.in_hours[2].acceptor);
    let hub = "northmere/hub".parse().unwrap();
    assert_eq!(
        file.agency.ladder_for("child-facing", &hub).unwrap().id,
        "child-facing"
    );
    let officer = file.agency.ladder_for("restricted", &hub).unwrap();
    assert_eq!(officer.in_hours[0].accept, Accept::OpenMinutes(240));
    assert_eq!(
        file.agency.ladder_for("nonsense", &hub).map(|one| one.id.clone()),
        None
    );
}

#[test]
fn an_agency_sets_only_what_the_pack_lets_it() {
    let pack = england().unwrap();
    let with_closing = format!("{NORTHMERE}\n[[setting]]\nclock = \"C01\"\ntime_of_day = \"16:30\"\n");
    let file = AgencyFile::parse("northmere.toml", &with_closing, &pack).unwrap();
    let settled = file.settled(&pack);
    let told = at("2026-11-27T16:50");
    assert_eq!(
        settled.due("C13", told).unwrap().at.0,
        at("2026-12-03T00:00").0 - 1
    );
    assert!(
        settled
            .version
            .starts_with(&format!("{}.northmere-", pack.version))
    );
    let row = NORTHMERE.lines().position(|line| line == "clock = \"C13\"");
    let line = row.unwrap() + 1;
    assert_eq!(
        faults("clock = \"C13\"", "clock = \"C07\""),
        [format!(
            "northmere.toml:{line}: the rule pack does not let an agency set `C07`: see WT2023-ch3-assessment-45wd"
        )]
    );
    assert_eq!(
        faults("length = 3", "length = 3\ntime_of_day = \"late\""),
        [format!(
            "northmere.toml:{}: a time of day is `same`, `end-of-day` or a time such as `17:00`",
            line + 2
        )]
    );
    assert_eq!(
        faults("length = 3", "length = 0"),
        [format!(
            "northmere.toml:{}: the length must be at least 1",
            line + 1
        )]
    );
}

/// What is changed, into what, and the reason for which the file is refused.
const BROKEN: &[(&str, &str, &str)] = &[
    (
        "prefix = \"NM\"",
        "prefix = \"NO\"",
        "two capital letters, without I and O",
    ),
    ("\"01632 960 000\"", "\"960 000\"", "not a whole telephone number"),
    (
        "desk = \"hub\"",
        "desk = \"front\"",
        "there is no post `northmere/front`",
    ),
    (
        "zone = \"Europe/London\"",
        "zone = \"Northmere\"",
        "the time zone is not known",
    ),
    (
        "[\"08:30-16:30\"]",
        "[\"08:30-16:30\", \"16:00-18:00\"]",
        "these hours overlap",
    ),
    (
        "[\"08:30-16:30\"]",
        "[\"8.30-16:30\"]",
        "hours are written 08:30-17:00",
    ),
    (
        "always = true",
        "always = false",
        "either `always = true` or say at least one day",
    ),
    (
        "hours = \"desk\"",
        "hours = \"lunch\"",
        "there are no hours `lunch`",
    ),
    (
        "role = \"team-manager\"",
        "role = \"manager\"",
        "there is no role of a post `manager`",
    ),
    (
        "role = \"team-manager\"",
        "role = \"employer\"",
        "there is no role of a post `employer`",
    ),
    ("team = \"north\"", "team = \"west\"", "there is no team `west`"),
    (
        "deputy = \"hub-manager\"",
        "deputy = \"nobody\"",
        "there is no post `northmere/nobody` to be deputy",
    ),
    (
        "deputy = \"director\"",
        "deputy = \"south-manager\"",
        "come back to it",
    ),
    (
        "channels = [\"screen\", \"email\"]",
        "channels = [\"pigeon\"]",
        "there is no channel `pigeon`",
    ),
    (
        "id = \"south-worker\"",
        "id = \"north-worker\"",
        "the post `northmere/north-worker` is there twice",
    ),
    (
        "id = \"south-worker\"",
        "id = \"South Worker\"",
        "lower-case letters, digits and hyphens",
    ),
    (
        "{ post = \"service-manager\" },",
        "{ post = \"nobody\" },",
        "there is no post `northmere/nobody`",
    ),
    (
        "{ post = \"service-manager\" },",
        "{ post = \"inspector\" },",
        "an inspectorate is never a rung",
    ),
    (
        "{ post = \"service-manager\" },",
        "{ post = \"hub-manager\" },",
        "stands twice in one branch",
    ),
    (
        "{ post = \"service-manager\" },",
        "{ post = \"operator\" },",
        "say `accept`",
    ),
    (
        "{ post = \"monitoring-officer\" },\n]",
        "{ post = \"director\", accept = \"1 hour\" },\n]",
        "cannot be the way round it",
    ),
    (
        "  { post = \"northmere-partnership/scrutineer\" },\n]",
        "  { post = \"director\" },\n]",
        "does not end with a post that must accept",
    ),
    (
        "  { post = \"northmere-police/partnership-lead\" },\n",
        "",
        "has no partner-lead, which the rule pack asks for",
    ),
    (
        "[[ladder]]\nid = \"housekeeping\"",
        "[[ladder]]\nid = \"kitchen\"",
        "the rule pack has no ladder `kitchen`",
    ),
    (
        "id = \"child-facing\"\nteam = \"north\"",
        "id = \"child-facing\"",
        "the ladder `child-facing` is there twice",
    ),
    ("ics = ", "icb = ", "unknown field `icb`"),
];

#[test]
fn a_file_that_cannot_work_is_refused_with_line_and_reason() {
    for (from, to, reason) in BROKEN {
        let found = faults(from, to);
        let fits = |fault: &String| fault.starts_with("northmere.toml:") && fault.contains(reason);
        assert!(found.iter().any(fits), "{reason}: {found:#?}");
    }
    let line = NORTHMERE
        .lines()
        .position(|line| line.starts_with("prefix"))
        .unwrap()
        + 1;
    assert!(faults("prefix = \"NM\"", "prefix = \"nm\"")[0].starts_with(&format!("northmere.toml:{line}: ")));
}

#[test]
fn a_check_finds_what_would_reach_nobody() {
    let pack = england().unwrap();
    let reasons = |change: fn(&mut Agency)| {
        let mut agency = northmere().agency;
        change(&mut agency);
        let found = check(&agency, &pack, at("2026-11-27T16:45"));
        let refused = found.into_iter().filter(|one| one.level == Level::Refuse);
        refused.map(|one| one.to_string()).collect::<Vec<String>>()
    };
    let without = reasons(|agency| agency.ladders.retain(|ladder| ladder.id != "restricted"));
    assert!(
        without.contains(&"refused: C12: its ladder `restricted` is not in the agency's file".to_owned())
    );
    let without = reasons(|agency| agency.posts.retain(|post| post.role != "records-officer"));
    assert!(without.contains(&"refused: erasure-cooling: no post is a records-officer".to_owned()));
    let dark = reasons(|agency| agency.posts.retain(|post| post.role != "emergency-duty-worker"));
    assert!(
        dark.iter()
            .any(|reason| reason.contains("neither the hub nor the emergency duty post is open"))
    );
    let warned = check(&northmere().agency, &pack, at("2026-11-27T16:45"));
    assert!(
        warned
            .iter()
            .any(|one| one.about == "northmere/night-second" && one.reason.contains("no deputy"))
    );
}

// Law: OWN-R2-out-of-hours, OWN-R4-ladder
#[test]
fn northmere_climbs_on_a_bank_holiday_friday() {
    let (file, pack) = (northmere(), england().unwrap());
    let seat = |post: &Post| Seat {
        post: post.id.clone(),
        hours: post.hours.clone(),
        deputy: post.deputy.clone(),
    };
    let held = |(post, n): (&Post, u8)| Held {
        post: post.id.clone(),
        who: domain::id::PractitionerId([n; 16]),
        from: Instant(0),
        to: None,
    };
    let posts = &file.agency.posts;
    let away = Vec::<Away>::new();
    let chairs = Chairs::new(
        posts.iter().map(seat).collect(),
        posts.iter().zip(1..).map(held).collect(),
        away,
    );
    let owner = "northmere/night-first".parse().unwrap();
    let told = at("2026-08-28T16:50");
    let due = pack.due("C01a", told).unwrap().at;
    let situation = Situation {
        ladder: file.agency.ladder_for("child-facing", &owner).unwrap(),
        chairs: &chairs,
        calendar: pack.office().unwrap(),
        facing: domain::clock::Facing::Child,
        all_hours: true,
        owner: &owner,
        due,
        told: &[],
        stepped: &[],
        excluded: &[],
        barred: &[],
        now: due,
    };
    let next = climb(&situation).unwrap().next;
    let Next::Climb { rung, by_when, .. } = next else {
        panic!("{next:?}")
    };
    assert_eq!(
        (rung.post(), by_when),
        ("night-second", Some(at("2026-08-28T17:50")))
    );
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever line goes, comes twice or is cut short: an answer, and faults at lines that are there.
    #[test]
    fn a_damaged_file_gets_an_answer(line in 0_usize..358, how in 0..3, cut in 0_usize..40) {
        let pack = england().unwrap();
        let mut lines: Vec<String> = NORTHMERE.lines().map(ToOwned::to_owned).collect();
        let line = line.min(lines.len() - 1);
        match how {
            0 => drop(lines.remove(line)),
            1 => lines.insert(line, lines[line].clone()),
            _ => lines[line] = lines[line].chars().take(cut).collect(),
        }
        if let Err(crate::rules::Faults(faults)) = AgencyFile::parse("northmere.toml", &lines.join("\n"), &pack) {
            proptest::prop_assert!(!faults.is_empty());
            proptest::prop_assert!(faults.iter().all(|fault| (1..=lines.len() + 1).contains(&fault.line)));
        }
    }
}
