"""What no emulated account shows yet: a rule's code and outcomes a line. It only ever gets shorter."""

from records.evaluation import Outcome

_LINES = """
API001 fail
API004 fail pass
APP011 fail
APP012 fail pass
AUT011 fail pass
CRD001 fail unknown
CRD002 pass unknown
CRD003 fail unknown
CRD004 fail unknown
CRD005 not_applicable unknown
EDG001 not_applicable
EDG003 pass
EDG005 pass
EDG007 fail
EDG009 fail
FAC001 fail
FAC003 fail
FAC004 fail
FAC005 fail
FED001 pass unknown
FED002 fail unknown
FED003 unknown
FED004 unknown
FED005 unknown
FED006 fail unknown
FED008 unknown
FED009 fail unknown
FED010 fail
FLW003 fail pass
GOV004 fail
GOV005 fail pass
GRL002 fail
IDP001 unknown
IDP002 unknown
IDP003 fail unknown
IDP004 not_applicable unknown
IDP005 fail unknown
IDP006 fail unknown
IDP007 unknown
IDP008 fail unknown
LOG003 fail
LOG005 pass unknown
MAP001 fail unknown
MAP002 unknown
MSG002 fail
MSG005 fail
MSG007 fail
MSG008 fail
MSG009 pass
PRV001 fail not_applicable unknown
PRV002 fail not_applicable unknown
PRV003 fail pass unknown
PRV004 fail unknown
PRV005 fail unknown
PRV006 fail not_applicable unknown
PRV007 fail pass unknown
REG001 fail pass
REG002 fail pass
REG003 fail
ROL001 fail unknown
ROL002 fail unknown
ROL003 fail pass unknown
ROL004 fail unknown
ROL005 unknown
ROL006 unknown
ROL007 unknown
ROL009 fail unknown
RSK001 fail
RSK003 fail pass
SGN003 fail pass
SGN004 not_applicable
SML001 fail unknown
SML002 unknown
SML003 unknown
SVC001 fail
THR002 pass
TOK001 fail
TOK003 fail
TRG005 fail
TRG006 fail
TRG008 pass
TRG009 fail
UPK001 fail
USE004 fail pass
"""

LACKING = {
    code: {Outcome(name) for name in names}
    for code, *names in (line.split() for line in _LINES.strip().splitlines())
}
