/** How each kind of app is started. */
import { expect, it } from "vitest";
import { startCommand } from "./start-command.ts";
import { serviceWith, writeFiles } from "./testing/tiny-app.ts";

const image = (last: string): string =>
  `FROM node:22 AS build\nCMD ["node", "build.js"]\nFROM node:22\nWORKDIR /app\n${last}\n`;
const scripts = { start: "node server.js" };

it.each([
  {
    name: "exec form",
    files: { Dockerfile: image('CMD ["node", "server.js"]'), "server.js": "" },
    command: ["node", "server.js"],
  },
  {
    name: "absolute path",
    files: { Dockerfile: image('CMD ["node", "/app/server.js"]'), "server.js": "" },
    command: ["node", "./server.js"],
  },
  {
    name: "shell form",
    files: { Dockerfile: image("CMD node server.js"), "server.js": "" },
    command: ["/bin/sh", "-c", "node server.js"],
  },
  {
    name: "init and entry point",
    files: { Dockerfile: image('ENTRYPOINT ["dumb-init", "--"]\nCMD ["npm", "start"]') },
    command: ["npm", "start"],
  },
  {
    name: "a file of the image alone",
    files: { Dockerfile: image('CMD ["node", "main.js"]') },
    command: ["npm", "start"],
  },
  {
    name: "a folder of the image alone",
    files: { Dockerfile: image('CMD ["node", "api"]') },
    command: ["npm", "start"],
  },
  {
    name: "a folder",
    files: { Dockerfile: image('CMD ["node", "--enable-source-maps", "api"]'), "api/index.js": "" },
    command: ["node", "--enable-source-maps", "api"],
  },
  {
    name: "a script of the image alone",
    files: { Dockerfile: image('ENTRYPOINT ["/entry.sh"]') },
    command: ["npm", "start"],
  },
  {
    name: "another program",
    files: { Dockerfile: image('CMD ["nginx", "-g", "daemon off;"]') },
    command: ["npm", "start"],
  },
  {
    name: "Procfile",
    files: { Procfile: "worker: node w.js\nweb: node server.js --x\n" },
    command: ["/bin/sh", "-c", "node server.js --x"],
  },
  { name: "script", files: {}, command: ["npm", "start"] },
])("$name", ({ files, command }) => {
  expect(startCommand(serviceWith({ scripts }), writeFiles(files))?.command).toEqual(command);
});

it("falls back to the entry file, and to nothing", () => {
  const folder = writeFiles({ "server.js": "" });
  expect(startCommand(serviceWith(), folder)?.command).toEqual(["node", "server.js"]);
  expect(startCommand(serviceWith({ entry: ["gone.js"] }), folder)).toBeNull();
});
