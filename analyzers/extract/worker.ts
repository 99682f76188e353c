/** Thread entry: extracts a share of a repo's files and hands the summaries back encoded. */
import { parentPort, workerData } from "node:worker_threads";
import { encode } from "./encoding.ts";
import { extract } from "./extract.ts";
import type { Work } from "./threads.ts";

const share: readonly Work[] = workerData;
const encoded = share.map(({ file, text }) => encode(extract(file, text)));
parentPort?.postMessage(
  encoded,
  encoded.map(({ ints }) => ints.buffer as ArrayBuffer),
);
