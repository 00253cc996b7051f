//! Recall and correction that reach every holder, and hand-offs whose daily difference is a number.

use crate::people::draw;
use crate::sim::world::{SCOPE, START, agency};
use exchange::ask::{Answer, Between, open_answer, seal_answer};
use exchange::handoff::{Book, HandOff, Tally};
use exchange::ids::{Digest, MessageId, Micros};
use exchange::recall::{Change, Disclosure, RecallAck, Received};
use exchange::refusal::Refusal;
use exchange::seal::OpenWith;
use exchange::wire::{Blob, decode};

const IT: MessageId = MessageId([1; 16]);

#[test]
fn a_recall_reaches_everybody_onward_and_shows_who_has_not_confirmed() {
    let mut origin = Disclosure::new(IT, agency(0), agency(1));
    let (mut one, mut two) = (Received::default(), Received::default());
    one.took(IT, agency(0));
    two.took(IT, agency(0));
    one.pass_on(IT, agency(2)).unwrap();
    two.pass_on(IT, agency(3)).unwrap();
    let told = origin.change(Change::Recall, 7, START).unwrap();
    assert_eq!(told, [agency(1)]);
    let later = START.plus(Micros::HOUR);
    let recall = origin.message(agency(1), None).unwrap();
    let ack = one.change(agency(0), &recall, [1; 32]).unwrap();
    let onward = origin.acknowledged(agency(1), &ack, later).unwrap();
    assert_eq!(onward, [agency(2)]);
    assert_eq!(origin.acknowledged(agency(1), &ack, later).unwrap(), []);
    let recall = origin.message(agency(2), None).unwrap();
    let ack = two.change(agency(0), &recall, [2; 32]).unwrap();
    let further = origin.acknowledged(agency(2), &ack, later).unwrap();
    assert_eq!(further, [agency(3)]);
    assert_eq!(
        origin.not_confirmed(),
        [(agency(3), later)],
        "who says nothing shows as not confirmed"
    );
    let last = RecallAck {
        disclosure: IT,
        number: 1,
        leaf: [3; 32],
        onward: Vec::new(),
    };
    origin.acknowledged(agency(3), &last, later).unwrap();
    assert_eq!(origin.not_confirmed(), []);
    assert_eq!(
        one.pass_on(IT, agency(5)),
        Err(Refusal::Closed),
        "what was recalled is not passed on"
    );
}

#[test]
fn a_second_change_asks_everybody_again_and_an_old_acknowledgement_does_not_count() {
    let mut origin = Disclosure::new(IT, agency(0), agency(1));
    let mut holder = Received::default();
    holder.took(IT, agency(0));
    let corrected = Answer {
        enc: [1; 32],
        sealed: Blob(vec![1]),
    };
    origin.change(Change::Correct, 1, START).unwrap();
    let first = origin.message(agency(1), Some(&corrected)).unwrap();
    let old = holder.change(agency(0), &first, [1; 32]).unwrap();
    holder.pass_on(IT, agency(4)).unwrap();
    origin.change(Change::Recall, 2, START).unwrap();
    let second = origin.message(agency(1), None).unwrap();
    origin.acknowledged(agency(1), &old, START).unwrap();
    assert_eq!(origin.not_confirmed().len(), 1);
    let new = holder.change(agency(0), &second, [2; 32]).unwrap();
    assert_eq!(new.onward, [agency(4)]);
    assert_eq!(
        holder.change(agency(0), &first, [3; 32]).unwrap(),
        new,
        "an older change does not undo a newer one"
    );
    origin.acknowledged(agency(1), &new, START).unwrap();
    assert_eq!(origin.not_confirmed(), [(agency(4), START)]);
    assert_eq!(origin.acknowledged(agency(9), &new, START), Err(Refusal::Unasked));
    assert_eq!(origin.change(Change::Recall, 0, START), Err(Refusal::Range));
}

#[test]
fn a_correction_is_sealed_to_each_holder_and_a_recall_to_none() {
    let mut origin = Disclosure::new(IT, agency(0), agency(1));
    assert_eq!(
        origin.message(agency(1), None),
        Err(Refusal::Unasked),
        "nothing changed yet"
    );
    origin.passed_on(agency(2));
    assert_eq!(
        origin.change(Change::Correct, 1, START).unwrap(),
        [agency(1), agency(2)]
    );
    let between = |holder| Between {
        scope: SCOPE,
        asker: holder,
        holder: agency(0),
    };
    let desks = [OpenWith::from_seed(&[1; 32]), OpenWith::from_seed(&[2; 32])];
    let body = crate::asks::plain_answer();
    for (n, desk) in (1u8..).zip(&desks) {
        let sealed = seal_answer(&body, &desk.public(), between(agency(n)), &mut draw(9)).unwrap();
        let recall = origin.message(agency(n), Some(&sealed)).unwrap();
        let mut holder = Received::default();
        holder.took(IT, agency(0));
        holder.change(agency(0), &recall, [n; 32]).unwrap();
        let carried: Answer = decode(&recall.corrected.0).unwrap();
        assert_eq!(open_answer(&carried, desk, between(agency(n))).unwrap(), body);
        let other = &desks[usize::from(2 - n)];
        assert!(open_answer(&carried, other, between(agency(3 - n))).is_err());
    }
    assert_eq!(
        origin.message(agency(1), None),
        Err(Refusal::Range),
        "a correction with nothing in it"
    );
    assert_eq!(origin.message(agency(7), None), Err(Refusal::Range), "no holder");
    origin.change(Change::Recall, 1, START).unwrap();
    let sealed = seal_answer(&body, &desks[0].public(), between(agency(1)), &mut draw(9)).unwrap();
    assert_eq!(origin.message(agency(1), Some(&sealed)), Err(Refusal::Range));
}

#[test]
fn only_who_disclosed_it_may_recall_or_correct_it() {
    let mut origin = Disclosure::new(IT, agency(0), agency(1));
    origin.change(Change::Recall, 1, START).unwrap();
    let recall = origin.message(agency(1), None).unwrap();
    let mut holder = Received::default();
    holder.took(IT, agency(0));
    assert_eq!(holder.change(agency(5), &recall, [1; 32]), Err(Refusal::Sender));
    let forged = exchange::recall::Recall {
        origin: agency(5),
        ..recall.clone()
    };
    assert_eq!(holder.change(agency(5), &forged, [1; 32]), Err(Refusal::Sender));
    assert_eq!(holder.pass_on(IT, agency(2)), Ok(()), "nothing was recalled");
    let empty = exchange::recall::Recall {
        change: Change::Correct,
        ..recall.clone()
    };
    assert_eq!(holder.change(agency(0), &empty, [1; 32]), Err(Refusal::Range));
    // who holds nothing of it acknowledges all the same
    let mut stranger = Received::default();
    assert_eq!(stranger.change(agency(0), &recall, [1; 32]).unwrap().onward, []);
}

#[test]
fn thousands_of_items_not_passed_on_are_a_number_the_same_day() {
    let (mut ours, mut theirs) = (Book::default(), Book::default());
    let mut draw = draw(1);
    let mut lost = Vec::new();
    for n in 0..12_000u32 {
        let item = HandOff {
            item: MessageId(draw.bytes()),
            digest: Digest(draw.bytes()),
            day: 20_717,
        };
        ours.hand_over(agency(1), &item, START);
        if n % 3 == 0 {
            lost.push(item.item);
            continue;
        }
        let receipt = theirs.take(agency(0), &item, [1; 32], n % 2 == 0).unwrap();
        assert_eq!(
            theirs.take(agency(0), &item, [1; 32], n % 2 == 0).unwrap(),
            receipt
        );
        ours.receipt(agency(1), &receipt).unwrap();
    }
    lost.sort_unstable();
    let difference = ours
        .reconcile(agency(1), &theirs.tally(agency(0), 20_717))
        .unwrap();
    assert_eq!((difference.count(), &difference.lost), (4_000, &lost));
    let seen_there = theirs
        .reconcile(agency(0), &ours.tally(agency(1), 20_717))
        .unwrap();
    assert_eq!(seen_there.missing, lost);
    // delivered is not accepted: what nobody accepted is still the sender's
    assert_eq!(ours.still_ours().len(), 4_000 + 4_000);
    let invented = Tally {
        day: 20_717,
        sent: Vec::new(),
        received: vec![MessageId([9; 16])],
    };
    assert_eq!(
        ours.reconcile(agency(2), &invented).unwrap().unknown,
        [MessageId([9; 16])]
    );
}

#[test]
fn other_content_under_an_items_id_is_refused_and_stays_open() {
    let (mut ours, mut theirs) = (Book::default(), Book::default());
    let item = HandOff {
        item: IT,
        digest: Digest([1; 32]),
        day: 1,
    };
    ours.hand_over(agency(1), &item, START);
    theirs.take(agency(0), &item, [1; 32], true).unwrap();
    let swapped = HandOff {
        digest: Digest([2; 32]),
        ..item
    };
    assert_eq!(
        theirs.take(agency(0), &swapped, [1; 32], true),
        Err(Refusal::Conflict)
    );
    let wrong = exchange::handoff::HandOffReceipt {
        item: IT,
        digest: Digest([2; 32]),
        leaf: [0; 32],
        accepted: true,
    };
    assert_eq!(ours.receipt(agency(1), &wrong), Err(Refusal::Conflict));
    assert_eq!(ours.receipt(agency(2), &wrong), Err(Refusal::Unasked));
    assert_eq!(ours.still_ours(), [(agency(1), IT, START)]);
}

#[test]
fn what_was_delivered_may_be_accepted_later_and_never_less() {
    let mut theirs = Book::default();
    let item = HandOff {
        item: IT,
        digest: Digest([1; 32]),
        day: 1,
    };
    let take =
        |book: &mut Book, leaf: u8, accepted| book.take(agency(0), &item, [leaf; 32], accepted).unwrap();
    let delivered = take(&mut theirs, 1, false);
    assert_eq!(
        take(&mut theirs, 2, false),
        delivered,
        "a repeat gets the first receipt"
    );
    let accepted = take(&mut theirs, 3, true);
    assert!(accepted.accepted && accepted.leaf == [3; 32]);
    assert_eq!(take(&mut theirs, 4, false), accepted);
    let moved = HandOff { day: 2, ..item };
    assert_eq!(
        theirs.take(agency(0), &moved, [5; 32], true),
        Err(Refusal::Conflict)
    );
}
