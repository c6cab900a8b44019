"""A client who was asked for a code."""

from tests.support.drivers.asker import EMAIL, Asker, a_person, an_asker


async def asked(user: str = "4711", *, desk: object = None) -> Asker:
    """A client who has asked for an erasure and claimed the address on record."""
    client = await an_asker(desk, user=user)  # pyright: ignore[reportArgumentType]
    a_person(client.desk)
    await client.says("/erase")
    await client.says(EMAIL)
    return client
