/** What every page does first. */
import './look/tokens.css';
import './look/base.css';
import type { Board } from '../contract/types';
import { makeApi, type Api } from './api';
import { readBoot, type Boot } from './boot';
import { clock } from './clock.svelte';
import { Feed } from './feed.svelte';
import { prefs } from './prefs.svelte';
import { placeSprite } from './sprite';
import { Store } from './store.svelte';
import type { EarlyLine } from './wire';

export interface App {
  boot: Boot;
  api: Api;
  store: Store;
  feed: Feed;
}

/** Absolute address of the socket beside this page. */
export function socketUrl(path: string, here: Location = location): string {
  return `${here.protocol === 'https:' ? 'wss' : 'ws'}://${here.host}${path}`;
}

/** The session is over: say so on the sign-in page, and come back to this page afterwards. */
export function signInAgain(): void {
  location.assign(`/accounts/login/?ended=1&next=${encodeURIComponent(location.pathname)}`);
}

export interface BeginOptions {
  /** Connect the feed at once. */
  live?: boolean;
  onSignedOut?: () => void;
  /** Ask for the board by plain HTTP where no socket lives. */
  polls?: boolean;
  /** A line that the page opened already. */
  early?: EarlyLine | undefined;
}

/** Read the boot data, dress the page, make api, store and feed. The feed is connected unless `live` is false. */
export function begin({ live = true, onSignedOut = signInAgain, polls = false, early }: BeginOptions = {}): App {
  const boot = readBoot();
  prefs.begin(boot);
  placeSprite();
  // A kept page (an officer's, offline) may be old: only a scaled clock, which the device cannot guess, is taken from it.
  if (boot.clock.rate !== 1) clock.learn(boot.clock.at, boot.clock.rate);
  clock.begin();
  const store = new Store();
  const api = makeApi(boot.api, boot.csrf_header, boot.csrf_cookie);
  const feed = new Feed({ url: socketUrl(boot.ws), store, onSignedOut, early, ...(polls ? { askBoard: () => api.get<Board>('/board') } : {}) });
  if (live) feed.begin();
  return { boot, api, store, feed };
}
