"""The emulated AWS account: what happens to a request between the wire and moto."""

import dataclasses
import json
import time
from urllib.parse import parse_qsl, urlencode

from demo.emulator.calls import TOKENS, Call, Protocol, call_of
from demo.emulator.controls import PREFIX, control
from demo.emulator.faults import ERRORS, STUCK_TOKEN, error_answer, malformed_answer, token_member
from demo.emulator.install import install
from demo.emulator.messages import Answer, Request
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
        token = token_member(call)
        if call.protocol is Protocol.REST_JSON:
            pairs = parse_qsl(request.query)
            first = urlencode([pair for pair in pairs if pair[0].lower() != str(token).lower()])
            answer = self._moto.answer(dataclasses.replace(request, query=first), call)
        else:
            sent = {name: value for name, value in call.parameters.items() if name not in TOKENS}
            answer = self._moto.answer(dataclasses.replace(request, body=json.dumps(sent).encode()), call)
        body = json.loads(answer.body)
        # API Gateway's second version writes its members with small letters.
        name = "nextToken" if call.service == "apigatewayv2" else token
        return dataclasses.replace(answer, body=json.dumps({**body, name: STUCK_TOKEN}).encode())
