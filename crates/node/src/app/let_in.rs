//! Nobody is let in by one person alone: whoever runs the node asks, and somebody who answers for the service agrees.
//!
//! An ask is a record on the person's own stream that changes nothing. Agreeing writes what was asked and gives the one who
//! agreed the link, so that neither of the two can come in as somebody else without the other. Whoever could agree, and
//! whoever it is about where they hold a post already, are told by notices.

use domain::id::{PostId, PractitionerId, RecordId, StreamId};
use domain::ladder::Chairs;
use domain::policy::{Action, Item, Relation, Relations, Role, Tier, What};
use domain::record::{Actor, Draft, Kind};
use domain::time::Instant;
use domain::view::{Ask, Letting, Practitioner};

use super::accounts::Change;
use super::start::AFFAIRS;
use super::{Acting, AppError, Node, Refusal};
use crate::Inner;
use crate::assemble::{Stream, StreamKind, Work};
use crate::signin::SignIn;
use crate::signin::account::Invitation;
use crate::store::Submitted;
use crate::write::Batch;

/// Posts that can agree, in the order in which they are told that somebody waits: those the policy lets do it.
pub const SECOND: [Role; 5] = [
    Role::ServiceManager,
    Role::RecordsOfficer,
    Role::Director,
    Role::MonitoringOfficer,
    Role::DataProtectionOfficer,
];

/// How many posts that can agree are told.
const TOLD: usize = 2;

/// For how long an ask that was settled is still listed, in minutes.
const LISTED: i64 = 60 * 24 * 60;

/// Somebody who waits to be let in, as those who can agree see it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AskView {
    /// Who.
    pub who: PractitionerId,
    /// Their name.
    pub name: String,
    /// Their work e-mail, as whoever runs the node wrote it.
    pub email: String,
    /// A registered social worker, as whoever runs the node says.
    pub registered: bool,
    /// What is asked.
    pub ask: Ask,
    /// Why it is asked, or why it was refused; may be empty.
    pub reason: String,
    /// Whether it waits.
    pub waits: bool,
    /// Whether this person may be the one who agrees.
    pub mine: bool,
}

impl Node {
    /// What was asked in the last weeks, whatever became of it: the newest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for whoever cannot agree.
    pub async fn asks(&self, acting: &Acting) -> Result<Vec<AskView>, AppError> {
        let node = &self.inner;
        node.may_let_in(acting, None).await?;
        let since = node.clock.now().plus_minutes(-LISTED);
        let mut out = Vec::new();
        for folded in node.practitioners().await? {
            for ask in folded.asks.iter().filter(|ask| ask.at >= since) {
                if folded.id != acting.practitioner {
                    out.push(node.ask_view(acting, &folded, ask).await?);
                }
            }
        }
        out.sort_by_key(|view| std::cmp::Reverse(view.ask.at));
        Ok(out)
    }

    /// How many wait for somebody like this person; nothing for anybody who cannot agree.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn asks_waiting(&self, acting: &Acting) -> Result<usize, AppError> {
        match self.inner.may_let_in(acting, None).await {
            Ok(()) => {}
            Err(AppError::NotFound) => return Ok(0),
            Err(error) => return Err(error),
        }
        let (staffing, now) = (self.inner.staffing().await?, self.inner.clock.now());
        let mine = |(who, ask): &&(PractitionerId, Ask)| {
            *who != acting.practitioner && !asked_by(ask, acting) && ask.waits(now)
        };
        Ok(staffing.asks.iter().filter(mine).count())
    }

    /// One ask.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, for whoever cannot agree, and for whoever it is about.
    pub async fn ask_to_let_in(
        &self,
        acting: &Acting,
        who: PractitionerId,
        asked: RecordId,
    ) -> Result<AskView, AppError> {
        let node = &self.inner;
        node.may_let_in(acting, None).await?;
        let stream = node.practitioner(who).await?;
        let folded = Practitioner::fold(who, &stream.spines);
        let ask = folded.ask(asked).ok_or(AppError::NotFound)?;
        if who == acting.practitioner {
            return Err(AppError::NotFound);
        }
        node.ask_view(acting, &folded, ask).await
    }

    /// Agrees: what was asked is written, and where it invites, the link is given to whoever agreed. It is shown once.
    ///
    /// # Errors
    /// [`AppError::NotFound`] as [`Node::ask_to_let_in`]; [`Refusal::NeedsAnother`] for the person or the post that asked;
    /// [`Refusal::AlreadyDone`] when it was settled, has ended, or the account was closed since; [`AppError::Invalid`] when
    /// a post is no longer in the agency's file or its last day has passed.
    pub async fn let_in(
        &self,
        acting: &Acting,
        door: &SignIn,
        who: PractitionerId,
        asked: RecordId,
    ) -> Result<Option<Invitation>, AppError> {
        let node = &self.inner;
        let what = loop {
            let stream = node.practitioner(who).await?;
            let folded = Practitioner::fold(who, &stream.spines);
            let ask = folded.ask(asked).ok_or(AppError::NotFound)?.clone();
            node.may_let_in(acting, Some((who, &ask))).await?;
            let closed = folded.closed.is_some() != (ask.what == Letting::ReOpened);
            if closed || !ask.waits(node.clock.now()) {
                return Err(Refusal::AlreadyDone.into());
            }
            node.still_fits(who, &ask).await?;
            if ask.what.invites() {
                node.open_login(door, who).await?;
            }
            match node.write(Batch::of(node.agreed(acting, stream, &ask)?)).await? {
                Submitted::Moved { .. } => {}
                _ => break ask.what,
            }
        };
        if what.invites() {
            return Ok(Some(door.invite(who).await?));
        }
        Ok(None)
    }

    /// Refuses, with a reason. Whoever runs the node takes back by this what was asked, and need not say why.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or for whoever may neither agree nor ask; [`AppError::Invalid`] without a
    /// reason; [`Refusal::AlreadyDone`] when it is settled.
    pub async fn refuse_to_let_in(
        &self,
        acting: &Acting,
        who: PractitionerId,
        asked: RecordId,
        reason: &str,
    ) -> Result<(), AppError> {
        let node = &self.inner;
        let runs = node.may_account(acting, Action::Invite).await.is_ok();
        if !runs {
            node.may_let_in(acting, None).await?;
        }
        if who == acting.practitioner {
            return Err(AppError::NotFound);
        }
        loop {
            let stream = node.practitioner(who).await?;
            let folded = Practitioner::fold(who, &stream.spines);
            let ask = folded.ask(asked).ok_or(AppError::NotFound)?;
            if !ask.waits(node.clock.now()) {
                return Err(Refusal::AlreadyDone.into());
            }
            if !runs && reason.trim().is_empty() {
                return Err(AppError::invalid("reason", "error-reason-missing"));
            }
            let draft = Draft::new(Kind::AccessRefused, acting.actor())
                .code("asked", asked.to_string())
                .with("reason", reason.trim());
            let mut work = Work::on(stream);
            work.push(node.clock.now(), draft)?;
            match node.write(Batch::of(work)).await? {
                Submitted::Moved { .. } => {}
                _ => return Ok(()),
            }
        }
    }

    /// Whether anybody who could agree can sign in. Until somebody can, whoever has the machine lets people in alone.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn somebody_agrees(&self, door: &SignIn) -> Result<bool, AppError> {
        let node = &self.inner;
        let (chairs, now) = (node.chairs().await?, node.clock.now());
        for post in node.seconds() {
            let Some(who) = chairs.holder(&post, now) else {
                continue;
            };
            if door.has_way(who).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Writes that whoever has the machine let somebody in alone, and why, before it happens; tells those who could have
    /// agreed, and whoever it is about.
    ///
    /// # Errors
    /// [`AppError::Invalid`] without a reason; [`AppError::NotFound`] when there is no such person.
    pub async fn let_in_alone(&self, who: PractitionerId, reason: &str) -> Result<(), AppError> {
        let node = &self.inner;
        if reason.trim().is_empty() {
            return Err(AppError::invalid("reason", "error-reason-missing"));
        }
        let alone = Draft::new(Kind::AccessChanged, Actor::Node).code("how", "alone");
        node.by_the_machine(who, alone.with("reason", reason.trim()))
            .await
    }

    /// Writes that whoever has the machine is making a token with which a program speaks for somebody, and tells the same
    /// people.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such person.
    pub async fn token_is_made(&self, who: PractitionerId, post: &PostId) -> Result<(), AppError> {
        let made = Draft::new(Kind::AccessChanged, Actor::Node).code("how", "token");
        self.inner.by_the_machine(who, made.post(post.clone())).await
    }
}

impl Inner {
    /// A practitioner's stream; not found for any other.
    pub(crate) async fn practitioner(&self, who: PractitionerId) -> Result<Stream, AppError> {
        let stream = self.load(StreamId(who.0)).await?;
        match stream.kind {
            StreamKind::Practitioner => Ok(stream),
            _ => Err(AppError::NotFound),
        }
    }

    /// Writes what whoever has the machine does alone, with the notices of it.
    async fn by_the_machine(&self, who: PractitionerId, draft: Draft) -> Result<(), AppError> {
        loop {
            let now = self.clock.now();
            let mut work = Work::on(self.practitioner(who).await?);
            self.ask_in(&mut work, who, draft.clone(), now).await?;
            match self.write(Batch::of(work)).await? {
                Submitted::Moved { .. } => {}
                _ => return Ok(()),
            }
        }
    }

    /// Adds to a person's work that they are asked to be let in, and the notices of it.
    pub(crate) async fn ask_in(
        &self,
        work: &mut Work,
        who: PractitionerId,
        draft: Draft,
        now: Instant,
    ) -> Result<(), AppError> {
        work.push(now, draft)?;
        self.tell_of_ask(work, who, now).await
    }

    /// Tells the first posts that can agree and are not the person's own, and the person where they hold a post.
    async fn tell_of_ask(&self, work: &mut Work, who: PractitionerId, now: Instant) -> Result<(), AppError> {
        let chairs = self.chairs().await?;
        let other = |post: &PostId| {
            let sitting = chairs.sitting(post, now);
            sitting.is_ok_and(|sitting| sitting.who != who)
        };
        let mut told: Vec<_> = self.seconds().filter(|post| other(post)).take(TOLD).collect();
        told.extend(own_post(&chairs, who, now));
        for post in told {
            self.queue_notices(work, None, &post, 0, None, now)?;
        }
        Ok(())
    }

    /// Every post that can agree, the nearest to the work first.
    fn seconds(&self) -> impl Iterator<Item = PostId> + '_ {
        let of = |role: &'static Role| {
            let posts = self.agency.posts.iter();
            posts.filter(move |post| post.role == role.code())
        };
        SECOND.iter().flat_map(of).map(|post| post.id.clone())
    }

    async fn may_let_in(&self, acting: &Acting, ask: Option<(PractitionerId, &Ask)>) -> Result<(), AppError> {
        let who = self.who(acting).await?;
        let mut what = What::new(Item::Account, AFFAIRS, Tier::Shared);
        what.relations = Relations::NONE.with(Relation::Agency);
        let office = self.permit(&who, Action::LetIn, &what, None);
        let Some((whose, ask)) = ask else {
            return office.map(drop);
        };
        drop(office?);
        what.barred = whose == acting.practitioner;
        what.first = asked_by(ask, acting);
        match self.permit(&who, Action::LetIn, &what, None) {
            Err(AppError::NotFound) if what.first => Err(Refusal::NeedsAnother.into()),
            other => other.map(drop),
        }
    }

    async fn ask_view(&self, acting: &Acting, folded: &Practitioner, ask: &Ask) -> Result<AskView, AppError> {
        let stream = self.practitioner(folded.id).await?;
        let opened = self.open_stream(&stream).await?;
        let first = opened.values().next();
        let first = |name: &str| first.map(|c| c.text(name)).unwrap_or_default();
        let about = |spine: &domain::record::Spine| {
            let refusal = spine.kind == Kind::AccessRefused
                && spine.text("asked") == Some(ask.asked.to_string().as_str());
            refusal || spine.id == ask.asked
        };
        let reasons = stream.spines.iter().filter(|spine| about(spine));
        let mut reasons = reasons.filter_map(|spine| opened.get(&spine.sequence).map(|c| c.text("reason")));
        Ok(AskView {
            who: folded.id,
            name: first("name"),
            email: first("email"),
            registered: folded.registered,
            reason: reasons.rfind(|text| !text.is_empty()).unwrap_or_default(),
            waits: ask.waits(self.clock.now()),
            mine: !asked_by(ask, acting),
            ask: ask.clone(),
        })
    }

    /// Whether the posts asked for can still be held, beside those held now.
    async fn still_fits(&self, who: PractitionerId, ask: &Ask) -> Result<(), AppError> {
        let mut all = match ask.what {
            Letting::Post => self.chairs().await?.posts_of(who, self.clock.now()),
            _ => Vec::new(),
        };
        all.extend(ask.posts.iter().cloned());
        self.check_posts(&all, ask.until)
    }

    /// Gives somebody the name they sign in with, if a crash or a new store has left them without.
    async fn open_login(&self, door: &SignIn, who: PractitionerId) -> Result<(), AppError> {
        if door.login_of(who).await?.is_some() {
            return Ok(());
        }
        let email = self.directory_entry(who).await?.text("email");
        if door.login_taken(&email).await? {
            return Err(AppError::invalid("email", "error-email-taken"));
        }
        Ok(door.open_account(who, &email).await?)
    }

    /// The records of an agreement: that it was given, and what it was given to.
    fn agreed(&self, acting: &Acting, stream: Stream, ask: &Ask) -> Result<Work, AppError> {
        let (mut work, now) = (Work::on(stream), self.clock.now());
        let agreed = Draft::new(Kind::AccessAgreed, acting.actor());
        work.push(now, agreed.code("asked", ask.asked.to_string()))?;
        for post in &ask.posts {
            let taken = Draft::new(Kind::PostTaken, acting.actor()).post(post.clone());
            work.push(now, taken.maybe("until", ask.until))?;
        }
        let change = match ask.what {
            Letting::Post => None,
            Letting::New | Letting::Invited => Some(Change::Invited),
            Letting::ReOpened => Some(Change::ReOpened),
        };
        if let Some(change) = change {
            let changed = Draft::new(Kind::AccessChanged, acting.actor());
            work.push(now, changed.code("how", change.code()))?;
        }
        Ok(work)
    }
}

/// Whether the acting person, or the post they act in, asked.
fn asked_by(ask: &Ask, acting: &Acting) -> bool {
    ask.by.practitioner() == Some(acting.practitioner) || ask.by.post() == Some(&acting.post)
}

/// One post that somebody holds: there they learn what is asked for them.
fn own_post(chairs: &Chairs, who: PractitionerId, now: Instant) -> Option<PostId> {
    chairs.posts_of(who, now).into_iter().next()
}

#[cfg(test)]
mod tests {
    use domain::policy::{Policy, Purpose, Who};

    use super::*;

    #[test]
    fn those_who_are_told_are_those_the_policy_lets_agree() {
        let policy = Policy::standard().unwrap();
        let mut what = What::new(Item::Account, AFFAIRS, Tier::Shared);
        what.relations = Relations::NONE.with(Relation::Agency);
        let agrees = |role: &Role| {
            let who = Who::in_post(PractitionerId([1; 16]), "northmere/x".parse().unwrap(), &[*role]);
            let now = Instant(0);
            policy
                .decide(&who, Action::LetIn, &what, &Purpose::Upkeep, now)
                .is_ok()
        };
        let mut agreeing: Vec<_> = Role::ALL.iter().filter(|role| agrees(role)).collect();
        let mut told: Vec<_> = SECOND.iter().collect();
        agreeing.sort();
        told.sort();
        assert_eq!(agreeing, told);
    }
}
