/** Files that users sent: `public` has only those of the build. */
import type { NextRequest } from "next/server";
import { storedFile } from "__STORED__";

export function GET(request: NextRequest) {
  return storedFile(request);
}
