"""A language server's client, as small as a test needs: JSON-RPC over pipes."""

import json
import queue
import subprocess
import threading


class Server:
    def __init__(self, command, folder):
        self.process = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.messages = queue.Queue()
        self.next_id = 0
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.request("shutdown", None)
        self.notify("exit", None)
        self.status = self.process.wait(timeout=60)
        self.process.stdin.close()
        self.process.stdout.close()

    def _read(self):
        while header := self.process.stdout.readline():
            length = None
            while header.strip():
                name, value = header.split(b":")
                if name.lower() == b"content-length":
                    length = int(value)
                header = self.process.stdout.readline()
            self.messages.put(json.loads(self.process.stdout.read(length)))

    def _send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def notify(self, method, params):
        self._send({"method": method, "params": params})

    def request(self, method, params):
        self.next_id += 1
        self._send({"id": self.next_id, "method": method, "params": params})
        return self.wait_for(lambda message: message.get("id") == self.next_id and "method" not in message)["result"]

    def wait_for(self, is_wanted):
        while True:
            message = self.messages.get(timeout=120)
            if is_wanted(message):
                return message

    def open(self, path, text, language="cpp"):
        """Opens a document; returns the diagnostics that the server publishes for it."""
        uri = path.as_uri()
        self.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": language, "version": 1, "text": text}})
        return self.diagnostics(uri, 1)

    def change(self, path, text, version):
        uri = path.as_uri()
        self.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": text}]})
        return self.diagnostics(uri, version)

    def diagnostics(self, uri, version):
        def wanted(message):
            params = message.get("params") or {}
            return message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == uri and params.get("version") == version

        return self.wait_for(wanted)["params"]["diagnostics"]


def apply_edits(text, edits):
    """The text with TextEdits made. Positions count UTF-16 units, which are bytes here: the tests' texts are ASCII."""
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def at(position):
        return starts[position["line"]] + position["character"]

    for edit in sorted(edits, key=lambda edit: at(edit["range"]["start"]), reverse=True):
        text = text[: at(edit["range"]["start"])] + edit["newText"] + text[at(edit["range"]["end"]) :]
    return text
