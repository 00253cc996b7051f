"""ristretto255 (RFC 9496), Ed25519 verification (RFC 8032), the OPRF of RFC 9497 and XChaCha20-Poly1305, from their texts and with
nothing but Python's own library. Slow, not constant in time: for checking vectors only."""
import hashlib
import hmac
import struct

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
I = pow(2, (P - 1) // 4, P)
BASE_Y = 4 * pow(5, P - 2, P) % P


def negative(x):
    return x % P & 1


def absolute(x):
    return P - x % P if negative(x) else x % P


def sqrt_ratio(u, v):
    r = u * v**3 % P * pow(u * v**7 % P, (P - 5) // 8, P) % P
    check = v * r * r % P
    well, flipped, flipped_i = check == u % P, check == -u % P, check == -u * I % P
    if flipped or flipped_i:
        r = r * I % P
    return well or flipped, absolute(r)


INVSQRT_A_MINUS_D = sqrt_ratio(1, (-1 - D) % P)[1]
SQRT_AD_MINUS_ONE = P - sqrt_ratio((-D - 1) % P, 1)[1]
SQRT_AD_MINUS_ONE = SQRT_AD_MINUS_ONE if SQRT_AD_MINUS_ONE & 1 else P - SQRT_AD_MINUS_ONE
IDENTITY = (0, 1, 1, 0)


def add(p, q):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = p, q
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(k, p):
    out = IDENTITY
    while k:
        if k & 1:
            out = add(out, p)
        p, k = add(p, p), k >> 1
    return out


def ed_point(data):
    """RFC 8032, 5.1.3."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    well, x = sqrt_ratio((y * y - 1) % P, (D * y * y + 1) % P)
    if not well or (x == 0 and sign):
        return None
    x = P - x if negative(x) != sign else x
    return x, y, 1, x * y % P


BASE = ed_point(BASE_Y.to_bytes(32, "little"))


def ed_verify(public, message, signature):
    a, r, s = ed_point(public), ed_point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = times(s, BASE), add(r, times(k, a))
    return left[0] * right[2] % P == right[0] * left[2] % P and left[1] * right[2] % P == right[1] * left[2] % P


def decode(data):
    """RFC 9496, 4.3.1."""
    s = int.from_bytes(data, "little")
    if len(data) != 32 or s >= P or s & 1:
        raise ValueError("not canonical")
    ss = s * s % P
    u1, u2 = (1 - ss) % P, (1 + ss) % P
    v = (-D * u1 * u1 - u2 * u2) % P
    well, invsqrt = sqrt_ratio(1, v * u2 * u2 % P)
    dx = invsqrt * u2 % P
    x = absolute(2 * s * dx)
    y = u1 * invsqrt * dx % P * v % P
    t = x * y % P
    if not well or negative(t) or y == 0:
        raise ValueError("no element")
    return x, y, 1, t


def encode(p):
    """RFC 9496, 4.3.2."""
    x0, y0, z0, t0 = p
    u1, u2 = (z0 + y0) * (z0 - y0) % P, x0 * y0 % P
    invsqrt = sqrt_ratio(1, u1 * u2 * u2 % P)[1]
    den1, den2 = invsqrt * u1 % P, invsqrt * u2 % P
    z_inv = den1 * den2 * t0 % P
    x, y, den = x0, y0, den2
    if negative(t0 * z_inv):
        x, y, den = y0 * I % P, x0 * I % P, den1 * INVSQRT_A_MINUS_D % P
    y = P - y if negative(x * z_inv) else y
    return absolute(den * (z0 - y)).to_bytes(32, "little")


def elligator(data):
    """RFC 9496, 4.3.4, MAP."""
    t = int.from_bytes(data, "little") & (2**255 - 1)
    r = I * t * t % P
    u, v = (r + 1) * (1 - D * D) % P, (-1 - r * D) * (r + D) % P
    square, s = sqrt_ratio(u, v)
    s, c = (s, -1 % P) if square else (P - absolute(s * t), r)
    n = (c * (r - 1) * (D - 1) ** 2 - v) % P
    w0, w1 = 2 * s * v % P, n * SQRT_AD_MINUS_ONE % P
    w2, w3 = (1 - s * s) % P, (1 + s * s) % P
    return w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P


def expand(message, dst):
    """RFC 9380, 5.3.1, 64 bytes by SHA-512."""
    end = dst + bytes([len(dst)])
    first = hashlib.sha512(bytes(128) + message + b"\x00\x40\x00" + end).digest()
    return hashlib.sha512(first + b"\x01" + end).digest()


class Oprf:
    """RFC 9497, ristretto255-SHA512. Mode 0 is base, 1 verifiable."""

    def __init__(self, mode):
        self.context = b"OPRFV1-" + bytes([mode]) + b"-ristretto255-SHA512"

    def group(self, data):
        wide = expand(data, b"HashToGroup-" + self.context)
        return add(elligator(wide[:32]), elligator(wide[32:]))

    def scalar(self, data):
        return int.from_bytes(expand(data, b"HashToScalar-" + self.context), "little") % L

    @staticmethod
    def finalize(data, element):
        out = encode(element)
        return hashlib.sha512(struct.pack(">H", len(data)) + data + b"\x00\x20" + out + b"Finalize").digest()

    def evaluate(self, data, key):
        return self.finalize(data, times(key, self.group(data)))

    def composites(self, public, blinded, evaluated):
        dst = b"Seed-" + self.context
        seed = hashlib.sha512(b"\x00\x20" + public + struct.pack(">H", len(dst)) + dst).digest()
        m = z = IDENTITY
        for n, (c, d) in enumerate(zip(blinded, evaluated)):
            at = struct.pack(">H", len(seed)) + seed + struct.pack(">H", n) + b"\x00\x20" + c + b"\x00\x20" + d
            di = self.scalar(at + b"Composite")
            m, z = add(m, times(di, decode(c))), add(z, times(di, decode(d)))
        return m, z

    def challenge(self, public, *elements):
        data = b"\x00\x20" + public + b"".join(b"\x00\x20" + encode(e) for e in elements)
        return self.scalar(data + b"Challenge")

    def prove(self, key, public, blinded, evaluated, nonce):
        m, z = self.composites(public, blinded, evaluated)
        c = self.challenge(public, m, z, times(nonce, BASE), times(nonce, m))
        return c.to_bytes(32, "little") + ((nonce - c * key) % L).to_bytes(32, "little")

    def holds(self, public, blinded, evaluated, proof):
        c, s = (int.from_bytes(part, "little") for part in (proof[:32], proof[32:]))
        m, z = self.composites(public, blinded, evaluated)
        first = add(times(s, BASE), times(c, decode(public)))
        return c < L and s < L and c == self.challenge(public, m, z, first, add(times(s, m), times(c, z)))


def hkdf_sha512(secret, info, length):
    key = hmac.new(bytes(64), secret, hashlib.sha512).digest()
    return hmac.new(key, info + b"\x01", hashlib.sha512).digest()[:length]


def rounds(words):
    def quarter(a, b, c, d):
        for left, right, other, bits in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            words[left] = (words[left] + words[right]) & 0xFFFFFFFF
            x = words[other] ^ words[left]
            words[other] = (x << bits | x >> (32 - bits)) & 0xFFFFFFFF

    for _ in range(10):
        for n in range(4):
            quarter(n, 4 + n, 8 + n, 12 + n)
        for n in range(4):
            quarter(n, 4 + (n + 1) % 4, 8 + (n + 2) % 4, 12 + (n + 3) % 4)
    return words


CONSTANTS = list(struct.unpack("<4I", b"expand 32-byte k"))


def chacha(key, counter, nonce):
    """RFC 8439, 2.3."""
    start = CONSTANTS + list(struct.unpack("<8I", key)) + [counter] + list(struct.unpack("<3I", nonce))
    done = rounds(start[:])
    return struct.pack("<16I", *((a + b) & 0xFFFFFFFF for a, b in zip(start, done)))


def xchacha_open(key, nonce, sealed, associated):
    """draft-irtf-cfrg-xchacha, 2.3, with RFC 8439's Poly1305."""
    words = rounds(CONSTANTS + list(struct.unpack("<8I", key)) + list(struct.unpack("<4I", nonce[:16])))
    key, nonce = struct.pack("<8I", *(words[:4] + words[12:])), bytes(4) + nonce[16:]
    text, tag = sealed[:-16], sealed[-16:]
    one = chacha(key, 0, nonce)
    r = int.from_bytes(one[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    pad = lambda data: data + bytes(-len(data) % 16)
    data, sum_ = pad(associated) + pad(text) + struct.pack("<QQ", len(associated), len(text)), 0
    for n in range(0, len(data), 16):
        sum_ = (sum_ + int.from_bytes(data[n : n + 16] + b"\x01", "little")) * r % (2**130 - 5)
    want = (sum_ + int.from_bytes(one[16:32], "little")) % 2**128
    if want.to_bytes(16, "little") != tag:
        raise ValueError("does not open")
    stream = b"".join(chacha(key, 1 + n, nonce) for n in range((len(text) + 63) // 64))
    return bytes(a ^ b for a, b in zip(text, stream))
