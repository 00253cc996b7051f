//! August to October: a bank holiday, siblings and two councils, a colleague, one vehicle three times.

use node::app::AppError;
use node::app::duties::Answer;
use node::app::report::{Channel, Mention, Safe, Told};
use node::app::restrict::Review;
use node::app::waiting::WaitFor;
use node::domain::view::SubjectKind;

use super::super::acts::{
    accept, answer, child, confirm, decide, done, file, open_duty, post, private, school, second_reading,
    tell_public, tell_work,
};
use super::super::people::People;
use super::super::world::{World, at};

/// The vehicle that is in three concerns.
const VAN: &str = "ND51 KXT";

/// H1: a Friday evening before a bank holiday. The first night worker does not answer; the second does.
pub async fn bank_holiday(world: &World, people: &People) -> Result<String, AppError> {
    world.live_until(at("2026-08-28 16:50")?).await?;
    let words = "He said he does not want to go home this weekend and would not say why.\n\n\
                 He has been very quiet since Wednesday. His aunt collected him today, not his mother.";
    let report = school(words, Safe::Unknown, vec![child("Callum Reeve", "2018-03")]);
    let reference = file(world, 1, &report).await?;
    world.live_until(at("2026-08-28 17:26")?).await?;
    accept(world, people, "northmere/night-second", &reference, "C01a").await?;
    world.live_until(at("2026-09-01 10:15")?).await?;
    confirm(world, people, &reference).await?;
    let outcome = [(
        "assessment",
        "His aunt confirms the change at home. An assessment with his mother's agreement.",
    )];
    decide(world, people, "northmere/hub", &reference, &outcome).await?;
    let words = "A social worker will assess what Callum needs. Ring the north team.";
    tell_work(world, people, &reference, words).await?;
    Ok(reference)
}

/// The assessment that followed, in good time.
pub async fn assessed(world: &World, people: &People, reference: &str) -> Result<(), AppError> {
    world.live_until(at("2026-09-30 15:00")?).await?;
    let shared = done("Assessment shared with the family.");
    answer(world, people, "northmere/north-worker", reference, "C07", &shared).await
}

/// H5: three siblings, three decisions; a conference is needed for one; one belongs to another council, which is silent
/// until the independent scrutineer takes it up.
pub async fn siblings(world: &World, people: &People) -> Result<String, AppError> {
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
    second_reading(world, people, &reference).await?;
    let words = "Ivo: advice to the school. Mina: a strategy discussion. Tam: passed to Wrenford, ours until they accept.";
    tell_work(world, people, &reference, words).await?;
    world.live_until(at("2026-10-06 11:00")?).await?;
    let held = Answer {
        finding: Some("conference-needed".to_owned()),
        ..done("Held with police, health and the school. A conference is needed for Mina.")
    };
    answer(world, people, "northmere/hub-manager", &reference, "C03", &held).await?;
    world.live_until(at("2026-10-09 14:05")?).await?;
    accept(
        world,
        people,
        "northmere-partnership/scrutineer",
        &reference,
        "accept-transfer",
    )
    .await?;
    world.live_until(at("2026-10-12 11:40")?).await?;
    let taken = done(
        "Wrenford Council accepted at 11:25am, after the scrutineer rang their director. Reference WR-2210.",
    );
    answer(
        world,
        people,
        "northmere/hub",
        &reference,
        "accept-transfer",
        &taken,
    )
    .await?;
    Ok(reference)
}

/// A conference was needed, and none is held in its fifteen working days: it climbs until the director takes it up.
pub async fn conference(world: &World, people: &People, reference: &str) -> Result<(), AppError> {
    world.live_until(at("2026-10-29 14:20")?).await?;
    accept(world, people, "northmere/director", reference, "C05").await
}

/// H7: the person of concern works here. Restricted in the same write, with the same clocks, and looked at afterwards.
pub async fn colleague(world: &World, people: &People) -> Result<(), AppError> {
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
    let officer = "northmere/designated-officer";
    let reason = "It is our colleague: the number is the one in the directory.";
    world
        .node
        .review_restriction(&people.acting(officer)?, &reference, Review::Keep, reason)
        .await?;
    let outcome = [(
        "designated-officer",
        "He works for the council and may meet children in his work.",
    )];
    decide(world, people, officer, &reference, &outcome).await?;
    tell_public(world, people, officer, &reference).await?;
    world.live_until(at("2026-10-14 09:10")?).await?;
    let met = done("Discussed with his manager's manager. He meets no children until this is settled.");
    answer(world, people, officer, &reference, "C12", &met).await
}

/// One van in concerns by people who do not know of one another: the first two.
pub async fn vehicle(world: &World, people: &People) -> Result<(), AppError> {
    first_time(world, people).await?;
    second_time(world, people).await
}

fn van(mark: &str) -> Mention {
    Mention::named(SubjectKind::Vehicle, "used-in", mark)
}

/// Late in the afternoon, and nobody in the hub takes it on in time: the night team does.
async fn first_time(world: &World, people: &People) -> Result<(), AppError> {
    world.live_until(at("2026-10-15 16:10")?).await?;
    let words = "A grey van waits by the bus stop after school and two of the older girls get in.";
    let mentions = vec![child("Tess Vane", "2011-11-03"), van(VAN)];
    let reference = file(world, 4, &private(words, Safe::Unknown, mentions)).await?;
    world.live_until(at("2026-10-15 16:52")?).await?;
    accept(world, people, "northmere/night-first", &reference, "C01a").await?;
    world.live_until(at("2026-10-16 11:20")?).await?;
    let reason = "She is named and the van waits for her. An assessment, and the mark to the police.";
    decide(
        world,
        people,
        "northmere/hub",
        &reference,
        &[("assessment", reason)],
    )
    .await?;
    tell_public(world, people, "northmere/hub", &reference).await
}

/// The police are asked who keeps it; the hub's own clock runs on meanwhile.
async fn second_time(world: &World, people: &People) -> Result<(), AppError> {
    world.live_until(at("2026-10-22 10:00")?).await?;
    let words = "Seen again: the same driver, and a younger child this time. He gave her a phone.";
    let mentions = vec![child("Younger child, name not known", ""), van("ND51")];
    let reference = file(world, 5, &school(words, Safe::Yes, mentions)).await?;
    world.live_until(at("2026-10-22 10:40")?).await?;
    confirm(world, people, &reference).await?;
    let hub = people.acting("northmere/hub")?;
    let police = "northmere-police/public-protection";
    let duty = open_duty(world, &hub, &reference, "C01").await?;
    let asked = "Who keeps a grey van whose mark begins ND51?";
    world
        .node
        .wait_for(&hub, &reference, duty, &WaitFor::Post(post(police)?), asked)
        .await?;
    world.live_until(at("2026-10-22 16:30")?).await?;
    let known = done(
        "One keeper in Northmere. It was stopped in September with a child aboard who gave a false name.",
    );
    answer(world, people, police, &reference, "answer-request", &known).await?;
    world.live_until(at("2026-10-23 09:15")?).await?;
    let reason = "The police have the mark; licensing is asked who drives it.";
    decide(
        world,
        people,
        "northmere/hub",
        &reference,
        &[("police-or-licensing", reason)],
    )
    .await?;
    second_reading(world, people, &reference).await?;
    let words = "The police and licensing have what you told us. Ring again if you see it.";
    tell_work(world, people, &reference, words).await?;
    world.live_until(at("2026-10-23 15:00")?).await?;
    let taken = done("Dunvale Police have it: their reference DP-7741.");
    answer(
        world,
        people,
        "northmere/hub",
        &reference,
        "accept-transfer",
        &taken,
    )
    .await
}

/// The third concern with the same van: told by telephone, and acted on at once.
pub async fn third_time(world: &World, people: &People) -> Result<(), AppError> {
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
    let reference = filed.reference;
    world.live_until(at("2026-10-29 15:05")?).await?;
    accept(world, people, "northmere/hub", &reference, "C01a").await?;
    world.live_until(at("2026-10-29 15:30")?).await?;
    confirm(world, people, &reference).await?;
    let reason = "Three reports of one vehicle. The home is told not to release her tonight.";
    decide(
        world,
        people,
        "northmere/hub",
        &reference,
        &[("protect-now", reason)],
    )
    .await?;
    let words = "We are acting now. Please ring the team today if she comes to you.";
    tell_work(world, people, &reference, words).await?;
    world.live_until(at("2026-10-29 16:20")?).await?;
    let manager = "northmere/hub-manager";
    answer(
        world,
        people,
        manager,
        &reference,
        "C02",
        &done("Seen and safe at 4:05pm."),
    )
    .await?;
    world.live_until(at("2026-10-30 12:00")?).await?;
    let held = Answer {
        finding: Some("enquiry-no-conference".to_owned()),
        ..done("Held with the police and the home. An enquiry is under way; no conference yet.")
    };
    answer(world, people, manager, &reference, "C03", &held).await
}
