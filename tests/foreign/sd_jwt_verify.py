"""Verifies the presentation in a log directory with the sd-jwt package. Usage: sd_jwt_verify.py DIR

The issuer's signature must hold, and exactly the fields shown must come out.
"""
import json
import os
import sys

from jwcrypto.jwk import JWK
from sd_jwt.verifier import SDJWTVerifier


def verify(folder):
    with open(os.path.join(folder, "issuer.jwk"), encoding="utf-8") as file:
        jwk = json.load(file)
    with open(os.path.join(folder, "presentation"), encoding="utf-8") as file:
        presentation = file.read()

    def key(issuer, header):
        if issuer != "northmere.example" or header.get("kid") != jwk["kid"]:
            raise ValueError("another issuer or key")
        return JWK.from_json(json.dumps(jwk))

    payload = SDJWTVerifier(presentation, key).get_verified_payload()
    fields = {name for name in payload if name not in ("iss", "v", "cls")}
    if fields != {"seq", "note"}:
        raise ValueError(f"other fields than those shown: {sorted(fields)}")
    if payload["v"] != 1 or payload["cls"] != "record" or not payload["note"].startswith("An invented note"):
        raise ValueError("other values than those recorded")
    print(f"fields {sorted(fields)} of a record by {payload['iss']}")


try:
    verify(sys.argv[1])
except FileNotFoundError as error:
    print(f"cannot run: {error}")
    sys.exit(3)
except Exception as error:
    print(f"refused: {error!r}")
    sys.exit(1)
