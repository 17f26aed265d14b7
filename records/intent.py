"""What a user pool is for, as its owner declares it."""

from enum import StrEnum


class Intent(StrEnum):
    """An owner's word on a user pool: what is wanted is no problem, and what contradicts it is one."""

    PUBLIC_SIGN_UP = "public-sign-up"
    MACHINE_TO_MACHINE = "machine-to-machine"
    FEDERATED_ONLY = "federated-only"
    DEVELOPMENT = "development"
