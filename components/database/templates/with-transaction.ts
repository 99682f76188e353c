/** Several queries as one piece of work: all of them take effect, or none does. */
import type { Pool, PoolClient } from "pg";

/** Queries asked of `client` are in the transaction; those of the pool meanwhile are not. */
export async function withTransaction<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // Without a listener a connection that is lost meanwhile would end the process.
  const lost = (error: Error) => {
    broken = error;
  };
  client.on("error", lost);
  try {
    await client.query("BEGIN");
    const made = await work(client);
    await client.query("COMMIT");
    return made;
  } catch (error) {
    await client.query("ROLLBACK").catch(lost);
    throw error;
  } finally {
    client.off("error", lost);
    // A connection that cannot even roll back is closed and not given to the next request.
    client.release(broken);
  }
}
