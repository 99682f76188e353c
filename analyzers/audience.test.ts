import { describe, expect, it } from "vitest";
import { audienceFinder } from "./audience.ts";
import { modelFrom } from "./link/testing/model-from.ts";

const HEAD = `import { NestFactory, APP_GUARD } from "@nestjs/core"; import { Controller, ForbiddenException, Get, Module, SetMetadata, UnauthorizedException, UseGuards } from "@nestjs/common"; import { AuthGuard } from "@nestjs/passport"; import { ThrottlerGuard } from "@nestjs/throttler";`;
const MARKS = `enum Role { Admin = 1, User = 2 } const Roles = (...roles: Role[]) => SetMetadata("roles", roles); const Public = () => SetMetadata("public", true);`;
const GUARDS = `class JwtGuard extends AuthGuard("jwt") {} class RolesGuard { canActivate() { return false; } } class AdminGuard { canActivate() { return false; } } class SeatGuard { canActivate() { throw new UnauthorizedException(); } } class WriteGuard { canActivate() { throw new ForbiddenException(); } } class LimitGuard extends ThrottlerGuard {} class OptionalJwtGuard { canActivate() { return true; } }`;

function audience(decorators: string, providers = ""): string {
  const text = `${HEAD} ${MARKS} ${GUARDS} @Controller("a") class A { ${decorators} @Get() a() {} } @Module({ controllers: [A], providers: [${providers}] }) class M {} NestFactory.create(M).then((app) => app.listen(3000));`;
  const model = modelFrom({ "app.ts": text });
  const [route] = model.routes;
  return route === undefined ? "no route" : audienceFinder(model)(route);
}

describe("who may call a route behind guards", () => {
  it.each<[decorators: string, providers: string, audience: string]>([
    ["", "", "anyone"],
    [`@UseGuards(AuthGuard("jwt"))`, "", "users"],
    [`@UseGuards(AuthGuard("local"))`, "", "anyone"],
    ["@UseGuards(JwtGuard)", "", "users"],
    ["@UseGuards(SeatGuard)", "", "users"],
    ["@UseGuards(WriteGuard)", "", "anyone"],
    ["@UseGuards(LimitGuard, ThrottlerGuard)", "", "anyone"],
    ["@UseGuards(OptionalJwtGuard)", "", "anyone"],
    ["@UseGuards(AdminGuard)", "", "staff"],
    ["@UseGuards(RolesGuard)", "", "anyone"],
    ["@Roles(Role.User) @UseGuards(JwtGuard, RolesGuard)", "", "users"],
    ["@Roles(Role.Admin) @UseGuards(JwtGuard, RolesGuard)", "", "staff"],
    ["@Roles(Role.Admin, Role.User) @UseGuards(JwtGuard, RolesGuard)", "", "users"],
    ["", "{ provide: APP_GUARD, useClass: JwtGuard }", "users"],
    ["@Public()", "{ provide: APP_GUARD, useClass: JwtGuard }", "anyone"],
    ["", "{ provide: APP_GUARD, useClass: RolesGuard }", "anyone"],
  ])("%s %s: %s", (decorators, providers, expected) => {
    expect(audience(decorators, providers)).toBe(expected);
  });
});
