"""Links and codes of signatures: derived from random seeds, so that none is ever written down.

Whoever reads the database learns neither; both are made again when they are sent and checked.
"""

import hashlib
import secrets
from base64 import urlsafe_b64encode

from django.utils.crypto import constant_time_compare, salted_hmac

LINK, CODE = "vigente.signature.link", "vigente.signature.code"


def seed() -> str:
    """Return a new seed."""
    return secrets.token_urlsafe(32)


def token(token_seed: str) -> str:
    """Return the secret part of a link."""
    digest = salted_hmac(LINK, token_seed, algorithm="sha256").digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


def token_sha256(told: str) -> str:
    """Return what is kept of a link, to find its request by it."""
    return hashlib.sha256(told.encode()).hexdigest()


def code(code_seed: str) -> str:
    """Return a code of six digits."""
    number = int.from_bytes(salted_hmac(CODE, code_seed, algorithm="sha256").digest())
    return f"{number % 1_000_000:06d}"


def is_code(typed: str, code_seed: str) -> bool:
    """Tell whether this is the code, in a time that tells nothing else."""
    digits = "".join(c for c in typed if c.isascii() and c.isdigit())
    return bool(code_seed) and constant_time_compare(digits, code(code_seed))
