// The second half of the story: what the first half proposed is put into force on the practice network, in stages, attacked, and taken back. Root only.
import { spawnSync } from "node:child_process";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Each stage says which segments and zones enforce by then; what is not named only observes. */
const ledgerFirst = "stages:\n  segments: { billing-prod: { in: enforce } }\n";
const everything = [
  "stages:",
  "  zones: { prod: { boundary: enforce }, office: { boundary: enforce }, dev: { boundary: enforce }, outside: { boundary: enforce } }",
  "  segments: { billing-prod: { in: enforce }, shop-prod: { in: enforce }, shop-dev: { in: enforce }, dns-prod: { in: enforce } }",
  "",
].join("\n");

/** Tells the live half, or says in words why it cannot be told on this machine. */
export async function live({ home, here, cli, bulkhead, chapter, say, wrapped }) {
  const [commands, network, { placeOf }] = await Promise.all(["command", "network", "place"].map((name) => import(`../packages/lab/dist/${name}.js`)));
  const absent = commands.missing();
  if (absent !== null) {
    chapter(
      "Not shown here: the same policy in force",
      `${absent.message[0].toUpperCase()}${absent.message.slice(1)}. Next: ${absent.next}. Then \`npm start\` goes on: it builds this shop as a network of namespaces, shows the attack that works, puts the policy into force in stages, shows that fewer hosts fall and the shop works, takes everything back, and leaves nothing behind.`,
    );
    return;
  }
  const state = here(join(home, "live"));
  const { prefix } = placeOf(join(home, "live"));
  const lab = (verb, ...words) =>
    bulkhead(["lab", verb, ...words, "--data", state], { may: verb === "probe" ? [0, 1] : [0], show: verb === "probe" ? 24 : 12 });
  // However the story ends, the lab goes with it; one that even this misses goes by itself.
  let isUp = true;
  const remove = () => isUp && spawnSync(process.execPath, [cli, "lab", "down", "--data", state], { stdio: "ignore" });
  process.on("exit", remove);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(130));

  chapter(
    "Live: the attack that works",
    "Now the shop as ten hosts in namespaces of this machine, with real servers. web-2 is not ours any more. Whatever answers it has fallen, and is walked from next.",
  );
  await lab("up", "--for", "10m");
  const before = await lab("attack");

  chapter(
    "Stage 1: only looking",
    "Every host gets an agent and the proposed policy, and no stage enforces yet. The attack still works; each kernel counts what it would have denied.",
  );
  await lab("up", "--policy", staged(home, here, { name: "observe", stages: "" }));
  await lab("attack");
  say(wrapped(`ledger-1 counts ${wouldBeDenied(commands, network, prefix)} pairs of client and service that it would have refused.`));

  chapter("Stage 2: the ledger first", "The most precious segment enforces, the others still look.");
  await lab("up", "--policy", staged(home, here, { name: "ledger-first", stages: ledgerFirst }));

  chapter(
    "Stage 3: everything enforces",
    "The same walk again: what falls now falls over ways that the shop needs. And then every cell: who can open which service of whom, over TCP, UDP and ICMP, IPv4 and IPv6, beside what the policy means.",
  );
  await lab("up", "--policy", staged(home, here, { name: "enforce", stages: everything }));
  await lab("attack");
  await lab("probe", "--matrix");

  chapter("Taken back", "One command, and the old state is back: the attack works again as if nothing had been.");
  await lab("unenforce");
  const after = await lab("attack");
  say(wrapped(after === before ? "It is the same walk as before, to the letter." : "It is not the walk from before: please tell us."));

  await lab("down");
  isUp = false;
  rmSync(join(home, "live"), { recursive: true, force: true });
  const left = network.namespacesOf(prefix);
  say(wrapped(left.length === 0 ? "Nothing is left on this machine." : `Left behind: ${left.join(", ")}.`));
}

/** The proposed policy with one stages file beside it. */
function staged(home, here, { name, stages }) {
  const directory = join(home, `policy-${name}`);
  cpSync(join(home, "policy"), directory, { recursive: true });
  if (stages !== "") writeFileSync(join(directory, "stages.yaml"), stages);
  return here(directory);
}

/** How many pairs of client and service the ledger's kernel has counted as denials that its stage holds back, over IPv4. */
function wouldBeDenied({ command }, { inNamespace }, prefix) {
  const [enter, ...words] = [...inNamespace(`${prefix}ledger-1`), "nft", "-j", "list", "set", "inet", "bulkhead", "would_server4"];
  const { nftables } = JSON.parse(command(enter, words));
  return nftables.flatMap(({ set }) => set?.elem ?? []).length;
}
