/** Time and place as a camera wrote them into a JPEG: read before a canvas drops them. What cannot be read is simply absent. */

/** EXIF's own words: "2026:03:11 21:04:22", "+08:00", degrees WGS-84. */
export interface Declared {
  time?: string;
  offset?: string;
  lat?: number;
  lon?: number;
}

const EXIF_IFD = 0x8769;
const GPS_IFD = 0x8825;
const TIME = 0x9003;
const OFFSET = 0x9011;

type Entries = Map<number, { type: number; count: number; at: number }>;

/** What a JPEG declares; {} for any other file and for anything damaged. */
export function readExif(data: ArrayBuffer): Declared {
  try {
    const view = new DataView(data);
    const tiff = findTiff(view);
    return tiff === null ? {} : declared(view, tiff);
  } catch {
    return {};
  }
}

function findTiff(view: DataView): number | null {
  if (view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 10 < view.byteLength && view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xda) return null;
    if (marker === 0xe1 && view.getUint32(at + 4) === 0x45786966) return at + 10;
  }
  return null;
}

function declared(view: DataView, tiff: number): Declared {
  const little = view.getUint16(tiff) === 0x4949;
  const u16 = (at: number): number => view.getUint16(at, little);
  const u32 = (at: number): number => view.getUint32(at, little);
  const entries = (at: number): Entries => {
    const found: Entries = new Map();
    for (let i = 0; i < u16(at); i += 1) {
      const one = at + 2 + i * 12;
      found.set(u16(one), { type: u16(one + 2), count: u32(one + 4), at: one + 8 });
    }
    return found;
  };
  const inner = (from: Entries, tag: number): Entries => (from.has(tag) ? entries(tiff + u32(from.get(tag)!.at)) : new Map());
  const text = (from: Entries, tag: number): string => {
    const one = from.get(tag);
    if (!one || one.type !== 2 || one.count > 60) return '';
    const at = one.count > 4 ? tiff + u32(one.at) : one.at;
    return String.fromCharCode(...new Uint8Array(view.buffer, at, one.count)).replace(/\0.*$/s, '').trim();
  };
  const degrees = (from: Entries, tag: number, side: string): number | undefined => {
    const one = from.get(tag);
    if (!one || one.count !== 3) return undefined;
    const at = tiff + u32(one.at);
    const [d, m, s] = [0, 8, 16].map((step) => u32(at + step) / u32(at + step + 4)) as [number, number, number];
    const value = d + m / 60 + s / 3600;
    return Number.isFinite(value) ? (side === 'S' || side === 'W' ? -value : value) : undefined;
  };
  const main = entries(tiff + u32(tiff + 4));
  const [exif, gps] = [inner(main, EXIF_IFD), inner(main, GPS_IFD)];
  const [time, offset] = [text(exif, TIME), text(exif, OFFSET)];
  const [lat, lon] = [degrees(gps, 2, text(gps, 1)), degrees(gps, 4, text(gps, 3))];
  return { ...(time ? { time } : {}), ...(offset ? { offset } : {}), ...(lat !== undefined && lon !== undefined ? { lat, lon } : {}) };
}
