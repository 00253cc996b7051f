//! The pack for England as it is built in, and what happens to a pack with something wrong in it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use domain::clock::{Confidence, Facing};
use domain::time::Instant;
use jiff::civil::{DateTime, date};

use super::*;

fn at(text: &str) -> Instant {
    let local: DateTime = text.parse().unwrap();
    let zone = domain::calendar::zone("Europe/London").unwrap();
    Instant::from_jiff(
        zone.to_ambiguous_zoned_datetime(local)
            .unambiguous()
            .unwrap()
            .timestamp(),
    )
}

/// The faults of a pack in which one file's text was changed.
fn faults(file: &str, from: &str, to: &str) -> Vec<String> {
    let mut sources = built_in();
    let source = sources.iter_mut().find(|source| source.name() == file).unwrap();
    assert!(source.text().contains(from), "`{from}` is not in {file}");
    *source = Source::new(file, source.text().replacen(from, to, 1));
    match read(&sources) {
        Ok(_) => Vec::new(),
        Err(Faults(faults)) => faults.iter().map(ToString::to_string).collect(),
    }
}

// Law: WT2023-ch3-referral-1wd, WT2023-ch3-assessment-45wd, WT2023-ch3-icpc-15wd
#[test]
fn england_has_its_clocks_and_none_of_them_pauses() {
    let pack = england().unwrap_or_else(|faults| panic!("{faults}"));
    let today = date(2026, 11, 27);
    for id in [
        "C01",
        "C01a",
        "C02",
        "C03",
        "C05",
        "C07",
        "C08",
        "C09",
        "C11-red",
        "C11-amber",
        "C11-green",
        "C12",
        "C13",
        "C14",
        "C20",
        "C40",
        "C42",
        "second-reading",
        "accept-hand-over",
        "read-notice",
        "tell-reporter",
        "answer-earlier-telling",
        "review-restriction",
        "erasure-cooling",
        "confirm-organisation",
    ] {
        let clock = pack.clock(id, today).unwrap_or_else(|| panic!("{id}"));
        assert!(clock.pauses.is_empty(), "{id}");
    }
    assert_eq!(pack.clock("C01", date(2020, 1, 1)), None);
    assert!(pack.clock("C01a", today).unwrap().all_hours);
    assert!(pack.clock("C07", today).unwrap().over_run.is_some());
    assert!(pack.clock("C01", today).unwrap().over_run.is_none());
    assert_eq!(pack.clock("C14", today).unwrap().confidence, Confidence::Low);
    assert_eq!(
        pack.clock("accept-transfer", today).unwrap().facing,
        Facing::Child
    );
    assert!(pack.version.starts_with("england-2026.11+") && pack.digest.len() == 64);
}

// Law: WT2023-ch3-referral-1wd, OWN-R2-out-of-hours
#[test]
fn the_bank_holiday_friday_by_the_pack() {
    let pack = england().unwrap();
    let told = at("2026-08-28T16:50");
    assert_eq!(pack.due("C01", told).unwrap().at, at("2026-09-01T16:50"));
    assert_eq!(pack.due("C01a", told).unwrap().at, at("2026-08-28T17:20"));
    let shown = pack.explain("C01", told).unwrap();
    assert_eq!(
        (shown.authority.as_str(), shown.steps.len()),
        ("WT2023-ch3-referral-1wd", 5)
    );
    assert!(pack.due("C99", told).is_err());
}

// Law: FOIA2000-s10-20wd, UKGDPR-art12-1m
#[test]
fn regimes_count_by_their_own_calendars() {
    let pack = england().unwrap();
    // St Andrew's Day 2026 is a holiday for freedom of information, not for social care.
    let told = at("2026-11-27T10:00");
    assert_eq!(pack.due("C76", told).unwrap().at.0, at("2026-12-31T00:00").0 - 1);
    assert_eq!(pack.due("C01", told).unwrap().at, at("2026-11-30T10:00"));
    // A month on is a Sunday before two bank holidays' end: the next working day is meant.
    assert_eq!(pack.due("C73", told).unwrap().at.0, at("2026-12-30T00:00").0 - 1);
}

/// One worked date for each row: told, due. `-` before a due time stands for the last moment before it.
#[test]
fn every_clock_of_the_pack_has_a_worked_date() {
    let pack = england().unwrap();
    let friday = "2026-11-27T16:50";
    for (id, told, due) in [
        ("C01", friday, "2026-11-30T16:50"),  // Law: WT2023-ch3-referral-1wd
        ("C01a", friday, "2026-11-27T17:20"), // Law: OWN-R2-out-of-hours
        ("C02", friday, "2026-11-27T20:50"),  // Law: CA1989-s46-protect
        ("C03", friday, "-2026-12-01T00:00"), // Law: WT2023-ch3-strategy
        ("C05", friday, "-2026-12-19T00:00"), // Law: WT2023-ch3-icpc-15wd
        ("C06", friday, "-2026-12-19T00:00"), // Law: WT2023-ch3-transfer-15wd
        ("C07", "2026-12-23T09:00", "-2027-03-02T00:00"), // Law: WT2023-ch3-assessment-45wd
        ("C08", friday, "-2026-12-12T00:00"), // Law: WT2023-ch3-coregroup-10wd
        ("C09", friday, "-2027-02-28T00:00"), // Law: WT2023-ch3-review-3m
        ("C10", "2026-08-31T09:00", "-2027-03-01T00:00"), // Law: WT2023-ch3-review-6m
        ("C11-red", friday, "2026-11-27T20:50"), // Law: LOCAL-hub-checks
        ("C11-amber", friday, "2026-11-30T16:50"),
        ("C11-green", friday, "-2026-12-03T00:00"),
        ("C12", friday, "2026-11-30T16:50"), // Law: WT2023-ch2-allegation-1wd
        ("C13", friday, "-2026-12-05T00:00"), // Law: LOCAL-escalation
        ("C14", friday, "-2026-11-29T00:00"), // Law: CPA2026-report-duty
        ("C15", friday, "-2026-12-01T00:00"), // Law: FGMA2003-s5B
        ("C20", friday, "2026-11-30T16:50"), // Law: DFE2014-missing-72h
        ("C40", "2026-12-23T09:00", "-2027-01-05T00:00"), // Law: CA2004-s16C
        ("C42", "2026-12-23T09:00", "-2027-01-19T00:00"), // Law: WT2023-ch5-rapid-15wd
        ("C73", "2026-12-31T09:00", "-2027-02-02T00:00"), // Law: UKGDPR-art12-1m
        ("C75", friday, "2026-11-30T16:50"), // Law: UKGDPR-art33-72h
        ("C76", "2026-11-26T09:00", "-2026-12-30T00:00"), // Law: FOIA2000-s10-20wd
        ("accept-transfer", friday, "2026-11-30T16:50"), // Law: WT2023-ch3-transfer-accept
        ("second-reader-agrees", friday, "2026-11-30T16:50"), // Law: OWN-R12-second-reader
        ("police-receive", friday, "2026-11-27T20:50"), // Law: OWN-R17-pictures
        ("look-together", friday, "-2026-12-03T00:00"), // Law: OWN-R20-seen-before
        ("tell-reporter", friday, "2026-11-30T16:50"),
        ("answer-earlier-telling", friday, "-2026-12-02T00:00"), // Law: OWN-R5-spoken
        ("answer-request", friday, "2026-12-01T16:50"),          // Law: OWN-R10-waiting
        ("second-reading", friday, "-2026-12-05T00:00"),
        ("accept-hand-over", friday, "2026-11-30T16:50"), // Law: OWN-R14-hand-over
        ("read-notice", friday, "-2026-12-02T00:00"),     // Law: OWN-R13-reading
        ("review-restriction", friday, "2026-11-30T16:50"), // Law: OWN-R9-insider
        ("case-file-confirms", friday, "2026-11-30T16:50"), // Law: OWN-R11-case-file
        ("confirm-organisation", friday, "-2026-12-01T00:00"), // Law: OWN-R16-no-account
        ("erasure-cooling", friday, "-2026-12-26T00:00"), // Law: OWN-R8-erasure
    ] {
        let expected = match due.strip_prefix('-') {
            Some(next) => Instant(at(next).0 - 1),
            None => at(due),
        };
        let got = pack.due(id, at(told)).unwrap();
        assert_eq!((got.at, got.provisional), (expected, false), "{id}");
    }
    assert_eq!(pack.clocks.len(), 37, "a new row needs a worked date here");
}

// Law: BFDA1971-s1-holidays
#[test]
fn both_calendars_cover_2025_to_2030() {
    let pack = england().unwrap();
    let count = |id: &str| pack.calendars[id].holidays().count();
    assert_eq!((count("england-wales"), count("united-kingdom")), (48, 79));
    assert!(
        pack.calendars
            .values()
            .all(|one| one.covered_to() == date(2030, 12, 31))
    );
    assert!(pack.due("C01", at("2030-12-31T12:00")).unwrap().provisional);
}

#[test]
fn every_authority_is_in_the_list_of_law() {
    let law = include_str!("../../../../docs/law.md");
    let all: String = ENGLAND.concat();
    let authorities: Vec<&str> = all
        .lines()
        .filter_map(|line| line.split_once("authority = \"")?.1.split_once('"'))
        .map(|(anchor, _)| anchor)
        .collect();
    assert!(authorities.len() > 70);
    for anchor in authorities {
        assert!(
            law.contains(&format!("<a id=\"{anchor}\"></a>")),
            "{anchor} is not in docs/law.md"
        );
    }
}

#[test]
fn what_anyone_may_be_told_is_one_list_and_names_nobody() {
    let pack = england().unwrap();
    assert_eq!(pack.public_sentences().count(), 4);
    for sentence in pack.public_sentences() {
        let text = sentence.text.to_lowercase();
        for word in ["child", "family", "address", "social care", "enquiry", "assess"] {
            assert!(!text.contains(word), "{}", sentence.id);
        }
    }
}

// Law: CA1989-s17-assess, CA1989-s46-protect, CDA1998-s115-disclose, WT2023-ch3-early-help, WT2023-ch3-strategy
#[test]
fn decisions_make_their_duties() {
    let pack = england().unwrap();
    let clocks = |id: &str| -> Vec<String> {
        let duties = &pack.outcome(id).unwrap().duties;
        duties.iter().map(|duty| duty.clock.clone()).collect()
    };
    assert_eq!(clocks("protect-now"), ["C02", "C03", "C07", "tell-reporter"]);
    let now = &pack.outcome("protect-now").unwrap().duties[0];
    assert_eq!(
        (now.owner_when(true), now.owner_when(false)),
        ("team-manager", "emergency-duty-worker")
    );
    assert_eq!(clocks("assessment"), ["C07", "tell-reporter"]);
    assert_eq!(clocks("early-help"), ["accept-hand-over", "tell-reporter"]);
    assert_eq!(
        clocks("police-or-licensing"),
        ["accept-transfer", "tell-reporter"]
    );
    assert_eq!(clocks("strategy-discussion"), ["C03", "C07", "tell-reporter"]);
    assert!(pack.outcome("another-authority").unwrap().stays_until_accepted);
    assert!(pack.outcomes.iter().all(|one| !one.ends || one.reason));
    let conference = pack
        .findings_of("C03")
        .find(|one| one.id == "conference-needed")
        .unwrap();
    assert_eq!(conference.duties[0].clock, "C05");
    assert!(
        !pack
            .outcome("not-a-concern")
            .unwrap()
            .may_decide("emergency-duty-worker")
    );
}

// Law: IA2005-s35-preserve, IICSA2022-records-75y, CPPR2010-r50-75y, OWN-retention-default
#[test]
fn holds_and_prompts_apply() {
    let pack = england().unwrap();
    let years = |id: &str| {
        pack.retention
            .iter()
            .find(|one| one.id == id)
            .map(|one| one.years)
    };
    assert_eq!(
        (years("concern-sexual-harm"), years("looked-after")),
        (Some(75), Some(75))
    );
    let marked = ["neglect".to_owned(), "sexual-exploitation".to_owned()];
    assert_eq!(pack.holds_for(&marked).count(), 1);
    assert_eq!(pack.holds_for(&marked[..1]).count(), 0);
    assert!(pack.is_sexual_harm(&marked) && !pack.is_sexual_harm(&marked[..1]));
    assert!(pack.prompts.len() >= 40);
    let text = "She is Streetwise and will not engage; Promiscuously is another word.";
    let found = pack.prompts_in(text);
    let phrases: Vec<&str> = found.iter().map(|one| &text[one.from..one.to]).collect();
    assert_eq!(phrases, ["Streetwise", "will not engage"]);
}

#[test]
fn every_fault_names_its_file_its_line_and_its_reason() {
    assert_eq!(
        faults("clocks.toml", "unit = \"working-days\"", "unit = \"workdays\""),
        [
            "clocks.toml:10: unknown variant `workdays`, expected one of `minutes`, `hours`, `calendar-days`, `working-days`, `school-days`, `months`"
        ]
    );
    assert_eq!(
        faults("clocks.toml", "owner = \"hub-decision-maker\"", "owner = \"hub\""),
        ["clocks.toml:15: there is no role `hub`"]
    );
    let unknown = faults("clocks.toml", "pauses = []", "pauses = []\npaused = true");
    assert!(
        unknown[0].starts_with("clocks.toml:15: unknown field `paused`"),
        "{unknown:?}"
    );
    assert_eq!(
        faults("clocks.toml", "time_of_day = \"same\"", "time_of_day = \"5pm\""),
        ["clocks.toml:12: a time of day is `same`, `end-of-day` or a time such as `17:00`"]
    );
    let length = faults("clocks.toml", "length = 1\n", "length = 0\n");
    assert_eq!(length[0], "clocks.toml:5: the length must be at least 1");
    let syntax = faults("pack.toml", "id = \"england\"", "id = england");
    assert!(syntax[0].starts_with("pack.toml:8: "), "{syntax:?}");
}

/// File, text, what is put in its place, and the reason for which the pack is refused.
const BROKEN: &[(&str, &str, &str, &str)] = &[
    (
        "ladders.toml",
        "\"scrutineer\", accept = \"8 open hours\" },\n]",
        "\"director\", accept = \"8 open hours\" },\n]",
        "does not end with a role",
    ),
    (
        "ladders.toml",
        "role = \"director\"",
        "role = \"inspector\"",
        "an inspectorate is never a rung",
    ),
    (
        "holds.toml",
        "\"partner-lead\"",
        "\"director\"",
        "two different bodies",
    ),
    (
        "outcomes.toml",
        "ends = true\nreason = true",
        "ends = true\nreason = false",
        "an ending always needs a reason",
    ),
    (
        "outcomes.toml",
        "work-advice\"",
        "public-ring\"",
        "no sentence for people reporting in their work",
    ),
    (
        "outcomes.toml",
        "about_child = 3",
        "about_child = 1",
        "not yet repeated",
    ),
    (
        "calendars.toml",
        "2025-04-21",
        "2025-04-18",
        "once each, in order",
    ),
    (
        "roles.toml",
        "id = \"operator\"",
        "id = \"janitor\"",
        "no role in the policy called `janitor`",
    ),
    (
        "retention.toml",
        "from = \"birth\"",
        "from = \"whenever\"",
        "no beginning of retention",
    ),
    (
        "categories.toml",
        "id = \"neglect\"",
        "id = \"trafficking\"",
        "is there twice",
    ),
    (
        "language.toml",
        "[\"streetwise\"",
        "[\"Streetwise\"",
        "in lower case",
    ),
    (
        "pack.toml",
        "Europe/London",
        "Europe/Northmere",
        "the time zone is not known",
    ),
    (
        "pack.toml",
        "\"england-wales\"",
        "\"wales\"",
        "no calendar `wales`",
    ),
];

#[test]
fn rules_that_break_a_promise_are_refused() {
    for (file, from, to, reason) in BROKEN {
        let found = faults(file, from, to);
        assert!(
            found.iter().any(|fault| fault.contains(reason)),
            "{reason}: {found:?}"
        );
    }
}

#[test]
fn two_rows_in_force_on_one_day_are_refused() {
    let mut sources = built_in();
    let place = FILES.iter().position(|name| *name == "clocks.toml").unwrap();
    let text = sources[place].text().to_owned();
    let row = text.split("[[clock]]").nth(1).unwrap();
    let later = row.replace("from = 2023-12-15", "from = 2027-01-01");
    sources[place] = Source::new("clocks.toml", format!("{text}\n[[clock]]{later}"));
    let faults = read(&sources).unwrap_err();
    assert!(
        faults
            .to_string()
            .contains("two rows of the clock `C01` are in force on one day")
    );
    let ended = text.replacen("from = 2023-12-15", "from = 2023-12-15\nto = 2026-12-31", 1);
    sources[place] = Source::new("clocks.toml", format!("{ended}\n[[clock]]{later}"));
    let pack = read(&sources).unwrap();
    assert_eq!(
        pack.clock("C01", date(2027, 6, 1)).unwrap().from,
        date(2027, 1, 1)
    );
}

#[test]
fn a_directory_replaces_files_by_name_and_changes_the_version() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(
        with_overrides(dir.path()).unwrap().version,
        england().unwrap().version
    );
    let changed = ENGLAND[7].replace("2026.11", "2026.12");
    std::fs::write(dir.path().join("pack.toml"), changed.replace('\n', "\r\n")).unwrap();
    let pack = with_overrides(dir.path()).unwrap();
    assert!(pack.version.starts_with("england-2026.12+"));
    assert_ne!(pack.digest, england().unwrap().digest);
    std::fs::write(dir.path().join("clock.toml"), "").unwrap();
    let refused = with_overrides(dir.path()).unwrap_err().to_string();
    assert!(refused.starts_with("clock.toml: a rule pack has no such file"));
    assert!(with_overrides(&dir.path().join("nowhere")).is_err());
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever line of whatever file goes or comes twice: an answer, and a version that is no longer the shipped one.
    #[test]
    fn a_damaged_pack_gets_an_answer(file in 0_usize..10, line in 0_usize..800, twice: bool) {
        let mut sources = built_in();
        let mut lines: Vec<&str> = ENGLAND[file].lines().collect();
        let line = line % lines.len();
        if twice {
            lines.insert(line, lines[line]);
        } else {
            lines.remove(line);
        }
        sources[file] = Source::new(FILES[file], lines.join("\n"));
        match read(&sources) {
            Ok(pack) => proptest::prop_assert_ne!(pack.digest, england().unwrap().digest),
            Err(Faults(faults)) => {
                proptest::prop_assert!(!faults.is_empty());
                proptest::prop_assert!(faults.iter().all(|fault| FILES.contains(&fault.file.as_str())));
            }
        }
    }
}
