import { day } from "@bulkhead/core/base/instant";
import { ipOf } from "@bulkhead/core/base/ip";
import { byCodePoint } from "@bulkhead/core/base/order";
import { covers } from "@bulkhead/core/base/prefix";
import type { Connection } from "@bulkhead/core/model/connection";
import type { ArchivedSource, ConnectionFilter, ConversationQuery, DayFlows, FlowArchive, Outline } from "@bulkhead/core/outside";
import { attributionOf, flowDaysOf, flowsOf } from "@bulkhead/core/telemetry/attribute";
import { conversationsOf } from "@bulkhead/core/telemetry/conversations";
import { broadcastAddresses } from "@bulkhead/core/telemetry/noise";
import { prefixNamed } from "../named-prefix.ts";

/** stores/memory/ says what an archive means, without an engine: it forgets when it is dropped, so it is for tests only. */
export function memoryArchive(): FlowArchive {
  const all: Connection[] = [];
  const tokens = new Set<string>();
  const told = new Map<string, string[]>();
  return {
    async add({ token, connections }) {
      const texts = connections.map((one) => JSON.stringify({ ...one, file: "" }));
      const [head] = texts;
      const named = token ?? texts.join();
      if (head === undefined || tokens.has(named)) return 0;
      tokens.add(named);
      const known = token === null ? (told.get(head) ?? []) : [];
      const unmatched = [...known];
      const news = connections.filter((_, at) => {
        const match = unmatched.indexOf(texts[at]!);
        if (match >= 0) unmatched.splice(match, 1);
        else known.push(texts[at]!);
        return match < 0;
      });
      if (token === null) told.set(head, known);
      all.push(...news);
      return news.length;
    },
    connections: (filter) => found(all, filter),
    conversations: async (query) => flowsOf(askedOf(all, query), attributionOf(query.segments)),
    presence: async (query) => flowDaysOf(askedOf(all, query), attributionOf(query.segments)),
    conversationsByDay: async (query) => byDayOf(all, query),
    outline: async (query) => outlineOf(all, query),
    sources: async () => sourcesOf(all),
    close: async () => undefined,
  };
}

const askedOf = (all: readonly Connection[], { since, until, isUndated = false }: ConversationQuery) =>
  conversationsOf(all).filter(({ first }) =>
    first === null ? since === null && until === null : !isUndated && first >= (since ?? -Infinity) && first < (until ?? Infinity),
  );

const dayOf = ({ first }: { readonly first: number | null }): number | null => (first === null ? null : Math.floor(first / day));

function byDayOf(all: readonly Connection[], query: ConversationQuery): readonly DayFlows[] {
  const asked = askedOf(all, query);
  const days = [...new Set(asked.map(dayOf))].filter((one) => one !== null).sort((a, b) => a - b);
  const attribution = attributionOf(query.segments);
  return days.map((one) => ({
    day: one,
    flows: flowsOf(
      asked.filter((each) => dayOf(each) === one),
      attribution,
    ),
  }));
}

function outlineOf(all: readonly Connection[], query: ConversationQuery): Outline {
  const attribution = attributionOf(query.segments);
  const asked = askedOf(all, query);
  const days = [...new Set(asked.map(dayOf))].sort((a, b) => (a ?? -Infinity) - (b ?? -Infinity));
  const conversations = conversationsOf(all);
  return {
    days: days.map((one) => {
      const flows = flowsOf(
        conversations.filter((each) => dayOf(each) === one),
        attribution,
      );
      return { day: one, digest: JSON.stringify(flows), flowsMost: flows.length };
    }),
    broadcast: [...broadcastAddresses(flowsOf(asked, attribution))].sort(byCodePoint),
  };
}

async function* found(all: readonly Connection[], filter: ConnectionFilter): AsyncGenerator<readonly Connection[]> {
  const { client, server, isOrdered, limit } = filter;
  const [clientRange, serverRange] = [client, server].map((text) => (text === undefined ? null : prefixNamed(text)));
  const isWithin = (range: ReturnType<typeof prefixNamed> | null | undefined, address: string): boolean => {
    const ip = ipOf(address);
    return range === null || range === undefined || (ip !== undefined && covers(range, ip));
  };
  const matching = all.filter((one) => isWithin(clientRange, one.client) && isWithin(serverRange, one.server) && isAsked(one, filter));
  if (isOrdered === true || limit !== undefined) matching.sort(byTime);
  yield matching.slice(0, limit);
}

function isAsked({ first, ...one }: Connection, { since, until, ...filter }: ConnectionFilter): boolean {
  if (since !== undefined && (first === null || first < since)) return false;
  if (until !== undefined && (first === null || first >= until)) return false;
  const same = ["protocol", "serverPort", "observer", "source"] as const;
  return same.every((key) => filter[key] === undefined || filter[key] === one[key]);
}

const byTime = (a: Connection, b: Connection): number =>
  a.first === b.first ? byCodePoint(a.file, b.file) || a.record - b.record : a.first === null ? 1 : b.first === null ? -1 : a.first - b.first;

function sourcesOf(all: readonly Connection[]): readonly ArchivedSource[] {
  const sources = new Map<string, ArchivedSource>();
  for (const { source, file, observer, first, last } of all) {
    const key = JSON.stringify([source, file, observer]);
    const known = sources.get(key) ?? { source, file, observer, records: 0, first: null, last: null };
    sources.set(key, {
      ...known,
      records: known.records + 1,
      first: known.first === null ? first : Math.min(known.first, first ?? Infinity),
      last: [known.last, last ?? first].reduce((a, b) => (a === null ? b : b === null ? a : Math.max(a, b))),
    });
  }
  const byName = (a: ArchivedSource, b: ArchivedSource): number =>
    byCodePoint(a.source, b.source) ||
    byCodePoint(a.file, b.file) ||
    (a.observer === null ? 1 : b.observer === null ? -1 : byCodePoint(a.observer, b.observer));
  return [...sources.values()].sort(byName);
}
