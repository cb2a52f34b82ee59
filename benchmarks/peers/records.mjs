// The workloads in JavaScript, as one would write them for speed: whole lines out of large reads,
// JSON.parse, JSON.stringify, large writes. Usage: node records.mjs WORKLOAD FILE
import { closeSync, openSync, readFileSync, readSync, writeSync } from "node:fs";

const round = (x, digits) => Math.round(x * 10 ** digits) / 10 ** digits;

const RECORDS = {
  orders_reshape: (order) => ({
    orderId: order.id,
    customerId: order.customer.id,
    shipTo: order.customer.address,
    items: order.items,
  }),
  orders_summary: (order) => {
    const skus = [];
    let total = 0;
    for (const item of order.items)
      if (item.qty > 0) {
        total += item.qty * item.price;
        skus.push(item.sku);
      }
    return {
      orderId: order.id,
      customer: order.customer.name,
      city: order.customer.address.city,
      total,
      count: order.items.length,
      skus,
    };
  },
  quakes_alert: (quake) => {
    const event = quake.properties;
    const [lon, lat, depth] = quake.geometry.coordinates;
    const { mag } = event;
    const level = mag === null ? "unknown" : mag >= 5 ? "high" : mag >= 3 ? "medium" : "low";
    return {
      id: quake.id,
      title: event.title.toUpperCase(),
      level,
      lat,
      lon,
      depthKm: round(depth, 1),
      felt: event.felt ?? 0,
      label: level + ":" + event.net + event.code,
    };
  },
  movies_clean: (movie) => {
    const budget = Number(movie["Production Budget"] ?? 0);
    const gross = Number(movie["Worldwide Gross"] ?? 0);
    const roi = budget > 0 ? round(gross / budget, 3) : null;
    return {
      title: String(movie.Title ?? "untitled"),
      distributor: movie.Distributor ?? "unknown",
      ratings: { imdb: movie["IMDB Rating"], votes: movie["IMDB Votes"] ?? 0 },
      roi,
      hit: (roi ?? 0) >= 3,
    };
  },
};

const DOCUMENTS = {
  quakes_stats: (document) => {
    const networks = {};
    for (const { properties } of document.features) {
      const found = (networks[properties.net] ??= { count: 0, maxMag: 0 });
      const mag = properties.mag ?? 0;
      found.count += 1;
      if (mag > found.maxMag) found.maxMag = mag;
    }
    return { total: document.features.length, networks };
  },
  kernel_fib: ({ n }) => {
    const fib = (k) => (k < 2 ? k : fib(k - 1) + fib(k - 2));
    return { fib: fib(n) };
  },
  kernel_loop: ({ n }) => {
    let s = 0;
    for (let i = 1; i <= n; i++) s = i % 3 === 0 ? s + i * 2 : s - i;
    return { s };
  },
  kernel_float: ({ n }) => {
    let x = 0.5;
    let acc = 0;
    for (let i = 1; i <= n; i++) {
      x = 3.9 * x * (1 - x);
      acc += x;
    }
    return { x, acc };
  },
};

function writeAll(text) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
}

function runRecords(transform, path) {
  const file = openSync(path, "r");
  const block = Buffer.allocUnsafe(1 << 22);
  let kept = 0; // bytes of a line that is not complete
  for (;;) {
    const got = readSync(file, block, kept, block.length - kept, null);
    const filled = kept + got;
    let end = block.lastIndexOf(10, filled - 1) + 1;
    if (got === 0) end = filled;
    let out = "";
    for (const line of block.toString("utf8", 0, end).split("\n"))
      if (line !== "") out += JSON.stringify(transform(JSON.parse(line))) + "\n";
    writeAll(out);
    if (got === 0) break;
    block.copy(block, 0, end, filled);
    kept = filled - end;
  }
  closeSync(file);
}

const [workload, path] = process.argv.slice(2);
if (RECORDS[workload]) runRecords(RECORDS[workload], path);
else writeAll(JSON.stringify(DOCUMENTS[workload](JSON.parse(readFileSync(path, "utf8")))) + "\n");
