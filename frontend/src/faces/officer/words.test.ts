/** The phone knows every word that its screens can ask for: what stands in the files it is built of is looked up in all words. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { WORDS } from '../../core/i18n/all';
import { events } from '../../core/i18n/events';
import { OWN } from './words';

const HERE = import.meta.dirname;

/** The sources that the phone's page is built of, whether at once or later. */
function sources(entry: string): Map<string, string> {
  const found = new Map<string, string>();
  const ahead = [entry];
  for (let path = ahead.pop(); path; path = ahead.pop()) {
    if (found.has(path) || !/\.(ts|svelte)$/.test(path)) continue;
    const text = readFileSync(path, 'utf8');
    found.set(path, text);
    for (const [, spec] of text.matchAll(/(?:from |import\(|import )'(\.[^'?]+)'/g)) {
      const at = join(dirname(path), spec!);
      const file = [at, `${at}.ts`, `${at}/index.ts`].find((one) => existsSync(one) && statSync(one).isFile());
      if (file && !file.includes('/i18n/')) ahead.push(file);
    }
  }
  return found;
}

/** Keys of the catalogue that a source names, whole or by their family. */
function asked(text: string): string[] {
  const heads = [...text.matchAll(/`([a-z_]+(?:\.\w+)*\.)\$\{/g)].map((match) => match[1]!);
  const families = [...text.matchAll(/(?:code\(|say\(|listed\(|family=)['"]([\w.]+)['"]/g)].map((match) => `${match[1]!}.`);
  const whole = new Set([...text.matchAll(/'([a-z_]+(?:\.\w+)+)'/g)].map((match) => match[1]!));
  const begins = [...heads, ...families];
  return Object.keys(WORDS).filter((key) => whole.has(key) || begins.some((head) => key.startsWith(head)));
}

it('has words for all that its screens say', () => {
  const files = sources(join(HERE, 'main.ts'));
  expect(files.size).toBeGreaterThan(60);
  const known = new Set([...OWN, events].flatMap((family) => Object.keys(family)));
  // Families of which a phone meets a part only: errors of desks, windows of replays, what an administrator does.
  const foreign = /^(error|refuse|verb|bad_place|replay_window|role)\./;
  const missing = [...files].flatMap(([path, text]) => asked(text).filter((key) => !known.has(key) && !foreign.test(key)).map((key) => `${key} in ${path.slice(HERE.length)}`));
  expect(missing).toEqual([]);
});
