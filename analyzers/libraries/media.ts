/** Work on images and documents: slow, and heavy on the processor. */
import { facts, type LibraryFact } from "./fact.ts";

export const image: readonly LibraryFact[] = [
  ...facts("image", "sharp:().**", "toBuffer toFile"),
  ...facts("image", "jimp:", "read create"),
  ...facts("image", "jimp:Jimp", "read"),
  ...facts("image", "jimp:**", "getBuffer getBufferAsync writeAsync write"),
  ...facts("image", "canvas:", "createCanvas loadImage"),
  ...facts("image", "@napi-rs/canvas:", "createCanvas loadImage"),
  ...facts("image", "gm:().**", "write toBuffer stream"),
  ...facts("image", "fluent-ffmpeg:().**", "save run pipe output"),
  ...facts("image", "tesseract.js:", "recognize createWorker"),
];

export const pdf: readonly LibraryFact[] = [
  { api: "pdfkit:", kind: "pdf" },
  ...facts("pdf", "pdf-lib:PDFDocument", "create load"),
  ...["puppeteer:", "puppeteer-core:", "puppeteer-extra:"].flatMap((made) => facts("pdf", made, "launch connect")),
  ...["playwright:", "playwright-core:"].flatMap((made) =>
    facts("pdf", made, "chromium.launch firefox.launch webkit.launch"),
  ),
  ...facts("pdf", "@react-pdf/renderer:", "renderToStream renderToBuffer renderToFile renderToString"),
  ...facts("pdf", "html-pdf:", "create"),
  ...facts("pdf", "html-pdf-node:", "generatePdf generatePdfs"),
  ...["jspdf:", "jspdf:jsPDF", "pdfmake:", "pdf-parse:", "pdf-creator-node:create"].map((api) => ({
    api,
    kind: "pdf" as const,
  })),
];

/** Calls that keep the process's only thread busy until they are done. */
export const cpu: readonly LibraryFact[] = [
  ...["bcrypt:", "bcryptjs:"].flatMap((made) => facts("cpu", made, "hashSync compareSync genSaltSync")),
  ...facts("cpu", "bcryptjs:", "hash compare"),
  ...facts("cpu", "node:crypto:", "scryptSync pbkdf2Sync generateKeyPairSync"),
  ...facts(
    "cpu",
    "node:zlib:",
    "gzipSync gunzipSync deflateSync inflateSync brotliCompressSync brotliDecompressSync unzipSync",
  ),
  ...facts("cpu", "node:child_process:", "execSync spawnSync execFileSync"),
  ...facts("cpu", "argon2:", "hashSync"),
  ...["bcrypt-nodejs:"].flatMap((made) => facts("cpu", made, "hashSync compareSync")),
  ...facts("cpu", "xlsx:", "read readFile write writeFile"),
  ...facts("cpu", "node-xlsx:", "parse build"),
  ...["exceljs:Workbook().xlsx", "exceljs:Workbook().csv"].flatMap((made) =>
    facts("cpu", made, "read readFile load write writeFile writeBuffer"),
  ),
  ...facts("cpu", "csv-parse/sync:", "parse"),
  ...facts("cpu", "csv-stringify/sync:", "stringify"),
];
