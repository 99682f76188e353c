/** Which Dockerfiles pack a Node app. */
import { describe, expect, it } from "vitest";
import { memoryRepo } from "../repo/memory.ts";
import { nodeImages, obscureImages } from "./images.ts";

describe("images that run Node", () => {
  it.each<[name: string, files: Record<string, string>, found: string[]]>([
    ["by its base", { Dockerfile: 'FROM node:24\nCMD ["app"]\n' }, ["Dockerfile"]],
    ["by its command", { Dockerfile: 'FROM ubuntu:24.04\nCMD ["node", "app.js"]\n' }, ["Dockerfile"]],
    [
      "by the script that it starts with",
      {
        "docker/Dockerfile": 'FROM ubuntu:24.04\nENTRYPOINT ["/bin/bash", "/usr/local/bin/start.sh"]\n',
        "docker/start.sh": "#!/bin/bash\ncd /app &&\n  node server/index.js\n",
      },
      ["docker/Dockerfile"],
    ],
    [
      "none by a script that starts something else",
      { Dockerfile: 'FROM ubuntu:24.04\nCMD ["./start.sh"]\n', "start.sh": "# node comes later\nexec ./server\n" },
      [],
    ],
  ])("%s", (_, files, found) => {
    expect(nodeImages({ repo: memoryRepo(files) }).map(({ file }) => file)).toEqual(found);
  });
});

it.each<[name: string, files: Record<string, string>, found: string[]]>([
  ["a base of the maker's own", { "docker/Dockerfile": 'FROM $BASE\nENTRYPOINT ["/init"]\n' }, ["docker/Dockerfile"]],
  ["Node", { Dockerfile: "FROM node:24\n" }, []],
  ["a database", { "db/Dockerfile": "FROM postgres:18\nCOPY init.sql .\n" }, []],
  ["another language", { "push/Dockerfile": 'FROM golang:1.26\nCMD ["push"]\n' }, []],
])("tells what runs in an image from %s, or that nobody can", (_, files, found) => {
  expect(obscureImages({ repo: memoryRepo(files) }).map(({ file }) => file)).toEqual(found);
});
