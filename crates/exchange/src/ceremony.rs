//! A key ceremony as messages: what one key-holder sends and takes, from its first message to its share. Needs every
//! key-holder; any doubt stops it, and it starts afresh. The mathematics is in [`crate::keygen`].
//!
//! A dealer that says different first messages to different key-holders is found at the end: their public sides
//! differ, so they do not sign one descriptor.

use crate::draw::Draw;
use crate::envelope::{Course, Inbox, Outgoing, Verified};
use crate::ids::{Micros, PartyId};
use crate::keygen::{self, RoundOne, RoundTwo, Share};
use crate::message::{KeygenOne, KeygenTwo};
use crate::refusal::Refusal;
use crate::seal::{self, Binding, KEYGEN, OpenWith, SealTo};
use crate::threshold::Seat;
use crate::wire::Blob;
use std::collections::BTreeMap;
use zeroize::{Zeroize as _, Zeroizing};

/// One key-holder as the others know it: its seat, who it is, and the key its deals are sealed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The seat.
    pub seat: Seat,
    /// The key-holder.
    pub party: PartyId,
    /// Its HPKE key.
    pub seal_to: SealTo,
}

enum State {
    One(RoundOne),
    Two(RoundTwo),
}

/// One key-holder in a ceremony.
pub struct Ceremony {
    me: Place,
    others: Vec<Place>,
    course: Course,
    open_with: OpenWith,
    inbox: Inbox,
    state: Option<State>,
    first: BTreeMap<Seat, Vec<u8>>,
    second: BTreeMap<Seat, Zeroizing<Vec<u8>>>,
}

impl core::fmt::Debug for Ceremony {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Ceremony(seat {})", self.me.seat)
    }
}

impl Ceremony {
    /// Begins a fresh key, or with a share its refresh. Returns the state to keep and what to send to every other.
    pub fn begin(
        (me, others): (Place, Vec<Place>),
        course: Course,
        open_with: OpenWith,
        key: Key<'_>,
        now: Micros,
        draw: &mut Draw,
    ) -> Result<(Self, Vec<Outgoing>), Refusal> {
        let mut seats: Vec<Seat> = others.iter().map(|place| place.seat).chain([me.seat]).collect();
        seats.sort_unstable();
        let distinct = seats.windows(2).all(|pair| pair.first() != pair.last());
        if !distinct || open_with.public() != me.seal_to {
            return Err(Refusal::Range);
        }
        let count = u8::try_from(seats.len()).map_err(|_| Refusal::Range)?;
        let (state, package) = match key {
            Key::Fresh { threshold } => keygen::begin(me.seat, count, threshold, draw),
            Key::Refresh(share) if share.seat == me.seat => keygen::begin_refresh(share, draw),
            Key::Refresh(_) => return Err(Refusal::Range),
        }
        .map_err(|_| Refusal::Range)?;
        let first = KeygenOne {
            seat: me.seat,
            package: Blob(package),
        };
        let out = others
            .iter()
            .map(|other| Outgoing::new(other.party, course, now, &first))
            .collect();
        let ceremony = Self {
            me,
            others,
            course,
            open_with,
            inbox: Inbox::default(),
            state: Some(State::One(state)),
            first: BTreeMap::new(),
            second: BTreeMap::new(),
        };
        Ok((ceremony, out))
    }

    /// Who sits where, if the message is this ceremony's and by who sits there.
    fn sender<T>(&self, message: &Verified<T>, seat: Seat) -> Result<Place, Refusal> {
        let envelope = message.envelope();
        if (envelope.scope, envelope.epoch) != (self.course.scope, self.course.epoch) {
            return Err(Refusal::Epoch);
        }
        let mut others = self.others.iter();
        let place = others.find(|place| place.seat == seat && place.party == message.from());
        place.copied().ok_or(Refusal::Sender)
    }

    /// Takes another's first message. When all are there the deals leave, each sealed to its receiver; deals of others
    /// may have come before, so [`Ceremony::finish`] is then worth a try.
    pub fn first(
        &mut self,
        message: &Verified<KeygenOne>,
        now: Micros,
        draw: &mut Draw,
    ) -> Result<Vec<Outgoing>, Refusal> {
        let place = self.sender(message, message.value().seat)?;
        self.inbox.accept(message)?;
        if let Some(known) = self.first.get(&place.seat) {
            // two different first messages of one dealer: with both envelopes, evidence
            return if *known == message.value().package.0 {
                Ok(Vec::new())
            } else {
                Err(Refusal::Conflict)
            };
        }
        self.first.insert(place.seat, message.value().package.0.clone());
        if self.first.len() < self.others.len() {
            return Ok(Vec::new());
        }
        let Some(State::One(state)) = self.state.take() else {
            return Err(Refusal::Unasked);
        };
        let first: Vec<(Seat, Vec<u8>)> = self.first.iter().map(|(s, m)| (*s, m.clone())).collect();
        let (state, deals) = state.deal(&first).map_err(|_| Refusal::Proof)?;
        self.state = Some(State::Two(state));
        let mut out = Vec::new();
        for (seat, mut deal) in deals {
            let mut others = self.others.iter();
            let to = others.find(|place| place.seat == seat).ok_or(Refusal::Range)?;
            let (enc, sealed) = seal::seal(&to.seal_to, &self.binding(self.me.party, to.party), &deal, draw)?;
            deal.zeroize();
            let second = KeygenTwo {
                seat: self.me.seat,
                enc,
                sealed: Blob(sealed),
            };
            out.push(Outgoing::new(to.party, self.course, now, &second));
        }
        Ok(out)
    }

    /// Takes another's deal, in any order, also before the last first message. When all are there, the share.
    pub fn second(&mut self, message: &Verified<KeygenTwo>) -> Result<Option<Box<Share>>, Refusal> {
        let body = message.value();
        let place = self.sender(message, body.seat)?;
        self.inbox.accept(message)?;
        let binding = self.binding(place.party, self.me.party);
        let deal = seal::open(&self.open_with, &binding, &body.enc, &body.sealed.0)?;
        match self.second.get(&place.seat) {
            Some(known) if **known != deal => return Err(Refusal::Conflict),
            _ => self.second.insert(place.seat, Zeroizing::new(deal)),
        };
        self.finish()
    }

    /// The share, if every message of both rounds is there: to be stored, and its public side to be signed into the
    /// descriptor.
    pub fn finish(&mut self) -> Result<Option<Box<Share>>, Refusal> {
        let complete = self.second.len() == self.others.len();
        match self.state.take() {
            Some(State::Two(state)) if complete => {
                let deals = core::mem::take(&mut self.second);
                let mut second: Vec<(Seat, Vec<u8>)> = deals.iter().map(|(s, m)| (*s, m.to_vec())).collect();
                let share = state.finish(&second);
                second.iter_mut().for_each(|(_, deal)| deal.zeroize());
                Ok(Some(Box::new(share.map_err(|_| Refusal::Proof)?)))
            }
            state => {
                self.state = state;
                Ok(None)
            }
        }
    }

    fn binding(&self, from: PartyId, to: PartyId) -> Binding {
        Binding {
            scope: self.course.scope,
            from,
            to,
            context: KEYGEN,
        }
    }
}

/// What a ceremony is for.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a> {
    /// A new key, of which this many shares are needed.
    Fresh {
        /// How many.
        threshold: u8,
    },
    /// New shares of the key that this is a share of.
    Refresh(&'a Share),
}
