//! RFC 9497 OPRF over ristretto255 with SHA-512, base and verifiable modes, written for batches.
//!
//! Secret scalars only ever meet constant-time multiplication. Public values (blinded and evaluated elements, proof
//! scalars) use variable-time multi-scalar multiplication, which is where a batch of 1,000 gains. Encoding a batch
//! shares one field inversion: a point is halved through its scalar and encoded by doubling.

use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT as BASE;
use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::traits::{Identity as _, VartimeMultiscalarMul as _};
use curve25519_dalek::{RistrettoPoint, Scalar};
use sha2::{Digest as _, Sha512};
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, ZeroizeOnDrop};

/// An encoded group element.
pub type Encoded = [u8; 32];
/// The largest batch one proof may cover (RFC 9497 writes the index in two bytes).
pub const LARGEST_BATCH: usize = 0xffff;

/// What is wrong with an input, an element or a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OprfError {
    /// An input is longer than 65,535 bytes or hashes to the identity.
    #[error("input cannot be used")]
    Input,
    /// An element is not a canonical encoding, or is the identity.
    #[error("element is not valid")]
    Element,
    /// A scalar is not canonical, or is zero.
    #[error("scalar is not valid")]
    Scalar,
    /// A batch is empty, too large, or its lists differ in length.
    #[error("batch has a wrong size")]
    Batch,
    /// The proof does not hold.
    #[error("proof does not hold")]
    Proof,
}

/// The protocol variant (RFC 9497 section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Without proofs (0x00). Used by no message; kept for comparison with other implementations.
    Base,
    /// With a proof that the published key was used (0x01). The one the protocol speaks.
    Verifiable,
}

impl Mode {
    fn context(self) -> [u8; 28] {
        let mut context = *b"OPRFV1-\x00-ristretto255-SHA512";
        if let (Mode::Verifiable, Some(mode)) = (self, context.get_mut(7)) {
            *mode = 1;
        }
        context
    }
}

/// `expand_message_xmd` (RFC 9380 section 5.3.1) with SHA-512, 64 bytes out, the DST given in parts.
fn expand(message: &[&[u8]], dst: &[&[u8]]) -> [u8; 64] {
    let dst_len = dst.iter().fold(0u8, |n, part| {
        n.wrapping_add(u8::try_from(part.len()).unwrap_or(0))
    });
    let finish = |mut hash: Sha512| -> [u8; 64] {
        dst.iter().for_each(|part| hash.update(part));
        hash.update([dst_len]);
        hash.finalize().into()
    };
    let mut first = Sha512::new();
    first.update([0u8; 128]);
    message.iter().for_each(|part| first.update(part));
    first.update([0, 64, 0]);
    let b0 = finish(first);
    let mut second = Sha512::new();
    second.update(b0);
    second.update([1]);
    finish(second)
}

fn hash_to_scalar(message: &[&[u8]], mode: Mode) -> Scalar {
    Scalar::from_bytes_mod_order_wide(&expand(message, &[b"HashToScalar-", &mode.context()]))
}

/// HashToGroup (RFC 9497 section 4.1). Refuses an input that maps to the identity.
pub fn hash_to_group(input: &[u8], mode: Mode) -> Result<RistrettoPoint, OprfError> {
    let point = RistrettoPoint::from_uniform_bytes(&expand(&[input], &[b"HashToGroup-", &mode.context()]));
    if point == RistrettoPoint::identity() {
        Err(OprfError::Input)
    } else {
        Ok(point)
    }
}

/// DeserializeElement: canonical, and not the identity.
pub fn decode_element(bytes: &Encoded) -> Result<RistrettoPoint, OprfError> {
    let point = CompressedRistretto(*bytes)
        .decompress()
        .ok_or(OprfError::Element)?;
    if point == RistrettoPoint::identity() {
        Err(OprfError::Element)
    } else {
        Ok(point)
    }
}

/// DeserializeScalar: canonical, and not zero.
pub fn decode_scalar(bytes: &[u8; 32]) -> Result<Scalar, OprfError> {
    let scalar: Option<Scalar> = Scalar::from_canonical_bytes(*bytes).into();
    scalar.filter(|s| *s != Scalar::ZERO).ok_or(OprfError::Scalar)
}

/// DeriveKeyPair (RFC 9497 section 3.2.1): a private scalar from a seed and public information.
pub fn derive_key(seed: &[u8; 32], info: &[u8], mode: Mode) -> Result<Scalar, OprfError> {
    let length = u16::try_from(info.len())
        .map_err(|_| OprfError::Input)?
        .to_be_bytes();
    for counter in 0..=255u8 {
        let wide = expand(
            &[seed, &length, info, &[counter]],
            &[b"DeriveKeyPair", &mode.context()],
        );
        let scalar = Scalar::from_bytes_mod_order_wide(&wide);
        if scalar != Scalar::ZERO {
            return Ok(scalar);
        }
    }
    Err(OprfError::Scalar)
}

/// The public key of a private scalar.
pub fn public_key(secret: &Scalar) -> Encoded {
    RistrettoPoint::mul_base(secret).compress().0
}

/// Encodes many points with one inversion. Each is given as half of itself.
pub(crate) fn encode_doubled(halves: &[RistrettoPoint]) -> Vec<Encoded> {
    RistrettoPoint::double_and_compress_batch(halves)
        .into_iter()
        .map(|c| c.0)
        .collect()
}

/// What the agency keeps between asking and receiving: the blinds, and the points it sent.
#[derive(Clone)]
pub struct Blinded {
    blinds: Vec<Scalar>,
    points: Vec<RistrettoPoint>,
    encoded: Vec<Encoded>,
}

impl core::fmt::Debug for Blinded {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Blinded({})", self.blinds.len())
    }
}

impl Drop for Blinded {
    fn drop(&mut self) {
        self.blinds.zeroize();
    }
}

impl Blinded {
    /// Blind: hashes each input to the group and multiplies it by its blind. Blinds must be fresh, one each.
    pub fn new(inputs: &[impl AsRef<[u8]>], blinds: Vec<Scalar>, mode: Mode) -> Result<Self, OprfError> {
        if inputs.len() != blinds.len() || inputs.is_empty() || inputs.len() > LARGEST_BATCH {
            return Err(OprfError::Batch);
        }
        let mut halves = Vec::with_capacity(inputs.len());
        for (input, blind) in inputs.iter().zip(&blinds) {
            if *blind == Scalar::ZERO {
                return Err(OprfError::Scalar);
            }
            halves.push(hash_to_group(input.as_ref(), mode)? * blind.div_by_2());
        }
        let encoded = encode_doubled(&halves);
        let points = halves.iter().map(|half| half + half).collect();
        Ok(Self {
            blinds,
            points,
            encoded,
        })
    }

    /// The blinded elements, as sent.
    pub fn encoded(&self) -> &[Encoded] {
        &self.encoded
    }
    /// The blinded elements as points.
    pub(crate) fn points(&self) -> &[RistrettoPoint] {
        &self.points
    }

    /// Finalize: removes the blinds from evaluated points and hashes with the inputs. `scale` multiplies every point
    /// first (1, or the common denominator of a threshold combination).
    pub fn finalize(
        &self,
        inputs: &[impl AsRef<[u8]>],
        evaluated: &[RistrettoPoint],
        scale: &Scalar,
    ) -> Result<Vec<Output>, OprfError> {
        if inputs.len() != self.blinds.len() || evaluated.len() != self.blinds.len() {
            return Err(OprfError::Batch);
        }
        let mut inverses = self.blinds.clone();
        Scalar::invert_batch_alloc(&mut inverses);
        let half = scale.div_by_2();
        let halves: Vec<_> = evaluated
            .iter()
            .zip(&inverses)
            .map(|(point, inverse)| point * (inverse * half))
            .collect();
        inverses.zeroize();
        inputs
            .iter()
            .zip(encode_doubled(&halves))
            .map(|(input, element)| output(input.as_ref(), &element))
            .collect()
    }
}

/// The 64 bytes `y` that a token and its row key are derived from. Secret; compared in constant time.
#[derive(Clone, Eq, ZeroizeOnDrop)]
pub struct Output(pub [u8; 64]);

impl PartialEq for Output {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl core::fmt::Debug for Output {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Output(…)")
    }
}

fn output(input: &[u8], element: &Encoded) -> Result<Output, OprfError> {
    let length = u16::try_from(input.len()).map_err(|_| OprfError::Input)?;
    let mut hash = Sha512::new();
    hash.update(length.to_be_bytes());
    hash.update(input);
    hash.update([0, 32]);
    hash.update(element);
    hash.update(b"Finalize");
    Ok(Output(hash.finalize().into()))
}

/// Evaluate: the output for a whole private key, without blinding. Used by tests and known answers only: in service
/// nobody holds the whole key.
pub fn evaluate(input: &[u8], secret: &Scalar, mode: Mode) -> Result<Output, OprfError> {
    output(input, &(hash_to_group(input, mode)? * secret).compress().0)
}

/// A batch proof that every element was multiplied by the key behind one public key: challenge and response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The challenge scalar `c`.
    pub c: Scalar,
    /// The response scalar `s`.
    pub s: Scalar,
}

impl Proof {
    /// `c` then `s`, 64 bytes.
    pub fn to_bytes(&self) -> [u8; 64] {
        let mut out = [0; 64];
        let (c, s) = out.split_at_mut(32);
        c.copy_from_slice(self.c.as_bytes());
        s.copy_from_slice(self.s.as_bytes());
        out
    }
    /// Refuses scalars that are not canonical.
    pub fn from_bytes(bytes: &[u8; 64]) -> Result<Self, OprfError> {
        let (c, s) = bytes.split_at(32);
        let scalar = |half: &[u8]| -> Result<Scalar, OprfError> {
            let array: [u8; 32] = half.try_into().map_err(|_| OprfError::Scalar)?;
            Option::from(Scalar::from_canonical_bytes(array)).ok_or(OprfError::Scalar)
        };
        Ok(Self {
            c: scalar(c)?,
            s: scalar(s)?,
        })
    }
}

/// One private key, or one share of it, with its public key.
#[derive(Clone)]
pub struct Secret {
    scalar: Scalar,
    public: Encoded,
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.scalar.zeroize();
    }
}

impl core::fmt::Debug for Secret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// Wraps a private scalar.
    pub fn new(scalar: Scalar) -> Result<Self, OprfError> {
        if scalar == Scalar::ZERO {
            return Err(OprfError::Scalar);
        }
        Ok(Self {
            public: public_key(&scalar),
            scalar,
        })
    }
    /// The public key.
    pub fn public(&self) -> &Encoded {
        &self.public
    }
    /// The private scalar, for storage by its holder.
    pub fn scalar(&self) -> &Scalar {
        &self.scalar
    }

    /// [`Secret::evaluate`] with a nonce made from the key, the batch and 32 bytes of `draw`: should the same random
    /// bytes ever come twice (a copied machine, an old snapshot), two batches still have two nonces.
    pub fn evaluate_fresh(
        &self,
        blinded: &[Encoded],
        draw: &mut crate::draw::Draw,
    ) -> Result<(Vec<Encoded>, Proof), OprfError> {
        let mut key = self.scalar.to_bytes();
        let mut random: [u8; 32] = draw.bytes();
        let parts: Vec<&[u8]> = [b"dlx/nonce".as_slice(), &random, &self.public]
            .into_iter()
            .chain(blinded.iter().map(<[u8; 32]>::as_slice))
            .collect();
        let mut wide = crate::mac::sha512(&key, &parts);
        drop(parts);
        let mut nonce = Scalar::from_bytes_mod_order_wide(&wide);
        let out = self.evaluate(blinded, &nonce);
        key.zeroize();
        random.zeroize();
        wide.zeroize();
        nonce.zeroize();
        out
    }

    /// BlindEvaluate in verifiable mode: multiplies every element and proves it, once for the batch. `nonce` must be
    /// fresh and secret: using one twice gives the key away.
    pub fn evaluate(&self, blinded: &[Encoded], nonce: &Scalar) -> Result<(Vec<Encoded>, Proof), OprfError> {
        if blinded.is_empty() || blinded.len() > LARGEST_BATCH {
            return Err(OprfError::Batch);
        }
        if *nonce == Scalar::ZERO {
            return Err(OprfError::Scalar);
        }
        let points: Vec<_> = blinded.iter().map(decode_element).collect::<Result<_, _>>()?;
        let mut half = self.scalar.div_by_2();
        let halves: Vec<_> = points.iter().map(|point| point * half).collect();
        half.zeroize();
        let evaluated = encode_doubled(&halves);
        let weights = weights(&self.public, blinded, &evaluated);
        let m = RistrettoPoint::vartime_multiscalar_mul(&weights, &points);
        let z = m * self.scalar;
        let t2 = RistrettoPoint::mul_base(nonce);
        let t3 = m * nonce;
        let c = challenge(&self.public, &m, &z, &t2, &t3);
        Ok((
            evaluated,
            Proof {
                c,
                s: nonce - c * self.scalar,
            },
        ))
    }
}

/// VerifyProof: that `evaluated` is `blinded` times the key behind `public`. Returns the evaluated points, decoded.
pub fn verify(
    public: &Encoded,
    blinded: &Blinded,
    evaluated: &[Encoded],
    proof: &Proof,
) -> Result<Vec<RistrettoPoint>, OprfError> {
    if evaluated.len() != blinded.encoded().len() {
        return Err(OprfError::Batch);
    }
    let key = decode_element(public)?;
    let points: Vec<_> = evaluated.iter().map(decode_element).collect::<Result<_, _>>()?;
    let weights = weights(public, blinded.encoded(), evaluated);
    let m = RistrettoPoint::vartime_multiscalar_mul(&weights, blinded.points());
    let z = RistrettoPoint::vartime_multiscalar_mul(&weights, &points);
    let t2 = RistrettoPoint::vartime_double_scalar_mul_basepoint(&proof.c, &key, &proof.s);
    let t3 = RistrettoPoint::vartime_multiscalar_mul([proof.s, proof.c], [m, z]);
    let c = challenge(public, &m, &z, &t2, &t3);
    if bool::from(c.as_bytes().ct_eq(proof.c.as_bytes())) {
        Ok(points)
    } else {
        Err(OprfError::Proof)
    }
}

/// The weights `d_i` of ComputeComposites (RFC 9497 section 2.2.1).
fn weights(public: &Encoded, blinded: &[Encoded], evaluated: &[Encoded]) -> Vec<Scalar> {
    let context = Mode::Verifiable.context();
    let mut seed = Sha512::new();
    seed.update([0, 32]);
    seed.update(public);
    seed.update([0, 33]); // length of "Seed-" and the 28 bytes of context
    seed.update(b"Seed-");
    seed.update(context);
    let seed: [u8; 64] = seed.finalize().into();
    let mut out = Vec::with_capacity(blinded.len());
    for (i, (c, d)) in (0..=u16::MAX).zip(blinded.iter().zip(evaluated)) {
        let i = i.to_be_bytes();
        out.push(hash_to_scalar(
            &[&[0, 64], &seed, &i, &[0, 32], c, &[0, 32], d, b"Composite"],
            Mode::Verifiable,
        ));
    }
    out
}

fn challenge(
    public: &Encoded,
    m: &RistrettoPoint,
    z: &RistrettoPoint,
    t2: &RistrettoPoint,
    t3: &RistrettoPoint,
) -> Scalar {
    let [m, z, t2, t3] = [m, z, t2, t3].map(|point| point.compress().0);
    let n = &[0u8, 32];
    hash_to_scalar(
        &[n, public, n, &m, n, &z, n, &t2, n, &t3, b"Challenge"],
        Mode::Verifiable,
    )
}

/// The generator of the group, encoded: what a public key is a multiple of.
pub fn generator() -> Encoded {
    BASE.compress().0
}
