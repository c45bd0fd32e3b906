"""Which socket stands where."""

from typing import Any

from django.urls import re_path

from realtime.consumers import BoardConsumer


async def no_such_socket(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Refuse any other address before the handshake ends."""
    await receive()
    await send({"type": "websocket.close"})


websocket_urlpatterns = [
    re_path(r"^ws/?$", BoardConsumer.as_asgi()),
    re_path(r"", no_such_socket),  # type: ignore[arg-type]
]
