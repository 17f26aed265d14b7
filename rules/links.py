"""Where AWS documents what the rules are about."""

AWS_DOCS = "https://docs.aws.amazon.com/"
DOCS = AWS_DOCS + "cognito/latest/developerguide/"
