//! The OPRF against its standard: the vectors of RFC 9497 and byte-equality with an independent implementation.

use crate::people::draw;
use curve25519_dalek::Scalar;
use exchange::oprf::{self, Blinded, Encoded, Mode, OprfError, Proof, Secret};
use serde_json::Value;
use voprf::{Group as _, Ristretto255, VoprfClient, VoprfServer};

const VECTORS: &str = include_str!("../../../../docs/spec/vectors/rfc9497-ristretto255-sha512.json");

fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap())
        .collect()
}

fn list(value: &Value) -> Vec<Vec<u8>> {
    value
        .as_str()
        .unwrap()
        .split(',')
        .map(|part| hex(&Value::from(part)))
        .collect()
}

fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.try_into().unwrap()
}

fn scalar(bytes: &[u8]) -> Scalar {
    oprf::decode_scalar(&array(bytes)).unwrap()
}

#[test]
fn the_vectors_of_rfc_9497_hold() {
    let suites: Vec<Value> = serde_json::from_str(VECTORS).unwrap();
    let mut seen = 0;
    for suite in &suites {
        let mode = if suite["mode"] == 0 {
            Mode::Base
        } else {
            Mode::Verifiable
        };
        let key = oprf::derive_key(&array(&hex(&suite["seed"])), &hex(&suite["keyInfo"]), mode).unwrap();
        assert_eq!(key.as_bytes()[..], hex(&suite["skSm"])[..]);
        let secret = Secret::new(key).unwrap();
        for vector in suite["vectors"].as_array().unwrap() {
            let inputs = list(&vector["Input"]);
            let blinds: Vec<Scalar> = list(&vector["Blind"]).iter().map(|b| scalar(b)).collect();
            let blinded = Blinded::new(&inputs, blinds, mode).unwrap();
            let expected: Vec<Encoded> = list(&vector["BlindedElement"]).iter().map(|b| array(b)).collect();
            assert_eq!(blinded.encoded(), expected);
            let evaluated: Vec<Encoded> = list(&vector["EvaluationElement"])
                .iter()
                .map(|b| array(b))
                .collect();
            let outputs = list(&vector["Output"]);
            if mode == Mode::Verifiable {
                assert_eq!(secret.public()[..], hex(&suite["pkSm"])[..]);
                let nonce = scalar(&hex(&vector["Proof"]["r"]));
                let (ours, proof) = secret.evaluate(blinded.encoded(), &nonce).unwrap();
                assert_eq!(ours, evaluated);
                assert_eq!(proof.to_bytes()[..], hex(&vector["Proof"]["proof"])[..]);
                let points = oprf::verify(secret.public(), &blinded, &evaluated, &proof).unwrap();
                let finished = blinded.finalize(&inputs, &points, &Scalar::ONE).unwrap();
                assert!(
                    finished
                        .iter()
                        .zip(&outputs)
                        .all(|(y, expected)| y.0[..] == expected[..])
                );
            } else {
                let points: Vec<_> = blinded
                    .encoded()
                    .iter()
                    .map(|e| oprf::decode_element(e).unwrap() * key)
                    .collect();
                assert!(points.iter().zip(&evaluated).all(|(p, e)| p.compress().0 == *e));
            }
            for (input, expected) in inputs.iter().zip(&outputs) {
                assert_eq!(oprf::evaluate(input, &key, mode).unwrap().0[..], expected[..]);
            }
            seen += 1;
        }
    }
    assert_eq!(seen, 5, "every vector of both modes was run");
}

fn rng(seed: u8) -> rand_chacha::ChaCha20Rng {
    use rand_chacha::rand_core::SeedableRng as _;
    rand_chacha::ChaCha20Rng::from_seed([seed; 32])
}

#[test]
fn our_agency_against_an_independent_server() {
    let key = oprf::derive_key(&[7; 32], b"northmere", Mode::Verifiable).unwrap();
    let server = VoprfServer::<Ristretto255>::new_with_key(key.as_bytes()).unwrap();
    let inputs: Vec<Vec<u8>> = (0..20u8).map(|i| vec![i; usize::from(i)]).collect();
    let mut draw = draw(1);
    let blinded = Blinded::new(
        &inputs,
        inputs.iter().map(|_| draw.scalar()).collect(),
        Mode::Verifiable,
    )
    .unwrap();
    let theirs: Vec<_> = blinded
        .encoded()
        .iter()
        .map(|e| voprf::BlindedElement::<Ristretto255>::deserialize(e).unwrap())
        .collect();
    let answer = server.batch_blind_evaluate(&mut rng(1), &theirs).unwrap();
    let evaluated: Vec<Encoded> = answer.messages.iter().map(|m| array(&m.serialize())).collect();
    let proof = Proof::from_bytes(&array(&answer.proof.serialize())).unwrap();
    let public = oprf::public_key(&key);
    let points = oprf::verify(&public, &blinded, &evaluated, &proof).unwrap();
    let outputs = blinded.finalize(&inputs, &points, &Scalar::ONE).unwrap();
    for (input, output) in inputs.iter().zip(outputs) {
        assert_eq!(output.0[..], server.evaluate(input).unwrap()[..]);
    }
}

#[test]
fn an_independent_agency_against_our_key_holder() {
    let key = oprf::derive_key(&[8; 32], b"wrenford", Mode::Verifiable).unwrap();
    let secret = Secret::new(key).unwrap();
    let inputs: Vec<Vec<u8>> = (0..20u8).map(|i| vec![i; 3]).collect();
    let blinds: Vec<_> = inputs
        .iter()
        .map(|input| VoprfClient::<Ristretto255>::blind(input, &mut rng(input[0])).unwrap())
        .collect();
    let encoded: Vec<Encoded> = blinds.iter().map(|b| array(&b.message.serialize())).collect();
    let (evaluated, proof) = secret.evaluate(&encoded, &draw(2).scalar()).unwrap();
    let messages: Vec<_> = evaluated
        .iter()
        .map(|e| voprf::EvaluationElement::<Ristretto255>::deserialize(e).unwrap())
        .collect();
    let clients: Vec<_> = blinds.into_iter().map(|b| b.state).collect();
    let proof = voprf::Proof::<Ristretto255>::deserialize(&proof.to_bytes()).unwrap();
    let public = Ristretto255::deserialize_elem(secret.public()).unwrap();
    let names: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
    let outputs = VoprfClient::batch_finalize(&names, &clients, &messages, &proof, public).unwrap();
    for (input, output) in inputs.iter().zip(outputs) {
        assert_eq!(
            output.unwrap()[..],
            oprf::evaluate(input, &key, Mode::Verifiable).unwrap().0[..]
        );
    }
}

#[test]
fn a_proof_for_other_bytes_another_key_or_another_order_is_refused() {
    let secret = Secret::new(draw(3).scalar()).unwrap();
    let mut draw = draw(4);
    let inputs = [[1u8; 4], [2; 4], [3; 4]];
    let blinded = Blinded::new(&inputs, (0..3).map(|_| draw.scalar()).collect(), Mode::Verifiable).unwrap();
    let (evaluated, proof) = secret.evaluate(blinded.encoded(), &draw.scalar()).unwrap();
    assert!(oprf::verify(secret.public(), &blinded, &evaluated, &proof).is_ok());
    let other = Secret::new(draw.scalar()).unwrap();
    assert_eq!(
        oprf::verify(other.public(), &blinded, &evaluated, &proof),
        Err(OprfError::Proof)
    );
    let swapped = vec![evaluated[1], evaluated[0], evaluated[2]];
    assert_eq!(
        oprf::verify(secret.public(), &blinded, &swapped, &proof),
        Err(OprfError::Proof)
    );
    let junk = vec![evaluated[0], evaluated[1], oprf::generator()];
    assert_eq!(
        oprf::verify(secret.public(), &blinded, &junk, &proof),
        Err(OprfError::Proof)
    );
    assert_eq!(
        oprf::verify(secret.public(), &blinded, &evaluated[..2], &proof),
        Err(OprfError::Batch)
    );
    for bit in 0..512 {
        let mut bytes = proof.to_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let held =
            Proof::from_bytes(&bytes).and_then(|p| oprf::verify(secret.public(), &blinded, &evaluated, &p));
        assert!(held.is_err());
    }
}

#[test]
fn identities_and_other_encodings_are_refused() {
    assert_eq!(oprf::decode_element(&[0; 32]), Err(OprfError::Element));
    assert_eq!(oprf::decode_element(&[0xff; 32]), Err(OprfError::Element));
    assert_eq!(oprf::decode_scalar(&[0; 32]), Err(OprfError::Scalar));
    assert_eq!(oprf::decode_scalar(&[0xff; 32]), Err(OprfError::Scalar));
    let secret = Secret::new(Scalar::ONE).unwrap();
    assert!(secret.evaluate(&[[0; 32]], &Scalar::ONE).is_err());
    assert!(secret.evaluate(&[], &Scalar::ONE).is_err());
}
