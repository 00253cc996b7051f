//! Northmere: an invented council with a hub, a night team, managers, a director and those outside the line.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::hours::{Hours, Span};
use domain::id::{PostId, PractitionerId, StreamId};
use domain::ladder::{Accept, Ladder, Rung};
use domain::policy::Policy;
use domain::time::Instant;
use domain::view::SubjectKind;
use node::agency::{Agency, Post};
use node::app::people::NewPractitioner;
use node::app::report::{Capacity, Channel, Mention, Report, Reporter, Safe};
use node::app::verify::Verdict;
use node::app::{Acting, Database, Node, Settings};
use node::clock::SimulatedClock;

/// London time as an instant: `2026-08-28 16:50`.
pub fn at(text: &str) -> Instant {
    let civil: jiff::civil::DateTime = format!("{}:00", text.replace(' ', "T")).parse().unwrap();
    let zone = jiff::tz::TimeZone::get("Europe/London").unwrap();
    Instant::from_jiff(zone.to_timestamp(civil).unwrap())
}

pub struct Council {
    pub node: Node,
    pub clock: Arc<SimulatedClock>,
    pub people: BTreeMap<&'static str, PractitionerId>,
    pub home: tempfile::TempDir,
}

fn span(text: &str) -> Vec<Span> {
    vec![Span::parse(text).unwrap()]
}

fn post(code: &str, role: &str, hours: Hours, deputy: Option<&str>) -> Post {
    let id = |code: &str| format!("northmere/{code}").parse::<PostId>().unwrap();
    Post {
        id: id(code),
        title: code.replace('-', " "),
        role: role.to_owned(),
        team: Some("hub".into()),
        hours,
        deputy: deputy.map(id),
        channels: vec!["screen".into(), "email".into()],
        phone: None,
    }
}

fn ladder(pack: &domain::pack::Pack, id: &str, posts: &[Post]) -> Ladder {
    let template = pack.ladder(id).unwrap();
    let find = |role: &str| posts.iter().find(|p| p.role == role).unwrap().id.clone();
    let rungs = |rows: &[(String, Accept)]| {
        let acceptor = |role: &str| matches!(role, "partner-lead" | "scrutineer");
        let rung = |(role, accept): &(String, Accept)| Rung {
            post: find(role),
            accept: *accept,
            acceptor: acceptor(role),
        };
        rows.iter().map(rung).collect()
    };
    Ladder {
        id: id.into(),
        desk: find("hub-decision-maker"),
        in_hours: rungs(&template.in_hours),
        out_of_hours: rungs(&template.out_of_hours),
        outside: rungs(&template.outside),
    }
}

fn agency(pack: &domain::pack::Pack) -> Agency {
    let zone = jiff::tz::TimeZone::get("Europe/London").unwrap();
    let day = || {
        let week = std::array::from_fn(|d| match d {
            0..=4 => span("08:30-16:30"),
            _ => Vec::new(),
        });
        Hours::new(week, Vec::new(), zone.clone())
    };
    let always = || Hours::always(zone.clone());
    let posts = vec![
        post("hub", "hub-decision-maker", day(), Some("team-manager")),
        post("edt", "emergency-duty-worker", always(), None),
        post("social-worker", "social-worker", day(), Some("team-manager")),
        post("team-manager", "team-manager", day(), None),
        post("service-manager", "service-manager", always(), None),
        post("director", "director", always(), None),
        post("lado", "designated-officer", day(), Some("lado-deputy")),
        post("lado-deputy", "designated-officer", day(), None),
        post("monitoring", "monitoring-officer", day(), None),
        post("records", "records-officer", day(), None),
        post("protection", "data-protection-officer", day(), None),
        post("partner", "partner-lead", day(), None),
        post("scrutineer", "scrutineer", day(), None),
        post("police", "police-lead", always(), None),
    ];
    let ladders = ["child-facing", "restricted", "housekeeping"]
        .iter()
        .map(|id| ladder(pack, id, &posts))
        .collect();
    Agency {
        id: "northmere".parse().unwrap(),
        name: "Northmere Council".into(),
        prefix: ['N', 'M'],
        day_phone: "01632 960 100".into(),
        night_phone: "01632 960 000".into(),
        posts,
        ladders,
    }
}

impl Council {
    /// Opens Northmere at a time, with its people in their posts.
    pub async fn at(time: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let clock = SimulatedClock::starting(at("2026-08-01 09:00"));
        let node = Self::open(home.path(), &clock).await;
        let mut council = Self {
            node,
            clock,
            people: BTreeMap::new(),
            home,
        };
        for (name, person, post, registered) in [
            ("hub", "Priya Nair", "hub", true),
            ("edt", "Tom Adeyemi", "edt", true),
            ("social-worker", "Jo Pell", "social-worker", true),
            ("team-manager", "Helen Marsh", "team-manager", true),
            ("service-manager", "Ruth Calder", "service-manager", true),
            ("director", "Amara Oduya", "director", false),
            ("lado", "Wyn Parry", "lado", true),
            ("lado-deputy", "Sian Rees", "lado-deputy", true),
            ("monitoring", "Colm Byrne", "monitoring", false),
            ("records", "Dee Ford", "records", false),
            ("partner", "Nasreen Malik", "partner", false),
            ("scrutineer", "Owen Tull", "scrutineer", false),
            ("police", "Fay Lund", "police", false),
        ] {
            let new = NewPractitioner {
                name: person.into(),
                email: format!("{name}@northmere.example"),
                phone: String::new(),
                address: String::new(),
                born: String::new(),
                registered,
            };
            let post = format!("northmere/{post}").parse().unwrap();
            let id = council.node.add_practitioner(None, &new, &[post]).await.unwrap();
            council.people.insert(name, id);
        }
        council.clock.move_to(at(time));
        council
    }

    async fn open(home: &std::path::Path, clock: &Arc<SimulatedClock>) -> Node {
        let pack = node::rules::england().unwrap();
        let settings = Settings {
            data: home.to_path_buf(),
            database: Database::Embedded,
            agency: agency(&pack),
            pack,
            policy: Policy::standard().unwrap(),
            clock: clock.clone(),
        };
        Node::open(settings).await.unwrap()
    }

    /// Somebody acting in their post.
    pub fn acting(&self, name: &str) -> Acting {
        let mut work = [7; 16];
        work[..name.len().min(16)].copy_from_slice(&name.as_bytes()[..name.len().min(16)]);
        Acting {
            practitioner: self.people[name],
            post: format!("northmere/{name}").parse().unwrap(),
            work: StreamId(work),
        }
    }

    /// Moves time on and lets the ticker and the publisher run.
    pub async fn until(&self, time: &str) {
        self.clock.move_to(at(time));
        self.node.tick().await.unwrap();
        self.node.publish().await.unwrap();
    }

    /// Everything kept here holds together.
    pub async fn verifies(&self) {
        match self.node.verify_store(|_, _, _| {}).await.unwrap() {
            Verdict::Holds { .. } => {}
            Verdict::Fails { part, index, words } => panic!("{part:?} {index:?}: {words}"),
        }
    }
}

/// A report by somebody in their work about one child.
pub fn report(words: &str, safe: Safe, child: &str) -> Report {
    Report {
        words: words.into(),
        safe,
        spoken: String::new(),
        mentions: vec![Mention::named(SubjectKind::Child, "child-at-risk", child)],
        parents: "unknown".into(),
        colleague: false,
        sexual_harm: false,
        channel: Channel::StaffForm,
        told: None,
        happened: String::new(),
        reporter: Reporter {
            capacity: Capacity::Work,
            name: "Ms Alder".into(),
            role: "Year 4 lead".into(),
            organisation: "Fenside Primary".into(),
            contact: "01632 960 017".into(),
            may_be_contacted: true,
            ..Reporter::unknown()
        },
        safe_to_keep: true,
        word: String::new(),
        joins: None,
        their_reference: String::new(),
    }
}
