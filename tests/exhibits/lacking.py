"""What no emulated account shows yet: a rule's code and outcomes a line. It only ever gets shorter."""

from records.evaluation import Outcome

_LINES = """
APP011 fail
APP012 fail pass
AUT011 fail pass
CRD004 pass
EDG001 not_applicable
EDG003 pass
EDG005 pass
EDG007 fail
EDG009 fail
FAC001 fail
FAC003 fail
FAC004 fail
FAC005 fail
FED001 pass
FED002 fail
FLW003 fail pass
GOV005 fail pass
LOG003 fail
LOG005 pass
MSG002 fail
MSG005 fail
MSG007 fail
MSG008 fail
MSG009 pass
PRV002 fail
REG001 pass
REG002 fail pass
REG003 fail
ROL009 fail
RSK003 fail pass
SGN003 fail pass
SGN004 not_applicable
THR002 pass
TOK001 fail
TOK003 fail
TRG005 fail
TRG008 pass
TRG009 fail
UPK001 fail
USE004 fail pass
"""

LACKING = {
    code: {Outcome(name) for name in names}
    for code, *names in (line.split() for line in _LINES.strip().splitlines())
}
