/** A clock for two copies: says which copy answers, ticks in a stream, counts what it is sent, and echoes over a socket. */
const { createHash } = require("node:crypto");
const { hostname } = require("node:os");
const express = require("express");

const app = express();

app.get("/healthz", (_req, res) => res.json({ ok: true }));

app.get("/who", (req, res) => {
  const { "x-forwarded-for": forwarded, "x-real-ip": real } = req.headers;
  res.json({ copy: hostname(), ip: req.ip, forwarded, real });
});

app.get("/slow", (_req, res) => setTimeout(() => res.json({ copy: hostname() }), 100));

app.post("/bytes", async (req, res) => {
  let bytes = 0;
  for await (const chunk of req) bytes += chunk.length;
  res.json({ bytes });
});

app.get("/ticks", (_req, res) => {
  res.set("Content-Type", "text/event-stream");
  let count = 0;
  const timer = setInterval(() => {
    count += 1;
    res.write(`data: ${count}\n\n`);
    if (count < 4) return;
    clearInterval(timer);
    res.end();
  }, 400);
});

const server = app.listen(process.env.PORT || 3000);

server.on("upgrade", (req, socket) => {
  const key = `${req.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash("sha1").update(key).digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.pipe(socket);
});
