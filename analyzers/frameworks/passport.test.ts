import { describe, expect, it } from "vitest";
import { modelFrom, waysTo } from "../link/testing/model-from.ts";

type Files = Record<string, string>;

const HEAD = `import express from "express"; import passport from "passport"; import { Strategy } from "passport-local"; import { find } from "db"; const app = express();`;
const VERIFY = `async (name, password, done) => { done(null, await find(name)); }`;
const nest = (strategy: string, guard: string): Files => ({
  "package.json": JSON.stringify({ name: "app", scripts: { start: "node app.ts" } }),
  "app.ts": `import { NestFactory } from "@nestjs/core"; import { Controller, Injectable, Module, Post, UseGuards } from "@nestjs/common"; import { AuthGuard, PassportStrategy } from "@nestjs/passport"; import { Strategy } from "passport-jwt"; import { find } from "db"; ${strategy} @Controller("a") class A { @UseGuards(${guard}) @Post("x") a() {} } @Module({ controllers: [A], providers: [S] }) class M {} async function run() { const app = await NestFactory.create(M); await app.listen(3000); } run();`,
});
const JWT = `@Injectable() class S extends PassportStrategy(Strategy) { async validate(payload) { return find(payload.sub); } }`;

describe("passport", () => {
  it.each<[name: string, files: Files, ways: string[]]>([
    [
      "by the package's name",
      {
        "app.ts": `${HEAD} passport.use(new Strategy({}, ${VERIFY})); app.post("/login", passport.authenticate("local"), (q, s) => s.end()); app.listen(3000);`,
      },
      ["POST /login: (callback) > db:find", "event: (callback) > db:find"],
    ],
    [
      "by a name of its own",
      {
        "app.ts": `${HEAD} passport.use("staff", new Strategy(${VERIFY})); app.post("/a", passport.authenticate(["staff"]), (q, s) => s.end()); app.post("/b", passport.authenticate("local"), (q, s) => s.end()); app.listen(3000);`,
      },
      ["POST /a: (callback) > db:find", "event: (callback) > db:find"],
    ],
    [
      "from within the handler",
      {
        "app.ts": `${HEAD} passport.use(new Strategy(${VERIFY})); app.post("/a", (req, res, next) => { passport.authenticate("local", (error, user) => res.json(user))(req, res, next); }); app.listen(3000);`,
      },
      ["POST /a: (callback) > (callback) > db:find", "event: (callback) > db:find"],
    ],
    [
      "that sends the user away, on the way back only",
      {
        "app.ts": `${HEAD.replace("passport-local", "passport-google-oauth20")} passport.use(new Strategy({}, ${VERIFY})); app.get("/google", passport.authenticate("google")); app.get("/google/callback", passport.authenticate("google"), (q, s) => s.end()); app.listen(3000);`,
      },
      ["GET /google/callback: (callback) > db:find", "event: (callback) > db:find"],
    ],
    ["of nest", nest(JWT, `AuthGuard("jwt")`), ["POST /a/x: S.validate > db:find"]],
    [
      "of nest, through a guard of the app's own",
      nest(`${JWT.replace("(Strategy)", `(Strategy, "mine")`)} class G extends AuthGuard("mine") {}`, "G"),
      ["POST /a/x: S.validate > db:find"],
    ],
    [
      "of nest that is the preset",
      nest(
        `import { PassportModule } from "@nestjs/passport"; PassportModule.register({ defaultStrategy: "jwt" }); ${JWT}`,
        "AuthGuard()",
      ),
      ["POST /a/x: S.validate > db:find"],
    ],
    ["of nest that the guard does not name", nest(JWT, `AuthGuard("other")`), []],
  ])("runs a strategy's check %s", (_, files, ways) => {
    const found = waysTo(modelFrom(files), "db:find");
    expect(found.toSorted()).toEqual(ways.toSorted());
  });
});
