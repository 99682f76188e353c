/** The world outside one stack: its mail server, its web, its dials and its records. */
import type { Mail, Outside, OutsideRequest } from "../stack.ts";
import type { Authority } from "./certificates.ts";
import { Dials } from "./dials.ts";
import { MailSink } from "./mail-sink.ts";
import { Web } from "./web.ts";

export interface OutsideWorld extends Outside {
  /** Where the app's connections are sent; the preload's settings. */
  readonly ports: { web: number; mail: number; mailTls: number };
  /** Hosts that were called and that nobody plays by name. */
  unknownHosts(): readonly string[];
  close(): Promise<void>;
}

/** Records kept; a runaway app does not fill the memory. */
const capacity = 200_000;

function keep<T>(list: T[], one: T): void {
  if (list.length < capacity) list.push(one);
}

/** Starts an outside world of its own for one stack. */
export async function startOutside(authority: Authority): Promise<OutsideWorld> {
  const dials = new Dials();
  const mails: Mail[] = [];
  const requests: OutsideRequest[] = [];
  const sink = new MailSink(authority, dials, (mail) => keep(mails, mail));
  const web = new Web(authority, dials, {
    request: (request) => keep(requests, request),
    mail: (mail) => keep(mails, mail),
  });
  const { port: mail, tlsPort: mailTls } = await sink.listen();
  const ports = { web: await web.listen(), mail, mailTls };
  return {
    ports,
    mails: () => mails,
    openMails: () => sink.open(),
    requests: () => requests,
    dialMail: (dial, milliseconds) => dials.setMail(dial, milliseconds),
    dialHttp: (host, dial, options) => dials.setHost(host, dial, options),
    unknownHosts: () => web.unknownHosts(),
    reset: () => {
      dials.reset();
      sink.reset();
      web.reset();
      mails.length = 0;
      requests.length = 0;
    },
    close: async () => {
      await Promise.all([sink.close(), web.close()]);
    },
  };
}
