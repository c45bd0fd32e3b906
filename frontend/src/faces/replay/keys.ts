/** Every key of the replay. A text field swallows all of them; the map keeps its own arrows while it has the focus. */
import type { Replay } from './replay.svelte';

const FIELD = 'input, textarea, select';
const STEP_MS = 1000;
const LEAP_MS = 10_000;

export function onKey(replay: Replay, event: KeyboardEvent, backToIncident: () => void): void {
  const at = event.target instanceof Element ? event.target : null;
  if (at?.closest(FIELD) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const by = event.shiftKey ? LEAP_MS : STEP_MS;
  const acts: Record<string, () => void> = {
    ' ': () => replay.toggle(),
    ArrowLeft: () => replay.step(-by),
    ArrowRight: () => replay.step(by),
    Home: () => replay.seek(replay.begins_ms),
    End: () => replay.seek(replay.ends_ms),
    '[': () => replay.jump(-1),
    ']': () => replay.jump(1),
    f: () => replay.follow(),
    b: backToIncident,
  };
  if (event.key.startsWith('Arrow') && at?.closest('.maplibregl-canvas')) return;
  if (event.repeat && !event.key.startsWith('Arrow') && event.key !== '[' && event.key !== ']') return;
  const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
}
