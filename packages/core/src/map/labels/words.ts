/** Words that organisations use for environments and roles, by what they mean; each is its own meaning first. */
const words: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  env: {
    prod: "prod production prd live",
    staging: "staging stage stg preprod uat acc acceptance",
    test: "test tst qa",
    dev: "dev development devel sandbox sbx",
  },
  role: {
    web: "web www frontend fe nginx httpd",
    api: "api backend be",
    database: "database db sql mysql postgres pg ora oracle mssql mariadb mongo",
    cache: "cache redis memcached",
    queue: "queue mq rabbit rabbitmq kafka broker",
    worker: "worker wrk job jobs",
    batch: "batch cron",
    search: "search elastic es solr",
    "load-balancer": "load-balancer lb loadbalancer haproxy proxy",
    resolver: "resolver dns ns",
    mail: "mail smtp mx relay",
    bastion: "bastion jump jumphost",
    backup: "backup bkp",
    monitor: "monitor monitoring prometheus nagios zabbix",
  },
};

const meanings: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  Object.entries(words).map(([key, values]) => [
    key,
    new Map(Object.entries(values).flatMap(([meaning, list]) => list.split(" ").map((word) => [word, meaning] as const))),
  ]),
);

/** What a word means as a value of a key: `production` and `prd` are both `prod` as an env; undefined for a word that means nothing there. */
export const meaningOf = (key: string, word: string): string | undefined => meanings.get(key)?.get(word.toLowerCase());

/** Whether two values of a key are words for one thing. */
export function areOneWord(key: string, values: readonly [string, string]): boolean {
  const [a, b] = values.map((value) => meaningOf(key, value));
  return a !== undefined && a === b;
}

/** The words of a name: cut where letters, digits and signs meet; numbers are none; two neighbours joined by a dash are one more. */
export function wordsOf(name: string): readonly string[] {
  const single = (name.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+/g) ?? []).map((word) => word.toLowerCase());
  const named = single.filter((word) => !/^[0-9]+$/.test(word));
  const pairs = named.slice(1).map((word, index) => `${named[index]}-${word}`);
  return [...new Set([...named, ...pairs])].slice(0, wordsMax);
}

// A name with more says nothing with the rest.
const wordsMax = 40;
