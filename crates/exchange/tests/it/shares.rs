//! Recall and correction that reach every holder, and hand-offs whose daily difference is a number.

use crate::people::draw;
use crate::sim::world::{START, agency};
use exchange::handoff::{Book, HandOff, Tally};
use exchange::ids::{Digest, MessageId, Micros};
use exchange::recall::{Change, Disclosure, RecallAck, Received};
use exchange::refusal::Refusal;
use exchange::wire::Blob;

const IT: MessageId = MessageId([1; 16]);

#[test]
fn a_recall_reaches_everybody_onward_and_shows_who_has_not_confirmed() {
    let mut origin = Disclosure::new(IT, agency(1));
    let (mut one, mut two) = (Received::default(), Received::default());
    one.took(IT);
    two.took(IT);
    one.pass_on(IT, agency(2)).unwrap();
    two.pass_on(IT, agency(3)).unwrap();
    let told = origin
        .change(agency(0), Change::Recall, 7, Blob::default(), START)
        .unwrap();
    assert_eq!(told.iter().map(|(to, _)| *to).collect::<Vec<_>>(), [agency(1)]);
    let later = START.plus(Micros::HOUR);
    let ack = one.change(&told[0].1, [1; 32]);
    let onward = origin.acknowledged(agency(1), &ack, later).unwrap();
    assert_eq!(onward.iter().map(|(to, _)| *to).collect::<Vec<_>>(), [agency(2)]);
    assert_eq!(origin.acknowledged(agency(1), &ack, later).unwrap(), []);
    let ack = two.change(&onward[0].1, [2; 32]);
    let further = origin.acknowledged(agency(2), &ack, later).unwrap();
    assert_eq!(further[0].0, agency(3));
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
    let mut origin = Disclosure::new(IT, agency(1));
    let mut holder = Received::default();
    holder.took(IT);
    let first = origin
        .change(agency(0), Change::Correct, 1, Blob(vec![1]), START)
        .unwrap();
    let old = holder.change(&first[0].1, [1; 32]);
    let second = origin
        .change(agency(0), Change::Recall, 2, Blob::default(), START)
        .unwrap();
    origin.acknowledged(agency(1), &old, START).unwrap();
    assert_eq!(origin.not_confirmed().len(), 1);
    let new = holder.change(&second[0].1, [2; 32]);
    assert_eq!(
        holder.change(&first[0].1, [3; 32]),
        new,
        "an older change does not undo a newer one"
    );
    origin.acknowledged(agency(1), &new, START).unwrap();
    assert_eq!(origin.not_confirmed(), []);
    assert_eq!(origin.acknowledged(agency(9), &new, START), Err(Refusal::Unasked));
    assert_eq!(
        origin.change(agency(0), Change::Recall, 0, Blob::default(), START),
        Err(Refusal::Range)
    );
    assert_eq!(
        origin.change(agency(0), Change::Correct, 1, Blob::default(), START),
        Err(Refusal::Range)
    );
}

#[test]
fn thousands_of_items_not_passed_on_are_a_number_the_same_day() {
    let (mut ours, mut theirs) = (Book::default(), Book::default());
    let mut draw = draw(1);
    let mut lost = Vec::new();
    for n in 0..3_000u32 {
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
    assert_eq!((difference.count(), &difference.lost), (1_000, &lost));
    let seen_there = theirs
        .reconcile(agency(0), &ours.tally(agency(1), 20_717))
        .unwrap();
    assert_eq!(seen_there.missing, lost);
    // delivered is not accepted: what nobody accepted is still the sender's
    assert_eq!(ours.still_ours().len(), 1_000 + 1_000);
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
