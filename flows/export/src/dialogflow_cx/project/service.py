"""The service that the agent's webhooks call: POST /cx takes a WebhookRequest and answers with a WebhookResponse.

Standard library only. Settings, all from the environment:

    HOST, PORT       where it listens (127.0.0.1, 8080)
    HANDOFF_TOKEN    what callers must send as X-Handoff-Token; wanted wherever it listens to more than this machine
    HANDOFF_HASH_KEY for payload fields that are sent as a hash; 16 characters or more

A request that cannot be understood is answered with 400 and a sentence; whatever else goes wrong with 500. The agent
hears both as `webhook.error` and brings in a person.
"""
import hmac
import json
import logging
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import adapter

log = logging.getLogger("handoff")
MOST_BYTES = 4 * 1024 * 1024
LOCAL = ("127.0.0.1", "::1", "localhost")


def respond(body, token):
    """Status and answer for the bytes of a request."""
    wanted = os.environ.get("HANDOFF_TOKEN", "")
    if wanted and not hmac.compare_digest(wanted.encode(), (token or "").encode()):
        return 401, {"error": "X-Handoff-Token is missing or wrong"}
    try:
        request = json.loads(body.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        return 400, {"error": "the body is not JSON: %s" % error}
    try:
        return 200, adapter.answer(request)
    except adapter.Refused as error:
        return 400, {"error": str(error)}
    except Exception:
        log.exception("a request could not be answered; the agent brings in a person")
        return 500, {"error": "the service failed; its log says how"}


class Handler(BaseHTTPRequestHandler):
    """HTTP around `respond`."""

    server_version = "handoff"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_POST(self):
        if self.path.split("?")[0] != "/cx":
            self.close_connection = True  # what stands in its body is no request
            self.send(404, {"error": "only POST /cx is here"})
            return
        length = self.headers.get("Content-Length") or ""
        if not length.isdigit() or int(length) > MOST_BYTES:
            self.close_connection = True
            self.send(413 if length.isdigit() else 411, {"error": "Content-Length is missing or too large"})
            return
        self.send(*respond(self.rfile.read(int(length)), self.headers.get("X-Handoff-Token")))

    def do_GET(self):
        if self.path == "/healthz":
            self.send(200, {"ok": True})
        else:
            self.send(404, {"error": "only POST /cx is here"})

    def send(self, status, answer):
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Customers' words are no matter for a log."""


def main():
    logging.basicConfig(level=logging.INFO)
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8080"))
    if host not in LOCAL and not os.environ.get("HANDOFF_TOKEN"):
        print("HANDOFF_TOKEN is empty: set it, and the same value as X-Handoff-Token of the agent's webhooks", file=sys.stderr)
        return 2
    server = ThreadingHTTPServer((host, port), Handler)
    log.info("listening on %s:%d", *server.server_address[:2])
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
