/** The map's two palettes: the floor is grey (design: look/map-style.js). */
import type { Theme } from '../core/prefs.svelte';

const dark = {
  land: '#12161a', block: '#171c21', blockLine: '#1b2127', water: '#0b1117', waterLine: '#1a242d', pier: '#161b20', park: '#141d1b',
  path: '#1c2228', service: '#1e242a', minor: '#262d34', mid: '#2d353d', major: '#38424b', motor: '#414c56', case: '#101317', rail: '#20272d',
  far: { minor: '#2d363f', mid: '#3a444e', major: '#475460', motor: '#54626f' },
  text: '#7f8a94', textMajor: '#93a0ab', place: '#67727c', halo: '#12161a', poi: '#6b7680', waterText: '#3f5566', house: '#6b7680', arrow: '#5d6872',
  bridge: '#0b0e11', tunnel: '#20262c', tie: '#262e35', plate: '#4a5560',
};
const day: typeof dark = {
  land: '#e9ebec', block: '#e1e4e6', blockLine: '#d8dcde', water: '#cfdbe2', waterLine: '#b9c8d1', pier: '#e3e5e6', park: '#dde6dc',
  path: '#dcdfe1', service: '#eceeef', minor: '#f6f7f7', mid: '#fbfbfb', major: '#ffffff', motor: '#ffffff', case: '#cfd4d8', rail: '#d3d8db',
  far: { minor: '#c4cbcf', mid: '#b3bbc1', major: '#a2acb3', motor: '#939ea6' },
  text: '#5d6770', textMajor: '#4b555d', place: '#7b868e', halo: '#f1f3f4', poi: '#6a757d', waterText: '#6f8a9a', house: '#6a757d', arrow: '#aab3b9',
  bridge: '#a9b2b9', tunnel: '#dde1e3', tie: '#c6ccd0', plate: '#a9b2b9',
};

export type Palette = typeof dark;
export const PALETTES: Record<Theme, Palette> = { dark, day };
