//! The table of rows: one live row for each desk under a token, hits with whoever may meet, and the same answers as a
//! plain list gives, whatever was put and deleted before.

use crate::people::draw;
use exchange::ids::{DeskId, PartyId, RowId, Token};
use exchange::index::{Desk, DeskKind, Directory, Index, Row};

fn directory(desks: u16) -> Directory {
    let mut out = Directory::default();
    for n in 0..desks {
        let byte = u8::try_from(n).unwrap();
        out.add(Desk {
            id: DeskId([byte; 16]),
            agency: PartyId([byte / 2; 16]),
            kind: DeskKind::Ordinary,
        });
    }
    out
}

#[test]
fn the_table_agrees_with_a_plain_list() {
    let mut draw = draw(11);
    let mut index = Index::new([3; 32], directory(8));
    let mut plain: Vec<(u16, Token, RowId)> = Vec::new();
    for step in 0..20_000u32 {
        let desk = u16::try_from(draw.below(8)).unwrap();
        let token = Token([u8::try_from(draw.below(200)).unwrap(); 16]);
        if draw.below(3) == 0 && !plain.is_empty() {
            let at = usize::try_from(draw.below(u32::try_from(plain.len()).unwrap())).unwrap();
            let (desk, token, id) = plain.swap_remove(at);
            assert!(index.delete(desk, token, id));
            assert!(!index.delete(desk, token, id));
            continue;
        }
        let mut id = [0; 16];
        id[..4].copy_from_slice(&step.to_be_bytes());
        let row = Row {
            token,
            id: RowId(id),
            pointer: [1; 136],
            until: 1,
            urgent: false,
        };
        let placed = index.put(desk, &row).unwrap();
        let own = plain.iter().position(|(d, t, _)| *d == desk && *t == token);
        assert_eq!(placed.replaced, own.map(|at| plain[at].2));
        own.map(|at| plain.swap_remove(at));
        let mut expected: Vec<RowId> = plain
            .iter()
            .filter(|(d, t, _)| *t == token && *d / 2 != desk / 2)
            .map(|(_, _, id)| *id)
            .collect();
        let mut met: Vec<RowId> = placed.met.iter().map(|m| m.id).collect();
        expected.sort_unstable();
        met.sort_unstable();
        assert_eq!(met, expected);
        plain.push((desk, token, row.id));
        assert_eq!(index.len(), plain.len());
    }
    assert_eq!(index.rows().count(), plain.len());
}

#[test]
fn desks_of_one_agency_and_desks_kept_apart_never_meet() {
    let mut directory = directory(6);
    directory.keep_apart(0, 4);
    let mut index = Index::new([3; 32], directory);
    let mut put = |desk: u16| {
        let row = Row {
            token: Token([1; 16]),
            id: RowId([u8::try_from(desk).unwrap(); 16]),
            pointer: [0; 136],
            until: 1,
            urgent: false,
        };
        index
            .put(desk, &row)
            .unwrap()
            .met
            .iter()
            .map(|m| m.desk)
            .collect::<Vec<_>>()
    };
    assert_eq!(put(0), Vec::<u16>::new());
    assert_eq!(put(1), Vec::<u16>::new());
    assert_eq!(put(4), [1]);
    assert_eq!(put(2).len(), 3);
}

#[test]
fn a_shield_under_a_token_is_told_of() {
    let mut directory = directory(2);
    directory.add(Desk {
        id: DeskId([9; 16]),
        agency: PartyId([9; 16]),
        kind: DeskKind::Shield,
    });
    let mut index = Index::new([3; 32], directory);
    let row = |n: u8| Row {
        token: Token([1; 16]),
        id: RowId([n; 16]),
        pointer: [0; 136],
        until: 1,
        urgent: false,
    };
    let mut put = |desk| index.put(desk, &row(u8::try_from(desk).unwrap())).unwrap();
    assert_eq!(put(0).shields, []);
    assert_eq!(put(2).shields, [(2, RowId([2; 16]))]);
    let third = put(1);
    assert_eq!(third.shields, [(2, RowId([2; 16]))]);
    assert_eq!(third.desks, 2, "a shield is in no number that others see");
}
