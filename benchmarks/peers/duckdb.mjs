// The workloads on orders in SQL, one thread. Usage: node duckdb.mjs WORKLOAD FILE
// NODE_PATH names the folder that holds @duckdb/node-api.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { DuckDBInstance } = require("@duckdb/node-api");

const SELECT = {
  orders_reshape: `SELECT id AS "orderId", customer.id AS "customerId", customer.address AS "shipTo", items`,
  orders_summary: `SELECT id AS "orderId", customer.name AS customer, customer.address.city AS city,
    coalesce(list_sum([i.qty * i.price FOR i IN items IF i.qty > 0]), 0) AS total,
    len(items) AS count, [i.sku FOR i IN items IF i.qty > 0] AS skus`,
};
const COLUMNS = `{
  id: 'BIGINT',
  customer: 'STRUCT(id BIGINT, name VARCHAR, address STRUCT(street VARCHAR, city VARCHAR, zip VARCHAR))',
  items: 'STRUCT(sku VARCHAR, qty BIGINT, price DOUBLE, tags VARCHAR[])[]'
}`;

const [workload, path] = process.argv.slice(2);
const quoted = path.replaceAll("'", "''");
const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
await connection.run(
  `COPY (${SELECT[workload]} FROM read_json('${quoted}', format = 'newline_delimited', columns = ${COLUMNS}))
   TO '/dev/stdout' (FORMAT json)`
);
