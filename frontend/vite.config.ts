import { existsSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const FACES = ['desk', 'officer', 'auditor', 'replay', 'preview'];
// A face's `early.ts` runs while the rest is still on its way.
const entries = FACES.flatMap((face) => [`src/faces/${face}/main.ts`, `src/faces/${face}/early.ts`]).filter((path) => existsSync(path));

/**
 * What every face shares comes as one file, and the words of the phone as another: each further file is a round trip on a phone's line.
 * Nothing that only desks use may match, for a phone would fetch it too.
 */
const DESKS_WORDS = ['all', 'auditor', 'between', 'closed', 'desk', 'events', 'replay'].join('|');
const groups = [
  { name: 'words', test: new RegExp(`/src/core/i18n/(?!(${DESKS_WORDS})\\.ts)`), priority: 2 },
  { name: 'shared', test: /\/node_modules\/svelte\/|\/src\/core\/(?!i18n)|\/src\/parts\/(UnitMark|DemoClock|siren)|\/officer\/(shifts\/forget|jobs\/\w+)\.ts/, minShareCount: 2, priority: 1 },
];

export default defineConfig({
  plugins: [svelte()],
  base: '/static/',
  build: {
    outDir: 'dist',
    manifest: true,
    // data: addresses are refused by the content security policy, so nothing is inlined.
    assetsInlineLimit: 0,
    target: 'es2022',
    rolldownOptions: { output: { codeSplitting: { groups } }, input: Object.fromEntries(entries.map((path) => [path.split('/').slice(2).join('-').replace(/(-main)?\.ts$/, ''), path])) },
  },
  // Tests run in Node but mount components; a build must keep Vite's own conditions.
  ...(process.env['VITEST'] ? { resolve: { conditions: ['browser'] } } : {}),
  test: { environment: 'happy-dom', setupFiles: ['tests/all_words.ts'], include: ['src/**/*.test.ts', 'tests/**/*.test.ts'] },
});
