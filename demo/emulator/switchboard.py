"""All that a test or benchmark can change about the emulator."""

from moto.moto_api._internal import mock_random
from moto.moto_api._internal.models import moto_api_backend

from demo.emulator.accounts import DEFAULT_ACCOUNT, set_account
from demo.emulator.amendments import Amendments
from demo.emulator.counts import Counts
from demo.emulator.faults import Faults
from demo.emulator.quotas import Quotas


class Switchboard:
    """The controls in force; at first nothing is changed."""

    def __init__(self) -> None:
        self.amendments = Amendments()
        self.counts = Counts()
        self.faults = Faults()
        self.latency_seconds = 0.0
        self.quotas = Quotas()

    def reset(self) -> None:
        """Empty all accounts and take every control back to its start."""
        moto_api_backend.reset()
        # The same calls in the same order get the same ids.
        mock_random.seed(0)
        set_account(DEFAULT_ACCOUNT)
        self.amendments.clear()
        self.faults.clear()
        self.latency_seconds = 0.0
        self.quotas.reset()
        self.counts.reset()
