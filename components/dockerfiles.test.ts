/** Dockerfiles that recipes write or mend bring none of the faults that linters and reviewers know. */
import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { components } from "./registry.ts";
import { dockerfileFaults } from "./testing/dockerfile-faults.ts";
import { fixturesOf } from "./testing/fixture.ts";

const cases = components.flatMap((component) =>
  fixturesOf(component).flatMap(({ name, before, after }) =>
    Object.entries(after ?? {})
      .filter(([file]) => /^Dockerfile|\.dockerfile$/i.test(posix.basename(file)))
      .map(([file, text]) => ({ name: `${component.id}/${name} ${file}`, was: before[file] ?? null, text })),
  ),
);

/** An install that runs scripts of the app's own cannot come before them, and says so. */
const isExcused = (fault: string, text: string): boolean =>
  fault.startsWith("the source is copied") && text.includes("# The install runs scripts that need the source.");

describe("Dockerfiles that recipes write", () => {
  it("are there to be checked", () => {
    expect(cases.filter(({ was }) => was === null).length).toBeGreaterThan(0);
    expect(cases.filter(({ was }) => was !== null).length).toBeGreaterThan(0);
  });

  it.each(cases)("$name brings no fault", ({ was, text }) => {
    const known = was === null ? [] : dockerfileFaults(was);
    const brought = dockerfileFaults(text).filter((fault) => !known.includes(fault) && !isExcused(fault, text));
    expect(brought).toEqual([]);
  });
});

const sound = `FROM node:24 AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*

FROM node:24-slim
ENV NODE_ENV=production
COPY --from=build /app ./
USER node
CMD ["node", "server.js"]
`;

describe("the check of Dockerfiles", () => {
  it("takes a sound one", () => {
    expect(dockerfileFaults(sound)).toEqual([]);
  });

  it.each([
    ["nothing at all", sound, "", /no image/],
    ["no user", "USER node\n", "", /root/],
    ["root by its number", "USER node", "USER 0", /root/],
    ["a shell form", 'CMD ["node", "server.js"]', "CMD node server.js", /shell form/],
    ["no command", 'CMD ["node", "server.js"]', "", /no command/],
    ["npm as process 1", '["node", "server.js"]', '["npm", "start"]', /npm is process 1/],
    ["a shell as process 1", '["node", "server.js"]', '["/bin/sh", "-c", "node x"]', /sh is process 1/],
    ["a base without a version", "FROM node:24-slim", "FROM node", /no version/],
    ["the latest base", "FROM node:24-slim", "FROM alpine:latest", /no version/],
    ["a Node out of support", "FROM node:24-slim", "FROM node:18-alpine", /no supported Node/],
    ["a Node of any version", "FROM node:24-slim", "FROM node:lts", /no supported Node/],
    ["a Python out of support", "FROM node:24-slim", "FROM python:3.8-slim", /no supported Python/],
    ["the source before the packages", "COPY package.json package-lock.json ./", "COPY . .", /before the packages/],
    ["a secret as an argument", "USER node", "ARG NPM_TOKEN\nUSER node", /NPM_TOKEN/],
    ["a secret as a setting", "USER node", "ENV JWT_SECRET=abc\nUSER node", /JWT_SECRET/],
    ["apt with recommendations", " --no-install-recommends", "", /recommended/],
    ["apt's lists", " && rm -rf /var/lib/apt/lists/*", "", /lists/],
    ["a stage that is not there", "--from=build", "--from=builder", /no stage builder/],
    ["a file from an address", "USER node", "ADD https://example.com/a /a\nUSER node", /address/],
  ])("notices %s", (_name, from, to, fault) => {
    const text = sound.replace(from, to);
    expect(text).not.toBe(sound);
    expect(dockerfileFaults(text).join("\n")).toMatch(fault);
  });
});
