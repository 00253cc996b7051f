//! What an operator is told before going live: would every duty, at every hour, reach somebody?

use domain::ladder::Ladder;
use domain::pack::Pack;
use domain::time::Instant;

use super::{Agency, Post};

/// How much a finding matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// Something would reach nobody. The node does not start.
    Refuse,
    /// It works, and should be looked at.
    Warn,
}

/// Something found by [`check`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// How much it matters.
    pub level: Level,
    /// What it is about: a post, a ladder, a clock.
    pub about: String,
    /// What was found, in words.
    pub reason: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let level = match self.level {
            Level::Refuse => "refused",
            Level::Warn => "warning",
        };
        write!(f, "{level}: {}: {}", self.about, self.reason)
    }
}

/// Checks an agency against the rule pack it will run under. `from` is the moment from which the hours of a fortnight are
/// tried; take now.
pub fn check(agency: &Agency, pack: &Pack, from: Instant) -> Vec<Finding> {
    let mut checking = Checking {
        agency,
        pack,
        found: Vec::new(),
    };
    checking.ladders();
    checking.roles();
    checking.posts();
    checking.night(from);
    checking.found.sort_by_key(|finding| finding.level);
    checking.found
}

struct Checking<'a> {
    agency: &'a Agency,
    pack: &'a Pack,
    found: Vec<Finding>,
}

impl Checking<'_> {
    fn find(&mut self, level: Level, about: &str, reason: String) {
        let finding = Finding {
            level,
            about: about.to_owned(),
            reason,
        };
        if !self.found.contains(&finding) {
            self.found.push(finding);
        }
    }

    fn has_role(&self, role: &str) -> bool {
        self.agency.posts.iter().any(|post| post.role == role)
    }

    /// Every clock climbs a ladder that there is; and what a template asks for is on it.
    fn ladders(&mut self) {
        for clock in &self.pack.clocks {
            if !self.agency.ladders.iter().any(|ladder| ladder.id == clock.ladder) {
                let reason = format!("its ladder `{}` is not in the agency's file", clock.ladder);
                self.find(Level::Refuse, &clock.id, reason);
            }
        }
        for ladder in &self.agency.ladders {
            let kind = ladder.id.split('/').next().unwrap_or_default();
            let Some(template) = self.pack.ladder(kind) else {
                self.find(
                    Level::Refuse,
                    &ladder.id,
                    "the rule pack has no such ladder".to_owned(),
                );
                continue;
            };
            let posts = &self.agency.posts;
            for fault in ladder.faults(|id| posts.iter().any(|post| post.id == *id)) {
                self.find(Level::Refuse, &ladder.id, fault.to_string());
            }
            let wanted = template
                .in_hours
                .iter()
                .chain(&template.out_of_hours)
                .chain(&template.outside);
            for (role, _) in wanted {
                if !self.on(ladder, role) {
                    self.find(
                        Level::Warn,
                        &ladder.id,
                        format!("no rung is a {role}, as the rule pack suggests"),
                    );
                }
            }
        }
    }

    fn on(&self, ladder: &Ladder, role: &str) -> bool {
        let is = |post: &&Post| post.role == role;
        ladder.rungs().any(|rung| {
            self.agency
                .posts
                .iter()
                .filter(is)
                .any(|post| post.id == rung.post)
        })
    }

    /// Whoever must own, decide or release is there.
    fn roles(&mut self) {
        let posts = |role: &str| self.pack.role(role).is_some_and(|role| role.post);
        let clocks = self
            .pack
            .clocks
            .iter()
            .map(|clock| (&clock.owner, clock.id.clone()));
        let duties = self.pack.outcomes.iter().flat_map(|one| {
            one.duties
                .iter()
                .flat_map(|duty| [Some(&duty.owner), duty.night.as_ref()])
                .flatten()
                .map(|role| (role, one.id.clone()))
        });
        let found = self.pack.findings.iter().flat_map(|one| {
            one.duties
                .iter()
                .flat_map(|duty| [Some(&duty.owner), duty.night.as_ref()])
                .flatten()
                .map(|role| (role, one.id.clone()))
        });
        let holds = self
            .pack
            .holds
            .iter()
            .flat_map(|one| one.released_by.iter().map(|role| (role, one.id.clone())));
        let wanted = clocks.chain(duties).chain(found).chain(holds);
        let missing: Vec<(String, String)> = wanted
            .filter(|(role, _)| posts(role) && !self.has_role(role))
            .map(|(role, about)| (role.clone(), about))
            .collect();
        for (role, about) in missing {
            self.find(Level::Refuse, &about, format!("no post is a {role}"));
        }
        for outcome in &self.pack.outcomes {
            if !outcome.deciders.iter().any(|role| self.has_role(role)) {
                self.find(Level::Refuse, &outcome.id, "nobody may decide it".to_owned());
            }
        }
    }

    /// Posts that would miss what they are told, or leave it when their holder is away.
    fn posts(&mut self) {
        for post in &self.agency.posts {
            let about = post.id.as_str();
            let rung = self
                .agency
                .ladders
                .iter()
                .any(|ladder| ladder.rungs().any(|rung| rung.post == post.id));
            if post.hours.is_never() {
                let level = if rung { Level::Refuse } else { Level::Warn };
                self.find(level, about, "it is never open".to_owned());
            }
            if !post.channels.iter().any(|channel| channel != "screen") {
                let reason = "it is told on its screen alone: nobody hears of anything until they look";
                self.find(Level::Warn, about, reason.to_owned());
            }
            let top = self.pack.role(&post.role).is_some_and(|role| role.acceptor);
            if rung && post.deputy.is_none() && !top {
                let reason = "it has no deputy: while its holder is away its rung is passed";
                self.find(Level::Warn, about, reason.to_owned());
            }
        }
    }

    /// At each quarter of an hour of a fortnight, the desk or the emergency duty post is open.
    fn night(&mut self, from: Instant) {
        let Some(calendar) = self.pack.office() else {
            return;
        };
        let on_call =
            |post: &&Post| matches!(post.role.as_str(), "hub-decision-maker" | "emergency-duty-worker");
        let posts: Vec<&Post> = self.agency.posts.iter().filter(on_call).collect();
        let quarters = (0..14 * 24 * 4).map(|quarter| from.plus_minutes(quarter * 15));
        let dark = quarters
            .filter(|at| {
                !posts
                    .iter()
                    .any(|post| post.hours.open_at(*at, calendar).unwrap_or(false))
            })
            .count();
        if dark > 0 {
            let reason = format!(
                "for {} hours of the next fortnight neither the hub nor the emergency duty post is open",
                dark.div_ceil(4)
            );
            self.find(Level::Refuse, self.agency.id.clone().as_str(), reason);
        }
    }
}
