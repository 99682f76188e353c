/** SQL statements as readings: the frequent forms, and honest silence about the rest. */
import { describe, expect, it } from "vitest";
import type { Expr } from "../../flow/expression.ts";
import { readingNotation } from "../testing/notation.ts";
import { readSql } from "./statement.ts";
import type { Part } from "./tokens.ts";

const value = (name: string): Expr => ({ file: "a.ts", value: { kind: "name", name, fn: 0 }, frame: null });
const parameters = { at: (position: number) => value(`p${position + 1}`), named: value };

function read(...parts: Part[]): string {
  return readingNotation(readSql(parts, parameters));
}

describe("readSql", () => {
  it.each<[sql: string, expected: string]>([
    ["SELECT * FROM users", "list users()"],
    ["select id, name from public.users where email = $1", "list users(email=)"],
    [
      'SELECT * FROM "Order" o WHERE o."userId" = $1 AND o.status = \'paid\'',
      "list Order(Order.userId=, Order.status=)",
    ],
    ["SELECT * FROM users WHERE id = $1 LIMIT 1", "one users(id=) limit:1"],
    [
      "SELECT * FROM posts ORDER BY created_at DESC, id LIMIT 20 OFFSET $1",
      "list posts() order:created_at,id limit:20 paged",
    ],
    ["SELECT * FROM posts LIMIT $2 OFFSET $1", "list posts() limit:value paged"],
    ["SELECT * FROM posts LIMIT 10, 20", "list posts() limit:20"],
    ["SELECT * FROM posts FETCH FIRST 5 ROWS ONLY", "list posts() limit:?"],
    ["SELECT count(*) FROM posts WHERE author_id = ?", "count posts(author_id=)"],
    ["SELECT COUNT(*)::int AS count FROM posts", "count posts()"],
    ["SELECT SUM(total), AVG(total) FROM orders WHERE paid", "aggregate orders(paid?)"],
    ["SELECT user_id, COUNT(*) FROM orders GROUP BY user_id", "aggregate orders()"],
    ["SELECT DISTINCT city FROM events", "aggregate events()"],
    ["SELECT DISTINCT users.* FROM users", "list users()"],
    ["SELECT now()", "one ?()"],
    ["SELECT * FROM a WHERE x IN ($1, $2) AND y BETWEEN 1 AND 5 AND z LIKE $3", "list a(x in, y<>, z~~)"],
    ["SELECT * FROM a WHERE x = ANY($1) AND y > 5 AND z IS NULL AND w <> 1", "list a(x in, y<>, z?, w?)"],
    ["SELECT * FROM a WHERE x = 1 OR y = 2", "list a(~x=, ~y=)"],
    ["SELECT * FROM a WHERE x = 1 AND (y = 2 OR z = 3)", "list a(x=, ~y=, ~z=)"],
    ["SELECT * FROM a WHERE lower(x) = $1", "list a() open"],
    ["SELECT * FROM a WHERE x::date = current_date", "list a(x?)"],
    ["SELECT * FROM a WHERE $1 = x", "list a(x=)"],
    ["SELECT * FROM a WHERE 1 = 1 AND NOT x", "list a()"],
    ["SELECT * FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.a_id = a.id)", "list a() open"],
    [
      "SELECT o.*, u.name FROM orders o JOIN users u ON u.id = o.user_id LEFT JOIN items i ON o.id = i.order_id AND i.kind = 1 WHERE u.email = $1",
      "list orders(users.email=) with:users,items joins:users.id,items.order_id",
    ],
    ["SELECT * FROM (SELECT 1) t WHERE t.x = 1", "list ?(x=)"],
    ["SELECT * FROM orders WHERE id = $1 FOR UPDATE SKIP LOCKED", "list orders(id=) locks"],
    ["SELECT 1 FROM a UNION SELECT 2 FROM b", "raw ?() open"],
    ["WITH recent AS (SELECT * FROM a LIMIT 5) SELECT * FROM users WHERE id = 1", "list users(id=)"],
    ["WITH recent AS (SELECT * FROM a) SELECT * FROM recent", "list ?() open"],
    ["WITH gone AS (DELETE FROM a RETURNING *) SELECT * FROM b", "raw ?() open"],
    ["INSERT INTO users (email, name) VALUES ($1, $2) RETURNING *", "insert users() sets:email,name"],
    ["INSERT INTO users (email) VALUES ($1) ON CONFLICT (email) DO UPDATE SET name = $2", "upsert users() sets:email"],
    ["INSERT IGNORE INTO users (email) VALUES (?)", "upsert users() sets:email"],
    ["INSERT INTO archive SELECT * FROM users", "insert archive() many"],
    ["UPDATE events SET left = $1, name = 'x' WHERE id = $2", "update events(id=) sets:left,name"],
    ["UPDATE events SET left = left - $1 WHERE id = $2 AND left >= $1", "update events(id=, left<>) sets:left±"],
    ["DELETE FROM tickets WHERE order_id = $1", "delete tickets(order_id=)"],
    ["BEGIN", "transaction ?() open"],
    ["CREATE TABLE a (id int)", "raw ?() open"],
    ["", "raw ?() open"],
    ["-- note\nSELECT /* all */ * FROM a; SELECT * FROM b", "list a()"],
    ["SELECT data->>'x' FROM a WHERE name = 'it''s; -- not' AND b = $tag$ x $tag$", "list a(name=, b=)"],
  ])("%s", (sql, expected) => {
    expect(read(sql)).toBe(expected);
  });

  it("takes an expression for a value where one can stand, and for anything where not", () => {
    expect(read("SELECT * FROM a WHERE id = ", value("id"))).toBe("list a(id=)");
    expect(read("SELECT * FROM a WHERE name LIKE '%", value("q"), "%' LIMIT ", value("n"))).toBe(
      "list a(name~~) limit:value",
    );
    expect(read("SELECT * FROM a WHERE ", value("conditions"))).toBe("list a() open limit:?");
    expect(read("SELECT * FROM a ORDER BY ", value("column"), " ", value("direction"))).toBe("list a()");
    expect(read("SELECT * FROM a ORDER BY created_at DESC ", value("page"))).toBe(
      "list a() open order:created_at limit:?",
    );
    expect(read("SELECT * FROM ", value("table"))).toBe("list ?() open limit:?");
  });

  it("knows the values of placeholders by number, position and name", () => {
    const names = (sql: string): (string | null)[] =>
      readSql([sql], parameters).filters.map(({ value: of }) => (of?.value.kind === "name" ? of.value.name : null));
    expect(names("SELECT * FROM a WHERE x = $2 AND y = $1")).toEqual(["p2", "p1"]);
    expect(names("SELECT * FROM a WHERE x = ? AND y > ?")).toEqual(["p1", "p2"]);
    expect(names("SELECT * FROM a WHERE x = :left AND y = @right")).toEqual(["left", "right"]);
  });
});
