/** What a login was configured with runs for the requests that are handed to it. */
import { expect, it } from "vitest";
import { modelFrom } from "./testing/model-from.ts";

const login = `import { betterAuth } from "better-auth";
import { magicLink, genericOAuth } from "better-auth/plugins";
async function profileOf(token) { return (await fetch("https://id.example.com/me", { headers: { token } })).json(); }
export const auth = betterAuth({
  plugins: [
    magicLink({ sendMagicLink: async ({ email }) => { await fetch("https://mail.example.com", { method: "POST", body: email }); } }),
    genericOAuth({ config: [{ providerId: "club", getUserInfo: async (tokens) => profileOf(tokens.accessToken) }] }),
  ],
});`;

it.each([
  ["a handler of the app's own", "auth.handler(request)", 2],
  ["a question about the session", "auth.api.getSession({ headers: request.headers })", 0],
])("for %s", (_, call, count) => {
  const model = modelFrom({
    "package.json": JSON.stringify({ name: "a", scripts: { start: "next start" }, dependencies: { next: "15" } }),
    "auth.ts": login,
    "app/api/auth/route.ts": `import { auth } from "../../../auth";\nexport async function POST(request) {\n  return ${call};\n}\n`,
  });
  const reached = model
    .usesOf("global:fetch")
    .filter(({ call: site }) => model.reach(site).some(({ entry }) => entry.label === "POST /api/auth"));
  expect(reached).toHaveLength(count);
});
