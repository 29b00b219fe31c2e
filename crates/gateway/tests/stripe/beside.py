"""Runs localstripe on a port of this machine, tells the port, and ends with its standard input."""

import asyncio
import sys

from aiohttp import web
from localstripe.server import app


async def serve():
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


asyncio.run(serve())
