"""An emulator of the WeChat platform: a second opinion, written from the vendor's words alone.

It knows nothing of how the rest of this package plans or speaks to the platform, so the same mistake cannot stand on
both sides of a test. `app.create_app` makes it from the systems that it is given, `server.run` serves it until a
signal, `server.EmulatorServer` serves it from a thread.

Facts of the vendor carry a tag: DOC a page of the platform's documentation, STAFF an employee in the official
community, OBS a developer's pasted answer, SDK a public SDK, INF our inference, which then is a switch in the settings.
All were checked on 2026-11-21.
"""
