/** From a chosen file to what is sent: the camera's own file where that is possible, else a smaller one, marked as such. */
import { ApiProblem } from '../../../core/api';
import { readExif, type Declared } from './exif';

/** Settings of the server, in the page's boot data. */
export interface PhotoLimits {
  max_mb: number;
  /** Longest side of a smaller one, in pixels. */
  side_px: number;
  /** JPEG quality of a smaller one, percent. */
  quality_pct: number;
}

export interface Prepared {
  blob: Blob;
  reduced: boolean;
  declared: Declared;
}

/** Why a picture that this browser cannot read is none, by what it is. */
const WHY: Readonly<Record<string, string>> = { 'image/heic': 'heic', 'image/jpeg': 'damaged', 'image/png': 'damaged', 'image/webp': 'damaged' };

interface Network {
  saveData?: boolean;
  effectiveType?: string;
}

/** True when the network is poor or asked to be spared: then smaller is better than late. */
export function spares(network: Network | undefined = (navigator as { connection?: Network }).connection): boolean {
  return network?.saveData === true || ['slow-2g', '2g', '3g'].includes(network?.effectiveType ?? '');
}

/** Whether the camera's own file goes: small enough, of a kind the server takes, and the network allows. */
export function goesAsItIs(file: { size: number; type: string }, limits: PhotoLimits, poor: boolean): boolean {
  return file.size <= limits.max_mb * 1_000_000 && !poor && ['image/jpeg', 'image/png', 'image/webp'].includes(file.type);
}

/** What a file is by its first bytes, whatever its name says: a MIME type, '' for none that is known here. */
export async function kindOf(file: Blob): Promise<string> {
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const text = String.fromCharCode(...head);
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (text.startsWith('\x89PNG')) return 'image/png';
  if (text.startsWith('RIFF') && text.endsWith('WEBP')) return 'image/webp';
  if (/^....ftyp(hei|hev|mif|msf)/s.test(text)) return 'image/heic';
  return text.startsWith('%PDF') ? 'application/pdf' : '';
}

/** Width and height with the longest side at most `side_px`. */
export function fitted(width: number, height: number, side_px: number): [number, number] {
  const scale = Math.min(1, side_px / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/** Prepare a file. Raises ApiProblem `not_a_photo` or `too_big` for what cannot be sent. */
export async function prepare(file: Blob, limits: PhotoLimits, poor = spares()): Promise<Prepared> {
  if (!file.size) throw new ApiProblem('not_a_photo', { why: 'empty' });
  const type = await kindOf(file);
  const said = { size: file.size, type };
  if (goesAsItIs(said, limits, poor)) return { blob: file, reduced: false, declared: {} };
  const declared = readExif(await file.slice(0, 262_144).arrayBuffer());
  const smaller = await draw(file, limits);
  if (smaller && smaller.size < file.size) return { blob: smaller, reduced: true, declared };
  if (goesAsItIs(said, limits, false)) return { blob: file, reduced: false, declared: {} };
  if (!smaller) throw new ApiProblem('not_a_photo', { why: WHY[type] ?? 'not_a_photo', said: type || '?' });
  throw new ApiProblem('too_big', { limit: limits.max_mb * 1_000_000 });
}

async function draw(file: Blob, limits: PhotoLimits): Promise<Blob | null> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    return null;
  }
  const [width, height] = fitted(picture.width, picture.height, limits.side_px);
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  canvas.getContext('2d')?.drawImage(picture, 0, 0, width, height);
  picture.close();
  return new Promise((done) => canvas.toBlob(done, 'image/jpeg', limits.quality_pct / 100));
}

/** SHA-256 in hex; null where the browser has none (pages without https). */
export async function hashOf(blob: Blob): Promise<string | null> {
  if (!crypto.subtle) return null;
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
