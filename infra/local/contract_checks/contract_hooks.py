"""What schemathesis does not know by itself: how bodies that are no JSON travel."""

import schemathesis


@schemathesis.serializer("application/toml")
def toml(_, value):
    """Texts as they are: what is no TOML is ours to refuse."""
    return value if isinstance(value, bytes) else str(value).encode()
