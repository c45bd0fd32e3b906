/** One picture of the ground from the deployer's own network, through our origin: under roads and names, as strong as wished. */
import type { Map as Engine, ErrorEvent } from 'maplibre-gl';
import type { Words } from '../contract/types';
import { FIRST_ROAD } from './style';

/** What the page's boot data says of a layer; where it comes from stays on the server. */
export interface Picture {
  key: string;
  name: Words;
  min_zoom: number;
  max_zoom: number;
  tile_px: number;
  attribution: string;
}

const PICTURE = 'picture';

export class Pictures {
  private shown: string | null = null;
  private faulty = false;

  constructor(
    private readonly engine: Engine,
    private readonly tiles: string,
    private readonly onFault: (code: string) => void,
  ) {
    engine.on('error', (event: ErrorEvent & { sourceId?: string; source?: { id?: string } }) => {
      if ((event.sourceId ?? event.source?.id) === PICTURE) this.fault(event);
    });
    engine.on('data', (event) => {
      const { sourceId, tile } = event as { sourceId?: string; tile?: unknown };
      if (sourceId === PICTURE && tile && this.faulty) this.settle();
    });
  }

  show(picture: Picture | null, opacity: number): void {
    if (picture?.key !== this.shown) this.replace(picture);
    if (picture) this.engine.setPaintProperty(PICTURE, 'raster-opacity', opacity);
  }

  private replace(picture: Picture | null): void {
    if (this.engine.getLayer(PICTURE)) this.engine.removeLayer(PICTURE);
    if (this.engine.getSource(PICTURE)) this.engine.removeSource(PICTURE);
    this.shown = picture?.key ?? null;
    this.settle();
    if (!picture) return;
    this.engine.addSource(PICTURE, {
      type: 'raster', tiles: [`${this.tiles}/picture/${picture.key}/{z}/{x}/{y}`], tileSize: picture.tile_px,
      minzoom: picture.min_zoom, maxzoom: picture.max_zoom,
    });
    this.engine.addLayer({ id: PICTURE, type: 'raster', source: PICTURE, paint: { 'raster-fade-duration': 0 } }, FIRST_ROAD);
  }

  private settle(): void {
    if (this.faulty) this.onFault('');
    this.faulty = false;
  }

  /** The server answers with one error shape; MapLibre keeps the body. */
  private fault(event: ErrorEvent): void {
    this.faulty = true;
    const { body } = event.error as { body?: Blob };
    const unknown = 'map_layer_silent';
    if (!body) {
      this.onFault(unknown);
      return;
    }
    void body.text().then(
      (text) => this.onFault((JSON.parse(text) as { error?: { code?: string } }).error?.code ?? unknown),
    ).catch(() => this.onFault(unknown));
  }
}

