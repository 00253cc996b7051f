//! Northmere: an invented council with a hub, a night team, managers, a director and those outside the line.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::hours::{Hours, Span};
use domain::id::{PostId, PractitionerId, StreamId, SubjectId};
use domain::ladder::{Accept, Ladder, Rung};
use domain::pack::Pack;
use domain::policy::Policy;
use domain::time::Instant;
use domain::view::{Duty, SubjectKind};
use node::agency::{Agency, Post};
use node::app::concern::ConcernPage;
use node::app::decide::Deciding;
use node::app::duties::Answer;
use node::app::people::NewPractitioner;
use node::app::report::{Capacity, Channel, Filed, Mention, Report, Reporter, Safe};
use node::app::verify::Verdict;
use node::app::{Acting, AppError, Database, Node, Settings};
use node::clock::{Clock, SimulatedClock};

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
    pub place: Database,
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
        team: ["hub", "team-manager", "social-worker", "service-manager"]
            .contains(&code)
            .then(|| "hub".into()),
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
        post("inspector", "inspector", day(), None),
        post("operator", "operator", day(), None),
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
        partners: Vec::new(),
        digest: String::new(),
    }
}

/// Where a scenario runs: on SQLite always, and on PostgreSQL where `DAYLIGHT_TEST_POSTGRES` names a server.
#[expect(
    clippy::disallowed_methods,
    reason = "tests are told where a server is by the environment"
)]
fn places() -> Vec<Database> {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let url = std::env::var("DAYLIGHT_TEST_POSTGRES").ok();
    let schema = |url| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let (micros, number) = (since.unwrap().as_micros(), MADE.fetch_add(1, Ordering::Relaxed));
        let schema = format!("scenario_{}_{micros}_{number}", std::process::id());
        Database::Postgres { url, schema }
    };
    let server = url.filter(|url| !url.is_empty()).map(schema);
    std::iter::once(Database::Embedded).chain(server).collect()
}

/// Runs a scenario at a time on every engine there is.
pub async fn on_each(time: &str, scenario: impl AsyncFn(Council)) {
    for place in places() {
        scenario(Council::open_at(time, place).await).await;
    }
}

impl Council {
    /// Opens Northmere at a time, embedded, with its people in their posts.
    pub async fn at(time: &str) -> Self {
        Self::open_at(time, Database::Embedded).await
    }

    async fn open_at(time: &str, place: Database) -> Self {
        let home = tempfile::tempdir().unwrap();
        let clock = SimulatedClock::starting(at("2026-08-01 09:00"));
        let node = Self::open(home.path(), &clock, place.clone()).await;
        let mut council = Self {
            node,
            clock,
            people: BTreeMap::new(),
            home,
            place,
        };
        for (name, person, registered) in [
            ("hub", "Priya Nair", true),
            ("edt", "Tom Adeyemi", true),
            ("social-worker", "Jo Pell", true),
            ("team-manager", "Helen Marsh", true),
            ("service-manager", "Ruth Calder", true),
            ("director", "Amara Oduya", false),
            ("lado", "Wyn Parry", true),
            ("lado-deputy", "Sian Rees", true),
            ("monitoring", "Colm Byrne", false),
            ("records", "Dee Ford", false),
            ("protection", "Ines Roth", false),
            ("partner", "Nasreen Malik", false),
            ("scrutineer", "Owen Tull", false),
            ("police", "Fay Lund", false),
            ("operator", "Sten Lund", false),
        ] {
            council.join(name, person, "", registered, &[name]).await;
        }
        council.clock.move_to(at(time));
        council
    }

    /// Another process of the same node.
    pub async fn second(&self) -> Node {
        Self::open(self.home.path(), &self.clock, self.place.clone()).await
    }

    /// The same node, started again with other rules.
    pub async fn with_pack(&self, change: impl FnOnce(&mut Pack)) -> Node {
        let mut pack = node::rules::england().unwrap();
        change(&mut pack);
        Self::open_with(self.home.path(), &self.clock, self.place.clone(), pack).await
    }

    async fn open(home: &Path, clock: &Arc<SimulatedClock>, database: Database) -> Node {
        let pack = node::rules::england().unwrap();
        Self::open_with(home, clock, database, pack).await
    }

    async fn open_with(home: &Path, clock: &Arc<SimulatedClock>, database: Database, pack: Pack) -> Node {
        let settings = Settings {
            data: home.to_path_buf(),
            database,
            agency: agency(&pack),
            pack,
            policy: Policy::standard().unwrap(),
            clock: clock.clone(),
        };
        Node::open(settings).await.unwrap()
    }

    /// Opens what a directory holds, embedded.
    pub async fn reopened(home: &Path, clock: &Arc<SimulatedClock>) -> Node {
        Self::open(home, clock, Database::Embedded).await
    }

    /// Adds somebody to the staff directory and puts them into posts.
    pub async fn join(
        &mut self,
        name: &'static str,
        person: &str,
        phone: &str,
        registered: bool,
        posts: &[&str],
    ) {
        let new = NewPractitioner {
            name: person.into(),
            email: format!("{name}@northmere.example"),
            phone: phone.into(),
            address: String::new(),
            born: String::new(),
            registered,
        };
        let posts: Vec<PostId> = posts.iter().map(|post| seat(post)).collect();
        let id = self.node.add_practitioner(None, &new, &posts).await.unwrap();
        self.people.insert(name, id);
    }

    /// Gives a post to somebody, from whoever holds it.
    pub async fn moves(&self, from: &str, to: &str, post: &str) {
        self.node
            .leave_post(None, self.people[from], &seat(post))
            .await
            .unwrap();
        self.clock.now();
        self.node
            .take_post(None, self.people[to], &seat(post), None)
            .await
            .unwrap();
    }

    /// Somebody acting in the post they are called by.
    pub fn acting(&self, name: &str) -> Acting {
        self.acting_in(name, name)
    }

    /// Somebody acting in a post.
    pub fn acting_in(&self, name: &str, post: &str) -> Acting {
        let mut work = [7; 16];
        let bytes = name.bytes().chain(post.bytes().rev());
        for (place, byte) in work.iter_mut().zip(bytes) {
            *place = byte;
        }
        Acting {
            practitioner: self.people[name],
            post: seat(post),
            work: StreamId(work),
        }
    }

    /// Files a report.
    pub async fn raise(&self, seed: u8, report: &Report) -> Filed {
        self.node.raise(&[seed; 32], report, None).await.unwrap()
    }

    /// What somebody is shown of a concern.
    pub async fn page(&self, name: &str, reference: &str) -> ConcernPage {
        self.node.concern(&self.acting(name), reference).await.unwrap()
    }

    /// Whether somebody may know that a concern exists.
    pub async fn knows(&self, acting: &Acting, reference: &str) -> bool {
        match self.node.concern(acting, reference).await {
            Ok(_) => true,
            Err(AppError::NotFound) => false,
            Err(error) => panic!("{error}"),
        }
    }

    /// Decides, and has read second what the lot draws or the rules say.
    pub async fn decides(&self, name: &str, reference: &str, decisions: &[(Option<SubjectId>, &str)]) {
        let acting = self.acting(name);
        let seen = self.node.concern(&acting, reference).await.unwrap().seen;
        let deciding = |(subject, outcome): &(Option<SubjectId>, &str)| Deciding {
            subject: *subject,
            outcome: (*outcome).to_owned(),
            reason: "As the record says.".into(),
        };
        let decisions: Vec<Deciding> = decisions.iter().map(deciding).collect();
        let concern = self
            .node
            .decide(&acting, reference, seen, &decisions)
            .await
            .unwrap();
        for decision in concern.decisions.iter().filter(|d| !d.superseded) {
            if decision.second.is_none() && (decision.drawn || decision.needs_second.is_some()) {
                let reading = |d: &&Duty| d.is_open() && d.because == "second-reading";
                let duty = concern.duties.iter().find(reading).unwrap();
                let reader = self.acting(duty.owner.post());
                self.node
                    .second_read(&reader, reference, decision.record, true, "Read, and agreed.")
                    .await
                    .unwrap();
            }
        }
    }

    /// Does every open duty but those of some clocks, each by its own post.
    pub async fn finishes(&self, name: &str, reference: &str, but: &[&str]) {
        for duty in self.page(name, reference).await.concern.open_duties() {
            if !but.contains(&duty.clock.as_str()) {
                let acting = self.acting(duty.owner.post());
                self.node
                    .answer(&acting, reference, duty.id, &done())
                    .await
                    .unwrap();
            }
        }
    }

    /// Moves time on and lets the ticker and the publisher run.
    pub async fn until(&self, time: &str) {
        self.clock.move_to(at(time));
        self.node.tick().await.unwrap();
        self.node.publish().await.unwrap();
    }

    /// Moves time on an hour at a time, ticking at each.
    pub async fn live_until(&self, time: &str) {
        while self.clock.now() < at(time) {
            let next = self.clock.now().plus_minutes(60).min(at(time));
            self.clock.move_to(next);
            self.node.tick().await.unwrap();
        }
        self.node.publish().await.unwrap();
    }

    /// The post confirms the organisation of whoever reported in their work.
    pub async fn confirms(&self, post: &str, reference: &str) {
        let page = self.page(post, reference).await;
        let mut open = page.concern.open_duties();
        let duty = open.find(|d| d.clock == "confirm-organisation").unwrap().id;
        let confirmed = found("organisation-confirmed");
        let acting = self.acting(post);
        self.node
            .answer(&acting, reference, duty, &confirmed)
            .await
            .unwrap();
    }

    /// Everything kept here holds together.
    pub async fn verifies(&self) -> u64 {
        match self.node.verify_store(|_, _, _| {}).await.unwrap() {
            Verdict::Holds { erased, .. } => erased,
            Verdict::Fails { part, index, words } => panic!("{part:?} {index:?}: {words}"),
        }
    }

    /// The database file, when it is embedded.
    pub fn file(&self) -> std::path::PathBuf {
        self.home.path().join("daylight.db")
    }

    /// Which of these values can be read in the raw bytes of anything under the node's directory.
    pub fn readable(&self, values: &[&str]) -> Vec<String> {
        let mut found = Vec::new();
        let mut places = vec![self.home.path().to_path_buf()];
        while let Some(place) = places.pop() {
            if place.is_dir() {
                places.extend(std::fs::read_dir(&place).unwrap().map(|e| e.unwrap().path()));
                continue;
            }
            let bytes = std::fs::read(&place).unwrap_or_default();
            let holds = |value: &&&str| {
                let plain = value.as_bytes();
                bytes.windows(plain.len()).any(|window| window == plain)
            };
            let values = values.iter().filter(holds);
            found.extend(values.map(|value| format!("{value} in {}", place.display())));
        }
        found
    }
}

/// A post by its code.
pub fn seat(code: &str) -> PostId {
    format!("northmere/{code}").parse().unwrap()
}

/// A duty done, no more.
pub fn done() -> Answer {
    Answer {
        how: "done".into(),
        words: String::new(),
        when: None,
        next: None,
        finding: None,
    }
}

/// A duty done, with what was found.
pub fn found(finding: &str) -> Answer {
    Answer {
        finding: Some(finding.into()),
        words: "Done.".into(),
        ..done()
    }
}

/// Whether an act found nothing: not there, or not for this person to know.
pub fn is_not_found<T: std::fmt::Debug>(outcome: Result<T, AppError>) -> bool {
    matches!(outcome, Err(AppError::NotFound))
}

/// A mention of somebody with a name and a telephone number.
pub fn adult(name: &str, phone: &str) -> Mention {
    Mention {
        phone: phone.into(),
        ..Mention::named(SubjectKind::Adult, "person-of-concern", name)
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
