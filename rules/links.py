"""Where AWS documents what the rules are about."""

DOCS = "https://docs.aws.amazon.com/cognito/latest/developerguide/"
