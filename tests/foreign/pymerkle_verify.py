"""Verifies a log directory with pymerkle. Usage: pymerkle_verify.py DIR

Rebuilds the tree from the entries with pymerkle, compares both roots, checks the exhibit's path with
pymerkle's verifier, and proves the two heads consistent. Signatures are other tools' work.
"""
import base64
import os
import sys

from pymerkle import InmemoryTree, InclusionProof, InvalidProof, verify_consistency, verify_inclusion


class Refused(Exception):
    pass


def head(text):
    lines = text.split("\n")
    return int(lines[1]), base64.b64decode(lines[2], validate=True)


def bundles(folder):
    found = []
    for root, _, names in os.walk(os.path.join(folder, "tile", "entries")):
        found += [os.path.join(root, name) for name in names]

    def place(path):
        parts = os.path.relpath(path, os.path.join(folder, "tile", "entries")).replace(".p", "").split(os.sep)
        digits = [part.lstrip("x") for part in parts if len(part.lstrip("x")) == 3]
        return int("".join(digits))

    return sorted(found, key=place)


def entries(folder):
    for path in bundles(folder):
        with open(path, "rb") as file:
            data = file.read()
        while data:
            length = int.from_bytes(data[:2], "big")
            if len(data) < 2 + length:
                raise Refused(f"{path} is cut short")
            yield data[2:2 + length]
            data = data[2 + length:]


def read(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return file.read()


def check_exhibit(text, tree):
    top, _, checkpoint = text.partition("\n\n")
    size, root = head(checkpoint)
    lines = top.split("\n")
    record = base64.b64decode(lines[1].removeprefix("extra "), validate=True).split(b"~")[0]
    index = int(lines[2].removeprefix("index "))
    path = [base64.b64decode(line, validate=True) for line in lines[3:]]
    leaf = tree.hash_buff(record)
    rule = tree.prove_inclusion(index + 1, size).rule
    proof = InclusionProof("sha256", True, size, index + 1, rule, [leaf] + path)
    verify_inclusion(leaf, root, proof, index=index + 1, size=size)


def verify(folder):
    size, root = head(read(folder, "checkpoint"))
    old_size, old_root = head(read(folder, "checkpoint.old"))
    tree = InmemoryTree(algorithm="sha256")
    for entry in entries(folder):
        tree.append_entry(entry)
    if tree.get_size() != size or tree.get_state() != root:
        raise Refused("the entries lead to another root")
    if tree.get_state(old_size) != old_root:
        raise Refused("the entries lead to another older root")
    verify_consistency(old_root, root, tree.prove_consistency(old_size, size))
    check_exhibit(read(folder, "exhibit.tlog-proof"), tree)
    check_exhibit(read(folder, "receipt.tlog-proof"), tree)
    print(f"{size} entries, consistent with {old_size}")


try:
    verify(sys.argv[1])
except (Refused, InvalidProof, ValueError, IndexError, UnicodeDecodeError) as error:
    print(f"refused: {error}")
    sys.exit(1)
except Exception as error:
    print(f"cannot run: {error!r}")
    sys.exit(3)
