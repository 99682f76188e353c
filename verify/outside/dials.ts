/** The dials of the outside world: which host misbehaves how, and for how many requests. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Dial } from "../stack.ts";

export interface Setting {
  dial: Dial;
  /** How slow `slow` is. */
  milliseconds: number;
}

interface HostSetting extends Setting {
  /** Requests that still meet the fault. */
  left: number;
}

/** Long enough to be felt, short enough to be waited for. */
const slowByDefault = 2000;
const normal: Setting = { dial: "normal", milliseconds: 0 };

export class Dials {
  #mail: Setting = normal;
  #mailTurned = new AbortController();
  readonly #hosts = new Map<string, HostSetting>();

  get mail(): Setting {
    return this.#mail;
  }

  setMail(dial: Dial, milliseconds = slowByDefault): void {
    this.#turnMail({ dial, milliseconds });
  }

  /** The delay of slow mail; turning the dial ends it at once, so that a fault can choose when mails go on. */
  async slowMail(): Promise<void> {
    await sleep(this.#mail.milliseconds, undefined, { signal: this.#mailTurned.signal }).catch(() => undefined);
  }

  setHost(host: string, dial: Dial, options: { milliseconds?: number; times?: number } = {}): void {
    const milliseconds = options.milliseconds ?? slowByDefault;
    this.#hosts.set(host.toLowerCase(), { dial, milliseconds, left: options.times ?? Number.POSITIVE_INFINITY });
  }

  /** The setting that the next request to this host meets; counts it. A host's own dial goes before `*`. */
  take(host: string): Setting {
    const setting = this.#hosts.get(host.toLowerCase()) ?? this.#hosts.get("*");
    if (setting === undefined || setting.left <= 0) return normal;
    setting.left -= 1;
    return setting;
  }

  reset(): void {
    this.#turnMail(normal);
    this.#hosts.clear();
  }

  #turnMail(setting: Setting): void {
    this.#mail = setting;
    this.#mailTurned.abort();
    this.#mailTurned = new AbortController();
  }
}
