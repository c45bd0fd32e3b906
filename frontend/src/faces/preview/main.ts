/** Entry of the map in an import's preview: fetches what the file would write and draws it. No feed, no store. */
import type { Language, Theme } from '../../core/prefs.svelte';
import type { Features } from '../../map/features';
import { showPreview } from '../../map/preview';

interface Sample extends Features {
  shown: Record<string, number>;
  totals: Record<string, number>;
}

const sum = (numbers: Record<string, number>): number => Object.values(numbers).reduce((all, one) => all + one, 0);

async function draw(box: HTMLElement): Promise<void> {
  const answer = await fetch(box.dataset['source']!, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(String(answer.status));
  const sample = (await answer.json()) as Sample;
  const caption = document.querySelector<HTMLElement>('[data-of=shown]');
  if (caption) caption.textContent = (caption.dataset['words'] ?? '').replace('{shown}', sum(sample.shown).toLocaleString()).replace('{total}', sum(sample.totals).toLocaleString());
  const kinds = new Set(sample.features.map((one) => String(one.properties['layer'])));
  for (const key of document.querySelectorAll<HTMLElement>('.import-map .key')) key.hidden = ![...kinds].some((kind) => key.classList.contains(kind));
  await showPreview({
    container: box, tiles: `${location.origin}/api/v1/tiles`, theme: (box.dataset['theme'] ?? 'dark') as Theme,
    language: (box.dataset['language'] ?? 'zh') as Language, features: sample,
  });
  box.dataset['drawn'] = 'yes';
}

const box = document.getElementById('import-map');
if (box) {
  draw(box).catch(() => {
    const said = document.querySelector<HTMLElement>('.import-map .failed');
    if (said) said.hidden = false;
  });
}
