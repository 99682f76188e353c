import "dotenv/config";
import bcrypt from "bcryptjs";
import pg from "pg";

const TICKETS_PER_EVENT = 1_000_000;
const CUSTOMERS = 200;
const ORDERS = Number(process.env.SEED_ORDERS) || 1200;

const artists = [
  "The Paper Lanterns", "Nova Kings", "Midnight Harbor", "Clara Voss", "Static Bloom",
  "Juniper & The Wolves", "Golden Hour", "Electric Meadow", "Sora", "The Velvet Trains",
  "Low Tide", "Marble Arcade", "Otis Vale", "Northern Signals", "Polaroid Summer",
  "Echo Garden", "Ruby Falls", "Kite Season", "Hollow Pines", "Saturn Motel",
];
const venues = [
  ["Lido", "Berlin"],
  ["Paradiso", "Amsterdam"],
  ["Trabendo", "Paris"],
  ["Village Underground", "London"],
  ["Flex", "Vienna"],
];

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });

await pool.query(
  "TRUNCATE users, events, orders, tickets, password_resets, reviews, promo_codes, support_questions, waitlist RESTART IDENTITY CASCADE",
);

const passwordHash = await bcrypt.hash("password123", 10);
await pool.query(
  "INSERT INTO users (email, name, password_hash, role) VALUES ('admin@stagepass.example', 'Admin', $1, 'admin')",
  [passwordHash],
);
await pool.query(
  `INSERT INTO users (email, name, password_hash)
   SELECT 'fan' || n || '@stagepass.example', 'Fan ' || n, $1 FROM generate_series(1, $2::int) AS n`,
  [passwordHash, CUSTOMERS],
);

for (const [index, artist] of artists.entries()) {
  const [venue, city] = venues[index % venues.length]!;
  await pool.query(
    `INSERT INTO events (title, description, venue, city, starts_at, price_cents, tickets_left)
     VALUES ($1, $2, $3, $4, now() + make_interval(days => $5), $6, $7)`,
    [artist, `${artist} live on stage.`, venue, city, 30 + index * 3, 2500 + index * 250, TICKETS_PER_EVENT],
  );
}

await pool.query(
  `INSERT INTO orders (user_id, event_id, quantity, total_cents, payment_id, created_at)
   SELECT 2 + n % $2::int, 1 + n % $3::int, 2, 5150, 'pi_seed_' || n, now() - make_interval(hours => n % 700)
     FROM generate_series(1, $1::int) AS n`,
  [ORDERS, CUSTOMERS, artists.length],
);
await pool.query(
  `INSERT INTO tickets (order_id, event_id, code)
   SELECT orders.id, orders.event_id, 'SP-' || orders.event_id || '-SEED' || orders.id || '-' || n
     FROM orders CROSS JOIN generate_series(1, 2) AS n`,
);
await pool.query(
  `INSERT INTO reviews (event_id, user_id, rating, body)
   SELECT 1 + n % $1::int, 2 + n % $2::int, 3 + n % 3, 'What a night!' FROM generate_series(1, 400) AS n`,
  [artists.length, CUSTOMERS],
);
await pool.query("INSERT INTO promo_codes (code, discount_percent, uses_left) VALUES ('WELCOME10', 10, 500)");

await pool.end();
console.log(`Seeded ${artists.length} events, ${CUSTOMERS} customers and ${ORDERS} orders`);
console.log("Admin login: admin@stagepass.example / password123");
