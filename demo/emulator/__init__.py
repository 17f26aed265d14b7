"""An emulated AWS account: moto, extended with what it lacks for Amazon Cognito.

`install()` patches moto in this process; `Emulator` answers HTTP requests and adds controls under
`/emulator/`: counts, faults, latency, quotas, amended answers and facts that no API can set.
"""

from demo.emulator.emulator import Emulator
from demo.emulator.install import install

__all__ = ["Emulator", "install"]
