//! Roots and paths against `tlog_tiles` and `ct-merkle`, for every small size and some larger ones.

use crate::grow;
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ledger::hash::Hash;
use ledger::path::{PathError, check_consistency, check_inclusion};
use ledger::source::{Memory, SourceError, TileSource, WithEdge};
use ledger::tree::{Reader, TreeError};
use proptest::prelude::*;
use sha2::Sha256;
use tlog_tiles::{Hash as TlogHash, HashReader};

/// Every size up to this is compared, and some up to [`FARTHEST`].
const SIZES: u64 = 500;
const FARTHEST: u64 = 2_000;

/// The hash store that `tlog_tiles` reads from.
#[derive(Default)]
struct Stored(Vec<TlogHash>);

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<TlogHash>, tlog_tiles::Error> {
        Ok(indexes
            .iter()
            .map(|i| self.0[usize::try_from(*i).unwrap()])
            .collect())
    }
}

fn stored(count: u64) -> Stored {
    let mut stored = Stored::default();
    for i in 0..count {
        let more = tlog_tiles::stored_hashes(i, &grow::entry(i), &stored).unwrap();
        stored.0.extend(more);
    }
    stored
}

fn bytes(hashes: &[Hash]) -> Vec<[u8; 32]> {
    hashes.iter().map(|h| *h.as_bytes()).collect()
}

fn their_bytes(hashes: &[TlogHash]) -> Vec<[u8; 32]> {
    hashes.iter().map(|h| h.0).collect()
}

#[test]
fn roots_agree_with_two_others_at_every_small_size() {
    let count = FARTHEST;
    let (log, theirs) = (grow::log(count), stored(count));
    let mut other = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    for size in 0..=count {
        let root = Reader::new(&log, count).root(size).unwrap();
        assert_eq!(root, grow::edge(size).root(), "edge at {size}");
        assert_eq!(
            root.as_bytes(),
            &tlog_tiles::tree_hash(size, &theirs).unwrap().0,
            "tlog_tiles at {size}"
        );
        assert_eq!(
            root.as_bytes().as_slice(),
            other.root().as_bytes().as_slice(),
            "ct-merkle at {size}"
        );
        other.push(grow::entry(size));
    }
}

#[test]
fn every_inclusion_path_agrees_with_tlog_tiles() {
    let count = FARTHEST;
    let (log, theirs) = (grow::log(count), stored(count));
    let mut reader = Reader::new(&log, count);
    for size in (1..=count).filter(|s| *s <= SIZES || s % 37 == 0 || *s == count) {
        let root = reader.root(size).unwrap();
        for index in 0..size {
            let path = reader.inclusion(index, size).unwrap();
            let leaf = Hash::leaf(&grow::entry(index));
            assert_eq!(
                bytes(&path),
                their_bytes(&tlog_tiles::prove_record(size, index, &theirs).unwrap())
            );
            check_inclusion(&leaf, index, size, &root, &path).unwrap();
            let (root, leaf) = (TlogHash(*root.as_bytes()), TlogHash(*leaf.as_bytes()));
            let path = path.iter().map(|h| TlogHash(*h.as_bytes())).collect();
            tlog_tiles::check_record(&path, size, root, index, leaf).unwrap();
        }
    }
}

#[test]
fn every_consistency_proof_agrees_with_tlog_tiles() {
    let count = FARTHEST;
    let (log, theirs) = (grow::log(count), stored(count));
    let mut reader = Reader::new(&log, count);
    for new in (1..=count).filter(|s| *s <= SIZES || s % 53 == 0 || *s == count) {
        let root = reader.root(new).unwrap();
        for old in 1..=new {
            let old_root = reader.root(old).unwrap();
            let proof = reader.consistency(old, new).unwrap();
            assert_eq!(
                bytes(&proof),
                their_bytes(&tlog_tiles::prove_tree(new, old, &theirs).unwrap())
            );
            check_consistency(old, &old_root, new, &root, &proof).unwrap();
        }
    }
}

#[test]
fn ct_merkle_accepts_our_paths() {
    let count = 300;
    let log = grow::log(count);
    let mut other = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    (0..count).for_each(|i| other.push(grow::entry(i)));
    let mut reader = Reader::new(&log, count);
    for index in 0..count {
        let path: Vec<u8> = reader
            .inclusion(index, count)
            .unwrap()
            .iter()
            .flat_map(|h| *h.as_bytes())
            .collect();
        let proof = ct_merkle::InclusionProof::<Sha256>::try_from_bytes(path).unwrap();
        other
            .root()
            .verify_inclusion(&grow::entry(index), index, &proof)
            .unwrap();
    }
}

#[test]
fn a_tree_beyond_one_level_agrees() {
    let log = grow::log(70_000);
    let mut reader = Reader::new(&log, 70_000);
    assert_eq!(reader.root(70_000).unwrap(), log.edge().root());
    for (old, new) in [
        (1, 70_000),
        (300, 70_000),
        (65_536, 70_000),
        (65_537, 69_999),
        (255, 256),
        (69_999, 70_000),
    ] {
        let (old_root, root) = (reader.root(old).unwrap(), reader.root(new).unwrap());
        let proof = reader.consistency(old, new).unwrap();
        check_consistency(old, &old_root, new, &root, &proof).unwrap();
        let path = reader.inclusion(old - 1, new).unwrap();
        check_inclusion(&Hash::leaf(&grow::entry(old - 1)), old - 1, new, &root, &path).unwrap();
    }
}

#[test]
fn full_tiles_and_the_edge_are_enough() {
    let log = grow::log(70_000);
    let source = WithEdge {
        full: FullOnly(&log),
        edge: log.edge(),
    };
    let (mut whole, mut split) = (Reader::new(&log, 70_000), Reader::new(source, 70_000));
    for (index, at) in [
        (0, 70_000),
        (69_999, 70_000),
        (300, 301),
        (65_535, 65_537),
        (255, 256),
        (69_887, 69_900),
    ] {
        assert_eq!(
            whole.inclusion(index, at),
            split.inclusion(index, at),
            "{index} at {at}"
        );
        assert_eq!(whole.consistency(index + 1, at), split.consistency(index + 1, at));
    }
    assert!(Reader::new(source, 70_001).root(70_001).is_err());
    assert!(source.hashes(0, 274, 1).is_err());
}

/// Gives full tiles and nothing else, as a store's table does.
#[derive(Clone, Copy)]
struct FullOnly<'a>(&'a Memory);

impl TileSource for FullOnly<'_> {
    fn hashes(&self, level: u8, index: u64, width: u16) -> Result<Vec<Hash>, SourceError> {
        let tile = self.0.hashes(level, index, width)?;
        assert_eq!(tile.len(), 256, "asked for a partial tile");
        Ok(tile)
    }
}

#[test]
fn beyond_the_tree_is_an_error_in_words() {
    let log = grow::log(10);
    let mut reader = Reader::new(&log, 10);
    assert_eq!(
        reader.inclusion(10, 10),
        Err(TreeError::OutOfRange { asked: 10, size: 10 })
    );
    assert_eq!(
        reader.root(11),
        Err(TreeError::OutOfRange { asked: 11, size: 10 })
    );
    assert!(reader.consistency(5, 4).is_err());
    let error = Reader::new(&log, 11).root(11).unwrap_err();
    assert_eq!(error.to_string(), "tile/0/000.p/11 is missing");
}

#[test]
fn proofs_of_the_wrong_length_or_place_fail() {
    let log = grow::log(100);
    let mut reader = Reader::new(&log, 100);
    let root = reader.root(100).unwrap();
    let leaf = Hash::leaf(&grow::entry(37));
    let path = reader.inclusion(37, 100).unwrap();
    let mut longer = path.clone();
    longer.push(Hash::EMPTY);
    assert_eq!(
        check_inclusion(&leaf, 37, 100, &root, &longer),
        Err(PathError::Length)
    );
    assert_eq!(
        check_inclusion(&leaf, 37, 100, &root, &path[1..]),
        Err(PathError::Length)
    );
    assert_eq!(
        check_inclusion(&leaf, 100, 100, &root, &path),
        Err(PathError::OutOfRange)
    );
    assert!(check_inclusion(&leaf, 38, 100, &root, &path).is_err());
    let empty = Hash::EMPTY;
    assert_eq!(check_consistency(0, &empty, 100, &root, &[]), Ok(()));
    assert_eq!(check_consistency(0, &root, 100, &root, &[]), Err(PathError::Root));
    assert_eq!(
        check_consistency(0, &empty, 100, &root, &[empty]),
        Err(PathError::Length)
    );
    assert_eq!(
        check_consistency(100, &root, 100, &root, &[empty]),
        Err(PathError::Length)
    );
    assert_eq!(
        check_consistency(100, &empty, 100, &root, &[]),
        Err(PathError::Root)
    );
    assert_eq!(
        check_consistency(5, &empty, 4, &root, &[]),
        Err(PathError::OutOfRange)
    );
    assert_eq!(
        check_consistency(3, &empty, 100, &root, &[]),
        Err(PathError::Length)
    );
}

/// A tree of equal entries, as large as one likes: a perfect subtree depends on its height alone.
struct Uniform(Vec<Hash>);

impl Uniform {
    fn new() -> Uniform {
        let mut heights = vec![Hash::leaf(b"same")];
        for _ in 0..62 {
            let last = heights[heights.len() - 1];
            heights.push(Hash::node(&last, &last));
        }
        Uniform(heights)
    }
}

impl TileSource for Uniform {
    fn hashes(&self, level: u8, _: u64, width: u16) -> Result<Vec<Hash>, SourceError> {
        Ok(vec![self.0[usize::from(level) * 8]; usize::from(width)])
    }
}

impl HashReader for Uniform {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<TlogHash>, tlog_tiles::Error> {
        let height = |i: &u64| usize::from(tlog_tiles::split_stored_hash_index(*i).0);
        Ok(indexes
            .iter()
            .map(|i| TlogHash(*self.0[height(i)].as_bytes()))
            .collect())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn trees_of_any_size_agree_with_tlog_tiles(
        (size, index, old) in (1u64..=1 << 40).prop_flat_map(|size| (Just(size), 0..size, 1..=size)),
    ) {
        let uniform = Uniform::new();
        let mut reader = Reader::new(&uniform, size);
        let (root, old_root) = (reader.root(size).unwrap(), reader.root(old).unwrap());
        prop_assert_eq!(*root.as_bytes(), tlog_tiles::tree_hash(size, &uniform).unwrap().0);
        let path = reader.inclusion(index, size).unwrap();
        prop_assert_eq!(bytes(&path), their_bytes(&tlog_tiles::prove_record(size, index, &uniform).unwrap()));
        prop_assert_eq!(check_inclusion(&uniform.0[0], index, size, &root, &path), Ok(()));
        let proof = reader.consistency(old, size).unwrap();
        prop_assert_eq!(bytes(&proof), their_bytes(&tlog_tiles::prove_tree(size, old, &uniform).unwrap()));
        prop_assert_eq!(check_consistency(old, &old_root, size, &root, &proof), Ok(()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_proof_verifies_and_every_changed_one_does_not(
        (size, index, old) in (1u64..3000).prop_flat_map(|size| (Just(size), 0..size, 1..=size)),
        flip in 1u8..=255,
    ) {
        let log = grow::log(size);
        let mut reader = Reader::new(&log, size);
        let root = reader.root(size).unwrap();
        let leaf = Hash::leaf(&grow::entry(index));
        let path = reader.inclusion(index, size).unwrap();
        prop_assert_eq!(check_inclusion(&leaf, index, size, &root, &path), Ok(()));
        for changed in changes(&path, flip) {
            prop_assert_eq!(check_inclusion(&leaf, index, size, &root, &changed), Err(PathError::Root));
        }
        let old_root = reader.root(old).unwrap();
        let proof = reader.consistency(old, size).unwrap();
        prop_assert_eq!(check_consistency(old, &old_root, size, &root, &proof), Ok(()));
        for changed in changes(&proof, flip) {
            prop_assert!(check_consistency(old, &old_root, size, &root, &changed).is_err());
        }
        for wrong in changes(&[leaf, root, old_root], flip).iter().step_by(11) {
            prop_assert!(wrong[0] == leaf || check_inclusion(&wrong[0], index, size, &root, &path).is_err());
            prop_assert!(wrong[1] == root || check_inclusion(&leaf, index, size, &wrong[1], &path).is_err());
            prop_assert!(wrong[2] == old_root || check_consistency(old, &wrong[2], size, &root, &proof).is_err());
        }
    }
}

/// The same hashes with one byte changed, once for each byte.
fn changes(hashes: &[Hash], flip: u8) -> Vec<Vec<Hash>> {
    let places = (0..hashes.len()).flat_map(|hash| (0..32).map(move |byte| (hash, byte)));
    places
        .map(|(hash, byte)| {
            let mut raw = bytes(hashes);
            raw[hash][byte] ^= flip;
            raw.into_iter().map(Hash::from).collect()
        })
        .collect()
}
