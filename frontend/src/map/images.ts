/** Symbols of the sprite as map images, in the theme's own tokens: one picture for a unit's state and kind together. */
import { SPRITE } from '../core/sprite';

/** Device pixels per CSS pixel of all images: crisp on the screens that desks have. */
export const RATIO = 2;
const UNIT_CSS = 24;

const symbols = new DOMParser().parseFromString(SPRITE, 'image/svg+xml');

/** Put the page's token values where the sprite says var(--…): a picture outside the page knows no tokens. */
function withTokens(markup: string, colour: string): string {
  const tokens = getComputedStyle(document.documentElement);
  const filled = markup.replace(/var\((--[\w-]+)\)/g, (_, name: string) => tokens.getPropertyValue(name).trim() || 'none');
  return filled.replaceAll('currentColor', colour);
}

/** A token's present value. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The markup of one symbol placed at x, y with side `size`. */
function placed(id: string, x: number, y: number, size: number): string {
  const symbol = symbols.getElementById(id);
  if (!symbol) throw new Error(`no symbol ${id}`);
  const box = symbol.getAttribute('viewBox') ?? '0 0 24 24';
  return `<svg x="${x}" y="${y}" width="${size}" height="${size}" viewBox="${box}" overflow="visible">${symbol.innerHTML}</svg>`;
}

export async function rasterise(markup: string, side: number): Promise<ImageData> {
  const px = side * RATIO;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${px}" height="${px}" viewBox="0 0 ${side} ${side}">${markup}</svg>`;
  const image = new Image(px, px);
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = px;
  canvas.height = px;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(image, 0, 0, px, px);
  return context.getImageData(0, 0, px, px);
}

/** Colour of a unit's kind shape inside its ring. */
function kindColour(state: string): string {
  if (state === 'onscene') return token('--bg-1');
  if (state === 'unavailable') return token('--st-unavailable');
  if (state === 'silent') return token('--blind');
  return state === 'available' || state === 'conditional' ? token('--free') : token('--go');
}

export const UNIT_STATES = ['available', 'conditional', 'sent', 'accepted', 'enroute', 'onscene', 'unavailable', 'silent'] as const;
export const UNIT_KINDS = ['car', 'moto', 'foot', 'boat', 'cmd', 'cam'] as const;
const CAMERA_KINDS = ['fixed', 'ptz', 'checkpoint', 'virtual', 'vehicle', 'body', 'reloc', 'drone'] as const;

/** The camera's symbol for the wire's kind. */
export const CAMERA_SYMBOL: Record<string, string> = {
  fixed: 'fixed', ptz: 'ptz', checkpoint: 'checkpoint', virtual_checkpoint: 'virtual', vehicle: 'vehicle', bus: 'vehicle',
  body_worn: 'body', relocatable: 'reloc', drone: 'drone',
};

/** Ring by state, shape by kind. */
function unitMarkup(state: string, kind: string): string {
  return placed(`st-${state}`, 0, 0, UNIT_CSS) + withTokens(placed(`u-${kind}`, 7, 7, 10), kindColour(state));
}

/** Every image that the layers use: name → pixels, in the theme of now. */
export async function allImages(): Promise<Map<string, ImageData>> {
  const jobs: [string, Promise<ImageData>][] = [];
  const job = (name: string, markup: string, side: number, colour: string): void => {
    jobs.push([name, rasterise(withTokens(markup, colour), side)]);
  };
  for (const state of UNIT_STATES) for (const kind of UNIT_KINDS) job(`unit-${state}-${kind}`, unitMarkup(state, kind), UNIT_CSS, token('--ink-1'));
  for (const level of [1, 2, 3, 4]) job(`level-${level}`, placed(`lvl-${level}`, 1, 1, 20), 22, token('--ink-1'));
  for (const kind of CAMERA_KINDS) {
    job(`camera-${kind}`, placed(`cam-${kind}`, 1, 1, 13), 15, token('--ink-2'));
  }
  job('camera-dead', placed('sight-dead', 3, 3, 9), 15, token('--blind'));
  for (const hue of ['go', 'free', 'ink-2', 'blind']) job(`heading-${hue}`, placed('heading', 6, 6, 24), 36, token(`--${hue}`));
  job('distress', placed('st-distress', 1, 1, 24), 26, token('--ink-1'));
  job('post', placed('post', 1, 1, 16), 18, token('--ink-2'));
  job('sight-dead', placed('sight-dead', 1, 1, 10), 12, token('--blind'));
  return new Map(await Promise.all(jobs.map(async ([name, pixels]) => [name, await pixels] as const)));
}

/** A plate `n 420 m` as pixels: the number inverted, the distance beside it; blue once ordered. */
export function plate(slot: number, text: string, ordered: boolean): ImageData {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  const font = `600 ${12 * RATIO}px ${token('--font')}`;
  context.font = font;
  const [height, head, pad] = [18 * RATIO, 16 * RATIO, 6 * RATIO];
  const words_px = context.measureText(text).width;
  // Setting a side clears the font as well: measure first.
  canvas.height = height;
  canvas.width = Math.ceil(head + words_px + pad * 2);
  const ink = ordered ? token('--go') : token('--ink-1');
  context.fillStyle = token('--bg-1');
  context.fillRect(0, 0, canvas.width, height);
  context.fillStyle = ink;
  context.fillRect(0, 0, head, height);
  context.strokeStyle = ink;
  context.lineWidth = RATIO;
  context.strokeRect(RATIO / 2, RATIO / 2, canvas.width - RATIO, height - RATIO);
  context.font = font;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  context.fillStyle = token('--bg-1');
  context.fillText(String(slot), head / 2, height / 2 + RATIO / 2);
  context.textAlign = 'left';
  context.fillStyle = token('--ink-1');
  context.fillText(text, head + pad, height / 2 + RATIO / 2);
  return context.getImageData(0, 0, canvas.width, height);
}
