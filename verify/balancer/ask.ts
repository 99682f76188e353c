/** Asks a replica for one path, on a connection of its own. */
import { get } from "node:http";
import type { Upstream } from "./balancer.ts";

export interface Answer {
  status: number;
  type: string;
  /** The beginning of the body. */
  body: string;
}

const bodyCharacters = 20_000;

/** The answer to a GET, null when there is none in time. */
export async function ask(upstream: Upstream, path: string, milliseconds = 1000): Promise<Answer | null> {
  return new Promise((resolve) => {
    const { host, port } = upstream;
    const request = get({ host, port, path, agent: false, timeout: milliseconds }, (response) => {
      const answer = { status: response.statusCode ?? 0, type: response.headers["content-type"] ?? "", body: "" };
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        answer.body += answer.body.length < bodyCharacters ? chunk : "";
      });
      response.once("end", () => resolve(answer));
      response.once("error", () => resolve(null));
    });
    const late = setTimeout(() => request.destroy(), milliseconds);
    request.once("close", () => {
      clearTimeout(late);
      resolve(null);
    });
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(null));
  });
}
