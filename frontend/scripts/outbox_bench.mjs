/** The phone's own outbox, many of them in one Node: bundles src/core/outbox.ts and lets each send what waits. Used by `manage.py bench outbox`.
 *  stdin: {origin, lost_share, phones: [{session, actions: [{path, body, what}]}]}; stdout: {s, requests, waiting, refused}. */
import { mkdtempSync, rmSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

const CSRF = 'b'.repeat(32);
const BACK_WITHIN_MS = 1000;
const { origin, lost_share, phones } = JSON.parse(await text(process.stdin));
const folder = mkdtempSync(join(tmpdir(), 'ncoutbox'));
const root = join(import.meta.dirname, '..');
const lib = { entry: { outbox: join(root, 'src/core/outbox.ts'), api: join(root, 'src/core/api.ts') }, formats: ['es'] };
await build({ root, configFile: false, logLevel: 'error', build: { lib, outDir: folder, emptyOutDir: true, minify: false } });
const { Outbox } = await import(pathToFileURL(join(folder, 'outbox.js')).href);
const { ApiProblem } = await import(pathToFileURL(join(folder, 'api.js')).href);
rmSync(folder, { recursive: true });

let requests = 0;
const network = { there: false };

/** What core/api.ts does with fetch and cookies, which Node has not; some answers are lost on their way back. */
const apiOf = (session) => ({
  async post(path, body, { key }) {
    if (!network.there) throw new ApiProblem('no_answer');
    requests += 1;
    const headers = { 'Content-Type': 'application/json', 'X-CSRFToken': CSRF, 'Idempotency-Key': key, Origin: origin, Cookie: `sessionid=${session}; csrftoken=${CSRF}` };
    const answer = await fetch(`${origin}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) }).catch(() => null);
    const said = await answer?.json().catch(() => null);
    if (!answer || !said || Math.random() < lost_share) throw new ApiProblem('no_answer');
    if (!answer.ok) throw new ApiProblem(said.error?.code ?? 'bad_answer', said.error?.facts ?? {}, null, answer.status);
    return said;
  },
});

/** Rows in memory, in the order they came: IndexedDB's part. */
function rows() {
  const kept = new Map();
  let last = 0;
  return {
    load: () => Promise.resolve([...kept.values()]),
    add: (item) => Promise.resolve((kept.set((last += 1), { ...item, seq: last }), last)),
    change: (item) => Promise.resolve(void kept.set(item.seq, item)),
    drop: (items) => Promise.resolve(items.forEach((item) => kept.delete(item.seq))),
    clear: () => Promise.resolve(kept.clear()),
  };
}

const outboxes = phones.map(({ session }) => new Outbox(apiOf(session), rows(), { locks: undefined }));
await Promise.all(outboxes.flatMap((outbox, i) => phones[i].actions.map(({ path, body, what }) => outbox.post(path, body, what))));
network.there = true;
const begun = performance.now();
const count = (state) => outboxes.reduce((sum, outbox) => sum + outbox.list().filter((item) => item.state === state).length, 0);
outboxes.forEach((outbox) => setTimeout(() => void outbox.flush(), Math.random() * BACK_WITHIN_MS));
while (count('waiting') && performance.now() - begun < 600_000) await new Promise((resolve) => setTimeout(resolve, 50));
const refused = outboxes.flatMap((outbox) => outbox.list()).filter((item) => item.state === 'refused');
const why = [...new Set(refused.map((item) => `${item.what}: ${item.problem}`))].slice(0, 5);
outboxes.forEach((outbox) => outbox.end());
process.stdout.write(JSON.stringify({ s: Math.round((performance.now() - begun) / 100) / 10, requests, waiting: count('waiting'), refused: refused.length, why }));
