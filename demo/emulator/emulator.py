"""The emulated AWS account: what happens to a request between the wire and moto."""

import dataclasses
import json
import time

from demo.emulator.controls import PREFIX, control
from demo.emulator.faults import ERRORS, STUCK_TOKEN, error_answer, malformed_answer
from demo.emulator.install import install
from demo.emulator.messages import TOKENS, Answer, Call, Request, call_of
from demo.emulator.moto_app import MotoApp
from demo.emulator.switchboard import Switchboard


class Emulator:
    """Answers HTTP requests as AWS would, from moto's state and through the controls in force.

    moto's state belongs to the process: two emulators in one process show the same accounts.
    """

    def __init__(self) -> None:
        install()
        self.board = Switchboard()
        self._moto = MotoApp()

    def answer(self, request: Request) -> Answer:
        """Answer one request; called by many threads at once."""
        if request.path.startswith(PREFIX):
            return control(self.board, request)
        call = call_of(request)
        if call is None:
            return self._moto.answer(request, None)
        with self.board.counts.running(call.name):
            # Decided when the call comes in, so that the quotas see the caller's pace, not ours.
            kind = self.board.faults.strike(call)
            if kind is None and not self.board.quotas.admit(call):
                kind = "throttled"
            if self.board.latency_seconds:
                time.sleep(self.board.latency_seconds)
            return self._answer(request, call, kind)

    def _answer(self, request: Request, call: Call, kind: str | None) -> Answer:
        if kind in ERRORS:
            return error_answer(call, kind)
        if kind == "stuck_token":
            return self._stuck(request, call)
        answer = self.board.amendments.apply(call, self._moto.answer(request, call))
        return malformed_answer(answer) if kind == "malformed" else answer

    def _stuck(self, request: Request, call: Call) -> Answer:
        """Answer the same page with the same token, whatever token was sent."""
        sent = {name: value for name, value in call.parameters.items() if name not in TOKENS}
        answer = self._moto.answer(dataclasses.replace(request, body=json.dumps(sent).encode()), call)
        token = "PaginationToken" if call.operation == "ListUsers" else "NextToken"
        body = {**json.loads(answer.body), token: STUCK_TOKEN}
        return dataclasses.replace(answer, body=json.dumps(body).encode())
