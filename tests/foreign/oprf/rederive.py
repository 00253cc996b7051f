"""Makes every byte of the published vectors again from docs/spec/exchange.md and match-keys.md, with nothing but Python's own library.
Usage: python rederive.py FOLDER"""
import hashlib
import hmac
import itertools
import json
import struct
import sys

import ristretto as r
from matchkeys import Keys

checked = 0


def must(holds, what):
    global checked
    if not holds:
        sys.exit(what)
    checked += 1


def number(data):
    return int.from_bytes(data, "little")


def h(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def match_keys(vectors, file, digest):
    made = Keys(file["tables"])
    subjects = vectors["match_keys"]["subjects"]
    for at, subject in enumerate(subjects + file["people"] + file["edges"]):
        want, got = subject["keys"], made.keys(subject)
        must(got == want, f"subject {at}: {subject}\n{got}\n{want}")
    tables = file["tables"]
    names = ["titles", "joined_forenames", "particles", "pseudo_postcodes", "forename_families", "surname_families"]
    data = struct.pack(">H", 1) + b"".join("\n".join(tables[name]).encode() + b"\0" for name in names)
    data += b"".join(f"{letter}{plain}\n".encode() for letter, plain in tables["letters"])
    data += b"".join(bytes([kind]) + value.encode() + b"\0" for s in subjects for kind, value in made.keys(s))
    must(h(b"dlx/match-keys", data).hex() == digest == vectors["match_keys"]["digest"], "digest of the tables")


def inputs(vectors):
    """Section 4: the first four known keys, each mixed with the pepper."""
    pepper = bytes.fromhex(vectors["pepper"])
    must(h(b"dlx/pepper", pepper).hex() == vectors["pepper_commitment"], "commitment to the pepper")
    keys = [key for subject in vectors["match_keys"]["subjects"] for key in subject["keys"]][:4]
    out = [hmac.new(pepper, b"dlx-mk/1" + bytes([kind]) + value.encode(), hashlib.sha256).digest() for kind, value in keys]
    must([m.hex() for m in out] == vectors["oprf"]["inputs"], "inputs")
    return out


def oprf(o, inputs):
    suite = r.Oprf(1)
    blinds = [number(bytes.fromhex(blind)) for blind in o["blinds"]]
    blinded = [r.encode(r.times(blind, suite.group(m))) for blind, m in zip(blinds, inputs)]
    must([b.hex() for b in blinded] == o["blinded"], "blinded points")
    answers = {}
    for answer in o["answers"]:
        seat, key, public = answer["seat"], number(bytes.fromhex(answer["secret"])), bytes.fromhex(answer["public"])
        must(r.encode(r.times(key, r.BASE)) == public, f"public key of seat {seat}")
        evaluated = [r.encode(r.times(key, r.decode(b))) for b in blinded]
        must([e.hex() for e in evaluated] == answer["evaluated"], f"evaluation of seat {seat}")
        proof = suite.prove(key, public, blinded, evaluated, number(bytes.fromhex(answer["nonce"])))
        must(proof.hex() == answer["proof"], f"proof of seat {seat}")
        must(suite.holds(public, blinded, evaluated, proof), f"proof of seat {seat} holds")
        wrong = evaluated[1:] + evaluated[:1]
        must(not suite.holds(public, blinded, wrong, proof), f"proof of seat {seat} over another order")
        answers[seat] = [r.decode(e) for e in evaluated]
    whole = number(bytes.fromhex(o["whole_secret"]))
    must(r.encode(r.times(whole, r.BASE)).hex() == o["whole_public"], "public key of the whole")
    must([suite.evaluate(m, whole).hex() for m in inputs] == o["outputs"], "outputs by the whole key")
    for seats in itertools.combinations(answers, o["threshold"]):
        for n, (m, blind) in enumerate(zip(inputs, blinds)):
            sum_ = r.IDENTITY
            for i in seats:
                weight = 1
                for j in seats:
                    weight = weight * j * pow(j - i, -1, r.L) % r.L if j != i else weight
                sum_ = r.add(sum_, r.times(weight, answers[i][n]))
            y = suite.finalize(m, r.times(pow(blind, -1, r.L), sum_))
            must(y.hex() == o["outputs"][n], f"output {n} of seats {seats}")
    return blinds


def base_mode(base, inputs, blinds):
    suite, key = r.Oprf(0), number(bytes.fromhex(base["secret"]))
    must([r.encode(r.times(b, suite.group(m))).hex() for b, m in zip(blinds, inputs)] == base["blinded"], "base mode, blinded")
    must([suite.evaluate(m, key).hex() for m in inputs] == base["outputs"], "base mode, outputs")


def rows(rows):
    scope, desk, row = (bytes.fromhex(rows[name]) for name in ("scope", "desk", "row"))
    place = scope + struct.pack(">I", rows["epoch"])
    plain = bytes.fromhex(rows["handle"]) + struct.pack(">BH", rows["key_type"], rows["held"]) + bytes.fromhex(rows["hpke_key"])
    for item in rows["rows"]:
        y, sealed = bytes.fromhex(item["y"]), bytes.fromhex(item["sealed_pointer"])
        must(r.hkdf_sha512(y, b"dlx/token" + place, 16).hex() == item["token"], "token")
        key = r.hkdf_sha512(y, b"dlx/row" + place + desk + row, 32)
        must(len(sealed) == 136, "length of a pointer")
        opened = r.xchacha_open(key, sealed[:24], sealed[24:], b"\x01" + place + desk + row)
        must(opened == plain + bytes(96 - len(plain)), "pointer")
    must(h(b"dlx/hit", b"\x05" * 16, b"\x06" * 16).hex() == rows["hit_of_rows_05_and_06"], "hit")


def envelope(vectors):
    data, public = bytes.fromhex(vectors["bytes"]), bytes.fromhex(vectors["from_public"])
    version, kind = struct.unpack(">HB", data[:3])
    scope, epoch, (to, id_), at = data[3:19], data[19:23], (data[39:55], data[55:71]), data[71:79]
    checkpoint = struct.unpack(">I", data[79:83])[0]
    start = 83 + checkpoint
    length = struct.unpack(">I", data[start : start + 4])[0]
    body = data[start + 4 : start + 4 + length]
    must((version, kind, checkpoint, body) == (1, 27, 0, struct.pack(">Q", 7)), "fields of the envelope")
    must(len(data) == start + 4 + length + 64, "nothing trails")
    must(h(b"dlx/id", bytes([kind]), to, scope, epoch, at, body)[:16] == id_, "id")
    signed = b"dlx/envelope/1\n" + data[:-64]
    must(r.ed_verify(public, signed, data[-64:]), "signature")
    for place in range(0, len(signed), 9):
        changed = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
        must(not r.ed_verify(public, changed, data[-64:]), f"a change at {place}")


def main(folder):
    read = lambda name: open(f"{folder}/{name}", encoding="utf-8").read()
    vectors = json.loads(read("exchange-1.json"))
    match_keys(vectors, json.loads(read("match-keys-1.json")), read("match-keys-1.txt").strip())
    points = inputs(vectors)
    blinds = oprf(vectors["oprf"], points)
    base_mode(vectors["base_mode"], points, blinds)
    rows(vectors["rows"])
    envelope(vectors["envelope"])
    print(f"{checked} checks")


main(sys.argv[1])
