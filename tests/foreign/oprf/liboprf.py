"""Checks the published vectors with pyoprf and liboprf (base mode). Usage: python liboprf.py VECTORS"""
import json
import sys

try:
    import pyoprf
except Exception as error:  # the Python part installs without its library
    print(f"cannot be loaded: {error}")
    sys.exit(3)

# The C function returns nothing, and the Python part takes whatever is left in the register for an error.
create_shares = pyoprf.liboprf.toprf_create_shares
pyoprf.liboprf.toprf_create_shares = lambda *arguments: (create_shares(*arguments), 0)[1]

vectors = json.load(open(sys.argv[1], encoding="utf-8"))
base = vectors["base_mode"]
secret = bytes.fromhex(base["secret"])
checked = 0
for number, message in enumerate(vectors["oprf"]["inputs"]):
    x = bytes.fromhex(message)
    want = bytes.fromhex(base["outputs"][number])
    r, alpha = pyoprf.blind(x)
    y = pyoprf.unblind_finalize(r, pyoprf.evaluate(secret, alpha), x)
    if y != want:
        sys.exit(f"output {number}")
    shares = pyoprf.create_shares(secret, 3, 2)
    answers = [share[:1] + pyoprf.evaluate(share[1:], alpha) for share in (shares[0], shares[2])]
    if pyoprf.unblind_finalize(r, pyoprf.thresholdmult(answers), x) != want:
        sys.exit(f"its own 2-of-3 sharing, output {number}")
    checked += 2
print(f"{checked} checks")
