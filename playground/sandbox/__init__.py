"""A self-contained server of the workflow API, version 3, that ships inside.

One pure dispatch, `api.handle(request, store, now, settings)`, with two doors: an httpx
transport in process and a Django view for curl. A job's life is arithmetic over its launch, its
events and the time: there is no thread, no sleep and no clock reading behind the doors.
"""
