"""Reads answers of an OpenAI-compatible server line by line, as programs in Python do, and prints what it got."""

import asyncio
import hashlib
import json
import sys

LIBRARY, URL = sys.argv[1:]
BODY = {"model": "gemini-2.5-flash", "messages": [{"role": "user", "content": "Hi"}], "stream": True}


class Answer:
    def __init__(self):
        self.content, self.arguments, self.is_done = "", "", False

    def take(self, line):
        text = line.decode() if isinstance(line, bytes) else line
        text = text.strip("\r\n")
        if text == "" or text.startswith(":"):
            return
        assert text.startswith("data: "), f"a line that is no event: {text[:80]!r}"
        data = text[len("data: ") :]
        if data == "[DONE]":
            self.is_done = True
            return
        for choice in json.loads(data)["choices"]:
            delta = choice["delta"]
            self.content += delta.get("content") or ""
            for call in delta.get("tool_calls") or []:
                self.arguments += call["function"]["arguments"]


def with_requests(answer):
    import requests

    with requests.post(URL, json=BODY, stream=True) as response:
        response.raise_for_status()
        response.encoding = "utf-8"
        for line in response.iter_lines(decode_unicode=True):
            answer.take(line)


def with_httpx(answer):
    import httpx

    with httpx.stream("POST", URL, json=BODY, timeout=60) as response:
        response.raise_for_status()
        for line in response.iter_lines():
            answer.take(line)


async def with_aiohttp(answer):
    import aiohttp

    async with aiohttp.ClientSession() as session:
        async with session.post(URL, json=BODY) as response:
            response.raise_for_status()
            async for line in response.content:
                answer.take(line)


answer = Answer()
if LIBRARY == "requests":
    with_requests(answer)
elif LIBRARY == "httpx":
    with_httpx(answer)
else:
    asyncio.run(with_aiohttp(answer))
digest = lambda text: hashlib.sha256(text.encode()).hexdigest()
print(json.dumps({"content": digest(answer.content), "arguments": digest(answer.arguments), "isDone": answer.is_done}))
