/** Source addresses of the virtual users: on Linux all of 127.0.0.0/8 is loopback, so that every user can be a client of its own. */

/** Gives a fresh loopback address at each call; null where the system has only one. */
export type Addresses = () => string | null;

/** Addresses from 127.64.0.1 on: four million before they repeat, none of them 127.0.0.1. */
export function loopbackAddresses(platform: NodeJS.Platform = process.platform): Addresses {
  let given = 0;
  return () => {
    if (platform !== "linux") return null;
    given += 1;
    return `127.${64 + ((given >> 16) & 63)}.${(given >> 8) & 255}.${given & 255}`;
  };
}
