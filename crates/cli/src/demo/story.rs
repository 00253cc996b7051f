//! A few weeks of Northmere, lived through by the real use cases. Nothing here is inserted any other way.
//!
//! It has the events that show what the software is for: a bank-holiday Friday, a lapse at each rung, a vacant post, a
//! concern about a colleague, a notice that bounces, siblings decided differently, one vehicle in three concerns.

use node::app::duties::Answer;
use node::app::report::{Channel, Mention, Safe, Told};
use node::app::{AppError, Refusal};
use node::domain::view::SubjectKind;

use super::acts::{
    accept, answer, child, confirm, decide, done, file, private, school, tell_public, tell_work,
};
use super::people::People;
use super::world::{World, at};

/// The vehicle that is in three concerns.
const VAN: &str = "ND51 KXT";

/// Lives through it all. `tell` is told what week it is.
pub async fn live(world: &World, people: &People, mut tell: impl FnMut(&str)) -> Result<(), AppError> {
    tell("August: a bank-holiday Friday");
    bank_holiday(world, people).await?;
    tell("September: three siblings");
    siblings(world, people).await?;
    tell("October: a colleague, and the same vehicle three times");
    colleague(world, people).await?;
    vehicle(world, people).await?;
    tell("November: nobody answers");
    silence(world, people).await?;
    tell("November: a busy week");
    busy_week(world, people).await
}

/// H1: a Friday evening before a bank holiday. The first night worker does not answer; the second does.
async fn bank_holiday(world: &World, people: &People) -> Result<(), AppError> {
    world.live_until(at("2026-08-28 16:50")?).await?;
    let words = "He said he does not want to go home this weekend and would not say why.\n\n\
                 He has been very quiet since Wednesday. His aunt collected him today, not his mother.";
    let report = school(words, Safe::Unknown, vec![child("Callum Reeve", "2018-03")]);
    let reference = file(world, 1, &report).await?;
    world.live_until(at("2026-08-28 17:26")?).await?;
    accept(world, people, "northmere/night-second", &reference, "C01a").await?;
    world.live_until(at("2026-09-01 10:15")?).await?;
    confirm(world, people, &reference).await?;
    decide(
        world,
        people,
        "northmere/hub",
        &reference,
        &[(
            "assessment",
            "His aunt confirms the change at home. An assessment with his mother's agreement.",
        )],
    )
    .await?;
    tell_work(
        world,
        people,
        &reference,
        "A social worker will assess what Callum needs. Ring the north team.",
    )
    .await?;
    world.live_until(at("2026-09-30 15:00")?).await?;
    answer(
        world,
        people,
        "northmere/north-worker",
        &reference,
        "C07",
        &done("Assessment shared with the family."),
    )
    .await
}

/// H5: three siblings, three decisions; a conference is needed for one; one belongs to another council, which is silent.
async fn siblings(world: &World, people: &People) -> Result<(), AppError> {
    world.live_until(at("2026-10-05 09:40")?).await?;
    let children = vec![
        child("Ivo Brand", "2022-02-11"),
        child("Mina Brand", "2017-06-30"),
        child("Tam Brand", "2011-01-19"),
    ];
    let words = "Ivo and Mina came to school without lunch four days running. Mina says an adult she will not name \
                 gives Tam lifts.\n\nTam lives with their father in Wrenford and comes back at weekends.";
    let reference = file(world, 2, &school(words, Safe::Yes, children)).await?;
    world.live_until(at("2026-10-05 15:20")?).await?;
    confirm(world, people, &reference).await?;
    let outcomes = [
        (
            "advice",
            "The school will keep watch and ring if anything changes.",
        ),
        (
            "strategy-discussion",
            "What Mina said about lifts needs the police and health at one table.",
        ),
        (
            "another-authority",
            "Tam lives in Wrenford: passed there, and ours until they accept.",
        ),
    ];
    decide(world, people, "northmere/hub", &reference, &outcomes).await?;
    let words = "Ivo: advice to the school. Mina: a strategy discussion. Tam: passed to Wrenford, ours until they accept.";
    tell_work(world, people, &reference, words).await?;
    world.live_until(at("2026-10-06 11:00")?).await?;
    let held = Answer {
        finding: Some("conference-needed".to_owned()),
        ..done("Held with police, health and the school. A conference is needed for Mina.")
    };
    answer(world, people, "northmere/hub-manager", &reference, "C03", &held).await
}

/// H7: the person of concern works here. Restricted in the same write, with the same clocks.
async fn colleague(world: &World, people: &People) -> Result<(), AppError> {
    world.live_until(at("2026-10-12 13:05")?).await?;
    let adult = Mention {
        phone: "07700 900411".to_owned(),
        ..Mention::named(SubjectKind::Adult, "person-of-concern", "Lee Marr")
    };
    let words =
        "My niece says her uncle takes her phone and reads it. I am worried about how he speaks to her.";
    let report = private(words, Safe::Yes, vec![child("Bea Lowry", "2013-09-02"), adult]);
    let reference = file(world, 3, &report).await?;
    world.live_until(at("2026-10-13 09:30")?).await?;
    let outcome = [(
        "designated-officer",
        "He works for the council and may meet children in his work.",
    )];
    decide(
        world,
        people,
        "northmere/designated-officer",
        &reference,
        &outcome,
    )
    .await
    .map(|_| ())
}

/// The same van in three concerns, by three people who do not know of one another.
async fn vehicle(world: &World, people: &People) -> Result<(), AppError> {
    let van = |mark: &str| Mention::named(SubjectKind::Vehicle, "used-in", mark);
    world.live_until(at("2026-10-15 16:10")?).await?;
    let words = "A grey van waits by the bus stop after school and two of the older girls get in.";
    file(
        world,
        4,
        &private(
            words,
            Safe::Unknown,
            vec![child("Tess Vane", "2011-11-03"), van(VAN)],
        ),
    )
    .await?;
    world.live_until(at("2026-10-22 10:00")?).await?;
    let words = "Seen again: the same driver, and a younger child this time. He gave her a phone.";
    let mentions = vec![child("Younger child, name not known", ""), van("ND51")];
    let reference = file(world, 5, &school(words, Safe::Yes, mentions)).await?;
    world.live_until(at("2026-10-22 15:00")?).await?;
    confirm(world, people, &reference).await?;
    let reason = "The police have the mark; licensing is asked who drives it.";
    decide(
        world,
        people,
        "northmere/hub",
        &reference,
        &[("police-or-licensing", reason)],
    )
    .await?;
    third_time(world, people).await
}

/// The third concern with the same van: told by telephone, and acted on at once.
async fn third_time(world: &World, people: &People) -> Result<(), AppError> {
    let van = |mark: &str| Mention::named(SubjectKind::Vehicle, "used-in", mark);
    world.live_until(at("2026-10-29 14:45")?).await?;
    let mut report = school(
        "The home's night log: collected at 11pm by a van, back at 2am.",
        Safe::No,
        vec![
            child("Rhian Kestle", "2012-01-24"),
            van(VAN),
            Mention::named(SubjectKind::Phone, "used-in", "07700 900 318"),
        ],
    );
    report.channel = Channel::Telephone;
    report.sexual_harm = true;
    report.told = Some(Told {
        at: at("2026-10-29 14:10")?,
        sheet: String::new(),
    });
    let hub = people.acting("northmere/hub")?;
    let filed = world.node.raise(&[6; 32], &report, Some(&hub)).await?;
    world.live_until(at("2026-10-29 15:05")?).await?;
    accept(world, people, "northmere/hub", &filed.reference, "C01a").await?;
    world.live_until(at("2026-10-29 15:30")?).await?;
    confirm(world, people, &filed.reference).await?;
    let protect = [(
        "protect-now",
        "Three reports of one vehicle. The home is told not to release her tonight.",
    )];
    decide(world, people, "northmere/hub", &filed.reference, &protect).await?;
    tell_work(
        world,
        people,
        &filed.reference,
        "We are acting now. Please ring the team today if she comes to you.",
    )
    .await?;
    world.live_until(at("2026-10-29 16:20")?).await?;
    answer(
        world,
        people,
        "northmere/hub-manager",
        &filed.reference,
        "C02",
        &done("Seen and safe at 4:05pm."),
    )
    .await
}

/// Nobody decides: the duty climbs every rung until the director accepts and asks.
async fn silence(world: &World, people: &People) -> Result<(), AppError> {
    world.live_until(at("2026-11-10 11:00")?).await?;
    let words =
        "She has missed two appointments and nobody answers the door. A neighbour says they have moved.";
    let mut report = school(words, Safe::Yes, vec![child("Anwen Pike", "2020-07-07")]);
    report.reporter.name = "R. Achebe".to_owned();
    report.reporter.role = "Health visitor".to_owned();
    report.reporter.organisation = "Eastmarch Health".to_owned();
    let reference = file(world, 7, &report).await?;
    confirm(world, people, &reference).await?;
    world.live_until(at("2026-11-13 09:15")?).await?;
    let director = people.acting("northmere/director")?;
    let page = world.node.concern(&director, &reference).await?;
    if let Some(duty) = page.concern.open_duties().find(|d| d.clock == "C01") {
        world.node.accept(&director, &reference, duty.id).await?;
        let words = "Why has nobody rung the housing office since Tuesday?";
        world.node.ask(&director, &reference, duty.id, words).await?;
    }
    Ok(())
}

/// The concerns of the last week: number, when, words, child, born.
const WEEK: [(u8, &str, &str, &str, &str); 6] = [
    (
        8,
        "2026-11-23 09:10",
        "He falls asleep in class and says he looks after the baby at night.",
        "Noah Firth",
        "2015-04-21",
    ),
    (
        9,
        "2026-11-23 13:40",
        "A new boyfriend collects her; she asked to stay late again.",
        "Keira Dunn",
        "2012-08-16",
    ),
    (
        10,
        "2026-11-24 10:05",
        "Bruising that he explained in two different ways to two people.",
        "Eli Marsden",
        "2019-12-02",
    ),
    (
        11,
        "2026-11-25 14:30",
        "She wrote that she does not feel safe walking home past the garages.",
        "Zara Whitlock",
        "2013-03-28",
    ),
    (
        12,
        "2026-11-26 15:50",
        "He has a second phone and is frightened when it rings.",
        "Kez Odell",
        "2011-06-09",
    ),
    (
        13,
        "2026-11-27 11:20",
        "The twins' mother has gone and the grandfather is not managing.",
        "Orla Finch",
        "2021-01-15",
    ),
];
/// An ordinary busy week up to Friday 27 November, 4:45pm.
async fn busy_week(world: &World, people: &People) -> Result<(), AppError> {
    for (number, time, words, name, born) in WEEK {
        world.live_until(at(time)?).await?;
        let reference = file(world, number, &school(words, Safe::Yes, vec![child(name, born)])).await?;
        if number < 12 {
            confirm(world, people, &reference).await?;
        }
        if number == 8 {
            world.live_until(at("2026-11-23 11:30")?).await?;
            let outcome = [(
                "early-help",
                "Early help for the family; the school nurse will visit.",
            )];
            decide(world, people, "northmere/hub", &reference, &outcome).await?;
            tell_work(
                world,
                people,
                &reference,
                "The family will be offered early help.",
            )
            .await?;
        }
        if number == 10 {
            world.live_until(at("2026-11-24 10:50")?).await?;
            let outcome = [(
                "strategy-discussion",
                "Two accounts that do not fit. Police and health today.",
            )];
            decide(world, people, "northmere/hub", &reference, &outcome).await?;
        }
        if number == 9 {
            world.live_until(at("2026-11-23 16:00")?).await?;
            let outcome = [(
                "no-further-action",
                "The new carer is known to the school and was checked.",
            )];
            decide(world, people, "northmere/hub", &reference, &outcome).await?;
        }
    }
    grandmother(world, people).await?;
    world.live_until(at("2026-11-27 16:45")?).await
}

/// A grandmother whose son must not know, told in sentences that confirm nothing.
async fn grandmother(world: &World, people: &People) -> Result<(), AppError> {
    world.live_until(at("2026-11-27 14:00")?).await?;
    let words = "I am her grandmother. Her father must not know that I told you.";
    let report = private(words, Safe::Yes, vec![child("Lily Thorne", "2012-05-05")]);
    let reference = file(world, 14, &report).await?;
    world.live_until(at("2026-11-27 15:10")?).await?;
    let outcome = [("assessment", "An assessment, with care for who has told us.")];
    decide(world, people, "northmere/hub", &reference, &outcome).await?;
    tell_public(world, people, &reference).await?;
    close_is_refused(world, people, &reference).await
}

/// Somebody tries to close it while a duty is open: refused, by name of the duty.
async fn close_is_refused(world: &World, people: &People, reference: &str) -> Result<(), AppError> {
    let hub = people.acting("northmere/hub")?;
    let seen = world.node.concern(&hub, reference).await?.seen;
    match world
        .node
        .close_concern(&hub, reference, seen, None, "Nothing more to do.")
        .await
    {
        Err(AppError::Refused(Refusal::OpenDuties(_))) => Ok(()),
        Err(error) => Err(error),
        Ok(_) => Err(AppError::Broken("a concern with open duties was closed".into())),
    }
}
