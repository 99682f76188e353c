/** A server that speaks the chat completions protocol over real HTTP and says what a test wants it to say. */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Asked {
  path: string;
  key: string;
  body: { model: string; messages: { role: string; content: string }[]; response_format?: unknown };
}

/** How it answers one request. */
export type Reply = (asked: Asked, response: ServerResponse) => void;

export interface ModelServer {
  /** For `OPENAI_BASE_URL`. */
  url: string;
  asked: Asked[];
  close(): Promise<void>;
}

/** Answers with the replies in turn, the last one again and again. */
export async function modelServer(...replies: readonly [Reply, ...Reply[]]): Promise<ModelServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      const next: Asked = {
        path: request.url ?? "",
        key: String(request.headers.authorization).replace("Bearer ", ""),
        body: JSON.parse(text) as Asked["body"],
      };
      asked.push(next);
      (replies[asked.length - 1] ?? replies.at(-1) ?? replies[0])(next, response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** A completion with this text. */
export function says(content: string, finish = "stop"): Reply {
  return (_, response) =>
    json(response, 200, {
      id: "1",
      object: "chat.completion",
      choices: [{ index: 0, finish_reason: finish, message: { role: "assistant", content } }],
    });
}

/** An error as servers of this protocol send it. */
export function fails(status: number, message: string, headers: Record<string, string> = {}): Reply {
  return (_, response) => json(response, status, { error: { message, type: "error" } }, headers);
}

/** Takes the request and never answers. */
export const stalls: Reply = () => undefined;

/** Sends its headers and a beginning, and never the rest. */
export const stallsWithin: Reply = (_, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.write('{"id":"1","choices":[');
};

/** Sends without end. */
export const floods: Reply = (_, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const more = (): void => {
    while (!response.destroyed && response.write(" ".repeat(65_536)));
    if (!response.destroyed) response.once("drain", more);
  };
  more();
};

export const garbles: Reply = (_, response) => {
  response.writeHead(200, { "content-type": "text/html" }).end("<html>Sign in to continue</html>");
};
