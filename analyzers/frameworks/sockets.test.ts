import { describe, expect, it } from "vitest";
import { modelFrom, waysTo } from "../link/testing/model-from.ts";

const SINK = `import { save } from "db";`;

describe("sockets", () => {
  it.each<[name: string, files: Record<string, string>, ways: string[]]>([
    [
      "socket.io",
      {
        "app.ts": `import { Server } from "socket.io"; ${SINK} const io = new Server(3000); io.on("connection", (socket) => { socket.on("chat", async (text) => { await save(text); }); });`,
      },
      ["socket chat: (callback) > db:save"],
    ],
    [
      "a namespace",
      {
        "app.ts": `import { Server } from "socket.io"; ${SINK} const io = new Server(3000); io.of("/room").on("connection", (socket) => { socket.on("chat", (text) => save(text)); });`,
      },
      ["socket chat: (callback) > db:save"],
    ],
    [
      "middleware",
      {
        "app.ts": `import { Server } from "socket.io"; ${SINK} const io = new Server(3000); io.use(async (socket, next) => { await save(socket.id); next(); });`,
      },
      ["socket: (callback) > db:save"],
    ],
    [
      "handlers in a file of their own",
      {
        "app.js": `const io = require("socket.io")(3000); const register = require("./chat"); io.on("connection", (socket) => register(io, socket));`,
        "chat.js": `const { save } = require("db"); module.exports = (io, socket) => { const chat = async (text) => { await save(text); }; socket.on("chat", chat); };`,
      },
      ["socket chat: chat > db:save"],
    ],
    [
      "a typed parameter",
      {
        "app.ts": `import "./chat"; import { Server } from "socket.io"; new Server(3000);`,
        "chat.ts": `import { Socket } from "socket.io"; ${SINK} export function register(socket: Socket) { socket.on("chat", (text) => save(text)); }`,
      },
      ["socket chat: (callback) > db:save"],
    ],
    [
      "ws",
      {
        "app.ts": `import { WebSocketServer } from "ws"; ${SINK} const wss = new WebSocketServer({ port: 3000 }); wss.on("connection", (ws) => { ws.on("message", (data) => save(data)); });`,
      },
      ["socket message: (callback) > db:save"],
    ],
    [
      "ws as a whole",
      {
        "app.js": `const WebSocket = require("ws"); const { save } = require("db"); const wss = new WebSocket.Server({ port: 3000 }); wss.on("connection", async (ws) => { await save("x"); });`,
      },
      ["socket connection: (callback) > db:save"],
    ],
    [
      "a gateway of nest",
      {
        "app.ts": `import { NestFactory } from "@nestjs/core"; import { Module } from "@nestjs/common"; import { SubscribeMessage, WebSocketGateway } from "@nestjs/websockets"; ${SINK} @WebSocketGateway({ namespace: "x" }) class G { @SubscribeMessage("chat") async chat(text) { await save(text); } } @Module({ providers: [G] }) class M {} NestFactory.create(M).then((app) => app.listen(3000));`,
      },
      ["socket chat: G.chat > db:save"],
    ],
  ])("of %s", (_, files, ways) => {
    expect(waysTo(modelFrom(files), "db:save")).toEqual(ways);
  });
});
