"""A thousand people at once; how long it takes is for the benchmarks."""

import asyncio

import aiohttp

PEOPLE = 1000


async def echo(server, session):
    """The smallest bot: answers each message with its text."""
    root, offset = f"{server.root_url}/bot{server.token}", 0
    while True:
        poll = {"offset": str(offset), "timeout": "10"}
        async with session.post(f"{root}/getUpdates", data=poll) as answer:
            updates = (await answer.json())["result"]
        for update in updates:
            offset = update["update_id"] + 1
            message = update["message"]
            reply = {"chat_id": str(message["chat"]["id"]), "text": message["text"]}
            async with session.post(f"{root}/sendMessage", data=reply) as answer:
                await answer.read()


async def test_a_thousand_people_each_get_their_own_answer(server):
    people = [server.user(number) for number in range(1, PEOPLE + 1)]

    async with aiohttp.ClientSession() as session:
        bot = asyncio.create_task(echo(server, session))
        for person in people:
            await person.say(f"I am {person.id}")
        answers = await asyncio.gather(
            *(person.expect("I am", timeout_seconds=60) for person in people)
        )
        bot.cancel()

    assert [one.text for one in answers] == [f"I am {person.id}" for person in people]
    assert server.record.by_method["sendMessage"] == PEOPLE
