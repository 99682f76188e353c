/** The dials of the outside world: which host misbehaves how, and for how many requests. */
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
  readonly #hosts = new Map<string, HostSetting>();

  get mail(): Setting {
    return this.#mail;
  }

  setMail(dial: Dial, milliseconds = slowByDefault): void {
    this.#mail = { dial, milliseconds };
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
    this.#mail = normal;
    this.#hosts.clear();
  }
}
