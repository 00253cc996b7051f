//! What people in the demo do, one act each, by the real use cases.

use node::app::decide::Deciding;
use node::app::duties::Answer;
use node::app::report::{Capacity, Channel, Mention, Report, Reporter, Safe};
use node::app::tell::Telling;
use node::app::{Acting, AppError};
use node::domain::id::{DutyId, PostId};
use node::domain::view::{Concern, Duty, SubjectKind};

use super::people::People;
use super::world::World;

/// A child, by name and date of birth as far as known.
pub fn child(name: &str, born: &str) -> Mention {
    Mention {
        born: born.to_owned(),
        ..Mention::named(SubjectKind::Child, "child-at-risk", name)
    }
}

/// A report by somebody at a school.
pub fn school(words: &str, safe: Safe, mentions: Vec<Mention>) -> Report {
    Report {
        words: words.to_owned(),
        safe,
        spoken: String::new(),
        mentions,
        parents: "do-not-know".to_owned(),
        colleague: false,
        sexual_harm: false,
        channel: Channel::StaffForm,
        told: None,
        happened: String::new(),
        reporter: Reporter {
            capacity: Capacity::Work,
            name: "Ms Alder".to_owned(),
            role: "Year 4 lead".to_owned(),
            organisation: "Fenside Primary".to_owned(),
            contact: "01632 960 017".to_owned(),
            may_be_contacted: true,
            ..Reporter::unknown()
        },
        safe_to_keep: true,
        word: String::new(),
        joins: None,
        their_reference: String::new(),
    }
}

/// A report by a member of the public.
pub fn private(words: &str, safe: Safe, mentions: Vec<Mention>) -> Report {
    Report {
        channel: Channel::PublicForm,
        reporter: Reporter {
            capacity: Capacity::Private,
            ..Reporter::unknown()
        },
        word: "kingfisher".to_owned(),
        ..school(words, safe, mentions)
    }
}

/// Files a report under a key made of its number.
pub async fn file(world: &World, number: u8, report: &Report) -> Result<String, AppError> {
    Ok(world.node.raise(&[number; 32], report, None).await?.reference)
}

/// An answer: done.
pub fn done(words: &str) -> Answer {
    Answer {
        how: "done".to_owned(),
        words: words.to_owned(),
        when: None,
        next: None,
        finding: None,
    }
}

/// A post by its name.
pub fn post(name: &str) -> Result<PostId, AppError> {
    name.parse()
        .map_err(|_| AppError::Broken(format!("the demo has no post `{name}`")))
}

/// The first open duty of a clock, as somebody who reads the concern finds it.
pub async fn open_duty(
    world: &World,
    acting: &Acting,
    reference: &str,
    clock: &str,
) -> Result<DutyId, AppError> {
    let page = world.node.concern(acting, reference).await?;
    let duty = page.concern.open_duties().find(|d| d.clock == clock);
    let missing = || AppError::Broken(format!("the demo finds no open duty of clock {clock}"));
    duty.map(|d| d.id).ok_or_else(missing)
}

/// Answers the first open duty of a clock.
pub async fn answer(
    world: &World,
    people: &People,
    post: &str,
    reference: &str,
    clock: &str,
    what: &Answer,
) -> Result<(), AppError> {
    let acting = people.acting(post)?;
    let duty = open_duty(world, &acting, reference, clock).await?;
    world
        .node
        .answer(&acting, reference, duty, what)
        .await
        .map(|_| ())
}

/// Takes the first open duty of a clock on.
pub async fn accept(
    world: &World,
    people: &People,
    post: &str,
    reference: &str,
    clock: &str,
) -> Result<(), AppError> {
    let acting = people.acting(post)?;
    let duty = open_duty(world, &acting, reference, clock).await?;
    world.node.accept(&acting, reference, duty).await.map(|_| ())
}

/// Decides for every child, in order; outcomes are reused when there are more children than outcomes.
pub async fn decide(
    world: &World,
    people: &People,
    post: &str,
    reference: &str,
    outcomes: &[(&str, &str)],
) -> Result<Concern, AppError> {
    let acting = people.acting(post)?;
    let page = world.node.concern(&acting, reference).await?;
    let children = page
        .subjects
        .iter()
        .filter(|s| s.kind == SubjectKind::Child)
        .map(|s| Some(s.id));
    let mut subjects: Vec<_> = children.collect();
    if subjects.is_empty() {
        subjects.push(None);
    }
    let decisions: Vec<Deciding> = subjects
        .into_iter()
        .zip(outcomes.iter().cycle())
        .map(|(subject, (outcome, reason))| Deciding {
            subject,
            outcome: (*outcome).to_owned(),
            reason: (*reason).to_owned(),
        })
        .collect();
    world.node.decide(&acting, reference, page.seen, &decisions).await
}

/// Tells a member of the public, in fixed sentences.
pub async fn tell_public(world: &World, people: &People, by: &str, reference: &str) -> Result<(), AppError> {
    let sentences = [
        "public-received",
        "public-decided",
        "public-no-more",
        "public-ring",
    ];
    let telling = Telling::Public {
        sentences: sentences.map(str::to_owned).to_vec(),
    };
    world
        .node
        .tell_reporter(&people.acting(by)?, reference, &telling)
        .await
        .map(|_| ())
}

/// Whoever must read a decision second does, when the lot or a rule says that somebody must.
pub async fn second_reading(world: &World, people: &People, reference: &str) -> Result<(), AppError> {
    let hub = people.acting("northmere/hub")?;
    let concern = world.node.concern(&hub, reference).await?.concern;
    for decision in concern
        .decisions
        .iter()
        .filter(|d| !d.superseded && d.second.is_none())
    {
        let reading = |d: &&Duty| d.because == "second-reading" && d.subject == decision.subject;
        if let Some(duty) = concern.open_duties().find(reading) {
            let reader = people.acting(duty.owner.as_str())?;
            let words = "I read it before the reason, and agree.";
            world
                .node
                .second_read(&reader, reference, decision.record, true, words)
                .await?;
        }
    }
    Ok(())
}

/// The hub rings the school's published number: it is who they say they are.
pub async fn confirm(world: &World, people: &People, reference: &str) -> Result<(), AppError> {
    let rang = Answer {
        finding: Some("organisation-confirmed".to_owned()),
        ..done("Rang the number on the organisation's own page: they work there.")
    };
    answer(
        world,
        people,
        "northmere/hub",
        reference,
        "confirm-organisation",
        &rang,
    )
    .await
}

/// Tells somebody who reported in their work.
pub async fn tell_work(world: &World, people: &People, reference: &str, words: &str) -> Result<(), AppError> {
    let telling = Telling::Work {
        words: words.to_owned(),
    };
    world
        .node
        .tell_reporter(&people.acting("northmere/hub")?, reference, &telling)
        .await
        .map(|_| ())
}
