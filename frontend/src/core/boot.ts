import type { Picture } from '../map/pictures';

/** What the page carries so that the first paint needs no request. Written by the Django page as `<script id="boot">`. */
export interface Boot {
  csrf_header: string;
  csrf_cookie: string;
  language: string;
  theme: string;
  me: unknown;
  ws: string;
  api: string;
  map: {
    /** [west, south, east, north] in degrees; null when nothing was imported. */
    bounds: [number, number, number, number] | null;
    attribution: string;
    /** False while nothing was imported that a map could be drawn of. */
    base: boolean;
    /** Pictures of the ground that the deployer's own network gives. */
    pictures: Picture[];
    /** What of this city is invented, which the screen must say; empty for a real one. */
    made_up: ('streets' | 'areas' | 'cameras' | 'units')[];
  };
  /** IANA zone of the person's home centre. */
  timezone: string;
  version: string;
  /** The server's time when the page was made, and how many of its seconds pass in a real one. */
  clock: { at: string; rate: number };
  /** What a photo may weigh, and how a phone makes one smaller: longest side in pixels, JPEG quality in percent. */
  photo: { max_mb: number; side_px: number; quality_pct: number };
}

/** Read the boot data; throws when the page has none, because nothing works without it. */
export function readBoot(page: Document = document): Boot {
  const text = page.getElementById('boot')?.textContent;
  if (!text) throw new Error('The page has no boot data (script#boot).');
  return JSON.parse(text) as Boot;
}
