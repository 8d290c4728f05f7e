// The shop: who exists, what listens where, and who calls whom. `record.mjs` gives every host a network namespace and `host.mjs` does what stands here with real sockets.

const host = (id, address, [app, env, role], rest = {}) => ({
  id,
  addresses: [address].flat(),
  app,
  env,
  role,
  class: "vm",
  owner: "team-shop",
  os: "debian-12",
  listens: [],
  ...rest,
});
const call = (to, over, { every, count = 1, at = 0, from, ask = 200, dns } = {}) => ({ to, over, every, count, at, from, ask, dns });
const web = { answer: 600 };

const customers = ["203.0.113.7", "203.0.113.19", "203.0.113.58", "203.0.113.101", "203.0.113.140"];
export const ledger = "10.20.3.51";
const [cache, mail, partner, shadow, command] = ["10.20.2.41", "198.51.100.25", "198.51.100.20", "10.20.2.99", "203.0.113.66"];

// What the intruder on web-2 knocks on: two subnets, and the ports that pay.
const numbered = (start, from, to) => Array.from({ length: to - from + 1 }, (_, n) => `${start}.${from + n}`);
const scanned = [
  "10.20.2.21",
  "10.20.2.22",
  "10.20.2.31",
  cache,
  shadow,
  ...numbered("10.20.2", 100, 109),
  ledger,
  "10.20.3.61",
  ...numbered("10.20.3", 62, 68),
];
const scan = scanned.flatMap((to, row) =>
  [22, 445, 3389, 5432, 9200].map((port, column) => call(to, `tcp/${port}`, { at: 9000 + row * 170 + column * 25, ask: 0 })),
);

const watched = ["10.20.1.5", "10.20.1.11", "10.20.1.12", "10.20.2.21", "10.20.2.22", "10.20.2.31", cache, ledger, "10.20.3.61"];
const exporter = { over: "tcp/9100", answer: 400 };
const ssh = { over: "tcp/22", answer: 300 };

/** Everything inside, in the inventory unless `unlisted`. */
export const inside = [
  host("lb-1", "10.20.1.5", ["shop", "prod", "lb"], {
    listens: [{ over: "tcp/443", ...web, next: [call(["10.20.1.11", "10.20.1.12"], "tcp/8080")] }, exporter],
  }),
  ...["10.20.1.11", "10.20.1.12"].map((address, n) =>
    host(`web-${n + 1}`, address, ["shop", "prod", "web"], {
      listens: [{ over: "tcp/8080", ...web, next: [call(["10.20.2.21", "10.20.2.22"], "tcp/8443", { dns: "api.shop.example" })] }, exporter],
      // The compromised host: it listens to its master, looks around, and finds two doors that were never meant for it.
      calls:
        n === 0
          ? []
          : [
              call(command, "tcp/4444", { every: 4000, count: 4, at: 1500, ask: 48 }),
              ...scan,
              call(cache, "tcp/6379", { at: 14500, ask: 90 }),
              call(ledger, "tcp/22", { at: 15500, ask: 700 }),
            ],
    }),
  ),
  ...["10.20.2.21", "10.20.2.22"].map((address, n) =>
    host(`api-${n + 1}`, address, ["shop", "prod", "api"], {
      listens: [{ over: "tcp/8443", ...web, next: [call(cache, "tcp/6379", { ask: 60 }), call("10.20.3.61", "tcp/8443", { ask: 300 })] }, exporter],
    }),
  ),
  host("worker-1", "10.20.2.31", ["shop", "prod", "worker"], {
    listens: [exporter],
    calls: [
      call(cache, "tcp/6379", { every: 3000, count: 6, at: 400 }),
      call(mail, "tcp/587", { every: 5000, count: 3, at: 900, ask: 900, dns: "smtp.mail.example" }),
      call(shadow, "tcp/8081", { every: 4500, count: 4, at: 1300, dns: "old-reports.shop.example" }),
    ],
  }),
  host("cache-1", cache, ["shop", "prod", "cache"], { listens: [{ over: "tcp/6379", answer: 120 }, exporter] }),
  host("billing-1", "10.20.3.61", ["billing", "prod", "api"], {
    owner: "team-billing",
    criticality: "high",
    listens: [{ over: "tcp/8443", answer: 300, next: [call(ledger, "tcp/5432", { ask: 150 })] }, exporter],
    calls: [call(partner, "tcp/443", { every: 2500, count: 7, at: 700, ask: 500, dns: "pay.partner.example" })],
  }),
  host("ledger-1", ledger, ["billing", "prod", "ledger"], {
    owner: "team-billing",
    criticality: "high",
    hva: "yes",
    listens: [{ over: "tcp/5432", answer: 700 }, ssh, exporter],
  }),
  host("dns-1", "10.20.0.53", ["dns", "prod", "resolver"], { owner: "platform", listens: [{ over: "udp/53", dns: true }] }),
  host("monitor-1", "10.20.0.90", ["monitoring", "prod", "collector"], {
    owner: "platform",
    calls: watched.map((to, n) => call(to, "tcp/9100", { every: 9000, count: 2, at: 300 + n * 120, ask: 80 })),
  }),
  host("backup-1", "10.20.0.70", ["backup", "prod", "vault"], { owner: "platform", calls: [call(ledger, "tcp/5432", { at: 6000, ask: 400 })] }),
  host("jump-1", "10.30.1.10", ["office", "office", "jump"], { owner: "it-desk", listens: [ssh], calls: [call(ledger, "tcp/22", { at: 5000, ask: 500 })] }),
  ...["10.30.1.101", "10.30.1.102"].map((address, n) =>
    host(`staff-${n + 1}`, address, ["office", "office", "staff"], {
      class: "endpoint",
      owner: "it-desk",
      os: "windows-11",
      calls: [
        call("10.20.1.5", "tcp/443", { every: 5000, count: 3, at: 600 + n * 800, dns: "shop.example" }),
        ...(n === 0 ? [call("10.30.1.10", "tcp/22", { at: 4800, ask: 500 })] : []),
      ],
    }),
  ),
  host("dev-web-1", "10.40.1.11", ["shop", "dev", "web"], {
    // A forgotten connection string: development reads the production ledger.
    calls: [call("10.40.1.51", "tcp/5432", { every: 4000, count: 4, at: 500 }), call(ledger, "tcp/5432", { every: 6000, count: 3, at: 2000, ask: 250 })],
  }),
  host("dev-db-1", "10.40.1.51", ["shop", "dev", "database"], { listens: [{ over: "tcp/5432", answer: 500 }] }),
  // Nobody wrote these two down.
  host("old-reports", shadow, ["", "", ""], { unlisted: true, listens: [{ over: "tcp/8081", answer: 900 }, ssh] }),
  host("somebody", "10.30.1.177", ["", "", ""], {
    unlisted: true,
    calls: [call("10.20.1.5", "tcp/443", { every: 6000, count: 2, at: 1000 }), call("10.20.1.5", "tcp/22", { at: 3000, ask: 0 })],
  }),
];

/** Everything that is not ours, in one namespace. */
export const outside = {
  id: "internet",
  addresses: [...customers, mail, partner, command],
  listens: [
    { over: "tcp/443", on: partner, answer: 400 },
    { over: "tcp/587", on: mail, answer: 250 },
    { over: "tcp/4444", on: command, answer: 64 },
  ],
  calls: customers.map((from, n) => call("10.20.1.5", "tcp/443", { from, every: 3300, count: 5, at: 200 + n * 610, ask: 350 })),
};

export const resolver = "10.20.0.53";
