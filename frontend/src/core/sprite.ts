/** Puts the symbol sprite into the page once, so that `<use href="#…">` works without a request. */
import symbols from './look/symbols.svg?raw';

/** The sprite's source text, for rasterising on the map. */
export const SPRITE: string = symbols;

export function placeSprite(): void {
  if (document.getElementById('sprite')) return;
  const holder = document.createElement('div');
  holder.id = 'sprite';
  holder.hidden = true;
  holder.innerHTML = symbols;
  document.body.prepend(holder);
}
