/** Tests that stand in for the client: a mock that knows no transactions would fail where the app does not. */
import { posix } from "node:path";
import type { Model } from "../../../analyzers/model.ts";

export function mockingTest(file: string, model: Model): string | null {
  const stem = posix.basename(file).replace(/\.[cm]?[jt]sx?$/, "");
  const imports = new RegExp(`["'\`][^"'\`\\n]*/${stem.replace(/[.$]/g, "\\$&")}(\\.[cm]?[jt]s)?["'\`]`);
  return (
    model.repo.files.find((each) => {
      if (!/\.(test|spec)\.[cm]?[jt]sx?$|(^|\/)__tests__\//.test(each)) return false;
      const text = model.repo.read(each) ?? "";
      return imports.test(text) && /\b(useValue|useFactory|jest\.fn|vi\.fn|sinon\.|mockResolvedValue)\b/.test(text);
    }) ?? null
  );
}
