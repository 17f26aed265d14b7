"""Jobs that import users, which moto does not have. None ever runs: it waits for its file for ever."""

from typing import Any

from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.responses import ActionResult
from moto.core.utils import utcnow

from demo.emulator import ids
from demo.emulator.pages import page_of, size_of
from demo.emulator.patching import add_operation
from demo.emulator.state import extra

LARGEST_PAGE = 60
# Whoever has the address may upload users for as long as it is valid; it must not get past a collector.
CANARY = "presigned-canary"


def install() -> None:
    """Add the operations to moto."""
    add_operation(CognitoIdpResponse, create_user_import_job)
    add_operation(CognitoIdpResponse, list_user_import_jobs)


def create_user_import_job(self: Any) -> ActionResult:
    """Make a job, with the address that its file is to be sent to."""
    sent = self.parameters
    pool = self.backend.describe_user_pool(sent["UserPoolId"])
    key = ids.next_of_name(pool, "import job", pool.arn, sent["JobName"])
    job_id = f"import-{ids.text_id(key, ids.MIXED, 10)}"
    job = {
        "JobId": job_id,
        "JobName": sent["JobName"],
        "UserPoolId": pool.id,
        "CloudWatchLogsRoleArn": sent["CloudWatchLogsRoleArn"],
        "PasswordHashingAlgorithm": sent.get("PasswordHashingAlgorithm"),
        "PreSignedUrl": f"https://user-import.s3.amazonaws.com/{job_id}?X-Amz-Signature={CANARY}",
        "CreationDate": utcnow(),
        "Status": "Created",
        "ImportedUsers": 0,
        "SkippedUsers": 0,
        "FailedUsers": 0,
    }
    extra(pool, "import_jobs")[job_id] = job
    return ActionResult({"UserImportJob": job})


def list_user_import_jobs(self: Any) -> ActionResult:
    """Answer the jobs of a user pool, the newest first."""
    sent = self.parameters
    pool = self.backend.describe_user_pool(sent["UserPoolId"])
    jobs = list(reversed(extra(pool, "import_jobs").values()))
    code = "InvalidParameterException"
    size = size_of(sent["MaxResults"], LARGEST_PAGE, code=code)
    page, token = page_of(jobs, sent.get("PaginationToken"), size, code=code)
    return ActionResult({"UserImportJobs": page, "PaginationToken": token})
