"""AWS End User Messaging SMS (`pinpoint-sms-voice-v2`), which moto does not have at all."""

from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import utcnow

from demo.emulator import ids
from demo.emulator.pages import page_of, size_of

SERVICE = "pinpoint-sms-voice-v2"
INVALID = "ValidationException"
LARGEST_PAGE = 100
# In US dollars a month: every kind of message starts with AWS's lowest limit.
LOWEST_LIMIT = 1
KINDS = ("TEXT_MESSAGE", "VOICE_MESSAGE", "MEDIA_MESSAGE")


class EndUserMessagingBackend(BaseBackend):
    """The service in one account and region; a new account is in the sandbox."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.tier = "SANDBOX"
        self.overrides: dict[str, int] = {}
        self.maximum_usd = LOWEST_LIMIT
        self.default_protect_id: str | None = None
        self.protect_configurations: dict[str, dict[str, Any]] = {}


backends: BackendDict[EndUserMessagingBackend] = BackendDict(EndUserMessagingBackend, SERVICE)


class EndUserMessagingResponse(BaseResponse):
    """The operations of which Poolwatch asks three; the others fill what those answer."""

    def __init__(self) -> None:
        super().__init__(service_name=SERVICE)
        self.automated_parameter_parsing = True

    @property
    def backend(self) -> EndUserMessagingBackend:
        """The backend of the call's account and region."""
        return backends[self.current_account][self.region]

    def describe_account_attributes(self) -> ActionResult:
        """Answer the account's tier and its default protect configuration."""
        values = {"ACCOUNT_TIER": self.backend.tier}
        if self.backend.default_protect_id:
            values["DEFAULT_PROTECT_CONFIGURATION_ID"] = self.backend.default_protect_id
        attributes = [{"Name": name, "Value": value} for name, value in values.items()]
        return self._paged("AccountAttributes", attributes)

    def describe_spend_limits(self) -> ActionResult:
        """Answer what the account may spend a month, by kind of message."""
        backend = self.backend
        limits = [
            {
                "Name": f"{kind}_MONTHLY_SPEND_LIMIT",
                "EnforcedLimit": backend.overrides.get(kind, backend.maximum_usd),
                "MaxLimit": backend.maximum_usd,
                "Overridden": kind in backend.overrides,
            }
            for kind in KINDS
        ]
        return self._paged("SpendLimits", limits)

    def set_text_message_spend_limit_override(self) -> ActionResult:
        """Set a limit below the largest that the account may have."""
        wanted = self._get_param("MonthlyLimit")
        if not 0 <= wanted <= self.backend.maximum_usd:
            raise JsonRESTError(INVALID, f"MonthlyLimit must be between 0 and {self.backend.maximum_usd}.")
        self.backend.overrides["TEXT_MESSAGE"] = wanted
        return ActionResult({"MonthlyLimit": wanted})

    def create_protect_configuration(self) -> ActionResult:
        """Make a protect configuration, which allows every country."""
        backend = self.backend
        place = f"arn:{backend.partition}:sms-voice:{backend.region_name}:{backend.account_id}"
        key = ids.next_of_name(backend, "protect configuration", place)
        protect_id = f"protect-{ids.uuid_id(key).replace('-', '')}"
        made = {
            "ProtectConfigurationArn": f"{place}:protect-configuration/{protect_id}",
            "ProtectConfigurationId": protect_id,
            "CreatedTimestamp": utcnow(),
            "DeletionProtectionEnabled": self._get_param("DeletionProtectionEnabled", False),
        }
        backend.protect_configurations[protect_id] = made
        return ActionResult(self._protect(made))

    def set_account_default_protect_configuration(self) -> ActionResult:
        """Make a protect configuration the account's default."""
        wanted = self._get_param("ProtectConfigurationId")
        found = self.backend.protect_configurations.get(wanted)
        if found is None:
            raise JsonRESTError("ResourceNotFoundException", f"{wanted} does not exist.")
        self.backend.default_protect_id = wanted
        named = {"DefaultProtectConfigurationArn": found["ProtectConfigurationArn"]}
        return ActionResult({**named, "DefaultProtectConfigurationId": wanted})

    def describe_protect_configurations(self) -> ActionResult:
        """Answer the protect configurations."""
        found = [self._protect(each) for each in self.backend.protect_configurations.values()]
        return self._paged("ProtectConfigurations", found)

    def _protect(self, made: dict[str, Any]) -> dict[str, Any]:
        is_default = made["ProtectConfigurationId"] == self.backend.default_protect_id
        return {**made, "AccountDefault": is_default}

    def _paged(self, member: str, found: list[dict[str, Any]]) -> ActionResult:
        size = size_of(self._get_param("MaxResults"), LARGEST_PAGE, code=INVALID)
        page, token = page_of(found, self._get_param("NextToken"), size, code=INVALID)
        return ActionResult({member: page, "NextToken": token})
