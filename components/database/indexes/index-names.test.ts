/** Names as Prisma's schema engine and TypeORM's naming strategy give them, and numbers that sort behind others. */
import { expect, it } from "vitest";
import { fileWords, numberAfter, plainIndexName, typeormIndexName } from "./index-names.ts";

const long = "AVeryLongModelNameForTestingThatIsReallyQuiteLongIndeed";
const wide = `${"m".repeat(51)}üüüüüüüüüüüüü`;

it.each<[string, string, string]>([
  ["Order", "buyerId", "Order_buyerId_idx"],
  [long, "some_column_name", `${long}_som_idx`],
  [long, "ccc", `${long}_ccc_idx`],
  ["P", wide, `P_${"m".repeat(51)}üüü_idx`],
])("names the index of %s by %s", (table, column, name) => {
  expect(plainIndexName(table, [column], "postgres")).toBe(name);
});

it("keeps what SQLite keeps", () => {
  expect(plainIndexName(long, ["some_column_name"], "sqlite")).toBe(`${long}_some_column_name_idx`);
});

it("names indexes as TypeORM does", () => {
  expect(typeormIndexName("note", ["notebookId"])).toBe("IDX_cbff82937f010cf5f7f7f96af7");
});

it.each<[string, string | null]>([
  ["20251102183011", "20251102183012"],
  ["20251231235959", "20260101000000"],
  ["20240228235959", "20240229000000"],
  ["99999999999999", null],
  ["1721300000000", "1721300001000"],
  ["007", "008"],
  ["0", "1"],
  ["099", "100"],
  ["999", null],
  ["20251102", null],
  ["", null],
])("counts on from %s", (last, next) => {
  expect(numberAfter(last)).toBe(next);
});

it("makes words of names", () => {
  expect(fileWords("OrderItem", "orderId")).toBe("order_item_order_id");
});
