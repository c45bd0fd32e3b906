/** Which cameras are dead, as states of the features that are on the map already: no tile is asked for or parsed again. */
import type { Map as Engine, MapSourceDataEvent } from 'maplibre-gl';
import { CAMERAS, DEAD } from './cameras';

const LAYERS = ['cameras', 'sector'];

export class DeadMarks {
  private marked = new Set<string>();

  constructor(private readonly engine: Engine) {
    engine.on('sourcedata', (event: MapSourceDataEvent) => {
      if (event.sourceId === DEAD && event.isSourceLoaded) this.mark();
    });
  }

  private mark(): void {
    const found = this.engine.querySourceFeatures(DEAD, { sourceLayer: DEAD });
    const dead = new Set(found.map((one) => String(one.properties?.['uid'] ?? '')));
    for (const uid of this.marked) if (!dead.has(uid)) this.set(uid, false);
    for (const uid of dead) if (!this.marked.has(uid)) this.set(uid, true);
    this.marked = dead;
  }

  private set(uid: string, dead: boolean): void {
    for (const sourceLayer of LAYERS) this.engine.setFeatureState({ source: CAMERAS, sourceLayer, id: uid }, { dead });
  }
}
